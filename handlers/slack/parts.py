"""What the Slack handlers are given, and what a payload is once it has been read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from slack_sdk import WebClient

from bot.domain.messages import Shown
from bot.domain.people import Actor
from bot.patience import is_waited_for, left_of
from bot.usecases import Deps
from handlers.slack.people import Directory

Body = dict[str, Any]  # as Slack sends it

HIGHEST: Final = 2**31 - 1  # what a database keeps as a number; nothing has come that far
MODAL_TIMEOUT: Final = 1.5  # seconds: a trigger dies after three, and the ack waits for us
LAST_CALL: Final = 2.5  # seconds after which whoever acts waits for nothing of Slack's any more
LEAST_CALL: Final = 0.1  # seconds: with less, nothing is ever answered


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable(heard: object) -> Any:  # noqa: ANN401 -- as Slack sends it
    """Give what Slack sent with U+FFFD for what no database takes: NUL and half a surrogate.

    Blocks stay as they are: they are most of what comes, and nothing is ever read out of them.
    """
    match heard:
        case str():
            return _UNSTORABLE.sub("\ufffd", heard)
        case dict():
            return {
                name: each if name == "blocks" else storable(each) for name, each in heard.items()
            }
        case list():
            return [storable(each) for each in heard]
    return heard


def number_of(text: str) -> int:
    """Read a number that came back from Slack; one past all there are is one that nothing has."""
    return max(-HIGHEST, min(int(text), HIGHEST))


def call_time(most: float) -> float:
    """Give the seconds that a call to Slack may take: less where somebody waits for its answer."""
    return min(most, max(LEAST_CALL, left_of(LAST_CALL))) if is_waited_for() else most


class Answers(Protocol):
    """Says a sentence at once where a person is looking, when the outbox cannot."""

    def say(self, answer_url: str, sentence: str) -> None: ...


class Homes(Protocol):
    """Publishes Home tabs, in its own time."""

    def open(self, user_id: str) -> None: ...

    def turn(self, user_id: str, page: int) -> None: ...

    def look_again(self, user_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SlackParts:
    """What use cases need, the client for modals, who people are, and the way out of trouble.

    `posted` hears of every message of ours that Slack says was posted.
    """

    deps: Deps
    client: WebClient
    directory: Directory
    answers: Answers
    posted: Callable[[int, Shown], None]
    homes: Homes


@dataclass(frozen=True, slots=True)
class Command:
    """`/answerable verb rest`, as somebody typed it in a channel."""

    actor: Actor
    channel: str
    rest: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button somebody pressed; what it is about is `workflow` and `number`."""

    actor: Actor
    workflow: str
    number: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that somebody used a shortcut on: its text, and the id of who wrote it."""

    actor: Actor
    text: str
    author: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal somebody handed in: what it is about, and its fields by name."""

    actor: Actor
    about: str
    fields: Mapping[str, str]

    @property
    def workflow(self) -> str:
        return self.about.split("/")[0]

    @property
    def number(self) -> int:
        return number_of(self.about.split("/")[1])

    @property
    def position(self) -> int:
        """Give which page of several this is."""
        return number_of(self.about.split("/")[2])
