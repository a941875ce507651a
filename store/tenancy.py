"""One server at a time on one database: who serves it holds a lock beside its file."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from store.engine import OWNER_ALONE, UnusableDatabase, file_or_none

_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EACCES})
_MOST_OF_A_NUMBER: Final = 20


@contextmanager
def held_alone(engine: Engine) -> Iterator[None]:
    """Hold a database for one server; UnusableDatabase if another one has it.

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
