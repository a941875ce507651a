"""Limits of named measurements: what is tolerable, and how often a value is due.

People write them in words, one a line. A line is understood whole or refused with a sentence.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from bot.domain.figures import figure_text, read_figure
from bot.domain.lookalikes import lookalike

MAX_LIMITS: Final = 5
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME_RULE: Final = "1 to 40 small letters, digits and underscores, beginning with a letter"
EXAMPLE: Final = "latency_p95 <= 2.5 every hour"
_SHOWN: Final = 60


class Direction(StrEnum):
    AT_MOST = "at most"
    AT_LEAST = "at least"


class Every(StrEnum):
    """In which periods a value is due: those of the clock, or those of the workflow's rounds."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Limit:
    """The bound of one named measurement; a value is due once in every whole period."""

    name: str
    direction: Direction
    bound: Decimal
    every: Every = Every.ROUND

    def is_passed_by(self, value: Decimal) -> bool:
        return value > self.bound if self.direction is Direction.AT_MOST else value < self.bound

    @property
    def bound_in_words(self) -> str:
        return f"{self.direction} {figure_text(self.bound)}"

    def __str__(self) -> str:
        return f"{self.name} {self.bound_in_words} every {self.every}"


_DIRECTIONS: Final = {
    "<=": Direction.AT_MOST,
    "≤": Direction.AT_MOST,
    "at most": Direction.AT_MOST,
    ">=": Direction.AT_LEAST,
    "≥": Direction.AT_LEAST,
    "at least": Direction.AT_LEAST,
}
_FORM: Final = re.compile(
    rf"(?P<name>\S+?) ?(?P<direction>{'|'.join(_DIRECTIONS)}) ?(?P<bound>\S+)"
    rf"(?: every (?P<every>{'|'.join(Every)}))?",
    re.IGNORECASE,
)


def read_limits(text: str) -> tuple[Limit, ...]:
    """Give the limits that are written, one a line, in their order; none if nothing is.

    Raises ValueError, in a sentence for the person who wrote them, naming the line.
    """
    limits: list[Limit] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if phrase := " ".join(line.split()).rstrip(" .;,"):
            limits.append(_read_line(number, phrase))
    if fault := limits_fault(limits):
        raise ValueError(fault)
    return tuple(limits)


def written_limits(limits: Sequence[Limit]) -> str:
    """Give limits as they may be written, one a line."""
    return "\n".join(map(str, limits))


def limits_fault(limits: Sequence[Limit]) -> str:
    """Give a sentence if there cannot be these limits together, else an empty string."""
    if len(limits) > MAX_LIMITS:
        return f"A workflow has at most {MAX_LIMITS} limits; these are {len(limits)}."
    names = Counter(limit.name for limit in limits)
    if twice := [name for name, count in names.items() if count > 1]:
        return f"{twice[0]} is named twice: a measurement has one limit."
    if unfit := [name for name in names if not NAME.fullmatch(name)]:
        return f"“{unfit[0][:_SHOWN]}” is no name of a measurement: use {NAME_RULE}."
    return ""


def limit_facts(limit: Limit) -> dict[str, object]:
    """Give a limit as it goes on record: plain values by name, the bound as text."""
    return {
        "name": limit.name,
        "direction": limit.direction,
        "bound": figure_text(limit.bound),
        "every": limit.every,
    }


def limit_from(facts: Mapping[str, Any]) -> Limit:
    """Give the limit that these facts are of."""
    return Limit(
        facts["name"],
        Direction(facts["direction"]),
        read_figure(facts["bound"]),
        Every(facts["every"]),
    )


def weaker_limits(old: Sequence[Limit], new: Sequence[Limit]) -> tuple[str, ...]:
    """Say, after “it …”, how `new` is weaker: a limit gone or looser, a value due more rarely."""
    kept = {limit.name: limit for limit in new}
    return tuple(
        sentence for limit in old for sentence in _weaker(limit, kept.get(limit.name)) if sentence
    )


def _weaker(old: Limit, new: Limit | None) -> tuple[str, ...]:
    if new is None:
        return (f"has no limit for {old.name} any more",)
    is_looser = new.direction is not old.direction or old.is_passed_by(new.bound)
    looser = f"tolerates {old.name} {new.bound_in_words} instead of {old.bound_in_words}"
    rarer = f"expects a value of {old.name} every {new.every} instead of every {old.every}"
    return (looser if is_looser else "", rarer if _is_rarer(old.every, new.every) else "")


def _is_rarer(old: Every, new: Every) -> bool:
    """Tell whether values are due more rarely; how long a round is, beyond a day, is not known."""
    if Every.ROUND in (old, new):
        return old is not new and (old is not Every.ROUND or new is Every.WEEK)
    order = list(Every)
    return order.index(new) > order.index(old)


def _read_line(number: int, phrase: str) -> Limit:
    form = _FORM.fullmatch(phrase)
    if not form:
        raise ValueError(
            f"Line {number}, “{phrase[:_SHOWN]}”, is not understood. "
            f"Write for example: {EXAMPLE} · drift_score at most 0.2 · volume_eu >= 100 every day. "
            f"After “every” comes {', '.join(Every)}. {lookalike(phrase)}".rstrip()
        )
    if not NAME.fullmatch(form["name"]):
        name = form["name"][:_SHOWN]
        how = f"Line {number}: “{name}” is no name: use {NAME_RULE}, as in {EXAMPLE}."
        raise ValueError(f"{how} {lookalike(name)}".rstrip())
    return Limit(
        form["name"],
        _DIRECTIONS[form["direction"].lower()],
        _read_bound(number, form["bound"]),
        Every((form["every"] or Every.ROUND).lower()),
    )


def _read_bound(number: int, text: str) -> Decimal:
    try:
        return read_figure(text)
    except ValueError as fault:
        raise ValueError(
            f"Line {number}: the bound “{text[:_SHOWN]}” {fault}, as in {EXAMPLE}."
        ) from None
