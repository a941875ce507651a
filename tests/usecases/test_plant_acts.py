"""What is planted is asked like any other, counted nowhere, and revealed at the close (I8)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from worlds import (
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    SKIPPED,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    outputs,
    person,
)

from bot.domain.intake import Intake
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Judgement
from bot.domain.vigilance import Vigilance
from bot.rendering import views
from bot.usecases import Deps, home, looking_back, plants, reports, sampling, showing, verdicts
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

BAD: Final = ("bad-1", "bad-2", "bad-3")


def planted(world: World, *output_ids: str, category: str = "b") -> Intake:
    bad = [Output(each, world.clock.now(), category=category) for each in output_ids]
    return plants.plant_outputs(world.deps, OPERATOR, KEY, bad)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a world whose second round is drawn from 30 with the first two of three planted."""
    return a_world_after(tmp_path, _drawn)


def _drawn(folder: Path) -> World:
    world = a_live_world(folder, replace(POLICY, sample=6, floor=0))
    world.answers_round(1)
    planted(world, *BAD)
    world.reports(30)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return world


def asked(world: World, number: int = 2) -> list[str]:
    with world.deps.store.read(world.deps.workspace) as reading:
        return [each.output.output_id for each in reading.rounds.asked(KEY, number)]


def answers(world: World, of_bad: Judgement, number: int = 2, by: str = OWNER) -> None:
    """Answer the whole round: this of what was planted, correct of all else."""
    outcome: object = verdicts.open_review(world.deps, person(by), KEY, number)
    while isinstance(outcome, verdicts.Page):
        is_bad = outcome.item.output.output_id in BAD
        said = of_bad if is_bad else CORRECT
        page = verdicts.PageAnswer(KEY, number, outcome.item.position, said)
        outcome = verdicts.answer_page(world.deps, person(by), page)


def revealed(world: World) -> list[dict[str, object]]:
    (entry,) = world.entries(Kind.PLANTS_REVEALED)
    found = entry.facts["plants"]
    assert isinstance(found, list)
    return found


def test_i8_what_is_planted_is_in_no_population_and_in_no_draw(world: World) -> None:
    (drawn,) = [each for each in world.entries(Kind.ROUND_DRAWN) if each.facts["round"] == 2]
    listed = drawn.facts["drawn"]
    assert isinstance(listed, list)
    assert drawn.facts["population"] == 30
    assert not set(BAD) & set(listed)
    assert {each.output.output_id for each in world.items(2)} == set(listed)
    assert set(asked(world)) == {*listed, "bad-1", "bad-2"}


def test_what_is_planted_stands_among_its_category_and_not_at_the_end(world: World) -> None:
    with world.deps.store.read(world.deps.workspace) as reading:
        categories = [each.output.category for each in reading.rounds.asked(KEY, 2)]
    assert categories == sorted(categories)
    assert categories[-1] == "c"


def test_i8_no_figure_has_what_is_planted_and_no_breach_is_opened(world: World) -> None:
    answers(world, CRITICAL)
    (closed,) = [each for each in world.entries(Kind.ROUND_CLOSED) if each.facts["round"] == 2]
    figures = {name: closed.facts[name] for name in ("drawn", "judged", "errors", "critical")}
    assert figures == {"drawn": 6, "judged": 6, "errors": 0, "critical": 0}
    assert not world.entries(Kind.BREACH_OPENED)
    told = {each.facts["output"] for each in world.entries(Kind.VERDICT_RECORDED)}
    assert not told & set(BAD)
    assert findings(world) == []


def test_until_the_close_the_record_commits_to_it_and_does_not_tell(world: World) -> None:
    of_planting = world.entries(Kind.OUTPUT_PLANTED, Kind.PLANTS_MIXED_IN)
    assert len(of_planting) == 4
    assert not any(bad in str(each) for each in of_planting for bad in BAD)
    assert not world.entries(Kind.PLANTS_REVEALED)
    answers(world, WRONG)
    told = {each["output"]: each["found"] for each in revealed(world)}
    assert told == {"bad-1": True, "bad-2": True}


