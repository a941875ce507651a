"""An answered page is shown again before it is handed in: whoever erred can say it anew."""

from dataclasses import replace

from bot.domain.people import Actor
from bot.domain.refusals import Refused
from bot.domain.rounds import DrawnItem, Look, NextItem
from bot.usecases import Deps
from bot.usecases.steps.answers import with_words
from bot.usecases.steps.pages import Page, page_of
from bot.usecases.steps.reviews import Review, require_open, review_for, share_for
from store.unit_of_work import Work


def look_back(deps: Deps, actor: Actor, look: Look, key: str, number: int, position: int) -> Page:
    """Give the page that this person answered before the one at this place, as they answered it.

    Before a page without an answer it is the last of theirs. Another's answers are not for them.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, look, key, number)
        page = _page_before(work, actor, review, position)
    return page


def look_back_in_share(deps: Deps, actor: Actor, key: str, number: int, position: int) -> Page:
    """Give the same of a share, which has this number, to the reviewer who has it."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = share_for(work, deps.circle, actor, key, number)
        page = _page_before(work, actor, review, position)
    return page


def _page_before(work: Work, actor: Actor, review: Review, position: int) -> Page:
    require_open(review)
    items = _items(work, review)
    mine = [each for each in items if each.verdict is None and each.draft_by == actor.user_id]
    places = [each.position for each in mine]
    before = mine[: places.index(position)] if position in places else mine
    if not before:
        raise Refused(
            "nothing answered before",
            "You have answered no output before this one: answer it, then you can come back to it.",
            on=review.round.name,
        )
    return _answered(work, review, items, before)


def _items(work: Work, review: Review) -> tuple[DrawnItem, ...]:
    items = work.rounds.asked(review.round.workflow, review.round.number, review.look)
    if review.share is None:
        return items
    return tuple(each for each in items if each.share == review.share.number)


def _answered(
    work: Work, review: Review, items: tuple[DrawnItem, ...], before: list[DrawnItem]
) -> Page:
    item = before[-1]
    done = sum(bool(each.verdict or each.draft_by == item.draft_by) for each in items)
    place = items.index(item) if review.share else item.turn
    round_ = review.round
    copies = work.rounds.copies(round_.workflow, round_.number, review.look, item.position)
    page = page_of(work, review, NextItem(item, done, len(items), copies), place)
    said = with_words(work, item, item.draft) if item.draft else None
    return replace(page, begun_by="", is_last=False, has_before=len(before) > 1, said=said)
