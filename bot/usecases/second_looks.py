"""A second person answers a tenth of a round's outputs, blind, and hands that in."""

from dataclasses import dataclass, replace

from bot.domain.messages import MessageKind
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.rounds import Look, Round, RoundState
from bot.usecases import Deps
from bot.usecases.steps.answers import PageAnswer, keep_page
from bot.usecases.steps.giving import give_verdicts, open_critical
from bot.usecases.steps.looks import ask_to_settle, leave_first_look
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.pages import Page, first_page
from bot.usecases.steps.reviews import Review, review_for
from bot.usecases.steps.shares import tell_of_second_look
from bot.usecases.steps.skips import skips_by
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """A second look that is handed in. It says nothing of the first, which may be still to come.

    `skipped` of its outputs could not be judged: nothing is asked about these.
    """

    round: Round
    outputs: int
    breach: int | None
    receipt: Proof
    skipped: int = 0


def open_second_look(deps: Deps, actor: Actor, key: str, number: int) -> Page:
    """Give the first output of a second look that the person has not answered yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.SECOND, key, number)
        page = first_page(work, actor, review)
    if page is None:
        raise LookupError(f"{review.obligation.id} is open and has no open item")
    return page


def answer_second_page(deps: Deps, actor: Actor, said: PageAnswer) -> Page | LookedAgain:
    """Keep one page as a draft; the answer to the last open page hands the second look in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that
    does not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.SECOND, said.workflow, said.number)
        outcome = keep_page(work, actor, review, said).page or _hand_in(deps, work, actor, review)
    if isinstance(outcome, LookedAgain):
        return replace(outcome, receipt=work.receipt)
    return outcome


def _hand_in(deps: Deps, work: Work, actor: Actor, review: Review) -> LookedAgain:
    if not review.obligation.is_open:
        return _looked_again(work, actor, review, None)
    judged = give_verdicts(work, actor, review)
    end(work, review.obligation, role=review.role)
    leave_first_look(work, review.workflow, review.round)
    breach = open_critical(work, review, judged)
    tell_of_second_look(work, review.workflow, review.round.number, work.last_number)
    ask_to_settle(work, deps.circle, review.workflow, review.round)
    if review.round.state is RoundState.CLOSED:
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, review.workflow, review.round.number, work.last_number)
    return _looked_again(work, actor, review, breach.number if breach else None)


def _looked_again(work: Work, actor: Actor, review: Review, breach: int | None) -> LookedAgain:
    key, number = review.workflow.key, review.round.number
    outputs = len(work.rounds.items(key, number, Look.SECOND))
    skipped = skips_by(work, key, number, Look.SECOND, actor.user_id)
    return LookedAgain(review.round, outputs - skipped, breach, work.receipt, skipped)
