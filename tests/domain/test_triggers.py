"""What is asked besides the draw: read whole or refused, and chosen the same way each time (I8)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.triggers import (
    Because,
    Hint,
    Triggered,
    Triggers,
    read_triggers,
    triggered_among,
    triggers_fault,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def hint(at: int, confidence: str = "", version: str = "") -> Hint:
    return Hint(f"o{at}", confidence, version, NOON + timedelta(minutes=at))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", Triggers()),
        ("confidence below 60 %", Triggers(6_000, 0, 5)),
        ("Confidence under 62.5%, at most 10 outputs per round.", Triggers(6_250, 0, 10)),
        ("the first 3 outputs of each new model version", Triggers(0, 3, 5)),
        (
            "first 1 of a new model version; confidence < 100 % and at most 1 a round",
            Triggers(10_000, 1, 1),
        ),
    ],
)
def test_triggers_are_read_as_people_write_them(written: str, read: Triggers) -> None:
    assert read_triggers(written) == read
    assert triggers_fault(read) == ""


@given(st.integers(0, 10_000), st.integers(0, 10), st.integers(1, 10))
def test_what_is_shown_is_read_as_the_same(below: int, first: int, most: int) -> None:
    triggers = Triggers(below, first, most) if below or first else Triggers()
    assert read_triggers(str(triggers)) == triggers


@pytest.mark.parametrize(
    "written",
    [
        "whatever is odd",
        "confidence below 60",
        "at most 5 a round",
        "confidence below 60 %, confidence below 50 %",
        "confidence below 60 %, or so",
    ],
)
def test_what_is_not_understood_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"for example: confidence below 60 %"):
        read_triggers(written)


@pytest.mark.parametrize(
    ("triggers", "said"),
    [
        (Triggers(6_000, 0, 0), "at least 1 and at most 10 outputs"),
        (Triggers(6_000, 0, 11), "at least 1 and at most 10 outputs"),
        (Triggers(0, 11, 5), "at least 1 and at most 10 outputs"),
        (Triggers(10_001, 0, 5), "a confidence of 100 % at most"),
        (Triggers(0, 0, 5), "Say which, for example"),
    ],
)
def test_triggers_that_cannot_be_are_told(triggers: Triggers, said: str) -> None:
    assert said in triggers_fault(triggers)


def test_the_least_sure_are_asked_and_no_more_than_agreed() -> None:
    sure = ("0.5", "0.9", "0.1", "", "0.6", "0.3")
    hints = [hint(at, confidence) for at, confidence in enumerate(sure)]
    asked = triggered_among(Triggers(6_000, 0, 2), hints, (), ())
    assert asked == (
        Triggered("o2", Because.CONFIDENCE, "0.1"),
        Triggered("o5", Because.CONFIDENCE, "0.3"),
    )


def test_i8_what_was_drawn_is_not_asked_besides() -> None:
    hints = [hint(0, "0.1"), hint(1, "0.2", "next"), hint(2, "0.3", "next")]
    asked = triggered_among(Triggers(6_000, 1, 5), hints, {"old"}, {"o0", "o1"})
    assert asked == (Triggered("o2", Because.CONFIDENCE, "0.3"),), "o1 was the first of its version"


def test_the_first_of_a_version_that_the_round_before_had_not_come_first() -> None:
    hints = [hint(0, "", "old"), hint(1, "0.2"), *(hint(at, "", "next") for at in (2, 3, 4))]
    asked = triggered_among(Triggers(6_000, 2, 5), hints, {"old"}, ())
    assert [each.output_id for each in asked] == ["o2", "o3", "o1"]
    assert [each.because for each in asked[:2]] == [Because.MODEL_VERSION] * 2


def test_where_the_round_before_named_no_version_none_is_new() -> None:
    assert triggered_among(Triggers(0, 2, 5), [hint(0, "", "first")], (), ()) == ()
