"""Closing the gate takes one person, at once; opening it again takes two."""

from dataclasses import dataclass, replace

from bot.domain import resume
from bot.domain.authority import Act, authorise
from bot.domain.gate import Gate, GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.domain.resume import RequestState, ResumeRequest
from bot.domain.tokens import Token
from bot.usecases import Deps
from bot.usecases.steps.gate import move_gate, supersede_request
from bot.usecases.steps.messages import answer, tell_channel, tell_person
from bot.usecases.steps.obligations import end_if_open, owe
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work

_NOT_LIVE = {WorkflowState.DRAFT: "a draft", WorkflowState.RETIRED: "retired"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """What a pipeline may be told of one workflow's gate, without asking the database again."""

    key: str
    gate: Gate
    owner: str
    runs_degraded: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All gates and tokens as of one moment; `number` grows with every change."""

    number: int
    gates: tuple[BoardRow, ...]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Resumable:
    """A workflow that may be asked to run again, and its breaches that are not closed."""

    key: str
    gate: GateState
    open_breaches: tuple[int, ...]


def open_pause(deps: Deps, actor: Actor, key: str) -> Workflow:
    """Give the workflow to somebody who may pause it; refuse anybody else."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, _ = _pausable(deps, work, actor, key)
    return workflow


def pause_workflow(deps: Deps, actor: Actor, key: str, reason: str) -> Proof:
    """Pause a workflow at once; the next evaluation of its gate says so."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, role = _pausable(deps, work, actor, key)
        require_words(reason)
        move_gate(work, workflow, GateState.PAUSED, "paused by a person", role, reason.strip())
    return work.receipt


def open_resume(deps: Deps, actor: Actor, key: str) -> Resumable | ResumeRequest:
    """Give what may be asked for to somebody who may ask it, or the request they may confirm."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, key)
        roles = roles_of(actor, deps.circle, workflow)
        authorise(Act.RESUME, actor, roles, on=workflow.name)
        resume.require_resumable(workflow)
        request = _open_request(work, workflow)
        waiting = tuple(breach.number for breach in work.breaches.not_closed(key))
    return request or Resumable(key, workflow.gate.state, waiting)


def request_resume(deps: Deps, actor: Actor, key: str, reason: str) -> Proof:
    """Ask, with a reason, to let a workflow run again; a second person has to confirm."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow = workflow_for(work, actor, key)
        role = authorise(
            Act.RESUME, actor, roles_of(actor, deps.circle, workflow), on=workflow.name
        )
        require_words(reason)
        resume.require_resumable(workflow)
        if earlier := _open_request(work, workflow):
            raise Refused(
                "resume already requested",
                f"Somebody has asked to resume {key} already: confirm that request with "
                f"`/answerable resume {key}` or its button.",
                on=earlier.name,
            )
        _request(work, workflow, actor, role, reason.strip())
    return work.receipt


def confirm_resume(deps: Deps, actor: Actor, key: str, number: int) -> Proof:
    """Confirm exactly that request, once, as a second person: the workflow runs again."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, key)
        request = work.requests.get(key, number)
        if request is None:
            raise Refused("unknown request", f"{key} has no request to resume {number}.")
        role = authorise(Act.RESUME, actor, roles_of(actor, deps.circle, workflow), on=request.name)
        if request.confirmed_by != actor.user_id:
            _confirm(work, workflow, request, actor, role)
        work.point_at(Kind.RESUME_CONFIRMED, request.name)
        answer(work, f"You confirmed: {key} runs again.", work.receipt.number)
    return work.receipt


def read_board(deps: Deps, known: int) -> Board | None:
    """Give all gates and tokens if they have changed since board `known`, else None."""
    with deps.store.read(deps.workspace) as reading:
        head = reading.log.head_or_none()
        number = head.board if head else 0
        if number == known:
            return None
        rows = tuple(
            BoardRow(
                workflow.key,
                workflow.gate,
                workflow.roles.owner,
                reading.workflows.policy(workflow.key, workflow.policy).runs_degraded,
            )
            for workflow in reading.workflows.all()
        )
        return Board(number, rows, reading.tokens.all())


def _pausable(deps: Deps, work: Work, actor: Actor, key: str) -> tuple[Workflow, Role]:
    workflow = workflow_for(work, actor, key)
    roles = roles_of(actor, deps.circle, workflow)
    role = authorise(Act.TIGHTEN_GATE, actor, roles, on=workflow.name)
    if workflow.state is not WorkflowState.LIVE:
        raise Refused(
            "workflow not live",
            f"{key} is {_NOT_LIVE[workflow.state]}: its gate lets nothing run, "
            "there is nothing to pause.",
            on=workflow.name,
        )
    if workflow.gate.state is GateState.PAUSED:
        raise Refused("already paused", f"{key} is paused already.", on=workflow.name)
    return workflow, role


def _open_request(work: Work, workflow: Workflow) -> ResumeRequest | None:
    request = work.requests.last(workflow.key)
    is_open = request and request.state is RequestState.OPEN
    if request and is_open and request.gate_entry == workflow.gate.entry:
        return request
    return None


def _request(work: Work, workflow: Workflow, actor: Actor, role: Role, reason: str) -> None:
    last = work.requests.last(workflow.key)
    supersede_request(work, workflow)
    request = ResumeRequest(
        workflow=workflow.key,
        number=last.number + 1 if last else 1,
        requested_by=actor.user_id,
        role=role,
        gate_entry=workflow.gate.entry,
    )
    seq = work.record(
        Kind.RESUME_REQUESTED,
        request.name,
        {"workflow": workflow.key, "request": request.number, "gate": workflow.gate.state},
        words={"reason": reason},
        role=role,
        policy=workflow.policy,
        prior=workflow.gate.entry,
    )
    work.requests.add(replace(request, entry=seq))
    second = _second_person(workflow, actor.user_id)
    owed = owe(work, workflow, ObligationKind.CONFIRM, request.number, second)
    kind = MessageKind.RESUME_REQUEST
    tell_channel(work, kind, workflow, request.number, seq, owed.id)
    tell_person(work, kind, second, workflow, request.number, seq, owed.id)


def _second_person(workflow: Workflow, asker: str) -> str:
    """Give who is asked to confirm: the backup, or the steward if it was the backup who asked."""
    return workflow.roles.backup if asker != workflow.roles.backup else workflow.roles.steward


def _confirm(
    work: Work, workflow: Workflow, request: ResumeRequest, actor: Actor, role: Role
) -> None:
    resume.require_resumable(workflow)
    given = resume.confirmed(request, workflow.gate, actor.user_id, role)
    seq = work.record(
        Kind.RESUME_CONFIRMED,
        request.name,
        {"workflow": workflow.key, "request": request.number},
        role=role,
        policy=workflow.policy,
        prior=request.entry,
    )
    work.requests.save(replace(given, entry=seq))
    owed = obligation_id(ObligationKind.CONFIRM, workflow.key, request.number)
    move_gate(work, workflow, GateState.RUN, "resumed by two people", role)
    end_if_open(work, owed, role=role)
