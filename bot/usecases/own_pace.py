"""Read-only: what the times of somebody's own answers say, computed for their Home."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.pace import Drafted, Habit, Told, Took, again, pace_of, sort_of, took
from bot.domain.record import Kind
from bot.domain.registry import Roles, who_is_told
from bot.domain.rounds import round_name
from bot.domain.verdicts import Answer
from bot.rendering import views
from store.reading import Reading

LATELY: Final = timedelta(weeks=8)
MOST_ROUNDS: Final = 12  # of all workflows: a Home is shown often
MOST_TOLD: Final = 3
_DRAFTED: Final = (Kind.DRAFT_SAVED, Kind.SECOND_DRAFT_SAVED)


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
        person = self.reading.people.pseudonym_or_none(user_id)
        if person is None:
            return ()
        since = self.now - LATELY
        answered = self.reading.overview.rounds_answered_by(user_id, since, MOST_ROUNDS)
        told = (self._of_workflow(user_id, person, key, each) for key, each in answered.items())
        return tuple(each for each in told if each.hurried or each.run or each.burst)[:MOST_TOLD]

    def _of_workflow(
        self, user_id: str, person: str, key: str, closed: Mapping[int, datetime]
    ) -> views.OwnPace:
        in_order = sorted(closed.items(), key=lambda each: (each[1], each[0]))
        rounds = [Told(at, self._said_in(key, number)) for number, at in in_order]
        pace = pace_of(person, rounds)
        told = self._who_is_told(key, user_id)
        stands_again: tuple[Habit, ...] = ()
        if pace.habits and told:
            stands_again = again(person, rounds, self.reading.homes.opened_at(user_id))
        return views.OwnPace(key, pace.hurried, pace.run, pace.burst, told, stands_again)

    def _who_is_told(self, key: str, user_id: str) -> str:
        """Give who is shown what stands again; an empty string if nobody can be."""
        told = who_is_told(self.roles[key], user_id) if key in self.roles else ""
        return "" if told in self.gone else told

    def _said_in(self, key: str, number: int) -> tuple[Took, ...]:
        if (key, number) not in self._said:
            self._said[key, number] = tuple(self._read(key, number))
        return self._said[key, number]

    def _read(self, key: str, number: int) -> Iterator[Took]:
        asked = self.reading.overview.texts_asked(key, number).items()
        sorts = {output: sort_of(text.category, text.length) for output, text in asked}
        for kind in _DRAFTED:
            entries = self.reading.log.entries_of(kind, round_name(key, number))
            drafts = [
                Drafted(
                    each.actor,
                    datetime.fromisoformat(each.ts),
                    str(each.facts["output"]),
                    Answer(str(each.facts["answer"])),
                )
                for each in entries
                if each.facts["output"] in sorts  # or it was planted, and never handed in
            ]
            yield from took(drafts, sorts)
