"""What every message shows beside its matter: its place in the record, and who is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.breaches import Decision
from bot.domain.endings import Settled
from bot.domain.escalation import (
    LAST,
    breach_brought,
    is_left_to_admins,
    lapses_next,
    may_answer,
    next_rung,
    people_asked,
    undelivered,
    with_now,
)
from bot.domain.obligations import Obligation, ObligationKind, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.proof import Proof
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.rendering import views
from bot.usecases.steps.stand_ins import alone, away_until, presence_for
from bot.usecases.steps.waiting import answerers, confirming, may_answer_now
from store.reading import Reading


def proof_of(reading: Reading, entry: int) -> Proof:
    """Give the place of an entry in the record, with the first root that covers it."""
    return Proof(entry, reading.log.proof_of(entry).root)


def is_of_sandbox(reading: Reading) -> bool:
    """Tell whether the record goes by a sandbox's clock, which stands still unless it is moved."""
    return reading.log.entry(0).facts.get("clock") == "sandbox"


def next_of(reading: Reading, owed: Obligation) -> views.Next | None:
    """Say whom silence reaches next and when: nobody who has left, or whose answer would not count.

    That is nobody once the obligation has ended, and none who are to be asked this very moment.
    Who is away and back by then is named; who is away then is not, unless somebody stands in. Whom
    it reaches may be somebody who cannot answer it, and is told of it. It is sooner where whoever
    it is with goes away before.
    """
    if owed.state is not ObligationState.OPEN or owed.climbs_at <= reading.now:
        return None
    workflow = reading.workflows.get(owed.workflow)
    owed = _hastened_by_absences(reading, workflow, owed)
    presence = presence_for(reading, workflow, owed, at=owed.climbs_at)
    rung = next_rung(owed, workflow.roles, presence)
    if lapses_next(owed, rung):
        return views.Next(rung.role, owed.climbs_at, is_lapse=True)
    is_first = rung.role is Role.OWNER  # whoever owes it, whatever they are
    may = is_first or may_answer(owed, rung.role, confirming(reading, owed))
    return views.Next(rung.role, owed.climbs_at, is_again=owed.rung == LAST, is_told=not may)


def _hastened_by_absences(reading: Reading, workflow: Workflow, owed: Obligation) -> Obligation:
    """Give an obligation as it climbs once an absence begins that is announced, if it does then.

    So it does where nobody it is with is there from then on, or nobody but admins can answer it.
    """
    asked = people_asked(owed, workflow.roles, Circle())
    for at in _absences_begin(reading, owed.climbs_at):
        presence = presence_for(reading, workflow, owed, at=at)
        if not presence.there(asked) or is_left_to_admins(owed, workflow.roles, presence):
            hastened = undelivered(owed, workflow.roles, presence, at)
            if hastened.climbs_at == at:
                return hastened
    return owed


def _absences_begin(reading: Reading, before: datetime) -> Sequence[datetime]:
    """Give when absences begin that are announced, from now on and before that."""
    known = reading.absences.not_over(reading.now)
    return sorted({each.begins_at for each in known if reading.now < each.begins_at < before})


def soonest_step(reading: Reading, key: str, climbs_at: datetime | None) -> datetime | None:
    """Give when any of what is overdue for a workflow climbs next, as its cards say it.

    By the clock that is at `climbs_at`, None if nothing is overdue.
    """
    if climbs_at is None or not _absences_begin(reading, climbs_at):
        return climbs_at
    workflow = reading.workflows.get(key)
    overdue = (
        each for each in reading.obligations.open_of_workflow(key) if each.is_overdue(reading.now)
    )
    steps = (_hastened_by_absences(reading, workflow, each).climbs_at for each in overdue)
    return min(steps, default=climbs_at)


def known_next(
    reading: Reading, circle: Circle, owed: Obligation, following: views.Next
) -> views.Next:
    """Give the same with whether, of the admins, anybody is there to be asked then."""
    if following.role is not Role.ADMIN:
        return following
    presence = presence_for(reading, reading.workflows.get(owed.workflow), owed, at=following.at)
    return replace(following, is_nobody=not presence.there(circle.admins))


