"""Taking in what pipelines measured, and noticing when they report nothing."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from bot.domain.breaches import Breach, Cause
from bot.domain.figures import figure_text
from bot.domain.intake import Intake, Rejected
from bot.domain.limits import Limit
from bot.domain.measurements import (
    KEPT,
    Awaited,
    Measurement,
    clash,
    measurement_fault,
    period_end,
)
from bot.domain.moments import utc_text
from bot.domain.people import SYSTEM, Actor
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.usecases import DUE_AT_ONCE, Deps
from bot.usecases.steps.breaches import open_breach, tell_breaches
from bot.usecases.steps.measurements import await_next
from bot.usecases.steps.obligations import policy_of
from bot.usecases.steps.workflows import require_live
from store.reading import Reading
from store.unit_of_work import Work, timestamp

IN_ONE_ENTRY: Final = 400  # values; an entry holds 65,535 bytes and a value takes up to 127

_NAME: Final = attrgetter("name")


def receive_measurements(
    deps: Deps, actor: Actor, key: str, sent: Sequence[Measurement], turned_away: int = 0
) -> Intake:
    """Take values for a live workflow; each is taken, known already or rejected.

    Values past their limit are a breach, or are counted on the one that stands. `turned_away`
    counts what was sent with them and is no measurement at all: the record says so too.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = work.workflows.get(key)
        require_live(workflow)
        limits = policy_of(work, workflow).limits
        fresh, intake = _sort(work, workflow, limits, sent)
        _miss_overdue(work, workflow, {each.name for each in fresh})
        if fresh or intake.rejected or turned_away:
            _record_intake(work, workflow, fresh, intake, turned_away)
        if fresh:
            _keep(work, workflow, limits, fresh)
    return intake


def measurements_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Name the measurements that are overdue, the longest waiting first."""
    due = reading.measurements.due(now, DUE_AT_ONCE)
    return tuple(f"{each.workflow}/{each.name}" for each in due)


def notice_silence(deps: Deps, measurement: str) -> bool:
    """Open a breach for a measurement that is overdue; tell whether it still was.

    It is due again at the end of the period of now, whatever time was missed: one breach says
    since when, and while it stands there is no other.
    """
    key, _, name = measurement.partition("/")
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        owed = {each.name: each for each in work.measurements.awaited(key)}.get(name)
        is_due = owed is not None and owed.due_at <= work.now
        if owed and is_due:
            _miss(work, work.workflows.get(key), owed)
    return is_due


def _sort(
    work: Work, workflow: Workflow, limits: Sequence[Limit], sent: Sequence[Measurement]
) -> tuple[list[Measurement], Intake]:
    taken = work.measurements.known(workflow.key, [each.place for each in sent])
    fresh: list[Measurement] = []
    rejected: list[Rejected] = []
    for index, each in enumerate(sent):
        earlier = taken.get(each.place)
        fault = measurement_fault(each, limits, work.now) or (
            clash(each, earlier) if earlier else ""
        )
        if fault:
            rejected.append(Rejected(index, fault))
        elif not earlier:
            fresh.append(each)
            taken[each.place] = each
    duplicates = len(sent) - len(fresh) - len(rejected)
    fresh.sort(key=attrgetter("name", "observed_at"))
    return fresh, Intake(len(fresh), duplicates, tuple(rejected))


def _record_intake(
    work: Work, workflow: Workflow, fresh: Sequence[Measurement], intake: Intake, turned_away: int
) -> None:
    """Record every value, so that what was past a limit can be told from the record alone."""
    for start in range(0, max(len(fresh), 1), IN_ONE_ENTRY):
        part = fresh[start : start + IN_ONE_ENTRY]
        is_first = start == 0
        work.record(
            Kind.MEASUREMENTS_RECEIVED,
            workflow.name,
            {
                "workflow": workflow.key,
                "accepted": len(part),
                "duplicates": intake.duplicates if is_first else 0,
                "rejected": len(intake.rejected) + turned_away if is_first else 0,
                "values": [
                    [each.name, figure_text(each.value), timestamp(each.observed_at)]
                    for each in part
                ],
            },
            policy=workflow.policy,
        )


def _keep(
    work: Work, workflow: Workflow, limits: Sequence[Limit], fresh: Sequence[Measurement]
) -> None:
    by_name = {limit.name: limit for limit in limits}
    breaches: dict[tuple[str, datetime], int] = {}
    for name, values in groupby(fresh, _NAME):
        past = [each for each in values if by_name[name].is_passed_by(each.value)]
        if past:
            breach = _breach_of(work, workflow, by_name[name], past[0])
            breaches |= dict.fromkeys((each.place for each in past), breach.number)
    names = frozenset(map(_NAME, fresh))
    work.measurements.add(workflow.key, fresh, work.now, breaches)
    work.measurements.drop_before(workflow.key, names, work.now - KEPT)
    await_next(work, workflow, names)


def _breach_of(work: Work, workflow: Workflow, limit: Limit, value: Measurement) -> Breach:
    """Give the breach that values past a limit belong to: the one that stands, or a new one."""
    opened = open_breach(
        work,
        workflow,
        Cause.LIMIT_EXCEEDED,
        f"{limit.name} was {figure_text(value.value)}, observed "
        f"{utc_text(value.observed_at)}; the limit is {limit.bound_in_words}.",
        {
            "value": figure_text(value.value),
            "direction": limit.direction,
            "bound": figure_text(limit.bound),
            "observed_at": timestamp(value.observed_at),
        },
        measurement=limit.name,
    )
    if opened:
        return opened
    standing = _standing(work.breaches.not_closed(workflow.key), limit.name)
    tell_breaches(work, workflow, [standing])
    return standing


def _standing(breaches: Iterable[Breach], name: str) -> Breach:
    wanted = (Cause.LIMIT_EXCEEDED, name)
    return next(each for each in breaches if (each.cause, each.measurement) == wanted)


def _miss_overdue(work: Work, workflow: Workflow, names: AbstractSet[str]) -> None:
    """Say of what comes now that it was overdue: that must not hang on who is quicker."""
    for owed in work.measurements.awaited(workflow.key):
        if owed.name in names and owed.due_at <= work.now:
            _miss(work, workflow, owed)


def _miss(work: Work, workflow: Workflow, owed: Awaited) -> None:
    policy = policy_of(work, workflow)
    limit = next(each for each in policy.limits if each.name == owed.name)
    again = period_end(limit.every, policy, work.now)
    work.measurements.save_awaited(replace(owed, due_at=again))
    open_breach(
        work,
        workflow,
        Cause.NO_MEASUREMENT,
        f"No value of {owed.name} was reported after {utc_text(owed.since)}. One is due "
        f"every {limit.every}, and was by {utc_text(owed.due_at)}.",
        {"since": timestamp(owed.since), "due_at": timestamp(owed.due_at), "every": limit.every},
        measurement=owed.name,
    )
