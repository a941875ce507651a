"""Measurements come in, or do not: I1 owed, I3 climb, I5 order, I13 apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from worlds import (
    BACKUP,
    KEY,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    STEWARD,
    World,
    a_live_world,
    a_world,
    findings,
    person,
)

from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.intake import Intake
from bot.domain.limits import read_limits
from bot.domain.measurements import KEPT, Measurement
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.rendering import views
from bot.usecases import measurements, policies, questions, showing

LIMITS = read_limits("latency <= 2.5 every hour\nvolume >= 100 every day\ncost <= 10")
MEASURED = replace(POLICY, limits=LIMITS)
HOUR = timedelta(hours=1)


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[World]:
    """A live workflow with limits; an hour has gone by since it went live."""
    made = a_live_world(tmp_path, MEASURED)
    yield made
    made.deps.store.engine.dispose()


def send(
    world: World, name: str, *values: str, at: datetime | None = None, key: str = KEY
) -> Intake:
    """Report values observed a second apart, the last of them now or then."""
    last = at or world.clock.now()
    sent = [
        Measurement(name, last - timedelta(seconds=len(values) - 1 - place), Decimal(value))
        for place, value in enumerate(values)
    ]
    return measurements.receive_measurements(world.deps, PIPELINE, key, sent)


def opened(world: World, cause: Cause) -> list[tuple[int, str]]:
    entries = world.entries(Kind.BREACH_OPENED)
    return [
        (int(str(entry.facts["breach"])), str(entry.facts["measurement"]))
        for entry in entries
        if entry.facts["cause"] == cause
    ]


def past(world: World) -> list[tuple[int, str]]:
    return opened(world, Cause.LIMIT_EXCEEDED)


def silent(world: World) -> list[tuple[int, str]]:
    return opened(world, Cause.NO_MEASUREMENT)


def card(world: World, number: int) -> views.BreachCard:
    entry = world.breach(number).entry
    shown = showing.view_of(
        world.deps,
        Message(
            MessageKind.BREACH_CARD, Place.CHANNEL, "C0WATCH", entry, workflow=KEY, subject=number
        ),
    )
    assert isinstance(shown, views.BreachCard)
    return shown


# --- What is taken --------------------------------------------------------------------------------


def test_each_value_is_taken_once_and_the_first_of_a_time_stands(measured: World) -> None:
    at = measured.clock.now()
    sent = [
        Measurement("latency", at, Decimal("1.5")),
        Measurement("latency", at, Decimal("1.50")),
        Measurement("latency", at, Decimal("1.6")),
        Measurement("speed", at, Decimal(1)),
        Measurement("latency", at + timedelta(minutes=6), Decimal(1)),
    ]
    intake = measurements.receive_measurements(measured.deps, PIPELINE, KEY, sent)

    assert (intake.accepted, intake.duplicates) == (1, 1)
    assert [(each.index, each.reason) for each in intake.rejected] == [
        (2, "the value observed then is 1.5, and the first one stands"),
        (3, "name is none of those in the policy: latency, volume, cost"),
        (
            4,
            (
                "observed_at lies more than 5 minutes in the future: the bot's own time is "
                "2026-06-01T09:00:00Z"
            ),
        ),
    ]
    again = measurements.receive_measurements(measured.deps, PIPELINE, KEY, sent[:3])
    assert (again.accepted, again.duplicates, len(again.rejected)) == (0, 2, 1)


def test_i5_every_value_is_a_plain_fact_with_its_time(measured: World) -> None:
    measurements.receive_measurements(
        measured.deps,
        PIPELINE,
        KEY,
        [
            Measurement("latency", MONDAY, Decimal("2.50")),
            Measurement("cost", MONDAY - HOUR, Decimal("1e1")),
        ],
        turned_away=2,
    )

    entry = measured.entries()[-1]
    assert (entry.kind, entry.on, entry.policy) == (
        Kind.MEASUREMENTS_RECEIVED,
        "workflow/triage",
        1,
    )
    assert entry.facts == {
        "workflow": KEY,
        "accepted": 2,
        "duplicates": 0,
        "rejected": 2,
        "values": [
            ["cost", "10", "2026-06-01T08:00:00.000000Z"],
            ["latency", "2.5", "2026-06-01T09:00:00.000000Z"],
        ],
    }
    assert past(measured) == [], "the bound itself is within"
    assert findings(measured) == []


def test_what_brings_nothing_new_is_no_entry(measured: World) -> None:
    send(measured, "latency", "1")
    before = measured.contents()
    assert send(measured, "latency", "1").duplicates == 1
    assert measured.contents() == before


def test_the_most_that_can_be_sent_at_once_fits_on_record(tmp_path: Path) -> None:
    name = "m" * 40
    world = a_live_world(tmp_path, replace(POLICY, limits=read_limits(f"{name} <= 1")))
    sent = [
        Measurement(name, MONDAY - timedelta(microseconds=each), Decimal("-1.2345678901234567e-30"))
        for each in range(1_000)
    ]
    assert measurements.receive_measurements(world.deps, PIPELINE, KEY, sent).accepted == 1_000
    entries = world.entries(Kind.MEASUREMENTS_RECEIVED)
    assert [entry.facts["accepted"] for entry in entries] == [400, 400, 200]
    assert findings(world) == []


def test_a_draft_takes_no_measurements(world: World) -> None:
    world.registers(policy=MEASURED)
    with pytest.raises(Refused, match="its owner has not accepted yet"):
        send(world, "latency", "1")


def test_values_are_kept_for_as_long_as_they_could_be_sent_again(measured: World) -> None:
    oldest = measured.clock.now() - KEPT
    assert send(measured, "latency", "1", at=oldest).accepted == 1
    assert send(measured, "latency", "1", at=oldest).duplicates == 1
    measured.forward(1)
    assert len(send(measured, "latency", "1", at=oldest).rejected) == 1
    assert send(measured, "latency", "2").accepted == 1
    rows = measured.contents()["measurement"]
    assert len(rows) == 1, "the oldest is gone, and can come back no more"


# --- Past a limit ---------------------------------------------------------------------------------


def test_a_value_past_its_limit_is_a_breach_that_the_owner_acknowledges(measured: World) -> None:
    send(measured, "latency", "3.10")

    assert past(measured) == [(1, "latency")]
    breach = measured.breach(1)
    assert breach.detail == (
        "latency was 3.1, observed 2026-06-01 09:00 UTC; the limit is at most 2.5."
    )
    assert (breach.is_critical, breach.measurement) == (False, "latency")
    assert measured.owed(ObligationKind.ACKNOWLEDGE, 1).owed_by == OWNER
    facts = measured.entries(Kind.BREACH_OPENED)[-1].facts
    assert {name: facts[name] for name in ("value", "direction", "bound", "observed_at")} == {
        "value": "3.1",
        "direction": "at most",
        "bound": "2.5",
        "observed_at": "2026-06-01T09:00:00.000000Z",
    }
    assert findings(measured) == []


def test_further_values_past_it_are_counted_on_the_breach_that_stands(measured: World) -> None:
    send(measured, "latency", "3")
    assert card(measured, 1).past is None
    measured.forward(0.1)
    send(measured, "latency", "2", "4")
    measured.acknowledges(1)
    measured.forward(0.1)
    send(measured, "latency", "5", "2.4")

    assert past(measured) == [(1, "latency")]
    since = card(measured, 1).past
    assert since
    assert (since.more, since.value) == (2, "5"), "those within the limit are not counted"
    assert findings(measured) == []


def test_a_value_within_the_limit_closes_nothing_and_after_the_close_it_can_open_anew(
    measured: World,
) -> None:
    send(measured, "latency", "3")
    measured.forward(0.1)
    send(measured, "latency", "1")
    assert measured.breach(1).state is BreachState.OPEN
    measured.acknowledges(1)
    measured.decides(1, Decision.CONTINUE)
    measured.forward(0.1)
    send(measured, "latency", "2")
    assert past(measured) == [(1, "latency")]
    measured.forward(0.1)
    send(measured, "latency", "3")
    assert past(measured) == [(1, "latency"), (2, "latency")]
    assert findings(measured) == []


def test_a_decision_still_to_be_carried_out_keeps_its_breach_standing(measured: World) -> None:
    send(measured, "latency", "3")
    measured.acknowledges(1)
    measured.decides(1, Decision.RETRAIN)
    measured.forward(0.1)
    send(measured, "latency", "4")
    assert past(measured) == [(1, "latency")]
    assert card(measured, 1).past


def test_each_name_has_its_own_breach_and_a_lower_bound_is_one_too(measured: World) -> None:
    send(measured, "latency", "3", "4")
    send(measured, "volume", "99.9", "100")
    assert past(measured) == [(1, "latency"), (2, "volume")]
    assert measured.breach(2).detail.endswith("the limit is at least 100.")


def test_a_late_value_past_the_limit_is_a_breach_like_any_other(measured: World) -> None:
    send(measured, "latency", "1")
    send(measured, "latency", "9", at=MONDAY - timedelta(days=3))
    assert past(measured) == [(1, "latency")]
    assert "observed 2026-05-29 09:00 UTC" in measured.breach(1).detail


def test_a_paused_workflow_takes_values_and_answers_for_them(measured: World) -> None:
    measured.pauses()
    assert send(measured, "latency", "3").accepted == 1
    assert past(measured) == [(1, "latency")]


# --- Silence --------------------------------------------------------------------------------------


def test_i3_silence_is_a_breach_at_the_end_of_the_first_whole_period(measured: World) -> None:
    # Live since 08:00: the hour from 09:00 on is the first whole one after that of going live.
    measured.forward(to=MONDAY + HOUR - timedelta(seconds=1))
    assert silent(measured) == []
    measured.forward(to=MONDAY + HOUR)

    assert silent(measured) == [(1, "latency")]
    assert measured.breach(1).detail == (
        "No value of latency was reported after 2026-06-01 08:00 UTC. One is due every hour, and "
        "was by 2026-06-01 10:00 UTC."
    )
    assert measured.owed(ObligationKind.ACKNOWLEDGE, 1).owed_by == OWNER
    assert findings(measured) == []


def test_a_value_counts_from_when_it_arrives_and_puts_the_next_off(measured: World) -> None:
    measured.forward(0.9)
    send(measured, "latency", "1", at=MONDAY - timedelta(days=1))
    measured.forward(to=MONDAY + 2 * HOUR - timedelta(seconds=1))
    assert silent(measured) == []
    measured.forward(to=MONDAY + 2 * HOUR)
    assert silent(measured) == [(1, "latency")]


def test_a_value_that_is_rejected_or_known_puts_nothing_off(measured: World) -> None:
    send(measured, "latency", "1")
    measured.forward(1.5)
    assert send(measured, "latency", "1", at=MONDAY).duplicates == 1
    assert send(measured, "latency", "2", at=MONDAY).rejected
    measured.forward(0.5)
    assert silent(measured) == [(1, "latency")]


def test_i3_after_a_downtime_there_is_one_breach_for_each_name_and_it_says_since_when(
    measured: World,
) -> None:
    measured.forward(to=MONDAY + timedelta(days=7, hours=5))

    assert sorted(name for _, name in silent(measured)) == ["cost", "latency", "volume"]
    details = [str(entry.facts["detail"]) for entry in measured.entries(Kind.BREACH_OPENED)]
    assert sum("after 2026-06-01 08:00 UTC" in each for each in details) == 3
    assert findings(measured) == []


def test_silence_that_lasts_is_one_breach_until_it_is_closed(measured: World) -> None:
    measured.live_through(2)
    assert silent(measured) == [(1, "latency")]
    measured.acknowledges(1)
    measured.decides(1, Decision.CONTINUE)
    assert silent(measured) == [(1, "latency")]
    measured.live_through(1)
    assert silent(measured) == [(1, "latency"), (2, "latency")], "the next hour was silent too"
    assert "after 2026-06-01 08:00 UTC" in measured.breach(2).detail
    assert findings(measured) == []


def test_a_value_that_comes_at_last_leaves_the_breach_to_a_person(measured: World) -> None:
    measured.live_through(1)
    send(measured, "latency", "1")
    assert measured.breach(1).state is BreachState.OPEN
    measured.live_through(3)
    assert silent(measured) == [(1, "latency")], "silent again, and the first is not closed"


def test_a_stopped_workflow_owes_no_data_and_its_time_starts_anew(measured: World) -> None:
    measured.pauses()
    measured.live_through(5)
    assert silent(measured) == []
    measured.asks_to_resume()
    measured.confirms(1)
    measured.forward(1.5)
    assert silent(measured) == []
    measured.forward(0.5)
    assert silent(measured) == [(1, "latency")]
    assert "after 2026-06-01 14:00 UTC" in measured.breach(1).detail
    assert findings(measured) == []


def test_a_stricter_gate_that_lets_the_pipeline_work_changes_nothing(measured: World) -> None:
    send(measured, "volume", "1")
    measured.acknowledges(1)
    measured.decides(1, Decision.REVIEW_ALL)
    measured.forward(1)
    assert silent(measured) == [(2, "latency")]


def test_neither_a_draft_nor_a_retired_workflow_owes_data(world: World) -> None:
    world.registers(policy=MEASURED)
    world.forward(30)
    assert silent(world) == []
    world.accepts()
    world.forward(3)
    assert len(silent(world)) == 1
    world.acknowledges(1)
    world.decides(1, Decision.RETIRE)
    world.forward(24 * 10)
    assert len(silent(world)) == 1
    assert world.contents()["awaited"] == []


def test_what_was_noticed_by_another_is_not_noticed_again(measured: World) -> None:
    measured.clock.move(MONDAY + HOUR)
    assert measured.due(measurements.measurements_due) == ("triage/latency",)
    assert measurements.notice_silence(measured.deps, "triage/latency")
    assert not measurements.notice_silence(measured.deps, "triage/latency")
    assert not measurements.notice_silence(measured.deps, "triage/gone")
    assert measured.due(measurements.measurements_due) == ()


def test_i3_a_value_that_comes_before_the_ticker_has_looked_is_late_all_the_same(
    measured: World,
) -> None:
    measured.clock.move(MONDAY + HOUR)
    assert send(measured, "latency", "1").accepted == 1
    assert silent(measured) == [(1, "latency")]
    assert measured.due(measurements.measurements_due) == ()
    assert findings(measured) == []


def test_time_that_was_missed_is_looked_at_once(measured: World) -> None:
    measured.clock.move(MONDAY + timedelta(days=20))
    due = measured.due(measurements.measurements_due)
    assert due == ("triage/latency", "triage/volume", "triage/cost"), "the longest waiting first"
    assert all(measurements.notice_silence(measured.deps, each) for each in due)
    assert measured.due(measurements.measurements_due) == ()


def test_i1_silence_about_silence_climbs_until_the_gate_closes(measured: World) -> None:
    measured.forward(1)
    measured.live_through(2 + 2 + 4 + 8)
    assert measured.climbs(ObligationKind.ACKNOWLEDGE, 1)
    assert measured.workflow().gate.state == "review_all"
    assert findings(measured) == []


# --- What people see, and apart -------------------------------------------------------------------


def test_the_sheet_shows_each_limit_with_its_newest_value(measured: World) -> None:
    send(measured, "latency", "3", "2")
    send(measured, "latency", "1", at=MONDAY - HOUR)
    send(measured, "volume", "7.50")
    sheet = questions.show_workflow(measured.deps, person(OWNER), KEY)
    assert [(each.limit, each.value, each.is_past) for each in sheet.limits] == [
        ("latency at most 2.5 every hour", "2", False),
        ("volume at least 100 every day", "7.5", True),
        ("cost at most 10 every round", None, False),
    ]
    assert sheet.limits[0].observed_at == MONDAY


def test_i13_measurements_of_one_workspace_are_nothing_to_another(measured: World) -> None:
    other = a_world(measured.path.parent, "T0OTHER", at=MONDAY)
    other.deps = replace(other.deps, draw_key=b"o" * 32)
    other.registers(policy=MEASURED)
    other.accepts()
    before = len(measured.entries())

    later = MONDAY + 2 * HOUR
    assert measured.due(measurements.measurements_due, later) == ("triage/latency",)
    assert other.due(measurements.measurements_due, later) == ("triage/latency",)
    send(other, "latency", "3")
    other.forward(to=MONDAY + 5 * HOUR)

    assert past(other) == [(1, "latency")]
    assert len(silent(other)) == 1
    assert len(measured.entries()) == before
    assert send(measured, "latency", "3", at=MONDAY).accepted == 1
    assert past(measured) == [(1, "latency")]
    assert findings(measured) == []
    assert findings(other) == []


def test_i4_only_people_settle_what_was_measured(measured: World) -> None:
    send(measured, "latency", "3")
    measured.acknowledges(1, by=BACKUP)
    with pytest.raises(Refused):
        measured.decides(1, Decision.CONTINUE, by=STEWARD)


def changes(world: World, **changed: object) -> None:
    """Have the owner make the policy stricter, which takes effect at once."""
    with world.deps.store.read(world.deps.workspace) as reading:
        policy = reading.workflows.policy(KEY, reading.workflows.get(KEY).policy)
    new = replace(policy, number=policy.number + 1, **changed)
    done = policies.change_policy(world.deps, person(OWNER), policies.Change(KEY, new, "stricter"))
    assert not done.is_waiting


def test_a_new_policy_counts_anew_only_what_it_changes(measured: World) -> None:
    measured.forward(0.5)
    changes(
        measured,
        sample=5,
        limits=read_limits(f"{LIMITS[0]}\nvolume >= 100 every hour\n{LIMITS[2]}"),
    )
    measured.forward(0.5)
    assert silent(measured) == [(1, "latency")], "due as before"
    measured.forward(1)
    assert silent(measured) == [(1, "latency"), (2, "volume")], "due since the new policy"
    assert "after 2026-06-01 09:30 UTC" in measured.breach(2).detail
    assert findings(measured) == []


def test_i5_a_value_is_judged_by_the_policy_in_force_when_it_arrives(measured: World) -> None:
    send(measured, "latency", "2")
    changes(
        measured, limits=read_limits("latency <= 1 every hour\nvolume >= 100 every day\ncost <= 10")
    )
    assert past(measured) == [], "what was taken before is not judged again"
    send(measured, "latency", "2", at=MONDAY - HOUR)
    assert past(measured) == [(1, "latency")]
    assert measured.entries(Kind.BREACH_OPENED)[-1].policy == 2
    assert findings(measured) == []
