"""I8: what may be said of a round: reassuring only as far as the evidence goes."""

from dataclasses import replace
from fractions import Fraction
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import CORRECT, CRITICAL, MONDAY, POLICY, WRONG

from bot.domain.bounds import upper_bound
from bot.domain.evidence import (
    CategoryCount,
    Grade,
    Result,
    Stratum,
    best_bound,
    grade,
    rate_bound,
    result_of,
    worst_rate,
)
from bot.domain.outputs import Output
from bot.domain.proving import outputs_to_prove
from bot.domain.rounds import DrawnItem
from bot.domain.strata import FloorBy
from bot.domain.verdicts import Answer, Judgement, Severity, Why


def items(*judgements: Judgement | None, late: int = 0) -> list[DrawnItem]:
    """Give drawn items with these verdicts; the last `late` of them came after the close."""
    first_late = len(judgements) - late
    return [
        DrawnItem(place, Output(f"o{place}", MONDAY), verdict=said, is_late=place >= first_late)
        for place, said in enumerate(judgements)
    ]


def result(drawn: int, errors: int = 0, missing: int = 0) -> Result:
    return Result(drawn, drawn - missing, errors, errors, 0)


@pytest.mark.parametrize(
    ("errors", "reviewed", "bound"),
    [
        # One-sided 95 % bounds from tables of the exact binomial limits.
        (0, 1, 0.95),
        (0, 10, 0.2589),
        (0, 30, 0.0950),
        (0, 59, 0.0495),
        (1, 10, 0.3942),
        (2, 20, 0.2826),
        (10, 10, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_upper_bound_is_the_exact_one(errors: int, reviewed: int, bound: float) -> None:
    assert isclose(upper_bound(errors, reviewed), bound, abs_tol=5e-5)


@given(st.integers(1, 80), st.data())
def test_at_the_upper_bound_so_few_errors_have_a_chance_of_one_in_twenty(
    reviewed: int, data: st.DataObject
) -> None:
    errors = data.draw(st.integers(0, reviewed - 1))
    rate = Fraction(upper_bound(errors, reviewed))
    # The definition, in exact arithmetic.
    chance = sum(
        comb(reviewed, k) * rate**k * (1 - rate) ** (reviewed - k) for k in range(errors + 1)
    )

    assert isclose(chance, 0.05, abs_tol=1e-9)


@given(st.integers(1, 400), st.data())
def test_the_upper_bound_grows_with_errors_and_shrinks_with_evidence(
    reviewed: int, data: st.DataObject
) -> None:
    errors = data.draw(st.integers(0, reviewed - 1))
    bound = upper_bound(errors, reviewed)

    assert errors / reviewed < bound < upper_bound(errors + 1, reviewed) + 1e-12
    assert upper_bound(errors, reviewed + 1) < bound


def test_the_upper_bound_of_a_sample_far_too_large_for_a_float_is_found() -> None:
    assert isclose(upper_bound(1_000, 2_000), 0.5186, abs_tol=5e-5)


def test_a_round_is_within_its_limit_only_if_the_evidence_proves_it() -> None:
    assert grade(result(59), 500) is Grade.WITHIN_LIMIT
    assert grade(result(58), 500) is Grade.NOT_ENOUGH_EVIDENCE
    assert grade(result(59, errors=1), 500) is Grade.NOT_ENOUGH_EVIDENCE
    assert grade(result(0), 500) is Grade.NOT_ENOUGH_EVIDENCE


def test_what_is_missing_counts_as_wrong_where_the_statement_reassures() -> None:
    assert grade(result(93, errors=1), 500) is Grade.WITHIN_LIMIT
    assert grade(result(93, missing=1), 500) is Grade.WITHIN_LIMIT
    assert grade(result(93, missing=2), 500) is Grade.NOT_ENOUGH_EVIDENCE
    assert grade(result(93, errors=1, missing=1), 500) is Grade.NOT_ENOUGH_EVIDENCE


def test_more_than_a_fifth_missing_is_not_enough_whatever_the_limit() -> None:
    assert grade(result(100, missing=20), 9_999) is Grade.WITHIN_LIMIT
    assert grade(result(100, missing=21), 9_999) is Grade.NOT_ENOUGH_EVIDENCE
    assert grade(result(5, missing=1), 9_999) is Grade.WITHIN_LIMIT


@given(st.integers(1, 80), st.data())
def test_a_single_round_accuses_nobody_of_a_rate(drawn: int, data: st.DataObject) -> None:
    missing = data.draw(st.integers(0, drawn))
    errors = data.draw(st.integers(0, drawn - missing))
    said = grade(result(drawn, errors, missing), data.draw(st.integers(1, 9_999)))

    assert said in {Grade.WITHIN_LIMIT, Grade.NOT_ENOUGH_EVIDENCE}


def test_errors_are_what_the_policy_calls_so_and_overrides_all_that_is_not_correct() -> None:
    preference = Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR, "shorter")
    breaks_policy = Judgement(Answer.WRONG, Why.POLICY, Severity.MAJOR)

    counted = result_of(items(CORRECT, WRONG, preference, breaks_policy, CRITICAL), POLICY, {})

    uncategorised = CategoryCount("uncategorised", judged=5, errors=3)
    assert counted == Result(5, 5, errors=3, overrides=4, critical=1, categories=(uncategorised,))


def test_i8_late_verdicts_are_missing_in_every_figure() -> None:
    in_time = result_of(items(CORRECT, WRONG, None, None), POLICY, {})
    answered_late = result_of(items(CORRECT, WRONG, CRITICAL, CORRECT, late=2), POLICY, {})

    assert (answered_late.drawn, answered_late.judged) == (4, 2)
    assert (answered_late.errors, answered_late.overrides) == (in_time.errors, in_time.overrides)
    assert (answered_late.missing, answered_late.critical) == (2, 0)


def test_a_draft_is_no_verdict() -> None:
    drafted = [DrawnItem(0, Output("o0", MONDAY), draft=WRONG, draft_by="U0OWNER")]

    assert result_of(drafted, POLICY, {}) == Result(1, 0, 0, 0, 0)


def test_an_uneven_draw_is_weighted_by_its_categories() -> None:
    drawn = [
        DrawnItem(place, Output(f"o{place}", MONDAY, category=category), verdict=said)
        for place, (category, said) in enumerate(
            [*[("rare", CORRECT)] * 10, *[("usual", CORRECT)] * 49, ("usual", WRONG)]
        )
    ]
    sizes = {"rare": 20, "usual": 9_980}

    counted = result_of(drawn, POLICY, sizes)

    assert counted.strata == (Stratum(20, 10, 0), Stratum(9_980, 50, 1, overrides=1))
    assert counted.categories == (CategoryCount("rare", 10, 0), CategoryCount("usual", 50, 1))
    usual_alone = upper_bound(1, 50, 0.975)
    assert isclose(
        rate_bound(counted), 0.002 * upper_bound(0, 10, 0.975) + 0.998 * usual_alone, rel_tol=1e-12
    )
    assert rate_bound(counted) > upper_bound(1, 60), "the rare ones would make it look too good"


def test_i9_a_draw_by_bands_is_weighted_by_them_within_each_category_too() -> None:
    said = [("0.3", "a", WRONG)] * 2 + [("0.3", "a", CORRECT)] * 2 + [("0.3", "b", CORRECT)]
    said += [("1", "a", CORRECT)] * 4 + [("1", "b", WRONG)]
    drawn = [
        DrawnItem(at, Output(f"o{at}", MONDAY, category, confidence), verdict=verdict)
        for at, (confidence, category, verdict) in enumerate(said)
    ]
    policy = replace(POLICY, floor=5, floor_by=FloorBy.CONFIDENCE)
    cells = {("a", "0-0.5"): 10, ("a", "0.95-1"): 90, ("b", "0-0.5"): 5, ("b", "0.95-1"): 45}

    counted = result_of(drawn, policy, {"0-0.5": 15, "0.95-1": 135}, cells)

    assert counted.strata == (Stratum(15, 5, 2, overrides=2), Stratum(135, 5, 1, overrides=1))
    of_a, of_b = counted.categories
    assert (of_a.judged, of_a.errors) == (8, 2)
    assert sum(count * weight for count, weight in of_a.bad) == pytest.approx(0.05 * 8)
    assert sum(count * weight for count, weight in of_b.bad) == pytest.approx(0.9 * 2)


def test_a_draw_without_a_floor_is_not_weighted() -> None:
    drawn = [
        DrawnItem(place, Output(f"o{place}", MONDAY, category="ab"[place % 2]))
        for place in range(20)
    ]

    purely = replace(POLICY, floor=0)
    assert result_of(drawn, purely, {"a": 500, "b": 500}).strata == ()
    assert result_of(drawn[::2], POLICY, {"a": 500}).strata == (), "one category is no stratum"
    assert len(result_of(drawn, POLICY, {"a": 500, "b": 500}).strata) == 2


def test_a_category_looked_at_as_a_whole_leaves_nothing_to_chance() -> None:
    whole = Result(5, 5, 1, 1, 0, (Stratum(5, 5, 1),))

    assert rate_bound(whole) == 0.2


@given(st.integers(1, 60), st.data())
def test_no_outcome_of_a_draw_shows_less_than_its_best_bound(
    drawn: int, data: st.DataObject
) -> None:
    missing = data.draw(st.integers(0, drawn))
    errors = data.draw(st.integers(0, drawn - missing))
    strata = (Stratum(400, drawn, errors + missing), Stratum(9, 2, 1))
    flawless = (Stratum(400, drawn, 0), Stratum(9, 2, 0))
    even = result(drawn, errors, missing)

    assert best_bound(even) == rate_bound(result(drawn)) <= rate_bound(even)
    uneven = replace(even, strata=strata)
    assert best_bound(uneven) == rate_bound(replace(even, strata=flawless)) < rate_bound(uneven)


def test_a_rate_weighs_each_category_by_its_share_of_the_outputs() -> None:
    rare_ones_wrong = replace(result(20, 5), strata=(Stratum(995, 15, 0), Stratum(5, 5, 5)))
    assert isclose(worst_rate(rare_ones_wrong), 0.005)
    common_ones_wrong = replace(result(20, 15), strata=(Stratum(995, 15, 15), Stratum(5, 5, 0)))
    assert isclose(worst_rate(common_ones_wrong), 0.995)


@given(st.integers(1, 40), st.integers(1, 9), st.data())
def test_no_rate_lies_above_its_own_bound(drawn: int, rare: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, drawn))
    rare_wrong = data.draw(st.integers(0, rare))
    even = result(drawn, wrong)
    assert worst_rate(even) == wrong / drawn <= rate_bound(even)
    strata = (Stratum(400, drawn, wrong), Stratum(9, rare, rare_wrong))
    uneven = replace(even, strata=strata)
    assert worst_rate(uneven) <= rate_bound(uneven) + 1e-12


def test_nothing_drawn_has_no_rate() -> None:
    assert worst_rate(result(0)) == 0


@pytest.mark.parametrize(("limit_bp", "needed"), [(500, 59), (1_000, 29), (200, 149), (9_999, 1)])
def test_a_limit_is_proven_by_so_many_flawless_outputs_and_no_fewer(
    limit_bp: int, needed: int
) -> None:
    assert outputs_to_prove(limit_bp) == needed
    assert grade(result(needed), limit_bp) is Grade.WITHIN_LIMIT
    if needed > 1:
        assert grade(result(needed - 1), limit_bp) is Grade.NOT_ENOUGH_EVIDENCE
