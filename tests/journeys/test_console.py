"""What an operator types and reads: tokens, files of outputs, exports and their checking."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import MEMBER

KEY: Final = "claims"


@pytest.fixture(scope="module")
def used(stage: Stage) -> Stage:
    story.live(stage, KEY)
    return stage


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Give what a command that was not carried out says of it, on its last line."""
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]


def misused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


# --- Tokens ---------------------------------------------------------------------------------------


def test_no_tokens_are_said_in_words(used: Stage) -> None:
    assert used.console("token", "list").stdout == (
        "There are no tokens: `answerable token create` makes one.\n"
    )
    assert json.loads(used.console("token", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    "scopes",
    [
        ("--scope", "outputs:write,gate:read"),
        ("--scope", "outputs:write", "--scope", "gate:read"),
        ("--scope", "gate:read", "--scope", " outputs:write, gate:read"),
    ],
)
def test_a_token_has_every_scope_that_was_named(used: Stage, scopes: tuple[str, ...]) -> None:
    made = used.console("token", "create", "--workflow", KEY, *scopes)
    assert made.returncode == 0, made.stderr
    newest = json.loads(used.console("token", "list", "--json").stdout)[-1]
    assert newest["scopes"] == "gate:read,outputs:write"
    assert (newest["last_used"], newest["revoked"]) == ("", "")


@pytest.mark.parametrize("scopes", [("--scope", "gate:read", "--scope", "all"), ("--scope", ",")])
def test_a_scope_there_is_not_makes_no_token(used: Stage, scopes: tuple[str, ...]) -> None:
    before = used.rows("select count(*) from token")
    assert "is no scope" in said(used.console("token", "create", "--workflow", KEY, *scopes))
    assert used.rows("select count(*) from token") == before


def test_tokens_are_listed_in_columns_under_their_names(used: Stage) -> None:
    used.console("token", "create", "--workflow", KEY, "--scope", "gate:read")
    header, *lines = used.console("token", "list").stdout.splitlines()
    assert header.split("  ")[0] == "ID"
    assert header.split() == ["ID", "WORKFLOW", "SCOPES", "EXPIRES", "LAST", "USED", "REVOKED"]
    assert all(line[header.index("WORKFLOW") :].startswith(KEY) for line in lines)
    assert ["never", "no"] in [line.split()[-2:] for line in lines], "of a token nobody has used"


# --- Files of outputs -----------------------------------------------------------------------------


def taken(stage: Stage) -> int:
    return int(stage.rows("select count(*) from output")[0][0])


def in_file(path: Path, *lines: str | bytes, before: bytes = b"") -> Path:
    whole = (each if isinstance(each, bytes) else each.encode() for each in lines)
    path.write_bytes(before + b"".join(each + b"\n" for each in whole))
    return path


def line(name: str) -> str:
    return json.dumps({"output_id": name, "produced_at": "2026-06-01T08:00:00Z"})


def imported(stage: Stage, path: Path) -> subprocess.CompletedProcess[str]:
    return stage.console("import", "--workflow", KEY, str(path))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('{"output_id": "x"', "line 602 is not JSON: Expecting"),
        ("output_id,produced_at", "line 602 is not JSON: Expecting value at character 1"),
        (b"\xff\xfe", "line 602 is not JSON: byte 0 is not UTF-8"),
        ("[" * 100_000, "line 602 is nested too deep"),
    ],
)
def test_a_line_that_is_no_json_ends_the_import_where_it_stands(
    used: Stage, tmp_path: Path, wrong: str | bytes, words: str
) -> None:
    stem = tmp_path.name[-4:]
    good = [line(f"{stem}-{number}") for number in range(601)]
    path = in_file(tmp_path / "outputs.jsonl", *good, wrong, line(f"{stem}-after"))
    before = taken(used)
    ended = said(imported(used, path))
    assert f"{path}: {words}" in ended
    assert "The lines before it are taken (601 accepted, 0 duplicates, 0 rejected)" in ended
    assert "none after it" in ended
    assert "body" not in ended
    assert taken(used) == before + 601

    in_file(path, *good, line(f"{stem}-after"))
    again = imported(used, path)
    assert (again.returncode, again.stdout) == (0, "1 accepted, 601 duplicates, 0 rejected\n")


def test_the_mark_that_editors_put_before_a_text_is_no_part_of_it(
    used: Stage, tmp_path: Path
) -> None:
    path = in_file(tmp_path / "a.jsonl", line("marked"), before=b"\xef\xbb\xbf")
    assert imported(used, path).stdout == "1 accepted, 0 duplicates, 0 rejected\n"

    again = imported(used, path)
    assert again.stdout == "0 accepted, 1 duplicate, 0 rejected\n"
    assert "1 line read\n" in again.stderr


@pytest.mark.parametrize("content", [(), ("", "  ")])
def test_a_file_without_lines_is_said_to_have_none(
    used: Stage, tmp_path: Path, content: tuple[str, ...]
) -> None:
    path = in_file(tmp_path / "empty.jsonl", *content)
    assert f"{path} holds no lines: nothing was reported" in said(imported(used, path))


