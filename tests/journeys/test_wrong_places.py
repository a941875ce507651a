"""Commands in the wrong folder make nothing; keys that a log rests on are never made anew."""

import os
import re
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import until

KEY: Final = "claims"
IN_USE: Final = (
    ("token", "list"),
    ("token", "create", "--workflow", KEY, "--scope", "gate:read"),
    ("token", "revoke", "nobody"),
    ("pause", KEY, "--reason", "It misbehaves."),
    ("key",),
    ("export", "--out", "{folder}/export.zip"),
    ("import", "--workflow", KEY, "/dev/null"),
    ("forget", "U0DANA", "--reason", "asked to"),
    ("recover", "--reason", "the disk died"),
)


@pytest.fixture(scope="module")
def stopped(stage: Stage) -> Stage:
    """A stage with a live workflow whose bot has stopped."""
    story.live(stage, KEY)
    stage.until_sent()
    assert stage.bot
    assert stage.bot.stop() == 0
    return stage


def in_one_line(done: subprocess.CompletedProcess[str]) -> str:
    said = done.stderr.strip().splitlines()
    assert (done.returncode, len(said)) == (1, 1), done.stdout + done.stderr
    return said[0]


def at(folder: Path) -> dict[str, str]:
    """Give the settings of somebody who runs a command in another folder."""
    return {
        "ANSWERABLE_DATABASE_URL": f"sqlite:///{folder}/answerable.db",
        "ANSWERABLE_SIGNING_KEY_FILE": f"{folder}/signing.key",
        "ANSWERABLE_DRAW_KEY_FILE": f"{folder}/draw.key",
    }


