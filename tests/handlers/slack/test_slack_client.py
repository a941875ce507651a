"""The client tells whether Slack takes the bot's token, whoever has asked for what."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from slack_sdk.errors import SlackApiError

from handlers.slack.client import HeardClient

SAID: dict[str, object] = {}


class _Slack(BaseHTTPRequestHandler):
    """Answers every method with what it is told to say."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(SAID).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Slack)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def client(address: str, heard: list[str]) -> HeardClient:
    made = HeardClient(token="xoxb-sandbox", base_url=address, retry_handlers=[])
    made.heard = heard.append
    return made


def slack_says(**said: object) -> None:
    SAID.clear()
    SAID.update(said)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_token_that_is_refused_is_told(client: HeardClient, heard: list[str], error: str) -> None:
    slack_says(ok=False, error=error)
    with pytest.raises(SlackApiError):
        client.users_info(user="U1")
    with pytest.raises(SlackApiError):
        client.views_open(trigger_id="1", view={})

    assert heard == [error, error]


def test_a_token_that_is_taken_is_told(client: HeardClient, heard: list[str]) -> None:
    slack_says(ok=True, user={})
    client.users_info(user="U1")

    assert heard == [""]


@pytest.mark.parametrize("error", ["internal_error", "missing_scope", "expired_trigger_id"])
def test_another_no_says_nothing_of_the_token(
    client: HeardClient, heard: list[str], error: str
) -> None:
    slack_says(ok=False, error=error)
    with pytest.raises(SlackApiError):
        client.users_info(user="U1")

    assert heard == []


def test_the_token_of_the_app_is_another(client: HeardClient, heard: list[str]) -> None:
    slack_says(ok=False, error="invalid_auth")
    with pytest.raises(SlackApiError):
        client.apps_connections_open(app_token="xapp-sandbox")

    assert heard == []
