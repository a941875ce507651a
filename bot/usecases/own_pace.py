"""Read-only: what the times of somebody's own answers say, computed for their Home."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.pace import FEWEST, Told, Took, again, pace_of
from bot.domain.registry import Roles, who_is_told
from bot.rendering import views
from store.reading import Reading

LATELY: Final = timedelta(weeks=8)
MOST_ROUNDS: Final = 12  # of all workflows: a Home is shown often
MOST_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Paces:
    """How people answer at this moment; each round is read once, whoever's answers it holds.

    `roles` are those of the workflows that go on, by key; `gone` are people who can answer no more.
    """

    reading: Reading
    roles: Mapping[str, Roles]
    gone: Collection[str]
    now: datetime
    _said: dict[tuple[str, int], tuple[Took, ...]] = field(default_factory=dict)

    def own(self, user_id: str) -> tuple[views.OwnPace, ...]:
        """Give what is worth telling somebody of how they answer, by workflow; mostly nothing."""
        since = self.now - LATELY
        answered = self.reading.handed_in.rounds_of(user_id, since, MOST_ROUNDS, FEWEST)
        told = (self._of_workflow(user_id, key, each) for key, each in answered.items())
        return tuple(each for each in told if each.hurried or each.run or each.burst)[:MOST_TOLD]

    def _of_workflow(self, user_id: str, key: str, closed: Mapping[int, datetime]) -> views.OwnPace:
        self._read(key, [each for each in closed if (key, each) not in self._said])
        in_order = sorted(closed.items(), key=lambda each: (each[1], each[0]))
        rounds = [Told(at, self._said[key, number]) for number, at in in_order]
        pace = pace_of(user_id, rounds)
        told = self._who_is_told(key, user_id)
        seen_at = self.reading.homes.opened_at(user_id) if told and pace.habits else None
        stands_again = again(user_id, rounds, pace.habits, seen_at)
        return views.OwnPace(key, pace.hurried, pace.run, pace.burst, told, stands_again)

    def _who_is_told(self, key: str, user_id: str) -> str:
        """Give who is shown what stands again; an empty string if nobody can be."""
        told = who_is_told(self.roles[key], user_id) if key in self.roles else ""
        return "" if told in self.gone else told

    def _read(self, key: str, numbers: Collection[int]) -> None:
        if numbers:
            said = self.reading.handed_in.said_in(key, numbers)
            self._said.update({(key, number): each for number, each in said.items()})
