"""The clocks: what they were told to keep, they never go below."""

from datetime import UTC, datetime, timedelta

from bot.clock import MovedClock, SystemClock

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_the_systems_clock_stands_still_until_it_has_caught_up() -> None:
    clock = SystemClock()
    ahead = clock.now() + timedelta(hours=1)
    clock.keep(ahead)
    assert clock.now() == ahead
    clock.keep(MONDAY)
    assert clock.now() == ahead


def test_a_moved_clock_never_goes_back() -> None:
    clock = MovedClock(MONDAY)
    clock.move(MONDAY - timedelta(hours=1))
    assert clock.now() == MONDAY
    clock.keep(MONDAY + timedelta(hours=1))
    assert clock.now() == MONDAY + timedelta(hours=1)
