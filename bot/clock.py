"""The clocks: the only place where the system's time is asked for."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """What the product asks of a clock.

    `now` is aware UTC and is what deadlines, rounds and entries go by. `elapsed` is monotonic, in
    seconds, and is what leases within the process, time-outs and pacing go by.
    """

    def now(self) -> datetime: ...

    def elapsed(self) -> float: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return time.monotonic()


@dataclass
class MovedClock:
    """A clock whose time is told to it. It stands still in between and never goes back."""

    _now: datetime
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> float:
        return time.monotonic()

    def move(self, to: datetime) -> None:
        with self._lock:
            self._now = max(self._now, to)
