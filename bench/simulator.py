"""How many weeks of workflows the product lives through, whatever befalls it, without a violation.

Each seed is a workspace of its own for some weeks, with its own faults; the same seed is the same
history. It prints a line for each seed that breaks a promise, and how to see it again.

    python bench/simulator.py [--seeds 1000] [--first 0] [--weeks 5] [--workflows 2]
        [--breakdowns 1] [--jumps 0]
"""

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sim.checker import violations
from tests.sim.plan import Plan
from tests.sim.simulation import Simulation


@dataclass
class Found:
    """What all seeds so far came to."""

    seeds: int = 0
    weeks: int = 0
    turns: int = 0
    points: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    violations: int = 0

    def add(self, simulation: Simulation, broken: list[str]) -> None:
        self.seeds += 1
        self.weeks += simulation.plan.workflow_weeks
        self.turns += simulation.baton.turns
        self.points += simulation.weather.points.total()
        self.faults += simulation.weather.befallen
        self.violations += len(broken)

    def __str__(self) -> str:
        return (
            f"{self.seeds:,} seeds, {self.weeks:,} workflow-weeks, {self.turns:,} turns, "
            f"{self.points:,} points, {self.faults.total():,} faults, {self.violations} violations"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parsed(arguments)
    logging.disable(logging.CRITICAL)  # the libraries tell of each fault
    found, begun = Found(), time.process_time()
    for seed in range(asked.first, asked.first + asked.seeds):
        simulation, broken = _lived(_plan(seed, asked))
        found.add(simulation, broken)
        for line in broken:
            print(f"\nseed {seed}: {line}")
        print(f"\r{found}", end="", file=sys.stderr, flush=True)
    spent = time.process_time() - begun
    print(f"\n{found}")
    print(f"{spent:.0f} s of processor time, {spent / max(found.weeks, 1):.3f} s a workflow-week")
    for fault, times in sorted(found.faults.items()):
        print(f"{times:8,}  {fault}")
    return 1 if found.violations else 0


def _plan(seed: int, asked: argparse.Namespace) -> Plan:
    return Plan(
        seed,
        asked.weeks,
        asked.workflows,
        breakdowns=asked.breakdowns,
        jumps=asked.jumps,
        rushes=1,
    )


def _lived(plan: Plan) -> tuple[Simulation, list[str]]:
    with TemporaryDirectory(prefix="answerable-simulator-") as folder:
        simulation = Simulation(plan, Path(folder))
        return simulation, violations(simulation.case())


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--workflows", type=int, default=2)
    parser.add_argument("--breakdowns", type=int, default=1, help="of everything, a week")
    parser.add_argument("--jumps", type=int, default=0, help="of clocks, a week")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
