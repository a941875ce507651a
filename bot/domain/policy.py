"""A workflow's policy: what is sampled and what is tolerable. Immutable and numbered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.domain.calendar import cadence_fault, zone_fault
from bot.domain.data_rules import DataRules
from bot.domain.figures import WHOLE_BP, percent
from bot.domain.hours import ALWAYS, DEFAULT_HOURS, hours_fault, read_hours
from bot.domain.limits import Limit, limit_facts, limit_from, limits_fault
from bot.domain.plans import MAX_SAMPLE, MAX_TIGHTEN, USUAL_SECONDS, Plan, plan_fault
from bot.domain.proving import outputs_to_prove
from bot.domain.strata import FloorBy
from bot.domain.triggers import Triggers, triggers_fault
from bot.domain.verdicts import Why
from bot.domain.working_time import WorkingTime

MAX_FLOOR: Final = 5
MAX_TEXT: Final = 2_000
MAX_GRACE: Final = 24
MAX_CAPACITY: Final = 100_000


class LimitBasis(StrEnum):
    """What the limit bounds: the rate of every round, or the mean over rounds that may swing."""

    PER_WEEK = "per_week"
    AVERAGE = "average"


class Overflow(StrEnum):
    """What becomes of a draw that takes more time than reviewers have.

    Nothing of it is cut; or fewer are drawn at random and nothing else takes their time; or what
    is asked besides the draw has its time first, and fewer are drawn for that.
    """

    REVIEW_ALL = "review_all"
    RANDOM_SUBSET = "random_subset"
    RISK_FIRST = "risk_first"


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a workflow's policy.

    `limit_bp` is the tolerable error rate in basis points (500 = 5 %), of every round or on
    average, as `limit_basis` says. `volume_min` and `volume_max` bound the outputs expected in a
    round. `floor` is the least number drawn of each category that occurred, or of each band of
    confidence, as `floor_by` says. `tighten` is how many times the sample is drawn while there is
    cause to look closer: 1 is never more. `hides_answer` keeps what the AI says besides an output
    from its reviewers until they have handed in. `hours` are the working hours in words and
    `holidays` the dates off, as they were known for `holidays_in` when the policy was made: what
    falls due can be computed from them again, whatever a calendar says later. `limits` bound what
    the pipeline measures besides the error rate. What `plan` has is told in `Plan`, what `data` has
    in `DataRules`, what begins with `trigger_` in `Triggers`. `capacity` is the minutes a week that
    all its reviewers have, 0 if nobody said; `overflow` what a draw does that takes longer.
    With `proves_first` a round draws what proves the limit without an error until one has done so.
    """

    number: int
    cadence: str
    zone: str
    sample: int
    floor: int
    limit_bp: int
    volume_min: int
    volume_max: int
    share_bp: int = 0
    most: int = 0
    minutes: int = 0
    item_seconds: int = USUAL_SECONDS
    capacity: int = 0
    error_whys: tuple[Why, ...] = (Why.ERROR, Why.POLICY)
    max_text: int = MAX_TEXT
    runs_degraded: bool = False
    delivery_grace: timedelta = timedelta(hours=1)
    hours: str = DEFAULT_HOURS
    holidays_in: str = ""
    holidays: tuple[date, ...] = ()
    limits: tuple[Limit, ...] = ()
    link_only: bool = False
    masks: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()
    tighten: int = MAX_TIGHTEN
    hides_answer: bool = False
    limit_basis: LimitBasis = LimitBasis.PER_WEEK
    trigger_below_bp: int = 0
    trigger_first: int = 0
    trigger_most: int = 0
    overflow: Overflow = Overflow.REVIEW_ALL
    floor_by: FloorBy = FloorBy.CATEGORY
    proves_first: bool = False

    @property
    def is_by_band(self) -> bool:
        """Tell whether a draw goes by bands of confidence."""
        return self.floor > 0 and self.floor_by is FloorBy.CONFIDENCE

    @property
    def is_cut_to_time(self) -> bool:
        """Tell whether less is drawn where there is too little time for it."""
        return self.overflow is not Overflow.REVIEW_ALL

    @property
    def set_aside(self) -> int:
        """Give how many looks a draw leaves to what is asked besides it, if it is cut."""
        return self.trigger_most if self.overflow is Overflow.RISK_FIRST else 0

    @property
    def to_prove(self) -> int:
        """Give how many are drawn at least until a round has proven the limit; 0 if unasked."""
        return outputs_to_prove(self.limit_bp) if self.proves_first else 0

    @property
    def triggers(self) -> Triggers:
        """Give what is asked of reviewers besides the draw."""
        return Triggers(self.trigger_below_bp, self.trigger_first, self.trigger_most)

    @property
    def plan(self) -> Plan:
        """Give how much of a round is drawn."""
        return Plan(self.sample, self.share_bp, self.most, self.minutes, self.item_seconds)

    @property
    def data(self) -> DataRules:
        return DataRules(self.link_only, self.max_text, self.masks, self.link_hosts)

    @property
    def working(self) -> WorkingTime:
        """Give when people work under this policy; the policy has to be sound."""
        return WorkingTime(self.zone, read_hours(self.hours), frozenset(self.holidays))


