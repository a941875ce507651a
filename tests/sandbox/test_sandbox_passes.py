"""What is good for a short time only: triggers and response URLs."""

import contextlib
import json
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.sandbox.sandbox_bench import Sandbox, SmallApp, modal

AT = {"user": "U0DANA", "channel": "C0AIWATCH"}


@pytest.fixture
def silent(brief: Sandbox) -> Iterator[ClientConnection]:
    """A connection that acks nothing by itself."""
    opened = brief.http.post(
        "/api/apps.connections.open", headers={"Authorization": "Bearer xapp-sandbox-answerable"}
    )
    with connect(opened.json()["url"]) as socket:
        hello = json.loads(socket.recv())
        assert hello["type"] == "hello"
        yield socket


def payload(socket: ClientConnection) -> dict[str, str]:
    envelope = json.loads(socket.recv())
    assert envelope["type"] == "slash_commands"
    return dict(envelope["payload"])


def test_a_trigger_opens_one_view_and_not_after_its_time(
    brief: Sandbox, silent: ClientConnection
) -> None:
    done = brief.post("command", **AT, text="x")
    assert not done["acked"]
    late = payload(silent)["trigger_id"]
    assert brief.error("views.open", trigger_id=late, view=modal()) == "expired_trigger_id"


def test_a_trigger_is_used_up_by_a_view_that_opens(sandbox: Sandbox, app: SmallApp) -> None:
    sandbox.post("command", **AT, text="x")
    trigger = app.of("command")[0]["trigger_id"]
    wrong = modal(title={"type": "plain_text", "text": "x" * 25})
    assert sandbox.error("views.open", trigger_id=trigger, view=wrong) == "invalid_arguments"
    assert sandbox.api("views.open", trigger_id=trigger, view=modal()).json()["ok"]
    assert sandbox.error("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert sandbox.error("views.push", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"


def test_a_response_url_takes_five_answers(brief: Sandbox, silent: ClientConnection) -> None:
    brief.post("command", **AT, text="x")
    url = payload(silent)["response_url"]
    answers = [brief.http.post(url, json={"text": f"answer {n}"}) for n in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [404]
    assert answers[5].json()["error"] == "used_url"
    assert brief.rows("ephemerals", user="U0DANA")[-1]["text"] == "answer 4"


def test_a_response_url_lives_half_an_hour_of_the_workspace(
    brief: Sandbox, silent: ClientConnection
) -> None:
    brief.post("command", **AT, text="x")
    url = payload(silent)["response_url"]
    brief.post("clock", forward_seconds=1800)
    assert brief.http.post(url, json={"text": "in time"}).status_code == 200
    brief.post("clock", forward_seconds=1)
    assert brief.http.post(url, json={"text": "late"}).json()["error"] == "expired_url"


def test_a_response_url_replaces_or_removes_what_was_clicked(
    brief: Sandbox, silent: ClientConnection
) -> None:
    posted = brief.say_buttons("U0TOMAS")
    where = {"user": "U0TOMAS", "channel": "D0TOMAS", "ts": posted["ts"], "action_id": "go"}
    brief.post("click", **where)
    url = json.loads(silent.recv())["payload"]["response_url"]
    assert (
        brief.http.post(url, json={"text": "no", "blocks": [{"type": "nope"}]}).status_code == 400
    )
    brief.http.post(url, json={"text": "Spent", "replace_original": True})
    message = brief.rows("messages", user="U0TOMAS")[0]
    assert (message["text"], message["blocks"]) == ("Spent", [])
    brief.http.post(url, json={"text": "for all", "response_type": "in_channel"})
    brief.http.post(url, json={"delete_original": True})
    assert [each["text"] for each in brief.rows("messages", user="U0TOMAS")] == ["for all"]


def test_an_event_that_is_never_acked_is_sent_four_times(
    brief: Sandbox, silent: ClientConnection
) -> None:
    brief.post("open_home", user="U0DANA")
    envelopes = [json.loads(silent.recv(timeout=2)) for _ in range(4)]
    assert [each["retry_attempt"] for each in envelopes] == [0, 1, 2, 3]
    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    assert len({each["envelope_id"] for each in envelopes}) == 4


def test_an_ack_that_comes_too_late_counts_for_nothing(
    brief: Sandbox, silent: ClientConnection
) -> None:
    done = brief.post("command", **AT, text="x")
    envelope = json.loads(silent.recv())
    silent.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "late"}}))
    brief.until(lambda: "late or repeated" in str(brief.get("log")["entries"][-1]["warnings"]))
    assert (done["acked"], done["ephemeral"]) == (False, None)


def test_a_connection_needs_its_ticket_and_there_are_ten(brief: Sandbox) -> None:
    headers = {"Authorization": "Bearer xapp-sandbox-answerable"}

    def url() -> str:
        return str(brief.http.post("/api/apps.connections.open", headers=headers).json()["url"])

    used = url()
    with contextlib.ExitStack() as opened:
        urls = [used, *(url() for _ in range(9))]
        sockets = [opened.enter_context(connect(each)) for each in urls]
        hellos = [json.loads(each.recv()) for each in sockets]
        assert [each["num_connections"] for each in hellos] == list(range(1, 11))
        eleventh = opened.enter_context(connect(url()))
        assert json.loads(eleventh.recv())["reason"] == "too_many_websockets"
        with pytest.raises(InvalidStatus, match="403"), connect(used):
            pass
    brief.until(lambda: brief.get("world")["connected"] == 0)


def test_a_warned_connection_is_used_only_if_it_is_the_last(
    brief: Sandbox, silent: ClientConnection
) -> None:
    assert brief.post("disconnect", reason="warning") == {"told": 1}
    assert json.loads(silent.recv())["reason"] == "warning"
    brief.post("command", **AT, text="still here")
    assert payload(silent)["text"] == "still here"
    assert brief.refused("disconnect", reason="bored")[0] == 400
