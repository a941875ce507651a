"""While there is cause to look closer more is drawn, said before the draw (I7, I9); and drift."""

from dataclasses import replace
from pathlib import Path

import pytest
from rebuilt import as_stored, rebuilt, words_of
from worlds import (
    BACKUP,
    CHANNEL,
    KEY,
    OWNER,
    POLICY,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot.domain.breaches import Cause, Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.record import Entry, Kind
from bot.domain.rounds import Grade
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.render import message
from bot.usecases import policies, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

USUAL = 10
PLAN = replace(POLICY, sample=USUAL, floor=0)
LENIENT = replace(PLAN, limit_bp=5_000)
TWO_WRONG = (WRONG, WRONG)
PREFERRED = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR, "Put otherwise.")


@pytest.fixture
def watched(tmp_path: Path) -> tuple[World, int]:
    """A workflow that was just graded `watch`, two of ten wrong in each round, and in which."""
    world = a_world_after(tmp_path, _watched)
    return world, int(str(last(world, Kind.ROUND_CLOSED).facts["round"]))


def _watched(folder: Path) -> World:
    world = a_live_world(folder, PLAN)
    world.reports(40)
    for number in range(1, 12):
        if closes(world, number, *TWO_WRONG) is Grade.WATCH:
            return world
    raise AssertionError("four times the limit is never watched")


def closes(world: World, number: int, *wrong: object) -> Grade | None:
    """Draw a round, report what the next one is drawn of, and answer it."""
    world.forward(to=world.round(number).period_end)
    world.reports(40)
    world.answers_round(number, *wrong)  # type: ignore[arg-type] # verdicts
    return world.round(number).grade


def sizes(world: World, kind: Kind) -> list[tuple[object, object, object]]:
    told = [each.facts for each in world.entries(kind)]
    return [(each["round"], each["sample"], each.get("tightened_by")) for each in told]


def proven(world: World) -> list[Entry]:
    """Give the breaches that rounds together have opened."""
    rates = {Cause.ERROR_RATE, Cause.OVERRIDE_RATE}
    return [each for each in world.entries(Kind.BREACH_OPENED) if each.facts["cause"] in rates]


def last(world: World, kind: Kind) -> Entry:
    return world.entries(kind)[-1]


def test_i7_the_open_round_grows_on_record_and_before_its_draw(watched: tuple[World, int]) -> None:
    world, number = watched
    assert sizes(world, Kind.ROUND_TIGHTENED) == [(number + 1, 3 * USUAL, number)]
    assert world.round(number + 1).sample == 3 * USUAL
    world.forward(to=world.round(number + 1).period_end)
    drawn = last(world, Kind.ROUND_DRAWN).facts
    assert (drawn["round"], drawn["sample"]) == (number + 1, 3 * USUAL)
    assert len(drawn["drawn"]) == 3 * USUAL  # type: ignore[arg-type] # a list
    assert rebuilt(world.entries(), words_of(world)) == as_stored(world)
    assert findings(world) == []


def test_i7_a_round_that_opens_while_it_is_watched_says_so(watched: tuple[World, int]) -> None:
    world, number = watched
    world.forward(to=world.round(number + 1).period_end)
    opened = sizes(world, Kind.ROUND_OPENED)
    assert opened[-1] == (number + 2, 3 * USUAL, number)
    assert opened[0] == (1, USUAL, None)
    assert findings(world) == []


def test_once_it_is_calm_again_so_is_the_sample(watched: tuple[World, int]) -> None:
    world, number = watched
    assert closes(world, number + 1) is not Grade.WATCH
    assert world.round(number + 2).sample == 3 * USUAL, "what was said stays"
    closes(world, number + 2)
    assert world.round(number + 3).sample == USUAL
    assert findings(world) == []


def test_with_a_breach_open_a_person_says_how_many(watched: tuple[World, int]) -> None:
    world, number = watched
    while world.round(number).grade is not Grade.BREACH:
        number += 1
        closes(world, number, *[WRONG] * 8)
    world.forward(to=world.round(number + 1).period_end)
    assert world.round(number + 2).sample == USUAL
    [breach] = proven(world)
    world.acknowledges(int(str(breach.facts["breach"])))
    world.decides(int(str(breach.facts["breach"])), Decision.CONTINUE)
    world.forward(to=world.round(number + 2).period_end)
    assert world.round(number + 3).sample == USUAL
    assert findings(world) == []


