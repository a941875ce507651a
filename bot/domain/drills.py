"""A drill: a workflow is stopped for a moment, to see how soon its pipeline hears of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.gate import Gate, GateState
from bot.domain.moments import utc_text
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow

EVERY: Final = timedelta(days=90)
LONGEST: Final = timedelta(minutes=15)
CAUSE: Final = "drill"
OVER: Final = "the drill is over"

# Where something may run, and so can be stopped.
DRILLED_FROM: Final = frozenset({GateState.RUN, GateState.REVIEW_ALL, GateState.DEGRADED})


class DrillState(StrEnum):
    RUNNING = "running"
    MEASURED = "measured"
    NOBODY_ASKED = "nobody asked"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Drill:
    """One try at the drill that obligation `asked` is about.

    `was` is the state that the gate goes back to, `gate_entry` the record that paused it and
    `entry` the one that says why. `heard_at` is when a pipeline was first told.
    """

    workflow: str
    number: int
    asked: int
    was: GateState
    started_at: datetime
    entry: int
    gate_entry: int
    state: DrillState = DrillState.RUNNING
    heard_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        """Give what the record calls this try; `drill/…` is the obligation that it answers."""
        return f"try/{self.workflow}/{self.number}"

    @property
    def ends_at(self) -> datetime:
        """Give when it is over although nobody asked."""
        return self.started_at + LONGEST

    @property
    def milliseconds(self) -> int | None:
        """Give how long the pipeline was not told; None if it never was."""
        if self.heard_at is None:
            return None
        return (self.heard_at - self.started_at) // timedelta(milliseconds=1)

    def holds(self, gate: Gate) -> bool:
        """Tell whether the gate still stands where this drill has put it."""
        return gate.entry == self.gate_entry

    def is_ignored_by(self, produced_at: datetime) -> bool:
        """Tell whether an output of this time was produced although its pipeline had been told."""
        if self.heard_at is None or self.ended_at is None:
            return False
        return self.heard_at < produced_at <= self.ended_at


def in_seconds(milliseconds: int | None) -> str:
    """Give how long it took in seconds, as people read it; an empty string if that is unknown."""
    return "" if milliseconds is None else f"{milliseconds // 1000:,}.{milliseconds % 1000:03}"


def require_drillable(workflow: Workflow, running: Drill | None, *, is_to_resume: bool) -> None:
    """Refuse a drill where nothing may run, or where one or a request to resume is under way."""
    if running:
        raise Refused(
            "drill already running",
            f"A drill of {workflow.key} is under way already: its gate goes back by itself.",
            on=workflow.name,
        )
    if is_to_resume:  # it is about the gate as it stands: a drill would make it void
        raise Refused(
            "resume requested",
            f"Somebody has asked to resume {workflow.key}, and a second person has to confirm it. "
            "Start the drill once that is settled.",
            on=workflow.name,
        )
    state = workflow.gate.state
    if state not in DRILLED_FROM:
        raise Refused(
            "nothing to stop",
            f"The gate of {workflow.key} is “{state.replace('_', ' ')}”: nothing runs that a drill "
            "could stop. Start it once the workflow runs again.",
            on=workflow.name,
        )


def require_none(workflow: Workflow, running: Drill | None) -> None:
    """Refuse to resume what a drill has paused: that ends by itself."""
    if running:
        raise Refused(
            "drill running",
            f"{workflow.key} is paused by a drill: its gate goes back by itself, by "
            f"{utc_text(running.ends_at)} at the latest.",
            on=workflow.name,
        )


def heard(drill: Drill, at: datetime, now: datetime) -> Drill:
    """Give the drill as over, because a pipeline was told of it at this time."""
    first = min(max(at, drill.started_at), now)
    return replace(drill, state=DrillState.MEASURED, heard_at=first, ended_at=now)
