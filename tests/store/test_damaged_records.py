"""A record of which something is gone, or is not what was recorded: it is said where, and to whom.

Whoever owns the tables can take the guards away; a restore that went wrong has none either.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from worlds import KEY, MEMBER, OWNER, World, findings, person, world_on

from bot.domain.people import SYSTEM
from bot.domain.refusals import Damaged
from bot.usecases import questions, record
from bot.usecases.record import Wanted
from handlers.slack.failures import sentence_for
from store.damage import Damages
from store.engine import last_notes
from tests.engines import SQLITE, chosen
from tests.tampering import drop_guards

ANOTHERS_BODY = "UPDATE entry SET body = (SELECT body FROM entry WHERE seq = 4) WHERE seq = 5"
ANOTHER = (
    "UPDATE entry SET (body, leaf) = (SELECT body, leaf FROM entry WHERE seq = 4) WHERE seq = 5"
)


@pytest.fixture
def used(made: Engine, tmp_path: Path) -> World:
    """A live workflow and a concern about it, whose record is whole."""
    world = world_on(made, tmp_path)
    world.registers()
    world.accepts()
    world.raises(by=MEMBER)
    world.deps.store.require_whole(world.deps.workspace)
    return world


def damage(world: World, statement: str) -> None:
    """Change it past the guards, and past what else the database itself holds to."""
    engine = world.deps.store.engine
    if chosen.engine == SQLITE:
        with closing(sqlite3.connect(str(engine.url.database))) as database, database:
            drop_guards(database)
            database.execute(statement)
        return
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def shows(world: World) -> None:
    questions.show_workflow(world.deps, person(OWNER), KEY)


def tells_its_name(world: World) -> None:
    record.log_name(world.deps)


def acknowledges(world: World) -> None:
    world.acknowledges(1)


def exports(world: World) -> None:
    with record.read_record(world.deps, Wanted()):
        pytest.fail("what is damaged was given as if it were good")


def exports_a_part(world: World) -> None:
    tomorrow = world.clock.now() + timedelta(days=1)
    with record.read_record(world.deps, Wanted(since=tomorrow)):
        pytest.fail("what is damaged was given as if it were good")


def is_signed(world: World) -> None:
    last_notes(world.deps.store.engine)


@pytest.mark.parametrize(
    ("statement", "act", "where"),
    [
        ("DELETE FROM entry WHERE seq = 0", tells_its_name, "entry #0 is gone"),
        ("DELETE FROM entry", tells_its_name, "entry #0 is gone, and all that followed"),
        ("UPDATE entry SET body = '7' WHERE seq = 3", findings, "entry #3 is not what was"),
        ("UPDATE entry SET body = '{}'", tells_its_name, "entry #0 is not what was recorded"),
        ("DELETE FROM checkpoint", shows, "the checkpoint over its 14 entries is gone"),
        ("DELETE FROM checkpoint", is_signed, "the checkpoint over its 14 entries is gone"),
        ("DELETE FROM head", is_signed, r"there are entries, and what says how many"),
        ("UPDATE head SET size = size - 1", acknowledges, r"it has 14 entries and counts 13"),
        ("DELETE FROM policy", shows, "of 1 rows of the table “policy” 1 are gone"),
        ("DELETE FROM concern", acknowledges, "of 1 rows of the table “concern” 1 are gone"),
    ],
)
def test_whoever_needs_what_is_damaged_hears_where_it_is_and_what_to_do(
    used: World, statement: str, act: object, where: str
) -> None:
    damage(used, statement)
    assert callable(act)

    with pytest.raises(Damaged, match=f"^the record is damaged: {where}") as told:
        act(used)
    assert "Stop the bot, keep a copy of the database as it is" in str(told.value)
    assert "and bring back a backup" in str(told.value)
    assert sentence_for(told.value).startswith("The record is damaged, and this cannot be done.")


@pytest.mark.parametrize("act", [exports, exports_a_part])
@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("DELETE FROM entry WHERE seq = 5", "entry #5 is gone"),
        ("DELETE FROM entry WHERE seq = 13", "entry #13 is gone, and all that followed"),
        (ANOTHERS_BODY, "entry #5 is not what was recorded"),
        ("UPDATE entry SET leaf = body WHERE seq = 5", "entry #5 is not what was recorded"),
        (ANOTHER, "its entries are not those that were signed"),
        ("UPDATE checkpoint SET root = 'x'", "its newest checkpoint is of another record"),
        ("DELETE FROM checkpoint WHERE size = 14", "the checkpoint over its 14 entries is gone"),
    ],
)
def test_no_export_is_made_of_a_damaged_record_nor_of_a_part_of_it(
    used: World, statement: str, where: str, act: Callable[[World], None]
) -> None:
    damage(used, statement)
    with pytest.raises(Damaged, match=f"^the record is damaged: {where}"):
        act(used)


def test_what_the_damage_does_not_touch_goes_on(used: World) -> None:
    damage(used, "UPDATE entry SET body = '7' WHERE seq = 3")
    used.acknowledges(1)
    with pytest.raises(Damaged, match="entry #3 is not what was recorded"):
        used.deps.store.require_whole(used.deps.workspace)


def test_the_last_entry_is_missed_too(used: World) -> None:
    damage(used, "DELETE FROM entry WHERE seq = 13")
    with pytest.raises(Damaged, match=r"entry #13 is gone, and all that followed"):
        used.deps.store.require_whole(used.deps.workspace)


def test_what_was_hashed_anew_is_missed_all_the_same(used: World) -> None:
    damage(used, "UPDATE entry SET body = '', leaf = body WHERE seq = 3")
    damage(used, "UPDATE checkpoint SET root = 'x'")
    with pytest.raises(Damaged, match="entry #3 is not what was recorded"):
        used.deps.store.require_whole(used.deps.workspace)


def test_a_fault_of_ours_on_a_whole_record_stays_one(used: World) -> None:
    with (
        pytest.raises(ValueError, match="ours"),
        used.deps.store.begin(used.deps.workspace, SYSTEM),
    ):
        raise ValueError("ours")


def test_all_of_it_is_looked_at_once_a_minute_however_often_something_fails(used: World) -> None:
    now = 0.0
    damages = Damages(used.deps.store.engine, lambda: now)

    def fails() -> None:
        with damages.told(used.deps.workspace):
            raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        fails()
    damage(used, "DELETE FROM entry WHERE seq = 3")
    with pytest.raises(ValueError, match="ours"):
        fails()
    now = 60.0
    with pytest.raises(Damaged, match="entry #3 is gone"):
        fails()


def test_no_record_is_read_for_what_the_database_is_in_trouble_with(live: World) -> None:
    asked: list[str] = []
    engine = live.deps.store.engine
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    with (
        pytest.raises(OperationalError),
        live.deps.store.begin(live.deps.workspace, SYSTEM),
    ):
        raise OperationalError("UPDATE head", {}, OSError("could not serialize access"))
    assert not any("entry.leaf" in statement for statement in asked)
