"""The composition root: builds the parts from the settings and joins them."""

import secrets
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import handlers.http
import handlers.slack
from bot.clock import Clock, MovedClock, SystemClock
from bot.config import LOOPBACK, ClockKind, Config, Misconfigured, read_config
from bot.domain.messages import Posting
from bot.domain.people import Circle
from bot.domain.tokens import PREFIX
from bot.keys import SigningKey, draw_key, signing_key
from bot.rendering.bundle import write_bundle
from bot.usecases import Deps, record
from bot.usecases.record import OtherClock, Wanted
from handlers.cli import Failed
from handlers.delivery import Delivery, Pacer
from handlers.http.board import GateBoard
from handlers.http.bodies import parse_json
from handlers.http.health import Probes
from handlers.http.problems import Problem
from handlers.slack.clock import LONG_POLL, Follower, read_clock
from handlers.slack.parts import MODAL_TIMEOUT, SlackParts
from handlers.slack.people import Directory
from handlers.slack.poster import SLACK_HOST, TIMEOUT, Poster
from handlers.ticker import Ticker
from store.engine import Store, UnusableDatabase, connect
from store.migrate import is_current, migrate
from store.unit_of_work import Changed, Stamp

log = structlog.get_logger()

PATIENCE: Final = 5.0  # seconds each part has to stop in
INGEST_THREADS: Final = 8


@dataclass(frozen=True, slots=True)
class Base:
    """What the service and the console commands both stand on."""

    config: Config
    client: WebClient
    clock: Clock
    store: Store
    key: SigningKey

    def deps(self, workspace: str) -> Deps:
        circle = Circle(admins=self.config.admins, auditors=self.config.auditors)
        return Deps(self.store, workspace, circle, draw_key(self.config.draw_key_file))


@contextmanager
def explained() -> Iterator[None]:
    """Turn what an operator can mend into Failed, which is said in one line."""
    try:
        yield
    except (Misconfigured, UnusableDatabase, OtherClock) as error:
        raise Failed(str(error)) from error


def open_base() -> Base:
    """Build what everything stands on; the database is brought up to date. Raises Failed."""
    with explained():
        config = read_config()
        engine = connect(config.database_url)
        migrate(engine)
        key = signing_key(config.signing_key_file)
        client = _client(config, TIMEOUT)
        clock = _clock(config, client)
        store = Store(engine, clock, Stamp(version("answerable"), key.sign_checkpoint))
    return Base(config, client, clock, store, key)


def open_deps() -> Deps:
    """Give the use cases' dependencies for the one workspace in the database. Raises Failed."""
    base = open_base()
    workspaces = base.store.workspaces()
    if len(workspaces) != 1:
        raise Failed(
            "no workspace is known yet: run `answerable serve` once, so that Slack names it"
            if not workspaces
            else f"the database holds {len(workspaces)} workspaces; this command works for one"
        )
    return base.deps(workspaces[0])


def migrate_database() -> str:
    base = open_base()
    return f"{base.store.engine.url.database} is up to date"


def log_vkey() -> str:
    """Give the line by which an auditor checks the log's signatures."""
    base = open_base()
    return base.key.vkey(record.log_name(open_deps()))


def export_record(deps: Deps, wanted: Wanted, target: Path) -> int:
    """Write the record to a file and give the number of entries in it. Raises Failed."""
    with explained():
        key = signing_key(read_config().signing_key_file)
    try:
        with target.open("wb") as file, record.read_record(deps, wanted) as found:
            write_bundle(found, key.vkey(found.origin), file)
            return len(found.entries)
    except OSError as error:
        raise Failed(f"cannot write {target}: {error.strerror}") from error


def decode_line(line: bytes) -> object:
    """Read one line of JSON as the HTTP side reads a body. Raises ValueError with a sentence."""
    try:
        return parse_json(line)
    except Problem as problem:
        raise ValueError(str(problem)) from problem


def new_token() -> tuple[str, str]:
    """Give a public id and a secret for a new token."""
    return secrets.token_hex(6), PREFIX + secrets.token_urlsafe(32)


def serve() -> None:
    """Run the bot until SIGTERM or SIGINT. Raises Failed if it cannot start."""
    base = open_base()
    workspace = _ask_workspace(base)
    _require_own_database(base, workspace)
    with explained(), ExitStack() as running:
        Service(base, workspace, running).run()


