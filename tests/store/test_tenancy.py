"""Who serves a database: of SQLite's one process alone, of PostgreSQL's many, led by one."""

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from structlog.testing import capture_logs
from worlds import WORKSPACE, World

from store import postgres
from store.engine import connect
from store.faults import UnusableDatabase
from store.tenancy import Lead, held_alone
from tests.engines import address_of, on_postgresql, on_sqlite
from tests.wires import a_wire_to
from tests.workspace import until

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from store.engine import connect
from store.tenancy import held_alone

with held_alone(connect(sys.argv[1])):
    print("said: held", flush=True)
    sys.stdin.read()
"""
LEADER = """
import sys
from store.engine import connect
from store.tenancy import Lead

lead = Lead(connect(sys.argv[1]), sys.argv[2], lambda: 0)
print("said:", lead.is_ours(), flush=True)
sys.stdin.read()
"""


@contextmanager
def another(program: str, *arguments: str) -> Iterator[tuple[int, str]]:
    """Have another process run; give its id and what it said. It is killed without a warning."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={"PYTHONPATH": f"{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        lines = iter(process.stdout.readline, "")
        yield process.pid, next(line for line in lines if line.startswith("said: ")).strip()
    finally:
        process.kill()
        process.communicate()


def lead_of(engine: Engine, workspace: str = WORKSPACE) -> Lead:
    """Give a lead that asks the database every time: each look is a second after the last."""
    return Lead(engine, workspace, count().__next__)


@on_sqlite
def test_i2_one_server_holds_a_file_as_long_as_it_lives(world: World) -> None:
    url = f"sqlite:///{world.path}"
    with another(HOLDER, url) as (pid, said):
        assert said == "said: held"
        with (
            pytest.raises(UnusableDatabase, match=rf"\(process {pid}\) runs on .*stop it"),
            held_alone(connect(url)),
        ):
            pytest.fail("two hold it")

    with held_alone(connect(url)):
        assert world.path.with_name(f"{world.path.name}.lock").stat().st_mode & 0o077 == 0


@on_sqlite
def test_i2_a_lock_that_was_deleted_is_made_again_before_another_server_starts(
    world: World,
) -> None:
    url, engine = f"sqlite:///{world.path}", world.deps.store.engine
    lock = world.path.with_name(f"{world.path.name}.lock")
    with held_alone(engine) as hold:
        lead = Lead(engine, WORKSPACE, count().__next__, hold)
        assert lead.is_ours()
        for lose in (lock.unlink, lambda: lock.rename(lock.with_name("aside"))):
            lose()
            with capture_logs() as said:
                assert (lead.is_ours(), lead.is_ours()) == (True, True)
            told = "the lock beside the database was gone and is made again"
            assert [(each["event"], each["file"]) for each in said] == [(told, str(lock))]
            with pytest.raises(UnusableDatabase, match="another `ans"), held_alone(connect(url)):
                pytest.fail("two hold it")
    with held_alone(engine):
        pass


@on_sqlite
def test_i2_who_has_lost_the_lock_to_another_server_leads_no_more(world: World) -> None:
    url, engine = f"sqlite:///{world.path}", world.deps.store.engine
    with held_alone(engine) as hold:
        lead = Lead(engine, WORKSPACE, count().__next__, hold)
        world.path.with_name(f"{world.path.name}.lock").unlink()
        with another(HOLDER, url) as (pid, _), capture_logs() as said:
            assert (lead.is_ours(), lead.is_ours()) == (False, False)
        [told] = said
        assert told["log_level"] == "error"
        assert f"another `answerable serve` (process {pid}) runs on" in told["reason"]
        assert lead.is_ours(), "that one has ended"


@on_sqlite
def test_a_lock_that_cannot_be_written_is_said_with_what_to_do(world: World) -> None:
    lock = world.path.with_name(f"{world.path.name}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with (
        pytest.raises(UnusableDatabase, match=r"\.lock: Is a directory\. Run this as the user who"),
        held_alone(world.deps.store.engine),
    ):
        pytest.fail("it is held")


@on_sqlite
def test_a_start_is_not_refused_for_a_command_that_looks_who_holds_the_file(world: World) -> None:
    engine = world.deps.store.engine
    with held_alone(engine):
        pass
    looking = world.path.with_name(f"{world.path.name}.lock").open()
    fcntl.flock(looking, fcntl.LOCK_SH)
    done = threading.Timer(0.04, looking.close)
    done.start()

    with held_alone(engine):
        done.join()


@on_sqlite
def test_i2_a_file_with_a_second_name_is_refused_until_it_has_one(
    world: World, tmp_path: Path
) -> None:
    second = tmp_path / "second.db"
    second.hardlink_to(world.path)
    for path in (world.path, second):
        with pytest.raises(UnusableDatabase, match="one file under 2 names"):
            connect(f"sqlite:///{path}")
    second.unlink()
    connect(f"sqlite:///{world.path}").dispose()
    connect(f"sqlite:///{second}").dispose()  # one that is not there has no other name


@on_sqlite
def test_a_folder_is_told_from_a_file_with_many_names(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="is no file: name one in ANSWERABLE_DATABASE_URL"):
        connect(f"sqlite:///{tmp_path}")


@on_sqlite
def test_who_holds_a_file_alone_leads_there(world: World) -> None:
    assert lead_of(world.deps.store.engine).is_ours()


@on_postgresql
def test_i2_of_several_processes_one_leads_until_it_ends(world: World) -> None:
    engine = world.deps.store.engine
    ours = lead_of(engine)
    with another(LEADER, address_of(engine.url), WORKSPACE) as (_, said):
        assert said == "said: True"
        assert not ours.is_ours()
        elsewhere = lead_of(engine, "T0OTHER")
        assert elsewhere.is_ours(), "each workspace has a lead of its own"
        elsewhere.let_go()

    # Nobody has to clear anything away, but the server notices the end only when it looks.
    until(ours.is_ours, lambda: time.sleep(0.01))
    other = lead_of(engine)
    assert not other.is_ours()
    other.let_go()
    ours.let_go()


@on_postgresql
def test_i2_who_lost_the_connection_knows_that_it_leads_no_more(world: World) -> None:
    engine = world.deps.store.engine
    ours, other = lead_of(engine), lead_of(engine)
    assert ours.is_ours()
    assert not other.is_ours()

    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
            )
        )
    until(other.is_ours, lambda: time.sleep(0.01))
    assert not ours.is_ours()
    other.let_go()


