"""What is to be said to people, and what stands in Slack already.

`ready → sending (lease) → sent`, or `unknown` when Slack's answer was lost. Leases and waits are
in seconds of the database's own clock, which every process shares and no sandbox moves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    exists,
    insert,
    select,
)

from bot.domain.messages import (
    OF_ONE_ENTRY,
    Message,
    MessageKind,
    Place,
    Posting,
    Sending,
    urgency,
)
from store import tables
from store.scope import by, rows_by, update_by, within
from store.standing import Standing, message_of
from store.waiting import database_now, hangs_on_critical, is_claimable, may_wait_for_person

LEASE: Final = 30
UNKNOWN_WAIT: Final = 60

# Built once: these run with every message.
_RENEW: Final = update_by(tables.outbox, "case", "state").where(
    tables.outbox.c.place != Place.ANSWER
)
_HANGS_ON_CRITICAL: Final = hangs_on_critical()
_ADD: Final = insert(tables.outbox).values(
    state=Sending.READY,
    attempt=0,
    lease=0,
    available_at=database_now(),
    error="",
    put_at=database_now(),
)
_MOVE: Final = update_by(tables.outbox, "id", "lease").where(
    tables.outbox.c.state.not_in((Sending.SENT, Sending.FAILED))
)
_MOVE_AND_WAIT: Final = _MOVE.values(available_at=database_now() + bindparam("wait"))
_MOVE_UNTRIED: Final = _MOVE_AND_WAIT.values(attempt=tables.outbox.c.attempt - 1)
_FORGET_EXPIRED: Final = (
    update_by(tables.outbox, "state")
    .where(tables.outbox.c.available_at <= database_now())
    .values(state=Sending.UNKNOWN, available_at=database_now() + UNKNOWN_WAIT - LEASE)
)
_ON_ITS_WAY: Final = (
    rows_by(tables.outbox, "case")
    .where(tables.outbox.c.state.not_in((Sending.SENT, Sending.FAILED)))
    .order_by(tables.outbox.c.entry.desc())
    .limit(1)
)
# Made up, or about to be, from what was true before: Slack may have it already.
_UNDER_WAY: Final = rows_by(tables.outbox, "obligation").where(
    tables.outbox.c.state.in_((Sending.SENDING, Sending.UNKNOWN))
)
_CAN_WAIT: Final = rows_by(tables.outbox, "id").where(may_wait_for_person())


# What is asked of somebody once more, or told, is the same in these.
_ABOUT: Final = ("kind", "to", "obligation", "subject")

_Left = Mapping[str, Collection[str]]  # those whose messages are not claimed, or not all


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the outbox as a worker holds it."""

    id: int
    lease: int


