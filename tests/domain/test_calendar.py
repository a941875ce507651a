"""Cadences strike on local wall-clock time, once a date, whatever the clocks do that night."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import cadence_fault, next_occurrence, zone_fault

CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/London", date(2026, 3, 29)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # its clocks changed at midnight
    ("Africa/Cairo", date(2026, 4, 24)),  # as above
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Asia/Kolkata", date(2026, 6, 1)),  # never
    ("Pacific/Chatham", date(2026, 9, 27)),
]


def strikes(cadence: str, zone: str, after: datetime, until: datetime) -> list[datetime]:
    found = []
    while (after := next_occurrence(cadence, zone, after)) < until:
        found.append(after)
    return found


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("wall", ["0:0", "0:30", "1:15", "2:0", "2:30", "3:0", "9:0", "23:59"])
def test_a_daily_round_strikes_once_on_each_local_date_of_a_week_with_a_change(
    zone: str, change: date, wall: str
) -> None:
    hour, minute = (int(part) for part in wall.split(":"))
    cadence = f"FREQ=DAILY;BYHOUR={hour};BYMINUTE={minute};BYSECOND=0"
    local = ZoneInfo(zone)
    dates = [change + timedelta(days=each) for each in range(-3, 4)]
    # An oracle of its own: each date's wall-clock time, earlier offset first, as an instant.
    expected = [
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=local).astimezone(UTC)
        for day in dates
    ]

    found = strikes(
        cadence, zone, expected[0] - timedelta(minutes=1), expected[-1] + timedelta(minutes=1)
    )

    assert found == expected
    assert [instant.astimezone(local).date() for instant in found] == dates


@given(
    st.sampled_from(CHANGES),
    st.sampled_from(["0;BYMINUTE=30", "2;BYMINUTE=0", "2;BYMINUTE=45", "23;BYMINUTE=59"]),
    st.integers(0, 7 * 24 * 60),
)
def test_wherever_one_starts_the_same_times_are_struck(
    where: tuple[str, date], hour: str, minutes: int
) -> None:
    zone, change = where
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=3)
    cadence = f"FREQ=DAILY;BYHOUR={hour};BYSECOND=0"
    all_of_them = strikes(cadence, zone, start, start + timedelta(days=10))
    moment = start + timedelta(minutes=minutes)

    assert next_occurrence(cadence, zone, moment) == min(
        each for each in all_of_them if each > moment
    )


def test_a_time_that_was_skipped_is_still_to_come_just_after_the_change() -> None:
    # 02:45 did not exist in Berlin; at the old offset it is 03:45 local time, 01:45 UTC.
    after = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    found = next_occurrence("FREQ=DAILY;BYHOUR=2;BYMINUTE=45", "Europe/Berlin", after)
    assert found == datetime(2026, 3, 29, 1, 45, tzinfo=UTC)


def test_a_struck_time_is_not_struck_again() -> None:
    nine = datetime(2026, 6, 1, 9, tzinfo=UTC)

    assert next_occurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "UTC", nine) == nine + timedelta(7)
    just_before = nine - timedelta(microseconds=1)
    assert next_occurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "UTC", just_before) == nine


@pytest.mark.parametrize(
    ("cadence", "apart"),
    [
        ("FREQ=DAILY;INTERVAL=3;BYHOUR=9", 3),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9", 14),
        ("FREQ=WEEKLY", 7),
        ("FREQ=WEEKLY;INTERVAL=3", 21),
    ],
)
def test_an_interval_is_kept_from_round_to_round(cadence: str, apart: int) -> None:
    found = strikes(
        cadence, "UTC", datetime(2026, 6, 3, 12, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
    )

    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(days=apart)}


def test_a_month_without_a_day_begins_with_its_first() -> None:
    found = strikes(
        "FREQ=MONTHLY",
        "Europe/Berlin",
        datetime(2026, 6, 3, tzinfo=UTC),
        datetime(2026, 9, 3, tzinfo=UTC),
    )

    local = [each.astimezone(ZoneInfo("Europe/Berlin")) for each in found]
    assert [(each.month, each.day, each.hour) for each in local] == [
        (7, 1, 0),
        (8, 1, 0),
        (9, 1, 0),
    ]


@pytest.mark.parametrize(
    "cadence",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
        "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=9",
        "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17",
        "RRULE:FREQ=WEEKLY;INTERVAL=2",
        "freq=daily;byhour=7",
    ],
)
def test_these_cadences_are_taken(cadence: str) -> None:
    assert cadence_fault(cadence) == ""


@pytest.mark.parametrize(
    ("cadence", "fault"),
    [
        ("", "Not a recurrence rule"),
        ("every Monday", "Not a recurrence rule"),
        ("FREQ=FORTNIGHTLY", "Not a recurrence rule"),
        ("FREQ=DAILY;BYHOUR=25", "Not a recurrence rule"),
        ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", "Not a recurrence rule"),
        ("RRULE:FREQ=DAILY\nEXDATE:20260101T000000", "Not a recurrence rule"),
        ("FREQ=HOURLY", "daily at the most often"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "daily at the most often"),
        ("RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "daily at the most often"),
        ("RRULE:COUNT=3;FREQ=DAILY", "leave out COUNT"),
        ("FREQ=DAILY;BYHOUR=9,17", "daily at the most often"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0,30", "daily at the most often"),
        ("FREQ=DAILY;COUNT=3", "leave out COUNT"),
        ("FREQ=DAILY;UNTIL=20260701T000000", "leave out COUNT"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29", "a year at the longest"),
        ("FREQ=DAILY;INTERVAL=100000", "a year at the longest"),
    ],
)
def test_a_cadence_that_cannot_be_is_told_why(cadence: str, fault: str) -> None:
    assert fault in cadence_fault(cadence)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc/passwd", "x" * 300, "\0"])
def test_only_names_of_time_zones_are_taken(zone: str) -> None:
    assert zone_fault(zone)
    assert zone_fault("Europe/London") == ""
