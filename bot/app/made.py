"""What a start makes that was not there: it may be the wrong folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.app.base import Base
from bot.config import Config
from bot.keys import DRAW_SETTING, SIGNING_SETTING, is_there
from store.sqlite import file_or_none

OLDER_KEY: Final = (
    "the signing key was there before this record: if one was kept here, stop and bring its "
    "database back, as docs/running.md says under Keys and backups"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What is made, and where; it is odd if it may not be what was meant."""

    what: str
    path: Path
    is_odd: bool = False


def keys_to_make(config: Config) -> tuple[Made, ...]:
    """Give the keys that are not there yet. Asked before they are made."""
    named = ((config.signing_key_file, SIGNING_SETTING), (config.draw_key_file, DRAW_SETTING))
    return tuple(Made("a new key is made", path) for path, by in named if not is_there(path, by))


def record_to_begin(base: Base, keys: tuple[Made, ...]) -> Iterator[Made]:
    """Give the file in which a new record begins, and an older key that is to sign it."""
    database, key = file_or_none(base.store.engine), base.config.signing_key_file
    if database is None or base.store.workspaces():
        return
    yield Made("a new record begins", database)
    if key not in {each.path for each in keys}:
        yield Made(OLDER_KEY, key, is_odd=True)
