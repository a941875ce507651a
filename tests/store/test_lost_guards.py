"""I6: guards of the record that were taken away are missed, and made again by who is told of it."""

import pytest
from sqlalchemy import Engine, text

from store.migrate import Outcome, guard_again, make_ready, migrate, unguarded_or_none
from tests.engines import SQLITE, chosen, on_postgresql, on_sqlite


def does(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))


def dropped(guard: str, table: str) -> str:
    return f"DROP TRIGGER {guard}" + (f" ON {table}" if chosen.engine != SQLITE else "")


def test_a_database_as_it_is_made_has_its_guards(made: Engine) -> None:
    assert unguarded_or_none(made) is None
    assert guard_again(made) == ()


def test_guards_that_were_dropped_are_told_and_made_again_by_who_is_told(made: Engine) -> None:
    does(
        made,
        dropped("guard_entry_is_never_changed", "entry"),
        dropped("guard_head_is_never_deleted", "head"),
    )
    make_ready(made)  # as every command has it: that is not the place to hear of it
    told = unguarded_or_none(made)
    assert told
    assert "has lost guard_entry_is_never_changed, guard_head_is_never_deleted, and" in told
    assert "run `answerable migrate`" in told

    assert migrate(made) is Outcome.UNCHANGED
    assert guard_again(made) == ("guard_entry_is_never_changed", "guard_head_is_never_deleted")
    assert unguarded_or_none(made) is None


def test_all_of_them_are_told_with_their_number(made: Engine) -> None:
    tables = ("entry", "checkpoint", "head", "opening")
    if chosen.engine == SQLITE:
        with made.connect() as connection:
            found = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            names = [row.name for row in connection.execute(found)]
        does(made, *(f"DROP TRIGGER {name}" for name in names))
    else:
        does(made, *(f"ALTER TABLE {each} DISABLE TRIGGER USER" for each in tables))

    more = 9 if chosen.engine == SQLITE else 13
    assert f"guard_entry_comes_next, and {more} more, and what" in str(unguarded_or_none(made))
    assert len(guard_again(made)) == more + 3
    assert unguarded_or_none(made) is None


@on_sqlite
def test_a_guard_that_refuses_nothing_is_none(made: Engine) -> None:
    name = "guard_entry_is_never_changed"
    does(
        made,
        f"DROP TRIGGER {name}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON entry WHEN false BEGIN SELECT 1; END",
    )
    assert guard_again(made) == (name,)


@on_postgresql
@pytest.mark.parametrize(
    "instead",
    [
        "BEFORE UPDATE ON entry FOR EACH ROW WHEN (false)",
        "BEFORE UPDATE OF kind ON entry FOR EACH ROW",
        "BEFORE UPDATE ON entry FOR EACH STATEMENT",
        "AFTER UPDATE ON entry FOR EACH ROW",
        "BEFORE DELETE ON entry FOR EACH ROW",
    ],
)
def test_a_guard_that_stands_elsewhere_or_seldom_is_none(made: Engine, instead: str) -> None:
    name = "guard_entry_is_never_changed"
    does(
        made,
        f"DROP TRIGGER {name} ON entry",
        f"CREATE TRIGGER {name} {instead} EXECUTE FUNCTION {name}()",
    )
    assert guard_again(made) == (name,)
    assert unguarded_or_none(made) is None


@on_postgresql
def test_a_guard_of_a_server_that_refuses_nothing_is_none(made: Engine) -> None:
    name = "guard_entry_is_never_changed"
    does(
        made,
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN new; END $$",
    )
    assert guard_again(made) == (name,)