def policy_facts(policy: Policy) -> dict[str, object]:
    """Give the policy as it goes on record and into the database: plain values by name."""
    facts = asdict(policy)
    del facts["delivery_grace"]
    return {
        **facts,
        "error_whys": list(policy.error_whys),
        "holidays": [day.isoformat() for day in policy.holidays],
        "limits": [limit_facts(limit) for limit in policy.limits],
        "masks": list(policy.masks),
        "link_hosts": list(policy.link_hosts),
        "delivery_grace_seconds": int(policy.delivery_grace.total_seconds()),
    }


def policy_from(facts: Mapping[str, Any]) -> Policy:
    """Give the policy that these facts are of."""
    plain = dict(facts)
    grace = timedelta(seconds=plain.pop("delivery_grace_seconds"))
    whys = tuple(Why(why) for why in plain.pop("error_whys"))
    days = tuple(date.fromisoformat(day) for day in plain.pop("holidays"))
    limits = tuple(limit_from(each) for each in plain.pop("limits"))
    basis = LimitBasis(plain.pop("limit_basis"))
    overflow, floor_by = Overflow(plain.pop("overflow")), FloorBy(plain.pop("floor_by"))
    lists = {name: tuple(plain.pop(name)) for name in ("masks", "link_hosts")}
    return Policy(
        **{**plain, **lists},
        error_whys=whys,
        holidays=days,
        delivery_grace=grace,
        limits=limits,
        limit_basis=basis,
        overflow=overflow,
        floor_by=floor_by,
    )


def policy_faults(policy: Policy) -> Mapping[str, str]:
    """Give a sentence for each field that cannot be: empty if the policy is sound."""
    checks = {
        "limits": limits_fault(policy.limits),
        "cadence": cadence_fault(policy.cadence),
        "zone": zone_fault(policy.zone),
        "hours": hours_fault(policy.hours),
        "holidays": _needless(policy),
        "sample": plan_fault(policy.plan, policy.tighten),
        "capacity": _outside(policy.capacity, 0, MAX_CAPACITY, "minutes a week of all reviewers"),
        "overflow": _overflow_fault(policy),
        "proves": _proving_fault(policy),
        "triggers": triggers_fault(policy.triggers),
        "floor": _outside(policy.floor, 0, MAX_FLOOR, "outputs of each"),
        "tighten": _outside(policy.tighten, 1, MAX_TIGHTEN, "times the sample"),
        "limit": _limit_fault(policy.limit_bp),
        "error_whys": "" if policy.error_whys else "Choose at least one.",
        "grace": _outside(policy.delivery_grace // timedelta(hours=1), 0, MAX_GRACE, "hours"),
        "max_text": _outside(policy.max_text, 0, MAX_TEXT, "characters"),
        "volume_min": _outside(policy.volume_min, 0, 10_000_000, "outputs a round"),
        "volume_max": _outside(
            policy.volume_max, max(policy.volume_min, 1), 100_000_000, "outputs a round"
        ),
    }
    return {field: fault for field, fault in checks.items() if fault}


def _limit_fault(limit_bp: int) -> str:
    if 0 < limit_bp < WHOLE_BP:
        return ""
    return f"Give a percentage from {percent(1)} to {percent(WHOLE_BP - 1)}."


def _overflow_fault(policy: Policy) -> str:
    if policy.is_cut_to_time and not policy.capacity:
        return "Say above how many minutes reviewers have: a draw is cut to these."
    if policy.overflow is Overflow.RISK_FIRST and not policy.triggers:
        return "Say below what is asked besides the sample: that is what comes first."
    return ""


def _proving_fault(policy: Policy) -> str:
    if not policy.proves_first or not 0 < policy.limit_bp < WHOLE_BP:
        return ""
    if policy.floor:
        return "With a floor it takes many more outputs: set it to 0, or ask for no proof."
    times = max(policy.tighten, 1) if policy.plan.is_share else 1
    if policy.to_prove > MAX_SAMPLE // times:
        return (
            f"To prove {percent(policy.limit_bp)} % takes {policy.to_prove:,} outputs, and of a "
            f"round at most {MAX_SAMPLE // times} can be drawn: ask for no proof."
        )
    return ""


def _needless(policy: Policy) -> str:
    if policy.hours == ALWAYS and policy.holidays_in:
        return f"With “{ALWAYS}” there are no days off: leave this empty, or give working hours."
    return ""


def _outside(value: int, low: int, high: int, unit: str) -> str:
    return "" if low <= value <= high else f"Give a whole number from {low} to {high:,} ({unit})."
