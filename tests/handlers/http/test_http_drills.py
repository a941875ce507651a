"""A drill as pipelines meet it: told at once, noted in memory, recorded behind their back (I10)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from httpx import Response

from bot.domain.gate import GateState
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.usecases.drills import ask_to_drill, start_drill
from tests.handlers.http.http_bench import OWNER, World

FLAGS = "/ofrep/v1/evaluate/flags"


def drill(world: World, number: int = 1, key: str = "invoices") -> None:
    """Have a drill asked for and started."""
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get(key), drill_at=work.now))
    assert ask_to_drill(world.deps, key)
    start_drill(world.deps, OWNER, key, number)


def measured(world: World) -> list[object]:
    return [facts["milliseconds"] for kind, facts in world.entries() if kind == Kind.DRILL_MEASURED]


def state(world: World) -> GateState:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.workflows.get("invoices").gate.state


@contextmanager
def store_held(world: World) -> Iterator[None]:
    """Have the one thread of the executor be busy meanwhile."""
    free = Event()
    world.executor.submit(free.wait)
    yield
    free.set()
    world.settle()


def ask_one(world: World, secret: str) -> Response:
    return world.ask("invoices", secret, json={})


def ask_mode(world: World, secret: str) -> Response:
    return world.ask("invoices.mode", secret, json={})


def ask_all(world: World, secret: str) -> Response:
    return world.post(FLAGS, secret, json={})


@pytest.mark.parametrize("ask", [ask_one, ask_mode, ask_all])
def test_i10_the_first_answer_is_the_pause_and_lets_the_gate_go_back(
    world: World, ask: Callable[[World, str], Response]
) -> None:
    secret = world.token()
    drill(world)
    world.clock.at += timedelta(seconds=2.5)

    assert "paused" in ask(world, secret).text
    world.settle()

    assert measured(world) == [2_500]
    assert state(world) is GateState.RUN
    assert ask_one(world, secret).json()["value"] is True


def test_the_gate_waits_for_no_record_of_a_drill(world: World) -> None:
    secret = world.token()
    drill(world)
    with store_held(world):
        world.clock.at += timedelta(seconds=1)
        for _ in range(3):
            assert ask_one(world, secret).json()["variant"] == "paused"
            world.clock.at += timedelta(seconds=7)
        assert world.executor._work_queue.qsize() == 2, "the token's use, and the drill once"  # noqa: SLF001
        assert measured(world) == []
    assert measured(world) == [1_000], "the first question counts"


def test_a_pipeline_of_another_workflow_says_nothing_of_a_drill(world: World) -> None:
    world.register("letters")
    secret, other = world.token(), world.token("letters")
    drill(world)
    world.ask("letters", other, json={})
    world.ask("invoices", other, json={})
    world.ask("letters", secret, json={})
    world.settle()
    assert measured(world) == []
    assert state(world) is GateState.PAUSED


def test_a_pause_that_is_no_drill_is_not_measured(world: World) -> None:
    secret = world.token()
    world.pause()
    ask_one(world, secret)
    world.settle()
    assert measured(world) == []
    assert state(world) is GateState.PAUSED


def test_what_could_not_be_recorded_is_tried_again_with_the_first_time(world: World) -> None:
    secret = world.token()
    drill(world)
    world.clock.at += timedelta(seconds=3)
    rename(world, "drill", "hidden")
    assert ask_one(world, secret).json()["variant"] == "paused"
    world.settle()
    rename(world, "hidden", "drill")
    world.clock.at += timedelta(seconds=60)
    assert ask_one(world, secret).json()["variant"] == "paused"
    world.settle()
    assert measured(world) == [3_000]


def rename(world: World, old: str, new: str) -> None:
    with world.deps.store.engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
        connection.commit()


def test_i10_whoever_is_not_told_the_state_has_not_heard_of_it(world: World) -> None:
    secret = world.token()
    drill(world)
    told = world.post(FLAGS, secret, json={}, headers={"If-None-Match": "*"})
    assert (told.status_code, len(told.json()["flags"])) == (200, 2)
