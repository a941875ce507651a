"""From a chart's view to its SVG, and from that to the PNG which Slack can show.

A chart carries evidence, not decoration. It is laid out on 1200 by 672 so that it can still be read
at the 360 pixels that a phone gives it, and drawn at 1000 by 560: each pixel takes its time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from resvg_py import svg_to_bytes

from bot.domain.figures import WHOLE_BP, percent
from bot.domain.rounds import Grade
from bot.rendering.mrkdwn import share, visible
from bot.rendering.views import CategoryChart, ChartView, TrendChart

FONT: Final = "Roboto"
# The chart of a backtest is looked at elsewhere, where that font may not be.
_FONTS: Final = f"{FONT}, Helvetica, Arial, sans-serif"
WIDTH: Final = 1_000  # pixels, of a PNG
CATEGORIES: Final = 8
_FILE: Final = Path(__file__).parent / "fonts" / "Roboto-Medium.ttf"
_LABELS: Final = 4
_LETTERS: Final = 20
_TOPS: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_ABOVE_LIMIT: Final = 1.25
# What a bar means, and how wide it is in words.
_MEANING: Final = {
    Grade.WITHIN_LIMIT: ("within the limit", 290),
    Grade.NOT_ENOUGH_EVIDENCE: ("proves nothing", 275),
    Grade.WATCH: ("watch", 150),
    Grade.BREACH: ("breach", 160),
}
_UNJUDGED: Final = ("none judged", 240)
_WIDEST: Final = 140  # pixels, of a bar that has the room for more
_STUB: Final = 6  # pixels of a bar that stands for nothing wrong, where there is one at all
# What XML 1.0 (section 2.2) has no place for, and what is not a letter by itself.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart draws: pixels from the top left, and the share that its far end stands for."""

    left: float
    top: float
    right: float
    bottom: float
    most: float

    def y(self, share: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * share / self.most, 1)

    def x(self, share: float) -> float:
        return round(self.left + (self.right - self.left) * share / self.most, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One round: `height` is None where nothing was judged; `label` is empty for most."""

    x: float
    width: float
    top: float | None
    grade: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One category: its name, its counts, and where its rate and its interval lie."""

    name: str
    counts: str
    y: float
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend: a grade, or none for a round of which nothing was judged."""

    x: float
    grade: str
    words: str


def picture(view: ChartView) -> bytes:
    """Give the chart as PNG, 1000 by 560 pixels, drawn in the font that comes with this."""
    return svg_to_bytes(
        svg_string=svg(view),
        width=WIDTH,
        skip_system_fonts=True,
        font_files=[str(_FILE)],
        font_family=FONT,
        sans_serif_family=FONT,
    )


def svg(view: ChartView) -> str:
    """Give the chart as SVG."""
    match view:
        case TrendChart():
            return _trend(view)
        case CategoryChart():
            return _categories(view)


def _trend(view: TrendChart) -> str:
    limits = [each.limit_bp / WHOLE_BP for each in view.points]
    rates = [each.rate for each in view.points if each.rate is not None]
    frame = Frame(130, 130, 940, 530, _top([*rates, *(each * _ABOVE_LIMIT for each in limits)]))
    return _drawn(
        "trend.svg.j2",
        title=f"{_short(view.workflow)}: errors by round",
        frame=frame,
        top=percent(round(frame.most * WHOLE_BP)),
        bars=_bars(view, frame),
        lines=_lines(view, frame),
        limits=_steps(limits, frame),
        limit=percent(view.points[-1].limit_bp),
        latest=share(view.line[-1]) if view.line and view.line[-1] is not None else "",
        legend=_legend(view),
    )


def _categories(view: CategoryChart) -> str:
    rates = view.rates[:CATEGORIES]
    frame = Frame(560, 130, 1140, 545, 1.0)
    step = (frame.bottom - frame.top) / CATEGORIES
    rows = [
        Row(
            name=_short(each.category or "none"),
            counts=f"{each.overridden}/{each.judged}",
            y=round(frame.top + step * (place + 0.5), 1),
            rate=frame.x(each.rate),
            low=frame.x(each.low),
            high=frame.x(each.high),
        )
        for place, each in enumerate(rates)
    ]
    title = f"{_short(view.workflow)}: answers changed"
    return _drawn("categories.svg.j2", title=title, frame=frame, rows=rows)


def _bars(view: TrendChart, frame: Frame) -> list[Bar]:
    step = (frame.right - frame.left) / len(view.points)
    width = min(step * 0.7, _WIDEST)
    labels = _labels(view)
    return [
        Bar(
            x=round(frame.left + step * (place + 0.5) - width / 2, 1),
            width=round(width, 1),
            top=None if each.rate is None else min(frame.y(each.rate), frame.bottom - _STUB),
            grade=each.grade,
            label=labels.get(place, ""),
        )
        for place, each in enumerate(view.points)
    ]


def _lines(view: TrendChart, frame: Frame) -> list[list[tuple[float, float]]]:
    """Give the smoothed rate as lines, one of each row of rounds of which something was judged."""
    step = (frame.right - frame.left) / len(view.points)
    lines: list[list[tuple[float, float]]] = [[]]
    for place, (point, rate) in enumerate(zip(view.points, view.line, strict=True)):
        if rate is None or point.rate is None:
            lines.append([])
        else:
            lines[-1].append((round(frame.left + step * (place + 0.5), 1), frame.y(rate)))
    return [each for each in lines if each]


def _legend(view: TrendChart) -> list[Key]:
    """Say what the bars that are here mean."""
    here = {each.grade for each in view.points if each.rate is not None}
    keys = [(str(grade), *said) for grade, said in _MEANING.items() if grade in here]
    if any(each.rate is None for each in view.points):
        keys.append(("", *_UNJUDGED))
    starts = accumulate((width for _, _, width in keys), initial=48)
    return [Key(x, grade, words) for x, (grade, words, _) in zip(starts, keys, strict=False)]


def _steps(limits: Sequence[float], frame: Frame) -> list[tuple[float, float]]:
    """Give the line of the limits, which each round had its own of."""
    step = (frame.right - frame.left) / len(limits)
    return [
        (round(frame.left + step * (place + end), 1), frame.y(limit))
        for place, limit in enumerate(limits)
        for end in (0, 1)
    ]


def _labelled(count: int) -> frozenset[int]:
    """Give which of so many places have their date written below, the first and last among them."""
    if count <= _LABELS:
        return frozenset(range(count))
    return frozenset(round(place * (count - 1) / (_LABELS - 1)) for place in range(_LABELS))


def _labels(view: TrendChart) -> dict[int, str]:
    """Give the dates to be written below, by place; of rounds of one day only the first has it."""
    days: dict[str, int] = {}
    for place in sorted(_labelled(len(view.points))):
        days.setdefault(_day(view.points[place].dated), place)
    return {place: day for day, place in days.items()}


def _top(shares: Sequence[float]) -> float:
    most = max(shares, default=0.0)
    return next((each for each in _TOPS if each >= most), 1.0)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b}"


def _short(text: str) -> str:
    shown = visible(_NO_XML.sub("\ufffd", " ".join(text.split())))
    return shown if len(shown) <= _LETTERS else f"{shown[: _LETTERS - 1]}…"


def _drawn(template: str, **values: object) -> str:
    return _templates().get_template(template).render(font=_FONTS, **values)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.rendering", "templates/charts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