def test_a_line_that_is_no_output_is_rejected_alone(used: Stage, tmp_path: Path) -> None:
    path = in_file(tmp_path / "a.jsonl", line("one"), "7", line("two"))
    done = imported(used, path)
    assert done.stdout == "2 accepted, 0 duplicates, 1 rejected\n"
    assert "line 2: " in done.stderr
    assert "1 line was rejected; the others are recorded" in said(done)


def test_where_every_line_is_rejected_there_are_no_others(used: Stage, tmp_path: Path) -> None:
    done = imported(used, in_file(tmp_path / "a.jsonl", "7", "8"))
    assert "2 lines were rejected: nothing was recorded" in said(done)


def test_a_line_of_another_workflow_is_rejected_alone(used: Stage, tmp_path: Path) -> None:
    own = json.dumps({**json.loads(line("own")), "workflow": KEY})
    foreign = json.dumps({**json.loads(line("foreign")), "workflow": "invoices"})
    done = imported(used, in_file(tmp_path / "a.jsonl", own, foreign))
    assert done.stdout == "1 accepted, 0 duplicates, 1 rejected\n"
    assert "line 2: " in done.stderr
    assert "invoices" in done.stderr


# --- Exports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", ["2026-06-01", "2026-05-31"])
def test_a_part_that_ends_before_it_begins_is_a_wrong_use(
    used: Stage, tmp_path: Path, until: str
) -> None:
    before = used.rows("select count(*) from entry where kind = 'export.made'")
    span = ("--since", "2026-06-01", "--until", until)
    asked = used.console("export", "--out", f"{tmp_path}/a.zip", *span)
    assert "--since: has to be earlier than --until" in misused(asked)
    assert used.rows("select count(*) from entry where kind = 'export.made'") == before


def test_a_file_that_is_there_is_overwritten_only_by_force(used: Stage, tmp_path: Path) -> None:
    path = tmp_path / "kept.zip"
    path.write_text("last quarter's")
    before = used.rows("select count(*) from entry where kind = 'export.made'")
    refused = said(used.console("export", "--out", str(path)))
    assert f"{path} is there already" in refused
    assert "--force" in refused
    assert path.read_text() == "last quarter's"
    assert used.rows("select count(*) from entry where kind = 'export.made'") == before

    assert used.console("export", "--force", "--out", str(path)).returncode == 0
    assert path.read_bytes().startswith(b"PK")
    assert list(tmp_path.glob(".kept*")) == []


@pytest.mark.parametrize("of", ["", "-wal", ".lock", ".new"])
@pytest.mark.parametrize("own", ["answerable.db", "signing.key", "draw.key"])
def test_no_file_that_the_bot_lives_from_is_overwritten(used: Stage, own: str, of: str) -> None:
    keys = [(used.folder / name).read_bytes() for name in ("signing.key", "draw.key")]
    path = used.folder / f"{own}{of}"
    was_there = path.exists()
    for asked in (("export",), ("corrections", "--workflow", KEY)):
        refused = said(used.console(*asked, "--out", str(path), "--force"))
        assert "which the bot cannot do without: name another file" in refused
    assert path.exists() == was_there
    assert [(used.folder / name).read_bytes() for name in ("signing.key", "draw.key")] == keys
    assert used.rows("select count(*) from entry where kind = 'round.opened'") > [(0,)]


def test_what_cannot_be_written_whole_leaves_what_was_there(used: Stage, tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_text("last quarter's")
    refused = used.console("corrections", "--workflow", "nobody", "--out", str(path), "--force")
    assert refused.returncode == 1
    assert path.read_text() == "last quarter's"
    assert list(tmp_path.iterdir()) == [path]


def test_corrections_are_taken_out_beside_the_bot_and_that_is_on_record(
    used: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "learn.jsonl"
    done = used.console("corrections", "--workflow", KEY, "--out", str(path))
    made = used.entries("export.made")[-1]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"0 corrections in {path}: record #{made['seq']}\n"
    assert (made["facts"]["what"], made["facts"]["workflow"]) == ("corrections", KEY)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("", 0o600)


def test_the_verifier_speaks_of_the_command_that_was_typed(used: Stage) -> None:
    shown = used.console("verify", "--help")
    assert shown.returncode == 0
    assert shown.stdout.startswith("usage: answerable verify ")
    for option in ("--key", "--checkpoint", "--json"):
        assert option in shown.stdout
    assert "usage: answerable verify " in misused(used.console("verify"))
    assert "answerable verify: error: " in misused(used.console("verify", "a.zip", "--kex", "b"))


# --- What needs no Slack --------------------------------------------------------------------------


def test_a_key_that_no_workflow_has_is_told_with_those_there_are(used: Stage) -> None:
    refused = said(used.console("pause", "nope", "--reason", "It misroutes."))
    assert refused == f"Error: There is no workflow “nope”. There is {KEY}."


def test_one_of_something_is_said_so(used: Stage) -> None:
    used.slack.command(MEMBER, f"pause {KEY}")
    used.until_sent()
    used.slack.post(f"user/{MEMBER}", deleted=True)
    done = used.console("forget", MEMBER, "--reason", "They asked to.")
    assert done.returncode == 0, done.stderr
    assert "1 opening is erased: record #" in done.stdout
    assert "1 openings" not in done.stdout
