"""The draw: committed before the round, and for everyone to compute again afterwards."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from heapq import heapify, heapreplace
from hmac import digest
from typing import Final

from bot.domain.record import canonical
from bot.domain.tree import Frontier, leaf_hash

NO_KEY: Final = b""  # with whoever draws nothing
SEED_LABEL: Final = b"answerable draw v1"
SECOND_LABEL: Final = b"second eyes\0"
LEAST_SECOND: Final = 2
ONE_SECOND_OF: Final = 10
_ALL: Final = ""  # the one group where there is no floor
_ABOVE_ALL: Final = b"\xff" * 33
_SPARE: Final = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """One output that was drawn, and the category, or band of confidence, it was drawn for."""

    output_id: str
    category: str


def seed_for(key: bytes, workspace: str, workflow: str, number: int) -> bytes:
    """Give the secret seed of a round.

    It is HMAC-SHA256 over label, workspace, workflow and number with a zero byte between them,
    which none of them can contain.
    """
    return keyed(key, SEED_LABEL, workspace, workflow, str(number))


def keyed(key: bytes, label: bytes, *names: str) -> bytes:
    """Give HMAC-SHA256 over a label and names with a zero byte between them.

    ValueError without a key, and of a name with a zero byte in it.
    """
    if key == NO_KEY:
        raise ValueError("nothing is drawn or planted without the draw key")
    parts = (label, *(name.encode() for name in names))
    if any(b"\0" in part for part in parts):
        raise ValueError("a name with a zero byte in it stands for nothing")
    return digest(key, b"\0".join(parts), "sha256")


def is_committed_to(key: bytes, workspace: str, workflow: str, number: int, said: str) -> bool:
    """Tell whether a round's commitment is to the seed that this key gives."""
    return commitment(seed_for(key, workspace, workflow, number)) == said


def commitment(seed: bytes) -> str:
    """Give what is published before the round, in hex: it fixes the seed and does not tell it."""
    return sha256(seed).hexdigest()


class Population:
    """What is drawn from, as it streams by: how many of each category, and the root over all.

    `root` is that of the leaves `["output_id","category"]`, by id; where it is drawn by bands of
    confidence a leaf has the band behind these, and `sizes` is by band. Nothing of an output is
    kept, so that a round of a million takes no more memory than one of ten.
    """

    def __init__(self) -> None:
        self.sizes: Counter[str] = Counter()
        self._frontier = Frontier()
        self._last = ""

    @property
    def size(self) -> int:
        return self._frontier.size

    @property
    def root(self) -> bytes:
        return self._frontier.root()

    def counted(self, outputs: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """Pass (output id, what it is drawn by) on, by id; ValueError if one is out of order."""
        for output in outputs:
            if self._frontier.size and output[0] <= self._last:
                raise ValueError("a population is not in the order of its ids, or names one twice")
            self._last = output[0]
            self.sizes[output[-1]] += 1
            self._frontier = self._frontier.append(leaf_hash(canonical(output)))
            yield output[0], output[-1]


def population_root(population: Iterable[tuple[str, ...]]) -> bytes:
    """Give the root over a population, in whatever order it comes."""
    frozen = Population()
    for _ in frozen.counted(sorted(population)):
        pass
    return frozen.root


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

    What stands here as the category is the band of confidence where a draw goes by that.

    Outputs rank by HMAC-SHA256(seed, output id), smallest first. Without a floor the first ranks
    of all are drawn: a simple random sample, in which every output has the same chance. With one
    each category has its allocation, and of that its first ranks. The result is sorted by
    category, then rank. No more of the population is kept than could still be drawn.
    """
    groups: dict[str, _Smallest] = {}
    for output_id, category in population:
        name = category if floor else _ALL
        group = groups.get(name)
        if group is None:
            group = groups[name] = _Smallest(max(sample, floor))
        group.seen += 1
        rank = digest(seed, output_id.encode(), "sha256")
        if rank < group.limit:
            group.keep(rank, output_id, category)
    share = allocate({name: group.seen for name, group in groups.items()}, sample, floor)
    drawn = [each for name, group in groups.items() for each in group.first(share[name])]
    return tuple(Drawn(output_id, category) for category, _, output_id in sorted(drawn))


def second_look(seed: bytes, drawn: Iterable[str]) -> tuple[str, ...]:
    """Give which of the drawn outputs are looked at twice: a tenth of them, but at least two.

    They are those with the smallest HMAC-SHA256(seed, "second eyes", zero byte, output id),
    smallest first; all of them if fewer than two were drawn. So nobody chooses them either.
    """
    ranked = sorted(rank_of(seed, output_id, SECOND_LABEL) for output_id in drawn)
    return tuple(output_id for _, output_id in ranked[: second_looks_of(len(ranked))])


def second_looks_of(drawn: int) -> int:
    """Give how many of so many drawn outputs are looked at twice."""
    return min(drawn, max(LEAST_SECOND, -(-drawn // ONE_SECOND_OF)))


class _Smallest:
    """The outputs of the smallest ranks among those that came by, and how many came by."""

    __slots__ = ("_count", "_kept", "limit", "seen")

    def __init__(self, count: int) -> None:
        self._count = count
        self._kept: list[tuple[bytes, str, str]] = []
        self.limit = b"" if count == 0 else _ABOVE_ALL
        self.seen = 0

    def keep(self, rank: bytes, output_id: str, category: str) -> None:
        """Keep one whose rank is below `limit`, and in the end none that is not."""
        self._kept.append((rank, output_id, category))
        if len(self._kept) > 2 * self._count + _SPARE:  # now and then, and not with each of them
            self._kept = sorted(self._kept)[: self._count]
            self.limit = self._kept[-1][0]

    def first(self, count: int) -> list[tuple[str, bytes, str]]:
        """Give so many, each as (category, rank, output id)."""
        chosen = sorted(self._kept)[:count]
        return [(category, rank, output_id) for rank, output_id, category in chosen]


def _claim(taken: int, size: int) -> Fraction:
    # More than 2 is what no category with outputs left can claim: a full one waits for ever.
    return Fraction(2 * taken + 1, size)


def rank_of(seed: bytes, output_id: str, label: bytes = b"") -> tuple[bytes, str]:
    """Give where an output stands, smallest first: HMAC-SHA256(seed, label and id), then its id."""
    return digest(seed, label + output_id.encode(), "sha256"), output_id
