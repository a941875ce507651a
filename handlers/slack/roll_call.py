"""Once a day everybody on whom something rests is looked up: an event may never have come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.people import Person, Standing
from bot.domain.refusals import Busy
from bot.usecases import Deps, people
from handlers.postponed import Postponed
from handlers.slack.errors import name_of
from handlers.slack.people import Directory

log = structlog.get_logger()

EVERY: Final = timedelta(days=1)
LATER: Final = timedelta(minutes=5)  # until somebody is looked up again of whom Slack said nothing


@dataclass
class RollCall:
    """Looks one person up at a time, between transactions, and notes what has become of them.

    It remembers nothing over a restart: then everybody is looked up, which changes nothing for
    who is still there.
    """

    deps: Deps
    directory: Directory
    _due: dict[str, datetime] = field(default_factory=dict)
    _postponed: Postponed = field(default_factory=partial(Postponed, "roll call postponed"))

    def look(self) -> None:
        """Look up the next person who is due, if anybody is. It never raises."""
        try:
            now = self.deps.store.clock.now()
            user_id = self._next(now)
            if user_id:
                self._look_up(user_id, now)
            self._postponed.is_over()
        except Busy as busy:
            self._postponed.tell(busy)
        except Exception:
            log.exception("roll call failed")

    def _next(self, now: datetime) -> str | None:
        waiting = (each for each in people.named_people(self.deps) if self._is_due(each, now))
        return next(waiting, None)

    def _is_due(self, user_id: str, now: datetime) -> bool:
        return user_id not in self._due or self._due[user_id] <= now

    def _look_up(self, user_id: str, now: datetime) -> None:
        self._due[user_id] = now + LATER
        self.directory.forget(user_id)
        try:
            found = self.directory.person_or_none(user_id)
        except SlackApiError as error:
            log.info("nobody could be looked up", error=name_of(error))
            return
        except OSError as error:
            log.info("nobody could be looked up", error=type(error).__name__)
            return
        person = found or Person(user_id, "", Standing.DEACTIVATED)
        people.note_standing(self.deps, person)
        self._due[user_id] = now + EVERY
