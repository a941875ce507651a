"""An owner answers a sampling prompt: page by page as drafts, then handed in as verdicts."""

from dataclasses import dataclass, replace

from bot.domain.evidence import Grade, Result, grade, result_of
from bot.domain.messages import MessageKind
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.rounds import DrawnItem, Look, Round, RoundState
from bot.usecases import Deps, closing
from bot.usecases.steps.answers import (
    Page,
    PageAnswer,
    Review,
    first_page,
    give_verdicts,
    keep_page,
    open_critical,
    review_for,
)
from bot.usecases.steps.looks import ask_to_settle, pass_second_look_on
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What handing in a round has brought. A late one changes no figure of the closed round."""

    round: Round
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    receipt: Proof


def open_review(deps: Deps, actor: Actor, key: str, number: int) -> Page:
    """Give the first output of a round that the person has not answered yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.FIRST, key, number)
        page = first_page(work, actor, review)
    return page


def answer_page(deps: Deps, actor: Actor, said: PageAnswer) -> Page | HandedIn:
    """Keep one page as a draft; the answer to the last open page hands the whole round in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that
    does not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.FIRST, said.workflow, said.number)
        page = keep_page(work, actor, review, said)
        if review.obligation.is_open and actor.user_id != review.workflow.roles.owner:
            pass_second_look_on(work, actor, review.round)
        outcome = page or _hand_in(deps, work, actor, review)
    if isinstance(outcome, HandedIn):
        return replace(outcome, receipt=work.receipt)
    return outcome


def _hand_in(deps: Deps, work: Work, actor: Actor, review: Review) -> HandedIn:
    if not review.obligation.is_open:
        items = work.rounds.items(review.workflow.key, review.round.number)
        return _handed_in(work, review, items, None)
    is_late = review.round.state is RoundState.CLOSED
    judged = give_verdicts(work, actor, review, is_late=is_late)
    end(work, review.obligation, role=review.role)
    breach = open_critical(work, review, judged)
    ask_to_settle(work, deps.circle, review.workflow, review.round)
    if not is_late:
        closing.close_round(work, review.workflow, review.round, review.role)
    else:
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, review.workflow, review.round.number, work.last_number)
    return _handed_in(work, review, judged, breach.number if breach else None)


def _handed_in(
    work: Work, review: Review, items: tuple[DrawnItem, ...], breach: int | None
) -> HandedIn:
    policy = work.workflows.policy(review.workflow.key, review.round.policy)
    sizes = work.outputs.sizes(review.workflow.key, review.round.number)
    result = result_of(items, policy, sizes)
    is_late = any(item.is_late for item in items)
    graded = None if is_late else grade(result, policy.limit_bp)
    return HandedIn(review.round, result, graded, is_late, breach, work.receipt)