def settled_by(reading: Reading, owed_id: str) -> Entry | None:
    """Give what took the place of an obligation; None if it ended otherwise, or is open."""
    ended = reading.log.last_of(Kind.OBLIGATION_SUPERSEDED, f"obligation/{owed_id}")
    if ended is None:
        return None
    return ended if ended.prior is None else reading.log.entry(ended.prior)


def settled(reading: Reading, owed_id: str) -> Settled | None:
    """Give the same with whose it was, to be said in words."""
    came = settled_by(reading, owed_id)
    if came is None:
        return None
    decision = str(came.facts.get("decision", ""))
    return Settled(
        kind=came.kind,
        by=reading.people.user_of(came.actor),
        entry=came.seq,
        breach=str(came.facts.get("breach", "")),
        decision=Decision(decision).in_words if decision else "",
    )


def owner_back(reading: Reading, owed: Obligation) -> int:
    """Give the entry by which an owner was a full member again, so that no other is named; or 0."""
    if owed.kind is not ObligationKind.HAND_OVER or owed.state is not ObligationState.SUPERSEDED:
        return 0
    came = settled_by(reading, owed.id)
    return came.seq if came and came.kind is Kind.PERSON_CHANGED else 0


def word_of_owner(reading: Reading, owed: Obligation) -> Entry | None:
    """Give the owner's word that ended an attestation; None if it ended otherwise, or is open."""
    name = f"attestation/{owed.workflow}/{owed.subject}"
    return reading.log.last_of(Kind.OWNERSHIP_ATTESTED, name)


def brought_by(reading: Reading, owed: Obligation) -> int:
    """Give the number of the breach that silence about this has opened; 0 while it has not."""
    cause = breach_brought(owed)
    since = reading.breaches.opened_since(owed.workflow, cause, owed.due_at) if cause else ()
    for breach in since:
        opened = reading.log.last_of(Kind.BREACH_OPENED, breach.name)
        if opened and opened.facts.get("obligation") == owed.id:
            return breach.number
    return 0


def held_by(reading: Reading, owed: Obligation) -> views.Held | None:
    """Say with whom something is: None while it is with who owes it, and they are there.

    Nobody is named who has left or is barred from it: it is with whom it had reached before.
    """
    workflow = reading.workflows.get(owed.workflow)
    owing, presence = alone(reading, workflow, owed), presence_for(reading, workflow, owed)
    is_barred = owed.owed_by in presence.barred and owed.owed_by not in presence.gone
    barred = views.Barred(owed.owed_by, owed.kind) if is_barred else None
    if owed.rung >= LAST:
        return views.Held("", has_climbed=True, alone=owing, barred=barred)
    person = with_now(owed, workflow.roles, presence)
    has_climbed = person not in {"", owed.owed_by}
    is_away = person in presence.absent
    if not has_climbed and not is_away:
        return None
    stand_in = next(iter(presence.there([person])), "") if is_away else ""
    until = away_until(reading).get(person)
    return views.Held(
        person, has_climbed, is_away, stand_in, alone=owing, until=until, barred=barred
    )


def known_held(reading: Reading, circle: Circle, owed: Obligation, held: views.Held) -> views.Held:
    """Give the same with who may answer, and, if it is with the admins, whether any is there.

    Whoever was asked before it climbed may answer it as ever, and so may who stands in for them.
    """
    workflow = reading.workflows.get(owed.workflow)
    held = replace(held, is_told=_is_told(reading, circle, owed, held))
    others = answerers(reading, circle, workflow, owed)
    if held.person:
        others = tuple(each for each in others if each.person != held.person)
    elif not held.is_told:  # of admins, asked together, only those in whose place somebody else may
        others = tuple(each for each in others if each.person not in circle.admins or each.stand_in)
    held = replace(held, others=others)
    if held.person:
        return held
    presence = presence_for(reading, workflow, owed)
    if circle.admins <= presence.gone.keys():
        return replace(held, is_nobody=True)
    return replace(held, is_away=not presence.there(circle.admins))


def _is_told(reading: Reading, circle: Circle, owed: Obligation, held: views.Held) -> bool:
    """Tell whether those with whom it is may not answer it: they can see to it that others do."""
    if held.person:
        return not may_answer_now(reading, circle, held.person, owed, reading.now)
    return not may_answer(owed, Role.ADMIN, confirming(reading, owed))
