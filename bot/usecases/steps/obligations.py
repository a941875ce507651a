"""What people owe: opened, ended, hastened, put off."""

from datetime import datetime

from bot.domain import obligations
from bot.domain.escalation import undelivered
from bot.domain.messages import Message
from bot.domain.obligations import Obligation, ObligationKind, ObligationState
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from store.unit_of_work import Work, timestamp

_END = {
    ObligationState.ANSWERED: Kind.OBLIGATION_ANSWERED,
    ObligationState.SUPERSEDED: Kind.OBLIGATION_SUPERSEDED,
    ObligationState.LAPSED: Kind.OBLIGATION_LAPSED,
}


def owe(
    work: Work,
    workflow: Workflow,
    kind: ObligationKind,
    subject: int,
    owed_by: str,
    *,
    due_at: datetime | None = None,
    is_critical: bool = False,
) -> Obligation:
    """Open an obligation, on record."""
    obligation = obligations.owe(
        kind,
        workflow.key,
        subject,
        owed_by,
        work.now,
        due_at=due_at,
        is_critical=is_critical,
    )
    work.obligations.add(obligation)
    work.record(
        Kind.OBLIGATION_OPENED,
        f"obligation/{obligation.id}",
        {
            "obligation": obligation.id,
            "kind": kind,
            "workflow": workflow.key,
            "subject": subject,
            "due_at": timestamp(obligation.due_at),
        },
        words={"owed_by": owed_by},
        policy=workflow.policy,
    )
    return obligation


def end(
    work: Work,
    obligation: Obligation,
    state: ObligationState = ObligationState.ANSWERED,
    *,
    role: Role | None = None,
    because: int | None = None,
) -> int:
    """End an obligation, on record, and spend the buttons of every message that asked for it."""
    work.obligations.save(obligations.ended(obligation, state))
    seq = work.record(
        _END[state],
        f"obligation/{obligation.id}",
        {"obligation": obligation.id},
        role=role or "",
        prior=because,
    )
    work.outbox.refresh(obligation.id, seq)
    return seq


def end_if_open(
    work: Work,
    obligation_id: str,
    state: ObligationState = ObligationState.ANSWERED,
    *,
    role: Role | None = None,
    because: int | None = None,
) -> None:
    obligation = work.obligations.find(obligation_id)
    if obligation and obligation.is_open:
        end(work, obligation, state, role=role, because=because)


def hasten_undelivered(work: Work, obligation_id: str) -> None:
    """Make an obligation climb at once: nobody could be asked. The last rung keeps its time."""
    owed = work.obligations.find(obligation_id)
    if owed and owed.is_open:
        work.obligations.save(undelivered(owed, work.now))


def grant_grace(work: Work, message: Message) -> datetime | None:
    """Move what is owed by as much as its request came late, within the policy's grace.

    Gives the new time, or None if nothing moves. Only the first showing of a request counts.
    """
    owed = work.obligations.find(message.obligation) if message.obligation else None
    if owed is None or not owed.is_open or work.outbox.has_shown(owed.id):
        return None
    workflow = work.workflows.get(owed.workflow)
    policy = work.workflows.policy(workflow.key, workflow.policy)
    moved = obligations.delivered_late(owed, work.now - owed.opened_at, policy.delivery_grace)
    if moved is owed:
        return None
    work.obligations.save(moved)
    return moved.due_at
