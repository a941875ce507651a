"""What takes two people: one asks, another confirms exactly that, once and in time.

So a gate is opened again, and a policy made weaker. Requests of both kinds are numbered together.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.authority import WHO, Act, one_of
from bot.domain.breaches import Decision
from bot.domain.endings import Settled, settled_in_words
from bot.domain.escalation import roles_held
from bot.domain.gate import GateState
from bot.domain.obligations import ENDED, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Roles, Workflow, require_not_retired


class RequestKind(StrEnum):
    RESUME = "resume"
    CHANGE = "change"


class RequestState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# What somebody must be allowed to, who asks, and for as long as what they asked stands.
ASKING: Final = {
    RequestKind.RESUME: Act.RESUME,
    RequestKind.CHANGE: Act.CHANGE_POLICY,
}
# Who confirms.
ACT_OF: Final = {
    RequestKind.RESUME: Act.RESUME,
    RequestKind.CHANGE: Act.CONFIRM_CHANGE,
}
# And who declines.
DECLINING: Final = {
    RequestKind.RESUME: Act.DECLINE_RESUME,
    RequestKind.CHANGE: Act.DECLINE_CHANGE,
}
_WANTED: Final = {
    RequestKind.RESUME: "to resume",
    RequestKind.CHANGE: "to change the policy of",
}
# With what it is asked, and asked again.
_VERB: Final = {RequestKind.RESUME: "resume", RequestKind.CHANGE: "register"}
_OWNERS_SIDE: Final = frozenset({Role.OWNER, Role.OWNER_DELEGATE})
# How it has ended, where nothing is known to have taken its place.
_OVER: Final = {
    RequestState.CONFIRMED: "It was confirmed: nothing more is owed here.",
    RequestState.LAPSED: ENDED[ObligationState.LAPSED],
    RequestState.SUPERSEDED: ENDED[ObligationState.SUPERSEDED],
    RequestState.DECLINED: "It was declined: nothing changes.",
    RequestState.WITHDRAWN: "Whoever asked has withdrawn it: nothing changes.",
}
ASKED_ANEW: Final = frozenset({Kind.RESUME_REQUESTED, Kind.CHANGE_REQUESTED})
# The rule, for the record, where whoever asked may not any more: others ask anew.
ASKER_GONE: Final = "asker may not ask any more"


@dataclass(frozen=True, slots=True)
class Request:
    """What one person asked for and a second has to confirm.

    `about` is what it was asked about and nothing later: the entry that closed the gate, or the
    version of the policy that was in force. `proposal` is the policy that is to follow it.
    """

    workflow: str
    number: int
    kind: RequestKind
    requested_by: str
    role: Role
    about: int
    proposal: Policy | None = None
    state: RequestState = RequestState.OPEN
    confirmed_by: str = ""
    entry: int = -1

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.workflow}/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.OPEN


def stands_at(workflow: Workflow, kind: RequestKind) -> int:
    """Give what a request of this kind would be about if it were made now."""
    return workflow.gate.entry if kind is RequestKind.RESUME else workflow.policy


def has_asker(request: Request, workflow: Workflow, circle: Circle, gone: AbstractSet[str]) -> bool:
    """Tell whether whoever asked may ask for it still: what they asked stands only so long.

    They are a full member, none of those who are `gone`, and hold a role that may ask for it.
    """
    held = roles_held(request.requested_by, workflow.roles, circle)
    return request.requested_by not in gone and not held.isdisjoint(WHO[ASKING[request.kind]])


def require_asker(
    request: Request, workflow: Workflow, circle: Circle, gone: AbstractSet[str]
) -> None:
    """Refuse what only one person stands for, since whoever asked may not ask for it any more."""
    if not has_asker(request, workflow, circle, gone):
        raise Refused(
            ASKER_GONE,
            "Whoever asked for this may not ask for it any more, and it takes two people who may. "
            f"{asking_again(request)}",
            on=request.name,
            takes=WHO[ASKING[request.kind]],
        )


def asking_again(request: Request) -> str:
    """Say who can ask for the same again, and with what."""
    who = one_of(WHO[ASKING[request.kind]])
    command = f"`/answerable {_VERB[request.kind]} {request.workflow}`"
    return f"It can be asked for again by {who}, with {command}."


def require_resumable(workflow: Workflow) -> None:
    """Refuse if there is nothing to resume, or nothing that can be."""
    require_not_retired(workflow)
    if workflow.gate.state in {GateState.RUN, GateState.NOT_READY}:
        raise Refused(
            "nothing to resume",
            f"The gate of {workflow.key} is “{workflow.gate.state.replace('_', ' ')}”: "
            "there is nothing to resume.",
            on=workflow.name,
        )


def require_changeable(workflow: Workflow) -> None:
    """Refuse if this workflow's policy is for good what it is."""
    require_not_retired(workflow)


def require_current(workflow: Workflow, version: int) -> None:
    """Refuse a change that was made to a version which is no longer in force."""
    if workflow.policy != version:
        raise Refused(
            "policy changed since",
            f"Version {workflow.policy} of the policy of {workflow.key} is in force by now; this "
            f"was about version {version}. Nothing was changed: look at it again with "
            f"`/answerable register {workflow.key}`.",
            on=workflow.name,
        )


