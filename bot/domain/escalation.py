"""The ladder: who is asked next when somebody is silent, and what follows when everybody is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.breaches import Cause
from bot.domain.gate import GateState
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Circle, Role
from bot.domain.presence import Passed, Presence
from bot.domain.registry import Roles, named_roles
from bot.domain.working_time import Span, WorkingTime, business


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: whom it reaches, how long after the one before, and whether the thread hears.

    The wait says by itself whether it is counted in working time or by the clock.
    """

    role: Role
    wait: Span
    in_thread: bool


LADDER: Final = (
    Rung(Role.OWNER, Span(), in_thread=False),
    Rung(Role.BACKUP, business(hours=2), in_thread=True),
    Rung(Role.STEWARD, business(hours=4), in_thread=True),
    Rung(Role.ADMIN, business(hours=8), in_thread=True),
)
# What is critical climbs through nights and holidays.
CRITICAL_LADDER: Final = tuple(
    replace(rung, wait=replace(rung.wait, by_clock=True)) for rung in LADDER
)
LAST: Final = len(LADDER) - 1
LATE: Final = timedelta(minutes=5)  # whoever is asked is told of a step that comes so much later


@dataclass(frozen=True, slots=True)
class Consequence:
    """What silence on the last rung brings: a gate at least this strict, a breach, or a lapse."""

    gate: GateState | None = None
    breach: Cause | None = None
    lapses: bool = False


# What silence is a breach of, once.
_BREACH_OF: Final = {
    ObligationKind.REVIEW: Cause.ROUND_NOT_ANSWERED,
    ObligationKind.SECOND_REVIEW: Cause.SECOND_NOT_ANSWERED,
    ObligationKind.SETTLE: Cause.NOT_SETTLED,
    ObligationKind.JUDGE: Cause.NOT_JUDGED,
    ObligationKind.CARRY_OUT: Cause.NOT_CARRIED_OUT,
    ObligationKind.DRILL: Cause.NOT_DRILLED,
}


# What answers an obligation, where silence does not widen who may. Everybody named on the ladder
# may confirm whatever is asked for; whether admins may as well depends on what that is.
_ACT_OF: Final = {
    ObligationKind.ACCEPT: Act.ACCEPT,
    ObligationKind.ACKNOWLEDGE: Act.ACKNOWLEDGE,
    ObligationKind.CARRY_OUT: Act.CARRY_OUT,
    ObligationKind.CONFIRM: Act.RESUME,
    ObligationKind.HAND_OVER: Act.HAND_OVER,
    ObligationKind.TAKE_OVER: Act.TAKE_OVER,
    ObligationKind.ATTEST: Act.ATTEST,
    ObligationKind.DRILL: Act.DRILL,
}


@dataclass(frozen=True, slots=True)
class Climb:
    """The next step of an obligation: the obligation as it stands after it, and whom to ask.

    `absent` are those who would have been asked were they not away, whoever stands in for them.
    """

    obligation: Obligation
    rung: int
    asked: tuple[str, ...]
    passed: Passed | None
    in_thread: bool
    late: timedelta
    consequence: Consequence
    coalesced: int = 0
    absent: tuple[str, ...] = ()


def climb(
    obligation: Obligation,
    roles: Roles,
    circle: Circle,
    presence: Presence,
    now: datetime,
    working: WorkingTime,
) -> Climb | None:
    """Give the step that is due now, or None if the obligation has ended or is not due to climb.

    One step at a time: a bot that was down takes every rung in turn, each on record with how
    late it was; only repeats of the last rung that nobody heard are taken as one, and counted.
    `working` is when people work. A rung nobody can answer is passed at once, and what waits for
    an admin's word alone goes on to them at once, whoever is told of it before; the last rung
    repeats, and brings the consequence each time, but not before the time was up: where nobody
    below could be asked, it asks at once and brings that once it is due.
    """
    if not obligation.is_open or now < obligation.climbs_at:
        return None
    number = min(obligation.rung + 1, LAST)
    named = _named_on(number, obligation, roles, circle)
    passed = _why_passed(obligation, number, roles, circle, presence)
    waits = passed is None and not is_for_admins(obligation, number, roles, presence)
    taken, coalesced = _latest_repeat(obligation, now, working)
    brings = number == LAST and not _is_early(taken)
    return Climb(
        obligation=replace(
            taken,
            rung=number,
            repeats=taken.repeats + (obligation.rung == LAST),
            climbs_at=_next_climb(taken, number, working, waits=waits),
        ),
        rung=number,
        asked=() if passed else presence.there(named),
        passed=passed,
        in_thread=LADDER[number].in_thread,
        late=now - taken.climbs_at,
        consequence=_consequence(obligation) if brings else Consequence(),
        coalesced=coalesced,
        absent=presence.away(named),
    )


