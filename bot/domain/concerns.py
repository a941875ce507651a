"""A concern: what somebody sees go wrong in a workflow, said in words. Each opens a breach."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.breaches import Breach, BreachState
from bot.domain.refusals import Refused
from bot.domain.registry import ANSWERING
from bot.domain.verdicts import Severity

MOST_WAITING: Final = 5


@dataclass(frozen=True, slots=True)
class Concern:
    """One concern, and the breach it opened. `is_named`: its owner is shown who raised it."""

    workflow: str
    breach: int
    raised_by: str
    is_named: bool
    severity: Severity
    entry: int = -1

    @property
    def name(self) -> str:
        return f"concern/{self.workflow}/{self.breach}"


def require_room(on: str, severity: Severity, breaches: Iterable[Breach]) -> None:
    """Refuse one more while this many breaches of one person's concerns wait to be taken on.

    Critical ones are counted apart: what is minor keeps nobody from saying what cannot wait.
    """
    is_critical = severity is Severity.CRITICAL
    alike = (each for each in breaches if each.is_critical is is_critical)
    waiting = [str(each.number) for each in alike if each.state is BreachState.OPEN]
    if len(waiting) >= MOST_WAITING:
        which = "critical concerns" if is_critical else "concerns"
        raise Refused(
            "too many concerns waiting",
            f"{len(waiting)} of your {which} about this workflow wait to be acknowledged: "
            f"breaches {', '.join(waiting)}. Each climbs until somebody answers. Raise this one "
            "once one of them is acknowledged, or tell its owner, backup or steward yourself.",
            on=on,
            field="words",
            takes=ANSWERING,
        )
