"""A message that somebody quotes, as people read it: who is mentioned is a name, as text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from slack_sdk.errors import SlackApiError

from handlers.slack.people import Directory

MOST_ASKED: Final = 3  # a window has to be open within three seconds
SOMEBODY: Final = "somebody"
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_USER: Final = re.compile(r"[UW][A-Z0-9]+")


@dataclass
class Names:
    """Gives people's names, asking Slack for a few at most; for the rest, `SOMEBODY`."""

    directory: Directory
    _known: dict[str, str] = field(default_factory=dict)
    _is_silent: bool = False

    def of(self, user_id: str) -> str:
        if user_id not in self._known:
            self._known[user_id] = self._asked(user_id)
        return self._known[user_id]

    def _asked(self, user_id: str) -> str:
        if self._is_silent or len(self._known) >= MOST_ASKED:
            return SOMEBODY
        try:
            person = self.directory.person(user_id)
        except SlackApiError:
            return SOMEBODY
        except OSError:
            self._is_silent = True  # it would cost the same wait for each
            return SOMEBODY
        return person.called or person.name or SOMEBODY


def author_of(author: str, name_of: Callable[[str], str]) -> str:
    """Give who wrote a message by name; a program has an id of another kind, and nobody's name."""
    if not author:
        return ""
    return name_of(author) if _USER.fullmatch(author) else "a program"


def as_read(text: str, name_of: Callable[[str], str]) -> str:
    """Give the text of a message as it reads: mentions as names, what Slack escaped as it was."""
    named = _MENTION.sub(lambda found: f"@{name_of(found[1])}", text)
    return unescape(named).strip()
