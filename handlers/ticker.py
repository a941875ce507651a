"""The clock's side of the product: a few interval jobs that ask the store what is due."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock
from bot.domain.refusals import Busy, Unwritable
from bot.domain.witness import Shortened
from bot.usecases import (
    Deps,
    absences,
    attesting,
    digests,
    drills,
    escalation,
    leftovers,
    measurements,
    record,
    sampling,
)

log = structlog.get_logger()

INTERVAL: Final = 1.0  # seconds
HEALTHY: Final = 60.0  # seconds since the last tick


@dataclass
class Ticker:
    """Draws rounds, climbs rungs and notices silence as they fall due.

    It remembers nothing: the table is the schedule, and a late tick costs lateness, never an
    obligation. `leads` tells whether this is the process that asks, of several on one database.
    `witness` has what was recorded seen outside, if anybody there is to see it; `roll_call` looks
    up one person after the other on whom something rests.
    """

    deps: Deps
    clock: Clock
    leads: Callable[[], bool]
    witness: Callable[[], None] | None = None
    roll_call: Callable[[], None] | None = None
    _scheduler: BackgroundScheduler = field(default_factory=BackgroundScheduler)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _ticked_at: float | None = None
    _led: bool = False
    _told: str = ""

    def start(self) -> None:
        self._scheduler.add_job(
            self.tick, "interval", seconds=INTERVAL, coalesce=True, max_instances=1
        )
        for look in filter(None, (self.witness, self.roll_call)):
            # A job of its own: whoever is asked may be slow, and nothing due waits for that.
            self._scheduler.add_job(
                self._if_leading(look), "interval", seconds=INTERVAL, coalesce=True, max_instances=1
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
                    while self._handle_due():
                        pass
                    record.settle_refusals(self.deps)
                self._ticked_at = self.clock.elapsed()
                self._told = ""
            except Shortened as shortened:
                self._tell_once(str(shortened))
            except Unwritable as unwritable:
                self._tell_once(str(unwritable))
            except Busy as busy:
                log.info("tick postponed", reason=str(busy))
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

    def _handle_due(self) -> bool:
        now = self.deps.store.clock.now()
        climbs = escalation.obligations_due(self.deps, now)
        rounds = sampling.rounds_due(self.deps, now)
        silences = measurements.measurements_due(self.deps, now)
        absent = absences.absences_due(self.deps, now)
        attesting_now = attesting.attestations_due(self.deps, now)
        drills_over = drills.drills_over(self.deps, now)
        drilling_now = drills.drills_due(self.deps, now)
        handled = [
            *(self._handled(drills.end_unheard, each) for each in drills_over),
            *(self._handled(absences.turn_absence, each) for each in absent),
            *(self._handled(escalation.climb_obligation, each) for each in climbs),
            *(self._handled(sampling.turn_round, each) for each in rounds),
            *(self._handled(attesting.ask_to_attest, each) for each in attesting_now),
            *(self._handled(drills.ask_to_drill, each) for each in drilling_now),
            *(self._handled(measurements.notice_silence, each) for each in silences),
        ]
        if any(handled):  # what it brings about may be due by now, too
            return True
        # Last of all: a digest says how things stand, and after a pause they do not stand yet.
        digests_now = digests.digests_due(self.deps, now)
        return any(self._handled(digests.write_digest, each) for each in digests_now)

    def _handled(self, handle: Callable[[Deps, str], bool], name: str) -> bool:
        """Handle one due thing; one that cannot be is logged and holds up no other."""
        try:
            return handle(self.deps, name)
        except Busy:
            raise
        except Exception:
            log.exception("not handled though due", name=name)
            return False
