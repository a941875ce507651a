"""Corrections taken out to learn from: I4 actor, I5 order, I11 said, I12 forget, I13 apart."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from worlds import (
    AUDITOR,
    BACKUP,
    CORRECT,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    SKIPPED,
    WRONG,
    World,
    findings,
    person,
)

from bot.domain.outputs import Output
from bot.domain.people import OPERATOR
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.usecases import corrections, forgetting, policies, sampling
from bot.usecases.policies import Change
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

CORRECTED = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MAJOR, "Write to ana@example.com")
TASTE = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR, "Kind regards")
LETTER = "From ana@example.com about ORD-123456"

Lines = list[dict[str, object]]


def lines(world: World, since: datetime | None = None, key: str = KEY) -> Lines:
    with corrections.read_corrections(world.deps, key, since) as found:
        by_round = list(found.of_each)
    assert len(by_round) == found.rounds
    return [each for of_round in by_round for each in of_round]


def told(world: World, *names: str, since: datetime | None = None) -> list[tuple[object, ...]]:
    return [tuple(line[name] for name in names) for line in lines(world, since)]


def drawn_letter(world: World) -> World:
    """Have a round of one output drawn, with a text, all that can be said of it besides."""
    output = Output("o-letter", MONDAY, "claims", "0.70", "v7", LETTER, "https://crm.example/1")
    sampling.receive_outputs(world.deps, PIPELINE, KEY, [output])
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return world


def becomes(world: World, policy: Policy) -> None:
    asked = Change(KEY, replace(policy, number=2), "privacy")
    assert not policies.change_policy(world.deps, person(OWNER), asked).is_waiting


def test_a_line_has_all_that_there_is_to_learn_from(live: World) -> None:
    live.answers_round(1)
    drawn_letter(live)
    live.forward(2)
    live.answers_round(2, CORRECTED)
    assert lines(live) == [
        {
            "workflow": KEY,
            "round": 2,
            "output_id": "o-letter",
            "produced_at": "2026-06-01T09:00:00Z",
            "category": "claims",
            "confidence": "0.70",
            "model_version": "v7",
            "text": LETTER,
            "answer": "corrected",
            "why": "error",
            "severity": "major",
            "correction": "Write to ana@example.com",
            "erased": False,
            "judged_at": "2026-06-01T11:00:00Z",
            "late": False,
            "look": "first",
            "triggered": None,
            "second_look_differs": None,
            "stands": None,
        }
    ]


def test_what_was_asked_besides_the_draw_is_there_and_says_so(live: World) -> None:
    live.answers_round(1)
    becomes(live, replace(POLICY, trigger_below_bp=6_000, trigger_most=2))
    live.reports(1)
    sampling.sample_now(live.deps, person(OWNER), KEY)
    live.answers_round(2)
    live.reports(10, confidence="0.5")
    sampling.sample_now(live.deps, person(OWNER), KEY)
    live.answers_round(3, WRONG, CORRECT, CORRECT, CORRECT, CORRECTED, SKIPPED)
    assert told(live, "answer", "correction", "triggered", "second_look_differs") == [
        ("wrong", None, None, None),
        ("corrected", "Write to ana@example.com", "confidence", None),
    ]
    assert findings(live) == []


def test_what_was_not_left_as_it_was_is_there_and_nothing_else(live: World) -> None:
    live.answers_round(1, WRONG, TASTE, SKIPPED, CORRECT)
    said = ("answer", "why", "correction", "text", "confidence")
    assert told(live, *said) == [
        ("wrong", "error", None, None, None),
        ("corrected", "preference", "Kind regards", None, None),
    ]


def test_nothing_leaves_of_a_round_before_it_has_closed(live: World) -> None:
    live.hands_out(1, "U0BUILDER")
    live.answers_share(1, WRONG)
    assert lines(live) == []
    live.answers_round(1)
    assert told(live, "answer") == [("wrong",)]


def test_a_late_verdict_says_so_and_one_on_what_was_skipped_is_late(live: World) -> None:
    live.answers_round(1, WRONG, SKIPPED)
    live.judges(1, CORRECTED)
    assert told(live, "answer", "late") == [("wrong", False), ("corrected", True)]


def test_it_says_whether_two_looks_differ_and_which_stands(live: World) -> None:
    live.answers_round(1, WRONG, WRONG, WRONG, WRONG)
    assert {each for (each,) in told(live, "second_look_differs")} == {None}
    live.looks_again(1, WRONG, CORRECT)
    said = ("second_look_differs", "stands")
    assert sorted(told(live, *said), key=str) == [
        (False, None), (None, None), (None, None), (True, None),
    ]  # fmt: skip
    live.settles(1, Look.SECOND)
    assert (True, "second") in told(live, *said)


def test_since_takes_what_is_new_or_has_become_another(live: World) -> None:
    live.answers_round(1, WRONG, WRONG, SKIPPED, WRONG)
    live.looks_again(1)
    first = live.clock.now() + timedelta(minutes=1)
    assert len(lines(live)) == 3
    assert lines(live, first) == []
    live.forward(1)
    assert len(lines(live, first)) == 0

    live.settles(1, Look.SECOND)
    [settled] = told(live, "stands", since=first)
    assert settled == ("second",)
    live.judges(1, WRONG)
    assert ("late", True) in [("late", each) for (each,) in told(live, "late", since=first)]


def test_since_is_held_against_the_close_not_the_verdict(live: World) -> None:
    live.hands_out(1, "U0BUILDER")
    live.answers_share(1, WRONG)
    between = live.clock.now() + timedelta(minutes=1)
    live.forward(1)
    live.answers_round(1)
    assert told(live, "answer", since=between) == [("wrong",)]


@pytest.mark.parametrize(
    ("stricter", "text", "correction"),
    [
        ({"masks": ("email", "ORD-######")}, "From ▒▒▒ about ▒▒▒", "Write to ▒▒▒"),
        ({"link_only": True}, None, "Write to ana@example.com"),
        ({"max_text": 4}, "From", "Write to ana@example.com"),
    ],
)
def test_i11_what_leaves_is_what_the_rules_of_now_allow(
    live: World, stricter: dict[str, object], text: str | None, correction: str
) -> None:
    live.answers_round(1)
    drawn_letter(live).answers_round(2, CORRECTED)
    becomes(live, replace(POLICY, **stricter))  # type: ignore[arg-type]
    assert told(live, "text", "correction") == [(text, correction)]
    if "masks" in stricter:
        assert "ana@" not in str(lines(live)), "wherever somebody wrote it"
        assert "123456" not in str(lines(live))


def test_i12_words_of_somebody_forgotten_are_null_and_said_to_be_erased(live: World) -> None:
    live.hands_out(1, MEMBER)
    live.answers_share(1, CORRECTED, WRONG, by=MEMBER)
    live.answers_round(1)
    forgetting.forget_person(live.deps, OPERATOR, MEMBER, "asked for by letter")
    assert told(live, "answer", "correction", "erased") == [
        ("corrected", None, True), ("wrong", None, False),
    ]  # fmt: skip
    assert "ana@example.com" not in str(lines(live))


def test_i12_nobody_is_named_in_it(live: World) -> None:
    live.answers_round(1, CORRECTED)
    live.looks_again(1, WRONG, WRONG)
    assert not [each for each in (OWNER, BACKUP) if each in str(lines(live))]


def test_who_takes_them_out_is_on_record_with_what_was_asked_for(live: World) -> None:
    live.answers_round(1, WRONG)
    receipt = corrections.record_taking(live.deps, OPERATOR, KEY, MONDAY)
    made = live.entries()[-1]
    assert (made.kind, made.seq, made.role) == (Kind.EXPORT_MADE, receipt.number, "operator")
    assert made.facts == {
        "what": "corrections",
        "way": "console",
        "workflow": KEY,
        "since": "2026-06-01T09:00:00.000000Z",
        "until": None,
    }
    assert findings(live) == []


@pytest.mark.parametrize("by", [OWNER, MEMBER])
def test_i4_who_may_not_take_the_record_out_may_not_take_these(live: World, by: str) -> None:
    with pytest.raises(Refused):
        corrections.record_taking(live.deps, person(by), KEY, None)
    assert live.entries(Kind.EXPORT_MADE) == []


def test_i4_an_auditor_may(live: World) -> None:
    corrections.record_taking(live.deps, person(AUDITOR), KEY, None)
    assert live.entries(Kind.EXPORT_MADE)


def test_of_no_workflow_nothing_is_taken_out(live: World) -> None:
    with pytest.raises(Refused, match="no workflow"):
        corrections.record_taking(live.deps, OPERATOR, "other", None)
    assert live.entries(Kind.EXPORT_MADE) == []


def test_i13_another_workflow_and_another_workspace_are_not_in_it(
    live: World,
) -> None:
    live.answers_round(1, WRONG)
    live.registers("replies")
    assert lines(live, key="replies") == []
    other = replace(live, deps=replace(live.deps, workspace="T0OTHER"))
    with pytest.raises(Refused, match="no workflow"):
        corrections.record_taking(other.deps, OPERATOR, KEY, None)
    with pytest.raises(Refused, match="no workflow"):
        lines(other)
