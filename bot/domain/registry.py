"""A workflow and the people who answer for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.gate import Gate
from bot.domain.lookalikes import foreign_letter
from bot.domain.people import Actor, Circle, Origin, Role
from bot.domain.refusals import Refused
from bot.domain.unseen import says_nothing

KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MAX_PURPOSE: Final = 500
_AUDITS: Final = (
    "This person reads the record as an auditor, and nobody audits what they answer for: name "
    "another"
)
# What is said of a workflow that is, after its key: nothing more can be done with it.
IS_RETIRED: Final = "is retired; register a new workflow instead."
# Who answers: whoever built it does not, and may read the record as an auditor.
ANSWERING: Final = frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD})


class WorkflowState(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Roles:
    """The four people a workflow names, as Slack user ids."""

    owner: str
    backup: str
    steward: str
    technical_owner: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """One AI workflow in one production process.

    `policy` is the number of the version in force; `entry` the record of its registration,
    which holds its purpose in words. From `attest_at` on its owner owes a word that all is right
    still, from `drill_at` on a drill; both are None as long as it is not live.
    """

    key: str
    roles: Roles
    channel: str
    state: WorkflowState
    policy: int
    gate: Gate
    registered_at: datetime
    entry: int = -1
    attest_at: datetime | None = None
    drill_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"workflow/{self.key}"


def who_is_told(roles: Roles, person: str) -> str:
    """Give who talks with somebody about how they answer: the owner, and with them the steward.

    Not the backup, who answers in the owner's place.
    """
    return roles.steward if person == roles.owner else roles.owner


def registration_faults(key: str, purpose: str, roles: Roles) -> Mapping[str, str]:
    """Give a sentence for each field of a registration that cannot be: empty if it is sound."""
    faults: dict[str, str] = {}
    if not KEY.fullmatch(key):
        how = "Use 1 to 63 small letters, digits and hyphens, not starting with a hyphen."
        faults["key"] = f"{how} {foreign_letter(key)}".strip()
    if says_nothing(purpose):
        faults["purpose"] = "Say in a sentence what this workflow does and for whom."
    elif len(purpose) > MAX_PURPOSE:
        faults["purpose"] = f"At most {MAX_PURPOSE} characters."
    return faults | role_faults(roles)


def auditor_faults(roles: Roles, circle: Circle) -> dict[str, str]:
    """Give a sentence for each of owner, backup and steward who reads the record as an auditor."""
    return {
        str(role): f"{_AUDITS} {role}."
        for role, user_id in named_roles(roles)
        if role in ANSWERING and user_id in circle.auditors
    }


def stand_in_fault(delegate: str, circle: Circle) -> str:
    """Give a sentence if this person stands in for nobody: whoever does answers for others."""
    return f"{_AUDITS}, or nobody." if delegate in circle.auditors else ""


def role_faults(roles: Roles) -> dict[str, str]:
    """Give a sentence for each of the four that cannot be filled so: empty if all can."""
    faults: dict[str, str] = {}
    if roles.backup == roles.owner:
        faults["backup"] = (
            "The backup is who is asked when the owner is silent: name another person."
        )
    if roles.steward in {roles.owner, roles.backup}:
        faults["steward"] = "The steward is the second line: name someone besides owner and backup."
    if roles.technical_owner == roles.owner:
        faults["technical_owner"] = "The builder does not answer for their own build: name another."
    return faults | {role.replace(" ", "_"): "Name a person." for role in _unnamed(roles)}


def _unnamed(roles: Roles) -> tuple[Role, ...]:
    return tuple(role for role, user_id in named_roles(roles) if not user_id)


def roles_of(actor: Actor, circle: Circle, workflow: Workflow | None = None) -> frozenset[Role]:
    """Give every role the actor holds, in the workspace and, if one is named, for the workflow."""
    if actor.origin is not Origin.SLACK:
        return frozenset({_ORIGIN_ROLES[actor.origin]})
    held = {Role.MEMBER}
    if actor.user_id in circle.admins:
        held.add(Role.ADMIN)
    if actor.user_id in circle.auditors:
        held.add(Role.AUDITOR)
    if workflow:
        held |= {role for role, user_id in named_roles(workflow.roles) if user_id == actor.user_id}
    return frozenset(held)


def require_not_retired(workflow: Workflow) -> None:
    """Refuse what nothing can be done with any more."""
    if workflow.state is WorkflowState.RETIRED:
        raise _retired(workflow)


def _retired(workflow: Workflow) -> Refused:
    return Refused("workflow retired", f"{workflow.key} {IS_RETIRED}", on=workflow.name)


def accepted_before(workflow: Workflow) -> Refused | None:
    """Give what is said, to whoever would accept the duties, once somebody has; None before."""
    if workflow.state is WorkflowState.DRAFT:
        return None
    if workflow.state is WorkflowState.RETIRED:
        return _retired(workflow)
    return Refused(
        "duties already accepted",
        f"The duties of {workflow.key} are accepted: nothing more is owed here. "
        f"`/answerable show {workflow.key}` says who answers for it now.",
        on=workflow.name,
    )


def named_roles(roles: Roles) -> tuple[tuple[Role, str], ...]:
    return (
        (Role.OWNER, roles.owner),
        (Role.BACKUP, roles.backup),
        (Role.STEWARD, roles.steward),
        (Role.TECHNICAL_OWNER, roles.technical_owner),
    )


_ORIGIN_ROLES: Final = {
    Origin.CONSOLE: Role.OPERATOR,
    Origin.CLOCK: Role.SYSTEM,
    Origin.TOKEN: Role.PIPELINE,
}
