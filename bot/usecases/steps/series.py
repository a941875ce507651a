"""The evidence that a round belongs to, as it stands in this transaction."""

from datetime import datetime

from bot.domain.breaches import BreachState
from bot.domain.rounds import Round
from bot.domain.series import Series, series_for
from store.reading import Reading
from store.unit_of_work import Work


def series_of(work: Work, round_: Round, limit_bp: int) -> Series:
    """Give the series that a round of this limit is, or will be, held against."""
    known = work.series.find(round_.workflow)
    return series_for(known, round_, limit_bp, _settled_at(work, known))


def stood_since(reading: Reading, round_: Round) -> int:
    """Give since which round before this one the rounds point to the same, or 0: none does.

    A round of which nothing was judged in time points to nothing, and ends nothing.
    """
    since = 0
    for each in reversed(reading.rounds.closed(round_.workflow, round_.number)):
        if each.number >= round_.number:
            continue
        if each.points_to == round_.points_to:
            since = each.number
        elif any(item.in_time for item in reading.rounds.items(each.workflow, each.number)):
            break
    return since


def _settled_at(work: Work, series: Series | None) -> datetime | None:
    """Give when the breach that a series has led to was closed, if there is one and it was."""
    if series is None or not series.breach:
        return None
    breach = work.breaches.get(series.workflow, series.breach)
    is_closed = breach.state is BreachState.CLOSED
    return datetime.fromisoformat(work.entry(breach.entry).ts) if is_closed else None
