"""PostgreSQL: many processes on one database, and an advisory lock as the writer's seat."""

from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import ExceptionContext

POOLED: Final = 8
MORE_AT_A_RUSH: Final = 24
_LOCK_NOT_AVAILABLE: Final = "55P03"
# Named after the workspace, not its row: one whose log is yet to be started has none.
_TAKE_SEAT: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:seat, 0))")
_ONE_VIEW: Final = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def engine_of(url: URL, patience: float) -> Engine:
    """Give the engine on a server, whose writers wait so many seconds for other processes'.

    A connection that the server has closed meanwhile is replaced before it is used. Raises
    ModuleNotFoundError without psycopg.
    """
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": max(1, int(patience)),
            "options": f"-c lock_timeout={int(patience * 1000)} -c timezone=UTC",
            "application_name": "answerable",
        },
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


def is_unreached(cause: BaseException | None) -> bool:
    """Tell whether there was no connection to begin with: then the server has given no code."""
    is_psycopgs = type(cause).__module__.startswith("psycopg")
    return is_psycopgs and getattr(cause, "sqlstate", None) is None


class Held:
    """A lock that lasts as long as the one connection it was taken on."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 -- the driver's own
        self._connection = connection

    def is_kept(self) -> bool:
        """Tell whether the server still knows of this connection."""
        try:
            self._connection.execute("SELECT 1")
        except self._connection.Error:
            return False
        return True

    def let_go(self) -> None:
        self._connection.close()


def hold_or_none(engine: Engine, name: str) -> Held | None:
    """Take a lock of this name for as long as the process lives, or None if another has it.

    Raises DBAPIError if the server cannot be asked.
    """
    taken = engine.raw_connection()
    connection: Any = taken.driver_connection
    taken.detach()  # it never goes back to the pool
    connection.autocommit = True
    found = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
    if found.fetchone()[0]:
        return Held(connection)
    connection.close()
    return None


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
    seat = connection.get_execution_options().get("seat")
    if seat:
        # Each statement that follows sees what is committed by then, the seat's last holder's.
        connection.execute(_TAKE_SEAT, {"seat": f"answerable/{seat}"})
    else:
        connection.execute(_ONE_VIEW)
