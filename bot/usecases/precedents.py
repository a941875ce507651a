"""Read-only: how outputs like the one on a page were corrected before, for who is to judge it."""

from bot.domain.people import Actor
from bot.domain.refusals import Refused
from bot.domain.rounds import Look, RoundState
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.answers import with_words
from bot.usecases.steps.outputs import is_hidden, to_show
from bot.usecases.steps.reviews import Review, require_open, review_for, share_for
from store.unit_of_work import Work

MOST = 5


def precedents(
    deps: Deps, actor: Actor, look: Look, key: str, number: int, position: int
) -> views.PrecedentsPage:
    """Give the newest corrections in closed rounds of the category of an output under review.

    Only whoever is to judge it is shown them; nothing of the round itself is among them.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        return _page(work, review_for(work, deps.circle, actor, look, key, number), position)


def precedents_in_share(
    deps: Deps, actor: Actor, key: str, number: int, position: int
) -> views.PrecedentsPage:
    """Give the same to the reviewer who has the share of this number."""
    with deps.store.begin(deps.workspace, actor) as work:
        return _page(work, share_for(work, deps.circle, actor, key, number), position)


def _page(work: Work, review: Review, position: int) -> views.PrecedentsPage:
    require_open(review)
    round_ = review.round
    item = work.rounds.item(round_.workflow, round_.number, position, review.look)
    if item is None or (review.share and item.share != review.share.number):
        raise Refused("not handed to you", "This output is not with you any more.", on=round_.name)
    if is_hidden(work, round_):
        sentence = "What earlier outputs of this category were said to be is hidden by the policy."
        raise Refused("hidden by policy", sentence, on=round_.name)
    category = item.output.category
    found = work.rounds.corrected(round_.workflow, category, MOST)
    shown = tuple(_precedent(work, review, number, position) for number, position in found)
    return views.PrecedentsPage(round_.workflow, category, shown)


def _precedent(work: Work, review: Review, number: int, position: int) -> views.Precedent:
    key = review.workflow.key
    earlier, item = work.rounds.get(key, number), work.rounds.item(key, number, position)
    if earlier.state is not RoundState.CLOSED or item is None or item.verdict is None:
        raise LookupError(f"{earlier.name} has no verdict on item {position}")
    leaves = to_show(work, review.workflow, earlier, item.output)
    correction = with_words(work, item, item.verdict).correction
    return views.Precedent(number, leaves.output, leaves.is_link, correction)
