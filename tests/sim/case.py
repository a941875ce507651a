"""What there is to judge by, and how it is looked at. It shares nothing with the product."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from re import compile as pattern
from typing import Any, Final

from tests.sim.evidence import Evidence, Json, read, seconds

ON_TIME: Final = 60.0  # seconds within which a thing that is due is done, where nothing is wrong
SETTLED: Final = 20 * 60.0  # by then, after the last fault, nothing is left over
SKEW: Final = 6.0  # how far apart the clocks of two machines are at most, with some to spare
RECEIPT: Final = pattern(r"record #(\d+) · root ([0-9a-f]+)…")


@dataclass(frozen=True)
class Case:
    """What there is to judge by: what was seen at the edges, the export, and when it ended."""

    events: list[Json]
    export: bytes
    ended_at: float

    @cached_property
    def evidence(self) -> Evidence:
        return read(self.export)

    @cached_property
    def jumped(self) -> float:
        """Give by how many seconds a clock was wrong at most: so much less is told from times."""
        return max((abs(each["by"]) for each in self.seen("clock")), default=0.0)

    @property
    def skew(self) -> float:
        return SKEW + self.jumped

    def seen(self, *what: str) -> list[Json]:
        return [each for each in self.events if each["what"] in what]


def by_obligation(case: Case, *kinds: str) -> dict[str, list[Json]]:
    found = defaultdict(list)
    for entry in case.evidence.of(*kinds):
        found[entry["facts"]["obligation"]].append(entry)
    return found


def is_troubled(case: Case, due: float, done: float) -> bool:
    """Tell whether what is late was done as soon as the machinery was well again."""
    if done - due <= case.jumped:  # nobody waited so long: a clock went there at once
        return True
    since = max(due, done - ON_TIME) - 15  # another process takes the lead within that time
    until = done + SKEW
    return any(since <= each["at"] <= until for each in case.seen("crashed", "trouble", "started"))


def gate_at(changes: list[Json], key: str, seq: int | None = None, at: float = 0) -> str:
    state = "not_ready"
    for each in changes:
        is_before = each["seq"] <= seq if seq is not None else seconds(each["ts"]) <= at
        if each["facts"]["workflow"] == key and is_before:
            state = each["facts"]["to"]
    return state


def flat(said: Any) -> str:  # noqa: ANN401 -- JSON
    match said:
        case str():
            return said
        case dict():
            return " ".join(flat(each) for each in said.values())
        case list():
            return " ".join(flat(each) for each in said)
    return ""
