"""Read-only: what messages about people show, as of now: away, asked in a place, handing over."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.domain.absences import Absence, AbsenceState, stand_ins
from bot.domain.drills import in_seconds
from bot.domain.escalation import pauses_next
from bot.domain.handovers import Handover
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.people import DELEGATE_OF, Role
from bot.domain.record import Entry, Kind
from bot.domain.registry import Roles, Workflow, WorkflowState
from bot.rendering import views
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.endings import settled_as
from bot.usecases.steps.owners import instead_of_owner
from bot.usecases.steps.proofs import (
    brought_by,
    held_by,
    is_of_sandbox,
    next_of,
    owner_back,
    proof_of,
    settled,
    word_of_owner,
)
from bot.usecases.steps.proposals import settled_handover
from bot.usecases.steps.stand_ins import alone, away_too, not_lent_for
from store.reading import Reading


def _duty_request(reading: Reading, message: Message) -> views.DutyRequest:
    owed = reading.obligations.get(message.obligation)
    entry = reading.log.entry(message.entry)
    absence = absence_of(reading, entry)
    is_theirs = absence is not None and absence.person == message.to
    was_missed = is_theirs or entry.kind is Kind.OBLIGATION_CLIMBED
    return views.DutyRequest(
        kind=owed.kind,
        workflow=owed.workflow,
        subject=owed.subject,
        owed_by=owed.owed_by,
        away=absence.person if absence and not was_missed else "",
        until=absence.ends_at if absence and not was_missed else None,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        stands=gate_in_earnest(reading, reading.workflows.get(owed.workflow)),
        brought=brought_by(reading, owed),
        is_overdue=owed.is_overdue(reading.now),
        pauses_next=pauses_next(owed),
        back=owner_back(reading, owed),
        was_missed=was_missed,
        is_own=owed.owed_by == message.to,
        is_asked_anew=reading.outbox.is_asked_anew(message),
    )


def absence_of(reading: Reading, entry: Entry) -> Absence | None:
    """Give the absence because of which somebody is asked in another's place; None if by none."""
    if entry.kind is not Kind.OBLIGATION_DELEGATED:
        return None
    return reading.absences.find(int(str(entry.facts["absence"])))


def _absence_notice(reading: Reading, message: Message) -> views.AbsenceNotice:
    absence = reading.absences.find(message.subject)
    if absence is None:
        raise LookupError(f"absence/{message.subject} is not stored")
    told = reading.log.entry(message.entry)
    is_end = told.kind is Kind.ABSENCE_ENDED
    following = _following(reading, absence, message.entry) if is_end else None
    standing = following or absence
    is_over = is_end and following is None
    gone = reading.people.gone()
    return views.AbsenceNotice(
        person=absence.person,
        delegate=standing.delegate,
        begins_at=standing.begins_at,
        ends_at=standing.ends_at,
        state=AbsenceState.OVER if is_over else AbsenceState.PLANNED,
        reason="" if following else _reason(reading, reading.log.entry(absence.entry)),
        proof=proof_of(reading, message.entry),
        was_to_stand_in=message.to not in {absence.person, absence.delegate},
        has_left=is_end and absence.person in gone,
        stand_in_left=not is_over and standing.delegate in gone,
        is_own=message.to == absence.person,
        is_taken_back=_is_taken_back(reading, absence),
        away_too=away_too(reading, standing),
        not_for=not_lent_for(reading, standing),
        is_away_on=following is not None,
        has_shares=bool(reading.shares.with_reviewer(absence.person)),
        former="" if standing.delegate == absence.delegate else absence.delegate,
        is_again=told.kind is Kind.PERSON_CHANGED and standing.delegate not in gone,
    )


def _following(reading: Reading, over: Absence, ended: int) -> Absence | None:
    """Give the next absence of somebody who was never back, as it begins when this one ends.

    What was announced only after the end is another matter: until then they were back.
    """
    found = reading.absences.right_after(over)
    return found if found and found.entry < ended else None


