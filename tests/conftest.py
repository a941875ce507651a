"""What every test is run under."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from worlds import World, a_live_world, a_world

from tests.engines import chosen

settings.register_profile("plain", deadline=None, print_blob=True)
settings.load_profile("plain")


@pytest.fixture(autouse=True)
def databases() -> Iterator[None]:
    """Let go of the databases that a test has had."""
    yield
    chosen.forget()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_world(tmp_path)


@pytest.fixture
def live(tmp_path: Path) -> World:
    """A live workflow whose first round waits for its review."""
    return a_live_world(tmp_path)
