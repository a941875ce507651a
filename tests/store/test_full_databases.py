"""A database that answers and takes nothing in: read-only, full, or without the right to write."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, event, text
from worlds import OWNER, World, person

from bot.app.signs import Soundness
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import HeldElsewhere, Unwritable
from bot.usecases import questions
from handlers.http.health import NotReady
from handlers.slack.failures import sentence_for
from store.engine import Store, connect
from store.migrate import is_writable
from store.sqlite import is_nearly_full
from tests.engines import on_sqlite, owners_engine

FULL = "PRAGMA max_page_count = 1"  # SQLite takes the least it can: what it has already

READ_ONLY = "PRAGMA query_only = ON"


class DiskUsage(NamedTuple):
    total: int
    used: int
    free: int


@contextmanager
def with_each_connection(store: Store, statement: str) -> Iterator[Store]:
    engine = connect(store.engine.url.render_as_string(hide_password=False))
    event.listen(engine, "connect", lambda connection, _: connection.execute(statement))
    yield replace(store, engine=engine)
    engine.dispose()


@contextmanager
def on_a_server_that_is_read_only(store: Store) -> Iterator[Store]:
    url = store.engine.url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    engine = connect(url.render_as_string(hide_password=False))
    yield replace(store, engine=engine)
    engine.dispose()


@contextmanager
def without_a_right(world: World) -> Iterator[Store]:
    role = world.deps.store.engine.url.username
    owner = owners_engine(world.path.parent)
    with owner.begin() as connection:
        connection.execute(text(f'REVOKE INSERT ON entry FROM "{role}"'))
    yield world.deps.store
    with owner.begin() as connection:
        connection.execute(text(f'GRANT INSERT ON entry TO "{role}"'))


def on_a_file(store: Store) -> bool:
    return store.engine.dialect.name == "sqlite"


@pytest.fixture(params=["read-only", "takes no more"])
def unwritable(request: pytest.FixtureRequest, world: World) -> Iterator[Store]:
    """A store whose database had its workflow registered, and takes nothing since."""
    world.registers()
    store, is_read_only = world.deps.store, request.param == "read-only"
    if on_a_file(store):
        spoilt = with_each_connection(store, READ_ONLY if is_read_only else FULL)
    else:
        spoilt = on_a_server_that_is_read_only(store) if is_read_only else without_a_right(world)
    with spoilt as unwritable:
        yield unwritable


def many_entries(store: Store) -> None:
    with store.begin("T0WORK", SYSTEM) as work:
        for number in range(100):
            work.record(Kind.OUTPUTS_RECEIVED, f"full/{number}", {"ids": ["long" * 100]})


def test_i2_nothing_is_recorded_and_it_is_said_to_be_the_database(
    world: World, unwritable: Store
) -> None:
    before = world.contents()
    with pytest.raises(Unwritable, match="takes nothing in") as error:
        many_entries(unwritable)

    assert world.contents() == before
    said = sentence_for(error.value)
    assert said.startswith("The database takes nothing in. Nothing of yours was recorded")
    assert "reference" not in said


def test_what_is_there_can_still_be_read(world: World, unwritable: Store) -> None:
    deps = replace(world.deps, store=unwritable)
    assert questions.list_dues(deps, person(OWNER))


def test_a_database_that_takes_changes_in_is_ready(world: World) -> None:
    assert is_writable(world.deps.store.engine)


def test_a_database_that_takes_nothing_in_is_not_ready(
    unwritable: Store, request: pytest.FixtureRequest
) -> None:
    # Whether a file can still grow shows only with what is to be kept.
    is_full_file = "takes no more" in request.node.name and on_a_file(unwritable)
    assert is_writable(unwritable.engine) == is_full_file


@on_sqlite
def test_a_disk_with_hardly_any_room_is_seen_beforehand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = world.deps.store.engine
    assert not is_nearly_full(engine)
    total, used, _ = shutil.disk_usage(world.path.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: DiskUsage(total, used, 1_000_000))
    assert is_nearly_full(engine)


@on_sqlite
def test_a_database_that_somebody_writes_to_is_ready_unless_they_never_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.signs.HELD_LONG", 0.0)
    world.registers()
    is_sound = Soundness(world.deps)
    held: Engine = connect(str(world.deps.store.engine.url))
    with held.connect().execution_options(seat="tables") as writer:
        writer.exec_driver_sql("SELECT 1")
        assert is_sound()
        with pytest.raises(NotReady, match="another program holds it, and nothing is recorded"):
            is_sound()
        with pytest.raises(HeldElsewhere) as error:
            world.raises()
        assert "If it goes on, tell whoever runs this bot" in sentence_for(error.value)
    held.dispose()
    assert is_sound()


@on_sqlite
def test_a_disk_without_room_is_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    total, used, _ = shutil.disk_usage(world.path.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: DiskUsage(total, used, 0))
    with pytest.raises(NotReady, match="its disk is full: make room"):
        Soundness(world.deps)()
