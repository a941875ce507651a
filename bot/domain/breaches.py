"""Something a person must answer for: open → acknowledged → decided → closed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.gate import GateState
from bot.domain.policy import Policy
from bot.domain.refusals import Refused, require_not_over


class Cause(StrEnum):
    CRITICAL_VERDICT = "critical verdict"
    ROUND_NOT_ANSWERED = "round not answered"
    SECOND_NOT_ANSWERED = "second look not answered"
    NOT_SETTLED = "disagreement not settled"
    NOT_JUDGED = "skipped outputs not judged"
    NO_OUTPUTS = "no outputs reported"
    VOLUME = "volume outside expectation"
    PAUSE_NOT_HONOURED = "pause not honoured"
    SEED_NOT_REVEALED = "seed not revealed"
    NOT_CARRIED_OUT = "decision not carried out"
    NOT_DRILLED = "drill not held"
    LIMIT_EXCEEDED = "limit exceeded"
    NO_MEASUREMENT = "no measurement reported"
    CONCERN_RAISED = "concern raised"
    ERROR_RATE = "error rate above the limit"
    OVERRIDE_RATE = "answers mostly overridden"
    OVERLOAD = "more to review than there is time"


class BreachState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    CLOSED = "closed"


class Decision(StrEnum):
    CONTINUE = "continue"
    TIGHTEN = "tighten"
    REVIEW_ALL = "review_all"
    DEGRADE = "degrade"
    PAUSE = "pause"
    ROLL_BACK = "roll_back"
    RETRAIN = "retrain"
    RETIRE = "retire"

    @property
    def in_words(self) -> str:
        return self.value.replace("_", " ")


# Decisions that the bot carries out itself by moving the gate; the others are a person's work.
GATE_OF: Final = {
    Decision.REVIEW_ALL: GateState.REVIEW_ALL,
    Decision.DEGRADE: GateState.DEGRADED,
    Decision.PAUSE: GateState.PAUSED,
    Decision.RETIRE: GateState.RETIRED,
}
WORK: Final = frozenset({Decision.TIGHTEN, Decision.ROLL_BACK, Decision.RETRAIN})
# What people's verdicts have opened: there are outputs to be looked at.
OF_VERDICTS: Final = frozenset({Cause.CRITICAL_VERDICT, Cause.ERROR_RATE, Cause.OVERRIDE_RATE})


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach. `detail` holds its figures in words of ours, never a person's.

    `measurement` names what was measured, or was not, if it is a breach of that.
    """

    workflow: str
    number: int
    cause: Cause
    is_critical: bool
    state: BreachState
    detail: str
    opened_at: datetime
    round: int | None = None
    measurement: str = ""
    acknowledged_by: str = ""
    decided_by: str = ""
    decision: Decision | None = None
    entry: int = -1

    @property
    def name(self) -> str:
        return f"breach/{self.workflow}/{self.number}"

    @property
    def is_of_outputs(self) -> bool:
        return self.cause in OF_VERDICTS and self.round is not None


# What is left to do with it, once somebody has taken it on.
_LEFT: Final = {
    BreachState.ACKNOWLEDGED: "Its message says who decides, and by when.",
    BreachState.DECIDED: "Its message says who carries it out, and by when.",
    BreachState.CLOSED: "Nothing more is owed here.",
}
_CARRIED_OUT: Final = (
    "Breach {breach.number} of {breach.workflow} is closed already: what was done is on record, "
    "and nothing was added now."
)


def over(breach: Breach, becomes: BreachState) -> Refused | None:
    """Give what is said, to whoever would make it so, of a breach that is so or more by now.

    None is given while that is still to come.
    """
    states = list(BreachState)
    if states.index(breach.state) < states.index(becomes):
        return None
    is_closing = becomes is BreachState.CLOSED
    sentence = _CARRIED_OUT.format(breach=breach) if is_closing else _already(breach)
    return Refused(f"breach already {becomes}", sentence, on=breach.name)


def acknowledged(breach: Breach, by: str) -> Breach:
    """Give the breach as acknowledged by this person, or refuse if that is no longer open."""
    require_not_over(over(breach, BreachState.ACKNOWLEDGED))
    return replace(breach, state=BreachState.ACKNOWLEDGED, acknowledged_by=by)


def decided(breach: Breach, decision: Decision, by: str) -> Breach:
    """Give the breach as decided, or refuse if it was not acknowledged or is decided already."""
    if breach.state is BreachState.OPEN:
        raise Refused(
            "breach not acknowledged",
            f"Breach {breach.number} of {breach.workflow} is not acknowledged yet: "
            "press Acknowledge first, then decide.",
            on=breach.name,
        )
    require_not_over(over(breach, BreachState.DECIDED))
    return replace(breach, state=BreachState.DECIDED, decision=decision, decided_by=by)


def _already(breach: Breach) -> str:
    stands = f"decided: {breach.decision.in_words}" if breach.decision else breach.state
    said = f"Breach {breach.number} of {breach.workflow} is already {stands}."
    return f"{said} {_LEFT[breach.state]}"


def closed(breach: Breach) -> Breach:
    """Give the breach as closed, or refuse if nothing was decided yet, or all is done."""
    require_not_over(over(breach, BreachState.CLOSED))
    if breach.state is not BreachState.DECIDED:
        raise Refused(
            "breach not decided",
            f"Breach {breach.number} of {breach.workflow} is {breach.state}, not decided.",
            on=breach.name,
        )
    return replace(breach, state=BreachState.CLOSED)


def volume_cause(population: int, policy: Policy, *, is_partial: bool = False) -> Cause | None:
    """Give the breach that a population of this size is, or None if it was expected.

    In a partial period, one that was mostly cut off or paused, too few outputs are none.
    """
    if population > policy.volume_max:
        return Cause.VOLUME
    if is_partial:
        return None
    if population == 0:
        return Cause.NO_OUTPUTS
    return Cause.VOLUME if population < policy.volume_min else None
