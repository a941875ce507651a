"""An older backup is put in the record's place: the bot, the people and the auditor find out."""

import contextlib
import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, STEWARD, shown, until

KEY = "claims"


class Witness(ThreadingHTTPServer):
    """A channel that the bot cannot reach into; it keeps all that was posted."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.notes: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Taking(BaseHTTPRequestHandler):
    server: Witness

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.notes.append(body["text"].split("```")[1].strip())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with Witness() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def restored(empty_stage: Stage, witness: Witness) -> Stage:
    """A stage whose database was put back to before what the witness saw; no bot runs."""
    stage = empty_stage
    stage.serve(ANSWERABLE_WITNESS_URL=witness.url)
    story.live(stage, KEY)
    stage.until_sent()
    _stop(stage)
    backup = stage.folder / "backup.db"
    with contextlib.closing(sqlite3.connect(stage.database)) as database:
        database.execute("VACUUM INTO ?", (str(backup),))

    stage.serve(ANSWERABLE_WITNESS_URL=witness.url)
    assert stage.console("pause", KEY, "--reason", "it misbehaves").returncode == 0
    seen = len(witness.notes)
    _stop(stage)  # what was recorded within the minute is posted when the bot runs again
    stage.serve(ANSWERABLE_WITNESS_URL=witness.url)
    until(lambda: len(witness.notes) > seen, lambda: time.sleep(0.02), 30)
    _stop(stage)
    for extra in ("", "-wal", "-shm"):
        Path(f"{stage.database}{extra}").unlink(missing_ok=True)
    shutil.copyfile(backup, stage.database)
    stage.database.chmod(0o600)
    return stage


def _stop(stage: Stage) -> None:
    assert stage.bot
    assert stage.bot.stop(patience=30) == 0


def test_i6_the_bot_does_not_start_on_it_and_says_why_in_one_line(restored: Stage) -> None:
    before = restored.rows("select count(*) from entry")
    bot = restored.start()
    assert bot.wait(30) == 1
    bot.stop()
    said = (restored.folder / "bot.stderr").read_text().splitlines()[-1]
    assert "entries were given to a witness" in said
    assert "answerable recover --reason" in said
    console = restored.console("pause", KEY, "--reason", "because")
    assert console.returncode == 1
    assert "nothing is recorded" in console.stderr
    assert restored.rows("select count(*) from entry") == before


def test_i6_the_doctor_says_so_as_well(restored: Stage) -> None:
    looked = restored.console("doctor", "--json", ANSWERABLE_WITNESS_URL="http://127.0.0.1:9/hook")
    found = {each["check"]: each for each in json.loads(looked.stdout)}
    told = found["what was witnessed"]
    assert (looked.returncode, told["verdict"]) == (1, "FAIL")
    assert "Was an older backup restored?" in told["advice"]
    assert "answerable recover --reason" in told["advice"]
    assert found["witness"]["verdict"] == "ok", "it had seen something"


def test_i6_the_operator_says_so_on_record_and_the_auditor_reads_it(
    restored: Stage, witness: Witness
) -> None:
    recovered = restored.console("recover", "--reason", "the disk died")
    assert recovered.returncode == 0, recovered.stderr
    again = restored.console("recover", "--reason", "the disk died")
    assert (again.returncode, "fits what was witnessed" in again.stderr) == (1, True)
    assert "ok    what was witnessed" in restored.console("doctor").stdout

    seen = len(witness.notes)
    restored.serve(ANSWERABLE_WITNESS_URL=witness.url)
    until(lambda: len(witness.notes) > seen, lambda: time.sleep(0.02), 30)
    for person in (STEWARD, ADMIN):
        restored.slack.until(lambda who=person: _is_told_of_loss(restored, who))
    export = restored.exported()
    verdicts = []
    for note in (witness.notes[seen - 1], witness.notes[-1]):
        copied = restored.folder / "copied.note"
        copied.write_text(note)
        checked = restored.verify(export, "--checkpoint", str(copied))
        assert "recovered: entry" in checked.stdout
        verdicts.append(checked.returncode)
    assert verdicts == [1, 0], "what was lost stays lost; what is seen from now on holds"


def _is_told_of_loss(stage: Stage, user: str) -> bool:
    said = [shown(each) for each in stage.slack.messages(user)]
    return (
        len([each for each in said if "An older backup was put in the record's place" in each]) == 1
    )


def test_the_signing_keys_folder_has_a_checkpoint_for_the_verifier(restored: Stage) -> None:
    (note,) = restored.folder.glob("signing.key.*.note")
    checked = restored.verify(restored.folder / "export.zip", "--checkpoint", str(note))
    assert checked.returncode == 0, checked.stdout
