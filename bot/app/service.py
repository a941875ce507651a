"""The running bot: its parts built, joined, started and stopped."""

import secrets
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

import handlers.http
import handlers.slack
from bot.app.base import (
    Base,
    explained,
    of_others_alone,
    open_base,
    slack_client,
    unreachable,
)
from bot.app.console import export_record
from bot.app.made import Made, keys_to_make, record_to_begin
from bot.app.signs import probes_of, signs_of
from bot.app.ways_in import (
    ask_workspace,
    cannot_listen,
    refused,
    require_tokens,
    require_ways_in,
)
from bot.clock import Clock, MovedClock
from bot.config import Config, read_config
from bot.domain.figures import counted
from bot.domain.messages import Posting
from bot.domain.refusals import Damaged
from bot.usecases import Deps, people, record, requests
from bot.usecases.record import Wanted
from handlers.cli import Failed
from handlers.delivery import Delivery, digest_now
from handlers.entrance import Entrance
from handlers.http.board import GateBoard
from handlers.http.server import Server
from handlers.pacing import Pacer
from handlers.slack.advice import APP_TOKEN
from handlers.slack.answers import AnswerAddress
from handlers.slack.clock import LONG_POLL, Follower
from handlers.slack.parts import MODAL_TIMEOUT, SlackParts
from handlers.slack.people import Directory
from handlers.slack.poster import Poster
from handlers.slack.publisher import Homes
from handlers.slack.quiet import QuietTimes
from handlers.slack.roll_call import RollCall
from handlers.slack.signed import SignedRequests
from handlers.slack.socket import WatchedSocket
from handlers.slack.timed import Answered
from handlers.slack.token_check import TokenCheck
from handlers.ticker import Ticker
from handlers.witness import Webhook, Witness
from store.migrate import excess_or_none, unguarded_or_none
from store.sqlite import file_or_none, is_open_to_others
from store.tenancy import Lead, held_alone
from store.unit_of_work import Changed

log = structlog.get_logger()

SIGNAL_LOOK: Final = 0.5  # seconds
PATIENCE: Final = 5.0  # seconds each part has to stop in
INGEST_THREADS: Final = 8


def serve() -> None:
    """Run the bot until SIGTERM or SIGINT. Raises Failed if it cannot start."""
    with explained(), ExitStack() as running:
        config = read_config()
        require_tokens(config)
        workspace = ask_workspace(config)
        keys = keys_to_make(config)
        if keys:  # in a new place, where nothing is to be left by a start that comes to nothing
            require_ways_in(config)
        base = open_base()
        running.callback(base.store.engine.dispose)  # a file of SQLite's is whole by itself then
        if foreign := of_others_alone(base.store, workspace):
            raise Failed(foreign)
        _warn_of_database(base.store.engine)
        made = [*record_to_begin(base, keys), *keys]
        Service(base, workspace, running).run(made)


