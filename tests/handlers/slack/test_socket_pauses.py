"""How long the socket waits before it tries again."""

import pytest

from handlers.slack.socket import LONGEST_PAUSE, pause


@pytest.mark.parametrize(
    ("attempts", "longest"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (50, 60)]
)
def test_pauses_double_up_to_a_minute_and_jitter_takes_at_most_a_quarter(
    attempts: int, longest: float
) -> None:
    drawn = {pause(attempts, f"bot {number}") for number in range(200)}
    assert all(longest * 0.75 <= each <= longest for each in drawn)
    assert len(drawn) > 190, "bots do not knock together"
    assert longest <= LONGEST_PAUSE


def test_the_same_attempt_of_the_same_bot_waits_equally_long() -> None:
    assert pause(4, "bot") == pause(4, "bot")
