"""Read-only: what the times of somebody's own answers say, computed for their Home."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from bot.domain.pace import Drafted, Told, Took, again, pace_of, took
from bot.domain.record import Kind
from bot.domain.registry import WorkflowState, who_is_told
from bot.domain.verdicts import Answer
from bot.rendering import views
from store.reading import Reading

LATELY: Final = timedelta(weeks=8)
MOST_ROUNDS: Final = 12  # of all workflows: a Home is shown often
MOST_TOLD: Final = 3
_DRAFTED: Final = (Kind.DRAFT_SAVED, Kind.SECOND_DRAFT_SAVED)

Said = Callable[[str, int], tuple[Took, ...]]


def said_in(reading: Reading) -> Said:
    """Give the way to what was said in a round of a workflow, which reads each of them once."""

    @cache
    def said(key: str, number: int) -> tuple[Took, ...]:
        return tuple(_took(reading, key, number))

    return said


def own_pace(
    reading: Reading, user_id: str, now: datetime, said: Said
) -> tuple[views.OwnPace, ...]:
    """Give what is worth telling somebody of how they answer, by workflow; mostly nothing."""
    if reading.people.pseudonym_or_none(user_id) is None:
        return ()
    answered = reading.overview.rounds_answered_by(user_id, now - LATELY, MOST_ROUNDS)
    told = (_of_workflow(reading, user_id, key, rounds, said) for key, rounds in answered.items())
    return tuple(each for each in told if each.hurried or each.run or each.burst)[:MOST_TOLD]


def _of_workflow(
    reading: Reading, user_id: str, key: str, closed: Mapping[int, datetime], said: Said
) -> views.OwnPace:
    person = reading.people.pseudonym_or_none(user_id) or ""
    in_order = sorted(closed.items(), key=lambda each: (each[1], each[0]))
    rounds = [Told(at, said(key, number)) for number, at in in_order]
    pace = pace_of(person, rounds)
    told = _who_is_told(reading, key, user_id)
    stands_again = again(person, rounds, reading.homes.opened_at(user_id)) if told else ()
    return views.OwnPace(key, pace.hurried, pace.run, pace.burst, told, stands_again)


def _who_is_told(reading: Reading, key: str, user_id: str) -> str:
    """Give who is shown what stands again; an empty string if nobody can be."""
    workflow = reading.workflows.get(key)
    told = who_is_told(workflow.roles, user_id)
    is_there = workflow.state is not WorkflowState.RETIRED and told not in reading.people.gone()
    return told if is_there else ""


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
