"""The controls, the process, and delivery over signed HTTP."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.acts.values import chosen, complaints, fill_in
from sandbox.wire import ControlError
from tests.sandbox.sandbox_bench import Sandbox, running

AT = {"user": "U0DANA", "channel": "C0AIWATCH"}


def test_the_world_shows_people_channels_and_time(brief: Sandbox) -> None:
    world = brief.get("world")
    assert world["team"]["id"] == "T0SANDBOX"
    assert {"U0DANA", "U0STRANGER"} <= {each["id"] for each in world["users"]}
    assert world["clock"]["iso"].startswith("2026-06-01T08:")
    assert world["connected"] == 0


def test_the_clock_only_moves_forward(sandbox: Sandbox) -> None:
    before = sandbox.get("world")["clock"]
    assert "only moves forward" in sandbox.refused("clock", to="2020-01-01T00:00:00Z")[1]
    assert sandbox.refused("clock", forward_seconds=-1)[0] == 400
    assert sandbox.refused("clock")[0] == 400
    assert sandbox.get("world")["clock"] == before
    moved = sandbox.post("clock", to="2027-01-01T00:00:00Z")
    assert (moved["iso"], moved["version"]) == ("2027-01-01T00:00:00Z", before["version"] + 1)


@pytest.mark.parametrize(
    "move",
    [
        {"forward_seconds": 1e30},
        {"forward_seconds": 10**400},
        {"to": "9999-12-31"},
        {"to": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_the_clock_goes_no_further_than_it_can_come_back_from(
    sandbox: Sandbox, move: dict[str, object]
) -> None:
    before = sandbox.get("world")["clock"]
    status, said = sandbox.refused("clock", **move)
    assert (status, "no further than 2100-01-01" in said or "too large" in said) == (400, True)
    assert sandbox.get("world")["clock"] == before


BAD: list[tuple[str, bytes, str]] = [
    ("clock", b'{"forward_seconds": null}', "`forward_seconds` must be a number, not null."),
    ("clock", b'{"forward_seconds": NaN}', "The clock goes no further"),
    ("clock", b'{"forward_working_hours": {}, "user": "U0DANA"}', "must be a number, not {}."),
    ("clock", b'{"to": "noon"}', "'noon' is no time: write it like 2026-06-01T08:00:00Z."),
    ("clock", b"[" * 100_000, "The body is nested too deep"),
    ("submit", b'{"user": "U0DANA", "view_id": "V", "values": 3}', "`values` must be an object"),
    ("event", b'{"event": 3}', "`event` must be an object, not 3."),
    ("event", b'{"event": {}}', "does not subscribe to"),
    ("shortcut", b'{"user": "U0DANA", "callback_id": {}}', "no global shortcut"),
    ("fault", b'{"method": "x", "kind": "sulk"}', "This is no fault: `kind`: input should be"),
    ("fault", b'{"method": 3, "kind": "500", "times": "many"}', "`times`: input should be"),
    ("user/U0DANA", b'{"tz": "Mars/Base"}', "`tz`: there is no time zone 'Mars/Base'."),
    ("user/U0DANA", b'{"deleted": true, "name": null}', "`name`: input should be a valid string."),
    ("channel/C0AIWATCH", b'{"members": 3}', "`members`: input should be a valid list."),
    ("guide", b'{"steps": 3}', "This is no guide: `steps`: input should be a valid list."),
]


@pytest.mark.parametrize(("path", "body", "words"), BAD)
def test_a_body_that_makes_no_sense_is_told_so_in_a_sentence(
    sandbox: Sandbox, path: str, body: bytes, words: str
) -> None:
    before = sandbox.get("world")
    headers = {"Content-Type": "application/json"}
    answer = sandbox.http.post(f"/sandbox/{path}", content=body, headers=headers)

    assert answer.status_code in {400, 404, 409}, answer.text
    said = answer.json()["error"]
    assert words in said
    assert "http" not in said
    assert sandbox.get("world") == before


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_another_sites_page_can_send_moves_nothing(sandbox: Sandbox, kind: str) -> None:
    before = sandbox.get("world")["clock"]["version"]
    answer = sandbox.http.post(
        "/sandbox/clock", content='{"forward_seconds": 60}', headers={"Content-Type": kind}
    )
    assert answer.status_code == 400
    assert "must be sent as application/json" in answer.json()["error"]
    assert sandbox.get("world")["clock"]["version"] == before


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", None),
        ("null", None),
        (None, "cross-site"),
        ("http://127.0.0.1:1", "same-site"),
    ],
)
def test_a_form_of_another_sites_page_does_nothing_even_without_a_body(
    sandbox: Sandbox, origin: str | None, site: str | None
) -> None:
    said = {"Origin": origin, "Sec-Fetch-Site": site}
    headers = {name: value for name, value in said.items() if value}
    before = sandbox.get("log")["last"]
    for way in ("story/end", "revoke", "advance"):
        answer = sandbox.http.post(f"/sandbox/{way}", headers=headers)
        assert answer.status_code == 403
        assert "Only the sandbox's own page acts here" in answer.json()["error"]
    assert sandbox.get("log")["last"] == before


def test_the_sandboxs_own_page_and_what_is_no_browser_act(sandbox: Sandbox) -> None:
    own = {"Origin": str(sandbox.http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    for headers in (own, {}):
        answer = sandbox.http.post("/sandbox/say", headers=headers, json={**AT, "text": "Hello."})
        assert answer.status_code == 200


def test_a_pattern_that_is_none_never_becomes_part_of_a_guide(sandbox: Sandbox) -> None:
    step = {"id": "a", "title": "A", "how": [], "signs": [{"kind": "command", "request": ["("]}]}
    status, said = sandbox.refused("guide", steps=[step])
    assert (status, "'(' is no pattern" in said) == (400, True)


def test_changes_answers_when_something_happens(sandbox: Sandbox) -> None:
    last = sandbox.get("log")["last"]
    assert sandbox.get("changes", after=last, timeout=0)["last"] == last
    timer = threading.Timer(0.05, sandbox.web.api_test)
    timer.start()
    query: dict[str, int] = {"after": last, "timeout": 20}
    answer = sandbox.http.get("/sandbox/changes", params=query, timeout=3)
    assert answer.json()["last"] == last + 1
    (entry,) = sandbox.get("log", after=last)["entries"]
    assert (entry["direction"], entry["method"], entry["status"]) == ("web_api", "api.test", 200)
    assert "xoxb" not in str(entry)


def test_a_channel_can_be_archived_and_people_changed(sandbox: Sandbox) -> None:
    sandbox.post("channel/C0AIWATCH", is_archived=True)
    assert sandbox.error("chat.postMessage", channel="C0AIWATCH", text="x") == "is_archived"
    sandbox.post("channel/C0AIWATCH", is_archived=False)
    assert sandbox.refused("user/U0DANA", id="U0OTHER")[0] == 400
    assert sandbox.refused("user/U0DANA", shoe_size=42)[0] == 400
    assert sandbox.refused("user/U0DANA", deleted="perhaps")[0] == 400


def test_somebody_is_not_to_be_disturbed_for_as_long_as_they_say(sandbox: Sandbox) -> None:
    now = sandbox.post("clock", forward_seconds=0)["now"]
    assert sandbox.api("dnd.info", user="U0DANA").json()["dnd_enabled"] is False
    sandbox.post("user/U0DANA", quiet_from=now, quiet_until=now + 60, snoozed_until=now + 30)
    said = sandbox.api("dnd.info", user="U0DANA").json()
    assert (said["dnd_enabled"], said["next_dnd_end_ts"]) == (True, now + 60)
    assert (said["snooze_enabled"], said["snooze_endtime"]) == (True, now + 30)
    sandbox.post("clock", forward_seconds=60)
    assert sandbox.api("dnd.info", user="U0DANA").json()["snooze_enabled"] is False


@pytest.fixture
def token(sandbox: Sandbox) -> Iterator[str]:
    """The bot's token, which is good again afterwards: the process is shared."""
    good = sandbox.web.token
    assert good
    yield good
    sandbox.post("revoke", bot=good)
    sandbox.web.token = good


