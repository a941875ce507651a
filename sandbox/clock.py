"""The workspace's time, which people move, and the machine's, which nobody does."""

import asyncio
import math
import time
from datetime import UTC, datetime

from sandbox.wire import Json

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
# Far enough for any story, and near enough that what an app adds to it is still a date.
LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())


def elapsed() -> float:
    """Seconds on a clock that only counts: trigger life, ack time, pacing."""
    return time.perf_counter()


def real_seconds() -> int:
    """Return the machine's own time, which request signatures carry and nothing else does."""
    return int(time.time())  # noqa: TID251 (the sandbox imports nothing of the bot's clock)


class Bell:
    """Wakes everybody who waits for the next change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within this time."""
        try:
            await asyncio.wait_for(self._next.wait(), max(seconds, 0))
        except TimeoutError:
            return False
        return True


class Clock:
    """Stands still between moves and never goes back; each move is one version.

    `heard` is the newest version that an app has shown to know, by asking for a later one.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = int(start.timestamp())
        self.version = 1
        self.heard = 0
        self._moved = Bell()

    @property
    def now(self) -> int:
        return self._now

    def reading(self) -> Json:
        return {
            "now": self._now,
            "iso": iso(self._now),
            "version": self.version,
            "heard": self.heard,
        }

    def move_to(self, moment: float) -> None:
        """Set the time; refuses to go back, or too far. Staying where it is is a move too."""
        if not moment <= LAST:  # what is no number at all is none of those before either
            raise ValueError(f"The clock goes no further than {iso(LAST)}.")
        if math.ceil(moment) < self._now:
            raise ValueError(f"The clock reads {iso(self._now)} and only moves forward.")
        self._now = math.ceil(moment)
        self.version += 1
        self._moved.ring()

    def wake(self) -> None:
        """Answer everybody who waits for a move, though there was none."""
        self._moved.ring()

    async def wait_beyond(self, version: int, seconds: float) -> None:
        """Return as soon as the clock has moved past this version, or when the time is up."""
        self.heard = max(self.heard, version)
        if self.version <= version:
            await self._moved.wait(seconds)


def iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """Return the moment an ISO text names; without a zone it is UTC. Else raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no time: write it like {iso(int(START.timestamp()))}."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
