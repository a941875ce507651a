"""What a policy says in its fields, as people are told it."""

from datetime import timedelta
from typing import Final

from bot.domain.figures import percent
from bot.domain.plans import duration
from bot.domain.policy import Overflow, Policy
from bot.domain.strata import FloorBy

_HOUR: Final = timedelta(hours=1)
_EACH: Final = {FloorBy.CATEGORY: "category", FloorBy.CONFIDENCE: "band of confidence"}
_OVERFLOWS: Final = {
    Overflow.REVIEW_ALL: "nothing is cut",
    Overflow.RANDOM_SUBSET: "fewer are drawn",
    Overflow.RISK_FIRST: "what is asked besides comes first and fewer are drawn",
}


def told_each(policy: Policy) -> str:
    """Say of what a policy's floor is: of each …."""
    return _EACH[policy.floor_by]


def told_proves(policy: Policy) -> str:
    return "as many as prove it" if policy.proves_first else "no more than else"


def told_tighten(policy: Policy) -> str:
    return f"{policy.tighten} times as many" if policy.tighten > 1 else "no more than else"


def told_below(policy: Policy) -> str:
    below = percent(policy.trigger_below_bp)
    return f"below {below} %" if policy.trigger_below_bp else "never"


def told_capacity(policy: Policy) -> str:
    return f"{policy.capacity:,} minutes a week" if policy.capacity else "no known amount"


def told_short(policy: Policy) -> str:
    """Say what becomes of a draw that takes more time than there is."""
    return _OVERFLOWS[policy.overflow]


def told_overflow(policy: Policy) -> str:
    if not policy.is_cut_to_time:
        return told_short(policy)
    aside = f", with {policy.set_aside} set aside" if policy.set_aside else ""
    time = f"{policy.capacity:,} minutes a week at {duration(policy.item_seconds)} each"
    return f"{told_short(policy)}: to {time}{aside}"


def told_grace(policy: Policy) -> str:
    count = policy.delivery_grace / _HOUR
    return f"{count:g} hour{'' if count == 1 else 's'}"


def told_days_off(policy: Policy) -> str:
    if not policy.holidays:
        return "none"
    days = sorted(policy.holidays)
    return f"{len(days)} until {days[-1]}: {', '.join(map(str, days))}"


def told_limits(policy: Policy) -> str:
    return ", ".join(map(str, policy.limits)) or "none"
