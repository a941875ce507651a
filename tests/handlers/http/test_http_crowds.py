"""Too many at once, and too many who are nobody: neither stops the bot nor fills its disk."""

import asyncio
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from handlers.http import problems, server, slack
from tests.handlers.http.http_bench import Client, HandClock


class NobodySigned:
    """Slack's side as a stranger finds it."""

    def is_genuine(self, _body: bytes, _headers: Mapping[str, str]) -> bool:
        return False

    def answer(self, _body: bytes, _headers: Mapping[str, str]) -> slack.Answer:
        raise AssertionError("nothing unsigned is carried out")


@pytest.fixture
def stranger() -> Iterator[tuple[Client, HandClock]]:
    clock, app = HandClock(), FastAPI()
    problems.register(app)
    with ThreadPoolExecutor(1) as executor, asyncio.Runner() as runner:
        slack.register(app, NobodySigned(), executor, clock)
        yield Client(app, runner), clock


def test_what_slack_did_not_sign_is_a_line_a_second_with_how_many(
    stranger: tuple[Client, HandClock],
) -> None:
    client, clock = stranger
    with capture_logs() as logged:
        for second in range(3):
            clock.seconds += second
            for _ in range(50):
                assert client.post(slack.PATH, content=b"x").status_code == 401
    assert [line["count"] for line in logged] == [1, 50, 50]
    assert {line["event"] for line in logged} == {"request not signed by Slack"}


def test_who_comes_beyond_the_crowd_is_told_503_and_let_in_when_others_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MOST_AT_ONCE", 3)
    app = FastAPI()
    app.get("/")(lambda: "in")
    running = server.Server(app, ("127.0.0.1", 0))
    address = running.door.getsockname()
    running.start()
    try:
        wait_for(address, 200)
        with ExitStack() as crowd:
            for _ in range(3):
                crowd.enter_context(socket.create_connection(address))
            wait_for(address, 503)
        wait_for(address, 200)
    finally:
        running.stop(5)


def wait_for(address: tuple[str, int], status: int) -> None:
    """Ask again until the answer is this: who comes and leaves is counted a moment later."""
    for _ in range(500):
        with suppress(httpx.ConnectError):
            if answer(address).status_code == status:
                return
        time.sleep(0.01)
    pytest.fail(f"nobody is answered {status}")


def answer(address: tuple[str, int]) -> httpx.Response:
    return httpx.get(f"http://{address[0]}:{address[1]}/", timeout=5)