def _latest_repeat(
    obligation: Obligation, now: datetime, working: WorkingTime
) -> tuple[Obligation, int]:
    """Give the obligation as of the last repeat that is due, and how many went before unheard."""
    missed = 0
    while _has_brought(obligation):
        following = _next_climb(obligation, LAST, working)
        if following > now:
            break
        missed += 1
        obligation = replace(obligation, climbs_at=following, repeats=obligation.repeats + 1)
    return obligation, missed


def undelivered(
    obligation: Obligation, roles: Roles, presence: Presence, now: datetime
) -> Obligation:
    """Give the obligation as it climbs when nobody could be asked: at once to the next person.

    To the admins only if nobody else is left: that a request did not arrive brings no consequence
    sooner. The last rung is never hastened: what it brings comes in its own time.
    """
    is_below = obligation.rung < LAST - 1
    is_next = obligation.rung == LAST - 1
    if is_below or (is_next and is_left_to_admins(obligation, roles, presence)):
        return replace(obligation, climbs_at=min(obligation.climbs_at, now))
    return obligation


def is_left_to_admins(obligation: Obligation, roles: Roles, presence: Presence) -> bool:
    """Tell whether nobody it has reached is there, or only who may not answer where admins may."""
    reached = people_reached(obligation, roles, Circle())
    is_nobody_there = not presence.there(reached)
    return is_nobody_there or is_for_admins(obligation, max(obligation.rung, 0), roles, presence)


def is_for_admins(obligation: Obligation, number: int, roles: Roles, presence: Presence) -> bool:
    """Tell whether only admins can answer: nobody asked up to this rung is there who may."""
    may = [at for at in range(number + 1) if not at or may_answer(obligation, LADDER[at].role)]
    asked = (_named_on(at, obligation, roles, Circle()) for at in may)
    return may_answer(obligation, Role.ADMIN) and not any(map(presence.there, asked))


def next_rung(obligation: Obligation, roles: Roles, presence: Presence) -> Rung:
    """Give the rung on which silence next reaches somebody: what nobody can answer is passed.

    Whether there is an admin to be reached on the last one is not looked into.
    """
    for number in range(obligation.rung + 1, LAST):
        if _why_passed(obligation, number, roles, Circle(), presence) is None:
            return _ladder(obligation)[number]
    return _ladder(obligation)[LAST]


def lapses_next(obligation: Obligation, rung: Rung) -> bool:
    """Tell whether it lapses at its next step, which is on this rung: nobody is asked then."""
    brings = rung.role is Role.ADMIN and not _is_early(obligation)
    return brings and _consequence(obligation).lapses


def may_answer(obligation: Obligation, role: Role, confirming: Act | None = None) -> bool:
    """Tell whether who holds this role may answer what has climbed to them.

    Whoever may not is told all the same: they can see to it, and there is some other way. Of an
    admin and a request that is told only with `confirming`.
    """
    act = act_of(obligation, confirming)
    return act is None or role in WHO[act]


def act_of(obligation: Obligation, confirming: Act | None = None) -> Act | None:
    """Give what answers an obligation; None where silence widens who may.

    `confirming` is what confirms the request that it is about, by what that asks for.
    """
    if obligation.kind is ObligationKind.CONFIRM and confirming:
        return confirming
    if obligation.kind is ObligationKind.DECIDE:
        return Act.DECIDE_CRITICAL if obligation.is_critical else Act.DECIDE
    return _ACT_OF.get(obligation.kind)


def may_unasked(obligation: Obligation) -> frozenset[Role]:
    """Give the roles whose holders may answer this, though it has not climbed to them."""
    return WHO[Act.JUDGE_SKIPPED] if obligation.kind is ObligationKind.JUDGE else frozenset()


def closes_gate(obligation: Obligation) -> bool:
    """Tell whether silence about this has closed the gate, and would close it again if opened."""
    return may_close_gate(obligation) and _has_brought(obligation)


def may_close_gate(obligation: Obligation) -> bool:
    """Tell whether silence about this closes the gate in the end, or would if it were opened."""
    return obligation.is_open and _consequence(obligation).gate is not None


def pauses_next(obligation: Obligation) -> bool:
    """Tell whether the next silence about this has the workflow paused, and nothing before that."""
    return obligation.is_open and _consequence(obligation).gate is GateState.PAUSED


def breach_brought(obligation: Obligation) -> Cause | None:
    """Give of what cause silence about this has opened a breach; None while it has not."""
    return _BREACH_OF.get(obligation.kind) if _has_brought(obligation) else None


def roles_owing(obligation: Obligation, roles: Roles) -> frozenset[Role]:
    """Give the roles for which an obligation was owed by this person, a named one or an admin."""
    named = {role for role, user_id in named_roles(roles) if user_id == obligation.owed_by}
    return frozenset(named or {Role.ADMIN})


def roles_held(user_id: str, roles: Roles, circle: Circle) -> frozenset[Role]:
    """Give the roles on the ladder that this person holds."""
    return frozenset(each.role for each in LADDER if user_id in _holders(each.role, roles, circle))


