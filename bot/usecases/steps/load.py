"""What a draw asks of reviewers, held against the time they have."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.breaches import Cause
from bot.domain.capacity import Load, load_of, window_of
from bot.domain.policy import Policy
from bot.domain.registry import Workflow
from bot.domain.rounds import Round
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.time_taken import time_taken
from store.reading import Reading
from store.unit_of_work import Work


def notice_overload(work: Work, workflow: Workflow, round_: Round, policy: Policy) -> None:
    """Open a breach if a round that was just drawn takes more time than its reviewers have.

    Nothing is drawn less for it: what nobody judges in time counts as missing.
    """
    if not policy.capacity:
        return
    load = _load(work, round_, policy)
    if load.is_too_much:
        open_breach(
            work,
            workflow,
            Cause.OVERLOAD,
            f"What was drawn in the {window_of(round_).days} days up to the draw of round "
            f"{round_.number}, second looks included, {load}.",
            {
                "needed_seconds": load.needed,
                "available_seconds": load.available,
                "item_seconds": load.item_seconds,
            },
            round_.number,
        )


def _load(reading: Reading, round_: Round, policy: Policy) -> Load:
    timed = time_taken(reading, round_.workflow)
    seconds = timed.seconds if timed else policy.item_seconds
    window = window_of(round_)
    return load_of(policy.capacity, window, _drawn_within(reading, round_, window), seconds)


def _drawn_within(reading: Reading, last: Round, window: timedelta) -> Iterator[tuple[int, int]]:
    """Give what is asked of each round of this time, the last one included: drawn, and besides."""
    for number in range(last.number, 0, -1):
        round_ = reading.rounds.get(last.workflow, number)
        if round_.drawn_at is None or last.drawn_at is None:
            continue  # its seed was never revealed: nothing of it was drawn
        if last.drawn_at - round_.drawn_at >= window:
            return
        items = reading.rounds.items(last.workflow, number)
        triggered = reading.rounds.triggered(last.workflow, number)
        yield sum(not each.is_copy for each in items), len(triggered)
