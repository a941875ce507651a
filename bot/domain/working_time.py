"""When people work: hours on given days in a time zone, holidays left out.

What is owed in working time falls due while somebody is there to see it. An amount of working
time is exact: a shift with a daylight-saving change in it counts with its real length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
MIDNIGHT: Final = time(0)
EVERY_DAY: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekdays, 0 being Monday, and the local times between which people work on them.

    A shift belongs to the day on which it opens. One that closes no later than it opens goes on
    into the next day: from 22:00 to 06:00, or from 00:00 to 00:00, which is a whole day.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time

    @property
    def day(self) -> timedelta:
        """Give how much working time one business day is: what an ordinary shift lasts."""
        midnight = datetime.combine(date.min, MIDNIGHT)
        opens, closes = (
            datetime.combine(date.min, at) - midnight for at in (self.opens, self.closes)
        )
        return closes - opens if closes > opens else closes - opens + _DAY


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The shifts of a time zone. Without hours it is always working time: the clock alone counts.

    `holidays` are local dates on which no shift opens.
    """

    zone: str
    hours: Hours | None
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.hours and not self.hours.weekdays:
            raise ValueError("hours without a weekday: nothing would ever fall due")

    @property
    def day(self) -> timedelta:
        return self.hours.day if self.hours else _DAY

    def add(self, start: datetime, working: timedelta) -> datetime:
        """Give the UTC moment at which so much working time has passed since `start`.

        It lies in a shift or at its very end; a start outside all shifts counts from the next.
        """
        if working < _NOTHING:
            raise ValueError(f"time is added, not taken back: {working}")
        start = start.astimezone(UTC)  # elsewhere Python adds wall-clock time
        if not self.hours:
            return start + working
        for opens, closes in self._shifts(self.hours, start):
            begins = max(opens, start)
            if begins + working <= closes:
                return begins + working
            working -= closes - begins
        raise OverflowError(f"{working} of working time are beyond the end of the calendar")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give how much working time passes from `start` to `end`: none if it is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if not self.hours:
            return max(end - start, _NOTHING)
        passed = _NOTHING
        for opens, closes in self._shifts(self.hours, start):
            if opens >= end:
                return passed
            passed += max(min(closes, end) - max(opens, start), _NOTHING)
        return passed

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the moment is in a shift; its end no longer is."""
        if not self.hours:
            return True
        for opens, closes in self._shifts(self.hours, moment):
            if moment < closes:
                return opens <= moment
        return False

    def _shifts(self, hours: Hours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the shifts, as UTC moments, from the first that does not end before `start`."""
        # A shift may have opened two days back: the one before, across a change of dates.
        day = start.astimezone(ZoneInfo(self.zone)).date() - 2 * _DAY
        free_from = datetime.min.replace(tzinfo=UTC)
        while day < date.max:
            if day.weekday() in hours.weekdays and day not in self.holidays:
                opens, closes = self._shift_of(hours, day)
                # A zone that leaves out a date maps it on its neighbour: no hour counts twice.
                opens = max(opens, free_from)
                if opens < closes:
                    free_from = closes
                    if closes >= start:
                        yield opens, closes
            day += _DAY

    def _shift_of(self, hours: Hours, day: date) -> tuple[datetime, datetime]:
        # A skipped local time happens at the old offset, a doubled one at its first occurrence.
        zone = ZoneInfo(self.zone)
        last_day = day if hours.closes > hours.opens else day + _DAY
        opens, closes = (
            datetime.combine(on, at, zone).astimezone(UTC)
            for on, at in ((day, hours.opens), (last_day, hours.closes))
        )
        return opens, closes


ALWAYS: Final = WorkingTime("UTC", None)


@dataclass(frozen=True, slots=True)
class Span:
    """So much time, counted in working time or by the clock. A day by the clock is 24 hours."""

    time: timedelta = _NOTHING
    days: int = 0
    by_clock: bool = False

    def after(self, start: datetime, working: WorkingTime) -> datetime:
        """Give the moment at which it has passed; no time at all leaves the start as it is."""
        counted = ALWAYS if self.by_clock else working
        amount = self.time + self.days * counted.day
        return counted.add(start, amount) if amount else start

    def __str__(self) -> str:
        amount, unit = (self.days, "day") if self.days else _in_units(self.time)
        business = "" if self.by_clock else "business "
        return f"{amount} {business}{unit}{'' if amount == 1 else 's'}"


def business(hours: int = 0, days: int = 0) -> Span:
    return Span(timedelta(hours=hours), days)


def clock(minutes: int = 0, days: int = 0) -> Span:
    return Span(timedelta(minutes=minutes), days, by_clock=True)


def _in_units(amount: timedelta) -> tuple[int, str]:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    return (amount // minute, "minute") if amount % hour else (amount // hour, "hour")
