"""Read-only: what the times of somebody's own answers say, computed for their Home alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.domain.pace import Drafted, Took, burst_of, hurried, run_of, took
from bot.domain.record import Kind
from bot.domain.verdicts import Answer
from bot.rendering import views
from store.reading import Reading

LATELY: Final = timedelta(weeks=8)
MOST_ROUNDS: Final = 12  # of all workflows: a Home is shown often
MOST_TOLD: Final = 3
_DRAFTED: Final = (Kind.DRAFT_SAVED, Kind.SECOND_DRAFT_SAVED)


def own_pace(reading: Reading, user_id: str, now: datetime) -> tuple[views.OwnPace, ...]:
    """Give what is worth telling somebody of how they answer, by workflow; mostly nothing."""
    pseudonym = reading.people.pseudonym_or_none(user_id)
    if pseudonym is None:
        return ()
    answered = reading.overview.rounds_answered_by(user_id, now - LATELY, MOST_ROUNDS)
    told = (_of_workflow(reading, pseudonym, key, rounds) for key, rounds in answered.items())
    return tuple(each for each in told if each.hurried or each.run or each.burst)[:MOST_TOLD]


def _of_workflow(
    reading: Reading, pseudonym: str, key: str, rounds: tuple[int, ...]
) -> views.OwnPace:
    everything = [each for number in rounds for each in _took(reading, key, number)]
    mine = [each for each in everything if each.by == pseudonym]
    others = [each for each in everything if each.by != pseudonym]
    return views.OwnPace(key, hurried(mine, others), run_of(mine), burst_of(mine))


def _took(reading: Reading, key: str, number: int) -> Iterator[Took]:
    outputs = {each.output.output_id: each.output for each in reading.rounds.asked(key, number)}
    for kind in _DRAFTED:
        entries = reading.log.entries_of(kind, f"round/{key}/{number}")
        drafts = [
            Drafted(
                each.actor,
                datetime.fromisoformat(each.ts),
                str(each.facts["output"]),
                Answer(str(each.facts["answer"])),
            )
            for each in entries
            if each.facts["output"] in outputs  # or it was planted, and never handed in
        ]
        yield from took(drafts, outputs)
