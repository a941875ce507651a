"""The gate: what a pipeline may do now, and who may loosen it again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class GateState(StrEnum):
    NOT_READY = "not_ready"
    RUN = "run"
    REVIEW_ALL = "review_all"
    DEGRADED = "degraded"
    PAUSED = "paused"
    RETIRED = "retired"


RESUMED: Final = "resumed by two people"
BY_DECISION: Final = "decision on breach"  # with its number: why a gate moved

# From loosest to strictest. A change to the right is anybody's in the circle, at once;
# a change to the left needs two people.
STRICTNESS = (
    GateState.RUN,
    GateState.REVIEW_ALL,
    GateState.DEGRADED,
    GateState.PAUSED,
    GateState.RETIRED,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A workflow's gate. `entry` is the number of the record that set it, -1 before any."""

    state: GateState
    since: datetime
    entry: int = -1


def decision_on(breach: int) -> str:
    """Give the cause of what a gate does by the decision on a breach, as the record names it."""
    return f"{BY_DECISION} {breach}"


def is_stricter(state: GateState, than: GateState) -> bool:
    """Tell whether `state` allows a pipeline less than `than` does."""
    if than is GateState.NOT_READY:
        return False
    return STRICTNESS.index(state) > STRICTNESS.index(than)


def tightened(current: GateState, wanted: GateState) -> GateState:
    """Give the stricter of the two: a consequence never loosens what a person closed."""
    if current is GateState.NOT_READY:
        return current
    return wanted if is_stricter(wanted, current) else current


def may_act(state: GateState, *, runs_degraded: bool) -> bool:
    """Tell whether a pipeline may act without a person looking first."""
    return state is GateState.RUN or (state is GateState.DEGRADED and runs_degraded)
