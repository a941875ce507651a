"""Read-only: what messages about requests and policies show, as of now."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypedDict

from bot.domain.changes import differences
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.domain.requests import Request, RequestKind, RequestState
from bot.rendering import views
from bot.usecases.showing_people import absence_of, asked_by, in_place_of
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.proofs import proof_of
from bot.usecases.steps.requests import (
    ASKED,
    CONFIRMED,
    DECLINED,
    settled_request,
    who_may_confirm,
)
from store.reading import Reading


def _request(reading: Reading, message: Message) -> views.ResumeRequest | views.ChangeRequest:
    request = reading.requests.get(message.workflow, message.subject)
    owed = reading.obligations.get(
        obligation_id(ObligationKind.CONFIRM, message.workflow, message.subject)
    )
    asked = reading.log.last_of(ASKED[request.kind], request.name)
    if asked is None:
        raise LookupError(f"{request.name} was asked by no entry")
    show = _resume if request.kind is RequestKind.RESUME else _change
    return show(reading, message, request, owed, asked)


def _resume(
    reading: Reading, message: Message, request: Request, owed: Obligation, asked: Entry
) -> views.ResumeRequest:
    workflow = reading.workflows.get(message.workflow)
    return views.ResumeRequest(
        workflow=workflow.key,
        number=request.number,
        requested_by=request.requested_by,
        reason=reading.log.words(asked.seq, "reason"),
        gate=workflow.gate.state,
        confirmers=who_may_confirm(reading, workflow, request, owed),
        open_breaches=tuple(each.number for each in reading.breaches.not_closed(workflow.key)),
        due_at=owed.due_at,
        state=owed.state,
        confirmed_by=request.confirmed_by,
        confirmed_for=_confirmed_for(reading, request),
        proof=proof_of(reading, message.entry),
        away=_away(reading, message),
        settled=settled_request(reading, request),
        is_overdue=owed.is_overdue(reading.now),
        stands=_stands(reading, workflow, request),
        **_decline(reading, message, request),
    )


def _stands(reading: Reading, workflow: Workflow, request: Request) -> GateState | None:
    """Give where the gate is by now, if this request had it run and it does so no more."""
    stands = gate_in_earnest(reading, workflow)
    is_elsewhere = request.state is RequestState.CONFIRMED and stands is not GateState.RUN
    return stands if is_elsewhere else None


def _change(
    reading: Reading, message: Message, request: Request, owed: Obligation, asked: Entry
) -> views.ChangeRequest:
    workflow = reading.workflows.get(message.workflow)
    if request.proposal is None:
        raise LookupError(f"{request.name} proposes no policy")
    before = reading.workflows.policy(workflow.key, request.about)
    return views.ChangeRequest(
        workflow=workflow.key,
        number=request.number,
        version=request.about,
        requested_by=request.requested_by,
        reason=reading.log.words(asked.seq, "reason"),
        differences=differences(before, request.proposal, datetime.fromisoformat(asked.ts)),
        confirmers=who_may_confirm(reading, workflow, request, owed),
        due_at=owed.due_at,
        state=owed.state,
        confirmed_by=request.confirmed_by,
        confirmed_for=_confirmed_for(reading, request),
        proof=proof_of(reading, message.entry),
        away=_away(reading, message),
        settled=settled_request(reading, request),
        is_overdue=owed.is_overdue(reading.now),
        **_decline(reading, message, request),
    )


def _confirmed_for(reading: Reading, request: Request) -> str:
    """Give in whose place a request was confirmed; "" if in the own, or not at all."""
    said = reading.log.last_of(CONFIRMED[request.kind], request.name)
    return in_place_of(reading, request.workflow, said) if said else ""


class _Decline(TypedDict):
    declined_by: str
    because: str
    is_withdrawn: bool
    in_channel: bool
    is_own: bool


def _decline(reading: Reading, message: Message, request: Request) -> _Decline:
    """Give how a request ended by somebody's no: who declined it, and why, or that it is withdrawn.

    In the channel, which everybody reads, whoever asked can withdraw it; and where they read alone.
    """
    said = reading.log.last_of(DECLINED[request.kind], request.name)
    return _Decline(
        declined_by=reading.people.user_of(said.actor) if said else "",
        because=reading.log.words(said.seq, "reason") if said else "",
        is_withdrawn=request.state is RequestState.WITHDRAWN,
        in_channel=message.place is Place.CHANNEL,
        is_own=message.to == request.requested_by,
    )


def _away(reading: Reading, message: Message) -> str:
    """Give in whose place the reader is asked; an empty string if it is in their own."""
    absence = absence_of(reading, reading.log.entry(message.entry))
    is_lent = absence is not None and message.to != absence.person
    return absence.person if absence and is_lent and message.place is Place.PERSON else ""


def _policy_notice(reading: Reading, message: Message) -> views.PolicyNotice:
    changed = reading.log.entry(message.entry)
    before = reading.workflows.policy(message.workflow, message.subject - 1)
    after = reading.workflows.policy(message.workflow, message.subject)
    return views.PolicyNotice(
        workflow=message.workflow,
        version=message.subject,
        by=reading.people.user_of(changed.actor),
        reason=_reason(reading, changed),
        differences=differences(before, after, datetime.fromisoformat(changed.ts)),
        proof=proof_of(reading, message.entry),
        asked_by=asked_by(reading, changed, Kind.CHANGE_CONFIRMED),
        confirmed_for=in_place_of(reading, message.workflow, changed),
    )


def _reason(reading: Reading, changed: Entry) -> str:
    """Give why a policy was changed; if it took two people, what the first of them said."""
    if "reason_c" in changed.facts:
        return reading.log.words(changed.seq, "reason")
    if changed.prior is None:
        return ""
    asked = reading.log.last_of(Kind.CHANGE_REQUESTED, reading.log.entry(changed.prior).on)
    return reading.log.words(asked.seq, "reason") if asked else ""


VIEWS: Final[dict[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.REQUEST: _request,
    MessageKind.POLICY_NOTICE: _policy_notice,
}
