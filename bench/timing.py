"""How long acts take that alternate, so that whatever else the machine does falls on each alike."""

from collections.abc import Callable, Mapping
from time import perf_counter


def milliseconds(
    acts: Mapping[str, Callable[[], object]], rounds: int, warm_up: int
) -> dict[str, list[float]]:
    """Do each act in turn, so many times, and give how long each time took, without the first."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(warm_up + rounds):
        for name, act in acts.items():
            started = perf_counter()
            act()
            if number >= warm_up:
                taken[name].append(1000 * (perf_counter() - started))
    return taken
