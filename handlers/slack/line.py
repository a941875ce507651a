"""One connection of Socket Mode: Slack's own WebSocket, and the thread that reads it."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from websockets.frames import Frame, Opcode

from bot.clock import Clock

READ_AT_ONCE: Final = 16_384  # bytes: a form that was handed in is read whole

# What the SDK remarks on is said by the watch, in our form and once.
_SILENCED: Final = logging.getLogger(f"{__name__}.sdk")
_SILENCED.setLevel(logging.CRITICAL + 1)


class Line:
    """A connection to one address that Slack gave out; opened once, closed once.

    The SDK's client shares one reading thread among its successive connections, and that thread
    can stay with one that is closed; it also trusts a connection that has never answered a ping.
    Here each connection has its own thread, and `heard_at` is when Slack last said anything on it.
    """

    def __init__(
        self, url: str, client: WebClient, clock: Clock, hear: Callable[["Line", str], None]
    ) -> None:
        self._clock = clock
        self._hear = hear
        self._state = ConnectionState()  # type: ignore[no-untyped-call] # the SDK's
        self._closing = threading.Lock()
        self._trouble: Exception | None = None
        self._answered: float | None = None  # the last ping that was answered, by its content
        self._connection = Connection(
            url=url,
            logger=_SILENCED,
            proxy=client.proxy,
            ssl_context=client.ssl,
            receive_buffer_size=READ_AT_ONCE,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
        )
        self.opened_at = clock.elapsed()
        self.heard_at: float | None = None
        self.is_leaving = False

    def open(self) -> None:
        """Connect and begin to read. Raises OSError if that cannot be."""
        self._connection.connect()
        if not self._connection.is_active():
            raise ConnectionError(f"no WebSocket: {self._trouble or 'Slack declined'}")
        threading.Thread(target=self._read, name="socket", daemon=True).start()

    def close(self) -> None:
        """End it, and let go of whoever waits to read from it."""
        self._state.terminated = True
        with self._closing:  # whoever finds it broken ends it, and several can at once
            if (reading := self._connection.sock) is not None:
                with suppress(OSError):  # it may have ended by itself
                    reading.shutdown(SHUT_RDWR)
            self._connection.close()

    def send(self, text: str) -> None:
        """Send a message. Raises SlackClientNotConnectedError if the connection has ended.

        The SDK's own frames end at 64 KiB, which a form of long answers exceeds, and are masked
        byte by byte, which takes longer than to record the answer.
        """
        frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=True)
        try:
            with self._connection.sock_send_lock:
                if (sending := self._connection.sock) is None:
                    raise ConnectionError("closed before")
                sending.sendall(frame)
        except OSError as error:
            self.close()  # after a piece of a frame nothing is understood any more
            raise SlackClientNotConnectedError(f"not sent: {error}") from error

    def ping(self) -> None:
        """Ask for a sign of life. Raises OSError if the connection is broken."""
        self._connection.ping(f"{self._connection.session_id}:{self._clock.elapsed()}")

    def is_up(self) -> bool:
        return self._connection.is_active()

    def listen(self) -> None:
        """Take note if a ping has been answered since the last time."""
        answered = self._connection.last_ping_pong_time
        if answered != self._answered:
            self._answered = answered
            self.heard_at = self._clock.elapsed()

    def silent_for(self) -> float:
        heard_at = self.opened_at if self.heard_at is None else self.heard_at
        return self._clock.elapsed() - heard_at

    def _read(self) -> None:
        self._connection.run_until_completion(self._state)

    def _on_message(self, text: str) -> None:
        self.heard_at = self._clock.elapsed()
        self._hear(self, text)

    def _on_error(self, error: Exception) -> None:
        self._trouble = error