def _is_taken_back(reading: Reading, absence: Absence) -> bool:
    """Tell whether it was ended before it began; one can begin and end in the same moment."""
    ended = reading.log.last_of(Kind.ABSENCE_ENDED, absence.name)
    return ended is not None and datetime.fromisoformat(ended.ts) < absence.begins_at


def _owner_needed(reading: Reading, message: Message) -> views.OwnerNeeded:
    workflow = reading.workflows.get(message.workflow)
    owed = _owed(reading, message, ObligationKind.HAND_OVER)
    gone = reading.people.gone()
    return views.OwnerNeeded(
        workflow=workflow.key,
        number=message.subject,
        owner=_owner_as_of(reading, workflow, owed),
        steward=workflow.roles.steward if workflow.roles.steward not in gone else "",
        backup=workflow.roles.backup if workflow.roles.backup not in gone else "",
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        stands=gate_in_earnest(reading, workflow),
        back=owner_back(reading, owed),
        is_overdue=owed.is_overdue(reading.now),
        meanwhile=instead_of_owner(reading, workflow, owed),
        held=held_by(reading, owed) if owed.is_open else None,
    )


def _owner_as_of(reading: Reading, workflow: Workflow, owed: Obligation) -> str:
    """Give who was the owner when this was opened: whoever came since has not left."""
    opened = reading.log.last_of(Kind.OBLIGATION_OPENED, f"obligation/{owed.id}")
    if opened is None:
        raise LookupError(f"{owed.id} was never opened")
    return _holder_as_of(reading, workflow, Role.OWNER, opened.seq)


def _holder_as_of(reading: Reading, workflow: Workflow, role: Role, seq: int) -> str:
    changes = reading.log.entries_of(Kind.ROLES_CHANGED, workflow.name)
    before = [each.seq for each in changes if each.seq < seq]
    return reading.log.words(before[-1] if before else workflow.entry, str(role))


def in_place_of(reading: Reading, workflow: str, said: Entry) -> str:
    """Give in whose place somebody gave their word, as roles were then; "" if in their own.

    So it is of an admin, too: the record does not say in which one's place.
    """
    lent = (role for role, delegate in DELEGATE_OF.items() if said.role == delegate)
    role = next(lent, Role.ADMIN)
    if role is Role.ADMIN:
        return ""
    return _holder_as_of(reading, reading.workflows.get(workflow), role, said.seq)


def _handover_request(reading: Reading, message: Message) -> views.HandoverRequest:
    handover = _handover(reading, message)
    owed = _owed(reading, message, ObligationKind.TAKE_OVER)
    declined = reading.log.last_of(Kind.HANDOVER_DECLINED, handover.name)
    return views.HandoverRequest(
        workflow=handover.workflow,
        number=handover.number,
        proposed_by=handover.proposed_by,
        was_owner=handover.was_owner,
        roles=handover.roles,
        reason=_reason(reading, reading.log.entry(handover.entry)),
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        outcome=handover.state,
        because=_reason(reading, declined) if declined else "",
        in_channel=message.place is Place.CHANNEL,
        has_left=handover.was_owner in reading.people.gone(),
        is_own=message.to == handover.proposed_by,
        successor_left=handover.roles.owner in reading.people.gone(),
        settled=settled_handover(reading, handover),
        alone=alone(reading, reading.workflows.get(handover.workflow), owed),
        is_overdue=owed.is_overdue(reading.now),
    )


def _loss_notice(reading: Reading, message: Message) -> views.LossNotice:
    said = reading.log.entry(message.entry)
    lost = int(str(said.facts["witnessed_size"])) - int(str(said.facts["kept_size"]))
    return views.LossNotice(max(0, lost), _reason(reading, said), proof_of(reading, message.entry))


def _roles_notice(reading: Reading, message: Message) -> views.RolesNotice:
    entry = reading.log.entry(message.entry)
    changed = entry.facts["changed"]
    named = ("owner", "backup", "steward", "technical_owner")
    return views.RolesNotice(
        workflow=message.workflow,
        by=reading.people.user_of(entry.actor),
        changed=tuple(changed) if isinstance(changed, list | tuple) else (),
        roles=Roles(*(reading.log.words(entry.seq, name) for name in named)),
        reason=_reason(reading, entry),
        proof=proof_of(reading, message.entry),
        proposed_by=asked_by(reading, entry, Kind.HANDOVER_ACCEPTED),
    )


