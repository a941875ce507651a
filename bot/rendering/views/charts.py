"""What the charts show. Each is drawn by the SVG template of its name."""

from dataclasses import dataclass

from bot.domain.trend import CategoryRate, Point


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The rounds of a workflow, oldest first, the smoothed rate after each, and the limit."""

    workflow: str
    points: tuple[Point, ...]
    line: tuple[float | None, ...]
    limit_bp: int


@dataclass(frozen=True, slots=True)
class CategoryChart:
    """How often people changed the AI's answer, by category, the surest first."""

    workflow: str
    rates: tuple[CategoryRate, ...]


ChartView = TrendChart | CategoryChart
