"""What is asked of reviewers besides a round's draw, for what the pipeline says of it.

Nobody drew it at random, so it says nothing about a rate. It is understood whole, as people agree
on it and write it, or refused with a sentence.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from heapq import nsmallest
from typing import Final

from bot.domain.figures import WHOLE_BP, percent

MOST_TRIGGERED: Final = 10  # a draw names them too, in one entry
USUAL_TRIGGERED: Final = 5
_SHOWN: Final = 60
EXAMPLE: Final = "confidence below 60 %, first 3 of a new model version, at most 5 a round"


class Because(StrEnum):
    CONFIDENCE = "confidence"
    MODEL_VERSION = "model version"


@dataclass(frozen=True, slots=True)
class Triggers:
    """What outputs are asked besides the draw: the least sure, and the first of a new version.

    Those with a confidence below `below_bp` (of 10,000), and the `first` ones of each model version
    that the round before had none of; of all of them at most `most` a round. 0 is none.
    """

    below_bp: int = 0
    first: int = 0
    most: int = 0

    def __bool__(self) -> bool:
        return self.most > 0

    def __str__(self) -> str:
        """Give them as they may be written."""
        said = [
            f"confidence below {percent(self.below_bp)} %" if self.below_bp else "",
            f"first {self.first} of a new model version" if self.first else "",
            f"at most {self.most} a round" if self else "",
        ]
        return ", ".join(each for each in said if each)


@dataclass(frozen=True, slots=True)
class Hint:
    """What a pipeline says of an output besides what it is."""

    output_id: str
    confidence: str
    model_version: str
    produced_at: datetime


@dataclass(frozen=True, slots=True)
class Triggered:
    """An output that is asked besides the draw, and why; its confidence if it is for that."""

    output_id: str
    because: Because
    confidence: str = ""


_CLAUSES: Final = {
    "below_bp": re.compile(
        r"confidence (?:is )?(?:below|under|<) ?([0-9]{1,3}(?:\.[0-9]{1,2})?) ?%"
    ),
    "first": re.compile(
        r"(?:the )?first ([0-9]{1,4})(?: outputs?)? of (?:a|each|every) new model version"
    ),
    "most": re.compile(r"at most ([0-9]{1,4})(?: outputs?)?(?: (?:a|per|each|in a) round)?"),
}


def read_triggers(text: str) -> Triggers:
    """Give what is written; nothing is none. Raises ValueError in a sentence for who wrote it."""
    phrase = " ".join(text.lower().split()).rstrip(" .;,")
    if not phrase:
        return Triggers()
    said: dict[str, Decimal] = {}
    for clause in re.split(r"\s*[;,]\s*(?:and )?|\s+and\s+", phrase):
        name, match = _clause(clause)
        if match is None or name in said:
            raise ValueError(
                f"“{clause[:_SHOWN]}” is not understood. Write for example: {EXAMPLE}."
            )
        said[name] = Decimal(match[1])
    if set(said) <= {"most"}:
        raise ValueError(f"Say which outputs, for example: {EXAMPLE}.")
    return Triggers(
        int(said.get("below_bp", 0) * 100),
        int(said.get("first", 0)),
        int(said.get("most", USUAL_TRIGGERED)),
    )


def _clause(text: str) -> tuple[str, re.Match[str] | None]:
    for name, form in _CLAUSES.items():
        if match := form.fullmatch(text):
            return name, match
    return "", None


def triggers_fault(triggers: Triggers) -> str:
    """Give a sentence if there cannot be such triggers, else an empty string."""
    if not triggers and not triggers.below_bp and not triggers.first:
        return ""
    if not 1 <= triggers.most <= MOST_TRIGGERED or triggers.first > MOST_TRIGGERED:
        return f"Ask for at least 1 and at most {MOST_TRIGGERED} outputs a round besides the draw."
    if triggers.below_bp > WHOLE_BP:
        return "Give a confidence of 100 % at most."
    return "" if triggers.below_bp or triggers.first else f"Say which, for example: {EXAMPLE}."


def triggered_among(
    triggers: Triggers, hints: Iterable[Hint], known: Collection[str], drawn: Collection[str]
) -> tuple[Triggered, ...]:
    """Give what is asked besides what was drawn: first of new versions, then the least sure.

    `hints` come as they were produced. `known` are the versions of the round before; if it had
    none, none is new.
    """
    versions = Counter[str]()
    firsts: list[Triggered] = []

    def unsure() -> Iterator[tuple[Decimal, str, str]]:
        for hint in hints:
            is_new = bool(known and hint.model_version) and hint.model_version not in known
            versions[hint.model_version] += is_new
            is_first = is_new and versions[hint.model_version] <= triggers.first
            if hint.output_id in drawn:
                continue
            if is_first:
                firsts.append(Triggered(hint.output_id, Because.MODEL_VERSION))
            elif hint.confidence and Decimal(hint.confidence) * WHOLE_BP < triggers.below_bp:
                yield Decimal(hint.confidence), hint.output_id, hint.confidence

    least = nsmallest(triggers.most, unsure())
    others = (Triggered(name, Because.CONFIDENCE, said) for _, name, said in least)
    return (*firsts, *others)[: triggers.most]
