"""Following the clock of a sandbox: its server says what time it is, and when that moves."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = structlog.get_logger()

LONG_POLL: Final = 30  # seconds; the server answers within 25
RETRY: Final = 1.0


class Moved(Protocol):
    def move(self, to: datetime) -> None: ...


def read_clock(client: WebClient) -> datetime:
    """Give the sandbox's time as aware UTC. Raises SlackApiError or OSError."""
    return datetime.fromtimestamp(float(client.api_call("sandbox.clock")["now"]), UTC)


@dataclass
class Follower:
    """Moves our clock whenever the sandbox's has moved, and wakes who waits for the time."""

    client: WebClient
    clock: Moved
    wake: Callable[[], None]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._run, name="clock", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        version = 0
        while not self._stopping.is_set():
            try:
                answer = self.client.api_call("sandbox.clock", params={"after": version})
            except (SlackApiError, OSError) as error:
                log.info("sandbox clock unreachable", error=str(error))
                self._stopping.wait(RETRY)
                continue
            version = int(answer["version"])
            self.clock.move(datetime.fromtimestamp(float(answer["now"]), UTC))
            self.wake()
