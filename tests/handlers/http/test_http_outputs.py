import json
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.outputs import Output
from bot.domain.people import OPERATOR
from bot.domain.tokens import Scope
from bot.usecases import Deps
from handlers.http import bodies
from handlers.http.outputs import OUTPUTS
from store import engine
from tests.handlers.http.http_bench import Make, World

MILLION = 1024 * 1024


def test_one_output_is_taken_whole_and_is_there_when_202_is_answered(
    world: World, output: Make
) -> None:
    sent = output(
        category="refunds",
        confidence=0.8,
        model_version="m-3",
        text="Refund 12 €\n<!channel> \u202eevil",
        url="https://example.com/1",
        digest="sha256:ab",
        produced_at="2026-11-21T10:30:00.25+02:00",
    )
    answer = world.report(world.token(), json=sent)
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert world.stored("out-1") == Output(
        output_id="out-1",
        produced_at=datetime(2026, 11, 21, 8, 30, 0, 250_000, tzinfo=UTC),
        category="refunds",
        confidence="0.8",
        model_version="m-3",
        text="Refund 12 €\n<!channel> \u202eevil",
        url="https://example.com/1",
        digest="sha256:ab",
    )


def test_a_field_that_is_null_counts_as_left_out(world: World, output: Make) -> None:
    fields = dict.fromkeys(("category", "confidence", "model_version", "text", "url", "digest"))
    assert world.report(world.token(), json=output(**fields)).json()["accepted"] == 1
    assert world.stored("out-1").category == "uncategorised"


@pytest.mark.parametrize("category", ["", "  ", "\u00a0"])
def test_a_category_of_nothing_or_blanks_is_none(world: World, output: Make, category: str) -> None:
    assert world.report(world.token(), json=output(category=category)).json()["accepted"] == 1
    assert world.stored("out-1").category == "uncategorised"


def test_a_thousand_outputs_are_taken_at_once_and_known_the_second_time(
    world: World, output: Make
) -> None:
    secret, sent = world.token(), [output(number) for number in range(1_000)]
    assert world.report(secret, json=sent).json()["accepted"] == 1_000
    again = world.report(secret, json=sent)
    assert again.status_code == 202
    assert again.json() == {"accepted": 0, "duplicates": 1_000, "rejected": []}


def test_the_same_id_twice_in_one_request_is_a_duplicate_or_a_conflict(
    world: World, output: Make
) -> None:
    sent = [output(1), output(1), output(1, text="another")]
    assert world.report(world.token(), json=sent).json() == {
        "accepted": 1,
        "duplicates": 1,
        "rejected": [{"index": 2, "reason": "output_id was used before for a different output"}],
    }


def test_what_was_written_differently_but_is_the_same_time_is_a_duplicate(
    world: World, output: Make
) -> None:
    secret = world.token()
    world.report(secret, json=output(produced_at="2026-11-21T08:00:00Z"))
    again = world.report(secret, json=output(produced_at="2026-11-21T09:00:00+01:00"))
    assert again.json()["duplicates"] == 1


