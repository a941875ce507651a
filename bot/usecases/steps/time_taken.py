"""How long an answer takes, as far as the record shows it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.outlook import Outlook, outlook_of
from bot.domain.pace import Drafted, median_seconds, seconds_each, sort_of, took
from bot.domain.people import Actor
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.rounds import DrawnItem, round_name
from bot.domain.verdicts import Answer
from bot.usecases.steps.judgements import DRAFTED
from bot.usecases.steps.reviews import Review
from store.reading import Reading
from store.unit_of_work import Work

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


def keep_times(
    work: Work,
    actor: Actor,
    review: Review,
    asked: Sequence[DrawnItem],
    handed_in: Collection[DrawnItem],
) -> None:
    """Keep how long what somebody hands in took them, of all that the look asked.

    Nothing that the drafts on record do not say: their Home would have to read all of these.
    """
    person = work.people.pseudonym_or_none(actor.user_id)
    sorts = {
        each.output.output_id: sort_of(each.output.category, len(each.output.text))
        for each in asked
    }
    drafts = [
        Drafted(
            actor.user_id,
            datetime.fromisoformat(each.ts),
            str(each.facts["output"]),
            Answer(str(each.facts["answer"])),
        )
        for each in work.entries_of(DRAFTED[review.look], review.round.name)
        if each.actor == person and each.facts["output"] in sorts
    ]
    said = took(drafts, sorts)
    of = ((actor.user_id, each.output.output_id) for each in handed_in)
    now = [said[each] for each in of if each in said]
    if now:
        work.handed_in.add(review.round.workflow, review.round.number, actor.user_id, now, work.now)


def _times(reading: Reading, key: str, number: int) -> Iterator[float]:
    drafts = reading.log.entries_of(Kind.DRAFT_SAVED, round_name(key, number))
    times = seconds_each((each.actor, datetime.fromisoformat(each.ts)) for each in drafts)
    return (seconds for seconds in times if seconds is not None)
