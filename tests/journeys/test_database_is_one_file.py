"""A bot that was stopped leaves its record in one file; one that begins another says so."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import OWNER, until

OLDER_KEY = "the signing key was there before this record"


def beside(database: Path) -> list[str]:
    return sorted(each.name for each in database.parent.glob("answerable.db*"))


def test_i5_what_is_stopped_is_whole_in_one_file(stage: Stage) -> None:
    story.register(stage.slack, "claims")
    stage.until_sent()
    assert stage.bot
    assert stage.bot.stop(signal.SIGTERM) == 0

    assert beside(stage.database) == ["answerable.db", "answerable.db.lock"]
    copied = stage.folder / "copy.db"
    copied.write_bytes(stage.database.read_bytes())
    stage.database = copied
    assert stage.entries("workflow.registered", on="workflow/claims")


def test_a_command_at_the_console_leaves_one_file_too(stage: Stage) -> None:
    assert stage.bot
    stage.bot.stop(signal.SIGTERM)
    command = [sys.executable, "-m", "bot", "token", "list"]
    environment = {**stage.environment, "PATH": os.environ["PATH"]}
    ran = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert beside(stage.database) == ["answerable.db", "answerable.db.lock"]


def test_a_new_record_with_an_older_key_is_warned_of(stage: Stage, tmp_path: Path) -> None:
    assert OLDER_KEY not in stage.errors()
    assert stage.bot
    stage.bot.stop(signal.SIGTERM)
    elsewhere = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    (tmp_path / "other.db").touch(mode=0o600)

    looked = stage.console("doctor", "--json", **elsewhere)
    found = {each["check"]: each for each in json.loads(looked.stdout)}
    assert found["signing key"]["verdict"] == "warn"
    assert "if a record was kept here" in found["signing key"]["advice"]
    stage.serve(**elsewhere)
    assert OLDER_KEY in stage.errors()


def test_i2_a_file_that_is_gone_is_not_recorded_in(stage: Stage) -> None:
    assert stage.bot
    stage.bot.stop(signal.SIGTERM)
    stage.serve()
    key = story.live(stage, "parcels")
    secret = story.token(stage, key)
    stage.until_sent()
    moved = {each: each.with_name(f"moved-{each.name}") for each in _parts(stage.database)}
    for here, there in moved.items():
        here.rename(there)

    form = stage.slack.command(OWNER, f"pause {key}")
    assert "The database takes nothing in" in form["ephemeral"]
    headers = {"Authorization": f"Bearer {secret}"}
    reported = stage.http.post("/v1/outputs", json=story.output(1, key), headers=headers)
    assert (reported.status_code, "nothing was recorded" in reported.text) == (503, True)
    ready = stage.http.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, False)
    assert stage.database.name not in ready.text, "whoever probes shows no token"
    assert "was moved, deleted or replaced while it was in use" in stage.errors()
    until(lambda: "gates not seen" in stage.errors(), lambda: time.sleep(0.02))
    assert "Traceback" not in (stage.folder / "bot.stderr").read_text()
    deserted = f"while the bot of process {stage.bot.pid} runs on it. Stop that bot, put the"
    for typed in (["pause", key, "--reason", "now"], ["migrate"], ["serve"]):
        refused = stage.console(*typed)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), refused.stderr
        assert deserted in refused.stderr
    looked = stage.console("doctor", "--json")
    found = {each["check"]: each for each in json.loads(looked.stdout)}
    assert (looked.returncode, found["database"]["verdict"]) == (1, "FAIL")
    assert deserted in found["database"]["advice"]
    assert _parts(stage.database) == []

    for here, there in moved.items():
        there.rename(here)
    until(lambda: stage.http.get("/readyz").status_code == 200, lambda: time.sleep(0.02))
    assert stage.slack.command(OWNER, f"pause {key}")["view"]


def _parts(database: Path) -> list[Path]:
    return [each for each in database.parent.glob("answerable.db*") if each.suffix != ".lock"]
