"""Pipelines: they report what they produced, and ask whether they may run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import inf
from random import Random
from typing import Final

from bot.domain.outputs import Output
from bot.domain.tokens import Token
from bot.usecases import sampling
from handlers.http.problems import Problem
from sandbox.wire import Json
from tests.sim.baton import Baton, Event
from tests.sim.history import History
from tests.sim.replica import Replica
from tests.sim.weather import Weather

PATIENCE: Final = 9.0  # seconds until a pipeline takes its request for lost
TRIES: Final = (1, 5, 60, 600, 3_600, 36_000)  # and the seconds between them
AROUND_A_PAUSE: Final = (0.0, 0.1, 0.26, 0.4, 1.5)
RUNNING: Final = ("run", "review_all", "503")  # and where nobody says, it goes on
DISOBEYS: Final = 0.05
LONGEST_ACT: Final = 6.0  # seconds
LOOKING: Final = 0.15  # seconds before a question from which on the boards' looks matter


@dataclass(eq=False)
class Pipelines:
    """All of them. `tokens` are what they show, by workflow."""

    baton: Baton
    chance: Random
    history: History
    weather: Weather
    anybody: Callable[[], Replica | None]
    hurry: Callable[[], None]
    tokens: dict[str, Token] = field(default_factory=dict)
    _questions: list[float] = field(default_factory=list)
    _watched_until: float = 0.0

    def looked_at_from(self) -> float:
        """Give from when on somebody would see how often the boards look."""
        if self.baton.now < self._watched_until:
            return self.baton.now
        coming = (each for each in self._questions if each >= self.baton.now)
        return min(coming, default=inf) - LOOKING

    def will_ask(self, at: float, key: str) -> None:
        self._questions.append(at)
        self.baton.plan(at, f"{key} asks", partial(self.ask, key))

    def look_closely(self, about: str) -> None:
        """Have the boards look as often as they do: a gate is about to change."""
        if _moves_a_gate(about):
            self._watched_until = self.baton.now + LONGEST_ACT
            self.hurry()

    def ask_around(self, about: str) -> None:
        """Ask right after somebody has changed a gate; after that nobody sees how boards look."""
        if not _moves_a_gate(about):
            return
        self._watched_until = self.baton.now + max(AROUND_A_PAUSE)
        for key in self.tokens:
            if key in about:
                for after in AROUND_A_PAUSE:
                    self.baton.plan(self.baton.now + after, f"{key} asks", partial(self.ask, key))

    def report(self, key: str) -> None:
        """Report some outputs until somebody says that they were taken, unless it may not run."""
        if self.ask(key) not in RUNNING and self.chance.random() > DISOBEYS:
            return
        number = len(self.history.events)
        at = self.history.now - timedelta(minutes=1)
        sent = [Output(f"{key}-{number}-{each}", at) for each in range(self.chance.randrange(1, 7))]
        for wait in TRIES:
            noted = self.history.note(
                "reported", workflow=key, outputs=[each.output_id for each in sent], status=None
            )
            bot = self.anybody()
            if bot:
                done = Event(self.baton)
                self.baton.start(
                    f"intake of {key}", partial(self._take, bot, key, sent, noted, done), bot.name
                )
                done.wait(PATIENCE)
            if noted["status"] == 202 and self.chance.random() > 0.1:  # else its answer was lost
                return
            self.baton.sleep(wait)

    def _take(
        self, bot: Replica, key: str, sent: Sequence[Output], noted: Json, done: Event
    ) -> None:
        token = self.tokens.get(key)
        if token is None:
            noted["status"] = 401
        else:
            try:
                taken = sampling.receive_outputs(bot.deps, bot.pipeline(token), key, sent)
            except Exception as error:  # noqa: BLE001 -- as the HTTP edge: said, never swallowed
                noted["status"] = 500
                noted["error"] = type(error).__name__
            else:
                self.weather.at("before ack")
                noted["status"] = 202
                noted["accepted"], noted["duplicates"] = taken.accepted, taken.duplicates
                noted["rejected"] = [sent[each.index].output_id for each in taken.rejected]
        done.set()

    def ask(self, key: str) -> str:
        """Ask whether it may run, as every pipeline does that is asked around for."""
        bot, token = self.anybody(), self.tokens.get(key)
        if bot is None or token is None:
            return "503"
        state = "503"
        if bot.knows(token) or self._could_look_for(bot, token):
            try:
                said = bot.gate(key, token)
            except Problem as refused:
                state = str(refused.status)
            else:
                state = str(said["value"]) if said else state
        self.history.note("gate", workflow=key, process=bot.name, said=state)
        return state

    def _could_look_for(self, bot: Replica, token: Token) -> bool:
        """Have a bot look up a token that it does not know, as its door does; tell if it could."""
        done, could = Event(self.baton), [False]

        def look() -> None:
            could[0] = bot.board.look_for(token.hash)
            done.set()

        self.baton.start(f"a look for {token.id}", look, bot.name)
        done.wait(PATIENCE)
        return could[0]


def _moves_a_gate(about: str) -> bool:
    return about.startswith(("pause ", "confirm ", "decide "))
