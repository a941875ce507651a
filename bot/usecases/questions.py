"""Read-only: what people ask, answered as of now."""

from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.cadences import in_words, next_strikes
from bot.domain.escalation import people_reached
from bot.domain.obligations import Obligation
from bot.domain.people import Actor
from bot.domain.registry import Workflow, roles_of
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.showing import proof_of
from bot.usecases.steps.independence import barred_from
from store.unit_of_work import Reading

LISTED: Final = 40
DUES_LISTED: Final = 40


def require_reader(deps: Deps, actor: Actor) -> None:
    """Refuse people who are not full members of the workspace."""
    with deps.store.read(deps.workspace, actor):
        _admit(deps, actor)


def list_workflows(deps: Deps, actor: Actor) -> views.WorkflowList:
    """Give the registry to a member; people beyond are refused."""
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor)
        everything = reading.workflows.all()
        rows = tuple(
            views.ListedWorkflow(
                key=workflow.key,
                state=workflow.state,
                gate=workflow.gate.state,
                owner=workflow.roles.owner,
                open_breaches=len(reading.breaches.not_closed(workflow.key)),
            )
            for workflow in everything[:LISTED]
        )
    return views.WorkflowList(rows, max(0, len(everything) - LISTED))


def show_workflow(deps: Deps, actor: Actor, key: str) -> views.WorkflowSheet:
    """Give everything a member may know of a workflow; refuse an unknown one."""
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor)
        workflow = reading.workflows.get(key)
        policy = reading.workflows.policy(key, workflow.policy)
        round_ = reading.rounds.last(key)
        return views.WorkflowSheet(
            key=key,
            purpose=reading.log.words(workflow.entry, "purpose"),
            state=workflow.state,
            gate=workflow.gate.state,
            gate_since=workflow.gate.since,
            gate_reason=_gate_reason(reading, workflow),
            roles=workflow.roles,
            channel=workflow.channel,
            policy=policy.number,
            cadence=in_words(policy.cadence),
            zone=policy.zone,
            hours=policy.hours,
            holidays_in=policy.holidays_in,
            holidays_until=max(policy.holidays, default=None),
            sample=policy.sample,
            floor=policy.floor,
            limit_bp=policy.limit_bp,
            volume_min=policy.volume_min,
            volume_max=policy.volume_max,
            round=round_.number if round_ else None,
            round_state=round_.state if round_ else None,
            next_firings=next_strikes(policy.cadence, policy.zone, deps.store.clock.now()),
            breaches=tuple(
                views.OpenBreach(breach.number, breach.cause, breach.state)
                for breach in reading.breaches.not_closed(key)
            ),
            proof=proof_of(reading, max(workflow.entry, workflow.gate.entry)),
        )


def list_dues(deps: Deps, actor: Actor) -> views.Dues:
    """Give what a person owes, what has climbed to them included, oldest first."""
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor)
        owed = [
            owed
            for owed in reading.obligations.all_open()
            if _is_with(deps, reading, owed, actor.user_id)
        ]
    rows = tuple(
        views.Due(each.kind, each.workflow, each.subject, each.due_at, each.is_overdue(now))
        for each in owed[:DUES_LISTED]
    )
    return views.Dues(rows, max(0, len(owed) - DUES_LISTED))


def _admit(deps: Deps, actor: Actor) -> None:
    authorise(
        Act.READ_REGISTRY, actor, roles_of(actor, deps.circle), on=f"workspace/{deps.workspace}"
    )


def _is_with(deps: Deps, reading: Reading, owed: Obligation, user_id: str) -> bool:
    """Tell whether an obligation has reached somebody whose answer to it would count."""
    workflow = reading.workflows.get(owed.workflow)
    if user_id not in people_reached(owed, workflow.roles, deps.circle):
        return False
    return user_id not in barred_from(reading, workflow, owed)


def _gate_reason(reading: Reading, workflow: Workflow) -> str:
    if workflow.gate.entry < 0:
        return ""
    facts = reading.log.entry(workflow.gate.entry).facts
    if "reason_c" in facts:
        return reading.log.words(workflow.gate.entry, "reason")
    return str(facts["cause"])
