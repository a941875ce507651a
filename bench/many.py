"""A workspace with as many workflows as are asked for, of which nothing is due."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from bot.clock import MovedClock
from bot.domain.people import Circle
from bot.usecases import Deps, record
from store import tables
from store.engine import Store, connect
from store.migrate import migrate
from store.unit_of_work import Stamp

WORKSPACE: Final = "T0BENCH"
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
Sign = Callable[[str, str], str]
Row = dict[str, object]


def quiet(file: Path, count: int, sign: Sign = lambda _log, text: text) -> Deps:
    """Give a workspace with so many live workflows, in this file."""
    deps = empty(file, sign)
    rows = _rows(count) if count else {}
    with deps.store.engine.begin() as connection:
        for table, of_table in rows.items():
            connection.execute(insert(tables.metadata.tables[table]), list(of_table))
    return deps


def empty(file: Path, sign: Sign) -> Deps:
    """Give a workspace in which nothing is registered yet."""
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    deps = Deps(
        Store(engine, MovedClock(NOW), Stamp("bench", sign)), WORKSPACE, Circle(), b"d" * 32
    )
    record.start_log(deps)
    return deps


def _rows(count: int) -> dict[str, Iterator[Row]]:
    """Give a live workflow each time, with an open round, a review, a measurement and a drill."""
    people = dict.fromkeys(("owner", "backup", "steward", "technical_owner"), "U0OWNER")
    keys = [f"workflow-{number}" for number in range(count)]
    soon = NOW + DAY

    def of_each(**facts: object) -> Iterator[Row]:
        return ({"workspace": WORKSPACE, "workflow": key, **facts} for key in keys)

    gate = {"gate": "run", "gate_since": NOW, "gate_entry": 0}
    asked = {"attest_at": soon, "drill_at": soon}
    registered = {"state": "live", "policy": 1, "registered_at": NOW, "entry": 0, "board": 0}
    workflow: Row = {"workspace": WORKSPACE, "channel": "C0BENCH", **registered}
    review = {"kind": "review", "owed_by": "U0OWNER", "state": "open", "rung": -1, "repeats": 0}
    times = {"opened_at": NOW, "due_at": soon, "climbs_at": soon}
    figures = {
        "population": 0,
        "sample": 4,
        "usual": 4,
        "tightened_by": 0,
        "baseline_bp": 0,
        "cut_from": 0,
    }
    words = {"commitment": "", "seed": "", "points_to": ""}
    drill = {"asked": 1, "was": "run", "state": "measured", "entry": 0, "gate_entry": 0}
    return {
        "workflow": ({**workflow, **people, **gate, **asked, "key": key} for key in keys),
        "round": of_each(
            number=1, state="open", policy=1, opened_at=NOW, period_end=soon, **figures, **words
        ),
        "obligation": (
            {**row, "id": f"review/{row['workflow']}/1"}
            for row in of_each(subject=1, is_critical=False, **review, **times)
        ),
        "awaited": of_each(name="drift", since=NOW, due_at=soon),
        "drill": of_each(number=1, started_at=NOW - DAY, heard_at=NOW, ended_at=NOW, **drill),
    }
