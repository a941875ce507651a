"""I2: a database that goes away, before anything was said, in the middle, and in the act."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, text
from worlds import KEY, OWNER, World, a_world, person

from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Away, Busy, CommitUnknown, Unwritable
from bot.usecases import gate, questions, registry, witness
from handlers.slack.failures import sentence_for
from store.engine import Store, connect
from tests.engines import on_postgresql, owners_engine

pytestmark = on_postgresql


def lose(world: World, connection: Connection) -> None:
    """Have the server end a connection, as it does when it is restarted."""
    backend = connection.connection.driver_connection.info.backend_pid
    with owners_engine(world.path.parent).connect() as owner:
        owner.execute(text("SELECT pg_terminate_backend(:it)"), {"it": backend})


@pytest.fixture
def nowhere(world: World) -> Store:
    """The store of a server that is not there."""
    engine = connect("postgresql://nobody@127.0.0.1:9/nothing")
    return Store(engine, world.clock, world.deps.store.stamp)


def test_a_server_that_is_not_there_can_be_neither_written_to_nor_read(nowhere: Store) -> None:
    with (
        pytest.raises(Away, match="does not answer; nothing was recorded"),
        nowhere.begin("T0WORK", SYSTEM),
    ):
        pytest.fail("there is nothing to write to")
    with (
        pytest.raises(Away, match="does not answer; nothing was recorded"),
        nowhere.read("T0WORK"),
    ):
        pytest.fail("there is nothing to read")


def test_people_and_programs_hear_that_it_is_the_database(world: World, nowhere: Store) -> None:
    deps = replace(world.deps, store=nowhere)
    for ask in (
        lambda: questions.list_dues(deps, person(OWNER)),
        lambda: registry.accept_ownership(deps, person(OWNER), KEY),
    ):
        with pytest.raises(Away) as away:
            ask()
        said = sentence_for(away.value)
        assert said.startswith("The database does not answer. Nothing of yours was recorded")
        assert "busy" not in said
        assert "reference" not in said


def test_a_reader_finds_the_server_gone_in_the_middle(world: World) -> None:
    def half_a_question() -> None:
        with world.deps.store.read("T0WORK") as reading:
            lose(world, reading.log._connection)  # noqa: SLF001 -- the test is the network
            reading.log.head_or_none()

    with pytest.raises(Away, match="does not answer"):
        half_a_question()
    with world.deps.store.read("T0WORK") as reading:
        assert reading.log.head_or_none(), "the next one is answered"


def test_readers_who_find_no_connection_to_spare_are_told_that_it_is_busy(world: World) -> None:
    engine = create_engine(
        world.deps.store.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.05
    )
    store = replace(world.deps.store, engine=engine)
    with (
        engine.connect(),
        pytest.raises(Busy, match="no connection to spare"),
        store.read("T0WORK"),
    ):
        pytest.fail("there is none")
    engine.dispose()


def test_i2_lost_in_the_middle_nothing_is_recorded_and_the_next_act_is(world: World) -> None:
    before = world.contents()

    def half_an_act() -> None:
        with world.deps.store.begin("T0WORK", SYSTEM) as work:
            work.record(Kind.OUTPUTS_RECEIVED, "turn/lost")
            lose(world, work.log._connection)  # noqa: SLF001 -- the test is the network
            work.log.head_or_none()

    with pytest.raises(Away, match="does not answer; nothing was recorded"):
        half_an_act()
    assert world.contents() == before
    world.registers()


def test_i2_lost_in_the_act_is_said_to_be_unknown_and_done_again_counts_once(
    world: World,
) -> None:
    engine = world.deps.store.engine

    def before_it_is_kept(connection: Connection) -> None:
        lose(world, connection)

    event.listen(engine, "commit", before_it_is_kept, once=True)
    with pytest.raises(CommitUnknown):
        world.registers()
    assert not world.entries(Kind.WORKFLOW_REGISTERED)

    def after_it_is_kept(connection: Connection) -> None:
        connection.connection.driver_connection.commit()
        connection.exec_driver_sql("SELECT 1")  # so that ours is still there to be committed
        lose(world, connection)

    event.listen(engine, "commit", after_it_is_kept, once=True)
    with pytest.raises(CommitUnknown):
        world.registers()
    assert len(world.entries(Kind.WORKFLOW_REGISTERED)) == 1


def test_i10_a_record_that_has_lost_what_was_known_of_it_is_not_gone_on_from(
    live: World, tmp_path: Path
) -> None:
    live.raises()
    board = gate.read_board(live.deps, None)
    assert board
    (tmp_path / "other").mkdir()
    other = a_world(tmp_path / "other")
    live.deps.store.engine = other.deps.store.engine
    with pytest.raises(Unwritable, match=r"another database is in its place\. Stop"):
        live.acknowledges(1)
    with pytest.raises(Unwritable, match=r"the record has \d+ entries, and had \d+ before"):
        gate.read_board(live.deps, board.number)
    with pytest.raises(Unwritable):
        witness.is_whole(live.deps)
