"""The mark on a card: which entry its buttons rest on, told so that no other record can repeat it.

Numbers come again once a database is restored from an older backup: those of entries as well as
those of requests and breaches. An entry's id is random and never does.
"""

import re
from typing import Final

from bot.domain.refusals import Refused

UNKNOWN: Final = "0.unmarked"  # no entry has it
_OF_AN_ID: Final = 8  # of its letters: one in 2^40 is the same by chance
_MARKED: Final = re.compile(rf"((\d{{1,15}})\.[a-z2-7]{{{_OF_AN_ID}}})#(.*)", re.ASCII | re.DOTALL)


def mark_of(seq: int, entry_id: str) -> str:
    return f"{seq}.{entry_id[:_OF_AN_ID]}"


def marked(mark: str, about: str) -> str:
    """Give what a button or a window hands back to us: what it is about, after its mark."""
    return f"{mark}#{about}"


def split(value: str) -> tuple[str, str]:
    """Give the mark of what came back, and what it is about; UNKNOWN if it has no mark."""
    found = _MARKED.fullmatch(value)
    return (found[1], found[3]) if found else (UNKNOWN, value)


def entry_of(mark: str) -> int:
    """Give the number of the entry that a mark rests on."""
    return int(mark.partition(".")[0])


def require_kept(mark: str, entry_id: str | None) -> None:
    """Refuse what rests on an entry that is not the record's; None if it has none of the number."""
    if entry_id is None or mark != mark_of(entry_of(mark), entry_id):
        raise Refused(
            "card of a lost record",
            "The record was restored since this was shown, and what it rests on is lost. Nothing "
            "was done: `/answerable due` shows what is owed.",
            on=f"entry/{entry_of(mark)}",
        )
