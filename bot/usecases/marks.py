"""Read-only: the mark of an entry, for the cards that rest on it."""

from bot.domain.marks import mark_of
from bot.usecases import Deps


def mark_at(deps: Deps, seq: int) -> str:
    """Give the mark of the entry with this number; it must exist."""
    with deps.store.read(deps.workspace) as reading:
        return mark_of(seq, reading.log.entry(seq).id)


def newest_mark(deps: Deps) -> str:
    """Give the mark of the newest entry, for what shows how everything stands now."""
    with deps.store.read(deps.workspace) as reading:
        seq = reading.log.last_checkpoint().size - 1
        return mark_of(seq, reading.log.entry(seq).id)
