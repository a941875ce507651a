"""Which messages of the outbox may go now, and which may wait for their person."""

from sqlalchemy import BigInteger, ColumnElement, and_, exists, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.messages import MessageKind, Place, Sending
from store import tables


def is_claimable() -> ColumnElement[bool]:
    """Give the condition for what may be sent now: nothing goes before what it follows."""
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
    return and_(
        tables.outbox.c.state.in_((Sending.READY, Sending.UNKNOWN)),
        tables.outbox.c.available_at <= database_now(),
        ~blocked,
    )


def may_wait_for_person() -> ColumnElement[bool]:
    """Give the condition for what would disturb one person and is nothing critical.

    An update disturbs nobody, an export was asked for, and what may have been sent already is
    not begun anew.
    """
    outbox, obligation, breach = tables.outbox.c, tables.obligation.c, tables.breach.c
    return and_(
        outbox.place == Place.PERSON,
        outbox.kind != MessageKind.EXPORT,
        outbox.state == Sending.READY,
        ~exists().where(
            tables.message.c.workspace == outbox.workspace,
            tables.message.c.case == outbox.case,
        ),
        ~exists().where(
            obligation.workspace == outbox.workspace,
            obligation.id == outbox.obligation,
            obligation.is_critical,
        ),
        ~exists().where(
            outbox.kind == MessageKind.BREACH_CARD,
            breach.workspace == outbox.workspace,
            breach.workflow == outbox.workflow,
            breach.number == outbox.subject,
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
