"""The writer's seat in this process: one at a time, in order, people mostly first."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.domain.refusals import Busy
from bot.patience import left_of

IN_A_ROW: Final = 4  # people, while deadlines, messages and pipelines wait


class Seat:
    """A fair lock with two queues. SQLite's own busy wait is a lottery; this one is a queue.

    Where people come without end, every fifth turn is somebody else's: no deadline waits for them.
    `elapsed` is the clock that the patience goes by, both in seconds.
    """

    def __init__(self, patience: float, elapsed: Callable[[], float]) -> None:
        self._guard = threading.Lock()
        self._people: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()
        self._is_taken = False
        self._in_a_row = 0
        self._patience = patience
        self._elapsed = elapsed

    @contextmanager
    def taken(self, *, by_person: bool) -> Iterator[float]:
        """Hold the seat, or raise Busy if it does not come free within the patience.

        What whoever acts has waited for before counts against it. Gives how much of it is left for
        what else there is to wait for.
        """
        left = self._take(self._people if by_person else self._others)
        try:
            yield left
        finally:
            self._pass_on()

    def _take(self, queue: deque[threading.Event]) -> float:
        turn, patience = threading.Event(), left_of(self._patience)
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return patience
            queue.append(turn)
        came = self._elapsed()
        if not turn.wait(patience) and not self._was_passed(turn, queue):
            raise Busy("other changes are being recorded; nothing of yours was")
        return max(0.0, patience - (self._elapsed() - came))

    def _was_passed(self, turn: threading.Event, queue: deque[threading.Event]) -> bool:
        with self._guard:
            if turn.is_set():
                return True
            queue.remove(turn)
            return False

    def _pass_on(self) -> None:
        with self._guard:
            queue = self._next()
            if queue:
                queue.popleft().set()
            else:
                self._is_taken = False

    def _next(self) -> deque[threading.Event]:
        if self._others and (not self._people or self._in_a_row == IN_A_ROW):
            self._in_a_row = 0
            return self._others
        self._in_a_row = self._in_a_row + 1 if self._others else 0
        return self._people
