"""The detector: I9, exactly on small cases; its weights; and what it may never do."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb, exp, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.detector import (
    ALARM,
    BETS,
    DRIFT,
    HEAD_START,
    MOST_DOUBT,
    WATCH,
    WORSE,
    YEAR,
    fed,
    fed_at_worst,
    started,
    weeks_to_prove,
)
from bot.domain.evidence import Result, Stratum
from bot.domain.grades import graded
from bot.domain.policy import LimitBasis
from bot.domain.rounds import Grade

LIMIT_BP = 500
LIMITS = st.integers(1, 9_999)


def of(errors: int, judged: int, drawn: int | None = None) -> Result:
    return Result(judged if drawn is None else drawn, judged, errors, errors, 0)


def exact_ratio(errors: int, judged: int, limit: Fraction, worse: Fraction) -> Fraction:
    """Give the likelihood ratio of a round, of a rate so many times the limit against the limit."""
    rate = min(worse * limit, (1 + limit) / 2)
    return (rate / limit) ** errors * ((1 - rate) / (1 - limit)) ** (judged - errors)


def ratios(result: Result, limit_bp: int = LIMIT_BP) -> list[float]:
    """Give by how much one round of no length moves each alternative."""
    begun = started()
    after = fed(begun, limit_bp, result, weeks=0)
    return [exp(new - old) for new, old in zip(after.logs, begun.logs, strict=True)]


@pytest.mark.parametrize(("errors", "judged"), [(0, 0), (0, 20), (3, 20), (20, 20)])
def test_each_alternative_moves_by_its_likelihood_ratio(errors: int, judged: int) -> None:
    limit = Fraction(LIMIT_BP, 10_000)
    for given_ratio, worse in zip(ratios(of(errors, judged)), WORSE, strict=True):
        exact = exact_ratio(errors, judged, limit, Fraction(worse))
        assert isclose(given_ratio, float(exact), rel_tol=1e-9)


@pytest.mark.parametrize("limit", [Fraction(1, 50), Fraction(1, 20), Fraction(3, 10)])
@pytest.mark.parametrize("worse", [Fraction(each) for each in WORSE])
@pytest.mark.parametrize("judged", [1, 4, 9])
def test_i9_at_the_limit_a_round_gives_exactly_nothing_on_average(
    limit: Fraction, worse: Fraction, judged: int
) -> None:
    mean = sum(
        comb(judged, errors)
        * limit**errors
        * (1 - limit) ** (judged - errors)
        * exact_ratio(errors, judged, limit, worse)
        for errors in range(judged + 1)
    )
    assert mean == 1


@pytest.mark.parametrize("worse", [Fraction(each) for each in WORSE])
def test_i9_a_draw_from_a_small_lot_gives_less_still(worse: Fraction) -> None:
    lot, bad, judged = 20, 1, 8  # 5 % of the lot, drawn without putting back
    mean = sum(
        Fraction(comb(bad, errors) * comb(lot - bad, judged - errors), comb(lot, judged))
        * exact_ratio(errors, judged, Fraction(1, 20), worse)
        for errors in range(min(bad, judged) + 1)
    )
    assert mean <= 1


def test_i9_over_whole_histories_the_evidence_grows_by_no_more_than_the_weeks() -> None:
    weeks, judged, limit = 3, 2, LIMIT_BP / 10_000
    mean = 0.0
    for history in product(range(judged + 1), repeat=weeks):
        detector, chance = started(), 1.0
        for errors in history:
            detector = fed(detector, LIMIT_BP, of(errors, judged), weeks=1)
            chance *= comb(judged, errors) * limit**errors * (1 - limit) ** (judged - errors)
        mean += chance * detector.evidence
    assert isclose(mean, HEAD_START + weeks, rel_tol=1e-9)


def test_i9_ten_short_rounds_have_no_more_room_than_one_long_one() -> None:
    barely = 1  # so low a limit that one flawless output says nearly nothing of it
    long, short = fed(started(), barely, of(0, 1), weeks=10), started()
    for _ in range(10):
        short = fed(short, barely, of(0, 1), weeks=1)
    assert short.evidence <= long.evidence <= HEAD_START + 10
    assert isclose(short.evidence, HEAD_START + 10, rel_tol=1e-2)


@pytest.mark.parametrize("weeks", [1.0, 50.0])
def test_where_nothing_was_judged_nothing_gathers(weeks: float) -> None:
    assert fed(started(), LIMIT_BP, of(0, 0, drawn=20), weeks) == started()


def test_i9_each_round_is_held_against_its_own_limit() -> None:
    strict, loose = (fed(started(), limit, of(2, 20), 1) for limit in (200, 800))
    mixed = fed(strict, 800, of(2, 20), 1)
    assert loose.evidence < mixed.evidence < fed(strict, 200, of(2, 20), 1).evidence


def test_i9_the_bar_leaves_a_chance_of_one_in_twenty_for_a_year() -> None:
    assert (HEAD_START + YEAR) / ALARM == 0.05
    assert WATCH == ALARM / 10


def test_an_error_of_an_uneven_draw_weighs_by_the_share_of_its_category() -> None:
    rare = Result(20, 20, 1, 1, 0, (Stratum(50, 10, 1), Stratum(950, 10, 0)))
    usual = Result(20, 20, 1, 1, 0, (Stratum(50, 10, 0), Stratum(950, 10, 1)))
    plain = ratios(of(1, 20))[2]
    assert ratios(rare)[2] < plain < ratios(usual)[2]
    even = Result(20, 20, 1, 1, 0, (Stratum(500, 10, 1), Stratum(500, 10, 0)))
    assert isclose(ratios(even)[2], plain)


def test_i9_an_uneven_draw_at_the_limit_gives_nothing_on_average_either() -> None:
    shares, rates, drawn = (0.2, 0.8), (0.12, 0.02), (3, 3)  # 4 % in all
    mean = [0.0] * len(WORSE)
    for found in product(range(4), range(4)):
        chance = 1.0
        for errors, rate, judged in zip(found, rates, drawn, strict=True):
            chance *= comb(judged, errors) * rate**errors * (1 - rate) ** (judged - errors)
        strata = tuple(
            Stratum(int(1_000 * share), judged, errors)
            for share, judged, errors in zip(shares, drawn, found, strict=True)
        )
        result = Result(6, 6, sum(found), sum(found), 0, strata)
        mean = [old + chance * new for old, new in zip(mean, ratios(result, 400), strict=True)]
    assert all(each <= 1 + 1e-12 for each in mean)


def test_i8_what_is_missing_neither_accuses_nor_excuses() -> None:
    assert ratios(of(2, 8, drawn=20)) == ratios(of(2, 8))
    partly = Result(10, 8, 2, 2, 0, (Stratum(100, 5, 3, missing=2), Stratum(100, 5, 1)))
    whole = Result(8, 8, 2, 2, 0, (Stratum(100, 3, 1), Stratum(100, 5, 1)))
    assert ratios(partly) == ratios(whole)
    strata = (Stratum(100, 5, 5, missing=5), Stratum(100, 5, 1))
    half_seen = Result(10, 5, 1, 1, 0, strata)
    assert ratios(half_seen)[2] < ratios(of(1, 5))[2], "of what nobody saw nobody is accused"


@given(LIMITS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.floats(0, 60))))
def test_it_takes_whatever_comes(limit_bp: int, rounds: list[tuple[int, int, float]]) -> None:
    detector = started()
    for errors, judged, weeks in rounds:
        detector = fed(detector, limit_bp, of(min(errors, judged), judged), weeks)
        assert 0 <= detector.evidence <= 1e100 * 1.000001
        assert graded(of(min(errors, judged), judged), limit_bp, detector.evidence) in Grade


@given(LIMITS, st.integers(0, 20), st.integers(1, 20))
def test_one_more_error_never_speaks_for_the_workflow(
    limit_bp: int, errors: int, more: int
) -> None:
    fewer, many = of(errors, errors + more), of(errors + 1, errors + more)
    begun = started()
    more_wrong, less_wrong = (fed(begun, limit_bp, each, 1) for each in (many, fewer))
    assert more_wrong.evidence > less_wrong.evidence


def test_i8_a_drift_takes_no_proof_back() -> None:
    """Else whoever leaves wrong ones unanswered keeps more of it than who answers them."""
    assert graded(of(0, 100), LIMIT_BP, 1.0, drift=DRIFT) is Grade.WITHIN_LIMIT
    assert graded(of(0, 0, drawn=9), LIMIT_BP, 1.0, drift=DRIFT) is Grade.NOT_ENOUGH_EVIDENCE


def test_i8_a_doubt_takes_proof_back_and_accuses_nobody() -> None:
    flawless, calm = of(0, 100), WATCH - 1e-6
    assert graded(flawless, LIMIT_BP, 1.0, doubt=calm) is Grade.WITHIN_LIMIT
    assert graded(flawless, LIMIT_BP, 1.0, doubt=ALARM) is Grade.NOT_ENOUGH_EVIDENCE
    assert graded(flawless, LIMIT_BP, calm, doubt=ALARM) is Grade.NOT_ENOUGH_EVIDENCE
    assert graded(of(0, 10), LIMIT_BP, 1.0, drift=DRIFT, doubt=ALARM) is Grade.WATCH


@given(LIMITS, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_i8_who_leaves_errors_unanswered_is_doubted_as_who_answers_them_is_accused(
    limit_bp: int, right: int, answered: int, left: int
) -> None:
    whole = right + answered + left
    honest = fed(started(), limit_bp, of(answered + left, whole), 1)
    evasive = fed_at_worst(started(), limit_bp, of(answered, right + answered, drawn=whole), 1)
    most = log(MOST_DOUBT[LimitBasis.PER_WEEK])
    assert [min(each, most) for each in honest.logs] == list(evasive.logs)


def test_of_an_uneven_draw_a_doubt_weighs_by_what_was_drawn() -> None:
    """Else an error left out where much is drawn of little would weigh as the others do."""
    rare, usual = Stratum(100, 20, 9, missing=9), Stratum(900, 20, 0)
    left_out = Result(40, 31, 0, 0, 0, (rare, usual))
    answered = Result(40, 40, 9, 9, 0, (replace(rare, missing=0), usual))
    assert fed_at_worst(started(), LIMIT_BP, left_out, 1) == fed(started(), LIMIT_BP, answered, 1)


@pytest.mark.parametrize(
    ("basis", "drawn", "rounds"),
    [
        (LimitBasis.PER_WEEK, 40, 6),
        (LimitBasis.PER_WEEK, 59, 4),
        (LimitBasis.PER_WEEK, 100, 3),
        (LimitBasis.AVERAGE, 40, 9),
        (LimitBasis.AVERAGE, 100, 9),
    ],
)
def test_however_much_was_left_unanswered_some_rounds_with_all_their_verdicts_tell_again(
    basis: LimitBasis, drawn: int, rounds: int
) -> None:
    detector = started()
    for _ in range(52):
        detector = fed_at_worst(detector, LIMIT_BP, of(0, 0, drawn=drawn), 1, basis)
    assert isclose(detector.evidence, MOST_DOUBT[basis])
    weeks = 0
    while detector.evidence >= WATCH:
        detector, weeks = fed_at_worst(detector, LIMIT_BP, of(0, drawn), 1, basis), weeks + 1
    assert weeks == rounds


def test_the_grade_says_what_is_proven_and_only_then_what_the_round_shows() -> None:
    flawless = of(0, 100)
    calm, watched, proven = WATCH - 1e-6, WATCH, ALARM
    assert graded(flawless, LIMIT_BP, calm) is Grade.WITHIN_LIMIT
    assert graded(of(0, 10), LIMIT_BP, calm, drift=DRIFT - 1e-6) is Grade.NOT_ENOUGH_EVIDENCE
    assert graded(of(0, 10), LIMIT_BP, calm, drift=DRIFT) is Grade.WATCH
    assert graded(of(0, 10), LIMIT_BP, calm) is Grade.NOT_ENOUGH_EVIDENCE
    assert graded(flawless, LIMIT_BP, watched) is Grade.WATCH
    assert graded(flawless, LIMIT_BP, proven) is Grade.BREACH
    assert graded(of(0, 0, drawn=9), LIMIT_BP, proven) is Grade.NOT_ENOUGH_EVIDENCE


# Simulated medians of the study the method was chosen by, within the sixth it claims.
@pytest.mark.parametrize(
    ("limit_bp", "rate", "sample", "median"),
    [(200, 0.04, 20, 26), (500, 0.10, 20, 11), (1_000, 0.20, 10, 10), (500, 0.10, 10, 21)],
)
def test_how_long_it_takes_is_told_before(
    limit_bp: int, rate: float, sample: float, median: float
) -> None:
    assert weeks_to_prove(limit_bp, rate, sample) == pytest.approx(median, rel=1 / 6)


# Of a limit that bounds the average: within the sixth of what simulation of it gives.
@pytest.mark.parametrize(
    ("rate", "sample", "median"),
    [(0.10, 20, 12.5), (0.20, 20, 4.5), (0.10, 50, 9.5), (0.20, 50, 4)],
)
def test_how_long_an_average_takes_is_told_before(
    rate: float, sample: float, median: float
) -> None:
    told = weeks_to_prove(500, rate, sample, LimitBasis.AVERAGE)
    assert told == pytest.approx(median, rel=1 / 6)


def bets(result: Result, limit_bp: int = LIMIT_BP) -> list[float]:
    """Give by how much one round of no length moves each alternative, of a limit of the average."""
    begun = started()
    after = fed(begun, limit_bp, result, 0, LimitBasis.AVERAGE)
    return [exp(new - old) for new, old in zip(after.logs, begun.logs, strict=True)]


@pytest.mark.parametrize("judged", [1, 4, 9])
@pytest.mark.parametrize("limit_bp", [200, 500, 3_000])
def test_i9_of_an_average_at_the_limit_a_round_gives_exactly_nothing_on_average(
    limit_bp: int, judged: int
) -> None:
    limit = limit_bp / 10_000
    for place in range(len(BETS)):
        mean = sum(
            comb(judged, wrong) * limit**wrong * (1 - limit) ** (judged - wrong)
            * bets(of(wrong, judged), limit_bp)[place]
            for wrong in range(judged + 1)
        )  # fmt: skip
        assert mean == pytest.approx(1)


def test_i9_of_an_average_errors_that_come_together_give_no_more() -> None:
    """Half the rounds at twice the limit, half without an error: of each round that is too much."""
    swinging = (of(8, 80), of(0, 80))
    assert [sum(each) / 2 for each in zip(*map(bets, swinging), strict=True)] == pytest.approx(
        [1.0] * len(BETS)
    )
    assert any(sum(each) / 2 > 1 for each in zip(*map(ratios, swinging), strict=True))


def test_of_an_average_an_uneven_draw_counts_by_its_shares() -> None:
    uneven = Result(20, 20, 2, 2, 0, (Stratum(200, 10, 2), Stratum(800, 10, 0)))
    even = bets(of(1, 25))
    assert bets(uneven) == pytest.approx(even), "2 of 10 of a fifth is 4 % over all"