def test_bad_items_are_named_by_their_place_and_the_rest_is_taken(
    world: World, output: Make
) -> None:
    sent = [
        "no object",
        output(1),
        output(2, confidence=1.5),
        output(3),
        output(4, text="x" * 2_001),
        output(5, workflow="letters"),
        output(6, workflow="nowhere"),
    ]
    answer = world.report(world.token(), json=sent).json()
    assert answer == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": [
            {"index": 0, "reason": "must be a JSON object"},
            {
                "index": 2,
                "reason": "confidence: must be a number from 0 to 1 of at most 40 characters",
            },
            {"index": 4, "reason": "text has 2,001 characters; the policy allows 2,000"},
            {
                "index": 5,
                "reason": "it is of workflow letters: only what is of invoices is taken here",
            },
            {
                "index": 6,
                "reason": "it is of workflow nowhere: only what is of invoices is taken here",
            },
        ],
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("output_id", "", "output_id: must be 1 to 128 printable"),
        ("output_id", "a b", "output_id: must be"),
        ("output_id", "a\n", "output_id: must be"),
        ("output_id", "ä", "output_id: must be"),
        ("output_id", "x" * 129, "output_id: must be"),
        ("output_id", 7, "output_id: "),
        ("output_id", None, "output_id: Field required"),
        ("workflow", None, "workflow: Field required"),
        ("workflow", ["invoices"], "workflow: "),
        ("workflow", "x\ud800" * 500, "workflow"),
        ("produced_at", None, "produced_at: Field required"),
        ("produced_at", "2026-11-21T09:00:00", "produced_at: must be an ISO 8601 time with a zone"),
        ("produced_at", "2026-11-21", "produced_at: must be"),
        ("produced_at", "yesterday", "produced_at: must be"),
        ("produced_at", 1_700_000_000, "produced_at: must be"),
        ("produced_at", "1700000001", "produced_at: must be"),
        ("produced_at", "0001-01-01T00:00:00+23:59", "produced_at: must be"),
        ("category", "c" * 61, "category: "),
        ("category", {"a": 1}, "category: "),
        ("category", "c\0", "category: contains a NUL"),
        ("confidence", "0.5", "confidence: must be"),
        ("confidence", True, "confidence: must be"),
        ("confidence", -0.1, "confidence: must be"),
        ("confidence", float("nan"), "confidence: must be"),
        ("confidence", float("inf"), "confidence: must be"),
        ("confidence", 10**50, "confidence: must be"),
        ("model_version", "m" * 129, "model_version: "),
        ("digest", "d" * 129, "digest: "),
        ("url", "https://" + "u" * 2_048, "url: "),
        ("url", "javascript:alert(1)", "url must start with"),
        ("text", "a\0b", "text: contains a NUL"),
        ("text", "a\ud800b", "text: "),
        ("truth", "x", "unknown field: truth"),
        ("a\ud800\0" + "b" * 200, "x", "unknown field: a\\ud800"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_not_repeated(
    world: World, output: Make, field: str, value: object, said: str
) -> None:
    sent = output(**{field: value})
    answer = world.report(world.token(), content=json.dumps(sent).encode())
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 0
    (rejected,) = answer.json()["rejected"]
    assert rejected["index"] == 0
    assert rejected["reason"].startswith(said)
    assert len(rejected["reason"]) < 200


@pytest.mark.parametrize("figure", ["0", "1", "0.80", "1e-3", "1.0E0", "0.30000000000000004"])
def test_a_confidence_is_kept_as_it_was_written(world: World, output: Make, figure: str) -> None:
    sent = json.dumps(output(confidence=0.5)).replace("0.5", figure)
    assert world.report(world.token(), content=sent).json()["accepted"] == 1
    assert world.stored("out-1").confidence == figure


@pytest.mark.parametrize("figure", ["0." + "1" * 40, "1e99999999999999999999", "1.0000001"])
def test_a_figure_too_long_or_beyond_all_numbers_is_rejected(
    world: World, secret: str, output: Make, figure: str
) -> None:
    sent = json.dumps(output(confidence=0.5)).replace("0.5", figure)
    (rejected,) = world.report(secret, content=sent).json()["rejected"]
    assert rejected["reason"].startswith("confidence: must be")


@pytest.mark.parametrize("days", [-36_500, -400, 0])
def test_old_times_are_the_producers_to_say(world: World, output: Make, days: int) -> None:
    at = (world.clock.at + timedelta(days=days)).astimezone(timezone(timedelta(hours=-3)))
    assert world.report(world.token(), json=output(produced_at=at.isoformat())).json()["accepted"]


def test_an_output_of_the_future_is_rejected_by_its_place(world: World, output: Make) -> None:
    ahead = (world.clock.at + timedelta(days=400)).isoformat()
    sent = [output(), {**output(), "output_id": "out-2", "produced_at": ahead}]
    said = world.report(world.token(), json=sent).json()

    assert said["accepted"] == 1
    (rejected,) = said["rejected"]
    assert rejected["index"] == 1
    assert "produced_at lies more than 5 minutes in the future" in rejected["reason"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        ('{"a":"ü"}'.encode("utf-16"), 400),
        (b"[" * 200_000, 400),
        (b'{"a":' * 200_000, 400),
        (b'[{"output_id":"a","output_id":"b"}]', 400),
        (b"null", 422),
        (b"5", 422),
        (b'"x"', 422),
        (b"NaN", 422),
        (b"[]", 422),
        (b"[" + b"1," * 1_000 + b"1]", 422),
        (b" " * (5 * MILLION + 1), 413),
    ],
)
def test_a_body_that_holds_no_outputs_is_a_problem(world: World, sent: bytes, status: int) -> None:
    answer = world.report(world.token(), content=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_a_body_without_a_declared_length_is_cut_off_at_the_limit_too(world: World) -> None:
    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(7):
            yield b" " * MILLION

    assert world.report(world.token(), content=undeclared()).status_code == 413


def test_a_body_that_is_declared_too_large_is_not_read(world: World, secret: str) -> None:
    declared = {"Content-Length": str(6 * MILLION)}
    assert world.report(secret, content=b"[]", headers=declared).status_code == 413


def test_a_body_that_does_not_arrive_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    hold = threading.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield b"["
        while not hold.is_set():
            await bodies.asyncio.sleep(0.01)

    assert world.report(world.token(), content=stalled()).status_code == 408
    hold.set()


def test_a_workflow_nobody_has_accepted_takes_no_outputs(world: World, output: Make) -> None:
    world.register("drafts", live=False)
    answer = world.report(world.token("drafts"), json=output(workflow="drafts"))
    assert answer.status_code == 409
    assert answer.json()["detail"] == "drafts is not live: its owner has not accepted yet."
    assert world.entries()[-1][0] == "refused"


def test_a_token_for_the_gate_alone_may_not_report(world: World, output: Make) -> None:
    answer = world.report(world.token(scopes=frozenset({Scope.GATE_READ})), json=output())
    assert answer.status_code == 403
    assert world.stored("out-1") is None


def test_reporting_without_a_token_is_401_before_the_body_is_read(world: World) -> None:
    assert world.report("", content=b"{" * 100).status_code == 401


def test_what_was_taken_and_by_which_token_is_on_record(world: World, output: Make) -> None:
    secret, token = world.issue("invoices")
    world.report(secret, json=[output(1), output(2), output(3, text="x" * 3_000)])
    with world.deps.store.read("T0TEST") as reading:
        entry = list(reading.log.entries())[-1].entry
    assert (entry.kind, entry.actor) == ("outputs.received", f"pipeline/{token.id}")
    assert (entry.facts["accepted"], entry.facts["rejected"]) == (2, 1)


def test_outputs_produced_after_a_pause_are_taken_and_open_a_breach(
    world: World, output: Make
) -> None:
    secret = world.token()
    world.pause()
    late = (world.clock.at + timedelta(minutes=5)).isoformat()
    assert world.report(secret, json=output(produced_at=late)).json()["accepted"] == 1
    assert "breach.opened" in [kind for kind, _ in world.entries()]


def test_while_another_writer_holds_the_store_it_is_503_and_nothing_is_kept(
    world: World, output: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.deps.store._seat, "_patience", 0.05)  # noqa: SLF001
    secret = world.token()
    with world.deps.store._seat.taken(by_person=True):  # noqa: SLF001 -- a long transaction
        answer = world.report(secret, json=output())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert world.stored("out-1") is None
    assert world.report(secret, json=output()).json()["accepted"] == 1


def test_while_another_process_holds_the_database_it_is_503(
    world: World, output: Make, second_store: Deps
) -> None:
    secret = world.token()
    with second_store.store.begin("T0TEST", OPERATOR):
        answer = world.report(secret, json=output())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert engine.PATIENCE < 3
    assert world.stored("out-1") is None


def test_too_many_at_once_are_turned_away_and_the_places_come_free_again() -> None:
    places = bodies.Places(free=1)
    with places.taken(), pytest.raises(bodies.Problem) as turned_away, places.taken():
        pass
    assert turned_away.value.status == 503
    with places.taken():
        assert places.free == 0
    assert places.free == 1


def test_one_output_sent_by_many_at_once_is_accepted_once(world: World, output: Make) -> None:
    _, token = world.issue("invoices")
    sent = json.dumps(output()).encode()
    with ThreadPoolExecutor(8) as many:
        intakes = list(many.map(lambda _: OUTPUTS.take_in(world.deps, token, sent), range(16)))
    assert sum(each.accepted for each in intakes) == 1
    assert sum(each.duplicates for each in intakes) == 15


# Anything JSON can say, and things it cannot or should not: NaN, lone surrogates, NUL, controls.
hard = "a€\0\n\x1b\u202e\ud83d\ude00\udfff\uffff<@!&="
nasty = st.text() | st.lists(st.sampled_from(hard), max_size=12).map("".join)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | nasty,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nasty, inner),
    max_leaves=12,
)
FIELDS = ("workflow", "output_id", "produced_at", "category", "confidence", "text", "url")
nearly = st.fixed_dictionaries(
    {
        "workflow": st.just("invoices") | anything,
        "output_id": st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=6)
        | anything,
        "produced_at": st.datetimes(timezones=st.timezones()).map(datetime.isoformat) | anything,
    },
    optional=dict.fromkeys(FIELDS[3:], anything),
)
plausible = st.fixed_dictionaries(
    {
        "workflow": st.just("invoices"),
        "output_id": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
        "produced_at": st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    },
    optional={
        "category": nasty,
        "confidence": st.floats(0, 1),
        "text": nasty,
        "url": nasty.map("https://{}".format),
    },
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    sent=anything | nearly | plausible | st.lists(plausible | nearly | anything, max_size=4),
    is_ascii=st.booleans(),
)
def test_no_json_is_ever_answered_with_a_fault_of_ours(
    world: World, secret: str, sent: object, *, is_ascii: bool
) -> None:
    body = json.dumps(sent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    for path in ("/ofrep/v1/evaluate/flags/invoices", "/ofrep/v1/evaluate/flags"):
        assert world.post(path, secret, content=body).status_code < 500
    answer = world.report(secret, content=body)
    assert answer.status_code < 500, answer.text
    if answer.status_code == 202:
        counted = answer.json()
        total = len(sent) if isinstance(sent, list) else 1
        assert counted["accepted"] + counted["duplicates"] + len(counted["rejected"]) == total


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=60), flag=st.text(max_size=30))
def test_no_bytes_and_no_flags_name_is_ever_answered_with_a_fault_of_ours(
    world: World, secret: str, body: bytes, flag: str
) -> None:
    quoted = flag.encode("utf-8", "replace").hex("%")
    path = f"/ofrep/v1/evaluate/flags/%{quoted}" if quoted else "/ofrep/v1/evaluate/flags/"
    assert world.post(path, secret, content=body).status_code < 500
    assert world.report(secret, content=body).status_code < 500
