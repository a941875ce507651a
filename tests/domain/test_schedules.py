"""Every daylight-saving rule set, each half hour of a day: no strike is lost, and none doubled.

The oracle goes from UTC to local time alone, a quarter of an hour after the other, and so shares no
step with what it judges.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.calendar import next_occurrence

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
DAY, QUARTER, SECOND = timedelta(days=1), timedelta(minutes=15), timedelta(seconds=1)
WEEK: Final = 7 * DAY  # no clocks are changed and changed back within one
WEEKS: Final = [FIRST + number * WEEK for number in range((LAST - FIRST) // WEEK + 2)]
WALLS: Final = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
RHYTHMS: Final = {"FREQ=DAILY": range(7), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": range(5)}
AROUND = 3  # days on either side of a change
LEAST_SCHEDULES = 5_000  # 5,760 by the zone data of 2026; rules come and go


def changes(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """Give the moments at which a zone's clocks change, and by how much."""
    local = ZoneInfo(zone)
    offsets = [each.astimezone(local).utcoffset() or timedelta() for each in WEEKS]
    return tuple(
        (_moment(local, WEEKS[number]), after - before)
        for number, (before, after) in enumerate(pairwise(offsets))
        if before != after
    )


def _moment(local: ZoneInfo, week: datetime) -> datetime:
    """Find the change within a week, to the second."""
    lower, upper = week, week + WEEK
    before = lower.astimezone(local).utcoffset()
    while upper - lower > SECOND:
        middle = lower + (upper - lower) // 2
        is_before = middle.astimezone(local).utcoffset() == before
        lower, upper = (middle, upper) if is_before else (lower, middle)
    return upper.replace(microsecond=0)


def rule_sets() -> dict[str, tuple[datetime, ...]]:
    """Give the first two changes of each rule set, named after one of its zones."""
    found = {}
    for zone in sorted(available_timezones()):
        if moved := changes(zone):
            offset = FIRST.astimezone(ZoneInfo(zone)).utcoffset()
            found.setdefault((offset, moved), zone)
    return {zone: tuple(at for at, _ in moved[:2]) for (_, moved), zone in found.items()}


RULE_SETS: Final = rule_sets()


def first_shown(local: ZoneInfo, change: datetime) -> dict[datetime, datetime]:
    """Give for each quarter of an hour that clocks show around a change when they first do."""
    start = change - (AROUND + 2) * DAY
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    seen: dict[datetime, datetime] = {}
    for number in range((2 * AROUND + 5) * DAY // QUARTER):
        instant = begin + number * QUARTER
        seen.setdefault(instant.astimezone(local).replace(tzinfo=None, fold=0), instant)
    return seen


def strikes_by_date(zone: str, change: datetime) -> dict[time, dict[date, datetime]]:
    """Give for each time, and each local date around a change, when its clocks first show it.

    A time that they skip is taken by the offset from before.
    """
    local = ZoneInfo(zone)
    seen = first_shown(local, change)
    middle = change.astimezone(local).date()
    old = (change - SECOND).astimezone(local).utcoffset() or timedelta()
    days = [middle + each * DAY for each in range(-AROUND, AROUND + 1)]

    def strike(at: datetime) -> datetime:
        return seen.get(at, (at - old).replace(tzinfo=UTC))

    return {wall: {day: strike(datetime.combine(day, wall)) for day in days} for wall in WALLS}


@pytest.mark.parametrize("zone", RULE_SETS)
def test_each_matching_date_around_a_change_has_its_strike_and_no_second(zone: str) -> None:
    for change in RULE_SETS[zone]:
        for wall, expected in strikes_by_date(zone, change).items():
            for rhythm, weekdays in RHYTHMS.items():
                due = [at for day, at in expected.items() if day.weekday() in weekdays]
                rule = f"{rhythm};BYHOUR={wall.hour};BYMINUTE={wall.minute};BYSECOND=0"
                assert struck(rule, zone, due[0], due[-1]) == due, (rule, change)


def struck(rule: str, zone: str, first: datetime, last: datetime) -> list[datetime]:
    """Give what is struck from the first to the last, one asked for after the other."""
    found, after = [], first - SECOND
    while (after := next_occurrence(rule, zone, after)) <= last:
        found.append(after)
    return found


def test_these_are_all_the_schedules_that_a_change_can_hit() -> None:
    looked_at = sum(map(len, RULE_SETS.values())) * len(WALLS) * len(RHYTHMS)

    assert looked_at >= LEAST_SCHEDULES
    assert {"Europe/Dublin", "America/Havana"} <= {*available_timezones()}
