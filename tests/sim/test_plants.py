"""The simulator tried: each bug that is planted on purpose is seen by the rule that is for it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sim.checker import violations
from tests.sim.plants import PLANTS, Plant
from tests.sim.simulation import Simulation

SEEDS = 12  # at most: it ends with the first that sees it
PAGE = Path(__file__).parents[2] / "docs/durability.md"


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_bug_is_seen(name: str, tmp_path: Path) -> None:
    plant = PLANTS[name]
    seen: list[str] = []
    for seed in range(plant.first, plant.first + SEEDS):
        seen = broken_with(plant, seed, tmp_path / f"{seed}")
        if any(line.startswith(plant.seen_by) for line in seen):
            return
    pytest.fail(f"{SEEDS} seeds, and none of {', '.join(plant.seen_by)}: {seen}")


def broken_with(plant: Plant, seed: int, folder: Path) -> list[str]:
    """Give what is found wrong with a product in which this is planted."""
    folder.mkdir()
    simulation = Simulation(replace(plant.plan, seed=seed), folder)
    with pytest.MonkeyPatch.context() as patch:
        plant.breaks(patch, simulation)
        return violations(simulation.case())


def test_the_page_names_every_plant_and_what_sees_it() -> None:
    rows = re.findall(r"^\| ([a-zA-Z ,-]+) \| .*? \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
    told = {name: tuple(re.findall(r"`(\w+)`", rules)) for name, rules in rows if name in PLANTS}
    assert told == {name: plant.seen_by for name, plant in PLANTS.items()}
