"""What it costs to start beside 100,000 workflows, and to pause one then, against with no other.

Each start is a process of its own beside the sandbox, on a copy of a database that is there. Its
time ends when it says that it is ready; its memory is what it holds then. A pause is a commit and
all that is done before it is acknowledged. Starts alternate.

    python bench/startup.py [--starts 5]
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bots import Sandbox, elapsed, environment, sandboxed
from many import NOW, quiet
from world import CHANNEL, world

from bot.domain.people import Actor, Origin, Standing
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.keys import draw_key, signing_key
from bot.usecases import registry

FEW, MANY = 0, 100_000  # others
OWNER: Final = "U0OWNER"
PAUSED: Final = "to-pause"
LONGER: Final = 1.5  # times
MORE: Final = 20.0  # megabytes
PATIENCE: Final = 60.0  # seconds
MEBI: Final = 2**20


@dataclass
class Starts:
    """Of each start the seconds until it was ready and its megabytes then; a pause's ms."""

    seconds: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--starts", type=int, default=5, help="with each")
    starts = options.parse_args().starts
    found = {FEW: Starts(), MANY: Starts()}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for count in found:
            _prepare(folder / str(count), count)
        for number in range(starts):
            for count, measured in found.items():
                place = folder / f"{count}-{number}"
                _start(folder / str(count), place, measured)
                shutil.rmtree(place)
    return _report(found[FEW], found[MANY])


def _prepare(folder: Path, count: int) -> None:
    folder.mkdir()
    key = signing_key(folder / "answerable-signing.key")
    draw_key(folder / "answerable-draw.key")
    deps = quiet(folder / "answerable.db", count, key.sign_checkpoint)
    roles = Roles(OWNER, "U0BACKUP", "U0STEWARD", "U0BUILDER")
    policy = Policy(1, "FREQ=WEEKLY", "UTC", 4, 1, 500, 0, 1_000, hours="always")
    owner = Actor(Origin.SLACK, OWNER, Standing.MEMBER)
    asked = registry.Registration(PAUSED, "a benchmark", roles, CHANNEL, policy)
    registry.register_workflow(deps, owner, asked)
    registry.accept_ownership(deps, owner, PAUSED)
    deps.store.engine.dispose()


def _start(prepared: Path, place: Path, measured: Starts) -> None:
    with sandboxed(place, world([OWNER]), "--clock", NOW.isoformat()) as sandbox:
        for each in prepared.iterdir():
            shutil.copy(each, place)
        with _ready(place, sandbox, measured):
            measured.pauses.append(_pause(sandbox))


@contextmanager
def _ready(place: Path, sandbox: Sandbox, measured: Starts) -> Iterator[None]:
    """Run a bot until the block ends, which begins when it is ready."""
    with (place / "bot.log").open("w") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=place,
            env=(given := environment(place, sandbox.url)),
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(given["ANSWERABLE_LISTEN"], begun + PATIENCE)
            measured.seconds.append(time.perf_counter() - begun)
            measured.held.append(_resident(process.pid))
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(address: str, deadline: float) -> None:
    while time.perf_counter() < deadline:
        asked = HTTPConnection(address, timeout=1)
        try:
            asked.request("GET", "/readyz")
            if asked.getresponse().status == HTTPStatus.OK:
                return
        except OSError:
            pass  # it does not listen yet
        finally:
            asked.close()
        time.sleep(0.01)
    raise TimeoutError("the bot does not get ready")


def _resident(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEBI


def _pause(sandbox: Sandbox) -> float:
    """Give the milliseconds from the press until the pause is acknowledged."""
    opened = sandbox.post("command", user=OWNER, channel=CHANNEL, text=f"pause {PAUSED}")
    view = opened["view"]
    block = next(b["block_id"] for b in view["blocks"] if b["type"] == "input")
    values = {block: "It is to be seen how long this takes."}
    return elapsed(sandbox.post("submit", user=OWNER, view_id=view["id"], values=values))


def _report(few: Starts, many: Starts) -> int:
    ratio = median(many.seconds) / median(few.seconds)
    more = median(many.held) - median(few.held)
    print(
        f"to start: alone {median(few.seconds):.2f} s, with {MANY:,} {median(many.seconds):.2f}"
        f" s, ratio {ratio:.2f}; memory {median(few.held):.0f} and {median(many.held):.0f} MiB, "
        f"{more:.0f} more; a pause {median(few.pauses):.0f} and {median(many.pauses):.0f} ms"
    )
    missed = []
    if ratio > LONGER:
        missed.append(f"to start takes {ratio:.2f} times as long, at most {LONGER} is allowed")
    if more > MORE:
        missed.append(f"{more:.0f} MiB more are held, at most {MORE:.0f} may be")
    for each in missed:
        print(f"bar missed: {each}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
