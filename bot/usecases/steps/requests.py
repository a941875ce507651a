"""Requests that take a second person's word: made, and ended by what came first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.domain.endings import Settled
from bot.domain.messages import MessageKind
from bot.domain.obligations import (
    Obligation,
    ObligationKind,
    ObligationState,
    obligation_id,
)
from bot.domain.people import Circle, Role
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.requests import (
    Request,
    RequestKind,
    RequestState,
    asking_again,
    confirmers,
    has_asker,
    second_person,
    stands_at,
)
from bot.rendering import views
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.obligations import end_if_open, owe
from bot.usecases.steps.proofs import settled
from bot.usecases.steps.stand_ins import answering_for, away_until, presence_for
from store.reading import Reading
from store.unit_of_work import Work

ASKED: Final = {
    RequestKind.RESUME: Kind.RESUME_REQUESTED,
    RequestKind.CHANGE: Kind.CHANGE_REQUESTED,
}
CONFIRMED: Final = {
    RequestKind.RESUME: Kind.RESUME_CONFIRMED,
    RequestKind.CHANGE: Kind.CHANGE_CONFIRMED,
}
DECLINED: Final = {
    RequestKind.RESUME: Kind.RESUME_DECLINED,
    RequestKind.CHANGE: Kind.CHANGE_DECLINED,
}

WITHDRAWN: Final = {
    RequestKind.RESUME: Kind.RESUME_WITHDRAWN,
    RequestKind.CHANGE: Kind.CHANGE_WITHDRAWN,
}
# What ends a request because whoever asked may not ask for it any more.
WITHOUT_ASKER: Final = frozenset(
    {Kind.ROLES_CHANGED, Kind.PERSON_CHANGED, Kind.OBLIGATION_SUPERSEDED}
)


def settled_request(reading: Reading, request: Request) -> Settled | None:
    """Give what took the place of a request; None if nothing did, or it was declined."""
    if request.state is not RequestState.SUPERSEDED:
        return None
    owed_id = obligation_id(ObligationKind.CONFIRM, request.workflow, request.number)
    came = settled(reading, owed_id)
    if came is None:
        return None
    again = asking_again(request) if came.kind in WITHOUT_ASKER else ""
    return replace(came, asker=request.requested_by, again=again)


def open_request(
    reading: Reading, workflow: Workflow, kind: RequestKind, circle: Circle
) -> Request | None:
    """Give the request that can still be confirmed.

    None if what it was about has moved, or whoever asked may not ask for it any more.
    """
    gone = reading.people.gone().keys()
    for request in reading.requests.open_of_workflow(workflow.key):
        is_current = request.kind is kind and request.about == stands_at(workflow, kind)
        if is_current and has_asker(request, workflow, circle, gone):
            return request
    return None


def who_may_confirm(
    reading: Reading, workflow: Workflow, request: Request, owed: Obligation
) -> tuple[views.Answerer, ...]:
    """Give who may confirm and has not left, each with who can in their place while away.

    That is nobody before it has reached whoever is away.
    """
    presence = presence_for(reading, workflow, owed)
    lent_to = answering_for(reading, Circle(), workflow, owed)  # no admin is among them
    until = away_until(reading)
    return tuple(
        views.Answerer(each, until.get(each), lent_to.get(each, ""))
        for each in confirmers(request, workflow.roles)
        if each not in presence.gone
    )


def ask_for_word(
    work: Work,
    workflow: Workflow,
    kind: RequestKind,
    role: Role,
    reason: str,
    facts: Mapping[str, object],
    *,
    proposal: Policy | None = None,
    prior: int | None = None,
) -> Request:
    """Have a second person owe their word on what the actor asks, on record and in sight of all.

    It takes the place of an open request of the same kind.
    """
    request = Request(
        workflow=workflow.key,
        number=work.requests.next_number(workflow.key),
        kind=kind,
        requested_by=work.actor.user_id,
        role=role,
        about=stands_at(workflow, kind),
        proposal=proposal,
    )
    seq = work.record(
        ASKED[kind],
        request.name,
        {"workflow": workflow.key, "request": request.number, **facts},
        words={"reason": reason},
        role=role,
        policy=workflow.policy,
        prior=prior,
    )
    supersede_requests(work, workflow, kind, because=seq)
    request = replace(request, entry=seq)
    work.requests.add(request)
    _ask_second(work, workflow, request)
    work.point_at(ASKED[kind], request.name)
    return request


def supersede_requests(work: Work, workflow: Workflow, *kinds: RequestKind, because: int) -> None:
    """End open requests of these kinds, on record: what they ask is no longer the question.

    Whoever asked is told, unless it is by their own doing.
    """
    for request in work.requests.open_of_workflow(workflow.key):
        if request.kind in kinds:
            is_own_doing = request.requested_by == work.actor.user_id
            _supersede(work, workflow, request, because, is_told=not is_own_doing)


def supersede_without_asker(
    work: Work, workflow: Workflow, circle: Circle, because: int | None
) -> None:
    """End open requests of whoever may not ask for them any more, on record, and tell them.

    What the settings say is no entry: then it is because of none.
    """
    gone = work.people.gone().keys()
    for request in work.requests.open_of_workflow(workflow.key):
        if not has_asker(request, workflow, circle, gone):
            _supersede(work, workflow, request, because, is_told=True)


def _supersede(
    work: Work, workflow: Workflow, request: Request, because: int | None, *, is_told: bool
) -> None:
    work.requests.save(replace(request, state=RequestState.SUPERSEDED))
    owed_id = obligation_id(ObligationKind.CONFIRM, request.workflow, request.number)
    end_if_open(work, owed_id, ObligationState.SUPERSEDED, because=because)
    if is_told and work.people.is_member(request.requested_by):
        to, number = request.requested_by, request.number
        entry = work.last_number if because is None else because
        tell_person(work, MessageKind.REQUEST, to, workflow, number, entry)


def _ask_second(work: Work, workflow: Workflow, request: Request) -> None:
    second = second_person(request, workflow.roles)
    number, seq = request.number, request.entry
    owed = owe(work, workflow, ObligationKind.CONFIRM, number, second)
    tell_channel(work, MessageKind.REQUEST, workflow, number, seq, owed.id)
    if second not in work.people.gone():
        tell_person(work, MessageKind.REQUEST, second, workflow, number, seq, owed.id)
