"""One connection of Socket Mode carries whatever is said over it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue
from threading import Barrier, Thread

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientNotConnectedError
from websockets.sync.server import ServerConnection, serve

from bot.clock import SystemClock
from handlers.slack.line import Line

SOON = 5.0  # seconds


@contextmanager
def slack_and_line() -> Iterator[tuple[Queue[str], Queue[str], Line]]:
    """Give what a Slack of one connection hears, what it said, and the line to it."""
    heard: Queue[str] = Queue()
    said: Queue[str] = Queue()

    def echo(connection: ServerConnection) -> None:
        for message in connection:
            heard.put(str(message))
            connection.send(message)

    with serve(echo, "127.0.0.1", 0, compression=None) as slack:
        Thread(target=slack.serve_forever, daemon=True).start()
        host, port = slack.socket.getsockname()
        line = Line(
            f"ws://{host}:{port}/", WebClient(), SystemClock(), lambda _, text: said.put(text)
        )
        line.open()
        yield heard, said, line
        line.close()


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536, 250_000])
def test_i2_whatever_the_size_of_a_message_it_goes_out_and_comes_in_whole(size: int) -> None:
    message = ("no one's answer " * (size // 16 + 1))[:size]
    with slack_and_line() as (heard, said, line):
        line.send(message)
        assert heard.get(timeout=SOON) == message
        assert said.get(timeout=SOON) == message


def test_what_has_ended_sends_nothing_more() -> None:
    with slack_and_line() as (_, _, line):
        line.close()
        assert not line.is_up()
        with pytest.raises(SlackClientNotConnectedError):
            line.send("an answer")


@pytest.mark.parametrize("attempt", range(10))
def test_several_can_find_it_broken_at_once(attempt: int) -> None:
    del attempt  # they do not meet each time
    with slack_and_line() as (_, _, line), ThreadPoolExecutor(8) as several:
        together = Barrier(8)

        def close(_: int) -> None:
            together.wait(SOON)
            line.close()

        assert list(several.map(close, range(8))) == [None] * 8
    assert not line.is_up()
