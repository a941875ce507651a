"""Somebody can answer again: they are asked for what went to others, or to nobody, in between."""

from collections.abc import Sequence

from bot.domain.absences import Absence, principals
from bot.domain.escalation import people_reached
from bot.domain.obligations import Obligation
from bot.domain.people import Circle
from bot.domain.record import Entry, Kind
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.obligations import asking, delegate
from bot.usecases.steps.stand_ins import presence_for
from store.unit_of_work import Work


def ask_who_is_back(work: Work, over: Absence) -> None:
    """Ask whoever was away for what was asked in their place, or went past them.

    Admins are asked again in any case: the last rung repeats.
    """
    for owed in work.obligations.all_open():
        workflow = work.workflows.get(owed.workflow)
        went_by = _went_by(work, owed, over.number)
        if went_by is None or over.person not in people_reached(owed, workflow.roles, Circle()):
            continue
        presence = presence_for(work, workflow, owed)
        if over.person in presence.there([over.person]):
            kind = asking(owed)
            tell_person(work, kind, over.person, workflow, owed.subject, went_by.seq, owed.id)


def ask_to_stand_in_again(work: Work, circle: Circle, user_id: str) -> None:
    """Ask somebody for what waits for whoever is away and in whose place they answer once more."""
    in_force = work.absences.in_force(work.now)
    away = principals(user_id, in_force)
    for owed in work.obligations.all_open() if away else ():
        workflow = work.workflows.get(owed.workflow)
        reached = people_reached(owed, workflow.roles, circle)
        if user_id in reached:
            continue
        presence = presence_for(work, workflow, owed)
        theirs = [each for each in sorted(away & reached) if user_id in presence.there([each])]
        if theirs:
            delegate(work, workflow, owed, theirs[0], user_id)


def _went_by(work: Work, owed: Obligation, absence: int) -> Entry | None:
    """Give the last step that found somebody away because of this absence; None if none did."""
    about = f"obligation/{owed.id}"
    delegated = work.entries_of(Kind.OBLIGATION_DELEGATED, about)
    climbed = work.entries_of(Kind.OBLIGATION_CLIMBED, about)
    found = [each for each in delegated if each.facts["absence"] == absence]
    found += [each for each in climbed if absence in _absences(each)]
    return max(found, key=lambda each: each.seq, default=None)


def _absences(climbed: Entry) -> frozenset[object]:
    several = climbed.facts.get("absences")
    return frozenset(several) if isinstance(several, Sequence) else frozenset()
