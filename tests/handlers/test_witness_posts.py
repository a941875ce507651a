"""Checkpoints posted where somebody outside sees them, over HTTP to a server that takes them."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from worlds import World, a_live_world

from bot import verify
from bot.config import Misconfigured, read_config
from bot.domain.refusals import Busy
from handlers.ticker import Ticker
from handlers.witness import PAUSE, Webhook, Witness
from store.memory import KeyMemory

SECRET = "T0/B0/wh-secret"


@dataclass
class Channel:
    """Where the witness reads: it takes what is posted, or answers with a status of its own."""

    url: str = ""
    said: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@pytest.fixture
def channel() -> Iterator[Channel]:
    made = Channel()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.said.append(body["text"])
            self.send_response(made.statuses.pop(0) if made.statuses else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            made.said.append("was led astray")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/{SECRET}"
    yield made
    server.shutdown()
    server.server_close()


class Watch:
    """Seconds that are told."""

    def __init__(self) -> None:
        self.seconds = 5.0

    def elapsed(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def witness(live: World, channel: Channel, watch: Watch) -> Witness:
    live.deps.store.memory = KeyMemory(live.path.with_name("signing.key"))
    return Witness(live.deps, watch, Webhook(channel.url))


def test_what_is_posted_can_be_copied_to_a_file_and_given_to_the_verifier(
    witness: Witness, channel: Channel, live: World, tmp_path: Path
) -> None:
    witness.look()
    (said,) = channel.said
    assert f"has {len(live.entries())} entries" in said
    copied = tmp_path / "copied.note"
    for ending in ("", "\n", "\r\n\r\n"):
        copied.write_text(said.split("```")[1].strip() + ending)
        (given,) = [verify._given(copied, verify.parse_checkpoint, verify.CHECKPOINT_FILE)]  # noqa: SLF001 -- as --checkpoint
        assert given.size == len(live.entries())


def test_it_is_posted_once_and_again_when_the_log_has_grown_after_a_minute(
    witness: Witness, channel: Channel, live: World, watch: Watch
) -> None:
    for _ in range(3):
        witness.look()
        watch.seconds += PAUSE
    assert len(channel.said) == 1

    for _ in range(4):
        live.reports(1)
        witness.look()
        watch.seconds += PAUSE / 4
    assert len(channel.said) == 2, "once a minute at most"
    watch.seconds += PAUSE
    witness.look()
    assert len(channel.said) == 3, "the last is not left out"


@pytest.mark.parametrize("status", [302, 307, 400, 404, 429, 500])
def test_what_is_not_known_to_have_arrived_is_posted_again(
    witness: Witness, channel: Channel, watch: Watch, status: int
) -> None:
    channel.statuses.append(status)
    with capture_logs() as logged:
        witness.look()
        witness.look()
    assert len(channel.said) == 1, "not before a minute has passed"
    assert [line["event"] for line in logged] == ["not witnessed"]
    watch.seconds += PAUSE
    witness.look()
    watch.seconds += PAUSE
    witness.look()
    assert channel.said == [channel.said[0]] * 2


def test_nobody_there_is_logged_without_the_address(
    live: World, watch: Watch, channel: Channel
) -> None:
    with capture_logs() as logged:
        for url in ("http://127.0.0.1:9/wh-secret", f"{channel.url}\x01wh-secret"):
            Witness(live.deps, watch, Webhook(url)).look()
    assert [line["event"] for line in logged] == ["not witnessed"] * 2
    assert "wh-secret" not in str(logged)
    assert channel.said == []


def test_a_store_that_is_busy_is_asked_again_at_the_next_look(
    witness: Witness, channel: Channel, live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy("other changes are being recorded")

    with monkeypatch.context() as held:
        held.setattr(type(live.deps.store), "begin", busy)
        witness.look()
    assert channel.said == []
    witness.look()
    assert len(channel.said) == 1


def test_the_operator_is_told_once_that_nothing_is_recorded(live: World, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    longer = a_live_world(other)
    longer.pauses()
    with longer.deps.store.read(longer.deps.workspace) as reading:
        note = reading.log.last_checkpoint().note
    live.deps.store.memory = KeyMemory(live.path.with_name("signing.key"))
    live.deps.store.memory.keep(live.deps.workspace, note)
    live.clock.move(live.clock.now() + timedelta(days=30))
    ticker = Ticker(live.deps, Watch(), lambda: True)

    with capture_logs() as logged:
        for _ in range(3):
            ticker.tick()
    assert [line["event"] for line in logged] == ["nothing is recorded"]
    assert "answerable recover" in logged[0]["reason"]
    assert not ticker.is_healthy()


@pytest.mark.parametrize(
    ("url", "slack"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", "https://slack.com/api/"),
        ("http://127.0.0.1:8081/x", "http://127.0.0.1:8081/api/"),
        ("", "https://slack.com/api/"),
    ],
)
def test_a_witness_is_reached_in_private_or_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str, slack: str
) -> None:
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setenv("ANSWERABLE_WITNESS_URL", url)
    config = read_config()
    assert config.witness_url.get_secret_value() == url
    assert "services" not in repr(config)


@pytest.mark.parametrize(
    ("url", "slack"),
    [
        ("http://hooks.slack.com/services/T0/B0/wh-secret", "https://slack.com/api/"),
        ("http://127.0.0.1:8081/wh-secret", "https://slack.com/api/"),
        ("http://example.org/wh-secret", "http://127.0.0.1:8081/api/"),
        ("https:///wh-secret", "https://slack.com/api/"),
        ("https://example.org/wh-secret\x7f", "https://slack.com/api/"),
        ("https://example.org/wh-secret x", "https://slack.com/api/"),
        ("https://example.org/wh-secret…", "https://slack.com/api/"),
        ("file:///wh-secret", "http://127.0.0.1:8081/api/"),
        ("wh-secret", "http://127.0.0.1:8081/api/"),
    ],
)
def test_another_address_is_no_witness_and_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, url: str, slack: str
) -> None:
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setenv("ANSWERABLE_WITNESS_URL", url)
    with pytest.raises(Misconfigured, match="ANSWERABLE_WITNESS_URL") as refused:
        read_config()
    assert "wh-secret" not in str(refused.value)
