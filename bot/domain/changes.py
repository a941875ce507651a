"""What is another in a new version of a policy, and what of it is weaker.

Each field of a policy has its place in `PARTS`: judged, or neutral with the reason why. Judged is
how much, not when: a sample moved from Monday to Friday is drawn as often, with as many days in
between; one that is drawn daily in December and never in summer is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Final

from bot.domain.cadences import in_words
from bot.domain.calendar import next_occurrence
from bot.domain.figures import counted, percent
from bot.domain.hours import read_hours
from bot.domain.limits import weaker_limits
from bot.domain.plans import duration, told_weaker
from bot.domain.policy import LimitBasis, Overflow, Policy
from bot.domain.strata import FloorBy
from bot.domain.working_time import EVERY_DAY

# Whole weeks, so that it makes no difference on which day of the week a sample is drawn.
AHEAD: Final = timedelta(weeks=52)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_ALWAYS: Final = timedelta(weeks=1)

Words = tuple[str, ...]


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


def _sample(old: Policy, new: Policy, _now: datetime) -> Words:
    return told_weaker(old.plan, new.plan)


def _floor(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.floor, "output")
    words = f"reviews at least {new.floor} instead of {before} of each {told_each(old)}"
    return (words,) if new.floor < old.floor else ()


def _floor_by(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"reviews so many of each {told_each(new)}, and no more of each {told_each(old)}"
    return (words,) if old.floor and new.floor_by is not old.floor_by else ()


_EACH: Final = {FloorBy.CATEGORY: "category", FloorBy.CONFIDENCE: "band of confidence"}


def told_each(policy: Policy) -> str:
    """Say of what a policy's floor is: of each …."""
    return _EACH[policy.floor_by]


def _proves(old: Policy, new: Policy, _now: datetime) -> Words:
    words = "draws no more than else where no round has proven the limit yet"
    return (words,) if old.proves_first and not new.proves_first else ()


def _told_proves(policy: Policy) -> str:
    return "as many as prove it" if policy.proves_first else "no more than else"


