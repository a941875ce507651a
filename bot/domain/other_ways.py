"""What somebody can do about silence who may not answer: pause, or have somebody else named."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.escalation import may_answer
from bot.domain.gate import GateState
from bot.domain.handovers import may_change
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Role
from bot.domain.registry import Workflow, WorkflowState, named_roles


class OtherWay(StrEnum):
    """What somebody can do about silence who may not answer, besides seeing that others do.

    To replace somebody, or to have them replaced, is to have another named where nobody who may
    answer is left to be seen to. Where that takes an admin and there is none, somebody has to
    become one first.
    """

    PAUSE = "pause"
    NAME_OWNER = "name owner"
    NAME_OWNER_OR_PAUSE = "name owner or pause"
    NAME_STEWARD = "name steward"
    REPLACE_OWNER = "replace owner"
    REPLACE_BACKUP = "replace backup"
    REPLACE_STEWARD = "replace steward"
    HAVE_OWNER_REPLACED = "have owner replaced"
    HAVE_STEWARD_REPLACE_OWNER = "have steward replace owner"
    HAVE_ADMIN_REPLACE_OWNER = "have admin replace owner"
    HAVE_ADMIN_TO_REPLACE_OWNER = "have admin to replace owner"
    HAVE_STEWARD_REPLACED = "have steward replaced"
    PROPOSE_ANOTHER = "propose another"
    HAVE_ANOTHER_PROPOSED = "have another proposed"
    HAVE_OWNER_NAMED = "have owner named"
    HAVE_ADMIN_FOR_OWNER = "have admin for owner"
    HAVE_ADMIN_FOR_STEWARD = "have admin for steward"
    NONE = ""


def other_way(
    obligation: Obligation,
    workflow: Workflow,
    held: AbstractSet[Role],
    gone: AbstractSet[str],
    barred: AbstractSet[str],
    *,
    is_drilled: bool,
    has_admins: bool,
) -> OtherWay:
    """Give what holders of these roles can do: pause, or if that helps nobody have another named.

    Where the owner has left it is either. That is another owner, or another steward where only the
    steward may answer. Where nobody who may is left it is to have another named, and no more.
    `gone` are no full members any more, and nobody counts the answer of those `barred`;
    `has_admins` tells whether any admin is a full member.
    """
    may = _who_may(obligation, workflow, barred)
    is_admins = has_admins and may_answer(obligation, Role.ADMIN)
    if workflow.state not in _ANSWERED_FOR:
        return OtherWay.NONE
    if obligation.kind is ObligationKind.TAKE_OVER:
        way = _of_successor(obligation, workflow, held, gone)
    elif may and gone >= set(may.values()) and not is_admins:
        way = _where_all_have_left(may, workflow, held, gone)
    elif workflow.state is WorkflowState.DRAFT:
        way = OtherWay.NAME_OWNER if Role.ADMIN in held else OtherWay.HAVE_OWNER_NAMED
    else:
        is_paused = workflow.gate.state is GateState.PAUSED and not is_drilled
        way = _where_somebody_may(may, workflow, held, gone, is_paused=is_paused)
    return way if has_admins else _WITHOUT_ADMINS.get(way, way)


_ANSWERED_FOR: Final = (WorkflowState.DRAFT, WorkflowState.LIVE)
_WITHOUT_ADMINS: Final = {
    OtherWay.HAVE_OWNER_NAMED: OtherWay.HAVE_ADMIN_FOR_OWNER,
    OtherWay.HAVE_OWNER_REPLACED: OtherWay.HAVE_STEWARD_REPLACE_OWNER,
    OtherWay.HAVE_ADMIN_REPLACE_OWNER: OtherWay.HAVE_ADMIN_TO_REPLACE_OWNER,
    OtherWay.HAVE_STEWARD_REPLACED: OtherWay.HAVE_ADMIN_FOR_STEWARD,
}


def _of_successor(
    obligation: Obligation, workflow: Workflow, held: AbstractSet[Role], gone: AbstractSet[str]
) -> OtherWay:
    """Give what helps where a successor has left; while they are there no pause helps anybody."""
    if obligation.owed_by not in gone:
        return OtherWay.NONE
    proposers = may_change("owner", is_owner_there=workflow.roles.owner not in gone)
    is_theirs = not proposers.isdisjoint(held)
    return OtherWay.PROPOSE_ANOTHER if is_theirs else OtherWay.HAVE_ANOTHER_PROPOSED


def _where_somebody_may(
    may: Mapping[Role, str],
    workflow: Workflow,
    held: AbstractSet[Role],
    gone: AbstractSet[str],
    *,
    is_paused: bool,
) -> OtherWay:
    """Give what helps beside whoever may answer, who is there, or away for weeks."""
    is_new_owners = workflow.roles.owner in gone and Role.OWNER in may
    if is_new_owners and not _NAME_OWNERS.isdisjoint(held):
        return OtherWay.NAME_OWNER if is_paused else OtherWay.NAME_OWNER_OR_PAUSE
    if is_paused:  # whom silence reaches last can have somebody else answer
        named = OtherWay.NAME_STEWARD if may.keys() == {Role.STEWARD} else OtherWay.NAME_OWNER
        return named if Role.ADMIN in held else OtherWay.NONE
    return OtherWay.PAUSE if may_pause(held) else OtherWay.NONE


def may_pause(held: AbstractSet[Role]) -> bool:
    """Tell whether holders of these roles may pause a workflow that is live."""
    return not WHO[Act.TIGHTEN_GATE].isdisjoint(held)


def _where_all_have_left(
    may: Mapping[Role, str], workflow: Workflow, held: AbstractSet[Role], gone: AbstractSet[str]
) -> OtherWay:
    """Give who is to be named where whoever may answer has left, or who is to have that done."""
    if may.keys() == {Role.STEWARD}:
        is_admin = Role.ADMIN in held
        return OtherWay.REPLACE_STEWARD if is_admin else OtherWay.HAVE_STEWARD_REPLACED
    if Role.OWNER not in may:  # the owner's answer would not count, as they asked for it
        return OtherWay.REPLACE_BACKUP if Role.ADMIN in held else OtherWay.NONE
    is_draft = workflow.state is WorkflowState.DRAFT
    if not held.isdisjoint({Role.ADMIN} if is_draft else _NAME_OWNERS):
        return OtherWay.REPLACE_OWNER
    if is_draft or workflow.roles.steward in gone:
        return OtherWay.HAVE_ADMIN_REPLACE_OWNER
    return OtherWay.HAVE_OWNER_REPLACED


_NAME_OWNERS: Final = may_change("owner", is_owner_there=False)


def _who_may(
    obligation: Obligation, workflow: Workflow, barred: AbstractSet[str]
) -> dict[Role, str]:
    """Give who of those named may answer this."""
    named = named_roles(workflow.roles)
    return {
        role: user_id
        for role, user_id in named
        if may_answer(obligation, role) and user_id not in barred
    }
