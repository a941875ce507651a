"""What Slack says of people: who has left can answer for nothing, and others are asked at once."""

from bot.domain.absences import ended, principals
from bot.domain.escalation import people_asked
from bot.domain.people import SYSTEM, Person, Standing
from bot.domain.record import Kind
from bot.domain.registry import WorkflowState, named_roles
from bot.usecases import Deps
from bot.usecases.steps.obligations import ask_in_place_of
from bot.usecases.steps.owners import see_to_owner
from store.reading import Reading
from store.unit_of_work import Work, timestamp


def named_people(deps: Deps) -> tuple[str, ...]:
    """Give everybody on whom something rests: in a role, in the settings, or standing in."""
    now = deps.store.clock.now()
    with deps.store.read(deps.workspace) as reading:
        found = _holders(reading) | deps.circle.admins
        found |= {each.delegate for each in reading.absences.not_over(now)} - {""}
    return tuple(sorted(found))


def note_standing(deps: Deps, person: Person) -> None:
    """Remember what somebody is to the workspace now, so that rungs they hold are passed at once.

    Remembered are people who have acted, and people who have left, so that nobody names them. What
    waits for somebody who is no full member any more is asked of the next person at once.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if not work.people.pseudonym_or_none(person.user_id):
            if not _is_to_be_known(deps, work, person):
                return
            work.introduce(person.user_id, Standing.MEMBER)
        if work.people.set_standing(person.user_id, person.standing):
            work.record(
                Kind.PERSON_CHANGED,
                f"person/{work.people.pseudonym_or_none(person.user_id)}",
                {"standing": person.standing},
            )
            if person.standing is not Standing.MEMBER:
                _see_to_what_is_left(deps, work, person.user_id)


def _is_to_be_known(deps: Deps, work: Work, person: Person) -> bool:
    if person.standing is Standing.MEMBER:
        return False
    is_named = person.user_id in _holders(work) | deps.circle.admins
    return is_named or person.standing is Standing.DEACTIVATED


def _holders(reading: Reading) -> set[str]:
    return {
        user_id
        for workflow in reading.workflows.all()
        if workflow.state is not WorkflowState.RETIRED
        for _, user_id in named_roles(workflow.roles)
    }


def _see_to_what_is_left(deps: Deps, work: Work, user_id: str) -> None:
    affected = {user_id} | principals(user_id, work.absences.in_force(work.now))
    _end_absences(work, user_id)
    for owed in work.obligations.all_open():
        workflow = work.workflows.get(owed.workflow)
        for each in affected.intersection(people_asked(owed, workflow.roles, deps.circle)):
            ask_in_place_of(work, workflow, owed, each)
    for workflow in work.workflows.all():
        if user_id in {each for _, each in named_roles(workflow.roles)}:
            see_to_owner(work, workflow)


def _end_absences(work: Work, user_id: str) -> None:
    """End when somebody is away who will not be back: nobody stands in for who has left."""
    for absence in work.absences.not_over(work.now):
        if absence.person == user_id:
            over = ended(absence, work.now)
            work.absences.save(over)
            facts = {"absence": over.number, "ends_at": timestamp(over.ends_at)}
            work.record(Kind.ABSENCE_ENDED, over.name, facts, prior=over.entry)
