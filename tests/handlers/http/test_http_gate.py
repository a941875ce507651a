from datetime import timedelta

import pytest

from bot.domain.gate import GateState
from bot.domain.people import SYSTEM
from bot.domain.tokens import Scope
from bot.usecases.steps.gate import move_gate
from bot.usecases.tokens import revoke_token
from tests.handlers.http.http_bench import World

FLAGS = "/ofrep/v1/evaluate/flags"


def set_gate(world: World, state: GateState, key: str = "invoices") -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        move_gate(work, work.workflows.get(key), state, "set by a test", "system")


def test_a_live_workflow_may_run_and_the_answer_says_why(world: World) -> None:
    answer = world.ask("invoices", world.token(), json={"context": {"targetingKey": "batch-7"}})
    assert answer.status_code == 200
    body = answer.json()
    assert body["key"] == "invoices"
    assert body["value"] is True
    assert body["reason"] == "STATIC"
    assert body["variant"] == "run"
    assert body["metadata"] == {
        "workflow": "invoices",
        "state": "run",
        "owner": "U0OWNER",
        "since": "2026-11-21T09:00:00Z",
        "record": body["metadata"]["record"],
    }
    assert isinstance(body["metadata"]["record"], int)


def test_a_draft_is_not_ready_and_has_no_record_of_its_gate_yet(world: World) -> None:
    world.register("drafts", live=False)
    secret = world.token("drafts")
    body = world.ask("drafts", secret, json={}).json()
    assert (body["value"], body["reason"], body["variant"]) == (False, "STATIC", "not_ready")
    assert "record" not in body["metadata"]


@pytest.mark.parametrize(
    ("state", "value", "reason"),
    [
        (GateState.RUN, True, "STATIC"),
        (GateState.REVIEW_ALL, False, "STATIC"),
        (GateState.DEGRADED, False, "STATIC"),
        (GateState.PAUSED, False, "STATIC"),
        (GateState.RETIRED, False, "DISABLED"),
    ],
)
def test_every_state_has_its_value_and_a_standard_reason(
    world: World, state: GateState, *, value: bool, reason: str
) -> None:
    secret = world.token()
    set_gate(world, state)
    may_run = world.ask("invoices", secret, json={}).json()
    mode = world.ask("invoices.mode", secret, json={}).json()
    assert (may_run["value"], may_run["reason"], may_run["variant"]) == (value, reason, state)
    assert (mode["value"], mode["reason"], mode["variant"]) == (state, reason, state)


def test_a_degraded_workflow_runs_if_its_policy_says_so(world: World) -> None:
    world.register("letters", runs_degraded=True)
    secret = world.token("letters")
    set_gate(world, GateState.DEGRADED, "letters")
    assert world.ask("letters", secret, json={}).json()["value"] is True


def test_a_committed_pause_is_what_the_very_next_evaluation_returns(world: World) -> None:
    secret = world.token()
    for _ in range(100):
        world.pause()
        assert world.ask("invoices", secret, json={}).json()["variant"] == "paused"
        world.resume()
        assert world.ask("invoices", secret, json={}).json()["variant"] == "run"


def test_the_reason_a_person_typed_does_not_leave_through_the_gate(world: World) -> None:
    secret = world.token()
    world.pause()
    assert "duplicates" not in world.ask("invoices", secret, json={}).text


@pytest.mark.parametrize("sent", [b"", b"  ", b"{}", b'{"context":null}', b'{"context":{"a":1}}'])
def test_a_body_without_a_targeting_key_is_evaluated(world: World, sent: bytes) -> None:
    assert world.ask("invoices", world.token(), content=sent).status_code == 200


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"{", "PARSE_ERROR"),
        (b"\xff\xfe", "PARSE_ERROR"),
        (b"[" * 60_000, "PARSE_ERROR"),
        (b'{"context":{"n":' + b"9" * 10_000 + b"}} x", "PARSE_ERROR"),
        (b'{"context":{"a":1,"a":2}}', "PARSE_ERROR"),
        (b"[]", "INVALID_CONTEXT"),
        (b"null", "INVALID_CONTEXT"),
        (b'"context"', "INVALID_CONTEXT"),
        (b'{"context":[]}', "INVALID_CONTEXT"),
        (b'{"context":5}', "INVALID_CONTEXT"),
        (b'{"context":false}', "INVALID_CONTEXT"),
    ],
)
@pytest.mark.parametrize("path", [FLAGS, FLAGS + "/invoices"])
def test_a_body_that_cannot_be_is_named_in_the_protocols_words(
    world: World, path: str, sent: bytes, code: str
) -> None:
    answer = world.post(path, world.token(), content=sent)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errorCode"] == code
    assert answer.json()["errorDetails"] == answer.json()["detail"]


