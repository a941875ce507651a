"""What programs send wrong and operators set wrong: one problem, or one line and exit 1."""

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.journeys import story
from tests.stage import Stage

KEY: Final = "claims"
OUTPUTS: Final = "/v1/outputs"
GATE: Final = "/ofrep/v1/evaluate/flags"


@pytest.fixture(scope="module")
def tokens(stage: Stage) -> dict[str, str]:
    """Tokens by what is the matter with them."""
    story.live(stage, KEY)
    story.live(stage, "letters")
    revoked = story.token(stage, KEY)
    [(token_id,)] = stage.rows("select id from token")
    done = stage.console("token", "revoke", token_id)
    assert done.returncode == 0, done.stderr
    return {
        "good": story.token(stage, KEY),
        "foreign": story.token(stage, "letters"),
        "narrow": story.token(stage, KEY, "gate:read"),
        "revoked": revoked,
        "wrong": "answ_nobody-made-this",
        "none": "",
    }


@pytest.mark.parametrize(
    ("token", "path", "body", "status", "words"),
    [
        ("none", OUTPUTS, b"[]", 401, "Show a token"),
        ("wrong", OUTPUTS, b"[]", 401, "unknown, expired or revoked"),
        ("revoked", OUTPUTS, b"[]", 401, "unknown, expired or revoked"),
        ("narrow", OUTPUTS, b"[]", 403, "not for outputs:write"),
        ("good", OUTPUTS, b"{", 400, "not JSON"),
        ("good", OUTPUTS, b"\xff", 400, "not UTF-8"),
        ("good", OUTPUTS, b"[" * 100_000, 400, "nested too deep"),
        ("good", OUTPUTS, b"[]", 422, "empty"),
        ("good", OUTPUTS, b"7", 422, "JSON object"),
        ("good", OUTPUTS, b"[" + b"{}," * 1_000 + b"{}]", 422, "at most 1,000"),
        ("good", OUTPUTS, b" " * (5 * 1024 * 1024 + 1), 413, "more than"),
        ("good", f"{GATE}/nothing-like-it", b"{}", 404, "not known to this token"),
        ("foreign", f"{GATE}/{KEY}", b"{}", 404, "not known to this token"),
        ("wrong", f"{GATE}/{KEY}", b"{}", 401, "unknown, expired or revoked"),
        ("good", "/v1/nowhere", b"", 404, "nothing at this address"),
    ],
)
def test_a_wrong_request_is_answered_with_one_problem(
    stage: Stage,
    tokens: dict[str, str],
    token: str,
    path: str,
    body: bytes,
    status: int,
    words: str,
) -> None:
    before = stage.rows("select count(*) from entry where kind = 'outputs.received'")
    headers = {"Authorization": f"Bearer {tokens[token]}"} if tokens[token] else {}
    answer = stage.http.post(path, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert stage.rows("select count(*) from entry where kind = 'outputs.received'") == before


def test_what_is_wrong_with_one_output_spoils_no_other(
    stage: Stage, tokens: dict[str, str]
) -> None:
    sent = [
        story.output(1, KEY),
        story.output(2, KEY, output_id="two words"),
        story.output(3, "letters"),
        story.output(4, KEY, produced_at="yesterday"),
        story.output(5, KEY, surprise=True),
        story.output(6, KEY, text="x" * 5_000),
        story.output(7, KEY),
    ]
    taken = story.report(stage, tokens["good"], sent)
    assert taken["accepted"] == 2
    assert [each["index"] for each in taken["rejected"]] == [1, 2, 3, 4, 5]
    assert all(each["reason"] for each in taken["rejected"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("token", "create", "--workflow", "none", "--scope", "gate:read"), "no workflow “none”"),
        (("token", "create", "--workflow", KEY, "--scope", "all"), "no scope"),
        (("token", "revoke", "nobody"), "no token nobody"),
        (("pause", "none", "--reason", "Stop."), "no workflow “none”"),
        (("pause", KEY, "--reason", " "), "Write a sentence"),
        (("export", "--out", "/nowhere/export.zip"), "cannot write"),
        (("import", "--workflow", "none", "{lines}"), "no workflow “none”"),
    ],
)
def test_a_console_command_that_cannot_be_done_says_so_in_one_line(
    stage: Stage, tokens: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    assert tokens
    lines = stage.folder / "one.jsonl"
    lines.write_text('{"output_id": "x", "produced_at": "2026-06-01T08:00:00Z"}\n')
    done = stage.console(*(each.format(lines=lines) for each in arguments))
    _said_in_one_line(done, words)


def test_i5_a_console_by_another_clock_changes_nothing_beside_the_bot_and_says_what_to_export(
    stage: Stage, tokens: dict[str, str]
) -> None:
    assert tokens
    before = stage.entries("gate.changed")
    done = stage.console("pause", KEY, "--reason", "Stop.", ANSWERABLE_CLOCK="system")
    _said_in_one_line(done, "export ANSWERABLE_CLOCK=sandbox")
    assert stage.entries("gate.changed") == before
    assert stage.console("key", ANSWERABLE_CLOCK="system").returncode == 0, "it only reads"


STARTS: Final = {
    "a wrong bot token": ({"SLACK_BOT_TOKEN": "xoxb-sandbox-wrong"}, "SLACK_BOT_TOKEN"),
    "a wrong app token": ({"SLACK_APP_TOKEN": "xapp-sandbox-wrong"}, "SLACK_APP_TOKEN"),
    "a wrong token for its clock": (
        {"SLACK_BOT_TOKEN": "xoxb-sandbox-wrong", "ANSWERABLE_CLOCK": "sandbox"},
        "Slack refused SLACK_BOT_TOKEN (invalid_auth): take the bot token",
    ),
    "a bot token from a document": (
        {"SLACK_BOT_TOKEN": "xoxb-sandbox-…"},
        "SLACK_BOT_TOKEN: character 14 of it can be in no token",
    ),
    "an app token with a line's end": (
        {"SLACK_APP_TOKEN": "xapp-sandbox-answerable\n"},
        "SLACK_APP_TOKEN: character 24 of it can be in no token",
    ),
    "an address with dots": (
        {"SLACK_API_URL": "http://127.0.0.1:9/…/"},
        "SLACK_API_URL: character 20 of it can be in no address",
    ),
    "a host from a document": ({"ANSWERABLE_LISTEN": "…:8080"}, "ANSWERABLE_LISTEN: character 1"),
    "no bot token": ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
    "no app token": ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN"),
    "a real bot token": ({"SLACK_BOT_TOKEN": "xoxb-1234-5678"}, "SLACK_BOT_TOKEN looks real"),
    "a real app token": ({"SLACK_APP_TOKEN": "xapp-1-A12-34"}, "SLACK_APP_TOKEN looks real"),
    "nobody there": ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "http://127.0.0.1:9/api/"),
    "no Web API there": (
        {"SLACK_API_URL": "{sandbox}/"},
        "/ is not Slack's Web API, and no token was looked at. Leave SLACK_API_URL unset",
    ),
    "no Web API to ask the time": (
        {"SLACK_API_URL": "{sandbox}/", "ANSWERABLE_CLOCK": "sandbox"},
        "is not Slack's Web API, and no token was looked at",
    ),
    "another host": ({"SLACK_API_URL": "https://slack.example/api/"}, "an address of this machine"),
    "the sandbox's clock with Slack": (
        {"SLACK_API_URL": "https://slack.com/api/", "ANSWERABLE_CLOCK": "sandbox"},
        "ANSWERABLE_CLOCK=sandbox needs",
    ),
    "no such clock": ({"ANSWERABLE_CLOCK": "cuckoo"}, "ANSWERABLE_CLOCK"),
    "the other clock": ({"ANSWERABLE_DATABASE_URL": "{started}"}, "goes by the sandbox clock"),
    "a rate that is none": ({"ANSWERABLE_CHANNEL_RATE": "fast"}, "ANSWERABLE_CHANNEL_RATE"),
    "a rate that is no number": (
        {"ANSWERABLE_CHANNEL_RATE": "nan"},
        "ANSWERABLE_CHANNEL_RATE: 'nan' is no number",
    ),
    "a database in memory": ({"ANSWERABLE_DATABASE_URL": "sqlite://"}, "names no file"),
    "the bot as an auditor": (
        {"ANSWERABLE_AUDITORS": "U0ANSWERABLE"},
        "ANSWERABLE_AUDITORS names U0ANSWERABLE, which is this bot itself: name people",
    ),
    "the bot as an admin": (
        {"ANSWERABLE_ADMINS": "U0ALICE,U0ANSWERABLE"},
        "ANSWERABLE_ADMINS names U0ANSWERABLE",
    ),
    "no port": ({"ANSWERABLE_LISTEN": "127.0.0.1"}, "ANSWERABLE_LISTEN"),
    "no possible port": ({"ANSWERABLE_LISTEN": "127.0.0.1:99999"}, "ANSWERABLE_LISTEN"),
    "a port in use": ({"ANSWERABLE_LISTEN": "{listen}"}, "ANSWERABLE_LISTEN: cannot listen on"),
    "a locked database": ({"ANSWERABLE_DATABASE_URL": "{locked}"}, "database is locked"),
    "a newer database": ({"ANSWERABLE_DATABASE_URL": "{newer}"}, "a newer Answerable"),
    "a database of a version before": (
        {"ANSWERABLE_DATABASE_URL": "{older}"},
        "are another version's: not the same are workflow.backup, workflow.deputy",
    ),
    "another team's database": ({"ANSWERABLE_DATABASE_URL": "{other_team}"}, "T0OTHER"),
    "no database": ({"ANSWERABLE_DATABASE_URL": "{garbage}"}, "not a database"),
    "a database of another kind": ({"ANSWERABLE_DATABASE_URL": "mysql://x/y"}, "SQLite"),
    "no folder for the key": (
        {"ANSWERABLE_SIGNING_KEY_FILE": "/nowhere/signing.key"},
        "ANSWERABLE_SIGNING_KEY_FILE: cannot use /nowhere/signing.key",
    ),
    "no folder for the draw key": (
        {"ANSWERABLE_DRAW_KEY_FILE": "/nowhere/draw.key"},
        "ANSWERABLE_DRAW_KEY_FILE: cannot use /nowhere/draw.key",
    ),
    "a key others can read": ({"ANSWERABLE_DRAW_KEY_FILE": "{open_key}"}, "chmod 600"),
    "a key that is none": ({"ANSWERABLE_SIGNING_KEY_FILE": "{no_key}"}, "holds no key"),
}


