"""Who acts. An actor comes from a signed payload, a token or the console, never from a message."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """What a person is to the workspace; only a member may answer for anything."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    FOREIGN = "foreign"


class Origin(StrEnum):
    """How an actor was authenticated."""

    SLACK = "slack"
    TOKEN = "token"  # noqa: S105 -- the name of a way in, not a secret
    CONSOLE = "console"
    CLOCK = "clock"


class Role(StrEnum):
    OWNER = "owner"
    BACKUP = "backup"
    STEWARD = "steward"
    TECHNICAL_OWNER = "technical owner"
    ADMIN = "admin"
    AUDITOR = "auditor"
    MEMBER = "member"
    OPERATOR = "operator"
    PIPELINE = "pipeline"
    SYSTEM = "system"
    SUCCESSOR = "successor"
    REVIEWER = "reviewer"
    OWNER_DELEGATE = "delegate of owner"
    BACKUP_DELEGATE = "delegate of backup"
    STEWARD_DELEGATE = "delegate of steward"
    ADMIN_DELEGATE = "delegate of admin"


# In which role somebody answers who stands in for one that is away.
DELEGATE_OF: Final = {
    Role.OWNER: Role.OWNER_DELEGATE,
    Role.BACKUP: Role.BACKUP_DELEGATE,
    Role.STEWARD: Role.STEWARD_DELEGATE,
    Role.ADMIN: Role.ADMIN_DELEGATE,
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Slack last described them; `called` is the name that others see."""

    user_id: str
    name: str
    standing: Standing = Standing.MEMBER
    zone: str = "UTC"
    called: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts now.

    `delivery` names the delivery that carried the act, so that a repeated one is recognised;
    `answer_url` is where this person is looking, if an answer can still be sent there. `card` is
    the mark of what they pressed or handed in, where it was something of ours; `doing` is our own
    name for that, or for what they typed: never a word of theirs.
    """

    origin: Origin
    user_id: str = ""
    standing: Standing = Standing.MEMBER
    name: str = ""
    delivery: str = ""
    answer_url: str = ""
    card: str = ""
    doing: str = ""

    @property
    def is_person(self) -> bool:
        return self.origin is Origin.SLACK


@dataclass(frozen=True, slots=True)
class Circle:
    """The people the workspace's settings name: its administrators and its auditors."""

    admins: frozenset[str] = frozenset()
    auditors: frozenset[str] = frozenset()


SYSTEM = Actor(Origin.CLOCK)
OPERATOR = Actor(Origin.CONSOLE)
