"""What a round's verdicts come to, by how it was drawn."""

from collections import Counter
from collections.abc import Iterable

from bot.domain.evidence import Result, result_of
from bot.domain.policy import Policy
from bot.domain.rounds import DrawnItem, Round
from store.reading import Reading


def result_in(
    reading: Reading, round_: Round, policy: Policy, items: Iterable[DrawnItem]
) -> Result:
    """Give the figures of a round under its policy, from these items of its first look."""
    if not policy.is_by_band:
        return result_of(items, policy, reading.outputs.sizes(round_.workflow, round_.number))
    cells = reading.outputs.cells(round_.workflow, round_.number)
    bands = Counter[str]()
    for (_, band), size in cells.items():
        bands[band] += size
    return result_of(items, policy, bands, cells)
