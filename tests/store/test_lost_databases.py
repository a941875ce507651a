"""I2: a database that goes away, before anything was said, in the middle, and in the act."""

import pytest
from sqlalchemy import Connection, event, text
from worlds import World

from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Busy, CommitUnknown
from store.engine import Store, connect
from tests.engines import on_postgresql, owners_engine

pytestmark = on_postgresql


def lose(world: World, connection: Connection) -> None:
    """Have the server end a connection, as it does when it is restarted."""
    backend = connection.connection.driver_connection.info.backend_pid
    with owners_engine(world.path.parent).connect() as owner:
        owner.execute(text("SELECT pg_terminate_backend(:it)"), {"it": backend})


def test_a_server_that_is_not_there_makes_one_busy(world: World) -> None:
    nowhere = connect("postgresql://nobody@127.0.0.1:9/nothing")
    store = Store(nowhere, world.clock, world.deps.store.stamp)
    with (
        pytest.raises(Busy, match="does not answer; nothing was recorded"),
        store.begin("T0WORK", SYSTEM),
    ):
        pytest.fail("there is nothing to write to")


def test_i2_lost_in_the_middle_nothing_is_recorded_and_the_next_act_is(world: World) -> None:
    before = world.contents()

    def half_an_act() -> None:
        with world.deps.store.begin("T0WORK", SYSTEM) as work:
            work.record(Kind.OUTPUTS_RECEIVED, "turn/lost")
            lose(world, work.log._connection)  # noqa: SLF001 -- the test is the network
            work.log.head_or_none()

    with pytest.raises(Busy, match="does not answer; nothing was recorded"):
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
