import time
from collections.abc import Callable, Iterator

import pytest

from bot.clock import SystemClock
from bot.domain.gate import GateState
from bot.domain.people import Actor, Origin
from bot.usecases import Deps
from bot.usecases.gate import pause_workflow, read_board
from bot.usecases.tokens import revoke_token
from handlers.http.board import GateBoard
from tests.handlers.http.http_bench import World

OWNER = Actor(Origin.SLACK, "U0OWNER")


@pytest.fixture
def polling(world: World) -> Iterator[GateBoard]:
    """A replica's board that nobody tells of changes: it only looks by itself."""
    board = GateBoard(world.deps, SystemClock())
    board.start()
    yield board
    board.stop()


def state(board: GateBoard) -> GateState | None:
    view = board.fresh_view_or_none()
    return view and view.gates["invoices"].gate.state


def seconds_until(seen: Callable[[], bool]) -> float:
    began = time.perf_counter()
    while not seen():
        assert time.perf_counter() - began < 20, "never seen"
        time.sleep(0.001)
    return time.perf_counter() - began


def rename(world: World, old: str, new: str) -> None:
    with world.deps.store.engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
        connection.commit()


def test_a_pause_of_another_process_is_seen_within_250_ms(
    world: World, second_store: Deps, polling: GateBoard
) -> None:
    waited = []
    for _ in range(8):
        if waited:
            world.resume()
        seconds_until(lambda: state(polling) == "run")
        pause_workflow(second_store, OWNER, "invoices", "stop")
        waited.append(seconds_until(lambda: state(polling) == "paused"))
    assert max(waited) < 0.25


def test_a_token_revoked_by_another_process_is_seen_as_well(
    world: World, second_store: Deps
) -> None:
    _, token = world.issue("invoices")
    revoke_token(second_store, token.id)
    assert not world.board.fresh_view_or_none().tokens[token.hash].revoked_at
    world.board.refresh()
    assert world.board.fresh_view_or_none().tokens[token.hash].revoked_at


def test_a_board_that_cannot_be_read_goes_stale_and_comes_back(
    world: World, polling: GateBoard
) -> None:
    rename(world, "head", "hidden")
    seconds_until(lambda: polling.fresh_view_or_none() is None)
    rename(world, "hidden", "head")
    seconds_until(lambda: state(polling) == "run")


def test_a_change_that_could_not_be_looked_at_leaves_nothing_to_answer_from(world: World) -> None:
    assert state(world.board) == "run"
    rename(world, "head", "hidden")
    world.board.refresh()
    assert world.board.fresh_view_or_none() is None


def test_an_older_look_that_ends_later_does_not_undo_a_newer_one(world: World) -> None:
    old = read_board(world.deps, -1)
    begun = world.clock.elapsed()
    world.clock.seconds += 0.5
    world.pause()
    world.board._apply(old, begun)  # noqa: SLF001 -- the race, played slowly
    assert state(world.board) == "paused"
    world.clock.seconds += 0.9
    assert state(world.board) == "paused"


def test_a_look_begun_before_a_change_that_failed_to_be_seen_is_not_trusted(world: World) -> None:
    begun = world.clock.elapsed()
    rename(world, "head", "hidden")
    world.clock.seconds += 0.1
    world.board.refresh()
    world.board._apply(None, begun)  # noqa: SLF001 -- as above
    assert world.board.fresh_view_or_none() is None
