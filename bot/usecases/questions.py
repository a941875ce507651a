"""Read-only: what people ask, answered as of now."""

from dataclasses import replace
from datetime import datetime
from typing import Final, cast

from bot.domain.authority import Act, Holding, authorise
from bot.domain.cadences import in_words, next_strikes
from bot.domain.drills import in_seconds
from bot.domain.escalation import pauses_next, people_asked, people_reached, role_reached
from bot.domain.figures import figure_text
from bot.domain.limits import Limit
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.outlook import cost_in_words, sight_in_words
from bot.domain.people import Actor, Circle
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, named_roles, roles_of
from bot.domain.requests import confirmers
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.showing import view_of
from bot.usecases.showing_people import away_now
from bot.usecases.showing_shares import all_waiting
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.holders import holders_of
from bot.usecases.steps.owners import brings_stop
from bot.usecases.steps.proofs import (
    brought_by,
    held_by,
    is_of_sandbox,
    known_held,
    known_next,
    next_of,
    proof_of,
    soonest_step,
)
from bot.usecases.steps.stand_ins import stood_in_for
from bot.usecases.steps.time_taken import outlook_for
from bot.usecases.steps.waiting import with_causes
from bot.usecases.steps.workflows import named
from store.overview import Overdue
from store.reading import Reading

LISTED: Final = 40
OWED_LISTED: Final = 10
DUES_LISTED: Final = 30  # a button for each: 50 blocks is the most of a message


def require_reader(deps: Deps, actor: Actor) -> None:
    """Refuse people who are not full members of the workspace."""
    with deps.store.read(deps.workspace, actor):
        _admit(deps, actor)


def who_may(deps: Deps, refusal: Refused) -> tuple[Holding, ...]:
    """Give who holds the roles that this takes; nothing if it is no matter of roles."""
    if not refusal.takes:
        return ()
    with deps.store.read(deps.workspace) as reading:
        return holders_of(reading, deps.circle, refusal.takes, refusal.on, refusal.rule)


def list_workflows(deps: Deps, actor: Actor) -> views.WorkflowList:
    """Give the registry to a member; people beyond are refused."""
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor)
        everything = reading.workflows.all()
        listed = everything[:LISTED]
        overdue = reading.overview.overdue([each.key for each in listed], reading.now)
        gone = reading.people.gone()
        rows = tuple(
            views.ListedWorkflow(
                key=workflow.key,
                state=workflow.state,
                gate=workflow.gate.state,
                owner=workflow.roles.owner,
                open_breaches=len(reading.breaches.not_closed(workflow.key)),
                overdue=late.count,
                has_left=workflow.roles.owner in gone
                and workflow.state is not WorkflowState.RETIRED,
                reached=role_reached(late.rung),
                climbs_at=soonest_step(reading, workflow.key, late.climbs_at),
            )
            for workflow in listed
            for late in [overdue.get(workflow.key, Overdue())]
        )
    return views.WorkflowList(rows, max(0, len(everything) - LISTED))


def show_workflow(deps: Deps, actor: Actor, key: str) -> views.WorkflowSheet:
    """Give everything a member may know of a workflow; refuse an unknown one."""
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor, named(reading, key))
        workflow = reading.workflows.get(key)
        policy = reading.workflows.policy(key, workflow.policy)
        round_ = reading.rounds.last(key)
        drill = reading.drills.last_measured(key)
        outlook = outlook_for(reading, key, policy)
        owed, more_owed = _owed_now(reading, deps.circle, workflow)
        sheet = views.WorkflowSheet(
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
            plan=policy.plan.in_words,
            cost=cost_in_words(outlook),
            sight=sight_in_words(outlook),
            floor=policy.floor,
            floor_by=policy.floor_by,
            to_prove=policy.to_prove,
            cut_to=policy.capacity if policy.is_cut_to_time else 0,
            tighten=policy.tighten,
            limit_bp=policy.limit_bp,
            limit_basis=policy.limit_basis,
            volume_min=policy.volume_min,
            volume_max=policy.volume_max,
            round=round_.number if round_ else None,
            round_state=round_.state if round_ else None,
            next_firings=next_strikes(policy.cadence, policy.zone, deps.store.clock.now()),
            breaches=tuple(
                views.OpenBreach(breach.number, breach.cause, breach.state)
                for breach in reading.breaches.not_closed(key)
            ),
            away=away_now(reading, workflow.roles, deps.store.clock.now()),
            attest_at=workflow.attest_at,
            data=policy.data,
            proof=proof_of(reading, max(workflow.entry, workflow.gate.entry)),
            limits=tuple(_measured(reading, key, limit) for limit in policy.limits),
            is_drill=reading.drills.running(key) is not None,
            drill_at=workflow.drill_at,
            drilled_at=drill.heard_at if drill else None,
            drill_seconds=in_seconds(drill.milliseconds) if drill else "",
            is_drill_waiting=workflow.drill_at is not None and workflow.drill_at <= reading.now,
            gone=_gone(reading, workflow),
            owed=owed,
            more_owed=more_owed,
            is_of_sandbox=is_of_sandbox(reading),
            hides_answer=policy.hides_answer,
            triggers=str(policy.triggers),
        )
    is_over = workflow.state is WorkflowState.RETIRED
    return _without_what_never_comes(sheet) if is_over else sheet


def _without_what_never_comes(sheet: views.WorkflowSheet) -> views.WorkflowSheet:
    """Give what is left to say of a retired workflow: nothing is asked, drawn or reviewed again."""
    return replace(
        sheet,
        cost="",
        sight="",
        next_firings=(),
        attest_at=None,
        drill_at=None,
        is_drill_waiting=False,
    )


