"""First steps for whoever sees the workspace for the first time, ticked off by what happened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sandbox.journal import Entry, Journal
from sandbox.steps import Hint, Part, Sign, Step, Steps, put
from sandbox.wire import Json

NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said of a button that was pressed, and whether it is under way, done or failed."""

    said: str = ""
    state: str = ""

    def to_page(self) -> Json:
        return {"said": self.said, "state": self.state}


UNDER_WAY: Final = Outcome("Under way …", "under way")
NOT_PRESSED: Final = Outcome()


@dataclass
class Guide:
    """What is shown of it now; only what happened since it began counts."""

    steps: Steps
    began: int = 0
    read: int = 0
    key: str = ""  # the first that was new since it began
    words: dict[str, str] = field(default_factory=dict)  # caught besides, with it
    taken: set[str] = field(default_factory=set)
    seen: set[tuple[str, int]] = field(default_factory=set)
    owed: set[str] = field(default_factory=set)  # the parts that are not owed from the beginning
    early: set[str] = field(default_factory=set)  # the parts done too early, and not since
    said: dict[str, Outcome] = field(default_factory=dict)  # what came of each button

    def begin(self, journal: Journal) -> None:
        """Count from now on: whatever happened before was somebody else."""
        self._catch_up(journal)
        self.began, self.key = journal.last, ""
        for kept in (self.words, self.seen, self.owed, self.early, self.said):
            kept.clear()

    def to_page(self, journal: Journal, names: Mapping[str, str] = NO_NAMES) -> Json:
        """Return the steps with what is done of them; `names` are those of the people by id."""
        self._catch_up(journal)
        shown = {
            "title": self.steps.title,
            "key": self.key,
            "end": self._shown(self.steps.end),
            "steps": [self._step(each) for each in self.steps.steps],
        }
        words = {word: names.get(each, each) for word, each in self._words().items()}
        words |= {"key": self.key or self._free_key()}
        named: Json = json.loads(put(json.dumps(shown), words, lambda each: json.dumps(each)[1:-1]))
        return named

    def _step(self, step: Step) -> Json:
        parts = [each for each in step.whole if self._is_owed(each)]
        owing = [each for each in parts if not self._is_done(each) and not each.is_extra]
        following = owing[0].id if owing else ""
        return {
            "id": step.id,
            "title": step.title,
            "how": self._shown(step.how),
            "parts": [self._part(each, following) for each in parts] if step.parts else [],
            "is_done": not owing,
        }

    def _part(self, part: Part, following: str) -> Json:
        is_early = part.id in self.early and self._is_named_done(part.after)
        return {
            "id": part.id,
            "title": part.title,
            "how": self._shown([Hint(text=part.early)] * is_early + part.how),
            "is_done": self._is_done(part),
            "is_next": part.id == following,
            "is_extra": part.is_extra,
        }

    def _catch_up(self, journal: Journal) -> None:
        for entry in journal.after(self.read):
            self._look(entry)
        self.read = journal.last

    def _look(self, entry: Entry) -> None:
        for part in self.steps.parts:
            if any(self._shows(each, entry) for each in part.when):
                self.owed.add(part.id)
            for number, sign in enumerate(part.signs):
                self._take(sign.key_in(entry), entry)
                if not self._is_done(part) and self._shows(sign, entry):
                    self._see(part, number, entry)

    def _see(self, part: Part, number: int, entry: Entry) -> None:
        sign = part.signs[number]
        if part.after and not self._is_named_done(part.after):
            self.early.add(part.id)
        elif not sign.after_last or (part.id, number - 1) in self.seen:
            self.seen.add((part.id, number))
            self.early.discard(part.id)
            self.words |= sign.words_in(entry)

    def _shows(self, sign: Sign, entry: Entry) -> bool:
        words = self._words() | {"key": self.key}
        return entry.n > self.began and sign.shows_in(entry, words)

    def _take(self, key: str, entry: Entry) -> None:
        if not key or key in self.taken:
            return
        self.taken.add(key)
        if entry.n > self.began:
            self.key = self.key or key

    def _words(self) -> dict[str, str]:
        return self.steps.words | self.words

    def _free_key(self) -> str:
        """Return the key that the guide proposes, numbered if there is one of that name."""
        numbered = (f"{self.steps.key}-{number}" for number in count(2))
        return next(each for each in chain([self.steps.key], numbered) if each not in self.taken)

    def _shown(self, hints: list[Hint]) -> list[Json]:
        served = [each for each in hints if not each.do or each.do in self.steps.deeds]
        outcomes = (self.said.get(each.do, NOT_PRESSED).to_page() for each in served)
        return [each.model_dump() | came for each, came in zip(served, outcomes, strict=True)]

    def _is_owed(self, part: Part) -> bool:
        return not part.when or part.id in self.owed

    def _is_done(self, part: Part) -> bool:
        return all((part.id, number) in self.seen for number in range(len(part.signs)))

    def _is_named_done(self, part_id: str) -> bool:
        return any(each.id == part_id and self._is_done(each) for each in self.steps.parts)


def load(path: Path | None) -> Guide | None:
    """Return the guide in this JSON file; without a file there is none."""
    if path is None:
        return None
    return Guide(Steps.model_validate(json.loads(path.read_text("utf-8"))))
