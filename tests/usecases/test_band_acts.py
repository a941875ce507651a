"""A draw with floors by band of confidence: even within each, weighted, and made again (I7, I8)."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import redrawn, unpacked
from worlds import (
    CHANNEL,
    CORRECT,
    KEY,
    OWNER,
    PIPELINE,
    POLICY,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.outputs import Output
from bot.domain.record import Kind
from bot.domain.strata import FloorBy, band_of
from bot.domain.verdicts import Judgement
from bot.rendering.render import message
from bot.usecases import sampling, showing

BANDED = replace(POLICY, sample=12, floor=3, floor_by=FloorBy.CONFIDENCE, limit_bp=1_000)


def reported(world: World, number: int) -> None:
    """Have a hundred outputs of two categories come, four of them unsure, four without a word."""
    now = world.clock.now()
    said = ["0.3"] * 4 + [""] * 4 + ["0.97"] * 92
    some = [
        Output(f"r{number}-{at:03}", now, "ab"[at % 2], each, text=f"Text {number} {at}")
        for at, each in enumerate(said)
    ]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, some)
    sampling.sample_now(world.deps, person(OWNER), KEY)


def answers(world: World, number: int) -> None:
    """Answer a round in which whatever the AI was unsure of is wrong."""
    with world.deps.store.read(world.deps.workspace) as reading:
        asked = reading.rounds.asked(KEY, number)
    said: list[Judgement] = [
        WRONG if each.output.confidence == "0.3" else CORRECT for each in asked
    ]
    world.answers_round(number, *said)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a world in which five rounds were drawn so and answered."""
    world = a_live_world(tmp_path, BANDED)
    world.answers_round(1)
    for number in range(2, 7):
        reported(world, number)
        answers(world, number)
    return world


def test_each_band_that_occurs_is_drawn_from(world: World) -> None:
    drawn = Counter(band_of(each.output.confidence) for each in world.items(3))
    assert drawn == {"0-0.5": 3, "unsaid": 3, "0.95-1": 6}
    facts = next(e.facts for e in world.entries(Kind.ROUND_DRAWN) if e.facts["round"] == 3)
    assert facts["by"] == "confidence"
    assert facts["allocation"] == [["0-0.5", 3], ["0.95-1", 6], ["unsaid", 3]]


def test_the_order_in_which_it_is_asked_does_not_tell_how_sure_the_ai_was(
    world: World,
) -> None:
    with world.deps.store.read(world.deps.workspace) as reading:
        asked = [reading.rounds.asked(KEY, number) for number in range(2, 7)]
    bands = [[band_of(each.output.confidence) for each in some] for some in asked]
    assert any(some != sorted(some) for some in bands)


def test_i9_what_the_floor_has_looked_at_more_weighs_less_in_its_category_too(
    world: World,
) -> None:
    closed = [each.facts for each in world.entries(Kind.ROUND_CLOSED)]
    assert [each["errors"] for each in closed[1:]] == [3] * 5, "a quarter of what was judged"
    assert {each["grade"] for each in closed} == {"not_enough_evidence"}, "but 4 % of all outputs"
    with world.deps.store.read(world.deps.workspace) as reading:
        series = reading.series.find(KEY)
    assert series is not None
    assert {each.category for each in series.categories} == {"a", "b"}
    assert all(each.detector.evidence < 156 for each in series.strands)
    assert findings(world) == [], "the verifier gets the same"


def test_i7_anyone_can_draw_it_again(world: World, tmp_path: Path) -> None:
    assert findings(world) == []
    done = redrawn(unpacked(world.path.with_suffix(".zip"), tmp_path / "export"), KEY, 4)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 12)


def test_its_card_says_what_each_counts_by(world: World) -> None:
    seq = next(e.seq for e in world.entries(Kind.ROUND_CLOSED) if e.facts["round"] == 6)
    card = Message(MessageKind.ROUND_CARD, Place.CHANNEL, CHANNEL, seq, KEY, 6)
    shown = message(showing.view_of(world.deps, card)).text
    assert "each band of confidence by its share of the outputs" in shown
