"""A pipeline reports figures of itself: one past its limit is answered for, and so is silence."""

import json
import subprocess

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import CHANNEL, OWNER, Json, shown

LIMITS = "latency_p95 <= 2.5 every hour\ncost at most 12.50 every week"


@pytest.fixture(scope="module")
def secret(stage: Stage) -> str:
    done = story.register(stage.slack, "claims", limits=LIMITS)
    assert done["errors"] is None, done["errors"]
    story.accept(stage.slack, "claims")
    return story.token(stage, "claims", "measurements:write,gate:read")


def measure(stage: Stage, secret: str, value: float | str, **changed: str) -> Json:
    """Report a value observed now; the bot takes one that is up to 5 minutes ahead of its clock."""
    sent = {"workflow": "claims", "name": "latency_p95", "value": value, "observed_at": now(stage)}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = stage.http.post("/v1/measurements", json={**sent, **changed}, headers=headers)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def now(stage: Stage) -> str:
    return str(stage.slack.get("world")["clock"]["iso"])


def card(stage: Stage, number: int) -> str:
    stage.until_sent()
    cards = [shown(each) for each in stage.slack.messages(channel=CHANNEL)]
    return next(each for each in reversed(cards) if f"Breach {number} of claims" in each)


def causes(stage: Stage) -> list[tuple[str, str]]:
    facts = [each["facts"] for each in stage.entries("breach.opened")]
    return [(each["cause"], each["measurement"]) for each in facts]


def test_a_limit_that_is_not_understood_is_said_under_its_field(stage: Stage) -> None:
    done = story.register(stage.slack, "claims", limits="latency_p95 <= 2.5\ncost about 12")
    assert done["errors"].keys() == {"limits"}
    assert "Line 2, “cost about 12”, is not understood" in done["errors"]["limits"]


def test_the_limits_are_said_back_and_accepted_with_the_duties(stage: Stage, secret: str) -> None:
    assert secret
    [registered] = stage.entries("policy.changed")
    assert [each["bound"] for each in registered["facts"]["limits"]] == ["2.5", "12.5"]
    asked = " ".join(shown(each) for each in stage.slack.messages(OWNER))
    assert "cost at most 12.5 every week" in asked


def test_a_value_within_its_limit_is_taken_and_shown(stage: Stage, secret: str) -> None:
    assert measure(stage, secret, 2.5) == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert stage.entries("breach.opened") == []
    sheet = story.told(stage.slack, OWNER, "show claims")
    assert "at most 2.5 every hour`: 2.5, observed" in sheet
    assert "cost at most 12.5 every week`: no value yet" in sheet


def test_a_value_past_its_limit_is_a_breach_once_and_more_are_counted(
    stage: Stage, secret: str
) -> None:
    stage.forward(minutes=4)
    assert measure(stage, secret, "3.10")["accepted"] == 1
    stage.until_recorded("breach.opened", "breach/claims/1")
    assert "was 3.1, observed <!date^" in card(stage, 1)
    stage.forward(minutes=4)
    measure(stage, secret, 4)
    stage.slack.until(lambda: "1 more value past the limit came since" in card(stage, 1))
    assert causes(stage) == [("limit exceeded", "latency_p95")]


def test_its_owner_acknowledges_and_decides(stage: Stage) -> None:
    stage.slack.press(OWNER, "acknowledge", "Breach 1 of claims")
    done = story.decide(stage.slack, "claims", "continue")
    assert done["errors"] is None
    stage.until_recorded("breach.closed", "breach/claims/1")
    assert "4" in card(stage, 1)


def test_a_pipeline_that_falls_silent_is_a_breach_although_slack_is_away(
    stage: Stage, secret: str
) -> None:
    for method in ("chat.postMessage", "chat.update"):
        stage.slack.fault(method, "error", error="service_unavailable", times=100_000)
    stage.slack.forward(hours=2)
    [opened] = stage.until_recorded("breach.opened", "breach/claims/2")
    assert (opened["facts"]["cause"], opened["facts"]["every"]) == (
        "no measurement reported",
        "hour",
    )
    stage.slack.mend()
    stage.slack.until(lambda: "Breach 2 of claims" in str(stage.slack.messages()))
    before = now(stage)
    stage.slack.forward(hours=1)
    assert measure(stage, secret, 1, observed_at=before)["accepted"] == 1
    assert causes(stage)[1:] == [("no measurement reported", "latency_p95")]


def test_the_export_verifies(stage: Stage) -> None:
    stage.exported()
    values = [value for each in stage.entries("measurements.received")
              for _, value, _ in each["facts"]["values"]]  # fmt: skip
    assert values == ["2.5", "3.1", "4", "1"]


def test_values_come_from_a_file_too(stage: Stage, secret: str) -> None:
    assert secret
    at = now(stage)
    lines = [
        {"name": "latency_p95", "value": 1.25, "observed_at": at, "host": "a"},
        {"workflow": "letters", "name": "latency_p95", "value": 1, "observed_at": at},
        {"name": "drift", "value": 1, "observed_at": at},
        {"name": "cost", "value": "12.5", "observed_at": at},
    ]
    path = stage.folder / "values.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")

    def imported() -> subprocess.CompletedProcess[str]:
        return stage.console("import", "--workflow", "claims", "--measurements", str(path))

    done = imported()
    assert (done.returncode, done.stdout) == (1, "2 accepted, 0 duplicates, 2 rejected\n")
    assert "fields not read: host" in done.stderr
    assert "line 2: " in done.stderr
    assert "line 3: " in done.stderr
    [taken] = stage.entries("measurements.received")[-1:]
    assert taken["actor"] == "operator"
    assert imported().stdout == "0 accepted, 2 duplicates, 2 rejected\n"
