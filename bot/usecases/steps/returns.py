"""Somebody can be asked again: they are, for what went to others, or to nobody, in between."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bot.domain.absences import Absence, principals
from bot.domain.escalation import people_asked, people_reached
from bot.domain.obligations import Obligation
from bot.domain.people import Circle
from bot.domain.presence import Passed
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.obligations import asking, because_of, delegate
from bot.usecases.steps.stand_ins import presence_for
from store.unit_of_work import Work

_GONE: Final = frozenset({Passed.DEACTIVATED, Passed.NOT_A_MEMBER})


def ask_who_is_back(work: Work, over: Absence) -> None:
    """Ask whoever was away for what was asked in their place, or went past them.

    Absences that ran into each other count as one. Admins are asked again in any case: the last
    rung repeats.
    """
    if over.begins_at > work.now or over.person in work.people.gone():
        return  # it never began, or they are not back from it
    absences = frozenset(each.number for each in _unbroken(work, over))

    def missed(_workflow: Workflow, _owed: Obligation, step: Entry) -> bool:
        return not absences.isdisjoint(because_of(step))

    _ask_again(work, over.person, missed)


def ask_who_is_a_member_again(work: Work, user_id: str) -> None:
    """Ask a named person for what went past them while they were no full member."""

    def missed(workflow: Workflow, owed: Obligation, step: Entry) -> bool:
        if step.kind is not Kind.OBLIGATION_CLIMBED or step.facts["passed"] not in _GONE:
            return False
        then = replace(owed, rung=int(str(step.facts["rung"])))
        return user_id in people_asked(then, workflow.roles, Circle())

    _ask_again(work, user_id, missed)


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
    work: Work, user_id: str, missed: Callable[[Workflow, Obligation, Entry], bool]
) -> None:
    for workflow, owed in _open(work):
        if user_id not in people_reached(owed, workflow.roles, Circle()):
            continue
        last = max(
            (each.seq for each in _steps(work, owed) if missed(workflow, owed, each)), default=-1
        )
        if last < 0 or user_id not in presence_for(work, workflow, owed).there([user_id]):
            continue
        tell_person(work, asking(owed), user_id, workflow, owed.subject, last, owed.id)


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
