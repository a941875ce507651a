"""Somebody can be asked again: they are, for what went to others, or to nobody, in between."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bot.domain.absences import Absence, principals
from bot.domain.escalation import LAST, may_answer, people_asked, people_reached
from bot.domain.obligations import Obligation
from bot.domain.people import Circle, Role
from bot.domain.presence import Passed
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.messages import ask
from bot.usecases.steps.obligations import because_of, delegate
from bot.usecases.steps.stand_ins import presence_for
from bot.usecases.steps.waiting import confirming
from store.unit_of_work import Work

_GONE: Final = frozenset({Passed.DEACTIVATED, Passed.NOT_A_MEMBER})


def ask_who_is_back(work: Work, circle: Circle, over: Absence) -> None:
    """Ask whoever was away for what was asked in their place, or went past them.

    Absences that ran into each other count as one.
    """
    if over.begins_at > work.now or over.person in work.people.gone():
        return  # it never began, or they are not back from it
    absences = frozenset(each.number for each in _unbroken(work, over))

    def missed(_workflow: Workflow, _owed: Obligation, step: Entry) -> bool:
        return not absences.isdisjoint(because_of(step))

    _ask_again(work, circle, over.person, missed)


def ask_who_is_a_member_again(work: Work, circle: Circle, user_id: str) -> None:
    """Ask a named person, or an admin, for what went past them while they were no full member."""

    def missed(workflow: Workflow, owed: Obligation, step: Entry) -> bool:
        if step.kind is not Kind.OBLIGATION_CLIMBED:
            return False
        rung = int(str(step.facts["rung"]))
        if rung == LAST:  # where others of the admins may have been asked
            return user_id in circle.admins - _named_in(work, step)
        then = replace(owed, rung=rung)
        asked = people_asked(then, workflow.roles, Circle())
        return step.facts["passed"] in _GONE and user_id in asked

    _ask_again(work, circle, user_id, missed)


def _named_in(work: Work, step: Entry) -> frozenset[str]:
    """Give who was there to be asked at a step, or away."""
    named = (name for name in ("asked", "away") if f"{name}_c" in step.facts)
    return frozenset(each for name in named for each in work.words_of(step.seq, name).split())


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
    missed: Callable[[Workflow, Obligation, Entry], bool],
) -> None:
    for workflow, owed in _open(work):
        if not _is_with(work, circle, user_id, workflow, owed):
            continue
        last = max(
            (each.seq for each in _steps(work, owed) if missed(workflow, owed, each)), default=-1
        )
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
