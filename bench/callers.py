"""How many answers 32 people get recorded in a second, against the same statements in plain SQL.

An answer is kept with its entry and a signed checkpoint, and committed. What one caller's answers
come to is written down statement by statement. The floor does the same statements again in one
thread, by the driver alone, on a copy of the database they began with; 32 callers, each with a
review of their own, begin with another copy. Floor and callers alternate.

    python bench/callers.py [--engine postgresql] [--answers 640] [--rounds 5]
"""

import argparse
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import psycopg
from sqlalchemy import event, make_url

from bot.domain.refusals import Busy
from bot.usecases import sampling, verdicts
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page
from store.engine import connect
from store.migrate import migrate
from tests.engines import POSTGRESQL, SQLITE, address_of
from tests.postgres import a_database, a_server
from tests.worlds import CORRECT, OWNER, POLICY, World, person, world_on

CALLERS: Final = 32
SAMPLE: Final = 120
BARS: Final = {SQLITE: 0.15, POSTGRESQL: 0.8}
SLOWEST: Final = 150.0  # milliseconds, of a hundred answers the last but one, on SQLite
COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"

Statement = tuple[str, Any, bool]
Copy = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Answers in a second, how many milliseconds each took, and how often one was told to wait."""

    rate: float
    taken: tuple[float, ...]
    busy: int


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=[SQLITE, POSTGRESQL], default=SQLITE)
    options.add_argument("--answers", type=int, default=640, help="in each round")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    each = min(given.answers // CALLERS, SAMPLE - 1)
    with TemporaryDirectory() as folder, _copies(given.engine, Path(folder)) as copy:
        with copy() as address:
            statements = _written_down(address, Path(folder), each)
        floors, ours = [], []
        for _ in range(given.rounds):
            with copy() as address:
                floors.append(each * CALLERS / _plain(given.engine, address, statements))
            with copy() as address:
                ours.append(_at_once(address, Path(folder), each))
    return _report(given.engine, floors, ours, len(statements) / (each * CALLERS))


@contextmanager
def _copies(engine: str, folder: Path) -> Iterator[Copy]:
    """Give what makes copies of a database in which 32 reviews wait to be answered."""
    if engine == SQLITE:
        first = folder / "first.db"
        _prepare(f"sqlite:///{first}", folder)

        @contextmanager
        def copied() -> Iterator[str]:
            path = folder / f"{uuid4().hex}.db"
            shutil.copy(first, path)
            yield f"sqlite:///{path}"

        yield copied
        return
    with a_server() as server:
        if server is None:
            raise SystemExit("PostgreSQL is not here")
        with a_database(server) as prepared:
            _prepare(address_of(prepared), folder)

            @contextmanager
            def cloned() -> Iterator[str]:
                with a_database(server, like=str(prepared.database)) as url:
                    yield address_of(url)

            yield cloned


def _prepare(address: str, folder: Path) -> None:
    engine = connect(address)
    migrate(engine, "")
    world = world_on(engine, folder)
    for key in _keys():
        world.registers(key, policy=replace(POLICY, sample=SAMPLE, floor=0))
        world.accepts(key)
        world.reports(SAMPLE, key)
        sampling.sample_now(world.deps, person(OWNER), key)
    engine.dispose()


def _keys() -> list[str]:
    return [f"review-{number}" for number in range(CALLERS)]


def _written_down(address: str, folder: Path, each: int) -> list[Statement]:
    """Give the statements, in their order, of so many answers in each review by one caller."""
    engine = connect(address)
    world, said = world_on(engine, folder), []

    def heard(*about: Any) -> None:  # noqa: ANN401 -- what SQLAlchemy tells listeners
        _, _, statement, parameters, _, is_many = about
        said.append((statement, parameters, is_many))

    pages = {key: _opened(world, key) for key in _keys()}
    event.listen(engine, "before_cursor_execute", heard)
    event.listen(engine, "commit", lambda _: said.append((COMMIT, (), False)))
    event.listen(engine, "rollback", lambda _: said.append((ROLLBACK, (), False)))
    for _ in range(each):
        for key in _keys():
            pages[key] = _answer(world, key, pages[key])
    engine.dispose()
    return said


def _opened(world: World, key: str) -> Page:
    page = verdicts.open_review(world.deps, person(OWNER), key, 1)
    if not isinstance(page, Page):
        raise TypeError(f"nothing is left to answer of {key}")
    return page


def _answer(world: World, key: str, page: Page) -> Page:
    said = PageAnswer(key, 1, page.item.position, CORRECT)
    following = verdicts.answer_page(world.deps, person(OWNER), said)
    if not isinstance(following, Page):
        raise TypeError(f"nothing is left to answer of {key}")
    return following


def _plain(engine: str, address: str, statements: list[Statement]) -> float:
    """Give the seconds that the driver alone takes for these statements."""
    if engine == SQLITE:
        path = str(make_url(address).database)
        connection: Any = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    else:
        connection = psycopg.connect(address)
    with closing(connection), closing(connection.cursor()) as cursor:
        started = perf_counter()
        for statement, parameters, is_many in statements:
            if statement == ROLLBACK:
                connection.rollback()
            elif statement == COMMIT:
                connection.commit()
            elif is_many:
                cursor.executemany(statement, parameters)
            elif cursor.execute(statement, parameters).description:
                cursor.fetchall()
        return perf_counter() - started


def _at_once(address: str, folder: Path, each: int) -> Figures:
    engine = connect(address)
    world = world_on(engine, folder)
    pages = {key: _opened(world, key) for key in _keys()}
    told_to_wait: list[str] = []

    def until_recorded(key: str, page: Page) -> Page:
        while True:
            try:
                return _answer(world, key, page)
            except Busy:
                told_to_wait.append(key)

    def caller(key: str) -> list[float]:
        taken, page = [], pages[key]
        for _ in range(each):
            started = perf_counter()
            page = until_recorded(key, page)
            taken.append(1000 * (perf_counter() - started))
        return taken

    with ThreadPoolExecutor(CALLERS) as callers:
        started = perf_counter()
        found = [one for some in callers.map(caller, _keys()) for one in some]
        seconds = perf_counter() - started
    engine.dispose()
    return Figures(len(found) / seconds, tuple(found), len(told_to_wait))


def _report(engine: str, floors: list[float], ours: list[Figures], statements: float) -> int:
    floor, rate = median(floors), median(each.rate for each in ours)
    taken = sorted(one for each in ours for one in each.taken)
    slow = taken[int(0.99 * len(taken))]
    print(
        f"{engine}, {CALLERS} callers: {rate:.0f} answers a second, the same statements in one "
        f"thread {floor:.0f}, ratio {rate / floor:.2f}; p50 {median(taken):.0f} ms, p99 "
        f"{slow:.0f} ms; {statements:.1f} statements an answer ({len(taken)} answers)"
    )
    missed = []
    if busy := sum(each.busy for each in ours):
        missed.append(f"{busy} times somebody was told that others are being recorded")
    if rate / floor < BARS[engine]:
        missed.append(f"{rate / floor:.2f} of plain SQL, at least {BARS[engine]} is wanted")
    if engine == SQLITE and slow > SLOWEST:
        missed.append(f"the slowest hundredth takes {slow:.0f} ms, at most {SLOWEST:.0f} may be")
    for each in missed:
        print(f"bar missed: {each}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
