"""A second person confirms exactly what another asked for, once, or declines it.

Whoever asked can take it back until then.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, cast

from bot.domain import requests
from bot.domain.authority import Act, authorise
from bot.domain.endings import Settled
from bot.domain.gate import RESUMED, GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import SYSTEM, Actor, Circle, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Workflow
from bot.domain.requests import ACT_OF, DECLINING, Request, RequestKind, RequestState
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.drills import ask_drill_if_due
from bot.usecases.steps.gate import move_gate
from bot.usecases.steps.messages import Outcome, answer, tell_person
from bot.usecases.steps.obligations import end_if_open
from bot.usecases.steps.policies import put_in_force
from bot.usecases.steps.requests import (
    CONFIRMED,
    DECLINED,
    WITHDRAWN,
    open_request,
    settled_request,
    supersede_without_asker,
)
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


def end_without_asker(deps: Deps) -> None:
    """End what was asked by whoever is no admin any more: settings are read as the bot starts."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        waiting = work.obligations.open_of_kind(ObligationKind.CONFIRM)
        for key in sorted({each.workflow for each in waiting}):
            supersede_without_asker(work, work.workflows.get(key), deps.circle, None)


def confirm_request(deps: Deps, actor: Actor, key: str, number: int) -> Outcome:
    """Confirm exactly that request, once, as a second person: what was asked for happens now."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, request, role = _asked(deps, work, actor, (key, number), ACT_OF)
        if request.confirmed_by != actor.user_id:
            _confirm(work, deps.circle, workflow, request, role)
        work.point_at(CONFIRMED[request.kind], request.name)
        sentence = _sentence(request, work.workflows.get(key))
        answer(work, sentence, work.receipt.number)
    return Outcome(sentence, work.receipt)


def open_decline(deps: Deps, actor: Actor, key: str, number: int) -> views.DeclineRequestForm:
    """Give the form in which somebody who might confirm a request says why they do not."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, request, role = _asked(deps, work, actor, (key, number), DECLINING)
        requests.declined(request, actor.user_id, role, _settled(work, request))
    return views.DeclineRequestForm(
        workflow=key,
        number=number,
        requested_by=request.requested_by,
        gate=workflow.gate.state if request.kind is RequestKind.RESUME else None,
    )


def decline_request(deps: Deps, actor: Actor, key: str, number: int, reason: str) -> Proof:
    """End a request by a second person's no: all stays as it is, and who asked is told."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, request, role = _asked(deps, work, actor, (key, number), DECLINING)
        ended = requests.declined(request, actor.user_id, role, _settled(work, request))
        seq = _end(work, workflow, ended, DECLINED[request.kind], role, require_words(reason))
        if work.people.is_member(request.requested_by):
            tell_person(work, MessageKind.REQUEST, request.requested_by, workflow, number, seq)
    return work.receipt


def withdraw_request(deps: Deps, actor: Actor, key: str, number: int) -> Outcome:
    """End a request by the word of who made it: all stays as it is. The same again is the same."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, request, role = _asked(deps, work, actor, (key, number), _WITHDRAWING)
        sentence = _WITHDRAWN
        if _is_withdrawn_by(request, actor):
            standing = open_request(work, workflow, request.kind, deps.circle)
            sentence = _withdrawn_before(request, standing)
        else:
            ended = requests.withdrawn(request, actor.user_id, _settled(work, request))
            _end(work, workflow, ended, WITHDRAWN[request.kind], role)
        work.point_at(WITHDRAWN[request.kind], request.name)
        answer(work, sentence, work.receipt.number)
    return Outcome(sentence, work.receipt)


def _settled(work: Work, request: Request) -> Settled | None:
    """Give what took a request's place; of one asked anew, the last, and what is left of that."""
    last, came = request, settled_request(work, request)
    after = came
    while after is not None and after.kind in requests.ASKED_ANEW:
        number = cast("int", work.entry(after.entry).facts["request"])
        came, last = after, work.requests.get(request.workflow, number)
        after = settled_request(work, last)
    if came is None or last is request:
        return came
    return replace(came, newer=requests.about_newer(last, work.actor.user_id, after))


def _is_withdrawn_by(request: Request, actor: Actor) -> bool:
    return request.state is RequestState.WITHDRAWN and request.requested_by == actor.user_id


def _withdrawn_before(request: Request, standing: Request | None) -> str:
    """Say that it is withdrawn already, and of another that stands what to do about that."""
    again = f"You withdrew request {request.number} for {request.workflow} before: nothing changes."
    if standing is None:
        return again
    if standing.requested_by != request.requested_by:
        return f"{again} Request {standing.number}, which somebody else made since, stands."
    return (
        f"{again} Request {standing.number}, which you made since, stands: "
        f"{requests.withdrawing(standing)} to take that back too."
    )


