"""What is simulated: who takes part, where, from when on and for how long."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tests.sim.replica import ADMIN, AUDITOR

DAY: Final = 86_400.0
WEEK: Final = 7 * DAY
CALM: Final = 2 * DAY  # at the end: what was held up is made good
DRAW_KEY: Final = b"d" * 32
OWNER, BACKUP, STEWARD, BUILDER, MEMBER = (
    "U0OWNER",
    "U0BACKUP",
    "U0STEWARD",
    "U0BUILDER",
    "U0MEMBER",
)
PEOPLE: Final = {OWNER: "Olga", BACKUP: "Ben", STEWARD: "Stella", BUILDER: "Bo", MEMBER: "Max",
                 ADMIN: "Ada", AUDITOR: "Ines"}  # fmt: skip
# The Mondays before and after clocks change, a leap day, the turn of a year, and plain ones.
BEGINNINGS: Final = tuple(
    datetime(*day, tzinfo=UTC)
    for day in ((2026, 3, 2), (2026, 3, 23), (2026, 10, 19), (2026, 10, 26), (2026, 12, 21),
                (2028, 2, 21), (2026, 6, 1), (2026, 9, 7))
)  # fmt: skip
ZONES: Final = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "UTC")
CADENCE: Final = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
KEYS: Final = ("triage", "replies", "claims")
OUTAGES: Final = (1, 10, 60, 600, 7_200, 50_000)  # seconds
# Who may be away as a whole, and for how many seconds.
BREAKDOWNS: Final = {
    "bots": (3_600, 20_000, 60_000, 200_000),
    "database": (60, 300, 900),
    "Slack": (900, 7_200, 20_000),
}
# By how many seconds a clock jumps, and after how many it is set right.
JUMPS: Final = (-20_000, -3_600, -120, 120, 3_600, 20_000)
SET_RIGHT: Final = (600, 7_200, 40_000)
RUNG: Final = (OWNER, BACKUP, STEWARD)


@dataclass(frozen=True, slots=True)
class Season:
    """How people are: what they do of what they are asked, look at, find wrong, and think of."""

    diligence: tuple[float, ...]
    looks: float  # how probably somebody looks on a day
    wrong: float
    moods: float  # how probably somebody types a command on a day


QUIET: Final = Season((1.0,), 0.95, 0.01, 0.03)
SILENT: Final = Season((0.3, 0.8, 1.0), 0.7, 0.15, 0.15)
BUSY: Final = Season((0.9, 1.0), 0.9, 0.1, 0.3)
SEASONS: Final = (QUIET, QUIET, QUIET, SILENT, BUSY)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: the seed says the rest."""

    seed: int
    weeks: int = 4
    workflows: int = 3
    replicas: int = 3
    is_fair: bool = False  # nothing goes wrong
    season: Season | None = None  # else the seed says it
    dies_at: str = ""  # a point at which processes die often
    breakdowns: int = 0  # so often a week one of these is away as a whole
    breaks: tuple[str, ...] = tuple(BREAKDOWNS)
    jumps: int = 0  # a week: of the clock of one machine, or of all
    rushes: int = 0  # how often on a day all pipelines and people come at one moment

    @property
    def workflow_weeks(self) -> int:
        return self.weeks * self.workflows
