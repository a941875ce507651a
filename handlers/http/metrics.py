"""What a Prometheus is told: how the bot does, and how much is owed, by figures alone.

Labels are words of the product, each of a short list that is fixed here: no person, no workflow, no
output. So there are as many series as there are rows in these lists, whoever registers what.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final

import structlog
from fastapi import FastAPI, Response

from bot.clock import Clock
from bot.domain.breaches import BreachState
from bot.domain.durations import Durations
from bot.domain.gate import GateState
from bot.domain.messages import Sending
from bot.domain.obligations import ObligationKind
from bot.usecases import Deps
from bot.usecases.metrics import Figures, Witnessing, read_figures
from handlers.http.board import GateBoard
from handlers.http.exposition import (
    MEDIA_TYPE,
    Family,
    Sample,
    counters,
    exposed,
    gauge,
    gauges,
    histograms,
)
from handlers.http.health import Probes

log = structlog.get_logger()

KEPT: Final = 5.0  # seconds: however often anybody scrapes, the database is read no more often
PATIENCE: Final = 1.0  # seconds one scrape waits for the reading of another
_NOT_CLOSED: Final = (BreachState.OPEN, BreachState.ACKNOWLEDGED, BreachState.DECIDED)
_UNSETTLED: Final = (Sending.READY, Sending.SENDING, Sending.UNKNOWN)
_SPEC: Final[dict[int | str, dict[str, object]]] = {
    200: {
        "description": "Prometheus' text format.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Signs:
    """What the process knows of itself without asking anybody.

    `since_tick` gives None before the first good tick, `socket` is None where Slack comes in by
    HTTP. `messages` are those that were sent and given up since the start, `answers` those that
    Slack's requests were given.
    """

    version: str
    engine: str
    has_witness: bool
    leads: Callable[[], bool]
    since_tick: Callable[[], float | None]
    is_let_in: Callable[[], bool]
    messages: Callable[[], Mapping[str, int]]
    answers: Callable[[], Mapping[str, Durations]]
    socket: Callable[[], bool] | None = None


@dataclass
class Census:
    """Reads the figures of the database, and keeps what it has read for a few seconds.

    `is_ready` asks of the database what readiness does, as seldom: it takes the writer's seat.
    """

    deps: Deps
    clock: Clock
    is_ready: Callable[[], bool]
    was_ready: bool = False
    _figures: Figures | None = None
    _read_at: float = -inf
    _is_failing: bool = False
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def figures_or_none(self) -> Figures | None:
        """Give the figures, or None if the database does not give them, or takes too long to."""
        if not self._one_at_a_time.acquire(timeout=PATIENCE):
            return None
        try:
            if self.clock.elapsed() - self._read_at >= KEPT:
                self._figures = self._read_or_none()
                self.was_ready = self._figures is not None and self.is_ready()
                self._read_at = self.clock.elapsed()
            return self._figures
        finally:
            self._one_at_a_time.release()

    def _read_or_none(self) -> Figures | None:
        try:
            figures = read_figures(self.deps)
        except Exception as error:  # noqa: BLE001 -- the outer edge: it is told as a figure
            if not self._is_failing:  # said once, not with every scrape
                log.warning("figures cannot be read", error=type(error).__name__)
            self._is_failing = True
            return None
        self._is_failing = False
        return figures


def register(
    app: FastAPI, deps: Deps, board: GateBoard, probes: Probes, clock: Clock, signs: Signs
) -> None:
    """Mount the one address, as open as the probes' are: it tells no secret and names nobody."""
    census = Census(deps, clock, probes.is_database_ready)
    started, begun = clock.now(), clock.elapsed()

    @app.get("/metrics", response_class=Response, responses=_SPEC)
    def metrics() -> Response:
        """Give the figures as they are now; if the database is away, those of the process."""
        uptime = clock.elapsed() - begun
        families = (
            gauge(
                "answerable_start_time_seconds",
                "When this process started, in seconds since 1970.",
                started.timestamp(),
            ),
            *_of_process(signs, uptime),
            gauge(
                "answerable_gates_seen",
                "Whether this process sees the gates; if not, it answers 503 for them.",
                board.fresh_view_or_none() is not None,
            ),
            *_of_database(census, has_witness=signs.has_witness),
        )
        return Response(exposed(families), media_type=MEDIA_TYPE)


