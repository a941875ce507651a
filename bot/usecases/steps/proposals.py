"""Proposals of an owner: made, lapsed, or settled by what came instead."""

from dataclasses import asdict, replace

from bot.domain.endings import Settled
from bot.domain.handovers import Handover, HandoverState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.registry import Roles, Workflow
from bot.rendering import views
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.obligations import end_if_open, owe
from bot.usecases.steps.proofs import settled
from store.reading import Reading
from store.unit_of_work import Work


def waiting_handover(reading: Reading, workflow: Workflow) -> Handover | None:
    """Give the proposal that waits for its successor, or None."""
    last = reading.handovers.last(workflow.key)
    return last if last and last.state is HandoverState.OPEN else None


def newest_naming(reading: Reading, workflow: Workflow) -> int:
    """Give the newest entry that names people for a workflow, or proposes those it waits for."""
    changed = reading.log.last_of(Kind.ROLES_CHANGED, workflow.name)
    proposed = waiting_handover(reading, workflow)
    return max(workflow.entry, changed.seq if changed else -1, proposed.entry if proposed else -1)


def told_of_waiting(work: Work, workflow: Workflow) -> views.WaitingProposal | None:
    """Give what somebody is told of the proposal that waits, before they change the people."""
    proposed = waiting_handover(work, workflow)
    if proposed is None:
        return None
    owed = work.obligations.get(
        obligation_id(ObligationKind.TAKE_OVER, workflow.key, proposed.number)
    )
    successor = proposed.roles.owner
    return views.WaitingProposal(
        proposed_by=proposed.proposed_by,
        successor=successor,
        due_at=owed.due_at,
        is_overdue=owed.is_overdue(work.now),
        is_own=proposed.proposed_by == work.actor.user_id,
        successor_left=successor in work.people.gone(),
    )


def propose(work: Work, workflow: Workflow, roles: Roles, role: Role, reason: str) -> None:
    """Ask the successor among these four, on record, in a direct message and in the channel."""
    last = work.handovers.last(workflow.key)
    handover = Handover(
        workflow=workflow.key,
        number=last.number + 1 if last else 1,
        proposed_by=work.actor.user_id,
        was_owner=workflow.roles.owner,
        roles=roles,
    )
    seq = work.record(
        Kind.HANDOVER_PROPOSED,
        handover.name,
        {
            "workflow": workflow.key,
            "handover": handover.number,
            "successor": work.pseudonym_of(handover.roles.owner),
        },
        words={**asdict(handover.roles), "reason": reason},
        role=role,
        policy=workflow.policy,
    )
    work.handovers.add(replace(handover, entry=seq))
    number, successor = handover.number, handover.roles.owner
    owed = owe(work, workflow, ObligationKind.TAKE_OVER, number, successor)
    kind = MessageKind.HANDOVER_REQUEST
    tell_channel(work, kind, workflow, number, seq, owed.id)
    tell_person(work, kind, successor, workflow, number, seq, owed.id)


def supersede_handover(work: Work, workflow: Workflow, because: int | None) -> Handover | None:
    """End an open proposal, on record, and give it: what it asked for is no longer the question.

    Whoever made it is told, if others have.
    """
    proposed = waiting_handover(work, workflow)
    if proposed is None:
        return None
    work.handovers.save(replace(proposed, state=HandoverState.SUPERSEDED))
    owed = obligation_id(ObligationKind.TAKE_OVER, workflow.key, proposed.number)
    end_if_open(work, owed, ObligationState.SUPERSEDED, because=because)
    to = proposed.proposed_by
    if to != work.actor.user_id and work.people.is_member(to):
        kind = MessageKind.HANDOVER_REQUEST
        tell_person(work, kind, to, workflow, proposed.number, work.last_number)
    return proposed


def settled_handover(reading: Reading, handover: Handover) -> Settled | None:
    """Give what took the place of a proposal: a decision to retire, or other people."""
    if handover.state is not HandoverState.SUPERSEDED:
        return None
    came = settled(
        reading, obligation_id(ObligationKind.TAKE_OVER, handover.workflow, handover.number)
    )
    if came and came.kind is Kind.OBLIGATION_SUPERSEDED:
        return replace(came, kind=Kind.HANDOVER_PROPOSED)
    return came


def lapse_handover(work: Work, workflow: Workflow, number: int) -> str:
    """Note that a successor did not accept: the old owner is answerable still. Give who proposed.

    An empty string is given if there was no such proposal.
    """
    handover = work.handovers.find(workflow.key, number)
    if handover and handover.state is HandoverState.OPEN:
        work.handovers.save(replace(handover, state=HandoverState.LAPSED))
    return handover.proposed_by if handover else ""


def tell_who_proposed(work: Work, successor: str) -> None:
    """Tell whoever proposed somebody who has left since: nobody else can accept that."""
    for handover in work.handovers.still_open():
        if handover.roles.owner != successor or not work.people.is_member(handover.proposed_by):
            continue
        workflow, number = work.workflows.get(handover.workflow), handover.number
        owed = obligation_id(ObligationKind.TAKE_OVER, workflow.key, number)
        kind, to = MessageKind.HANDOVER_REQUEST, handover.proposed_by
        tell_person(work, kind, to, workflow, number, work.last_number, owed)
