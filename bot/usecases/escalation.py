"""Silence climbs: one rung of one obligation a transaction, on record, with what it brings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Climb, climb
from bot.domain.gate import GateState
from bot.domain.messages import MessageKind
from bot.domain.moments import utc_text
from bot.domain.obligations import Obligation, ObligationKind, ObligationState
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.requests import RequestState
from bot.domain.rounds import RoundState
from bot.usecases import DUE_AT_ONCE, Deps, closing
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.gate import tighten_gate
from bot.usecases.steps.messages import card_case, tell_channel, tell_person, told_of_next
from bot.usecases.steps.obligations import end, policy_under
from bot.usecases.steps.owners import brings_stop, see_to_owner
from bot.usecases.steps.proposals import lapse_handover
from bot.usecases.steps.stand_ins import presence_for
from store.reading import Reading
from store.unit_of_work import Work

# Where the case file of each kind of obligation is: the channel message whose thread hears of it.
CASE_OF = {
    ObligationKind.ACCEPT: MessageKind.ACCEPT_REQUEST,
    ObligationKind.REVIEW: MessageKind.ROUND_CARD,
    ObligationKind.SECOND_REVIEW: MessageKind.ROUND_CARD,
    ObligationKind.SETTLE: MessageKind.ROUND_CARD,
    ObligationKind.JUDGE: MessageKind.ROUND_CARD,
    ObligationKind.ACKNOWLEDGE: MessageKind.BREACH_CARD,
    ObligationKind.DECIDE: MessageKind.BREACH_CARD,
    ObligationKind.CARRY_OUT: MessageKind.BREACH_CARD,
    ObligationKind.CONFIRM: MessageKind.REQUEST,
    ObligationKind.HAND_OVER: MessageKind.OWNER_NEEDED,
    ObligationKind.TAKE_OVER: MessageKind.HANDOVER_REQUEST,
    ObligationKind.ATTEST: MessageKind.ATTEST_REQUEST,
    ObligationKind.DRILL: MessageKind.DRILL_REQUEST,
}

_ABOUT_ROUNDS = frozenset(kind for kind, case in CASE_OF.items() if case is MessageKind.ROUND_CARD)

_LAPSED = {
    ObligationKind.CONFIRM: "The request has lapsed; nothing changes.",
    ObligationKind.TAKE_OVER: "The proposal has lapsed; nothing changes.",
}
_LEFT_UNDONE = {ObligationKind.ACKNOWLEDGE: "acknowledged", ObligationKind.DECIDE: "decided"}


def obligations_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the obligations whose next rung is due, the longest waiting first."""
    return reading.obligations.due_to_climb(now, DUE_AT_ONCE)


