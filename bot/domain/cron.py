"""Five fields of cron, read into a recurrence rule.

Weekdays are counted as cron does: 0 and 7 are Sunday, 1 is Monday; or by name, SUN to SAT.
"""

import re
from typing import Final

from bot.domain.calendar import TOO_OFTEN

_CODES: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_IN_ORDER: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY_NAMES: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTH_NAMES: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_FIELD: Final = re.compile(r"[\d*/,a-z?#-]+")
_FIELDS: Final = 5


def is_cron(phrase: str) -> bool:
    """Tell whether somebody meant cron: five fields, the first two made of cron's signs alone."""
    fields = phrase.lower().split()
    return (
        len(fields) == _FIELDS
        and all(_FIELD.fullmatch(field) for field in fields)
        and all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:2])
    )


def read_cron(phrase: str) -> str:
    """Give the RRULE of these five fields. Raises ValueError, in a sentence."""
    minute, hour, day, month, weekday = phrase.lower().split()
    minutes = _read("minute", minute, 0, 59)
    hours = _read("hour", hour, 0, 23)
    days = _read("day of the month", day, 1, 31)
    months = _read("month", month, 1, 12, _MONTH_NAMES)
    weekdays = _read("weekday", weekday, 0, 7, _WEEKDAY_NAMES)
    if len(minutes) > 1 or len(hours) > 1:
        raise ValueError(TOO_OFTEN)
    if day != "*" and weekday != "*":
        raise ValueError(
            "Cron runs when either the day or the weekday fits: give only one of them."
        )
    parts = [_frequency(day, days, weekday, weekdays)]
    parts += [] if month == "*" else [f"BYMONTH={_list(months)}"]
    return ";".join([*parts, f"BYHOUR={hours[0]}", f"BYMINUTE={minutes[0]}", "BYSECOND=0"])


def _frequency(day: str, days: list[int], weekday: str, weekdays: list[int]) -> str:
    if day != "*":
        return f"FREQ=MONTHLY;BYMONTHDAY={_list(days)}"
    if weekday == "*":
        return "FREQ=DAILY"
    codes = {_CODES[number % 7] for number in weekdays}
    return f"FREQ=WEEKLY;BYDAY={','.join(code for code in _IN_ORDER if code in codes)}"


def _read(name: str, field: str, low: int, high: int, names: tuple[str, ...] = ()) -> list[int]:
    numbers: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first == "*" else _number(first, low, names)
        end = high if first == "*" or (step and not last) else begin
        end = _number(last, low, names) if last else end
        every = int(step) if step.isdigit() else 1 if not step and not part.endswith("/") else 0
        if begin is None or end is None or not (low <= begin <= end <= high) or not every:
            raise ValueError(f"“{part}” is no {name} in cron, which takes {low} to {high}.")
        numbers.update(range(begin, end + 1, every))
    return sorted(numbers)


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text in names:
        return names.index(text) + low
    return int(text) if text.isascii() and text.isdigit() else None


def _list(numbers: list[int]) -> str:
    return ",".join(str(number) for number in numbers)
