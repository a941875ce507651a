"""Several processes on one database: none loses an entry, and none waits for ever."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from worlds import MEMBER, World, a_world, findings, person

from bot.clock import SystemClock
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Busy, Invalid
from store.engine import connect
from store.faults import UnusableDatabase
from store.unit_of_work import Changed
from tests.engines import address_of

TURNS = 25
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from store.engine import connect
from worlds import world_on

world = world_on(connect(sys.argv[1]), Path())
for turn in range(int(sys.argv[2])):
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.record(Kind.OUTPUTS_RECEIVED, f"turn/{sys.argv[3]}/{turn}")
"""


def test_i2_four_processes_on_one_database_keep_every_entry_of_all(world: World) -> None:
    names = ("one", "two", "three", "four")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, address(world), str(TURNS), name],
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        )
        for name in names
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]

    written = [entry.on for entry in world.entries(Kind.OUTPUTS_RECEIVED)]
    for name in names:
        mine = [each for each in written if each.startswith(f"turn/{name}/")]
        assert mine == [f"turn/{name}/{turn}" for turn in range(TURNS)]
    assert [entry.seq for entry in world.entries()] == list(range(4 * TURNS + 1))


def address(world: World) -> str:
    return address_of(world.deps.store.engine.url)


def test_i2_many_threads_of_one_process_keep_every_entry(world: World) -> None:
    def write(name: int) -> None:
        for turn in range(10):
            with world.deps.store.begin(world.deps.workspace, person(f"U{name}")) as work:
                work.record(Kind.EXPORT_MADE, f"workspace/{work.workspace}", {"turn": turn})

    threads = [threading.Thread(target=write, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(world.entries(Kind.EXPORT_MADE)) == 60
    assert findings(world) == []


def test_another_program_that_holds_the_database_makes_one_busy_with_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine.PATIENCE", 0.05)
    world = a_world(tmp_path)
    before = world.contents()
    holder = connect(address(world))
    with holder.connect().execution_options(seat=world.deps.workspace) as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(Busy, match="nothing was recorded"):
            world.registers()
        assert world.contents() == before, "who only reads never waits"
    world.registers()
    holder.dispose()


def test_who_waits_for_this_process_and_for_another_program_waits_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience, clock = 1.0, SystemClock()
    monkeypatch.setattr("store.engine.PATIENCE", patience)
    world = a_world(tmp_path)
    store, workspace = world.deps.store, world.deps.workspace
    holder = connect(address(world))

    def tick() -> None:
        with pytest.raises(Busy), store.begin(workspace, SYSTEM):
            pytest.fail("the seat was given twice")

    with holder.connect().execution_options(seat=workspace) as connection:
        connection.execute(text("SELECT 1"))
        ticking = threading.Thread(target=tick)
        ticking.start()
        ticking.join(patience / 4)
        came = clock.elapsed()
        with pytest.raises(Busy, match="another program holds the database"):
            world.registers()
        waited = clock.elapsed() - came
        ticking.join()
    assert waited < 1.5 * patience

    world.registers()
    holder.dispose()


def test_the_seat_is_taken_before_the_first_read(world: World) -> None:
    order = []

    def write(name: str, seated: threading.Event, go: threading.Event) -> None:
        with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
            seated.set()
            go.wait(5)
            order.append((name, work.record(Kind.OUTPUTS_RECEIVED, f"turn/{name}")))

    first_seated, first_goes, second_seated = (threading.Event() for _ in range(3))
    first = threading.Thread(target=write, args=("first", first_seated, first_goes))
    first.start()
    first_seated.wait(5)
    second = threading.Thread(target=write, args=("second", second_seated, first_goes))
    second.start()
    assert not second_seated.wait(0.05), "the second has not even looked yet"
    first_goes.set()
    first.join()
    second.join()

    assert order == [("first", 1), ("second", 2)]


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", ""])
def test_no_other_database_is_connected_to(url: str) -> None:
    with pytest.raises(UnusableDatabase, match=r"use sqlite:///.*, or postgresql://"):
        connect(url)


@pytest.mark.parametrize("url", ["postgresql://", "postgresql://bot:secret@host", "postgres:///"])
def test_a_server_without_the_name_of_a_database_is_not_connected_to(url: str) -> None:
    with pytest.raises(UnusableDatabase, match="names no database on the server") as refused:
        connect(url)
    assert "secret" not in str(refused.value)


def test_workspaces_are_those_that_have_a_log(world: World) -> None:
    a_world(world.path.parent, "T0OTHER").deps.store.engine.dispose()

    assert world.deps.store.workspaces() == ("T0OTHER", "T0WORK")


def test_whoever_listens_hears_of_each_commit_and_of_nothing_else(world: World) -> None:
    heard: list[Changed] = []
    world.deps.store.listeners.append(heard.append)
    world.registers()
    with pytest.raises(Invalid):
        world.registers()

    assert [(each.workspace, each.has_messages, each.board_changed) for each in heard] == [
        ("T0WORK", True, True)
    ]


def test_a_gate_cannot_change_without_an_entry(world: World) -> None:
    with (
        pytest.raises(RuntimeError, match="without an entry"),
        world.deps.store.begin("T0WORK", person(MEMBER)) as work,
    ):
        work.put_on_board("invoices")
