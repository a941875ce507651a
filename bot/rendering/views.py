"""The frozen view each template receives: all that a template may know.

People are Slack user ids; times are aware UTC; texts are what somebody typed or a pipeline sent,
and count as hostile. A template has the name of its view in snake case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.evidence import Grade, Result
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.outputs import Output
from bot.domain.people import Role
from bot.domain.proof import Proof
from bot.domain.record import Entry
from bot.domain.registry import Roles, WorkflowState
from bot.domain.rounds import RoundState


@dataclass(frozen=True, slots=True)
class Next:
    """Whom silence reaches next, and when. `role` and `people` are those of the coming rung."""

    role: Role
    at: datetime


# Messages: posted and updated in place.


@dataclass(frozen=True, slots=True)
class AcceptRequest:
    """The named owner is asked to accept the duties. Buttons only while the state is open."""

    workflow: str
    purpose: str
    roles: Roles
    requested_by: str
    sample: int
    cadence: str
    limit_bp: int
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in its channel, from its commitment to its result."""

    workflow: str
    number: int
    state: RoundState
    owner: str
    commitment: str
    period_end: datetime
    population: int
    sample: int
    due_at: datetime | None
    seed: str
    result: Result | None
    grade: Grade | None
    limit_bp: int
    upper_bound: float | None
    is_answerable: bool
    is_unrevealed: bool
    proof: Proof


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """The owner's own prompt to review a drawn round, in a DM. The button goes once it is spent."""

    workflow: str
    number: int
    items: int
    done: int
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class BreachCard:
    """One breach, updated in place from open to closed. `reason` is the decider's own words."""

    workflow: str
    number: int
    cause: Cause
    detail: str
    is_critical: bool
    state: BreachState
    roles: Roles
    acknowledged_by: str
    decision: Decision | None
    decided_by: str
    reason: str
    carry_out_by: datetime | None
    evidence: str
    due_at: datetime | None
    next: Next | None
    gate: GateState
    proof: Proof


@dataclass(frozen=True, slots=True)
class Reminder:
    """Silence has climbed a rung. `subject` is what the person is asked about, as its number.

    `passed` says in words why nobody was asked on this rung (empty if somebody was);
    `consequence` says in words what silence has just brought (empty on all but the last rung).
    The button, if the obligation is still open, has the action id of its kind.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    rung: int
    owed_by: str
    asked: tuple[str, ...]
    due_at: datetime
    state: ObligationState
    passed: str
    consequence: str
    next: Next | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class GateNotice:
    """The gate has moved. `by` is empty when silence moved it; `cause` says what was unanswered."""

    workflow: str
    was: GateState
    now: GateState
    by: str
    cause: str
    reason: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Somebody asks to resume a workflow; a second person confirms with the button."""

    workflow: str
    number: int
    requested_by: str
    reason: str
    gate: GateState
    roles: Roles
    due_at: datetime
    state: ObligationState
    confirmed_by: str
    proof: Proof


# Answers to one person: the text of a command's ack, or an ephemeral message.


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence to one person: a refusal, an error or a receipt (then with its proof)."""

    sentence: str
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class ListedWorkflow:
    key: str
    state: WorkflowState
    gate: GateState
    owner: str
    open_breaches: int


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
class WorkflowSheet:
    """Everything a member may know of one workflow."""

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
    sample: int
    floor: int
    limit_bp: int
    volume_min: int
    volume_max: int
    round: int | None
    round_state: RoundState | None
    next_firings: tuple[datetime, ...]
    breaches: tuple[OpenBreach, ...]
    proof: Proof


@dataclass(frozen=True, slots=True)
class Due:
    """One thing the person owes."""

    kind: ObligationKind
    workflow: str
    subject: int
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Dues:
    """What one person owes, oldest first; `more` counts those that did not fit."""

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


# Modals.


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """The registration, as first shown: who asked, and in which channel."""

    user: str
    channel: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One drawn output of a round to answer; `position` counts from 0, `total` the drawn outputs.

    `last` makes the submit button say *Hand in*.
    """

    workflow: str
    number: int
    position: int
    total: int
    done: int
    output: Output
    due_at: datetime
    last: bool


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """What handing in has brought, in one sentence, and what happens next."""

    workflow: str
    number: int
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class DecideForm:
    """The decision on a breach, with a reason and, for a person's work, the date it is done by."""

    workflow: str
    number: int
    cause: Cause
    detail: str
    earliest: datetime


@dataclass(frozen=True, slots=True)
class PauseForm:
    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class ResumeForm:
    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class CarryOutForm:
    """Evidence that a decision was carried out."""

    workflow: str
    number: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A modal that holds one sentence and a close button."""

    title: str
    sentence: str
    proof: Proof | None = None


# The record, taken out.


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What one commitment stands for."""

    seq: int
    field: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class PopulationLine:
    """The frozen population of one drawn round, as (output id, category), by id."""

    workflow: str
    round: int
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record, or a part of it: entries with their exact bytes, and what proves them.

    `leaves` are the hashes of all `size` entries, the wanted ones or not; `note` is the signed
    checkpoint over them. Openings and populations can be read once.
    """

    origin: str
    size: int
    is_filtered: bool
    entries: tuple[tuple[Entry, bytes], ...]
    leaves: tuple[bytes, ...]
    openings: Iterator[OpeningLine]
    populations: Iterator[PopulationLine]
    note: str


MessageView = (
    AcceptRequest
    | RoundCard
    | ReviewRequest
    | BreachCard
    | Reminder
    | GateNotice
    | ResumeRequest
    | Notice
    | WorkflowList
    | WorkflowSheet
    | Dues
    | Help
)
ModalView = (
    RegisterForm
    | ReviewPage
    | ReviewDone
    | DecideForm
    | PauseForm
    | ResumeForm
    | CarryOutForm
    | NoticePage
)
