import logging
from typing import Any

import pytest

from bot.domain.refusals import CommitUnknown
from handlers.http import problems
from store.engine import Store, connect
from tests.handlers.http.http_bench import Make, World


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/docs", 404),
        ("GET", "/v1/outputs/", 404),
        ("GET", "/v1/outputs", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/%00%ff", 404),
    ],
)
def test_an_address_or_method_that_is_not_there_is_a_problem(
    world: World, method: str, path: str, status: int
) -> None:
    answer = world.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    assert "errorCode" not in body


def test_i2_a_lost_commit_is_to_be_sent_again(world: World) -> None:
    @world.app.get("/lost")
    def lost() -> None:
        raise CommitUnknown("gone")

    answer = world.client.get("/lost")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "Send it again: it counts once" in answer.json()["detail"]


def test_a_database_that_is_away_is_no_fault_of_ours_and_to_be_asked_again(
    world: World, output: Make
) -> None:
    secret = world.token()
    world.deps.store.engine = connect("postgresql://nobody@127.0.0.1:9/nothing")

    answer = world.post("/v1/outputs", secret, json=output())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["detail"] == (
        "The database does not answer; nothing was recorded. Try again."
    )


def test_a_database_that_takes_nothing_in_is_no_fault_of_ours_either(
    world: World, output: Make
) -> None:
    secret = world.token()
    with world.deps.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # of the one that is used again

    answer = world.post("/v1/outputs", secret, json=output())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "The database takes nothing in; nothing was recorded." in answer.json()["detail"]


def test_a_method_that_is_not_taken_says_which_are(world: World) -> None:
    assert world.client.get("/v1/outputs").headers["allow"] == "POST"


def test_parameters_that_do_not_fit_are_a_problem_of_the_same_shape(world: World) -> None:
    @world.app.get("/count/{number}")
    def count(number: int) -> int:
        return number

    answer = world.client.get("/count/many")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("number: ")
    assert "many" not in answer.text


@pytest.mark.parametrize("path", ["/v1/outputs", "/ofrep/v1/evaluate/flags/invoices"])
def test_a_fault_names_a_line_of_the_log_and_nothing_else(
    world: World, output: Make, monkeypatch: pytest.MonkeyPatch, logged: list[Any], path: str
) -> None:
    secret = world.token()

    def broken(*_: object, **__: object) -> None:
        raise LookupError("a secret of the house")

    monkeypatch.setattr(Store, "begin", broken)
    monkeypatch.setattr("handlers.http.gate.may_act", broken)
    answer = world.post(path, secret, json=output())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert "secret of the house" not in answer.text
    assert "Traceback" not in answer.text
    (line,) = [line for line in logged if line["event"] == "request failed"]
    assert line["reference"] == body["reference"]
    assert body["reference"] in body["detail"]
    assert line["error"] == "LookupError"
    assert "secret of the house" not in str(line)
    assert ("errorDetails" in body) == path.startswith("/ofrep/")


def test_outside_text_is_repeated_short_and_in_ascii() -> None:
    assert problems.shown("abc") == "abc"
    assert problems.shown("a\u202e\ud800é") == "a\\u202e\\ud800\\xe9"
    assert len(problems.shown("x" * 10_000)) == 83


def test_nothing_is_said_of_a_token_in_the_log(
    world: World, output: Make, logged: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = world.token()
    world.report(secret, json=output(text="a private word"))
    world.ask("invoices", secret, json={})
    assert secret not in f"{logged}{caplog.text}"
    assert "a private word" not in f"{logged}{caplog.text}"
