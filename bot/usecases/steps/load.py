"""What a draw asks of reviewers, held against the time they have."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.breaches import Cause
from bot.domain.capacity import Load, Room, load_of, window_of
from bot.domain.policy import Policy
from bot.domain.registry import Workflow
from bot.domain.rounds import Round
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.time_taken import time_taken
from store.reading import Reading
from store.unit_of_work import Work


def notice_overload(work: Work, workflow: Workflow, round_: Round, policy: Policy) -> None:
    """Open a breach if a round that was just drawn takes more time than its reviewers have.

    It has been cut as far as its policy says. What nobody judges in time counts as missing.
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


def room_for(work: Work, round_: Round, policy: Policy) -> Room | None:
    """Give what there is time for of a round that is about to be drawn; None if nothing is cut.

    It follows from what was on record before the draw, and from nothing that its outputs say.
    """
    if not policy.is_cut_to_time:
        return None
    return Room(_load(work, round_, policy).looks_left, policy.set_aside)


def _load(work: Work, round_: Round, policy: Policy) -> Load:
    timed = time_taken(work, round_.workflow)
    seconds = timed.seconds if timed else policy.item_seconds
    window = window_of(round_)
    drawn = _drawn_since(work, round_, work.now - window)
    return load_of(policy.capacity, window, drawn, seconds)


def _drawn_since(reading: Reading, last: Round, since: datetime) -> Iterator[tuple[int, int]]:
    """Give what is asked of each round up to this one, drawn after then: of its draw, besides."""
    for number in range(last.number, 0, -1):
        round_ = reading.rounds.get(last.workflow, number)
        if round_.drawn_at is None:
            continue  # it is open still, or its seed was never revealed
        if round_.drawn_at <= since:
            return
        items = reading.rounds.items(last.workflow, number)
        triggered = reading.rounds.triggered(last.workflow, number)
        yield sum(not each.is_copy for each in items), len(triggered)
