"""What every test is run under."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from worlds import World, a_live_world, a_world

from tests.engines import chosen

# A worker takes a whole file at a time: of these each takes minutes, and must not be its last.
LONG: Final = ("test_crashes.py", "test_simulator.py", "test_walk.py")

settings.register_profile("plain", deadline=None, print_blob=True)
settings.load_profile("plain")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, and have who waits for processes beside who computes."""
    folders: dict[Path, list[Path]] = {}
    for file in dict.fromkeys(item.path for item in items):
        folders.setdefault(file.parent, []).append(file)
    turns = {
        file: (file.name not in LONG, place / len(folder))
        for folder in folders.values()
        for place, file in enumerate(folder)
    }
    items.sort(key=lambda item: turns[item.path])


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
