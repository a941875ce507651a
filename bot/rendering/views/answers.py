"""Answers to one person: the text of a command's ack, or an ephemeral message."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.authority import Holding
from bot.domain.breaches import BreachState, Cause
from bot.domain.data_rules import DataRules
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind
from bot.domain.other_ways import OtherWay
from bot.domain.people import Role
from bot.domain.policy import LimitBasis
from bot.domain.proof import Proof
from bot.domain.registry import Roles, WorkflowState
from bot.domain.rounds import RoundState
from bot.domain.strata import FloorBy
from bot.rendering.views.messages import Held, Next


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence to one person: a refusal, an error or a receipt (then with its proof).

    `held` names who may do what was refused; `moved_to` is the channel of which it speaks.
    """

    sentence: str
    proof: Proof | None = None
    held: tuple[Holding, ...] = ()
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class RoundDrawn:
    """A round that somebody has had drawn: where its card is, and its review if it is theirs.

    `has_left`: the owner is no full member any more, and others are asked.
    """

    workflow: str
    number: int
    channel: str
    owner: str
    is_owner: bool
    proof: Proof
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class ListedWorkflow:
    """One row of the registry; `has_left`: its owner is no full member any more.

    Of what is overdue some has climbed to `reached`, None if it is with whoever owes it; the next
    of it climbs at `climbs_at`.
    """

    key: str
    state: WorkflowState
    gate: GateState
    owner: str
    open_breaches: int
    overdue: int = 0
    has_left: bool = False
    reached: Role | None = None
    climbs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkflowList:
    """The registry, one line a workflow; `more` counts those that did not fit."""

    workflows: tuple[ListedWorkflow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class OpenBreach:
    number: int
    cause: Cause
    state: BreachState


@dataclass(frozen=True, slots=True)
class Away:
    """One of a workflow's people who is away now, and who stands in, if anybody does."""

    person: str
    delegate: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MeasuredLimit:
    """A limit, in words, and the newest value of what it bounds; None before the first."""

    limit: str
    value: str | None
    observed_at: datetime | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class OwedNow:
    """Something that somebody owes for a workflow now, and how far silence about it has come.

    `held` is with whom it is if not with who owes it, or if they are away, and `next` who is asked
    then. What silence brings depends on the rest: see the reminder.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    owed_by: str
    due_at: datetime
    is_overdue: bool
    opened_at: datetime
    held: Held | None = None
    next: Next | None = None
    stands: GateState = GateState.RUN
    brings_stop: bool = False
    brought: int = 0
    pauses_next: bool = False


@dataclass(frozen=True, slots=True)
class WorkflowSheet:
    """Everything a member may know of one workflow.

    At the last drill, `drilled_at`, it took `drill_seconds`; the next is asked on `drill_at`, but
    not before the workflow runs again if `is_drill_waiting`. `gone` are those of its people who
    are no full members any more; `more_owed` is what is owed besides `owed`. `is_of_sandbox`: its
    seconds are a sandbox's.
    """

    key: str
    purpose: str
    state: WorkflowState
    gate: GateState
    gate_since: datetime
    gate_reason: str
    roles: Roles
    channel: str
    policy: int
    cadence: str
    zone: str
    hours: str
    holidays_in: str
    holidays_until: date | None
    plan: str
    cost: str
    sight: str
    floor: int
    floor_by: FloorBy
    cut_to: int
    tighten: int
    limit_bp: int
    volume_min: int
    volume_max: int
    round: int | None
    round_state: RoundState | None
    next_firings: tuple[datetime, ...]
    breaches: tuple[OpenBreach, ...]
    away: tuple[Away, ...]
    attest_at: datetime | None
    data: DataRules
    proof: Proof
    limits: tuple[MeasuredLimit, ...] = ()
    is_drill: bool = False
    drill_at: datetime | None = None
    drilled_at: datetime | None = None
    drill_seconds: str = ""
    is_drill_waiting: bool = False
    gone: tuple[str, ...] = ()
    owed: tuple[OwedNow, ...] = ()
    more_owed: int = 0
    is_of_sandbox: bool = False
    hides_answer: bool = False
    limit_basis: LimitBasis = LimitBasis.PER_WEEK
    triggers: str = ""
    to_prove: int = 0


@dataclass(frozen=True, slots=True)
class HeldShare:
    """Outputs of a round that the person was handed to review.

    `number` is the share's; `left` of its `items` wait for an answer. The time is the round's, and
    `owner` answers for it, be it since it was `handed_by` another (`has_passed_on`); `is_own` says
    that this is the person themselves by now.
    """

    workflow: str
    number: int
    round: int
    owner: str
    items: int
    left: int
    due_at: datetime
    is_overdue: bool
    handed_by: str
    has_passed_on: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One thing the person owes, or is asked for `in_place_of` somebody who is away.

    `may_answer` is false for somebody whom it has reached who can only see to it that others do.
    `other_way` is what they themselves can do then. `is_under_way`: a drill that has been started.
    `share` is what they review of it, where that is another's to answer for. `about` says in words
    which breach it is. `beside` is who is asked to confirm it, where this person may as well.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    due_at: datetime
    is_overdue: bool
    in_place_of: str = ""
    may_answer: bool = True
    other_way: OtherWay = OtherWay.NONE
    is_under_way: bool = False
    share: HeldShare | None = None
    about: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Dues:
    """What one person owes and reviews for others, the earliest due first.

    `more` counts those that did not fit.
    """

    dues: tuple[Due, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    usage: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Help:
    """The verbs; `unknown` is what was typed if it is none, `nearest` a verb close to it."""

    verbs: tuple[Verb, ...]
    unknown: str = ""
    nearest: str = ""
