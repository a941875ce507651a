"""A record that somebody has damaged: each who needs what is gone hears it, in their own place."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import AUDITOR, OWNER

KEY = "claims"
GONE = "DELETE FROM entry WHERE seq = 5"


@pytest.fixture(scope="module")
def damaged(stage: Stage) -> Stage:
    """A bot on a record of which one entry is gone, under its eyes."""
    story.live(stage, KEY)
    stage.until_sent()
    for guard in stage.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        stage.change(f"DROP TRIGGER {guard[0]}")
    stage.change(GONE)
    return stage


def in_one_line(done: subprocess.CompletedProcess[str]) -> str:
    said = done.stderr.strip().splitlines()
    assert (done.returncode, len(said)) == (1, 1), done.stdout + done.stderr
    return said[0]


def test_the_console_says_where_and_what_to_do(damaged: Stage, tmp_path: Path) -> None:
    said = in_one_line(damaged.console("export", "--out", str(tmp_path / "a.zip")))
    assert said == (
        "Error: the record is damaged: entry #5 is gone. Stop the bot, keep a "
        "copy of the database as it is, check the newest export that there is with `answerable "
        "verify`, and bring back a backup (docs/running.md, Keys and backups)"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_has_looked_at_all_of_it(damaged: Stage) -> None:
    looked = damaged.console("doctor", "--json")
    found = {each["check"]: each for each in json.loads(looked.stdout)}
    assert (looked.returncode, found["record"]["verdict"]) == (1, "FAIL")
    assert "entry #5 is gone. Stop the bot" in found["record"]["advice"]


def test_who_asked_for_the_record_in_slack_hears_that_it_does_not_come(damaged: Stage) -> None:
    assert "on its way" in story.told(damaged.slack, AUDITOR, "export")
    words = "cannot send you the file with the record, as the record is damaged: entry #5 is gone"
    damaged.slack.until(
        lambda: [each for each in damaged.slack.messages(AUDITOR) if words in each["text"]]
    )
    [failed] = [e for e in damaged.entries("message.failed") if e["facts"]["kind"] == "export"]
    assert failed["facts"]["error"] == "record_damaged entry #5 is gone"


def test_who_needs_what_is_gone_is_refused_and_the_log_has_no_traceback(damaged: Stage) -> None:
    damaged.change("DELETE FROM policy")
    said = story.told(damaged.slack, OWNER, f"show {KEY}")
    assert "The record is damaged, and this cannot be done. Nothing of yours was" in said
    assert "Traceback" not in damaged.errors()


def test_a_start_on_it_ends_in_one_line(damaged: Stage) -> None:
    assert damaged.bot
    damaged.bot.stop(signal.SIGTERM)
    damaged.change("DELETE FROM entry WHERE seq = 0")
    started = damaged.console("serve")
    assert (started.returncode, "Traceback" in started.stderr) == (1, False)
    said = started.stderr.splitlines()[-1]
    assert said.startswith("Error: the record is damaged: entry #0 is gone. Stop the bot")
