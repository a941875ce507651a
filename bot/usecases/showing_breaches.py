"""Read-only: what messages about a breach show, as of now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.domain.breaches import WORK, Breach, BreachState, Cause
from bot.domain.escalation import pauses_next
from bot.domain.figures import figure_text
from bot.domain.gate import GateState, decision_on
from bot.domain.messages import Message, MessageKind
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.rendering import views
from bot.usecases.steps.breaches import owed_next
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.proofs import brought_by, held_by, next_of, proof_of
from store.reading import Reading


def _breach_card(reading: Reading, message: Message) -> views.BreachCard:
    workflow = reading.workflows.get(message.workflow)
    breach = reading.breaches.get(message.workflow, message.subject)
    owed = owed_next(reading, breach)
    decided = reading.log.last_of(Kind.DECISION_RECORDED, breach.name)
    done = reading.log.last_of(Kind.DECISION_CARRIED_OUT, breach.name)
    has_evidence = done is not None and "evidence_c" in done.facts
    is_work = breach.decision in WORK
    return views.BreachCard(
        workflow=workflow.key,
        number=breach.number,
        cause=breach.cause,
        detail=breach.detail,
        is_critical=breach.is_critical,
        state=breach.state,
        roles=workflow.roles,
        acknowledged_by=breach.acknowledged_by,
        decision=breach.decision,
        decided_by=breach.decided_by,
        reason=reading.log.words(decided.seq, "reason") if decided else "",
        carry_out_by=owed.due_at if owed and is_work else None,
        evidence=reading.log.words(done.seq, "evidence") if done and has_evidence else "",
        due_at=owed.due_at if owed else None,
        next=next_of(reading, owed) if owed else None,
        gate=workflow.gate.state,
        proof=proof_of(reading, message.entry),
        past=_past(reading, breach),
        concern=raised_concern(reading, breach),
        has_outputs=breach.is_of_outputs,
        is_overdue=owed is not None and owed.is_overdue(reading.now),
        held=held_by(reading, owed) if owed else None,
        left_at=_left_at(reading, workflow, breach),
        has_moved_it=_has_moved(reading, workflow, breach),
        stands=gate_in_earnest(reading, workflow),
        has_left=owed is not None and owed.owed_by in reading.people.gone(),
        brought=brought_by(reading, owed) if owed else 0,
        pauses_next=owed is not None and pauses_next(owed),
    )


def _left_at(reading: Reading, workflow: Workflow, breach: Breach) -> GateState | None:
    """Give where the gate stood when the breach was closed, if it stands there still."""
    if breach.state is not BreachState.CLOSED or reading.drills.running(workflow.key):
        return None
    closed_at = datetime.fromisoformat(reading.log.entry(breach.entry).ts)
    return workflow.gate.state if workflow.gate.since <= closed_at else None


def _has_moved(reading: Reading, workflow: Workflow, breach: Breach) -> bool:
    """Tell whether the gate is where it is by what was decided on this breach."""
    entry = workflow.gate.entry
    if breach.decision is None or entry < 0:
        return False
    return reading.log.entry(entry).facts["cause"] == decision_on(breach.number)


def raised_concern(reading: Reading, breach: Breach) -> views.RaisedConcern | None:
    """Give what was raised, without who did if they do not want that shown."""
    if breach.cause is not Cause.CONCERN_RAISED:
        return None
    raised = reading.concerns.get(breach.workflow, breach.number)
    by = raised.raised_by if raised.is_named else ""
    return views.RaisedConcern(by, raised.severity, reading.log.words(raised.entry, "words"))


def _concern_notice(reading: Reading, message: Message) -> views.ConcernNotice:
    raised = reading.concerns.get(message.workflow, message.subject)
    card = _breach_card(reading, message)
    return views.ConcernNotice(
        workflow=card.workflow,
        number=card.number,
        words=reading.log.words(raised.entry, "words"),
        state=card.state,
        acknowledged_by=card.acknowledged_by,
        decision=card.decision,
        decided_by=card.decided_by,
        reason=card.reason,
        carry_out_by=card.carry_out_by,
        evidence=card.evidence,
        proof=card.proof,
        left_at=card.left_at,
        has_moved_it=card.has_moved_it,
    )


def _past(reading: Reading, breach: Breach) -> views.PastLimit | None:
    """Give what came past its limit after the value that a breach was opened for."""
    past = reading.measurements.past(breach.workflow, breach.number)
    if past is None or past.count == 1:
        return None
    latest = past.latest
    return views.PastLimit(
        latest.name, past.count - 1, figure_text(latest.value), latest.observed_at
    )


VIEWS: Final[Mapping[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.BREACH_CARD: _breach_card,
    MessageKind.CONCERN_NOTICE: _concern_notice,
}
