"""Once a day everybody on whom something rests is looked up: gone is gone, event or not (I3)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from structlog.testing import capture_logs
from worlds import ADMIN, BACKUP, BUILDER, OWNER, STEWARD, WORKSPACE, World, findings

from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind
from bot.domain.people import Standing
from bot.domain.refusals import Away
from handlers.slack.people import Directory
from handlers.slack.roll_call import RollCall

EVERYBODY = {OWNER, BACKUP, STEWARD, BUILDER, ADMIN}


@dataclass
class Slack:
    """Answers `users.info`; what is in `gone` it knows no more, what is in `down` fails."""

    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    is_down: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    def users_info(self, user: str) -> dict[str, Any]:
        self.asked[user] += 1
        if self.is_down:
            raise TimeoutError
        if user in self.gone:
            answer = {"ok": False, "error": "user_not_found"}
            raise SlackApiError("no", cast("SlackResponse", answer))
        return {"user": {"id": user, "team_id": WORKSPACE, **self.changed.get(user, {})}}


class Elapsed:
    def elapsed(self) -> float:
        return 0.0


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def roll_call(live: World, slack: Slack) -> RollCall:
    directory = Directory(cast("WebClient", slack), WORKSPACE, Elapsed(), lambda _: None)
    return RollCall(live.deps, directory)


def look_at_all(roll_call: RollCall) -> None:
    for _ in range(20):
        roll_call.look()


def test_everybody_is_looked_up_once_a_day_one_at_a_time(
    live: World, slack: Slack, roll_call: RollCall
) -> None:
    roll_call.look()
    assert slack.asked.total() == 1
    look_at_all(roll_call)
    assert slack.asked == dict.fromkeys(EVERYBODY, 1)
    live.forward(23.9)
    look_at_all(roll_call)
    assert slack.asked.total() == len(EVERYBODY)
    live.forward(0.1)
    look_at_all(roll_call)
    assert slack.asked == dict.fromkeys(EVERYBODY, 2)


def test_that_it_waits_for_the_database_is_said_once_until_it_is_back(
    live: World, roll_call: RollCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Away("the database does not answer; nothing was recorded")

    with capture_logs() as logged:
        for _ in range(2):
            with monkeypatch.context() as lost:
                lost.setattr(type(live.deps.store), "read", away)
                lost.setattr(type(live.deps.store), "begin", away)
                look_at_all(roll_call)
            look_at_all(roll_call)
    said = [(line["event"], line["log_level"], line["reason"]) for line in logged]
    told = "roll call postponed", "info", "the database does not answer; nothing was recorded"
    assert said == [told, told], "once in each outage"


@pytest.mark.parametrize(
    ("become", "standing"),
    [
        ({"deleted": True}, Standing.DEACTIVATED),
        ({"is_restricted": True}, Standing.GUEST),
        ({"team_id": "T0ELSE"}, Standing.FOREIGN),
        (None, Standing.DEACTIVATED),
    ],
)
def test_i3_who_is_gone_is_passed_though_no_event_ever_came(
    live: World,
    slack: Slack,
    roll_call: RollCall,
    become: dict[str, Any] | None,
    standing: Standing,
) -> None:
    look_at_all(roll_call)
    live.forward(24)
    if become is None:
        slack.gone.add(OWNER)
    else:
        slack.changed[OWNER] = become
    look_at_all(roll_call)
    live.tick()

    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.people.gone() == {OWNER: standing}
    assert [each.facts["rung"] for each in live.climbs(ObligationKind.REVIEW, 1)] == [0, 1]
    assert live.owed(ObligationKind.HAND_OVER, 1).is_open
    assert findings(live) == []


def test_i3_with_nobody_left_the_gate_closes(
    live: World, slack: Slack, roll_call: RollCall
) -> None:
    slack.gone |= {OWNER, BACKUP, STEWARD}
    look_at_all(roll_call)
    assert live.workflow().gate.state is GateState.REVIEW_ALL
    live.forward(24)
    assert live.workflow().gate.state is GateState.PAUSED


def test_nobody_is_taken_for_gone_because_slack_does_not_answer(
    live: World, slack: Slack, roll_call: RollCall
) -> None:
    slack.is_down = True
    look_at_all(roll_call)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.people.gone() == {}
    slack.is_down = False
    slack.gone.add(OWNER)
    look_at_all(roll_call)
    assert slack.asked.total() == len(EVERYBODY), "they are asked for again, but not at once"
    live.forward(0.1)
    look_at_all(roll_call)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert set(reading.people.gone()) == {OWNER}
