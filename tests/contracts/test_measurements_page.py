"""The page on limits says what is so: its examples are understood, its numbers are the code's."""

import re
from pathlib import Path
from typing import Final

from bot.domain.figures import MAX_DIGITS, MAX_PLACES
from bot.domain.intake import AHEAD
from bot.domain.limits import MAX_LIMITS, Every, read_limits, written_limits
from bot.domain.measurements import KEPT

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGE: Final = (DOCS / "measurements.md").read_text()
API: Final = (DOCS / "api.md").read_text()


def test_the_pages_example_is_understood() -> None:
    (example,) = re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)
    assert written_limits(read_limits(example)).splitlines() == [
        "latency_p95 at most 2.5 every hour",
        "drift_score at most 0.2 every round",
        "volume_eu at least 100 every day",
        "cost at most 12.5 every week",
    ]


def test_the_numbers_in_the_pages_are_those_of_the_domain() -> None:
    assert f"up to {['none', 'one', 'two', 'three', 'four', 'five'][MAX_LIMITS]} of them" in PAGE
    for page in (PAGE, API):
        assert f"at most {MAX_DIGITS} significant digits" in page
        assert f"{KEPT.days} days" in page
    assert f"from 1e-{MAX_PLACES} to\nbelow 1e{MAX_PLACES} in size" in PAGE
    ahead = f"at most {AHEAD.seconds // 60} minutes ahead"
    for field in ("produced_at", "observed_at"):
        [row] = [line for line in API.splitlines() if line.startswith(f"| `{field}`")]
        assert ahead in row
    assert all(f"`every {every}`" in PAGE for every in Every)