def confirmers(request: Request, roles: Roles) -> tuple[str, ...]:
    """Give the named people who may confirm a request, each once."""
    barred = barred_from_confirming(request, roles)
    people = dict.fromkeys((roles.owner, roles.backup, roles.steward))
    return tuple(each for each in people if each not in barred)


def barred_from_confirming(request: Request, roles: Roles) -> frozenset[str]:
    """Give who may not confirm a request: its asker, and the owner if an owner asked."""
    owner = {roles.owner} if request.role in _OWNERS_SIDE else set()
    return frozenset({request.requested_by} | owner)


def second_person(request: Request, roles: Roles) -> str:
    """Give who is asked to confirm, of those who may: first whoever answers for the workflow.

    Silence asks the others, for they come after the owner on the ladder.
    """
    wanted = (roles.owner, roles.backup, roles.steward)
    barred = barred_from_confirming(request, roles)
    return next(user_id for user_id in wanted if user_id not in barred)


def confirmed(
    request: Request, workflow: Workflow, by: str, role: Role, settled: Settled | None = None
) -> Request:
    """Give the request as confirmed by a second person, or refuse.

    The two must be different people and one of them not the owner; what it was about must not
    have moved since. Of one that has ended `settled` is what took its place.
    """
    require_not_over(over(request, settled))
    _require_second(request, by, role)
    _require_unmoved(request, workflow)
    return replace(request, state=RequestState.CONFIRMED, confirmed_by=by)


def declined(request: Request, by: str, role: Role, settled: Settled | None = None) -> Request:
    """Give the request as declined by somebody who might have confirmed it, or refuse."""
    require_not_over(over(request, settled))
    if by == request.requested_by:
        raise Refused(
            "may not decline own request",
            f"You asked for this yourself: {withdrawing(request)} to take it back.",
            on=request.name,
        )
    _require_second(request, by, role)
    return replace(request, state=RequestState.DECLINED)


def withdrawn(request: Request, by: str, settled: Settled | None = None) -> Request:
    """Give the request as taken back by who made it, or refuse."""
    require_not_over(over(request, settled))
    if by != request.requested_by:
        raise Refused(
            "may not withdraw another's request",
            "Only the person who asked for this can withdraw it; whoever may confirm it can "
            "decline it.",
            on=request.name,
            takes=_seconds(request),
        )
    return replace(request, state=RequestState.WITHDRAWN)


def withdrawing(request: Request) -> str:
    """Give, within a sentence, what whoever asked does to take it back."""
    press = "press “Withdraw” on it"
    if request.kind is RequestKind.CHANGE:
        return press
    return f"{press}, in its message or with `/answerable resume {request.workflow}`"


def about_newer(newer: Request, by: str, settled: Settled | None) -> str:
    """Say what somebody can do about a request that took another's place, or how it has ended.

    `settled` is what took its own place, if anything did.
    """
    if not newer.is_open:
        return f"That one is over too. {_how_ended(newer, settled)}"
    if by == newer.requested_by:
        return f"You asked for that one yourself: {withdrawing(newer)} to take it back."
    return "That one has its own message: confirm or decline it there."


def over(request: Request, settled: Settled | None) -> Refused | None:
    """Give what is said of a request that has ended, and how; None while it is open.

    `settled` is what took its place, if anything did.
    """
    if request.is_open:
        return None
    return Refused(
        "request already ended",
        f"This request {_WANTED[request.kind]} {request.workflow} is over. "
        f"{_how_ended(request, settled)}",
        on=request.name,
    )


def _how_ended(request: Request, settled: Settled | None) -> str:
    how = settled_in_words(settled) if settled else _OVER[request.state]
    return f"{how} {_instead(request, settled)}".strip()


def _instead(request: Request, settled: Settled | None) -> str:
    """Say what can be done about what has ended; "" if nothing is left to do."""
    if settled and settled.newer:
        return settled.newer
    is_retired = settled is not None and settled.decision == Decision.RETIRE
    if request.state is RequestState.CONFIRMED or is_retired:
        return ""
    return asking_again(request)


def _require_second(request: Request, by: str, role: Role) -> None:
    if by == request.requested_by:
        raise Refused(
            "may not confirm own request",
            "You asked for this yourself: a second person has to confirm it.",
            on=request.name,
            takes=_seconds(request),
        )
    if {request.role, role} <= _OWNERS_SIDE:
        raise Refused(
            "one must not be the owner",
            f"One of the two who agree {_WANTED[request.kind]} a workflow must be somebody besides "
            "its owner.",
            on=request.name,
            takes=WHO[ACT_OF[request.kind]] - _OWNERS_SIDE,
        )


def _seconds(request: Request) -> frozenset[Role]:
    """Give the roles whose word a request waits for, whoever of these is barred from it."""
    may = WHO[ACT_OF[request.kind]]
    return may - _OWNERS_SIDE if request.role in _OWNERS_SIDE else may


def _require_unmoved(request: Request, workflow: Workflow) -> None:
    if request.kind is RequestKind.CHANGE:
        require_current(workflow, request.about)
    elif workflow.gate.entry != request.about:
        raise Refused(
            "gate has moved since",
            f"The gate of {request.workflow} has moved since this was asked: ask again with "
            f"`/answerable resume {request.workflow}`.",
            on=request.name,
        )
