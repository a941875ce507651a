"""People away on given dates, with who stands in for them. Each stays answerable all the same."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.absences import (
    Absence,
    AbsenceState,
    absence_faults,
    day_faults,
    days_away,
    principals,
    zone_of,
)
from bot.domain.authority import require_member
from bot.domain.people import SYSTEM, Actor, Circle, Role
from bot.domain.proof import Proof
from bot.domain.reasons import optional_words
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import stand_in_fault
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.absences import (
    ask_others,
    show_who_is_next,
    show_who_is_there_now,
    tell_absence,
)
from bot.usecases.steps.absences import end_absence as end
from bot.usecases.steps.messages import answer
from bot.usecases.steps.shares import tell_of_missing
from bot.usecases.steps.stand_ins import away_too, built_by, not_lent_for
from store.reading import Reading
from store.unit_of_work import Work, timestamp


@dataclass(frozen=True, slots=True)
class Announcement:
    """When somebody will be away, in days of their own zone, and who stands in, if anybody does.

    `is_outsider` says that who is named is no full member of the workspace.
    """

    delegate: str
    first: date
    last: date
    zone: str
    reason: str = ""
    is_outsider: bool = False


def list_absences(deps: Deps, actor: Actor) -> views.Absences:
    """Give somebody's own absences that are in force or still to come."""
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace, actor) as reading:
        require_member(actor, f"workspace/{deps.workspace}")
        gone = reading.people.gone()
        known = reading.absences.not_over(now)
        return views.Absences(
            tuple(
                views.StandingAbsence(
                    each.number,
                    each.delegate,
                    each.begins_at,
                    each.ends_at,
                    stand_in_left=each.delegate in gone,
                    away_too=away_too(reading, each),
                    not_for=not_lent_for(reading, each),
                )
                for each in known
                if each.person == actor.user_id
            )
        )


def announce_absence(deps: Deps, actor: Actor, asked: Announcement) -> Proof:
    """Record that somebody will be away. Raises Invalid with a sentence for each wrong field."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        require_member(actor, f"workspace/{deps.workspace}")
        absence = _checked(work, deps.circle, actor, asked)
        seq = _record(work, absence, optional_words(asked.reason))
        absence = replace(absence, entry=seq)
        work.absences.add(absence)
        tell_absence(work, absence, seq)
        show_who_is_next(work, deps.circle, absence)
    return work.receipt


def end_absence(deps: Deps, actor: Actor, number: int) -> Proof:
    """End one's own absence from now on: what is open is one's own to answer again."""
    with deps.store.begin(deps.workspace, actor) as work:
        require_member(actor, f"workspace/{deps.workspace}")
        absence = work.absences.find(number)
        if absence is None or absence.person != actor.user_id:
            raise Refused("not your absence", "You can end only an absence of your own.")
        if absence.state is not AbsenceState.OVER:  # it may have run out a moment ago, unnoticed
            end(work, deps.circle, absence)
            show_who_is_next(work, deps.circle, absence)
            show_who_is_there_now(work, deps.circle, absence.person)
        work.point_at(Kind.ABSENCE_ENDED, absence.name)
        answer(work, _back(work, absence), work.receipt.number)
    return work.receipt


def _back(work: Work, absence: Absence) -> str:
    if absence.begins_at > work.now:
        return "You are not going to be away then: nothing changes."
    if any(each.person == absence.person for each in work.absences.in_force(work.now)):
        return (
            "That absence is over, and you are away still: another one that you announced has "
            "begun. `/answerable delegate` ends that, too."
        )
    return "You are back: what you owe comes to you again."


def absences_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the absences that begin or end by now, by number."""
    return tuple(str(number) for number in reading.absences.due(now))


def turn_absence(deps: Deps, number: str) -> bool:
    """Begin or end an absence if that is due; tell whether it was."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        absence = work.absences.find(int(number))
        if absence is None or absence.number not in work.absences.due(work.now):
            return False
        if absence.is_in_force(work.now):
            _begin(deps, work, absence)
        else:
            end(work, deps.circle, absence)
            show_who_is_there_now(work, deps.circle, absence.person)
    return True


def _checked(work: Work, circle: Circle, actor: Actor, asked: Announcement) -> Absence:
    zone = str(zone_of(asked.zone))
    # Before anything is counted from them: the calendar ends somewhere.
    if wrong := day_faults(asked.first, asked.last, work.now.astimezone(zone_of(zone)).date()):
        raise Invalid(wrong)
    begins_at, ends_at = days_away(asked.first, asked.last, zone, work.now)
    absence = Absence(
        number=work.absences.next_number(),
        person=actor.user_id,
        delegate=asked.delegate,
        begins_at=begins_at,
        ends_at=ends_at,
        zone=zone,
    )
    faults = dict(absence_faults(absence, work.absences.not_over(work.now), work.now))
    if asked.is_outsider or asked.delegate in work.people.gone():
        faults["delegate"] = "Only a full member of this workspace can stand in: no guest, no bot."
    if built := built_by(work, {absence.person}, {absence.delegate}):
        faults["delegate"] = (
            f"This person is the technical owner of {', '.join(built)}, and whoever built it does "
            "not answer for it in your place: name another."
        )
    if fault := stand_in_fault(asked.delegate, circle):
        faults["delegate"] = fault
    if faults:
        raise Invalid(faults)
    return absence


def _record(work: Work, absence: Absence, reason: str) -> int:
    words = {"delegate": absence.delegate, "reason": reason}
    return work.record(
        Kind.ABSENCE_ANNOUNCED,
        absence.name,
        {
            "absence": absence.number,
            "begins_at": timestamp(absence.begins_at),
            "ends_at": timestamp(absence.ends_at),
            "zone": absence.zone,
            "delegate": work.pseudonym_of(absence.delegate) if absence.delegate else None,
        },
        words={name: said for name, said in words.items() if said},
        role=Role.MEMBER,
    )


def _begin(deps: Deps, work: Work, absence: Absence) -> None:
    begun = replace(absence, state=AbsenceState.BEGUN)
    work.absences.save(begun)
    facts = {"absence": absence.number}
    seq = work.record(Kind.ABSENCE_BEGUN, absence.name, facts, prior=absence.entry)
    tell_of_missing(work, absence.person, seq)
    # Whoever is away now can hold nothing for others either; those not begun have their own turn.
    noted = [each for each in work.absences.in_force(work.now) if each.state is AbsenceState.BEGUN]
    ask_others(work, deps.circle, principals(absence.person, noted) | {absence.person})
    show_who_is_there_now(work, deps.circle, absence.person)
