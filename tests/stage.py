"""The stage for journeys: the real sandbox and the real bot, each in a process of its own."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import sample
from socket import create_server
from typing import Any, Final

import httpx
import psycopg

from bot.keys import signing_key
from tests import launcher
from tests.launcher import Command, Order
from tests.workspace import ADMIN, AUDITOR, OTHER_ADMIN, TEAM, Json, Slack, until

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox-answerable", "xapp-sandbox-answerable"
SIGNING_SECRET: Final = "sandbox-signing-secret"

# Bolt's, on a variable it need not read.
BOLT_REMARKS: Final = ("As you gave `client` as well", "As `installation_store` or `authorize`")


def _is_wrong(entry: Json) -> bool:
    """Tell whether an entry of the sandbox's log is an error, or a warning about what was shown."""
    answer = entry["response"] if isinstance(entry["response"], dict) else {}
    # Whatever looks loud is warned of, letters that Slack would not read as markup included.
    warnings = [each for each in entry["warnings"] if not each.startswith("broadcast")]
    is_refused = str(entry["status"]) not in {"", "ok", "200"} or answer.get("ok") is False
    return is_refused or bool(warnings)


class Sandbox:
    """The sandbox's process, with what it says in files."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        said, errors = folder / "sandbox.stdout", folder / "sandbox.stderr"
        said.touch()
        order = Order(arguments, dict(os.environ), str(said), str(errors), is_sandbox=True)
        self._command = Command(order)

        def announced() -> str:
            assert not self._command.has_ended(), errors.read_text()
            line, end, _ = said.read_text().partition("\n")
            return line if end else ""

        self.url = json.loads(until(announced, lambda: time.sleep(0.01)))["url"]

    def close(self) -> None:
        self._command.stop(signal.SIGKILL)


def _lasting_port() -> int:
    """Give a free port that stays ours while a bot is down between two starts.

    It lies below those that the system hands out for connections, or one of them might take it.
    """
    for port in sample(range(20_000, 32_000), 100):
        with contextlib.suppress(OSError), create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no free port below 32,000")


@dataclass(frozen=True, slots=True)
class Replica:
    """Another bot on a stage's database, and the way to its own port."""

    command: Command
    http: httpx.Client

    def close(self) -> None:
        self.command.stop(signal.SIGKILL)
        self.http.close()


