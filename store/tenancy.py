"""Who serves a database: of SQLite's one process alone, of PostgreSQL's many, led by one.

Every process answers people and pipelines. The one that leads also asks what is due and sends
what is to be said; when it ends, another leads within a second or two. Where nobody is told of its
end, because its machine died, was cut off or stands still, that takes up to twelve seconds; by
then one that was cut off knows that it leads no more.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from time import sleep
from typing import Final

import structlog
from sqlalchemy import Engine

from store import postgres
from store.faults import UnusableDatabase
from store.sqlite import OWNER_ALONE, file_or_none, holder_in, lock_beside, take_lock

log = structlog.get_logger()

LOOK_EVERY: Final = 1.0  # seconds
_TRIES: Final = 5  # to hold a file
_BETWEEN: Final = 0.025  # seconds


class Hold:
    """A file of SQLite's that this process serves alone, by the lock that lies beside it."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises UnusableDatabase if another process has it, OSError."""
        self._path = path
        self._descriptor = _taken(path)
        self._is_lost = False

    def is_kept(self) -> bool:
        """Tell whether no other process serves the file. Who starts knows that by the lock alone.

        One that was deleted or replaced is made again, unless another has come in between.
        """
        if not _is_at(self._descriptor, lock_beside(self._path)):
            try:
                descriptor = _taken(self._path)
            except OSError:  # nothing can be made there: nobody else makes one either
                return True
            except UnusableDatabase as other:
                self._tell_once(str(other))
                return False
            os.close(self._descriptor)
            self._descriptor = descriptor
            log.warning(
                "the lock beside the database was gone and is made again",
                file=str(lock_beside(self._path)),
            )
        self._is_lost = False
        return True

    def close(self) -> None:
        os.close(self._descriptor)

    def _tell_once(self, why: str) -> None:
        if not self._is_lost:
            log.error("nothing that is due is asked here, and nothing sent", reason=why)
        self._is_lost = True


@contextmanager
def held_alone(engine: Engine) -> Iterator[Hold | None]:
    """Hold a file of SQLite's for one server; UnusableDatabase if another one has it.

    The system lets go of it with the process, however that ends: nothing is left to be cleared
    away. Other commands need not hold it: they wait for the writer's seat. On a server it is None.
    """
    path = file_or_none(engine)
    if path is None or not path.parent.is_dir():  # what is wrong is said by whoever opens it
        yield None
        return
    path = path.resolve()  # by whatever name it was given: one file is one database
    try:
        hold = Hold(path)
    except OSError as error:
        raise _unlockable(path, error) from error
    try:
        yield hold
    finally:
        hold.close()


def require_lockable(engine: Engine) -> None:
    """Refuse a file of SQLite's by which a lock lies that no server could take: not to be written.

    Nothing is made or held for it, so it may be asked beside a server.
    """
    path = file_or_none(engine)
    if path is None:
        return
    try:
        os.close(os.open(lock_beside(path.resolve()), os.O_RDWR))
    except FileNotFoundError:  # it is made by whoever serves
        return
    except OSError as error:
        raise _unlockable(path.resolve(), error) from error


def _unlockable(path: Path, error: OSError) -> UnusableDatabase:
    return UnusableDatabase(
        f"cannot write {lock_beside(path)}: {error.strerror}. Run this as the user who runs "
        "`answerable serve`; if none runs, delete that file"
    )


def _is_at(descriptor: int, path: Path) -> bool:
    """Tell whether an open file is still the one by this name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _taken(path: Path) -> int:
    """Give the lock beside a file, open and held. Raises UnusableDatabase if another has it."""
    descriptor = os.open(lock_beside(path), os.O_RDWR | os.O_CREAT, OWNER_ALONE)
    try:
        _take(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@dataclass
class Lead:
    """Whether this process leads in a workspace, asked of the database at most once a second.

    An advisory lock of a session: it is gone with the connection, and so with the process. On
    SQLite it is who has the `hold` on the file. Threads may ask it side by side.
    """

    engine: Engine
    workspace: str
    elapsed: Callable[[], float]
    hold: Hold | None = None
    _session: postgres.Session | None = None
    _leads: bool = False
    _is_silent: bool = False
    _asked_at: float = -inf
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def is_ours(self) -> bool:
        """Tell whether this process leads; on SQLite it does while it holds the file alone."""
        is_file = self.engine.dialect.name == "sqlite"
        with self._one_at_a_time:
            if self.elapsed() - self._asked_at >= LOOK_EVERY:
                self._asked_at = self.elapsed()
                if is_file:
                    self._leads = self.hold is None or self.hold.is_kept()
                else:
                    self._ask()
            return self._leads

    def let_go(self) -> None:
        """Leave the lead to another process at once."""
        with self._one_at_a_time:
            self._close()

    def _ask(self) -> None:
        led = self._leads
        try:
            self._session = self._session or postgres.Session(self.engine)
            self._leads = self._session.has(f"answerable/lead/{self.workspace}")
        except postgres.Unreached as error:
            self._close()
            self._tell_once(str(error), led=led)
            return
        self._is_silent = False
        if self._leads and not led:
            log.info("this process leads: it sends, and asks what is due")

    def _tell_once(self, why: str, *, led: bool) -> None:
        """Say that nobody can be asked, once and not with every look of a long night."""
        if led:
            log.warning("the lead is lost", error=why)
        elif not self._is_silent:
            log.warning("nobody can be asked who leads", error=why)
        self._is_silent = True

    def _close(self) -> None:
        if self._session:
            self._session.close()
        self._session, self._leads = None, False


def _take(descriptor: int, path: Path) -> None:
    for left in reversed(range(_TRIES)):
        if take_lock(descriptor, path):
            return
        if left:  # whoever only looks whether somebody has it has it for a moment
            sleep(_BETWEEN)
    other = holder_in(descriptor)
    named = f" (process {other})" if other else ""
    raise UnusableDatabase(
        f"another `answerable serve`{named} runs on {path}: stop it first, or name another "
        "place in ANSWERABLE_DATABASE_URL"
    )
