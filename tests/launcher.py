"""Starts the bot's commands by a fork of one process that has imported everything already.

As a program it reads one order a line, in JSON, and answers each with the process id and, once
that process has ended, its exit code. Importing costs a second of a processor, forking next to
nothing; what runs is the real console script in a process of its own.

An order for `serve` may name a fuse: a file. While it holds `PATH N`, the N-th commit made on
behalf of code in PATH is the last thing the bot does: it is recorded, and nobody is answered.
"""

import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from traceback import walk_stack
from typing import Any, Final

KILLED: Final = 9


class Launcher:
    """The launching process; one command at a time."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._one_at_a_time = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=root,
            env={"PYTHONPATH": str(root), "PATH": os.environ["PATH"], "HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], **files: str) -> int:
        """Start a command and give its process id. `files` are `stdout`, `stderr` and `fuse`."""
        assert self._process.stdin
        order = {"arguments": arguments, "environment": environment, **files}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self.said()

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with self._one_at_a_time:
            out, errors = folder / "console.stdout", folder / "console.stderr"
            self.start(arguments, environment, stdout=str(out), stderr=str(errors))
            code = self.said()
            said = out.read_text(), errors.read_text()
        return subprocess.CompletedProcess(list(arguments), code, *said)

    def said(self) -> int:
        """Wait for the next number: a process id, then an exit code."""
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def main() -> None:
    import bot.__main__ as console  # noqa: PLC0415 -- only here, where it is to be forked

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_obey(order, console.main))
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _obey(order: dict[str, Any], run: Any) -> int:  # noqa: ANN401 -- the console script
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, name in ((1, "stdout"), (2, "stderr")):
        mode = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if "fuse" in order else os.O_TRUNC)
        os.dup2(os.open(order.get(name, os.devnull), mode), number)
    sys.argv = ["answerable", *order["arguments"]]
    try:
        serve(Path(order["fuse"])) if "fuse" in order else run()
    except SystemExit as done:
        return int(done.code or 0)
    except BaseException:  # noqa: BLE001 -- what the interpreter itself would do
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def serve(fuse: Path) -> None:
    """Do what bot.app.serve does, with a fuse on the store."""
    from bot import app  # noqa: PLC0415 -- as above

    base = app.open_base()
    base.store.listeners.append(Fuse(fuse))
    workspace = str(base.client.auth_test()["team_id"])
    with app.explained(), ExitStack() as running:
        app.Service(base, workspace, running).run()


class Fuse:
    """Ends the process after the commit that the file names."""

    def __init__(self, armed: Path) -> None:
        self._armed = armed
        self._seen = 0
        self._one_at_a_time = threading.Lock()

    def __call__(self, _changed: object) -> None:
        with self._one_at_a_time:
            if not self._armed.exists():
                return
            path, count = self._armed.read_text().split()
            self._seen += any(path in f.f_code.co_filename for f, _ in walk_stack(None))
            if self._seen == int(count):
                self._armed.unlink()
                os._exit(KILLED)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
