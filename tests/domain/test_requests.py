"""I4: what takes two people is asked by one and confirmed by another, once, and while it stands."""

from dataclasses import replace

import pytest
from worlds import ADMIN, BACKUP, KEY, MONDAY, OWNER, POLICY, ROLES, STEWARD, a_workflow

from bot.domain.gate import Gate, GateState
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.domain.registry import WorkflowState
from bot.domain.requests import (
    Request,
    RequestKind,
    RequestState,
    confirmed,
    confirmers,
    require_changeable,
    require_resumable,
    second_person,
)

REQUEST = Request(KEY, 1, RequestKind.RESUME, OWNER, Role.OWNER, about=7)
CHANGE = replace(REQUEST, kind=RequestKind.CHANGE, about=1, proposal=replace(POLICY, number=2))
PAUSED = Gate(GateState.PAUSED, MONDAY, entry=7)


def test_a_change_is_confirmed_as_long_as_its_version_is_in_force() -> None:
    assert confirmed(CHANGE, a_workflow(), BACKUP, Role.BACKUP).confirmed_by == BACKUP
    with pytest.raises(Refused, match="register triage") as refused:
        confirmed(CHANGE, replace(a_workflow(), policy=2), BACKUP, Role.BACKUP)
    assert refused.value.rule == "policy changed since"


def test_a_change_does_not_care_where_the_gate_stands() -> None:
    moved = a_workflow(gate=replace(PAUSED, entry=99))

    assert confirmed(CHANGE, moved, BACKUP, Role.BACKUP).state is RequestState.CONFIRMED


@pytest.mark.parametrize("role", [Role.OWNER, Role.OWNER_DELEGATE])
@pytest.mark.parametrize("asked", [Role.OWNER, Role.OWNER_DELEGATE])
def test_nobody_confirms_for_the_owner_what_was_asked_for_the_owner(
    asked: Role, role: Role
) -> None:
    with pytest.raises(Refused) as refused:
        confirmed(replace(CHANGE, role=asked), a_workflow(), "U0TWIN", role)
    assert refused.value.rule == "one must not be the owner"


@pytest.mark.parametrize(
    ("request_", "who"),
    [
        (REQUEST, {Role.BACKUP, Role.STEWARD}),
        (CHANGE, {Role.BACKUP, Role.STEWARD, Role.ADMIN}),
        (
            replace(CHANGE, role=Role.ADMIN),
            {Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN},
        ),
        (replace(REQUEST, role=Role.BACKUP), {Role.OWNER, Role.BACKUP, Role.STEWARD}),
    ],
)
def test_whoever_asked_is_told_every_role_that_may_confirm(
    request_: Request, who: set[Role]
) -> None:
    with pytest.raises(Refused) as refused:
        confirmed(request_, a_workflow(gate=PAUSED), OWNER, request_.role)
    assert set(refused.value.takes) == who


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize(
    ("asker", "role"),
    [
        (OWNER, Role.OWNER),
        (BACKUP, Role.BACKUP),
        (STEWARD, Role.STEWARD),
        (ADMIN, Role.ADMIN),
    ],
)
def test_whoever_is_asked_to_confirm_may_and_did_not_ask(
    kind: RequestKind, asker: str, role: Role
) -> None:
    request = replace(REQUEST, kind=kind, requested_by=asker, role=role)

    assert second_person(request, ROLES) in confirmers(request, ROLES)
    assert asker not in confirmers(request, ROLES)


def test_the_owner_is_asked_first_unless_it_is_theirs() -> None:
    change = replace(CHANGE, requested_by=ADMIN, role=Role.ADMIN)
    resume = replace(CHANGE, kind=RequestKind.RESUME, requested_by=STEWARD, role=Role.STEWARD)
    assert second_person(change, ROLES) == second_person(resume, ROLES) == OWNER
    assert second_person(replace(resume, requested_by=OWNER, role=Role.OWNER), ROLES) == BACKUP


@pytest.mark.parametrize("kind", RequestKind)
def test_whoever_asked_as_the_owner_and_the_owner_since_are_asked_for_nothing(
    kind: RequestKind,
) -> None:
    swapped = replace(ROLES, owner=BACKUP, backup=OWNER)
    assert second_person(replace(REQUEST, kind=kind), swapped) == STEWARD


def test_a_retired_workflows_policy_stays() -> None:
    with pytest.raises(Refused, match="retired"):
        require_changeable(replace(a_workflow(), state=WorkflowState.RETIRED))


def test_a_second_person_confirms_exactly_the_request_that_was_made() -> None:
    given = confirmed(REQUEST, a_workflow(gate=PAUSED), STEWARD, Role.STEWARD)

    assert (given.state, given.confirmed_by) == (RequestState.CONFIRMED, STEWARD)


@pytest.mark.parametrize(
    ("request_", "gate", "by", "role", "rule"),
    [
        (REQUEST, PAUSED, OWNER, Role.OWNER, "may not confirm own request"),
        (REQUEST, PAUSED, OWNER, Role.STEWARD, "may not confirm own request"),
        (REQUEST, PAUSED, "U0TWIN", Role.OWNER, "one must not be the owner"),
        (REQUEST, replace(PAUSED, entry=8), BACKUP, Role.BACKUP, "gate has moved since"),
        (
            replace(REQUEST, state=RequestState.CONFIRMED),
            PAUSED,
            BACKUP,
            Role.BACKUP,
            "request already ended",
        ),
        (
            replace(REQUEST, state=RequestState.LAPSED),
            PAUSED,
            BACKUP,
            Role.BACKUP,
            "request already ended",
        ),
    ],
)
def test_any_other_confirmation_is_refused(
    request_: Request, gate: Gate, by: str, role: Role, rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        confirmed(request_, a_workflow(gate=gate), by, role)
    assert refused.value.rule == rule


@pytest.mark.parametrize("state", [GateState.RUN, GateState.NOT_READY])
def test_a_gate_that_was_not_closed_cannot_be_opened(state: GateState) -> None:
    with pytest.raises(Refused, match="nothing to resume"):
        require_resumable(a_workflow(gate=Gate(state, MONDAY)))


def test_a_retired_workflow_never_runs_again() -> None:
    retired = replace(a_workflow(gate=PAUSED), state=WorkflowState.RETIRED)

    require_resumable(a_workflow(gate=PAUSED))
    with pytest.raises(Refused, match="register a new workflow"):
        require_resumable(retired)
