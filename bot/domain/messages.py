"""What is said to people: kinds and ids. The words are made at delivery, from what is true then."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class MessageKind(StrEnum):
    ACCEPT_REQUEST = "accept_request"
    ROUND_CARD = "round_card"
    REVIEW_REQUEST = "review_request"
    SHARE_REQUEST = "share_request"
    SHARES_NOTICE = "shares_notice"
    SHARES_IN = "shares_in"
    REVIEWER_NOTICE = "reviewer_notice"
    SECOND_REQUEST = "second_request"
    SETTLE_REQUEST = "settle_request"
    JUDGE_REQUEST = "judge_request"
    BREACH_CARD = "breach_card"
    CONCERN_NOTICE = "concern_notice"
    REMINDER = "reminder"
    GATE_NOTICE = "gate_notice"
    REQUEST = "request"
    POLICY_NOTICE = "policy_notice"
    DUTY_REQUEST = "duty_request"
    ABSENCE_NOTICE = "absence_notice"
    OWNER_NEEDED = "owner_needed"
    HANDOVER_REQUEST = "handover_request"
    ROLES_NOTICE = "roles_notice"
    VACANCY_NOTICE = "vacancy_notice"
    ATTEST_REQUEST = "attest_request"
    DRILL_REQUEST = "drill_request"
    LOSS_NOTICE = "loss_notice"
    NOTICE = "notice"
    EXPORT = "export"
    DIGEST = "digest"
    REPORT = "report"


class Place(StrEnum):
    """Where a message goes: a channel, a person's DM, or back to where somebody is looking."""

    CHANNEL = "channel"
    PERSON = "person"
    ANSWER = "answer"


class Sending(StrEnum):
    """How far a message has come. `unknown`: Slack's answer was lost, it may be there or not."""

    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"


# Smaller goes first: an answer to a waiting person, what is critical, escalations and gates that
# have moved, breaches, the rest. Of equals the oldest goes first.
OF_CRITICAL: Final = 1
_URGENCY: Final = {
    MessageKind.NOTICE: 0,
    MessageKind.REMINDER: 2,
    MessageKind.LOSS_NOTICE: 2,
    MessageKind.BREACH_CARD: 3,
    MessageKind.CONCERN_NOTICE: 5,
    MessageKind.GATE_NOTICE: 2,
    MessageKind.REQUEST: 3,
    MessageKind.POLICY_NOTICE: 4,
    MessageKind.ACCEPT_REQUEST: 4,
    MessageKind.REVIEW_REQUEST: 4,
    MessageKind.SHARE_REQUEST: 4,
    MessageKind.SHARES_NOTICE: 5,
    MessageKind.SHARES_IN: 4,
    MessageKind.REVIEWER_NOTICE: 4,
    MessageKind.SECOND_REQUEST: 4,
    MessageKind.SETTLE_REQUEST: 4,
    MessageKind.JUDGE_REQUEST: 4,
    MessageKind.DUTY_REQUEST: 4,
    MessageKind.ABSENCE_NOTICE: 5,
    MessageKind.OWNER_NEEDED: 3,
    MessageKind.HANDOVER_REQUEST: 4,
    MessageKind.ROLES_NOTICE: 5,
    MessageKind.VACANCY_NOTICE: 4,
    MessageKind.ATTEST_REQUEST: 4,
    MessageKind.DRILL_REQUEST: 4,
    MessageKind.ROUND_CARD: 5,
    MessageKind.EXPORT: 5,
    MessageKind.DIGEST: 6,
    MessageKind.REPORT: 5,
}


def urgency(kind: MessageKind, *, is_critical: bool) -> int:
    """Give how soon a message goes: what hangs on something critical waits for nothing older."""
    return min(_URGENCY[kind], OF_CRITICAL) if is_critical else _URGENCY[kind]


def doubled(first: int, attempt: int, longest: int) -> int:
    """Give the seconds until the next try: the first, and twice as many each time, to the longest.

    `attempt` is how often it was tried by now, once at least.
    """
    return min(first << min(attempt - 1, longest), longest)


# Each of these speaks of its own entry for good: none is brought up to date by a later one.
OF_ONE_ENTRY: Final = frozenset(
    {
        MessageKind.REMINDER,
        MessageKind.GATE_NOTICE,
        MessageKind.DUTY_REQUEST,
        MessageKind.ABSENCE_NOTICE,
        MessageKind.REVIEWER_NOTICE,
        MessageKind.SHARES_IN,
        MessageKind.ROLES_NOTICE,
        MessageKind.VACANCY_NOTICE,
        MessageKind.LOSS_NOTICE,
        MessageKind.NOTICE,
        MessageKind.EXPORT,
        MessageKind.DIGEST,
        MessageKind.REPORT,
    }
)


