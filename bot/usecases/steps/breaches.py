"""Breaches: found, opened, closed, and shown as they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from typing import Final

from bot.domain.breaches import Breach, BreachState, Cause
from bot.domain.messages import MessageKind
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow
from bot.domain.requests import RequestKind
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.obligations import owe
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work

# Causes of which a second is not opened while one is still somebody's to answer for.
# Of what is measured, each name counts by itself.
_LASTING = frozenset(
    {
        Cause.NO_OUTPUTS,
        Cause.VOLUME,
        Cause.PAUSE_NOT_HONOURED,
        Cause.LIMIT_EXCEEDED,
        Cause.NO_MEASUREMENT,
        Cause.OVERLOAD,
    }
)
_OWED_FOR_BREACHES = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)
# What is owed of a breach in each state.
_STEP: Final = {
    BreachState.OPEN: ObligationKind.ACKNOWLEDGE,
    BreachState.ACKNOWLEDGED: ObligationKind.DECIDE,
    BreachState.DECIDED: ObligationKind.CARRY_OUT,
}


def breach_for(work: Work, actor: Actor, key: str, number: int) -> tuple[Workflow, Breach]:
    """Give the breach that somebody names, with its workflow; refuse if there is none."""
    workflow = workflow_for(work, actor, key)
    breach = work.breaches.find(key, number)
    if breach is None:
        raise Refused("unknown breach", f"{key} has no breach {number}.", on=workflow.name)
    return workflow, breach


def owed_next(reading: Reading, breach: Breach) -> Obligation | None:
    """Give what somebody owes of a breach now; None if that is nothing."""
    kind = _STEP.get(breach.state)
    if kind is None:
        return None
    owed = reading.obligations.find(obligation_id(kind, breach.workflow, breach.number))
    return owed if owed and owed.is_open else None


def open_breach(
    work: Work,
    workflow: Workflow,
    cause: Cause,
    detail: str,
    facts: Mapping[str, object] | None = None,
    number_of_round: int | None = None,
    *,
    measurement: str = "",
    is_critical: bool = False,
    because: int | None = None,
) -> Breach | None:
    """Open a breach for the owner to acknowledge; None while one of a lasting cause is open.

    `because` is the entry that it follows from, if that is one.
    """
    if cause in _LASTING and _is_open(work, workflow, cause, measurement):
        return None
    breach = Breach(
        workflow=workflow.key,
        number=work.breaches.next_number(workflow.key),
        cause=cause,
        is_critical=is_critical or cause is Cause.CRITICAL_VERDICT,
        state=BreachState.OPEN,
        detail=detail,
        opened_at=work.now,
        round=number_of_round,
        measurement=measurement,
    )
    seq = _record_opened(work, workflow, breach, facts or {}, because)
    breach = replace(breach, entry=seq)
    work.breaches.add(breach)
    owed = owe(
        work,
        workflow,
        ObligationKind.ACKNOWLEDGE,
        breach.number,
        workflow.roles.owner,
        is_critical=breach.is_critical,
    )
    tell_breach(work, workflow, breach, owed.id)
    _show_what_waits(work, workflow)
    return breach


def _is_open(work: Work, workflow: Workflow, cause: Cause, measurement: str) -> bool:
    return any(
        (breach.cause, breach.measurement) == (cause, measurement)
        for breach in work.breaches.not_closed(workflow.key)
    )


def _record_opened(
    work: Work,
    workflow: Workflow,
    breach: Breach,
    facts: Mapping[str, object],
    because: int | None,
) -> int:
    return work.record(
        Kind.BREACH_OPENED,
        breach.name,
        {
            "workflow": workflow.key,
            "breach": breach.number,
            "cause": breach.cause,
            "critical": breach.is_critical,
            "detail": breach.detail,
            "round": breach.round,
            **({"measurement": breach.measurement} if breach.measurement else {}),
            **facts,
        },
        policy=workflow.policy,
        prior=because,
    )


def record_closed(
    work: Work, workflow: Workflow, breach: Breach, role: Role, because: int | None
) -> None:
    """Keep a breach that is closed, on record and on its card."""
    seq = work.record(
        Kind.BREACH_CLOSED,
        breach.name,
        {"workflow": breach.workflow, "breach": breach.number},
        role=role,
        policy=workflow.policy,
        prior=because,
    )
    shut = replace(breach, entry=seq)
    work.breaches.save(shut)
    tell_breach(work, workflow, shut)
    _show_what_waits(work, workflow)


def tell_breach(work: Work, workflow: Workflow, breach: Breach, obligation: str = "") -> None:
    """Bring a breach's card up to date in the channel and with those who owe the next step.

    So is the card of whoever was asked for an earlier step and holds a role still: it follows the
    breach. Nobody else's does: it says that nothing more is asked of them.
    """
    kind = MessageKind.BREACH_CARD
    people = {workflow.roles.owner}
    if breach.is_critical:
        people.add(workflow.roles.steward)
    steps = [obligation_id(each, breach.workflow, breach.number) for each in _STEP.values()]
    people |= work.outbox.people_shown(kind, steps) & set(astuple(workflow.roles))
    tell_channel(work, kind, workflow, breach.number, breach.entry, obligation)
    for user_id in sorted(people):
        tell_person(work, kind, user_id, workflow, breach.number, breach.entry, obligation)
    tell_who_raised_it(work, workflow, breach)


def tell_again(work: Work, breach: Breach) -> None:
    """Have the card of a breach tried by every way, with what is owed of it now."""
    owed = owed_next(work, breach)
    workflow = work.workflows.get(breach.workflow)
    tell_breach(work, workflow, breach, owed.id if owed else "")


def _show_what_waits(work: Work, workflow: Workflow) -> None:
    """Show requests to resume anew: whoever confirms one is to see which breaches stand by then."""
    for request in work.requests.open_of_workflow(workflow.key):
        if request.kind is RequestKind.RESUME:
            owed_id = obligation_id(ObligationKind.CONFIRM, workflow.key, request.number)
            work.outbox.show_anew(owed_id)


def tell_who_raised_it(work: Work, workflow: Workflow, breach: Breach) -> None:
    """Tell whoever raised a concern what has become of it, once somebody has answered."""
    if breach.cause is not Cause.CONCERN_RAISED or breach.state is BreachState.OPEN:
        return
    concern = work.concerns.get(breach.workflow, breach.number)
    if work.people.is_member(concern.raised_by):
        kind = MessageKind.CONCERN_NOTICE
        tell_person(work, kind, concern.raised_by, workflow, breach.number, breach.entry)


def tell_breaches(work: Work, workflow: Workflow, breaches: Iterable[Breach]) -> None:
    """Bring cards up to date with what has changed beside the breaches themselves."""
    owed = {
        each.subject: each.id
        for each in work.obligations.open_of_workflow(workflow.key)
        if each.kind in _OWED_FOR_BREACHES
    }
    for breach in breaches:
        tell_breach(work, workflow, breach, owed.get(breach.number, ""))