@pytest.mark.parametrize("said", [CORRECT, SKIPPED])
def test_who_calls_it_right_or_cannot_judge_it_has_not_noticed(
    world: World, said: Judgement
) -> None:
    answers(world, said)
    assert [each["found"] for each in revealed(world)] == [False, False]
    assert not world.entries(Kind.OUTPUT_SKIPPED)
    assert findings(world) == []


def test_what_no_round_has_taken_waits_for_the_next(world: World) -> None:
    answers(world, WRONG)
    world.reports(30)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    assert set(asked(world, 3)) & set(BAD) == {"bad-3"}


def test_a_round_that_is_closed_over_silence_reveals_and_asks_no_more(world: World) -> None:
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    assert isinstance(page, verdicts.Page)
    world.live_through(24 * 8)
    assert [each["draft"] for each in revealed(world)] == [None, None]
    assert not set(asked(world)) & set(BAD)
    answers(world, WRONG)
    assert findings(world) == []


def test_pages_are_counted_without_gaps_before_and_after_the_close(world: World) -> None:
    def places() -> list[tuple[int, int]]:
        seen: list[tuple[int, int]] = []
        page: object = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
        while isinstance(page, verdicts.Page) and len(seen) < 4:
            seen.append((page.place, page.total))
            said = verdicts.PageAnswer(KEY, 2, page.item.position, CORRECT)
            page = verdicts.answer_page(world.deps, person(OWNER), said)
        return seen

    assert places() == [(each, 8) for each in range(4)]
    before = [each for each in asked(world) if each not in BAD]
    world.live_through(24 * 8)
    assert asked(world) == before
    with world.deps.store.read(world.deps.workspace) as reading:
        assert [each.turn for each in reading.rounds.asked(KEY, 2)] == list(range(6))
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    assert isinstance(page, verdicts.Page)
    assert (page.place, page.total) == (page.done, 6)


def test_a_page_of_it_that_is_answered_after_the_close_is_told_what_it_was(world: World) -> None:
    with world.deps.store.read(world.deps.workspace) as reading:
        (position, _) = [each.position for each in reading.plants.items(KEY, 2)]
    world.live_through(24 * 8)
    late = verdicts.PageAnswer(KEY, 2, position, WRONG)
    with pytest.raises(Refused, match="planted to see whether errors are noticed"):
        verdicts.answer_page(world.deps, person(OWNER), late)


def test_i2_the_same_answer_to_it_again_is_a_success_without_a_second_entry(world: World) -> None:
    answers(world, WRONG)
    before = len(world.entries())
    with world.deps.store.read(world.deps.workspace) as reading:
        (position, _) = [each.position for each in reading.plants.items(KEY, 2)]
    again = verdicts.PageAnswer(KEY, 2, position, WRONG)
    assert isinstance(verdicts.answer_page(world.deps, person(OWNER), again), verdicts.HandedIn)
    assert len(world.entries()) == before


@pytest.mark.parametrize("said", [WRONG, CORRECT, SKIPPED])
def test_a_reviewer_is_handed_it_and_is_told_nothing_by_handing_in(
    world: World, said: Judgement
) -> None:
    world.hands_out(2, BUILDER)
    handed = world.answers_share(1, *[said] * 8)
    skips = 8 if said is SKIPPED else 0
    assert (handed.outputs, handed.skipped) == (8 - skips, skips)
    assert not world.entries(Kind.PLANTS_REVEALED)
    answers(world, WRONG)
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    assert [each["found"] for each in revealed(world)] == [said is WRONG] * 2
    assert findings(world) == []


def test_what_is_taken_back_is_the_owners_to_answer_with_all_that_is_planted(world: World) -> None:
    world.hands_out(2, BUILDER)
    world.answers_share_page(1, WRONG)
    world.takes_back(1)
    answers(world, WRONG)
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    assert [each["found"] for each in revealed(world)] == [True, True]
    assert findings(world) == []


