"""Answering a sampling prompt: I2 kept, I4 actor, I8 rates."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    OWNER,
    POLICY,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    person,
)

from bot.domain.breaches import Cause
from bot.domain.evidence import Uncounted
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.rounds import Grade, RoundState
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering import views
from bot.usecases import showing, verdicts

CORRECTED = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MAJOR, "Ship it to Leeds")
DUE, LAST_RUNG = 72, 72 + 14  # hours after the draw


def said(position: int, judgement: Judgement = CORRECT) -> verdicts.PageAnswer:
    return verdicts.PageAnswer(KEY, 1, position, judgement)


def test_a_round_is_answered_page_by_page_and_closes_with_its_last(live: World) -> None:
    first = verdicts.open_review(live.deps, person(OWNER), KEY, 1)
    assert (first.done, first.total, first.is_last) == (0, 4, False)

    handed_in = live.answers_round(1, WRONG)

    assert (handed_in.result.judged, handed_in.result.errors) == (4, 1)
    assert live.round(1).state is RoundState.CLOSED
    assert live.owed(ObligationKind.REVIEW, 1).state is ObligationState.ANSWERED
    (closed,) = live.entries(Kind.ROUND_CLOSED)
    assert (closed.facts["judged"], closed.facts["missing"]) == (4, 0)
    assert len(live.entries(Kind.VERDICT_RECORDED)) == len(live.entries(Kind.DRAFT_SAVED)) == 4


def test_pages_are_drafts_that_survive_a_pause_and_count_nothing_yet(live: World) -> None:
    live.answers_page(1, WRONG)
    page = verdicts.open_review(live.deps, person(OWNER), KEY, 1)

    assert (page.item.position, page.done) == (1, 1)
    assert live.entries(Kind.VERDICT_RECORDED) == []


def test_i2_the_same_page_again_is_one_entry_and_another_answer_a_second(live: World) -> None:
    verdicts.answer_page(live.deps, person(OWNER), said(0, CORRECTED))
    before = live.contents()
    again = verdicts.answer_page(live.deps, person(OWNER), said(0, CORRECTED))
    assert live.contents() == before
    assert isinstance(again, verdicts.Page)
    assert again.item.position == 1

    verdicts.answer_page(live.deps, person(OWNER), said(0, WRONG))
    assert len(live.entries(Kind.DRAFT_SAVED)) == 2


def test_i2_handing_in_again_is_a_success_without_a_second_entry(live: World) -> None:
    first = live.answers_round(1, CORRECT, CORRECT, CORRECT, CORRECTED)
    before = live.contents()
    again = verdicts.answer_page(live.deps, person(OWNER), said(3, CORRECTED))

    assert isinstance(again, verdicts.HandedIn)
    assert (again.result, again.grade) == (first.result, first.grade)
    assert again.receipt == first.receipt
    assert live.contents() == before


@pytest.mark.parametrize("last", [CORRECT, CORRECTED])
def test_i2_the_words_of_a_correction_are_in_its_verdict_as_they_were_typed(
    live: World, last: Judgement
) -> None:
    live.answers_round(1, CORRECT, CORRECTED, CORRECT, last)

    given = [
        entry for entry in live.entries(Kind.VERDICT_RECORDED) if "correction_c" in entry.facts
    ]
    with live.deps.store.read(live.deps.workspace) as reading:
        words = {reading.log.words(entry.seq, "correction") for entry in given}
    assert words == {"Ship it to Leeds"}


def test_another_answer_after_handing_in_is_refused(live: World) -> None:
    live.answers_round(1)

    with pytest.raises(Refused, match="handed in already"):
        verdicts.answer_page(live.deps, person(OWNER), said(3, WRONG))
    with pytest.raises(Refused, match="handed in already"):
        verdicts.open_review(live.deps, person(OWNER), KEY, 1)
    assert live.refusals() == ["round already answered"], "counted, not recorded twice"


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(live: World) -> None:
    before = live.contents()

    with pytest.raises(Invalid) as invalid:
        verdicts.answer_page(live.deps, person(OWNER), said(0, Judgement(Answer.WRONG)))
    assert set(invalid.value.errors) == {"why", "severity"}
    assert live.contents() == before


@pytest.mark.parametrize("by", [BACKUP, STEWARD, BUILDER, ADMIN])
def test_i4_nobody_reviews_for_the_owner(live: World, by: str) -> None:
    with pytest.raises(Refused, match="takes the owner"):
        verdicts.answer_page(live.deps, person(by), said(0))
    assert live.refusals() == ["may not review this round"]


def test_i4_whoever_silence_has_reached_may_answer_and_nobody_further_up(live: World) -> None:
    live.forward(DUE + 2)

    with pytest.raises(Refused, match="the owner or the backup"):
        live.answers_page(1, by=STEWARD)
    live.answers_round(1, by=BACKUP)
    assert {entry.role for entry in live.entries(Kind.VERDICT_RECORDED)} == {"backup"}


def test_i4_a_draft_is_its_authors_and_nobody_hands_in_anothers(live: World) -> None:
    live.forward(DUE + 2)
    for _ in range(3):
        live.answers_page(1, WRONG, by=OWNER)

    page = verdicts.open_review(live.deps, person(BACKUP), KEY, 1)
    assert (page.done, page.item.draft) == (0, None)
    live.answers_round(1, by=BACKUP)

    given = live.entries(Kind.VERDICT_RECORDED)
    assert len({entry.actor for entry in given}) == 1
    assert [entry.facts["answer"] for entry in given] == ["correct"] * 4


def test_a_critical_verdict_is_a_breach_at_once(live: World) -> None:
    handed_in = live.answers_round(1, CORRECT, CRITICAL, CRITICAL)

    breach = live.breach(1)
    assert handed_in.breach == 1
    assert (breach.cause, breach.is_critical, breach.round) == (Cause.CRITICAL_VERDICT, True, 1)
    assert "2 of 4" in breach.detail
    owed = live.owed(ObligationKind.ACKNOWLEDGE, 1)
    assert owed.due_at - owed.opened_at == timedelta(minutes=15)


def test_i8_a_round_nobody_answered_closes_with_everything_missing(live: World) -> None:
    live.looks_again(1)
    live.answers_page(1, WRONG)
    live.forward(LAST_RUNG)

    (closed,) = live.entries(Kind.ROUND_CLOSED)
    assert (closed.facts["judged"], closed.facts["missing"]) == (0, 4)
    assert closed.facts["errors"] == 0, "what is missing accuses nobody"
    assert closed.facts["grade"] == "not_enough_evidence"
    assert live.breach(1).cause is Cause.ROUND_NOT_ANSWERED
    assert live.owed(ObligationKind.REVIEW, 1).is_open, "it stays owed"


def test_i8_late_verdicts_end_what_is_owed_and_change_no_figure(live: World) -> None:
    live.looks_again(1)
    live.forward(LAST_RUNG)
    (closed,) = live.entries(Kind.ROUND_CLOSED)
    handed_in = live.answers_round(1, WRONG, CRITICAL, by=STEWARD)

    assert handed_in.is_late
    assert handed_in.grade is None
    assert handed_in.result.judged == 0
    assert live.entries(Kind.ROUND_CLOSED) == [closed]
    assert all(entry.facts["late"] for entry in live.entries(Kind.VERDICT_RECORDED))
    assert live.owed(ObligationKind.REVIEW, 1).state is ObligationState.ANSWERED
    assert live.breach(2).cause is Cause.CRITICAL_VERDICT, "an alarm is never too late"
    assert "1 output judged critical after its close (" in live.breach(2).detail
    about = Message(MessageKind.ROUND_CARD, Place.CHANNEL, "C0WATCH", closed.seq, "triage", 1)
    card = showing.view_of(live.deps, about)
    assert isinstance(card, views.RoundCard)
    assert card.later == Uncounted(judged=4, wrong=2, critical=1)
    assert card.looks.given == 2, "where the verdicts are that two looks share"


def test_i8_a_round_that_proves_its_limit_says_so(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, policy=replace(POLICY, limit_bp=6_000, floor=0))

    assert world.answers_round(1).grade is Grade.WITHIN_LIMIT


@pytest.mark.parametrize(("number", "by"), [(2, OWNER), (9, OWNER)])
def test_there_is_nothing_to_review_in_a_round_that_was_not_drawn(
    live: World, number: int, by: str
) -> None:
    with pytest.raises(Refused, match=f"no round {number}"):
        verdicts.open_review(live.deps, person(by), KEY, number)


def test_i12_words_of_a_correction_are_nowhere_but_in_an_opening(live: World) -> None:
    live.answers_round(1, CORRECTED)

    holding = {
        name for name, rows in live.contents().items() if any("Leeds" in str(row) for row in rows)
    }
    assert holding == {"opening"}
    assert not any("Leeds" in str(entry) for entry in live.entries())


def test_i4_who_may_not_review_is_refused_whatever_was_filled_in(live: World) -> None:
    unsound = verdicts.PageAnswer(KEY, 1, 0, Judgement(Answer.WRONG))
    with pytest.raises(Refused, match="Guests of this workspace"):
        verdicts.answer_page(live.deps, person("U0GUEST", standing=Standing.GUEST), unsound)
    assert live.refusals() == ["guest may not act"]
