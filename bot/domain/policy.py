"""A workflow's policy: what is sampled and what is tolerable. Immutable and numbered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.calendar import cadence_fault, zone_fault
from bot.domain.verdicts import Why

MAX_SAMPLE: Final = 400
MAX_FLOOR: Final = 5
MAX_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a workflow's policy.

    `limit_bp` is the tolerable error rate in basis points (500 = 5 %). `volume_min` and
    `volume_max` bound the outputs expected in a round. `floor` is the least number drawn of
    each category that occurred.
    """

    number: int
    cadence: str
    zone: str
    sample: int
    floor: int
    limit_bp: int
    volume_min: int
    volume_max: int
    error_whys: tuple[Why, ...] = (Why.ERROR, Why.POLICY)
    max_text: int = MAX_TEXT
    runs_degraded: bool = False
    delivery_grace: timedelta = timedelta(hours=1)


def policy_faults(policy: Policy) -> Mapping[str, str]:
    """Give a sentence for each field that cannot be: empty if the policy is sound."""
    checks = {
        "cadence": cadence_fault(policy.cadence),
        "zone": zone_fault(policy.zone),
        "sample": _outside(policy.sample, 1, MAX_SAMPLE, "outputs to review in a round"),
        "floor": _outside(policy.floor, 0, MAX_FLOOR, "outputs of each category"),
        "limit": _outside(policy.limit_bp, 1, 9_999, "hundredths of a percent"),
        "volume_min": _outside(policy.volume_min, 0, 10_000_000, "outputs a round"),
        "volume_max": _outside(
            policy.volume_max, max(policy.volume_min, 1), 100_000_000, "outputs a round"
        ),
    }
    return {field: fault for field, fault in checks.items() if fault}


def _outside(value: int, low: int, high: int, unit: str) -> str:
    return "" if low <= value <= high else f"Give a whole number from {low} to {high:,} ({unit})."


def percent(basis_points: int) -> str:
    """Give basis points as people write a percentage: 500 is “5”, 250 is “2.5”."""
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".")
