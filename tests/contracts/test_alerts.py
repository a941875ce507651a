"""Each alert holds once what it is about has come about, and not before: by real parts, scraped."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Final

import pytest
import structlog
import yaml
from sqlalchemy import event, text
from worlds import CRITICAL, World

from bot.app.reach import LONG_WAIT
from bot.app.signs import Soundness
from bot.app.stored import LONGEST_UNSEEN
from bot.clock import MovedClock
from bot.domain.messages import NotNow, Posting, Shown, ShutOut, Undeliverable
from bot.domain.obligations import ObligationKind
from bot.rendering.render import Rendered
from bot.usecases import witness
from handlers.delivery import Delivery
from handlers.entrance import Entrance
from handlers.http import build
from handlers.http.board import GateBoard
from handlers.http.health import Probes
from handlers.http.metrics import KEPT, Signs
from handlers.pacing import Pacer
from handlers.slack.timed import Answered
from handlers.ticker import Ticker
from tests.alerts import holds
from tests.engines import on_sqlite
from tests.exposition import Exposed, parse
from tests.handlers.http.http_bench import Client

# Parts that never ask which engine there is; what they read is tried on both elsewhere.
pytestmark = on_sqlite

ALERTS: Final = Path(__file__).resolve().parents[2] / "docs/alerts.yml"
CONDITIONS: Final[Mapping[str, str]] = {
    rule["alert"]: rule["expr"]
    for group in yaml.safe_load(ALERTS.read_text())["groups"]
    for rule in group["rules"]
}


@dataclass
class Hands:
    """The days go by with the world's clock, the seconds by hand."""

    days: MovedClock
    seconds: float = 0
    kind: str = "sandbox"

    def now(self) -> datetime:
        return self.days.now()

    def keep(self, moment: datetime) -> None:
        self.days.keep(moment)

    def elapsed(self) -> float:
        return self.seconds


@dataclass
class Slack:
    """Takes what is sent, or raises the trouble it is in; nobody minds to be disturbed."""

    trouble: Exception | None = None
    hears: bool = True

    def send(self, posting: Posting, _rendered: Rendered) -> Shown | None:
        if self.trouble:
            raise self.trouble
        return posting.shown or Shown("C1", f"{posting.id}.0")

    def people(self) -> frozenset[str]:
        return frozenset()

    def holds(self, _user_id: str) -> bool:
        return False


@dataclass
class Bot:
    """The parts of a process, and what a scrape of it is told."""

    world: World
    clock: Hands
    slack: Slack
    ticker: Ticker
    delivery: Delivery
    board: GateBoard
    client: Client

    def scrape(self) -> Exposed:
        """Look when what was read before is too old to be given again."""
        self.clock.seconds += KEPT
        self.board.refresh()
        return parse(self.client.get("/metrics").text)

    def work_off(self) -> None:
        while self.delivery.deliver_next():
            pass

    def change(self, statement: str) -> None:
        with self.world.deps.store.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.fixture
def bot(live: World) -> Iterator[Bot]:
    """A bot to which nothing is the matter: it ticks, all is said, and somebody outside saw it."""
    deps, clock, slack = live.deps, Hands(live.clock), Slack()
    ticker, board = Ticker(deps, clock, lambda: True), GateBoard(deps, clock)
    pacer, entrance = Pacer(clock, inf), Entrance(clock)
    delivery = Delivery(deps, slack, pacer, slack, lambda _: None, entrance, lambda: True)
    signs = Signs(
        version="1.2.3",
        engine="sqlite",
        has_witness=True,
        leads=ticker.has_led,
        since_tick=ticker.since_tick,
        is_let_in=delivery.is_let_in,
        messages=lambda: {"sent": delivery.sent, "given_up": delivery.given_up},
        answers=Answered(clock).so_far,
        socket=lambda: slack.hears,
    )
    probes = Probes(Soundness(deps), ticker=lambda: True, token=lambda: True)
    with (
        structlog.testing.capture_logs(),
        ThreadPoolExecutor(1) as executor,
        asyncio.Runner() as runner,
    ):
        app = build(deps, board, probes, clock, executor=executor, signs=signs)
        made = Bot(live, clock, slack, ticker, delivery, board, Client(app, runner))
        ticker.tick()
        made.work_off()
        checkpoint = witness.take_for_witness(deps)
        assert checkpoint
        witness.record_witnessed(deps, checkpoint)
        yield made


