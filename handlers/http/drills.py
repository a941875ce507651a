"""A drill's pause, told to its pipeline: noted in memory, recorded behind the caller's back."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.refusals import Busy
from bot.domain.tokens import Token
from bot.usecases import Deps, drills
from bot.usecases.drills import Heard
from bot.usecases.gate import BoardRow

log = structlog.get_logger()

TRIES: Final = 3

_Name = tuple[str, int]


@dataclass
class Hearings:
    """Notes when each drill's pause was first told, and has that recorded.

    The gate waits for none of it. A note that could not be recorded is kept: the pipeline's next
    question tries again, with the time of the first.
    """

    deps: Deps
    clock: Clock
    executor: Executor
    _first: dict[_Name, Heard] = field(default_factory=dict)
    _under_way: set[_Name] = field(default_factory=set)

    def note(self, row: BoardRow, token: Token) -> None:
        """Remember that this row was told to its pipeline, if a drill has paused it."""
        name = row.key, row.drill
        if not row.drill or name in self._under_way:
            return
        fresh = Heard(row.key, row.drill, token.id, self.clock.now())
        told = self._first.setdefault(name, fresh)
        self._under_way.add(name)
        try:
            self.executor.submit(self._record, told)
        except RuntimeError:
            log.info("drill not recorded yet", workflow=row.key, reason="stopping")

    def _record(self, told: Heard) -> None:
        try:
            self._try(told)
        except Exception:
            log.exception("drill not recorded yet", workflow=told.workflow)
        finally:
            self._under_way.discard((told.workflow, told.drill))

    def _try(self, told: Heard) -> None:
        for _ in range(TRIES):
            try:
                drills.record_heard(self.deps, told)
            except Busy:
                log.info("drill not recorded yet", workflow=told.workflow, reason="busy")
            else:
                return
