"""How fast a chart is drawn, against a floor of the same run.

Twelve rounds and eight categories, each from its view to the PNG that Slack is sent. The floor is
the same size drawn with nothing on it. Floor and charts alternate.

    python bench/chart.py [--charts 40]
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from statistics import median

from resvg_py import svg_to_bytes
from timing import milliseconds

from bot.domain.bounds import interval
from bot.domain.rounds import Grade
from bot.domain.trend import CategoryRate, Point, smoothed
from bot.rendering.charts import picture
from bot.rendering.views import CategoryChart, TrendChart

BAR_MS = 100.0
MOST_RATIO = 6.0  # two fonts, or one that is searched for, come near it
WARM_UP = 3
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
EMPTY = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="560">'
    '<rect width="1000" height="560" fill="#ffffff"/></svg>'
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--charts", type=int, default=40, help="of each kind, drawn and measured")
    charts = options.parse_args().charts
    points = tuple(
        Point(n, START + timedelta(weeks=n), 30, n % 5, n % 5 / 30, 500, Grade.NOT_ENOUGH_EVIDENCE)
        for n in range(12)
    )
    rates = tuple(CategoryRate(f"category {n}", n, 30, *interval(n, 30)) for n in range(8))
    acts = {
        "floor": lambda: svg_to_bytes(svg_string=EMPTY, skip_system_fonts=True),
        "trend": lambda: picture(TrendChart("invoice-triage", points, smoothed(points))),
        "categories": lambda: picture(CategoryChart("invoice-triage", rates)),
    }
    took = milliseconds(acts, charts, WARM_UP)
    return _report({name: median(times) for name, times in took.items()})


def _report(took: dict[str, float]) -> int:
    floor = took.pop("floor")
    print(f"an empty picture: {floor:.1f} ms")
    is_met = True
    for name, each in took.items():
        print(f"{name}: {each:.1f} ms (bar {BAR_MS:.0f}), {each / floor:.1f} x the floor")
        is_met &= each <= BAR_MS and each / floor <= MOST_RATIO
    print("met" if is_met else "NOT MET")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
