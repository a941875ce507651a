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
RUNG: Final = (OWNER, BACKUP, STEWARD)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated: the seed says the rest."""

    seed: int
    weeks: int = 4
    workflows: int = 3
    replicas: int = 3
    is_fair: bool = False  # nothing goes wrong

    @property
    def workflow_weeks(self) -> int:
        return self.weeks * self.workflows
