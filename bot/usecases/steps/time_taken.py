"""How long an answer takes, as far as the record shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.outlook import Outlook, outlook_of
from bot.domain.pace import median_seconds, seconds_each
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.rounds import round_name
from store.reading import Reading

TIMED_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class TimeTaken:
    """The median of what so many answers took, in whole seconds."""

    seconds: int
    answers: int


def outlook_for(reading: Reading, key: str, policy: Policy) -> Outlook:
    """Give what a policy costs and can see, by what this workflow's answers took so far."""
    timed = time_taken(reading, key)
    if timed is None:
        return outlook_of(policy, reading.now)
    return outlook_of(policy, reading.now, timed.seconds, timed.answers)


def time_taken(reading: Reading, key: str) -> TimeTaken | None:
    """Give what an output takes its first look, by the newest closed rounds; None of too few."""
    rounds = reading.rounds.closed(key, TIMED_ROUNDS)
    times = [time for each in rounds for time in _times(reading, key, each.number)]
    seconds = median_seconds(times)
    return None if seconds is None else TimeTaken(seconds, len(times))


def _times(reading: Reading, key: str, number: int) -> Iterator[float]:
    drafts = reading.log.entries_of(Kind.DRAFT_SAVED, round_name(key, number))
    times = seconds_each((each.actor, datetime.fromisoformat(each.ts)) for each in drafts)
    return (seconds for seconds in times if seconds is not None)
