import time
from collections.abc import Callable, Iterator

import pytest

from bot.clock import SystemClock
from bot.domain.gate import GateState
from bot.domain.people import Actor, Origin
from bot.usecases import Deps
from bot.usecases.gate import Board, pause_workflow, read_board
from bot.usecases.tokens import revoke_token
from handlers.http.board import GateBoard
from tests.handlers.http.http_bench import World

OWNER = Actor(Origin.SLACK, "U0OWNER")


@pytest.fixture
def polling(world: World) -> Iterator[GateBoard]:
    """A replica's board that nobody tells of changes, once asked: it only looks by itself."""
    _, token = world.issue("invoices")
    board = GateBoard(world.deps, SystemClock())
    board.start()
    assert board.look_for(token.hash)
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


def known(board: GateBoard) -> tuple[set[str], set[str]]:
    view = board.fresh_view_or_none()
    assert view
    return set(view.gates), set(view.tokens)


def test_a_process_holds_what_it_is_asked_about_and_not_all_there_is(world: World) -> None:
    world.register("claims")
    _, asked = world.issue("invoices")
    world.issue("claims")
    board = GateBoard(world.deps, world.clock)
    board.refresh()
    assert known(board) == (set(), set())

    assert board.look_for(asked.hash)
    assert known(board) == ({"invoices"}, {asked.hash})
    assert state(board) == "run"


def test_a_change_brings_what_has_changed_and_nothing_else(world: World) -> None:
    world.register("claims")
    board = GateBoard(world.deps, world.clock)
    board.refresh()

    world.pause()
    board.refresh()

    assert known(board)[0] == {"invoices"}
    assert state(board) == "paused"


def test_a_token_that_nobody_has_is_looked_for_and_not_there(world: World) -> None:
    before = known(world.board)
    assert world.board.look_for("0" * 64)
    assert known(world.board) == before


def test_i10_what_was_found_of_a_token_does_not_undo_a_pause_that_came_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look for it is overtaken by the pause's own, and is made once more."""
    _, token = world.issue("invoices")
    board = GateBoard(world.deps, world.clock)
    board.refresh()
    looks = []

    def overtaken(deps: Deps, since: int | None, asked: str = "") -> Board | None:
        found = read_board(deps, since, asked)
        looks.append(asked)
        if looks == [token.hash]:
            world.pause()
            board.refresh()
        return found

    monkeypatch.setattr("handlers.http.board.read_board", overtaken)

    assert board.look_for(token.hash)
    assert looks.count(token.hash) == 2
    assert state(board) == "paused"


def test_a_token_that_cannot_be_looked_for_is_not_said_to_be_unknown(world: World) -> None:
    secret, token = world.issue("invoices")
    world.board._tokens.clear()  # noqa: SLF001 -- as after a start
    rename(world, "token", "hidden")

    answer = world.ask("invoices", secret)
    assert answer.status_code == 503
    assert "default applies" in answer.text

    rename(world, "hidden", "token")
    assert world.ask("invoices", secret).status_code == 200
    assert token.hash in known(world.board)[1]


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
