"""Starts bots, their commands and sandboxes by a fork of a process that has imported everything.

Importing costs a second of a processor, forking next to nothing; what runs is the real console
script, or the real sandbox, in a process of its own. There is one launching process for all tests
of a test process. It listens on a socket of the file system; each connection to it is one command:
an order in JSON goes in, the process id comes out and, once that process has ended, its exit code,
as whole numbers.

An order for `serve` may name a fuse: a file. While it holds `PATH N`, the N-th commit made on
behalf of code in PATH is the last thing the bot does: it is recorded, and nobody is answered. With
a third word, `told`, none counts before a commit that has something to say to people.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from select import select
from socket import AF_UNIX, socket
from struct import Struct
from traceback import walk_stack
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:  # the process that launches imports nothing of the bot before it has to
    from store.unit_of_work import Changed

ROOT: Final = Path(__file__).resolve().parents[1]
KILLED: Final = 9
NUMBER: Final = Struct("!i")


@dataclass(frozen=True, slots=True)
class Order:
    """A command of the console: where it says what, and the fuse of a bot that is to die.

    With `is_sandbox` it is what `python -m sandbox` runs instead.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    stdout: str
    stderr: str
    fuse: str = ""
    is_sandbox: bool = False


class Command:
    """A command that was started; its standard output and error are files."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._line = socket(AF_UNIX)
        self._line.connect(_launcher())
        self._line.sendall(json.dumps(asdict(order)).encode() + b"\n")
        self._code: int | None = None
        self.pid = self._hear(10)

    def wait(self, patience: float) -> int:
        """Give the exit code, a signal as a negative number. Raises TimeoutError."""
        if self._code is None:
            self._code = self._hear(patience)
        return self._code

    def has_ended(self) -> bool:
        with suppress(TimeoutError):
            self.wait(0.001)
        return self._code is not None

    def stop(self, number: int = signal.SIGTERM, patience: float = 10) -> int:
        """End it with a signal and give its exit code; kill it if it does not end."""
        if not self.has_ended():
            os.kill(self.pid, number)
        try:
            code = self.wait(patience)
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            code = self.wait(patience)
        self._line.close()
        return code

    def _hear(self, patience: float) -> int:
        self._line.settimeout(patience)
        number: int = NUMBER.unpack(self._line.recv(NUMBER.size))[0]
        return number


def run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, patience: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with tempfile.TemporaryDirectory(dir=folder) as private:
        out, errors = Path(private) / "stdout", Path(private) / "stderr"
        command = Command(Order(arguments, environment, str(out), str(errors)))
        try:
            code = command.wait(patience)
        finally:
            command.stop(signal.SIGKILL)
        return subprocess.CompletedProcess(
            list(arguments), code, out.read_text(), errors.read_text()
        )


@cache
def _launcher() -> str:
    """Start the launching process and give its address; it ends with this process."""
    folder = tempfile.mkdtemp(prefix="launcher-")
    address = f"{folder}/socket"
    process = subprocess.Popen(
        [sys.executable, __file__, address],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": folder},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"listening\n"

    @atexit.register
    def end() -> None:
        process.communicate()
        Path(address).unlink()
        Path(folder).rmdir()

    return address


def main() -> None:
    # Only here, where they are to be forked.
    import bot.__main__ as console  # noqa: PLC0415
    import sandbox.__main__ as sandbox  # noqa: PLC0415

    programs = Programs(console.main, sandbox.main)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a keeper
    with socket(AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(16)
        print("listening", flush=True)  # noqa: T201 -- what the parent waits for
        while (
            sys.stdin not in select([listening, sys.stdin], [], [])[0]
        ):  # it closes with the parent
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                os._exit(_keep(line, programs))
            line.close()


class Programs(NamedTuple):
    """What can be run."""

    console: Callable[[], object]
    sandbox: Callable[[], int]


def _keep(line: socket, programs: Programs) -> int:
    """Obey one order in a process of its own, and tell its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line.makefile("r") as orders:
        order = Order(**json.loads(orders.readline()))
    child = os.fork()
    if child == 0:
        line.close()
        os._exit(_obey(order, programs))
    line.sendall(NUMBER.pack(child))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with suppress(BrokenPipeError):
        line.sendall(NUMBER.pack(code))
    return 0


def _obey(order: Order, programs: Programs) -> int:
    os.environ.clear()
    os.environ.update(order.environment)
    mode = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, name in ((0, os.devnull), (1, order.stdout), (2, order.stderr)):
        os.dup2(os.open(name, mode if number else os.O_RDONLY, 0o600), number)
    sys.argv = ["answerable", *order.arguments]
    try:
        if order.is_sandbox:
            return programs.sandbox()
        serve(Path(order.fuse)) if order.fuse else programs.console()
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
        self._has_told = False
        self._one_at_a_time = threading.Lock()

    def __call__(self, changed: "Changed") -> None:
        with self._one_at_a_time:
            if not self._armed.exists():
                return
            path, count, *after = self._armed.read_text().split()
            self._has_told |= changed.has_messages
            if after == ["told"] and not self._has_told:
                return
            self._seen += any(path in f.f_code.co_filename for f, _ in walk_stack(None))
            if self._seen == int(count):
                self._armed.unlink()
                os._exit(KILLED)


if __name__ == "__main__":
    main()
