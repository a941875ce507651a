"""How fast answers are acknowledged while 500 reminders are sent, and whether any is lost.

32 owners answer their reviews, page after page, all at once. Meanwhile two days go by for 500 more
who have not said whether they take a workflow on: each is reminded. Then the connection is shut ten
times within ten seconds while the owners go on, and 50 more answers have to be acknowledged. In the
end the bot's record has every answer that was acknowledged, and only these.

    python bench/rush.py [--reminders 500] [--answers 60]
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, Final

from bots import Sandbox, elapsed, press, running, sandboxed
from world import CHANNEL, world

from bot.clock import MovedClock
from bot.domain.outputs import Output
from bot.domain.people import Actor, Circle, Origin, Standing
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.keys import draw_key, signing_key
from bot.usecases import Deps, record, registry, sampling
from store.engine import Store, connect
from store.migrate import migrate
from store.unit_of_work import Stamp

AT_ONCE: Final = 32
SAMPLE: Final = 360
SHUT: Final = 10
AFTERWARDS: Final = 50
PATIENCE: Final = 180.0
MOST_P99, MOST = 500.0, 3_000.0  # milliseconds
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
TWO_DAYS: Final = 49 * 3_600.0  # seconds, and an hour more: then they have to have said it
OWNERS: Final = [f"U0OWNER{number:02}" for number in range(AT_ONCE)]
POLICY: Final = Policy(1, "FREQ=MONTHLY", "UTC", SAMPLE, 0, 500, 0, 1_000, hours="always")


@dataclass
class Answers:
    """How many milliseconds each acknowledged answer took, and the page each owner is at."""

    pages: dict[str, dict[str, Any]]
    taken: list[float] = field(default_factory=list)
    again: int = 0

    def answer(self, sandbox: Sandbox, owner: str) -> None:
        page = self.pages[owner]
        block = next(b["block_id"] for b in page["blocks"] if b["block_id"].startswith("verdict"))
        values = {block: "correct"}
        done = sandbox.post("submit", user=owner, view_id=page["id"], values=values)
        if not done["acked"]:  # Slack says so in the form, and they press again
            self.again += 1
            time.sleep(0.2)
            return
        self.taken.append(elapsed(done))
        self.pages[owner] = done["view"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reminders", type=int, default=500)
    options.add_argument("--answers", type=int, default=60, help="of each owner, at least")
    given = options.parse_args()
    late = [f"U0LATE{number:04}" for number in range(given.reminders)]
    begun = ("--clock", NOW.isoformat())
    with TemporaryDirectory() as name:
        folder = Path(name) / "ours"
        with sandboxed(folder, world([*OWNERS, *late]), *begun) as sandbox:
            _prepare(folder, late)
            with running(folder, ["-m", "bot", "serve"], sandbox):
                answers = _opened(sandbox, folder, len(late))
                seconds = _while_reminded(sandbox, folder, answers, given)
                meanwhile = sorted(answers.taken)
                shut = _while_shut(sandbox, answers)
        recorded = _count(folder, "SELECT count(*) FROM entry WHERE kind = 'draft.saved'")
    return _report(meanwhile, seconds, shut, len(answers.taken) - recorded)


def _prepare(folder: Path, late: list[str]) -> None:
    """Have a review wait for each owner, and for each of the others whether they take one on."""
    engine = connect(f"sqlite:///{folder}/answerable.db")
    migrate(engine)
    key = signing_key(folder / "answerable-signing.key")
    store = Store(engine, MovedClock(NOW), Stamp("bench", key.sign_checkpoint))
    circle = Circle(frozenset({"U0ADMIN"}))
    deps = Deps(store, "T0BENCH", circle, draw_key(folder / "answerable-draw.key"))
    record.start_log(deps)
    for number, owner in enumerate(OWNERS):
        _register(deps, f"review-{number}", owner)
        registry.accept_ownership(deps, _person(owner), f"review-{number}")
        outputs = [Output(f"o{place}", NOW, text=f"output {place}") for place in range(SAMPLE)]
        sampling.receive_outputs(deps, Actor(Origin.TOKEN, "bench"), f"review-{number}", outputs)
        sampling.sample_now(deps, _person(owner), f"review-{number}")
    for number, owner in enumerate(late):
        _register(deps, f"late-{number}", owner)
    engine.dispose()


def _register(deps: Deps, key: str, owner: str) -> None:
    roles = Roles(owner, "U0BACKUP", "U0STEWARD", "U0BUILDER")
    asked = registry.Registration(key, "a benchmark", roles, CHANNEL, POLICY)
    registry.register_workflow(deps, _person("U0ADMIN"), asked)


def _person(user_id: str) -> Actor:
    return Actor(Origin.SLACK, user_id, Standing.MEMBER)


def _opened(sandbox: Sandbox, folder: Path, late: int) -> Answers:
    """Give each owner's first page, once everybody has been asked."""
    pages = {owner: dict(press(sandbox, owner, "review")["view"]) for owner in OWNERS}
    _until(lambda: _sent(folder, "accept_request") >= late)
    return Answers(pages)


