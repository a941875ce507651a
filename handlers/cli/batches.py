"""`answerable plan`: how many outputs of a batch to look at before saying yes to it, once."""

import json
from typing import Final

import click

from bot.domain.batches import MOST_LOOKED_AT, Batch, BatchPlan, attestation, batch_plan
from bot.domain.figures import percent
from handlers.cli.parts import Parts
from handlers.cli.plans import limit_option

USUAL: Final = (50, 100, 200, 500, 1_000, None)
MOST_OUTPUTS: Final = 10_000_000
_FORM: Final = "{:>10}  {:>14}  {:>14}  {:>13}  {:>11}  {:>10}"
_NAMES: Final = ("batch", "all right of", "or look at", "may be wrong", "good passes", "bad passes")


def add(answerable: click.Group, _parts: Parts) -> None:
    @answerable.command()
    @click.option(
        "--limit",
        callback=limit_option,
        required=True,
        metavar="RATE",
        help="tolerable: 0.05 or 5%",
    )
    @click.option(
        "--bad",
        callback=limit_option,
        metavar="RATE",
        help="too bad, usually thrice the limit",
    )
    @click.option(
        "--batch", type=click.IntRange(1, MOST_OUTPUTS), metavar="N", help="outputs in all"
    )
    @click.option("--json", "as_json", is_flag=True)
    def plan(
        limit: int,
        bad: int | None,
        batch: int | None,
        as_json: bool,  # noqa: FBT001 -- click passes flags so
    ) -> None:
        """Say how many outputs to look at before going live, or before resuming.

        Either all that are looked at have to be right, which shows with 95 % confidence that the
        error rate is below the limit; or a few may be wrong, so that what is within the limit
        passes in 95 % of cases and what is too bad in 10 % at most. Outputs are drawn at random.
        """
        if bad is None:
            bad = min(3 * limit, 9_999)
        if bad <= limit:
            raise click.BadParameter("has to be above the limit", param_hint="--bad")
        rows = [_row(Batch(size), limit, bad) for size in ((batch,) if batch else USUAL)]
        if as_json:
            click.echo(json.dumps({"limit_bp": limit, "bad_bp": bad, "plans": rows}, indent=2))
        else:
            click.echo(_table(rows, limit, bad))


def _row(batch: Batch, limit_bp: int, bad_bp: int) -> dict[str, int | str | None]:
    found = batch_plan(batch, limit_bp, bad_bp)
    return {
        "batch": batch.size,
        "attest": attestation(batch, limit_bp),
        "look_at": found.look_at if found else None,
        "may_be_wrong": found.may_be_wrong if found else None,
        "good_passes": _chance(found, is_good=True),
        "bad_passes": _chance(found, is_good=False),
    }


def _chance(found: BatchPlan | None, *, is_good: bool) -> str | None:
    """Give a chance in percent, as text: no figure of ours is a float."""
    if found is None:
        return None
    return f"{float(100 * (found.passes_good if is_good else found.passes_bad)):.2f}"


def _table(rows: list[dict[str, int | str | None]], limit_bp: int, bad_bp: int) -> str:
    good, bad = percent(limit_bp), percent(bad_bp)
    head = (
        f"Good is an error rate of at most {good} %, bad is {bad} % or more. "
        "Draw at random; all that are looked at have to be right, or so many may be wrong."
    )
    lines = [_FORM.format(*_NAMES), *(_line(row) for row in rows)]
    if any(None in (row["attest"], row["look_at"]) for row in rows):
        lines.append(f"-: not even {MOST_LOOKED_AT:,} outputs, or all there are, would show it.")
    return "\n".join([head, "", *lines])


def _line(row: dict[str, int | str | None]) -> str:
    batch = f"{row['batch']:,}" if row["batch"] else "more"
    shares = (f"{row[name]} %" if row[name] else "-" for name in ("good_passes", "bad_passes"))
    counts = ("-" if row[name] is None else row[name] for name in ("attest", "look_at"))
    wrong = "-" if row["may_be_wrong"] is None else row["may_be_wrong"]
    return _FORM.format(batch, *counts, wrong, *shares)