def _tighten(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"looks {new.tighten} instead of {old.tighten} times as closely while there is cause to"
    return (words,) if new.tighten < old.tighten else ()


def _told_tighten(policy: Policy) -> str:
    return f"{policy.tighten} times as many" if policy.tighten > 1 else "no more than else"


def _trigger_below(old: Policy, new: Policy, _now: datetime) -> Words:
    before, after = (f"{percent(each.trigger_below_bp)} %" for each in (old, new))
    fewer = f"asks besides the draw for a confidence below {after} instead of {before}"
    none = f"asks besides the draw for no confidence any more, instead of one below {before}"
    is_weaker = new.trigger_below_bp < old.trigger_below_bp
    return (fewer if new.trigger_below_bp else none,) if is_weaker else ()


def _told_below(policy: Policy) -> str:
    below = percent(policy.trigger_below_bp)
    return f"below {below} %" if policy.trigger_below_bp else "never"


def _trigger_first(old: Policy, new: Policy, _now: datetime) -> Words:
    words = (
        f"asks besides the draw for the first {new.trigger_first} instead of {old.trigger_first} "
        "outputs of a new model version"
    )
    return (words,) if new.trigger_first < old.trigger_first else ()


def _trigger_most(old: Policy, new: Policy, _now: datetime) -> Words:
    words = (
        f"asks for at most {new.trigger_most} instead of {counted(old.trigger_most, 'output')} "
        "besides the draw of a round"
    )
    return (words,) if new.trigger_most < old.trigger_most else ()


def _capacity(old: Policy, new: Policy, _now: datetime) -> Words:
    is_weaker = old.capacity and not 0 < new.capacity <= old.capacity
    words = f"expects {_told_capacity(new)} instead of {_told_capacity(old)} of reviewers' time"
    return (words,) if is_weaker else ()


def _told_capacity(policy: Policy) -> str:
    return f"{policy.capacity:,} minutes a week" if policy.capacity else "no known amount"


def _overflow(old: Policy, new: Policy, _now: datetime) -> Words:
    """Say how a draw may be cut to less than it was, and by how little time."""
    if not new.is_cut_to_time:
        return ()
    if new.overflow is not old.overflow:
        before, after = _OVERFLOWS[old.overflow], _OVERFLOWS[new.overflow]
        return (f"does another thing where time is short: {after}, and no longer: {before}",)
    shorter = new.capacity < old.capacity or new.item_seconds > old.item_seconds
    words = "cuts draws to less: there is less time, or each output takes more of it"
    aside = (
        f"leaves the time of {new.set_aside} instead of {old.set_aside} outputs to what is asked "
        "besides, where a draw is cut"
    )
    return (*[words] * shorter, *[aside] * (new.set_aside > old.set_aside))


_OVERFLOWS: Final = {
    Overflow.REVIEW_ALL: "nothing is cut",
    Overflow.RANDOM_SUBSET: "fewer are drawn",
    Overflow.RISK_FIRST: "what is asked besides comes first and fewer are drawn",
}


def _told_overflow(policy: Policy) -> str:
    if not policy.is_cut_to_time:
        return _OVERFLOWS[policy.overflow]
    aside = f", with {policy.set_aside} set aside" if policy.set_aside else ""
    time = f"{policy.capacity:,} minutes a week at {duration(policy.item_seconds)} each"
    return f"{_OVERFLOWS[policy.overflow]}: to {time}{aside}"


def _limit(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"tolerates {percent(new.limit_bp)} % instead of {percent(old.limit_bp)} % errors"
    return (words,) if new.limit_bp > old.limit_bp else ()


def _basis(old: Policy, new: Policy, _now: datetime) -> Words:
    is_weaker = (old.limit_basis, new.limit_basis) == (LimitBasis.PER_WEEK, LimitBasis.AVERAGE)
    return ("bounds the errors of many rounds on average instead of each round's",) * is_weaker


def _fewest(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.volume_min, "output")
    words = f"expects at least {new.volume_min:,} instead of {before} a round"
    return (words,) if new.volume_min < old.volume_min else ()


def _most(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.volume_max, "output")
    words = f"expects up to {new.volume_max:,} instead of {before} a round"
    return (words,) if new.volume_max > old.volume_max else ()


def _cadence(old: Policy, new: Policy, now: datetime) -> Words:
    (before, gap), (after, longer_gap) = (
        strikes_ahead(old.cadence, now),
        strikes_ahead(new.cadence, now),
    )
    fewer = f"draws less often: {after} instead of {before} samples in the next 52 weeks"
    apart = f"leaves up to {longer_gap} instead of {gap} days between two samples"
    return (*[fewer] * (after < before), *[apart] * (longer_gap > gap))


@lru_cache(maxsize=8)  # a form asks for the same two again and again
def strikes_ahead(cadence: str, now: datetime) -> tuple[int, int]:
    """Give how often a cadence strikes in the time looked ahead, and the most days in between."""
    # On one clock for both: a change of the zone alone makes nothing rarer.
    strikes = [next_occurrence(cadence, "UTC", now)]
    while len(strikes) == 1 or strikes[-1] <= now + AHEAD:
        strikes.append(next_occurrence(cadence, "UTC", strikes[-1]))
    gaps = [ceil((later - earlier) / _DAY) for earlier, later in pairwise(strikes)]
    return len(strikes) - 1, max(gaps, default=0)


def _error_whys(old: Policy, new: Policy, _now: datetime) -> Words:
    gone = sorted(set(old.error_whys) - set(new.error_whys))
    return (f"counts “{'”, “'.join(gone)}” no longer as errors",) if gone else ()


def _max_text(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"shows {new.max_text:,} instead of {old.max_text:,} characters of an output in Slack"
    return (words,) if new.max_text > old.max_text else ()


def _link_only(old: Policy, new: Policy, _now: datetime) -> Words:
    return ("takes the text of outputs, not links alone",) * (old.link_only and not new.link_only)


def _masks(old: Policy, new: Policy, _now: datetime) -> Words:
    gone = [mask for mask in old.masks if mask not in new.masks]
    return (f"blanks no longer: {', '.join(gone)}",) if gone else ()


def _link_hosts(old: Policy, new: Policy, _now: datetime) -> Words:
    more = [host for host in new.link_hosts if host not in old.link_hosts]
    return (f"makes links of addresses at: {', '.join(more)}",) if more else ()


def _degraded(old: Policy, new: Policy, _now: datetime) -> Words:
    return ("runs while degraded",) if new.runs_degraded and not old.runs_degraded else ()


def _hides(old: Policy, new: Policy, _now: datetime) -> Words:
    words = "shows reviewers what the AI said of an output before they have judged it"
    return (words,) if old.hides_answer and not new.hides_answer else ()


def _grace(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"gives {_hours_of(new)} instead of {_hours_of(old)} of grace for late delivery"
    return (words,) if new.delivery_grace > old.delivery_grace else ()


def _hours_of(policy: Policy) -> str:
    count = policy.delivery_grace / _HOUR
    return f"{count:g} hour{'' if count == 1 else 's'}"


def _hours(old: Policy, new: Policy, _now: datetime) -> Words:
    """Say whether hours or days of work in a week are fewer: deadlines are counted in both."""
    (hours, days), (fewer_hours, fewer_days) = _working_week(old), _working_week(new)
    by_hours = (
        "has shorter working hours, so deadlines are later: "
        f"{fewer_hours / _HOUR:g} instead of {hours / _HOUR:g} hours a week"
    )
    by_days = (
        f"has fewer working days, so deadlines are later: {fewer_days} instead of {days} a week"
    )
    return (*[by_hours] * (fewer_hours < hours), *[by_days] * (fewer_days < days))


def _working_week(policy: Policy) -> tuple[timedelta, int]:
    hours = read_hours(policy.hours)
    if hours is None:
        return _ALWAYS, len(EVERY_DAY)
    return hours.day * len(hours.weekdays), len(hours.weekdays)


def _days_off(old: Policy, new: Policy, now: datetime) -> Words:
    before, after = _off_soon(old, now), _off_soon(new, now)
    words = (
        f"has more days off, so deadlines are later: {after} instead of {before} "
        "in the next 52 weeks"
    )
    return (words,) if after > before else ()


def _off_soon(policy: Policy, now: datetime) -> int:
    first, last = now.date(), (now + AHEAD).date()
    return sum(1 for day in policy.holidays if first <= day <= last)


def _limits(old: Policy, new: Policy, _now: datetime) -> Words:
    return weaker_limits(old.limits, new.limits)


def _told_days_off(policy: Policy) -> str:
    if not policy.holidays:
        return "none"
    days = sorted(policy.holidays)
    return f"{len(days)} until {days[-1]}: {', '.join(map(str, days))}"


def _told_limits(policy: Policy) -> str:
    return ", ".join(map(str, policy.limits)) or "none"


_OF_PLAN: Final = Part(
    "", lambda policy: str(policy.plan), neutral="judged with `sample`: one plan"
)

PARTS: Final[dict[str, Part]] = {
    "number": Part("", lambda policy: str(policy.number), neutral="it only names the version"),
    "cadence": Part("A sample is drawn", lambda policy: in_words(policy.cadence), _cadence),
    "zone": Part(
        "Time zone", lambda policy: policy.zone, neutral="it moves times and makes none rarer"
    ),
    "sample": Part("Outputs to review in a round", lambda policy: str(policy.plan), _sample),
    "share_bp": _OF_PLAN,
    "most": _OF_PLAN,
    "minutes": _OF_PLAN,
    "item_seconds": _OF_PLAN,
    "capacity": Part("Minutes that reviewers have a week", _told_capacity, _capacity),
    "overflow": Part("Where time is short", _told_overflow, _overflow),
    "floor": Part("At least of each", lambda policy: str(policy.floor), _floor),
    "floor_by": Part("That is of each", told_each, _floor_by),
    "proves_first": Part("Until a round has proven the limit, reviews", _told_proves, _proves),
    "tighten": Part("With cause to look closer, reviews", _told_tighten, _tighten),
    "trigger_below_bp": Part("Asked besides for its confidence", _told_below, _trigger_below),
    "trigger_first": Part(
        "First outputs of a new model version asked besides",
        lambda policy: str(policy.trigger_first),
        _trigger_first,
    ),
    "trigger_most": Part(
        "Most asked besides the draw of a round",
        lambda policy: str(policy.trigger_most),
        _trigger_most,
    ),
    "limit_bp": Part(
        "Tolerable error rate", lambda policy: f"{percent(policy.limit_bp)} %", _limit
    ),
    "limit_basis": Part(
        "That rate is of",
        lambda policy: (
            "every round" if policy.limit_basis is LimitBasis.PER_WEEK else "the average"
        ),
        _basis,
    ),
    "volume_min": Part("Fewest outputs expected", lambda policy: f"{policy.volume_min:,}", _fewest),
    "volume_max": Part("Most outputs expected", lambda policy: f"{policy.volume_max:,}", _most),
    "error_whys": Part(
        "Counted as errors", lambda policy: ", ".join(sorted(policy.error_whys)), _error_whys
    ),
    "max_text": Part(
        "Characters of an output shown", lambda policy: f"{policy.max_text:,}", _max_text
    ),
    "runs_degraded": Part(
        "While degraded", lambda policy: "runs" if policy.runs_degraded else "waits", _degraded
    ),
    "delivery_grace": Part("Grace for late delivery", _hours_of, _grace),
    "hours": Part("Working hours", lambda policy: policy.hours, _hours),
    "holidays_in": Part(
        "Holidays of",
        lambda policy: policy.holidays_in or "none",
        neutral="it names the place; the days off themselves are judged",
    ),
    "holidays": Part("Days off", _told_days_off, _days_off),
    "limits": Part("Limits of measurements", _told_limits, _limits),
    "hides_answer": Part(
        "Category, confidence and model version",
        lambda policy: "hidden until handed in" if policy.hides_answer else "shown to reviewers",
        _hides,
    ),
    "link_only": Part(
        "Text of outputs",
        lambda policy: "never taken" if policy.link_only else "taken",
        _link_only,
    ),
    "masks": Part("Blanked in texts", lambda policy: ", ".join(policy.masks) or "nothing", _masks),
    "link_hosts": Part(
        "Links lead to", lambda policy: ", ".join(policy.link_hosts) or "nowhere", _link_hosts
    ),
}
