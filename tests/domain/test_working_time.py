"""Working time: exact across changes of the clocks, holidays, nights and weekends."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import DEFAULT_HOURS, hours_fault, read_hours, written
from bot.domain.working_time import ALWAYS, EVERY_DAY, Hours, Span, WorkingTime, business, clock

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
OFFICE = read_hours(DEFAULT_HOURS)
LONDON = WorkingTime("Europe/London", OFFICE, CHRISTMAS)
NIGHTS = read_hours("Mon-Fri 22:00-06:00")


def at(text: str, zone: str = "Europe/London") -> datetime:
    """Give a moment from a local time such as `2026-06-01 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-06-01 09:00", 2, "2026-06-01 11:00"),
        ("2026-06-01 15:00", 2, "2026-06-01 17:00"),  # exactly at the end
        ("2026-06-01 15:00", 3, "2026-06-02 10:00"),
        ("2026-06-05 16:00", 2, "2026-06-08 10:00"),  # over a weekend
        ("2026-06-01 07:00", 2, "2026-06-01 11:00"),  # before hours
        ("2026-06-05 23:00", 2, "2026-06-08 11:00"),  # after them
        ("2026-06-06 12:00", 0, "2026-06-08 09:00"),
        ("2026-06-05 17:00", 0, "2026-06-05 17:00"),
        ("2026-12-24 16:00", 2, "2026-12-29 10:00"),  # Christmas on a Friday, its Monday off too
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),  # the clocks went forward that Sunday
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),  # and back
        ("2026-06-01 09:00", 80, "2026-06-12 17:00"),
    ],
)
def test_working_hours_pass_only_while_people_work(start: str, hours: int, due: str) -> None:
    assert LONDON.add(at(start), hours * HOUR) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-06-01 15:00", 2, "2026-06-03 15:00"),
        ("2026-06-06 12:00", 2, "2026-06-09 17:00"),  # two whole days from Monday on
        ("2026-06-05 17:00", 1, "2026-06-08 17:00"),
        ("2026-12-24 09:30", 3, "2026-12-31 09:30"),
    ],
)
def test_a_business_day_is_as_much_as_an_ordinary_day_has(start: str, days: int, due: str) -> None:
    assert business(days=days).after(at(start), LONDON) == at(due)


@pytest.mark.parametrize(
    ("night", "length"),
    [("2026-03-27", 8), ("2026-03-28", 7), ("2026-10-24", 9), ("2026-10-25", 8)],
)
def test_a_shift_with_a_change_of_the_clocks_has_its_real_length(night: str, length: int) -> None:
    nights = WorkingTime("Europe/London", read_hours("Mon-Sun 22:00-06:00"))
    opens = at(f"{night} 22:00")

    assert nights.between(opens, opens + DAY / 2) == length * HOUR
    assert nights.add(opens, length * HOUR) == opens + length * HOUR
    assert nights.day == 8 * HOUR, "a business day is an ordinary one"


def test_a_night_belongs_to_the_day_on_which_it_opens() -> None:
    nights = WorkingTime("Europe/London", NIGHTS, frozenset({date(2026, 6, 2)}))

    assert nights.is_open(at("2026-06-02 05:59")), "Monday's night goes on into the holiday"
    assert not nights.is_open(at("2026-06-02 06:00"))
    assert not nights.is_open(at("2026-06-03 01:00"))
    assert nights.is_open(at("2026-06-06 01:00")), "Friday's night goes on into the weekend"
    assert not nights.is_open(at("2026-06-08 01:00"))


def test_a_shift_is_open_from_its_first_moment_until_its_last() -> None:
    assert LONDON.is_open(at("2026-06-01 09:00"))
    assert not LONDON.is_open(at("2026-06-01 17:00"))
    assert not LONDON.is_open(at("2026-12-25 12:00"))


def test_always_is_the_clock() -> None:
    sunday = at("2026-03-29 00:30")

    assert ALWAYS.add(sunday, 3 * HOUR) == sunday + 3 * HOUR
    assert ALWAYS.between(sunday, sunday + HOUR) == HOUR
    assert ALWAYS.between(sunday, sunday - HOUR) == timedelta(0)
    assert ALWAYS.is_open(sunday)
    assert business(days=2).after(sunday, ALWAYS) == sunday + 2 * DAY


def test_a_span_by_the_clock_heeds_no_hours() -> None:
    night = at("2026-06-05 23:00")

    assert clock(minutes=15).after(night, LONDON) == night + timedelta(minutes=15)
    assert clock(days=1).after(night, LONDON) == night + DAY
    assert Span().after(night, LONDON) == night, "no time at all moves nothing"
    said = [business(days=1), business(hours=2), clock(minutes=15), clock(days=7)]
    assert [str(span) for span in said] == [
        "1 business day",
        "2 business hours",
        "15 minutes",
        "7 days",
    ]


def test_a_moment_in_a_zone_of_its_own_is_counted_in_real_time() -> None:
    local = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    whole_days = WorkingTime("Europe/London", read_hours("Sun 00:00-24:00"))

    assert whole_days.add(local, 2 * HOUR) == at("2026-03-29 00:30") + 2 * HOUR
    assert whole_days.between(local, local + 4 * HOUR) == 3 * HOUR
    assert ALWAYS.add(local, 2 * HOUR) == at("2026-03-29 00:30") + 2 * HOUR


def test_a_date_that_a_zone_left_out_counts_no_hour_twice() -> None:
    apia = WorkingTime("Pacific/Apia", Hours(EVERY_DAY, time(9), time(17)))
    begin, end = at("2011-12-29 00:00", "Pacific/Apia"), at("2012-01-01 00:00", "Pacific/Apia")

    assert apia.between(begin, end) == 16 * HOUR, "the 30th of December was left out"
    assert apia.add(begin, 9 * HOUR) == at("2011-12-31 10:00", "Pacific/Apia")


def test_a_shift_that_a_change_swallows_is_none() -> None:
    swallowed = WorkingTime("Europe/Berlin", Hours(EVERY_DAY, time(2, 30), time(3)))
    begin = at("2026-03-28 00:00", "Europe/Berlin")

    assert swallowed.between(begin, begin + 3 * DAY) == HOUR
    night = at("2026-03-29 00:00", "Europe/Berlin")
    assert swallowed.add(night, HOUR / 4) == at("2026-03-30 02:45", "Europe/Berlin")


def test_time_is_not_taken_back_and_no_hours_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="not taken back"):
        LONDON.add(at("2026-06-01 09:00"), -HOUR)
    with pytest.raises(ValueError, match="without a weekday"):
        WorkingTime("UTC", Hours(frozenset(), time(9), time(17)))


# Every zone whose clocks change.


DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + each * DAY for each in range(2 * 365 + 1)]


def changes(zone: ZoneInfo) -> list[datetime]:
    """Give the days of 2026 and 2027 during which the zone's offset changes."""
    offsets = [(day, day.astimezone(zone).utcoffset()) for day in DAYS]
    return [day for (day, before), (_, after) in pairwise(offsets) if before != after]


@cache
def changing() -> dict[str, list[datetime]]:
    """Give those days of each zone that has any: for who asks, and not for whoever imports this."""
    return {name: days for name in available_timezones() if (days := changes(ZoneInfo(name)))}


def test_a_week_has_forty_office_hours_in_every_zone_whatever_its_clocks_do() -> None:
    assert len(changing()) > 150
    for name, days in changing().items():
        office = WorkingTime(name, OFFICE)
        for day in days:
            begin = (day - 4 * DAY).replace(tzinfo=ZoneInfo(name))
            end = (day + 3 * DAY).replace(tzinfo=ZoneInfo(name))
            assert office.between(begin, end) == 40 * HOUR, (name, day)
            assert office.add(begin, 41 * HOUR) - end >= timedelta(0), (name, day)


def test_nights_have_the_hours_that_pass_in_every_zone_whatever_its_clocks_do() -> None:
    step = timedelta(minutes=15)
    for name, days in changing().items():
        zone, nights = ZoneInfo(name), WorkingTime(name, Hours(EVERY_DAY, time(0), time(6)))
        for day in days:
            begin = day - DAY
            # An oracle of its own: what a clock on the wall shows, quarter by quarter.
            moments = [begin + each * step for each in range(3 * 96)]
            passed = sum(moment.astimezone(zone).hour < 6 for moment in moments) * step
            assert nights.between(begin, begin + 3 * DAY) == passed, (name, day)


# Laws.

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30, 59]))
HOURS = st.builds(Hours, st.frozensets(st.integers(0, 6), min_size=1), TIMES, TIMES)
HOLIDAYS = st.frozensets(st.integers(-5, 20).map(lambda n: date(2026, 3, 22) + n * DAY))
ZONES = st.sampled_from(
    ["UTC", "Europe/London", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Beirut"]
)
WORKING = st.builds(WorkingTime, ZONES, st.none() | HOURS, HOLIDAYS)
MOMENTS = st.integers(0, 21 * 24 * 60).map(
    lambda n: datetime(2026, 3, 15, tzinfo=UTC) + timedelta(minutes=n)
)
AMOUNTS = st.integers(0, 100 * 60).map(lambda n: timedelta(minutes=n))


@given(WORKING, MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_in_two_steps_is_adding_at_once(
    working: WorkingTime, start: datetime, first: timedelta, second: timedelta
) -> None:
    assert working.add(working.add(start, first), second) == working.add(start, first + second)


@given(WORKING, MOMENTS, MOMENTS, AMOUNTS, AMOUNTS)
def test_later_starts_and_longer_times_never_end_earlier(
    working: WorkingTime, start: datetime, other: datetime, amount: timedelta, more: timedelta
) -> None:
    assert working.add(min(start, other), amount) <= working.add(max(start, other), amount)
    assert working.add(start, amount) <= working.add(start, amount + more)


@given(WORKING, MOMENTS, AMOUNTS)
def test_what_falls_due_does_so_in_a_shift_or_at_its_very_end(
    working: WorkingTime, start: datetime, amount: timedelta
) -> None:
    due = working.add(start, amount)

    assert due >= start
    assert working.is_open(due) or working.is_open(due - timedelta(microseconds=1))


@given(WORKING, MOMENTS, AMOUNTS)
def test_as_much_passes_as_was_added(
    working: WorkingTime, start: datetime, amount: timedelta
) -> None:
    assert working.between(start, working.add(start, amount)) == amount


# As people write it.


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (DEFAULT_HOURS, DEFAULT_HOURS),
        ("always", "always"),
        (" Always ", "always"),
        ("mon-fri 9-17", "Mon-Fri 09:00-17:00"),
        ("Monday - Friday, 08:30 – 16:30", "Mon-Fri 08:30-16:30"),  # noqa: RUF001
        ("Mon, Wed-Fri 9:00-17:00", "Mon, Wed-Fri 09:00-17:00"),
        ("Sat-Mon 22:00-06:00", "Mon, Sat, Sun 22:00-06:00"),
        ("mon-sun 0-24", "Mon-Sun 00:00-24:00"),
        ("Sun 10:00-16:00", "Sun 10:00-16:00"),
    ],
)
def test_hours_are_read_and_written_in_one_way(text: str, record: str) -> None:
    assert hours_fault(text) == ""
    assert written(read_hours(text)) == record
    assert read_hours(record) == read_hours(text)


@given(HOURS)
def test_hours_come_back_as_they_were_written(hours: Hours) -> None:
    if hours.opens != hours.closes or hours.opens == time(0):
        assert read_hours(written(hours)) == hours


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Write days and hours"),
        ("9-17", "Write days and hours"),
        ("Mon-Fri", "Write days and hours"),
        ("Mon-Fri 9-5pm", "Write days and hours"),
        ("Mon-Fri 09:00-17:00 and Sat 10:00-12:00", "Write days and hours"),
        ("Mon-Fry 09:00-17:00", "“mon-fry” is no weekday"),
        ("Mon,, 09:00-17:00", "“” is no weekday"),
        ("Mon-Fri 09:00-25:00", "25:00 is no time"),
        ("Mon-Fri 09:00-17:60", "17:60 is no time"),
        ("Mon-Fri 09:00-09:00", "opens when it closes"),
    ],
)
def test_hours_that_are_none_are_told_why(text: str, fault: str) -> None:
    assert fault in hours_fault(text)


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        ("Sat 09:00-09:05", False),
        ("Mon-Fri 09:00-09:59", False),
        ("Mon-Fri 09:00-10:00", True),
        ("Sat 22:00-03:00", True),
        ("Sun 00:00-24:00", True),
    ],
)
def test_less_than_five_hours_a_week_are_refused_and_read_where_they_are_on_record(
    text: str, *, is_enough: bool
) -> None:
    assert ("less than five hours a week" in hours_fault(text)) is not is_enough
    assert read_hours(text) is not None
