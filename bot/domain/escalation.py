"""The ladder: who is asked next when somebody is silent, and what follows when everybody is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.breaches import Cause
from bot.domain.gate import GateState
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Circle, Role
from bot.domain.registry import Roles


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: whom it reaches, how long after the one before, and whether the thread hears."""

    role: Role
    wait: timedelta
    in_thread: bool


LADDER: Final = (
    Rung(Role.OWNER, timedelta(0), in_thread=False),
    Rung(Role.BACKUP, timedelta(hours=2), in_thread=True),
    Rung(Role.STEWARD, timedelta(hours=4), in_thread=True),
    Rung(Role.ADMIN, timedelta(hours=8), in_thread=True),
)
LAST: Final = len(LADDER) - 1


class Passed(StrEnum):
    """Why nobody was asked on a rung."""

    EMPTY = "nobody holds this role"
    DEACTIVATED = "deactivated"
    SAME_PERSON = "same person as before"
    OWN_REQUEST = "nobody confirms their own request"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What silence on the last rung brings: a gate at least this strict, a breach, or a lapse."""

    gate: GateState | None = None
    breach: Cause | None = None
    lapses: bool = False


@dataclass(frozen=True, slots=True)
class Climb:
    """The next step of an obligation: the obligation as it stands after it, and whom to ask."""

    obligation: Obligation
    rung: int
    asked: tuple[str, ...]
    passed: Passed | None
    in_thread: bool
    late: timedelta
    consequence: Consequence


def climb(
    obligation: Obligation,
    roles: Roles,
    circle: Circle,
    away: Collection[str],
    now: datetime,
    *,
    asker: str = "",
) -> Climb | None:
    """Give the step that is due now, or None if the obligation has ended or is not due to climb.

    One step at a time: a bot that was down takes every rung in turn, each on record with how
    late it was. `away` are people known to be deactivated, `asker` is who asked for what is to be
    confirmed. A rung nobody can answer is passed at once; the last rung repeats, and brings the
    consequence each time.
    """
    if not obligation.is_open or now < obligation.climbs_at:
        return None
    number = min(obligation.rung + 1, LAST)
    asked, passed = _people_on(number, obligation, roles, circle, away, asker)
    return Climb(
        obligation=replace(
            obligation,
            rung=number,
            repeats=obligation.repeats + (obligation.rung == LAST),
            climbs_at=_next_climb(obligation, number, passed),
        ),
        rung=number,
        asked=asked,
        passed=passed,
        in_thread=LADDER[number].in_thread,
        late=now - obligation.climbs_at,
        consequence=_consequence(obligation) if number == LAST else Consequence(),
    )


def undelivered(obligation: Obligation, now: datetime) -> Obligation:
    """Give the obligation as it climbs when nobody could be asked: at once to the next person.

    The last rung is never hastened: what it brings comes in its own time, delivered or not.
    """
    if obligation.rung >= LAST - 1:
        return obligation
    return replace(obligation, climbs_at=min(obligation.climbs_at, now))


def next_rung(obligation: Obligation) -> Rung:
    """Give the rung that silence will reach next."""
    return LADDER[min(obligation.rung + 1, LAST)]


def roles_reached(obligation: Obligation) -> frozenset[Role]:
    """Give the roles that an obligation has climbed to so far, its first addressee apart."""
    return frozenset(rung.role for rung in LADDER[1 : obligation.rung + 1])


def _people_on(
    number: int,
    obligation: Obligation,
    roles: Roles,
    circle: Circle,
    away: Collection[str],
    asker: str,
) -> tuple[tuple[str, ...], Passed | None]:
    named = _holders(LADDER[number].role, roles, circle) if number else (obligation.owed_by,)
    present = tuple(user_id for user_id in named if user_id not in away)
    if not present:
        return (), Passed.DEACTIVATED if named else Passed.EMPTY
    if 0 < number < LAST and set(present) <= _asked_before(number, obligation, roles):
        return (), Passed.SAME_PERSON
    if set(present) == {asker}:
        return (), Passed.OWN_REQUEST
    return present, None


def _asked_before(number: int, obligation: Obligation, roles: Roles) -> frozenset[str]:
    between = (_holders(rung.role, roles, Circle()) for rung in LADDER[1:number])
    return frozenset({obligation.owed_by}.union(*between))


def _holders(role: Role, roles: Roles, circle: Circle) -> tuple[str, ...]:
    match role:
        case Role.OWNER:
            return (roles.owner,)
        case Role.BACKUP:
            return (roles.backup,)
        case Role.STEWARD:
            return (roles.steward,)
        case _:
            return tuple(sorted(circle.admins))


def _next_climb(obligation: Obligation, number: int, passed: Passed | None) -> datetime:
    following = min(number + 1, LAST)
    wait = timedelta(0) if passed and number < LAST else LADDER[following].wait
    at = obligation.climbs_at + wait
    # What could not be delivered climbs early, but nothing follows from it before it is due.
    return max(at, obligation.due_at) if following == LAST else at


def _consequence(obligation: Obligation) -> Consequence:
    first = obligation.rung < LAST
    match obligation.kind:
        case ObligationKind.ACKNOWLEDGE | ObligationKind.DECIDE:
            return Consequence(gate=GateState.REVIEW_ALL if first else GateState.PAUSED)
        case ObligationKind.REVIEW:
            return Consequence(breach=Cause.ROUND_NOT_ANSWERED if first else None)
        case ObligationKind.CARRY_OUT:
            return Consequence(breach=Cause.NOT_CARRIED_OUT if first else None)
        case ObligationKind.CONFIRM:
            return Consequence(lapses=True)
        case ObligationKind.ACCEPT:
            return Consequence()
