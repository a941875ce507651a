"""Read-only: what the cards and requests of rounds show, as of now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from bot.domain.evidence import (
    Result,
    best_bound,
    judged_besides,
    judged_later,
    rate_bound,
    worst_rate,
)
from bot.domain.grades import speaks_against
from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import Obligation, ObligationKind, ObligationState, obligation_id
from bot.domain.policy import Policy
from bot.domain.rounds import DrawnItem, Look, Round, RoundState
from bot.domain.second_looks import looked_at_twice
from bot.domain.series import category_of
from bot.domain.skips import skippers
from bot.rendering import views
from bot.usecases.steps.looks import both_looks, differences
from bot.usecases.steps.proofs import brought_by, held_by, next_of, proof_of
from bot.usecases.steps.proving import said_to_prove
from bot.usecases.steps.results import result_in
from bot.usecases.steps.series import stood_since
from bot.usecases.steps.skips import to_judge
from store.reading import Reading

_Asked = TypeVar("_Asked", bound=views.RoundRequest)


def _round_card(reading: Reading, message: Message) -> views.RoundCard:
    workflow = reading.workflows.get(message.workflow)
    round_ = reading.rounds.get(message.workflow, message.subject)
    policy = reading.workflows.policy(workflow.key, round_.policy)
    owed = reading.obligations.find(
        obligation_id(ObligationKind.REVIEW, workflow.key, round_.number)
    )
    items = reading.rounds.items(workflow.key, round_.number)
    waiting_for = owed if owed and owed.is_open else None
    is_closed = round_.state is RoundState.CLOSED
    result = result_in(reading, round_, policy, items) if is_closed else None
    has_evidence = result is not None and result.drawn > 0
    triggered = reading.rounds.triggered(workflow.key, round_.number)
    skipped, waiting = _skipped(reading, round_, owed)
    is_against = _speaks_against(round_, result, policy)
    return views.RoundCard(
        workflow=workflow.key,
        number=round_.number,
        state=round_.state,
        owner=workflow.roles.owner,
        commitment=round_.commitment,
        period_end=round_.drawn_at or round_.period_end,
        population=round_.population,
        sample=len(items),
        due_at=owed.due_at if owed else None,
        seed=round_.seed,
        result=result,
        grade=round_.grade,
        limit_bp=policy.limit_bp,
        worst_rate=worst_rate(result) if result and has_evidence else None,
        upper_bound=rate_bound(result) if result and has_evidence else None,
        best_bound=best_bound(result) if result and has_evidence else None,
        is_answerable=waiting_for is not None,
        is_unrevealed=round_.state is RoundState.CLOSED and not round_.seed,
        looks=_two_looks(reading, round_),
        proof=proof_of(reading, message.entry),
        later=judged_later(items, policy),
        skipped=skipped,
        unjudged=waiting,
        planned=round_.sample,
        usual=round_.usual,
        tightened_by=round_.tightened_by,
        points_to=round_.points_to,
        category=category_of(round_.points_to),
        baseline_bp=round_.baseline_bp,
        speaks_against=is_against,
        stood_since=stood_since(reading, round_) if is_against else 0,
        copies=sum(each.is_copy for each in items),
        triggered=len(triggered),
        besides=judged_besides(triggered if result else (), policy),
        cut_from=round_.cut_from,
        floor_by=policy.floor_by,
        to_prove=said_to_prove(reading, round_, policy),
        held=held_by(reading, waiting_for) if waiting_for else None,
        has_left=workflow.roles.owner in reading.people.gone(),
        is_overdue=waiting_for is not None and waiting_for.is_overdue(reading.now),
    )


def _speaks_against(round_: Round, result: Result | None, policy: Policy) -> bool:
    about = round_.points_to
    if not about or result is None or not result.judged:
        return False
    return speaks_against(about, result, policy.limit_bp, round_.baseline_bp)


def _skipped(reading: Reading, round_: Round, owed: Obligation | None) -> tuple[int, int]:
    """Count what could not be judged of a round that is handed in, and what of it waits."""
    if owed is None or owed.state is not ObligationState.ANSWERED:
        return 0, 0
    skipped = _skipped_items(reading, round_.workflow, round_.number)
    waiting = to_judge(reading, round_.workflow, round_.number) if skipped else ()
    return sum(not each.verdict for each in skipped), len(waiting)


def _skipped_items(reading: Reading, workflow: str, number: int) -> tuple[DrawnItem, ...]:
    """Give what somebody could not judge and nobody has judged in time."""
    skipped = skippers(reading.skips.of_round(workflow, number))
    items = reading.rounds.items(workflow, number) if skipped else ()
    return tuple(
        each
        for each in items
        if each.output.output_id in skipped and (each.verdict is None or each.is_late)
    )


def _two_looks(reading: Reading, round_: Round) -> views.TwoLooks:
    name = obligation_id(ObligationKind.SECOND_REVIEW, round_.workflow, round_.number)
    if reading.obligations.find(name) is None:
        return views.TwoLooks()
    first, second = both_looks(reading, round_)
    return views.TwoLooks(
        asked=len(second),
        given=looked_at_twice(first, second),
        disagreed=len(differences(reading, round_)),
        settled=len(reading.settlements.of_round(round_.workflow, round_.number)),
    )


def _review_request(reading: Reading, message: Message) -> views.ReviewRequest:
    items = reading.rounds.asked(message.workflow, message.subject)
    done = sum(1 for item in items if item.verdict)
    kind = ObligationKind.REVIEW
    asked = _asked(views.ReviewRequest, kind, reading, message, len(items), done)
    round_ = reading.rounds.get(message.workflow, message.subject)
    drawn = reading.rounds.items(message.workflow, message.subject)
    return replace(
        asked,
        usual=round_.usual,
        tightened_by=round_.tightened_by,
        copies=sum(each.is_copy for each in drawn),
        triggered=sum(bool(each.trigger) for each in items),
    )


def _second_request(reading: Reading, message: Message) -> views.SecondRequest:
    items = reading.rounds.items(message.workflow, message.subject, Look.SECOND)
    done = sum(1 for item in items if item.verdict)
    kind = ObligationKind.SECOND_REVIEW
    return _asked(views.SecondRequest, kind, reading, message, len(items), done)


def _settle_request(reading: Reading, message: Message) -> views.SettleRequest:
    round_ = reading.rounds.get(message.workflow, message.subject)
    found = len(differences(reading, round_))
    done = len(reading.settlements.of_round(message.workflow, message.subject))
    return _asked(views.SettleRequest, ObligationKind.SETTLE, reading, message, found, done)


def _judge_request(reading: Reading, message: Message) -> views.JudgeRequest:
    waiting = len(to_judge(reading, message.workflow, message.subject))
    skipped = _skipped_items(reading, message.workflow, message.subject)
    asked = sum(not each.is_copy for each in skipped)
    kind = ObligationKind.JUDGE
    return _asked(views.JudgeRequest, kind, reading, message, asked, asked - waiting)


def _asked(
    view: type[_Asked],
    kind: ObligationKind,
    reading: Reading,
    message: Message,
    items: int,
    done: int,
) -> _Asked:
    owed = reading.obligations.get(obligation_id(kind, message.workflow, message.subject))
    return view(
        workflow=message.workflow,
        number=message.subject,
        items=items,
        done=done,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        brought=brought_by(reading, owed),
        is_overdue=owed.is_overdue(reading.now),
    )


VIEWS: Final[dict[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.ROUND_CARD: _round_card,
    MessageKind.REVIEW_REQUEST: _review_request,
    MessageKind.SECOND_REQUEST: _second_request,
    MessageKind.SETTLE_REQUEST: _settle_request,
    MessageKind.JUDGE_REQUEST: _judge_request,
}
