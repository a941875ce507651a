"""A drill asked for, put off, or ended, on record: why, and what is owed of it."""

from dataclasses import replace

from bot.domain.drills import EVERY, Drill, DrillState
from bot.domain.gate import GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.obligations import end
from bot.usecases.steps.rhythm import ask_owner_again
from store.reading import Reading
from store.unit_of_work import Work


def ask_drill_if_due(work: Work, key: str) -> bool:
    """Have the owner owe a drill if one is due and something runs; tell whether it was so.

    Whoever has not held the last one owes that one still, and no second.
    """
    if not work.workflows.is_due_to_drill(key, work.now):
        return False
    workflow = replace(work.workflows.get(key), drill_at=work.now + EVERY)
    work.workflows.save(workflow)
    ask_owner_again(work, workflow, ObligationKind.DRILL, MessageKind.DRILL_REQUEST)
    return True


def end_unmeasured(work: Work, workflow: Workflow, drill: Drill, why: DrillState) -> int:
    """End a drill that measured nothing, on record: it is owed as before.

    Whoever owes it sees why it came to nothing and can start again.
    """
    owed = obligation_id(ObligationKind.DRILL, drill.workflow, drill.asked)
    seq = work.record(
        Kind.DRILL_ENDED,
        drill.name,
        {"workflow": drill.workflow, "drill": drill.number, "obligation": owed, "why": why},
        policy=workflow.policy,
        prior=drill.entry,
    )
    work.drills.save(replace(drill, state=why, ended_at=work.now))
    work.outbox.refresh(owed, seq)
    return seq


def put_off_drill(work: Work, workflow: Workflow, role: Role) -> Workflow:
    """End what is owed of a drill because somebody in this role has just paused the workflow.

    There is nothing left to stop: who resumes it has the drill asked anew. Give the workflow as it
    is then.
    """
    for owed in work.obligations.open_of_workflow(workflow.key):
        if owed.kind is ObligationKind.DRILL:
            end(work, owed, ObligationState.SUPERSEDED, role=role, because=workflow.gate.entry)
            workflow = replace(workflow, drill_at=work.now)
            work.workflows.save(workflow)
    return workflow


def gate_in_earnest(reading: Reading, workflow: Workflow) -> GateState:
    """Give where the gate stands; a drill's pause is none."""
    drill = reading.drills.running(workflow.key)
    return drill.was if drill else workflow.gate.state
