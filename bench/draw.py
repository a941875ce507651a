"""How fast a sample is drawn from a large population, against the bare loop of hashes.

Forty of a million outputs, with a floor and without, streamed as they come from the database. The
floor is what anybody needs who recomputes a draw: HMAC-SHA256 over each id. They alternate.

    python bench/draw.py [--outputs 1000000]
"""

import argparse
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from hmac import digest
from itertools import islice
from statistics import median
from time import process_time

from bot.domain.sampling import draw

BAR = 1.15
MOST_KIB = 512
SAMPLE = 40
ROUNDS = 5
SEED = b"s" * 32


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--outputs", type=int, default=1_000_000)
    count = options.parse_args().outputs
    ids = [(f"output-{number:08}", f"category-{number % 7}") for number in range(count)]
    ratios: dict[int, list[float]] = {0: [], 2: []}
    for _ in range(ROUNDS):
        bare = _seconds(lambda: _bare(ids))
        for floor, found in ratios.items():
            found.append(_seconds(partial(draw, SEED, iter(ids), SAMPLE, floor)) / bare)
    missed = False
    for floor, found in ratios.items():
        kib = _most_kib(ids, floor)
        print(
            f"{SAMPLE} of {count:,}, floor {floor}: {median(found):.2f} of the bare loop "
            f"(bar {BAR}), at most {kib:.0f} KiB (bar {MOST_KIB})"
        )
        missed |= median(found) > BAR or kib > MOST_KIB
    return int(missed)


def _bare(ids: list[tuple[str, str]]) -> None:
    for output_id, _ in ids:
        digest(SEED, output_id.encode(), "sha256")


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def _most_kib(ids: list[tuple[str, str]], floor: int) -> float:
    def first_tenth() -> Iterator[tuple[str, str]]:  # tracing is slow, and the same for all
        yield from islice(ids, len(ids) // 10)

    tracemalloc.start()
    draw(SEED, first_tenth(), SAMPLE, floor)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1024


if __name__ == "__main__":
    sys.exit(main())