def _of_process(signs: Signs, uptime: float) -> Iterator[Family]:
    since_tick = signs.since_tick()
    yield gauge(
        "answerable_build_info",
        "Which version runs, and on which engine. Always 1.",
        1,
        {"version": signs.version, "engine": signs.engine},
    )
    yield gauge(
        "answerable_leading",
        "Whether this process leads: it sends, and asks what is due.",
        signs.leads(),
    )
    yield gauge(
        "answerable_tick_age_seconds",
        "Seconds since a tick ended well, or since the start if none has yet.",
        uptime if since_tick is None else since_tick,
    )
    yield gauge(
        "answerable_slack_let_in",
        "Whether Slack takes the bot's token, as far as its last answer has shown.",
        signs.is_let_in(),
    )
    if signs.socket:
        yield gauge(
            "answerable_socket_open", "Whether Slack is heard on the socket.", signs.socket()
        )
    yield counters(
        "answerable_messages_total",
        "Messages that this process has sent to Slack, or given up.",
        "result",
        signs.messages(),
    )
    yield histograms(
        "answerable_slack_answer_seconds",
        "Seconds in which this process answered Slack's requests, from when it began on each.",
        "result",
        signs.answers(),
    )


def _of_database(census: Census, *, has_witness: bool) -> Iterator[Family]:
    figures = census.figures_or_none()
    yield gauge(
        "answerable_database_up",
        "Whether the database gives the figures that follow; without it they are left out.",
        figures is not None,
    )
    yield gauge(
        "answerable_database_ready",
        "Whether it also takes changes in, and is as this version needs it.",
        figures is not None and census.was_ready,
    )
    if figures is not None:
        yield from _of_figures(figures, has_witness=has_witness)


def _of_figures(figures: Figures, *, has_witness: bool) -> Iterator[Family]:
    yield gauge("answerable_log_entries", "Entries in the record.", figures.entries)
    yield gauges(
        "answerable_gates",
        "Workflows, by the state of their gate.",
        "state",
        {state.value: figures.gates.get(state, 0) for state in GateState},
    )
    yield from _of_obligations(figures)
    yield _of_breaches(figures)
    yield gauges(
        "answerable_outbox_messages",
        "Messages that are neither sent nor given up.",
        "state",
        {state.value: figures.messages.get(state, 0) for state in _UNSETTLED},
    )
    yield gauge(
        "answerable_outbox_wait_seconds",
        "Seconds since the oldest message was put that is neither sent nor given up; "
        "of direct messages only those about something critical count.",
        figures.longest_wait,
    )
    if has_witness:
        yield from _of_witness(figures.witnessing)


def _of_obligations(figures: Figures) -> Iterator[Family]:
    owed = {kind.value: figures.owed.get(kind) for kind in ObligationKind}
    yield gauges(
        "answerable_obligations_open",
        "Obligations that are open.",
        "kind",
        {kind: each.open if each else 0 for kind, each in owed.items()},
    )
    yield gauges(
        "answerable_obligations_overdue",
        "Obligations that are open and past their time.",
        "kind",
        {kind: each.overdue if each else 0 for kind, each in owed.items()},
    )
    yield gauge(
        "answerable_oldest_overdue_seconds",
        "Seconds since the time of the obligation that is overdue longest; 0 if none is.",
        figures.oldest_overdue.total_seconds(),
    )


def _of_breaches(figures: Figures) -> Family:
    return Family(
        "answerable_breaches",
        "gauge",
        "Breaches that are not closed.",
        tuple(
            Sample(
                figures.breaches.get((state, is_critical), 0),
                {"state": state.value, "critical": "true" if is_critical else "false"},
            )
            for state in _NOT_CLOSED
            for is_critical in (False, True)
        ),
    )


def _of_witness(witnessing: Witnessing) -> Iterator[Family]:
    if witnessing.since is not None:
        yield gauge(
            "answerable_witness_age_seconds",
            "Seconds since a checkpoint was last seen outside.",
            witnessing.since.total_seconds(),
        )
    yield gauge(
        "answerable_witness_lag_seconds",
        "Seconds for which the oldest entry that nobody outside has seen has waited; "
        "0 if all is seen.",
        witnessing.unseen_for.total_seconds(),
    )
