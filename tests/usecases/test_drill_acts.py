"""Every 90 days a stop is tried: I1 owed, I3 climb, I4 actor, I5 order, I10 stop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from rebuilt import as_stored, rebuilt, words_of
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    STEWARD,
    World,
    a_live_world,
    a_world_after,
    findings,
    outputs,
    person,
)

from bot.domain.breaches import Cause, Decision
from bot.domain.drills import DrillState
from bot.domain.gate import GateState
from bot.domain.limits import read_limits
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import OPERATOR, SYSTEM
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Refused, Repeated
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import drills, gate, policies, questions, sampling, showing
from bot.usecases.steps.gate import move_gate, tighten_gate
from tests.posted import all_shown

DRILL = ObligationKind.DRILL


def state(world: World) -> GateState:
    return world.workflow().gate.state


def shown(world: World) -> views.DrillRequest:
    """Give what the owner is shown of the first drill asked of them."""
    last = world.entries()[-1].seq
    asked = Message(MessageKind.DRILL_REQUEST, Place.PERSON, OWNER, last, workflow=KEY, subject=1)
    view = showing.view_of(world.deps, asked)
    assert isinstance(view, views.DrillRequest)
    return view


def moves(world: World) -> list[tuple[object, object]]:
    """Give the gate's moves since the workflow went live."""
    return [
        (entry.facts["from"], entry.facts["to"]) for entry in world.entries(Kind.GATE_CHANGED)[1:]
    ]


def seconds(world: World, **time: float) -> None:
    world.clock.move(world.clock.now() + timedelta(**time))


def causes(world: World) -> list[object]:
    return [entry.facts["cause"] for entry in world.entries(Kind.BREACH_OPENED)]


@pytest.fixture
def owing(tmp_path: Path) -> World:
    """A workflow that runs, and whose owner has just been asked for a drill."""
    return a_world_after(tmp_path, _owing)


def _owing(folder: Path) -> World:
    live = a_live_world(folder)
    live.answers_round(1)
    live.looks_again(1)
    asks(live)
    return live


def asks(world: World) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get(KEY), drill_at=work.now))
    world.tick()


def pauses_by_silence(world: World) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        tighten_gate(work, work.workflows.get(KEY), GateState.PAUSED, "silence")


def decides_to_pause(world: World) -> None:
    world.raises()
    world.acknowledges(1)
    world.decides(1, Decision.PAUSE)


def resumes(world: World) -> None:
    world.asks_to_resume()
    world.confirms(1)


@pytest.fixture
def drilling(owing: World) -> World:
    owing.drills()
    return owing


# Asked for.


def test_every_90_days_a_drill_is_asked_of_the_owner(live: World) -> None:
    live.answers_round(1)
    accepted = live.entries(Kind.OWNERSHIP_ACCEPTED)[0].ts
    assert live.workflow().drill_at is not None
    live.clock.move(live.workflow().drill_at - timedelta(seconds=1))
    assert live.due(drills.drills_due) == ()
    live.forward(1)

    owed = live.owed(DRILL, 1)
    assert (owed.owed_by, owed.state) == (OWNER, ObligationState.OPEN)
    assert accepted < live.entries(Kind.OBLIGATION_OPENED)[-1].ts
    live.forward(24 * 90)
    with pytest.raises(LookupError):
        live.owed(DRILL, 2)  # who owes the first still, owes no second
    assert findings(live) == []


def test_of_what_is_paused_no_drill_is_asked_before_it_runs(live: World) -> None:
    live.pauses()
    asks(live)
    assert not [
        each for each in live.entries(Kind.OBLIGATION_OPENED) if each.facts["kind"] == DRILL
    ]
    live.asks_to_resume()
    live.confirms(1)
    live.tick()
    assert live.owed(DRILL, 1).is_open


