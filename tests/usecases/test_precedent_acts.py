"""Earlier corrections are in reach of whoever judges: I4 actor, I11 said, I13 apart."""

import pytest
from worlds import BACKUP, BUILDER, KEY, MEMBER, OWNER, STEWARD, World, person

from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.views import PrecedentsPage
from bot.usecases import precedents

FIXED = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, "It is a transfer.")


def page(world: World, number: int, position: int = 0, by: str = OWNER) -> PrecedentsPage:
    return precedents.precedents(world.deps, person(by), Look.FIRST, KEY, number, position)


def next_round(world: World, number: int) -> None:
    world.reports(8)
    world.forward(to=world.round(number).period_end)


@pytest.fixture
def second(live: World) -> World:
    """A second round under review, after a first of which all was corrected."""
    next_round(live, 1)
    sample = len(live.items(1))
    live.answers_round(1, *[FIXED] * sample)
    next_round(live, 2)
    return live


def test_the_corrections_of_the_category_are_shown_newest_first(second: World) -> None:
    item = second.items(2)[0]
    shown = page(second, 2)
    assert shown.category == item.output.category
    alike = [each for each in second.items(1) if each.output.category == shown.category]
    assert [each.round for each in shown.precedents] == [1] * min(5, len(alike))
    assert {each.correction for each in shown.precedents} == {"It is a transfer."}
    assert {each.output.category for each in shown.precedents} == {shown.category}


def test_of_its_own_round_nothing_is_shown(live: World) -> None:
    next_round(live, 1)
    live.answers_page(1, FIXED)
    assert page(live, 1, 1).precedents == ()


def test_whoever_looks_again_and_a_reviewer_are_shown_them_too(second: World) -> None:
    seen = precedents.precedents(second.deps, person(BACKUP), Look.SECOND, KEY, 2, 0)
    assert seen.precedents
    second.hands_out(2, BUILDER)
    theirs = precedents.precedents_in_share(second.deps, person(BUILDER), KEY, 1, 0)
    assert theirs.precedents
    second.takes_back(1)
    with pytest.raises(Refused):
        precedents.precedents_in_share(second.deps, person(BUILDER), KEY, 1, 0)


@pytest.mark.parametrize("by", [MEMBER, STEWARD])
def test_i4_who_does_not_judge_is_not_shown_them(second: World, by: str) -> None:
    with pytest.raises(Refused):
        page(second, 2, by=by)


def test_what_has_ended_needs_none(second: World) -> None:
    second.answers_round(2)
    with pytest.raises(Refused):
        page(second, 2)
