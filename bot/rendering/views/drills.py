"""A drill as it is asked for, held and measured, and its form."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.drills import DrillState
from bot.domain.endings import Settled
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationState
from bot.domain.proof import Proof
from bot.rendering.views.messages import Held, Next


@dataclass(frozen=True, slots=True)
class DrillRequest:
    """The owner is asked, in a DM and the channel, to try a stop.

    `last` is what became of the newest try, `ends_at` when its time is over; None before the
    first. `seconds` is what was measured, as a number in words; the next is asked on `next_drill`.
    `is_of_sandbox`: by a sandbox's clock. `brought` is the number of the breach that silence has
    opened, 0 while it has not. `settled` is what took its place. `has_left`: the owner cannot hold
    it. `held` tells with whom it is, where that is not the owner.
    """

    workflow: str
    number: int
    owner: str
    due_at: datetime
    state: ObligationState
    next: Next | None
    last: DrillState | None
    ends_at: datetime | None
    seconds: str
    proof: Proof
    next_drill: datetime | None = None
    is_of_sandbox: bool = False
    may_answer: bool = True
    brought: int = 0
    is_overdue: bool = False
    settled: Settled | None = None
    has_left: bool = False
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class DrillForm:
    """What will happen when a drill is started; `gate` is the state that it goes back to."""

    workflow: str
    number: int
    gate: GateState
    minutes: int
