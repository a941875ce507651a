"""Numbers that a pipeline measured, and when the next one is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import next_occurrence
from bot.domain.figures import figure_text
from bot.domain.gate import GateState
from bot.domain.intake import ahead_fault
from bot.domain.limits import Every, Limit
from bot.domain.policy import Policy

# For so long a value is kept, so that the same again is known; none is taken that is older.
KEPT: Final = timedelta(days=400)
# A stopped workflow owes no data.
OWING: Final = frozenset({GateState.RUN, GateState.REVIEW_ALL, GateState.DEGRADED})
_MIDNIGHT: Final = "BYHOUR=0;BYMINUTE=0;BYSECOND=0"
_RULES: Final = {
    Every.DAY: f"FREQ=DAILY;{_MIDNIGHT}",
    Every.WEEK: f"FREQ=WEEKLY;BYDAY=MO;{_MIDNIGHT}",
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value of a named measurement, as its producer sent it."""

    name: str
    observed_at: datetime
    value: Decimal

    @property
    def place(self) -> tuple[str, datetime]:
        """Give what there is one value of."""
        return self.name, self.observed_at


@dataclass(frozen=True, slots=True)
class Awaited:
    """A measurement that is due by `due_at`; none was reported since `since`."""

    workflow: str
    name: str
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """The values past their limit that came while a breach of it stood: the latest, how many."""

    latest: Measurement
    count: int


def measurement_fault(measurement: Measurement, limits: Sequence[Limit], now: datetime) -> str:
    """Give a sentence if this value cannot be taken now, else an empty string."""
    names = [limit.name for limit in limits]
    if not names:
        return "the policy of this workflow names no measurements"
    if measurement.name not in names:
        return f"name is none of those in the policy: {', '.join(names)}"
    if fault := ahead_fault("observed_at", measurement.observed_at, now):
        return fault
    if measurement.observed_at < now - KEPT:
        return f"observed_at lies more than {KEPT.days} days back"
    return ""


def clash(measurement: Measurement, earlier: Measurement) -> str:
    """Give a sentence if there is another value of that time, else an empty string."""
    if measurement.value == earlier.value:
        return ""
    return f"the value observed then is {figure_text(earlier.value)}, and the first one stands"


def period_end(every: Every, policy: Policy, moment: datetime) -> datetime:
    """Give when the period around a moment ends, always after it: local time of the policy."""
    match every:
        case Every.HOUR:
            local = moment.astimezone(ZoneInfo(policy.zone))
            return moment + timedelta(hours=1) - _into_the_hour(local)
        case Every.ROUND:
            return next_occurrence(policy.cadence, policy.zone, moment)
        case _:
            return next_occurrence(_RULES[every], policy.zone, moment)


def next_due(limit: Limit, policy: Policy, since: datetime) -> datetime:
    """Give by when a value is due after one: at the end of the first whole period that follows."""
    return period_end(limit.every, policy, period_end(limit.every, policy, since))


def awaited_from(workflow: str, policy: Policy, since: datetime) -> Mapping[str, Awaited]:
    """Give by name what a workflow owes whose time counts from this moment on."""
    return {
        limit.name: Awaited(workflow, limit.name, since, next_due(limit, policy, since))
        for limit in policy.limits
    }


def _into_the_hour(local: datetime) -> timedelta:
    return timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
