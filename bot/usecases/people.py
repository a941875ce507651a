"""What Slack says of people: who has left can answer for nothing, and others are asked at once."""

from collections.abc import Callable
from dataclasses import astuple

from bot.domain.absences import principals
from bot.domain.messages import Message
from bot.domain.people import SYSTEM, Person, Standing
from bot.domain.record import Kind
from bot.domain.registry import WorkflowState, named_roles
from bot.usecases import Deps
from bot.usecases.steps.absences import (
    ask_others,
    end_absence,
    show_who_is_there,
    tell_who_relies,
)
from bot.usecases.steps.owners import see_to_owner, stop_naming
from bot.usecases.steps.proposals import tell_who_proposed
from bot.usecases.steps.requests import supersede_without_asker
from bot.usecases.steps.returns import (
    ask_to_stand_in_again,
    ask_who_is_a_member_again,
    show_what_was_withheld,
)
from bot.usecases.steps.rounds import show_open_round
from bot.usecases.steps.shares import show_who_reviews, tell_of_missing
from bot.usecases.steps.vacancies import (
    show_vacancies_anew,
    show_where_it_goes_on,
    standing_vacancies,
    tell_of_vacancies,
    tell_of_vacancies_beside,
    tell_of_vacancies_for_admins,
    tell_who_was_not_told,
)
from store.reading import Reading
from store.unit_of_work import Work


def named_people(deps: Deps) -> tuple[str, ...]:
    """Give everybody on whom something rests: in a role or to be, in the settings, standing in."""
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace) as reading:
        found = _holders(reading) | deps.circle.admins
        found |= {each.delegate for each in reading.absences.not_over(now)} - {""}
        found |= {each.reviewer for each in reading.shares.with_reviewers()}
    return tuple(sorted(found))


def note_member(deps: Deps, user_id: str) -> None:
    """Remember that somebody is a full member, as Slack says now, who was none when last seen.

    Of whom it did not know before, Slack may tell nothing when it does.
    """
    with deps.store.read(deps.workspace) as reading:
        was_gone = user_id in reading.people.gone()
    if was_gone:
        note_standing(deps, Person(user_id, "", Standing.MEMBER))


def note_standing(deps: Deps, person: Person) -> None:
    """Remember what somebody is to the workspace now, so that rungs they hold are passed at once.

    Remembered are people who have acted, and people who have left, so that nobody names them. What
    waits for somebody who is no full member any more is asked of the next person at once; of an
    owner who is back nobody is asked for another any more, and they are told who else has left.
    Whoever is back is shown what became meanwhile of their concerns and of what they were handed.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if not work.people.pseudonym_or_none(person.user_id):
            if not _is_to_be_known(deps, work, person):
                return
            work.introduce(person.user_id, Standing.MEMBER)
        was_there = person.user_id not in work.people.gone()
        if work.people.set_standing(person.user_id, person.standing):
            seq = work.record(
                Kind.PERSON_CHANGED,
                f"person/{work.people.pseudonym_or_none(person.user_id)}",
                {"standing": person.standing},
            )
            if was_there and not work.people.is_member(person.user_id):
                tell_of_missing(work, person.user_id, seq)
            else:
                show_who_reviews(work, person.user_id, seq)
            if person.standing is Standing.MEMBER:
                _see_to_who_is_back(deps, work, person.user_id, seq)
            else:
                _see_to_what_is_left(deps, work, person.user_id, seq)
                if was_there:
                    tell_of_vacancies(work, deps.circle, person.user_id, seq)
            if was_there is not work.people.is_member(person.user_id):
                tell_who_relies(work, person.user_id, seq)
                tell_of_vacancies_for_admins(work, deps.circle, person.user_id)
                show_where_it_goes_on(work, deps.circle, person.user_id)
            show_who_is_there(work, deps.circle, person.user_id)


def bring_vacancies_up_to_date(deps: Deps, reads: Callable[[Message], str]) -> None:
    """Say who names others for roles that people left as it is by the settings of this start.

    Who the admins were is not known: of what stands in Slack only that is sent anew, in its place,
    which would not read as it did, or of which it is not known any more how it read. `reads` gives
    the digest of a message as it reads now. Who has to know by now and was not told is told.
    """
    with deps.store.read(deps.workspace) as reading:
        standing = [(each, _seen(reading, each)) for each in standing_vacancies(reading)]
    changed = [each for each, seen in standing if reads(each) != seen]
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        for each in changed:
            work.outbox.put(each)
        tell_who_was_not_told(work, deps.circle)


def _seen(reading: Reading, message: Message) -> str:
    """Give the digest of what people saw of a message last; "" if nobody knows any more."""
    row = reading.outbox.last_sent(message.case)
    shown = row and reading.log.last_of(Kind.MESSAGE_SHOWN, f"message/{row}")
    return str(shown.facts["sha256"]) if shown else ""


def _is_to_be_known(deps: Deps, work: Work, person: Person) -> bool:
    if person.standing is Standing.MEMBER:
        return False
    is_named = person.user_id in _holders(work) | deps.circle.admins
    return is_named or person.standing is Standing.DEACTIVATED


def _holders(reading: Reading) -> set[str]:
    workflows = reading.workflows.all()
    in_roles = [each.roles for each in workflows if each.state is not WorkflowState.RETIRED]
    to_be = [proposed.roles for proposed in reading.handovers.still_open()]
    return {user_id for roles in (*in_roles, *to_be) for user_id in astuple(roles)}


def _see_to_who_is_back(deps: Deps, work: Work, user_id: str, because: int) -> None:
    for workflow in work.workflows.all():
        if workflow.roles.owner == user_id:
            stop_naming(work, workflow, because)
            show_open_round(work, workflow, because)
    ask_who_is_a_member_again(work, deps.circle, user_id)
    ask_to_stand_in_again(work, deps.circle, user_id)
    show_what_was_withheld(work, user_id)
    show_vacancies_anew(work, {user_id})
    tell_of_vacancies_beside(work, deps.circle, user_id)


def _see_to_what_is_left(deps: Deps, work: Work, user_id: str, because: int) -> None:
    affected = principals(user_id, work.absences.in_force(work.now)) | {user_id}
    for absence in work.absences.not_over(work.now):
        if absence.person == user_id:  # who will not be back: nobody stands in for who has left
            end_absence(work, deps.circle, absence)
    for key in {each.workflow: None for each in work.requests.asked_by(user_id)}:
        supersede_without_asker(work, work.workflows.get(key), deps.circle, because)
    ask_others(work, deps.circle, affected)
    tell_who_proposed(work, user_id)
    for workflow in work.workflows.all():
        if user_id in {each for _, each in named_roles(workflow.roles)}:
            see_to_owner(work, workflow)
        if workflow.roles.owner == user_id:
            show_open_round(work, workflow, because)
