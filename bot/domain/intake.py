"""What became of what a pipeline sent in one request, and how its times are read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

AHEAD: Final = timedelta(minutes=5)  # by which a producer's clock may be fast


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that was not taken: its place in what was sent, and why."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Intake:
    """How many items were taken, how many known already, and which were not taken."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]


def instant_of(written: object) -> datetime:
    """Read a time as a producer writes it. Raises ValueError, which says what it has to be."""
    try:
        instant = datetime.fromisoformat(written if isinstance(written, str) else "")
        if instant.tzinfo:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be an ISO 8601 time with a zone, such as 2026-11-21T09:30:00Z")


def ahead_fault(field: str, at: datetime, now: datetime) -> str:
    """Give a sentence if a producer's time lies further ahead of ours than clocks differ."""
    if at <= now + AHEAD:
        return ""
    minutes = AHEAD // timedelta(minutes=1)
    return (
        f"{field} lies more than {minutes} minutes in the future: the bot's own time is "
        f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    )
