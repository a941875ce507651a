"""A second pair of eyes: blind (I4), chosen by the draw (I7), in no rate (I8), never forgotten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CHANNEL,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
    sent,
)

from bot.domain.breaches import Cause, Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Roles
from bot.domain.sampling import second_look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.render import message, modal
from bot.usecases import questions, second_looks, showing, verdicts
from bot.usecases.steps.answers import PageAnswer
from handlers.slack.pages import page_view

SECOND = ObligationKind.SECOND_REVIEW
CORRECTED = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MAJOR, "Ship it to Leeds")
DUE = 72  # hours after the draw
TAKEN, SUPERSEDED = ObligationState.ANSWERED, ObligationState.SUPERSEDED


def said(position: int, judgement: Judgement = CORRECT) -> PageAnswer:
    return PageAnswer(KEY, 1, position, judgement)


def climbed(world: World) -> list[tuple[object, object]]:
    return [(entry.facts["rung"], entry.facts["passed"]) for entry in world.climbs(SECOND, 1)]


def causes(world: World) -> list[object]:
    return [entry.facts["cause"] for entry in world.entries(Kind.BREACH_OPENED)]


def card(world: World) -> str:
    shown = Message(MessageKind.ROUND_CARD, Place.CHANNEL, "C0WATCH", 1, KEY, 1)
    return message(showing.view_of(world.deps, shown)).text


# What is asked of whom.


def test_i7_a_draw_names_what_is_looked_at_twice(live: World) -> None:
    (drawn,) = live.entries(Kind.ROUND_DRAWN)
    names = drawn.facts["drawn"]
    assert isinstance(names, list)

    assert drawn.facts["second"] == list(second_look(bytes.fromhex(live.round(1).seed), names))
    assert drawn.facts["passed"] is None
    owed = live.owed(SECOND, 1)
    assert (owed.owed_by, owed.due_at) == (BACKUP, live.owed(ObligationKind.REVIEW, 1).due_at)


def test_nobody_owes_it_where_there_is_no_second_person_and_the_draw_says_why(world: World) -> None:
    alone = Roles(OWNER, OWNER, OWNER, OWNER)
    world.registers()
    with world.deps.store.begin(world.deps.workspace, person(OWNER)) as work:
        work.workflows.save(replace(work.workflows.get(KEY), roles=alone))
    world.accepts()
    world.reports(9)
    world.forward(1)

    (drawn,) = world.entries(Kind.ROUND_DRAWN)
    assert drawn.facts["passed"] == "nobody besides the owner holds a role"
    with pytest.raises(Refused, match="Nobody is asked"):
        world.looks_again(1)
    world.answers_round(1)
    assert "twice" not in card(world)
    assert findings(world) == []


def test_an_empty_draw_says_that_there_is_nothing_to_look_at(live: World) -> None:
    live.forward(7 * 24)

    drawn = live.entries(Kind.ROUND_DRAWN)[-1]
    assert (drawn.facts["second"], drawn.facts["passed"]) == ([], "nothing was drawn")


# Answering, blind.


def test_it_is_answered_page_by_page_and_handed_in_at_once(live: World) -> None:
    first = second_looks.open_second_look(live.deps, person(BACKUP), KEY, 1)
    assert (first.done, first.total, first.is_last) == (0, 2, False)
    handed_in = live.looks_again(1, WRONG)

    assert handed_in.outputs == 2
    assert live.owed(SECOND, 1).state is TAKEN
    given = live.entries(Kind.SECOND_VERDICT_RECORDED)
    assert [entry.facts["answer"] for entry in given] == ["wrong", "correct"]
    (drawn,) = live.entries(Kind.ROUND_DRAWN)
    assert [entry.facts["output"] for entry in given] == drawn.facts["second"]
    assert {entry.role for entry in given} == {"backup"}
    assert len(live.entries(Kind.SECOND_DRAFT_SAVED)) == 2
    assert live.entries(Kind.VERDICT_RECORDED) == [], "the owner still owes the first"
    assert findings(live) == []


def test_i4_it_shows_nothing_of_the_first_look_whatever_that_has_come_to(tmp_path: Path) -> None:
    def seen(folder: str, *judgements: Judgement, is_handed_in: bool) -> list[object]:
        (tmp_path / folder).mkdir()
        world = a_live_world(tmp_path / folder)
        for each in judgements:
            world.answers_page(1, each)
        if is_handed_in:
            world.answers_round(1)
        asked = Message(MessageKind.SECOND_REQUEST, Place.PERSON, BACKUP, 1, KEY, 1)
        request = message(showing.view_of(world.deps, asked))
        page = second_looks.open_second_look(world.deps, person(BACKUP), KEY, 1)
        following = world.looks_at_page(1, WRONG)
        assert not isinstance(following, second_looks.LookedAgain)
        shown = [request.text, request.blocks, page, following]
        pages = [modal(page_view(each)) for each in (page, following)]
        assert all("It is blind" in str(each) for each in (request.text, *pages))
        return [_without_root(each) for each in (*shown[:2], *pages)]

    untouched = seen("untouched", is_handed_in=False)
    assert seen("drafted", CORRECTED, WRONG, is_handed_in=False) == untouched
    assert seen("handed in", CORRECTED, CRITICAL, is_handed_in=True) == untouched


def _without_root(shown: object) -> object:
    """Leave out what differs from one record to another, the random ids in it."""
    if isinstance(shown, list):
        return [each for each in shown if each.get("block_id") != "record"]
    return shown


def test_neither_look_is_on_the_card_before_both_are_in(live: World) -> None:
    before = card(live)
    assert "2 of them get a second, blind look" in before
    live.looks_again(1, WRONG, WRONG)
    assert card(live) == before
    live.answers_round(1)
    assert "2 looked at twice, 2 disagreed, 0 of these settled" in card(live)


def test_where_both_agree_the_card_says_so_and_nothing_is_owed(live: World) -> None:
    live.answers_round(1)
    assert "twice" not in card(live)
    live.looks_again(1)
    assert "2 looked at twice, all agreed" in card(live)
    assert not [e for e in live.entries(Kind.OBLIGATION_OPENED) if e.facts["kind"] == "settle"]


def test_i2_the_same_page_again_is_one_entry_and_another_answer_a_second(live: World) -> None:
    second_looks.answer_second_page(live.deps, person(BACKUP), said(0, CORRECTED))
    before = live.contents()
    second_looks.answer_second_page(live.deps, person(BACKUP), said(0, CORRECTED))
    assert live.contents() == before

    second_looks.answer_second_page(live.deps, person(BACKUP), said(0, WRONG))
    assert len(live.entries(Kind.SECOND_DRAFT_SAVED)) == 2


def test_i2_handing_in_again_is_a_success_and_another_answer_is_refused(live: World) -> None:
    first = live.looks_again(1, CORRECT, CORRECTED)
    before = live.contents()
    again = second_looks.answer_second_page(live.deps, person(BACKUP), said(1, CORRECTED))
    assert again == first
    assert live.contents() == before

    with pytest.raises(Refused, match="handed in already"):
        second_looks.answer_second_page(live.deps, person(BACKUP), said(1, WRONG))
    with pytest.raises(Refused, match="handed in already"):
        second_looks.open_second_look(live.deps, person(BACKUP), KEY, 1)


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(live: World) -> None:
    before = live.contents()
    with pytest.raises(Invalid) as invalid:
        second_looks.answer_second_page(live.deps, person(BACKUP), said(0, Judgement(Answer.WRONG)))
    assert set(invalid.value.errors) == {"why", "severity"}
    assert live.contents() == before


def test_i8_no_rate_and_no_grade_knows_of_it(tmp_path: Path) -> None:
    def closed(folder: str, *second: Judgement) -> dict[str, object]:
        (tmp_path / folder).mkdir()
        world = a_live_world(tmp_path / folder)
        if second:
            world.looks_again(1, *second)
        world.answers_round(1, WRONG)
        (entry,) = world.entries(Kind.ROUND_CLOSED)
        return dict(entry.facts)

    assert closed("without") == closed("alike", CORRECT) == closed("other", CRITICAL, CRITICAL)


def test_a_critical_second_verdict_is_a_breach_at_once_and_the_first_look_adds_none(
    live: World,
) -> None:
    handed_in = live.looks_again(1, CRITICAL)
    assert handed_in.breach == 1
    assert (live.breach(1).cause, live.breach(1).is_critical) == (Cause.CRITICAL_VERDICT, True)
    assert "1 of 2 reviewed outputs judged critical in a second look" in live.breach(1).detail

    first = live.answers_round(1, CRITICAL, CRITICAL, CRITICAL, CRITICAL)
    assert first.breach == 2
    opened = live.entries(Kind.BREACH_OPENED)
    told = [each.facts["count"] for each in opened if each.facts["critical"]]
    assert told == [1, 3], "no output is told twice"
    assert live.entries(Kind.ROUND_CLOSED)[0].facts["critical"] == 4


# Who may not.


@pytest.mark.parametrize("by", [OWNER, STEWARD, BUILDER, ADMIN, MEMBER])
def test_i4_nobody_looks_again_for_another(live: World, by: str) -> None:
    with pytest.raises(Refused, match="takes the backup"):
        live.looks_at_page(1, by=by)
    assert live.refusals() == ["may not give the second look at this round"]


def test_i4_an_owner_who_is_an_admin_is_refused_when_it_reaches_the_admins(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle(frozenset({OWNER, ADMIN})))
    world.forward(DUE + 12)

    with pytest.raises(Refused, match="somebody else's"):
        world.looks_at_page(1, by=OWNER)
    asked = world.climbs(SECOND, 1)[-1]
    with world.deps.store.read(world.deps.workspace) as reading:
        assert reading.log.words(asked.seq, "asked") == ADMIN, "nor is the owner asked"
    world.looks_again(1, by=ADMIN)


def test_i4_whoever_gave_second_verdicts_may_not_answer_the_first_review(live: World) -> None:
    live.looks_again(1)
    live.forward(DUE + 2)

    climbs = [(entry.facts["rung"], entry.facts["passed"]) for entry in live.climbs(
        ObligationKind.REVIEW, 1)]  # fmt: skip
    assert climbs == [(0, None), (1, "not independent of what was answered"), (2, None)]
    for act in (verdicts.open_review, second_looks.open_second_look):
        with pytest.raises(Refused):
            act(live.deps, person(BACKUP), KEY, 1)
    with pytest.raises(Refused, match="takes its own person"):
        verdicts.answer_page(live.deps, person(BACKUP), said(0))
    assert live.refusals()[0] == "may not take both looks"
    dues = questions.list_dues(live.deps, person(BACKUP)).dues
    assert dues == (), "what they may not answer is not said to wait for them"
    live.answers_round(1, by=STEWARD)


def test_i4_whoever_drafted_a_first_verdict_may_not_look_again(live: World) -> None:
    live.forward(DUE + 2)
    live.answers_page(1, WRONG, by=BACKUP)
    for _ in range(4):  # the owner is back: the draft gives way, that it was made does not
        live.answers_page(1, by=OWNER)

    with pytest.raises(Refused, match="takes its own person"):
        live.looks_at_page(1, by=BACKUP)
    assert live.refusals() == ["may not take both looks"]
    live.looks_again(1, by=STEWARD)
    assert findings(live) == []


def test_i3_what_the_first_reviewer_owed_is_passed_on_at_once_on_record(live: World) -> None:
    live.forward(DUE - 1)
    with live.deps.store.begin(live.deps.workspace, person(OWNER)) as work:
        owed = work.obligations.get("review/triage/1")
        work.obligations.save(replace(owed, rung=1))  # as if it had climbed before it was due
    live.answers_page(1, by=BACKUP)
    live.tick()

    passed = "not independent of what was answered"
    assert climbed(live) == [(0, passed), (1, passed), (2, None)]
    live.looks_again(1, by=STEWARD)


def test_i4_of_two_acts_at_the_same_time_one_is_refused(live: World) -> None:
    live.forward(DUE + 2)
    live.looks_at_page(1, by=BACKUP)
    ready = Barrier(2)

    def refusal(act: object) -> str:
        ready.wait()
        try:
            assert callable(act)
            act()
        except Refused as refused:
            return refused.rule
        return ""

    second = said(1)
    acts = (
        lambda: second_looks.answer_second_page(live.deps, person(BACKUP), second),
        lambda: verdicts.answer_page(live.deps, person(BACKUP), said(0)),
    )
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(refusal, acts)) == ["", "may not take both looks"]
    assert findings(live) == []


# Silence.


def test_i3_silence_climbs_and_is_a_breach_once(live: World) -> None:
    live.answers_round(1)
    live.live_through(DUE + 2 + 8 + 16)

    same = "same person as before"
    assert climbed(live) == [(0, None), (1, same), (2, None), *[(3, None)] * 3]
    assert causes(live) == [Cause.SECOND_NOT_ANSWERED]
    assert live.breach(1).round == 1
    assert live.owed(SECOND, 1).is_open, "it stays owed"
    live.looks_again(1, by=STEWARD)
    assert live.owed(SECOND, 1).state is TAKEN
    assert findings(live) == []


def test_i1_a_retired_workflow_owes_no_second_look(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.reports(5)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE, by=STEWARD)

    assert live.owed(SECOND, 1).state is SUPERSEDED
    with pytest.raises(Refused, match="not owed any more"):
        live.looks_at_page(1)
    drawn = live.entries(Kind.ROUND_DRAWN)[-1]
    assert (drawn.facts["round"], drawn.facts["passed"]) == (2, "the workflow is retired")
    assert findings(live) == []


def test_i7_a_round_whose_seed_cannot_be_revealed_owes_no_second_look(live: World) -> None:
    live.reports(5)
    live.deps = replace(live.deps, draw_key=b"another key".ljust(32))
    live.forward(7 * 24)

    owed = [entry.facts["obligation"] for entry in live.entries(Kind.OBLIGATION_OPENED)]
    assert "second-review/triage/2" not in owed


def test_late_first_verdicts_are_compared_as_well(live: World) -> None:
    live.looks_again(1, WRONG, WRONG)
    live.forward(DUE + 14)
    (closed,) = live.entries(Kind.ROUND_CLOSED)
    live.answers_round(1, by=OWNER)

    assert "2 disagreed" in card(live)
    assert live.owed(ObligationKind.SETTLE, 1).owed_by == STEWARD
    assert live.entries(Kind.ROUND_CLOSED) == [closed]
    assert timedelta(days=3) == live.owed(ObligationKind.SETTLE, 1).due_at - live.clock.now()


# When the people change.


def test_i3_a_second_look_that_would_pass_to_the_first_goes_to_the_next_at_once(
    live: World,
) -> None:
    live.answers_round(1)
    live.hands_over(Roles(BACKUP, OWNER, STEWARD, BUILDER))
    live.takes_over(BACKUP)
    live.tick()

    reason = "not independent of what was answered"
    assert climbed(live) == [(0, reason), (1, reason), (2, None)]
    live.looks_again(1, by=STEWARD)
    assert findings(live) == []


def test_i3_a_second_look_that_comes_before_the_first_hurries_nobody(live: World) -> None:
    before = live.owed(ObligationKind.REVIEW, 1)
    live.looks_again(1)
    assert live.owed(ObligationKind.REVIEW, 1) == before


def test_i4_of_who_gave_the_first_look_it_is_said_that_they_cannot_take_the_second(
    live: World,
) -> None:
    live.is_away(OWNER)
    live.tick()
    live.answers_round(1, by=BACKUP)
    live.tick()
    kind, owed = MessageKind.REMINDER, live.owed(SECOND, 1).id
    told = [each for each in sent(live) if (each.kind, each.obligation) == (kind, owed)]
    assert {each.to for each in told} == {CHANNEL, STEWARD}
    newest = max(each.entry for each in told)
    assert {each.to for each in told if each.entry == newest} == {CHANNEL, STEWARD}
    for each in told:
        text = message(showing.view_of(live.deps, each)).text
        if each.entry < newest:
            assert f"It was with <@{BACKUP}>, due <!date" in text
            assert "It has climbed on since." in text
            continue
        assert f"It was with <@{BACKUP}> and is due <!date" in text
        assert (
            f"It has climbed to <@{STEWARD}>. <@{BACKUP}> cannot take this look: they began the "
            "first one, or were shown it."
        ) in text
        assert "owes it" not in text
    sheet = message(questions.show_workflow(live.deps, person(STEWARD), KEY))
    assert f"<@{BACKUP}> had to give round 1 of {KEY} its second look" in str(sheet.blocks)
    assert f"<@{BACKUP}> cannot take this look" in str(sheet.blocks)
