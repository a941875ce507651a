"""How long a backtest of 13 weeks with 600 outputs each takes, against a floor of the same run.

Of each week 40 outputs are drawn and answered, one transaction each. The floor is plain SQL that
writes as many rows of outputs, and a row for each answer, in as many transactions of a database on
the same disk. Floor and backtest alternate.

    python bench/backtest.py [--runs 3]
"""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bot.app.backtest import run_backtest
from bot.domain.backtests import Past
from bot.domain.outputs import Output
from handlers.cli.plans import Wished, read_plan

WEEKS, OUTPUTS, SAMPLE = 13, 600, 40
LIMIT_BP, RATE = 2_000, 0.1
MONDAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
BAR_SECONDS = 5.0
MOST_RATIO = 15.0  # what 5 s would be is about 12


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    past = _past()
    policy = read_plan(Wished(LIMIT_BP, SAMPLE))
    floors, tests = [], []
    for seed in range(options.parse_args().runs):
        began = perf_counter()
        _floor(past)
        floors.append(perf_counter() - began)
        began = perf_counter()
        run_backtest(past, policy, seed, lambda _: None)
        tests.append(perf_counter() - began)
    return _report(median(floors), median(tests))


def _past() -> list[Past]:
    chance = Random("backtest")  # noqa: S311 -- a workload, the same in every run
    step = timedelta(weeks=1) / OUTPUTS
    return [
        Past(
            number + 1,
            Output(f"o{number:06}", MONDAY + number * step, f"category {number % 8}"),
            chance.random() < RATE,
        )
        for number in range(WEEKS * OUTPUTS)
    ]


def _floor(past: Sequence[Past]) -> None:
    with (
        TemporaryDirectory() as folder,
        closing(sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)) as database,
    ):
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE output (id TEXT PRIMARY KEY, at TEXT, category TEXT)")
        database.execute("CREATE TABLE verdict (id TEXT PRIMARY KEY, wrong INTEGER)")
        for start in range(0, len(past), OUTPUTS):
            week = past[start : start + OUTPUTS]
            _write(database, "INSERT INTO output VALUES (?, ?, ?)", _rows(week))
            for each in week[:SAMPLE]:
                said = (each.output.output_id, each.is_wrong)
                _write(database, "INSERT INTO verdict VALUES (?, ?)", [said])


def _rows(week: Sequence[Past]) -> list[tuple[str, str, str]]:
    return [
        (each.output.output_id, each.output.produced_at.isoformat(), each.output.category)
        for each in week
    ]


def _write(
    database: sqlite3.Connection, statement: str, rows: Sequence[tuple[str | bool, ...]]
) -> None:
    database.execute("BEGIN IMMEDIATE")
    database.executemany(statement, rows)
    database.execute("COMMIT")


def _report(floor: float, test: float) -> int:
    is_met = test <= BAR_SECONDS and test / floor <= MOST_RATIO
    print(
        f"{WEEKS} weeks of {OUTPUTS} outputs: floor {floor:.2f} s, backtest {test:.2f} s (bar "
        f"{BAR_SECONDS:g}), {test / floor:.1f} x the floor: {'met' if is_met else 'NOT MET'}"
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
