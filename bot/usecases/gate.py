"""Closing the gate takes one person, at once; opening it again takes two."""

from dataclasses import dataclass

from bot.domain import drills
from bot.domain.authority import Act, authorise
from bot.domain.gate import Gate, GateState
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.domain.requests import Request, RequestKind, confirmed, require_resumable
from bot.domain.tokens import Token
from bot.usecases import Deps
from bot.usecases.steps.gate import tighten_gate
from bot.usecases.steps.requests import ask_for_word, open_request
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work

_NOT_LIVE = {WorkflowState.DRAFT: "a draft", WorkflowState.RETIRED: "retired"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """What a pipeline may be told of one workflow's gate, without asking the database again.

    `drill` is the number of the drill that has paused it, 0 if none has.
    """

    key: str
    gate: Gate
    owner: str
    runs_degraded: bool
    drill: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """What pipelines are to be told from now on, as of one moment; `number` grows with changes.

    These are gates and tokens of workflows of which something has changed, not of all.
    """

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
        cause = "paused by a person"
        tighten_gate(work, workflow, GateState.PAUSED, cause, role, reason.strip())
    return work.receipt


def open_resume(deps: Deps, actor: Actor, key: str) -> Resumable | Request:
    """Give what may be asked for to somebody who may ask it, or the request that stands.

    That is one they may confirm, or their own: that they may withdraw.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, key)
        request = open_request(work, workflow, RequestKind.RESUME, deps.circle)
        number = request.number if request else 0  # there is none of number 0
        owed = work.obligations.find(obligation_id(ObligationKind.CONFIRM, key, number))
        roles = roles_for(work, deps.circle, actor, workflow, owed)
        role = authorise(Act.RESUME, actor, roles, on=workflow.name)
        _require_resumable(work, workflow)
        if request and request.requested_by != actor.user_id:
            confirmed(request, workflow, actor.user_id, role)  # refused here, not once it is read
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
        _require_resumable(work, workflow)
        if earlier := open_request(work, workflow, RequestKind.RESUME, deps.circle):
            raise Refused(
                "resume already requested",
                f"Somebody has asked to resume {key} already: confirm that request with "
                f"`/answerable resume {key}` or its button.",
                on=earlier.name,
            )
        ask_for_word(
            work,
            workflow,
            RequestKind.RESUME,
            role,
            reason.strip(),
            {"gate": workflow.gate.state},
            prior=workflow.gate.entry,
        )
    return work.receipt


def read_board(deps: Deps, known: int | None, asked: str = "") -> Board | None:
    """Give what has changed since board `known`, None if nothing has.

    Without one it begins as of now: then nothing has changed yet. What there is to say to who shows
    the token with the hash `asked` is given in any case.
    """
    size = deps.store.known_size(deps.workspace)
    with deps.store.read(deps.workspace) as reading:
        head = reading.log.head_or_none()
        deps.store.require_kept(deps.workspace, head.size if head else 0, size)
        number = head.board if head else 0
        if number == known and not asked:
            return None
        since = number if known is None else known
        token = reading.tokens.find(hash=asked) if asked else None
        drilled = {each.workflow: each for each in reading.drills.all_running()}
        rows = tuple(
            BoardRow(key, gate, owner, degraded, _drill_of(gate, drilled.get(key)))
            for key, gate, owner, degraded in reading.workflows.on_board(
                since, token.workflow if token else ""
            )
        )
        tokens = reading.tokens.on_board(since)
    return Board(number, rows, (*tokens, token) if token else tokens)


def _drill_of(gate: Gate, drill: drills.Drill | None) -> int:
    return drill.number if drill and drill.holds(gate) else 0


def _require_resumable(work: Work, workflow: Workflow) -> None:
    require_resumable(workflow)
    drills.require_none(workflow, work.drills.running(workflow.key))


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
    # A drill's pause ends by itself: only a person's stays.
    if workflow.gate.state is GateState.PAUSED and not work.drills.running(key):
        raise Refused("already paused", f"{key} is paused already.", on=workflow.name)
    return workflow, role
