"""I2: a file of SQLite's that is moved, deleted or replaced while it is in use."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from worlds import KEY, OWNER, World, person

from bot.domain.refusals import Unwritable
from bot.usecases import questions, registry
from handlers.slack.failures import sentence_for
from store.engine import connect
from store.faults import UnusableDatabase
from store.tenancy import held_alone
from tests.engines import on_sqlite

pytestmark = on_sqlite

GONE = "was moved, deleted or replaced while it was in use"


def file_of(world: World) -> Path:
    return Path(str(world.deps.store.engine.url.database))


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    """Put a backup in its place, as `mv` does."""
    backup = path.with_name("backup.db")
    shutil.copyfile(path, backup)
    moved(path)
    backup.replace(path)


@pytest.mark.parametrize("misplace", [moved, replaced, Path.unlink])
def test_i2_nothing_is_recorded_in_a_file_that_will_be_lost(
    world: World, misplace: Callable[[Path], None]
) -> None:
    world.registers()
    misplace(file_of(world))

    with pytest.raises(Unwritable, match=GONE) as error:
        registry.accept_ownership(world.deps, person(OWNER), KEY)
    assert sentence_for(error.value).startswith("The database takes nothing in. Nothing of yours")
    with pytest.raises(Unwritable, match="put the right file back"):
        questions.list_dues(world.deps, person(OWNER))


@pytest.mark.parametrize("misplace", [moved, replaced, Path.unlink])
def test_i2_nothing_else_is_opened_in_the_place_of_a_running_bots_file(
    world: World, misplace: Callable[[Path], None]
) -> None:
    path = file_of(world)
    with held_alone(world.deps.store.engine):
        connect(f"sqlite:///{path}").dispose()
        misplace(path)
        with pytest.raises(UnusableDatabase, match=f"process {os.getpid()} runs on it. Stop that"):
            connect(f"sqlite:///{path}")
    connect(f"sqlite:///{path}").dispose()  # that bot has ended: whatever is there now is the file


def test_i2_nothing_goes_on_in_a_file_beside_which_another_was_written_to(world: World) -> None:
    world.registers()
    path = file_of(world)
    replaced(path)
    with pytest.raises(Unwritable):
        questions.list_dues(world.deps, person(OWNER))

    path.with_name("elsewhere.db").replace(path)
    with pytest.raises(Unwritable, match="start it again"):
        registry.accept_ownership(world.deps, person(OWNER), KEY)


def test_i2_nobody_goes_on_in_a_file_that_its_bot_is_shut_to(world: World) -> None:
    world.registers()
    engine, path = world.deps.store.engine, file_of(world)
    with held_alone(engine):
        replaced(path)
        with pytest.raises(Unwritable):
            questions.list_dues(world.deps, person(OWNER))
        path.with_name("elsewhere.db").replace(path)
        with pytest.raises(UnusableDatabase, match=f"process {os.getpid()} runs on it. Stop that"):
            connect(f"sqlite:///{path}")
    connect(f"sqlite:///{path}").dispose()  # that bot has ended


def test_i2_a_command_that_is_shut_to_a_file_keeps_nobody_from_the_bots(world: World) -> None:
    world.registers()
    path, lock = file_of(world), file_of(world).with_name("answerable.db.lock")
    replaced(path)
    lock.write_text(f"{os.getppid()} {path.stat().st_ino}\n")
    with pytest.raises(Unwritable):
        questions.list_dues(world.deps, person(OWNER))
    assert lock.read_text() == f"{os.getppid()} {path.stat().st_ino}\n"


def test_i2_work_goes_on_once_the_file_is_back(world: World) -> None:
    world.registers()
    path = file_of(world)
    moved(path)
    with pytest.raises(Unwritable):
        registry.accept_ownership(world.deps, person(OWNER), KEY)

    path.with_name("elsewhere.db").rename(path)
    registry.accept_ownership(world.deps, person(OWNER), KEY)
    assert not questions.list_dues(world.deps, person(OWNER)).dues
