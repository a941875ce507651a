"""A sandbox and a bot, each in a process of its own, and what people do in it, for the benches."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.parse import urlencode


class Sandbox:
    """One sandbox process and what people do in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = url.removeprefix("http://")
        self._own = threading.local()

    def post(self, path: str, **body: object) -> dict[str, Any]:
        return dict(self._ask("POST", f"/sandbox/{path}", json.dumps(body)))

    def messages(self, **where: str) -> list[dict[str, Any]]:
        return list(self._ask("GET", f"/sandbox/messages?{urlencode(where)}"))

    def is_connected(self) -> bool:
        return bool(self._ask("GET", "/sandbox/world")["connected"])

    def button(self, action_id: str, **where: str) -> str:
        """Wait for a message that holds this button; give its ts."""
        for _ in range(400):
            for message in self.messages(**where):
                if f'"{action_id}"' in json.dumps(message["blocks"]):
                    return str(message["ts"])
            time.sleep(0.05)
        raise TimeoutError(f"no message with {action_id} for {where}")

    def _ask(self, method: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401 -- JSON
        """Ask over a connection of this thread's own: the driver shares the processor with us."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection(self._address, timeout=30)
        connection: HTTPConnection = self._own.connection
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{method} {path}: {answer.status} {said!r}")
        return json.loads(said)


def press(sandbox: Sandbox, user: str, action_id: str) -> dict[str, Any]:
    """Press a button of somebody's direct messages, once it is there."""
    ts = sandbox.button(action_id, user=user)
    return sandbox.post("click", user=user, ts=ts, action_id=action_id)


@contextmanager
def sandboxed(folder: Path, world: Mapping[str, object], *options: str) -> Iterator[Sandbox]:
    folder.mkdir()
    people = folder / "world.json"
    people.write_text(json.dumps(world), "utf-8")
    command = ["-m", "sandbox", "--port", "0", "--world", str(people), "--channel-rate", "1000"]
    command += ["--settle", "0", *options]
    process = subprocess.Popen(
        [sys.executable, *command], env=_own(), stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sandbox has no standard output")
        yield Sandbox(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def running(folder: Path, arguments: list[str], sandbox: Sandbox) -> Iterator[None]:
    """Run a bot until the block ends; it counts as ready once its socket is open."""
    log = (folder / "bot.log").open("w")
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(folder, sandbox.url),
        stdout=log,
        stderr=log,
    )
    try:
        for _ in range(200):
            if sandbox.is_connected():
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def environment(folder: Path, url: str) -> dict[str, str]:
    port_file = folder / "port"
    if not port_file.exists():
        with create_server(("127.0.0.1", 0)) as free:
            port_file.write_text(str(free.getsockname()[1]), "utf-8")
    return {
        **_own(),
        "SLACK_API_URL": f"{url}/api/",
        "SLACK_BOT_TOKEN": "xoxb-sandbox-bench",
        "SLACK_APP_TOKEN": "xapp-sandbox-bench",
        "ANSWERABLE_CLOCK": "sandbox",
        "ANSWERABLE_CHANNEL_RATE": "1000",
        "ANSWERABLE_ADMINS": "U0ADMIN",
        "ANSWERABLE_LISTEN": f"127.0.0.1:{port_file.read_text('utf-8')}",
    }


def _own() -> dict[str, str]:
    """Leave out what is exported for a real workspace: the bench brings its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "ANSWERABLE_"))
    }


def elapsed(done: dict[str, Any]) -> float:
    if not done["acked"] or done.get("errors"):
        raise RuntimeError(f"not acknowledged: {done}")
    return float(done["elapsed_ms"])
