"""Whoever acts hears an answer within Slack's three seconds, whatever they have to wait for."""

import threading
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, event
from worlds import KEY, OWNER, World

from bot.clock import SystemClock
from bot.domain.refusals import Busy
from bot.patience import kept_waiting, left_of
from handlers.slack.client import HeardClient
from handlers.slack.clock import LONG_POLL
from handlers.slack.parts import LAST_CALL, LEAST_CALL
from handlers.slack.poster import TIMEOUT
from store.engine import PATIENCE
from store.seat import Seat
from tests.engines import databases_of_both as databases
from tests.handlers.slack.test_presses import Bench, Windows

__all__ = ["databases"]


@dataclass
class Elapsed(SystemClock):
    seconds: float = 0

    def elapsed(self) -> float:
        return self.seconds


class Slow(Windows):
    """Slack that takes its time to say who somebody is."""

    def __init__(self, clock: Elapsed, seconds: float) -> None:
        super().__init__()
        self.clock, self.seconds = clock, seconds

    def users_info(self, *, user: str, **facts: object) -> Any:  # noqa: ANN401 -- Slack's own
        self.clock.seconds += self.seconds
        return super().users_info(user=user, **facts)


@pytest.mark.parametrize(("seconds", "left"), [(0, PATIENCE), (1.5, PATIENCE - 1.5), (9, 0)])
def test_what_slack_takes_to_say_who_it_is_counts_against_the_wait_for_the_seat(
    live: World, seconds: float, left: float
) -> None:
    clock, waits = Elapsed(), []

    def note(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("seat"):
            waits.append(options["patience"])

    event.listen(live.deps.store.engine, "begin", note)
    bench = Bench(live, windows=Slow(clock, seconds), clock=clock)
    assert "Paused" in bench.hands_in(OWNER, "pause", KEY, reason="drift")
    assert waits == [pytest.approx(left)]


def test_a_seat_that_is_taken_is_not_waited_for_when_all_patience_is_used_up() -> None:
    clock = Elapsed()
    seat = Seat(PATIENCE, clock.elapsed)
    with seat.taken(by_person=False), kept_waiting(clock, since=0):
        clock.seconds = PATIENCE
        with pytest.raises(Busy), seat.taken(by_person=True):
            pass


@pytest.mark.parametrize(("waited", "left"), [(0, 1.5), (1.2, 1.3), (2.45, LEAST_CALL), (9, 0.1)])
def test_a_call_to_slack_takes_no_longer_than_whoever_acts_can_wait(
    waited: float, left: float
) -> None:
    clock = Elapsed()
    client = HeardClient(timeout=1.5)  # type: ignore[arg-type] # as the app gives it
    with kept_waiting(clock, since=0):
        clock.seconds = waited
        assert client.timeout == pytest.approx(left)
    assert client.timeout == 1.5, "nobody waits for what is asked at other times"


def test_one_who_waits_is_no_other_threads() -> None:
    clock, found = Elapsed(), []
    with kept_waiting(clock, since=0):
        clock.seconds = 1
        other = threading.Thread(target=lambda: found.append(left_of(2)))
        other.start()
        other.join()
        assert left_of(2) == 1
    assert (found, left_of(2)) == ([2], 2)


@pytest.mark.parametrize("seconds", [TIMEOUT, LONG_POLL])
def test_a_call_that_nobody_waits_for_has_all_of_its_time(seconds: float) -> None:
    client = HeardClient(timeout=seconds)  # type: ignore[arg-type] # as the SDK hands it on
    assert client.timeout == seconds > LAST_CALL
    with kept_waiting(Elapsed(), 0):
        assert client.timeout == LAST_CALL
    assert client.timeout == seconds