def test_i3_a_drill_that_nobody_holds_is_a_breach_once(owing: World) -> None:
    owing.forward(72 + 14)
    owing.forward(8)

    assert causes(owing).count(Cause.NOT_DRILLED) == 1
    assert owing.owed(DRILL, 1).is_open, "I1: and it is owed still"
    assert owing.climbs(DRILL, 1)[-1].facts["rung"] == 3
    assert findings(owing) == []


# Held.


def test_i10_a_drill_pauses_at_once_and_measures_until_the_pipeline_is_told(owing: World) -> None:
    form = drills.open_drill(owing.deps, person(OWNER), KEY, 1)
    assert (form.gate, form.minutes) == (GateState.RUN, 15)
    owing.drills()

    board = gate.read_board(owing.deps, -1)
    assert board
    assert [(row.gate.state, row.drill) for row in board.gates] == [(GateState.PAUSED, 1)]
    assert shown(owing).last is DrillState.RUNNING
    seconds(owing, seconds=4, milliseconds=200)
    assert owing.pipeline_hears()

    measured = owing.entries(Kind.DRILL_MEASURED)[-1]
    assert (measured.facts["milliseconds"], measured.facts["token"]) == (4_200, "tok1")
    assert moves(owing) == [("run", "paused"), ("paused", "run")]
    assert owing.entries(Kind.GATE_CHANGED)[-1].prior == measured.seq
    assert owing.owed(DRILL, 1).state is ObligationState.ANSWERED
    assert (shown(owing).seconds, shown(owing).state) == ("4.200", ObligationState.ANSWERED)
    board = gate.read_board(owing.deps, -1)
    assert board
    assert [(row.gate.state, row.drill) for row in board.gates] == [(GateState.RUN, 0)]
    assert rebuilt(owing.entries(), words_of(owing)) == as_stored(owing)
    assert findings(owing) == []
    sheet = questions.show_workflow(owing.deps, person(MEMBER), KEY)
    assert (sheet.drill_seconds, sheet.drilled_at) == ("4.200", owing.clock.now())
    assert sheet.drill_at == owing.workflow().drill_at


def test_the_channel_reads_in_how_many_seconds_it_was_told(drilling: World) -> None:
    seconds(drilling, seconds=4, milliseconds=200)
    drilling.pipeline_hears()
    said = drilling.entries(Kind.GATE_CHANGED)[-1].seq
    notice = Message(MessageKind.GATE_NOTICE, Place.CHANNEL, CHANNEL, said, KEY, said)
    view = showing.view_of(drilling.deps, notice)
    assert isinstance(view, views.GateNotice)
    assert (view.seconds, view.next_drill) == ("4.200", drilling.workflow().drill_at)


@pytest.mark.parametrize("was", [GateState.REVIEW_ALL, GateState.DEGRADED])
def test_the_gate_goes_back_to_where_it_was_and_no_further(owing: World, was: GateState) -> None:
    with owing.deps.store.begin(owing.deps.workspace, SYSTEM) as work:
        move_gate(work, work.workflows.get(KEY), was, "set by a test")
    owing.drills()
    owing.pipeline_hears()

    assert state(owing) is was
    assert findings(owing) == []


def test_i2_a_drill_is_measured_once_and_by_the_first_who_was_told(drilling: World) -> None:
    assert drilling.pipeline_hears()
    before = drilling.contents()
    seconds(drilling, seconds=9)
    assert not drilling.pipeline_hears()
    assert drilling.contents() == before


def test_i2_a_start_delivered_twice_is_one_drill(owing: World) -> None:
    sender = person(OWNER, delivery="view-1")
    receipt = drills.start_drill(owing.deps, sender, KEY, 1, "a quiet hour")
    with pytest.raises(Repeated) as repeated:
        drills.start_drill(owing.deps, sender, KEY, 1, "a quiet hour")
    assert repeated.value.proof == receipt
    assert len(owing.entries(Kind.DRILL_STARTED)) == 1


def test_what_one_drill_heard_says_nothing_of_the_next(drilling: World) -> None:
    drilling.forward(0.25)
    drilling.drills()
    assert not drilling.pipeline_hears(1)
    assert state(drilling) is GateState.PAUSED
    assert drilling.pipeline_hears(2)
    assert findings(drilling) == []


