"""What it costs to know what is due, however many workflows there are, and to handle a burst.

An idle tick with 1,000 workflows against one with 100,000. And a burst of obligations that are all
due at once: asking which they are, as often as the ticker does, against the same question in plain
SQL, and against APScheduler's job store with as many jobs that do nothing, on the same disk. What
handling all of it takes is told beside, without a bar: of each obligation a rung is climbed, with
an entry, a signed checkpoint, a message and a commit.

    python bench/due.py [--due 2000]
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from statistics import median
from threading import Semaphore
from time import perf_counter
from typing import Final

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from many import NOW, WORKSPACE, empty, quiet
from timing import milliseconds

from bot.clock import MovedClock, SystemClock
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM, Actor, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.keys import signing_key
from bot.usecases import DUE_AT_ONCE, Deps, registry
from bot.usecases.escalation import obligations_due
from bot.usecases.steps.obligations import owe
from handlers.ticker import Ticker

FEW, MANY = 1_000, 100_000
BARS: Final = {
    "an idle tick": 2.0,
    "asking, of plain SQL": 3.0,
    "asking, of APScheduler's burst": 0.1,
}
QUESTION: Final = (
    "SELECT id FROM obligation WHERE workspace = ? AND state = 'open' AND climbs_at <= ? "
    "ORDER BY climbs_at, id LIMIT ?"
)
_done: Final = Semaphore(0)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--due", type=int, default=2_000, help="obligations, and jobs, at once")
    due = options.parse_args().due
    with tempfile.TemporaryDirectory() as folder:
        ratios = {"an idle tick": _idle(Path(folder))} | _burst(Path(folder), due)
    missed = [name for name, bar in BARS.items() if ratios[name] > bar]
    for name in missed:
        print(f"bar missed: {name} is {ratios[name]:.2f}, at most {BARS[name]} is allowed")
    return int(bool(missed))


def nothing() -> None:
    """Do what a job of the floor does: say that it has run."""
    _done.release()


def _idle(folder: Path) -> float:
    quiets = {str(count): quiet(folder / f"quiet-{count}.db", count) for count in (FEW, MANY)}
    tickers = {count: _ticker(deps) for count, deps in quiets.items()}
    acts = {name: ticker.tick for name, ticker in tickers.items()}
    few, many = (median(each) for each in milliseconds(acts, 40, 5).values())
    print(f"an idle tick: {FEW:,} workflows {few:.2f} ms, {MANY:,} {many:.2f} ms", end="")
    print(f", ratio {many / few:.2f}")
    return many / few


def _burst(folder: Path, due: int) -> dict[str, float]:
    deps = _owing(folder, due)
    asking, asked = _asking(deps, folder / "owing.db", due)
    ours = _seconds(_ticker(deps).tick)
    theirs = _jobs(folder, due)
    print(
        f"{_climbed(deps):,} due at once: APScheduler {theirs:.2f} s, Answerable {ours:.2f} s, "
        f"ratio {ours / theirs:.2f}; of that asking {asking:.3f} s, ratio {asking / theirs:.3f}; "
        f"the same asked in plain SQL {asked:.3f} s, ratio {asking / asked:.1f}"
    )
    return {
        "asking, of plain SQL": asking / asked,
        "asking, of APScheduler's burst": asking / theirs,
    }


def _asking(deps: Deps, file: Path, due: int) -> tuple[float, float]:
    """Give what asking takes as often as it is done, and what it takes in plain SQL."""
    now = deps.store.clock.now()

    def ours() -> tuple[str, ...]:
        with deps.store.read(deps.workspace) as reading:
            return obligations_due(reading, now)

    with sqlite3.connect(file) as plain:
        given = (WORKSPACE, int(now.timestamp() * 1_000_000), DUE_AT_ONCE)

        def floor() -> list[object]:
            return plain.execute(QUESTION, given).fetchall()

        if len(ours()) != len(floor()):
            raise RuntimeError("the plain question has another answer")
        taken = milliseconds({"ours": ours, "floor": floor}, due // DUE_AT_ONCE, 3)
    plain.close()
    return sum(taken["ours"]) / 1000, sum(taken["floor"]) / 1000


def _jobs(folder: Path, due: int) -> float:
    """Give the seconds that APScheduler takes for as many jobs, all due at once."""
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{folder}/jobs.db")},
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True},
    )
    scheduler.start(paused=True)
    first = SystemClock().now() - timedelta(seconds=1)
    for _ in range(due):
        scheduler.add_job(nothing, "cron", hour=9, next_run_time=first)

    def run() -> None:
        scheduler.resume()
        for _ in range(due):
            _done.acquire()

    taken = _seconds(run)
    scheduler.shutdown()
    return taken


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _ticker(deps: Deps) -> Ticker:
    return Ticker(deps, SystemClock(), lambda: True)


def _climbed(deps: Deps) -> int:
    with deps.store.read(WORKSPACE) as reading:
        return sum(each.rung == 0 for each in reading.obligations.all_open())


def _owing(folder: Path, due: int) -> Deps:
    """Give a workspace in which so many obligations are due now, each with its entry."""
    deps = empty(folder / "owing.db", signing_key(folder / "signing.key").sign_checkpoint)
    roles = Roles("U0OWNER", "U0BACKUP", "U0STEWARD", "U0BUILDER")
    policy = Policy(1, "FREQ=WEEKLY", "UTC", 4, 1, 500, 0, 1_000, hours="always")
    asked = registry.Registration("bench", "a benchmark", roles, "C0BENCH", policy)
    registry.register_workflow(deps, Actor(Origin.SLACK, "U0OWNER"), asked)
    with deps.store.begin(WORKSPACE, SYSTEM) as work:
        workflow = work.workflows.get("bench")
        for number in range(1, due + 1):
            kind, at = ObligationKind.CARRY_OUT, NOW + timedelta(hours=1)
            owe(work, workflow, kind, number, roles.owner, due_at=at)
    _moved(deps).move(NOW + timedelta(hours=1))
    return deps


def _moved(deps: Deps) -> MovedClock:
    if not isinstance(deps.store.clock, MovedClock):
        raise TypeError("the clock of the bench is one that can be moved")
    return deps.store.clock


if __name__ == "__main__":
    sys.exit(main())
