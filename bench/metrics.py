"""What one reading of the figures behind `GET /metrics` costs on a workspace with much to do.

There are 10,000 open obligations, a third of them overdue, beside 100,000 that have ended; 2,000
messages that are ready, half of them direct, beside 50,000 that were sent; and 20,000 breaches, of
which 200 are not closed. The floor is the count of open obligations alone, as plain SQL. However
often it is scraped, the bot reads them once in five seconds.

    python bench/metrics.py [--readings 60] [--database URL]

The database has to be empty; by default it is a file of SQLite's that is thrown away.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection, insert, text
from timing import milliseconds

from bot.clock import MovedClock
from bot.domain.people import SYSTEM, Circle
from bot.domain.record import Kind
from bot.usecases import Deps
from bot.usecases.metrics import read_figures
from store import tables
from store.engine import Store, connect
from store.migrate import migrate
from store.unit_of_work import Stamp

WORKSPACE = "T0BENCH"
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORKFLOWS = 500
OPEN, ENDED = 10_000, 100_000
READY, SENT = 2_000, 50_000
NOT_CLOSED, CLOSED = 200, 19_800
BAR_MS = 50.0  # every five seconds at most: one part in a hundred of one core
WARM_UP = 3
FLOOR = text("SELECT count(*) FROM obligation WHERE workspace = :workspace AND state = 'open'")
Row = dict[str, object]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readings", type=int, default=60, help="made and measured")
    options.add_argument("--database", default="", help="an empty one, instead of a file")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        deps = _lived(given.database or f"sqlite:///{folder}/answerable.db")
        figures = read_figures(deps)
        print(
            f"{sum(each.open for each in figures.owed.values()):,} obligations open, "
            f"{sum(each.overdue for each in figures.owed.values()):,} overdue; "
            f"{sum(figures.messages.values()):,} messages wait, "
            f"{sum(figures.breaches.values()):,} breaches are not closed"
        )
        with deps.store.engine.connect() as connection:
            acts = {
                "floor": lambda: _floor(connection),
                "figures": lambda: read_figures(deps),
            }
            taken = milliseconds(acts, given.readings, WARM_UP)
        deps.store.engine.dispose()
    return _report(taken)


def _floor(connection: Connection) -> object:
    return connection.execute(FLOOR, {"workspace": WORKSPACE}).scalar_one()


def _report(taken: dict[str, list[float]]) -> int:
    half, most = median(taken["figures"]), sorted(taken["figures"])[int(0.95 * len(taken["floor"]))]
    floor = median(taken["floor"])
    print(
        f"figures p50: floor {floor:.2f} ms, Answerable {half:.2f} ms, ratio {half / floor:.1f}; "
        f"p95 {most:.2f} ms ({len(taken['figures'])} readings)"
    )
    if half > BAR_MS:
        print(f"bar missed: a reading takes {half:.1f} ms, at most {BAR_MS:.0f} ms are allowed")
        return 1
    return 0


def _lived(address: str) -> Deps:
    engine = connect(address)
    migrate(engine)
    store = Store(engine, MovedClock(NOW), Stamp("bench", lambda _log, text: text))
    with store.begin(WORKSPACE, SYSTEM) as work:
        work.record(Kind.LOG_STARTED, f"workspace/{WORKSPACE}", {"clock": "sandbox"})
    with engine.begin() as connection:
        connection.execute(insert(tables.workflow), list(_workflows()))
        connection.execute(insert(tables.obligation), list(_obligations()))
        connection.execute(insert(tables.breach), list(_breaches()))
        connection.execute(insert(tables.outbox), list(_messages()))
        if engine.dialect.name != "sqlite":  # a server does so by itself before long
            connection.execute(text("ANALYZE"))
    return Deps(store, WORKSPACE, Circle(), b"d" * 32)


def _workflows() -> Iterator[Row]:
    people = dict.fromkeys(("owner", "backup", "steward", "technical_owner"), "U0OWNER")
    for number in range(WORKFLOWS):
        yield {
            "workspace": WORKSPACE,
            "key": f"workflow-{number}",
            **people,
            "channel": "C0BENCH",
            "state": "live",
            "policy": 1,
            "gate": "run",
            "gate_since": NOW,
            "gate_entry": 0,
            "registered_at": NOW,
            "entry": 0,
            "board": 0,
        }


def _obligations() -> Iterator[Row]:
    kinds = ("review", "second review", "acknowledge", "decide", "attest")
    for number in range(OPEN + ENDED):
        kind, workflow = kinds[number % len(kinds)], f"workflow-{number % WORKFLOWS}"
        due = NOW + HOUR * (1 if number % 3 else -1)
        yield {
            "workspace": WORKSPACE,
            "id": f"{kind}/{workflow}/{number}",
            "kind": kind,
            "workflow": workflow,
            "subject": number,
            "owed_by": "U0OWNER",
            "opened_at": NOW,
            "due_at": due,
            "climbs_at": due,
            "state": "open" if number < OPEN else "answered",
            "rung": 0,
            "repeats": 0,
            "is_critical": False,
        }


def _breaches() -> Iterator[Row]:
    for number in range(NOT_CLOSED + CLOSED):
        yield {
            "workspace": WORKSPACE,
            "workflow": f"workflow-{number % WORKFLOWS}",
            "number": number,
            "cause": "concern raised",
            "is_critical": bool(number % 2),
            "state": "open" if number < NOT_CLOSED else "closed",
            "detail": "",
            "opened_at": NOW,
            "measurement": "",
            "acknowledged_by": "",
            "decided_by": "",
            "entry": 0,
        }


def _messages() -> Iterator[Row]:
    for number in range(READY + SENT):
        workflow = f"workflow-{number % WORKFLOWS}"
        case = f"review_request/{workflow}/{number}/C0BENCH"
        yield {
            "workspace": WORKSPACE,
            "kind": "review_request",
            "place": "person" if number % 2 else "channel",
            "to": "C0BENCH",
            "entry": 0,
            "workflow": workflow,
            "subject": number,
            "sentence": "",
            "takes": "",
            "case": case,
            "obligation": f"review/{workflow}/{number}",
            "thread": case if number % 2 else "",
            "urgency": 4,
            "state": "ready" if number < READY else "sent",
            "attempt": 0,
            "lease": 0,
            "available_at": 0,
            "put_at": 0,
            "error": "",
        }


if __name__ == "__main__":
    sys.exit(main())
