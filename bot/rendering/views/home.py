"""The Home tab: what one person owes and owns, and how the workflows of their team stand."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.gate import GateState
from bot.domain.pace import Burst, Habit, Hurried, Run
from bot.domain.people import Role
from bot.domain.registry import WorkflowState
from bot.domain.rounds import Grade
from bot.rendering.views.answers import Due, WorkflowSheet
from bot.rendering.views.messages import AcceptRequest, ResumeRequest
from bot.rendering.views.people import HandoverRequest, NotYours
from bot.rendering.views.policies import ChangeRequest


@dataclass(frozen=True, slots=True)
class OwnedWorkflow:
    """One workflow that somebody answers for.

    Of `asked` rounds in the last 90 days `in_time` were answered by the time they were due.
    """

    key: str
    state: WorkflowState
    gate: GateState
    grade: Grade | None
    in_time: int
    asked: int
    next_sample: datetime | None
    open_breaches: int
    is_drill: bool = False


@dataclass(frozen=True, slots=True)
class TroubledWorkflow:
    """One workflow of a steward's or an admin's that is not as it should be.

    Something is overdue, a breach is open, or the gate is not. Of what is overdue: see the list.
    """

    key: str
    gate: GateState
    overdue: int
    is_drill: bool = False
    open_breaches: int = 0
    reached: Role | None = None
    climbs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnPace:
    """What is striking in how somebody answers for one workflow, which they alone are shown.

    That some of it stands `again` is shown to `told` as well, who answers for them; to nobody if
    there is no such person.
    """

    workflow: str
    hurried: Hurried | None
    run: Run | None
    burst: Burst | None = None
    told: str = ""
    again: tuple[Habit, ...] = ()


@dataclass(frozen=True, slots=True)
class ToTalkAbout:
    """What stands again in how a person answers for one workflow: a question, without figures."""

    workflow: str
    person: str
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class OwnPlants:
    """Which of the outputs that were planted for one workflow somebody overlooked, of how many."""

    workflow: str
    planted: int
    overlooked: tuple[str, ...]

    @property
    def found(self) -> int:
        return self.planted - len(self.overlooked)


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a part are on this page: `shown` of `total`, after `before` others."""

    before: int
    shown: int
    total: int


@dataclass(frozen=True, slots=True)
class Home:
    """One page of somebody's Home, counted from 0; its rows are in one sequence over all parts.

    `team` has rows for those alone who look after others' workflows, `looks_after` of them.
    `named_in` counts the workflows that name them as something other than the owner, of which
    `named` are the first. `only_you` and `planted` are of nobody else's Home; `to_talk_about` is
    what stands on others' and is shown to whoever answers for them. An auditor's says how to have
    the record.
    """

    page: int
    pages: int
    overdue: int
    dues: tuple[Due, ...]
    owes: Part
    owned: tuple[OwnedWorkflow, ...]
    owns: Part
    team: tuple[TroubledWorkflow, ...]
    troubled: Part
    looks_after: int
    named_in: int
    named: tuple[str, ...] = ()
    only_you: tuple[OwnPace, ...] = ()
    planted: tuple[OwnPlants, ...] = ()
    to_talk_about: tuple[ToTalkAbout, ...] = ()
    is_auditors: bool = False


@dataclass(frozen=True, slots=True)
class HomeClosed:
    """What people see who may not use the product: what it is, and whom to ask."""

    sentence: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A workflow's sheet as a modal: on a Home tab nothing can be answered in place."""

    sheet: WorkflowSheet


RequestView = AcceptRequest | ResumeRequest | ChangeRequest | HandoverRequest | NotYours


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request's message as a modal: nobody answers from a row what they are not shown."""

    request: RequestView
