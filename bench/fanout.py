"""How much of what Slack takes is used when 10,000 reminders are to be sent at once.

They are of 100 workflows and go to 500 people, through the real worker, which makes each from what
is true, puts together what waits for one person, and records each. Slack is a ledger here: a
message a second for each person, 300 a minute for all after a short burst; what is beyond that it
refuses. Its time is counted, not waited for; the floor is the time in which it could have taken
them all. What the worker itself takes for a message is measured beside, and has to be less than the
pace leaves it.

    python bench/fanout.py [--reminders 10000] [--people 500]
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from bot.clock import MovedClock
from bot.domain.messages import Message, MessageKind, NotNow, Place, Posting, Shown
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import SYSTEM, Actor, Circle, Origin
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Roles
from bot.keys import signing_key
from bot.rendering.render import Rendered
from bot.usecases import Deps, escalation, record, registry
from handlers.delivery import Delivery
from handlers.entrance import Entrance
from handlers.pacing import BURST, CHANNELS_AT_ONCE, Pacer
from store.engine import Store, connect
from store.migrate import migrate
from store.unit_of_work import Stamp, Work

WORKSPACE: Final = "T0BENCH"
KEYS: Final = tuple(f"bench-{number}" for number in range(100))
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
RATE: Final = 1.0  # messages a second for each person
LEAST_USED: Final = 0.95
EXACT: Final = 1e-6


@dataclass
class Counted:
    """A clock that stands until it is moved."""

    seconds: float = 0.0

    def elapsed(self) -> float:
        return self.seconds


@dataclass
class Ledger:
    """What Slack takes, and how often it was asked for more."""

    clock: Counted
    taken: int = 0
    said: int = 0
    refused: int = 0
    _last: dict[str, float] = field(default_factory=dict)
    _left: float = BURST
    _since: float = 0.0

    def send(self, posting: Posting, rendered: Rendered) -> Shown:
        if not rendered.blocks:
            raise RuntimeError("an empty message")
        now, to = self.clock.elapsed(), posting.message.to
        gained = (now - self._since) * CHANNELS_AT_ONCE * RATE
        self._left, self._since = min(BURST, self._left + gained), now
        is_early = now - self._last.get(to, -1.0) < 1 / RATE - EXACT
        if is_early or self._left < 1 - EXACT:
            self.refused += 1
            raise NotNow("ratelimited", 1, is_too_much=True)
        self._left -= 1
        self._last[to] = now
        self.taken += 1
        self.said += len(posting.all)
        return Shown(to, f"{self.taken}.0")


class Nobody:
    """Whom nothing disturbs."""

    def people(self) -> frozenset[str]:
        return frozenset()

    def holds(self, user_id: str) -> bool:
        return not user_id


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reminders", type=int, default=10_000)
    options.add_argument("--people", type=int, default=500)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        deps = _workspace(Path(folder))
        _queue(deps, given.reminders, given.people)
        clock = Counted()
        slack = Ledger(clock)
        began = perf_counter()
        _send_all(deps, clock, slack, given.reminders)
        each = 1000 * (perf_counter() - began) / given.reminders
    at_once = (slack.taken - BURST) / (CHANNELS_AT_ONCE * RATE)
    best = max(at_once, (slack.taken / given.people - 1) / RATE)
    return _report(slack, best / clock.seconds, each, clock.seconds)


def _send_all(deps: Deps, clock: Counted, slack: Ledger, reminders: int) -> None:
    pacer = Pacer(clock, RATE)
    worker = Delivery(deps, slack, pacer, Nobody(), lambda _: None, Entrance(clock), lambda: True)
    while slack.said < reminders:
        if not worker.deliver_next():
            clock.seconds += pacer.until_free(1.0)


def _report(slack: Ledger, used: float, each: float, seconds: float) -> int:
    room = 1000 / (CHANNELS_AT_ONCE * RATE)
    print(
        f"{slack.said:,} reminders in {slack.taken:,} posts and {seconds:,.0f} s of Slack's time, "
        f"{used:.3f} of what it takes (bar {LEAST_USED}), {slack.refused} refused (bar 0); "
        f"{each:.1f} ms of ours each (bar {room:.0f})"
    )
    return int(used < LEAST_USED or slack.refused > 0 or each > room)


def _workspace(folder: Path) -> Deps:
    """Give a workspace with a workflow that nobody has accepted in time: of that is reminded."""
    engine = connect(f"sqlite:///{folder}/answerable.db")
    migrate(engine)
    clock = MovedClock(NOW)
    store = Store(engine, clock, Stamp("bench", signing_key(folder / "key").sign_checkpoint))
    deps = Deps(store, WORKSPACE, Circle(), b"d" * 32)
    record.start_log(deps)
    roles = Roles("U0OWNER", "U0BACKUP", "U0STEWARD", "U0BUILDER")
    policy = Policy(1, "FREQ=WEEKLY", "UTC", 4, 1, 500, 0, 1_000, hours="always")
    for key in KEYS:
        asked = registry.Registration(key, "a benchmark", roles, "C0BENCH", policy)
        registry.register_workflow(deps, Actor(Origin.SLACK, "U0OWNER"), asked)
    clock.move(NOW + timedelta(days=2))
    for key in KEYS:
        escalation.climb_obligation(deps, obligation_id(ObligationKind.ACCEPT, key, 0))
    return deps


def _queue(deps: Deps, reminders: int, people: int) -> None:
    """Queue them one person after the other: what is due for one falls due together."""
    with deps.store.begin(WORKSPACE, SYSTEM) as work:
        climbed = {key: _climbed(work, key) for key in KEYS}
        work.outbox.withdraw(kind=MessageKind.ACCEPT_REQUEST)
        work.outbox.withdraw(kind=MessageKind.REMINDER)
        for number in range(reminders):
            to, key = f"U{number * people // reminders:06}", KEYS[number % len(KEYS)]
            work.outbox.put(
                Message(
                    MessageKind.REMINDER,
                    Place.PERSON,
                    to,
                    climbed[key],
                    workflow=key,
                    subject=number,
                    obligation=obligation_id(ObligationKind.ACCEPT, key, 0),
                )
            )


def _climbed(work: Work, key: str) -> int:
    owed = obligation_id(ObligationKind.ACCEPT, key, 0)
    entry = work.log.last_of(Kind.OBLIGATION_CLIMBED, f"obligation/{owed}")
    if entry is None:
        raise RuntimeError(f"nothing of {key} has climbed")
    return entry.seq


if __name__ == "__main__":
    sys.exit(main())