class Stage:
    """A sandbox and a bot on a database of their own, and whoever looks on from outside.

    They meet over Socket Mode, or `by_http`, where Slack's requests come in signed. The database
    is a file of the stage's, or the one at the `address` of a server's, whose tables are made.
    Slack delivers again what was not taken after 60 and 300 seconds times `retry_factor`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        by_http: bool = False,
        address: str = "",
        retry_factor: float = 0.001,
    ) -> None:
        self.folder = folder
        self.database = folder / "answerable.db"
        self.address = address or f"sqlite:///{self.database}"
        self.listen = f"127.0.0.1:{_lasting_port()}"
        self.http = httpx.Client(base_url=f"http://{self.listen}", trust_env=False, timeout=30)
        self.way_in = (
            {"SLACK_SIGNING_SECRET": SIGNING_SECRET} if by_http else {"SLACK_APP_TOKEN": APP_TOKEN}
        )
        events = ("--events-url", f"http://{self.listen}/slack/events") if by_http else ()
        self._sandbox = Sandbox(
            folder,
            *("--port", "0", "--manifest", "manifest.yml"),
            *("--channel-rate", "1000", "--settle", "0.01", "--retry-factor", str(retry_factor)),
            *events,
        )
        self.slack = Slack(self._sandbox.url)
        self.bot: Command | None = None
        self._replicas: list[Replica] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            **self.way_in,
            "ANSWERABLE_CLOCK": "sandbox",
            "ANSWERABLE_CHANNEL_RATE": "1000",
            "ANSWERABLE_LISTEN": self.listen,
            "ANSWERABLE_DATABASE_URL": self.address,
            "ANSWERABLE_SIGNING_KEY_FILE": str(self.folder / "signing.key"),
            "ANSWERABLE_DRAW_KEY_FILE": str(self.folder / "draw.key"),
            "ANSWERABLE_ADMINS": f"{ADMIN},{OTHER_ADMIN}",
            "ANSWERABLE_AUDITORS": AUDITOR,
        }

    def start(self, *, fuse: str = "", **changed: str) -> Command:
        """Start a bot without waiting for it."""
        self.bot = self._started("bot", fuse, changed)
        return self.bot

    def serve_beside(self, name: str) -> "Replica":
        """Start another bot on the same database and wait until it says that it is ready."""
        listen = f"127.0.0.1:{_lasting_port()}"
        command = self._started(name, "", {"ANSWERABLE_LISTEN": listen})
        http = httpx.Client(base_url=f"http://{listen}", trust_env=False, timeout=30)
        self._replicas.append(Replica(command, http))
        self._until_ready(command, http)
        return self._replicas[-1]

    def _started(self, name: str, fuse: str, changed: dict[str, str]) -> Command:
        said = str(self.folder / f"{name}.stderr")
        environment = {**self.environment, **changed}
        return Command(Order(["serve"], environment, os.devnull, said, fuse))

    def serve(self, *, fuse: str = "", **changed: str) -> Command:
        """Start a bot and wait until it says that it is ready."""
        bot = self.start(fuse=fuse, **changed)
        self._until_ready(bot, self.http)
        return bot

    def _until_ready(self, bot: Command, http: httpx.Client) -> None:
        def ready() -> bool:
            assert not bot.has_ended(), self.errors()
            with contextlib.suppress(httpx.TransportError):
                return http.get("/readyz").status_code == 200
            return False

        until(ready, lambda: time.sleep(0.02))

    def console(self, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run one console command to its end, next to the bot."""
        return launcher.run(arguments, {**self.environment, **changed}, self.folder)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read from the bot's database, from outside."""
        with self._outside() as database:
            return list(database.execute(self._spoken(query), values).fetchall())

    def has_database(self) -> bool:
        return self.database.exists() or not self._is_file

    def change(self, query: str) -> None:
        """Write to the bot's database, from outside."""
        with self._outside() as database:
            database.execute(query)

    def _outside(self) -> contextlib.closing[Any]:
        if self._is_file:
            return contextlib.closing(
                sqlite3.connect(self.database, timeout=5, isolation_level=None)
            )
        return contextlib.closing(psycopg.connect(self.address, autocommit=True))

    def _spoken(self, query: str) -> str:
        return query if self._is_file else query.replace("?", "%s")

    @property
    def _is_file(self) -> bool:
        return self.address.startswith("sqlite")

    def entries(self, *kinds: str, on: str = "") -> list[Json]:
        """Give the record's entries as they are stored, those of some kinds or of one thing."""
        query, values = "select body from entry where true", [*kinds, *filter(None, [on])]
        if kinds:
            query += f" and kind in ({', '.join('?' * len(kinds))})"
        if on:
            query += " and subject = ?"
        return [json.loads(body) for (body,) in self.rows(f"{query} order by seq", *values)]

    def until_recorded(self, kind: str, on: str = "", count: int = 1) -> list[Json]:
        """Wait for so many entries of a kind, about one thing if it is named."""

        def look() -> list[Json]:
            found = self.entries(kind, on=on)
            return found if len(found) >= count else []

        return until(look, lambda: time.sleep(0.02))

    def until_sent(self) -> None:
        """Wait until the bot has nothing left to say that it could say now."""
        query = "select count(*) from outbox where state in ('ready', 'sending')"
        until(lambda: self.rows(query) == [(0,)], lambda: time.sleep(0.02))

    def forward(self, **parts: float) -> None:
        """Move the clock once everything has been said: what is said late moves what is due."""
        self.until_sent()
        self.slack.forward(**parts)

    def until_heard(self) -> None:
        """Wait until the bot knows what time it is."""
        self.slack.until(lambda: self._is_heard() or None)

    def _is_heard(self) -> bool:
        clock = self.slack.get("changes", after=0, timeout=0)["clock"]
        return bool(clock["heard"] == clock["version"])

    def complaints(self) -> list[str]:
        """Give what the sandbox found wrong with the bot, and what the bot found wrong itself."""
        said = [line for line in self._bot_lines() if '"level": "info"' not in line]
        return [*(f"{each}" for each in self.slack.log() if _is_wrong(each)), *said]

    def exported(self, name: str = "export.zip") -> Path:
        """Take the record out, see it verified with the log's own key, and give the bundle."""
        target = self.folder / name
        taken = self.console("export", "--force", "--out", str(target))
        assert taken.returncode == 0, taken.stderr
        checked = self.verify(target, "--key", str(self.vkey()))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        return target

    def vkey(self) -> Path:
        """Give a file with the log's public key, made from the key file itself."""
        target = self.folder / "log.vkey"
        key = signing_key(self.folder / "signing.key")
        target.write_text(key.vkey(f"answerable/{TEAM}") + "\n")
        return target

    def verify(self, bundle: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Check a bundle as an auditor does: with the program inside it, and nothing of ours."""
        program = self.folder / "verify.py"
        with zipfile.ZipFile(bundle) as opened:
            program.write_bytes(opened.read("verify.py"))
        return subprocess.run(
            [sys.executable, "-I", str(program), str(bundle), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _bot_lines(self) -> list[str]:
        errors = self.folder / "bot.stderr"
        lines = errors.read_text().splitlines() if errors.exists() else []
        return [line for line in lines if not line.startswith(BOLT_REMARKS)]

    def close(self) -> None:
        """End both processes, whatever state they are in."""
        for replica in self._replicas:
            replica.close()
        if self.bot:
            self.bot.stop(signal.SIGKILL)
        self._sandbox.close()
        self.http.close()
        self.slack.http.close()

    def errors(self) -> str:
        """Give what both processes have said on standard error."""
        files = sorted(self.folder.glob("*.stderr"))
        return "\n".join(f"--- {file.name}\n{file.read_text()}" for file in files)


@contextlib.contextmanager
def staged(
    folder: Path, *, by_http: bool = False, address: str = "", retry_factor: float = 0.001
) -> Iterator[Stage]:
    """Give a stage on which no bot runs yet; everything on it has ended afterwards."""
    stage = Stage(folder, by_http=by_http, address=address, retry_factor=retry_factor)
    try:
        yield stage
    finally:
        stage.close()
