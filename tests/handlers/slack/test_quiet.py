"""Who is not to be disturbed: asked rarely, and no hindrance where nobody says so."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk import WebClient

from handlers.slack.quiet import FRESH, QuietTimes

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEVER = {"ok": True, "dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


@dataclass
class Hands:
    """A clock of which both hands are moved by hand."""

    at: datetime = NOON
    seconds: float = 0

    @property
    def kind(self) -> str:
        return "system"

    def now(self) -> datetime:
        return self.at

    def keep(self, moment: datetime) -> None:
        self.at = max(self.at, moment)

    def elapsed(self) -> float:
        return self.seconds


@dataclass
class Slack:
    """Answers `dnd.info` at an address on this machine, as slowly as it is told to."""

    says: dict[str, Any] = field(default_factory=lambda: dict(NEVER))
    delay: float = 0
    asked: list[str] = field(default_factory=list)

    def answer(self, sent: bytes) -> bytes:
        [user] = parse_qs(sent.decode())["user"]
        self.asked.append(user)
        sleep(self.delay)
        return json.dumps(self.says).encode()


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def quiet(slack: Slack, clock: Hands) -> Iterator[QuietTimes]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = slack.answer(self.rfile.read(int(self.headers["Content-Length"])))
            with suppress(OSError):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/api/"
    yield QuietTimes(WebClient("xoxb-x", address, timeout=1, retry_handlers=[]), clock)
    server.shutdown()
    server.server_close()


def after(seconds: float) -> int:
    return int(NOON.timestamp() + seconds)


def test_quiet_hours_hold_from_their_beginning_to_their_end(
    quiet: QuietTimes, slack: Slack, clock: Hands
) -> None:
    slack.says |= {
        "dnd_enabled": True,
        "next_dnd_start_ts": after(60),
        "next_dnd_end_ts": after(120),
    }
    held = []
    for second in (0, 60, 119, 120):
        clock.at = NOON + timedelta(seconds=second)
        held.append((quiet.holds("U1"), quiet.people()))
    nobody, one = frozenset[str](), frozenset({"U1"})
    assert held == [(False, nobody), (True, one), (True, one), (False, nobody)]
    assert slack.asked == ["U1"]


def test_a_snooze_holds_until_it_ends_and_one_without_an_end_does_not(
    quiet: QuietTimes, slack: Slack, clock: Hands
) -> None:
    slack.says |= {"snooze_enabled": True, "snooze_endtime": after(60)}
    assert quiet.holds("U1")
    clock.at += timedelta(seconds=60)
    assert not quiet.holds("U1")
    slack.says["snooze_endtime"] = "for ever"
    assert not quiet.holds("U2")


@pytest.mark.parametrize("hand", ["seconds", "at"])
def test_each_is_asked_about_again_after_some_minutes(
    quiet: QuietTimes, slack: Slack, clock: Hands, hand: str
) -> None:
    assert not quiet.holds("U1")
    slack.says |= {"snooze_enabled": True, "snooze_endtime": after(3600)}
    assert not quiet.holds("U1")
    if hand == "at":
        clock.at += timedelta(seconds=FRESH)
    else:
        clock.seconds += FRESH
    assert quiet.holds("U1")
    clock.seconds += FRESH
    assert quiet.people() == frozenset(), "whoever was heard of too long ago is asked about anew"
    assert slack.asked == ["U1", "U1"]


@pytest.mark.parametrize("error", ["missing_scope", "user_not_found", "invalid_auth"])
def test_whom_slack_does_not_tell_of_nothing_waits(
    quiet: QuietTimes, slack: Slack, error: str
) -> None:
    slack.says = {"ok": False, "error": error}
    assert not quiet.holds("U1")
    assert not quiet.holds("U1")
    assert slack.asked == ["U1"]
    assert quiet.people() == frozenset()


def test_after_an_answer_that_did_not_come_nobody_is_asked_about_for_a_while(
    quiet: QuietTimes, slack: Slack, clock: Hands
) -> None:
    slack.delay = 1.2
    assert not quiet.holds("U1")
    slack.delay = 0
    slack.says |= {"snooze_enabled": True, "snooze_endtime": after(3600)}
    assert not quiet.holds("U2")
    assert slack.asked == ["U1"]
    clock.seconds += FRESH
    assert quiet.holds("U2")
