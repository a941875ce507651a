"""Away on given dates: who is, who stands in for them, and what cannot be."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.obligations import ObligationKind

MOST_DAYS: Final = 92
LONGEST_AHEAD: Final = timedelta(days=366)
_DAY: Final = timedelta(days=1)

# What is a person's own word: nobody else can give it for them.
OWN_WORD: Final = frozenset(
    {ObligationKind.ACCEPT, ObligationKind.TAKE_OVER, ObligationKind.ATTEST}
)


class AbsenceState(StrEnum):
    PLANNED = "planned"
    BEGUN = "begun"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Absence:
    """One person away from one moment up to another; `delegate` is empty if nobody stands in.

    `state` is what has been done about it; whether it is in force is a matter of time alone.
    """

    number: int
    person: str
    delegate: str
    begins_at: datetime
    ends_at: datetime
    zone: str = "UTC"
    state: AbsenceState = AbsenceState.PLANNED
    entry: int = -1

    @property
    def name(self) -> str:
        return f"absence/{self.number}"

    def is_in_force(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at

    def overlaps(self, other: "Absence") -> bool:
        return max(self.begins_at, other.begins_at) < min(self.ends_at, other.ends_at)


def day_faults(first: date, last: date, today: date) -> Mapping[str, str]:
    """Give a sentence for each day that nobody can announce today: empty if both can be."""
    if first < today:
        return {"from": "Choose today or a day that is still to come."}
    if last > today + LONGEST_AHEAD:
        return {"until": "Choose a day within a year: what is later can be announced later."}
    return {}


def days_away(first: date, last: date, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Give when an absence of whole local days begins and ends; nobody is away in the past."""
    local = zone_of(zone)
    begins = datetime.combine(first, time(0), local)
    # Written as a date of the next day, not as 24 hours more: some days are longer.
    ends = datetime.combine(last + _DAY, time(0), local)
    return max(begins.astimezone(now.tzinfo), now), ends.astimezone(now.tzinfo)


