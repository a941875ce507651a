"""Working hours as people write them: `Mon-Fri 09:00-17:00`, or `always`."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import pairwise
from typing import Final

from bot.domain.lookalikes import foreign_letter
from bot.domain.working_time import MIDNIGHT, Hours

ALWAYS: Final = "always"
DEFAULT_HOURS: Final = "Mon-Fri 09:00-17:00"
LEAST_A_WEEK: Final = timedelta(hours=5)  # with less, two business hours take weeks to pass
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT: Final = tuple(day[:3] for day in DAYS)
_FORM: Final = re.compile(
    r"(?P<days>[a-z, -]+?),? (?P<opens>\d{1,2}(?::\d\d)?) ?- ?(?P<closes>\d{1,2}(?::\d\d)?)"
)
_HOW: Final = f"Write days and hours, such as {DEFAULT_HOURS}, or “{ALWAYS}”."


def read_hours(text: str) -> Hours | None:
    """Give the hours that are meant; None is always. Raises ValueError, in a sentence."""
    plain = " ".join(text.lower().replace("–", "-").split())  # noqa: RUF001 -- people type it
    if plain == ALWAYS:
        return None
    form = _FORM.fullmatch(plain)
    if not form:
        raise ValueError(f"{foreign_letter(plain)} {_HOW}".strip())
    opens, closes = _time(form["opens"]), _time(form["closes"])
    if opens == closes and opens != MIDNIGHT:
        raise ValueError(f"A day that opens when it closes is none. {_HOW}")
    return Hours(frozenset(_weekdays(form["days"])), opens, closes)


def hours_fault(text: str) -> str:
    """Give a sentence if `text` names no working hours, or too few; else an empty string.

    What is on record is read all the same: only what is new has to be enough.
    """
    try:
        hours = read_hours(text)
    except ValueError as fault:
        return str(fault)
    if hours is not None and hours.day * len(hours.weekdays) < LEAST_A_WEEK:
        return (
            "These are less than five hours a week: what is to be answered within hours would wait "
            f"for weeks. Write when people work, such as {DEFAULT_HOURS}, or “{ALWAYS}”."
        )
    return ""


def written(hours: Hours | None) -> str:
    """Give the one way in which these hours are written on record."""
    if hours is None:
        return ALWAYS
    closes = "24:00" if hours.closes == MIDNIGHT else f"{hours.closes:%H:%M}"
    return f"{', '.join(_ranges(hours.weekdays))} {hours.opens:%H:%M}-{closes}"


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    if (int(hour), int(minute or 0)) == (24, 0):
        return MIDNIGHT
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ValueError(f"{text} is no time of day. {_HOW}") from None


def _weekdays(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin = weekday_of(first.strip())
        end = weekday_of((last or first).strip())
        if begin is None or end is None:
            raise ValueError(f"“{part.strip()[:30]}” is no weekday. {_HOW}")
        yield from (each % 7 for each in range(begin, (end if end >= begin else end + 7) + 1))


def weekday_of(word: str) -> int | None:
    """Give the number of a weekday, Monday being 0, by its name or first three letters; or None."""
    names = [day.lower() for day in DAYS]
    for number, name in enumerate(names):
        if word in (name, name[:3]):
            return number
    return None


def _ranges(weekdays: frozenset[int]) -> Iterator[str]:
    days = sorted(weekdays)
    breaks = [0, *(at + 1 for at, (a, b) in enumerate(pairwise(days)) if b > a + 1), len(days)]
    for begin, end in pairwise(breaks):
        names = [_SHORT[day] for day in days[begin:end]]
        yield f"{names[0]}-{names[-1]}" if len(names) > 2 else ", ".join(names)  # noqa: PLR2004
