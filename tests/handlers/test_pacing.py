"""Slack is never sent more than it takes, and nobody waits for a channel that is not theirs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from handlers.pacing import BURST, CHANNELS_AT_ONCE, Pacer

MINUTE = 60


@dataclass
class Elapsed:
    seconds: float = 1_000.0

    def elapsed(self) -> float:
        return self.seconds


@dataclass
class Sending:
    """Sends so many messages to each channel, as soon as the pacer lets it, and notes when."""

    clock: Elapsed = field(default_factory=Elapsed)
    sent: list[tuple[float, str]] = field(default_factory=list)

    def all_of(self, waiting: Sequence[str], pacer: Pacer) -> None:
        left = list(waiting)
        while left:
            resting = pacer.resting()
            free = next((each for each in left if each not in resting), None)
            if free is None or pacer.wait() > 0:
                self.clock.seconds += pacer.until_free(1.0)
                continue
            pacer.book(free)
            left.remove(free)
            self.sent.append((self.clock.seconds, free))


@pytest.fixture
def sending() -> Sending:
    return Sending()


@pytest.fixture
def pacer(sending: Sending) -> Pacer:
    return Pacer(sending.clock, 1.0)


def test_a_channel_has_a_message_a_second_and_others_do_not_wait_for_it(
    sending: Sending, pacer: Pacer
) -> None:
    sending.all_of(["C1"] * 4 + ["C2"] * 4, pacer)

    times = {each: [at - 1_000 for at, to in sending.sent if to == each] for each in ("C1", "C2")}
    assert times["C1"] == pytest.approx([0, 1, 2, 3])
    assert times["C2"] == pytest.approx([0, 1, 2, 3])


def test_a_workspace_has_no_more_in_any_minute_than_its_share_and_one_burst(
    sending: Sending, pacer: Pacer
) -> None:
    sending.all_of([f"U{number}" for number in range(1_000)], pacer)

    times = [at for at, _ in sending.sent]
    most = max(sum(begin <= at < begin + MINUTE for at in times) for begin in times)
    assert most <= CHANNELS_AT_ONCE * MINUTE + BURST
    whole = times[-1] - times[0]
    assert whole == pytest.approx((1_000 - BURST) / CHANNELS_AT_ONCE, rel=0.05)


def test_what_is_refused_in_one_channel_holds_up_no_other(pacer: Pacer) -> None:
    pacer.refused("C1", 30)
    pacer.refused("C1", 30)

    assert pacer.resting() == {"C1"}
    assert pacer.wait() == 0


def test_refused_in_two_channels_nothing_is_sent_for_as_long_as_slack_says(
    sending: Sending, pacer: Pacer
) -> None:
    pacer.refused("C1", 30)
    pacer.refused("C2", 20)
    assert pacer.wait() == pytest.approx(20)
    sending.clock.seconds += 20
    assert pacer.wait() == 0


def test_what_slack_takes_in_between_shows_that_it_was_the_channels(pacer: Pacer) -> None:
    pacer.refused("C1", 30)
    pacer.taken()
    pacer.refused("C2", 20)

    assert pacer.wait() == 0