def zone_of(name: str) -> ZoneInfo:
    """Give the zone of this name; UTC if there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def absence_faults(asked: Absence, others: Iterable[Absence], now: datetime) -> Mapping[str, str]:
    """Give a sentence for each field of an absence that cannot be: empty if it is sound.

    `others` are all that are in force or still to come.
    """
    known = tuple(others)
    return _date_faults(asked, known, now) or _delegate_faults(asked, known)


def _date_faults(asked: Absence, known: Sequence[Absence], now: datetime) -> dict[str, str]:
    if asked.ends_at <= now:
        return {"until": "Choose a day that is not over yet."}
    if asked.ends_at <= asked.begins_at:
        return {"until": "Choose a day that is not before the first."}
    # The clocks may have gone back in between: a day more than 92 is too long, an hour is not.
    if asked.ends_at - asked.begins_at >= (MOST_DAYS + 1) * _DAY:
        return {"until": f"At most {MOST_DAYS} days: for longer, hand your workflows over."}
    if any(each.person == asked.person and each.overlaps(asked) for each in known):
        return {"from": "You are away on some of these days already: end that first."}
    return {}


def _delegate_faults(asked: Absence, known: Sequence[Absence]) -> dict[str, str]:
    if not asked.delegate:
        return {}
    if asked.delegate == asked.person:
        return {"delegate": "Nobody stands in for themselves: name another person, or nobody."}
    if _is_covered(asked, [each for each in known if each.person == asked.delegate]):
        return {"delegate": "This person is away themselves for all of that time: name another."}
    if _leads_back(asked, known):
        return {
            "delegate": "In that time this would lead back to you: whoever stands in for this "
            "person is, in the end, you. Name another."
        }
    return {}


def _is_covered(asked: Absence, away: Iterable[Absence]) -> bool:
    free_from = asked.begins_at
    for each in sorted(away, key=lambda absence: absence.begins_at):
        if each.begins_at > free_from:
            return False
        free_from = max(free_from, each.ends_at)
    return free_from >= asked.ends_at


def _leads_back(asked: Absence, known: Sequence[Absence]) -> bool:
    """Tell whether at some moment who stands in for whom would go round in a circle."""
    waiting = [asked]
    while waiting:
        here = waiting.pop()
        if here.delegate == asked.person:
            return True
        waiting += _following(here, known)
    return False


def _following(here: Absence, known: Sequence[Absence]) -> Iterator[Absence]:
    """Give each absence of the delegate as far as it lies within the time of this one."""
    for each in known:
        if each.person == here.delegate and each.overlaps(here):
            yield replace(
                each,
                begins_at=max(each.begins_at, here.begins_at),
                ends_at=min(each.ends_at, here.ends_at),
            )


def stand_ins(
    in_force: Iterable[Absence],
    gone: Collection[str],
    barred: Collection[str] = (),
    builder: str = "",
) -> Mapping[str, str]:
    """Give who stands in for everybody who is away: an empty string if nobody is there to.

    Whoever is barred from an answer lends it to nobody: there the way ends, with them. Whoever
    built what it is about takes nobody's place in it.
    """
    absences = {each.person: each for each in _not_lent_to(builder, in_force)}
    return {person: _stand_in(person, absences, gone, barred) for person in absences}


def delegate_away(
    asked: Absence, known: Iterable[Absence], gone: Collection[str], now: datetime
) -> Absence | None:
    """Give when whoever is to stand in is next away in an absence, and who does then; None if not.

    Absences that ran into each other count as one, as long as the same person stands in.
    """
    others, since, found = tuple(known), max(now, asked.begins_at), None
    for each in sorted(others, key=lambda absence: absence.begins_at):
        is_within = each.begins_at < asked.ends_at and since < each.ends_at
        if each.person != asked.delegate or not is_within:
            continue
        begins_at = max(each.begins_at, since)
        in_force = (other for other in others if other.is_in_force(begins_at))
        stand_in = stand_ins(in_force, gone)[each.person]
        if found is None:
            found = replace(each, begins_at=begins_at, delegate=stand_in)
        elif (found.ends_at, found.delegate) == (begins_at, stand_in):
            found = replace(found, ends_at=each.ends_at)
        else:
            break
    return found


def relying_on(absence: Absence, known: Iterable[Absence]) -> tuple[str, ...]:
    """Give who is away at some time of this absence, and has named its person to stand in."""
    return tuple(
        each.person
        for each in known
        if each.delegate == absence.person
        and each.begins_at < absence.ends_at
        and absence.begins_at < each.ends_at
    )


def _not_lent_to(builder: str, in_force: Iterable[Absence]) -> Iterator[Absence]:
    for each in in_force:
        yield replace(each, delegate="") if each.delegate == builder else each


def _stand_in(
    person: str, absences: Mapping[str, Absence], gone: Collection[str], barred: Collection[str]
) -> str:
    passed: set[str] = set()
    while person in absences and person not in {*passed, *barred}:
        passed.add(person)
        person = absences[person].delegate
    return "" if person in passed or person in gone else person


def principals(
    user_id: str, in_force: Iterable[Absence], barred: Collection[str] = (), builder: str = ""
) -> frozenset[str]:
    """Give everybody for whom this person stands in, directly or through others, none barred.

    Nothing is lent to whoever built what it is about, nor through them.
    """
    known = tuple(each for each in _not_lent_to(builder, in_force) if each.person not in barred)
    found: set[str] = set()
    waiting = {user_id}
    while waiting:
        waiting = {each.person for each in known if each.delegate in waiting} - found - {user_id}
        found |= waiting
    return frozenset(found)


def ended(absence: Absence, now: datetime) -> Absence:
    """Give the absence as over from now on; one that has not begun has never been."""
    ends_at = min(absence.ends_at, max(absence.begins_at, now))
    return replace(absence, ends_at=ends_at, state=AbsenceState.OVER)
