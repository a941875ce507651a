import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.limits import read_limits
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.tokens import Scope
from bot.usecases.registry import Registration, accept_ownership, register_workflow
from tests.handlers.http.http_bench import BACKUP, BOTH, OWNER, START, World

KEY = "claims"
WRITE = frozenset({Scope.MEASUREMENTS_WRITE})
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def secret(world: World) -> Iterator[str]:
    """The token of a live workflow whose policy names two measurements."""
    limits = read_limits("latency <= 2.5 every hour\ncost <= 10")
    policy = Policy(1, "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "UTC", 20, 2, 500, 0, 10_000, limits=limits)
    roles = Roles(OWNER.user_id, BACKUP.user_id, "U0STEWARD", "U0BUILDER")
    asked = Registration(KEY, "Sort claims", roles, "C0CLAIMS", policy)
    register_workflow(world.deps, OWNER, asked)
    accept_ownership(world.deps, OWNER, KEY)
    return world.token(KEY, WRITE)


@pytest.fixture
def value() -> Make:
    def make(number: int = 1, **fields: object) -> dict[str, object]:
        observed_at = (START - timedelta(seconds=number)).isoformat()
        sent = {"workflow": KEY, "name": "latency", "value": 1.5, "observed_at": observed_at}
        return sent | fields

    return make


def kept(world: World) -> list[tuple[str, str]]:
    facts = [facts for kind, facts in world.entries() if kind == "measurements.received"]
    return [(name, figure) for each in facts for name, figure, _ in each["values"]]  # type: ignore[attr-defined]


def test_one_value_is_taken_and_on_record_when_202_is_answered(
    world: World, secret: str, value: Make
) -> None:
    answer = world.post("/v1/measurements", secret, json=value())
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert kept(world) == [("latency", "1.5")]


def test_many_are_taken_at_once_and_bad_ones_named_by_their_place(
    world: World, secret: str, value: Make
) -> None:
    sent = [
        value(1),
        "none",
        value(1),
        value(1, value=7),
        value(2, name="speed"),
        value(3, name="cost", value="12.50"),
        value(4, workflow="invoices"),
        value(5, observed_at=(START + timedelta(minutes=6)).isoformat()),
        value(6, unit="s"),
    ]
    assert world.post("/v1/measurements", secret, json=sent).json() == {
        "accepted": 2,
        "duplicates": 1,
        "rejected": [
            {"index": 1, "reason": "must be a JSON object"},
            {"index": 3, "reason": "the value observed then is 1.5, and the first one stands"},
            {"index": 4, "reason": "name is none of those in the policy: latency, cost"},
            {
                "index": 6,
                "reason": "it is of workflow invoices: only what is of claims is taken here",
            },
            {
                "index": 7,
                "reason": "observed_at lies more than 5 minutes in the future: the bot's own time "
                "is 2026-11-21T09:00:00Z",
            },
            {"index": 8, "reason": "unknown field: unit"},
        ],
    }
    assert world.entries()[-1][0] != "measurements.received", "12.5 is past the limit of the cost"
    assert kept(world) == [("cost", "12.5"), ("latency", "1.5")]


def test_a_thousand_values_are_taken_at_once_and_known_the_second_time(
    world: World, secret: str, value: Make
) -> None:
    sent = [value(number) for number in range(1_000)]
    assert world.post("/v1/measurements", secret, json=sent).json()["accepted"] == 1_000
    assert world.post("/v1/measurements", secret, json=sent).json()["duplicates"] == 1_000
    assert world.post("/v1/measurements", secret, json=[*sent, value(1_000)]).status_code == 422


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("2.50", "2.5"),
        ('"2.50"', "2.5"),
        ("1e-3", "0.001"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-0", "0"),
        ("12345678901234567", "12345678901234567"),
    ],
)
def test_a_number_is_taken_exactly_as_it_was_written(
    world: World, secret: str, value: Make, figure: str, told: str
) -> None:
    sent = json.dumps(value(value=0.123)).replace("0.123", figure)
    assert world.post("/v1/measurements", secret, content=sent).json()["accepted"] == 1
    assert kept(world) == [("latency", told)]


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("value", "NaN", "value: must be a number of at most 17 significant digits"),
        ("value", '"Infinity"', "value: must be a number"),
        ("value", "-Infinity", "value: must be a number"),
        ("value", "true", "value: must be a number"),
        ("value", "[1]", "value: must be a number"),
        ("value", '""', "value: must be a number"),
        ("value", '"1,5"', "value: must be a number"),
        ("value", "1e31", "value: must be a number"),
        ("value", "1e999999999999", "value: must be a number"),
        ("value", "1" * 5_000, "value: must be a number"),
        ("value", "null", "value: Field required"),
        ("name", "null", "name: Field required"),
        ("name", "7", "name: "),
        ("name", f'"{"n" * 41}"', "name: "),
        ("name", '"Latency"', "name is none of those in the policy: latency, cost"),
        ("name", '"\\ud800"', "name"),
        ("observed_at", "null", "observed_at: Field required"),
        ("observed_at", '"2026-11-21T09:00:00"', "observed_at: must be an ISO 8601 time"),
        ("observed_at", "1700000000", "observed_at: must be"),
        ("observed_at", '"0001-01-01T00:00:00Z"', "observed_at lies more than 400 days back"),
        ("observed_at", '"9999-12-31T23:59:59Z"', "observed_at lies more than 5 minutes in"),
        ("workflow", "null", "workflow: Field required"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_not_repeated(
    world: World, secret: str, value: Make, field: str, sent: str, said: str
) -> None:
    body = json.dumps(value(**{field: "@"})).replace('"@"', sent)
    answer = world.post("/v1/measurements", secret, content=body)
    assert answer.status_code == 202
    (rejected,) = answer.json()["rejected"]
    assert rejected["reason"].startswith(said)
    assert len(rejected["reason"]) < 200


@pytest.mark.parametrize(
    ("sent", "status", "detail"),
    [
        (b"", 400, "The body is not JSON"),
        (b"5", 422, "Send one measurement as a JSON object, or an array of them."),
        (b"[]", 422, "The array is empty: send at least one measurement."),
        (b" " * (5 * 1024 * 1024 + 1), 413, "The body has more than 5,242,880 bytes"),
    ],
)
def test_a_body_that_holds_no_measurements_is_a_problem(
    world: World, secret: str, sent: bytes, status: int, detail: str
) -> None:
    answer = world.post("/v1/measurements", secret, content=sent)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(detail)


def test_each_scope_is_for_its_own_and_none_is_no_way_in(
    world: World, secret: str, value: Make
) -> None:
    assert world.post("/v1/measurements", "", json=value()).status_code == 401
    narrow = world.post("/v1/measurements", world.token(KEY, BOTH), json=value())
    assert narrow.status_code == 403
    assert narrow.json()["detail"] == "This token is not for measurements:write."
    assert world.post("/v1/outputs", secret, json={}).status_code == 403
    assert kept(world) == []


def test_i13_a_token_of_another_workflow_reports_nothing_of_this_one(
    world: World, secret: str, value: Make
) -> None:
    assert secret
    other = world.token("invoices", WRITE)
    (rejected,) = world.post("/v1/measurements", other, json=value()).json()["rejected"]
    assert rejected["reason"] == "it is of workflow claims: only what is of invoices is taken here"
    mine = value(workflow="invoices")
    (rejected,) = world.post("/v1/measurements", other, json=mine).json()["rejected"]
    assert rejected["reason"] == "the policy of this workflow names no measurements"


def test_a_workflow_nobody_has_accepted_takes_none(world: World, value: Make) -> None:
    world.register("drafts", live=False)
    answer = world.post(
        "/v1/measurements", world.token("drafts", WRITE), json=value(workflow="drafts")
    )
    assert answer.status_code == 409
    assert answer.json()["detail"] == "drafts is not live: its owner has not accepted yet."


def test_while_another_writer_holds_the_store_it_is_503_and_nothing_is_kept(
    world: World, secret: str, value: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.deps.store._seat, "_patience", 0.05)  # noqa: SLF001
    with world.deps.store._seat.taken(by_person=True):  # noqa: SLF001 -- a long transaction
        answer = world.post("/v1/measurements", secret, json=value())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert kept(world) == []
    assert world.post("/v1/measurements", secret, json=value()).json()["accepted"] == 1


def test_the_apis_page_describes_a_measurement(world: World) -> None:
    page = world.client.get("/openapi.json").json()["paths"]["/v1/measurements"]["post"]
    one, many = page["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert one["required"] == ["workflow", "name", "value", "observed_at"]
    assert one["properties"]["value"]["oneOf"] == [{"type": "number"}, {"type": "string"}]
    assert many["maxItems"] == 1_000


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
nearly = st.fixed_dictionaries(
    {
        "workflow": st.just(KEY) | anything,
        "name": st.sampled_from(["latency", "cost"]) | anything,
        "value": st.floats() | st.decimals().map(str) | anything,
        "observed_at": st.just(START.isoformat()) | st.text() | anything,
    }
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=anything | nearly | st.lists(nearly | anything, max_size=4))
def test_no_json_is_ever_answered_with_a_fault_of_ours(
    world: World, secret: str, sent: object
) -> None:
    body = json.dumps(sent).encode()
    answer = world.post("/v1/measurements", secret, content=body)
    assert answer.status_code < 500, answer.text
    if answer.status_code == 202:
        counted = answer.json()
        total = len(sent) if isinstance(sent, list) else 1
        assert counted["accepted"] + counted["duplicates"] + len(counted["rejected"]) == total
