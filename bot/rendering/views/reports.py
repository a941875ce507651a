"""What stakeholders read: the digest of all workflows, and the report on one."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreement import Agreement
from bot.domain.bands import Band
from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.digests import Figures
from bot.domain.evidence import Uncounted
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind
from bot.domain.proof import Proof
from bot.domain.rounds import Grade
from bot.domain.trend import CategoryRate, Point
from bot.domain.vigilance import Vigilance
from bot.rendering.views.charts import CategoryChart, ChartView, TrendChart


@dataclass(frozen=True, slots=True)
class Stopped:
    """A live workflow that may not run as it pleases now."""

    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something that is owed for a workflow, and late."""

    kind: ObligationKind
    workflow: str
    subject: int


@dataclass(frozen=True, slots=True)
class Digest:
    """All workflows since the last digest. Nobody is named: it is about workflows.

    Of the live ones those that are `ungraded` have no closed round yet.

    `trend` is the picture of the workflow in whose newest round the most is surely wrong; None if
    nothing was judged.
    """

    since: datetime
    figures: Figures
    live: int
    ungraded: tuple[str, ...]
    stopped: tuple[Stopped, ...]
    overdue: tuple[Overdue, ...]
    open_breaches: int
    trend: TrendChart | None
    proof: Proof

    @property
    def charts(self) -> tuple[ChartView, ...]:
        return (self.trend,) if self.trend else ()

    def graded(self, grade: Grade) -> tuple[str, ...]:
        """Give the workflows whose last round has this grade."""
        return tuple(key for key, given in self.figures.grades if given == grade)


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far two people agree, and between what the true share of that lies, 95 % sure."""

    agreement: Agreement
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed of what was planted, and the error rate lately as corrected by it.

    `rate` is what it is likely to be and, by what is overlooked, how high; None if nothing says so.
    """

    seen: Vigilance
    at_least: float
    rate: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Confidence:
    """Errors by how sure the AI was, and from where on they are within the limit, 95 % sure.

    Without an `is_even` draw no band tells of more than what was looked at: nothing is suggested.
    """

    bands: tuple[Band, ...]
    suggested: Band | None
    is_even: bool

    @property
    def below(self) -> int:
        """Count what was judged of less confidence than is suggested."""
        return sum(
            each.judged for each in self.bands if self.suggested and each.low < self.suggested.low
        )


@dataclass(frozen=True, slots=True)
class ReportedBreach:
    """A breach as it stands by now; `decided_at` is when the decision in it was recorded."""

    number: int
    cause: Cause
    state: BreachState
    opened_at: datetime
    decision: Decision | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One workflow over its last closed rounds, the newest one with its grade.

    Of all rounds that asked somebody, `in_time` of `asked` were answered in time. What was judged
    `later` than its round was closed is in no other figure. `breaches` are the newest, oldest
    first.
    """

    workflow: str
    gate: GateState
    newest: Point
    smoothed: float | None
    limit_bp: int
    in_time: int
    asked: int
    open_breaches: int
    breaches: tuple[ReportedBreach, ...]
    agreed: Agreed
    noticed: Noticed
    confidence: Confidence
    later: Uncounted
    rates: tuple[CategoryRate, ...]
    trend: TrendChart
    categories: CategoryChart | None
    proof: Proof

    @property
    def charts(self) -> tuple[ChartView, ...]:
        return (self.trend, self.categories) if self.categories else (self.trend,)
