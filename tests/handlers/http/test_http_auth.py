import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.tokens import Token
from bot.usecases import Deps
from bot.usecases.tokens import list_tokens
from tests.handlers.http.http_bench import World


def last_used(world: World, token: Token) -> datetime | None:
    return next(each.last_used_at for each in list_tokens(world.deps) if each.id == token.id)


def use(world: World, secret: str) -> None:
    assert world.ask("invoices", secret, json={}).status_code == 200
    world.settle()


def test_a_tokens_use_is_noted_at_most_once_a_minute(world: World) -> None:
    secret, token = world.issue("invoices")
    first = world.clock.at
    use(world, secret)
    assert last_used(world, token) == first

    for seconds, noted in ((59, 0), (2, 61)):
        world.clock.at += timedelta(seconds=seconds)
        world.clock.seconds += seconds
        world.board.refresh()
        use(world, secret)
        assert last_used(world, token) == first + timedelta(seconds=noted)


def test_a_wrong_token_is_no_use_of_any(world: World) -> None:
    _, token = world.issue("invoices")
    world.ask("invoices", "answ_wrong", json={})
    world.settle()
    assert last_used(world, token) is None


def test_the_gate_answers_while_the_store_is_busy(world: World) -> None:
    secret = world.token()
    with world.deps.store._seat.taken(by_person=True):  # noqa: SLF001 -- a long transaction
        began = time.perf_counter()
        assert world.ask("invoices", secret, json={}).status_code == 200
        assert time.perf_counter() - began < 0.5


def refuse_work(*_: object) -> None:
    raise RuntimeError("stopping")


def test_the_gate_answers_while_the_process_stops(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = world.token()
    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse_work)
    assert world.ask("invoices", secret, json={}).status_code == 200


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_another_workspaces_token_is_unknown_here(
    world: World, second_store: Deps, header: str
) -> None:
    there = replace(world, deps=replace(second_store, workspace="T0OTHER"))
    there.register("invoices")
    secret = there.token("invoices")
    world.token()  # a change here, so that this workspace's board is read anew
    shown = f"Bearer {secret}" if header == "Authorization" else secret
    answer = world.ask("invoices", "", headers={header: shown}, json={})
    assert answer.status_code == 401
