"""The programs of the story: the sandbox and the bot, each a process of its own."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_server
from typing import IO, Final

from sandbox.clock import elapsed
from sandbox.player import Unexpected
from sandbox.wire import Json

CHANNEL_RATE: Final = "200"
START_PATIENCE: Final = 30.0
STOP_PATIENCE: Final = 10.0
LAST_LINES: Final = 20
THE_DRAWS: Final = b"the draws of the demo 2"
BOT: Final = (sys.executable, "-m", "bot")
TETHERED: Final = (sys.executable, "-m", "sandbox.demo.tethered")
READY: Final = 200


class Child:
    """A process in a group of its own, so that Ctrl-C reaches it through us, in good order.

    It ends by itself when we are gone without a word: we hold the other end of its input.
    """

    def __init__(
        self, name: str, module: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._errors = folder / f"{name}.log"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 -- our own programs
                [*TETHERED, *module],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )

    def first_line(self, patience: float) -> str:
        """Give the first line it prints. Raises Unexpected if there is none in time."""
        output = self._output()
        if select.select([output], [], [], patience)[0] and (line := output.readline()):
            return line
        raise Unexpected(f"the {self.name} to start; {self.last_words()}")

    def require_alive(self) -> None:
        if (code := self._process.poll()) is not None:
            raise Unexpected(f"the {self.name} to run; it ended with {code}; {self.last_words()}")

    def last_words(self) -> str:
        """Give the end of what it wrote to its log."""
        lines = self._errors.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
        return "the end of its log:\n" + "\n".join(lines) if lines else "its log is empty"

    def stop(self) -> None:
        """End it orderly, or by force if it does not want to."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _output(self) -> IO[str]:
        if self._process.stdout is None:
            raise TypeError("the output of a child is a pipe")
        return self._process.stdout


def start_sandbox(folder: Path) -> tuple[Child, str]:
    """Start the sandbox on a free port and give where it is."""
    module = ["sandbox", "--port", "0", "--channel-rate", CHANNEL_RATE]
    module += ["--world", str(beside("samples", "world.json")), "--manifest", str(_manifest())]
    child = Child("sandbox", module, folder, _clean(os.environ))
    try:
        url = str(json.loads(child.first_line(START_PATIENCE))["url"])
    except BaseException:
        child.stop()
        raise
    return child, url


def start_bot(folder: Path, environment: Mapping[str, str]) -> Child:
    """Start the bot and wait until it says that it is ready."""
    _fix_draws(Path(environment["ANSWERABLE_DRAW_KEY_FILE"]))
    child = Child("bot", ["bot", "serve"], folder, environment)
    try:
        _wait_until_ready(child, environment["ANSWERABLE_LISTEN"])
    except BaseException:
        child.stop()
        raise
    return child


def _fix_draws(key: Path) -> None:
    """Have the same outputs drawn in every telling, so that the story is always the one told."""
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(sha256(THE_DRAWS).hexdigest() + "\n", "ascii")


def bot_environment(folder: Path, sandbox: str, people: Json) -> dict[str, str]:
    """Give the settings of a bot in this sandbox, with everything it keeps in this folder."""
    return _clean(os.environ) | {
        "SLACK_BOT_TOKEN": "xoxb-sandbox-answerable",
        "SLACK_APP_TOKEN": "xapp-sandbox-answerable",
        "SLACK_API_URL": f"{sandbox}/api/",
        "ANSWERABLE_CLOCK": "sandbox",
        "ANSWERABLE_CHANNEL_RATE": CHANNEL_RATE,
        "ANSWERABLE_DATABASE_URL": f"sqlite:///{folder / 'answerable.db'}",
        "ANSWERABLE_SIGNING_KEY_FILE": str(folder / "signing.key"),
        "ANSWERABLE_DRAW_KEY_FILE": str(folder / "draw.key"),
        "ANSWERABLE_LISTEN": f"127.0.0.1:{_free_port()}",
        "ANSWERABLE_ADMINS": ",".join(people["admins"]),
        "ANSWERABLE_AUDITORS": ",".join(people["auditors"]),
    }


def beside(*parts: str) -> Path:
    """Give a file that comes with the sandbox."""
    return Path(__file__).resolve().parents[1].joinpath(*parts)


def _manifest() -> Path:
    """Give the app's manifest: beside the sandbox in a clone, within the bot once installed."""
    root = beside().parent
    in_clone, installed = root / "manifest.yml", root / "bot" / "manifest.yml"
    return in_clone if in_clone.exists() else installed


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out every setting of a bot that may be about: nothing real belongs in a demo."""
    ours = ("SLACK_", "ANSWERABLE_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _wait_until_ready(child: Child, address: str) -> None:
    end = elapsed() + START_PATIENCE
    while not _is_ready(address):
        child.require_alive()
        if elapsed() > end:
            raise Unexpected(f"the bot to be ready; {child.last_words()}")
        time.sleep(0.05)


def _is_ready(address: str) -> bool:
    connection = HTTPConnection(address, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == READY
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