def test_a_policy_may_say_that_no_more_is_drawn(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(PLAN, tighten=1))
    world.reports(40)
    grades = [closes(world, number, *TWO_WRONG) for number in range(1, 6)]
    assert Grade.WATCH in grades
    assert sizes(world, Kind.ROUND_TIGHTENED) == []
    assert {size for _, size, _ in sizes(world, Kind.ROUND_OPENED)} == {USUAL}
    assert findings(world) == []


def test_to_look_less_closely_is_weaker(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, PLAN)
    lax = policies.Change(KEY, replace(PLAN, number=2, tighten=2), "it is too much work")
    assert policies.change_policy(world.deps, person(OWNER), lax).is_waiting
    assert findings(world) == []


def test_i7_a_smaller_sample_does_not_shrink_a_round_that_is_open(
    watched: tuple[World, int],
) -> None:
    world, number = watched
    smaller = policies.Change(KEY, replace(PLAN, number=2, sample=4), "it is too much work")
    assert policies.change_policy(world.deps, person(OWNER), smaller).is_waiting
    world.confirms(1, by=BACKUP)
    world.forward(to=world.round(number + 1).period_end)
    assert last(world, Kind.ROUND_DRAWN).facts["sample"] == 3 * USUAL
    assert world.round(number + 2).sample == 12
    assert findings(world) == []


def test_i9_what_is_worse_than_it_was_is_watched_and_opens_nothing(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, LENIENT)
    world.reports(40)
    for number in range(1, 5):
        closes(world, number)
    baseline = last(world, Kind.ROUND_CLOSED).facts["baseline_bp"]
    assert (baseline, last(world, Kind.ROUND_CLOSED).facts["drift"]) == (294, 0)
    number = 5
    while not world.round(number - 1).points_to:
        closes(world, number, WRONG, WRONG, WRONG)
        number += 1
        assert number < 12
    slid = world.round(number - 1)
    assert (slid.points_to, slid.baseline_bp, slid.grade) == ("drift", 294, Grade.WATCH)
    assert int(str(last(world, Kind.ROUND_CLOSED).facts["evidence"])) < 26, "far within its limit"
    assert sizes(world, Kind.ROUND_TIGHTENED) == [(number, 3 * USUAL, number - 1)]
    assert proven(world) == []
    assert findings(world) == []
    assert "speaks against it" not in card_of(world, number - 1)
    closes(world, number, *[WRONG] * 9)
    closes(world, number + 1)
    told = card_of(world, number + 1)
    assert "Taken together, the rounds since its first ones speak for a higher error rate" in told
    assert "After its first rounds at most 2.9 % wrong were to be expected." in told
    assert "This round by itself speaks against it: that stems from rounds before it and" in told
    assert f"has stood since round {number - 1}." in told


def card_of(world: World, number: int) -> str:
    about = Message(MessageKind.ROUND_CARD, Place.CHANNEL, CHANNEL, 1, KEY, number)
    return message(showing.view_of(world.deps, about)).text


def test_i9_one_category_is_found_in_a_good_average_and_named(tmp_path: Path) -> None:
    plan = replace(PLAN, sample=30, limit_bp=1_500, tighten=1)
    world = a_live_world(tmp_path, plan)
    world.reports(40)
    number = 0
    while not proven(world):
        number += 1
        closes(world, number, *[WRONG] * 6)  # the first of a draw are of the first category
        assert number < 15
    facts = last(world, Kind.ROUND_CLOSED).facts
    assert (facts["leading"], facts["points_to"]) == ("category a", "category a")
    [breach] = proven(world)
    assert breach.facts["cause"] == Cause.ERROR_RATE
    assert "Most of it is of category a: " in world.breach(int(str(breach.facts["breach"]))).detail
    assert findings(world) == []


def test_what_is_handed_back_by_preference_is_a_breach_of_its_own_kind(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(LENIENT, error_whys=LENIENT.error_whys[:1]))
    world.reports(40)
    number = 0
    while not proven(world):
        number += 1
        closes(world, number, *[PREFERRED] * USUAL)
        assert number < 15
    [breach] = proven(world)
    assert breach.facts["cause"] == Cause.OVERRIDE_RATE
    assert "outputs judged in rounds 1 to" in world.breach(int(str(breach.facts["breach"]))).detail
    assert findings(world) == []
