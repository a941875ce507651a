"""What is another in a new version of a policy, and what of it is weaker.

Each field of a policy has its place in `PARTS`: judged, or neutral with the reason why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain import weaker
from bot.domain.cadences import in_words
from bot.domain.figures import percent
from bot.domain.policy import LimitBasis, Policy
from bot.domain.policy_in_words import (
    told_below,
    told_capacity,
    told_days_off,
    told_each,
    told_grace,
    told_limits,
    told_overflow,
    told_proves,
    told_tighten,
)
from bot.domain.weaker import Words


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a policy: what it is called, how it is told, and how it is judged.

    `weaker` says in words how a new policy is weaker than an old one in this field at a moment.
    A field that is not judged says in `neutral` why not.
    """

    label: str
    told: Callable[[Policy], str]
    weaker: Callable[[Policy, Policy, datetime], Words] | None = None
    neutral: str = ""


@dataclass(frozen=True, slots=True)
class Weakening:
    """One way in which a new policy is weaker; `words` say it after “it …”."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is another in the new policy, told before and after; `weakens` in words."""

    label: str
    before: str
    after: str
    weakens: Words


def weakened(old: Policy, new: Policy, now: datetime) -> tuple[Weakening, ...]:
    """Give the ways in which `new` is weaker than `old`: none if it takes nobody's word besides."""
    return tuple(
        Weakening(field, words)
        for field, part in PARTS.items()
        if part.weaker
        for words in part.weaker(old, new, now)
    )


def differences(old: Policy, new: Policy, now: datetime) -> tuple[Difference, ...]:
    """Give every field that is not told alike, with what of it is weaker."""
    return tuple(
        Difference(part.label, before, after, part.weaker(old, new, now) if part.weaker else ())
        for part in PARTS.values()
        if (before := part.told(old)) != (after := part.told(new)) and part.label
    )


_OF_PLAN: Final = Part(
    "", lambda policy: str(policy.plan), neutral="judged with `sample`: one plan"
)

PARTS: Final[dict[str, Part]] = {
    "number": Part("", lambda policy: str(policy.number), neutral="it only names the version"),
    "cadence": Part("A sample is drawn", lambda policy: in_words(policy.cadence), weaker.cadence),
    "zone": Part(
        "Time zone", lambda policy: policy.zone, neutral="it moves times and makes none rarer"
    ),
    "sample": Part("Outputs to review in a round", lambda policy: str(policy.plan), weaker.sample),
    "share_bp": _OF_PLAN,
    "most": _OF_PLAN,
    "minutes": _OF_PLAN,
    "item_seconds": _OF_PLAN,
    "capacity": Part("Minutes that reviewers have a week", told_capacity, weaker.capacity),
    "overflow": Part("Where time is short", told_overflow, weaker.overflow),
    "floor": Part("At least of each", lambda policy: str(policy.floor), weaker.floor),
    "floor_by": Part("That is of each", told_each, weaker.floor_by),
    "proves_first": Part("Until a round has proven the limit, reviews", told_proves, weaker.proves),
    "tighten": Part("With cause to look closer, reviews", told_tighten, weaker.tighten),
    "trigger_below_bp": Part("Asked besides for its confidence", told_below, weaker.trigger_below),
    "trigger_first": Part(
        "First outputs of a new model version asked besides",
        lambda policy: str(policy.trigger_first),
        weaker.trigger_first,
    ),
    "trigger_most": Part(
        "Most asked besides the draw of a round",
        lambda policy: str(policy.trigger_most),
        weaker.trigger_most,
    ),
    "limit_bp": Part(
        "Tolerable error rate", lambda policy: f"{percent(policy.limit_bp)} %", weaker.limit
    ),
    "limit_basis": Part(
        "That rate is of",
        lambda policy: (
            "every round" if policy.limit_basis is LimitBasis.PER_WEEK else "the average"
        ),
        weaker.basis,
    ),
    "volume_min": Part(
        "Fewest outputs expected", lambda policy: f"{policy.volume_min:,}", weaker.fewest
    ),
    "volume_max": Part(
        "Most outputs expected", lambda policy: f"{policy.volume_max:,}", weaker.most
    ),
    "error_whys": Part(
        "Counted as errors", lambda policy: ", ".join(sorted(policy.error_whys)), weaker.error_whys
    ),
    "max_text": Part(
        "Characters of an output shown", lambda policy: f"{policy.max_text:,}", weaker.max_text
    ),
    "runs_degraded": Part(
        "While degraded",
        lambda policy: "runs" if policy.runs_degraded else "waits",
        weaker.degraded,
    ),
    "delivery_grace": Part("Grace for late delivery", told_grace, weaker.grace),
    "hours": Part("Working hours", lambda policy: policy.hours, weaker.hours),
    "holidays_in": Part(
        "Holidays of",
        lambda policy: policy.holidays_in or "none",
        neutral="it names the place; the days off themselves are judged",
    ),
    "holidays": Part("Days off", told_days_off, weaker.days_off),
    "limits": Part("Limits of measurements", told_limits, weaker.limits),
    "hides_answer": Part(
        "Category, confidence and model version",
        lambda policy: "hidden until handed in" if policy.hides_answer else "shown to reviewers",
        weaker.hides,
    ),
    "link_only": Part(
        "Text of outputs",
        lambda policy: "never taken" if policy.link_only else "taken",
        weaker.link_only,
    ),
    "masks": Part(
        "Blanked in texts", lambda policy: ", ".join(policy.masks) or "nothing", weaker.masks
    ),
    "link_hosts": Part(
        "Links lead to", lambda policy: ", ".join(policy.link_hosts) or "nowhere", weaker.link_hosts
    ),
}
