"""The draw: committed before the round, and for everyone to compute again afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from heapq import heapify, heapreplace, nsmallest
from hmac import digest
from itertools import groupby
from typing import Final

from bot.domain.record import canonical
from bot.domain.tree import leaf_hash, root_of

NO_KEY: Final = b""  # with whoever draws nothing
SEED_LABEL: Final = b"answerable draw v1"
SECOND_LABEL: Final = b"second eyes\0"
LEAST_SECOND: Final = 2
ONE_SECOND_OF: Final = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """One output that was drawn, and the category it was drawn for."""

    output_id: str
    category: str


def seed_for(key: bytes, workspace: str, workflow: str, number: int) -> bytes:
    """Give the secret seed of a round.

    It is HMAC-SHA256 over label, workspace, workflow and number with a zero byte between them,
    which none of them can contain.
    """
    if key == NO_KEY:
        raise ValueError("a round has no seed without the draw key")
    parts = (SEED_LABEL, workspace.encode(), workflow.encode(), str(number).encode())
    if any(b"\0" in part for part in parts):
        raise ValueError("a workspace or workflow with a zero byte in its name has no seed")
    return digest(key, b"\0".join(parts), "sha256")


def commitment(seed: bytes) -> str:
    """Give what is published before the round, in hex: it fixes the seed and does not tell it."""
    return sha256(seed).hexdigest()


def population_root(population: Iterable[tuple[str, str]]) -> bytes:
    """Give the root over the frozen population: leaves `["output_id","category"]`, sorted by id."""
    return root_of([leaf_hash(canonical(pair)) for pair in sorted(population)])


def allocate(sizes: Mapping[str, int], sample: int, floor: int) -> dict[str, int]:
    """Give how many outputs each category gets where there is a floor.

    First every category gets its floor, or all it has. The rest of the sample is given out one
    by one, each to the category that is furthest behind its share: the one with the smallest
    (2 x taken + 1) / size of those with outputs left, of equals the first by name. So a larger
    sample never takes from a category, and floors may exceed the sample.
    """
    taken = {category: min(floor, size) for category, size in sorted(sizes.items()) if size}
    waiting = [
        (_claim(count, sizes[category]), category)
        for category, count in taken.items()
        if count < sizes[category]
    ]
    heapify(waiting)
    total = sum(sizes.values())
    for _ in range(min(sample, total) - sum(taken.values())):
        _, category = waiting[0]
        taken[category] += 1
        heapreplace(waiting, (_claim(taken[category], sizes[category]), category))
    return taken


def draw(
    seed: bytes, population: Iterable[tuple[str, str]], sample: int, floor: int
) -> tuple[Drawn, ...]:
    """Give what the seed draws from a population of (output id, category), in whatever order.

    Outputs rank by HMAC-SHA256(seed, output id), smallest first. Without a floor the first ranks
    of all are drawn: a simple random sample, in which every output has the same chance. With one
    each category has its allocation, and of that its first ranks. The result is sorted by
    category, then rank.
    """
    ranked = sorted((category, _rank(seed, output_id)) for output_id, category in population)
    if len({output_id for _, (_, output_id) in ranked}) < len(ranked):
        raise ValueError("a population names an output twice")
    if not floor:
        first = nsmallest(sample, ranked, key=lambda each: each[1])
        return tuple(Drawn(output_id, category) for category, (_, output_id) in sorted(first))
    share = allocate(Counter(category for category, _ in ranked), sample, floor)
    return tuple(
        Drawn(output_id, category)
        for category, group in groupby(ranked, key=lambda each: each[0])
        for _, (_, (_, output_id)) in zip(range(share[category]), group, strict=False)
    )


def second_look(seed: bytes, drawn: Iterable[str]) -> tuple[str, ...]:
    """Give which of the drawn outputs are looked at twice: a tenth of them, but at least two.

    They are those with the smallest HMAC-SHA256(seed, "second eyes", zero byte, output id),
    smallest first; all of them if fewer than two were drawn. So nobody chooses them either.
    """
    ranked = sorted(_rank(seed, output_id, SECOND_LABEL) for output_id in drawn)
    count = max(LEAST_SECOND, -(-len(ranked) // ONE_SECOND_OF))
    return tuple(output_id for _, output_id in ranked[:count])


def _claim(taken: int, size: int) -> Fraction:
    # More than 2 is what no category with outputs left can claim: a full one waits for ever.
    return Fraction(2 * taken + 1, size)


def _rank(seed: bytes, output_id: str, label: bytes = b"") -> tuple[bytes, str]:
    return digest(seed, label + output_id.encode(), "sha256"), output_id
