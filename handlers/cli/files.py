"""Files that commands write: never in place of what the bot lives from, and whole or not at all."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final

from handlers.cli.parts import Failed

OWNER_ALONE: Final = 0o600
ANYBODY: Final = 0o666  # as far as the process's own mask lets


def require_free(path: Path, own: Iterable[Path] = (), *, force: bool) -> None:
    """Refuse to overwrite a file unless that is asked for, and one of the bot's `own` in any case.

    What is called as one of these and more lies beside it as part of it: a journal, a lock, a note.
    """
    for each in own:
        if _is_of(path.resolve(), each.resolve()):
            raise Failed(
                f"{path} is kept for {each}, which the bot cannot do without: name another file"
            )
    if path.exists() and not force:
        raise Failed(f"{path} is there already: name another file, or overwrite it with --force")


@contextmanager
def written_whole(target: Path, mode: int = ANYBODY) -> Iterator[IO[bytes]]:
    """Give a file that takes the target's place once everything is in it. Raises Failed.

    Until then, and if it fails, what was there stays.
    """
    place = target.resolve()
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not target.is_file():  # /dev/stdout, a pipe: nothing to keep
            with target.open("wb") as file:
                yield file
            return
        with open(beside, "xb", opener=partial(os.open, mode=mode)) as file:
            yield file
        beside.replace(place)
    except OSError as error:
        raise Failed(f"cannot write {target}: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _is_of(path: Path, own: Path) -> bool:
    return path.parent == own.parent and path.name.startswith(own.name)