def another_leads(bot: Bot) -> None:
    bot.ticker.leads = lambda: False
    bot.ticker.tick()


def ticks_fail(bot: Bot) -> None:
    bot.change("ALTER TABLE obligation RENAME TO aside")
    bot.clock.seconds += 61
    bot.ticker.tick()


def the_database_gives_no_figures(bot: Bot) -> None:
    bot.change("ALTER TABLE obligation RENAME TO aside")


def the_database_takes_nothing_in(bot: Bot) -> None:
    def refuse(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(bot.world.deps.store.engine, "checkout", refuse)


def gates_cannot_be_read(bot: Bot) -> None:
    bot.change("ALTER TABLE head RENAME TO aside")


def the_token_is_revoked(bot: Bot) -> None:
    bot.slack.trouble = ShutOut("token_revoked")
    bot.world.raises()
    bot.work_off()


def the_socket_is_silent(bot: Bot) -> None:
    bot.slack.hears = False


def slack_has_too_much_for_long(bot: Bot) -> None:
    bot.slack.trouble = NotNow("ratelimited", 30, is_too_much=True)
    bot.world.raises()
    for _ in range(3):
        bot.work_off()
        bot.clock.seconds += 300
        bot.change("UPDATE outbox SET available_at = available_at - 300, put_at = put_at - 300")
    bot.work_off()


def a_channel_is_gone(bot: Bot) -> None:
    bot.slack.trouble = Undeliverable("channel_not_found")
    bot.world.raises()
    bot.work_off()


def an_output_is_judged_critical(bot: Bot) -> None:
    bot.world.answers_round(1, CRITICAL)


def a_round_is_not_answered(bot: Bot) -> None:
    bot.world.clock.move(bot.world.owed(ObligationKind.REVIEW, 1).due_at)


def nobody_answers_for_a_week(bot: Bot) -> None:
    bot.world.clock.move(bot.world.owed(ObligationKind.REVIEW, 1).due_at + timedelta(days=8))
    bot.ticker.tick()


def nobody_outside_sees_the_record(bot: Bot) -> None:
    bot.world.pauses()
    bot.world.clock.move(bot.world.clock.now() + timedelta(minutes=16))


BROUGHT_ABOUT: Final[Mapping[str, Callable[[Bot], None]]] = {
    "AnswerableNobodyLeads": another_leads,
    "AnswerableTickStale": ticks_fail,
    "AnswerableDatabaseDown": the_database_gives_no_figures,
    "AnswerableDatabaseTakesNothing": the_database_takes_nothing_in,
    "AnswerableGatesUnseen": gates_cannot_be_read,
    "AnswerableNotLetIn": the_token_is_revoked,
    "AnswerableSocketClosed": the_socket_is_silent,
    "AnswerableOutboxStuck": slack_has_too_much_for_long,
    "AnswerableMessagesGivenUp": a_channel_is_gone,
    "AnswerableCriticalBreachUnacknowledged": an_output_is_judged_critical,
    "AnswerableOverdueGrows": a_round_is_not_answered,
    "AnswerableOverdueForDays": nobody_answers_for_a_week,
    "AnswerableWitnessStale": nobody_outside_sees_the_record,
}


def test_each_alert_is_tried() -> None:
    assert BROUGHT_ABOUT.keys() == CONDITIONS.keys()


def test_the_doctor_finds_a_wait_as_long_as_the_alert_does() -> None:
    assert CONDITIONS["AnswerableOutboxStuck"].endswith(f"> {LONG_WAIT}")
    unseen = int(LONGEST_UNSEEN.total_seconds())
    assert CONDITIONS["AnswerableWitnessStale"].endswith(f"> {unseen}")


@pytest.mark.parametrize("alert", BROUGHT_ABOUT)
def test_an_alert_holds_once_what_it_is_about_has_come_about(bot: Bot, alert: str) -> None:
    before = bot.scrape()
    assert [each for each, what in CONDITIONS.items() if holds(what, before, before)] == []
    BROUGHT_ABOUT[alert](bot)
    assert holds(CONDITIONS[alert], bot.scrape(), before)


def test_with_no_process_at_all_nobody_leads() -> None:
    nothing = Exposed({})
    assert [each for each, what in CONDITIONS.items() if holds(what, nothing, nothing)] == [
        "AnswerableNobodyLeads"
    ]
