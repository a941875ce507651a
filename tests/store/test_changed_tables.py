"""Tables that are changed while they are in use: that is the operator's, and no fault of ours."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from worlds import KEY, OWNER, person, world_on

from bot.domain.refusals import Unwritable
from bot.usecases import questions, registry
from handlers.slack.failures import sentence_for
from tests.engines import on_postgresql

ODD = "are not this version's any more .*: `answerable doctor` says which"


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE workflow RENAME COLUMN backup TO deputy", "ALTER TABLE outbox RENAME TO letters"],
)
def test_i2_whoever_acts_hears_that_nothing_is_recorded(
    made: Engine, tmp_path: Path, change: str
) -> None:
    world = world_on(made, tmp_path)
    world.registers()
    with made.begin() as connection:
        connection.execute(text(change))

    with pytest.raises(Unwritable, match=ODD) as error:
        registry.accept_ownership(world.deps, person(OWNER), KEY)
    assert sentence_for(error.value).startswith("The database takes nothing in. Nothing of yours")


@on_postgresql  # SQLite gives what was written, whatever its columns are called
def test_i2_so_does_who_meets_a_column_of_another_type(made: Engine, tmp_path: Path) -> None:
    world = world_on(made, tmp_path)
    world.registers()
    with made.begin() as connection:
        connection.execute(text("ALTER TABLE obligation ALTER COLUMN due_at TYPE text"))
    with pytest.raises(Unwritable, match=ODD) as error:
        questions.list_dues(world.deps, person(OWNER))
    assert "(obligation.due_at (TEXT))" in str(error.value)
    with pytest.raises(Unwritable, match=ODD):
        registry.accept_ownership(world.deps, person(OWNER), KEY)


def test_i2_so_does_whoever_only_asks(made: Engine, tmp_path: Path) -> None:
    world = world_on(made, tmp_path)
    world.registers()
    with made.begin() as connection:
        connection.execute(text("ALTER TABLE obligation RENAME TO duty"))
    with pytest.raises(Unwritable, match=ODD):
        questions.list_dues(world.deps, person(OWNER))
