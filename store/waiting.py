"""Which messages of the outbox may go now, and which may wait for their person."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.messages import Message, MessageKind, Place, Sending
from store import tables

_UNDER_WAY: Final = (Sending.SENDING, Sending.UNKNOWN)


def is_claimable(sparing: Collection[str], resting: Collection[str]) -> ColumnElement[bool]:
    """Give the condition for what may go of all that waits: nothing goes before what it follows.

    `sparing` are people for whom some of it may wait, `resting` those who get none of it now.
    """
    outbox, message = tables.outbox.c, tables.message.c
    thread_stands = exists().where(
        message.workspace == outbox.workspace, message.case == outbox.thread
    )
    thread_comes = _is_there_another(outbox.thread, *_UNDER_WAY, Sending.READY)
    to, is_answer = outbox.to, outbox.place == Place.ANSWER
    return and_(
        outbox.available_at <= database_now(),
        ~_is_there_another(outbox.case, *_UNDER_WAY),
        or_(outbox.thread == "", thread_stands, ~thread_comes),
        *([or_(is_answer, to.not_in(resting))] if resting else []),
        *([~and_(to.in_(sparing), may_wait_for_person())] if sparing else []),
    )


def _is_there_another(case: ColumnElement[str], *states: Sending) -> ColumnElement[bool]:
    other = tables.outbox.alias().c
    return exists().where(
        other.workspace == tables.outbox.c.workspace,
        other.case == case,
        other.state.in_(states),
        other.id != tables.outbox.c.id,
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
