"""Everything that went in or out, numbered, so that people can see it and tests can wait for it."""

import json
from dataclasses import dataclass, field
from typing import Final

from sandbox.clock import Bell, Clock, iso
from sandbox.wire import Json, Written

# What an app is told and what it only asks: what people see changes with what it answers.
_UNSEEN: Final = frozenset(
    {
        *("slash_commands", "interactive", "events_api", "sandbox.clock"),
        *("auth.test", "users.info", "users.list", "dnd.info"),
        *("conversations.info", "conversations.list", "conversations.members"),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; what was asked and answered is kept as JSON."""

    n: int
    at: str
    direction: str
    type: str
    request: str
    response: str
    status: int | str
    warnings: list[str]

    def to_json(self) -> Json:
        name = "method" if self.direction == "web_api" else "type"
        return {
            "n": self.n,
            "at": self.at,
            "direction": self.direction,
            name: self.type,
            "request": json.loads(self.request),
            "response": json.loads(self.response),
            "status": self.status,
            "warnings": self.warnings,
        }


@dataclass
class Journal:
    """The log of one workspace; `changed` rings with every entry."""

    clock: Clock
    entries: list[Entry] = field(default_factory=list)
    shown: int = 0  # the last entry with which what people see can have changed
    changed: Bell = field(default_factory=Bell)

    @property
    def last(self) -> int:
        return len(self.entries)

    def add(
        self,
        direction: str,
        kind: str,
        *,
        request: object = None,
        response: object = None,
        status: int | str = "",
        warnings: list[str] | None = None,
    ) -> None:
        """Keep a copy, so that later changes of a message do not rewrite what was sent."""
        entry = Entry(
            n=self.last + 1,
            at=iso(self.clock.now),
            direction=direction,
            type=kind,
            request=_written(request),
            response=_written(response),
            status=status,
            warnings=warnings or [],
        )
        self.entries.append(entry)
        if kind not in _UNSEEN:
            self.shown = entry.n
        self.changed.ring()

    def after(self, n: int) -> list[Entry]:
        return self.entries[max(n, 0) :]


def _written(value: object) -> str:
    return value if isinstance(value, Written) else json.dumps(value)
