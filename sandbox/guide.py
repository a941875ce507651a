"""First steps for whoever sees the workspace for the first time, ticked off by what happened."""

import json
import re
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.journal import Entry, Journal
from sandbox.wire import Json

KEY: Final = "{key}"  # stands in a guide's texts and patterns for what the visitor has chosen
_STRICT: Final = ConfigDict(extra="forbid")
_FINE: Final = ("", "ok", "200")


class Hint(BaseModel):
    """A sentence, a line to write in the workspace, lines for a terminal, or a button.

    A button is called by its text. What it does is done by whoever showed the guide. What is
    needed while a form is filled in is said there too.
    """

    model_config = _STRICT
    text: str = ""
    type: str = ""
    run: str = ""
    do: str = ""
    in_form: bool = False


class Sign(BaseModel):
    """An entry of the log that shows a step: its kind, and patterns of what was sent.

    A group `key` in a pattern catches the key that the visitor has chosen.
    """

    model_config = _STRICT
    kind: str
    request: list[str]
    after_last: bool = False  # counts only once the sign before it was seen

    @field_validator("request")
    @classmethod
    def _are_patterns(cls, patterns: list[str]) -> list[str]:
        for each in patterns:
            try:
                re.compile(each.replace(KEY, "key"))
            except re.error as error:
                raise ValueError(f"{each!r} is no pattern: {error}") from None
        return patterns

    @property
    def names_key(self) -> bool:
        return any("(?P<key>" in each for each in self.request)

    def shows_in(self, entry: Entry, key: str = "") -> bool:
        """Tell whether this entry is the sign for this key; nothing that was refused ever is."""
        found = self._matches(entry, key)
        return bool(found) and (not self.names_key or _named(found) == key)

    def key_in(self, entry: Entry) -> str:
        """Return the key that this entry names; an empty string if it names none."""
        return _named(self._matches(entry, "")) if self.names_key else ""

    def _matches(self, entry: Entry, key: str) -> list[re.Match[str]]:
        """Return what each pattern found, or nothing at all unless each found something."""
        if entry.type != self.kind or _was_refused(entry):
            return []
        if not key and any(KEY in each for each in self.request):
            return []
        wanted = (each.replace(KEY, re.escape(key)) for each in self.request)
        found = [re.search(each, entry.request) for each in wanted]
        return [each for each in found if each] if all(found) else []


def _named(found: list[re.Match[str]]) -> str:
    return next((each["key"] for each in found if "key" in each.groupdict()), "")


def _was_refused(entry: Entry) -> bool:
    answer = json.loads(entry.response)
    is_no = isinstance(answer, dict) and answer.get("ok") is False
    return is_no or str(entry.status) not in _FINE


class Step(BaseModel):
    model_config = _STRICT
    id: str
    title: str
    how: list[Hint]
    signs: list[Sign] = Field(min_length=1)  # all are needed; in what order, each says itself

    @field_validator("signs")
    @classmethod
    def _can_be_seen(cls, signs: list[Sign]) -> list[Sign]:
        if signs and signs[0].after_last:
            raise ValueError("the first sign comes after none")
        return signs


class Steps(BaseModel):
    """A guide as its file holds it.

    `key` is proposed until one is caught, and `deeds` are the buttons that somebody serves.
    """

    model_config = _STRICT
    title: str = "First steps"
    key: str = ""
    deeds: list[str] = []
    steps: list[Step]
    end: list[Hint] = []


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
    taken: set[str] = field(default_factory=set)
    seen: set[tuple[str, int]] = field(default_factory=set)
    said: dict[str, Outcome] = field(default_factory=dict)  # what came of each button

    def begin(self, journal: Journal) -> None:
        """Count from now on: whatever happened before was somebody else."""
        self._catch_up(journal)
        self.began, self.key = journal.last, ""
        self.seen.clear()
        self.said.clear()

    def to_page(self, journal: Journal) -> Json:
        """Return the steps with what is done of them."""
        self._catch_up(journal)
        steps = [
            {
                "id": each.id,
                "title": each.title,
                "how": self._shown(each.how),
                "is_done": self._is_done(each),
            }
            for each in self.steps.steps
        ]
        end = self._shown(self.steps.end)
        shown = {"title": self.steps.title, "key": self.key, "end": end, "steps": steps}
        named: Json = json.loads(json.dumps(shown).replace(KEY, self.key or self._free_key()))
        return named

    def _catch_up(self, journal: Journal) -> None:
        for entry in journal.after(self.read):
            self._look(entry)
        self.read = journal.last

    def _look(self, entry: Entry) -> None:
        for step in self.steps.steps:
            for number, sign in enumerate(step.signs):
                self._take(sign.key_in(entry), entry)
                if not self._is_too_early(step, number) and self._shows(sign, entry):
                    self.seen.add((step.id, number))

    def _shows(self, sign: Sign, entry: Entry) -> bool:
        return entry.n > self.began and sign.shows_in(entry, self.key)

    def _is_too_early(self, step: Step, number: int) -> bool:
        return step.signs[number].after_last and (step.id, number - 1) not in self.seen

    def _take(self, key: str, entry: Entry) -> None:
        if not key or key in self.taken:
            return
        self.taken.add(key)
        if entry.n > self.began:
            self.key = self.key or key

    def _free_key(self) -> str:
        """Return the key that the guide proposes, numbered if there is one of that name."""
        numbered = (f"{self.steps.key}-{number}" for number in count(2))
        return next(each for each in chain([self.steps.key], numbered) if each not in self.taken)

    def _shown(self, hints: list[Hint]) -> list[Json]:
        served = [each for each in hints if not each.do or each.do in self.steps.deeds]
        outcomes = (self.said.get(each.do, NOT_PRESSED).to_page() for each in served)
        return [each.model_dump() | came for each, came in zip(served, outcomes, strict=True)]

    def _is_done(self, step: Step) -> bool:
        return all((step.id, number) in self.seen for number in range(len(step.signs)))


def load(path: Path | None) -> Guide | None:
    """Return the guide in this JSON file; without a file there is none."""
    if path is None:
        return None
    return Guide(Steps.model_validate(json.loads(path.read_text("utf-8"))))
