"""What many workflows come to at once: one query for each question, however many there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)

from bot.domain.breaches import BreachState
from bot.domain.messages import MessageKind, Place, Sending
from bot.domain.obligations import NOT_CLIMBED, ObligationKind, ObligationState
from bot.domain.record import Entry, Kind, entry_of
from bot.domain.rounds import Grade, Look, RoundState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_OF_SAME_ROUND: Final = and_(
    tables.obligation.c.workspace == tables.round_.c.workspace,
    tables.obligation.c.workflow == tables.round_.c.workflow,
    tables.obligation.c.subject == tables.round_.c.number,
    tables.obligation.c.kind == ObligationKind.REVIEW,
)

_OPEN_REVIEWS: Final = {"state": ObligationState.OPEN, "kind": ObligationKind.REVIEW}
_SEEN_OF_REVIEWS: Final = (
    rows_by(tables.obligation, *_OPEN_REVIEWS)
    .with_only_columns(tables.obligation.c.id, tables.entry.c.body)
    .join(
        tables.entry,
        and_(
            tables.entry.c.workspace == tables.obligation.c.workspace,
            tables.entry.c.subject
            == literal("round/")
            .concat(tables.obligation.c.workflow)
            .concat("/")
            .concat(cast(tables.obligation.c.subject, Text)),
        ),
    )
    .where(tables.entry.c.kind == Kind.OUTPUTS_SEEN)
)
_LOOKED_AT_AGAIN: Final = (
    rows_by(tables.obligation, *_OPEN_REVIEWS)
    .with_only_columns(tables.obligation.c.id)
    .where(
        exists().where(
            tables.drawn.c.workspace == tables.obligation.c.workspace,
            tables.drawn.c.workflow == tables.obligation.c.workflow,
            tables.drawn.c.round == tables.obligation.c.subject,
            tables.drawn.c.look == Look.SECOND,
            tables.drawn.c.by == bindparam("person"),
            tables.drawn.c.is_verdict,
        )
    )
)

_KEYS: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_ROUNDS: Final = rows_by(tables.round_, "state").where(tables.round_.c.workflow.in_(_KEYS))
_PERIOD_ENDS: Final = _ROUNDS.with_only_columns(
    tables.round_.c.workflow, tables.round_.c.period_end
)
_IS_IN_TIME: Final = and_(
    tables.obligation.c.state == ObligationState.ANSWERED,
    tables.round_.c.closed_at <= tables.obligation.c.due_at,
)
_COVERAGE: Final = (
    _ROUNDS.with_only_columns(
        tables.round_.c.workflow,
        func.count().label("asked"),
        func.sum(case((_IS_IN_TIME, 1), else_=0)).label("in_time"),
    )
    .join(tables.obligation, _OF_SAME_ROUND)
    .where(tables.round_.c.closed_at > bindparam("since"))
    .group_by(tables.round_.c.workflow)
)
_NEWEST: Final = (
    _ROUNDS.with_only_columns(
        tables.round_.c.workflow, func.max(tables.round_.c.number).label("number")
    )
    .where(tables.round_.c.closed_at <= bindparam("until"))
    .group_by(tables.round_.c.workflow)
    .subquery()
)
_GRADES: Final = (
    rows_by(tables.round_, "state")
    .with_only_columns(tables.round_.c.workflow, tables.round_.c.grade)
    .join(
        _NEWEST,
        and_(
            tables.round_.c.workflow == _NEWEST.c.workflow,
            tables.round_.c.number == _NEWEST.c.number,
        ),
    )
)
_OPEN_BREACHES: Final = (
    rows_by(tables.breach)
    .with_only_columns(tables.breach.c.workflow, func.count().label("open"))
    .where(tables.breach.c.workflow.in_(_KEYS), tables.breach.c.state != BreachState.CLOSED)
    .group_by(tables.breach.c.workflow)
)
_OVERDUE: Final = (
    rows_by(tables.obligation, "state")
    .with_only_columns(
        tables.obligation.c.workflow,
        func.count().label("overdue"),
        func.max(tables.obligation.c.rung).label("rung"),
        func.min(tables.obligation.c.climbs_at).label("climbs_at"),
    )
    .where(tables.obligation.c.workflow.in_(_KEYS), tables.obligation.c.due_at <= bindparam("now"))
    .group_by(tables.obligation.c.workflow)
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How much is owed for a workflow that was due by now.

    `rung` is how far silence about any of it has climbed, `climbs_at` when any of it climbs next.
    """

    count: int = 0
    rung: int = NOT_CLIMBED
    climbs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the rounds somebody had to answer, how many were answered by the time they were due."""

    in_time: int
    asked: int


class Overview(Rows):
    """Answers for the workflows named; one of which there is nothing to say is left out."""

    def next_samples(self, keys: Collection[str]) -> Mapping[str, datetime]:
        """Give when the open round of each ends, and its sample is drawn."""
        rows = self._connection.execute(
            _PERIOD_ENDS, {**by(self._workspace, state=RoundState.OPEN), "keys": list(keys)}
        )
        return {row.workflow: row.period_end for row in rows}

    def coverage(self, keys: Collection[str], since: datetime) -> Mapping[str, Coverage]:
        """Give how the rounds closed since then were answered; one without outputs asks nobody."""
        closed = by(self._workspace, state=RoundState.CLOSED)
        rows = self._connection.execute(_COVERAGE, {**closed, "keys": list(keys), "since": since})
        return {row.workflow: Coverage(row.in_time, row.asked) for row in rows}

    def last_grades(self, keys: Collection[str], until: datetime) -> Mapping[str, Grade]:
        """Give how the newest round of each was graded that was closed by then."""
        closed = by(self._workspace, state=RoundState.CLOSED)
        rows = self._connection.execute(_GRADES, {**closed, "keys": list(keys), "until": until})
        return {row.workflow: Grade(row.grade) for row in rows}

    def open_breaches(self, keys: Collection[str]) -> Mapping[str, int]:
        """Give how many breaches of each nobody has closed yet."""
        rows = self._connection.execute(_OPEN_BREACHES, {**by(self._workspace), "keys": list(keys)})
        return {row.workflow: row.open for row in rows}

    def overdue(self, keys: Collection[str], now: datetime) -> Mapping[str, Overdue]:
        """Give how much is owed that was due by now, for each for which anything is."""
        owed = by(self._workspace, state=ObligationState.OPEN)
        rows = self._connection.execute(_OVERDUE, {**owed, "keys": list(keys), "now": now})
        return {row.workflow: Overdue(row.overdue, row.rung, row.climbs_at) for row in rows}

    def failing_channels(self) -> dict[str, str]:
        """Give the error of each workflow whose last message to its channel could not be sent."""
        last = (
            select(func.max(tables.outbox.c.id))
            .where(
                within(tables.outbox, self._workspace, place=Place.CHANNEL),
                tables.outbox.c.kind != MessageKind.NOTICE,  # said where nothing is watched now
                tables.outbox.c.state.in_((Sending.SENT, Sending.FAILED)),
            )
            .group_by(tables.outbox.c.workflow)
        )
        rows = self._connection.execute(
            select(tables.outbox.c.workflow, tables.outbox.c.error).where(
                tables.outbox.c.id.in_(last), tables.outbox.c.state == Sending.FAILED
            )
        )
        return {row.workflow: row.error for row in rows}

    def reviews_barred_to(self, user_id: str) -> frozenset[str]:
        """Give the open reviews, by id, of whose rounds this person has given the second look."""
        rows = self._connection.execute(
            _LOOKED_AT_AGAIN, {**by(self._workspace, **_OPEN_REVIEWS), "person": user_id}
        )
        return frozenset(row.id for row in rows)

    def seen_of_open_reviews(self) -> Mapping[str, tuple[Entry, ...]]:
        """Give the entries by which somebody was shown what rounds say, by the open review's id."""
        rows = self._connection.execute(_SEEN_OF_REVIEWS, by(self._workspace, **_OPEN_REVIEWS))
        found: dict[str, tuple[Entry, ...]] = {}
        for row in rows:
            found[row.id] = (*found.get(row.id, ()), entry_of(row.body))
        return found

    def entries_from(self, seq: int) -> tuple[Entry, ...]:
        """Give the entries of the record from this number on."""
        rows = self._connection.execute(
            select(tables.entry.c.body)
            .where(within(tables.entry, self._workspace), tables.entry.c.seq >= seq)
            .order_by(tables.entry.c.seq)
        )
        return tuple(entry_of(row.body) for row in rows)
