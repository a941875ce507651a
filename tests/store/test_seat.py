"""The writer's seat: one at a time, in order, people first but not for ever."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from bot.clock import SystemClock
from bot.domain.refusals import Busy
from store.seat import IN_A_ROW, Seat

PATIENCE = 5.0
elapsed = SystemClock().elapsed


@dataclass
class Elapsed:
    seconds: float = 0

    def elapsed(self) -> float:
        return self.seconds


class Queue:
    """People and pipelines that ask for a seat which is taken, in the order they are started."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.seat = Seat(patience, elapsed)
        self.served: list[str] = []
        self._threads: list[threading.Thread] = []

    def asks(self, name: str, *, by_person: bool) -> None:
        waiting = self._waiting()
        thread = threading.Thread(target=self._sit, args=(name,), kwargs={"by_person": by_person})
        thread.start()
        self._threads.append(thread)
        while self._waiting() == waiting:
            pass  # until it stands in line, so that the order is the order asked

    @contextmanager
    def taken(self) -> Iterator[None]:
        with self.seat.taken(by_person=False):
            yield
        for thread in self._threads:
            thread.join(PATIENCE)

    def _sit(self, name: str, *, by_person: bool) -> None:
        with self.seat.taken(by_person=by_person):
            self.served.append(name)

    def _waiting(self) -> int:
        return len(self.seat._people) + len(self.seat._others)  # noqa: SLF001 -- no other way to see


def test_those_who_wait_are_served_in_the_order_they_came() -> None:
    queue = Queue()
    with queue.taken():
        for name in "abcdef":
            queue.asks(name, by_person=True)

    assert queue.served == list("abcdef")


def test_people_are_served_before_pipelines() -> None:
    queue = Queue()
    with queue.taken():
        queue.asks("pipeline 1", by_person=False)
        queue.asks("person 1", by_person=True)
        queue.asks("pipeline 2", by_person=False)
        queue.asks("person 2", by_person=True)

    assert queue.served == ["person 1", "person 2", "pipeline 1", "pipeline 2"]


def test_i3_however_many_people_come_deadlines_and_pipelines_have_their_turn() -> None:
    queue = Queue()
    with queue.taken():
        for name in ("tick 1", "tick 2"):
            queue.asks(name, by_person=False)
        for number in range(2 * IN_A_ROW + 2):
            queue.asks(f"{number}", by_person=True)

    people = [f"{number}" for number in range(2 * IN_A_ROW + 2)]
    first, then, last = people[:IN_A_ROW], people[IN_A_ROW : 2 * IN_A_ROW], people[2 * IN_A_ROW :]
    assert queue.served == [*first, "tick 1", *then, "tick 2", *last]


def test_one_sits_at_a_time() -> None:
    seat, sitting, most = Seat(PATIENCE, elapsed), [0], [0]

    def sit() -> None:
        for _ in range(200):
            with seat.taken(by_person=True):
                sitting[0] += 1
                most[0] = max(most[0], sitting[0])
                sitting[0] -= 1

    threads = [threading.Thread(target=sit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]
    with seat.taken(by_person=False):
        pass


def test_whoever_waited_in_vain_is_told_and_leaves_the_line() -> None:
    seat = Seat(0.02, elapsed)
    for by_person in (True, False):
        with (
            seat.taken(by_person=False),
            pytest.raises(Busy, match="nothing of yours"),
            seat.taken(by_person=by_person),
        ):
            pytest.fail("the seat was given twice")

    with seat.taken(by_person=True):
        pass


def test_who_has_waited_for_the_seat_has_so_much_less_patience_left() -> None:
    clock = Elapsed()
    seat, left = Seat(PATIENCE, clock.elapsed), []

    def sit() -> None:
        with seat.taken(by_person=True) as patience:
            left.append(patience)

    sit()
    waiting = threading.Thread(target=sit)
    with seat.taken(by_person=False):
        waiting.start()
        while not seat._people:  # noqa: SLF001 -- no other way to see
            pass
        clock.seconds += PATIENCE - 1
    waiting.join(PATIENCE)

    assert left == [PATIENCE, 1.0]


def test_the_seat_is_free_again_after_a_fault() -> None:
    seat = Seat(0.02, elapsed)
    with pytest.raises(ZeroDivisionError), seat.taken(by_person=True):
        raise ZeroDivisionError

    with seat.taken(by_person=True):
        pass
