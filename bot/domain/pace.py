"""How long answers take; and how somebody answers, for themselves first.

The latter is how fast beside others, and whether always alike. Its thresholds are proposals:
nobody has measured them. All that follows from one that is passed again, by answers given after it
was, is a question to talk about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from math import ceil
from statistics import median, median_low
from typing import Final

from bot.domain.bounds import interval
from bot.domain.verdicts import Answer

PAUSE: Final = timedelta(minutes=10)  # between two answers: longer, and nobody was answering
ENOUGH_TIMED: Final = 20  # answers, before what they took counts more than what was thought
LEAST: Final = 20  # of one's own outputs that there is something to compare with
ALIKE: Final = 3  # of others' outputs of one sort, or it says nothing of that sort
OTHERS: Final = 2  # people: beside one alone it would tell of that one
FAST: Final = 0.25
RUN: Final = 50
RAPID: Final = timedelta(seconds=3)  # from one answer to the next: less than it takes to read
BURST: Final = 20
FEWEST: Final = min(LEAST, BURST, RUN)  # answers, or nothing can stand
LEAST_AGAIN: Final = 2 * FEWEST  # or it cannot stand twice

Sort = tuple[str, int]  # the category, and how long the text is, to the next power of two


@dataclass(frozen=True, slots=True)
class Drafted:
    """One answer as it was kept: by whom, when, of which output."""

    by: str
    at: datetime
    output_id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Took:
    """What somebody said of one output, and how many seconds it took, if that is known.

    `sort` is what it is compared within.
    """

    by: str
    at: datetime
    sort: Sort
    seconds: float | None
    is_override: bool


@dataclass(frozen=True, slots=True)
class Hurried:
    """Seconds an output took somebody and takes others, like for like; how many each overrode."""

    seconds: int
    others_seconds: int
    overridden: int
    outputs: int
    others_overridden: int
    others_outputs: int


@dataclass(frozen=True, slots=True)
class Run:
    """So many answers one after the other were all *correct*, or none of them was."""

    answers: int
    are_overrides: bool


@dataclass(frozen=True, slots=True)
class Burst:
    """So many answers one after the other, in so many seconds all together."""

    answers: int
    seconds: int


class Habit(StrEnum):
    """In which way somebody's answers stand out."""

    HURRIED = "hurried"
    RUN = "run"
    BURST = "burst"


@dataclass(frozen=True, slots=True)
class Pace:
    """What stands out in how somebody answers: mostly nothing."""

    hurried: Hurried | None = None
    run: Run | None = None
    burst: Burst | None = None

    @property
    def habits(self) -> tuple[Habit, ...]:
        found = {Habit.HURRIED: self.hurried, Habit.RUN: self.run, Habit.BURST: self.burst}
        return tuple(habit for habit, stands in found.items() if stands)


@dataclass(frozen=True, slots=True)
class Told:
    """When a round closed, and what everybody had said in it."""

    closed_at: datetime
    took: tuple[Took, ...]


def sort_of(category: str, length: int) -> Sort:
    """Give what an output is compared within, by its category and the characters of its text."""
    return category, length.bit_length()


def seconds_each(answers: Iterable[tuple[str, datetime]]) -> Iterator[float | None]:
    """Give what each answer took, from (who, when) of one round in the order they were kept.

    It is the time since the same person's answer before. Nobody knows it of a first answer, nor
    after a `PAUSE`, nor where none has passed: the clock stood still then, or was put back.
    """
    before: dict[str, datetime] = {}
    for person, at in answers:
        gap = at - before[person] if person in before else None
        before[person] = at
        is_known = gap is not None and timedelta(0) < gap <= PAUSE
        yield gap.total_seconds() if gap is not None and is_known else None


def median_seconds(times: Iterable[float]) -> int | None:
    """Give the lower median in whole seconds, rounded up, at least 1; None of too few."""
    ordered = sorted(times)
    if len(ordered) < ENOUGH_TIMED:
        return None
    return max(1, ceil(median_low(ordered)))


def took(drafts: Sequence[Drafted], sorts: Mapping[str, Sort]) -> Mapping[tuple[str, str], Took]:
    """Give what was said in one look at a round, by person and output, from its drafts in order.

    An output takes from the answer that the same person kept before it. The first one has none
    before it; an answer that is kept again is no other output, but the last word on it counts.
    """
    found: dict[tuple[str, str], Took] = {}
    times = seconds_each((each.by, each.at) for each in drafts)
    for each, time in zip(drafts, times, strict=True):
        of = (each.by, each.output_id)
        seconds = found[of].seconds if of in found else time
        if each.answer is Answer.SKIPPED:
            found.pop(of, None)
        else:
            is_override = each.answer is not Answer.CORRECT
            found[of] = Took(each.by, each.at, sorts[each.output_id], seconds, is_override)
    return found


