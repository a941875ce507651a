"""Slack's requests over HTTP: signed, fresh, and each carried out once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

# A signature is good for five minutes before and after its own time: ten until it is surely dead.
REMEMBERED_FOR: Final = 600
MOST_REMEMBERED: Final = 50_000  # about ten minutes of all that Slack sends one app
OK: Final = 200
SIGNATURE: Final = "x-slack-signature"
PASSED_ON: Final = ("x-slack-retry-num", "x-slack-retry-reason")


class Seen(Enum):
    """What is known of a signature when it comes in."""

    NEVER = auto()
    UNDER_WAY = auto()
    ANSWERED = auto()


@dataclass
class Signatures:
    """Remembers the signatures of what was answered, until they are worthless, and not too many.

    What failed is forgotten at once: Slack repeats an event within the second, and so under the
    same signature, and that repetition must be carried out.
    """

    most: int = MOST_REMEMBERED
    _until: dict[str, float] = field(default_factory=dict)  # oldest first
    _under_way: set[str] = field(default_factory=set)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def begin(self, signature: str, now: float) -> Seen:
        with self._one_at_a_time:
            self._forget_before(now)
            if signature in self._until:
                return Seen.ANSWERED
            if signature in self._under_way:
                return Seen.UNDER_WAY
            self._under_way.add(signature)
            return Seen.NEVER

    def end(self, signature: str, now: float, *, is_answered: bool) -> None:
        with self._one_at_a_time:
            self._under_way.discard(signature)
            if is_answered:
                self._until[signature] = now + REMEMBERED_FOR
                while len(self._until) > self.most:
                    del self._until[next(iter(self._until))]

    def _forget_before(self, now: float) -> None:
        while self._until:
            oldest = next(iter(self._until))
            if self._until[oldest] > now:
                return
            del self._until[oldest]


class SignedRequests:
    """Answers what Slack sends over HTTP. The clock is the machine's, whatever ours has been told.

    A sandbox moves the product's time; signatures are the real world's.
    """

    def __init__(self, app: App, signing_secret: str, clock: Clock | None = None) -> None:
        self._app = app
        self._clock = clock or Clock()
        self._verifier = SignatureVerifier(signing_secret, self._clock)
        self._seen = Signatures()

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether Slack signed exactly this body, within five minutes of our time."""
        try:
            return self._verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError, OverflowError):
            return False  # a time that is no number, a body or signature that is no text

    def answer(self, body: bytes, headers: Mapping[str, str]) -> BoltResponse:
        """Carry out a genuine request and give the answer; a replay gets an empty one.

        While the first of two equal requests is under way the second is told to come again: an
        empty answer would tell Slack that what may yet fail is done.
        """
        signature = headers[SIGNATURE]
        seen = self._seen.begin(signature, self._clock.now())
        if seen is not Seen.NEVER:
            return BoltResponse(status=OK if seen is Seen.ANSWERED else 503)
        is_answered = False
        try:
            given = self._dispatch(body, headers)
            is_answered = given.status == OK
        finally:
            self._seen.end(signature, self._clock.now(), is_answered=is_answered)
        return given

    def _dispatch(self, body: bytes, headers: Mapping[str, str]) -> BoltResponse:
        try:
            payload = payload_of(body, headers.get("content-type", ""))
        except ValueError:
            return BoltResponse(status=400)
        passed_on: dict[str, Any] = {name: headers[name] for name in PASSED_ON if name in headers}
        # Bolt takes a payload that has been read only in this mode; it means: verified already.
        return self._app.dispatch(BoltRequest(body=payload, headers=passed_on, mode="socket_mode"))


def payload_of(body: bytes, content_type: str) -> dict[str, Any]:
    """Give a request's payload as Socket Mode would carry it. Raises ValueError if it has none.

    Bolt's own reading of forms loses a command in whose text the word `payload` stands.
    """
    text = body.decode()
    if content_type.partition(";")[0].strip().lower() == "application/json":
        payload = json.loads(text)
    else:
        fields = dict(parse_qsl(text, keep_blank_values=True))
        payload = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(payload, dict):
        raise ValueError("a payload is an object")  # noqa: TRY004 -- what came, not what we passed
    return payload
