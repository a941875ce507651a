"""Whatever is written is tried on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.engine import connect
from store.migrate import migrate
from tests.engines import SQLITE, address_of, chosen, server
from tests.engines import databases_of_both as databases
from tests.postgres import a_database

__all__ = ["databases"]


@pytest.fixture
def unmade(tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, of either engine."""
    if chosen.engine == SQLITE:
        engine = connect(f"sqlite:///{tmp_path}/new.db")
        yield engine
        engine.dispose()
        return
    with a_database(server().url) as url:
        engine = connect(address_of(url))
        yield engine
        engine.dispose()


@pytest.fixture
def made(unmade: Engine) -> Engine:
    """A database of this version's that no other test uses, as whoever owns its tables has it."""
    migrate(unmade)
    return unmade
