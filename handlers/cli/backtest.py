"""`answerable backtest`: what a sampling plan would have found in past outputs."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import IO, Final

import click

from bot.domain.backtests import Backtest
from bot.domain.figures import counted
from bot.domain.plans import MAX_SAMPLE
from bot.domain.policy import Policy
from bot.rendering.backtest import as_chart, as_facts, as_text
from bot.rendering.charts import svg
from handlers.cli.files import require_free, written_whole
from handlers.cli.parts import Failed, Parts, Unplayable, told
from handlers.cli.past import read_past
from handlers.cli.plans import MAX_FILE, Wished, limit_option, read_plan

MINUTES: Final = 4.0
MOST_MINUTES: Final = 600.0
# Opened only when all options are known to be sound; `-` is what comes in.
FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True)
Noted = Callable[[int], None]


def add(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    @click.option(
        "--data", required=True, type=FILE, metavar="FILE.jsonl", help="JSON lines; - is input"
    )
    @click.option(
        "--limit", callback=limit_option, metavar="RATE", help="0.05 or 5%, which is usual"
    )
    @click.option(
        "--per-week", type=click.IntRange(1, MAX_SAMPLE), help="outputs to review, usually 20"
    )
    @click.option("--policy", type=FILE, metavar="FILE.yaml", help="fields of a policy")
    @click.option(
        "--seed", type=int, default=1, show_default=True, help="the same one draws the same"
    )
    @click.option(
        "--minutes",
        type=click.FloatRange(0, MOST_MINUTES),
        callback=_is_number,
        default=MINUTES,
        show_default=True,
        help="to review one output",
    )
    @click.option(
        "--chart",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.svg",
        help="draw it here",
    )
    @click.option("--force", is_flag=True, help="overwrite a chart that is there already")
    @click.option("--json", "as_json", is_flag=True)
    def backtest(
        data: str,
        limit: int | None,
        per_week: int | None,
        policy: str | None,
        seed: int,
        minutes: float,
        chart: Path | None,
        force: bool,  # noqa: FBT001 -- click passes flags so
        as_json: bool,  # noqa: FBT001 -- as above
    ) -> None:
        """Try a sampling plan on past outputs whose truth is known.

        Each line of the file has output_id, produced_at, prediction and truth, and as a rule
        category and confidence. The plan runs week by week in a database that is thrown away.
        """
        with told():
            if chart:
                _require_svg(chart, force=force)
            plan = _plan(Wished(limit, per_week), policy)
            test = _played(parts, data, plan, seed, is_silent=as_json)
            if chart:
                _draw(test, chart, data)
        if as_json:
            click.echo(json.dumps(as_facts(test, minutes), indent=2, ensure_ascii=False))
        else:
            click.echo(as_text(test, minutes))


def _is_number(_context: click.Context, _option: click.Parameter, minutes: float) -> float:
    if isnan(minutes):  # which no range leaves out
        raise click.BadParameter(f"give a number from 0 to {MOST_MINUTES:g}")
    return minutes


def _plan(wished: Wished, path: str | None) -> Policy:
    if path is None:
        return read_plan(wished)
    with _opened(path) as file:
        return read_plan(wished, path, file.read(MAX_FILE + 1))


def _played(parts: Parts, data: str, plan: Policy, seed: int, *, is_silent: bool) -> Backtest:
    with _opened(data) as lines, _bar("reading", None, is_silent=is_silent) as noted:
        past = read_past(data, lines, noted)
    try:
        with _bar("playing", len(past), is_silent=is_silent) as noted:
            return parts.backtest(past, plan, seed, noted)
    except Unplayable as fault:
        raise Failed(f"{data}: {fault}") from None


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    try:
        with click.open_file(path, "rb") as file:
            yield file
    except OSError as error:
        raise Failed(f"cannot read {path}: {error.strerror}") from error


@contextmanager
def _bar(label: str, length: int | None, *, is_silent: bool) -> Iterator[Noted]:
    """Give what shows progress on standard error, or nothing where nobody is looking."""
    if is_silent or not sys.stderr.isatty():
        yield lambda _: None
        return
    if length is None:
        counter = _Counter(label)
        yield counter.note
        counter.end()
        return
    with click.progressbar(label=label, length=length, file=sys.stderr) as bar:
        yield bar.update


@dataclass
class _Counter:
    """Progress of what nobody knows the length of: nothing is shown of a short one."""

    label: str
    lines: int = 0

    def note(self, more: int) -> None:
        self.lines += more
        click.echo(f"\r{self.label}: {counted(self.lines, 'line')}", nl=False, err=True)

    def end(self) -> None:
        if self.lines:
            click.echo(err=True)


def _require_svg(chart: Path, *, force: bool) -> None:
    if chart.suffix.lower() != ".svg":
        raise click.BadParameter("the chart is SVG: name a file that ends in .svg")
    require_free(chart, force=force)


def _draw(test: Backtest, chart: Path, name: str) -> None:
    with written_whole(chart) as file:
        file.write(svg(as_chart(test, Path(name).stem)).encode())
