"""One seed: a workspace, its people, its pipelines and its bots, for some weeks."""

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from io import BytesIO
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import structlog

from bot.domain.people import Actor, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.tokens import Scope
from bot.rendering.bundle import write_bundle
from bot.usecases import record, registry, tokens
from tests.sim import upheavals
from tests.sim.baton import Baton
from tests.sim.case import Case
from tests.sim.courier import Courier
from tests.sim.database import DUE, Database
from tests.sim.edges import empty_database, patched, the_key
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
    OUTAGES,
    OWNER,
    PEOPLE,
    RUNG,
    SEASONS,
    STEWARD,
    WEEK,
    ZONES,
    Plan,
)
from tests.sim.replica import ADMIN, Replica, Skewed
from tests.sim.server import CHANNEL, Server
from tests.sim.weather import Weather


@dataclass(eq=False)
class Simulation:
    """Everything that takes part, and what came of it."""

    plan: Plan
    folder: Path
    alters: list[str] = field(default_factory=list)  # what is done to the database beforehand
    complaints: list[str] = field(default_factory=list)
    replicas: dict[int, Replica] = field(default_factory=dict)
    _lives: int = 0
    down_until: float = 0.0

    def __post_init__(self) -> None:
        self.chance = self.fork("simulation")
        self.baton = Baton(self.fork("baton"), self._interest)
        begins_at = self.chance.choice(BEGINNINGS) + timedelta(hours=self.chance.randrange(9))
        self.until = self.plan.weeks * WEEK
        self.history = History(self.baton, begins_at)
        self.weather = Weather(
            self.fork("weather"),
            self.baton,
            self.crash,
            self.until - CALM,
            lambda name: self.history.note("trouble", name=name),
            self.plan.is_fair,
            self.plan.dies_at,
        )
        edge = (self.baton, self.chance, self.history, self.weather)
        self.pipelines = Pipelines(*edge, self._anybody, self._hurry)
        is_told = self.chance.random() < 0.7
        self.courier = Courier(*edge, self.pipelines, self._anybody, is_told)
        self.server = Server(
            self.baton,
            self.fork("server"),
            self.history,
            self.weather,
            PEOPLE,
            self.courier.posted,
        )
        self.database = Database(self.folder / "answerable.db", self.baton, self.weather, begins_at)
        self.locks = Locks(self.baton)
        self.season = self.plan.season or self.chance.choice(SEASONS)

    def run(self) -> bytes:
        """Live through the weeks and give the export of the record at their end."""
        self.database.path.write_bytes(empty_database())
        with closing(self.database.outside) as outside, patched(self), self.baton.ended():
            for statement in self.alters:
                outside.execute(statement)
            for number in range(self.plan.replicas):
                self._begin(number)
            self.baton.start("the set-up", self._set_up)
            self._plan_weeks()
            self.baton.run(self.until)
            return self._export()

    def case(self) -> Case:
        """Live through it and give what there is to judge it by."""
        export = self.run()
        ended = self.history.begins_at.timestamp() + self.until
        return Case([*self.history.events, *self.history.faults], export, ended)

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
            the_key(),
            DRAW_KEY,
            self.pipelines.looked_at_from,
        )
        self.replicas[number] = bot
        self.history.note("started", process=name)
        self.baton.start(f"{name} begins", partial(self._live, bot), name)

    def _live(self, bot: Replica) -> None:
        """Have a bot begin; one that cannot is begun again, as whoever runs it would."""
        try:
            self.boot(bot)
        except Exception:  # noqa: BLE001 -- the process ends with it
            self.crash(bot.name)

    def boot(self, bot: Replica) -> None:
        bot.begin()

    def crash(self, process: str) -> None:
        """Have a process die here and now, and another one begin in its place by and by."""
        number = next(each for each, bot in self.replicas.items() if bot.name == process)
        bot = self.replicas.pop(number)
        self.history.note("crashed", process=process)
        # Its machine may have died with it: then nobody tells the server at once.
        self.locks.end(process, self.chance.choice([0, 0, 10]))
        again = max(self.baton.now + self.chance.choice(OUTAGES), self.down_until)
        self.baton.plan(again, f"{process} comes back", partial(self._come_back, number, bot))
        self.baton.kill(process)

    def _come_back(self, number: int, dead: Replica) -> None:
        self.baton.sleep(max(0.0, self.down_until - self.baton.now))
        dead.engine.dispose()
        self._begin(number)

    def _hurry(self) -> None:
        for bot in self.replicas.values():
            bot.board._stopping.hurry()  # type: ignore[attr-defined]  # noqa: SLF001

    # What happens.

    def _set_up(self) -> None:
        while not self.replicas[0].deps.store.workspaces():
            self.baton.sleep(1)
        for place, name in enumerate(KEYS[: self.plan.workflows]):
            self._register(place, name)
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
        token = tokens.create_token(deps, made)
        self.baton.sleep(2)  # by then every board has seen it
        self.pipelines.tokens[key] = token
        self.history.note("set up", workflow=key, owner=owner, backup=backup, steward=steward,
                          zone=policy.zone)  # fmt: skip

    def _plan_weeks(self) -> None:
        keys = KEYS[: self.plan.workflows]
        people = {each: self._somebody(each) for each in PEOPLE}
        for day in range(int(self.until / DAY)):
            for key in keys:
                if self.chance.random() < 0.5:
                    self._at_some_time(day, f"{key} reports", partial(self.pipelines.report, key))
                if self.chance.random() < 0.15:
                    self.pipelines.will_ask((day + self.chance.random()) * DAY, key)
            for user_id in (OWNER, BACKUP, STEWARD, ADMIN):
                if self.chance.random() < self.season.looks:
                    self._at_some_time(day, f"{user_id} looks", people[user_id].looks)
            if self.chance.random() < self.season.moods:
                who = people[self.chance.choice(list(people))]
                verb = self.chance.choice(["pause", "pause", "resume", "resume", "sample"])
                typed = f"{verb} {self.chance.choice(keys)}"
                self._at_some_time(day, f"{who.user_id} types {typed}", partial(who.types, typed))

        upheavals.plan_rushes(self, people)
        upheavals.plan_breakdowns(self)
        upheavals.plan_jumps(self)

    def _at_some_time(self, day: int, name: str, work: Callable[[], object]) -> None:
        self.baton.plan((day + self.chance.random()) * DAY + 120, name, work)

    def _somebody(self, user_id: str) -> Somebody:
        chance = self.fork(user_id)
        return Somebody(
            user_id,
            self.server.workspace,
            self.baton,
            chance,
            partial(self.courier.send, user_id),
            self.server.tell_time,
            is_diligent=chance.choice(self.season.diligence),
            finds_wrong=self.season.wrong,
        )

    def _anybody(self) -> Replica | None:
        living = list(self.replicas.values())
        return self.chance.choice(living) if living else None

    # What it stands on.

    def _interest(self, what: str) -> float:
        """Give when anything falls due that a loop would notice which looks after this."""
        (due,) = self.database.outside.execute(DUE[what]).fetchone()
        if due is None:
            return inf
        fast = max((bot.clock.wrong_by for bot in self.replicas.values()), default=0.0)
        ahead = max(fast, 0.0) if what == "duties" else 0.0
        return due - ahead - self.history.begins_at.timestamp()

    def _export(self) -> bytes:
        target = BytesIO()
        living = next(iter(self.replicas.values()))
        living.engine.dispose()  # an auditor's process opens connections of its own
        with record.read_record(living.deps, record.Wanted()) as view:
            write_bundle(view, the_key().vkey(view.origin), target)
        return target.getvalue()

    def fork(self, name: str) -> Random:
        return Random(f"{name}/{self.plan.seed}")  # noqa: S311 -- it is repeated

    def hear(self, logger: object, level: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep what the bots report as their own fault; the rest of their log is dropped."""
        del logger
        if level in {"error", "exception", "critical"}:
            self.complaints.append(f"{round(self.baton.now)} {said.get('event')} {said}")
            error = said.get("exc_info")
            fault = sys.exc_info()[1] if error is True else error
            self.history.note_fault(type(fault).__name__ if fault else "")
        raise structlog.DropEvent