class Service:
    """The running bot: started part by part, stopped in the opposite order."""

    def __init__(self, base: Base, workspace: str, running: ExitStack) -> None:
        config, clock = base.config, base.clock
        self._base = base
        self._running = running
        self._deps = base.deps(workspace)
        record.start_log(self._deps, config.clock)
        poster = Poster(base.client, _answer_hosts(config))
        self._ticker = Ticker(self._deps, clock)
        self._delivery = Delivery(
            self._deps, poster, Pacer(clock, config.channel_rate), self._exporter(poster)
        )
        self._board = GateBoard(self._deps, clock)
        slack = SlackParts(
            deps=self._deps,
            client=_client(config, MODAL_TIMEOUT),
            directory=Directory(_client(config, MODAL_TIMEOUT), workspace, clock),
            answers=poster,
            posted=self._delivery.note_posted,
        )
        self._socket = SocketModeHandler(
            handlers.slack.build(slack),
            config.app_token.get_secret_value(),
            web_client=base.client,
            concurrency=handlers.slack.CONCURRENCY,
        )

    def run(self) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self._base.store.listeners.append(self._committed)
        self._start_board()
        self._start_clock()
        self._start_delivery()
        self._start_http()
        self._start_socket()
        log.info("serving", listen=self._base.config.listen, workspace=self._deps.workspace)
        stopping.wait()
        log.info("stopping")

    def _committed(self, changed: Changed) -> None:
        if changed.board_changed:
            self._board.refresh()
        if changed.has_messages:
            self._delivery.wake()

    def _start_board(self) -> None:
        self._board.start()
        self._running.callback(self._board.stop)

    def _start_clock(self) -> None:
        self._ticker.start()
        self._running.callback(self._ticker.stop)
        if isinstance(self._base.clock, MovedClock):
            client = _client(self._base.config, LONG_POLL)
            follower = Follower(client, self._base.clock, self._ticker.tick)
            follower.start()
            self._running.callback(follower.stop)

    def _start_delivery(self) -> None:
        self._delivery.start()
        self._running.callback(self._delivery.stop, PATIENCE)

    def _start_http(self) -> None:
        ingest = ThreadPoolExecutor(INGEST_THREADS, "ingest")
        self._running.callback(ingest.shutdown, wait=True)
        engine = self._base.store.engine
        probes = Probes(
            database=lambda: is_current(engine),
            ticker=self._ticker.is_healthy,
            socket=self._socket_is_open,
        )
        app = handlers.http.build(
            self._deps, self._board, probes, self._base.clock, executor=ingest
        )
        door = _listen(self._base.config)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [door]}, name="http", daemon=True
        )
        thread.start()
        self._running.callback(thread.join, PATIENCE)
        self._running.callback(setattr, server, "should_exit", True)  # noqa: FBT003 -- its flag

    def _start_socket(self) -> None:
        remarks = self._socket.client.logger
        remarks.disabled = True  # what is wrong at the start is said once, and here
        try:
            self._socket.connect()  # type: ignore[no-untyped-call] # Bolt's
        except SlackApiError as error:
            raise Failed(f"Slack refused SLACK_APP_TOKEN: {error.response['error']}") from error
        except OSError as error:
            raise _unreachable(self._base, error) from error
        finally:
            remarks.disabled = False
        self._running.callback(self._socket.close)

    def _socket_is_open(self) -> bool:
        return self._socket.client.is_connected()

    def _exporter(self, poster: Poster) -> Callable[[Posting], None]:
        def send(posting: Posting) -> None:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "answerable-record.zip"
                entries = export_record(self._deps, Wanted(), path)
                comment = f"The record you asked for: {entries} entries."
                poster.send_file(posting.message.to, path, comment)

        return send


def _client(config: Config, timeout: float) -> WebClient:
    # The SDK's own retries post twice when an answer is lost: the outbox decides that, not it.
    return WebClient(
        token=config.bot_token.get_secret_value(),
        base_url=config.slack_api_url,
        timeout=timeout,  # type: ignore[arg-type] # the SDK hands it to urllib, which takes parts
        retry_handlers=[],
    )


def _clock(config: Config, client: WebClient) -> Clock:
    if config.clock is ClockKind.SYSTEM:
        return SystemClock()
    try:
        return MovedClock(read_clock(client))
    except SlackApiError as error:
        raise Misconfigured(
            f"ANSWERABLE_CLOCK=sandbox, but {config.slack_api_url} does not tell the time to "
            f"SLACK_BOT_TOKEN: {error.response['error']}"
        ) from error
    except OSError as error:
        raise Misconfigured(
            f"ANSWERABLE_CLOCK=sandbox, but no sandbox answers at {config.slack_api_url}"
        ) from error


def _ask_workspace(base: Base) -> str:
    try:
        return str(base.client.auth_test()["team_id"])
    except SlackApiError as error:
        raise Failed(f"Slack refused SLACK_BOT_TOKEN: {error.response['error']}") from error
    except OSError as error:
        raise _unreachable(base, error) from error


def _require_own_database(base: Base, workspace: str) -> None:
    """Refuse a database of other workspaces only: a token of the wrong team starts no new log."""
    others = base.store.workspaces()
    if others and workspace not in others:
        raise Failed(
            f"the database {base.store.engine.url.database} holds the record of "
            f"{', '.join(others)}, but SLACK_BOT_TOKEN is of {workspace}: use that team's "
            "token, or another database"
        )


def _unreachable(base: Base, error: OSError) -> Failed:
    return Failed(f"Slack cannot be reached at {base.config.slack_api_url}: {error}")


def _answer_hosts(config: Config) -> frozenset[str]:
    return LOOPBACK if config.is_loopback else frozenset({SLACK_HOST})


def _listen(config: Config) -> socket.socket:
    # Said in full: asyncio turns Nagle off only for sockets that name TCP, and it costs 40 ms.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(config.address)
    except OSError as error:
        door.close()
        raise Misconfigured(
            f"ANSWERABLE_LISTEN: cannot listen on {config.listen}: {error.strerror}"
        ) from error
    return door
