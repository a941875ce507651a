"""The record as a page for people: what it comes to, then every entry in a line or two."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup

from bot.domain.people import Origin
from bot.rendering.mrkdwn import visible
from bot.rendering.opened import Opened, called_so, naming
from bot.rendering.summary import Summary
from bot.rendering.views import RecordView

MOST_LETTERS: Final = 32  # of an id or a digest; the words of people are never cut
MOST_ITEMS: Final = 6
KEPT: Final = 10
# Said by what the entry is about as well, nearly always.
SUBJECTS: Final = frozenset({"workflow", "round", "breach", "request", "obligation", "person"})
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d+Z")

Name = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is printed; `whole` is all of it where that was shortened."""

    text: str
    whole: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, ready to be printed."""

    seq: int
    ts: str
    kind: str
    who: Shown
    role: str
    on: Shown
    prior: int | None
    policy: int | None
    facts: tuple[Shown, ...]
    words: tuple[Shown, ...]


def report(
    record: RecordView, summary: Summary, entries: Iterable[Opened], called: Mapping[str, str]
) -> Iterator[str]:
    """Give the page piece by piece; `called` has the names of people by their Slack ids."""
    name = naming(summary.people, called)
    lines = (_line(each, name, called) for each in entries)
    return (
        _templates()
        .get_template("report.html.j2")
        .generate(
            record=record,
            summary=summary,
            lines=lines,
            name=name,
            person=partial(called_so, called=called),
            is_named=bool(called),
            short=short,
            moment=moment,
        )
    )


def short(value: object) -> Shown:
    """Give a long id or digest by its beginning."""
    text = str(value)
    is_long = len(text) > MOST_LETTERS and " " not in text
    return Shown(f"{text[:KEPT]}…", text) if is_long else Shown(text)


def moment(ts: str) -> Shown:
    """Give a time to the minute."""
    return Shown(_TIME.sub(r"\1 \2", ts), ts) if ts else Shown("")


def _line(opened: Opened, name: Name, called: Mapping[str, str]) -> Line:
    entry = opened.entry
    return Line(
        seq=entry.seq,
        ts=entry.ts,
        kind=entry.kind,
        who=_named(entry.actor, name),
        role="" if entry.role in {*Origin, entry.actor} else entry.role,
        on=_subject(entry.on, name),
        prior=entry.prior,
        policy=entry.policy,
        facts=tuple(
            _fact(fact, value, name)
            for fact, value in sorted(opened.facts.items())
            if not (_is_empty(value) or (fact in SUBJECTS and _is_in(entry.on, value)))
        ),
        words=tuple(_said(fact, words, called) for fact, words in opened.words.items()),
    )


def _said(fact: str, words: str, called: Mapping[str, str]) -> Shown:
    named = called_so(words, called)
    return Shown(named, "" if named == words else words, fact.replace("_", " "))


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _is_in(on: str, value: object) -> bool:
    return f"/{value}/" in f"{on}/"


def _named(value: str, name: Name) -> Shown:
    named = name(value)
    return short(named) if named == value else Shown(named, value)


def _subject(on: str, name: Name) -> Shown:
    shown = "/".join(short(part).text for part in name(on).split("/"))
    return Shown(shown, "" if shown == on else on)


def _fact(fact: str, value: object, name: Name) -> Shown:
    shown = _value(value, name)
    return Shown(shown.text, shown.whole, fact.replace("_", " "))


def _value(value: object, name: Name) -> Shown:
    match value:
        case bool():
            return Shown("yes" if value else "no")
        case list():
            return _items([_item(each, name) for each in value])
        case dict():
            return _items([f"{key} {_item(each, name)}" for key, each in sorted(value.items())])
        case str() if _TIME.fullmatch(value):
            return moment(value)
        case str():
            return _named(value, name)
    return Shown(str(value))


def _item(value: object, name: Name) -> str:
    return " ".join(_item(each, name) for each in value) if isinstance(value, list) else name(value)


def _items(items: list[str]) -> Shown:
    whole = ", ".join(items)
    if len(items) <= MOST_ITEMS:
        return Shown(whole or "none")
    return Shown(f"{', '.join(items[:MOST_ITEMS])} … ({len(items)} in all)", whole)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(value: object) -> object:
    """Give text in which nothing is hidden, and nothing turns the text after it around."""
    if isinstance(value, Markup | Undefined) or not isinstance(value, str):
        return value
    return visible(value, keep="\n\t")
