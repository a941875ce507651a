"""What an earlier telling of the story left behind; nothing else is ever taken away."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from sandbox.player import Unexpected

# The first entry of a record in the sandbox says so, and its log is named after the workspace.
MOVED_CLOCK: Final = b'"clock":"sandbox"'
LOG: Final = b"answerable/T0SANDBOX+"
RUN: Final = "run-"  # begins the name of the folder that goes with a telling
PIPELINE, OUTPUTS = "pipeline.sh", "guide_outputs.jsonl"  # for whoever takes the page's guide
_KEPT: Final = (
    *("answerable.db", "signing.key", "draw.key", "bot.log", "sandbox.log"),
    *(PIPELINE, OUTPUTS),
)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for one telling; Unexpected if another one is open there.

    The system lets go of it with the process, so that nothing is left even of one that was killed.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Unexpected(
            f"no other demo open in {folder}, and one is: stop it, or name another folder with "
            "--out"
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def clear_runs(folder: Path) -> None:
    """Take away what tellings that were killed have kept here; nobody else may be telling one."""
    for path in folder.glob(f"{RUN}*"):
        if path.is_dir() and not path.is_symlink() and _is_run(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_run(folder: Path) -> bool:
    return all(each.is_file() and each.name.startswith(_KEPT) for each in folder.iterdir())


def clear(folder: Path, names: Iterable[str]) -> None:
    """Take these files of an earlier demo away. Raises Unexpected if one is somebody else's."""
    found = [folder / name for name in names if (folder / name).exists()]
    for path in found:
        if not _is_of_a_demo(path):
            raise Unexpected(
                f"{path} to be left by an earlier demo, and it is not: name another folder with "
                "--out"
            )
    for path in found:
        path.unlink()


def _is_of_a_demo(path: Path) -> bool:
    if not path.is_file():
        return False
    if not is_zipfile(path):
        return path.read_bytes().startswith(LOG)
    try:
        with ZipFile(path) as bundle, bundle.open("entries.jsonl") as entries:
            return MOVED_CLOCK in entries.readline()
    except (BadZipFile, KeyError):
        return False
