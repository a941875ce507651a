"""A sandbox process, somebody at its controls, and a small real app that connects to it."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml
from slack_bolt import Ack, App, BoltRequest, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

Json = dict[str, Any]

BOT_TOKEN = "xoxb-sandbox-answerable"
APP_TOKEN = "xapp-sandbox-answerable"
MANIFEST: Json = {
    "display_information": {"name": "Small app"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "small"},
        "slash_commands": [
            {
                "command": "/answerable",
                "description": "Answer",
                "usage_hint": "[form | later | other] [what]",
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {
                "name": "Raise a concern",
                "type": "message",
                "callback_id": "concern",
                "description": "x",
            }
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["chat:write", "commands", "dnd:read", "files:write", "im:write", "users:read"]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "user_change",
                "channel_archive",
                "message_metadata_posted",
            ],
            "metadata_subscriptions": [{"app_id": "*", "event_type": "case"}],
        }
    },
}


class Sandbox:
    """A running sandbox and the person at its controls."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=10)
        self.web = WebClient(token=BOT_TOKEN, base_url=f"{url}/api/", retry_handlers=[])

    def post(self, path: str, **body: object) -> Json:
        response = self.http.post(f"/sandbox/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, path: str, **body: object) -> tuple[int, str]:
        response = self.http.post(f"/sandbox/{path}", json=body)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["error"]

    def get(self, path: str, **query: str | int) -> Json:
        return dict(self._shown(path, **query))

    def rows(self, path: str, **query: str | int) -> list[Json]:
        return list(self._shown(path, **query))

    def _shown(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 (JSON)
        response = self.http.get(f"/sandbox/{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def api(self, method: str, **body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        return self.http.post(f"/api/{method}", json=body, headers=headers)

    def error(self, method: str, **body: object) -> str:
        return str(self.api(method, **body).json()["error"])

    def say_buttons(self, channel: str = "U0DANA", **extra: object) -> Json:
        """Post a message with one button and return Slack's answer."""
        button = {
            "type": "button",
            "action_id": "go",
            "value": "1",
            "text": {"type": "plain_text", "text": "Go"},
        }
        block = {"type": "actions", "block_id": "acts", "elements": [button]}
        body = self.api("chat.postMessage", channel=channel, text="Go?", blocks=[block], **extra)
        return body.json()

    def until(self, happened: Callable[[], object], seconds: float = 3.0) -> None:
        """Wait for something the log will show; fail if it does not come."""
        end, last = time.monotonic() + seconds, 0  # noqa: TID251 (a test's own patience)
        while not happened():
            assert time.monotonic() < end, "it never happened"  # noqa: TID251
            last = self.get("changes", after=last, timeout=1)["last"]


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[Sandbox]:
    manifest = folder / "manifest.yml"
    manifest.write_text(yaml.safe_dump(MANIFEST))
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--manifest", str(manifest)]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    try:
        assert process.stdout is not None
        sandbox = Sandbox(json.loads(process.stdout.readline())["url"])
        yield sandbox
        sandbox.http.close()
    finally:
        process.kill()
        process.communicate()


def modal(callback_id: str = "form", **extra: object) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Next"},
        "blocks": [
            {
                "type": "input",
                "block_id": "why",
                "label": {"type": "plain_text", "text": "Why"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
        **extra,
    }


class SmallApp:
    """A real Bolt app over Slack's own Socket Mode client; `heard` is what reached it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.heard: list[tuple[str, Json]] = []
        self.retries: list[str] = []
        self.app = App(
            client=sandbox.web,
            process_before_response=True,
            ignoring_self_events_enabled=False,
        )
        self._listen()
        self.handler = SocketModeHandler(self.app, APP_TOKEN)
        self.handler.connect()

    def close(self) -> None:
        # slack_sdk's reader thread may already have let go of the socket it closes here.
        with contextlib.suppress(AttributeError):
            self.handler.close()

    def of(self, kind: str) -> list[Json]:
        return [body for heard, body in self.heard if heard == kind]

    def _listen(self) -> None:
        @self.app.command("/answerable")
        def command(ack: Ack, body: Json, client: WebClient, respond: Respond) -> None:
            self.heard.append(("command", body))
            if body["text"] == "form":
                client.views_open(trigger_id=body["trigger_id"], view=modal())
                ack()
            elif body["text"] == "later":
                respond("By response URL")
                ack()
            else:
                ack(f"You said {body['text']}")

        @self.app.action({"action_id": "go"})
        def action(ack: Ack, body: Json) -> None:
            self.heard.append(("action", body))
            ack()

        @self.app.view("form")
        def form(ack: Ack, body: Json) -> None:
            self.heard.append(("form", body))
            self._answer_form(ack, body["view"]["state"]["values"]["why"]["text"]["value"])

        @self.app.view_closed("form")
        def closed(ack: Ack, body: Json) -> None:
            self.heard.append(("closed", body))
            ack()

        @self.app.shortcut("concern")
        def concern(ack: Ack, body: Json) -> None:
            self.heard.append(("concern", body))
            ack()

        for kind in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
            self.app.event(kind)(self._event)

    def _event(self, event: Json, request: BoltRequest) -> None:
        self.heard.append((event["type"], event))
        self.retries += request.headers.get("x-slack-retry-num", [])

    def _answer_form(self, ack: Ack, answer: str) -> None:
        following = modal(title={"type": "plain_text", "text": "Second"})
        broken = modal(title={"type": "plain_text", "text": "x" * 25})
        acks: dict[str, Json] = {
            "errors": {"response_action": "errors", "errors": {"why": "Say more."}},
            "update": {"response_action": "update", "view": following},
            "push": {"response_action": "push", "view": following},
            "clear": {"response_action": "clear"},
            "broken": {"response_action": "update", "view": broken},
        }
        ack(**acks.get(answer, {}))
