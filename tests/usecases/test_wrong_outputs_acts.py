"""Who answers for a breach sees what it is about: I4 actor, I11 said, and a blind second look."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    PIPELINE,
    POLICY,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.breaches import Cause
from bot.domain.obligations import ObligationKind
from bot.domain.outputs import Output
from bot.domain.people import Standing
from bot.domain.presence import Passed
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering import views
from bot.usecases import policies, questions, sampling, wrong_outputs
from bot.usecases.policies import Change

SECOND, REVIEW = ObligationKind.SECOND_REVIEW, ObligationKind.REVIEW
NOT_INDEPENDENT = str(Passed.NOT_INDEPENDENT)
CORRECTED = Judgement(Answer.CORRECTED, Why.POLICY, Severity.MAJOR, "Credit note 78")


def seen(world: World, by: str = STEWARD, number: int = 1, page: int = 0) -> views.OutputsPage:
    return wrong_outputs.see_outputs(world.deps, person(by), KEY, number, page)


@pytest.fixture
def judged(live: World) -> World:
    """A round of four in which one output is critical, one corrected and one slightly wrong."""
    live.answers_round(1, CORRECT, WRONG, CORRECTED, CRITICAL)
    live.looks_again(1)
    return live


def test_the_outputs_that_were_not_correct_are_listed_the_worst_first(judged: World) -> None:
    page = seen(judged)

    assert [each.said.severity for each in page.outputs] == ["critical", "major", "minor"]
    assert page.outputs[1].said.correction == "Credit note 78"
    assert {each.by for each in page.outputs} == {OWNER}
    assert (page.round, page.page, page.pages, page.total) == (1, 0, 1, 3)
    assert page.is_noted, "so that it can be said should the window not open"


@pytest.mark.parametrize("by", [OWNER, BACKUP, STEWARD, ADMIN, AUDITOR])
def test_whoever_answers_for_it_or_reads_the_record_sees_them(judged: World, by: str) -> None:
    assert seen(judged, by).total == 3


@pytest.mark.parametrize("by", [BUILDER, MEMBER])
def test_i4_nobody_else_sees_them_and_the_attempt_is_recorded(judged: World, by: str) -> None:
    with pytest.raises(Refused, match="see the outputs of this breach"):
        seen(judged, by)

    assert judged.refusals() == ["may not see the outputs of this breach"]


def test_i4_a_guest_sees_none(judged: World) -> None:
    guest = replace(person(OWNER), standing=Standing.GUEST)
    with pytest.raises(Refused, match="Guests"):
        wrong_outputs.see_outputs(judged.deps, guest, KEY, 1, 0)


def test_i4_a_stand_in_sees_what_they_are_asked_about(judged: World) -> None:
    judged.is_away(OWNER, MEMBER, start=0)
    assert seen(judged, MEMBER).total == 3


def test_i4_whoever_owes_the_second_look_is_not_shown_the_first(live: World) -> None:
    live.answers_round(1, CRITICAL)
    with pytest.raises(Refused, match="it is blind: hand it in first"):
        seen(live, BACKUP)
    assert seen(live, STEWARD).total == 1

    live.looks_again(1)
    assert seen(live, BACKUP).total == 1


def test_i4_whoever_owes_the_first_look_is_not_shown_the_second(live: World) -> None:
    live.looks_again(1, CRITICAL)
    with pytest.raises(Refused, match="it is blind"):
        seen(live, OWNER)

    live.answers_round(1, WRONG, WRONG, WRONG, WRONG)
    page = seen(live, OWNER)
    assert (page.outputs[0].is_second, page.outputs[0].by) == (True, BACKUP)
    assert page.total == 5


def test_a_breach_without_outputs_says_so(live: World) -> None:
    live.raises()
    with pytest.raises(Refused, match="is not about single outputs"):
        seen(live, OWNER)


def test_many_come_in_pages_and_one_that_is_not_there_is_the_last(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, sample=12, floor=0))
    world.reports(20)
    made = world.round(1)
    world.answers_round(made.number, *[CRITICAL] * 12)

    first, last = seen(world), seen(world, page=99)
    assert (len(first.outputs), first.pages, first.total) == (5, 3, 12)
    assert (last.page, len(last.outputs)) == (2, 2)
    assert seen(world, page=-4).page == 0


def test_i11_text_is_shown_as_the_rules_of_now_allow_and_no_further(live: World) -> None:
    live.answers_round(1)
    letter = Output("o-1", live.clock.now(), text="From ana@example.com", url="https://crm.example")
    sampling.receive_outputs(live.deps, PIPELINE, KEY, [letter])
    sampling.sample_now(live.deps, person(OWNER), KEY)
    live.answers_round(2, CRITICAL)
    [shown] = seen(live).outputs
    assert (shown.output.text, shown.is_link) == ("From ana@example.com", False)

    change = Change(KEY, replace(POLICY, number=2, masks=("email",)), "stricter")
    policies.change_policy(live.deps, person(OWNER), change)

    [shown] = seen(live).outputs
    assert shown.output.text == "From ▒▒▒"


# Who has seen one look is not blind to it any more.


def sights(world: World) -> list[tuple[str, object]]:
    return [(entry.role, entry.facts["look"]) for entry in world.entries(Kind.OUTPUTS_SEEN)]


def test_i5_that_somebody_saw_the_outputs_is_on_record_once(judged: World) -> None:
    seen(judged)
    seen(judged, page=1)
    assert sights(judged) == [("steward", "first"), ("steward", "second")]
    seen(judged, AUDITOR)
    assert len(sights(judged)) == 4
    assert findings(judged) == []


def test_i4_whoever_was_shown_the_first_look_cannot_take_the_second(live: World) -> None:
    live.answers_round(1, CRITICAL)
    before = live.owed(SECOND, 1)
    seen(live, STEWARD)
    assert live.owed(SECOND, 1) == before, "somebody else has it, who is not hurried"
    live.forward(72 + 2 + 4)

    with pytest.raises(Refused, match="It is on record that you opened what the other look"):
        live.looks_again(1, by=STEWARD)
    assert "has seen the other look" in live.refusals()

    assert live.looks_again(1).outputs == 2, "it is with its first addressee as before"
    assert findings(live) == []


def test_i3_a_second_look_passes_everybody_who_has_seen_the_first(live: World) -> None:
    live.answers_round(1, CRITICAL)
    for each in (STEWARD, ADMIN):
        seen(live, each)
    live.forward(10 * 24)

    passed = {(entry.facts["rung"], entry.facts["passed"]) for entry in live.climbs(SECOND, 1)}
    assert passed >= {(2, NOT_INDEPENDENT), (3, NOT_INDEPENDENT)}
    causes = {entry.facts["cause"] for entry in live.entries(Kind.BREACH_OPENED)}
    assert Cause.SECOND_NOT_ANSWERED in causes


def test_i3_it_goes_on_at_once_if_whoever_has_it_looks_at_the_other(live: World) -> None:
    live.is_away(BACKUP, start=0)
    live.tick()
    live.looks_again(1, CRITICAL, by=STEWARD)
    live.comes_back(BACKUP)
    live.forward(72 + 2)
    assert live.owed(REVIEW, 1).rung == 1, "the backup is asked for the first look by now"
    seen(live, BACKUP)

    live.forward(0)
    rungs = [(entry.facts["rung"], entry.facts["passed"]) for entry in live.climbs(REVIEW, 1)]
    assert rungs[-2:] == [(2, NOT_INDEPENDENT), (3, None)], "the steward gave the second look"


def test_i3_the_admins_are_asked_at_once_if_the_last_who_is_there_looks_at_the_other(
    live: World,
) -> None:
    live.looks_again(1, CRITICAL)
    for each in (OWNER, BACKUP):
        live.is_away(each)
    live.tick()
    assert live.owed(REVIEW, 1).rung == 2, "the steward is asked for the first look by now"
    seen(live, STEWARD)

    live.tick()
    assert live.owed(REVIEW, 1).rung == 3, "so is an admin, long before the rung's own time"
    assert findings(live) == []


def test_i4_whoever_was_shown_the_second_look_cannot_take_the_first(live: World) -> None:
    live.looks_again(1, CRITICAL)
    seen(live, STEWARD)
    live.forward(72 + 2 + 4)

    with pytest.raises(Refused, match="It is on record that you opened what the other look"):
        live.answers_round(1, by=STEWARD)
    dues = questions.list_dues(live.deps, person(STEWARD)).dues
    assert REVIEW not in {each.kind for each in dues}


def test_i4_a_reviewer_is_not_shown_the_second_look_nor_handed_what_they_have_seen(
    live: World,
) -> None:
    live.looks_again(1, CRITICAL)
    live.hands_out(1, STEWARD, keeps=True)
    with pytest.raises(Refused, match="it is blind: hand it in first"):
        seen(live, STEWARD)
    live.takes_back(1)
    seen(live, STEWARD)
    with pytest.raises(Refused, match="or has seen what it says"):
        live.hands_out(1, STEWARD, keeps=True)
