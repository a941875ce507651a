"""SQLite: one file, and BEGIN IMMEDIATE as the writer's seat between processes."""

import errno
import fcntl
import os
import re
import shutil
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.refusals import Unwritable

# What is erased is overwritten in the file, not only marked as free; some builds do so anyway.
PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
# The extended names begin with these: SQLITE_IOERR_FSYNC.
_TAKES_NOTHING: Final = ("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
# It has no name for this among its errors.
_LACKING: Final = re.compile(r"^no such (table|column):|has no column named")
_LEAST_ROOM: Final = 32 * 2**20  # bytes: some ten thousand entries
_NO_ROOM: Final = 2**18  # bytes: what one act may need in the file and beside it
OWNER_ALONE: Final = 0o600
OTHERS: Final = 0o077
_NO_FILE: Final = 0, 0
_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EACCES})
_MOST_NOTED: Final = 60  # bytes: two numbers
PUT_BACK: Final = (
    "put the right file back, with nothing of another beside it (-wal, -shm), and start it again"
)


def engine_of(url: URL, patience: float) -> Engine:
    """Give the engine on a file, whose writers wait so many seconds for another program's.

    One of them waits less if its connection has the option `patience`.
    """
    # Outputs, reasons and names are parameters: no error message and no log shows them.
    # A transaction is ended by whoever began it: there is nothing to roll back in the pool.
    # Whoever writes takes the connection that wrote last: what it has read of the file is still so,
    # while any other has to read it anew.
    engine = create_engine(
        url,
        connect_args={"timeout": patience},
        execution_options={"patience": patience},
        hide_parameters=True,
        pool_reset_on_return=None,
        **({"pool_use_lifo": True} if _is_file(url) else {}),
    )
    event.listen(engine, "connect", _prepare)
    path = file_or_none(engine)
    if path:
        _hold_to(engine, path)
    event.listen(engine, "begin", _begin)
    return engine


def file_or_none(engine: Engine) -> Path | None:
    """Give the file that the database is, there or not; None if it is no plain file."""
    is_file = engine.dialect.name == "sqlite" and _is_file(engine.url)
    return Path(str(engine.url.database)).absolute() if is_file else None


def never_flush(engine: Engine) -> None:
    """Have nothing wait for the disk: of a file that nobody needs once this process is gone."""
    event.listen(engine, "connect", _never_flush)


def make_file(engine: Engine) -> bool:
    """Make the database's file for its owner alone, and tell whether it was not there before.

    SQLite gives what it keeps beside the file the file's own mode. Raises OSError.
    """
    path = file_or_none(engine)
    if path is None or path.exists():
        return False
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE))
    return True


def is_open_to_others(engine: Engine) -> bool:
    """Tell whether others on this machine can get at the file: outputs and reasons are in it."""
    path = file_or_none(engine)
    return bool(path and path.exists() and path.stat().st_mode & OTHERS)


def is_nearly_full(engine: Engine) -> bool:
    """Tell whether the disk has hardly room for what is recorded in the next days."""
    return _has_less_than(engine, _LEAST_ROOM)


def is_full(engine: Engine) -> bool:
    """Tell whether the disk has no room for what is recorded next."""
    return _has_less_than(engine, _NO_ROOM)


def _has_less_than(engine: Engine, room: int) -> bool:
    path = file_or_none(engine)
    return bool(path and shutil.disk_usage(path.parent).free < room)


def takes_nothing(cause: BaseException | None) -> bool:
    """Tell whether the file cannot be written to: read-only, on a full disk, or on a broken one."""
    return getattr(cause, "sqlite_errorname", "").startswith(_TAKES_NOTHING)


def lacks_ours(cause: BaseException | None) -> bool:
    """Tell whether a table or a column that was asked for is not there."""
    return isinstance(cause, sqlite3.OperationalError) and bool(_LACKING.search(str(cause)))


def give_up(connection: Connection) -> None:
    """Undo what a connection has done, and have nobody use it again.

    Undone first: one that is closed keeps the seat for as long as anything is half read on it.
    """
    try:
        connection.rollback()
    finally:
        connection.invalidate()


