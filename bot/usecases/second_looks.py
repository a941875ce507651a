"""A second person answers a tenth of a round's outputs, blind, and hands that in."""

from dataclasses import dataclass, replace

from bot.domain.authority import Act, authorise
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.refusals import Refused
from bot.domain.registry import roles_of
from bot.domain.rounds import DrawnItem, Look, Round, RoundState
from bot.domain.verdicts import Judgement
from bot.usecases import Deps
from bot.usecases.steps.answers import (
    Page,
    PageAnswer,
    Review,
    give_verdicts,
    is_same,
    item_at,
    keep_draft,
    next_page,
    open_critical,
    require_sound,
)
from bot.usecases.steps.independence import require_independent
from bot.usecases.steps.looks import ask_to_settle
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """A second look that is handed in. It says nothing of the first, which may be still to come."""

    round: Round
    outputs: int
    breach: int | None
    receipt: Proof


def open_second_look(deps: Deps, actor: Actor, key: str, number: int) -> Page:
    """Give the first output of a second look that the person has not answered yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, key, number)
        _require_open(review)
        page = next_page(work, actor, review)
        if page is None:
            raise LookupError(f"{review.obligation.id} is open and has no open item")
    return page


def answer_second_page(deps: Deps, actor: Actor, said: PageAnswer) -> Page | LookedAgain:
    """Keep one page as a draft; the answer to the last open page hands the second look in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that
    does not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, said.workflow, said.number)
        require_sound(said.judgement)
        item = item_at(work, review, said.position)
        outcome: Page | LookedAgain
        if review.obligation.is_open:
            keep_draft(work, actor, review, item, said.judgement)
            outcome = next_page(work, actor, review) or _hand_in(deps, work, actor, review)
        else:
            outcome = _answered_before(work, actor, review, item, said.judgement)
    if isinstance(outcome, LookedAgain):
        return replace(outcome, receipt=work.receipt)
    return outcome


def _review(deps: Deps, work: Work, actor: Actor, key: str, number: int) -> Review:
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(ObligationKind.SECOND_REVIEW, key, number))
    if round_ is None or owed is None:
        raise Refused(
            "no second look", f"Nobody is asked for a second look at round {number} of {key}."
        )
    role = authorise(
        Act.SECOND_REVIEW,
        actor,
        roles_of(actor, deps.circle, workflow),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
    )
    require_independent(work, actor, workflow, owed, round_.name)
    return Review(workflow, round_, owed, role, Look.SECOND)


def _require_open(review: Review) -> None:
    if review.obligation.is_open:
        return
    what = f"The second look at round {review.round.number} of {review.workflow.key}"
    is_answered = review.obligation.state is ObligationState.ANSWERED
    raise Refused(
        "second look already ended",
        f"{what} was handed in already." if is_answered else f"{what} is not owed any more.",
        on=review.round.name,
    )


def _hand_in(deps: Deps, work: Work, actor: Actor, review: Review) -> LookedAgain:
    judged = give_verdicts(work, actor, review)
    end(work, review.obligation, role=review.role)
    breach = open_critical(work, review, judged)
    ask_to_settle(work, deps.circle, review.workflow, review.round)
    if review.round.state is RoundState.CLOSED:
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, review.workflow, review.round.number, work.last_number)
    return LookedAgain(review.round, len(judged), breach.number if breach else None, work.receipt)


def _answered_before(
    work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement
) -> LookedAgain:
    if item.judged_by != actor.user_id or not is_same(work, item, item.verdict, said):
        _require_open(review)
    items = work.rounds.items(review.workflow.key, review.round.number, Look.SECOND)
    return LookedAgain(review.round, len(items), None, work.receipt)
