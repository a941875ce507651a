"""Socket Mode under a watch: a connection that falls silent is noticed and replaced."""

import json
import threading
from concurrent.futures import Executor
from hashlib import sha256
from typing import Any, Final

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError

from bot.clock import Clock
from handlers.slack.line import Line

log = structlog.get_logger()

LOOK_EVERY: Final = 1.0  # seconds
PING_EVERY: Final = 5.0
SILENT_AFTER: Final = 15.0  # three pings without an answer: noticed well within 20 seconds
LONGEST_PAUSE: Final = 60.0
# A connection has proved itself once it has outlived the longest pause: one that Slack shuts again
# at once (`link_disabled`) must not start the pauses anew.
STEADY_AFTER: Final = LONGEST_PAUSE
OK: Final = 200


class WatchedSocket:
    """Keeps one connection to Slack, hands what comes to the app, and acknowledges what it did.

    `executor` carries the app out; `salt` draws the jitter, so that two bots do not knock together.
    """

    def __init__(
        self,
        app: App,
        app_token: str,
        client: WebClient,
        executor: Executor,
        clock: Clock,
        salt: str,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self.client = client
        self._executor = executor
        self._clock = clock
        self._salt = salt
        self._line: Line | None = None
        self._attempts = 0
        self._next_try_at = 0.0
        self._pinged_at = 0.0
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._watcher: threading.Thread | None = None

    def open(self) -> None:
        """Connect and watch from then on. Raises SlackApiError or OSError if Slack cannot be had.

        Only the first connection is insisted on: whatever becomes of it is the watch's to mend.
        """
        self._replace_line()
        self._watcher = threading.Thread(target=self._watch, name="socket watch", daemon=True)
        self._watcher.start()

    def close(self, patience: float = 5.0) -> None:
        self._stopping.set()
        self._bell.set()
        if self._watcher:
            self._watcher.join(patience)
        if self._line:
            self._line.close()

    def is_open(self) -> bool:
        """Tell whether Slack is there: it has said something, and not too long ago."""
        line = self._line
        return (
            line is not None
            and line.is_up()
            and line.heard_at is not None
            and line.silent_for() <= SILENT_AFTER
        )

    # --- Watching -----------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(LOOK_EVERY)
            self._bell.clear()
            try:
                trouble = self._trouble()
            except Exception as error:  # noqa: BLE001 -- a watch that dies watches nothing
                trouble = type(error).__name__
            if trouble and not self._stopping.is_set():
                self._try_again(trouble)

    def _trouble(self) -> str:
        """Say what is wrong with the connection; nothing if nothing is."""
        line = self._line
        if line is None or not line.is_up():
            return "closed"
        line.listen()
        if line.is_leaving:
            return "Slack asked to move"
        if line.silent_for() > SILENT_AFTER:
            return "silent"
        if self._clock.elapsed() - line.opened_at > STEADY_AFTER:
            self._attempts = 0
        return "" if self._is_pinged(line) else "broken"

    def _is_pinged(self, line: Line) -> bool:
        now = self._clock.elapsed()
        if now - self._pinged_at < PING_EVERY:
            return True
        self._pinged_at = now
        try:
            line.ping()
        except OSError:
            return False
        return True

    def _try_again(self, trouble: str) -> None:
        """Replace the connection unless it is too early for that."""
        if self._clock.elapsed() < self._next_try_at:
            return
        say = log.info if trouble == "Slack asked to move" else log.warning
        say("socket to be replaced", because=trouble, attempt=self._attempts + 1)
        asked_to_wait = 0.0
        try:
            self._replace_line()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next attempt comes
            asked_to_wait = _asked_to_wait(error)
            log.warning("socket not replaced", because=_named(error), attempt=self._attempts + 1)
        else:
            log.info("socket replaced")
        self._attempts += 1
        wait = max(pause(self._attempts, self._salt), asked_to_wait)
        self._next_try_at = self._clock.elapsed() + wait

    def _replace_line(self) -> None:
        """Open a new connection before the old one is closed: what comes meanwhile is answered."""
        url = str(self.client.apps_connections_open(app_token=self._app_token)["url"])
        line = Line(url, self.client, self._clock, self._hear)
        line.open()
        old, self._line = self._line, line
        if old:
            old.close()

    # --- Answering ----------------------------------------------------------------------------

    def _hear(self, line: Line, text: str) -> None:
        message = json.loads(text)
        match message.get("type"):
            case "hello":
                pass
            case "disconnect":
                log.info("Slack asks to move", reason=str(message.get("reason", "")))
                line.is_leaving = True
                self._bell.set()
            case _ if "envelope_id" in message:
                self._take(line, message)

    def _take(self, line: Line, envelope: dict[str, Any]) -> None:
        try:
            self._executor.submit(self._answer, line, envelope)
        except RuntimeError:  # stopping: Slack brings events again and tells people to try again
            log.info("envelope not taken", reason="stopping")

    def _answer(self, line: Line, envelope: dict[str, Any]) -> None:
        try:
            given = self._app.dispatch(_request(envelope))
            if given.status == OK:
                self._acknowledge(line, _ack(envelope, given))
        except Exception as error:  # noqa: BLE001 -- the outer edge: logged, and not acknowledged
            log.warning("envelope not answered", because=_named(error))

    def _acknowledge(self, line: Line, text: str) -> None:
        """Say it on the connection it came by, or on the one that has replaced that."""
        try:
            line.send(text)
        except SlackClientNotConnectedError:
            present = self._line
            if present is None or present is line:
                raise
            present.send(text)


def pause(attempts: int, salt: str) -> float:
    """Give the seconds before the next attempt: 1, 2, 4 … 60, of which jitter takes a quarter.

    The same attempt of the same bot waits equally long each time.
    """
    whole = min(LONGEST_PAUSE, 2.0 ** (min(attempts, 30) - 1))
    drawn = int.from_bytes(sha256(f"{salt}/{attempts}".encode()).digest()[:4]) / 2**32
    return whole * (1 - drawn / 4)


def _request(envelope: dict[str, Any]) -> BoltRequest:
    headers: dict[str, Any] = {}
    if envelope.get("retry_attempt") is not None:
        headers["x-slack-retry-num"] = str(envelope["retry_attempt"])
        headers["x-slack-retry-reason"] = str(envelope.get("retry_reason", ""))
    return BoltRequest(body=envelope["payload"], headers=headers, mode="socket_mode")


def _ack(envelope: dict[str, Any], given: BoltResponse) -> str:
    envelope_id = json.dumps(envelope["envelope_id"])
    if not given.body:
        return f'{{"envelope_id": {envelope_id}}}'
    kind = given.headers.get("content-type", [""])[0]
    is_json = kind.startswith("application/json")
    payload = given.body if is_json else json.dumps({"text": given.body})
    return f'{{"envelope_id": {envelope_id}, "payload": {payload}}}'


def _asked_to_wait(error: Exception) -> float:
    if isinstance(error, SlackApiError):
        return float(error.response.headers.get("Retry-After", 0))
    return 0.0


def _named(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or error.response.status_code)
    return type(error).__name__