# With files: of these Slack tells nobody afterwards that they have arrived.
WITH_FILES: Final = frozenset({MessageKind.EXPORT, MessageKind.DIGEST, MessageKind.REPORT})

MISSING_SCOPE: Final = "missing_scope"  # Slack's word for it; after a space comes which one
DAMAGED: Final = "record_damaged"  # ours; after a space comes what of it

# These go with a round's review; none of them is what asks its owner for it.
OF_SHARES: Final = frozenset(
    {
        *(MessageKind.SHARE_REQUEST, MessageKind.SHARES_NOTICE, MessageKind.SHARES_IN),
        MessageKind.REVIEWER_NOTICE,
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to be sent or kept up to date. What it is about: `workflow` and `subject`.

    `to` is a channel, a person or an answer's address. `entry` is the record it speaks of.
    A message that asks for an obligation names it, so that it can be updated once that has ended.
    `sentence` is what a notice says; on any other message it says why it did not go to its
    channel. `thread` is the case whose thread it belongs in. `takes` are the roles, separated by
    commas, whose holders a notice names below: who they are is looked up when it is said.
    """

    kind: MessageKind
    place: Place
    to: str
    entry: int
    workflow: str = ""
    subject: int = 0
    obligation: str = ""
    thread: str = ""
    sentence: str = ""
    takes: str = ""

    @property
    def case(self) -> str:
        """Name the one message in Slack that this keeps up to date; each reminder is its own."""
        about = f"{self.kind}/{self.workflow}/{self.subject}/{self.to}"
        if self.kind in OF_ONE_ENTRY:
            return f"{about}/{self.entry}"
        return about


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A claimed message: where it stands in Slack if it was shown before, and its thread there.

    `may_wait`: it would disturb one person, and nothing in it is critical. `with_it` are claimed
    with it, to be said in one post; `beside` are messages that stand in the same post already.
    """

    id: int
    message: Message
    attempt: int
    lease: int
    shown: Shown | None
    thread_ts: str
    may_wait: bool = False
    with_it: tuple["Posting", ...] = ()
    beside: tuple[Message, ...] = ()

    @property
    def all(self) -> tuple["Posting", ...]:
        """Give it and what is claimed with it: what becomes of the post becomes of each."""
        return self, *self.with_it

    @property
    def said(self) -> tuple[Message, ...]:
        """Give the messages of the post, in the order in which they stand there."""
        together = (*(each.message for each in self.all), *self.beside)
        return tuple(sorted(together, key=lambda each: (each.entry, each.case)))


class NotNow(Exception):  # noqa: N818 -- a state of the way out, not a fault of ours
    """It was surely not sent; it may be after `wait` seconds.

    `is_too_much`: nothing is the matter with it, but Slack has had more than it takes.
    """

    def __init__(self, error: str, wait: int, *, is_too_much: bool = False) -> None:
        super().__init__(error)
        self.wait = wait
        self.is_too_much = is_too_much


class Lost(Exception):  # noqa: N818 -- as above
    """The answer was lost: it may have been sent or not."""


class ShutOut(Exception):  # noqa: N818 -- as above
    """Nothing can be sent at all until the operator has helped: the token is no good.

    `is_for_posts`: or it is good for all but this, and only a post that is taken says otherwise.
    """

    def __init__(self, error: str, *, is_for_posts: bool = False) -> None:
        super().__init__(error)
        self.is_for_posts = is_for_posts


class Unclear(Exception):  # noqa: N818 -- as above
    """It was not sent, for a reason nobody has told us of: trying again may help or not."""


class Vanished(Exception):  # noqa: N818 -- as above
    """The message to be updated, or the one at the head of the thread, is no longer there."""

    def __init__(self, *, is_thread: bool = False) -> None:
        super().__init__("the message was deleted in Slack")
        self.is_thread = is_thread


class Undeliverable(Exception):  # noqa: N818 -- as above
    """It will never be sent as it is; `why` tells people what is wrong with the place, if that is.

    It is the end of a sentence about the place, with what to do about it.
    """

    def __init__(self, error: str, why: str = "") -> None:
        super().__init__(error)
        self.why = why
