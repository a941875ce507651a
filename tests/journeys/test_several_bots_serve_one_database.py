"""Several bots on one PostgreSQL: each answers, one leads, and another leads when that one ends."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.engines import an_empty_server_database
from tests.exposition import Exposed, parse
from tests.journeys import story
from tests.stage import Stage, staged
from tests.workspace import OWNER, Json, shown, until

LEADS = "this process leads"


@pytest.fixture(scope="module")
def empty_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with (
        an_empty_server_database() as address,
        staged(tmp_path_factory.mktemp("stage"), address=address) as stage,
    ):
        yield stage


def has_led(said: Path) -> bool:
    return LEADS in said.read_text()


def gate_by(http: httpx.Client, secret: str, key: str) -> Json:
    headers = {"Authorization": f"Bearer {secret}"}
    asked = http.post(f"/ofrep/v1/evaluate/flags/{key}.mode", json={}, headers=headers)
    assert asked.status_code == 200, asked.text
    return dict(asked.json())


def reports_by(http: httpx.Client, secret: str, outputs: list[Json]) -> Json:
    headers = {"Authorization": f"Bearer {secret}"}
    return dict(http.post("/v1/outputs", json=outputs, headers=headers).json())


def scraped(http: httpx.Client) -> Exposed:
    answer = http.get("/metrics")
    assert answer.status_code == 200
    return parse(answer.text)


def sent_by(found: Exposed) -> float:
    return found.value("answerable_messages_total", result="sent")


def answered_by(found: Exposed) -> float:
    name = "answerable_slack_answer_seconds"
    return found.value(name, suffix="_count", result="acknowledged")


def has_acknowledged_breach(found: Exposed) -> bool:
    return found.value("answerable_breaches", state="acknowledged", critical="true") == 1


def test_i2_i3_i10_whoever_answers_and_whoever_leads_nothing_is_lost_or_doubled(
    stage: Stage,
) -> None:
    slack = stage.slack
    first, second = stage.folder / "bot.stderr", stage.folder / "second.stderr"
    replica = stage.serve_beside("second")
    assert (has_led(first), has_led(second)) == (True, False)
    told = [scraped(stage.http), scraped(replica.http)]
    assert [each.value("answerable_leading") for each in told] == [1, 0]
    assert [each.value("answerable_database_up") for each in told] == [1, 1]
    assert not any(has_acknowledged_breach(each) for each in told)

    story.live(stage, "claims", cadence=story.DAILY, sample="4", floor="0")
    secret = story.token(stage, "claims")
    outputs = [story.output(number, "claims") for number in range(8)]
    assert reports_by(replica.http, secret, outputs)["accepted"] == 8
    assert reports_by(stage.http, secret, outputs)["duplicates"] == 8
    slack.command(OWNER, "sample claims")
    story.review(slack, "claims", story.first_is(story.CRITICAL))
    slack.press(OWNER, "acknowledge", "claims")

    paused = stage.console("pause", "claims", "--reason", "Too risky.")
    assert paused.returncode == 0, paused.stderr
    for http in (stage.http, replica.http):
        until(
            lambda h=http: gate_by(h, secret, "claims")["value"] == "paused",
            lambda: time.sleep(0.02),
        )
    stage.until_sent()
    assert not has_led(second), "it has answered all along, and sent nothing"
    for http in (stage.http, replica.http):
        until(lambda h=http: has_acknowledged_breach(scraped(h)), lambda: time.sleep(0.2))
    told = [scraped(stage.http), scraped(replica.http)]
    assert sent_by(told[0]) > sent_by(told[1]) == 0
    assert sum(map(answered_by, told)) >= 4
    assert [each.value("answerable_gates", state="paused") for each in told] == [1, 1]

    assert stage.bot
    assert stage.bot.stop(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: has_led(second), lambda: time.sleep(0.05))
    until(lambda: scraped(replica.http).value("answerable_leading") == 1, lambda: time.sleep(0.05))
    story.register(slack, "later", cadence=story.DAILY)
    stage.until_sent()
    assert len([each for each in slack.messages(OWNER) if "later" in shown(each)]) == 1
    stage.forward(days=4)
    found = stage.until_recorded("obligation.climbed", "obligation/accept/later/0", 4)
    assert [each["facts"]["rung"] for each in found][:4] == [0, 1, 2, 3]

    stage.serve()
    assert replica.command.stop() == 0, "a rolling restart: one comes, the other goes"
    until(lambda: first.read_text().count(LEADS) == 1, lambda: time.sleep(0.05))
    stage.forward(days=1)
    stage.until_sent()
    for kind in ("round.opened", "round.drawn"):
        counted = Counter(each["on"] for each in stage.entries(kind))
        assert set(counted.values()) == {1}, kind
    stage.exported()


def test_i6_a_bot_that_comes_as_the_owner_of_the_tables_is_warned_of(stage: Stage) -> None:
    said = (stage.folder / "bot.stderr").read_text()
    assert "the_database_grants_too_much" in said
    found = {each["check"]: each for each in json.loads(stage.console("doctor", "--json").stdout)}
    told = found["rights in the database"]
    assert told["verdict"] == "warn"
    assert "everything, as the owner of the tables" in told["advice"]
    assert "answerable migrate --grant ROLE" in told["advice"]


def test_a_bot_refuses_tables_of_which_nothing_says_that_they_are_its_own(stage: Stage) -> None:
    stage.change("alter table alembic_version rename to aside")
    try:
        refused = stage.console("serve")
        assert refused.returncode == 1
        assert "does not say of which version they are" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    finally:
        stage.change("alter table aside rename to alembic_version")


def test_a_server_that_is_not_there_is_named_without_the_password(stage: Stage) -> None:
    refused = stage.console(
        "serve", ANSWERABLE_DATABASE_URL="postgresql://bot:s3cret@127.0.0.1:9/answerable"
    )
    assert refused.returncode == 1
    assert "answerable cannot be used" in refused.stderr
    assert "lets this user in" in refused.stderr
    assert "s3cret" not in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
