"""A report tells what the AI's own confidence is worth, from random draws alone (I8)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from worlds import (
    CORRECT,
    KEY,
    MEMBER,
    OWNER,
    PIPELINE,
    POLICY,
    WRONG,
    World,
    a_live_world,
    person,
)

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.outputs import Output
from bot.domain.policy import Policy
from bot.rendering import views
from bot.usecases import sampling, showing, verdicts
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

EVEN: Final = replace(POLICY, sample=130, floor=0)


def judged(folder: Path, policy: Policy) -> World:
    """Give a world with a closed round of 10 unsure outputs, all wrong, and 120 sure ones."""
    world = a_live_world(folder, policy)
    world.answers_round(1)
    sent = [Output(f"u{each}", world.clock.now(), "a", "0.40") for each in range(10)]
    sent += [Output(f"s{each}", world.clock.now(), "b", "0.97") for each in range(120)]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, sent)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    page: object = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    while isinstance(page, verdicts.Page):
        said = WRONG if page.item.output.output_id.startswith("u") else CORRECT
        answer = verdicts.PageAnswer(KEY, 2, page.item.position, said)
        page = verdicts.answer_page(world.deps, person(OWNER), answer)
    return world


def confidence(world: World) -> views.Confidence:
    view = showing.view_of(
        world.deps, Message(MessageKind.REPORT, Place.PERSON, MEMBER, 1, workflow=KEY, subject=2)
    )
    assert isinstance(view, views.Report)
    return view.confidence


def test_errors_are_counted_by_band_and_a_threshold_is_suggested(tmp_path: Path) -> None:
    found = confidence(judged(tmp_path, EVEN))
    assert [(each.low, each.judged, each.errors) for each in found.bands] == [
        (Decimal(0), 10, 10),
        (Decimal("0.95"), 120, 0),
    ]
    assert found.suggested == found.bands[1]
    assert found.below == 10


@pytest.mark.parametrize("floor", [0, 1])
def test_i8_where_rare_ones_are_drawn_more_often_no_threshold_follows(
    tmp_path: Path, floor: int
) -> None:
    found = confidence(judged(tmp_path, replace(EVEN, floor=floor)))
    assert found.is_even is (floor == 0)
    assert (found.suggested is None) is (floor == 1)


def test_a_workflow_that_says_no_confidence_has_no_bands(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    world.answers_round(1)
    assert confidence(world) == views.Confidence((), None, is_even=False)
