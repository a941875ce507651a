"""`python -m sandbox.demo.tethered MODULE …`: a module that ends when whoever started it is gone.

Its standard input is a pipe that the parent holds open and never writes to. However the parent
ends, even by a signal that nobody can catch, the system closes the pipe. A second process waits
for that and for nothing else; this one becomes the module, as `python -m` would run it.
"""

import os
import signal
import sys
import time
from typing import Final

GRACE: Final = 5.0  # seconds to stop in good order
MOMENT: Final = 0.05


def main() -> None:
    """Become the module named first, with the arguments that follow."""
    program = os.getpid()
    if os.fork() == 0:
        _watch(program)
        os._exit(0)
    _turn_to_nothing(sys.stdin.fileno())
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])  # noqa: S606 -- our own


def _watch(program: int) -> None:
    """Wait until the pipe is closed, then end the program, by force if it does not want to."""
    _turn_to_nothing(sys.stdout.fileno(), sys.stderr.fileno())
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _tell(program, signal.SIGTERM)
    for _ in range(int(GRACE / MOMENT)):
        if os.getppid() != program:
            return
        time.sleep(MOMENT)
    _tell(program, signal.SIGKILL)


def _tell(program: int, what: signal.Signals) -> None:
    # A program that has ended is nobody's parent: its number may be another's by now.
    if os.getppid() == program:
        os.kill(program, what)


def _turn_to_nothing(*descriptors: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for each in descriptors:
        os.dup2(nothing, each)
    os.close(nothing)


if __name__ == "__main__":
    main()
