"""Limits in words: understood whole, or refused with the line and an example; never guessed."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import read_figure
from bot.domain.limits import (
    MAX_LIMITS,
    Direction,
    Every,
    Limit,
    limit_facts,
    limit_from,
    read_limits,
    weaker_limits,
    written_limits,
)

LATENCY = Limit("latency_p95", Direction.AT_MOST, Decimal("2.5"), Every.HOUR)
VOLUME = Limit("volume_eu", Direction.AT_LEAST, Decimal(100), Every.DAY)

names = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
bounds = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**6), max_value=10**6
).map(lambda bound: read_figure(f"{bound:f}"))
limits = st.builds(Limit, names, st.sampled_from(Direction), bounds, st.sampled_from(Every))
few = st.lists(
    st.builds(
        Limit,
        st.sampled_from("abc"),
        st.sampled_from(Direction),
        st.sampled_from([Decimal(1), Decimal(2)]),
        st.sampled_from(Every),
    ),
    max_size=3,
    unique_by=lambda limit: limit.name,
).map(tuple)
several = st.lists(limits, max_size=MAX_LIMITS, unique_by=lambda limit: limit.name).map(tuple)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("latency_p95 <= 2.5 every hour", "latency_p95 at most 2.5 every hour"),
        ("latency_p95<=2.5", "latency_p95 at most 2.5 every round"),
        ("drift_score at most 0.2", "drift_score at most 0.2 every round"),
        ("  volume_eu   >= 1e2 Every Day. ", "volume_eu at least 100 every day"),
        ("cost AT MOST 12.50 every week;", "cost at most 12.5 every week"),
        ("a ≥ -1 every round", "a at least -1 every round"),
        ("", ""),
        ("a <= 1\n\n  b at least 2\n", "a at most 1 every round\nb at least 2 every round"),
    ],
)
def test_words_are_understood_and_told_in_one_way(text: str, words: str) -> None:
    assert written_limits(read_limits(text)) == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("latency < 2.5", "Line 1, “latency < 2.5”, is not understood. Write for example"),
        ("a <= 1\n\nb about 3", "Line 3, “b about 3”, is not understood"),
        ("a <= 1 every minute", "After “every” comes hour, day, week, round"),
        ("a <= 2.5 s every hour", "is not understood"),
        ("a <= 1 b <= 2", "is not understood"),
        ("Latency <= 1", "Line 1: “Latency” is no name: use 1 to 40 small letters"),
        ("p95/latency <= 1", "is no name"),
        ("a <= two", "Line 1: the bound “two” must be a number of at most 17"),
        ("a <= NaN", "the bound “NaN” must be"),
        ("a <= 1,5", "the bound “1,5” must be"),
        ("a <= 1\na >= 0", "a is named twice: a measurement has one limit"),
        ("\n".join(f"a{each} <= 1" for each in range(6)), "at most 5 limits; these are 6"),
    ],
)
def test_what_is_not_understood_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as fault:
        read_limits(text)
    assert len(str(fault.value)) < 300


@given(several)
def test_written_limits_are_read_as_the_same_limits(chosen: tuple[Limit, ...]) -> None:
    assert read_limits(written_limits(chosen)) == chosen
    assert tuple(limit_from(limit_facts(limit)) for limit in chosen) == chosen


@given(st.text(st.sampled_from("ab_1 .<=>≤at mostevryhudk\n-e5"), max_size=60))
def test_whatever_is_typed_is_read_as_it_is_told_again_or_refused(text: str) -> None:
    try:
        read = read_limits(text)
    except ValueError:
        return
    assert read_limits(written_limits(read)) == read


def test_the_bound_itself_is_within_the_limit() -> None:
    assert not LATENCY.is_passed_by(Decimal("2.50"))
    assert LATENCY.is_passed_by(Decimal("2.5000000000000001"))
    assert not VOLUME.is_passed_by(Decimal(100))
    assert VOLUME.is_passed_by(Decimal("99.9"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ((LATENCY,), (), ("has no limit for latency_p95 any more",)),
        ((LATENCY,), (LATENCY, VOLUME), ()),
        (
            (LATENCY,),
            (replace(LATENCY, bound=Decimal(3)),),
            ("tolerates latency_p95 at most 3 instead of at most 2.5",),
        ),
        ((LATENCY,), (replace(LATENCY, bound=Decimal(2)),), ()),
        ((VOLUME,), (replace(VOLUME, bound=Decimal(101)),), ()),
        (
            (VOLUME,),
            (replace(VOLUME, bound=Decimal(99), every=Every.WEEK),),
            (
                "tolerates volume_eu at least 99 instead of at least 100",
                "expects a value of volume_eu every week instead of every day",
            ),
        ),
        (
            (LATENCY,),
            (replace(LATENCY, direction=Direction.AT_LEAST),),
            ("tolerates latency_p95 at least 2.5 instead of at most 2.5",),
        ),
        (
            (VOLUME,),
            (replace(VOLUME, every=Every.ROUND),),
            ("expects a value of volume_eu every round instead of every day",),
        ),
        ((replace(VOLUME, every=Every.ROUND),), (VOLUME,), ()),
    ],
)
def test_a_limit_that_is_gone_looser_or_due_more_rarely_is_weaker(
    old: tuple[Limit, ...], new: tuple[Limit, ...], said: tuple[str, ...]
) -> None:
    assert weaker_limits(old, new) == said


@given(few, few)
def test_one_of_two_sets_of_limits_is_weaker_unless_they_are_the_same(
    one: tuple[Limit, ...], other: tuple[Limit, ...]
) -> None:
    assert weaker_limits(one, one) == ()
    same = set(one) == set(other)
    assert same or weaker_limits(one, other) or weaker_limits(other, one)