def _while_reminded(
    sandbox: Sandbox, folder: Path, answers: Answers, given: argparse.Namespace
) -> float:
    """Have the owners answer until everybody is reminded; give the seconds that this took."""
    with _owners_at_work(sandbox, answers):
        started = time.perf_counter()
        sandbox.post("clock", forward_seconds=TWO_DAYS)
        _until(lambda: _sent(folder, "reminder") >= given.reminders)
        seconds = time.perf_counter() - started
        _until(lambda: len(answers.taken) >= given.answers * AT_ONCE)
    return seconds


def _while_shut(sandbox: Sandbox, answers: Answers) -> int:
    """Have the owners answer while the connection is shut again and again, and on after it.

    Gives how often an answer was not acknowledged and had to be given again.
    """
    with _owners_at_work(sandbox, answers):
        for _ in range(SHUT):
            sandbox.post("disconnect", reason="refresh_requested")
            time.sleep(1)
        so_far = len(answers.taken)
        _until(lambda: len(answers.taken) >= so_far + AFTERWARDS)
    return answers.again


@contextmanager
def _owners_at_work(sandbox: Sandbox, answers: Answers) -> Iterator[None]:
    is_over = Event()

    def at_work(owner: str) -> None:
        while not is_over.is_set():
            answers.answer(sandbox, owner)

    with ThreadPoolExecutor(AT_ONCE) as owners:
        working = [owners.submit(at_work, owner) for owner in OWNERS]
        try:
            yield
        finally:
            is_over.set()
    for each in working:
        each.result()


def _sent(folder: Path, kind: str) -> int:
    return _count(folder, "SELECT count(*) FROM outbox WHERE state = 'sent' AND kind = ?", kind)


def _count(folder: Path, query: str, *values: str) -> int:
    with closing(sqlite3.connect(folder / "answerable.db", timeout=30)) as connection:
        return int(connection.execute(query, values).fetchone()[0])


def _until(is_so: Callable[[], bool]) -> None:
    until = time.perf_counter() + PATIENCE
    while not is_so():
        if time.perf_counter() > until:
            raise TimeoutError(f"not within {PATIENCE:g} seconds")
        time.sleep(0.1)


def _report(meanwhile: list[float], seconds: float, again: int, lost: int) -> int:
    p99, most = meanwhile[int(0.99 * len(meanwhile))], meanwhile[-1]
    print(
        f"{AT_ONCE} at once while everybody was reminded ({seconds:.1f} s): p50 "
        f"{median(meanwhile):.0f} ms, p99 {p99:.0f} ms (bar {MOST_P99:.0f}), at most {most:.0f} ms "
        f"(bar {MOST:.0f}), {len(meanwhile)} answers"
    )
    print(f"{SHUT} times shut: {again} answers given again, {lost} lost or doubled (bar 0)")
    return int(p99 >= MOST_P99 or most > MOST or lost != 0)


if __name__ == "__main__":
    sys.exit(main())