@on_postgresql
def test_i2_who_is_cut_off_leads_no_more_and_another_leads_a_little_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.postgres.ANSWERED_WITHIN", 0.2)
    monkeypatch.setattr("store.postgres._MOST_IDLE", "1s")
    engine = world.deps.store.engine
    with a_wire_to(engine.url) as wire:
        behind = connect(address_of(wire.url))
        ours, other = lead_of(behind), lead_of(engine)
        assert ours.is_ours()
        wire.cut.set()
        with capture_logs() as said:
            assert not ours.is_ours(), "an answer that does not come is not waited for"
        assert said[0]["error"] == "no answer within 0.2 seconds"
        ours.let_go()
        assert not other.is_ours(), "the server has not been told"
        until(other.is_ours, lambda: time.sleep(0.05))
        other.let_go()
        behind.dispose()


@on_postgresql
def test_a_server_that_cannot_be_asked_who_leads_is_said_once_and_asked_once_a_second(
    world: World,
) -> None:
    tries: list[object] = []
    nowhere = connect("postgresql://nobody@127.0.0.1:9/nothing")
    event.listen(nowhere, "do_connect", lambda *said: tries.append(said))
    now = [0.0]
    ours = Lead(nowhere, WORKSPACE, lambda: now[0])
    with capture_logs() as said:
        for now[0] in (0.0, 0.5, 0.9, 1.0, 2.5):
            assert not ours.is_ours()
    assert [each["event"] for each in said] == ["nobody can be asked who leads"]
    assert "refused" in said[0]["error"]
    assert len(tries) == 3

    engine = world.deps.store.engine
    late = lead_of(engine)
    with ExitStack() as taken:
        for _ in range(postgres.POOLED + postgres.MORE_AT_A_RUSH):
            taken.enter_context(engine.connect())
        assert not late.is_ours()
    assert late.is_ours(), "it asks again"
    late.let_go()
