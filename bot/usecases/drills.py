"""Every 90 days a stop is tried, to measure how soon the pipeline hears of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.drills import (
    CAUSE,
    LONGEST,
    OVER,
    Drill,
    DrillState,
    heard,
    require_drillable,
)
from bot.domain.gate import GateState
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import optional_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Workflow
from bot.domain.requests import RequestKind
from bot.rendering import views
from bot.usecases import DUE_AT_ONCE, Deps
from bot.usecases.steps.drills import ask_drill_if_due, end_unmeasured
from bot.usecases.steps.endings import over_as
from bot.usecases.steps.gate import move_gate
from bot.usecases.steps.obligations import end_if_open
from bot.usecases.steps.requests import open_request
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work, timestamp


@dataclass(frozen=True, slots=True)
class Heard:
    """When a pipeline was first told of a drill's pause, and by which token it asked."""

    workflow: str
    drill: int
    token: str
    at: datetime


def drills_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the keys of live workflows of which a drill is to be asked now.

    Of one that is paused it is asked once it runs again: there is nothing to stop before.
    """
    return reading.workflows.due_to_drill(now, DUE_AT_ONCE)


def ask_to_drill(deps: Deps, key: str) -> bool:
    """Have the owner owe a drill if one is due; tell whether it was."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        return ask_drill_if_due(work, key)


def open_drill(deps: Deps, actor: Actor, key: str, number: int) -> views.DrillForm:
    """Give what will happen to somebody who may start this drill; refuse anybody else."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, _, _ = _asked(deps, work, actor, key, number)
    return views.DrillForm(key, number, workflow.gate.state, LONGEST.seconds // 60)


def start_drill(deps: Deps, actor: Actor, key: str, number: int, remark: str = "") -> Proof:
    """Pause a workflow as a stop would; the gate goes back by itself."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, owed, role = _asked(deps, work, actor, key, number)
        words = {"remark": said} if (said := optional_words(remark, "remark")) else {}
        _start(work, workflow, owed, role, words)
    return work.receipt


def record_heard(deps: Deps, told: Heard) -> bool:
    """Record how long it took until a pipeline was told, and let the gate go back.

    Nothing happens if the drill is over by then, whatever ended it.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        drill = work.drills.running(told.workflow)
        if drill is None or drill.number != told.drill or told.at >= drill.ends_at:
            return False
        workflow = work.workflows.get(told.workflow)
        _measure(work, workflow, heard(drill, told.at, work.now), told.token)
    return True


def drills_over(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the workflows whose drill has run its time though no pipeline asked."""
    return reading.drills.over(now)


def end_unheard(deps: Deps, key: str) -> bool:
    """Let the gate go back if no pipeline has asked in all that time; tell whether it was so.

    Nothing was measured: the drill is owed as before.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if key not in work.drills.over(work.now):
            return False
        workflow, drill = work.workflows.get(key), work.drills.running(key)
        if drill:
            seq = end_unmeasured(work, workflow, drill, DrillState.NOBODY_ASKED)
            _go_back(work, workflow, drill, seq)
    return True


def _asked(
    deps: Deps, work: Work, actor: Actor, key: str, number: int
) -> tuple[Workflow, Obligation, Role]:
    workflow = workflow_for(work, actor, key)
    owed = work.obligations.find(obligation_id(ObligationKind.DRILL, key, number))
    roles = roles_for(work, deps.circle, actor, workflow, owed)
    ended = over_as(work, owed) if owed else None
    role = authorise(Act.DRILL, actor, roles, on=workflow.name, over=ended)
    if owed is None:
        raise Refused("no drill asked", f"No drill is asked of {key} here.", on=workflow.name)
    require_not_over(ended)
    asked_to_resume = open_request(work, workflow, RequestKind.RESUME, deps.circle)
    require_drillable(workflow, work.drills.running(key), is_to_resume=asked_to_resume is not None)
    return workflow, owed, role


def _start(
    work: Work, workflow: Workflow, owed: Obligation, role: Role, words: dict[str, str]
) -> None:
    drill = Drill(
        workflow=workflow.key,
        number=work.drills.next_number(workflow.key),
        asked=owed.subject,
        was=workflow.gate.state,
        started_at=work.now,
        entry=work.last_number,
        gate_entry=work.last_number,
    )
    seq = work.record(
        Kind.DRILL_STARTED,
        drill.name,
        {
            "workflow": workflow.key,
            "drill": drill.number,
            "obligation": owed.id,
            "gate": drill.was,
            "ends_at": timestamp(drill.ends_at),
        },
        words=words,
        role=role,
        policy=workflow.policy,
    )
    paused = move_gate(work, workflow, GateState.PAUSED, CAUSE, role, prior=seq, is_drill=True)
    work.drills.add(replace(drill, entry=seq, gate_entry=paused.gate.entry))
    work.outbox.refresh(owed.id, seq)


def _measure(work: Work, workflow: Workflow, drill: Drill, token: str) -> None:
    owed = obligation_id(ObligationKind.DRILL, drill.workflow, drill.asked)
    seq = work.record(
        Kind.DRILL_MEASURED,
        drill.name,
        {
            "workflow": drill.workflow,
            "drill": drill.number,
            "obligation": owed,
            "milliseconds": drill.milliseconds,
            "heard_at": timestamp(drill.heard_at or work.now),
            "token": token,
        },
        policy=workflow.policy,
        prior=drill.entry,
    )
    work.drills.save(drill)
    end_if_open(work, owed, because=seq)
    _go_back(work, workflow, drill, seq)


def _go_back(work: Work, workflow: Workflow, drill: Drill, seq: int) -> None:
    """Put the gate back to where it was, unless something else has moved it since."""
    if drill.holds(workflow.gate):
        move_gate(work, workflow, drill.was, OVER, prior=seq, is_drill=True)