# Nobody asks.


def test_if_no_pipeline_asks_the_gate_goes_back_and_the_drill_is_owed_still(
    drilling: World,
) -> None:
    seconds(drilling, minutes=14, seconds=59)
    drilling.tick()
    assert state(drilling) is GateState.PAUSED
    drilling.forward(1 / 3600)

    assert state(drilling) is GateState.RUN
    ended = drilling.entries(Kind.DRILL_ENDED)[-1]
    assert ended.facts["why"] == "nobody asked"
    assert drilling.owed(DRILL, 1).is_open
    assert shown(drilling).last is DrillState.NOBODY_ASKED
    assert not drilling.pipeline_hears()
    assert findings(drilling) == []
    drilling.drills()
    drilling.pipeline_hears(2)
    assert drilling.owed(DRILL, 1).state is ObligationState.ANSWERED
    assert findings(drilling) == []


def test_a_pipeline_that_asks_after_the_time_measures_nothing(drilling: World) -> None:
    seconds(drilling, minutes=15)
    assert not drilling.pipeline_hears()
    drilling.tick()
    assert drilling.entries(Kind.DRILL_ENDED)[-1].facts["why"] == "nobody asked"


# By whom, and from where.


@pytest.mark.parametrize("by", [BACKUP, STEWARD, BUILDER, ADMIN, MEMBER])
def test_i4_only_the_owner_starts_a_drill(owing: World, by: str) -> None:
    with pytest.raises(Refused, match="that takes the owner"):
        owing.drills(by=by)
    assert state(owing) is GateState.RUN


def test_i4_who_stands_in_for_the_owner_may(owing: World) -> None:
    owing.is_away(OWNER, MEMBER)
    owing.drills(by=MEMBER)
    owing.pipeline_hears()

    assert owing.entries(Kind.DRILL_STARTED)[-1].role == "delegate of owner"
    assert owing.owed(DRILL, 1).state is ObligationState.ANSWERED
    assert findings(owing) == []


def test_i10_what_is_paused_is_not_drilled(owing: World) -> None:
    pauses_by_silence(owing)
    for act in (owing.drills, lambda: drills.open_drill(owing.deps, person(OWNER), KEY, 1)):
        with pytest.raises(Refused, match="nothing runs that a drill could stop"):
            act()
    assert not owing.entries(Kind.DRILL_STARTED)


def test_a_drill_is_started_when_it_is_owed_and_once_at_a_time(owing: World) -> None:
    with pytest.raises(Refused, match="No drill is asked"):
        owing.drills(2)
    owing.drills()
    with pytest.raises(Refused, match="under way already"):
        owing.drills()
    owing.pipeline_hears()
    with pytest.raises(Refused, match="nothing more is owed here"):
        owing.drills()


# Something else moves the gate meanwhile.


def test_i10_a_persons_pause_during_a_drill_wins_and_stays(drilling: World) -> None:
    drilling.pauses(by=STEWARD)

    assert drilling.entries(Kind.DRILL_ENDED)[-1].facts["why"] == "overtaken"
    assert not drilling.pipeline_hears()
    drilling.forward(1)
    assert state(drilling) is GateState.PAUSED
    assert moves(drilling) == [("run", "paused"), ("paused", "paused")]
    said = all_shown(drilling)[MessageKind.GATE_NOTICE, CHANNEL].text
    assert "was paused by a drill; that has ended, and now it is *paused* in earnest." in said
    assert "from paused" not in said
    with pytest.raises(Refused, match="paused already"):
        drilling.pauses()
    assert drilling.owed(DRILL, 1).state is ObligationState.SUPERSEDED
    assert shown(drilling).last is DrillState.OVERTAKEN
    resumes(drilling)
    assert state(drilling) is GateState.RUN
    assert drilling.owed(DRILL, 2).is_open
    assert rebuilt(drilling.entries(), words_of(drilling)) == as_stored(drilling)
    assert findings(drilling) == []
    with ZipFile(drilling.path.with_suffix(".zip")) as bundle:
        page = bundle.read("report.html").decode()
    assert page.count('<td data-is="from">paused by a drill</td>') == 1


