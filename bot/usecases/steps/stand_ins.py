"""Who stands in for somebody away: read for an obligation, so that nobody answers for more."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot.domain.absences import OWN_WORD, Absence, delegate_away, principals, stand_ins
from bot.domain.escalation import people_reached, roles_held
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import DELEGATE_OF, Actor, Circle, Role
from bot.domain.presence import Presence
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.domain.rounds import Look
from bot.rendering import views
from bot.usecases.steps.independence import barred_from
from store.reading import Reading
from store.unit_of_work import Work


def presence_for(
    work: Reading,
    workflow: Workflow,
    owed: Obligation,
    *,
    without: str = "",
    at: datetime | None = None,
) -> Presence:
    """Give who can be asked for this now: what is one's own word, nobody gives in one's place.

    `without` is somebody whose answer does not count because of what this transaction records;
    `at` is a time to come, of which is given who can be asked by all that is known by now.
    """
    gone = work.people.gone()
    barred = {*barred_from(work, workflow, owed), without} - {""}
    builder = workflow.roles.technical_owner
    absent = stand_ins(work.absences.in_force(at or work.now), gone, barred, builder)
    if owed.kind in OWN_WORD:
        absent = dict.fromkeys(absent, "")
    return Presence(gone, absent, barred)


def away_until(reading: Reading) -> Mapping[str, datetime]:
    """Give until when everybody is away who is away now."""
    return {each.person: each.ends_at for each in reading.absences.in_force(reading.now)}


def answering_for(
    reading: Reading, circle: Circle, workflow: Workflow, owed: Obligation
) -> Mapping[str, str]:
    """Give who is there to answer this in the place of each whom it has reached and who is away."""
    presence = presence_for(reading, workflow, owed)
    reached = people_reached(owed, workflow.roles, circle) & presence.absent.keys()
    return {each: presence.absent[each] for each in reached if presence.there([each])}


def alone(reading: Reading, workflow: Workflow, owed: Obligation) -> views.Alone | None:
    """Give that whoever owes this is away, and nobody is there to answer it for them, or None.

    Whoever stands in for them may be barred from this, or may not, as it is their own word.
    """
    person, presence = owed.owed_by, presence_for(reading, workflow, owed)
    if not presence.away([person]) or presence.there([person]):
        return None
    in_force = reading.absences.in_force(reading.now)
    builder = workflow.roles.technical_owner
    return views.Alone(
        person,
        until=away_until(reading)[person],
        stands_in=stand_ins(in_force, presence.gone, builder=builder)[person],
        is_own_word=owed.kind in OWN_WORD,
    )


def away_too(reading: Reading, absence: Absence) -> views.AwayToo | None:
    """Give when whoever is to stand in is away in that time, and who does then; None if they do."""
    known, gone = reading.absences.not_over(reading.now), reading.people.gone()
    theirs = delegate_away(absence, known, gone, reading.now)
    if theirs is None:
        return None
    is_later = theirs.begins_at > max(reading.now, absence.begins_at)
    since = theirs.begins_at if is_later else None
    return views.AwayToo(theirs.ends_at, theirs.delegate, since)


def not_lent_for(reading: Reading, absence: Absence) -> tuple[str, ...]:
    """Give the workflows for which who stands in in the end stands in for nobody: they built them.

    That is of whoever is away, and of all who have named that one for some of the time.
    """
    theirs, known = away_too(reading, absence), reading.absences.not_over(reading.now)
    meanwhile = [each for each in known if each.overlaps(absence)]
    away = principals(absence.person, meanwhile) | {absence.person}
    return built_by(reading, away, {absence.delegate, theirs.stand_in if theirs else ""})


def built_by(
    reading: Reading, people: AbstractSet[str], builders: AbstractSet[str]
) -> tuple[str, ...]:
    """Give the workflows for which one of these people answers, and that one of those built."""
    return tuple(
        sorted(
            each.key
            for each in reading.workflows.all()
            if each.roles.technical_owner in builders - {""}
            and not people.isdisjoint({each.roles.owner, each.roles.backup, each.roles.steward})
            and each.state is not WorkflowState.RETIRED
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One person of whom things are asked, and what is looked up once for all of them.

    Hundreds may wait for one person, so whatever takes a query of its own is asked last.
    """

    reading: Reading
    circle: Circle
    user_id: str
    absences: tuple[Absence, ...]
    barred_reviews: frozenset[str]

    def as_whom(self, workflow: Workflow, owed: Obligation) -> frozenset[str]:
        """Give as whom they are asked for this now: themselves, and those in whose place.

        Of nobody else it is asked, nor of those whose answer would not be independent.
        """
        asked = self.in_place_of(workflow, owed)
        if self.user_id in people_reached(owed, workflow.roles, self.circle):
            asked |= {self.user_id}
        return frozenset() if not asked or self._is_barred(workflow, owed) else asked

    def in_place_of(self, workflow: Workflow, owed: Obligation) -> frozenset[str]:
        """Give everybody whom this has reached and in whose place this person may answer it."""
        if owed.kind in OWN_WORD or not self.absences:
            return frozenset()
        reached = people_reached(owed, workflow.roles, self.circle)
        if reached.isdisjoint(principals(self.user_id, self.absences)):
            return frozenset()  # the usual case: who might be barred need not be looked up
        barred = barred_from(self.reading, workflow, owed)
        builder = workflow.roles.technical_owner
        return principals(self.user_id, self.absences, barred, builder) & reached

    def _is_barred(self, workflow: Workflow, owed: Obligation) -> bool:
        if owed.kind is ObligationKind.REVIEW:
            return owed.id in self.barred_reviews
        return self.user_id in barred_from(self.reading, workflow, owed)


def asked_of(reading: Reading, circle: Circle, user_id: str, at: datetime) -> Asked:
    """Give somebody as of whom things are asked at this time."""
    in_force = reading.absences.in_force(at)
    barred = reading.overview.reviews_barred_to(user_id) | _reviews_seen_by(reading, user_id)
    return Asked(reading, circle, user_id, in_force, barred)


def _reviews_seen_by(reading: Reading, user_id: str) -> frozenset[str]:
    """Give the open reviews, by id, of whose rounds this person was shown the second look."""
    shown = reading.overview.seen_of_open_reviews()
    me = reading.people.pseudonym_or_none(user_id) if shown else None
    return frozenset(
        owed
        for owed, entries in shown.items()
        if any((each.actor, each.facts["look"]) == (me, Look.SECOND) for each in entries)
    )


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
    in_force = reading.absences.in_force(at)
    asked = Asked(reading, circle, user_id, in_force, frozenset())  # looked up by `as_whom` alone
    return asked.in_place_of(workflow, owed)


def lent_to(
    reading: Reading, workflow: Workflow, owed: Obligation, asked: Iterable[str], at: datetime
) -> frozenset[str]:
    """Give everybody in whose place one of those who were asked at this time was to answer."""
    if owed.kind in OWN_WORD:
        return frozenset()
    in_force, barred = reading.absences.in_force(at), barred_from(reading, workflow, owed)
    builder = workflow.roles.technical_owner
    lent = (principals(each, in_force, barred, builder) for each in asked)
    return frozenset().union(*lent)


def is_asked(
    reading: Reading,
    circle: Circle,
    user_id: str,
    workflow: Workflow,
    owed: Obligation,
    at: datetime,
) -> bool:
    """Tell whether this is with somebody now: it has reached them, or who they stand in for."""
    return bool(asked_of(reading, circle, user_id, at).as_whom(workflow, owed))


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
