"""Drawn outputs that are the same are asked once, and each counts with that answer (I8)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    BACKUP,
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

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.render import message
from bot.usecases import corrections, plants, sampling, showing, skips, verdicts
from bot.usecases.steps.answers import PageAnswer
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

SAME = "Your parcel is on its way."
# Of ten outputs four are the same: they are asked once, and the other six each by itself.
TEXTS = (SAME, "One", SAME, "Two", "Three", SAME, "Four", SAME, "Five", "Six")


def reported(world: World, texts: tuple[str, ...] = TEXTS) -> None:
    now = world.clock.now()
    some = [Output(f"c{at}", now, category="a", text=text) for at, text in enumerate(texts)]
    sampling.receive_outputs(world.deps, PIPELINE, KEY, some)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a world whose second round drew all of ten outputs, four of which are the same."""
    return a_world_after(tmp_path, _drawn)


def _drawn(folder: Path) -> World:
    world = a_live_world(folder, replace(POLICY, sample=10, floor=0))
    world.answers_round(1)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return world


def answers(world: World, of_same: Judgement, of_others: Judgement = CORRECT) -> list[str]:
    """Answer the round; give the texts that were asked, in their order."""
    asked: list[str] = []
    page: object = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    while isinstance(page, verdicts.Page):
        assert (page.place, page.total) == (len(asked), 7)
        asked.append(page.item.output.text)
        said = of_same if asked[-1] == SAME else of_others
        answer = PageAnswer(KEY, 2, page.item.position, said)
        page = verdicts.answer_page(world.deps, person(OWNER), answer)
    return asked


def of_round_2(world: World, kind: Kind) -> list[Entry]:
    return [each for each in world.entries(kind) if each.facts["round"] == 2]


def same_in() -> list[str]:
    return [f"c{at}" for at, text in enumerate(TEXTS) if text == SAME]


def shown(world: World, kind: MessageKind, to: str) -> str:
    (entry,) = of_round_2(world, Kind.ROUND_DRAWN)
    place = Place.CHANNEL if to == CHANNEL else Place.PERSON
    asked = Message(kind, place, to, entry.seq, KEY, 2)
    return message(showing.view_of(world.deps, asked)).text


def test_i8_copies_are_asked_once_and_each_counts_in_the_rate(world: World) -> None:
    asked = answers(world, WRONG)
    assert sorted(asked) == sorted(set(TEXTS))
    (closed,) = of_round_2(world, Kind.ROUND_CLOSED)
    figures = {name: closed.facts[name] for name in ("drawn", "judged", "missing", "errors")}
    assert figures == {"drawn": 10, "judged": 10, "missing": 0, "errors": 4}
    assert len(of_round_2(world, Kind.DRAFT_SAVED)) == 7
    wrong = [each for each in of_round_2(world, Kind.VERDICT_RECORDED) if each.facts.get("why")]
    assert {str(each.facts["output"]) for each in wrong} == set(same_in())
    assert findings(world) == []


def test_i7_the_draw_names_the_copies_and_no_second_look_has_them(world: World) -> None:
    (drawn,) = of_round_2(world, Kind.ROUND_DRAWN)
    outputs, second = drawn.facts["drawn"], drawn.facts["second"]
    assert isinstance(outputs, list)
    assert isinstance(second, list)
    groups = drawn.facts["copies"]
    assert isinstance(groups, list)
    ((first, *copies),) = groups
    assert {outputs[at] for at in (first, *copies)} == set(same_in())
    assert not {outputs[at] for at in copies} & set(second)


def test_the_page_and_the_request_say_what_an_answer_stands_for(world: World) -> None:
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    assert isinstance(page, verdicts.Page)
    copies = []
    while isinstance(page, verdicts.Page):
        copies.append((page.item.output.text == SAME, page.copies))
        answer = PageAnswer(KEY, 2, page.item.position, CORRECT)
        if len(copies) == 7:
            break
        page = verdicts.answer_page(world.deps, person(OWNER), answer)
    assert set(copies) == {(True, 3), (False, 0)}
    request = shown(world, MessageKind.REVIEW_REQUEST, OWNER)
    assert "7 drawn outputs of triage" in request
    assert "3 more drawn outputs are the same as one of these" in request
    assert "3 of them are the same as another of them" in shown(
        world, MessageKind.ROUND_CARD, CHANNEL
    )


def test_i8_what_cannot_be_judged_is_missing_with_its_copies_and_asked_once(world: World) -> None:
    answers(world, SKIPPED)
    (closed,) = of_round_2(world, Kind.ROUND_CLOSED)
    assert (closed.facts["judged"], closed.facts["missing"]) == (6, 4)
    assert len(of_round_2(world, Kind.OUTPUT_SKIPPED)) == 4
    assert skips.open_skipped(world.deps, person(BACKUP), KEY, 2).left == 1
    assert "1 output of round 2 of triage" in shown(world, MessageKind.JUDGE_REQUEST, BACKUP)
    world.judges(2, WRONG)
    judged = of_round_2(world, Kind.OUTPUT_JUDGED)
    assert {str(each.facts["output"]) for each in judged} == set(same_in())
    assert all(item.verdict for item in world.items(2))
    assert findings(world) == []


