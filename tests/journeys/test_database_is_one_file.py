"""A bot that was stopped leaves its record in one file; one that begins another says so."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.journeys import story
from tests.stage import Stage

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
