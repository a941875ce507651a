"""How far from what was seen a rate can lie: exact bounds, whatever is counted."""

from math import exp, lgamma, log, log1p

from bot.domain.proving import CONFIDENCE


def interval(found: int, judged: int) -> tuple[float, float]:
    """Give the exact two-sided 95 % confidence interval of a rate (Clopper & Pearson 1934)."""
    one_sided = 1 - (1 - CONFIDENCE) / 2
    return 1 - upper_bound(judged - found, judged, one_sided), upper_bound(found, judged, one_sided)


def upper_bound(errors: int, reviewed: int, confidence: float = CONFIDENCE) -> float:
    """Give the exact one-sided upper confidence bound on a rate (Clopper & Pearson 1934)."""
    if errors >= reviewed:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(errors, reviewed, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(errors: int, reviewed: int, rate: float) -> float:
    # In logarithms: of a large sample the number of ways is too large for a float.
    ways, hit, miss = lgamma(reviewed + 1), log(rate), log1p(-rate)
    return sum(
        exp(ways - lgamma(k + 1) - lgamma(reviewed - k + 1) + k * hit + (reviewed - k) * miss)
        for k in range(errors + 1)
    )
