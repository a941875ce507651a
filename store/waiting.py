"""Which messages of the outbox may go now, and which may wait for their person."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.messages import Message, MessageKind, Place, Sending
from store import tables


def is_claimable(sparing: Collection[str], resting: Collection[str]) -> ColumnElement[bool]:
    """Give the condition for what may go of all that waits: nothing goes before what it follows.

    `sparing` are people for whom some of it may wait, `resting` those who get none of it now.
    """
    earlier = tables.outbox.alias("earlier")
    under_way = earlier.c.state.in_((Sending.SENDING, Sending.UNKNOWN))
    blocked = exists().where(
        earlier.c.workspace == tables.outbox.c.workspace,
        earlier.c.id != tables.outbox.c.id,
        or_(
            and_(earlier.c.case == tables.outbox.c.case, under_way),
            and_(
                earlier.c.case == tables.outbox.c.thread,
                or_(under_way, earlier.c.state == Sending.READY),
                ~exists()
                .where(
                    tables.message.c.workspace == tables.outbox.c.workspace,
                    tables.message.c.case == tables.outbox.c.thread,
                )
                # Two levels down: left to itself it would look at any row of the outbox.
                .correlate(tables.outbox),
            ),
        ),
    )
    to, is_answer = tables.outbox.c.to, tables.outbox.c.place == Place.ANSWER
    return and_(
        tables.outbox.c.available_at <= database_now(),
        ~blocked,
        *([or_(is_answer, to.not_in(resting))] if resting else []),
        *([~and_(to.in_(sparing), may_wait_for_person())] if sparing else []),
    )


def may_wait_for_person() -> ColumnElement[bool]:
    """Give the condition for what would disturb one person and is nothing critical.

    An update disturbs nobody, an export was asked for, and what may have been sent already is
    not begun anew.
    """
    outbox = tables.outbox.c
    return and_(
        outbox.place == Place.PERSON,
        outbox.kind != MessageKind.EXPORT,
        outbox.state == Sending.READY,
        ~exists().where(
            tables.message.c.workspace == outbox.workspace,
            tables.message.c.case == outbox.case,
        ),
        ~_hangs_on_critical(outbox, outbox.workspace),
    )


def is_critical(workspace: str, message: Message) -> Select[tuple[bool]]:
    """Give the query whether a message hangs on something critical."""
    return select(_hangs_on_critical(message, workspace))


def _hangs_on_critical(
    message: Any,  # noqa: ANN401 -- a message, or the columns of one
    workspace: str | ColumnElement[str],
) -> ColumnElement[bool]:
    obligation, breach = tables.obligation.c, tables.breach.c
    return or_(
        exists().where(
            obligation.workspace == workspace,
            obligation.id == message.obligation,
            obligation.is_critical,
        ),
        exists().where(
            message.kind == MessageKind.BREACH_CARD,
            breach.workspace == workspace,
            breach.workflow == message.workflow,
            breach.number == message.subject,
            breach.is_critical,
        ),
    )


def database_now() -> ColumnElement[int]:
    """Give the seconds of the clock that every process of a database shares."""
    return _DatabaseNow()


class _DatabaseNow(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True


@compiles(_DatabaseNow, "sqlite")
def _of_sqlite(*_: object, **__: object) -> str:
    return "CAST(strftime('%s', 'now') AS INTEGER)"


@compiles(_DatabaseNow, "postgresql")
def _of_postgres(*_: object, **__: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)"
