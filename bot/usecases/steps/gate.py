"""The gate: moved, on record and in sight of everybody."""

from dataclasses import replace

from bot.domain.drills import OVER, Drill, DrillState
from bot.domain.escalation import may_close_gate
from bot.domain.gate import Gate, GateState, is_stricter, tightened
from bot.domain.measurements import OWING
from bot.domain.messages import MessageKind
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.breaches import tell_breaches
from bot.usecases.steps.drills import end_unmeasured, gate_in_earnest, put_off_drill
from bot.usecases.steps.measurements import await_anew
from bot.usecases.steps.messages import tell_channel, told_of_next
from store.unit_of_work import Work


def move_gate(
    work: Work,
    workflow: Workflow,
    to: GateState,
    cause: str,
    role: str = "",
    reason: str = "",
    *,
    prior: int | None = None,
    is_drill: bool = False,
) -> Workflow:
    """Set the gate, on record and in the channel; give the workflow as it is then.

    `is_drill`: it moves for a drill or back from one, so what is to be measured stays as it was.
    """
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
        prior=prior,
    )
    moved = replace(workflow, gate=Gate(to, work.now, seq))
    work.workflows.save(moved)
    work.put_on_board(moved.key)
    if to is not GateState.RUN or workflow.gate.state is not GateState.NOT_READY:
        tell_channel(work, MessageKind.GATE_NOTICE, moved, seq, seq)
    # The cards of breaches show the gate, and may offer to close it.
    tell_breaches(work, moved, work.breaches.not_closed(workflow.key))
    if is_drill:
        return moved
    _show_what_silence_brings(work, moved)
    if (moved.gate.state in OWING) is not (workflow.gate.state in OWING):
        await_anew(work, moved)
    return moved


def _show_what_silence_brings(work: Work, workflow: Workflow) -> None:
    """Bring up to date what says that silence closes the gate, or that it is closed already."""
    for owed in work.obligations.open_of_workflow(workflow.key):
        if may_close_gate(owed):
            work.outbox.show_standing(owed.id, told_of_next(work, owed.id))


def tighten_gate(
    work: Work,
    workflow: Workflow,
    wanted: GateState,
    cause: str,
    role: Role | None = None,
    reason: str = "",
) -> Workflow:
    """Make the gate at least this strict; nothing happens if it is already.

    A drill's pause is no stop: what is wanted counts against where the gate stood before it, and
    ends it. `role` is that of whoever wants it: who pauses puts off the drill that is owed. What
    silence brings puts nothing off.
    """
    drill = work.drills.running(workflow.key)
    stood = gate_in_earnest(work, workflow)
    if tightened(stood, wanted) is stood:
        return workflow
    if drill:
        workflow = _overtake(work, workflow, drill, wanted)
    moved = move_gate(work, workflow, wanted, cause, role or "", reason)
    if drill and wanted not in OWING:  # from a pause that was none to one that is
        await_anew(work, moved)
    if role is None or wanted is not GateState.PAUSED:
        return moved
    return put_off_drill(work, moved, role)


def _overtake(work: Work, workflow: Workflow, drill: Drill, wanted: GateState) -> Workflow:
    """End a drill because the gate moves in earnest.

    Where it is to be less strict than a pause, it goes back first: only so is it no loosening.
    """
    seq = end_unmeasured(work, workflow, drill, DrillState.OVERTAKEN)
    if drill.holds(workflow.gate) and is_stricter(workflow.gate.state, wanted):
        return move_gate(work, workflow, drill.was, OVER, prior=seq, is_drill=True)
    return workflow
