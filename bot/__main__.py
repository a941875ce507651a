"""The console script `answerable`."""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from bot import app, verify
from handlers.cli import Parts, group
from handlers.http import measurements, reports


def main() -> None:
    """Run the command that the arguments name."""
    _log_to_standard_error()
    parts = Parts(
        serve=app.serve,
        examine=app.examine,
        manifest=app.manifest_text,
        migrate=app.migrate_database,
        deps=app.open_deps,
        deps_to_pause=app.open_deps_to_pause,
        vkey=app.log_vkey,
        own_files=app.own_files,
        export=app.export_record,
        decode=app.decode_line,
        sort=reports.sort,
        sort_measurements=measurements.sort,
        new_token=app.new_token,
        verify=_verify,
        demo=_demo,
        backtest=app.run_backtest,
    )
    group(parts)()


def _verify(arguments: Sequence[str]) -> int:
    return verify.main(list(arguments), "answerable verify")


def _demo(out: Path) -> int:
    """Become the program that plays the story: neither the sandbox nor the bot knows the other.

    It takes this one's place, and so hears Ctrl-C and SIGTERM itself and stops in good order.
    """
    command = [sys.executable, "-m", "sandbox.demo", "--out", str(out)]
    os.execv(sys.executable, command)  # noqa: S606 -- our own program


def _log_to_standard_error() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    # Bolt finds the token in the environment too and warns that it uses what it is given instead.
    logging.getLogger("slack_bolt.App").addFilter(lambda line: "`token`" not in line.getMessage())
    # Slack's client says in a line of its own what it also raises, and what we then say in ours.
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    # A tick that is still at work when the next one is due finds what that would have found.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _for_people() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _for_people() -> structlog.dev.ConsoleRenderer:
    # A richer traceback shows local variables, and so tokens and outputs under review.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


if __name__ == "__main__":
    main()
