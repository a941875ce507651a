"""Cadences in words: read into one recurrence rule, and written from it again.

A phrase is understood whole or refused with a sentence; nothing in it is passed over.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import TOO_OFTEN, cadence_fault, next_occurrence, zone_fault
from bot.domain.cron import is_cron, read_cron
from bot.domain.hours import DAYS, weekday_of
from bot.domain.lookalikes import foreign_letter

DEFAULT_CADENCE: Final = "every monday at 09:00"
EXAMPLES: Final = (
    DEFAULT_CADENCE,
    "every weekday at 09:00 Europe/London",
    "mondays and thursdays 10:00",
    "every 2 weeks on friday 16:00",
    "first monday 09:00",
    "last weekday of the month 09:00",
)
SHOWN: Final = 3
CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS: Final = CODES[:5]
_PLACES: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_LAST_SURE_DAY: Final = 28
_HOW: Final = f"Write for example: {' · '.join(EXAMPLES[1:])}."
_TIME: Final = r"\d{1,2}(?::\d\d)? ?[ap]m|\d{1,2}:\d\d|noon|midnight"
_FORM: Final = re.compile(
    rf"(?P<when>.+?),? (?:at )?(?P<time>{_TIME})(?: \(?(?P<zone>\S+?)\)?)?", re.ASCII
)
_OF_MONTH: Final = r"(?: (?:of|in) (?:the|every|each) month)?"
_PLACE: Final = rf"(?:on )?(?:the |every )?(?P<place>{'|'.join(_PLACES)})"
_OFTEN: Final = re.compile(r"hour|minute|twice|times a day")


@dataclass(frozen=True, slots=True)
class Cadence:
    """A recurrence rule, and the zone if the phrase named one."""

    rule: str
    zone: str = ""


def read_cadence(text: str) -> Cadence:
    """Give the cadence that is meant by words, five fields of cron, or an RRULE.

    Raises ValueError, in a sentence for the person who wrote it.
    """
    phrase = " ".join(text.split()).strip(" .")
    if "FREQ=" in phrase.upper():
        cadence = Cadence(phrase.upper().removeprefix("RRULE:"))
    elif is_cron(phrase):
        cadence = Cadence(read_cron(phrase))
    else:
        cadence = _read_words(phrase)
    if fault := cadence_fault(cadence.rule):
        raise ValueError(fault)
    return cadence


def in_words(rule: str) -> str:
    """Give a rule as people say it; one that is none of our phrases as it is."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    at = _clock_time(parts)
    days = _days_in_words(parts)
    phrase = f"{days} at {at}"
    return phrase if days and at and _is_read_as(phrase, rule) else rule


def next_strikes(rule: str, zone: str, after: datetime, count: int = SHOWN) -> tuple[datetime, ...]:
    """Give the next times at which a cadence strikes, in its zone."""
    strikes: list[datetime] = []
    while len(strikes) < count:
        after = next_occurrence(rule, zone, after)
        strikes.append(after.astimezone(ZoneInfo(zone)))
    return tuple(strikes)


def _read_words(phrase: str) -> Cadence:
    form = _FORM.fullmatch(phrase.lower())
    if not form:
        raise ValueError(_not_understood(phrase))
    # Zones are told apart by capitals, so the name is taken from what was written.
    zone = phrase[form.start("zone") : form.end("zone")] if form["zone"] else ""
    if zone and (fault := zone_fault(zone)):
        raise ValueError(fault)
    days = _read_days(form["when"])
    if days is None:
        raise ValueError(_not_understood(form["when"]))
    return Cadence(f"{days};{_by_time(_read_time(form['time']))}", zone)


def _not_understood(phrase: str) -> str:
    if _OFTEN.search(phrase.lower()):
        return TOO_OFTEN
    if odd := foreign_letter(phrase):
        return f"“{phrase[:60]}” is not understood. {odd}"
    if not re.search(_TIME, phrase.lower()) and _read_days(phrase.lower()):
        return f"Say at what time, such as: {phrase[:60]} at 09:00."
    return f"“{phrase[:60]}” is not understood. {_HOW}"


def _read_days(when: str) -> str | None:
    for form, rule_of in _DAYS.items():
        if found := re.fullmatch(form, when):
            return rule_of(found)
    return _weekly(when)


def _every_so_many(found: re.Match[str]) -> str | None:
    days = _weekly(found["days"])
    interval = 2 if found["often"] == "other" else int(found["often"].split()[0])
    return f"FREQ=WEEKLY;INTERVAL={interval};{days.split(';')[1]}" if days else None


def _day_of_month(found: re.Match[str]) -> str:
    day = int(found["day"])
    if not 1 <= day <= _LAST_SURE_DAY:
        raise ValueError(
            f"Not every month has a day {day}: choose 1 to {_LAST_SURE_DAY}, "
            "or “last day of the month”."
        )
    return f"FREQ=MONTHLY;BYMONTHDAY={day}"


