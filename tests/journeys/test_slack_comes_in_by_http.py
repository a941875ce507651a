"""The story over signed HTTP alone, and everything that may not come in that way."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode

import httpx
import pytest

from tests.exposition import parse
from tests.journeys import story
from tests.stage import APP_TOKEN, SIGNING_SECRET, Stage, staged
from tests.workspace import CHANNEL, MEMBER, OWNER, STEWARD, Json, shown

FORM: Final = "application/x-www-form-urlencoded"
MINUTE: Final = 60
FROM_SLACK: Final = ("slash_commands", "interactive", "events_api")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A sandbox and a bot that meet over HTTP."""
    with staged(tmp_path_factory.mktemp("stage"), by_http=True) as stage:
        stage.serve()
        yield stage


def real_seconds() -> int:
    return int(time.time())  # noqa: TID251 -- signatures go by the real world's time


def headers_for(body: str, secret: str = SIGNING_SECRET, age: int = 0, **more: str) -> Json:
    """Sign a body as Slack does, so many seconds ago."""
    stamp = str(real_seconds() - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        **more,
    }


def sent(stage: Stage, body: str, headers: Json) -> httpx.Response:
    return stage.http.post("/slack/events", content=body.encode(), headers=headers)


def recorded(stage: Stage) -> int:
    """Give how many entries are of people, once everything that was to be said has been.

    What the bot does by itself meanwhile, as time passes, is none of theirs.
    """
    stage.until_sent()
    return sum(each["actor"] != "system" for each in stage.entries())


def command(stage: Stage, text: str, trigger: str, user: str = OWNER) -> str:
    """Give the body of a command as Slack sends it, like one that came before."""
    before = [each for each in stage.slack.log() if each.get("type") == "slash_commands"]
    fields = before[-1]["request"]["payload"]
    return urlencode({**fields, "text": text, "trigger_id": trigger, "user_id": user})


def test_the_first_request_is_heard_although_slack_itself_is_failing(stage: Stage) -> None:
    stage.slack.fault("auth.test", "error", error="internal_error", times=9)
    assert "/answerable" in story.told(stage.slack, OWNER, "help")
    stage.slack.mend()


def test_the_whole_story_needs_no_socket(stage: Stage) -> None:
    slack = stage.slack
    ready = stage.http.get("/readyz")
    assert (ready.status_code, set(ready.json()["checks"])) == (
        200,
        {"database", "ticker", "token"},
    )
    assert slack.get("world")["connected"] == 0
    assert "answerable_socket_open" not in parse(stage.http.get("/metrics").text)

    story.live(stage, "claims", sample="4")
    secret = story.token(stage, "claims")
    outputs = [story.output(number, "claims") for number in range(6)]
    assert story.report(stage, secret, outputs)["accepted"] == 6
    assert "drawn" in slack.command(OWNER, "sample claims")["ephemeral"]
    story.review(slack, "claims", story.first_is(story.CRITICAL))
    answers = parse(stage.http.get("/metrics").text).families["answerable_slack_answer_seconds"]
    assert answers.samples["_count", (("result", "acknowledged"),)] > 5
    stage.until_recorded("breach.opened", "breach/claims/1")
    slack.press(OWNER, "acknowledge", "claims")
    done = story.decide(slack, "claims", "pause", STEWARD)

    assert "recorded" in shown({"text": "", "blocks": done["view"]["blocks"]})
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused"
    ways = {each["direction"] for each in slack.log() if each.get("type") in FROM_SLACK}
    assert ways == {"http_out"}


def test_a_word_that_slack_uses_itself_may_stand_in_a_command(stage: Stage) -> None:
    told = story.told(stage.slack, OWNER, "show payload-router")
    assert "payload-router" in told


def test_a_shortcut_on_a_message_comes_the_same_way(stage: Stage) -> None:
    posted = stage.slack.post("say", user=OWNER, channel=CHANNEL, text="It answers twice.")
    form = stage.slack.shortcut(MEMBER, posted, "raise_concern")["view"]
    assert "It answers twice." in str(form["blocks"])


def test_a_form_of_another_version_says_so_by_http_too(stage: Stage) -> None:
    form = stage.slack.command(OWNER, "register")["view"]
    story.of_another_version(stage.slack, form)
    said = stage.slack.submit(OWNER, form, story.registration("late"))["errors"]
    assert "This form is of another version of Answerable" in str(said)


def test_a_moved_clock_makes_no_signature_old(stage: Stage) -> None:
    stage.forward(days=2)
    assert stage.slack.command(OWNER, "list")["acked"]


