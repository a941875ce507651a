"""A database with rows in every table is brought from a revision before to this one, whole.

No code of this version writes to tables of a version before: a workspace lives on those of now, and
what the older ones have a place for is copied there.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, insert, select, text
from sqlalchemy.exc import DatabaseError
from worlds import (
    BACKUP,
    BUILDER,
    CHANNEL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    a_world,
    a_world_after,
    findings,
    person,
    world_on,
)

from bot.domain.limits import read_limits
from bot.domain.measurements import Measurement
from bot.domain.messages import Shown
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR, SYSTEM
from bot.domain.refusals import Refused
from bot.domain.registry import Roles
from bot.usecases import delivery, digests, home, measurements, plants, tokens, witness
from bot.usecases.metrics import read_figures
from store.engine import connect
from store.faults import UnusableDatabase
from store.migrate import is_current, make_ready, migrate
from store.tables import metadata
from store.tenancy import held_alone
from tests.engines import COUNTED, SQLITE, address_of, chosen, on_sqlite, server
from tests.postgres import a_database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    return config


_, *BEFORE = (each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions())
LIMITED = replace(POLICY, limits=read_limits("latency <= 2 every day"))
# Past every rule of ours: only the guards are left to refuse these.
ATTACKS = {
    "UPDATE entry SET subject = 'x' WHERE seq = 1": "an entry is never changed",
    "DELETE FROM entry WHERE seq = 1": "an entry is never deleted",
    "UPDATE checkpoint SET note = 'x'": "a checkpoint is signed once",
    "DELETE FROM head": "a log is never deleted",
    "UPDATE opening SET value = 'x'": "an opening is never changed",
    "DELETE FROM opening": "an opening is erased",
}


@pytest.fixture(params=BEFORE)
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database at a revision before the newest, of either engine."""
    if chosen.engine == SQLITE:
        engine = connect(f"sqlite:///{tmp_path}/old.db")
        _upgrade(engine, request.param)
        yield engine
        engine.dispose()
        return
    with a_database(server().url) as url:
        engine = connect(address_of(url))
        _upgrade(engine, request.param)
        yield engine
        engine.dispose()


def _upgrade(engine: Engine, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def lived_in(folder: Path) -> World:
    """Give a workspace of which every table has rows, each of them put there by an act."""
    world = a_world(folder)
    for key in (KEY, "running"):
        world.registers(key, policy=LIMITED)
        world.accepts(key)
    tokens.create_token(world.deps, tokens.NewToken("answ_1", "tok1", KEY, frozenset()))
    digests.place_digest(
        world.deps, person(STEWARD, delivery="d1"), CHANNEL, "every day at 09:00", "UTC"
    )
    home.note_opened(world.deps, OWNER)
    sent = [Measurement("latency", world.clock.now(), Decimal(3))]
    measurements.receive_measurements(world.deps, PIPELINE, KEY, sent)
    plants.plant_outputs(world.deps, OPERATOR, KEY, [Output("bad", world.clock.now())])
    world.reports(12)
    world.forward(to=MONDAY)
    _answer(world)
    world.raises()
    world.is_away(BACKUP)
    world.hands_over(Roles(MEMBER, BACKUP, STEWARD, BUILDER))
    _drill(world)
    world.pauses()
    world.asks_to_resume(by=STEWARD)
    with pytest.raises(Refused):
        world.pauses(by=MEMBER)
    _send_one(world)
    seen = witness.take_for_witness(world.deps)
    assert seen
    witness.record_witnessed(world.deps, seen)
    return world


def _answer(world: World) -> None:
    world.hands_out(1, BUILDER)
    world.answers_share(1, SKIPPED)
    world.answers_round(1)
    world.looks_again(1, WRONG, WRONG)
    world.settles(1, by=STEWARD)


def _drill(world: World) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get(KEY), drill_at=work.now))
    world.tick()
    world.drills()


def _send_one(world: World) -> None:
    posting = delivery.claim_message(world.deps)
    assert posting
    delivery.record_shown(world.deps, posting, Shown("C1", "1.0"), "ab")


def tables_of(engine: Engine) -> MetaData:
    """Give the tables that are there, as their database has them."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


def rows_of(engine: Engine, tables: MetaData) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Give every row of these tables, by what they have a column for."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=str
            )
            for table in tables.sorted_tables
        }


def put_into(engine: Engine, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Have a database hold these rows; they have passed the guards where they come from."""
    with engine.begin() as connection, unguarded(connection):
        for table in tables_of(engine).sorted_tables:
            connection.execute(insert(table), rows[table.name])


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != SQLITE:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql(COUNTED)
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    guards = connection.exec_driver_sql(query).all()
    for guard in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)


def test_i2_i6_rows_of_before_are_kept_go_on_and_are_guarded_from_now_on(
    old: Engine, tmp_path: Path
) -> None:
    lived = a_world_after(tmp_path, lived_in)
    assert [name for name, rows in lived.contents().items() if not rows] == []
    older = tables_of(old)
    put_into(old, rows_of(lived.deps.store.engine, older))
    before = rows_of(old, older)
    assert [name for name in metadata.tables if not before[name]] == []

    migrate(old)
    world = world_on(old, tmp_path, at=lived.clock.now())
    assert rows_of(old, older) == before
    after = world.contents()
    for attack, refusal in ATTACKS.items():
        with pytest.raises(DatabaseError, match=refusal), old.begin() as connection:
            connection.execute(text(attack))
    assert world.contents() == after

    world.forward(24 * 21)
    assert findings(world) == []


def test_what_waits_already_has_waited_since_it_could_be_sent(old: Engine, tmp_path: Path) -> None:
    lived = a_world_after(tmp_path, lived_in)
    put_into(old, rows_of(lived.deps.store.engine, tables_of(old)))
    with old.begin() as connection:
        connection.execute(text("UPDATE outbox SET available_at = available_at - 700"))
    migrate(old)
    assert 700 <= read_figures(world_on(old, tmp_path).deps).longest_wait < 760


@on_sqlite
def test_tables_are_not_changed_under_a_bot_that_runs_on_them(old: Engine) -> None:
    with held_alone(old), pytest.raises(UnusableDatabase, match="another `answerable serve`"):
        make_ready(old)
    assert not is_current(old)

    make_ready(old)
    with held_alone(old):
        make_ready(old)
    assert is_current(old)
