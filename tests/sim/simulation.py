"""One seed: a workspace, its people, its pipelines and its bots, for some weeks."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from io import BytesIO
from math import inf
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from threading import Lock
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import pytest
import structlog

from bot.domain.people import Actor, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.tokens import Scope
from bot.keys import SigningKey, signing_key
from bot.rendering.bundle import write_bundle
from bot.usecases import record, registry, tokens
from handlers.slack.client import HeardClient
from store import postgres
from store.engine import connect
from store.migrate import migrate
from tests.sim.baton import Baton, Event
from tests.sim.courier import Courier
from tests.sim.database import Database
from tests.sim.history import History
from tests.sim.locks import Locks
from tests.sim.people import Somebody
from tests.sim.pipelines import Pipelines
from tests.sim.plan import (
    BACKUP,
    BEGINNINGS,
    BUILDER,
    CADENCE,
    CALM,
    DAY,
    DRAW_KEY,
    KEYS,
    OWNER,
    PEOPLE,
    RUNG,
    STEWARD,
    WEEK,
    ZONES,
    Plan,
)
from tests.sim.replica import ADMIN, Replica, Skewed
from tests.sim.server import CHANNEL, Server, carried, posted_json
from tests.sim.weather import Weather

# When the next thing falls due, by which loop looks after it.
DUE: Final = {
    "messages": """SELECT min(available_at) FROM outbox
        WHERE state IN ('ready', 'unknown', 'sending')""",
    "duties": """SELECT min(due) / 1000000.0 FROM (
        SELECT min(climbs_at) AS due FROM obligation WHERE state = 'open'
        UNION ALL SELECT min(period_end) FROM round WHERE state = 'open'
        UNION ALL SELECT min(attest_at) FROM workflow WHERE state = 'live'
        UNION ALL SELECT min(drill_at) FROM workflow WHERE state = 'live'
        UNION ALL SELECT min(until) FROM refusal)""",
}


@dataclass(eq=False)
class Simulation:
    """Everything that takes part, and what came of it."""

    plan: Plan
    folder: Path
    complaints: list[str] = field(default_factory=list)
    replicas: dict[int, Replica] = field(default_factory=dict)
    _lives: int = 0

    def __post_init__(self) -> None:
        self.chance = self._fork("simulation")
        self.baton = Baton(self._fork("baton"), self._interest)
        begins_at = self.chance.choice(BEGINNINGS) + timedelta(hours=self.chance.randrange(9))
        self.until = self.plan.weeks * WEEK
        self.history = History(self.baton, begins_at)
        self.weather = Weather(
            self._fork("weather"),
            self.baton,
            self._crash,
            self.until - CALM,
            lambda name: self.history.note("trouble", name=name),
            self.plan.is_fair,
        )
        edge = (self.baton, self.chance, self.history, self.weather)
        self.pipelines = Pipelines(*edge, self._anybody, self._hurry)
        is_told = self.chance.random() < 0.7
        self.courier = Courier(*edge, self.pipelines, self._anybody, is_told)
        self.server = Server(
            self.baton,
            self._fork("server"),
            self.history,
            self.weather,
            PEOPLE,
            self.courier.posted,
        )
        self.database = Database(self.folder / "answerable.db", self.baton, self.weather, begins_at)
        self.locks = Locks(self.baton)

    def run(self) -> bytes:
        """Live through the weeks and give the export of the record at their end."""
        self.database.path.write_bytes(_template())
        outside = sqlite3.connect(self.database.path, check_same_thread=False)
        with closing(outside) as self._outside, self._patched(), self.baton.ended():
            for number in range(self.plan.replicas):
                self._begin(number)
            self.baton.start("the set-up", self._set_up)
            self._plan_weeks()
            self.baton.run(self.until)
            return self._export()

    # Bots.

    def _begin(self, number: int) -> None:
        self._lives += 1
        name = f"bot-{number}.{self._lives}"
        clock = Skewed(self.baton, self.history.begins_at)
        if self.weather.at("clock"):
            clock.wrong_by = self.chance.uniform(-2, 2)
        bot = Replica(
            name,
            self.baton,
            self.database.engine(),
            clock,
            _key(),
            DRAW_KEY,
            self.pipelines.looked_at_from,
        )
        self.replicas[number] = bot
        self.history.note("started", process=name)
        self.baton.start(f"{name} begins", partial(self._boot, bot), name)

    def _boot(self, bot: Replica) -> None:
        """Have a bot begin; one that cannot is begun again, as whoever runs it would."""
        try:
            bot.begin()
        except Exception:  # noqa: BLE001 -- the process ends with it
            self._crash(bot.name)

    def _crash(self, process: str) -> None:
        """Have a process die here and now, and another one begin in its place by and by."""
        number = next(each for each, bot in self.replicas.items() if bot.name == process)
        bot = self.replicas.pop(number)
        self.history.note("crashed", process=process)
        # Its machine may have died with it: then nobody tells the server at once.
        self.locks.end(process, self.chance.choice([0, 0, 10]))
        again = self.baton.now + self.chance.choice([1, 10, 60, 600, 7_200])
        self.baton.plan(again, f"{process} comes back", partial(self._come_back, number, bot))
        self.baton.kill(process)

    def _come_back(self, number: int, dead: Replica) -> None:
        dead.engine.dispose()
        self._begin(number)

    def _hurry(self) -> None:
        for bot in self.replicas.values():
            bot.board._stopping.hurry()  # type: ignore[attr-defined]  # noqa: SLF001

    # What happens.

    def _set_up(self) -> None:
        while not self.replicas[0].deps.store.workspaces():
            self.baton.sleep(1)
        for place, key in enumerate(KEYS[: self.plan.workflows]):
            self._register(place, key)
        self.weather.has_begun = True

    def _register(self, place: int, key: str) -> None:
        owner, backup, steward = RUNG[place:] + RUNG[:place]
        roles = Roles(owner, backup, steward, BUILDER)
        policy = Policy(
            number=1,
            cadence=CADENCE,
            zone=self.chance.choice(ZONES),
            sample=2,
            floor=0,
            limit_bp=500,
            volume_min=1,
            volume_max=1_000,
            hours="always",
        )
        asked = registry.Registration(key, "Sorts the mail", roles, CHANNEL, policy)
        deps = self.replicas[0].deps
        registry.register_workflow(deps, Actor(Origin.SLACK, owner), asked)
        made = tokens.NewToken(f"secret-{key}", f"tok-{key}", key, frozenset(Scope))
        self.pipelines.tokens[key] = tokens.create_token(deps, made)
        self.history.note("set up", workflow=key, owner=owner, backup=backup, steward=steward,
                          zone=policy.zone)  # fmt: skip

    def _plan_weeks(self) -> None:
        keys = KEYS[: self.plan.workflows]
        people = {each: self._somebody(each) for each in PEOPLE}
        for day in range(int(self.until / DAY)):
            for key in keys:
                if self.chance.random() < 0.35:
                    self._at_some_time(day, f"{key} reports", partial(self.pipelines.report, key))
                if self.chance.random() < 0.3:
                    self.pipelines.will_ask((day + self.chance.random()) * DAY, key)
            for user_id in (OWNER, BACKUP, STEWARD, ADMIN):
                if self.chance.random() < 0.8:
                    self._at_some_time(day, f"{user_id} looks", people[user_id].looks)
            if self.chance.random() < 0.12:
                who = people[self.chance.choice(list(people))]
                verb = self.chance.choice(["pause", "resume", "resume", "sample"])
                typed = f"{verb} {self.chance.choice(keys)}"
                self._at_some_time(day, f"{who.user_id} types {typed}", partial(who.types, typed))

    def _at_some_time(self, day: int, name: str, work: Callable[[], object]) -> None:
        self.baton.plan((day + self.chance.random()) * DAY + 120, name, work)

    def _somebody(self, user_id: str) -> Somebody:
        chance = self._fork(user_id)
        return Somebody(
            user_id,
            self.server.workspace,
            self.baton,
            chance,
            partial(self.courier.send, user_id),
            self.server.tell_time,
            is_diligent=chance.choice([0.3, 0.8, 1.0, 1.0]),
        )

    def _anybody(self) -> Replica | None:
        living = list(self.replicas.values())
        return self.chance.choice(living) if living else None

    # What it stands on.

    def _interest(self, what: str) -> float:
        """Give when anything falls due that a loop would notice which looks after this."""
        (due,) = self._outside.execute(DUE[what]).fetchone()
        return inf if due is None else due - self.history.begins_at.timestamp()

    def _export(self) -> bytes:
        target = BytesIO()
        living = next(iter(self.replicas.values()))
        with record.read_record(living.deps, record.Wanted()) as view:
            write_bundle(view, _key().vkey(view.origin), target)
        return target.getvalue()

    def _fork(self, name: str) -> Random:
        return Random(f"{name}/{self.plan.seed}")  # noqa: S311 -- it is repeated

    @contextmanager
    def _patched(self) -> Iterator[None]:
        """Put the simulation where the product meets the network, other threads and chance."""
        chance = self._fork("ids")
        threads = SimpleNamespace(Lock=Lock, Event=partial(Event, self.baton))
        with pytest.MonkeyPatch.context() as patch:
            way = "_perform_urllib_http_request_internal"
            patch.setattr(HeardClient, way, carried(self.server), raising=False)
            patch.setattr("handlers.slack.answers.post_json", posted_json(self.server))
            patch.setattr("handlers.slack.failures.uuid4",
                          lambda: UUID(bytes=chance.randbytes(16)))  # fmt: skip
            patch.setattr("sandbox.wire.secrets", SimpleNamespace(token_bytes=chance.randbytes))
            patch.setattr("sandbox.passes.elapsed", lambda: self.baton.now)
            patch.setattr("store.seat.threading", threads)
            patch.setattr(postgres, "Session", self.locks.session)
            structlog.configure(processors=[self._hear])
            try:
                yield
            finally:
                structlog.reset_defaults()

    def _hear(self, _logger: object, level: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep what the bots report as their own fault; the rest of their log is dropped."""
        if level in {"error", "exception", "critical"}:
            self.complaints.append(f"{round(self.baton.now)} {said.get('event')} {said}")
        raise structlog.DropEvent


@cache
def _key() -> SigningKey:
    path = Path(mkdtemp()) / "signing.key"
    path.touch(mode=0o600)
    path.write_text("5" * 64 + "\n")
    return signing_key(path)


@cache
def _template() -> bytes:
    path = Path(mkdtemp()) / "empty.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path.read_bytes()
