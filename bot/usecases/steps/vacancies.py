"""Roles that nobody can answer in any more, while the owner is there: who is told to name others.

Without an owner it is the search for another that says who has left as well.
"""

from collections.abc import Iterator

from bot.domain.handovers import namers
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import Circle, Role
from bot.domain.registry import Workflow, WorkflowState, named_roles
from bot.rendering import views
from store.reading import Reading
from store.unit_of_work import Work


def tell_of_vacancies(work: Work, circle: Circle, person: str, entry: int) -> None:
    """Tell whoever has to know, each once of all workflows, that somebody has left their roles."""
    concerned = {each.roles.owner for each in work.workflows.all()} | circle.admins
    for user_id in sorted(concerned - work.people.gone().keys()):
        if vacancies(work, circle, person, user_id):
            kind = MessageKind.VACANCY_NOTICE
            work.outbox.put(Message(kind, Place.PERSON, user_id, entry))


def vacancies(
    reading: Reading, circle: Circle, person: str, reader: str
) -> tuple[views.Vacancy, ...]:
    """Give which roles somebody has left that a reader has to know of: as owner, or as an admin.

    Admins are told of what the owner cannot do.
    """
    return tuple(_told(reading, circle, person, reader))


def _told(reading: Reading, circle: Circle, person: str, reader: str) -> Iterator[views.Vacancy]:
    gone = reading.people.gone().keys()
    for workflow, role in _left_by(reading, person):
        by, held = namers(role, workflow, circle, gone), _held(workflow, circle, reader)
        if Role.OWNER in held or (Role.ADMIN in held and Role.OWNER not in by):
            may_name = not by.isdisjoint(held)
            yield views.Vacancy(workflow.key, role, may_name=may_name, by_nobody=not by)


def _left_by(reading: Reading, person: str) -> Iterator[tuple[Workflow, Role]]:
    gone = reading.people.gone()
    for workflow in reading.workflows.all():
        is_answered_for = (
            workflow.state is not WorkflowState.RETIRED and workflow.roles.owner not in gone
        )
        for role, user_id in named_roles(workflow.roles):
            is_asked = role in {Role.BACKUP, Role.STEWARD}
            if is_answered_for and is_asked and user_id == person and person in gone:
                yield workflow, role


def _held(workflow: Workflow, circle: Circle, reader: str) -> frozenset[Role]:
    held = {Role.OWNER} if reader == workflow.roles.owner else set()
    return frozenset(held | ({Role.ADMIN} if reader in circle.admins else set()))
