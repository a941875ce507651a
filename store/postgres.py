"""PostgreSQL: many processes on one database, and an advisory lock as the writer's seat."""

import select
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

POOLED: Final = 4
MORE_AT_A_RUSH: Final = 8
# A machine that dies or is cut off says nothing: after so many seconds its locks are another's.
GIVEN_UP_AFTER: Final = 10
# Sooner than that, whoever has such a lock takes it for lost.
ANSWERED_WITHIN: Final = 5.0
_LOCK_NOT_AVAILABLE: Final = "55P03"
# A standby or a server made read-only, a right taken away, a full disk, a fault of the file system.
_TAKES_NOTHING: Final = ("25006", "42501", "53100", "58")
_NO_TABLE, _NO_COLUMN = "42P01", "42703"
_WATCHED_BY_US: Final = {
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": GIVEN_UP_AFTER * 1000,
}
_WATCHED_BY_THE_SERVER: Final = (
    "-c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 "
    f"-c tcp_user_timeout={GIVEN_UP_AFTER * 1000}"
)
# As psycopg counts them.
_EACH_ITS_VIEW: Final = 2  # read committed
_ONE_VIEW: Final = 3  # repeatable read
# Named after the workspace, not its row: one whose log is yet to be started has none.
_TAKE_SEAT: Final = text(
    "SELECT set_config('idle_in_transaction_session_timeout', :most, true), "
    "set_config('lock_timeout', :patience, true), "
    "pg_advisory_xact_lock(hashtextextended(:seat, 0))"
)
# Asked again by who has it, it says so again.
_TAKE_LOCK: Final = (
    b"SELECT pg_try_advisory_lock(hashtextextended($1, 0)), "
    b"set_config('idle_session_timeout', $2, false)"
)
_MOST_IDLE: Final = f"{GIVEN_UP_AFTER}s"


class Unreached(Exception):  # noqa: N818 -- no fault of ours
    """The server cannot be asked, or does not answer in time; the message says why."""


def engine_of(url: URL, patience: float) -> Engine:
    """Give the engine on a server, whose writers wait so many seconds for other processes'.

    One of them waits less if its connection has the option `patience`.
    A connection that the server has closed meanwhile is replaced before it is used. Raises
    ModuleNotFoundError without psycopg.
    """
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=_arguments(url.normalized_query, patience),
        execution_options={"patience": patience},
        hide_parameters=True,
        use_native_hstore=False,  # we have none, and each connection would ask
        pool_pre_ping=True,
        pool_size=POOLED,
        max_overflow=MORE_AT_A_RUSH,
        pool_timeout=patience,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _conceal)
    return engine


def _arguments(asked: Mapping[str, Sequence[str]], patience: float) -> dict[str, Any]:
    """Give what a connection is opened with, beside what the address itself asks for."""
    ours = {
        "connect_timeout": max(1, int(patience)),
        "application_name": "answerable",
        **_WATCHED_BY_US,
    }
    # What comes last holds: nobody waits longer for the seat than we say.
    last = f"-c lock_timeout={int(patience * 1000)} -c timezone=UTC"
    options = " ".join([_WATCHED_BY_THE_SERVER, *asked.get("options", ()), last])
    return {key: ours[key] for key in ours if key not in asked} | {"options": options}


def is_unreached(cause: BaseException | None) -> bool:
    """Tell whether there was no connection to begin with: then the server has given no code."""
    is_psycopgs = type(cause).__module__.startswith("psycopg")
    return is_psycopgs and getattr(cause, "sqlstate", None) is None


def takes_nothing(cause: BaseException | None) -> bool:
    """Tell whether the server answers and does not let anything be written."""
    return str(getattr(cause, "sqlstate", None)).startswith(_TAKES_NOTHING)


def lacks_ours(cause: BaseException | None) -> bool:
    """Tell whether a table or a column that was asked for is not there."""
    return getattr(cause, "sqlstate", None) in (_NO_TABLE, _NO_COLUMN)


class Session:
    """A connection of its own, and the locks on it, which last as long as it does.

    The server ends it once nothing has been asked for GIVEN_UP_AFTER seconds: whoever holds a
    lock has to ask for it again and again.
    """

    def __init__(self, engine: Engine) -> None:
        """Connect. Raises Unreached."""
        try:
            taken = engine.raw_connection()
        except (DBAPIError, NoConnection, engine.dialect.loaded_dbapi.Error) as error:
            raise _unreached(error) from error
        self._error = engine.dialect.loaded_dbapi.Error
        connection: Any = taken.driver_connection
        taken.detach()  # it never goes back to the pool
        connection.autocommit = True
        self._connection = connection

    def has(self, lock: str) -> bool:
        """Tell whether the lock is ours, and take it if it is nobody's. Raises Unreached."""
        arguments = [lock.encode(), _MOST_IDLE.encode()]
        try:
            self._connection.pgconn.send_query_params(_TAKE_LOCK, arguments)
            return self._answer() == b"t"
        except self._error as error:
            raise _unreached(error) from error

    def close(self) -> None:
        self._connection.close()

    def _answer(self) -> bytes:
        """Give the first value of the answer, and wait no longer than is bearable for it.

        The driver's own `execute` waits for as long as the network keeps silent.
        """
        server, value = self._connection.pgconn, None
        ready = select.poll()
        ready.register(server.socket, select.POLLIN)
        while True:
            while server.is_busy():
                if not ready.poll(ANSWERED_WITHIN * 1000):
                    raise Unreached(f"no answer within {ANSWERED_WITHIN:g} seconds")
                server.consume_input()
            result = server.get_result()
            if result is None:
                break
            value = result.get_value(0, 0)
        if value is None:
            raise Unreached("the database has closed the connection")
        return bytes(value)


def _unreached(error: Exception) -> Unreached:
    return Unreached(" ".join(str(getattr(error, "orig", error)).split()))


def is_waited_for_in_vain(cause: BaseException | None) -> bool:
    """Tell whether another process kept what was waited for."""
    return getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _conceal(context: ExceptionContext) -> None:
    """Take out of an error what the server adds about the row: outputs and names are in it."""
    cause = context.original_exception
    said = getattr(getattr(cause, "diag", None), "message_primary", None)
    if said:
        cause.args = (said,)
        if context.sqlalchemy_exception:
            context.sqlalchemy_exception.args = (f"({type(cause).__name__}) {said}",)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    seat = options.get("seat")
    # Said with BEGIN itself, whatever the server's default is. Of whoever waited for the seat each
    # statement sees what is committed by then, its last holder's too; a reader has one view.
    driver: Any = connection.connection.driver_connection
    driver.isolation_level = _EACH_ITS_VIEW if seat else _ONE_VIEW
    if seat:
        patience = max(1, int(options["patience"] * 1000))  # to the server, 0 is for ever
        asked = {"seat": f"answerable/{seat}", "most": _MOST_IDLE, "patience": f"{patience}ms"}
        connection.execute(_TAKE_SEAT, asked)
