"""Which band of confidence an output is in."""

import pytest

from bot.domain.bands import Claim, by_confidence
from bot.domain.strata import EDGES, UNSAID, band_of


@pytest.mark.parametrize(
    ("confidence", "band"),
    [
        ("", UNSAID),
        ("0", "0-0.5"),
        ("0.499999999999999999999999", "0-0.5"),
        ("0.5", "0.5-0.7"),
        ("7E-1", "0.7-0.8"),
        ("0.80", "0.8-0.9"),
        ("0.9499999999999999999999999", "0.9-0.95"),
        ("0.95", "0.95-1"),
        ("1", "0.95-1"),
    ],
)
def test_a_band_is_from_its_lower_edge_on(confidence: str, band: str) -> None:
    assert band_of(confidence) == band


def test_a_draw_has_the_bands_that_a_report_has() -> None:
    for edge in EDGES:
        (band,) = by_confidence([Claim(edge, "a", is_error=False)])
        assert band_of(str(edge)) == f"{band.low}-{band.high}"