def test_two_people_who_cannot_judge_it_have_said_so_of_the_copies(world: World) -> None:
    answers(world, SKIPPED)
    world.judges(2, replace(SKIPPED, reason="I see nothing there either."))
    assert len(of_round_2(world, Kind.OUTPUT_SKIPPED)) == 8
    assert findings(world) == []


def test_a_critical_answer_is_one_breach_about_all_copies(world: World) -> None:
    answers(world, CRITICAL)
    (opened,) = world.entries(Kind.BREACH_OPENED)
    assert opened.facts["count"] == 4
    assert findings(world) == []


def test_a_reviewer_answers_for_copies_too_and_is_told_of_their_own_outputs(world: World) -> None:
    world.hands_out(2, BUILDER)
    page = world.answers_share(1, *[SKIPPED] * 7)
    assert (page.outputs, page.skipped) == (0, 7)
    assert sorted(answers(world, WRONG)) == sorted(set(TEXTS))
    assert findings(world) == []


def test_a_share_is_recorded_with_the_outputs_that_were_in_it(world: World) -> None:
    world.hands_out(2, BUILDER)
    assert world.answers_share(1).outputs == 7
    (answered,) = world.entries(Kind.ITEMS_ANSWERED)
    assert answered.facts["outputs"] == 7
    assert sum(item.verdict is not None for item in world.items(2)) == 10
    verdicts.hand_in_round(world.deps, person(OWNER), KEY, 2)
    assert findings(world) == []


def test_an_earlier_correction_is_shown_once(world: World) -> None:
    corrected = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, "It is lost.")
    answers(world, corrected)
    with world.deps.store.read(world.deps.workspace) as reading:
        assert len(reading.rounds.corrected(KEY, "a", 9)) == 1


def test_i1_what_nobody_answers_in_time_is_late_with_its_copies(world: World) -> None:
    world.live_through(24 * 8)
    answers(world, WRONG)
    late = of_round_2(world, Kind.VERDICT_RECORDED)
    assert [each.facts["late"] for each in late] == [True] * 10
    assert findings(world) == []


def test_a_copy_itself_is_not_answered(world: World) -> None:
    (copy, *_) = [item for item in world.items(2) if item.is_copy]
    with pytest.raises(Refused, match="it is a copy of another one"):
        verdicts.answer_page(world.deps, person(OWNER), PageAnswer(KEY, 2, copy.position, CORRECT))


def test_the_same_hand_in_again_answers_no_copy_again(world: World) -> None:
    answers(world, WRONG)
    before = world.contents()
    item = next(each for each in world.items(2) if each.output.text == SAME and not each.is_copy)
    again = PageAnswer(KEY, 2, item.position, WRONG)
    verdicts.answer_page(world.deps, person(OWNER), again)
    assert world.contents() == before


def test_a_correction_is_taken_out_once(world: World) -> None:
    def taken() -> Iterator[dict[str, object]]:
        with corrections.read_corrections(world.deps, KEY, None) as found:
            for each in found.of_each:
                yield from each

    answers(world, WRONG)
    assert [each["text"] for each in taken()] == [SAME]


def test_what_reviewers_have_time_for_counts_copies_once(tmp_path: Path) -> None:
    minutes = 3 * (10 + 2) + 3 * (7 + 2)  # of ten and of seven two are looked at twice
    world = a_live_world(tmp_path, replace(POLICY, sample=10, floor=0, capacity=minutes))
    world.answers_round(1)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    causes = [each.facts["cause"] for each in world.entries(Kind.BREACH_OPENED)]
    assert "more to review than there is time" not in causes
    assert findings(world) == []


def test_a_second_look_is_at_what_is_asked(world: World) -> None:
    answers(world, WRONG)
    again = world.looks_again(2, by=BACKUP)
    assert again.outputs == 2
    with world.deps.store.read(world.deps.workspace) as reading:
        assert not any(each.is_copy for each in reading.rounds.items(KEY, 2, Look.SECOND))
    assert findings(world) == []


def test_what_is_planted_and_what_is_the_same_leave_no_gap_in_the_pages(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, sample=10, floor=0))
    world.answers_round(1)
    bad = [Output(f"bad-{at}", world.clock.now(), category="a", text=SAME) for at in range(2)]
    plants.plant_outputs(world.deps, OPERATOR, KEY, bad)
    reported(world)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    places = []
    page: object = verdicts.open_review(world.deps, person(OWNER), KEY, 2)
    while isinstance(page, verdicts.Page):
        places.append((page.place, page.total, page.copies))
        answer = PageAnswer(KEY, 2, page.item.position, CORRECT)
        page = verdicts.answer_page(world.deps, person(OWNER), answer)
    assert [(place, total) for place, total, _ in places] == [(at, 9) for at in range(9)]
    assert sorted(copies for _, _, copies in places) == [0] * 8 + [3]
    assert findings(world) == []
