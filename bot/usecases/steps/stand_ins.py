"""Who stands in for somebody away: read for an obligation, so that nobody answers for more."""

from datetime import datetime

from bot.domain.absences import OWN_WORD, principals, stand_ins
from bot.domain.escalation import people_reached, roles_held
from bot.domain.obligations import Obligation
from bot.domain.people import DELEGATE_OF, Actor, Circle, Role
from bot.domain.presence import Presence
from bot.domain.registry import Workflow, roles_of
from bot.usecases.steps.independence import barred_from
from store.reading import Reading
from store.unit_of_work import Work


def presence_for(work: Work, workflow: Workflow, owed: Obligation) -> Presence:
    """Give who can be asked for this now: what is one's own word, nobody gives in one's place."""
    gone, barred = work.people.gone(), barred_from(work, workflow, owed)
    absent = stand_ins(work.absences.in_force(work.now), gone, barred)
    if owed.kind in OWN_WORD:
        absent = dict.fromkeys(absent, "")
    return Presence(gone, absent, barred)


def stood_in_for(
    reading: Reading,
    circle: Circle,
    user_id: str,
    workflow: Workflow,
    owed: Obligation,
    at: datetime,
) -> frozenset[str]:
    """Give everybody whom this has reached and in whose place this person may answer it."""
    if owed.kind in OWN_WORD:
        return frozenset()
    absences = reading.absences.in_force(at)
    if not absences:
        return frozenset()  # the usual case: who might be barred need not be looked up
    barred = barred_from(reading, workflow, owed)
    reached = people_reached(owed, workflow.roles, circle)
    return principals(user_id, absences, barred) & reached


def is_asked(
    reading: Reading,
    circle: Circle,
    user_id: str,
    workflow: Workflow,
    owed: Obligation,
    at: datetime,
) -> bool:
    """Tell whether this is with somebody now: it has reached them, or who they stand in for."""
    if user_id in barred_from(reading, workflow, owed):
        return False
    if user_id in people_reached(owed, workflow.roles, circle):
        return True
    return bool(stood_in_for(reading, circle, user_id, workflow, owed, at))


def roles_for(
    work: Work, circle: Circle, actor: Actor, workflow: Workflow, owed: Obligation | None
) -> frozenset[Role]:
    """Give the actor's roles, with those in which they stand in for somebody this has reached."""
    held = roles_of(actor, circle, workflow)
    if owed is None or not actor.is_person:
        return held
    theirs = stood_in_for(work, circle, actor.user_id, workflow, owed, work.now)
    lent = {role for each in theirs for role in roles_held(each, workflow.roles, circle)}
    return held | {DELEGATE_OF[role] for role in lent & DELEGATE_OF.keys()}
