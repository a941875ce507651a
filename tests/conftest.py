"""What every test is run under."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from worlds import World, a_live_world, a_world

settings.register_profile("plain", deadline=None, print_blob=True)
settings.load_profile("plain")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path)
    yield made
    made.deps.store.engine.dispose()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[World]:
    """A live workflow whose first round waits for its review."""
    made = a_live_world(tmp_path)
    yield made
    made.deps.store.engine.dispose()
