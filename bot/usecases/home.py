"""Read-only but for who has opened it: the Home tab, as of now, and whose Homes have changed."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.domain.absences import Absence
from bot.domain.authority import outsiders_sentence
from bot.domain.escalation import people_reached, role_reached
from bot.domain.gate import GateState
from bot.domain.people import SYSTEM, Circle, Standing
from bot.domain.record import Entry, Kind
from bot.domain.registry import Roles, Workflow, WorkflowState
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.own_pace import Paces
from bot.usecases.own_plants import own_plants
from bot.usecases.showing_shares import all_waiting
from bot.usecases.steps.proofs import soonest_step
from bot.usecases.steps.waiting import with_causes
from bot.usecases.to_talk_about import to_talk_about
from store.overview import Coverage, Overdue
from store.reading import Reading

ROWS: Final = 30  # of one page: with headings and buttons well below Slack's 100 blocks
NAMED: Final = 10
COVERED: Final = timedelta(days=90)
KEPT_UP: Final = timedelta(days=30)  # since somebody last opened theirs
NOTED_EVERY: Final = timedelta(days=1)

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Shown:
    """A Home as it is now, and the keys of all workflows that anything in it rests on."""

    view: views.Home | views.HomeClosed
    workflows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Touched:
    """What the record says has changed: some workflows, and the people concerned with them now.

    `is_for_all` if it was nothing of a single workflow. `size` is how far the record was read.
    """

    size: int
    workflows: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    is_for_all: bool = False


def note_opened(deps: Deps, user_id: str) -> None:
    """Remember that somebody has opened their Home; within a day once is enough."""
    with deps.store.read(deps.workspace) as reading:
        last = reading.homes.opened_at(user_id)
    now = deps.store.clock.now()
    if last is None or now - last >= NOTED_EVERY:
        with deps.store.begin(deps.workspace, SYSTEM) as work:
            work.homes.note_opened(user_id, work.now)


def close_home(deps: Deps, user_id: str) -> None:
    """Keep the Home up no more of somebody who is no full member."""
    with deps.store.read(deps.workspace) as reading:
        was_opened = reading.homes.opened_at(user_id) is not None
    if was_opened:
        with deps.store.begin(deps.workspace, SYSTEM) as work:
            work.homes.forget(user_id)


def kept_up(deps: Deps) -> frozenset[str]:
    """Give everybody whose Home is published again when something in it changes."""
    with deps.store.read(deps.workspace) as reading:
        return reading.homes.opened_since(deps.store.clock.now() - KEPT_UP)


def touched_since(deps: Deps, size: int | None) -> Touched:
    """Give what has changed since the record had this size; with None, where it is now."""
    with deps.store.read(deps.workspace) as reading:
        head = reading.log.head_or_none()
        if head is None or size is None or size >= head.size:
            return Touched(head.size if head else 0)
        told = [each for each in reading.overview.entries_from(size) if _changes_a_home(each)]
        found = map(reading.workflows.find, sorted(set(map(_workflow_of, told))))
        touched = [each for each in found if each]
        return Touched(
            head.size,
            frozenset(each.key for each in touched),
            _concerned(reading, deps.circle, touched, deps.store.clock.now()),
            is_for_all=any(not _workflow_of(each) for each in told),
        )


def show_home(deps: Deps, user_id: str, standing: Standing, page: int = 0) -> Shown:
    """Give one page of somebody's Home; a page that is there no more is the last one."""
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace) as reading:
        gone = reading.people.gone()
        seen_as = gone.get(user_id, standing)
        if seen_as is not Standing.MEMBER:
            return Shown(views.HomeClosed(outsiders_sentence(seen_as)), frozenset())
        workflows = reading.workflows.all()
        dues = all_waiting(reading, deps.circle, user_id, workflows, now)
        everything = [each for each in workflows if _is_kept(each)]
        owned = [each for each in everything if each.roles.owner == user_id]
        looked_after = [each for each in everything if _looks_after(deps.circle, user_id, each)]
        beside = [each for each in everything if _is_beside(user_id, each.roles)]
        drilled = frozenset(each.workflow for each in reading.drills.all_running())
        team = _troubled(reading, looked_after, drilled, now)
        pages = max(1, -(-(len(dues) + len(owned) + len(team)) // ROWS))
        start = ROWS * max(0, min(page, pages - 1))
        some_dues, owes = _part(dues, start, 0)
        some_owned, owns = _part(owned, start, owes.total)
        some_team, troubled = _part(team, start, owes.total + owns.total)
        paces = Paces(reading, {each.key: each.roles for each in everything}, gone, now)
        view = views.Home(
            page=start // ROWS,
            pages=pages,
            overdue=sum(each.is_overdue for each in dues),
            dues=with_causes(reading, some_dues),
            owes=owes,
            owned=_owned(reading, some_owned, drilled, now),
            owns=owns,
            team=_with_forecast(reading, some_team),
            troubled=troubled,
            looks_after=len(looked_after),
            named_in=len(beside),
            named=tuple(each.key for each in beside[:NAMED]),
            only_you=paces.own(user_id) if not start else (),
            planted=own_plants(reading, user_id, now) if not start else (),
            to_talk_about=to_talk_about(paces, user_id) if not start else (),
            is_auditors=user_id in deps.circle.auditors,
        )
        rests_on = {each.key for each in (*owned, *looked_after, *beside)}
        rests_on |= {each.workflow for each in dues}
        return Shown(view, frozenset(rests_on))


def _is_kept(workflow: Workflow) -> bool:
    return workflow.state is not WorkflowState.RETIRED


def _is_beside(user_id: str, roles: Roles) -> bool:
    return user_id in (roles.backup, roles.steward, roles.technical_owner)


def _looks_after(circle: Circle, user_id: str, workflow: Workflow) -> bool:
    return user_id in circle.admins or workflow.roles.steward == user_id


def _part(rows: Sequence[_Row], start: int, before: int) -> tuple[tuple[_Row, ...], views.Part]:
    """Give those of a part's rows that are on the page; `before` it are so many other rows."""
    first = min(max(0, start - before), len(rows))
    last = min(max(0, start + ROWS - before), len(rows))
    return tuple(rows[first:last]), views.Part(first, last - first, len(rows))


def _owned(
    reading: Reading, workflows: Sequence[Workflow], drilled: frozenset[str], now: datetime
) -> tuple[views.OwnedWorkflow, ...]:
    keys = [each.key for each in workflows]
    grades = reading.overview.last_grades(keys, now)
    coverage = reading.overview.coverage(keys, now - COVERED)
    samples = reading.overview.next_samples(keys)
    breaches = reading.overview.open_breaches(keys)
    nothing = Coverage(0, 0)
    return tuple(
        views.OwnedWorkflow(
            key=each.key,
            state=each.state,
            gate=each.gate.state,
            grade=grades.get(each.key),
            in_time=coverage.get(each.key, nothing).in_time,
            asked=coverage.get(each.key, nothing).asked,
            next_sample=samples.get(each.key),
            open_breaches=breaches.get(each.key, 0),
            is_drill=each.key in drilled,
        )
        for each in workflows
    )


def _troubled(
    reading: Reading, workflows: Sequence[Workflow], drilled: frozenset[str], now: datetime
) -> tuple[views.TroubledWorkflow, ...]:
    """Give those where something is overdue, a breach is open or the gate is not, by key."""
    if not workflows:
        return ()
    keys = [each.key for each in workflows]
    overdue = reading.overview.overdue(keys, now)
    breaches = reading.overview.open_breaches(keys)
    return tuple(
        views.TroubledWorkflow(
            key=each.key,
            gate=each.gate.state,
            overdue=late.count,
            is_drill=each.key in drilled,
            open_breaches=breaches.get(each.key, 0),
            reached=role_reached(late.rung),
            climbs_at=late.climbs_at,
        )
        for each in workflows
        for late in [overdue.get(each.key, Overdue())]
        if each.key in overdue or each.key in breaches or each.gate.state is not GateState.RUN
    )


def _with_forecast(
    reading: Reading, rows: Sequence[views.TroubledWorkflow]
) -> tuple[views.TroubledWorkflow, ...]:
    """Give the same, which are shown, with when what is overdue climbs if somebody goes away."""
    return tuple(
        replace(each, climbs_at=soonest_step(reading, each.key, each.climbs_at)) for each in rows
    )


def _concerned(
    reading: Reading, circle: Circle, workflows: Sequence[Workflow], now: datetime
) -> frozenset[str]:
    """Give everybody who now has anything to do with one of these workflows."""
    found = set(circle.admins) if workflows else set()
    keys = {each.key for each in workflows}
    found |= {each.reviewer for each in reading.shares.with_reviewers() if each.workflow in keys}
    for workflow in workflows:
        found |= set(astuple(workflow.roles))
        for owed in reading.obligations.open_of_workflow(workflow.key):
            found |= people_reached(owed, workflow.roles, circle)
    return frozenset(found | _standing_in(found, reading.absences.in_force(now)))


def _standing_in(people: set[str], absences: Sequence[Absence]) -> set[str]:
    """Give whoever may stand in for these, or for somebody who does."""
    found: set[str] = set()
    waiting = people
    while waiting:
        waiting = {each.delegate for each in absences if each.person in waiting} - found - {""}
        found |= waiting
    return found


# What these say is of no Home; what follows from them has an entry of its own.
_SILENT: Final = frozenset(
    {
        *(Kind.LOG_STARTED, Kind.LOG_RECOVERED, Kind.PERSON_INTRODUCED, Kind.REFUSED),
        *(Kind.DRAFT_SAVED, Kind.SECOND_DRAFT_SAVED, Kind.OUTPUTS_RECEIVED),
        *(Kind.MEASUREMENTS_RECEIVED, Kind.TOKEN_CREATED, Kind.TOKEN_REVOKED),
        *(Kind.MESSAGE_FAILED, Kind.EXPORT_MADE, Kind.OPENING_ERASED),
    }
)


def _changes_a_home(entry: Entry) -> bool:
    if entry.kind is Kind.MESSAGE_SHOWN:
        return entry.facts.get("due_at") is not None  # what was asked late is due later
    return entry.kind not in _SILENT


def _workflow_of(entry: Entry) -> str:
    """Give the key of the workflow that an entry is about; an empty string if it is of none."""
    if named := entry.facts.get("workflow"):
        return str(named)
    noun, _, rest = entry.on.partition("/")
    parts = rest.split("/")
    match noun:
        case "obligation":
            return parts[1] if len(parts) > 1 else ""
        case "person" | "absence" | "workspace" | "message":
            return ""
        case _:
            return parts[0]
