"""Entries of the record together with what their commitments stand for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.domain.record import Entry, Kind
from bot.rendering.views import OpeningLine

ERASED: Final = "[erased]"
COMMITTED: Final = "_c"  # how the name of a commitment ends


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry: its facts without the commitments, and the words these stand for."""

    entry: Entry
    facts: Mapping[str, object]
    words: Mapping[str, str]


def opened(entries: Iterable[Entry], openings: Iterable[OpeningLine]) -> Iterator[Opened]:
    """Give entries with their words, `[erased]` where there are none; both come by number."""
    found = groupby(openings, key=lambda opening: opening.seq)
    number, group = next(found, _NONE_LEFT)
    for entry in entries:
        while 0 <= number < entry.seq:
            number, group = next(found, _NONE_LEFT)
        told = {line.field: line.value for line in group} if number == entry.seq else {}
        yield _opened(entry, told)


def people_of(entries: Iterable[Opened]) -> dict[str, str]:
    """Give who each pseudonym is, as far as these entries introduce it."""
    return {
        str(each.facts["person"]): each.words["person"]
        for each in entries
        if each.entry.kind is Kind.PERSON_INTRODUCED
    }


def naming(people: Mapping[str, str], called: Mapping[str, str]) -> Callable[[object], str]:
    """Give what says who or what a pseudonym, or the last part of a subject's name, is.

    `called` has the names of people by their Slack ids, as far as they are known.
    """

    def name(value: object) -> str:
        before, slash, last = str(value).rpartition("/")
        user_id = people.get(last, last)
        return f"{before}{slash}{called_so(user_id, called) if last in people else user_id}"

    return name


def called_so(words: str, called: Mapping[str, str]) -> str:
    """Give words that are people, and nothing but people, with their names beside their ids."""
    found = words.split()
    if not found or not called.keys() >= set(found):
        return words
    return ", ".join(f"{called[each]} ({each})" for each in found)


def _opened(entry: Entry, told: Mapping[str, str]) -> Opened:
    committed = sorted(name for name in entry.facts if name.endswith(COMMITTED))
    return Opened(
        entry,
        {name: value for name, value in entry.facts.items() if not name.endswith(COMMITTED)},
        {name.removesuffix(COMMITTED): told.get(f"facts.{name}", ERASED) for name in committed},
    )


_NONE_LEFT: Final[tuple[int, Iterator[OpeningLine]]] = (-1, iter(()))
