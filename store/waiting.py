"""Which messages of the outbox may go now, and which may wait for their person."""

from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.messages import MessageKind, Place, Sending
from store import tables

_UNDER_WAY: Final = (Sending.SENDING, Sending.UNKNOWN)
_HANGS_BY: Final = ("workspace", "obligation", "kind", "workflow", "subject")


def is_claimable(*, spares: bool, rests: bool) -> ColumnElement[bool]:
    """Give the condition for what may go of all that waits: nothing goes before what it follows.

    Its parameters are `sparing`, people for whom some of it may wait, if it spares anybody, and
    `resting`, those who get none of it now, if anybody rests.
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
        *([or_(is_answer, to.not_in(_many("resting")))] if rests else []),
        *([~and_(to.in_(_many("sparing")), may_wait_for_person())] if spares else []),
    )


def _many(name: str) -> BindParameter[str]:
    return bindparam(name, expanding=True)


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


def hangs_on_critical() -> Select[tuple[bool]]:
    """Give the query whether a message hangs on something critical: the message's are the values.

    They are its obligation, kind, workflow and subject, by these names, and its workspace.
    """
    named = {name: bindparam(name, type_=tables.message.c[name].type) for name in _HANGS_BY}
    return select(_hangs_on_critical(SimpleNamespace(**named), named["workspace"]))


def _hangs_on_critical(
    message: Any,  # noqa: ANN401 -- the columns of a message, or what stands for them
    workspace: ColumnElement[str],
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