def test_a_revoked_token_opens_nothing_and_the_next_one_does(sandbox: Sandbox, token: str) -> None:
    following = f"{token}-next"
    assert sandbox.post("revoke", bot=following) == {"revoked": True}
    for method in ("auth.test", "chat.postMessage", "views.open"):
        assert sandbox.error(method, channel="C0AIWATCH", text="x") == "token_revoked"
    sandbox.web.token = following
    assert sandbox.web.auth_test()["ok"]
    assert "xoxb" not in str(sandbox.get("log"))


def test_a_fault_must_make_sense(sandbox: Sandbox) -> None:
    assert sandbox.refused("fault", method="chat.postMessage", kind="drop_ack")[0] == 400
    assert sandbox.refused("fault", method="delivery", kind="500")[0] == 400
    assert sandbox.refused("fault", method="socket", kind="duplicate")[0] == 400
    assert sandbox.refused("fault", method="auth.test", kind="silent")[0] == 400
    assert sandbox.refused("fault", method="x", kind="sulk")[0] == 400
    assert sandbox.refused("fault", method="x")[1] == "The body lacks kind."


ELEMENTS: list[tuple[dict[str, Any], object, dict[str, Any]]] = [
    ({"type": "plain_text_input"}, "x", {"value": "x"}),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
    ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
    ({"type": "datepicker"}, "2026-06-01", {"selected_date": "2026-06-01"}),
    ({"type": "timepicker"}, "08:00", {"selected_time": "08:00"}),
    ({"type": "multi_users_select"}, ["U1"], {"selected_users": ["U1"]}),
]


@pytest.mark.parametrize(
    ("element", "simple", "value"), ELEMENTS, ids=[row[0]["type"] for row in ELEMENTS]
)
def test_a_simple_value_becomes_slacks(
    element: dict[str, Any], simple: object, value: dict[str, Any]
) -> None:
    assert chosen(element, simple) == {"type": element["type"], **value}


