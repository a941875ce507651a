"""The charts: well-formed whatever they show, true to their figures, drawn without a network."""

from dataclasses import replace
from struct import unpack
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.charts import picture, svg
from bot.rendering.render import digest, message
from bot.rendering.views import CategoryChart, ChartView, TrendChart
from tests.rendering.samples import DIGEST, EMPTY_TREND, POINTS, RATES, REPORT, TREND

SVG = "{http://www.w3.org/2000/svg}"
CATEGORIES = CategoryChart("invoice-triage", RATES)
CHARTS: dict[str, ChartView] = {
    "trend": TREND,
    "trend of nothing": EMPTY_TREND,
    "trend of one round": TrendChart("claims", POINTS[:1], (0.0,)),
    "trend at the very limit": TrendChart(
        "claims", tuple(replace(each, limit_bp=9_999) for each in POINTS), (0.0,) * len(POINTS)
    ),
    "categories": CATEGORIES,
    "no categories": CategoryChart("claims", ()),
}
each_chart = pytest.mark.parametrize("name", CHARTS)


def drawn(view: ChartView) -> ET.Element:
    return ET.fromstring(svg(view))  # noqa: S314 -- our own


def texts(view: ChartView) -> list[str]:
    return [each.text or "" for each in drawn(view).iter(f"{SVG}text")]


@each_chart
def test_each_is_a_picture_of_1200_by_672(name: str) -> None:
    png = picture(CHARTS[name])
    assert png.startswith(b"\x89PNG\r\n")
    assert unpack(">II", png[16:24]) == (1200, 672)


def test_the_font_that_comes_with_it_is_the_one_that_draws() -> None:
    without = svg(TREND).replace("Roboto", "No Such Font")
    assert "Roboto" in svg(TREND)
    assert without != svg(TREND)
    nameless = replace(TREND, workflow="")
    assert picture(TREND) != picture(nameless), "no letter was drawn"


def test_a_trend_says_its_limit_and_its_latest_value() -> None:
    said = texts(TREND)
    assert said[0] == "invoice-triage: errors by round"
    for words in ("limit 5 %", "14 %", "lately", "8 Jun"):
        assert words in said
    assert "lately" not in texts(EMPTY_TREND)


def test_a_bar_is_as_high_as_its_share() -> None:
    bars = list(drawn(TREND).iter(f"{SVG}rect"))[1:]  # the first is the ground
    heights = [float(each.attrib["height"]) for each in bars]
    assert len(bars) == len(POINTS)
    assert heights[3] / heights[2] == pytest.approx(5 / 3, rel=0.01)
    assert 0 < heights[0] < heights[1], "nothing wrong is not nothing looked at"
    assert list(drawn(EMPTY_TREND).iter(f"{SVG}rect"))[1:] == []


def test_each_round_stands_under_the_limit_it_had() -> None:
    weakened = replace(TREND, points=(*POINTS[:3], replace(POINTS[3], limit_bp=3_000)))
    limits = next(drawn(weakened).iter(f"{SVG}polyline")).attrib["points"].split()
    heights = [float(each.partition(",")[2]) for each in limits]
    assert heights[0] == heights[5] > heights[6] == heights[7]
    assert "limit 30 %" in texts(weakened)


def test_a_round_that_nobody_answered_is_no_gap() -> None:
    assert texts(EMPTY_TREND).count("?") == 1
    assert "?" not in texts(TREND)


def test_categories_are_named_with_their_counts() -> None:
    said = texts(CATEGORIES)
    assert ("transfer" in said, "none" in said) == (True, True)
    assert ("6/20" in said, "0/12" in said) == (True, True)


@given(st.text(max_size=60))
def test_i11_no_name_breaks_a_chart_or_becomes_markup(name: str) -> None:
    named = CategoryChart("claims", (replace(RATES[0], category=name),))
    kinds = {each.tag for each in drawn(named).iter()}
    assert kinds == {each.tag for each in drawn(CATEGORIES).iter()}
    assert len(texts(named)) == len(texts(CATEGORIES)) - 2


@pytest.mark.parametrize("view", [DIGEST, REPORT], ids=["digest", "report"])
def test_whoever_cannot_see_a_picture_is_told_what_it_shows(view: object) -> None:
    rendered = message(view)  # type: ignore[arg-type] # both are messages
    assert rendered.pictures
    for each in rendered.pictures:
        assert "invoice-triage" in each.alt
        assert any(letter.isdigit() for letter in each.alt)


def test_i5_what_was_shown_is_known_by_its_pictures_too() -> None:
    rendered = message(REPORT)
    other = replace(REPORT, trend=replace(TREND, line=(0.0,) * 4))
    changed = replace(message(other), text=rendered.text)
    assert digest(changed) != digest(rendered)
    assert digest(replace(rendered, blocks=[])) == digest(rendered), "its blocks are not sent"