NEWER: Final = "update alembic_version set version_num = '9999'"
RENAMED: Final = "alter table workflow rename column backup to deputy"  # as a version before had it

# Each command that opens the database, besides `serve` and the doctor.
OPENING: Final = (
    "migrate",
    "token create --workflow claims --scope gate:read",
    "token list",
    "token revoke 123",
    "import --workflow claims {lines}",
    "import --measurements --workflow claims {lines}",
    "plant --workflow claims {lines}",
    "pause claims --reason because",
    "forget U0DANA --reason asked",
    "recover --reason restored",
    "key",
    "export --out {folder}/out.zip",
    "corrections --workflow claims --out {folder}/out.jsonl",
)


@pytest.fixture(scope="module")
def starts(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """All wrong starts, two at a time, each by what is wrong with it."""
    folder = tmp_path_factory.mktemp("starts")
    with _broken(folder, stage) as places, ThreadPoolExecutor(2) as operators:
        yield {
            name: operators.submit(_start, stage, folder / f"{number}.db", changed, places)
            for number, (name, (changed, _)) in enumerate(STARTS.items())
        }


@pytest.mark.parametrize("name", STARTS)
def test_a_bot_that_cannot_start_says_why_in_one_line(
    starts: dict[str, Future[subprocess.CompletedProcess[str]]], name: str
) -> None:
    _said_in_one_line(starts[name].result(), STARTS[name][1])


def _said_in_one_line(done: subprocess.CompletedProcess[str], words: str) -> None:
    said = done.stderr.strip().splitlines()
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    assert len(said) == 1, done.stderr


def _start(
    stage: Stage, database: Path, changed: dict[str, str], places: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    free = {
        "ANSWERABLE_CLOCK": "system",
        "ANSWERABLE_LISTEN": "127.0.0.1:0",
        "ANSWERABLE_DATABASE_URL": f"sqlite:///{database}",
    }
    return stage.console(
        "serve", **{**free, **{name: value.format(**places) for name, value in changed.items()}}
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (NEWER, "was made by a newer Answerable (revision 9999): run that version"),
        (RENAMED, "are another version's: not the same are workflow.backup, workflow.deputy"),
    ],
    ids=["newer", "before"],
)
def test_whatever_opens_a_database_of_another_version_says_so_in_one_line(
    stage: Stage, tmp_path: Path, changed: str, words: str
) -> None:
    path, lines = tmp_path / "other.db", tmp_path / "lines.jsonl"
    stage.change(f"vacuum into '{path}'")
    _change(path, changed)
    lines.write_text("{}\n")
    before = _dump(path)

    def run(command: str) -> subprocess.CompletedProcess[str]:
        typed = command.format(folder=tmp_path, lines=lines).split()
        return stage.console(*typed, ANSWERABLE_DATABASE_URL=f"sqlite:///{path}")

    with ThreadPoolExecutor(2) as operators:
        for done in operators.map(run, OPENING):
            _said_in_one_line(done, words)
    looked_over = run("doctor")
    assert (looked_over.returncode, looked_over.stderr) == (1, "")
    assert words in looked_over.stdout
    assert _dump(path) == before


@contextlib.contextmanager
def _broken(folder: Path, stage: Stage) -> Iterator[dict[str, str]]:
    """Give databases and files with which no bot can start, by what is wrong with them."""
    (folder / "garbage.db").write_bytes(b"This is no database. " * 100)
    (folder / "open.key").write_text("00" * 32)
    (folder / "open.key").chmod(0o644)
    (folder / "no.key").write_text("not hexadecimal")
    (folder / "no.key").chmod(0o600)
    databases = {name: folder / f"{name}.db" for name in ("locked", "newer", "older", "other_team")}
    for path in databases.values():
        done = stage.console("migrate", ANSWERABLE_DATABASE_URL=f"sqlite:///{path}")
        assert done.returncode == 0, done.stderr
    _change(databases["newer"], NEWER)
    _change(databases["older"], RENAMED)
    head = "values ('T0OTHER', 'answerable/T0OTHER', 0, x'0000000000000000', '2026-06-01', 0)"
    _change(databases["other_team"], f"insert into head {head}")
    holder = sqlite3.connect(databases["locked"])
    holder.execute("begin immediate")
    try:
        yield {
            **{name: f"sqlite:///{path}" for name, path in databases.items()},
            "garbage": f"sqlite:///{folder}/garbage.db",
            "started": f"sqlite:///{stage.database}",
            "listen": stage.listen,
            "sandbox": stage.slack.url,
            "open_key": f"{folder}/open.key",
            "no_key": f"{folder}/no.key",
        }
    finally:
        holder.close()


def _dump(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def _change(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)
