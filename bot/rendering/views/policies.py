"""A policy: filled in, asked to be weaker, and in force."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.changes import Difference
from bot.domain.endings import Settled
from bot.domain.obligations import ObligationState
from bot.domain.proof import Proof
from bot.domain.verdicts import Why
from bot.rendering.views.messages import Answerer


@dataclass(frozen=True, slots=True)
class PolicyFields:
    """What the fields of a policy hold when a form is opened: at first what is usual."""

    cadence: str = "every monday at 09:00"
    zone: str = ""
    hours: str = "Mon-Fri 09:00-17:00"
    holidays: str = ""
    sample: str = "20"
    floor: int = 0
    limit: str = "5"
    volume_min: int = 1
    volume_max: int = 10_000
    limits: str = ""
    while_degraded: str = "waits"
    grace: int = 1
    text: str = "taken"
    max_text: int = 2_000
    masks: str = ""
    link_hosts: str = ""
    error_whys: tuple[Why, ...] = (Why.ERROR, Why.POLICY)
    tighten: str = "3"
    answer: str = "shown"
    basis: str = "per_week"
    capacity: str = ""
    overflow: str = "review_all"
    floor_by: str = "category"
    triggers: str = ""
    proves: str = "usual"


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """The registration, as first shown: who may be its owner, if anybody, and in which channel."""

    user: str
    channel: str
    key: str = ""
    fields: PolicyFields = PolicyFields()


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A request for a weaker policy that waits for a second person; `is_own`: of who reads it."""

    requested_by: str
    due_at: datetime
    is_overdue: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """A workflow's policy to be changed, filled in with the version that is in force.

    `waiting` is what was asked for it already, None if nothing waits.
    """

    workflow: str
    version: int
    fields: PolicyFields
    waiting: WaitingChange | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Somebody asks to make a policy weaker; one of `confirmers` confirms, or an admin.

    `version` is the one that is to be changed; `differences` are told from it to what follows.
    `away` is in whose place the reader is asked, empty if it is in their own. `is_own`: whoever
    asked reads it, and can only withdraw it. `has_admins`: there is an admin besides whoever asked.
    """

    workflow: str
    number: int
    version: int
    requested_by: str
    reason: str
    differences: tuple[Difference, ...]
    confirmers: tuple[Answerer, ...]
    due_at: datetime
    state: ObligationState
    confirmed_by: str
    confirmed_for: str
    proof: Proof
    away: str = ""
    declined_by: str = ""
    because: str = ""
    is_withdrawn: bool = False
    settled: Settled | None = None
    in_channel: bool = False
    is_own: bool = False
    may_answer: bool = True
    has_admins: bool = True
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class PolicyNotice:
    """A new version is in force. `by` is whose word was the last that it took.

    That confirmed, `confirmed_for` if in somebody's place, what was `asked_by` the first of two;
    both are empty if it took one alone. The reason is the first one's.
    """

    workflow: str
    version: int
    by: str
    reason: str
    differences: tuple[Difference, ...]
    proof: Proof
    asked_by: str = ""
    confirmed_for: str = ""
