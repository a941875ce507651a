"""Who may name whom, and that nobody becomes an owner but by their own word (I4)."""

from dataclasses import replace

import pytest
from worlds import ADMIN, BACKUP, CIRCLE, KEY, OWNER, ROLES, STEWARD, a_workflow

from bot.domain.handovers import (
    Handover,
    HandoverState,
    accepted,
    changed_roles,
    handover_faults,
    may_change,
    namers,
    naming,
    require_live,
    require_may_change,
)
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.domain.registry import WorkflowState

NEXT = "U0NEXT"
PROPOSED = Handover(KEY, 1, OWNER, OWNER, replace(ROLES, owner=NEXT))


@pytest.mark.parametrize("somebody", [OWNER, BACKUP, STEWARD, ADMIN])
def test_i4_only_the_successor_accepts(somebody: str) -> None:
    with pytest.raises(Refused, match="Only the person"):
        accepted(PROPOSED, somebody, ROLES)
    assert accepted(PROPOSED, NEXT, ROLES).state is HandoverState.ACCEPTED


def test_what_has_ended_or_is_of_another_owner_is_not_accepted() -> None:
    for state in (HandoverState.ACCEPTED, HandoverState.LAPSED, HandoverState.SUPERSEDED):
        with pytest.raises(Refused, match=r"is over\. \w.* says who answers for it"):
            accepted(replace(PROPOSED, state=state), NEXT, ROLES)
    with pytest.raises(Refused, match="has changed since"):
        accepted(PROPOSED, NEXT, replace(ROLES, owner="U0ELSE"))


def test_without_its_owner_a_workflow_is_handed_over_by_steward_and_admin() -> None:
    for name in ("owner", "backup", "technical_owner"):
        assert may_change(name, is_owner_there=False) >= {Role.STEWARD, Role.ADMIN}
    assert Role.OWNER not in may_change("steward", is_owner_there=False)
    now = replace(ROLES, owner=NEXT)
    assert handover_faults(ROLES, now) == {}
    by_steward = (a_workflow(), now, STEWARD, {Role.STEWARD})
    require_may_change(*by_steward, is_owner_there=False)
    with pytest.raises(Refused, match="Only the owner proposes"):
        require_may_change(*by_steward, is_owner_there=True)
    assert changed_roles(ROLES, now) == ("owner",)


def test_only_what_is_live_is_handed_over() -> None:
    for state in (WorkflowState.DRAFT, WorkflowState.RETIRED):
        with pytest.raises(Refused, match=r"draft|retired"):
            require_live(replace(a_workflow(), state=state))
    require_live(a_workflow())


@pytest.mark.parametrize(
    ("role", "gone", "by"),
    [
        (Role.STEWARD, {STEWARD}, {Role.ADMIN}),
        (Role.BACKUP, {BACKUP}, {Role.OWNER, Role.ADMIN}),
        (Role.BACKUP, {BACKUP, OWNER}, {Role.STEWARD, Role.ADMIN}),
        (Role.OWNER, {OWNER}, {Role.STEWARD, Role.ADMIN}),
        (Role.OWNER, {OWNER, STEWARD}, {Role.ADMIN}),
        (Role.OWNER, {OWNER, STEWARD, ADMIN}, set()),
    ],
)
def test_only_somebody_who_is_there_is_said_to_name_another(
    role: Role, gone: set[str], by: set[Role]
) -> None:
    assert namers(role, a_workflow(), CIRCLE, gone) == by


def test_of_a_draft_only_admins_name_anybody_and_of_what_is_retired_nobody_does() -> None:
    draft = replace(a_workflow(), state=WorkflowState.DRAFT)
    retired = replace(draft, state=WorkflowState.RETIRED)
    assert namers(Role.BACKUP, draft, CIRCLE, set()) == {Role.ADMIN}
    assert naming(Role.BACKUP, retired, CIRCLE, set()) == ()
