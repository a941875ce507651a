"""Deadlines and rungs in the policy's calendar, which is on record with all that it takes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from worlds import (
    CRITICAL,
    KEY,
    MONDAY,
    OWNER,
    POLICY,
    STEWARD,
    World,
    a_live_world,
    a_world,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.hours import DEFAULT_HOURS, read_hours
from bot.domain.messages import Place, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.policy import Policy
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Invalid
from bot.domain.working_time import WorkingTime
from bot.holidays import holidays_of, place_fault
from bot.usecases import delivery, questions, registry
from store.unit_of_work import timestamp
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

REVIEW, ACKNOWLEDGE, DECIDE = (
    ObligationKind.REVIEW,
    ObligationKind.ACKNOWLEDGE,
    ObligationKind.DECIDE,
)
OFFICE = replace(POLICY, hours=DEFAULT_HOURS, zone="Europe/London", holidays_in="GB-ENG")


@pytest.fixture
def office(tmp_path: Path) -> World:
    """A live workflow of people in London, its first round drawn on a Monday at 10:00 there."""
    return a_live_world(tmp_path, replace(OFFICE, cadence="FREQ=WEEKLY;BYDAY=MO;BYHOUR=10"))


def local(moments: list[str]) -> list[str]:
    """Give recorded times as a clock in UTC shows them, an hour behind London in June."""
    return [f"{datetime.fromisoformat(each):%a %H:%M}" for each in moments]


def test_i3_silence_climbs_in_office_hours_on_time_and_rests_at_the_weekend(office: World) -> None:
    office.live_through(10 * 24)

    climbs = office.climbs(REVIEW, 1)
    assert [entry.facts["rung"] for entry in climbs] == [0, 1, 2, 3, 3, 3, 3]
    # Three business days from Monday 10:00 in London on, and then 2, 4, 8, 8 … business hours.
    assert local([entry.ts for entry in climbs]) == [
        "Thu 09:00",
        "Thu 11:00",
        "Thu 15:00",
        "Fri 15:00",
        "Mon 15:00",
        "Tue 15:00",
        "Wed 15:00",
    ]
    assert {entry.facts["late_seconds"] for entry in climbs} == {0}


def test_what_is_critical_waits_for_nobodys_morning(office: World) -> None:
    office.forward(to=MONDAY + timedelta(hours=13))
    office.answers_round(1, CRITICAL)
    office.acknowledges(1)

    opened = {str(each.facts["kind"]): each for each in office.entries(Kind.OBLIGATION_OPENED)}
    assert office.owed(ACKNOWLEDGE, 1).due_at == office.clock.now() + timedelta(minutes=15)
    assert office.owed(DECIDE, 1).due_at == office.clock.now() + timedelta(days=1)
    assert opened["decide"].facts["allowed"] == "1 day"
    assert opened["decide"].facts["critical"] is True
    office.forward(24 + 2 + 4)
    climbs = office.climbs(DECIDE, 1)
    assert [each.facts["rung"] for each in climbs] == [0, 1, 2, 3], "the steward owed it already"
    assert [each.facts["late_seconds"] for each in climbs] == [6 * 3600, 4 * 3600, 0, 0]


def test_the_work_that_a_critical_breach_asks_for_climbs_by_the_clock(office: World) -> None:
    office.answers_round(1, CRITICAL)
    office.acknowledges(1)
    office.decides(1, Decision.ROLL_BACK, by=STEWARD)

    due = office.owed(ObligationKind.CARRY_OUT, 1).due_at
    office.forward(to=due + timedelta(hours=14))
    climbs = office.climbs(ObligationKind.CARRY_OUT, 1)
    assert [each.facts["rung"] for each in climbs] == [0, 1, 2, 3]
    assert climbs[-1].facts["late_seconds"] == 0


def test_a_request_shown_late_moves_what_is_owed_only_by_hours_that_people_worked(
    office: World,
) -> None:
    due = office.owed(REVIEW, 1).due_at
    office.forward(0.5)
    posting = delivery.claim_message(office.deps)
    while posting:
        at = None if posting.message.place is Place.ANSWER else Shown("C1", f"{posting.id}.0")
        delivery.record_shown(office.deps, posting, at, "")
        posting = delivery.claim_message(office.deps)

    assert office.owed(REVIEW, 1).due_at == due + timedelta(minutes=30)


UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def due_by_the_record(opened: Entry, policy: Mapping[str, object]) -> datetime:
    """Compute anew, from two entries, when something falls due."""
    days = cast("list[str]", policy["holidays"])
    off = frozenset(date.fromisoformat(day) for day in days)
    working = WorkingTime(str(policy["zone"]), read_hours(str(policy["hours"])), off)
    amount, *words = str(opened.facts["allowed"]).split()
    unit = words[-1].rstrip("s")
    start = datetime.fromisoformat(opened.ts)
    if "business" not in words:
        return start + int(amount) * UNITS[unit]
    return working.add(start, int(amount) * (working.day if unit == "day" else UNITS[unit]))


def test_every_time_that_was_allowed_can_be_computed_from_the_record_alone(office: World) -> None:
    office.forward(3)
    office.answers_round(1, CRITICAL)
    office.acknowledges(1)
    office.pauses()
    office.asks_to_resume()

    policies = {each.facts["number"]: each.facts for each in office.entries(Kind.POLICY_CHANGED)}
    opened = office.entries(Kind.OBLIGATION_OPENED)
    assert {str(entry.facts["kind"]) for entry in opened} >= {
        *("accept", "review", "acknowledge", "decide", "confirm")
    }
    for entry in opened:
        due = due_by_the_record(entry, policies[entry.policy])
        assert entry.facts["due_at"] == timestamp(due), entry.facts["obligation"]


def test_the_days_off_are_fixed_when_the_policy_is_made_and_on_record(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.registers(policy=OFFICE)

    (made,) = world.entries(Kind.POLICY_CHANGED)
    days = made.facts["holidays"]
    assert isinstance(days, list)
    assert "2026-12-28" in days, "Boxing Day falls on a Saturday"
    assert (days[0], days[-1]) == ("2026-01-01", "2029-12-26")
    assert [made.facts[name] for name in ("hours", "holidays_in", "delivery_grace_seconds")] == [
        DEFAULT_HOURS,
        "GB-ENG",
        3600,
    ]
    with world.deps.store.read(world.deps.workspace) as reading:
        kept = reading.workflows.policy(KEY, 1)
    assert kept.holidays == tuple(date.fromisoformat(day) for day in days)
    assert replace(kept, holidays=()) == OFFICE


def test_a_holiday_is_no_working_day(tmp_path: Path) -> None:
    world = a_world(tmp_path, at=datetime(2026, 12, 24, 16, tzinfo=UTC))
    world.registers(policy=OFFICE)

    due = world.owed(ObligationKind.ACCEPT, 0).due_at
    assert due == datetime(2026, 12, 30, 16, tzinfo=UTC), "two business days, four days off"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (replace(OFFICE, holidays_in="XX"), "holidays"),
        (replace(OFFICE, holidays_in="GB-BY"), "holidays"),
        (replace(OFFICE, hours="always"), "holidays"),
        (replace(OFFICE, hours="late"), "hours"),
    ],
)
def test_what_is_no_calendar_is_said_at_its_field(
    world: World, changed: Policy, field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        world.registers(policy=changed)
    assert set(invalid.value.errors) == {field}


def test_a_workflow_is_shown_with_its_rhythm_in_words_and_its_hours(office: World) -> None:
    shown = questions.show_workflow(office.deps, person(OWNER), KEY)
    assert (shown.hours, shown.holidays_in) == (DEFAULT_HOURS, "GB-ENG")
    assert shown.holidays_until == date(2029, 12, 26)
    assert [f"{at:%a %d %b %H:%M}" for at in shown.next_firings] == [
        "Mon 08 Jun 10:00",
        "Mon 15 Jun 10:00",
        "Mon 22 Jun 10:00",
    ]
    policy = replace(OFFICE, cadence="FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0")
    draws = registry.next_draws(office.deps, policy)
    assert [f"{at:%a %H:%M}" for at in draws] == ["Tue 09:00", "Wed 09:00", "Thu 09:00"]
    assert {later - earlier for earlier, later in pairwise(draws)} == {timedelta(days=1)}


@pytest.mark.parametrize("place", ["DE", "DE-BY", "US-CA", "GB-ENG", "UK", "JP", "IN"])
def test_a_country_and_its_regions_have_holidays_for_years_ahead(place: str) -> None:
    assert place_fault(place) == ""
    days = holidays_of(place, date(2026, 11, 21))
    assert {day.year for day in days} == {2026, 2027, 2028, 2029}
    assert list(days) == sorted(set(days))


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("Germany", "Use a country's code"),
        ("XX", "“XX”"),
        ("XNYS", "“XNYS”"),
        ("de", "“de”"),
        ("DE-", "“DE-”"),
        ("DE-QQ", "DE has no region “QQ”: leave it out; take one of BB, BE"),
        ("MC-X", "MC has no region “X”: leave it out; none is known."),
    ],
)
def test_a_place_without_known_holidays_is_told_what_to_write(place: str, fault: str) -> None:
    assert fault in place_fault(place)
    assert len(place_fault(place)) <= 300
