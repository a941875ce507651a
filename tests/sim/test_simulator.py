"""The product against a rough world: whatever befalls it, its promises hold (I1-I5, I10)."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.checker import violations
from tests.sim.history import fingerprint
from tests.sim.plan import QUIET, Plan
from tests.sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
ONE_RUN = """
import gc
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sim.test_simulator import print_of

gc.disable()
with TemporaryDirectory() as folder:
    print(print_of(Path(folder), int(sys.argv[1])))
"""


def print_of(folder: Path, seed: int) -> str:
    simulation = Simulation(Plan(seed, weeks=2, workflows=2), folder)
    case = simulation.case()
    return fingerprint(case.events, case.export)


@pytest.mark.parametrize("seed", range(2))
def test_in_fair_weather_every_promise_is_kept(seed: int, tmp_path: Path) -> None:
    simulation = Simulation(Plan(seed, weeks=2, replicas=1, is_fair=True), tmp_path)

    assert violations(simulation.case()) == []
    assert simulation.complaints == []
    assert not simulation.weather.befallen


@pytest.mark.parametrize("seed", [1, 3, 5, 7, 8, 10])
def test_in_rough_weather_every_promise_is_kept(seed: int, tmp_path: Path) -> None:
    simulation = Simulation(Plan(seed, weeks=2, workflows=2), tmp_path)

    assert violations(simulation.case()) == []
    assert simulation.weather.befallen


@pytest.mark.parametrize("seed", [1, 3, 7])
def test_what_was_due_while_all_was_away_is_caught_up(seed: int, tmp_path: Path) -> None:
    """All bots, the database or Slack, for minutes to days; then all come at once (I1, I3)."""
    simulation = Simulation(Plan(seed, weeks=2, workflows=2, breakdowns=2, rushes=1), tmp_path)

    assert violations(simulation.case()) == []
    assert any(each.endswith(" away") for each in simulation.weather.befallen)


def test_a_pipeline_that_cannot_be_looked_up_is_told_so(tmp_path: Path) -> None:
    """Of one whose database is away it is never said that its workflow is unknown (I10)."""
    plan = Plan(
        149,
        weeks=1,
        workflows=2,
        season=QUIET,
        breakdowns=7,
        breaks=("database",),
        rushes=4,
    )

    assert violations(Simulation(plan, tmp_path).case()) == []


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_whatever_the_clocks_say_every_promise_is_kept(seed: int, tmp_path: Path) -> None:
    """One machine's or all of them jump by minutes to hours, forwards or backwards (I3, I5)."""
    simulation = Simulation(Plan(seed, weeks=1, workflows=2, jumps=6, rushes=2), tmp_path)
    case = simulation.case()

    assert violations(case) == []
    assert case.jumped > 0


def test_one_seed_is_one_history(tmp_path: Path) -> None:
    """Twice in this process, and in one with another salt of hashes that collects no garbage."""
    printed = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        printed.append(print_of(tmp_path / name, 7))
    asked = [sys.executable, "-c", ONE_RUN, "7"]
    environment = {"PYTHONHASHSEED": "4711", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    elsewhere = subprocess.run(
        asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    printed.append(elsewhere.stdout.split()[-1])

    assert len(set(printed)) == 1