@pytest.mark.parametrize(
    "pause",
    [
        lambda world: world.pauses(by=STEWARD),
        lambda world: gate.pause_workflow(world.deps, OPERATOR, KEY, "it misbehaves"),
        decides_to_pause,
    ],
    ids=["by a person", "at the console", "by a decision"],
)
def test_i1_whoever_pauses_puts_off_the_drill_that_is_owed_until_it_runs_again(
    owing: World, pause: Callable[[World], object]
) -> None:
    pause(owing)
    put_off = owing.entries(Kind.OBLIGATION_SUPERSEDED)[-1]
    assert (put_off.facts["obligation"], put_off.prior) == ("drill/triage/1", gate_entry(owing))
    with pytest.raises(Refused, match=f"paused since, record #{gate_entry(owing)}: this is asked"):
        owing.drills()
    assert shown(owing).settled
    owing.forward(24 * 3)
    owing.forward(24 * 3)
    assert Cause.NOT_DRILLED not in causes(owing)

    resumes(owing)
    assert owing.owed(DRILL, 2).due_at == owing.clock.now() + timedelta(days=3)
    owing.drills(2)
    owing.pipeline_hears()
    assert owing.owed(DRILL, 2).state is ObligationState.ANSWERED
    assert rebuilt(owing.entries(), words_of(owing)) == as_stored(owing)
    assert findings(owing) == []


def gate_entry(world: World) -> int:
    return world.workflow().gate.entry


def test_i1_a_pause_that_silence_brings_puts_no_drill_off(owing: World) -> None:
    pauses_by_silence(owing)
    assert owing.owed(DRILL, 1).is_open
    resumes(owing)
    owing.drills()
    assert findings(owing) == []


def test_a_pause_where_no_drill_is_owed_brings_none_forward(live: World) -> None:
    before = live.workflow().drill_at
    live.pauses()
    assert live.workflow().drill_at == before


def test_i10_a_gate_that_something_else_has_set_is_left_alone(drilling: World) -> None:
    with drilling.deps.store.begin(drilling.deps.workspace, SYSTEM) as work:
        move_gate(work, work.workflows.get(KEY), GateState.PAUSED, "set by a test")
    board = gate.read_board(drilling.deps, -1)
    assert board
    assert [row.drill for row in board.gates] == [0]
    drilling.forward(0.25)

    assert drilling.entries(Kind.DRILL_ENDED)[-1].facts["why"] == "nobody asked"
    assert state(drilling) is GateState.PAUSED
    ended = drilling.entries(Kind.DRILL_ENDED)[-1].seq
    # No act of the product sets a gate beside a drill: the verifier says that one did.
    assert findings(drilling) == [f"{ended}: is of a drill that did not hold the gate until then"]


def test_i3_a_consequence_during_a_drill_applies_as_if_there_were_none(drilling: World) -> None:
    for wanted in (GateState.REVIEW_ALL, GateState.REVIEW_ALL):
        with drilling.deps.store.begin(drilling.deps.workspace, SYSTEM) as work:
            tighten_gate(work, work.workflows.get(KEY), wanted, "silence")

    assert moves(drilling) == [("run", "paused"), ("paused", "run"), ("run", "review_all")]
    assert not drilling.pipeline_hears()
    assert findings(drilling) == []


def test_a_consequence_that_the_gate_had_met_before_ends_no_drill(owing: World) -> None:
    with owing.deps.store.begin(owing.deps.workspace, SYSTEM) as work:
        move_gate(work, work.workflows.get(KEY), GateState.DEGRADED, "set by a test")
    owing.drills()
    with owing.deps.store.begin(owing.deps.workspace, SYSTEM) as work:
        tighten_gate(work, work.workflows.get(KEY), GateState.REVIEW_ALL, "silence")
    owing.pipeline_hears()
    assert state(owing) is GateState.DEGRADED
    assert findings(owing) == []


