"""What is asked besides the draw is asked with it, marked as such, and counted nowhere (I8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    BUILDER,
    CHANNEL,
    CORRECT,
    CRITICAL,
    KEY,
    OWNER,
    PIPELINE,
    POLICY,
    SKIPPED,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR
from bot.domain.policy import Policy
from bot.domain.record import Entry, Kind
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.render import message
from bot.usecases import plants, sampling, showing, verdicts, wrong_outputs
from bot.usecases.steps.answers import PageAnswer
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

ASKING = replace(POLICY, sample=4, floor=0, trigger_below_bp=6_000, trigger_most=3)


def reported(world: World, count: int = 20, version: str = "") -> None:
    """Have outputs reported of which nobody is sure: so those are asked that are not drawn."""
    now = world.clock.now()
    some = [
        Output(f"c{version}{at:02}", now, "a", f"0.{at:02}", version, f"Text {at}")
        for at in range(count)
    ]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, some)


def drawn_world(folder: Path, policy: Policy = ASKING) -> World:
    """Give a world whose second round is drawn."""
    world = a_live_world(folder, policy)
    world.answers_round(1)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_world_after(tmp_path, drawn_world)


def of_round_2(world: World, kind: Kind) -> list[Entry]:
    return [each for each in world.entries(kind) if each.facts["round"] == 2]


def drawn_in(world: World) -> list[str]:
    (drawn,) = of_round_2(world, Kind.ROUND_DRAWN)
    outputs = drawn.facts["drawn"]
    assert isinstance(outputs, list)
    return outputs


def besides(world: World) -> list[str]:
    (drawn,) = of_round_2(world, Kind.ROUND_DRAWN)
    triggered = drawn.facts["triggered"]
    assert isinstance(triggered, list)
    return [output for output, _, _ in triggered]


def answers(world: World, said: Judgement, *, number: int = 2, by: str = OWNER) -> list[str]:
    """Answer a round, this of what is asked besides the draw; give why each page is asked."""
    pages: list[str] = []
    page: object = verdicts.open_review(world.deps, person(by), KEY, number)
    while isinstance(page, verdicts.Page):
        assert page.place == len(pages)
        pages.append(page.trigger)
        answer = PageAnswer(KEY, number, page.item.position, said if page.trigger else CORRECT)
        page = verdicts.answer_page(world.deps, person(by), answer)
    return pages


def shown(world: World, kind: MessageKind, to: str) -> str:
    place = Place.CHANNEL if to == CHANNEL else Place.PERSON
    asked = Message(kind, place, to, of_round_2(world, Kind.ROUND_DRAWN)[0].seq, KEY, 2)
    return message(showing.view_of(world.deps, asked)).text


def test_i8_what_is_asked_besides_the_draw_is_in_no_figure(world: World) -> None:
    assert answers(world, WRONG) == [""] * 4 + ["confidence"] * 3
    (closed,) = of_round_2(world, Kind.ROUND_CLOSED)
    figures = {name: closed.facts[name] for name in ("drawn", "judged", "missing", "errors")}
    assert figures == {"drawn": 4, "judged": 4, "missing": 0, "errors": 0}
    said = {str(each.facts["output"]) for each in of_round_2(world, Kind.TRIGGERED_JUDGED)}
    assert said == set(besides(world))
    assert not said & {str(each.facts["output"]) for each in world.entries(Kind.VERDICT_RECORDED)}
    assert findings(world) == []


def test_the_least_sure_that_were_not_drawn_are_asked(world: World) -> None:
    left = [f"c{at:02}" for at in range(20) if f"c{at:02}" not in drawn_in(world)]
    assert besides(world) == left[:3]


def test_request_and_card_tell_them_apart_from_the_sample(world: World) -> None:
    request = shown(world, MessageKind.REVIEW_REQUEST, OWNER)
    assert "4 drawn outputs of triage" in request
    assert "3 more outputs are asked besides the sample" in request
    card = shown(world, MessageKind.ROUND_CARD, CHANNEL)
    assert "3 more outputs are asked besides the sample" in card


def test_once_the_round_is_closed_its_card_says_what_came_of_them(world: World) -> None:
    world.hands_out(2, BUILDER)
    world.answers_share(1, *[CORRECT] * 4, WRONG, CRITICAL, SKIPPED)
    assert "besides the sample and judged" not in shown(world, MessageKind.ROUND_CARD, CHANNEL)
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    card = shown(world, MessageKind.ROUND_CARD, CHANNEL)
    assert "4 of 4 judged, 0 wrong" in card
    assert "Asked besides the sample and judged: 2, of them wrong: 2, critical: 1." in card


def test_a_critical_one_is_a_breach_like_any_other_and_is_shown_with_it(world: World) -> None:
    answers(world, CRITICAL)
    (opened,) = world.entries(Kind.BREACH_OPENED)
    assert (opened.facts["cause"], opened.facts["count"]) == ("critical verdict", 3)
    page = wrong_outputs.see_outputs(world.deps, person(OWNER), KEY, 1, 0)
    assert {each.output.output_id for each in page.outputs} == set(besides(world))
    assert findings(world) == []


def test_one_that_cannot_be_judged_is_said_so_and_asked_of_nobody_else(world: World) -> None:
    answers(world, SKIPPED)
    assert [each.facts["answer"] for each in of_round_2(world, Kind.TRIGGERED_JUDGED)] == (
        ["skipped"] * 3
    )
    assert not of_round_2(world, Kind.OUTPUT_SKIPPED)
    assert findings(world) == []


def test_a_reviewer_answers_them_in_a_share(world: World) -> None:
    world.hands_out(2, BUILDER)
    assert world.answers_share(1, *[CORRECT] * 4, *[WRONG] * 3).outputs == 7
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    assert len(of_round_2(world, Kind.TRIGGERED_JUDGED)) == 3
    assert findings(world) == []


def test_i1_they_are_owed_until_the_round_is_handed_in_however_late(world: World) -> None:
    world.live_through(24 * 8)
    answers(world, CRITICAL)
    assert len(of_round_2(world, Kind.TRIGGERED_JUDGED)) == 3
    assert findings(world) == []


def test_i2_the_same_answer_again_is_no_second_entry(world: World) -> None:
    answers(world, WRONG)
    before = world.contents()
    with world.deps.store.read(world.deps.workspace) as reading:
        (item, *_) = reading.rounds.triggered(KEY, 2)
    again = PageAnswer(KEY, 2, item.position, WRONG)
    verdicts.answer_page(world.deps, person(OWNER), again)
    assert world.contents() == before


def test_first_outputs_of_a_new_version_are_asked(tmp_path: Path) -> None:
    policy = replace(POLICY, sample=2, floor=0, trigger_first=2, trigger_most=3)
    world = a_live_world(tmp_path, policy)
    world.answers_round(1)
    reported(world, version="old")
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert besides(world) == [], "round 1 named no version, so none is new"
    answers(world, CORRECT)
    reported(world, version="new")
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert "model version" in answers(world, CORRECT, number=3)
    assert findings(world) == []


def test_why_is_not_told_where_the_confidence_is_hidden(tmp_path: Path) -> None:
    world = drawn_world(tmp_path, replace(ASKING, hides_answer=True))
    assert answers(world, CORRECT) == [""] * 4 + ["hidden"] * 3


def test_with_planted_ones_among_the_sample_each_has_its_page(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, ASKING)
    world.answers_round(1)
    bad = [Output(f"bad-{at}", world.clock.now(), category="a") for at in range(2)]
    plants.plant_outputs(world.deps, OPERATOR, KEY, bad)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert answers(world, WRONG) == [""] * 6 + ["confidence"] * 3
    assert findings(world) == []


def test_what_they_take_counts_as_time_of_reviewers(tmp_path: Path) -> None:
    minutes = 3 * 2 * (4 + 2) + 3 * 2  # two rounds of four, two looked at twice, and two besides
    policy = replace(ASKING, capacity=minutes)
    world = drawn_world(tmp_path, policy)
    assert [each.facts["cause"] for each in world.entries(Kind.BREACH_OPENED)] == [
        "more to review than there is time"
    ]
    assert findings(world) == []


def test_without_triggers_nothing_is_asked_besides(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, sample=4, floor=0))
    world.answers_round(1)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert besides(world) == []


def test_nobody_is_asked_besides_the_draw_once_a_workflow_is_retired(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, ASKING)
    world.answers_round(1)
    reported(world)
    world.raises("it is rude")
    world.acknowledges(1)
    world.decides(1, Decision.RETIRE)
    assert len(drawn_in(world)) == 4
    assert besides(world) == []
    assert findings(world) == []


def test_what_is_corrected_besides_the_draw_is_no_earlier_example(world: World) -> None:
    answers(world, Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, "It is lost."))
    with world.deps.store.read(world.deps.workspace) as reading:
        assert reading.rounds.corrected(KEY, "a", 9) == ()
