"""The gate: moved, on record and in sight of everybody."""

from dataclasses import replace

from bot.domain.gate import Gate, GateState, tightened
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.resume import RequestState
from bot.usecases.steps.breaches import tell_breach
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end_if_open
from store.unit_of_work import Work

_OWED_FOR_BREACHES = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)


def move_gate(
    work: Work,
    workflow: Workflow,
    to: GateState,
    cause: str,
    role: str = "",
    reason: str = "",
) -> Workflow:
    """Set the gate, on record and in the channel; give the workflow as it is then."""
    seq = work.record(
        Kind.GATE_CHANGED,
        workflow.name,
        {
            "workflow": workflow.key,
            "from": workflow.gate.state,
            "to": to,
            "cause": cause,
        },
        words={"reason": reason} if reason else None,
        role=role,
        policy=workflow.policy,
    )
    moved = replace(workflow, gate=Gate(to, work.now, seq))
    work.workflows.save(moved)
    work.board_changed()
    if to is not GateState.RUN or workflow.gate.state is not GateState.NOT_READY:
        tell_channel(work, MessageKind.GATE_NOTICE, moved, seq, seq)
    _tell_breaches(work, moved)
    return moved


def supersede_request(work: Work, workflow: Workflow, because: int | None = None) -> None:
    """End an open request to resume, on record: what it asked for is no longer the question."""
    request = work.requests.last(workflow.key)
    if request is None or request.state is not RequestState.OPEN:
        return
    work.requests.save(replace(request, state=RequestState.SUPERSEDED))
    owed_id = obligation_id(ObligationKind.CONFIRM, workflow.key, request.number)
    end_if_open(work, owed_id, ObligationState.SUPERSEDED, because=because)


def tighten_gate(
    work: Work, workflow: Workflow, wanted: GateState, cause: str, role: str = "", reason: str = ""
) -> Workflow:
    """Make the gate at least this strict; nothing happens if it is already."""
    if tightened(workflow.gate.state, wanted) is workflow.gate.state:
        return workflow
    return move_gate(work, workflow, wanted, cause, role, reason)


def _tell_breaches(work: Work, workflow: Workflow) -> None:
    """Bring the cards of breaches up to date: they show the gate and may offer to close it."""
    owed = {
        each.subject: each.id
        for each in work.obligations.open_of_workflow(workflow.key)
        if each.kind in _OWED_FOR_BREACHES
    }
    for breach in work.breaches.not_closed(workflow.key):
        tell_breach(work, workflow, breach, owed.get(breach.number, ""))