def test_a_workflow_may_be_retired_during_a_drill(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    asks(live)
    live.drills()
    live.decides(1, Decision.RETIRE, by=STEWARD)
    live.forward(1)

    assert state(live) is GateState.RETIRED
    assert live.owed(DRILL, 1).state is ObligationState.SUPERSEDED
    assert rebuilt(live.entries(), words_of(live)) == as_stored(live)
    assert findings(live) == []


def test_a_drill_is_not_resumed_it_ends_by_itself(drilling: World) -> None:
    for act in (
        drilling.asks_to_resume,
        lambda: gate.open_resume(drilling.deps, person(BACKUP), KEY),
    ):
        with pytest.raises(Refused, match="goes back by itself"):
            act()


def test_i1_no_drill_makes_a_request_to_resume_void(owing: World) -> None:
    with owing.deps.store.begin(owing.deps.workspace, SYSTEM) as work:
        move_gate(work, work.workflows.get(KEY), GateState.REVIEW_ALL, "set by a test")
    owing.asks_to_resume()
    with pytest.raises(Refused, match="once that is settled"):
        owing.drills()
    owing.confirms(1)
    assert state(owing) is GateState.RUN
    owing.drills()
    assert findings(owing) == []


@pytest.mark.parametrize("is_drilled", [False, True])
def test_i1_what_is_to_be_measured_is_due_as_without_a_drill(
    tmp_path: Path, *, is_drilled: bool
) -> None:
    world = a_live_world(tmp_path, replace(POLICY, limits=read_limits("cost <= 10")))
    asks(world)
    world.forward(to=MONDAY + timedelta(days=7, minutes=-10))
    if is_drilled:
        world.drills()
        seconds(world, seconds=4)
        world.pipeline_hears()
    world.forward(24)
    silent = [entry for entry in world.entries(Kind.BREACH_OPENED) if _is_silence(entry)]
    told = "No value of cost was reported after 2026-06-01 08:00 UTC. One is due every round, "
    assert [entry.facts["detail"] for entry in silent] == [
        f"{told}and was by 2026-06-08 09:00 UTC."
    ]


def _is_silence(entry: Entry) -> bool:
    return entry.facts.get("cause") == Cause.NO_MEASUREMENT


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ({"limit_bp": 400}, "2026-06-08 09:00"),
        ({"zone": "Asia/Tokyo"}, "2026-06-15 00:00"),
        ({"limits": read_limits("cost <= 9 every day")}, "2026-06-03 00:00"),
    ],
)
def test_i1_what_a_new_policy_has_measured_is_due_though_a_drill_goes_on(
    tmp_path: Path, changed: dict[str, Any], due: str
) -> None:
    world = a_live_world(tmp_path, replace(POLICY, limits=read_limits("cost <= 10")))
    asks(world)
    world.drills()
    stricter = replace(POLICY, number=2, **({"limits": read_limits("cost <= 10")} | changed))
    policies.change_policy(world.deps, person(OWNER), policies.Change(KEY, stricter, "less"))
    world.pipeline_hears()

    with world.deps.store.read(world.deps.workspace) as reading:
        (owed,) = reading.measurements.awaited(KEY)
    assert f"{owed.due_at:%Y-%m-%d %H:%M}" == due
    world.forward(24 * 30)
    assert [entry.facts["due_at"] for entry in world.entries() if _is_silence(entry)]
    assert findings(world) == []


def test_a_new_policy_of_what_is_paused_asks_for_no_measurement(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, limits=read_limits("cost <= 10")))
    asks(world)
    world.drills()
    world.pauses()
    stricter = replace(POLICY, number=2, limits=read_limits("cost <= 10"), limit_bp=400)
    policies.change_policy(world.deps, person(OWNER), policies.Change(KEY, stricter, "less"))
    with world.deps.store.read(world.deps.workspace) as reading:
        assert reading.measurements.awaited(KEY) == ()