def _gone(reading: Reading, workflow: Workflow) -> tuple[str, ...]:
    gone = reading.people.gone()
    named = dict.fromkeys(user_id for _, user_id in named_roles(workflow.roles))
    return tuple(user_id for user_id in named if user_id in gone)


def _owed_now(
    reading: Reading, circle: Circle, workflow: Workflow
) -> tuple[tuple[views.OwedNow, ...], int]:
    """Give what is owed for a workflow and with whom it is, the earliest due first."""
    owed = sorted(reading.obligations.open_of_workflow(workflow.key), key=lambda each: each.due_at)
    listed = tuple(_owed_as(reading, circle, workflow, each) for each in owed[:OWED_LISTED])
    return listed, len(owed) - len(listed)


def _owed_as(
    reading: Reading, circle: Circle, workflow: Workflow, owed: Obligation
) -> views.OwedNow:
    held, following = held_by(reading, owed), next_of(reading, owed)
    if held:
        # Whoever it went past may have it again, as the last who is left: then it did not come now.
        came = not held.person or held.person in people_asked(owed, workflow.roles, circle)
        since = _climbed_at(reading, owed) if came else None
        held = known_held(reading, circle, owed, replace(held, since=since))
    return views.OwedNow(
        owed.kind,
        owed.workflow,
        owed.subject,
        owed.owed_by,
        owed.due_at,
        owed.is_overdue(reading.now),
        owed.opened_at,
        held=held,
        next=known_next(reading, circle, owed, following) if following else None,
        stands=gate_in_earnest(reading, workflow),
        brings_stop=brings_stop(reading, workflow, owed),
        brought=brought_by(reading, owed),
        pauses_next=pauses_next(owed),
    )


def _climbed_at(reading: Reading, owed: Obligation) -> datetime | None:
    """Give when it came to the rung on which it is; None if it is with whoever owes it."""
    climbs = reading.log.entries_of(Kind.OBLIGATION_CLIMBED, f"obligation/{owed.id}")
    reached = [each.ts for each in climbs if owed.rung > 0 and each.facts["rung"] == owed.rung]
    return datetime.fromisoformat(reached[0]) if reached else None


def list_dues(deps: Deps, actor: Actor) -> views.Dues:
    """Give what a person owes and reviews for others, the earliest due first.

    What has climbed to them is among it.
    """
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor)
        waiting = all_waiting(reading, deps.circle, actor.user_id, reading.workflows.all(), now)
        listed = with_causes(reading, waiting[:DUES_LISTED])
    return views.Dues(listed, max(0, len(waiting) - DUES_LISTED))


_REQUEST: Final = {
    ObligationKind.ACCEPT: MessageKind.ACCEPT_REQUEST,
    ObligationKind.CONFIRM: MessageKind.REQUEST,
    ObligationKind.TAKE_OVER: MessageKind.HANDOVER_REQUEST,
}


def show_request(
    deps: Deps, actor: Actor, kind: ObligationKind, key: str, number: int
) -> views.RequestView:
    """Give all that is to be known before this is answered, as a message would ask them for it."""
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor, named(reading, key))
        workflow = reading.workflows.get(key)
        owed = reading.obligations.find(obligation_id(kind, key, number))
        if owed is None:
            raise Refused("unknown request", f"{key} has no such request.", on=workflow.name)
        opened = reading.log.last_of(Kind.OBLIGATION_OPENED, f"obligation/{owed.id}")
        seq = opened.seq if opened else 0
        request = reading.requests.get(key, number) if kind is ObligationKind.CONFIRM else None
        is_own = request is not None and request.requested_by == actor.user_id
        away = "" if is_own else _in_place_of(deps, reading, actor, workflow, owed)
        # Whoever may confirm need not wait until it has climbed to them.
        may = request is not None and actor.user_id in confirmers(request, workflow.roles)
    place = Place.ANSWER if may or is_own else Place.PERSON
    message = Message(_REQUEST[kind], place, actor.user_id, seq, key, number, obligation=owed.id)
    shown = cast("views.RequestView", view_of(deps, message))
    if isinstance(shown, views.ResumeRequest | views.ChangeRequest):
        return replace(shown, away=away)
    return shown


def _in_place_of(
    deps: Deps, reading: Reading, actor: Actor, workflow: Workflow, owed: Obligation
) -> str:
    """Give in whose place somebody is asked; an empty string if it is in their own."""
    if actor.user_id in people_reached(owed, workflow.roles, deps.circle):
        return ""
    now = deps.store.clock.now()
    theirs = stood_in_for(reading, deps.circle, actor.user_id, workflow, owed, now)
    return min(theirs, default="")


def _admit(deps: Deps, actor: Actor, on: str = "") -> None:
    on = on or f"workspace/{deps.workspace}"
    authorise(Act.READ_REGISTRY, actor, roles_of(actor, deps.circle), on=on)


def _measured(reading: Reading, key: str, limit: Limit) -> views.MeasuredLimit:
    latest = reading.measurements.latest(key, limit.name)
    return views.MeasuredLimit(
        limit=str(limit),
        value=figure_text(latest.value) if latest else None,
        observed_at=latest.observed_at if latest else None,
        is_past=latest is not None and limit.is_passed_by(latest.value),
    )


def _gate_reason(reading: Reading, workflow: Workflow) -> str:
    if workflow.gate.entry < 0:
        return ""
    facts = reading.log.entry(workflow.gate.entry).facts
    if "reason_c" in facts:
        return reading.log.words(workflow.gate.entry, "reason")
    return str(facts["cause"])
