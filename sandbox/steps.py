"""The steps of a guide as its file holds them, and the entries of the log that show them done."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sandbox.journal import Entry

KEY: Final = "{key}"  # stands in a guide's texts and patterns for what the visitor has chosen
_STRICT: Final = ConfigDict(extra="forbid")
_FINE: Final = ("", "ok", "200")


class Hint(BaseModel):
    """A sentence, a line to write in the workspace, lines for a terminal, or a button.

    A button is called by its text. What it does is done by whoever showed the guide. What is
    needed while a form is filled in is said there too, `in_form`s whose title fits this pattern.
    """

    model_config = _STRICT
    text: str = ""
    type: str = ""
    run: str = ""
    do: str = ""
    in_form: str = ""


class Sign(BaseModel):
    """An entry of the log that shows a step: its kind, and patterns of what was sent.

    A group `key` in a pattern catches the key that the visitor has chosen; groups of patterns in
    `catch` catch other words of the guide, if they are there.
    """

    model_config = _STRICT
    kind: str
    request: list[str]
    catch: list[str] = []
    after_last: bool = False  # counts only once the sign before it was seen

    @field_validator("request", "catch")
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

    def shows_in(self, entry: Entry, words: Mapping[str, str]) -> bool:
        """Tell whether this entry is the sign for this key; nothing that was refused ever is."""
        found = self._matches(entry, words)
        return bool(found) and (not self.names_key or _named(found) == words.get("key", ""))

    def key_in(self, entry: Entry) -> str:
        """Return the key that this entry names; an empty string if it names none."""
        return _named(self._matches(entry, {})) if self.names_key else ""

    def words_in(self, entry: Entry) -> dict[str, str]:
        """Return the other words that this entry names."""
        found = (re.search(each, entry.request) for each in self.catch)
        return {word: named for each in found if each for word, named in each.groupdict().items()}

    def _matches(self, entry: Entry, words: Mapping[str, str]) -> list[re.Match[str]]:
        """Return what each pattern found, or nothing at all unless each found something."""
        if entry.type != self.kind or _was_refused(entry):
            return []
        if not words.get("key") and any(KEY in each for each in self.request):
            return []
        wanted = (put(each, words, re.escape) for each in self.request)
        found = [re.search(each, entry.request) for each in wanted]
        return [each for each in found if each] if all(found) else []


class Part(BaseModel):
    """What is done at once. It is owed once one of the signs in `when` was seen, if there are any.

    What is done before the part named in `after` does not count, and `early` is said of it then.
    A step is done without what `is_extra`.
    """

    model_config = _STRICT
    id: str
    title: str = ""
    how: list[Hint] = []
    signs: list[Sign] = Field(min_length=1)  # all are needed; in what order, each says itself
    when: list[Sign] = []
    after: str = ""
    early: str = ""
    is_extra: bool = False

    @field_validator("signs")
    @classmethod
    def _can_be_seen(cls, signs: list[Sign]) -> list[Sign]:
        if signs and signs[0].after_last:
            raise ValueError("the first sign comes after none")
        return signs


class Step(BaseModel):
    """A step that is one thing to do, seen by its own signs, or has parts in an order."""

    model_config = _STRICT
    id: str
    title: str
    how: list[Hint] = []
    signs: list[Sign] = []
    parts: list[Part] = []

    @model_validator(mode="after")
    def _is_one_thing_or_several(self) -> "Step":
        if bool(self.signs) == bool(self.parts):
            raise ValueError("a step has signs, or parts that have them")
        _ = self.whole
        return self

    @property
    def whole(self) -> list[Part]:
        """Return its parts; a step without any is the only one of its own."""
        return self.parts or [Part(id=self.id, how=self.how, signs=self.signs)]


class Steps(BaseModel):
    """A guide as its file holds it.

    `key` is proposed until one is caught, `words` are what the others stand for until then, and
    `deeds` are the buttons that somebody serves.
    """

    model_config = _STRICT
    title: str = "First steps"
    key: str = ""
    words: dict[str, str] = {}
    deeds: list[str] = []
    steps: list[Step]
    end: list[Hint] = []

    @property
    def parts(self) -> list[Part]:
        return [part for step in self.steps for part in step.whole]

    @model_validator(mode="after")
    def _names_what_there_is(self) -> "Steps":
        ids = [each.id for each in self.parts]
        lost = [each.after for each in self.parts if each.after and each.after not in ids]
        if lost:
            raise ValueError(f"there is no part {lost[0]!r} that another could come after")
        return self


def put(text: str, words: Mapping[str, str], as_written: Callable[[str], str]) -> str:
    """Return a text in which each word's name in braces is what it stands for."""
    for name, stands_for in words.items():
        text = text.replace(f"{{{name}}}", as_written(stands_for))
    return text


def _named(found: list[re.Match[str]]) -> str:
    return next((each["key"] for each in found if "key" in each.groupdict()), "")


def _was_refused(entry: Entry) -> bool:
    answer = json.loads(entry.response)
    is_no = isinstance(answer, dict) and answer.get("ok") is False
    return is_no or str(entry.status) not in _FINE
