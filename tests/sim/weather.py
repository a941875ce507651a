"""What goes wrong, by seed: which faults there are at all, how often, and until when."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.sim.baton import Baton

# By the point at which they befall: what there is, and how often in a rough season.
FAULTS: Final[dict[str, dict[str, float]]] = {
    "statement": {
        "locked": 0.0004,
        "serialization failure": 0.0004,
        "connection lost": 0.0004,
    },
    "seat": {"locked": 0.004, "connection lost": 0.004},
    "before commit": {"connection lost": 0.006},
    "after commit": {"connection lost": 0.006},
    "call": {
        "429": 0.03,
        "500": 0.02,
        "503": 0.02,
        "504": 0.02,
        "fatal_error": 0.02,
        "internal_error": 0.02,
        "timeout before": 0.02,
        "timeout after": 0.03,
        "reset before": 0.02,
        "reset after": 0.03,
        "ratelimited": 0.02,
        "invalid_auth": 0.01,
        "channel_not_found": 0.01,
        "is_archived": 0.01,
        "not_in_channel": 0.01,
    },
    "delivery": {
        "duplicated": 0.08,
        "late": 0.08,
        "reordered": 0.08,
        "replayed": 0.05,
        "answer lost": 0.05,
    },
    "event": {"duplicated": 0.2, "late": 0.2, "lost": 0.1},
    "clock": {"ahead": 0.5, "behind": 0.5},
}
# Where a process may die, and how often it does.
CRASHES: Final = {
    "statement": 0.00015,
    **dict.fromkeys(("seat", "before commit", "after commit"), 0.001),
    **dict.fromkeys(("before call", "accepted", "after call", "before ack", "after ack"), 0.003),
}
OFTEN_THERE: Final = 0.25  # where a plan wants it often
OF_THE_DATABASE: Final = ("statement", "seat", "before commit", "after commit")
OFTEN: Final = 0.6  # how many of the kinds of faults a seed has


@dataclass(eq=False)
class Weather:
    """Asked at each point whether something goes wrong there; what it says is counted."""

    chance: Random
    baton: Baton
    crash: Callable[[str], None]
    calm_from: float
    note: Callable[[str], object]
    is_fair: bool = False
    dies_at: str = ""
    has_begun: bool = False
    befallen: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    _away: dict[str, float] = field(default_factory=dict)
    _rates: dict[str, dict[str, float]] = field(default_factory=dict)
    _deadly: float = 0.0

    def __post_init__(self) -> None:
        for point, faults in FAULTS.items():
            self._rates[point] = {
                name: rate for name, rate in faults.items() if self.chance.random() < OFTEN
            }
        self._deadly = self.chance.choice([0, 1, 1, 3])

    def at(self, point: str, about: str = "") -> str:
        """Give what goes wrong here, empty if nothing does. If the process dies, nobody is told."""
        del about
        self.points[point] += 1
        is_set_up = self.has_begun or point == "clock"  # a clock is wrong from the first
        if not is_set_up or self.is_fair or self.baton.now >= self.calm_from:
            return ""
        actor = self.baton.current
        if actor and actor.is_unwinding:
            return ""
        if actor and actor.process and self.chance.random() < self._deadliness(point):
            self.befallen[f"crash at {point}"] += 1
            self.crash(actor.process)
        if self.is_away("database") and point in OF_THE_DATABASE:
            return "connection lost"
        if self.is_away("Slack") and point == "call":
            return self.chance.choice(["503", "timeout before"])
        drawn = self.chance.random()
        for name, rate in self._rates.get(point, {}).items():
            if drawn < rate:
                self.befallen[f"{point}: {name}"] += 1
                if point in OF_THE_DATABASE:
                    self.note(name)
                return name
            drawn -= rate
        return ""

    def break_down(self, what: str, seconds: float) -> None:
        """Have the whole database, or all of Slack, be away for so long."""
        self.befallen[f"{what} away"] += 1
        self._away[what] = self.baton.now + seconds
        self.baton.sleep(seconds)
        if what == "database":  # nothing that is due waits for Slack
            self.note("the database is back")

    def is_away(self, what: str) -> bool:
        return self.baton.now < self._away.get(what, 0)

    def _deadliness(self, point: str) -> float:
        if point == self.dies_at:
            return OFTEN_THERE
        return CRASHES.get(point, 0.0) * self._deadly
