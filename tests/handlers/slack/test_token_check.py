"""A token that is no good is noticed within a minute, and so is that it is good again."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from worlds import World

from handlers import ticker
from handlers.entrance import Entrance
from handlers.slack.client import HeardClient
from handlers.slack.token_check import EVERY, TokenCheck
from handlers.ticker import Ticker
from tests.handlers.slack.small_slack import SmallSlack, a_small_slack


@dataclass
class Elapsed:
    seconds: float = 0.0

    def elapsed(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def slack() -> Iterator[SmallSlack]:
    with a_small_slack() as small:
        yield small


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_a_token_that_is_revoked_is_noticed_though_nothing_is_to_be_sent(
    slack: SmallSlack, logged: list[Any]
) -> None:
    clock = Elapsed()
    entrance = Entrance(clock)
    client = HeardClient(token="xoxb-sandbox", base_url=slack.address, retry_handlers=[])
    client.heard = entrance.hear
    check = TokenCheck(client, clock)

    slack.says(ok=False, error="token_revoked")
    check.look()
    assert entrance.is_open, "a start has asked just now"
    for _ in range(3):
        clock.seconds += EVERY
        check.look()
        check.look()
    assert (entrance.is_open, entrance.why_not) == (False, "token_revoked")
    assert [each["event"] for each in logged] == ["slack does not let us in"], "said once"
    assert logged[0]["run"] == "answerable doctor"

    slack.says(ok=True)
    check.look()
    assert not entrance.is_open, "asked once a minute"
    clock.seconds += EVERY
    check.look()
    assert (entrance.is_open, entrance.why_not) == (True, "")


def test_slacks_own_trouble_says_nothing_of_the_token(slack: SmallSlack, logged: list[Any]) -> None:
    clock = Elapsed()
    entrance = Entrance(clock)
    client = HeardClient(token="xoxb-sandbox", base_url=slack.address, retry_handlers=[])
    client.heard = entrance.hear
    check = TokenCheck(client, clock)

    slack.says(ok=False, error="internal_error")
    clock.seconds += EVERY
    check.look()
    client.base_url = "http://127.0.0.1:9/api/"
    clock.seconds += EVERY
    check.look()
    assert entrance.is_open
    assert [each["error"] for each in logged] == ["internal_error", "NoAnswer"]


def test_each_process_asks_for_itself_whether_it_leads_or_not(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "INTERVAL", 0.01)
    asked, called = threading.Event(), threading.Event()
    follower = Ticker(live.deps, Elapsed(), lambda: False, called.set, called.set, asked.set)
    follower.start()
    assert asked.wait(5)
    follower.stop()
    assert not called.is_set()
