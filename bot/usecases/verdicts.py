"""An owner answers a sampling prompt: page by page as drafts, then handed in as verdicts."""

from dataclasses import dataclass, replace

from bot.domain.authority import Act, authorise
from bot.domain.escalation import roles_reached
from bot.domain.evidence import Grade, Result, grade, result_of
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.refusals import Refused
from bot.domain.registry import roles_of
from bot.domain.rounds import DrawnItem, Look, Round, RoundState
from bot.domain.verdicts import Judgement
from bot.usecases import Deps, closing
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
from bot.usecases.steps.looks import ask_to_settle, pass_second_look_on
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.workflows import workflow_for
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
        review = _review(deps, work, actor, key, number)
        _require_unanswered(review)
        page = next_page(work, actor, review)
        if page is None:
            raise LookupError(f"{review.round.name} is open and has no open item")
    return page


def answer_page(deps: Deps, actor: Actor, said: PageAnswer) -> Page | HandedIn:
    """Keep one page as a draft; the answer to the last open page hands the whole round in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that
    does not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, said.workflow, said.number)
        require_sound(said.judgement)
        item = item_at(work, review, said.position)
        outcome: Page | HandedIn
        if review.obligation.is_open:
            outcome = _answer(deps, work, actor, review, item, said.judgement)
        else:
            outcome = _answered_before(work, actor, review, item, said.judgement)
    if isinstance(outcome, HandedIn):
        return replace(outcome, receipt=work.receipt)
    return outcome


def _review(deps: Deps, work: Work, actor: Actor, key: str, number: int) -> Review:
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(ObligationKind.REVIEW, key, number))
    if round_ is None or owed is None:
        raise Refused("nothing to review", f"There is no round {number} of {key} to review.")
    role = authorise(
        Act.REVIEW,
        actor,
        roles_of(actor, deps.circle, workflow),
        on=round_.name,
        also=roles_reached(owed),
    )
    require_independent(work, actor, workflow, owed, round_.name)
    return Review(workflow, round_, owed, role, Look.FIRST)


def _require_unanswered(review: Review) -> None:
    if not review.obligation.is_open:
        raise Refused(
            "round already answered",
            f"Round {review.round.number} of {review.workflow.key} was handed in already.",
            on=review.round.name,
        )


def _answer(
    deps: Deps, work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement
) -> Page | HandedIn:
    keep_draft(work, actor, review, item, said)
    if actor.user_id != review.workflow.roles.owner:
        pass_second_look_on(work, actor, review.round)
    return next_page(work, actor, review) or _hand_in(deps, work, actor, review)


def _hand_in(deps: Deps, work: Work, actor: Actor, review: Review) -> HandedIn:
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


def _answered_before(
    work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement
) -> HandedIn:
    if item.judged_by != actor.user_id or not is_same(work, item, item.verdict, said):
        _require_unanswered(review)
    items = work.rounds.items(review.workflow.key, review.round.number)
    return _handed_in(work, review, items, None)


def _handed_in(
    work: Work, review: Review, items: tuple[DrawnItem, ...], breach: int | None
) -> HandedIn:
    policy = work.workflows.policy(review.workflow.key, review.round.policy)
    sizes = work.outputs.sizes(review.workflow.key, review.round.number)
    result = result_of(items, policy, sizes)
    is_late = any(item.is_late for item in items)
    graded = None if is_late else grade(result, policy.limit_bp)
    return HandedIn(review.round, result, graded, is_late, breach, work.receipt)