# --- Where no bot has run -------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", IN_USE, ids=" ".join)
def test_a_command_where_no_database_is_makes_nothing_and_says_so(
    empty_stage: Stage, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    asked = [each.format(folder=tmp_path) for each in arguments]
    said = in_one_line(empty_stage.console(*asked, **at(tmp_path)))
    assert f"there is no database at {tmp_path}/answerable.db" in said
    assert "ANSWERABLE_DATABASE_URL" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"SLACK_BOT_TOKEN": "xoxb-sandbox-wrong"},
            "Slack refused SLACK_BOT_TOKEN (invalid_auth): take the bot token (xoxb-…) of *OAuth",
        ),
        (
            {"SLACK_APP_TOKEN": "xapp-sandbox-wrong"},
            "Slack refused SLACK_APP_TOKEN (invalid_auth): make an app-level token (xapp-…) with",
        ),
        (
            {"SLACK_API_URL": "http://127.0.0.1:9/api/"},
            "Connection refused>): see to the network",
        ),
        (
            {"HTTPS_PROXY": "http://joe:hidden@127.0.0.1:9"},
            "Connection refused>) through HTTPS_PROXY (127.0.0.1:9): unset it if that is not meant",
        ),
        ({"ANSWERABLE_LISTEN": "192.0.2.1:8080"}, "ANSWERABLE_LISTEN: cannot listen on"),
    ],
)
def test_a_start_that_is_refused_leaves_nothing_behind(
    empty_stage: Stage, tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    assert words in in_one_line(empty_stage.console("serve", **at(tmp_path), **changed))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_start_says_at_which_port_it_listens_where_it_may_choose(
    empty_stage: Stage, tmp_path: Path, host: str
) -> None:
    started = empty_stage.start(ANSWERABLE_LISTEN=f"{host}:0", **at(tmp_path))
    place = rf'"listen": "{re.escape(host)}:[1-9][0-9]+"'
    until(lambda: re.search(place, empty_stage.errors()), lambda: time.sleep(0.02))
    assert started.stop() == 0


def test_a_database_whose_folder_is_not_there_is_told_with_how_to_make_that(
    empty_stage: Stage, tmp_path: Path
) -> None:
    where = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/records/answerable.db"}
    words = (
        f"the folder {tmp_path}/records, where the database is to be, does not exist: make it "
        f"(mkdir -p {tmp_path}/records), or name another place in ANSWERABLE_DATABASE_URL"
    )
    for command in ("serve", "migrate"):
        assert words in in_one_line(empty_stage.console(command, **at(tmp_path) | where))
    looked = empty_stage.console("doctor", **at(tmp_path) | where).stdout
    assert f"FAIL  database: {words}" in looked
    assert list(tmp_path.iterdir()) == []


def test_a_database_whose_folder_is_a_file_is_told_so(empty_stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "records").write_text("a list")
    where = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{tmp_path}/records/answerable.db"}
    words = (
        f"{tmp_path}/records, where the database is to be, is no folder: name another place in "
        "ANSWERABLE_DATABASE_URL"
    )
    assert words in in_one_line(empty_stage.console("serve", **at(tmp_path) | where))
    looked = empty_stage.console("doctor", **at(tmp_path) | where).stdout
    assert f"FAIL  database: {words}" in looked


def test_slack_that_is_in_trouble_is_not_taken_for_a_token_that_is_no_good(
    empty_stage: Stage, tmp_path: Path
) -> None:
    empty_stage.slack.fault("auth.test", "500", times=2)
    said = in_one_line(empty_stage.console("serve", **at(tmp_path)))
    assert "Slack is having trouble (internal_error)" in said
    assert "start again when that is over" in said
    looked = empty_stage.console("doctor", **at(tmp_path)).stdout
    assert "Slack is having trouble (internal_error)" in looked
    assert "*OAuth & Permissions*" not in looked


def test_a_command_where_no_workspace_is_known_makes_no_keys(
    empty_stage: Stage, tmp_path: Path
) -> None:
    empty_stage.console("migrate", **at(tmp_path))
    assert "no workspace is known" in in_one_line(empty_stage.console("key", **at(tmp_path)))
    assert not [each.name for each in tmp_path.iterdir() if "key" in each.name]


def test_migrate_says_what_it_made_and_where(empty_stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "answerable.db"
    made = empty_stage.console("migrate", **at(tmp_path))
    assert (made.returncode, made.stdout) == (0, f"the database {path} is made\n")
    again = empty_stage.console("migrate", **at(tmp_path))
    assert (again.returncode, again.stdout) == (0, f"the database {path} is up to date\n")


# --- Whose the files are --------------------------------------------------------------------------


def test_what_the_bot_writes_is_for_its_user_alone(stage: Stage) -> None:
    files = [each for each in stage.folder.iterdir() if each.name.startswith("answerable.db")]
    assert len(files) == 4, "the database, what SQLite keeps beside it, and who serves it"
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert os.umask(0o022) == 0o022, "nobody else has seen to that"


def test_a_database_that_others_can_read_is_warned_of(stopped: Stage, tmp_path: Path) -> None:
    copy = tmp_path / "answerable.db"
    with closing(sqlite3.connect(stopped.database)) as database:
        database.execute("VACUUM INTO ?", (str(copy),))
    there = {"ANSWERABLE_DATABASE_URL": f"sqlite:///{copy}"}
    copy.chmod(0o640)
    assert f"run chmod 600 {copy}*" in stopped.console("doctor", **there).stdout
    started = stopped.console("serve", **there, SLACK_APP_TOKEN="xapp-sandbox-of-nobody")
    assert "others_can_read_the_database" in started.stderr
    copy.chmod(0o600)
    assert "chmod" not in stopped.console("doctor", **there).stdout


# --- Keys that a log rests on ---------------------------------------------------------------------


@contextmanager
def changed(path: Path, change: Callable[[Path], object]) -> Iterator[None]:
    """Do something to a key file, and put it back as it was."""
    content = path.read_bytes()
    change(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)


def another(path: Path) -> None:
    path.write_text("ab" * 32)


def garbage(path: Path) -> None:
    path.write_text("no key")


def loose(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize("command", ["serve", "pause", "export", "key"])
@pytest.mark.parametrize("change", [Path.unlink, another])
def test_i6_nothing_is_signed_with_another_key_than_the_logs_own(
    stopped: Stage, tmp_path: Path, command: str, change: Callable[[Path], None]
) -> None:
    path = stopped.folder / "signing.key"
    signer = "+".join(stopped.vkey().read_text().split("+")[:2])
    more = {"pause": (KEY, "--reason", "Stop."), "export": ("--out", f"{tmp_path}/export.zip")}
    before = stopped.rows("select count(*) from entry")
    with changed(path, change):
        said = in_one_line(stopped.console(command, *more.get(command, ())))
        assert f"the log was signed with {signer}" in said
        assert str(path) in said
        assert "bring that file back" in said
        assert path.exists() is (change is another), "no key is made in its place"
        doctor = stopped.console("doctor").stdout
        assert any(line.startswith("FAIL  signing key") for line in doctor.splitlines())
    assert stopped.rows("select count(*) from entry") == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("serve",), ("token", "list")])
@pytest.mark.parametrize(
    ("change", "words"),
    [(Path.unlink, "there is no key in"), (garbage, "holds no key"), (loose, "chmod 600")],
)
def test_i7_a_draw_key_that_rounds_are_committed_to_is_not_made_again(
    stopped: Stage, command: tuple[str, ...], change: Callable[[Path], None], words: str
) -> None:
    path = stopped.folder / "draw.key"
    with changed(path, change):
        said = in_one_line(stopped.console(*command))
        assert "ANSWERABLE_DRAW_KEY_FILE" in said
        assert words in said
        assert path.exists() is (change is not Path.unlink)


def test_i10_a_pause_needs_no_draw_key(stopped: Stage) -> None:
    with changed(stopped.folder / "draw.key", garbage):
        paused = stopped.console("pause", KEY, "--reason", "It misbehaves.")
        assert (paused.returncode, "is paused: record #" in paused.stdout) == (0, True)
        assert "draw_key_unusable" in paused.stderr
        assert "Traceback" not in paused.stderr
    assert stopped.entries("gate.changed")[-1]["facts"]["to"] == "paused"
