"""When a value is due: once in every whole period of the clock where people live."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import MONDAY, POLICY

from bot.domain.limits import Direction, Every, Limit
from bot.domain.measurements import Measurement, measurement_fault, next_due, period_end

LONDON = replace(POLICY, zone="Europe/London")
KOLKATA = replace(POLICY, zone="Asia/Kolkata")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("every", "zone", "since", "due"),
    [
        ("hour", "UTC", "2026-06-01T09:10Z", "2026-06-01T11:00Z"),
        ("hour", "UTC", "2026-06-01T09:00Z", "2026-06-01T11:00Z"),
        ("hour", "Asia/Kolkata", "2026-06-01T09:10Z", "2026-06-01T10:30Z"),
        ("day", "UTC", "2026-06-01T00:00Z", "2026-06-03T00:00Z"),
        ("day", "Europe/London", "2026-06-01T12:00+01:00", "2026-06-03T00:00+01:00"),
        # The night in which the clocks go forward has 23 hours, the one they go back 25.
        ("day", "Europe/London", "2026-03-28T12:00Z", "2026-03-30T00:00+01:00"),
        ("day", "Europe/London", "2026-10-24T12:00+01:00", "2026-10-26T00:00Z"),
        # Where they go forward at midnight, the day ends at the old offset.
        ("day", "America/Havana", "2026-03-06T12:00-05:00", "2026-03-08T00:00-05:00"),
        ("week", "UTC", "2026-06-03T09:00Z", "2026-06-15T00:00Z"),
        ("round", "UTC", "2026-06-03T09:00Z", "2026-06-15T09:00Z"),
    ],
)
def test_a_value_is_due_at_the_end_of_the_first_whole_period(
    every: str, zone: str, since: str, due: str
) -> None:
    limit = Limit("cost", Direction.AT_MOST, Decimal(1), Every(every))
    assert next_due(limit, replace(POLICY, zone=zone), at(since)) == at(due)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 -- made aware below
    st.sampled_from(Every),
    st.sampled_from([POLICY, LONDON, KOLKATA, replace(POLICY, zone="Australia/Lord_Howe")]),
)
def test_a_period_ends_after_every_moment_in_it_and_when_its_clock_says(
    moment: datetime, every: Every, policy: object
) -> None:
    assert isinstance(policy, type(POLICY))
    start = moment.replace(tzinfo=UTC)
    end = period_end(every, policy, start)
    assert start < end <= start + timedelta(days=8)
    assert period_end(every, policy, end - timedelta(microseconds=1)) == end
    local = end.astimezone(ZoneInfo(policy.zone))
    assert local.second == local.microsecond == 0


LIMITS = (Limit("cost", Direction.AT_MOST, Decimal(1)), Limit("lag", Direction.AT_MOST, Decimal(1)))


@pytest.mark.parametrize(
    ("measurement", "fault"),
    [
        (Measurement("cost", MONDAY, Decimal(9)), ""),
        (Measurement("cost", MONDAY + timedelta(minutes=5), Decimal(1)), ""),
        (
            Measurement("cost", MONDAY + timedelta(minutes=5, seconds=1), Decimal(1)),
            (
                "observed_at lies more than 5 minutes in the future: the bot's own time is "
                "2026-06-01T09:00:00Z"
            ),
        ),
        (Measurement("cost", MONDAY - timedelta(days=400), Decimal(1)), ""),
        (
            Measurement("cost", MONDAY - timedelta(days=400, seconds=1), Decimal(1)),
            "observed_at lies more than 400 days back",
        ),
        (
            Measurement("costs", MONDAY, Decimal(1)),
            "name is none of those in the policy: cost, lag",
        ),
    ],
)
def test_what_cannot_be_taken_is_said(measurement: Measurement, fault: str) -> None:
    assert measurement_fault(measurement, LIMITS, MONDAY) == fault


def test_a_policy_without_limits_takes_no_measurement() -> None:
    measurement = Measurement("cost", MONDAY, Decimal(9))
    fault = "the policy of this workflow names no measurements"
    assert measurement_fault(measurement, (), MONDAY) == fault
