"""Outputs come in, rounds are drawn from them: I7 draw, I10 stop."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from worlds import (
    KEY,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    STEWARD,
    World,
    a_live_world,
    findings,
    outputs,
    person,
)

from bot.domain.breaches import Cause
from bot.domain.outputs import MAX_CATEGORIES, Output
from bot.domain.plans import MAX_SAMPLE
from bot.domain.policy import MAX_FLOOR
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import RoundState
from bot.domain.sampling import draw, population_root
from bot.usecases import sampling

WEEK = timedelta(days=7)


def causes(world: World) -> list[str]:
    return [str(entry.facts["cause"]) for entry in world.entries(Kind.BREACH_OPENED)]


def test_outputs_are_taken_once_and_the_same_again_is_no_fault(live: World) -> None:
    sent = outputs(3, live.clock.now(), "again")
    sampling.receive_outputs(live.deps, PIPELINE, KEY, sent[:2])
    other = replace(sent[0], text="something else")
    spoilt = Output("no good", live.clock.now())

    intake = sampling.receive_outputs(live.deps, PIPELINE, KEY, [*sent, sent[2], other, spoilt])

    assert (intake.accepted, intake.duplicates) == (1, 3)
    assert [(each.index, each.reason[:20]) for each in intake.rejected] == [
        (4, "output_id was used b"),
        (5, "output_id must be 1 "),
    ]
    assert live.entries()[-1].facts["rejected"] == 2


def test_outputs_that_bring_nothing_new_are_no_entry(live: World) -> None:
    sent = outputs(3, live.clock.now(), "again")
    sampling.receive_outputs(live.deps, PIPELINE, KEY, sent)
    before = live.contents()

    assert sampling.receive_outputs(live.deps, PIPELINE, KEY, sent).duplicates == 3
    assert sampling.receive_outputs(live.deps, PIPELINE, KEY, []).accepted == 0
    assert live.contents() == before


def test_a_draft_takes_no_outputs(world: World) -> None:
    world.registers()

    with pytest.raises(Refused, match="its owner has not accepted yet"):
        world.reports(1)
    assert world.refusals() == ["workflow not live"]


def test_a_pipeline_with_a_category_for_each_output_cannot_choke_the_draw(live: World) -> None:
    sent = [Output(f"o{each}", MONDAY, category=f"Käse {each}") for each in range(100)]
    intake = sampling.receive_outputs(live.deps, PIPELINE, KEY, sent)

    assert (intake.accepted, len(intake.rejected)) == (MAX_CATEGORIES, 100 - MAX_CATEGORIES)
    assert live.reports(3).accepted == 0, "a, b and c are new categories as well"
    live.forward(to=MONDAY + WEEK)
    assert live.round(2).state is RoundState.DRAWN


def test_the_largest_draw_there_can_be_is_drawn(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, sample=MAX_SAMPLE, floor=MAX_FLOOR))
    longest = [f"{each:02}{'ß' * 57}" for each in range(MAX_CATEGORIES)]
    sent = [
        Output(f"{each:0128}", MONDAY, category=longest[each % MAX_CATEGORIES])
        for each in range(2 * MAX_SAMPLE)
    ]
    assert sampling.receive_outputs(world.deps, PIPELINE, KEY, sent).accepted == len(sent)
    world.forward(to=MONDAY + WEEK)

    drawn = world.entries(Kind.ROUND_DRAWN)[-1].facts["drawn"]
    assert isinstance(drawn, list)
    assert len(drawn) == MAX_SAMPLE


def test_i7_a_draw_is_recomputed_from_what_is_public(live: World) -> None:
    opened = live.entries(Kind.ROUND_OPENED)[0]
    (entry,) = live.entries(Kind.ROUND_DRAWN)
    seed = bytes.fromhex(str(entry.facts["seed"]))
    with live.deps.store.read(live.deps.workspace) as reading:
        population = list(reading.outputs.population(KEY, 1))

    assert sha256(seed).hexdigest() == opened.facts["commitment"]
    assert population_root(population).hex() == entry.facts["population_root"]
    drawn = [each.output_id for each in draw(seed, population, POLICY.sample, POLICY.floor)]
    assert drawn == entry.facts["drawn"]
    assert opened.seq < live.entries(Kind.OUTPUTS_RECEIVED)[0].seq, "committed to before any came"
    assert findings(live) == []


def test_i7_a_seed_that_is_not_the_one_committed_to_is_a_breach(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.reports(5)
    live.deps = replace(live.deps, draw_key=b"another key".ljust(32))
    live.forward(to=MONDAY + WEEK)

    assert causes(live) == [Cause.SEED_NOT_REVEALED]
    assert (live.round(2).state, live.round(2).seed) == (RoundState.CLOSED, "")
    assert live.round(3).state is RoundState.OPEN, "the next round is drawn with the key of now"
    assert [finding.rpartition(", ")[2] for finding in findings(live)] == [
        "whose seed was never revealed"
    ]
    live.reports(5)
    live.forward(to=MONDAY + 2 * WEEK)
    assert live.round(3).state is RoundState.DRAWN


def test_i10_a_round_without_outputs_is_one_breach_however_long_it_lasts(live: World) -> None:
    for week in (1, 2, 3):
        live.forward(to=MONDAY + week * WEEK)

    assert causes(live).count(Cause.NO_OUTPUTS) == 1
    assert [live.round(number).state for number in (2, 3, 4)] == [RoundState.CLOSED] * 3


@pytest.mark.parametrize(("count", "is_breach"), [(4, True), (5, False), (12, False), (13, True)])
def test_i10_a_volume_outside_the_policy_is_a_breach(
    tmp_path: Path, count: int, *, is_breach: bool
) -> None:
    world = a_live_world(tmp_path, policy=replace(POLICY, volume_min=5, volume_max=12))
    world.answers_round(1)
    world.looks_again(1)
    world.reports(count)
    world.forward(to=MONDAY + WEEK)

    assert causes(world) == [Cause.VOLUME] * is_breach
    assert world.round(2).state is RoundState.DRAWN, "what did come is reviewed all the same"


def test_one_output_is_counted_as_one(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, policy=replace(POLICY, volume_min=5, volume_max=12))
    world.answers_round(1)
    world.looks_again(1)
    world.reports(1)
    world.forward(to=MONDAY + WEEK)
    [opened] = world.entries(Kind.BREACH_OPENED)
    assert opened.facts["detail"] == "Round 2 has 1 output; 5 to 12 were expected."


def test_i10_a_paused_workflow_is_expected_to_be_silent(live: World) -> None:
    live.pauses()
    live.forward(to=MONDAY + WEEK)

    assert Cause.NO_OUTPUTS not in causes(live)


def test_i10_a_pause_around_the_draw_hides_no_silence(live: World) -> None:
    live.forward(to=MONDAY + WEEK - timedelta(minutes=1))
    live.pauses()
    live.forward(to=MONDAY + WEEK)

    assert Cause.NO_OUTPUTS in causes(live)


def test_i10_too_much_is_too_much_while_paused(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, volume_max=12))
    world.pauses()
    late = [Output(f"late-{each}", MONDAY - WEEK) for each in range(13)]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, late)
    world.forward(to=MONDAY + WEEK)

    assert Cause.VOLUME in causes(world)


def test_a_first_period_of_an_hour_owes_no_outputs(world: World) -> None:
    world.registers()
    world.accepts()
    world.forward(to=MONDAY)
    assert world.round(1).state is RoundState.CLOSED
    assert causes(world) == []

    world.forward(to=MONDAY + WEEK)
    assert causes(world) == [Cause.NO_OUTPUTS]


def test_i10_outputs_produced_after_a_pause_are_one_breach(live: World) -> None:
    live.pauses()
    before = [Output("before", live.clock.now())]
    sampling.receive_outputs(live.deps, PIPELINE, KEY, before)
    assert causes(live) == [], "what was on its way when the pause came is no breach"

    live.forward(1)
    live.reports(2)
    live.reports(2)
    assert causes(live) == [Cause.PAUSE_NOT_HONOURED]
    assert live.entries(Kind.BREACH_OPENED)[0].facts["outputs"] == 2


@pytest.mark.parametrize("by", [OWNER, STEWARD])
def test_a_round_is_drawn_early_from_what_is_in_it(live: World, by: str) -> None:
    live.reports(5)
    sampling.sample_now(live.deps, person(by), KEY)

    assert live.round(2).state is RoundState.DRAWN
    assert live.round(3).state is RoundState.OPEN
    assert live.round(3).period_end == MONDAY + WEEK
    assert causes(live) == []


def test_an_early_draw_sees_part_of_a_period_but_never_too_much(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, policy=replace(POLICY, volume_min=10, volume_max=20))
    world.reports(3)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert causes(world) == []

    world.reports(21)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert causes(world) == [Cause.VOLUME]


def test_there_is_nothing_to_draw_from_an_empty_round(live: World) -> None:
    drawn = "Round 1 was drawn 2026-06-01 .* UTC. No output .* in round 2 yet.* nothing to draw"
    with pytest.raises(Refused, match=drawn):
        sampling.sample_now(live.deps, person(OWNER), KEY)
    assert live.round(2).state is RoundState.OPEN


def test_nothing_is_drawn_before_the_period_ends_nor_twice(live: World) -> None:
    assert live.due(sampling.rounds_due) == ()
    assert sampling.turn_round(live.deps, KEY) is False

    live.clock.move(MONDAY + WEEK)
    assert live.due(sampling.rounds_due) == (KEY,)
    assert sampling.turn_round(live.deps, KEY) is True
    assert sampling.turn_round(live.deps, KEY) is False


def test_a_bot_that_was_down_over_several_periods_draws_once_and_goes_on(live: World) -> None:
    live.reports(5)
    live.forward(to=MONDAY + 3 * WEEK + timedelta(hours=1))

    assert live.round(2).population == 5
    assert live.round(3).period_end == MONDAY + 4 * WEEK


def test_what_was_no_output_at_all_is_counted_on_record(live: World) -> None:
    sampling.receive_outputs(live.deps, PIPELINE, KEY, [], 3)

    assert live.entries(Kind.OUTPUTS_RECEIVED)[-1].facts["rejected"] == 3


def test_i7_with_another_draw_key_nothing_is_said_to_be_drawn(world: World) -> None:
    world.registers()
    world.accepts()
    world.reports(4)
    other = replace(world.deps, draw_key=b"e" * 32)
    sampled = sampling.sample_now(other, person(OWNER), KEY)
    assert not sampled.is_drawn
    assert world.breach(1).cause is Cause.SEED_NOT_REVEALED


def test_i7_a_population_is_frozen_in_the_order_of_bytes_whatever_a_server_sorts_by(
    world: World,
) -> None:
    world.registers()
    world.accepts()
    names = ("b", "A", "a", "_", "Z", "a-1", "a1", "a.0")
    reported = [Output(name, world.clock.now(), category="any") for name in names]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, reported)
    world.forward(to=MONDAY)

    [drawn] = world.entries(Kind.ROUND_DRAWN)
    assert drawn.facts["population_root"] == population_root([(n, "any") for n in names]).hex()
