"""One life of a bot's process: its real parts, built as the service builds them."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from slack_bolt import App, BoltRequest, BoltResponse
from sqlalchemy import Engine

import handlers.slack
from bot.app.base import slack_client
from bot.config import Config
from bot.domain.people import Actor, Circle, Origin
from bot.domain.tokens import Token
from bot.keys import SigningKey
from bot.usecases import Deps, people, record
from handlers.delivery import POLL, Delivery
from handlers.entrance import Entrance
from handlers.http.board import GateBoard
from handlers.http.gate import MODE, evaluated
from handlers.pacing import Pacer
from handlers.slack.answers import AnswerAddress
from handlers.slack.parts import MODAL_TIMEOUT, SlackParts
from handlers.slack.people import Directory
from handlers.slack.poster import TIMEOUT, Poster
from handlers.slack.publisher import Homes
from handlers.slack.quiet import QuietTimes
from handlers.slack.timed import Answered
from handlers.ticker import Ticker
from sandbox.wire import Json
from store.engine import Store
from store.tenancy import Lead
from store.unit_of_work import Changed, Stamp
from tests.sim.baton import Baton, Event
from tests.sim.server import API, TEAM, URL

ADMIN, AUDITOR = "U0ADMIN", "U0AUDITOR"
SETTINGS: Final = Config(
    SLACK_BOT_TOKEN="xoxb-sandbox-answerable",  # type: ignore[call-arg]
    SLACK_API_URL=API,
    admins=frozenset({ADMIN}),
    auditors=frozenset({AUDITOR}),
)


@dataclass(eq=False)
class Skewed:
    """The clock of a replica's machine: the simulation's, and wrong by so many seconds.

    As the system's own it never tells less than the record it has seen.
    """

    baton: Baton
    begins_at: datetime
    wrong_by: float = 0.0
    _least: datetime | None = None

    @property
    def kind(self) -> str:
        return "system"

    def now(self) -> datetime:
        told = self.begins_at + timedelta(seconds=self.baton.now + self.wrong_by)
        return max(told, self._least or told)

    def keep(self, moment: datetime) -> None:
        self._least = max(moment, self._least or moment)

    def elapsed(self) -> float:
        return self.baton.now


class AtOnce(Executor):
    """Bolt's executor, of which it makes no use where it commits before it acknowledges."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kept: Any) -> Future[Any]:  # noqa: ANN401
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kept))
        return done


class Looking(Event):
    """How long the board's loop waits: it looks all the time, and here while anybody asks it."""

    def __init__(self, baton: Baton, asked_at: Callable[[], float]) -> None:
        super().__init__(baton)
        self._asked_at = asked_at

    def wait(self, timeout: float) -> bool:
        return super().wait(max(timeout, self._asked_at() - self._baton.now))

    def hurry(self) -> None:
        """Have it look now: somebody is about to ask."""
        for actor in self._waiting:
            self._baton.wake(actor)


@dataclass(eq=False)
class Replica:
    """A running bot. `name` is that of this life: after a crash it begins another one."""

    name: str
    baton: Baton
    engine: Engine
    clock: Skewed
    key: SigningKey
    draw_key: bytes
    asked_at: Callable[[], float]
    deps: Deps = field(init=False)
    app: App = field(init=False)
    board: GateBoard = field(init=False)
    delivery: Delivery = field(init=False)
    ticker: Ticker = field(init=False)

    def __post_init__(self) -> None:
        entropy = Random(self.name).randbytes  # noqa: S311 -- nothing here is secret
        stamp = Stamp("0.1.0", self.key.sign_checkpoint)
        store = Store(self.engine, self.clock, stamp, entropy)
        circle = Circle(admins=SETTINGS.admins, auditors=SETTINGS.auditors)
        self.deps = deps = Deps(store, TEAM, circle, self.draw_key)
        clock, entrance = self.clock, Entrance(self.clock)
        client = slack_client(SETTINGS, TIMEOUT, entrance.hear)
        modals = slack_client(SETTINGS, MODAL_TIMEOUT, entrance.hear)
        poster = Poster(client, AnswerAddress(URL))
        directory = Directory(modals, TEAM, clock, partial(people.note_member, deps))
        lead = Lead(Served(self.engine), TEAM, clock.elapsed)  # type: ignore[arg-type]
        self.ticker = Ticker(deps, clock, lead.is_ours)
        self.delivery = Delivery(
            deps,
            poster,
            Pacer(clock, SETTINGS.channel_rate),
            QuietTimes(modals, clock),
            _no_export,
            entrance,
            lead.is_ours,
            _news=Event(self.baton, idles_for="messages"),  # type: ignore[arg-type]
            _stopping=Event(self.baton),  # type: ignore[arg-type]
        )
        stopping = Looking(self.baton, self.asked_at)
        self.board = GateBoard(deps, clock, _stopping=stopping)  # type: ignore[arg-type]
        parts = SlackParts(
            deps=deps,
            client=modals,
            directory=directory,
            answers=poster,
            posted=self.delivery.note_posted,
            homes=Homes(deps, client, directory, clock),
        )
        self.app = handlers.slack.build(parts, AtOnce(), Answered(clock))
        store.listeners.append(self._committed)

    def begin(self) -> None:
        """Begin as the service does, and have the loops run, each in a thread of its own."""
        record.start_log(self.deps)
        self.board.refresh()
        loops = {"board": self.board._keep_looking, "sender": self.delivery._run}  # noqa: SLF001
        for name, loop in {**loops, "ticker": self._tick}.items():
            self.baton.start(f"{self.name} {name}", loop, self.name)

    def dispatch(self, payload: Json) -> BoltResponse:
        """Have Bolt handle what Slack sent, as the socket and the HTTP door do."""
        return self.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))

    def gate(self, workflow: str, token: Token) -> Json | None:
        """Give what a pipeline is told, None for a 503: its own default applies then."""
        view = self.board.fresh_view_or_none()
        return None if view is None else evaluated(token, view, workflow + MODE)

    def knows(self, token: Token) -> bool:
        """Tell whether this bot was asked with that token before, or heard of it."""
        view = self.board.fresh_view_or_none()
        return view is None or token.hash in view.tokens

    def pipeline(self, token: Token) -> Actor:
        return Actor(Origin.TOKEN, token.id)

    def _tick(self) -> None:
        while True:
            self.ticker.tick()
            self.baton.sleep(POLL, idles_for="duties")

    def _committed(self, changed: Changed) -> None:
        if changed.board_changed:
            self.board.refresh()
        if changed.has_messages:
            self.delivery.wake()


@dataclass(frozen=True)
class Served:
    """An engine as one of a server's: who leads is asked there, by a lock of a session."""

    engine: Engine

    @property
    def dialect(self) -> "Served":
        return self

    @property
    def name(self) -> str:
        return "postgresql"


def _no_export(_posting: object) -> None:
    raise NotImplementedError("nobody here asks for an export")
