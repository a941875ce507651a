"""The record, taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.record import Entry


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What one commitment stands for."""

    seq: int
    field: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class PopulationLine:
    """The frozen population of one drawn round, as (output id, category), by id.

    The band of confidence comes third if it is drawn by that.
    """

    workflow: str
    round: int
    outputs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record, or a part of it: entries with their exact bytes, and what proves them.

    `leaves` are the hashes of all `size` entries, the wanted ones or not; `note` is the signed
    checkpoint over them. Openings and populations can be read once.
    """

    origin: str
    size: int
    is_filtered: bool
    entries: tuple[tuple[Entry, bytes], ...]
    leaves: tuple[bytes, ...]
    openings: Iterator[OpeningLine]
    populations: Iterator[PopulationLine]
    note: str
