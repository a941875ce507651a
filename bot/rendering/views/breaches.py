"""A breach on its card, and as whoever raised it reads it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.gate import GateState
from bot.domain.proof import Proof
from bot.domain.registry import Roles
from bot.domain.verdicts import Severity
from bot.rendering.views.messages import Held, Next


@dataclass(frozen=True, slots=True)
class PastLimit:
    """How many more values past their limit have come since, and which was observed last."""

    name: str
    more: int
    value: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class RaisedConcern:
    """What somebody raised, in their own words; `by` is empty if their name is not to be shown."""

    by: str
    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class BreachCard:
    """One breach, updated in place from open to closed. `reason` is the decider's own words.

    `held` says with whom the next step is where that is not plain from who owes it; `has_left`
    tells that whoever owes it can answer no more. `stands` is where the gate is, a drill apart.
    `left_at` is where it stood when the breach was closed, None before, or once the gate has moved
    since; `has_moved_it` if this breach's decision put it there. `brought` is the number of the
    breach that silence about the next step has opened, 0 while it has not; `pauses_next` tells that
    it pauses the workflow next.
    """

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
    past: PastLimit | None = None
    concern: RaisedConcern | None = None
    has_outputs: bool = False
    is_overdue: bool = False
    held: Held | None = None
    left_at: GateState | None = None
    has_moved_it: bool = False
    stands: GateState = GateState.RUN
    has_left: bool = False
    may_answer: bool = True
    brought: int = 0
    pauses_next: bool = False


@dataclass(frozen=True, slots=True)
class ConcernNotice:
    """Whoever raised a concern is told what has become of it, in a DM, updated in place.

    `number` is its breach's. `reason` is the decider's own words; closed without a decision, it
    ended with its workflow. `left_at` and `has_moved_it` are as on the breach's card.
    """

    workflow: str
    number: int
    words: str
    state: BreachState
    acknowledged_by: str
    decision: Decision | None
    decided_by: str
    reason: str
    carry_out_by: datetime | None
    evidence: str
    proof: Proof
    left_at: GateState | None = None
    has_moved_it: bool = False