def _place_of_weekday(found: re.Match[str]) -> str | None:
    place = _PLACES[found["place"]]
    if found["day"] == "weekday":
        return f"FREQ=MONTHLY;BYDAY={','.join(WEEKDAYS)};BYSETPOS={place}"
    day = weekday_of(found["day"])
    return None if day is None else f"FREQ=MONTHLY;BYDAY={place:+d}{CODES[day]}"


def _either(_: re.Match[str]) -> str:
    raise ValueError(
        "Every other one, or the second of the month? Write “every 2 weeks on …” or “second … of "
        "the month”."
    )


_DAYS: Final[Mapping[str, Callable[[re.Match[str]], str | None]]] = {
    r"every day|daily": lambda _: "FREQ=DAILY",
    r"every second \w+day": _either,
    r"every weekday|weekdays|on weekdays": lambda _: f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS)}",
    r"every (?P<often>other|[1-9]\d? weeks?)(?: on)? (?P<days>.+)": _every_so_many,
    rf"{_PLACE} day of (?:the|every|each) month": lambda found: (
        f"FREQ=MONTHLY;BYMONTHDAY={_PLACES[found['place']]}"
    ),
    rf"{_PLACE} (?P<day>\w+day){_OF_MONTH}": _place_of_weekday,
    r"(?:on )?(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th) (?:of|in) (?:the|every|each) month": (
        _day_of_month
    ),
    r"every month on (?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?": _day_of_month,
}


def _weekly(when: str) -> str | None:
    names = re.split(r", and |, | and |,", re.sub(r"^(?:on |every )", "", when))
    days = [weekday_of(name.removesuffix("s") if len(name) > 4 else name) for name in names]  # noqa: PLR2004
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return None
    return f"FREQ=WEEKLY;BYDAY={','.join(CODES[day] for day in sorted(set(known)))}"


def _read_time(text: str) -> time:
    if text in ("noon", "midnight"):
        return time(12 if text == "noon" else 0)
    half = text[-2:] if text.endswith("m") else ""
    hour, _, minute = text.removesuffix(half).strip().partition(":")
    try:
        return _on_the_day(int(hour), int(minute or 0), half)
    except ValueError:
        raise ValueError(f"{text} is no time of day. {_HOW}") from None


def _on_the_day(hour: int, minute: int, half: str) -> time:
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 -- the hours of half a day
        raise ValueError("twelve hours in half a day")
    return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)


def _by_time(at: time) -> str:
    return f"BYHOUR={at.hour};BYMINUTE={at.minute};BYSECOND=0"


def _clock_time(parts: Mapping[str, str]) -> str:
    hour, minute = parts.get("BYHOUR", ""), parts.get("BYMINUTE", "")
    return f"{int(hour):02}:{int(minute):02}" if hour.isdigit() and minute.isdigit() else ""


def _days_in_words(parts: Mapping[str, str]) -> str:
    match parts:
        case {"FREQ": "DAILY"}:
            return "every day"
        case {"FREQ": "WEEKLY", "BYDAY": days}:
            return _weekly_in_words(days.split(","), parts.get("INTERVAL", ""))
        case {"FREQ": "MONTHLY"}:
            return _monthly_in_words(parts)
        case _:
            return ""


def _monthly_in_words(parts: Mapping[str, str]) -> str:
    match parts:
        case {"BYMONTHDAY": "-1"}:
            return "last day of the month"
        case {"BYMONTHDAY": day}:
            return f"every month on the {_ordinal(day)}"
        case {"BYSETPOS": place}:
            return f"{_place_in_words(place)} weekday of the month"
        case {"BYDAY": day} if day[-2:] in CODES:
            return f"{_place_in_words(day[:-2])} {DAYS[CODES.index(day[-2:])]} of the month"
        case _:
            return ""


def _weekly_in_words(codes: list[str], interval: str) -> str:
    if not set(codes) <= set(CODES):
        return ""
    names = [DAYS[CODES.index(code)] for code in codes]
    every = f"every {interval} weeks on" if interval else "every"
    if tuple(codes) == WEEKDAYS and not interval:
        return "every weekday"
    return f"{every} {', '.join(names[:-1])}{' and ' if names[:-1] else ''}{names[-1]}"


def _place_in_words(place: str) -> str:
    return next(
        (word for word, number in _PLACES.items() if place in (str(number), f"{number:+d}")), ""
    )


def _ordinal(day: str) -> str:
    ends = {"1": "st", "21": "st", "2": "nd", "22": "nd", "3": "rd", "23": "rd"}
    return f"{day}{ends.get(day, 'th')}"


def _is_read_as(phrase: str, rule: str) -> bool:
    """Tell whether the words say no more and no less than the rule."""
    try:
        return set(_read_words(phrase).rule.split(";")) == set(rule.split(";"))
    except ValueError:
        return False
