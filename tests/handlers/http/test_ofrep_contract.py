"""What the official client makes of our answers. It never raises: only `reason` tells a value
that was evaluated from the caller's own default."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from bot.domain.gate import GateState
from bot.domain.people import SYSTEM
from bot.domain.tokens import Scope
from bot.usecases.steps.gate import move_gate
from handlers.http import gate
from tests.handlers.http.http_bench import Make, World

Connect = Callable[[str], OpenFeatureClient]


@pytest.fixture
def pipeline(served: str) -> Iterator[Connect]:
    """A pipeline's client: give a token, get what it would use."""
    made = []

    def client(secret: str) -> OpenFeatureClient:
        provider = OFREPProvider(
            served, headers_factory=lambda: {"Authorization": f"Bearer {secret}"}, timeout=5
        )
        made.append(provider)
        domain = f"pipeline-{len(made)}"
        api.set_provider(provider, domain)
        return api.get_client(domain)

    yield client
    api.clear_providers()
    for provider in made:
        provider.session.close()


def test_true_only_while_it_may_run_and_never_by_default(world: World, pipeline: Connect) -> None:
    client = pipeline(world.token())
    for _ in range(20):
        ran = client.get_boolean_details("invoices", default_value=False)
        assert (ran.value, ran.reason, ran.variant) == (True, Reason.STATIC, "run")
        world.pause()
        paused = client.get_boolean_details("invoices", default_value=True)
        assert (paused.value, paused.reason, paused.variant) == (False, Reason.STATIC, "paused")
        world.resume()


def test_the_mode_is_a_string_flag(world: World, pipeline: Connect) -> None:
    world.pause()
    mode = pipeline(world.token()).get_string_details("invoices.mode", "none")
    assert (mode.value, mode.reason) == ("paused", Reason.STATIC)


def test_the_metadata_reaches_the_pipeline(world: World, pipeline: Connect) -> None:
    metadata = (
        pipeline(world.token()).get_boolean_details("invoices", default_value=False).flag_metadata
    )
    assert (metadata["workflow"], metadata["state"], metadata["owner"]) == (
        "invoices",
        "run",
        "U0OWNER",
    )
    assert all(isinstance(value, str | int | bool) for value in metadata.values())


@pytest.mark.parametrize("state", list(GateState))
def test_every_state_is_understood(world: World, pipeline: Connect, state: GateState) -> None:
    with world.deps.store.begin("T0TEST", SYSTEM) as work:
        move_gate(work, work.workflows.get("invoices"), state, "set by a test", "system")
    details = pipeline(world.token()).get_boolean_details("invoices", default_value=True)
    assert details.error_code is None
    assert details.value is (state is GateState.RUN)
    expected = Reason.DISABLED if state is GateState.RETIRED else Reason.STATIC
    assert (details.reason, details.variant) == (expected, state)


def test_an_unknown_a_foreign_and_a_slashed_key_are_not_found(
    world: World, pipeline: Connect
) -> None:
    world.register("letters")
    client = pipeline(world.token())
    for key in ("unknown", "letters", "invoices/refunds"):
        details = client.get_boolean_details(key, default_value=False)
        assert (details.reason, details.error_code) == (Reason.ERROR, ErrorCode.FLAG_NOT_FOUND)
        assert details.error_message.endswith("is not known to this token")


@pytest.mark.parametrize("default", [True, False])
def test_every_refusal_is_the_callers_own_default(
    world: World, pipeline: Connect, *, default: bool
) -> None:
    expired, no_scope = world.token(), world.token(scopes=frozenset({Scope.OUTPUTS_WRITE}))
    for secret in (no_scope, "answ_wrong"):
        details = pipeline(secret).get_boolean_details("invoices", default_value=default)
        assert (details.value, details.reason) == (default, Reason.ERROR)
        assert details.error_code is ErrorCode.GENERAL
    world.clock.at += timedelta(days=366)
    assert (
        pipeline(expired).get_boolean_details("invoices", default_value=default).reason
        is Reason.ERROR
    )


def test_a_stale_view_is_the_callers_own_default_and_does_not_poison_the_client(
    world: World, pipeline: Connect
) -> None:
    client = pipeline(world.token())
    world.clock.seconds += 1.5
    stale = client.get_boolean_details("invoices", default_value=False)
    assert (stale.value, stale.reason, stale.error_code) == (
        False,
        Reason.ERROR,
        ErrorCode.GENERAL,
    )
    world.board.refresh()
    assert client.get_boolean_details("invoices", default_value=False).reason is Reason.STATIC


def test_a_context_the_server_refuses_is_named_to_the_caller(
    world: World, pipeline: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "MAX_BODY", 10)
    context = EvaluationContext("batch-7", {"category": "refunds"})
    details = pipeline(world.token()).get_boolean_details(
        "invoices", default_value=False, evaluation_context=context
    )
    assert (details.reason, details.error_code) == (Reason.ERROR, ErrorCode.GENERAL)
    assert "The body has more than 10 bytes" in details.error_message


def test_a_report_that_waits_for_the_store_does_not_hold_up_the_gate(
    world: World, served: str, output: Make, pipeline: Connect
) -> None:
    secret = world.token()
    client = pipeline(secret)

    def report() -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.post(f"{served}/v1/outputs", json=output(), headers=headers, timeout=30)

    with ThreadPoolExecutor(1) as other:
        with world.deps.store._seat.taken(by_person=True):  # noqa: SLF001 -- a long transaction
            reporting = other.submit(report)
            for _ in range(20):
                details = client.get_boolean_details("invoices", default_value=False)
                assert details.reason is Reason.STATIC
            assert not reporting.done()
        assert reporting.result().json()["accepted"] == 1