def test_a_stop_that_stays_ends_what_is_to_be_measured_and_a_drill_in_it_too(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path, replace(POLICY, limits=read_limits("cost <= 10")))
    asks(world)
    world.drills()
    world.pauses()
    with world.deps.store.read(world.deps.workspace) as reading:
        assert reading.measurements.awaited(KEY) == ()


def test_i6_what_was_heard_by_a_clock_that_went_back_since_was_heard_just_now(
    drilling: World,
) -> None:
    ahead = drilling.clock.now() + timedelta(seconds=9)
    seconds(drilling, seconds=4)
    assert drills.record_heard(drilling.deps, drills.Heard(KEY, 1, "tok1", ahead))
    assert drilling.entries(Kind.DRILL_MEASURED)[-1].facts["milliseconds"] == 4_000
    assert findings(drilling) == []


# What is produced meanwhile.


def arrive(world: World, *produced: float) -> None:
    """Have outputs arrive now that were produced so many seconds from now."""
    now, known = world.clock.now(), len(world.entries())
    sent = [
        outputs(1, now + timedelta(seconds=each), f"d{known}-{number}-")[0]
        for number, each in enumerate(produced)
    ]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, sent)


def test_i10_what_is_produced_before_the_pipeline_is_told_is_no_breach(drilling: World) -> None:
    seconds(drilling, seconds=10)
    arrive(drilling, -5)
    drilling.pipeline_hears()
    arrive(drilling, -3)
    drilling.forward(1)
    arrive(drilling, 0)
    assert causes(drilling) == []


def test_i10_what_is_produced_after_it_was_told_is_a_breach(drilling: World) -> None:
    seconds(drilling, seconds=10)
    told = drills.Heard(KEY, 1, "tok1", drilling.clock.now() - timedelta(seconds=4))
    drills.record_heard(drilling.deps, told)
    arrive(drilling, -5, -3, -2)

    opened = drilling.entries(Kind.BREACH_OPENED)
    assert [entry.facts["cause"] for entry in opened] == [Cause.PAUSE_NOT_HONOURED]
    assert opened[0].facts["outputs"] == 2
    assert "told of the pause of drill 1" in str(opened[0].facts["detail"])
    assert drilling.entries(Kind.DRILL_MEASURED)[-1].facts["milliseconds"] == 6_000


def test_what_is_produced_after_a_pause_that_took_a_drills_place_is_a_breach(
    drilling: World,
) -> None:
    drilling.pauses()
    seconds(drilling, seconds=10)
    arrive(drilling, -1)
    assert causes(drilling) == [Cause.PAUSE_NOT_HONOURED]


# What people are shown.


def test_everybody_is_told_that_nobody_has_to_resume_it(drilling: World) -> None:
    paused = drilling.entries(Kind.GATE_CHANGED)[-1]
    about = Message(MessageKind.GATE_NOTICE, Place.CHANNEL, "C0WATCH", paused.seq, workflow=KEY)
    view = showing.view_of(drilling.deps, about)
    assert isinstance(view, views.GateNotice)
    assert view.is_drill
    assert (view.by, view.cause) == (OWNER, "drill")
    assert questions.show_workflow(drilling.deps, person(MEMBER), KEY).is_drill
    assert "This is a drill" in message(view).text
    drilling.pauses()
    late = message(showing.view_of(drilling.deps, about)).text
    assert "This is a drill" not in late
    assert "It has moved again since, and is at *paused* now." in late


def test_i3_a_drills_pause_is_not_told_as_a_stop_that_holds(owing: World) -> None:
    owing.raises()
    owing.drills()
    last = owing.entries()[-1].seq
    breach = Message(MessageKind.BREACH_CARD, Place.CHANNEL, CHANNEL, last, workflow=KEY, subject=1)
    card = showing.view_of(owing.deps, breach)
    assert isinstance(card, views.BreachCard)
    assert (card.gate, card.stands) == (GateState.PAUSED, GateState.RUN)