def _end(
    work: Work, workflow: Workflow, ended: Request, kind: Kind, role: Role, reason: str = ""
) -> int:
    """End a request that brings nothing, on record, and what was owed of it."""
    seq = work.record(
        kind,
        ended.name,
        {"workflow": workflow.key, "request": ended.number},
        words={"reason": reason} if reason else None,
        role=role,
        policy=workflow.policy,
        prior=ended.entry,
    )
    work.requests.save(replace(ended, entry=seq))
    owed = obligation_id(ObligationKind.CONFIRM, workflow.key, ended.number)
    end_if_open(work, owed, ObligationState.SUPERSEDED, because=seq)
    return seq


def _asked(
    deps: Deps,
    work: Work,
    actor: Actor,
    place: tuple[str, int],
    acts: Mapping[RequestKind, Act],
) -> tuple[Workflow, Request, Role]:
    """Give a request and in which role somebody may do this with it; refuse if in none."""
    key, number = place
    workflow = workflow_for(work, actor, key)
    request = work.requests.find(key, number)
    if request is None:
        raise Refused("unknown request", f"{key} has no request {number}.", on=workflow.name)
    owed = work.obligations.find(obligation_id(ObligationKind.CONFIRM, key, number))
    roles = roles_for(work, deps.circle, actor, workflow, owed)
    over = requests.over(request, _settled(work, request))
    role = authorise(acts[request.kind], actor, roles, on=request.name, over=over)
    return workflow, request, role


def _sentence(request: Request, workflow: Workflow) -> str:
    """Say what was confirmed, and if it was long ago what holds now."""
    if request.proposal is None:
        if workflow.gate.state is GateState.RUN:
            return f"You confirmed: {workflow.key} runs again."
        state = workflow.gate.state.replace("_", " ")
        return (
            f"You confirmed this request, and {workflow.key} ran again then. Its gate is set to "
            f"{state} now."
        )
    confirmed = f"You confirmed version {request.proposal.number} of the policy of {workflow.key}."
    if workflow.policy != request.proposal.number:
        return f"{confirmed} Version {workflow.policy} is in force now."
    return f"{confirmed} What is owed from then on and the next round follow it."


def _confirm(work: Work, circle: Circle, workflow: Workflow, request: Request, role: Role) -> None:
    settled = _settled(work, request)
    require_not_over(requests.over(request, settled))
    _REQUIRE[request.kind](workflow)
    given = requests.confirmed(request, workflow, work.actor.user_id, role, settled)
    requests.require_asker(request, workflow, circle, work.people.gone().keys())
    seq = work.record(
        CONFIRMED[request.kind],
        request.name,
        {"workflow": workflow.key, "request": request.number},
        role=role,
        policy=workflow.policy,
        prior=request.entry,
    )
    given = replace(given, entry=seq)
    work.requests.save(given)
    _CARRY_OUT[request.kind](work, workflow, given, role)
    owed = obligation_id(ObligationKind.CONFIRM, workflow.key, request.number)
    end_if_open(work, owed, role=role)


def _resume(work: Work, workflow: Workflow, request: Request, role: Role) -> None:
    move_gate(work, workflow, GateState.RUN, RESUMED, role, prior=request.entry)
    ask_drill_if_due(work, workflow.key)  # one that a pause has put off, or that came due in it


def _change(work: Work, workflow: Workflow, request: Request, role: Role) -> None:
    asked = work.log.last_of(Kind.CHANGE_REQUESTED, request.name)
    if asked is None or request.proposal is None:
        raise LookupError(f"{request.name} proposes no policy")
    # Weaker in what it was weaker in when it was asked: that is what was shown and confirmed.
    weakens = [str(field) for field in cast("list[object]", asked.facts["weakens"])]
    put_in_force(work, workflow, request.proposal, role, weakens=weakens, prior=request.entry)


_WITHDRAWN: Final = "Your request is withdrawn: nothing changes."
_WITHDRAWING: Final = dict.fromkeys(RequestKind, Act.WITHDRAW_REQUEST)
_REQUIRE: Final[dict[RequestKind, Callable[[Workflow], None]]] = {
    RequestKind.RESUME: requests.require_resumable,
    RequestKind.CHANGE: requests.require_changeable,
}
_CARRY_OUT: Final[dict[RequestKind, Callable[[Work, Workflow, Request, Role], None]]] = {
    RequestKind.RESUME: _resume,
    RequestKind.CHANGE: _change,
}
