from typing import Any

import pytest

from bot.domain.refusals import Unwritable
from handlers.http.health import NotReady, Probes
from tests.handlers.http.http_bench import World


def test_the_process_lives_whatever_else_does_not(world: World) -> None:
    for name in world.checks:
        world.checks[name] = False
    world.clock.seconds += 3600
    answer = world.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_readiness_gives_each_check(world: World) -> None:
    answer = world.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "database": True,
        "ticker": True,
        "token": True,
        "socket": True,
    }


@pytest.mark.parametrize("name", ["database", "ticker", "token", "socket"])
def test_one_failing_check_is_503_and_is_named(world: World, name: str) -> None:
    world.checks[name] = False
    answer = world.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == f"Not ready: {name}."
    assert answer.json()["checks"][name] is False


def test_the_gate_answers_without_the_socket(world: World) -> None:
    world.checks["socket"] = False
    assert world.ask("invoices", world.token(), json={}).status_code == 200


def test_a_check_that_breaks_fails_and_one_that_does_not_apply_is_left_out() -> None:
    def broken() -> bool:
        raise OSError("disk gone")

    probes = Probes(broken, lambda: True, token=lambda: True)
    assert probes.faults() == {"database": "", "ticker": None, "token": None}


def test_what_is_wrong_with_the_database_is_for_the_log_alone(logged: list[Any]) -> None:
    def moved() -> bool:
        raise Unwritable("the database /srv/answerable.db was moved")

    probes = Probes(moved, lambda: True, token=lambda: True)
    for _ in range(2):
        assert probes.faults()["database"] == "", "whoever probes shows no token"
    assert [each["reason"] for each in logged] == ["the database /srv/answerable.db was moved"]


def test_a_reason_is_given_and_logged_once_for_as_long_as_it_lasts(logged: list[Any]) -> None:
    reason = "its tables are another version's"

    def unready() -> bool:
        raise NotReady(reason)

    probes = Probes(unready, lambda: True, token=lambda: True)
    for _ in range(3):
        assert probes.faults()["database"] == reason
    probes.database = lambda: True
    assert probes.faults()["database"] is None
    probes.database = unready
    probes.faults()
    assert [each["reason"] for each in logged] == [reason, reason]
