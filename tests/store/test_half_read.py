"""SQLite: what a fault left half read holds nobody in the past."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import text
from worlds import KEY, World

from bot.domain.people import SYSTEM
from store.engine import connect
from store.reading import Reading
from tests.engines import on_sqlite

pytestmark = on_sqlite

Opened = Callable[[World], AbstractContextManager[Reading]]


def reading(world: World) -> AbstractContextManager[Reading]:
    return world.deps.store.read(world.deps.workspace)


def writing(world: World) -> AbstractContextManager[Reading]:
    return world.deps.store.begin(world.deps.workspace, SYSTEM)


def fails_half_read(world: World, opened: Opened, kept: list[object]) -> None:
    with opened(world) as work:
        connection = work.log._connection  # noqa: SLF001 -- nobody else leaves one half read
        rows = connection.execute(text("SELECT seq FROM entry"))
        kept += [rows, rows.fetchone()]
        raise OSError("in between")


@pytest.mark.parametrize("opened", [reading, writing])
def test_i10_whatever_keeps_an_error_keeps_no_connection_in_the_past(
    live: World, opened: Opened
) -> None:
    kept: list[object] = []
    with pytest.raises(OSError, match="in between"):
        fails_half_read(live, opened, kept)
    beside = connect(str(live.deps.store.engine.url))
    with beside.begin() as other:
        other.execute(text("UPDATE workflow SET channel = 'C0NEW'"))
    beside.dispose()
    with reading(live) as later:
        assert later.workflows.get(KEY).channel == "C0NEW"
    assert len(kept) == 2