OFFER = [{"text": {"type": "plain_text", "text": n}, "value": n} for n in ("a", "b")]


def form(element: dict[str, Any], **parts: object) -> dict[str, Any]:
    block = {"type": "input", "block_id": "b", "element": {"action_id": "x", **element}, **parts}
    return {"blocks": [block], "state": {"values": {}}}


@pytest.mark.parametrize(
    ("kind", "simple", "name", "picked"),
    [
        ("static_select", "b", "selected_option", OFFER[1]),
        ("radio_buttons", "a", "selected_option", OFFER[0]),
        ("checkboxes", ["a", "b"], "selected_options", OFFER),
        ("multi_static_select", "a", "selected_options", [OFFER[0]]),
    ],
)
def test_only_what_is_offered_can_be_chosen(
    kind: str, simple: object, name: str, picked: object
) -> None:
    view = form({"type": kind, "options": OFFER})
    assert fill_in(view, {"b": simple})["b"]["x"] == {"type": kind, name: picked}
    with pytest.raises(ControlError, match="there is a, b"):
        fill_in(view, {"b": "c"})


def test_an_untouched_input_reports_its_initial_value() -> None:
    view = form({"type": "static_select", "options": OFFER, "initial_option": OFFER[1]})
    assert fill_in(view, {})["b"]["x"]["selected_option"] == OFFER[1]
    assert fill_in(form({"type": "plain_text_input"}), {})["b"]["x"]["value"] is None


@pytest.mark.parametrize(
    ("element", "simple", "sentence"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 1}, "ab", "at most 1"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "a number"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "1"},
            "1.5",
            "at most 1",
        ),
        ({"type": "email_text_input"}, "dana", "email"),
        ({"type": "url_text_input"}, "ftp://x", "http"),
        ({"type": "users_select"}, "", "required"),
    ],
)
def test_slacks_client_judges_what_was_typed(
    element: dict[str, Any], simple: str, sentence: str
) -> None:
    view = form(element)
    values = fill_in(view, {"b": simple})
    assert sentence in complaints(view, values)["b"]
    free = form({"type": "users_select"}, optional=True)
    assert complaints(free, fill_in(free, {})) == {}


def test_only_loopback_names_are_served(brief: Sandbox) -> None:
    elsewhere = brief.http.get("/sandbox/world", headers={"Host": "evil.example"})
    assert elsewhere.status_code == 400
    assert brief.http.get("/sandbox/world", headers={"Host": "localhost:1"}).status_code == 200


def test_the_process_refuses_a_real_looking_token() -> None:
    environment = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-real-looking"}
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN looks like one of a real workspace" in done.stderr
    assert "xoxb-real-looking" not in done.stderr


def test_the_process_ends_at_once_and_without_a_word_though_somebody_waits(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=Path(__file__).parents[2],
        )
    with process:
        assert process.stdout
        sandbox = Sandbox(json.loads(process.stdout.readline())["url"])
        last = sandbox.get("log")["last"]
        answered: list[Any] = []
        waiting = [
            threading.Thread(target=lambda: answered.append(sandbox.rows("changes", after=last))),
            threading.Thread(target=lambda: answered.append(_ask_the_time(sandbox))),
        ]
        for each in waiting:
            each.start()
        time.sleep(0.3)  # nothing tells that a question has come in and waits
        process.terminate()
        process.wait(5)
        for each in waiting:
            each.join(5)
        sandbox.http.close()
    assert len(answered) == 2
    assert errors.read_text("utf-8") == ""


def _ask_the_time(sandbox: Sandbox) -> object:
    return sandbox.web.api_call("sandbox.clock", params={"after": 1}).data


class _Receiver(BaseHTTPRequestHandler):
    seen: list[tuple[dict[str, str], bytes]]
    statuses: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((dict(self.headers), body))
        answer = b'{"text": "heard"}'
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_parts: object) -> None:
        """Stay quiet."""


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[_Receiver]]]:
    handler = type("Receiver", (_Receiver,), {"seen": [], "statuses": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/slack/events", handler
        server.shutdown()
        thread.join()


def test_without_a_socket_delivery_is_signed_http_and_retried(
    tmp_path: Path, receiver: tuple[str, type[_Receiver]]
) -> None:
    url, heard = receiver
    with running(tmp_path, "--events-url", url, "--retry-factor", "0") as sandbox:
        sandbox.post("clock", forward_seconds=86_400)
        done = sandbox.post("command", **AT, text="hi")
        headers, body = heard.seen[0]
        verifier = SignatureVerifier("sandbox-signing-secret")
        assert verifier.is_valid_request(body, {k.lower(): v for k, v in headers.items()})
        assert parse_qs(body.decode())["text"] == ["hi"]
        assert done["ephemeral"] == "heard"
        heard.statuses += [500, 503]
        assert not sandbox.post("open_home", user="U0DANA")["acked"]
        sandbox.until(lambda: len(heard.seen) == 4)
        attempts = [each.get("X-Slack-Retry-Num") for each, _body in heard.seen[1:]]
        assert attempts == [None, "1", "2"]
