"""The Web API as an app meets it."""

import json
import re
import threading
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import URLError

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.sandbox_bench import APP_TOKEN, BOT_TOKEN, Sandbox, modal, running


def test_every_encoding_of_a_call_is_understood(sandbox: Sandbox) -> None:
    bearer = {"Authorization": f"Bearer {BOT_TOKEN}"}
    empty = sandbox.http.post(
        "/api/auth.test", headers={**bearer, "Content-Type": "application/json"}
    )
    form = sandbox.http.post("/api/users.info", data={"token": BOT_TOKEN, "user": "U0DANA"})
    assert empty.json()["bot_id"] == "B0ANSWERABLE"
    assert form.json()["user"]["tz"] == "America/Chicago"
    blocks = json.dumps([{"type": "divider"}])
    posted = sandbox.http.post(
        "/api/chat.postMessage",
        headers=bearer,
        data={"channel": "C0AIWATCH", "text": "x", "blocks": blocks},
    )
    assert posted.json()["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-sandbox-other", "auth.test", "invalid_auth"),
        ("xoxb-1234-real", "auth.test", "invalid_auth"),
        (APP_TOKEN, "chat.postMessage", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        (BOT_TOKEN, "chat.scheduleMessage", "unknown_method"),
    ],
)
def test_a_call_needs_the_right_token(
    sandbox: Sandbox, token: str, method: str, error: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert sandbox.http.post(f"/api/{method}", headers=headers).json()["error"] == error


def test_a_call_beyond_the_manifest_says_which_scope_it_needs(sandbox: Sandbox) -> None:
    body = sandbox.api("conversations.list").json()
    assert body["error"] == "missing_scope"
    assert body["needed"] == "channels:read"
    assert body["provided"].split(",") == [
        "chat:write",
        "commands",
        "dnd:read",
        "files:write",
        "im:write",
        "users:read",
    ]
    private = sandbox.api("conversations.list", types="public_channel,private_channel").json()
    assert private["needed"] == "channels:read,groups:read"


@pytest.mark.parametrize(
    ("method", "body", "error"),
    [
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0ARCHIVED", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U0ANSWERABLE", "text": "x"}, "cannot_dm_bot"),
        ("chat.postMessage", {"channel": "C0AIWATCH"}, "no_text"),
        (
            "chat.postMessage",
            {"channel": "C0AIWATCH", "text": "x", "blocks": "["},
            "invalid_blocks_format",
        ),
        (
            "chat.postMessage",
            {"channel": "C0AIWATCH", "text": "x", "thread_ts": "1.1"},
            "thread_not_found",
        ),
        ("chat.update", {"channel": "C0AIWATCH", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0AIWATCH", "ts": "1.1"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": "C0AIWATCH", "user": "U0GONE", "text": "x"},
            "user_not_in_channel",
        ),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.info", {}, "invalid_arguments"),
        ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0DANA,U0BEN"}, "missing_scope"),
        ("views.open", {"trigger_id": "no", "view": modal()}, "invalid_trigger_id"),
        ("views.publish", {"user_id": "U0DANA", "view": modal()}, "invalid_arguments"),
        ("views.update", {"view_id": "V0", "view": modal()}, "not_found"),
        ("files.getUploadURLExternal", {"filename": "x", "length": 0}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F0"}]}, "file_not_found"),
    ],
)
def test_slack_says_no_in_its_own_words(
    sandbox: Sandbox, method: str, body: dict[str, Any], error: str
) -> None:
    assert sandbox.error(method, **body) == error


def test_refused_blocks_come_with_slacks_explanation(sandbox: Sandbox) -> None:
    with pytest.raises(SlackApiError) as caught:
        sandbox.web.chat_postMessage(channel="C0AIWATCH", text="x", blocks=[{"type": "nope"}])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: nope [json-pointer:/blocks/0/type]"
    ]


def test_a_post_to_a_person_lands_in_their_conversation(sandbox: Sandbox) -> None:
    answer = sandbox.web.chat_postMessage(channel="U0BEN", text="Hello")
    assert answer["channel"] == "D0BEN"
    assert sandbox.rows("messages", user="U0BEN")[-1]["text"] == "Hello"
    assert sandbox.web.conversations_open(users="U0BEN")["channel"]["id"] == "D0BEN"


