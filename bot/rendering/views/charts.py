"""What the charts show. Each is drawn by the SVG template of its name."""

from dataclasses import dataclass

from bot.domain.trend import CategoryRate, Point


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The rounds of a workflow, oldest first, and the smoothed rate after each."""

    workflow: str
    points: tuple[Point, ...]
    line: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CategoryChart:
    """How often people changed the AI's answer, by category, the surest first."""

    workflow: str
    rates: tuple[CategoryRate, ...]


ChartView = TrendChart | CategoryChart