def pace_of(person: str, rounds: Iterable[Told]) -> Pace:
    """Give what stands out in somebody's answers of these rounds, beside everybody else's."""
    mine, others = _parted(person, rounds)
    return Pace(hurried(mine, others), run_of(mine), burst_of(mine))


def again(
    person: str, rounds: Sequence[Told], stands: Iterable[Habit], seen_at: datetime | None
) -> tuple[Habit, ...]:
    """Give what of all that `stands` stood when some round closed, and by what came after alone.

    The rounds come in the order they closed. What somebody could not see since, having looked
    last at `seen_at`, is theirs alone still.
    """
    if seen_at is None:
        return ()
    first = ((habit, _first_stood(habit, person, rounds)) for habit in stands)
    return tuple(
        habit
        for habit, at in first
        if at <= seen_at and _stands(habit, person, _answered_after(at, rounds))
    )


def hurried(mine: Sequence[Took], others: Sequence[Took]) -> Hurried | None:
    """Tell whether somebody is far faster than others and surely overrides less, like for like."""
    theirs = _by_sort(others)
    compared = [each for each in mine if each.seconds is not None and each.sort in theirs]
    if len(compared) < LEAST:
        return None
    usual = {sort: median(each.seconds or 0.0 for each in some) for sort, some in theirs.items()}
    seconds = median(each.seconds or 0.0 for each in compared)
    others_seconds = median(usual[each.sort] for each in compared)
    if seconds >= FAST * others_seconds:
        return None
    sorts = {each.sort for each in compared}
    beside = [each for sort in sorts for each in theirs[sort]]
    overridden, by_others = _overridden(compared), _overridden(beside)
    _, at_most = interval(overridden, len(compared))
    at_least, _ = interval(by_others, len(beside))
    if at_most >= at_least:
        return None
    return Hurried(
        round(seconds), round(others_seconds), overridden, len(compared), by_others, len(beside)
    )


def run_of(mine: Iterable[Took]) -> Run | None:
    """Give the run of equal answers that the latest one ends, if it is long enough to say so."""
    latest = sorted(mine, key=lambda each: each.at, reverse=True)
    if not latest:
        return None
    is_override = latest[0].is_override
    length = sum(1 for _ in takewhile(lambda each: each.is_override is is_override, latest))
    return Run(length, is_override) if length >= RUN else None


def burst_of(mine: Iterable[Took]) -> Burst | None:
    """Give the longest run of answers that each came right after the one before, if it is long."""
    longest, answers, seconds = Burst(0, 0), 0, 0.0
    for each in sorted(mine, key=lambda each: each.at):
        is_rapid = each.seconds is not None and each.seconds <= RAPID.total_seconds()
        answers, seconds = (answers + 1, seconds + (each.seconds or 0)) if is_rapid else (0, 0.0)
        if answers > longest.answers:
            longest = Burst(answers, round(seconds))
    return longest if longest.answers >= BURST else None


def _stands(habit: Habit, person: str, rounds: Iterable[Told]) -> bool:
    mine, others = _parted(person, rounds)
    match habit:
        case Habit.HURRIED:
            return hurried(mine, others) is not None
        case Habit.RUN:
            return run_of(mine) is not None
        case Habit.BURST:
            return burst_of(mine) is not None


def _first_stood(habit: Habit, person: str, rounds: Sequence[Told]) -> datetime:
    """Give when the first round closed after which it stood; all rounds taken together, it does."""
    ends = (end for end in range(1, len(rounds)) if _stands(habit, person, rounds[:end]))
    return rounds[next(ends, len(rounds)) - 1].closed_at


def _parted(person: str, rounds: Iterable[Told]) -> tuple[list[Took], list[Took]]:
    """Give what somebody answered, and what everybody else did."""
    everything = [each for said in rounds for each in said.took]
    mine = [each for each in everything if each.by == person]
    return mine, [each for each in everything if each.by != person]


def _answered_after(at: datetime, rounds: Iterable[Told]) -> Iterator[Told]:
    for said in rounds:
        yield replace(said, took=tuple(each for each in said.took if each.at > at))


def _by_sort(others: Iterable[Took]) -> dict[Sort, list[Took]]:
    """Give others' timed outputs by their sort, where several people had enough of it."""
    found: defaultdict[Sort, list[Took]] = defaultdict(list)
    for each in others:
        if each.seconds is not None:
            found[each.sort].append(each)
    return {
        sort: some
        for sort, some in found.items()
        if len(some) >= ALIKE and len({each.by for each in some}) >= OTHERS
    }


def _overridden(some: Iterable[Took]) -> int:
    return sum(each.is_override for each in some)
