"""Answers go to Slack's own address or the sandbox's, and nowhere that one points to."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.domain.messages import Lost, Undeliverable
from bot.rendering.render import Rendered
from handlers.slack.answers import AnswerAddress, send_answer

SANDBOX = AnswerAddress("http://127.0.0.1:7000")
SAID = Rendered("Recorded.", [])


def test_slacks_own_address_is_taken() -> None:
    AnswerAddress().require("https://hooks.slack.com/actions/T0/1/x")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/actions/T0/1/x",
        "https://hooks.slack.com:444/x",
        "https://hooks.slack.com@evil.example/x",
        "https://evil.example\\@hooks.slack.com/x",
        "https://hooks.slack.com\\@evil.example/x",
        "https://anybody@hooks.slack.com/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.hooks.slack.com/x",
        "https://hooks-slack.com/x",
        "https://hooks.slack.com./x",
        "https://hooks.sl\u0430ck.com/x",
        "https://evil.example/hooks.slack.com",
        "https://evil.example/?https://hooks.slack.com/",
        "https://evil.example#@hooks.slack.com/",
        "https:hooks.slack.com/x",
        "https://[::1/x",
        "file:///etc/passwd",
        "http://127.0.0.1:7000/response/x",
        "http://localhost/x",
        "",
    ],
)
def test_what_only_looks_like_it_is_refused(url: str) -> None:
    with pytest.raises(Undeliverable):
        AnswerAddress().require(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_beside_a_sandbox_its_own_port_is_taken_under_any_name_of_this_machine(host: str) -> None:
    SANDBOX.require(f"http://{host}:7000/response/x")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:7001/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1:7000/x",
        "http://anybody@127.0.0.1:7000/x",
        "http://127.0.0.1.evil.example:7000/x",
        "http://127.0.0.1:70000/x",
        "http://169.254.169.254/x",
        "https://hooks.slack.com/x",
    ],
)
def test_beside_a_sandbox_nothing_else_is(url: str) -> None:
    with pytest.raises(Undeliverable):
        SANDBOX.require(url)


class Door(BaseHTTPRequestHandler):
    """Answers as its address says: `/302` points elsewhere, `/hang-up` says nothing."""

    heard: list[str]

    def do_POST(self) -> None:
        self.heard.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        code = self.path.removeprefix("/")
        if not code.isdigit():
            self.close_connection = True
            return
        self.send_response(int(code))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"no")

    do_GET = do_POST  # noqa: N815 -- the name that the base class looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    Door.heard = []
    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_answer_arrives(base: str) -> None:
    send_answer(f"{base}/200", SAID, 5)
    assert Door.heard == ["/200"]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(base: str, code: int) -> None:
    with pytest.raises(Undeliverable, match=str(code)):
        send_answer(f"{base}/{code}", SAID, 5)
    assert Door.heard == [f"/{code}"]


@pytest.mark.parametrize("code", [404, 410, 500])
def test_an_address_that_is_spent_is_no_reason_to_try_again(base: str, code: int) -> None:
    with pytest.raises(Undeliverable, match="refused"):
        send_answer(f"{base}/{code}", SAID, 5)


def test_whether_a_lost_answer_arrived_is_not_known(base: str) -> None:
    with pytest.raises(Lost):
        send_answer(f"{base}/hang-up", SAID, 5)
