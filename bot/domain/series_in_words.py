"""What a series proves, in the words of the breach that it opens."""

from typing import Final

from bot.domain.breaches import Cause
from bot.domain.figures import percent
from bot.domain.series import OVERRIDES, OVERRIDES_BP, Series, Strand

_CHANCE: Final = (
    "While all true rates are within their limits, samples come to this within a year with a "
    "chance of at most 5 %."
)


def cause_of(series: Series) -> Cause:
    """Give what the breach of a proof is called: by what most of the evidence is of."""
    return Cause.OVERRIDE_RATE if series.leading.about == OVERRIDES else Cause.ERROR_RATE


def said_of(series: Series, limit_bp: int) -> str:
    """Give the figures of the leading strand, and of everything if that is another.

    `limit_bp` is that of the round that proves it: older ones may have been under others.
    """
    leading, said = series.leading, [f"{_counted(series, series.errors)}."]
    if leading.about == OVERRIDES:
        bar = percent(max(limit_bp, OVERRIDES_BP))
        said.insert(0, f"{_counted(series, leading)}; more than {bar} % is a breach.")
    elif leading.category:
        said.insert(0, f"Most of it is of {leading.about}: {_bad(leading)} were wrong.")
    return f"{' '.join(said)} The limit is {percent(limit_bp)} %. {_CHANCE}"


def _counted(series: Series, strand: Strand) -> str:
    rounds = f"round {series.first}"
    if series.first != series.last:
        rounds = f"rounds {series.first} to {series.last}"
    were = "not left as they were" if strand.about == OVERRIDES else "wrong"
    return f"{_bad(strand)} outputs judged in {rounds} were {were}"


def _bad(strand: Strand) -> str:
    return f"{strand.bad:,} of {strand.judged:,}"
