"""The charts: well-formed whatever they show, true to their figures, drawn without a network."""

from dataclasses import replace
from struct import unpack
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.trend import smoothed
from bot.rendering.charts import picture, svg
from bot.rendering.mrkdwn import share
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
def test_each_is_a_picture_of_1000_by_560(name: str) -> None:
    png = picture(CHARTS[name])
    assert png.startswith(b"\x89PNG\r\n")
    assert unpack(">II", png[16:24]) == (1000, 560)


def test_the_font_that_comes_with_it_is_the_one_that_draws() -> None:
    without = svg(TREND).replace("Roboto", "No Such Font")
    assert "Roboto" in svg(TREND)
    assert without != svg(TREND)
    nameless = replace(TREND, workflow="")
    assert picture(TREND) != picture(nameless), "no letter was drawn"


def test_a_trend_says_its_limit_and_its_latest_value() -> None:
    said = texts(TREND)
    assert said[0] == "invoice-triage: errors by round"
    for words in ("limit 5 %", "14.3 %", "lately", "8 Jun"):
        assert words in said
    assert "lately" not in texts(EMPTY_TREND)


def test_a_bar_is_as_high_as_its_share() -> None:
    bars = list(drawn(TREND).iter(f"{SVG}rect"))[1:5]  # the first is the ground
    heights = [float(each.attrib["height"]) for each in bars]
    assert len(bars) == len(POINTS)
    assert heights[3] / heights[2] == pytest.approx(5 / 3, rel=0.01)
    assert 0 < heights[0] < heights[1], "nothing wrong is not nothing looked at"
    assert list(drawn(EMPTY_TREND).iter(f"{SVG}rect"))[1:] == [], "the legend has none either"


def test_each_round_stands_under_the_limit_it_had() -> None:
    weakened = replace(TREND, points=(*POINTS[:3], replace(POINTS[3], limit_bp=3_000)))
    limits = next(drawn(weakened).iter(f"{SVG}polyline")).attrib["points"].split()
    heights = [float(each.partition(",")[2]) for each in limits]
    assert heights[0] == heights[5] > heights[6] == heights[7]
    assert "limit 30 %" in texts(weakened)


def test_a_round_that_nobody_answered_is_no_gap() -> None:
    assert texts(EMPTY_TREND).count("?") == 2, "in its place, and in the legend"
    assert "?" not in texts(TREND)


def test_the_line_leaves_out_the_rounds_of_which_nothing_was_judged() -> None:
    silent = replace(POINTS[2], judged=0, errors=0, rate=None)
    points = (*POINTS[:2], silent, POINTS[3])
    view = replace(TREND, points=points, line=smoothed(points))
    _, before, after = drawn(view).iter(f"{SVG}polyline")  # the first is the limit
    assert [len(each.attrib["points"].split()) for each in (before, after)] == [2, 1]
    radii = [each.attrib["r"] for each in drawn(view).iter(f"{SVG}circle")]
    assert radii == ["13", "13"], "the newest value, and the same in its legend"


def test_a_day_is_written_once_however_many_rounds_ended_on_it() -> None:
    same_day = tuple(replace(each, dated=POINTS[0].dated) for each in POINTS[:3])
    view = replace(TREND, points=(*same_day, POINTS[3]))
    assert [each for each in texts(view) if each.endswith((" Jun", " Jul"))] == ["8 Jun", "29 Jun"]


def test_one_round_alone_is_a_bar_and_no_wall() -> None:
    bar = list(drawn(CHARTS["trend of one round"]).iter(f"{SVG}rect"))[1]
    middle = float(bar.attrib["x"]) + float(bar.attrib["width"]) / 2
    assert (float(bar.attrib["width"]), middle) == (140, 535)


def test_a_legend_says_what_each_bar_that_is_there_means() -> None:
    assert texts(TREND)[-4:] == ["within the limit", "proves nothing", "watch", "breach"]
    calm = replace(TREND, points=POINTS[:1], line=(0.0,))
    assert texts(calm)[-1] == "within the limit"
    assert texts(EMPTY_TREND)[-1] == "none judged"


def test_a_watch_and_a_breach_differ_in_more_than_their_colour() -> None:
    fills = [each.attrib["fill"] for each in drawn(TREND).iter(f"{SVG}rect")]
    assert fills[3] == "url(#watch)"
    assert drawn(TREND).find(f"{SVG}pattern[@id='watch']") is not None
    assert fills[4].startswith("#")


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_chart_says_the_very_figure_of_the_text_beside_it(wrong: int, judged: int) -> None:
    rate = min(wrong, judged) / judged
    view = replace(TREND, line=(*TREND.line[:-1], rate))
    said = message(replace(REPORT, trend=view, smoothed=rate)).text
    latest = texts(view)[texts(view).index("lately") - 1]
    assert f"lately {latest}; the limit".replace("<", "&lt;") in said


@pytest.mark.parametrize(
    ("part", "said"),
    [(0.0, "0 %"), (0.115, "11.5 %"), (0.0625, "6.3 %"), (0.165, "16.5 %"), (0.0001, "< 0.1 %")],
)
def test_a_share_is_said_to_a_tenth_and_halves_upwards(part: float, said: str) -> None:
    assert share(part) == said


def test_it_fits_a_smaller_window_and_is_drawn_without_the_font_too() -> None:
    page = drawn(TREND).attrib
    assert (page["width"], page["viewBox"]) == ("100%", "0 0 1200 672")
    assert page["font-family"].endswith("sans-serif")


def test_categories_are_named_with_their_counts() -> None:
    said = texts(CATEGORIES)
    assert ("transfer" in said, "none" in said) == (True, True)
    assert ("6/20" in said, "0/12" in said) == (True, True)
    legend = {
        "changed / judged",
        "share changed in the sample",
        "range of the true share, 95 % sure",
    }
    assert legend <= set(said)


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