def climb_obligation(deps: Deps, obligation_id: str) -> bool:
    """Take the next rung of an obligation if it is due; tell whether it was.

    Somebody may have answered since it was found due: then nothing happens.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        owed = work.obligations.get(obligation_id)
        workflow = work.workflows.get(owed.workflow)
        step = climb(
            owed,
            workflow.roles,
            deps.circle,
            presence_for(work, workflow, owed),
            work.now,
            policy_under(work, owed).working,
        )
        if step:
            _take(work, workflow, step)
    return step is not None


def _take(work: Work, workflow: Workflow, step: Climb) -> None:
    work.obligations.save(step.obligation)
    told = told_of_next(work, step.obligation.id)
    brought = _bring(work, workflow, step)
    seq = _record(work, workflow, step, brought)
    if step.consequence.lapses:
        _lapse(work, workflow, step.obligation)
    _tell(work, workflow, step, seq)
    work.outbox.refresh_told(step.obligation.id, told)


def _record(work: Work, workflow: Workflow, step: Climb, brought: str) -> int:
    owed = step.obligation
    return work.record(
        Kind.OBLIGATION_CLIMBED,
        f"obligation/{owed.id}",
        {
            "obligation": owed.id,
            "workflow": owed.workflow,
            "kind": owed.kind,
            "rung": step.rung,
            "repeats": owed.repeats,
            "coalesced": step.coalesced,
            "passed": step.passed,
            "late_seconds": int(step.late.total_seconds()),
            "consequence": brought,
            "absences": sorted(
                each.number
                for each in work.absences.in_force(work.now)
                if each.person in step.absent
            ),
        },
        words=_named(asked=step.asked, away=step.absent),
        policy=workflow.policy,
    )


def _named(**people: Sequence[str]) -> dict[str, str]:
    return {fact: " ".join(named) for fact, named in people.items() if named}


def _tell(work: Work, workflow: Workflow, step: Climb, seq: int) -> None:
    owed = step.obligation
    kind = MessageKind.REMINDER
    for user_id in step.asked:
        tell_person(work, kind, user_id, workflow, owed.subject, seq, owed.id)
    if step.in_thread:
        thread = card_case(CASE_OF[owed.kind], workflow, owed.subject)
        tell_channel(work, kind, workflow, owed.subject, seq, owed.id, thread)
    work.outbox.refresh_cards(owed.id, seq)


def _bring(work: Work, workflow: Workflow, step: Climb) -> str:
    """Apply what silence on the last rung brings and say it in words, empty if that is nothing."""
    owed = step.obligation
    brings = step.consequence
    if brings.lapses:
        return _LAPSED[owed.kind]
    if brings.gate:
        moved = tighten_gate(work, workflow, _wanted(work, workflow, step), _cause(owed))
        state = moved.gate.state.replace("_", " ")
        return "" if moved is workflow else f"The gate was set to {state}."
    if brings.breach is None:
        return ""
    if owed.kind is ObligationKind.REVIEW:
        _close_unanswered(work, workflow, owed)
    breach = open_breach(
        work,
        workflow,
        brings.breach,
        _detail(owed),
        {"obligation": owed.id},
        owed.subject if owed.kind in _ABOUT_ROUNDS else None,
    )
    return f"Breach {breach.number} was opened." if breach else ""


def _wanted(work: Work, workflow: Workflow, step: Climb) -> GateState:
    """Give the gate that silence brings: where nobody is left to name an owner, a stop."""
    if brings_stop(work, workflow, step.obligation):
        return GateState.PAUSED
    return step.consequence.gate or workflow.gate.state


def _cause(owed: Obligation) -> str:
    match owed.kind:
        case ObligationKind.HAND_OVER:
            return "its owner has left and nobody has named another"
        case ObligationKind.ATTEST:
            return "its owner has not said that all is right still"
        case kind:
            return f"breach {owed.subject} was not {_LEFT_UNDONE[kind]}"


def _detail(owed: Obligation) -> str:
    due = utc_text(owed.due_at)
    match owed.kind:
        case ObligationKind.REVIEW:
            return f"Nobody answered round {owed.subject}, due {due}."
        case ObligationKind.SECOND_REVIEW:
            return f"Nobody took the second look at round {owed.subject}, due {due}."
        case ObligationKind.SETTLE:
            return f"Nobody settled where the two looks at round {owed.subject} differ, due {due}."
        case ObligationKind.JUDGE:
            return f"Nobody judged what could not be judged in round {owed.subject}, due {due}."
        case ObligationKind.DRILL:
            return f"Drill {owed.subject} was to be held by {due} and was not."
        case _:
            what = f"The decision on breach {owed.subject}"
            return f"{what} was to be carried out by {due} and was not."


def _close_unanswered(work: Work, workflow: Workflow, owed: Obligation) -> None:
    round_ = work.rounds.get(workflow.key, owed.subject)
    if round_.state is RoundState.DRAWN:
        closing.close_round(work, workflow, round_)


def _lapse(work: Work, workflow: Workflow, owed: Obligation) -> None:
    """End what nobody answered: all stays as it is, and who asked for it is told."""
    if owed.kind is ObligationKind.TAKE_OVER:
        asked_by = lapse_handover(work, workflow, owed.subject)
        end(work, owed, ObligationState.LAPSED)
        _tell_asker(work, workflow, owed, asked_by)
        see_to_owner(work, workflow)
        return
    request = work.requests.get(owed.workflow, owed.subject)
    if request.is_open:
        work.requests.save(replace(request, state=RequestState.LAPSED))
    end(work, owed, ObligationState.LAPSED)
    _tell_asker(work, workflow, owed, request.requested_by)


def _tell_asker(work: Work, workflow: Workflow, owed: Obligation, asked_by: str) -> None:
    if work.people.is_member(asked_by):
        kind = CASE_OF[owed.kind]
        tell_person(work, kind, asked_by, workflow, owed.subject, work.last_number)
