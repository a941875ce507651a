"""Every request of Slack's is counted by what became of it, and timed."""

from dataclasses import dataclass

import pytest
from slack_bolt import Ack, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clock import SystemClock
from handlers.slack.timed import Answered, Result, TimedApp


@dataclass
class Slow(SystemClock):
    """Each look at it is two seconds after the one before."""

    seconds: float = 0

    def elapsed(self) -> float:
        self.seconds += 2
        return self.seconds


@pytest.fixture
def answered() -> Answered:
    return Answered(Slow())


@pytest.fixture
def app(answered: Answered) -> TimedApp:
    known = AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox-x")
    made = TimedApp(
        answered,
        client=WebClient("xoxb-sandbox-x"),
        authorize=lambda: known,
        process_before_response=True,
        request_verification_enabled=False,
    )

    def answer(ack: Ack) -> None:
        ack("Done.")

    def fail() -> None:
        raise RuntimeError("a fault of ours")

    made.command("/answerable")(answer)
    made.command("/broken")(fail)
    return made


def command(name: str) -> BoltRequest:
    body = {"command": name, "team_id": "T0", "user_id": "U1", "text": ""}
    return BoltRequest(body=body, mode="socket_mode")


@pytest.mark.parametrize(
    ("name", "status", "result"),
    [
        ("/answerable", 200, Result.ACKNOWLEDGED),
        ("/nobody-listens", 404, Result.UNKNOWN),
        ("/broken", 500, Result.FAILED),
    ],
)
def test_what_became_of_a_request_is_counted_and_timed(
    app: TimedApp, answered: Answered, name: str, status: int, result: Result
) -> None:
    assert app.dispatch(command(name)).status == status
    counted = {name: taken.count for name, taken in answered.so_far().items()}
    assert counted == {each.value: int(each is result) for each in Result}
    taken = answered.so_far()[result]
    assert (taken.seconds, taken.within) == (2, (0, 0, 0, 1))


def test_what_breaks_bolt_itself_is_counted_as_failed(
    app: TimedApp, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr(app, "_init_context", broken)
    with pytest.raises(OSError, match="no memory"):
        app.dispatch(command("/answerable"))
    assert answered.so_far()[Result.FAILED].count == 1
