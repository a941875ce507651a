"""Who takes a workflow over: proposed by who may, accepted by the successor alone."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.authority import OF_SETTINGS, one_of
from bot.domain.endings import Settled, settled_in_words
from bot.domain.obligations import ENDED, ObligationState
from bot.domain.people import DELEGATE_OF, Circle, Role
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import (
    IS_RETIRED,
    Roles,
    Workflow,
    WorkflowState,
    named_roles,
    role_faults,
)


class HandoverState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Handover:
    """A proposal that somebody becomes the owner; `roles` are all four as they would be then."""

    workflow: str
    number: int
    proposed_by: str
    was_owner: str
    roles: Roles
    state: HandoverState = HandoverState.OPEN
    entry: int = -1

    @property
    def name(self) -> str:
        return f"handover/{self.workflow}/{self.number}"


# Who may change what a field of the form names, while its owner is there.
_MAY_CHANGE: Final[Mapping[str, frozenset[Role]]] = {
    "owner": frozenset({Role.OWNER}),
    "backup": frozenset({Role.OWNER, Role.ADMIN}),
    "technical_owner": frozenset({Role.OWNER, Role.ADMIN}),
    "steward": frozenset({Role.STEWARD, Role.ADMIN}),
}
_WITHOUT_OWNER: Final = frozenset({Role.STEWARD, Role.ADMIN})
_WHO: Final[Mapping[str, str]] = {
    "owner": "Only the owner proposes a successor; the steward or an admin does once the owner is "
    "away or has left.",
    "backup": "Only the owner or an admin names another backup.",
    "technical_owner": "Only the owner or an admin names another technical owner.",
    "steward": "Nobody chooses who looks over their own shoulder: only an admin, or the steward "
    "themselves, names another steward.",
}
# How it has ended, where nothing is known to have taken its place.
_OVER: Final[Mapping[HandoverState, str]] = {
    HandoverState.ACCEPTED: "It was accepted: nothing more is owed here.",
    HandoverState.LAPSED: ENDED[ObligationState.LAPSED],
    HandoverState.SUPERSEDED: ENDED[ObligationState.SUPERSEDED],
    HandoverState.DECLINED: "It was declined.",
    HandoverState.WITHDRAWN: "Whoever proposed it has withdrawn it: nothing changes.",
}
_DRAFT: Final = "is a draft: its owner has to accept first, or an admin names another."
_DRAFT_LEFT: Final = "is a draft, and its owner has left: only an admin names another."


def changed_roles(was: Roles, now: Roles) -> tuple[str, ...]:
    """Give the names of the roles that two sets of people fill differently."""
    before, after = asdict(was), asdict(now)
    return tuple(name for name in before if before[name] != after[name])


def handover_faults(was: Roles, now: Roles) -> Mapping[str, str]:
    """Give a sentence for each field of a change of roles that cannot be: empty if it is sound."""
    if not changed_roles(was, now):
        return {"owner": "Nothing changes: name somebody else for one of the four."}
    faults = dict(role_faults(now))
    if now.owner == was.steward == now.steward:
        faults["steward"] = "The successor is the steward now: an admin has to name another."
    return faults


def require_may_change(
    workflow: Workflow, now: Roles, by: str, held: Collection[Role], *, is_owner_there: bool
) -> None:
    """Refuse a change that is not for this person, who holds these roles, to make.

    Whoever is the steward becomes the owner only where an admin names another steward with it: the
    owner names no steward, and nobody names themselves. A draft is owned by its owner's own word.
    Whoever is asked for an owner in another's place names one, with what goes with it, but never
    the steward.
    """
    for name in changed_roles(workflow.roles, now):
        allowed = may_change(name, is_owner_there=is_owner_there)
        is_lent = now.owner != workflow.roles.owner and name != "steward"
        lent = {DELEGATE_OF[role] for role in allowed & DELEGATE_OF.keys()} if is_lent else set()
        if (allowed | lent).isdisjoint(held):
            rule = f"may not name another {name.replace('_', ' ')}"
            raise Refused(rule, _WHO[name], on=workflow.name, field=name, takes=allowed)
    if workflow.state is WorkflowState.LIVE and by == now.owner != workflow.roles.owner:
        raise Refused(
            "may not propose oneself",
            "Nobody proposes themselves: the steward or an admin, whichever you are not, has to.",
            on=workflow.name,
            field="owner",
        )


def may_change(name: str, *, is_owner_there: bool) -> frozenset[Role]:
    """Give the roles whose holders may name somebody else for this one."""
    allowed = _MAY_CHANGE[name]
    return allowed if is_owner_there or name == "steward" else allowed | _WITHOUT_OWNER


def namers(
    role: Role, workflow: Workflow, circle: Circle, gone: AbstractSet[str]
) -> frozenset[Role]:
    """Give the roles in which somebody who is there may name another for this one.

    `gone` are no full members any more. Before a workflow is live, only admins name anybody.
    """
    if workflow.state is WorkflowState.RETIRED:
        return frozenset()
    is_there = workflow.roles.owner not in gone
    allowed = may_change(role.replace(" ", "_"), is_owner_there=is_there)
    if workflow.state is WorkflowState.DRAFT:
        allowed = frozenset({Role.ADMIN})
    held = {each: {user_id} for each, user_id in named_roles(workflow.roles)}
    people = {**held, Role.ADMIN: circle.admins}
    return frozenset(each for each in allowed if not people[each] <= gone)


def naming(
    role: Role, workflow: Workflow, circle: Circle, gone: AbstractSet[str]
) -> tuple[str, ...]:
    """Say who names another for a role that nobody can answer in; () once that is for nobody."""
    if workflow.state is WorkflowState.RETIRED:
        return ()
    if by := namers(role, workflow, circle, gone):
        command = f"`/answerable handover {workflow.key}`"
        return (f"Another can be named by {one_of(by)}, with {command}.",)
    # Who holds another role may be there, and name others for others.
    return (f"Nobody is left who can name another {role}.", OF_SETTINGS[Role.ADMIN])


def require_live(workflow: Workflow, *, has_left: bool = False) -> None:
    """Refuse to hand over what nobody answers for yet, or any more.

    The owner of a draft who `has_left` is not going to accept it.
    """
    if workflow.state is WorkflowState.LIVE:
        return
    is_draft = workflow.state is WorkflowState.DRAFT
    why = (_DRAFT_LEFT if has_left else _DRAFT) if is_draft else IS_RETIRED
    takes = {Role.ADMIN} if is_draft else set()
    raise Refused("workflow not live", f"{workflow.key} {why}", on=workflow.name, takes=takes)


def require_current(workflow: Workflow, shown: int, newest: int) -> None:
    """Refuse a change of people by a form that was opened before others were named or proposed.

    It would undo what it did not show. `shown` and `newest` are entries that did so.
    """
    if newest > shown:
        raise Refused(
            "people changed since",
            f"Other people were named or proposed for {workflow.key} since this was opened, record "
            f"#{newest}. Nothing was changed: look at it again with "
            f"`/answerable handover {workflow.key}`.",
            on=workflow.name,
        )


def accepted(handover: Handover, by: str, roles: Roles, settled: Settled | None = None) -> Handover:
    """Give the handover as accepted by the successor, or refuse.

    Of one that has ended `settled` is what took its place.
    """
    require_not_over(over(handover, settled))
    if by != handover.roles.owner:
        raise Refused(
            "may not accept for another",
            "Only the person who is to take this workflow over can accept it.",
            on=handover.name,
            takes={Role.SUCCESSOR},
        )
    if roles.owner != handover.was_owner:
        raise Refused(
            "owner has changed since",
            f"The owner of {handover.workflow} has changed since this was proposed.",
            on=handover.name,
        )
    return replace(handover, state=HandoverState.ACCEPTED)


def declined(handover: Handover, by: str, settled: Settled | None = None) -> Handover:
    """Give the handover as declined by the successor, or refuse."""
    require_not_over(over(handover, settled))
    if by != handover.roles.owner:
        raise Refused(
            "may not decline for another",
            "Only the person who is to take this workflow over can decline it.",
            on=handover.name,
            takes={Role.SUCCESSOR},
        )
    return replace(handover, state=HandoverState.DECLINED)


def withdrawn(handover: Handover, by: str, settled: Settled | None = None) -> Handover:
    """Give the handover as withdrawn by who proposed it, or refuse."""
    require_not_over(over(handover, settled))
    if by != handover.proposed_by:
        raise Refused(
            "may not withdraw another's proposal",
            "Only the person who proposed this can withdraw it; the successor can decline it.",
            on=handover.name,
            takes={Role.SUCCESSOR},
        )
    return replace(handover, state=HandoverState.WITHDRAWN)


def over(handover: Handover, settled: Settled | None) -> Refused | None:
    """Give what is said of a proposal that has ended, and how; None while it is open."""
    if handover.state is HandoverState.OPEN:
        return None
    how = settled_in_words(settled) if settled else _OVER[handover.state]
    return Refused(
        "handover already ended",
        f"This proposal is over. {how} `/answerable show {handover.workflow}` says who answers "
        "for it now.",
        on=handover.name,
    )
