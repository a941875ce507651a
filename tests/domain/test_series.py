"""The series together: I9 over all of them, who has a place, what restarts, and how much is drawn.

The means are exact: every draw from a small lot is counted, in fractions.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from math import comb, inf, isclose, log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.baseline import ROUNDS, Baseline
from bot.domain.breaches import Cause
from bot.domain.detector import (
    DRIFT,
    HEAD_START,
    MOST_DOUBT,
    WATCH,
    WORSE,
    Detector,
    fed,
    started,
)
from bot.domain.evidence import CategoryCount, Result, Stratum
from bot.domain.grades import grade_in, points_to, speaks_against
from bot.domain.plans import MAX_SAMPLE, MAX_TIGHTEN
from bot.domain.policy import LimitBasis, Policy
from bot.domain.rounds import Grade, Round, RoundState
from bot.domain.series import (
    DRIFTED,
    ERRORS,
    OF_CATEGORY,
    OF_ERRORS,
    OF_OVERRIDES,
    OVERRIDES,
    PLACES,
    UNANSWERED,
    WHOLE,
    Series,
    begun,
    category_of,
    is_alarm,
    of_category,
    sample_for,
    series_for,
)
from bot.domain.series_in_words import cause_of, said_of

LIMIT_BP = 2_000
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
POLICY = Policy(1, "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "UTC", 40, 0, LIMIT_BP, 1, 1_000)
LIMITS = st.integers(1, 9_999)


def a_round(number: int = 1, policy: int = 1) -> Round:
    opened = MONDAY + timedelta(weeks=number)
    return Round("triage", number, RoundState.DRAWN, policy, opened, opened, "c0")


def of(
    errors: int, judged: int, *categories: CategoryCount, overrides: int | None = None
) -> Result:
    changed = errors if overrides is None else overrides
    return Result(judged, judged, errors, changed, 0, (), categories)


def after(*results: Result, limit_bp: int = LIMIT_BP) -> Series:
    series = begun("triage", 1, limit_bp)
    for number, result in enumerate(results, 1):
        series = series.followed(a_round(number), limit_bp, result, weeks=1)
    return series


def at(evidence: float) -> Detector:
    return Detector((log(evidence),) * len(WORSE))


# --- I9: no strand gains anything on average while its rate is within its limit ---


def lots(most: int = 5) -> st.SearchStrategy[tuple[int, int, int]]:
    """Give sizes, errors and draws of one lot."""
    return st.integers(1, most).flatmap(
        lambda size: st.tuples(st.just(size), st.integers(0, size), st.integers(0, size))
    )


def chances(lot: tuple[int, int, int]) -> list[tuple[int, Fraction]]:
    """Give with what chance so many errors are among what is drawn of a lot."""
    size, bad, drawn = lot
    return [
        (found, Fraction(comb(bad, found) * comb(size - bad, drawn - found), comb(size, drawn)))
        for found in range(min(bad, drawn) + 1)
        if drawn - found <= size - bad
    ]


def slope_of(limit: Fraction, worse: float) -> Fraction:
    rate = min(Fraction(worse) * limit, (1 + limit) / 2)
    return (rate - limit) / (limit * (1 - limit))


def limit_at_least(rate: Fraction) -> Fraction:
    """Give the lowest limit in basis points that this rate is within."""
    limit_bp = min(max(-(-rate.numerator * 10_000 // rate.denominator), 1), 9_999)
    return Fraction(limit_bp, 10_000)


@given(lots(12), st.sampled_from(WORSE))
def test_i9_neither_a_category_nor_the_drift_gains_within_its_bar(
    lot: tuple[int, int, int], worse: float
) -> None:
    """Of a category the bar is the limit, of the drift the baseline: the draw within is even."""
    size, bad, drawn = lot
    bar = limit_at_least(Fraction(bad, size))
    if bar < Fraction(bad, size):
        return  # all of it is wrong: no limit is that high
    slope = slope_of(bar, worse)
    mean = sum(
        chance * (1 + slope * (1 - bar)) ** found * (1 - slope * bar) ** (drawn - found)
        for found, chance in chances(lot)
    )
    assert mean <= 1


@given(st.lists(lots(), min_size=2, max_size=3), st.sampled_from(WORSE))
def test_i9_a_draw_by_strata_gains_nothing_either(
    drawn_lots: list[tuple[int, int, int]], worse: float
) -> None:
    total, judged = sum(lot[0] for lot in drawn_lots), sum(lot[2] for lot in drawn_lots)
    rate = Fraction(sum(lot[1] for lot in drawn_lots), total)
    limit = limit_at_least(rate)
    if limit < rate:
        return
    slope = slope_of(limit, worse)
    mean = Fraction(0)
    for found in product(*(chances(lot) for lot in drawn_lots)):
        ratio = prod((chance for _, chance in found), start=Fraction(1))
        for (size, _, drawn), (errors, _) in zip(drawn_lots, found, strict=True):
            weight = Fraction(size * judged, total * drawn) if drawn else Fraction(0)
            ratio *= (1 + slope * (weight - limit)) ** errors
            ratio *= (1 - slope * limit) ** (drawn - errors)
        mean += ratio
    assert mean <= 1


def test_i9_over_whole_histories_all_of_it_grows_by_no_more_than_the_weeks() -> None:
    """Two categories, all at the limit of one half, where that of overrides is too."""
    limit_bp, weeks, mean = 5_000, 2, 0.0
    placed = tuple(of_category(name, at(HEAD_START)) for name in "ab")
    for history in product(range(3), range(3), repeat=weeks):
        series, chance = replace(begun("triage", 1, limit_bp), categories=placed), 1.0
        for number, (one, other) in enumerate(zip(history[::2], history[1::2], strict=True)):
            counts = CategoryCount("a", 2, one), CategoryCount("b", 2, other)
            result = of(one + other, 4, *counts)
            series = series.followed(a_round(number), limit_bp, result, weeks=1)
            chance *= comb(2, one) * comb(2, other) / 16
        mean += chance * series.evidence
    free = (PLACES - 2) * OF_CATEGORY / WHOLE
    assert isclose(mean, HEAD_START + weeks * (1 - free), rel_tol=1e-9)


def test_i9_all_weights_together_are_one_budget() -> None:
    assert OF_ERRORS + OF_OVERRIDES + PLACES * OF_CATEGORY == WHOLE
    assert isclose(begun("triage", 1, LIMIT_BP).evidence, HEAD_START)
    (strand,) = after(of(0, 5, CategoryCount("a", 5, 0))).categories
    assert strand.weight == OF_CATEGORY


# --- Categories ---


def test_a_category_takes_a_place_once_enough_of_it_was_judged() -> None:
    few, enough = CategoryCount("few", 4, 4), CategoryCount("enough", 5, 0)
    series = after(of(4, 9, enough, few))
    assert [each.category for each in series.categories] == ["enough"]


def test_i9_there_are_eight_places_and_who_has_one_keeps_it() -> None:
    crowd = tuple(CategoryCount(f"c{number:02}", 5, 0) for number in range(12))
    late = CategoryCount("late", 40, 40)
    series = after(of(0, 60, *crowd), of(40, 40, late))
    assert [each.category for each in series.categories] == [f"c{n:02}" for n in range(PLACES)]


def test_i9_a_category_under_another_name_resets_nothing() -> None:
    wrong = of(8, 20, CategoryCount("old", 20, 8))
    renamed = of(8, 20, CategoryCount("new", 20, 8))
    steady, evasive = after(wrong, wrong, wrong, wrong), after(wrong, wrong, renamed, renamed)
    assert evasive.errors == steady.errors
    assert {each.category for each in evasive.categories} == {"old", "new"}
    assert evasive.categories[0] == after(wrong, wrong).categories[0], "it waits as it is"


def test_a_category_counts_alone_and_unweighted() -> None:
    strata = (Stratum(900, 10, 0), Stratum(100, 10, 5))
    counts = CategoryCount("rare", 10, 5), CategoryCount("usual", 10, 0)
    uneven = Result(20, 20, 5, 5, 0, strata, counts)
    [rare, _] = after(uneven).categories
    [alone] = after(of(5, 10, CategoryCount("rare", 10, 5))).categories
    assert rare == alone


def test_one_bad_category_hidden_in_a_good_average_is_found_and_named() -> None:
    result = of(9, 100, CategoryCount("bad", 10, 8), CategoryCount("good", 90, 1))
    results = [result]
    while not is_alarm(after(*results)):
        results.append(result)
        assert len(results) < 12
    series = after(*results)
    assert series.leading.category == "bad"
    assert grade_in(series, result, LIMIT_BP) is Grade.BREACH
    assert category_of(points_to(series, result, LIMIT_BP)) == "bad"
    assert cause_of(series) is Cause.ERROR_RATE
    figures = f"{8 * len(results)} of {10 * len(results)} were wrong"
    assert f"Most of it is of category bad: {figures}" in said_of(series, LIMIT_BP)


# --- Overrides ---


def test_overrides_have_a_bar_and_a_cause_of_their_own() -> None:
    result = of(0, 40, overrides=36)
    results = [result]
    while not is_alarm(after(*results)):
        results.append(result)
        assert len(results) < 12
    series = after(*results)
    assert points_to(series, result, LIMIT_BP) == OVERRIDES
    assert cause_of(series) is Cause.OVERRIDE_RATE
    assert "were not left as they were; more than 50 % is a breach" in said_of(series, LIMIT_BP)


def test_where_more_errors_are_tolerated_so_are_overrides() -> None:
    result = of(34, 40)
    tolerated, not_tolerated = (after(result, limit_bp=bp).overrides for bp in (9_000, 1_000))
    assert tolerated.detector.evidence < HEAD_START < not_tolerated.detector.evidence


# --- Drift ---


def test_what_is_worse_than_it_was_is_watched_and_no_breach() -> None:
    good, worse = of(1, 40), of(6, 40)
    series = after(*[good] * ROUNDS, *[worse] * 6)
    assert series.evidence < WATCH
    assert series.drift.evidence >= DRIFT
    assert grade_in(series, worse, LIMIT_BP) is Grade.WATCH
    assert points_to(series, worse, LIMIT_BP) == DRIFTED
    assert series.is_watched
    assert not is_alarm(series)


def test_the_first_rounds_set_the_baseline_and_are_not_held_against_it() -> None:
    series = after(*[of(4, 40)] * ROUNDS)
    assert series.baseline.rate_bp == 1_263  # 16.5 of 161, and 2.39 % of standard error
    assert series.drift.logs == (-inf,) * len(WORSE)
    assert after(of(4, 40), of(0, 0), *[of(4, 40)] * 2).baseline.rate_bp == 0, "one too few"


def test_a_baseline_is_never_above_the_limit_nor_nothing() -> None:
    assert after(*[of(30, 40)] * ROUNDS).baseline.rate_bp == LIMIT_BP
    assert after(*[of(0, 40)] * ROUNDS).baseline.rate_bp == 74
    assert after(*[of(0, 40)] * ROUNDS, limit_bp=1).baseline.rate_bp == 1


def test_i9_however_far_it_drifts_within_the_limit_it_is_no_breach() -> None:
    series = replace(begun("triage", 1, LIMIT_BP), drift=at(1e90))
    assert grade_in(series, of(5, 40), LIMIT_BP) is Grade.WATCH
    assert not is_alarm(series)


# --- What was left unanswered ---


def unanswered(left: int, judged: int) -> Result:
    return Result(judged + left, judged, 0, 0, 0)


def test_i8_proof_of_a_round_is_taken_back_by_what_earlier_ones_left_unanswered() -> None:
    """So a sample that is good by luck proves no more for who evades than for who answers."""
    flawless = of(0, 14)
    evaded = after(*[unanswered(10, 4)] * 3, flawless)
    assert grade_in(after(flawless), flawless, LIMIT_BP) is Grade.WITHIN_LIMIT
    assert grade_in(evaded, flawless, LIMIT_BP) is Grade.NOT_ENOUGH_EVIDENCE
    assert points_to(evaded, flawless, LIMIT_BP) == UNANSWERED
    assert points_to(evaded, unanswered(10, 4), LIMIT_BP) == "", "it proves nothing by itself"
    assert not speaks_against(UNANSWERED, flawless, LIMIT_BP, 0)
    assert evaded.evidence < HEAD_START, "nobody is accused of it"


@given(
    LIMITS,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 20), st.integers(0, 20)), max_size=12),
    st.sampled_from(LimitBasis),
)
def test_i8_where_nothing_is_missing_there_is_no_doubt_that_is_not_evidence(
    limit_bp: int, rounds: list[tuple[int, int, int]], basis: LimitBasis
) -> None:
    series = begun("triage", 1, limit_bp)
    for number, (right, wrong, changed) in enumerate(rounds):
        judged = right + wrong + changed
        counts = (CategoryCount("a", judged, wrong),) * (judged > 0)
        result = Result(judged, judged, wrong, wrong + changed, 0, (), counts)
        series = series.followed(a_round(number), limit_bp, result, 1, basis)
        assert series.doubted <= series.evidence
        assert points_to(series, result, limit_bp) != UNANSWERED


def test_i8_a_doubt_hides_behind_no_drift() -> None:
    flawless = of(0, 14)
    doubted = replace(after(*[unanswered(10, 4)] * 3, flawless), drift=at(DRIFT))
    assert grade_in(doubted, flawless, LIMIT_BP) is Grade.NOT_ENOUGH_EVIDENCE
    assert points_to(doubted, flawless, LIMIT_BP) == UNANSWERED


def test_i8_a_round_that_nobody_answered_adds_to_the_doubt_alone() -> None:
    series = after(of(0, 14))
    silent = series.followed(a_round(2), LIMIT_BP, unanswered(14, 0), weeks=1)
    assert silent.doubt.evidence > series.doubt.evidence
    assert silent == replace(series, doubt=silent.doubt)


# --- What restarts, all alike ---


def test_i9_a_restart_is_of_all_strands_and_the_drift() -> None:
    bad = of(9, 20, CategoryCount("a", 20, 9))
    series = after(*[bad] * 6)
    later = replace(a_round(9, policy=2))
    anew = series_for(series, later, LIMIT_BP + 1, None)
    assert anew == replace(begun("triage", 2, LIMIT_BP + 1), began_at=later.opened_at)
    assert series_for(series, later, LIMIT_BP - 1, None) is series
    stricter = series.followed(later, LIMIT_BP - 1, bad, weeks=1)
    assert series_for(stricter, replace(later, policy=3), LIMIT_BP, None) is stricter
    frozen = replace(series, breach=3)
    assert series_for(frozen, later, LIMIT_BP, None) is frozen
    assert series_for(frozen, later, LIMIT_BP, MONDAY).strands == begun("t", 1, 1).strands


# --- Tightened sampling ---


CALM = begun("triage", 1, LIMIT_BP)


@pytest.mark.parametrize(
    "watched",
    [
        replace(CALM, drift=at(2_000)),
        replace(CALM, errors=replace(CALM.errors, detector=at(300))),
        replace(CALM, categories=(of_category("bad", at(10_000)),)),
    ],
    ids=["drift", "errors", "category"],
)
def test_while_it_is_watched_three_times_as_many_are_drawn(watched: Series) -> None:
    calm = CALM
    assert (sample_for(40, 3, calm), sample_for(40, 3, watched)) == (40, 120)
    assert sample_for(40, 2, watched) == 80
    assert sample_for(40, 1, watched) == 40
    assert sample_for(200, 3, watched) == MAX_SAMPLE
    assert sample_for(40, 3, replace(watched, breach=1)) == 40, "by then a person says how many"


def test_a_watch_begins_at_its_bar_and_not_before() -> None:
    calm = begun("triage", 1, LIMIT_BP)
    assert not replace(calm, drift=at(DRIFT - 1e-6)).is_watched
    assert replace(calm, drift=at(DRIFT + 1e-6)).is_watched


# --- Whatever comes ---


@given(
    LIMITS,
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 9), st.floats(-1, 60)),
        max_size=8,
    ),
)
def test_whatever_comes_has_an_answer_and_nothing_is_called_fine_for_nothing(
    limit_bp: int, rounds: list[tuple[int, int, int, float]]
) -> None:
    series = begun("triage", 1, limit_bp)
    for number, (errors, judged, missing, weeks) in enumerate(rounds):
        wrong = min(errors, judged)
        counts = (CategoryCount("a", judged, wrong),) * (judged > 0)
        result = Result(judged + missing, judged, wrong, wrong, 0, (), counts)
        series = series.followed(a_round(number), limit_bp, result, weeks)
        grade = grade_in(series, result, limit_bp)
        assert 0 <= series.evidence < inf
        assert 0 <= series.drift.evidence < inf
        assert 0 <= series.doubt.evidence <= MOST_DOUBT[LimitBasis.PER_WEEK] * 1.000001
        assert not judged or 5 * missing <= result.drawn or grade is not Grade.WITHIN_LIMIT
        assert judged or grade is Grade.NOT_ENOUGH_EVIDENCE
        assert series.baseline.rate_bp <= limit_bp
        assert 1 <= sample_for(1, MAX_TIGHTEN, series) <= 3


def test_a_baseline_of_an_uneven_draw_weighs_by_share() -> None:
    strata = (Stratum(900, 10, 1), Stratum(100, 10, 6, missing=1))
    uneven = Result(20, 19, 6, 6, 0, strata)
    weighed = after(uneven).baseline
    exact = Fraction(900, 1_000) * Fraction(1, 10) + Fraction(100, 1_000) * Fraction(5, 9)
    assert weighed == Baseline(1, 19, int(exact * 19 * 10**6))
    assert after(uneven).leading.about == ERRORS


def strata(draw: st.DrawFn) -> tuple[Stratum, ...]:
    sizes = draw(st.lists(st.integers(1, 300), min_size=2, max_size=4))
    found = []
    for size in sizes:
        drawn = draw(st.integers(0, min(size, 40)))
        missing = draw(st.integers(0, drawn))
        wrong = draw(st.integers(0, drawn - missing))
        found.append(Stratum(size, drawn, wrong + missing, missing, wrong))
    return tuple(found)


@st.composite
def rounds_judged(draw: st.DrawFn) -> Result:
    """Draw a round of one or several strata in which something was judged."""
    each = strata(draw) if draw(st.booleans()) else ()
    if each:
        judged = sum(one.drawn - one.missing for one in each)
        errors = sum(one.wrong_at_worst - one.missing for one in each)
    else:
        judged = draw(st.integers(1, 120))
        errors = draw(st.integers(0, judged))
    return Result(judged, judged, errors, errors, 0, each)


@given(rounds_judged(), LIMITS, LIMITS)
def test_i9_a_round_said_to_speak_against_something_lets_no_evidence_of_it_grow(
    result: Result, limit_bp: int, baseline_bp: int
) -> None:
    if speaks_against(ERRORS, result, limit_bp, baseline_bp):
        assert fed(started(), limit_bp, result, 0.0).evidence <= HEAD_START * (1 + 1e-9)
    if speaks_against(DRIFTED, result, limit_bp, baseline_bp):
        bar = min(baseline_bp, limit_bp)
        assert fed(started(), bar, result, 0.0).evidence <= HEAD_START * (1 + 1e-9)


def test_a_round_speaks_against_a_category_by_what_was_judged_of_it_alone() -> None:
    bad, good = CategoryCount("a", 10, 9), CategoryCount("b", 90, 0)
    judged = of(9, 100, bad, good)
    assert speaks_against(ERRORS, judged, LIMIT_BP, 0)
    assert speaks_against("category b", judged, LIMIT_BP, 0)
    assert not speaks_against("category a", judged, LIMIT_BP, 0)
    assert not speaks_against("category c", judged, LIMIT_BP, 0), "of it nothing was judged"
    assert speaks_against(OVERRIDES, of(9, 100, overrides=50), LIMIT_BP, 0)
    assert not speaks_against(OVERRIDES, of(9, 100, overrides=51), LIMIT_BP, 0)
    assert not speaks_against(DRIFTED, of(9, 100), LIMIT_BP, 899)