def roles_reached(obligation: Obligation) -> frozenset[Role]:
    """Give the roles that an obligation has climbed to so far, its first addressee apart."""
    return frozenset(rung.role for rung in LADDER[1 : obligation.rung + 1])


def role_reached(rung: int) -> Role | None:
    """Give the role that something has climbed to on this rung; None while it is with one's own."""
    return LADDER[rung].role if rung > 0 else None


def people_reached(obligation: Obligation, roles: Roles, circle: Circle) -> frozenset[str]:
    """Give everybody whom an obligation has reached so far, its first addressee included."""
    above = (_holders(rung.role, roles, circle) for rung in LADDER[1 : obligation.rung + 1])
    return frozenset({obligation.owed_by}.union(*above))


def newly_reached(obligation: Obligation, was: Roles, now: Roles) -> tuple[tuple[int, str], ...]:
    """Give whoever by now holds a role that it has climbed to and was not asked, with the rung.

    Nobody is given twice. Admins hold no role of a workflow.
    """
    known = set(people_reached(obligation, was, Circle()))
    found = []
    for at in range(1, min(obligation.rung, LAST - 1) + 1):
        [user_id] = _named_on(at, obligation, now, Circle())
        if user_id not in known:
            known.add(user_id)
            found.append((at, user_id))
    return tuple(found)


def people_asked(obligation: Obligation, roles: Roles, circle: Circle) -> tuple[str, ...]:
    """Give those with whom an obligation is now: its first addressee, or who is on its rung."""
    return _named_on(max(obligation.rung, 0), obligation, roles, circle)


def with_now(obligation: Obligation, roles: Roles, presence: Presence) -> str:
    """Give the one with whom an obligation is that no admin has been asked for; "" if nobody.

    Of all whom it has reached that is the last who has not left and is not barred from it; they
    may be away.
    """
    for at in range(max(obligation.rung, 0), -1, -1):
        [user_id] = _named_on(at, obligation, roles, Circle())
        if user_id not in presence.gone and user_id not in presence.barred:
            return user_id
    return ""


def _named_on(at: int, obligation: Obligation, roles: Roles, circle: Circle) -> tuple[str, ...]:
    return _holders(LADDER[at].role, roles, circle) if at else (obligation.owed_by,)


def _why_passed(
    obligation: Obligation, number: int, roles: Roles, circle: Circle, presence: Presence
) -> Passed | None:
    """Give why nobody is asked on a rung, None if somebody is."""
    named = _named_on(number, obligation, roles, circle)
    here = presence.there(named)
    if here:
        below = people_reached(replace(obligation, rung=number - 1), roles, circle)
        is_repeated = 0 < number < LAST and set(here) <= presence.with_stand_ins(below)
        return Passed.SAME_PERSON if is_repeated else None
    why = presence.why_nobody(named)
    is_own = why is Passed.NOT_INDEPENDENT and obligation.kind is ObligationKind.CONFIRM
    return Passed.OWN_REQUEST if is_own else why


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


def _next_climb(
    obligation: Obligation, number: int, working: WorkingTime, *, waits: bool = True
) -> datetime:
    if number == LAST and _is_early(obligation):
        return obligation.due_at
    if not waits and number < LAST:
        return obligation.climbs_at
    following = min(number + 1, LAST)
    wait = _ladder(obligation)[following].wait
    if following == LAST:  # nothing follows from what climbs early before it is due
        return max(wait.after(obligation.climbs_at, working), obligation.due_at)
    # Who is asked early, because nobody before them could be, has until it is due.
    return wait.after(max(obligation.climbs_at, obligation.due_at), working)


def _is_early(obligation: Obligation) -> bool:
    """Tell whether the next step comes before it is due, since nobody before could be asked."""
    return obligation.climbs_at < obligation.due_at


def _has_brought(obligation: Obligation) -> bool:
    """Tell whether the last rung has brought something: then it climbs again later than due."""
    return obligation.rung == LAST and obligation.climbs_at > obligation.due_at


def _ladder(obligation: Obligation) -> tuple[Rung, ...]:
    return CRITICAL_LADDER if obligation.is_critical else LADDER


def _consequence(obligation: Obligation) -> Consequence:
    first = not _has_brought(obligation)
    match obligation.kind:
        case ObligationKind.ACKNOWLEDGE | ObligationKind.DECIDE:
            return Consequence(gate=GateState.REVIEW_ALL if first else GateState.PAUSED)
        case ObligationKind.CONFIRM | ObligationKind.TAKE_OVER:
            return Consequence(lapses=True)
        case ObligationKind.HAND_OVER | ObligationKind.ATTEST:
            return Consequence(gate=GateState.REVIEW_ALL)
        case kind:
            return Consequence(breach=_BREACH_OF.get(kind) if first else None)
