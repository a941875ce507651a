"""How PostgreSQL is spoken to, whatever the server's own settings are."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from worlds import WORKSPACE, World, world_on

from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Away
from store import postgres
from store.engine import Store, connect
from store.faults import UnusableDatabase
from store.migrate import make_ready
from store.tenancy import LOOK_EVERY
from tests.engines import (
    address_of,
    an_empty_server_database,
    on_postgresql,
    owners_engine,
    server,
)
from tests.workspace import until

pytestmark = on_postgresql
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def apart(request: pytest.FixtureRequest) -> Iterator[tuple[Engine, Engine]]:
    """Two processes' engines on a database of which transactions are told to have one view."""
    with an_empty_server_database() as address:
        with psycopg.connect(address, autocommit=True) as admin:
            setting = f"default_transaction_isolation = '{request.param}'"
            admin.execute(f"ALTER DATABASE {admin.info.dbname} SET {setting}".encode())
        engines = connect(address), connect(address)
        yield engines
        for engine in engines:
            engine.dispose()


def shown(connection: Connection, name: str) -> str:
    return str(connection.scalar(text(f"SHOW {name}")))


@pytest.mark.parametrize("apart", ["repeatable read", "serializable"], indirect=True)
def test_i2_whoever_waited_for_the_seat_sees_what_its_last_holder_has_committed(
    apart: tuple[Engine, Engine], tmp_path: Path
) -> None:
    world = world_on(apart[0], tmp_path)
    other = Store(apart[1], world.clock, world.deps.store.stamp)

    def second() -> None:
        with other.begin(WORKSPACE, SYSTEM) as work:
            work.record(Kind.OUTPUTS_RECEIVED, "turn/second")

    with world.deps.store.begin(WORKSPACE, SYSTEM) as work:
        work.record(Kind.OUTPUTS_RECEIVED, "turn/first")
        waiting = threading.Thread(target=second)
        waiting.start()
        until_waited_for(apart[0])
    waiting.join()
    received = world.entries(Kind.OUTPUTS_RECEIVED)
    assert [each.on for each in received] == ["turn/first", "turn/second"]


def until_waited_for(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return


def test_a_reader_has_one_view_and_a_writer_a_new_one_with_each_statement(world: World) -> None:
    engine = world.deps.store.engine
    for _ in range(2):  # the connection is the same
        with engine.connect() as reader:
            assert shown(reader, "transaction_isolation") == "repeatable read"
        with engine.connect().execution_options(seat=WORKSPACE) as writer:
            assert shown(writer, "transaction_isolation") == "read committed"


def test_i2_a_writer_that_stands_still_loses_the_seat_and_nothing_of_it_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, owner = world.contents(), owners_engine(world.path.parent)

    def stands_still() -> None:
        with world.deps.store.begin(WORKSPACE, SYSTEM) as work:
            work.record(Kind.OUTPUTS_RECEIVED, "turn/lost")
            until(lambda: not held_seats(owner), lambda: time.sleep(0.02))
            work.log.head_or_none()

    with monkeypatch.context() as hurry:
        hurry.setattr("store.postgres._MOST_IDLE", "100ms")
        with pytest.raises(Away, match="nothing was recorded"):
            stands_still()
    assert world.contents() == before
    world.registers()


def held_seats(engine: Engine) -> int:
    with engine.connect() as connection:
        held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        return int(connection.scalar(held) or 0)


def test_who_only_reads_is_never_hurried(world: World) -> None:
    with world.deps.store.engine.connect() as reader:
        assert shown(reader, "idle_in_transaction_session_timeout") == "0"


def test_both_ends_find_out_within_ten_seconds_that_the_other_is_gone() -> None:
    engine = connect(address_of(server().url))
    with engine.connect() as connection:
        ours = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
        theirs = {
            row.name: (row.setting, row.source)
            for row in connection.execute(
                text("SELECT name, reset_val AS setting, source FROM pg_settings")
            )
        }
    engine.dispose()
    assert ours["keepalives"] == "1"
    assert ours["tcp_user_timeout"] == "10000"
    for side, named in ((ours, "keepalives_{}"), (theirs, "tcp_keepalives_{}")):
        for part in ("idle", "interval", "count"):
            assert named.format(part) in side
    given = {name for name, (_, source) in theirs.items() if source == "client"}
    assert given >= {
        "tcp_keepalives_idle",
        "tcp_keepalives_interval",
        "tcp_keepalives_count",
        "tcp_user_timeout",
        "lock_timeout",
    }
    probed = int(ours["keepalives_interval"]) * int(ours["keepalives_count"])
    assert int(ours["keepalives_idle"]) + probed == postgres.GIVEN_UP_AFTER
    assert postgres.ANSWERED_WITHIN + LOOK_EVERY < postgres.GIVEN_UP_AFTER


def test_what_the_address_asks_for_is_asked_for_beside_ours() -> None:
    asked = {
        "options": "-c search_path=mine -c lock_timeout=1h",
        "application_name": "the second",
        "tcp_user_timeout": "3000",
    }
    engine = connect(address_of(server().url.update_query_dict(asked)))
    with engine.connect() as connection:
        assert shown(connection, "search_path") == "mine"
        assert shown(connection, "application_name") == "the second"
        assert shown(connection, "lock_timeout") == "2s", "nobody waits longer than we say"
        info = connection.connection.driver_connection.info  # type: ignore[union-attr]
        assert info.get_parameters()["tcp_user_timeout"] == "3000"
    engine.dispose()


@pytest.mark.parametrize(
    "address",
    [
        "bot:sec@ret@host/name",
        "bot:s@c@ret@host/name",
        "bot:secret@host:54x2/name",
        "bot@host:ret/name",
    ],
)
def test_a_password_that_is_not_encoded_is_refused_and_no_piece_of_it_said(address: str) -> None:
    with pytest.raises(UnusableDatabase, match=r"percent-encode .*@ is %40") as refused:
        connect(f"postgresql://{address}")
    assert "ret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_password_that_is_encoded_is_the_one_that_was_meant() -> None:
    engine = connect("postgresql://bot:s%40c%2Fr%3At@host/name")
    assert engine.url.password == "s@c/r:t"


@pytest.mark.parametrize("query", ["sslmode=nonsense", "nosuch=1"])
def test_what_cannot_be_asked_for_is_named(query: str) -> None:
    with pytest.raises(UnusableDatabase, match=query.split("=", maxsplit=1)[0]):
        make_ready(connect(f"postgresql://bot:secret@127.0.0.1:9/name?{query}"))


def test_the_connections_of_a_process_are_those_that_are_written_down() -> None:
    most = postgres.POOLED + postgres.MORE_AT_A_RUSH + 1
    said = " ".join((DOCS / "postgresql.md").read_text().split())
    assert f"at most {most} connections" in said
    assert f"{(100 - 3) // most} processes" in said
