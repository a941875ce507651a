"""Steps that several intentions share, each within the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain import obligations, sampling
from bot.domain.breaches import Breach, BreachState, Cause
from bot.domain.calendar import next_occurrence
from bot.domain.escalation import undelivered
from bot.domain.gate import Gate, GateState, tightened
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, ObligationState
from bot.domain.people import Role
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import Round, RoundState
from store.unit_of_work import Work, timestamp

# Causes of which a second is not opened while one is still somebody's to answer for.
_LASTING = frozenset({Cause.NO_OUTPUTS, Cause.VOLUME, Cause.PAUSE_NOT_HONOURED})

_OWED_FOR_BREACHES = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)

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


def tell_channel(
    work: Work,
    kind: MessageKind,
    workflow: Workflow,
    subject: int,
    entry: int,
    obligation: str = "",
    thread: str = "",
) -> None:
    """Post, or bring up to date, the workflow's message of this kind in its channel."""
    work.outbox.put(
        Message(
            kind,
            Place.CHANNEL,
            workflow.channel,
            entry,
            workflow=workflow.key,
            subject=subject,
            obligation=obligation,
            thread=thread,
        )
    )


def tell_person(
    work: Work,
    kind: MessageKind,
    user_id: str,
    workflow: Workflow,
    subject: int,
    entry: int,
    obligation: str = "",
) -> None:
    """Send, or bring up to date, one person's message of this kind in their DM."""
    work.outbox.put(
        Message(
            kind,
            Place.PERSON,
            user_id,
            entry,
            workflow=workflow.key,
            subject=subject,
            obligation=obligation,
        )
    )


def answer(work: Work, sentence: str, entry: int) -> None:
    """Tell the person who acts, where they are looking, what was recorded."""
    if work.actor.answer_url:
        work.outbox.put(
            Message(
                MessageKind.NOTICE, Place.ANSWER, work.actor.answer_url, entry, sentence=sentence
            )
        )


def card_case(kind: MessageKind, workflow: Workflow, subject: int) -> str:
    """Name a case by its message in the workflow's channel: its thread is the case file."""
    return Message(
        kind, Place.CHANNEL, workflow.channel, -1, workflow=workflow.key, subject=subject
    ).case


def open_breach(
    work: Work,
    workflow: Workflow,
    cause: Cause,
    detail: str,
    facts: Mapping[str, object] | None = None,
    number_of_round: int | None = None,
) -> Breach | None:
    """Open a breach for the owner to acknowledge; None while one of a lasting cause is open."""
    if cause in _LASTING and any(
        breach.cause is cause for breach in work.breaches.not_closed(workflow.key)
    ):
        return None
    breach = Breach(
        workflow=workflow.key,
        number=work.breaches.next_number(workflow.key),
        cause=cause,
        is_critical=cause is Cause.CRITICAL_VERDICT,
        state=BreachState.OPEN,
        detail=detail,
        opened_at=work.now,
        round=number_of_round,
    )
    seq = work.record(
        Kind.BREACH_OPENED,
        breach.name,
        {
            "workflow": workflow.key,
            "breach": breach.number,
            "cause": cause,
            "critical": breach.is_critical,
            "detail": detail,
            "round": number_of_round,
            **(facts or {}),
        },
        policy=workflow.policy,
    )
    breach = replace(breach, entry=seq)
    work.breaches.add(breach)
    owed = owe(
        work,
        workflow,
        ObligationKind.ACKNOWLEDGE,
        breach.number,
        workflow.roles.owner,
        is_critical=breach.is_critical,
    )
    tell_breach(work, workflow, breach, owed.id)
    return breach


def tell_breach(work: Work, workflow: Workflow, breach: Breach, obligation: str = "") -> None:
    """Bring a breach's card up to date in the channel and with those who owe the next step."""
    people = {workflow.roles.owner}
    if breach.is_critical:
        people.add(workflow.roles.steward)
    kind = MessageKind.BREACH_CARD
    tell_channel(work, kind, workflow, breach.number, breach.entry, obligation)
    for user_id in sorted(people):
        tell_person(work, kind, user_id, workflow, breach.number, breach.entry, obligation)


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


def _tell_breaches(work: Work, workflow: Workflow) -> None:
    """Bring the cards of breaches up to date: they show the gate and may offer to close it."""
    owed = {
        each.subject: each.id
        for each in work.obligations.open_of_workflow(workflow.key)
        if each.kind in _OWED_FOR_BREACHES
    }
    for breach in work.breaches.not_closed(workflow.key):
        tell_breach(work, workflow, breach, owed.get(breach.number, ""))


def tighten_gate(
    work: Work, workflow: Workflow, wanted: GateState, cause: str, role: str = "", reason: str = ""
) -> Workflow:
    """Make the gate at least this strict; nothing happens if it is already."""
    if tightened(workflow.gate.state, wanted) is workflow.gate.state:
        return workflow
    return move_gate(work, workflow, wanted, cause, role, reason)


def open_round(
    work: Work, workflow: Workflow, policy: Policy, number: int, draw_key: bytes
) -> Round:
    """Open a round: the commitment to its draw goes on record before any of its outputs arrive."""
    seed = sampling.seed_for(draw_key, work.workspace, workflow.key, number)
    round_ = Round(
        workflow=workflow.key,
        number=number,
        state=RoundState.OPEN,
        policy=policy.number,
        opened_at=work.now,
        period_end=next_occurrence(policy.cadence, policy.zone, work.now),
        commitment=sampling.commitment(seed),
    )
    work.rounds.add(round_)
    seq = work.record(
        Kind.ROUND_OPENED,
        round_.name,
        {
            "workflow": workflow.key,
            "round": number,
            "commitment": round_.commitment,
            "period_end": timestamp(round_.period_end),
        },
        policy=policy.number,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, number, seq)
    return round_


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
