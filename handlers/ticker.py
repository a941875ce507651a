"""The clock's side of the product: a few interval jobs that ask the store what is due."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock
from bot.domain.refusals import Busy, Damaged, Unwritable
from bot.domain.witness import Shortened
from bot.usecases import Deps, leftovers, record
from bot.usecases.due import Due, stages_due
from handlers.postponed import Postponed

log = structlog.get_logger()

INTERVAL: Final = 1.0  # seconds
HEALTHY: Final = 60.0  # seconds since the last tick


@dataclass
class Ticker:
    """Draws rounds, climbs rungs and notices silence as they fall due.

    It remembers nothing: the table is the schedule, and a late tick costs lateness, never an
    obligation. `leads` tells whether this is the process that asks, of several on one database.
    `witness` has what was recorded seen outside, if anybody there is to see it; `roll_call` looks
    up one person after the other on whom something rests. `token_check` asks whether Slack lets
    this process in, whether it leads or not.
    """

    deps: Deps
    clock: Clock
    leads: Callable[[], bool]
    witness: Callable[[], None] | None = None
    roll_call: Callable[[], None] | None = None
    token_check: Callable[[], None] | None = None
    _scheduler: BackgroundScheduler = field(default_factory=BackgroundScheduler)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _ticked_at: float | None = None
    _led: bool = False
    _told: str = ""
    _postponed: Postponed = field(default_factory=partial(Postponed, "tick postponed"))
    _damaged: Damaged | None = None

    def start(self) -> None:
        self._scheduler.add_job(
            self.tick, "interval", seconds=INTERVAL, coalesce=True, max_instances=1
        )
        leading = (self._if_leading(each) for each in (self.witness, self.roll_call) if each)
        for look in filter(None, (*leading, self.token_check)):
            # A job of its own: whoever is asked may be slow, and nothing due waits for that.
            self._scheduler.add_job(
                look, "interval", seconds=INTERVAL, coalesce=True, max_instances=1
            )
        # Once now and then every day: a bot that is started anew each night gets to it too.
        self._scheduler.add_job(self.clear, misfire_grace_time=None)
        self._scheduler.add_job(self.clear, "interval", days=1, misfire_grace_time=None)
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Handle everything that is due, each in a transaction of its own."""
        with self._turn:
            try:
                self._led = self.leads()
                if self._led:
                    self._handle_all_due()
                    record.settle_refusals(self.deps)
                self._ticked_at = self.clock.elapsed()
                self._told = ""
                self._postponed.is_over()
            except Shortened as shortened:
                self._tell_once(str(shortened))
            except Unwritable as unwritable:
                self._tell_once(str(unwritable))
            except Busy as busy:
                self._postponed.tell(busy)
            except Exception:
                log.exception("tick failed")

    def clear(self) -> None:
        """Clear away what nobody asks for any more. It never raises: another day will do."""
        try:
            while self.leads() and leftovers.clear_leftovers(self.deps):
                pass
        except Busy:
            log.info("leftovers stay", reason="nothing can be written now")
        except Exception:
            log.exception("leftovers stay")

    def _if_leading(self, look: Callable[[], None]) -> Callable[[], None]:
        def led() -> None:
            try:
                if self.leads():
                    look()
            except Busy as busy:
                log.info("looked later", reason=str(busy))

        return led

    def _tell_once(self, fault: str) -> None:
        """Say what only the operator can mend, once and not with every tick."""
        if fault != self._told:
            log.error("nothing is recorded", reason=fault)
        self._told = fault

    def is_healthy(self) -> bool:
        """Tell whether a tick has ended well within the last minute."""
        since = self.since_tick()
        return since is not None and since < HEALTHY

    def since_tick(self) -> float | None:
        """Give the seconds since a tick has ended well, or None if none has yet."""
        return None if self._ticked_at is None else self.clock.elapsed() - self._ticked_at

    def has_led(self) -> bool:
        """Tell whether this process led at its last tick. It asks nobody."""
        return self._led

    def _handle_all_due(self) -> None:
        """Handle it until nothing is left; then raise Damaged if the record kept any of it."""
        self._damaged = None
        while self._handle_due():
            pass
        if self._damaged:
            raise self._damaged

    def _handle_due(self) -> bool:
        stages = stages_due(self.deps, self.deps.store.clock.now())
        return any(sum(map(self._handled, stage)) for stage in stages)  # all of a stage

    def _handled(self, due: Due) -> bool:
        """Handle one due thing; one that cannot be is logged and holds up no other."""
        try:
            return due.handle(self.deps, due.name)
        except Damaged as damaged:  # said once, by whoever asked for all of it
            self._damaged = damaged
            return False
        except Busy:
            raise
        except Exception:
            log.exception("not handled though due", name=due.name)
            return False
