"""Where a change stands in the record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """The number of the entry that holds a change, and the root in hex of a tree that covers it."""

    number: int
    root: str
