"""Where messages stand in Slack, so that they are brought up to date and not posted again."""

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, delete, func, insert, or_, select, union, update

from bot.domain.messages import (
    OF_ONE_ENTRY,
    WITH_FILES,
    Message,
    MessageKind,
    Place,
    Sending,
    Shown,
)
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_BESIDE: Final = rows_by(tables.message, "to", "ts", "channel").where(
    tables.message.c.case != bindparam("not_case")
)


class Standing(Rows):
    def shown(self, case: str) -> Shown | None:
        row = self._connection.execute(
            rows_by(tables.message, "case"), by(self._workspace, case=case)
        ).one_or_none()
        return None if row is None else Shown(row.channel, row.ts)

    def has_shown(self, obligation: str) -> bool:
        """Tell whether any message that asks for this obligation stands in Slack."""
        shown = select(tables.message.c.case).where(
            within(tables.message, self._workspace, obligation=obligation)
        )
        return self._connection.execute(shown.limit(1)).first() is not None

    def was_shown(self, obligation: str, *, but: int) -> bool:
        """Tell whether any message that asked for this was shown, though none may stand any more.

        `but` is the row of the outbox that is shown just now.
        """
        sent = select(tables.outbox.c.id).where(
            within(tables.outbox, self._workspace, obligation=obligation, state=Sending.SENT),
            tables.outbox.c.id != but,
        )
        return self._connection.execute(sent.limit(1)).first() is not None

    def people_shown(self, kind: MessageKind, obligations: Collection[str]) -> frozenset[str]:
        """Give with whom a message of this kind stands that asks them for one of these."""
        message = tables.message.c
        mine = within(tables.message, self._workspace, kind=kind, place=Place.PERSON)
        found = select(message.to).where(
            mine, message.obligation.in_(obligations), message.sentence == ""
        )
        return frozenset(self._connection.scalars(found))

    def beside(self, shown: Shown, message: Message) -> tuple[Message, ...]:
        """Give what stands in the same post as a message."""
        at = by(self._workspace, to=message.to, ts=shown.ts, channel=shown.channel)
        rows = self._connection.execute(_BESIDE, {**at, "not_case": message.case})
        return tuple(message_of(row) for row in rows)

    def asks(self, message: Message) -> bool:
        """Tell whether a message stands in Slack and asks for what it is about."""
        found = self._connection.execute(
            rows_by(tables.message, "case", "obligation"),
            by(self._workspace, case=message.case, obligation=message.obligation),
        )
        return found.first() is not None

    def note_shown(self, message: Message, shown: Shown) -> None:
        """Remember where a message stands, so that it is updated and not posted again."""
        facts = {**asdict(message), "channel": shown.channel, "ts": shown.ts}
        noted = self._connection.execute(
            update(tables.message)
            .where(within(tables.message, self._workspace, case=message.case))
            .values(**facts)
        )
        if noted.rowcount == 0:
            self._connection.execute(
                insert(tables.message).values(workspace=self._workspace, case=message.case, **facts)
            )

    def note_posted(self, message: Message, shown: Shown) -> None:
        """Remember where a message stands that nobody has recorded as shown yet.

        It asks for nothing before that is on record: its time would be taken to have begun.
        """
        if self.shown(message.case) is None:
            self.note_shown(replace(message, obligation=""), shown)

    def not_arrived(self, workflow: str, channel: str) -> tuple[Message, ...]:
        """Give what was last tried in vain, whatever has arrived since.

        Of what is kept up to date that is each message to this channel, one that stands there and
        is not up to date as well. Of what speaks of its own entry it is the newest of its kind, to
        whatever channel: the one before it is over.
        """
        row = tables.outbox.c
        is_of_one_entry = row.kind.in_(OF_ONE_ENTRY)
        last = (
            select(func.max(row.id))
            .where(
                within(tables.outbox, self._workspace, workflow=workflow, place=Place.CHANNEL),
                row.state.in_((Sending.SENT, Sending.FAILED)),
                row.kind.not_in(WITH_FILES),
                or_(row.to == channel, is_of_one_entry),
            )
            .group_by(case((is_of_one_entry, row.kind), else_=row.case))
        )
        rows = self._connection.execute(
            select(tables.outbox)
            .where(row.id.in_(last), row.state == Sending.FAILED)
            .order_by(row.id)
        )
        return tuple(message_of(each) for each in rows)

    def has_failed(self, case: str) -> bool:
        """Tell whether this could not be shown at some time, wherever it stands by now."""
        failed = within(tables.outbox, self._workspace, case=case, state=Sending.FAILED)
        found = select(tables.outbox.c.id).where(failed)
        return self._connection.execute(found.limit(1)).first() is not None

    def has_nowhere(self, cases: Collection[str]) -> bool:
        """Tell whether one of these neither stands in Slack nor is on its way there."""
        waiting, standing = tables.outbox, tables.message
        there = select(standing.c.case).where(
            within(standing, self._workspace), standing.c.case.in_(cases)
        )
        on_its_way = select(waiting.c.case).where(
            within(waiting, self._workspace),
            waiting.c.case.in_(cases),
            waiting.c.state.not_in((Sending.SENT, Sending.FAILED)),
        )
        return not {*cases} <= {*self._connection.scalars(union(there, on_its_way))}

    def copies(self, workflow: str) -> tuple[Message, ...]:
        """Give what stands with people, or is on its way to them, in the place of a channel."""
        waiting, standing = tables.outbox, tables.message
        on_its_way = waiting.c.state.not_in((Sending.SENT, Sending.FAILED))
        rows = [
            row
            for table, more in ((standing, []), (waiting, [on_its_way]))
            for row in self._connection.execute(
                select(table).where(
                    within(table, self._workspace, workflow=workflow, place=Place.PERSON),
                    table.c.sentence != "",
                    *more,
                )
            )
        ]
        return tuple({row.case: message_of(row) for row in rows}.values())

    def telling_of(self, kind: MessageKind, entries: Collection[int]) -> tuple[Message, ...]:
        """Give the messages of a kind that speak of one of these entries and stand with somebody.

        One that may stand there in a moment is among them.
        """
        waiting, standing = tables.outbox, tables.message
        under_way = waiting.c.state.in_((Sending.SENDING, Sending.UNKNOWN))
        rows = [
            row
            for table, more in ((standing, []), (waiting, [under_way]))
            for row in self._connection.execute(
                select(table).where(
                    within(table, self._workspace, kind=kind), table.c.entry.in_(entries), *more
                )
            )
        ]
        return tuple({row.case: message_of(row) for row in rows}.values())

    def last_sent(self, case: str) -> int | None:
        """Give the row of the outbox that a case was sent by last; None if that is cleared away."""
        row = tables.outbox.c
        of_case = within(tables.outbox, self._workspace, case=case, state=Sending.SENT)
        found: int | None = self._connection.scalar(select(func.max(row.id)).where(of_case))
        return found

    def addressees_of(self, kind: MessageKind, entries: Collection[int]) -> frozenset[str]:
        """Give to whom messages of a kind about these entries went, go, or could not be sent."""
        tables_of_both = tables.outbox, tables.message
        asked = (
            select(each.c.to).where(
                within(each, self._workspace, kind=kind), each.c.entry.in_(entries)
            )
            for each in tables_of_both
        )
        return frozenset(row.to for query in asked for row in self._connection.execute(query))

    def reminders_in(self, workflow: str, channel: str) -> tuple[Message, ...]:
        """Give the reminders of a workflow that stand in a channel, or wait to be posted there."""
        waiting, standing = tables.outbox, tables.message
        found = {
            row.case: message_of(row)
            for table, more in ((waiting, [waiting.c.state == Sending.READY]), (standing, []))
            for row in self._connection.execute(
                select(table).where(
                    within(table, self._workspace, workflow=workflow, place=Place.CHANNEL),
                    table.c.to == channel,
                    table.c.kind == MessageKind.REMINDER,
                    *more,
                )
            )
        }
        return tuple(found.values())

    def stand_instead(self, case: str, message: Message) -> bool:
        """Keep a post up as this message from now on; tell whether there is one."""
        shown = self.shown(case)
        self.forget_shown(case)
        if shown:
            self.note_shown(message, shown)
        return shown is not None

    def forget_shown(self, case: str) -> None:
        self._connection.execute(
            delete(tables.message).where(within(tables.message, self._workspace, case=case))
        )


def message_of(row: Row[Any]) -> Message:
    """Give the message that a row of the outbox, or of what stands in Slack, is about."""
    return Message(
        kind=MessageKind(row.kind),
        place=Place(row.place),
        to=row.to,
        entry=row.entry,
        workflow=row.workflow,
        subject=row.subject,
        obligation=row.obligation,
        thread=row.thread,
        sentence=row.sentence,
        takes=row.takes,
    )