class Service:
    """The running bot: started part by part, stopped in the opposite order."""

    def __init__(self, base: Base, workspace: str, running: ExitStack) -> None:
        config, clock = base.config, base.clock
        self._base = base
        self._running = running
        self._deps = base.deps(workspace)
        record.start_log(self._deps)
        requests.end_without_asker(self._deps)
        _bring_vacancies_up_to_date(self._deps)
        entrance = Entrance(clock)
        base.client.heard = entrance.hear
        poster = Poster(base.client, _answer_address(config))
        modals = slack_client(config, MODAL_TIMEOUT, entrance.hear)
        note_member = partial(people.note_member, self._deps)
        directory = Directory(modals, workspace, clock, note_member)
        roll_call = RollCall(self._deps, directory)
        self._lead = Lead(base.store.engine, workspace, clock.elapsed)
        self._ticker = Ticker(
            self._deps,
            clock,
            self._lead.is_ours,
            _witness(config, self._deps, clock),
            roll_call.look,
            TokenCheck(modals, clock).look,  # a stop waits for its answer
        )
        self._delivery = Delivery(
            self._deps,
            poster,
            Pacer(clock, config.channel_rate),
            QuietTimes(modals, clock),
            self._exporter(poster, directory),
            entrance,
            self._lead.is_ours,
        )
        self._board = GateBoard(self._deps, clock)
        self._homes = Homes(self._deps, base.client, directory, clock)
        slack = SlackParts(
            deps=self._deps,
            client=modals,
            directory=directory,
            answers=poster,
            posted=self._delivery.note_posted,
            homes=self._homes,
        )
        self._dispatch = ThreadPoolExecutor(handlers.slack.CONCURRENCY, "slack")
        self._answered = Answered(clock)
        self._slack = handlers.slack.build(slack, self._dispatch, self._answered)
        self._socket = self._watched_socket() if config.has_socket else None

    def run(self, made: Iterable[Made] = ()) -> None:
        """Run until a signal. What this start has made is logged: it may be the wrong folder."""
        self._lead.hold = self._running.enter_context(held_alone(self._base.store.engine))
        self._running.callback(self._lead.let_go)
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self._base.store.listeners.append(self._committed)
        self._start_board()
        self._start_clock()
        self._start_delivery()
        self._start_homes()
        self._leave_socket()
        place = self._start_http()
        self._start_socket()
        for each in made:
            say = log.warning if each.is_odd else log.info
            say(each.what, file=str(each.path.absolute()))
        log.info("serving", listen=place, workspace=self._deps.workspace)
        # Looked at, not only waited for: a signal given to another thread does not wake this one.
        while not stopping.wait(SIGNAL_LOOK):
            pass
        log.info("stopping")

    def _committed(self, changed: Changed) -> None:
        if changed.board_changed:
            self._board.refresh()
        if changed.has_messages:
            self._delivery.wake()
        self._homes.wake()

    def _start_board(self) -> None:
        self._board.start()
        self._running.callback(self._board.stop)

    def _start_clock(self) -> None:
        self._ticker.start()
        self._running.callback(self._ticker.stop)
        if isinstance(self._base.clock, MovedClock):
            client = slack_client(self._base.config, LONG_POLL)
            follower = Follower(client, self._base.clock, self._ticker.tick)
            follower.start()
            self._running.callback(follower.stop)

    def _leave_socket(self) -> None:
        # Left last: what was taken before the end is still acknowledged over it.
        if self._socket:
            self._running.callback(self._socket.close)

    def _start_delivery(self) -> None:
        self._delivery.start()
        self._running.callback(self._delivery.stop, PATIENCE)

    def _start_homes(self) -> None:
        self._homes.start()
        self._running.callback(self._homes.stop, PATIENCE)

    def _start_http(self) -> str:
        """Open the API and give where it listens."""
        ingest = ThreadPoolExecutor(INGEST_THREADS, "ingest")
        self._running.callback(ingest.shutdown, wait=True)
        self._running.callback(self._dispatch.shutdown, wait=True)
        app = handlers.http.build(
            self._deps,
            self._board,
            probes_of(self._deps, self._ticker, self._delivery, self._socket),
            self._base.clock,
            executor=ingest,
            from_slack=self._from_slack(),
            signs=signs_of(self._base, self._ticker, self._delivery, self._socket, self._answered),
        )
        config = self._base.config
        try:
            server = Server(app, config.address)
        except OSError as error:
            raise cannot_listen(config, error) from error
        server.start()
        self._running.callback(server.stop, PATIENCE)
        return server.place

    def _from_slack(self) -> handlers.http.FromSlack | None:
        config = self._base.config
        if not config.has_signing_secret:
            return None
        requests = SignedRequests(self._slack, config.signing_secret.get_secret_value())
        return handlers.http.FromSlack(requests, self._dispatch)

    def _watched_socket(self) -> WatchedSocket:
        return WatchedSocket(
            self._slack,
            self._base.config.app_token.get_secret_value(),
            self._base.client,
            self._dispatch,
            self._base.clock,
            salt=secrets.token_hex(8),
        )

    def _start_socket(self) -> None:
        if self._socket is None:
            return
        try:
            self._socket.open()
        except SlackApiError as error:
            raise refused(self._base.config, APP_TOKEN, error) from error
        except OSError as error:
            raise unreachable(self._base.config, error) from error

    def _exporter(self, poster: Poster, directory: Directory) -> Callable[[Posting], None]:
        def send(posting: Posting) -> None:
            with tempfile.TemporaryDirectory() as folder:
                written = Path(folder) / "record.zip"
                entries = export_record(self._deps, Wanted(), written, directory.names())
                # Each export is an entry, so no two records are called the same.
                path = written.rename(written.with_name(f"answerable-record-{entries}.zip"))
                held = counted(entries, "entry", "entries")
                comment = (
                    f"The record you asked for is {path.name}: {held}. README.txt in it says what "
                    "it holds and how to check it."
                )
                poster.send_file(posting.message.to, path, comment)

        return send


def _warn_of_database(engine: Engine) -> None:
    if is_open_to_others(engine):
        path = file_or_none(engine)
        log.warning("others_can_read_the_database", path=str(path), run=f"chmod 600 {path}*")
    excess = excess_or_none(engine)
    if excess:
        log.warning("the_database_grants_too_much", found=excess)
    unguarded = unguarded_or_none(engine)
    if unguarded:
        log.error("the_record_is_unguarded", found=unguarded)


def _bring_vacancies_up_to_date(deps: Deps) -> None:
    """Say by the settings of this start who names others. What is damaged holds up no start."""
    try:
        people.bring_vacancies_up_to_date(deps, partial(digest_now, deps))
    except Damaged as damaged:
        log.warning("what told of roles without a person stays as it is", reason=str(damaged))


def _witness(config: Config, deps: Deps, clock: Clock) -> Callable[[], None] | None:
    """Give what has checkpoints seen outside, or None if nobody there is to see them."""
    url = config.witness_url.get_secret_value()
    return Witness(deps, clock, Webhook(url)).look if url else None


def _answer_address(config: Config) -> AnswerAddress:
    if not config.is_loopback:
        return AnswerAddress()
    sandbox = urlsplit(config.slack_api_url)
    return AnswerAddress(f"{sandbox.scheme}://{sandbox.netloc}")
