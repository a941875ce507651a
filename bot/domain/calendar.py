"""When things fall due: recurrence rules on local wall-clock time, turned into UTC at the end.

Rules are RFC 5545 RRULEs read by dateutil. A local time that a daylight-saving change skips
happens at the old offset, a doubled one happens once, at its first occurrence.
"""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrule, rrulestr

# Where every rule is counted from, so that it strikes at the same times whoever asks when: a
# Monday, the first of a month and of a year.
_ANCHOR: Final = datetime(2001, 1, 1)  # noqa: DTZ001 -- local wall-clock time on purpose
# A rule that never strikes is tried up to the year 9999; from here on that is soon.
_NEAR_THE_END: Final = datetime(9970, 1, 1)  # noqa: DTZ001 -- as above
_LOOKED_AT: Final = 40
_SHORTEST: Final = timedelta(days=1)
_SAME_STRIKE: Final = _SHORTEST / 2
_LONGEST: Final = timedelta(days=366)
_DAYS: Final = {"DAILY": 1, "WEEKLY": 7}
TOO_OFTEN: Final = "It is daily at the most often: choose days, weeks or months."


def cadence_fault(cadence: str) -> str:
    """Give a sentence if `cadence` is no endless RRULE of days or longer, else an empty string."""
    parts = _parts(cadence)
    if any(part.startswith(("COUNT=", "UNTIL=")) for part in parts):
        return "Rounds go on until the workflow is retired: leave out COUNT and UNTIL."
    if {"FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY"} & set(parts):
        return TOO_OFTEN
    try:
        return _strikes_fault(_rule(cadence, _NEAR_THE_END))
    except (ValueError, TypeError):
        return "Not a recurrence rule (RFC 5545), such as FREQ=WEEKLY;BYDAY=MO;BYHOUR=9."


def _strikes_fault(rule: rrule) -> str:
    strikes = list(islice(rule, _LOOKED_AT))
    if not strikes:
        return "This recurrence never happens."
    periods = [later - earlier for earlier, later in pairwise(strikes)]
    if any(period < _SHORTEST for period in periods):
        return TOO_OFTEN
    if not periods or max(periods) > _LONGEST:
        return "A round lasts a year at the longest: choose a shorter recurrence."
    return ""


def zone_fault(zone: str) -> str:
    """Give a sentence if `zone` is no IANA time zone, else an empty string."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"“{zone[:60]}” is no time zone. Use a name such as Europe/London."
    return ""


def next_occurrence(cadence: str, zone: str, after: datetime) -> datetime:
    """Give the first time the cadence strikes strictly after `after`, as aware UTC.

    Raises ValueError if the recurrence has ended.
    """
    local_zone = ZoneInfo(zone)
    local = after.astimezone(local_zone).replace(tzinfo=None)
    # Two days back: around a change of offset, wall-clock order and real order differ.
    candidate = local - timedelta(days=2)
    for strike in _rule(cadence, _start_near(cadence, candidate)).xafter(candidate):
        instant = strike.replace(tzinfo=local_zone).astimezone(UTC)
        if instant > after:
            return instant
    raise ValueError(f"the cadence {cadence} has no occurrence after {after.isoformat()}")


def strike_after(cadence: str, zone: str, now: datetime, struck: datetime | None) -> datetime:
    """Give the next time the cadence strikes, `struck` being when it did last, or None.

    It is daily at the most often: within half a day of the last strike comes that one again, since
    new zone data have moved it. It is not struck twice. Raises as `next_occurrence` does.
    """
    has_struck = struck is not None and struck <= now
    after = max(now, struck + _SAME_STRIKE) if struck and has_struck else now
    return next_occurrence(cadence, zone, after)


def _start_near(cadence: str, moment: datetime) -> datetime:
    """Give a start shortly before the moment from which the same times are struck."""
    parts = dict(part.split("=") for part in _parts(cadence))
    if parts["FREQ"] not in _DAYS:
        return _ANCHOR  # months and years since then are soon gone through
    step = timedelta(days=_DAYS[parts["FREQ"]] * int(parts.get("INTERVAL", 1)))
    return _ANCHOR + (moment - _ANCHOR) // step * step


def _parts(cadence: str) -> list[str]:
    return cadence.upper().removeprefix("RRULE:").split(";")


def _rule(cadence: str, start: datetime) -> rrule:
    if cadence.split() != [cadence]:
        raise ValueError("a rule is one word; further lines could name a start of their own")
    rule = rrulestr(cadence, dtstart=start)
    if not isinstance(rule, rrule):
        raise TypeError("one RRULE, not a set")
    return rule
