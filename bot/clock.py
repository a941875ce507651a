"""The clocks: the only place where the system's time is asked for."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Final, Protocol

_EVER: Final = datetime.min.replace(tzinfo=UTC)


class Elapsed(Protocol):
    """A clock that only goes on, in seconds from no moment in particular."""

    def elapsed(self) -> float: ...


class Clock(Elapsed, Protocol):
    """What the product asks of a clock.

    A record goes by one `kind` alone, which its first entry names. `now` is aware UTC and is what
    deadlines, rounds and entries go by; it is never below what it was told to `keep`. `elapsed` is
    monotonic, in seconds, and is what leases within the process, time-outs and pacing go by.
    """

    @property
    def kind(self) -> str: ...

    def now(self) -> datetime: ...

    def keep(self, moment: datetime) -> None: ...


@dataclass
class SystemClock:
    """The machine's clock. Set back, it stands still until it has caught up with the record."""

    _least: datetime = _EVER
    _lock: Lock = field(default_factory=Lock)

    @property
    def kind(self) -> str:
        return "system"

    def now(self) -> datetime:
        return max(datetime.now(UTC), self._least)

    def keep(self, moment: datetime) -> None:
        with self._lock:
            self._least = max(self._least, moment)

    def elapsed(self) -> float:
        return time.monotonic()


@dataclass
class MovedClock:
    """A clock whose time is told to it. It stands still in between and never goes back."""

    _now: datetime
    _lock: Lock = field(default_factory=Lock)

    @property
    def kind(self) -> str:
        return "sandbox"

    def now(self) -> datetime:
        return self._now

    def elapsed(self) -> float:
        return time.monotonic()

    def keep(self, moment: datetime) -> None:
        self.move(moment)

    def move(self, to: datetime) -> None:
        with self._lock:
            self._now = max(self._now, to)
