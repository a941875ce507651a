"""Who looks again, at what, and what counts as seeing it differently."""

from dataclasses import replace
from hashlib import sha256
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import BACKUP, BUILDER, MONDAY, OWNER, ROLES, STEWARD

from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem
from bot.domain.sampling import second_look
from bot.domain.second_looks import disagreements, looked_at_twice, second_person
from bot.domain.verdicts import Answer, Judgement, Severity, Why

SEED = sha256(b"seed").digest()
CORRECT = Judgement(Answer.CORRECT)
ERRORS = (Why.ERROR, Why.POLICY)


def wrong(why: Why = Why.ERROR, answer: Answer = Answer.WRONG) -> Judgement:
    return Judgement(answer, why, Severity.MINOR)


def item(output_id: str, verdict: Judgement | None, position: int = 0) -> DrawnItem:
    return DrawnItem(position, Output(output_id, MONDAY), verdict=verdict)


@pytest.mark.parametrize(
    ("drawn", "twice"),
    [(0, 0), (1, 1), (2, 2), (3, 2), (20, 2), (21, 3), (30, 3), (101, 11), (360, 36)],
)
def test_a_tenth_is_looked_at_twice_and_at_least_two(drawn: int, twice: int) -> None:
    assert len(second_look(SEED, [f"o{each}" for each in range(drawn)])) == twice


def test_it_is_those_that_rank_first_under_a_label_of_their_own() -> None:
    names = [f"o{each}" for each in range(40)]

    ranked = sorted(
        names, key=lambda name: digest(SEED, b"second eyes\0" + name.encode(), "sha256")
    )
    assert list(second_look(SEED, names)) == ranked[:4]


@given(st.permutations([f"o{each}" for each in range(25)]))
def test_the_order_of_the_draw_chooses_nothing(names: list[str]) -> None:
    assert second_look(SEED, names) == second_look(SEED, sorted(names))


@pytest.mark.parametrize(
    ("changed", "second"),
    [
        ({}, BACKUP),
        ({"backup": OWNER}, STEWARD),
        ({"backup": ""}, STEWARD),
        ({"backup": OWNER, "steward": OWNER}, BUILDER),
        ({"backup": OWNER, "steward": OWNER, "technical_owner": OWNER}, ""),
    ],
)
def test_the_second_person_is_never_the_owner(changed: dict[str, str], second: str) -> None:
    assert second_person(replace(ROLES, **changed)) == second


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        (CORRECT, CORRECT, False),
        (CORRECT, wrong(), True),
        (CORRECT, wrong(Why.PREFERENCE), True),
        (wrong(), wrong(Why.POLICY), False),
        (wrong(), wrong(answer=Answer.CORRECTED), False),
        (wrong(), wrong(Why.PREFERENCE), True),
        (wrong(Why.UNUSABLE), wrong(Why.PREFERENCE), False),
    ],
)
def test_two_looks_differ_if_one_is_correct_or_counts_as_an_error_and_the_other_not(
    first: Judgement, second: Judgement, *, differ: bool
) -> None:
    for one, other in ((first, second), (second, first)):
        found = disagreements([item("a", one)], [item("a", other)], ERRORS)
        assert [each.output_id for each in found] == ["a"] * differ


def test_only_what_both_have_judged_is_compared_in_the_order_of_the_second_look() -> None:
    first = [item("a", CORRECT), item("b", CORRECT), item("c", None), item("d", CORRECT)]
    second = [item("d", wrong()), item("c", wrong()), item("b", None), item("a", wrong())]

    assert looked_at_twice(first, second) == 2
    assert [each.output_id for each in disagreements(first, second, ERRORS)] == ["d", "a"]
