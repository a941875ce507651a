"""Signed requests: what is genuine, what has been seen, and what a payload is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import Clock, SignatureVerifier

from handlers.slack.signed import REMEMBERED_FOR, Seen, Signatures, SignedRequests, payload_of

SECRET = "sandbox-signing-secret"
NOW = 1_795_000_000.0


class HandClock(Clock):
    def __init__(self) -> None:
        self.seconds = NOW

    def now(self) -> float:
        return self.seconds


@dataclass
class Door:
    """A small app behind its door; `does` is what its one listener does."""

    clock: HandClock = field(default_factory=HandClock)
    heard: list[dict[str, Any]] = field(default_factory=list)
    does: Callable[[], object] = bool

    def __post_init__(self) -> None:
        app = App(
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-0"),
            process_before_response=True,
            request_verification_enabled=False,
        )

        @app.command("/answerable")
        def command(ack: Ack, body: dict[str, Any]) -> None:
            self.heard.append(body)
            self.does()
            ack("Done")

        self.requests = SignedRequests(app, SECRET, self.clock)

    def headers(self, body: bytes, at: float = NOW) -> dict[str, str]:
        stamp = str(int(at))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        return {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": str(signature),
        }


@pytest.fixture
def door() -> Door:
    return Door()


def body(text: str = "list") -> bytes:
    return urlencode({"command": "/answerable", "text": text, "team_id": "T0"}).encode()


@pytest.mark.parametrize(
    ("age", "is_genuine"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_a_signature_is_good_for_five_minutes_both_ways(
    door: Door, age: int, *, is_genuine: bool
) -> None:
    assert door.requests.is_genuine(body(), door.headers(body(), NOW - age)) is is_genuine


def test_what_was_answered_is_not_carried_out_again_however_often_it_comes(door: Door) -> None:
    headers = door.headers(body())
    answers = [door.requests.answer(body(), headers) for _ in range(3)]
    assert [(each.status, each.body) for each in answers] == [(200, "Done"), (200, ""), (200, "")]
    assert len(door.heard) == 1


def test_what_failed_is_carried_out_when_it_comes_again(door: Door) -> None:
    headers = door.headers(body())
    door.does = [].pop  # raises
    assert door.requests.answer(body(), headers).status == 500
    door.does = bool
    assert door.requests.answer(body(), headers).status == 200
    assert len(door.heard) == 2


def test_of_two_at_once_one_is_carried_out_and_the_other_told_to_come_again(door: Door) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def waits() -> None:
        begun.set()
        go_on.wait(5)

    door.does = waits
    headers = door.headers(body())
    statuses: list[int] = []
    first = threading.Thread(
        target=lambda: statuses.append(door.requests.answer(body(), headers).status)
    )
    first.start()
    assert begun.wait(5)
    assert door.requests.answer(body(), headers).status == 503
    go_on.set()
    first.join(5)
    assert statuses == [200]
    assert len(door.heard) == 1


def test_the_same_words_signed_anew_are_another_request(door: Door) -> None:
    for age in (0, 1):
        headers = door.headers(body(), NOW - age)
        assert door.requests.answer(body(), headers).body == "Done"
    assert len(door.heard) == 2


def test_a_signature_is_remembered_as_long_as_it_is_good_and_no_longer() -> None:
    signatures = Signatures()
    signatures.begin("a", NOW)
    signatures.end("a", NOW, is_answered=True)
    assert signatures.begin("a", NOW + REMEMBERED_FOR - 1) is Seen.ANSWERED
    assert signatures.begin("a", NOW + REMEMBERED_FOR) is Seen.NEVER


def test_the_memory_is_bounded_and_loses_the_oldest_first() -> None:
    signatures = Signatures(most=2)
    for name in "abc":
        signatures.begin(name, NOW)
        signatures.end(name, NOW, is_answered=True)
    seen = {name: signatures.begin(name, NOW) for name in "abc"}
    assert seen == {"a": Seen.NEVER, "b": Seen.ANSWERED, "c": Seen.ANSWERED}


@pytest.mark.parametrize(
    ("sent", "kind", "payload"),
    [
        (b'{"type": "event_callback"}', "application/json", {"type": "event_callback"}),
        (b'{"a": 1}', "Application/JSON; charset=utf-8", {"a": 1}),
        (b"payload=%7B%22a%22%3A1%7D", "application/x-www-form-urlencoded", {"a": 1}),
        (b"text=pause+payload-check", "application/x-www-form-urlencoded", "payload-check"),
        (b"text=", "application/x-www-form-urlencoded", {"text": ""}),
    ],
)
def test_a_payload_is_read_from_each_form_slack_uses(
    sent: bytes, kind: str, payload: dict[str, object] | str
) -> None:
    found = payload_of(sent, kind)
    assert found == payload or payload in str(found["text"])


@pytest.mark.parametrize("sent", [b"payload=%5B%5D", b"payload=no", b"\xff"])
def test_what_is_no_payload_is_said_to_be_none(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r"payload|Expecting|utf-8"):
        payload_of(sent, "application/x-www-form-urlencoded")