def test_a_replayed_request_is_answered_and_not_carried_out_again(stage: Stage) -> None:
    story.live(stage, "letters", sample="2")
    body = command(stage, "sample letters", "replayed.1")
    headers = headers_for(body)
    before = recorded(stage)

    first = sent(stage, body, headers)
    after = recorded(stage)
    second = sent(stage, body, headers)

    assert (first.status_code, "letters" in first.text) == (200, True)
    assert (second.status_code, second.text) == (200, ""), "Slack is content, and learns nothing"
    assert before < after == recorded(stage)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"age": 5 * MINUTE + 2}, id="too old"),
        pytest.param({"age": -5 * MINUTE - 2}, id="of the future"),
        pytest.param({"secret": "another-sandbox-secret"}, id="wrong secret"),
    ],
)
def test_a_signature_that_is_not_good_carries_out_nothing(stage: Stage, headers: Json) -> None:
    before = recorded(stage)
    body = command(stage, "sample claims", f"refused.{headers}")
    answer = sent(stage, body, headers_for(body, **headers))
    assert_refused(stage, answer, before)


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": b"v0=\xff\xfe"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
def test_headers_that_are_none_are_refused_the_same_way(stage: Stage, changed: Json) -> None:
    before = recorded(stage)
    body = command(stage, "sample claims", f"odd.{changed}")
    assert_refused(stage, sent(stage, body, {**headers_for(body), **changed}), before)


def test_a_body_that_was_tampered_with_is_refused(stage: Stage) -> None:
    before = recorded(stage)
    body = command(stage, "sample claims", "tampered.1")
    headers = headers_for(body)
    assert_refused(stage, sent(stage, body.replace(OWNER, STEWARD), headers), before)
    answer = stage.http.post("/slack/events", content=b"\xff\xfe", headers=headers)
    assert_refused(stage, answer, before)
    assert_refused(stage, stage.http.post("/slack/events", content=body.encode()), before)


def assert_refused(stage: Stage, answer: httpx.Response, before: int) -> None:
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "signed more than five minutes before or after" in answer.json()["detail"]
    assert recorded(stage) == before


def test_an_oversize_body_is_refused_before_it_is_read(stage: Stage) -> None:
    host, port = stage.listen.split(":")
    connection = HTTPConnection(host, int(port), timeout=5)
    connection.putrequest("POST", "/slack/events")
    connection.putheader("Content-Length", str(64 * 1024 * 1024))
    connection.endheaders()  # and not a byte of the body
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["status"] == 413
    connection.close()


def test_a_retried_event_is_heard_and_changes_nothing_twice(stage: Stage) -> None:
    slack = stage.slack
    slack.post(f"user/{OWNER}", deleted=True)
    said = slack.until(lambda: [each for each in slack.log() if is_change_of_owner(each)])
    before = recorded(stage)

    again = slack.post("redeliver", envelope_id=said[0]["request"]["envelope_id"])
    assert again["acked"]
    assert recorded(stage) == before
    slack.post(f"user/{OWNER}", deleted=False)


def is_change_of_owner(entry: Json) -> bool:
    event = ((entry["request"] or {}).get("payload") or {}).get("event") or {}
    return event.get("type") == "user_change" and event["user"]["id"] == OWNER


def test_slack_may_make_sure_of_the_address(stage: Stage) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"})
    headers = {**headers_for(body), "Content-Type": "application/json; charset=utf-8"}
    answer = sent(stage, body, headers)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize("body", ["", "payload=no+json", "payload=%5B%5D", "[1]"])
def test_signed_nonsense_is_no_fault_of_ours(stage: Stage, body: str) -> None:
    answer = sent(stage, body, headers_for(body))
    assert answer.status_code in {400, 404}


def test_no_secret_and_nothing_that_was_sent_is_in_a_log(stage: Stage) -> None:
    said = stage.errors()
    assert "not signed by Slack" in said
    assert SIGNING_SECRET not in said
    assert "v0=" not in said
    assert "sample claims" not in said


def test_without_a_way_in_it_does_not_start(stage: Stage) -> None:
    ran = stage.console("serve", SLACK_SIGNING_SECRET="")
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert "SLACK_APP_TOKEN" in line
    assert "SLACK_SIGNING_SECRET" in line


def test_both_ways_may_be_open_at_once_and_each_only_if_it_was_asked_for(stage: Stage) -> None:
    assert stage.bot
    stage.bot.stop()
    both = stage.serve(SLACK_APP_TOKEN=APP_TOKEN)
    assert set(stage.http.get("/readyz").json()["checks"]) == {
        "database",
        "ticker",
        "token",
        "socket",
    }
    assert stage.slack.command(OWNER, "list")["acked"]
    assert stage.slack.get("world")["connected"] == 1
    body = command(stage, "list", "both.1")
    assert sent(stage, body, headers_for(body)).status_code == 200

    both.stop()
    stage.serve(SLACK_APP_TOKEN=APP_TOKEN, SLACK_SIGNING_SECRET="")
    assert sent(stage, body, headers_for(body)).status_code == 404
