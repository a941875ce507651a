"""Read-only: what a message about a gate that has moved shows, as of now."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.domain.absences import stand_ins
from bot.domain.authority import one_of
from bot.domain.drills import CAUSE as DRILL
from bot.domain.drills import in_seconds
from bot.domain.escalation import closes_gate
from bot.domain.gate import GateState
from bot.domain.handovers import namers
from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Circle, Role
from bot.domain.presence import Presence
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow, WorkflowState, named_roles
from bot.domain.requests import RequestKind
from bot.rendering import views
from bot.usecases.showing_people import asked_by, in_place_of
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.proofs import is_of_sandbox, proof_of
from bot.usecases.steps.requests import open_request, who_may_confirm
from store.reading import Reading


def _gate_notice(reading: Reading, message: Message) -> views.GateNotice:
    entry = reading.log.entry(message.entry)
    facts, workflow = entry.facts, reading.workflows.get(message.workflow)
    seconds = _measured(reading, entry)
    return views.GateNotice(
        workflow=message.workflow,
        was=GateState(str(facts["from"])),
        now=GateState(str(facts["to"])),
        by=reading.people.user_of(entry.actor),
        is_by_operator=entry.role == Role.OPERATOR,
        cause=str(facts["cause"]),
        reason=reading.log.words(entry.seq, "reason") if "reason_c" in facts else "",
        proof=proof_of(reading, message.entry),
        is_drill=facts["cause"] == DRILL,
        asked_by=asked_by(reading, entry, Kind.RESUME_CONFIRMED),
        confirmed_for=in_place_of(reading, message.workflow, entry),
        seconds=seconds,
        next_drill=workflow.drill_at if seconds else None,
        is_of_sandbox=is_of_sandbox(reading),
        unanswered=tuple(
            views.Unanswered(each.kind, each.workflow, each.subject)
            for each in reading.obligations.open_of_workflow(message.workflow)
            if closes_gate(each)
        ),
        too_few=_too_few(reading, workflow),
        request=_to_confirm(reading, workflow),
        stands=_stands(reading, workflow, entry),
    )


def _stands(reading: Reading, workflow: Workflow, moved: Entry) -> GateState | None:
    """Give where the gate is by now, if that is not where this entry moved it in earnest."""
    if workflow.gate.entry == moved.seq:
        return None
    stands = gate_in_earnest(reading, workflow)
    return None if stands == moved.facts["to"] and moved.facts["cause"] != DRILL else stands


def with_namers(reading: Reading, notice: views.GateNotice, circle: Circle) -> views.GateNotice:
    """Give the same with who can name others, where too few are there to resume."""
    few = notice.too_few
    if few is None:
        return notice
    workflow = reading.workflows.get(notice.workflow)
    missing = {*few.left, *few.away}
    cannot = reading.people.gone().keys() | missing
    found: set[Role] = set()
    for role, user_id in named_roles(workflow.roles):
        if user_id in missing and role is not Role.TECHNICAL_OWNER:
            found |= namers(role, workflow, circle, cannot)
    return replace(notice, too_few=replace(few, named_by=one_of(found) if found else ""))


def _to_confirm(reading: Reading, workflow: Workflow) -> views.ToConfirm | None:
    """Give the request to resume that waits; None if nobody has asked."""
    request = open_request(reading, workflow, RequestKind.RESUME, Circle())  # no admin asks for it
    if request is None:
        return None
    owed_id = obligation_id(ObligationKind.CONFIRM, request.workflow, request.number)
    owed = reading.obligations.get(owed_id)
    return views.ToConfirm(
        request.requested_by,
        who_may_confirm(reading, workflow, request, owed),
        owed.due_at,
        owed.is_overdue(reading.now),
    )


def _too_few(reading: Reading, workflow: Workflow) -> views.TooFew | None:
    """Give why nobody could resume a workflow now; None if one can ask and another confirm.

    For a backup or steward who is away, whoever stands in can confirm, and ask nothing. Nobody
    resumes what is retired, and nobody is to be found for it.
    """
    if workflow.state is WorkflowState.RETIRED:
        return None
    roles, gone = workflow.roles, reading.people.gone()
    three = (roles.owner, roles.backup, roles.steward)
    in_force = reading.absences.in_force(reading.now)
    absent = stand_ins(in_force, gone, builder=roles.technical_owner)
    presence = Presence(gone, absent)
    away = presence.away(three)
    asking = {each for each in three if each not in gone and each not in away}
    lent = set(presence.there(tuple(each for each in away if each != roles.owner)))
    if asking and len(asking | lent) > 1:
        return None
    return views.TooFew(
        there=tuple(each for each in three if each in asking),
        left=tuple(each for each in three if each in gone),
        away=away,
    )


def _measured(reading: Reading, entry: Entry) -> str:
    """Give in how many seconds a pipeline was told, if it is a drill's end that moved the gate."""
    ended = reading.log.entry(entry.prior) if entry.prior is not None else None
    if ended is None or ended.kind is not Kind.DRILL_MEASURED:
        return ""
    return in_seconds(int(str(ended.facts["milliseconds"])))


VIEWS: Final[Mapping[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.GATE_NOTICE: _gate_notice,
}
