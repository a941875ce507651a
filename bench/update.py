"""How fast a detector takes in one more round, against a floor of the same run.

One detector of one rate, and for comparison a whole series: errors, overrides, doubt, drift and
eight categories. The floor is eight logarithms and four exponentials, without which none of it can
be. Floor and updates alternate, a thousand at a time.

    python bench/update.py [--updates 50]
"""

import argparse
import sys
from datetime import UTC, datetime
from math import exp, log1p
from statistics import median

from timing import milliseconds

from bot.domain.detector import WORSE, fed, started
from bot.domain.evidence import CategoryCount, Result
from bot.domain.rounds import Round, RoundState
from bot.domain.series import PLACES, begun

BAR_US = 50.0
MANY = 1_000
WARM_UP = 3
LIMIT_BP = 500
OPENED = datetime(2026, 6, 1, 9, tzinfo=UTC)
ROUND = Round("triage", 1, RoundState.DRAWN, 1, OPENED, OPENED, "")
CATEGORIES = tuple(CategoryCount(f"category {place}", 5, 1) for place in range(PLACES))
RESULT = Result(40, 40, PLACES, PLACES, 0, (), CATEGORIES)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--updates", type=int, default=50, help="thousands of them, measured")
    updates = options.parse_args().updates
    detector = started()
    series = begun("triage", 1, LIMIT_BP).followed(ROUND, LIMIT_BP, RESULT, weeks=1)
    acts = {
        "floor": _floor,
        "detector": lambda: [fed(detector, LIMIT_BP, RESULT, 1.0) for _ in range(MANY)],
        "series": lambda: [series.followed(ROUND, LIMIT_BP, RESULT, 1.0) for _ in range(MANY)],
    }
    # Milliseconds of a thousand are microseconds of one.
    took = {name: median(each) for name, each in milliseconds(acts, updates, WARM_UP).items()}
    floor = took.pop("floor")
    print(f"floor: {floor:.1f} microseconds")
    for name, each in took.items():
        print(f"{name}: {each:.1f} microseconds, {each / floor:.1f} x the floor")
    is_met = took["detector"] <= BAR_US
    print(f"{'met' if is_met else 'NOT MET'}: a detector has {BAR_US:.0f}")
    return 0 if is_met else 1


def _floor() -> list[float]:
    return [sum(exp(log1p(worse) + log1p(-1 / worse)) for worse in WORSE[1:]) for _ in range(MANY)]


if __name__ == "__main__":
    sys.exit(main())
