"""What became of what a pipeline sent in one request."""

from dataclasses import dataclass


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
