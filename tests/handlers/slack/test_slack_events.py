"""What Slack tells on its own counts only if it is about us."""

from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_sdk import WebClient
from structlog.testing import capture_logs
from worlds import OWNER, World

from bot.clock import SystemClock
from bot.domain.messages import Shown
from bot.domain.people import Standing
from handlers.slack import events
from handlers.slack.parts import SlackParts
from handlers.slack.people import Directory, person_of
from handlers.slack.publisher import Homes

APP = "A0OURS"


def _registered(world: World, told: "Told") -> "Listeners":
    client, listeners = WebClient(token="xoxb-sandbox-test"), Listeners()
    directory = Directory(client, "T0WORK", SystemClock(), lambda _: None)
    homes = Homes(world.deps, client, directory, SystemClock())
    slack = SlackParts(world.deps, client, directory, told, told.take, homes)
    events.register(listeners, slack)  # type: ignore[arg-type]
    return listeners


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.posted: list[tuple[int, Shown]] = []

    def say(self, answer_url: str, sentence: str) -> None:
        raise AssertionError(f"nothing is to be said: {sentence} to {answer_url}")

    def take(self, row_id: int, shown: Shown) -> None:
        self.posted.append((row_id, shown))


class Listeners:
    """What Bolt offers a feature to register with: here the listeners are called by hand."""

    def __init__(self) -> None:
        self.of: dict[str, Any] = {}

    def event(self, name: str) -> Any:  # noqa: ANN401 -- a decorator
        return lambda listener: self.of.setdefault(name, listener)


@pytest.mark.parametrize(
    ("app_id", "team", "counts"),
    [(APP, "T0WORK", True), ("A0OTHER", "T0WORK", False), (APP, "T0OTHER", False)],
)
def test_i13_only_a_post_of_this_app_in_this_workspace_settles_a_message(
    world: World, app_id: str, team: str, *, counts: bool
) -> None:
    told, acks = Told(), []
    listeners = _registered(world, told)
    event = {
        "app_id": app_id,
        "team_id": team,
        "channel_id": "C1",
        "message_ts": "1.2",
        "metadata": {
            "event_type": events.METADATA_TYPE,
            "event_payload": {"outbox_id": 7, "with_it": "8 9"},
        },
    }
    listeners.of["message_metadata_posted"](
        ack=lambda: acks.append(True), body={"api_app_id": APP}, event=event
    )
    rows = (7, 8, 9) if counts else ()
    assert told.posted == [(row, Shown("C1", "1.2")) for row in rows]
    assert acks == [True]


def test_i13_somebody_of_another_team_stays_foreign_whatever_becomes_of_them() -> None:
    user = {"id": "U1", "team_id": "T0OTHER", "deleted": True}
    assert person_of(user, "T0WORK").standing is Standing.FOREIGN
    assert person_of({**user, "team_id": "T0WORK"}, "T0WORK").standing is Standing.DEACTIVATED


def test_i2_what_the_store_did_not_take_is_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not acknowledged, and said in a line of the log: it is no fault of the program."""
    monkeypatch.setattr(world.deps.store._seat, "_patience", 0.05)  # noqa: SLF001
    listeners, acks = _registered(world, Told()), []
    user = {"id": OWNER, "team_id": "T0WORK", "deleted": True}

    def told() -> BoltResponse | None:
        return listeners.of["user_change"](  # type: ignore[no-any-return]
            ack=lambda: acks.append(True), body={}, event={"user": user}
        )

    with world.deps.store._seat.taken(by_person=True), capture_logs() as said:  # noqa: SLF001
        refused = told()

    assert refused is not None
    assert (refused.status, acks) == (503, [])
    assert [(each["event"], each["log_level"]) for each in said] == [("event not taken", "warning")]
    assert (told(), acks) == (None, [True])