def asked_by(reading: Reading, entry: Entry, agreed: Kind) -> str:
    """Give who asked for what this entry carries out, by a second person's word of this kind.

    An empty string is given if it took no such word.
    """
    word = reading.log.entry(entry.prior) if entry.prior is not None else None
    if word is None or word.kind is not agreed or word.prior is None:
        return ""
    return reading.people.user_of(reading.log.entry(word.prior).actor)


def _attest_request(reading: Reading, message: Message) -> views.AttestRequest:
    workflow = reading.workflows.get(message.workflow)
    owed = _owed(reading, message, ObligationKind.ATTEST)
    given = word_of_owner(reading, owed)
    return views.AttestRequest(
        workflow=workflow.key,
        number=message.subject,
        owner=workflow.roles.owner,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        stands=gate_in_earnest(reading, workflow),
        is_overdue=owed.is_overdue(reading.now),
        said_by=reading.people.user_of(given.actor) if given else "",
        said_at=datetime.fromisoformat(given.ts) if given else None,
        next_at=workflow.attest_at if workflow.state is WorkflowState.LIVE else None,
        settled=settled_as(reading, owed),
        has_left=workflow.roles.owner in reading.people.gone(),
        held=held_by(reading, owed) if owed.is_open else None,
    )


def _drill_request(reading: Reading, message: Message) -> views.DrillRequest:
    workflow = reading.workflows.get(message.workflow)
    owed = _owed(reading, message, ObligationKind.DRILL)
    last = reading.drills.last_try(workflow.key, message.subject)
    return views.DrillRequest(
        workflow=workflow.key,
        number=message.subject,
        owner=workflow.roles.owner,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        settled=settled(reading, owed.id),
        last=last.state if last else None,
        ends_at=last.ends_at if last else None,
        seconds=in_seconds(last.milliseconds) if last else "",
        proof=proof_of(reading, message.entry),
        next_drill=workflow.drill_at,
        is_of_sandbox=is_of_sandbox(reading),
        brought=brought_by(reading, owed),
        is_overdue=owed.is_overdue(reading.now),
        has_left=workflow.roles.owner in reading.people.gone(),
        held=held_by(reading, owed) if owed.is_open else None,
    )


def away_now(reading: Reading, roles: Roles, at: datetime) -> tuple[views.Away, ...]:
    """Give which of a workflow's people are away, each with who is there to stand in, if anybody.

    That is whoever a chain of absences ends with, as it is for whom obligations are asked of.
    """
    named = dict.fromkeys((roles.owner, roles.backup, roles.steward, roles.technical_owner))
    absences = {each.person: each for each in reading.absences.in_force(at)}
    builder = roles.technical_owner
    there = stand_ins(absences.values(), reading.people.gone(), builder=builder)
    return tuple(
        views.Away(each, there[each], absences[each].ends_at) for each in named if each in absences
    )


def _owed(reading: Reading, message: Message, kind: ObligationKind) -> Obligation:
    return reading.obligations.get(obligation_id(kind, message.workflow, message.subject))


def _handover(reading: Reading, message: Message) -> Handover:
    found = reading.handovers.find(message.workflow, message.subject)
    if found is None:
        raise LookupError(f"handover/{message.workflow}/{message.subject} is not stored")
    return found


def _reason(reading: Reading, entry: Entry) -> str:
    return reading.log.words(entry.seq, "reason") if "reason_c" in entry.facts else ""


VIEWS: Final[Mapping[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.DUTY_REQUEST: _duty_request,
    MessageKind.ABSENCE_NOTICE: _absence_notice,
    MessageKind.OWNER_NEEDED: _owner_needed,
    MessageKind.HANDOVER_REQUEST: _handover_request,
    MessageKind.ROLES_NOTICE: _roles_notice,
    MessageKind.LOSS_NOTICE: _loss_notice,
    MessageKind.ATTEST_REQUEST: _attest_request,
    MessageKind.DRILL_REQUEST: _drill_request,
}
