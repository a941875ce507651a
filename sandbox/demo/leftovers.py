"""What an earlier telling of the story left behind; nothing else is ever taken away."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from sandbox.player import Unexpected

# The first entry of a record in the sandbox says so, and its log is named after the workspace.
MOVED_CLOCK: Final = b'"clock":"sandbox"'
LOG: Final = b"answerable/T0SANDBOX+"


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
