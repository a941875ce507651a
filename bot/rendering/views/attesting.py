"""An owner is asked every 90 days whether all is right still, and looks at what is registered."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.endings import Settled
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationState
from bot.domain.proof import Proof
from bot.domain.registry import Roles
from bot.rendering.views.messages import Held, Next


@dataclass(frozen=True, slots=True)
class AttestRequest:
    """The owner is asked, in a DM and the channel, whether all is right still.

    `stands` is where the gate is, a drill apart. `may_change`: the reader may name other people.
    Once it is answered, `said_by` was the owner who did so, and the next is asked at `next_at`.
    `settled` is what took its place. `has_left`: the owner cannot say it, nor anybody for them.
    `held` tells whom it has climbed to, or that the owner is away.
    """

    workflow: str
    number: int
    owner: str
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    stands: GateState = GateState.RUN
    may_answer: bool = True
    may_change: bool = True
    is_overdue: bool = False
    said_by: str = ""
    said_at: datetime | None = None
    next_at: datetime | None = None
    settled: Settled | None = None
    has_left: bool = False
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class AttestForm:
    """What the owner says is right still."""

    workflow: str
    number: int
    purpose: str
    roles: Roles
    plan: str
    cadence: str
    zone: str
    limit_bp: int
    open_breaches: tuple[int, ...]