def test_an_oversized_context_is_refused_in_both_shapes(world: World) -> None:
    answer = world.ask("invoices", world.token(), content=b" " * (64 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["errorDetails"]
    assert answer.json()["key"] == "invoices"


def test_a_numeral_longer_than_python_reads_is_no_fault_of_ours(world: World) -> None:
    sent = b'{"context":{"n":' + b"9" * 10_000 + b"}}"
    assert world.ask("invoices", world.token(), content=sent).status_code == 200


@pytest.mark.parametrize(
    "flag", ["unknown", "letters", "letters.mode", "a/b", "", "%F0%9F", "x" * 500]
)
def test_an_unknown_and_a_foreign_workflow_cannot_be_told_apart(world: World, flag: str) -> None:
    world.register("letters")
    answer = world.ask(flag, world.token("invoices"), json={})
    assert answer.status_code == 404
    body = answer.json()
    assert body["errorCode"] == "FLAG_NOT_FOUND"
    assert body["errorDetails"].endswith("is not known to this token")
    assert len(body["errorDetails"]) < 150


def test_the_dots_of_a_mode_are_not_taken_twice(world: World) -> None:
    assert world.ask("invoices.mode.mode", world.token(), json={}).status_code == 404


@pytest.mark.parametrize("path", [FLAGS, FLAGS + "/invoices"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer answ_wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer \xe9".encode("latin-1")},
        {"X-API-Key": "answ_wrong"},
    ],
)
def test_a_missing_or_wrong_token_is_401_in_both_shapes(
    world: World, path: str, headers: dict[str, str | bytes]
) -> None:
    answer = world.client.post(path, json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["errorCode"] == "GENERAL"
    assert answer.json()["errorDetails"]


def test_a_token_may_be_shown_as_an_api_key(world: World) -> None:
    answer = world.ask("invoices", "", headers={"X-API-Key": world.token()}, json={})
    assert answer.status_code == 200


def test_a_revoked_token_is_refused_at_once(world: World) -> None:
    secret, token = world.issue("invoices")
    assert world.ask("invoices", secret, json={}).status_code == 200
    revoke_token(world.deps, token.id)
    assert world.ask("invoices", secret, json={}).status_code == 401


def test_an_expired_token_is_refused(world: World) -> None:
    secret = world.token()
    world.clock.at += timedelta(days=365) - timedelta(seconds=1)
    assert world.ask("invoices", secret, json={}).status_code == 200
    world.clock.at += timedelta(seconds=1)
    assert world.ask("invoices", secret, json={}).status_code == 401


def test_a_token_for_outputs_alone_may_not_ask_the_gate(world: World) -> None:
    secret = world.token(scopes=frozenset({Scope.OUTPUTS_WRITE}))
    answer = world.ask("invoices", secret, json={})
    assert answer.status_code == 403
    assert answer.json()["errorDetails"] == "This token is not for gate:read."


def test_bulk_gives_both_flags_of_the_tokens_workflow_alone(world: World) -> None:
    world.register("letters")
    body = world.post(FLAGS, world.token("invoices"), json={"context": {}}).json()
    assert [(flag["key"], flag["value"]) for flag in body["flags"]] == [
        ("invoices", True),
        ("invoices.mode", "run"),
    ]


def test_bulk_is_304_until_the_gate_moves(world: World) -> None:
    secret = world.token()
    tag = world.post(FLAGS, secret, json={}).headers["etag"]
    same = world.post(FLAGS, secret, json={}, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    world.pause()
    moved = world.post(FLAGS, secret, json={}, headers={"If-None-Match": tag})
    assert moved.status_code == 200
    assert moved.headers["etag"] != tag


def test_a_view_older_than_a_second_answers_503_so_that_the_callers_default_applies(
    world: World,
) -> None:
    secret = world.token()
    world.clock.seconds += 1.0
    assert world.ask("invoices", secret, json={}).status_code == 200
    world.clock.seconds += 0.01
    for path in (FLAGS, FLAGS + "/invoices", FLAGS + "/unknown"):
        answer = world.post(path, secret, json={})
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errorDetails"]
    world.board.refresh()
    assert world.ask("invoices", secret, json={}).status_code == 200


def test_an_address_that_does_not_exist_carries_the_protocols_words_too(world: World) -> None:
    for answer in (
        world.client.get(FLAGS + "/invoices"),
        world.client.post("/ofrep/v1/configuration"),
    ):
        assert answer.status_code in {404, 405}
        assert answer.json()["errorCode"] == "GENERAL"
        assert answer.json()["errorDetails"]
