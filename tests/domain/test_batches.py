"""How many outputs of one batch to look at: the smallest plan that keeps both promises, exactly."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.batches import Batch, BatchPlan, attestation, batch_plan
from bot.domain.figures import WHOLE_BP


def passing(batch: int | None, looked_at: int, rate_bp: int, errors: int) -> Iterator[Fraction]:
    """Give the chance to pass from first principles, if none may be wrong, if one may, and on."""
    numbers = range(looked_at + 1)
    if batch is None:
        right, of = WHOLE_BP - rate_bp, WHOLE_BP**looked_at
        ways = (comb(looked_at, k) * rate_bp**k * right ** (looked_at - k) for k in numbers)
    else:
        of = comb(batch, looked_at)
        ways = (comb(errors, k) * comb(batch - errors, looked_at - k) for k in numbers)
    return (Fraction(so_far, of) for so_far in accumulate(ways))


@pytest.mark.parametrize(
    ("limit_bp", "bad_bp", "plans"),
    [
        (200, 400, [(616, 18), (384, 11), (152, 4)]),
        (200, 800, [(98, 4), (96, 4), (73, 3)]),
        (500, 1_000, [(233, 17), (193, 14), (113, 8)]),
        (500, 1_500, [(77, 7), (67, 6), (56, 5)]),
        (500, 2_000, [(38, 4), (38, 4), (37, 4)]),
        (1_000, 2_000, [(109, 16), (97, 14), (70, 10)]),
        (1_000, 3_000, [(33, 6), (33, 6), (28, 5)]),
    ],
)
def test_plans_are_those_of_the_published_search(
    limit_bp: int, bad_bp: int, plans: list[tuple[int, int]]
) -> None:
    found = [batch_plan(Batch(size), limit_bp, bad_bp) for size in (None, 1_000, 200)]
    assert [(each.look_at, each.may_be_wrong) for each in found if each] == plans


def test_the_handbooks_plan_is_the_exact_one_and_not_the_nomographs() -> None:
    found = batch_plan(Batch(), 100, 1_000, risk_bp=500, missed_bp=1_000)
    assert found
    assert (found.look_at, found.may_be_wrong) == (52, 2)


def test_an_attestation_takes_what_is_published() -> None:
    rates = (100, 200, 300, 500, 1_000, 2_000)
    assert [attestation(Batch(), rate) for rate in rates] == [299, 149, 99, 59, 29, 14]
    sizes = (50, 100, 200, 500, 1_000)
    assert [attestation(Batch(size), 500) for size in sizes] == [31, 45, 51, 56, 57]


@settings(max_examples=60)
@given(st.none() | st.integers(1, 60), st.integers(1, 4_000), st.integers(1, 5_900))
def test_a_plan_keeps_both_promises_and_no_smaller_one_does(
    size: int | None, limit_bp: int, more: int
) -> None:
    bad_bp = limit_bp + more
    found = batch_plan(Batch(size), limit_bp, bad_bp)
    good, bad = (size or 0) * limit_bp // WHOLE_BP, -(-(size or 0) * bad_bp // WHOLE_BP)

    def keeping(n: int) -> list[int]:
        """Give how many may be wrong of so many, if both promises are to be kept."""
        both = zip(passing(size, n, limit_bp, good), passing(size, n, bad_bp, bad), strict=True)
        passes = [well >= Fraction(19, 20) and ill <= Fraction(1, 10) for well, ill in both]
        return [c for c in range(n) if passes[c]]

    if found is not None:
        chances = [*passing(size, found.look_at, limit_bp, good)]
        assert found.may_be_wrong in keeping(found.look_at)
        assert found.passes_good == chances[found.may_be_wrong]
    below = min(found.look_at if found else 61, (size or 60) + 1, 40)
    assert not any(keeping(n) for n in range(1, below))


@given(st.none() | st.integers(1, 500), st.integers(1, 9_999))
def test_an_attestation_is_the_fewest_that_show_it(size: int | None, limit_bp: int) -> None:
    found = attestation(Batch(size), limit_bp)
    errors = -(-(size or 0) * limit_bp // WHOLE_BP)
    if found is None:
        assert size is None, "of a batch that is looked at whole everything is known"
        return
    assert next(passing(size, found, limit_bp, errors)) <= Fraction(1, 20)
    assert found == 1 or next(passing(size, found - 1, limit_bp, errors)) > Fraction(1, 20)


@pytest.mark.parametrize(("limit_bp", "bad_bp"), [(0, 500), (500, 500), (500, 400), (1, 10_000)])
def test_rates_that_are_none_are_refused(limit_bp: int, bad_bp: int) -> None:
    with pytest.raises(ValueError, match="too bad is above the limit"):
        batch_plan(Batch(), limit_bp, bad_bp)


def test_what_no_number_of_outputs_tells_apart_has_no_plan() -> None:
    assert batch_plan(Batch(), 100, 101) is None
    assert batch_plan(Batch(1), 500, 501) == BatchPlan(1, 0, Fraction(1), Fraction(0))
    assert batch_plan(Batch(10), 1_000, 1_100) == BatchPlan(10, 1, Fraction(1), Fraction(0))
    assert attestation(Batch(), 1) is None