def test_a_post_to_a_deactivated_person_succeeds_and_is_frowned_at(sandbox: Sandbox) -> None:
    assert sandbox.web.chat_postMessage(channel="U0GONE", text="Hello")["ok"]
    assert "deactivated" in sandbox.get("log")["entries"][-1]["warnings"][0]


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("Look <!channel>", ["<!channel"]),
        ("<!here> and <!subteam^S1>", ["<!here", "<!subteam"]),
        ("Due <!date^1764579600^{date}|1 December>", []),
    ],
)
def test_a_post_that_reaches_many_people_is_frowned_at(
    sandbox: Sandbox, text: str, loud: list[str]
) -> None:
    sandbox.web.chat_postMessage(channel="C0AIWATCH", text=text)
    warnings = " ".join(sandbox.get("log")["entries"][-1]["warnings"])
    assert [
        each for each in ("<!here", "<!channel", "<!subteam", "<!date") if each in warnings
    ] == (loud)


def test_every_message_has_a_ts_of_its_own(sandbox: Sandbox) -> None:
    stamps = [sandbox.say_buttons("C0AIWATCH")["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))
    now = sandbox.get("world")["clock"]["now"]
    assert all(re.fullmatch(rf"{now}\.\d{{6}}", each) for each in stamps)


def test_an_update_keeps_what_was_there_before(sandbox: Sandbox) -> None:
    case = {"event_type": "other", "event_payload": {"id": 7}}
    first = sandbox.say_buttons("C0AIWATCH", metadata=case)
    sandbox.web.chat_update(channel="C0AIWATCH", ts=first["ts"], text="Done")
    message = sandbox.rows("messages", channel="C0AIWATCH")[-1]
    assert (message["text"], message["blocks"], message["versions"]) == ("Done", [], 2)
    assert message["metadata"] == case
    assert message["edited"]["ts"] > first["ts"]
    assert (
        sandbox.error("chat.update", channel="C0AIWATCH", ts=first["ts"], text="x" * 4001)
        == "msg_too_long"
    )


def test_only_the_apps_own_messages_can_be_changed(sandbox: Sandbox) -> None:
    said = sandbox.post("say", user="U0DANA", channel="C0AIWATCH", text="mine")
    where = {"channel": "C0AIWATCH", "ts": said["ts"]}
    assert sandbox.error("chat.update", **where, text="x") == "cant_update_message"
    assert sandbox.error("chat.delete", **where) == "cant_delete_message"


def test_an_ephemeral_message_can_neither_be_read_nor_changed(sandbox: Sandbox) -> None:
    where = {"channel": "C0AIWATCH", "text": "psst"}
    ts = sandbox.api("chat.postEphemeral", user="U0DANA", **where).json()["message_ts"]
    assert sandbox.error("chat.update", ts=ts, **where) == "message_not_found"
    shown = sandbox.rows("ephemerals", user="U0DANA")[-1]
    assert (shown["text"], shown["via"]) == ("psst", "postEphemeral")
    assert sandbox.rows("ephemerals", user="U0BEN") == []


def test_a_deleted_message_is_gone(sandbox: Sandbox) -> None:
    ts = sandbox.say_buttons("C0AIWATCH")["ts"]
    link = sandbox.web.chat_getPermalink(channel="C0AIWATCH", message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/C0AIWATCH/p{ts.replace('.', '')}")
    sandbox.web.chat_delete(channel="C0AIWATCH", ts=ts)
    assert all(each["ts"] != ts for each in sandbox.rows("messages", channel="C0AIWATCH"))


def test_people_are_who_the_world_says(sandbox: Sandbox) -> None:
    users = {each["id"]: each for each in sandbox.web.users_list()["members"]}
    assert users["U0GUEST"]["is_restricted"]
    assert users["U0GONE"]["deleted"]
    assert "tz" not in users["U0GONE"]
    assert users["U0STRANGER"]["is_stranger"]
    assert users["U0STRANGER"]["team_id"] != users["U0DANA"]["team_id"]
    assert users["U0ANSWERABLE"]["is_bot"]
    assert users["U0KENJI"]["tz_offset"] == 9 * 3600


def test_lists_come_in_pages(sandbox: Sandbox) -> None:
    seen: list[str] = []
    for page in sandbox.web.users_list(limit=5):
        assert len(page["members"]) <= 5
        seen += [each["id"] for each in page["members"]]
    assert len(seen) == len(set(seen)) == len(sandbox.get("world")["users"])


def test_a_file_reaches_a_conversation_in_three_steps(sandbox: Sandbox) -> None:
    channel = sandbox.web.conversations_open(users="U0INES")["channel"]["id"]
    sandbox.web.files_upload_v2(
        channel=channel,
        content="a,b\n1,2\n",
        filename="record.csv",
        title="The record",
        initial_comment="Here",
    )
    message = sandbox.rows("messages", user="U0INES")[-1]
    assert message["text"] == "Here"
    file = next(each for each in sandbox.rows("files") if each["name"] == "record.csv")
    assert (file["title"], file["size"], file["channels"]) == ("The record", 8, ["D0INES"])
    assert sandbox.http.get(f"/sandbox/files/{file['id']}").content == b"a,b\n1,2\n"


def test_a_home_tab_is_published_and_guarded_by_its_hash(sandbox: Sandbox) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = sandbox.web.views_publish(user_id="U0KENJI", view=home)["view"]
    second = sandbox.web.views_publish(user_id="U0KENJI", view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    stale = {"user_id": "U0KENJI", "view": home, "hash": first["hash"]}
    assert sandbox.error("views.publish", **stale) == "hash_conflict"
    assert sandbox.get("home", user="U0KENJI")["hash"] == second["hash"]


def test_posts_beyond_the_pace_are_told_when_to_come_back(brief: Sandbox) -> None:
    answers = [brief.api("chat.postMessage", channel="C0AIWATCH", text="x") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[3].json() == {"ok": False, "error": "ratelimited"}
    assert answers[3].headers["Retry-After"] == "1"
    assert brief.api("chat.postMessage", channel="U0DANA", text="x").status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ({"kind": "429", "retry_after": 7}, 429, "ratelimited"),
        ({"kind": "500"}, 500, "internal_error"),
        ({"kind": "error", "error": "fatal_error"}, 200, "fatal_error"),
    ],
)
def test_a_fault_breaks_one_call(
    sandbox: Sandbox, fault: dict[str, Any], status: int, error: str
) -> None:
    before = len(sandbox.rows("messages", channel="C0AIWATCH"))
    sandbox.post("fault", method="chat.postMessage", **fault)
    broken = sandbox.api("chat.postMessage", channel="C0AIWATCH", text="x")
    assert (broken.status_code, broken.json()["error"]) == (status, error)
    assert broken.headers.get("Retry-After") == (
        str(fault["retry_after"]) if status == 429 else None
    )
    assert len(sandbox.rows("messages", channel="C0AIWATCH")) == before
    assert sandbox.api("chat.postMessage", channel="C0AIWATCH", text="x").json()["ok"]


@pytest.mark.parametrize(("kind", "kept"), [("reset_before", 0), ("reset_after", 1)])
def test_a_broken_connection_may_or_may_not_have_counted(
    sandbox: Sandbox, kind: str, kept: int
) -> None:
    before = len(sandbox.rows("messages", channel="C0AIWATCH"))
    sandbox.post("fault", method="chat.postMessage", kind=kind)
    with pytest.raises((RemoteDisconnected, ConnectionError, URLError)):
        sandbox.web.chat_postMessage(channel="C0AIWATCH", text="lost")
    assert len(sandbox.rows("messages", channel="C0AIWATCH")) == before + kept


@pytest.mark.parametrize(("kind", "kept"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_call_that_hangs_may_or_may_not_have_counted(
    sandbox: Sandbox, kind: str, kept: int
) -> None:
    before = len(sandbox.rows("messages", channel="C0AIWATCH"))
    sandbox.post("fault", method="chat.postMessage", kind=kind)
    body = {"channel": "C0AIWATCH", "text": "x", "token": BOT_TOKEN}
    with pytest.raises(Exception, match="timed out"):
        sandbox.http.post("/api/chat.postMessage", json=body, timeout=0.1)
    assert len(sandbox.rows("messages", channel="C0AIWATCH")) == before + kept


def test_the_clock_answers_when_it_moves(sandbox: Sandbox) -> None:
    first = sandbox.api("sandbox.clock").json()
    with httpx.Client(base_url=sandbox.url, trust_env=False) as other:
        forward = {"forward_seconds": 3600}
        move = threading.Timer(0.1, lambda: other.post("/sandbox/clock", json=forward))
        move.start()
        body = {"after": first["version"], "token": BOT_TOKEN}
        answer = sandbox.http.post("/api/sandbox.clock", json=body, timeout=3).json()
        move.join()
    version = first["version"] + 1
    assert answer == {"ok": True, "now": first["now"] + 3600, "version": version}


def test_a_scope_grants_channels_the_app_is_no_member_of(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    with running(folder) as strict:
        assert strict.error("chat.postMessage", channel="C0GENERAL", text="x") == "not_in_channel"
        strict.post("channel/C0GENERAL", members=["U0ANSWERABLE"])
        assert strict.api("chat.postMessage", channel="C0GENERAL", text="x").json()["ok"]