def test_looking_back_goes_through_it_in_the_order_it_was_asked(world: World) -> None:
    seen: list[str] = []
    for _ in range(8):
        page = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
        assert isinstance(page, verdicts.Page)
        seen.append(page.item.output.output_id)
        if len(seen) < 8:
            said = verdicts.PageAnswer(KEY, 2, page.item.position, CORRECT)
            verdicts.answer_page(world.deps, person(OWNER), said)
    back: list[str] = []
    for _ in range(7):
        page = looking_back.look_back(
            world.deps, person(OWNER), Look.FIRST, KEY, 2, page.item.position
        )
        back.append(page.item.output.output_id)
    assert back == seen[-2::-1]


@pytest.mark.parametrize("actor", [person(OWNER), person(MEMBER), PIPELINE])
def test_i4_who_could_be_asked_plants_nothing(world: World, actor: object) -> None:
    with pytest.raises(Refused, match="the operator of this bot"):
        plants.plant_outputs(world.deps, actor, KEY, outputs(1, MONDAY, "x"))  # type: ignore[arg-type]


def test_an_id_that_is_used_cannot_be_planted(world: World) -> None:
    taken = world.items(2)[0].output.output_id
    planted(world, "fresh")
    intake = planted(world, taken, "fresh", "newer", "newer")
    assert (intake.accepted, intake.duplicates) == (1, 2)
    assert {each.reason for each in intake.rejected} == {
        "output_id was used before: a planted output needs one of its own"
    }


def test_i10_a_pipeline_that_reports_only_what_is_planted_has_reported_nothing(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path)
    planted(world, *BAD)
    with pytest.raises(Refused, match="nothing to draw from"):
        sampling.sample_now(world.deps, person(OWNER), KEY)


def test_nothing_is_planted_without_the_draw_key(world: World) -> None:
    keyless = Deps(world.deps.store, world.deps.workspace, world.deps.circle, b"")
    with pytest.raises(ValueError, match="without the draw key"):
        plants.plant_outputs(keyless, OPERATOR, KEY, outputs(1, MONDAY, "x"))


def only_mine(world: World, user_id: str) -> tuple[views.OwnPlants, ...]:
    view = home.show_home(world.deps, user_id, Standing.MEMBER, 0).view
    assert isinstance(view, views.Home)
    return view.planted


def test_who_answered_it_is_told_on_their_own_home_once_the_round_is_closed(world: World) -> None:
    world.hands_out(2, BUILDER)
    world.answers_share(1, *[WRONG] * 8)
    assert only_mine(world, BUILDER) == ()
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    assert only_mine(world, BUILDER) == (views.OwnPlants(KEY, 2, ()),)
    assert only_mine(world, OWNER) == only_mine(world, MEMBER) == ()


def test_who_overlooked_it_is_told_which_it_was_for_eight_weeks(world: World) -> None:
    answers(world, CORRECT)
    assert only_mine(world, OWNER) == (views.OwnPlants(KEY, 2, ("bad-1", "bad-2")),)
    world.clock.move(world.clock.now() + timedelta(weeks=9))
    assert only_mine(world, OWNER) == ()


def reported(world: World) -> views.Report:
    proof = reports.request_report(world.deps, person(MEMBER), KEY)
    kind, place = MessageKind.REPORT, Place.PERSON
    message = Message(kind, place, MEMBER, proof.number, workflow=KEY, subject=2)
    view = showing.view_of(world.deps, message)
    assert isinstance(view, views.Report)
    return view


def test_i8_a_report_counts_what_is_planted_apart_and_names_nobody(world: World) -> None:
    answers(world, WRONG)
    report = reported(world)
    assert report.noticed.seen == Vigilance(2, 0, 0)
    assert report.newest.errors == 0
    assert sum(each.judged for each in report.rates) == 12


def test_i8_what_nobody_answered_is_not_found_in_what_a_report_reassures_by(world: World) -> None:
    world.live_through(24 * 8)
    assert reported(world).noticed.seen == Vigilance(0, 0, 2)
