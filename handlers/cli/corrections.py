"""`answerable corrections`: what people corrected, as a file to train with."""

import json
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.domain.figures import counted
from bot.domain.people import OPERATOR
from bot.usecases import Deps, corrections
from bot.usecases.corrections import Corrections
from handlers.cli.files import OWNER_ALONE, require_free, written_whole
from handlers.cli.parts import Parts, told


def add(answerable: click.Group, parts: Parts) -> None:
    @answerable.command(name="corrections")
    @click.option("--workflow", required=True, metavar="KEY")
    @click.option(
        "--out",
        required=True,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.jsonl",
    )
    @click.option(
        "--since", type=click.DateTime(), callback=_utc, help="new or changed from then on, UTC"
    )
    @click.option("--force", is_flag=True, help="overwrite the file if it is there already")
    def take(
        workflow: str,
        out: Path,
        since: datetime | None,
        force: bool,  # noqa: FBT001 -- click passes flags so
    ) -> None:
        """Take out what people corrected, to learn from: a line for each output.

        It is what closed rounds called wrong or corrected, by the rules about data in force now.
        """
        with told():
            require_free(out, parts.own_files(), force=force)
            deps = parts.deps()
            receipt = corrections.record_taking(deps, OPERATOR, workflow, since)
            lines = _written(deps, workflow, since, out)
        click.echo(f"{counted(lines, 'correction')} in {out}: record #{receipt.number}")


def _utc(
    _context: click.Context, _option: click.Parameter, moment: datetime | None
) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _written(deps: Deps, workflow: str, since: datetime | None, out: Path) -> int:
    """Write the file, for its owner alone, and give the number of its lines. Raises Failed."""
    lines = 0
    with (
        written_whole(out, OWNER_ALONE) as file,
        corrections.read_corrections(deps, workflow, since) as found,
        _shown(found) as of_each,
    ):
        for of_round in of_each:
            # ASCII alone: some readers end a line at more than its newline.
            file.writelines(f"{json.dumps(each)}\n".encode("ascii") for each in of_round)
            lines += len(of_round)
    return lines


def _shown(
    found: Corrections,
) -> AbstractContextManager[Iterable[tuple[dict[str, object], ...]]]:
    """Give the rounds, and show how many are done where somebody is looking."""
    if not sys.stderr.isatty():
        return nullcontext(found.of_each)
    return click.progressbar(found.of_each, found.rounds, label="rounds", file=sys.stderr)