def scrub(connection: Connection) -> None:
    """Empty the database's journal, so that nothing erased lies on in it.

    Somebody who is reading just then keeps some of it until the journal is next emptied.
    """
    connection.rollback()
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def lock_beside(path: Path) -> Path:
    """Give the file by which whoever serves a database holds it."""
    return path.with_name(f"{path.name}.lock")


def take_lock(descriptor: int, path: Path) -> bool:
    """Hold the database for this process, and tell whether nobody else has it.

    Noted beside it is who has it, and which file that is: others tell by it what is there later.
    """
    if _is_held(descriptor, fcntl.LOCK_EX):
        return False
    _note_in(descriptor, _identity(path))
    return True


def holder_in(descriptor: int) -> str:
    """Give the process that holds a lock, an empty string if that is not told."""
    return _noted_in(descriptor)[0]


def deserted_by_or_none(path: Path) -> str | None:
    """Give the process that serves this place and does not answer by the file that is there now."""
    try:
        descriptor = os.open(lock_beside(path.resolve()), os.O_RDONLY)
    except OSError:
        return None
    try:
        process, file = _noted_in(descriptor)
        if file in ("", str(_identity(path)[1])) or not _is_held(descriptor, fcntl.LOCK_SH):
            return None
        return process
    finally:
        os.close(descriptor)


def _note_in(descriptor: int, file: tuple[int, int]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {file[1]}\n".encode(), 0)


def _noted_in(descriptor: int) -> tuple[str, str]:
    noted = os.pread(descriptor, _MOST_NOTED, 0).decode(errors="replace").split()
    process, file = (*(each for each in noted if each.isdigit()), "", "")[:2]
    return process, file


def _is_held(descriptor: int, way: int) -> bool:
    """Tell whether another one has this lock; where the file system has none, nobody has."""
    try:
        fcntl.flock(descriptor, way | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _HELD
    return False


def _is_file(url: URL) -> bool:
    return bool(url.database) and not str(url.database).startswith((":", "file:"))


def _hold_to(engine: Engine, path: Path) -> None:
    """Have nothing done in a file that is no longer the one by its name, or in two at once.

    What is written into a file that was moved, deleted or replaced is lost with this process, and
    a connection opened after that would write into another. Where another was in its place, others
    may have written beside it, and only a new start takes it again. It costs a look at the inode.
    """
    opened: list[tuple[int, int]] = []
    lost = threading.Event()

    def note(_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if not opened:
            opened.append(_identity(path))

    def require(_connection: Connection) -> None:
        found = _identity(path)
        if found not in (opened[0], _NO_FILE) and not lost.is_set():
            lost.set()
            _disown(path)
        if lost.is_set() or found != opened[0]:
            raise Unwritable(
                f"the database {path} was moved, deleted or replaced while it was in use. Stop "
                f"this bot, {PUT_BACK}"
            )

    event.listen(engine, "connect", note)
    event.listen(engine, "begin", require)


def _disown(path: Path) -> None:
    """Note, if this process serves the place, that it answers by no file there any more.

    So nobody takes the one that comes back for the one that it answers by.
    """
    with suppress(OSError):
        descriptor = os.open(lock_beside(path.resolve()), os.O_RDWR)
        try:
            if holder_in(descriptor) == str(os.getpid()):
                _note_in(descriptor, _NO_FILE)
        finally:
            os.close(descriptor)


def _identity(path: Path) -> tuple[int, int]:
    """Give what tells a file from every other as long as it is open; of none, what no file has."""
    try:
        found = path.stat()
    except OSError:
        return _NO_FILE
    return found.st_dev, found.st_ino


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _never_flush(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")


def _begin(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("seat")
    _wait_at_most(connection, connection.get_execution_options()["patience"])
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _wait_at_most(connection: Connection, patience: float) -> None:
    """Have it wait so many seconds for others: nearly always as long as it was opened to wait."""
    told = connection.info.get("patience", connection.engine.get_execution_options()["patience"])
    if patience != told:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
        connection.info["patience"] = patience
