"""Pages of a review: the output that a person is asked next, by the rules in force about data."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.people import Actor, Role
from bot.domain.rounds import DrawnItem, Look, NextItem, Round
from bot.domain.shares import Share
from bot.domain.verdicts import Judgement
from bot.usecases.steps.outputs import to_judge_by, trigger_shown
from bot.usecases.steps.reviews import Review, require_open
from bot.usecases.steps.shares import items_of
from bot.usecases.steps.skips import NotJudged, not_judged
from store.unit_of_work import Work

HANDING_OUT: Final = WHO[Act.HAND_ITEMS] | {Role.OWNER_DELEGATE}


@dataclass(frozen=True, slots=True)
class Page:
    """The next output to answer; `done` of `total` are drafted, handing in follows the last.

    `place` counts from 0 among what this person sees. `held_by` is the reviewer who has it, where
    it is shown to whoever owes the round; `begun_by` whoever else has answered it and not handed it
    in. `may_hand_out` tells whether it may go to a reviewer,
    `has_before` whether they can look back to an answer; this page's own is `said`. `not_judged` is
    the word of a reviewer who had it and could not judge it. The answer holds for its `copies`,
    so many, as well. `trigger` says why it is asked besides the draw, as far as it may be told.
    """

    round: Round
    item: DrawnItem
    due_at: datetime
    is_overdue: bool
    done: int
    total: int
    is_last: bool
    look: Look
    is_link: bool
    place: int
    held_by: str = ""
    begun_by: str = ""
    may_hand_out: bool = False
    has_before: bool = False
    said: Judgement | None = None
    not_judged: NotJudged | None = None
    copies: int = 0
    trigger: str = ""


def first_page(work: Work, actor: Actor, review: Review) -> Page | None:
    """Give the first page that the person has not answered yet; refuse what has ended.

    None is given where all is answered and only the handing in is left: outputs were handed out.
    """
    require_open(review)
    return next_page(work, actor, review)


def next_page(work: Work, actor: Actor, review: Review) -> Page | None:
    if review.share:
        return _next_of_share(work, actor, review, review.share)
    round_ = review.round
    following = work.rounds.next_item(round_.workflow, round_.number, actor.user_id, review.look)
    return page_of(work, review, following, following.item.turn) if following else None


def _next_of_share(work: Work, actor: Actor, review: Review, share: Share) -> Page | None:
    items = items_of(work, share)
    waiting = [place for place, each in enumerate(items) if each.draft_by != actor.user_id]
    if not waiting:
        return None
    item = items[waiting[0]]
    copies = work.rounds.copies(share.workflow, share.round, review.look, item.position)
    following = NextItem(item, len(items) - len(waiting), len(items), copies)
    return page_of(work, review, following, waiting[0])


def page_of(work: Work, review: Review, following: NextItem, place: int) -> Page:
    """Give an output as a page without an answer, by the rules about data that are in force."""
    held = following.item.share if not review.share else 0
    is_owners = not review.share and review.look is Look.FIRST and review.role in HANDING_OUT
    shown = to_judge_by(work, review.workflow, review.round, following.item.output)
    return Page(
        round=review.round,
        due_at=review.obligation.due_at,
        is_overdue=review.obligation.is_overdue(work.now),
        # Another's draft is not for them.
        item=replace(following.item, output=shown.output, draft=None, draft_by=""),
        done=following.drafted,
        total=following.drawn,
        is_last=following.drafted == following.drawn - 1,
        look=review.look,
        is_link=shown.is_link,
        place=place,
        held_by=work.shares.get(review.workflow.key, held).reviewer if held else "",
        begun_by="" if held else following.item.draft_by,
        may_hand_out=is_owners and not held,
        has_before=following.drafted > 0,
        not_judged=not_judged(work, review.round, following.item) if is_owners else None,
        copies=following.copies,
        trigger=trigger_shown(work, review.round, following.item),
    )
