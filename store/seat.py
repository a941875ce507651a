"""The writer's seat in this process: one at a time, in order, people before pipelines."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.refusals import Busy


class Seat:
    """A fair lock with two queues. SQLite's own busy wait is a lottery; this one is a queue."""

    def __init__(self, patience: float) -> None:
        self._guard = threading.Lock()
        self._people: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()
        self._is_taken = False
        self._patience = patience

    @contextmanager
    def taken(self, *, by_person: bool) -> Iterator[None]:
        """Hold the seat, or raise Busy if it does not come free within the patience in seconds."""
        self._take(self._people if by_person else self._others)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, queue: deque[threading.Event]) -> None:
        turn = threading.Event()
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            queue.append(turn)
        if not turn.wait(self._patience) and not self._was_passed(turn, queue):
            raise Busy("other changes are being recorded; nothing of yours was")

    def _was_passed(self, turn: threading.Event, queue: deque[threading.Event]) -> bool:
        with self._guard:
            if turn.is_set():
                return True
            queue.remove(turn)
            return False

    def _pass_on(self) -> None:
        with self._guard:
            queue = self._people or self._others
            if queue:
                queue.popleft().set()
            else:
                self._is_taken = False