class Outbox(Standing):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace)
        self.has_news = False

    def put(self, message: Message) -> None:
        """Queue a message; one for the same case that still waits is brought up to date instead.

        It has waited since that one was put.
        """
        self.has_news = True
        waiting = self._connection.execute(
            _RENEW,
            {
                **by(self._workspace, case=message.case, state=Sending.READY),
                "entry": message.entry,
                "obligation": message.obligation,
                **({"sentence": message.sentence} if message.sentence else {}),
            },
        )
        if waiting.rowcount == 0:
            told = {"workspace": self._workspace, **asdict(message)}
            hangs_on_critical = bool(self._connection.scalar(_HANGS_ON_CRITICAL, told))
            added = {
                **told,
                "case": message.case,
                "urgency": urgency(message.kind, is_critical=hangs_on_critical),
            }
            self._connection.execute(_ADD, added)

    def put_in_place(self, message: Message) -> None:
        """Queue what asks somebody once more: what asked before and was never tried is taken back.

        What stands in Slack goes on asking until this stands there. Nothing is queued that a newer
        one has taken the place of already.
        """
        if message.kind in OF_ONE_ENTRY:
            if self._later(tables.outbox, message, tables.outbox.c.state != Sending.FAILED):
                return
            about = {name: getattr(message, name) for name in _ABOUT}
            self.withdraw(**about, attempt=0)
        self.put(message)

    def spend_former(self, message: Message) -> None:
        """Queue an update of what asked somebody for the same before this, which stands now.

        That is all that asked them in another's place, or once more; of a notice of a reviewer what
        told of the same share.
        """
        is_notice = message.kind is MessageKind.REVIEWER_NOTICE
        same = replace(message, kind=message.kind if is_notice else MessageKind.DUTY_REQUEST)
        for former in self._asking(message.obligation):
            is_of_same = all(getattr(former, name) == getattr(same, name) for name in _ABOUT)
            if is_of_same and former.entry < message.entry:
                self.put(former)

    def is_asked_anew(self, message: Message) -> bool:
        """Tell whether what asks or tells somebody once more stands in Slack, by a later entry."""
        return self._later(tables.message, message)

    def is_reminded_since(self, message: Message) -> bool:
        """Tell whether a reminder of the same to the same person stands in Slack, by a later entry.

        What they have only because it could not reach its channel is none.
        """
        reminder = replace(message, kind=MessageKind.REMINDER)
        return self._later(tables.message, reminder, tables.message.c.sentence == "")

    def _later(self, table: Table, message: Message, *which: ColumnElement[bool]) -> bool:
        about = {name: getattr(message, name) for name in _ABOUT}
        later = select(table.c.entry).where(
            within(table, self._workspace, **about), table.c.entry > message.entry, *which
        )
        return self._connection.execute(later.limit(1)).first() is not None

    def refresh(self, obligation: str, entry: int) -> None:
        """Queue an update of every message that asked for an obligation: its buttons are spent."""
        for message in self._asking(obligation):
            kept = message.entry if message.kind in OF_ONE_ENTRY else entry
            self.put(replace(message, entry=kept))

    def show_anew(self, obligation: str) -> None:
        """Queue an update of every message that asked for an obligation, each of its own entry."""
        for message in self._asking(obligation):
            self.put(self._as_put_last(message))

    def show_standing(self, obligation: str, told: Collection[int]) -> None:
        """Queue an update of what says now what silence brings, each of its own entry.

        That is every card, what asks somebody in another's place, or once more, and of reminders
        those that were `told` by one of these entries: an earlier one says it no more.
        """
        for message in self._asking(obligation):
            is_reminder = message.kind is MessageKind.REMINDER
            if not is_reminder or message.entry in told:
                self.put(self._as_put_last(message))

    def show_told(self, kind: MessageKind, obligation: str, subject: int) -> None:
        """Queue an update of every message of a kind about this, each of its own entry."""
        for message in self._asking(obligation):
            if (message.kind, message.subject) == (kind, subject):
                self.put(self._as_put_last(message))

    def refresh_cards(self, obligation: str, entry: int) -> None:
        """Queue an update of what shows how an obligation stands; what tells of an event stays."""
        for message in self._asking(obligation):
            if message.kind not in OF_ONE_ENTRY:
                self.put(replace(message, entry=entry))

    def refresh_told(self, obligation: str, entries: Collection[int]) -> None:
        """Queue an update of every message that told of one of these entries of an obligation.

        What asks somebody in another's place, or once more, says at any time who is asked next.
        """
        for message in self._asking(obligation):
            is_told = message.kind in OF_ONE_ENTRY and message.entry in entries
            if is_told or message.kind is MessageKind.DUTY_REQUEST:
                self.put(message)

    def refresh_for(self, people: Collection[str], obligation: str) -> None:
        """Queue an update of what asked these people for an obligation: it may ask others now."""
        for message in self._asking(obligation):
            if message.to in people:
                self.put(self._as_put_last(message))

    def _as_put_last(self, message: Message) -> Message:
        """Give what is on its way of a message that stands in Slack: its receipt goes not back."""
        found = self._connection.execute(_ON_ITS_WAY, by(self._workspace, case=message.case))
        row = found.first()
        return message if row is None else message_of(row)

    def _asking(self, obligation: str) -> tuple[Message, ...]:
        """Give what asks for an obligation and stands in Slack, or may do so in a moment."""
        of_obligation = by(self._workspace, obligation=obligation)
        standing = self._connection.execute(rows_by(tables.message, "obligation"), of_obligation)
        under_way = self._connection.execute(_UNDER_WAY, of_obligation)
        rows = {row.case: row for row in (*under_way.all(), *standing.all())}
        return tuple(message_of(row) for row in rows.values())

    def claim(
        self,
        only: Place | None = None,
        sparing: Collection[str] = frozenset(),
        resting: Collection[str] = frozenset(),
        most: int = 1,
    ) -> Posting | None:
        """Take the most urgent message that may be sent now, or give None.

        Of reminders to one person that wait, up to `most` are taken together.

        A message waits while an earlier one of its case, or the first of its thread, is under way.
        `only` leaves out what goes to any other place, `sparing` what may wait for these people,
        `resting` what is for these channels or people.
        """
        place = {} if only is None else {"place": only}
        but = {"sparing": sparing, "resting": resting}
        # One state after the other: each is read in the order of its index, up to the first row.
        found = [
            self._first(but, state=state, **place) for state in (Sending.READY, Sending.UNKNOWN)
        ]
        row = min(filter(None, found), key=attrgetter("urgency", "id"), default=None)
        if row is None:
            return None
        posting = self._take(row)
        if most == 1 or posting.shown or not _goes_with_others(row):
            return posting
        others = self._like(row, but, most - 1)
        return replace(posting, with_it=tuple(self._take(each) for each in others))

    def _like(self, first: Row[Any], but: _Left, most: int) -> Sequence[Row[Any]]:
        """Give further reminders to somebody that were never posted, and are as urgent."""
        equals = {
            name: getattr(first, name) for name in ("kind", "place", "to", "urgency", "state")
        }
        is_shown = exists().where(
            tables.message.c.workspace == tables.outbox.c.workspace,
            tables.message.c.case == tables.outbox.c.case,
        )
        found = _claimable(*equals, spares=bool(but["sparing"]), rests=bool(but["resting"]))
        return self._connection.execute(
            found.where(tables.outbox.c.id != first.id, ~is_shown)
            .order_by(tables.outbox.c.id)
            .limit(most),
            {**by(self._workspace, **equals), **but},
        ).all()

    def _take(self, row: Row[Any]) -> Posting:
        may_wait = self._can_wait(row.id)
        self._move(
            Claim(row.id, row.lease),
            _MOVE_AND_WAIT,
            state=Sending.SENDING,
            lease=row.lease + 1,
            attempt=row.attempt + 1,
            wait=LEASE,
        )
        message = message_of(row)
        thread = self.shown(message.thread) if message.thread else None
        shown = self.shown(message.case)
        return Posting(
            id=row.id,
            message=message,
            attempt=row.attempt + 1,
            lease=row.lease + 1,
            shown=shown,
            thread_ts=thread.ts if thread else "",
            may_wait=may_wait,
            beside=self.beside(shown, message) if shown else (),
        )

    def _first(self, but: _Left, **equals: object) -> Row[Any] | None:
        found = _most_urgent(*equals, spares=bool(but["sparing"]), rests=bool(but["resting"]))
        return self._connection.execute(
            found, {**by(self._workspace, **equals), **but}
        ).one_or_none()

    def forget_expired_leases(self) -> None:
        """Turn what a dead worker held into `unknown`: it may or may not have been sent."""
        self._connection.execute(_FORGET_EXPIRED, by(self._workspace, state=Sending.SENDING))

    def sent(self, claim: Claim) -> bool:
        return self._move(claim, state=Sending.SENT)

    def failed(self, claim: Claim, error: str) -> bool:
        return self._move(claim, state=Sending.FAILED, error=error)

    def again(self, claim: Claim, wait: int, error: str, *, was_tried: bool = True) -> bool:
        """Put a message back that was surely not sent, for `wait` seconds.

        Where nothing was the matter with the message itself, that is no attempt.
        """
        move = _MOVE_AND_WAIT if was_tried else _MOVE_UNTRIED
        return self._move(claim, move, state=Sending.READY, wait=wait, error=error)

    def unknown(self, claim: Claim, error: str) -> bool:
        return self._move(
            claim, _MOVE_AND_WAIT, state=Sending.UNKNOWN, wait=UNKNOWN_WAIT, error=error
        )

    def find(self, row_id: int, *states: Sending) -> tuple[Message, Claim] | None:
        """Give a message that is in one of these states, or None."""
        row = self._connection.execute(
            select(tables.outbox).where(
                within(tables.outbox, self._workspace, id=row_id),
                tables.outbox.c.state.in_(states),
            )
        ).one_or_none()
        return None if row is None else (message_of(row), Claim(row.id, row.lease))

    def has_another(self, row_id: int, kind: MessageKind, workflow: str, subject: int) -> bool:
        """Tell whether another message of this kind about the same is still on its way."""
        about = within(
            tables.outbox, self._workspace, kind=kind, workflow=workflow, subject=subject
        )
        outbox = tables.outbox.c
        found = select(outbox.id).where(
            about, outbox.id != row_id, outbox.state.not_in((Sending.SENT, Sending.FAILED))
        )
        return self._connection.execute(found.limit(1)).first() is not None

    def withdraw(self, **about: object) -> None:
        """Take back what is so, of this kind or this case, and still waits to be sent."""
        self._connection.execute(
            delete(tables.outbox).where(
                within(tables.outbox, self._workspace, state=Sending.READY, **about)
            )
        )

    def _can_wait(self, row_id: int) -> bool:
        found = self._connection.execute(_CAN_WAIT, by(self._workspace, id=row_id))
        return found.first() is not None

    def _move(self, claim: Claim, move: Update = _MOVE, **values: object) -> bool:
        """Change a claimed row unless it was claimed again or settled; tell whether it was."""
        moved = self._connection.execute(
            move, {**by(self._workspace, id=claim.id, lease=claim.lease), **values}
        )
        return moved.rowcount == 1


@lru_cache
def _claimable(*columns: str, spares: bool, rests: bool) -> Select[tuple[Any, ...]]:
    return rows_by(tables.outbox, *columns).where(is_claimable(spares=spares, rests=rests))


@lru_cache
def _most_urgent(*columns: str, spares: bool, rests: bool) -> Select[tuple[Any, ...]]:
    found = _claimable(*columns, spares=spares, rests=rests)
    return found.order_by(tables.outbox.c.urgency, tables.outbox.c.id).limit(1)


def _goes_with_others(row: Row[Any]) -> bool:
    is_reminder = row.kind == MessageKind.REMINDER and row.place == Place.PERSON
    return bool(is_reminder and row.state == Sending.READY)
