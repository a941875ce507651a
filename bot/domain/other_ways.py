"""What somebody can do about silence who may not answer: pause, or have somebody else named."""

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

    To replace somebody is to name another where nobody is left to be seen to. Where that takes an
    admin and there is none, somebody has to become one first.
    """

    PAUSE = "pause"
    NAME_OWNER = "name owner"
    NAME_OWNER_OR_PAUSE = "name owner or pause"
    NAME_STEWARD = "name steward"
    REPLACE_OWNER = "replace owner"
    REPLACE_STEWARD = "replace steward"
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
    *,
    is_drilled: bool,
    has_admins: bool,
) -> OtherWay:
    """Give what holders of these roles can do: pause, or if that helps nobody have another named.

    Where the owner has left it is either. That is another owner, or another steward where only the
    steward may answer. `gone` are no full members any more; `has_admins` tells whether any admin is
    one.
    """
    way = _way(obligation, workflow, held, gone, is_drilled=is_drilled)
    return way if has_admins else _WITHOUT_ADMINS.get(way, way)


_WITHOUT_ADMINS: Final = {
    OtherWay.HAVE_OWNER_NAMED: OtherWay.HAVE_ADMIN_FOR_OWNER,
    OtherWay.HAVE_STEWARD_REPLACED: OtherWay.HAVE_ADMIN_FOR_STEWARD,
}


def _way(
    obligation: Obligation,
    workflow: Workflow,
    held: AbstractSet[Role],
    gone: AbstractSet[str],
    *,
    is_drilled: bool,
) -> OtherWay:
    if workflow.state is WorkflowState.DRAFT:
        return OtherWay.NAME_OWNER if Role.ADMIN in held else OtherWay.HAVE_OWNER_NAMED
    if workflow.state is not WorkflowState.LIVE:
        return OtherWay.NONE
    if replacing := _where_all_have_left(obligation, workflow, held, gone):
        return replacing
    if obligation.kind is ObligationKind.TAKE_OVER:
        return OtherWay.NONE  # the owner is there and answers: a pause would help nobody
    is_paused = workflow.gate.state is GateState.PAUSED and not is_drilled
    return _where_somebody_may(obligation, workflow, held, gone, is_paused=is_paused)


def _where_somebody_may(
    obligation: Obligation,
    workflow: Workflow,
    held: AbstractSet[Role],
    gone: AbstractSet[str],
    *,
    is_paused: bool,
) -> OtherWay:
    """Give what helps beside whoever may answer, who is there, or away for weeks."""
    if _is_new_owners(obligation, workflow, gone) and not _NAME_OWNERS.isdisjoint(held):
        return OtherWay.NAME_OWNER if is_paused else OtherWay.NAME_OWNER_OR_PAUSE
    if is_paused:  # whom silence reaches last can have somebody else answer
        is_stewards = _who_may(obligation, workflow).keys() == {Role.STEWARD}
        named = OtherWay.NAME_STEWARD if is_stewards else OtherWay.NAME_OWNER
        return named if Role.ADMIN in held else OtherWay.NONE
    may_pause = not WHO[Act.TIGHTEN_GATE].isdisjoint(held)
    return OtherWay.PAUSE if may_pause else OtherWay.NONE


def _where_all_have_left(
    obligation: Obligation, workflow: Workflow, held: AbstractSet[Role], gone: AbstractSet[str]
) -> OtherWay:
    """Give who is to be named where whoever may answer has left; none while somebody has not."""
    if obligation.kind is ObligationKind.TAKE_OVER and obligation.owed_by in gone:
        proposers = may_change("owner", is_owner_there=workflow.roles.owner not in gone)
        is_theirs = not proposers.isdisjoint(held)
        return OtherWay.PROPOSE_ANOTHER if is_theirs else OtherWay.HAVE_ANOTHER_PROPOSED
    may = _who_may(obligation, workflow)
    if not may or not gone >= set(may.values()):
        return OtherWay.NONE
    if may.keys() == {Role.STEWARD}:
        is_admin = Role.ADMIN in held
        return OtherWay.REPLACE_STEWARD if is_admin else OtherWay.HAVE_STEWARD_REPLACED
    return OtherWay.NONE if _NAME_OWNERS.isdisjoint(held) else OtherWay.REPLACE_OWNER


_NAME_OWNERS: Final = may_change("owner", is_owner_there=False)


def _is_new_owners(obligation: Obligation, workflow: Workflow, gone: AbstractSet[str]) -> bool:
    """Tell whether another owner could answer this, as the one there was has left."""
    return workflow.roles.owner in gone and Role.OWNER in _who_may(obligation, workflow)


def _who_may(obligation: Obligation, workflow: Workflow) -> dict[Role, str]:
    named = named_roles(workflow.roles)
    return {role: user_id for role, user_id in named if may_answer(obligation, role)}
