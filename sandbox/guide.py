"""First steps for whoever sees the workspace for the first time, ticked off by what happened."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.journal import Entry, Journal
from sandbox.wire import Json

_STRICT: Final = ConfigDict(extra="forbid")
_FINE: Final = ("", "ok", "200")


class Hint(BaseModel):
    """A sentence, a line to write in the workspace, or lines for a terminal."""

    model_config = _STRICT
    text: str = ""
    type: str = ""
    run: str = ""


class Sign(BaseModel):
    """An entry of the log that shows a step: its kind, and patterns of what was sent."""

    model_config = _STRICT
    kind: str
    request: list[str]

    @field_validator("request")
    @classmethod
    def _are_patterns(cls, patterns: list[str]) -> list[str]:
        for each in patterns:
            try:
                re.compile(each)
            except re.error as error:
                raise ValueError(f"{each!r} is no pattern: {error}") from None
        return patterns

    def shows_in(self, entry: Entry) -> bool:
        """Tell whether this entry is the sign; nothing that was refused ever is."""
        if entry.type != self.kind or _was_refused(entry):
            return False
        return all(re.search(each, entry.request) for each in self.request)


def _was_refused(entry: Entry) -> bool:
    answer = json.loads(entry.response)
    is_no = isinstance(answer, dict) and answer.get("ok") is False
    return is_no or str(entry.status) not in _FINE


class Step(BaseModel):
    model_config = _STRICT
    id: str
    title: str
    how: list[Hint]
    signs: list[Sign] = Field(min_length=1)  # all of them are needed, in whatever order


class Steps(BaseModel):
    """A guide as its file holds it."""

    model_config = _STRICT
    title: str = "First steps"
    end: str = ""
    steps: list[Step]


@dataclass
class Guide:
    """What is shown of it now; only what happened since it began counts."""

    steps: Steps
    read: int = 0
    seen: set[tuple[str, int]] = field(default_factory=set)

    def begin(self, journal: Journal) -> None:
        """Count from now on: whatever happened before was somebody else."""
        self.read = journal.last
        self.seen.clear()

    def to_page(self, journal: Journal) -> Json:
        """Return the steps with what is done of them."""
        for entry in journal.after(self.read):
            self._look(entry)
        self.read = journal.last
        shown = [
            each.model_dump(exclude={"signs"}) | {"is_done": self._is_done(each)}
            for each in self.steps.steps
        ]
        return {"title": self.steps.title, "end": self.steps.end, "steps": shown}

    def _look(self, entry: Entry) -> None:
        for step in self.steps.steps:
            for number, sign in enumerate(step.signs):
                if sign.shows_in(entry):
                    self.seen.add((step.id, number))

    def _is_done(self, step: Step) -> bool:
        return all((step.id, number) in self.seen for number in range(len(step.signs)))


def load(path: Path | None) -> Guide | None:
    """Return the guide in this JSON file; without a file there is none."""
    if path is None:
        return None
    return Guide(Steps.model_validate(json.loads(path.read_text("utf-8"))))
