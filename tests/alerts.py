"""Tells whether an alert's condition holds, as a Prometheus would that scrapes one process.

It reads what the expressions of docs/alerts.yml are made of, and no more: an aggregate, a
comparison, `or`, `absent`, and how things were before (`[1h]` with `increase`, and `offset`).
"""

import re
from typing import Final

from tests.exposition import Exposed

MATCHER: Final = re.compile(r'(\w+)="([^"]*)"')
_SELECTED: Final = re.compile(r"(answerable_\w+)(\{[^}]*\})?( offset \w+|\[\w+\])?")
# Of one process there is one series for each kind of obligation: the greatest is the only one.
_OF_EACH: Final = re.compile(r"max by \([^)]*, [^)]*\) ")
_OF_ALL: Final = re.compile(r"by \([^)]*\) ")


class Vector(tuple[float, ...]):
    """The samples of a selection; compared, it tells whether any is so."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return any(mine < theirs for mine, theirs in self._beside(other))

    def __gt__(self, other: object) -> bool:
        return any(mine > theirs for mine, theirs in self._beside(other))

    def __eq__(self, other: object) -> bool:
        return any(mine == theirs for mine, theirs in self._beside(other))

    __hash__ = tuple.__hash__

    def _beside(self, other: object) -> list[tuple[float, float]]:
        if isinstance(other, Vector):
            return list(zip(self, other, strict=True))
        assert isinstance(other, int | float)
        return [(mine, other) for mine in self]


def holds(expression: str, now: Exposed, before: Exposed) -> bool:
    """Tell whether a condition holds now; `before` is an hour or a day ago."""

    def of(name: str, matchers: str, when: str) -> Vector:
        found = _selected(now, name, matchers)
        then = _selected(before, name, matchers)
        if when.startswith(" offset"):
            return then
        if when.startswith("["):
            return Vector(mine - theirs for mine, theirs in zip(found, then, strict=True))
        return found

    told = _SELECTED.sub(lambda m: f"of({m[1]!r}, {m[2] or ''!r}, {m[3] or ''!r})", expression)
    told = _OF_ALL.sub("", _OF_EACH.sub("increase", told))
    words = {
        "of": of,
        "sum": lambda each: Vector((sum(each),)) if each else Vector(),
        "min": lambda each: Vector((min(each),)) if each else Vector(),
        "max": lambda each: Vector((max(each),)) if each else Vector(),
        "increase": lambda each: each,
        "absent": lambda each: not each,
    }
    # Our own page's expressions, of which another test says what they may be made of.
    return bool(eval(f"({told})", {"__builtins__": {}}, words))  # noqa: S307


def _selected(told: Exposed, name: str, matchers: str) -> Vector:
    wanted = set(MATCHER.findall(matchers))
    samples = told.families[name].samples if name in told else {}
    return Vector(value for (_, labels), value in samples.items() if wanted <= set(labels))
