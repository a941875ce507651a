"""Somebody can be asked again: they are, for what went to others, or to nobody, in between.

Who is a full member again is shown, too, what was withheld from them meanwhile.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import takewhile

from bot.domain.absences import Absence, principals
from bot.domain.escalation import may_answer, people_reached
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Circle, Role, Standing
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.breaches import tell_who_raised_it
from bot.usecases.steps.messages import ask
from bot.usecases.steps.obligations import because_of, delegate
from bot.usecases.steps.stand_ins import presence_for
from bot.usecases.steps.waiting import confirming
from store.unit_of_work import Work


def ask_who_is_back(work: Work, circle: Circle, over: Absence) -> None:
    """Ask whoever was away for what was asked in their place, or climbed past them meanwhile.

    Absences that ran into each other count as one.
    """
    if over.begins_at > work.now or over.person in work.people.gone():
        return  # it never began, or they are not back from it
    absences = tuple(_unbroken(work, over))
    numbers, first = {each.number for each in absences}, absences[-1]

    def missed(step: Entry) -> bool:
        has_begun = datetime.fromisoformat(step.ts) >= first.begins_at and step.seq > first.entry
        is_past_them = step.kind is Kind.OBLIGATION_CLIMBED and has_begun
        return is_past_them or not numbers.isdisjoint(because_of(step))

    _ask_again(work, circle, over.person, missed)


def ask_who_is_a_member_again(work: Work, circle: Circle, user_id: str) -> None:
    """Ask a named person, or an admin, for what climbed while they were no full member."""
    left = _left_by(work, user_id)

    def missed(step: Entry) -> bool:
        return step.kind is Kind.OBLIGATION_CLIMBED and step.seq > left

    _ask_again(work, circle, user_id, missed)


def show_what_was_withheld(work: Work, user_id: str) -> None:
    """Show somebody who is a full member again what they were not shown while they were none.

    That is what has become of a concern of theirs since, and of outputs that they were handed.
    """
    left = _left_by(work, user_id)
    for concern in work.concerns.raised_by(user_id):
        breach = work.breaches.get(concern.workflow, concern.breach)
        if breach.entry > left:
            tell_who_raised_it(work, work.workflows.get(concern.workflow), breach)
    for _, owed in _open(work):
        if owed.kind is ObligationKind.REVIEW:
            work.outbox.refresh_for({user_id}, owed.id)


def _left_by(work: Work, user_id: str) -> int:
    """Give the entry by which somebody, by now a full member again, had ceased to be one.

    It is 0 of whom it was never known to be one before.
    """
    about = f"person/{work.people.pseudonym_or_none(user_id)}"
    *before, _ = work.entries_of(Kind.PERSON_CHANGED, about)
    gone = takewhile(lambda each: each.facts["standing"] != Standing.MEMBER, reversed(before))
    return min((each.seq for each in gone), default=0)


def ask_to_stand_in_again(work: Work, circle: Circle, user_id: str) -> None:
    """Ask somebody for what waits for whoever is away and in whose place they answer once more."""
    away = principals(user_id, work.absences.in_force(work.now))
    for workflow, owed in _open(work) if away else ():
        reached = people_reached(owed, workflow.roles, circle)
        if user_id in reached or away.isdisjoint(reached):
            continue  # nearly always: who is there need not be looked up
        presence = presence_for(work, workflow, owed)
        theirs = [each for each in sorted(away & reached) if user_id in presence.there([each])]
        if theirs:
            delegate(work, workflow, owed, theirs[0], user_id)


def _ask_again(
    work: Work,
    circle: Circle,
    user_id: str,
    missed: Callable[[Entry], bool],
) -> None:
    for workflow, owed in _open(work):
        if not _is_with(work, circle, user_id, workflow, owed):
            continue
        last = max((each.seq for each in _steps(work, owed) if missed(each)), default=-1)
        if last < 0 or user_id not in presence_for(work, workflow, owed).there([user_id]):
            continue
        ask(work, workflow, owed, user_id, last)


def _is_with(
    work: Work, circle: Circle, user_id: str, workflow: Workflow, owed: Obligation
) -> bool:
    """Tell whether it has reached somebody; an admin only with what an admin may answer."""
    if user_id in people_reached(owed, workflow.roles, Circle()):
        return True
    has_reached = user_id in people_reached(owed, workflow.roles, circle)
    return has_reached and may_answer(owed, Role.ADMIN, confirming(work, owed))


def _open(work: Work) -> Iterator[tuple[Workflow, Obligation]]:
    workflows = {each.key: each for each in work.workflows.all()}
    for owed in work.obligations.all_open():
        yield workflows[owed.workflow], owed


def _steps(work: Work, owed: Obligation) -> Iterator[Entry]:
    """Give what has asked anybody for something besides whoever owes it, or found nobody."""
    about = f"obligation/{owed.id}"
    yield from work.entries_of(Kind.OBLIGATION_DELEGATED, about)
    yield from work.entries_of(Kind.OBLIGATION_CLIMBED, about)


def _unbroken(work: Work, over: Absence) -> Iterator[Absence]:
    """Give an absence and those of the same person that each ended as the next one began."""
    yield over
    while before := work.absences.right_before(over):
        yield before
        over = before
