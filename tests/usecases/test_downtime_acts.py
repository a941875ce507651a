"""The bot was down when something fell due: I1 owed, I3 climb, for each kind of obligation.

One world sleeps, the other is awake at each moment at which something falls due. In the end both
owe the same, by the same steps; and the one that slept says how late each of them was.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from worlds import (
    BACKUP,
    BUILDER,
    CHANNEL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    POLICY,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
    sent,
)

from bot.domain.breaches import Cause, Decision
from bot.domain.escalation import LADDER
from bot.domain.limits import read_limits
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import NOT_CLIMBED, Obligation, ObligationKind
from bot.domain.people import SYSTEM
from bot.domain.record import Entry, Kind
from bot.domain.registry import Roles
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import digests, sampling, showing
from tests.engines import on_sqlite

# What falls due when is no matter of the engine, and each of these lives through weeks.
pytestmark = on_sqlite

ROOT: Final = Path(__file__).resolve().parents[2]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DOWN: Final = {"10 minutes": 10 * MINUTE, "2 days": 2 * DAY, "3 weeks": 21 * DAY}
# Nothing but what is looked at falls due for a while: no sample, no silence of the pipeline.
QUIET: Final = replace(POLICY, cadence="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1;BYHOUR=9", volume_min=0)
Owing = Callable[[World], object]
# What silence opens instead, a breach, is owed from when it is opened, and so later.
MOVES_THE_GATE: Final = {
    ObligationKind.ACKNOWLEDGE,
    ObligationKind.DECIDE,
    ObligationKind.HAND_OVER,
    ObligationKind.ATTEST,
}


def nothing_else(world: World) -> None:
    """Have nothing owed but what is looked at."""
    world.answers_round(1)
    world.looks_again(1)


def a_breach(world: World) -> None:
    nothing_else(world)
    world.raises()


def a_decision(world: World) -> None:
    a_breach(world)
    world.acknowledges(1)


def work_to_do(world: World) -> None:
    a_decision(world)
    world.decides(1, Decision.RETRAIN)


def a_disagreement(world: World) -> None:
    world.answers_round(1)
    world.looks_again(1, WRONG, WRONG)


def a_request(world: World) -> None:
    nothing_else(world)
    world.pauses()
    world.asks_to_resume()


def a_handover(world: World) -> None:
    nothing_else(world)
    world.hands_over(Roles(MEMBER, BACKUP, STEWARD, BUILDER))


def falls_due(column: str) -> Owing:
    """Have what an owner is asked of again and again be asked now."""

    def ask(world: World) -> None:
        nothing_else(world)
        with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
            workflow = replace(work.workflows.get(KEY), **{column: work.now})
            work.workflows.save(workflow)
        world.tick()

    return ask


def nobody_owns_it(world: World) -> None:
    nothing_else(world)
    world.leaves(OWNER)


BROUGHT_ABOUT: Final[Mapping[ObligationKind, Owing]] = {
    ObligationKind.ACCEPT: lambda world: world.registers("another", policy=QUIET),
    ObligationKind.REVIEW: lambda world: world.looks_again(1),
    ObligationKind.SECOND_REVIEW: lambda world: world.answers_round(1),
    ObligationKind.SETTLE: a_disagreement,
    ObligationKind.JUDGE: lambda world: world.answers_round(1, SKIPPED),
    ObligationKind.ACKNOWLEDGE: a_breach,
    ObligationKind.DECIDE: a_decision,
    ObligationKind.CARRY_OUT: work_to_do,
    ObligationKind.CONFIRM: a_request,
    ObligationKind.HAND_OVER: nobody_owns_it,
    ObligationKind.TAKE_OVER: a_handover,
    ObligationKind.ATTEST: falls_due("attest_at"),
    ObligationKind.DRILL: falls_due("drill_at"),
}


def a_quiet_world(folder: Path) -> World:
    """Give a live workflow with a drawn round, whose next one is months away."""
    folder.mkdir()
    world = a_live_world(folder, QUIET)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return world


def the(kind: ObligationKind, world: World) -> Obligation:
    """Give the last obligation of a kind that was opened."""
    opened = [e for e in world.entries(Kind.OBLIGATION_OPENED) if e.facts["kind"] == kind]
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.obligations.get(str(opened[-1].facts["obligation"]))


def stay_awake(world: World, until: datetime) -> None:
    """Be there at each moment at which something of what is owed falls due."""
    while True:
        with world.deps.store.read(world.deps.workspace) as reading:
            coming = [each.climbs_at for each in reading.obligations.all_open()]
        following = min(coming, default=until)
        world.forward(to=min(following, until))
        if following >= until:
            return


def climbs_of(world: World, owed: Obligation) -> list[Entry]:
    every = world.entries(Kind.OBLIGATION_CLIMBED)
    return [each for each in every if each.facts["obligation"] == owed.id]


def first_steps(climbs: list[Entry]) -> dict[object, Entry]:
    """Give the first entry of each rung, in order."""
    found: dict[object, Entry] = {}
    for each in climbs:
        found.setdefault(each.facts["rung"], each)
    return found


def repeats(climbs: list[Entry]) -> int:
    return sum(1 + int(str(each.facts["coalesced"])) for each in climbs)


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("kind", BROUGHT_ABOUT)
def test_i1_i3_who_slept_owes_what_who_was_awake_owes_and_says_how_late_each_step_was(
    tmp_path: Path, kind: ObligationKind, down: str
) -> None:
    asleep, awake = (a_quiet_world(tmp_path / name) for name in ("asleep", "awake"))
    for world in (asleep, awake):
        BROUGHT_ABOUT[kind](world)
    due = the(kind, asleep).due_at
    for world in (asleep, awake):
        stay_awake(world, due - MINUTE)
    until = due - MINUTE + DOWN[down]
    asleep.forward(to=until)
    stay_awake(awake, until)

    slept, lived = the(kind, asleep), the(kind, awake)
    assert slept == lived
    late, in_time = climbs_of(asleep, slept), climbs_of(awake, lived)
    assert late
    assert repeats(late) == repeats(in_time)
    assert len(late) <= len(LADDER) + 1, "what nobody heard is said once"
    assert list(first_steps(late)) == list(first_steps(in_time)) == list(range(slept.rung + 1))
    for rung, entry in first_steps(late).items():
        was_due = datetime.fromisoformat(first_steps(in_time)[rung].ts)
        for fact in ("passed", "consequence"):
            assert entry.facts[fact] == first_steps(in_time)[rung].facts[fact]
        assert entry.facts["late_seconds"] == (until - was_due).total_seconds()
    assert {each.facts["late_seconds"] for each in in_time} == {0}
    if kind in MOVES_THE_GATE:
        assert asleep.workflow().gate.state is awake.workflow().gate.state
    assert findings(asleep) == []


@pytest.mark.parametrize("down", DOWN)
def test_whoever_is_asked_is_told_that_a_step_comes_late(tmp_path: Path, down: str) -> None:
    asleep, awake = (a_quiet_world(tmp_path / name) for name in ("asleep", "awake"))
    due = the(ObligationKind.REVIEW, asleep).due_at
    until = due - MINUTE + DOWN[down]
    for world in (asleep, awake):
        stay_awake(world, due - MINUTE)
    asleep.forward(to=until)
    stay_awake(awake, until)

    assert shown(asleep).was_due_at == due
    late = text_of(asleep)
    assert f"{due:%Y-%m-%d %H:%M}" in late
    assert "and comes only now." in late
    assert "could not" not in late, "a clock may have been moved: why it is late is not known"
    assert shown(awake).was_due_at is None
    assert "comes only now" not in text_of(awake)


@pytest.mark.parametrize("kind", BROUGHT_ABOUT)
def test_i2_what_is_first_shown_after_its_time_says_that_it_was_due(
    tmp_path: Path, kind: ObligationKind
) -> None:
    world = a_quiet_world(tmp_path / "world")
    if kind is ObligationKind.REVIEW:
        world.hands_out(1, BUILDER, MEMBER)
    else:
        BROUGHT_ABOUT[kind](world)
    owed = the(kind, world)
    asking = [each for each in sent(world) if each.obligation == owed.id]
    assert asking
    due = f"<!date^{owed.due_at.timestamp():.0f}^"
    for each in asking:
        assert f" was due {due}" not in message(showing.view_of(world.deps, each)).text
    world.clock.move(owed.due_at)  # and nothing has climbed yet
    for each in asking:
        told = message(showing.view_of(world.deps, each)).text
        assert due in told
        assert re.search(rf"\bwas (due|to .* by) {re.escape(due)}", told), told


def shown(world: World) -> views.Reminder:
    """Give what the owner is shown of the first step."""
    owed = the(ObligationKind.REVIEW, world)
    entry = climbs_of(world, owed)[0].seq
    asked = Message(MessageKind.REMINDER, Place.PERSON, OWNER, entry, KEY, 1, owed.id)
    view = showing.view_of(world.deps, asked)
    assert isinstance(view, views.Reminder)
    return view


def text_of(world: World) -> str:
    return str(message(shown(world)).blocks)


@pytest.mark.parametrize("down", DOWN)
def test_a_period_that_ended_meanwhile_has_one_draw_and_the_next_ends_at_its_time(
    live: World, down: str
) -> None:
    live.forward(to=MONDAY + 7 * DAY - MINUTE)
    live.reports(9)
    live.forward(to=MONDAY + 7 * DAY - MINUTE + DOWN[down])

    drawn = live.round(2)
    assert drawn.population == 9
    assert drawn.drawn_at == live.clock.now()
    ends = live.round(3).period_end
    assert live.clock.now() < ends <= live.clock.now() + 7 * DAY
    assert ends.weekday() == 0


@pytest.mark.parametrize("down", DOWN)
def test_what_was_not_measured_meanwhile_is_one_breach_that_says_since_when(
    tmp_path: Path, down: str
) -> None:
    limits = read_limits("latency <= 2 every day")
    live = a_live_world(tmp_path, replace(QUIET, limits=limits))
    due = awaited(live)
    live.forward(to=due - MINUTE)
    live.forward(to=due - MINUTE + DOWN[down])

    breaches = live.entries(Kind.BREACH_OPENED)
    assert [each.facts["cause"] for each in breaches] == [Cause.NO_MEASUREMENT]
    assert datetime.fromisoformat(str(breaches[0].facts["due_at"])) == due
    assert awaited(live) > live.clock.now()


def awaited(world: World) -> datetime:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.measurements.awaited(KEY)[0].due_at


@pytest.mark.parametrize("down", DOWN)
def test_digests_that_were_missed_are_written_as_one(live: World, down: str) -> None:
    digests.place_digest(live.deps, person(STEWARD), CHANNEL, "every day at 09:00", "UTC")
    live.forward(to=MONDAY + DAY - MINUTE)
    live.forward(to=MONDAY + DAY - MINUTE + DOWN[down])

    assert len(live.entries(Kind.DIGEST_WRITTEN)) == 1


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize(
    ("kind", "column"), [(ObligationKind.ATTEST, "attest_at"), (ObligationKind.DRILL, "drill_at")]
)
def test_what_an_owner_is_asked_again_and_again_is_asked_once_with_all_its_time(
    tmp_path: Path, kind: ObligationKind, column: str, down: str
) -> None:
    world = a_quiet_world(tmp_path / "world")
    nothing_else(world)
    at = getattr(world.workflow(), column)
    world.clock.move(at - MINUTE)
    world.forward(to=at - MINUTE + DOWN[down])

    owed = the(kind, world)
    assert [each.id for each in open_of(kind, world)] == [owed.id]
    assert owed.opened_at == world.clock.now()
    assert owed.due_at == world.clock.now() + 3 * DAY
    assert owed.rung == NOT_CLIMBED


def open_of(kind: ObligationKind, world: World) -> list[Obligation]:
    with world.deps.store.read(world.deps.workspace) as reading:
        return [each for each in reading.obligations.all_open() if each.kind is kind]


@pytest.mark.parametrize("down", DOWN)
def test_i1_a_drill_that_a_pause_has_put_off_is_owed_alike_by_who_slept_and_who_was_awake(
    tmp_path: Path, down: str
) -> None:
    asleep, awake = (a_quiet_world(tmp_path / name) for name in ("asleep", "awake"))
    until = asleep.clock.now() + DOWN[down]
    for world in (asleep, awake):
        BROUGHT_ABOUT[ObligationKind.DRILL](world)
        world.pauses()
    asleep.forward(to=until)
    stay_awake(awake, until)
    assert open_of(ObligationKind.DRILL, asleep) == open_of(ObligationKind.DRILL, awake) == []

    for world in (asleep, awake):
        world.asks_to_resume()
        world.confirms(1)
    stay_awake(awake, until + DOWN[down])
    asleep.forward(to=until + DOWN[down])
    slept, lived = (the(ObligationKind.DRILL, world) for world in (asleep, awake))
    assert slept == lived
    assert (slept.subject, slept.opened_at) == (2, until)
    assert findings(asleep) == findings(awake) == []


@pytest.mark.parametrize("down", DOWN)
def test_whoever_went_and_came_back_meanwhile_is_here_again_on_record(
    live: World, down: str
) -> None:
    live.is_away(BACKUP, MEMBER, days=1, start=1)
    begins = live.clock.now().replace(hour=0) + DAY
    live.clock.move(begins - MINUTE)
    live.forward(to=begins - MINUTE + DOWN[down])

    noted = live.entries(Kind.ABSENCE_BEGUN, Kind.ABSENCE_ENDED)
    is_over = DOWN[down] > DAY
    assert [each.kind for each in noted] == [Kind.ABSENCE_ENDED if is_over else Kind.ABSENCE_BEGUN]


def test_every_kind_of_obligation_is_tried_and_told() -> None:
    told = re.findall(r"^\| ([a-z ]+) \|", (ROOT / "docs/downtime.md").read_text(), re.MULTILINE)
    assert {*BROUGHT_ABOUT} == {*ObligationKind}
    assert {*ObligationKind} <= {*told}
