"""What follows when somebody is away, is back, or cannot be asked any more."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain import absences
from bot.domain.absences import Absence
from bot.domain.escalation import LAST, people_asked, people_reached
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Circle, Role
from bot.domain.presence import Presence
from bot.domain.record import Kind
from bot.domain.registry import named_roles
from bot.usecases.steps.obligations import (
    ask_also_in_place_of,
    ask_in_place_of,
    hasten_if_left,
)
from bot.usecases.steps.returns import ask_to_stand_in_again, ask_who_is_back
from bot.usecases.steps.shares import show_who_reviews
from store.unit_of_work import Work, timestamp


def ask_others(work: Work, circle: Circle, people: frozenset[str]) -> None:
    """Ask whoever stands in, or is next, for what waits for these people now.

    It may have climbed past them: whoever stands in is asked all the same; if nobody it has reached
    is there any more, or only others who can see to it where an admin may answer, it goes on at
    once.
    """
    for owed in work.obligations.all_open():
        workflow = work.workflows.get(owed.workflow)
        asked = people.intersection(people_asked(owed, workflow.roles, circle))
        for each in sorted(asked):
            ask_in_place_of(work, workflow, owed, each)
        reached = people_reached(owed, workflow.roles, circle)
        passed = people & reached - asked
        for each in sorted(passed):
            ask_also_in_place_of(work, workflow, owed, each, reached)
        if passed:
            work.outbox.show_anew(owed.id)  # all that names them among who may still answer
        if passed and not asked:
            hasten_if_left(work, workflow, owed)


def show_who_is_there(work: Work, circle: Circle, user_id: str) -> None:
    """Bring up to date what asks for anything of a workflow where somebody has left or is back.

    It says who is asked next and what helps; of the admins it says so of every workflow, but only
    that none of them is there. What has climbed to the admins names each who was asked.
    """
    is_about_all = _is_last_admin(work, circle, user_id, work.now)
    resting = {owed.id for owed in _resting_on(work, user_id)}
    for owed in work.obligations.all_open():
        is_with_them = owed.rung == LAST and user_id in circle.admins
        if is_about_all or is_with_them or owed.id in resting:
            work.outbox.show_anew(owed.id)


def show_who_is_next(work: Work, circle: Circle, absence: Absence) -> None:
    """Bring up to date what asks for anything, if this absence begins before its next step.

    That step comes sooner by it, or reaches somebody else.
    """
    person = absence.person
    resting = {owed.id for owed in _resting_on(work, person)}
    is_for_admins = not circle.admins.isdisjoint(
        absences.principals(person, work.absences.not_over(work.now)) | {person}
    )
    for owed in work.obligations.all_open():
        if absence.begins_at <= owed.climbs_at and (
            owed.id in resting
            or (is_for_admins and _is_last_admin(work, circle, person, owed.climbs_at))
        ):
            work.outbox.show_anew(owed.id)


def show_who_is_there_now(work: Work, circle: Circle, user_id: str) -> None:
    """Bring up to date what says who is there now: of a backup or steward, what asks for an owner.

    So is what has climbed to the admins, if only this one of them is or was there.
    """
    if _is_last_admin(work, circle, user_id, work.now):
        for owed in work.obligations.all_open():
            if owed.rung == LAST:
                work.outbox.show_anew(owed.id)
    for owed in _resting_on(work, user_id):
        if owed.kind is ObligationKind.HAND_OVER:
            work.outbox.show_anew(owed.id)


def _is_last_admin(work: Work, circle: Circle, user_id: str, at: datetime) -> bool:
    """Tell whether, this person and whom they stand in for apart, no admin is there then."""
    in_force = work.absences.in_force(at)
    theirs = absences.principals(user_id, in_force) | {user_id}
    gone = work.people.gone()
    others = Presence(gone, absences.stand_ins(in_force, gone)).there(circle.admins - theirs)
    return not circle.admins.isdisjoint(theirs) and not others


def _resting_on(work: Work, user_id: str) -> Iterator[Obligation]:
    """Give what is open where somebody is named or owes it, or whom they are to stand in for is."""
    people = absences.principals(user_id, work.absences.not_over(work.now)) | {user_id}
    named = {each.key: {who for _, who in named_roles(each.roles)} for each in work.workflows.all()}
    for owed in work.obligations.all_open():
        if not people.isdisjoint(named[owed.workflow] | {owed.owed_by}):
            yield owed


def end_absence(work: Work, circle: Circle, absence: Absence) -> None:
    """End an absence by now, on record: what asked whoever stood in asks them no more.

    Whoever was away is asked instead, and for what they hold for others who are away still.
    """
    asked = {each.delegate for each in work.absences.in_force(work.now)} | {absence.delegate}
    over = absences.ended(absence, work.now)
    work.absences.save(over)
    seq = work.record(
        Kind.ABSENCE_ENDED,
        over.name,
        {"absence": over.number, "ends_at": timestamp(over.ends_at)},
        role=Role.MEMBER if work.actor.is_person else "",
        prior=over.entry,
    )
    roles = {each.key: each.roles for each in work.workflows.all()}
    people = absences.principals(over.person, work.absences.in_force(work.now)) | {over.person}
    for owed in work.obligations.all_open():
        work.outbox.refresh_for(asked, owed.id)
        if not people.isdisjoint(people_reached(owed, roles[owed.workflow], circle)):
            work.outbox.show_anew(owed.id)  # reminders, which say that they are away
            work.outbox.refresh_cards(owed.id, seq)
    ask_who_is_back(work, circle, over)
    ask_to_stand_in_again(work, circle, over.person)
    show_who_reviews(work, over.person, seq)
    tell_absence(work, over, seq)


def tell_who_relies(work: Work, delegate: str, entry: int) -> None:
    """Tell whoever named somebody to stand in that they have left, or are back."""
    for absence in work.absences.not_over(work.now):
        if absence.delegate == delegate:
            tell_absence(work, absence, entry)


def show_absences_anew(work: Work, builders: set[str]) -> None:
    """Bring up to date what told of absences in which one of these is to stand in, at an end.

    They have built a workflow from now on, or have not: it is lent to none who has.
    """
    known = work.absences.not_over(work.now)
    relying = frozenset().union(*(absences.principals(each, known) for each in builders))
    told = [each.entry for each in known if each.person in relying]
    for each in work.outbox.telling_of(MessageKind.ABSENCE_NOTICE, told):
        work.outbox.put(each)


def tell_absence(work: Work, absence: Absence, entry: int) -> None:
    """Tell everybody it concerns in a direct message, but for who has left.

    That is who is away, who stands in, and in whose place whoever is away was to stand in. If that
    one has left, these last are told so of their own absence.
    """
    kind, gone = MessageKind.ABSENCE_NOTICE, work.people.gone()
    known = () if absence.person in gone else work.absences.not_over(work.now)
    relying = absences.relying_on(absence, known)
    for user_id in dict.fromkeys((absence.person, absence.delegate, *relying)):
        if user_id and user_id not in gone:
            told = Message(kind, Place.PERSON, user_id, entry, subject=absence.number)
            work.outbox.put(told)
