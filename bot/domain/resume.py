"""Loosening a gate takes two people: one asks with a reason, another confirms exactly that."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.gate import Gate, GateState
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.domain.registry import Roles, Workflow, WorkflowState


class RequestState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """A request to let a workflow run again.

    It is about one closing of the gate, named by the entry that made it, and about no later
    one.
    """

    workflow: str
    number: int
    requested_by: str
    role: Role
    gate_entry: int
    state: RequestState = RequestState.OPEN
    confirmed_by: str = ""
    entry: int = -1

    @property
    def name(self) -> str:
        return f"resume/{self.workflow}/{self.number}"


def require_resumable(workflow: Workflow) -> None:
    """Refuse if there is nothing to resume, or nothing that can be."""
    if workflow.state is WorkflowState.RETIRED:
        raise Refused(
            "workflow retired",
            f"{workflow.key} is retired; register a new workflow instead.",
            on=workflow.name,
        )
    if workflow.gate.state in {GateState.RUN, GateState.NOT_READY}:
        raise Refused(
            "nothing to resume",
            f"The gate of {workflow.key} is “{workflow.gate.state.replace('_', ' ')}”: "
            "there is nothing to resume.",
            on=workflow.name,
        )


def confirmers(request: ResumeRequest, roles: Roles) -> tuple[str, ...]:
    """Give the people who may confirm a request, each once: whoever may resume but its asker."""
    people = dict.fromkeys((roles.owner, roles.backup, roles.steward))
    return tuple(each for each in people if each != request.requested_by)


def confirmed(request: ResumeRequest, gate: Gate, by: str, role: Role) -> ResumeRequest:
    """Give the request as confirmed by a second person, or refuse.

    The two must be different people and one of them not the owner; the gate must still be the
    one the request was about.
    """
    if request.state is not RequestState.OPEN:
        raise Refused(
            "request already ended",
            f"This request to resume {request.workflow} is already {request.state}.",
            on=request.name,
        )
    if by == request.requested_by:
        raise Refused(
            "may not confirm own request",
            "You asked for this yourself: a second person has to confirm it.",
            on=request.name,
        )
    if request.role is Role.OWNER and role is Role.OWNER:
        raise Refused(
            "one must not be the owner",
            "One of the two who resume a workflow must be somebody besides its owner.",
            on=request.name,
        )
    if gate.entry != request.gate_entry:
        raise Refused(
            "gate has moved since",
            f"The gate of {request.workflow} has moved since this was asked: ask again with "
            f"`/answerable resume {request.workflow}`.",
            on=request.name,
        )
    return replace(request, state=RequestState.CONFIRMED, confirmed_by=by)
