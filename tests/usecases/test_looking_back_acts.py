"""An answer can be looked at again and changed until it is handed in: I2 kept, I4 actor."""

import pytest
from worlds import (
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    WRONG,
    World,
    findings,
    person,
)

from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.usecases import looking_back, verdicts
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page

CORRECTED = Judgement(Answer.CORRECTED, Why.POLICY, Severity.MAJOR, "Credit note 78")


def back(world: World, position: int, by: str = OWNER, look: Look = Look.FIRST) -> Page:
    return looking_back.look_back(world.deps, person(by), look, KEY, 1, position)


def opened(world: World) -> Page:
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 1)
    assert isinstance(page, Page)
    return page


def test_the_last_answer_is_shown_as_it_was_given(live: World) -> None:
    first = opened(live)
    assert not first.has_before
    live.answers_page(1, CORRECTED)
    live.answers_page(1, WRONG)
    page = opened(live)
    assert page.has_before

    again = back(live, page.item.position)
    assert (again.item.position, again.said, again.is_last) == (1, WRONG, False)
    assert (again.done, again.total, again.has_before) == (2, 4, True)
    before = back(live, again.item.position)
    assert (before.item.position, before.said, before.has_before) == (0, CORRECTED, False)


def test_before_the_first_there_is_nothing(live: World) -> None:
    with pytest.raises(Refused, match="no output before this one"):
        back(live, 0)
    live.answers_page(1)
    with pytest.raises(Refused, match="no output before this one"):
        back(live, 0)


def test_i2_what_is_said_anew_is_what_is_handed_in_and_both_are_on_record(live: World) -> None:
    live.answers_page(1, CRITICAL)
    page = back(live, 1)
    anew = PageAnswer(KEY, 1, page.item.position, WRONG)
    following = verdicts.answer_page(live.deps, person(OWNER), anew)
    assert isinstance(following, Page)
    assert following.item.position == 1, "on with what is not answered"
    live.answers_round(1)

    drafts = [each.facts["severity"] for each in live.entries(Kind.DRAFT_SAVED)[:2]]
    assert drafts == ["critical", "minor"]
    [wrong] = [e for e in live.entries(Kind.VERDICT_RECORDED) if e.facts["answer"] == "wrong"]
    assert wrong.facts["severity"] == "minor"
    assert live.entries(Kind.BREACH_OPENED) == []
    assert findings(live) == []


def test_what_was_handed_in_is_not_shown_to_be_changed(live: World) -> None:
    live.answers_round(1)
    with pytest.raises(Refused, match="was handed in already"):
        back(live, 1)


@pytest.mark.parametrize("by", [BACKUP, BUILDER, MEMBER])
def test_i4_nobody_looks_at_answers_of_a_round_they_may_not_review(live: World, by: str) -> None:
    live.answers_page(1)
    with pytest.raises(Refused):
        back(live, 1, by)


def test_i4_the_second_look_has_answers_of_its_own(live: World) -> None:
    live.answers_page(1, WRONG)
    live.looks_at_page(1, CORRECT)

    page = back(live, 1, BACKUP, Look.SECOND)
    assert (page.said, page.look, page.item.position) == (CORRECT, Look.SECOND, 0)
    with pytest.raises(Refused):
        back(live, 1, OWNER, Look.SECOND)


def test_i4_a_reviewer_looks_back_within_their_share(live: World) -> None:
    live.hands_out(1, BUILDER, keeps=True)
    live.answers_share_page(1, CORRECTED)

    page = looking_back.look_back_in_share(live.deps, person(BUILDER), KEY, 1, 99)
    assert (page.said, page.place, page.total) == (CORRECTED, 0, 2)
    with pytest.raises(Refused, match="the reviewer they were handed to"):
        looking_back.look_back_in_share(live.deps, person(OWNER), KEY, 1, 99)
    with pytest.raises(Refused, match="no output before"):
        back(live, 99)


def test_whoever_answers_what_somebody_else_has_begun_is_told_whose_answer_gives_way(
    live: World,
) -> None:
    live.answers_page(1, CORRECTED)
    assert opened(live).begun_by == ""
    live.is_away(OWNER, MEMBER)
    page = verdicts.open_review(live.deps, person(MEMBER), KEY, 1)
    assert isinstance(page, Page)
    assert (page.item.position, page.begun_by, page.said) == (0, OWNER, None)
    live.answers_page(1, WRONG, by=MEMBER)
    assert back(live, 1, by=MEMBER).begun_by == ""

    live.comes_back(OWNER)
    assert (opened(live).item.position, opened(live).begun_by) == (0, MEMBER)
