"""How long whoever acts can still be kept waiting, whatever it is that they wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from bot.clock import Clock

_BEGUN: Final[ContextVar[tuple[Clock, float] | None]] = ContextVar("begun", default=None)


@contextmanager
def kept_waiting(clock: Clock, since: float) -> Iterator[None]:
    """Have somebody wait for an answer of this thread, since then and until the block ends."""
    token = _BEGUN.set((clock, since))
    try:
        yield
    finally:
        _BEGUN.reset(token)


def is_waited_for() -> bool:
    """Tell whether somebody waits for an answer of this thread."""
    return _BEGUN.get() is not None


def left_of(most: float) -> float:
    """Give what is left of so many seconds since somebody began to wait; all if nobody does."""
    begun = _BEGUN.get()
    if begun is None:
        return most
    clock, since = begun
    return max(0.0, most - (clock.elapsed() - since))
