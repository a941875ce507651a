"""How each field of a policy is judged: in which words a new one is weaker than an old one, if any.

Judged is how much, not when: a sample moved from Monday to Friday is drawn as often, with as many
days in between; one that is drawn daily in December and never in summer is not.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Final

from bot.domain.calendar import next_occurrence
from bot.domain.figures import counted, percent
from bot.domain.hours import read_hours
from bot.domain.limits import weaker_limits
from bot.domain.plans import told_weaker
from bot.domain.policy import LimitBasis, Policy
from bot.domain.policy_in_words import told_capacity, told_each, told_grace, told_short
from bot.domain.working_time import EVERY_DAY

# Whole weeks, so that it makes no difference on which day of the week a sample is drawn.
AHEAD: Final = timedelta(weeks=52)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_ALWAYS: Final = timedelta(weeks=1)

Words = tuple[str, ...]


def sample(old: Policy, new: Policy, _now: datetime) -> Words:
    return told_weaker(old.plan, new.plan)


def floor(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.floor, "output")
    words = f"reviews at least {new.floor} instead of {before} of each {told_each(old)}"
    return (words,) if new.floor < old.floor else ()


def floor_by(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"reviews so many of each {told_each(new)}, and no more of each {told_each(old)}"
    return (words,) if old.floor and new.floor_by is not old.floor_by else ()


def proves(old: Policy, new: Policy, _now: datetime) -> Words:
    words = "draws no more than else where no round has proven the limit yet"
    return (words,) if old.proves_first and not new.proves_first else ()


def tighten(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"looks {new.tighten} instead of {old.tighten} times as closely while there is cause to"
    return (words,) if new.tighten < old.tighten else ()


def trigger_below(old: Policy, new: Policy, _now: datetime) -> Words:
    before, after = (f"{percent(each.trigger_below_bp)} %" for each in (old, new))
    fewer = f"asks besides the draw for a confidence below {after} instead of {before}"
    none = f"asks besides the draw for no confidence any more, instead of one below {before}"
    is_weaker = new.trigger_below_bp < old.trigger_below_bp
    return (fewer if new.trigger_below_bp else none,) if is_weaker else ()


def trigger_first(old: Policy, new: Policy, _now: datetime) -> Words:
    words = (
        f"asks besides the draw for the first {new.trigger_first} instead of {old.trigger_first} "
        "outputs of a new model version"
    )
    return (words,) if new.trigger_first < old.trigger_first else ()


def trigger_most(old: Policy, new: Policy, _now: datetime) -> Words:
    words = (
        f"asks for at most {new.trigger_most} instead of {counted(old.trigger_most, 'output')} "
        "besides the draw of a round"
    )
    return (words,) if new.trigger_most < old.trigger_most else ()


def capacity(old: Policy, new: Policy, _now: datetime) -> Words:
    is_weaker = old.capacity and not 0 < new.capacity <= old.capacity
    words = f"expects {told_capacity(new)} instead of {told_capacity(old)} of reviewers' time"
    return (words,) if is_weaker else ()


def overflow(old: Policy, new: Policy, _now: datetime) -> Words:
    """Say how a draw may be cut to less than it was, and by how little time."""
    if not new.is_cut_to_time:
        return ()
    if new.overflow is not old.overflow:
        before, after = told_short(old), told_short(new)
        return (f"does another thing where time is short: {after}, and no longer: {before}",)
    shorter = new.capacity < old.capacity or new.item_seconds > old.item_seconds
    words = "cuts draws to less: there is less time, or each output takes more of it"
    aside = (
        f"leaves the time of {new.set_aside} instead of {old.set_aside} outputs to what is asked "
        "besides, where a draw is cut"
    )
    return (*[words] * shorter, *[aside] * (new.set_aside > old.set_aside))


def limit(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"tolerates {percent(new.limit_bp)} % instead of {percent(old.limit_bp)} % errors"
    return (words,) if new.limit_bp > old.limit_bp else ()


def basis(old: Policy, new: Policy, _now: datetime) -> Words:
    is_weaker = (old.limit_basis, new.limit_basis) == (LimitBasis.PER_WEEK, LimitBasis.AVERAGE)
    return ("bounds the errors of many rounds on average instead of each round's",) * is_weaker


def fewest(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.volume_min, "output")
    words = f"expects at least {new.volume_min:,} instead of {before} a round"
    return (words,) if new.volume_min < old.volume_min else ()


def most(old: Policy, new: Policy, _now: datetime) -> Words:
    before = counted(old.volume_max, "output")
    words = f"expects up to {new.volume_max:,} instead of {before} a round"
    return (words,) if new.volume_max > old.volume_max else ()


def cadence(old: Policy, new: Policy, now: datetime) -> Words:
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


def error_whys(old: Policy, new: Policy, _now: datetime) -> Words:
    gone = sorted(set(old.error_whys) - set(new.error_whys))
    return (f"counts “{'”, “'.join(gone)}” no longer as errors",) if gone else ()


def max_text(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"shows {new.max_text:,} instead of {old.max_text:,} characters of an output in Slack"
    return (words,) if new.max_text > old.max_text else ()


def link_only(old: Policy, new: Policy, _now: datetime) -> Words:
    return ("takes the text of outputs, not links alone",) * (old.link_only and not new.link_only)


def masks(old: Policy, new: Policy, _now: datetime) -> Words:
    gone = [mask for mask in old.masks if mask not in new.masks]
    return (f"blanks no longer: {', '.join(gone)}",) if gone else ()


def link_hosts(old: Policy, new: Policy, _now: datetime) -> Words:
    more = [host for host in new.link_hosts if host not in old.link_hosts]
    return (f"makes links of addresses at: {', '.join(more)}",) if more else ()


def degraded(old: Policy, new: Policy, _now: datetime) -> Words:
    return ("runs while degraded",) if new.runs_degraded and not old.runs_degraded else ()


def hides(old: Policy, new: Policy, _now: datetime) -> Words:
    words = "shows reviewers what the AI said of an output before they have judged it"
    return (words,) if old.hides_answer and not new.hides_answer else ()


def grace(old: Policy, new: Policy, _now: datetime) -> Words:
    words = f"gives {told_grace(new)} instead of {told_grace(old)} of grace for late delivery"
    return (words,) if new.delivery_grace > old.delivery_grace else ()


def hours(old: Policy, new: Policy, _now: datetime) -> Words:
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


def days_off(old: Policy, new: Policy, now: datetime) -> Words:
    before, after = _off_soon(old, now), _off_soon(new, now)
    words = (
        f"has more days off, so deadlines are later: {after} instead of {before} "
        "in the next 52 weeks"
    )
    return (words,) if after > before else ()


def _off_soon(policy: Policy, now: datetime) -> int:
    first, last = now.date(), (now + AHEAD).date()
    return sum(1 for day in policy.holidays if first <= day <= last)


def limits(old: Policy, new: Policy, _now: datetime) -> Words:
    return weaker_limits(old.limits, new.limits)
