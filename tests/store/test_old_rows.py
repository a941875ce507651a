"""A database with rows in every table is brought from a revision before to this one, whole."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
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
from store.engine import UnusableDatabase, connect
from store.migrate import is_current, make_ready, migrate
from store.tables import metadata
from store.tenancy import held_alone
from tests.engines import SQLITE, address_of, chosen, on_sqlite, server
from tests.postgres import a_database

BEFORE = ("0001", "0002")
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
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def lived_in(engine: Engine, folder: Path) -> World:
    """Give a workspace of which every table has rows, each of them put there by an act."""
    world = world_on(engine, folder)
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


def test_i2_i6_rows_of_before_are_kept_go_on_and_are_guarded_from_now_on(
    old: Engine, tmp_path: Path
) -> None:
    world = lived_in(old, tmp_path)
    before = {name: rows for name, rows in world.contents().items() if name in metadata.tables}
    assert [name for name in metadata.tables if not before[name]] == []

    migrate(old)
    after = world.contents()
    assert {name: after[name] for name in before} == before
    for attack, refusal in ATTACKS.items():
        with pytest.raises(DatabaseError, match=refusal), old.begin() as connection:
            connection.execute(text(attack))
    assert world.contents() == after

    world.forward(24 * 21)
    assert findings(world) == []


@on_sqlite
def test_tables_are_not_changed_under_a_bot_that_runs_on_them(old: Engine) -> None:
    with held_alone(old), pytest.raises(UnusableDatabase, match="another `answerable serve`"):
        make_ready(old)
    assert not is_current(old)

    make_ready(old)
    with held_alone(old):
        make_ready(old)
    assert is_current(old)
