"""Who serves a database: of SQLite's one process alone, of PostgreSQL's many, led by one.

Every process answers people and pipelines. The one that leads also asks what is due and sends
what is to be said; when it ends, however that happens, another leads within a second or two.
"""

import errno
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from store import postgres
from store.engine import UnusableDatabase
from store.sqlite import OWNER_ALONE, file_or_none

log = structlog.get_logger()

LOOK_EVERY: Final = 1.0  # seconds
_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EACCES})
_MOST_OF_A_NUMBER: Final = 20


@dataclass
class Lead:
    """Whether this process leads in a workspace, asked of the database at most once a second.

    An advisory lock of a session: it is gone with the connection, and so with the process.
    Threads may ask it side by side.
    """

    engine: Engine
    workspace: str
    elapsed: Callable[[], float]
    _held: postgres.Held | None = None
    _asked_at: float = -inf
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def is_ours(self) -> bool:
        """Tell whether this process leads; on SQLite, which it holds alone, it always does."""
        if self.engine.dialect.name == "sqlite":
            return True
        with self._one_at_a_time:
            if self.elapsed() - self._asked_at >= LOOK_EVERY:
                self._ask()
                self._asked_at = self.elapsed()
            return self._held is not None

    def let_go(self) -> None:
        """Leave the lead to another process at once."""
        with self._one_at_a_time:
            self._close()

    def _ask(self) -> None:
        if self._held and not self._held.is_kept():
            log.warning("the lead is lost: the database has closed the connection")
            self._close()
        if self._held:
            return
        try:
            self._held = postgres.hold_or_none(self.engine, f"answerable/lead/{self.workspace}")
        except DBAPIError as error:
            log.warning("nobody can be asked who leads", error=" ".join(str(error.orig).split()))
        if self._held:
            log.info("this process leads: it sends, and asks what is due")

    def _close(self) -> None:
        if self._held:
            self._held.let_go()
        self._held = None


@contextmanager
def held_alone(engine: Engine) -> Iterator[None]:
    """Hold a file of SQLite's for one server; UnusableDatabase if another one has it.

    The system lets go of it with the process, however that ends: nothing is left to be cleared
    away. Other commands need not hold it: they wait for the writer's seat.
    """
    path = file_or_none(engine)
    if path is None or not path.parent.is_dir():  # what is wrong is said by whoever opens it
        yield
        return
    try:
        descriptor = os.open(_beside(path), os.O_RDWR | os.O_CREAT, OWNER_ALONE)
    except OSError as error:
        raise UnusableDatabase(f"cannot write {_beside(path)}: {error.strerror}") from error
    try:
        _take(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _HELD:
            return  # this file system has no locks: then nothing can be told
        other = os.pread(descriptor, _MOST_OF_A_NUMBER, 0).decode(errors="replace").strip()
        named = f" (process {other})" if other.isdigit() else ""
        raise UnusableDatabase(
            f"another `answerable serve`{named} runs on {path}: stop it first, or name another "
            "place in ANSWERABLE_DATABASE_URL"
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
