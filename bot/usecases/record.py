"""The record as people ask for it: started once, exported, checked from outside."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.registry import roles_of
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.workflows import workspace_roles
from store.reading import Reading
from store.record import Stored
from store.unit_of_work import Work, timestamp


class Taken(StrEnum):
    """What leaves the bot's reach: the record, or what people corrected of a workflow's outputs."""

    RECORD = "record"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the record somebody wants: all of it if nothing is named. Times are UTC."""

    workflow: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_all(self) -> bool:
        return not (self.workflow or self.since or self.until)


def start_log(deps: Deps) -> None:
    """Make the workspace's log if there is none; its first entry says which clock it goes by."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if work.is_new:
            clock = deps.store.clock.kind
            work.record(Kind.LOG_STARTED, f"workspace/{deps.workspace}", {"clock": clock})


def log_name(deps: Deps) -> str:
    """Give the name under which the workspace's log is signed."""
    with deps.store.read(deps.workspace) as reading:
        return reading.log.entry(0).log


def settle_refusals(deps: Deps) -> None:
    """Record how often refusals were repeated within their minute, once it has passed."""
    with deps.store.read(deps.workspace) as reading:
        is_any = reading.refusals.has_any_to_settle(deps.store.clock.now())
    if is_any:
        with deps.store.begin(deps.workspace, SYSTEM) as work:
            work.settle_refusals()


def request_export(deps: Deps, actor: Actor) -> Proof:
    """Have the whole record sent to an auditor's DM; the request itself is an entry."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        role = authorise(
            Act.EXPORT,
            actor,
            workspace_roles(work, actor, deps.circle),
            on=f"workspace/{deps.workspace}",
        )
        seq = _record_export(work, Wanted(), role, "slack")
        work.outbox.put(Message(MessageKind.EXPORT, Place.PERSON, actor.user_id, seq))
    return work.receipt


def record_export(deps: Deps, actor: Actor, wanted: Wanted, taken: Taken = Taken.RECORD) -> Proof:
    """Put on record that somebody takes the record out, or the corrections, before they do."""
    with deps.store.begin(deps.workspace, actor) as work:
        if wanted.workflow:
            work.workflows.get(wanted.workflow)
        role = authorise(Act.EXPORT, actor, roles_of(actor, deps.circle))
        _record_export(work, wanted, role, "console", taken)
    return work.receipt


@contextmanager
def read_record(deps: Deps, wanted: Wanted) -> Iterator[views.RecordView]:
    """Give the record as it stands, or the part wanted, with what proves it.

    Openings and populations stream from the database: read them within the block, once.
    """
    with deps.store.read(deps.workspace) as reading:
        last = reading.log.last_checkpoint()
        stored = list(reading.log.entries())
        chosen = [each for each in stored if _is_wanted(each, wanted)]
        yield views.RecordView(
            origin=stored[0].entry.log,
            size=len(stored),
            is_filtered=not wanted.is_all,
            entries=tuple((each.entry, each.body) for each in chosen),
            leaves=tuple(each.leaf for each in stored),
            openings=_openings(reading, {each.entry.seq for each in chosen}),
            populations=_populations(reading, wanted),
            note=last.note,
        )


# The first entry says by which clock the log goes; these what is missing, and why.
_ALWAYS_WANTED: Final = frozenset({Kind.OPENING_ERASED, Kind.LOG_RECOVERED})


def _is_wanted(stored: Stored, wanted: Wanted) -> bool:
    if stored.entry.seq == 0 or stored.entry.kind in _ALWAYS_WANTED:
        return True
    if wanted.workflow and stored.entry.facts.get("workflow") != wanted.workflow:
        return False
    if wanted.since and stored.at < wanted.since:
        return False
    return not (wanted.until and stored.at >= wanted.until)


def _openings(reading: Reading, chosen: AbstractSet[int]) -> Iterator[views.OpeningLine]:
    for opening in reading.log.openings():
        if opening.seq in chosen:
            yield views.OpeningLine(opening.seq, opening.field, opening.salt, opening.value)


def _populations(reading: Reading, wanted: Wanted) -> Iterator[views.PopulationLine]:
    for round_ in reading.rounds.drawn_rounds():
        if wanted.workflow in {"", round_.workflow}:
            by_band = reading.workflows.policy(round_.workflow, round_.policy).is_by_band
            of_round = reading.outputs.population(round_.workflow, round_.number, by_band=by_band)
            outputs = tuple(of_round)
            yield views.PopulationLine(round_.workflow, round_.number, outputs)


def _record_export(
    work: Work, wanted: Wanted, role: Role, way: str, taken: Taken = Taken.RECORD
) -> int:
    return work.record(
        Kind.EXPORT_MADE,
        f"workspace/{work.workspace}",
        {
            "what": taken,
            "way": way,
            "workflow": wanted.workflow or None,
            "since": timestamp(wanted.since) if wanted.since else None,
            "until": timestamp(wanted.until) if wanted.until else None,
        },
        role=role,
    )
