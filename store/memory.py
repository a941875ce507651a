"""The newest checkpoint that was given away, in a file that no backup of the database takes back.

It lies beside the signing key and is the signed note itself: `verify --checkpoint` reads it too.
"""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.config import Misconfigured
from bot.domain.notes import TreeHead, parse_checkpoint, parse_note

_Stamp = tuple[int, int, int]  # what is another with every file that is put here


class Memory(Protocol):
    """Remembers, outside the database, what was seen of each workspace's log."""

    def last_or_none(self, workspace: str) -> TreeHead | None: ...

    def keep(self, workspace: str, note: str) -> None: ...


class NoMemory:
    """Remembers nothing: for stores that nobody witnesses."""

    def last_or_none(self, workspace: str) -> TreeHead | None:
        del workspace
        return None

    def keep(self, workspace: str, note: str) -> None:
        del workspace, note


@dataclass
class KeyMemory:
    """Remembers in files beside the signing key, one for each workspace.

    Another process may put a newer file there at any time: what was read is good for as long as
    the file is the same one.
    """

    key_file: Path
    _read: dict[str, tuple[_Stamp, TreeHead]] = field(default_factory=dict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def last_or_none(self, workspace: str) -> TreeHead | None:
        """Give the newest tree head that was given away. Raises Misconfigured for a file of no use.

        It costs one look at the file's inode.
        """
        path = self.path(workspace)
        try:
            found = path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            read = self._read.get(workspace)
            if read is None or read[0] != stamp:
                read = stamp, parse_checkpoint(parse_note(path.read_text("utf-8")).text)
                self._read[workspace] = read
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"{path} holds the newest witnessed checkpoint and cannot be read: {error}. Bring "
                "it back from where your witness keeps checkpoints"
            ) from error
        return read[1]

    def keep(self, workspace: str, note: str) -> None:
        """Put this signed note in the place of the last, whole or not at all; mode 0600."""
        path = self.path(workspace)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with self._one_at_a_time:
            _write(fresh, note)
            fresh.replace(path)
            _settle(path.parent)

    def path(self, workspace: str) -> Path:
        return self.key_file.with_name(f"{self.key_file.name}.{workspace}.note")


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the disk know that the file of this name is another one now."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
