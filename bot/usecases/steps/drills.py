"""A drill ended, on record: why, and what was owed of it."""

from dataclasses import replace

from bot.domain.drills import Drill, DrillState
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from store.reading import Reading
from store.unit_of_work import Work


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


def gate_in_earnest(reading: Reading, workflow: Workflow) -> GateState:
    """Give where the gate stands; a drill's pause is none."""
    drill = reading.drills.running(workflow.key)
    return drill.was if drill else workflow.gate.state
