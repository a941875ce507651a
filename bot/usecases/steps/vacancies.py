"""Roles that nobody can answer in any more, while the owner is there: who is told to name others.

So it is of the owner of a draft, whom nobody but an admin replaces. Without the owner of what is
live it is the search for another that says who has left as well. Once that owner is
back, or somebody has accepted to be it, whoever has to know is told; so they are once the last
admin has left, or one is there again, and as the bot starts with other admins.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.domain.handovers import namers
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import Circle, Role, Standing
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow, WorkflowState, named_roles
from bot.rendering import views
from store.reading import Reading
from store.unit_of_work import Work


def tell_of_vacancies(work: Work, circle: Circle, person: str, entry: int) -> None:
    """Tell whoever has to know, each once of all workflows, that somebody has left their roles."""
    _tell(work, _left_by(work, circle, person), entry)


def tell_of_vacancies_beside(work: Work, circle: Circle, owner: str) -> None:
    """Tell whoever has to know who left the roles beside an owner who answers from now on.

    While that one was gone the search for another owner said so, and with them there that has
    ended; before they accepted, others were told.
    """
    roles = [each.roles for each in work.workflows.all() if each.roles.owner == owner]
    beside = {each for held in roles for each in (held.backup, held.steward)}
    _tell_anew(work, circle, beside, lambda left: left.workflow.roles.owner == owner)


def tell_of_vacancies_for_admins(work: Work, circle: Circle, admin: str) -> None:
    """Tell whoever has to know of what only an admin can do, if none but this one was or is there.

    Where the last of them has left, others have to know; who is the first again was told of nothing
    meanwhile.
    """
    if circle.admins - work.people.gone().keys() <= {admin} <= circle.admins:
        named = (user_id for each in work.workflows.all() for _, user_id in named_roles(each.roles))
        _tell_anew(work, circle, frozenset(named), lambda left: left.by <= {Role.ADMIN})


def _tell_anew(
    work: Work, circle: Circle, people: AbstractSet[str], concerns: Callable[["_Left"], bool]
) -> None:
    """Tell of those of these people who have left, by the entry that said so of each."""
    for person in sorted(people & work.people.gone().keys()):
        if entry := work.log.last_of(Kind.PERSON_CHANGED, _name(work, person)):
            left = _left_by(work, circle, person)
            _tell(work, (each for each in left if concerns(each)), entry.seq)


def _name(reading: Reading, person: str) -> str:
    return f"person/{reading.people.pseudonym_or_none(person)}"


def _tell(work: Work, left: Iterable["_Left"], entry: int) -> None:
    told = frozenset().union(*(each.told for each in left))
    for user_id in sorted(told - work.people.gone().keys()):
        work.outbox.put(Message(MessageKind.VACANCY_NOTICE, Place.PERSON, user_id, entry))


def show_vacancies_anew(work: Work, people: Iterable[str]) -> None:
    """Bring up to date what told of roles that these people left: they are back, or replaced."""
    for person in sorted({*people}):
        for each in _telling(work, work.entries_of(Kind.PERSON_CHANGED, _name(work, person))):
            work.outbox.put(each)


def standing_vacancies(reading: Reading) -> tuple[Message, ...]:
    """Give what tells of roles that people left who are gone still."""
    gone = sorted(reading.people.gone())
    changed = (reading.log.entries_of(Kind.PERSON_CHANGED, _name(reading, each)) for each in gone)
    return _telling(reading, [entry for of_person in changed for entry in of_person])


def tell_who_was_not_told(work: Work, circle: Circle) -> None:
    """Tell whoever has to know who left which roles and was not told: they are admins since."""
    for person in sorted(work.people.gone()):
        left, since = tuple(_left_by(work, circle, person)), _since_gone(work, person)
        told = work.outbox.addressees_of(MessageKind.VACANCY_NOTICE, [each.seq for each in since])
        for each in left if since else ():
            _tell(work, [replace(each, told=each.told - told)], since[0].seq)


def _telling(reading: Reading, changed: Sequence[Entry]) -> tuple[Message, ...]:
    entries = [each.seq for each in changed]
    return reading.outbox.telling_of(MessageKind.VACANCY_NOTICE, entries)


def _since_gone(reading: Reading, person: str) -> Sequence[Entry]:
    """Give what was recorded of somebody since they were a full member last."""
    changed = reading.log.entries_of(Kind.PERSON_CHANGED, _name(reading, person))
    there = [each.seq for each in changed if each.facts["standing"] == Standing.MEMBER]
    return [each for each in changed if not there or each.seq > there[-1]]


def show_where_it_goes_on(work: Work, circle: Circle, person: str) -> None:
    """Bring up to date what told of a backup who left: whom silence reaches then comes or goes."""
    beside = {
        each.roles.backup
        for each in work.workflows.all()
        if person == each.roles.steward or person in circle.admins
    }
    show_vacancies_anew(work, beside & work.people.gone().keys() - {person})


def back_since(reading: Reading, left: Entry) -> int:
    """Give the entry by which who left was a full member again; 0 while they have not been."""
    changed = reading.log.entries_of(Kind.PERSON_CHANGED, left.on)
    back = (each for each in changed if each.facts["standing"] == Standing.MEMBER)
    return next((each.seq for each in back if each.seq > left.seq), 0)


def vacancies(
    reading: Reading, circle: Circle, person: str, reader: str
) -> tuple[views.Vacancy, ...]:
    """Give which roles somebody has left that a reader is told of, as they stand now."""
    gone = reading.people.gone().keys()
    return tuple(
        views.Vacancy(
            each.workflow.key,
            each.role,
            may_name=not each.by.isdisjoint(_held(each.workflow, circle, reader)),
            by_nobody=not each.by,
            asks_next=_after_backup(each, circle, gone) if each.role is Role.BACKUP else None,
        )
        for each in _left_by(reading, circle, person)
        if reader in each.told
    )


def is_for_others(reading: Reading, circle: Circle, person: str) -> bool:
    """Tell whether anybody is told by now of a role that somebody has left."""
    gone = reading.people.gone().keys()
    return any(each.told - gone for each in _left_by(reading, circle, person))


@dataclass(frozen=True, slots=True)
class _Left:
    """A role that somebody has left: in which roles another is named, and who is told.

    Admins are told of what the owner cannot do.
    """

    workflow: Workflow
    role: Role
    by: frozenset[Role]
    told: frozenset[str]


def _left_by(reading: Reading, circle: Circle, person: str) -> Iterator[_Left]:
    gone = reading.people.gone().keys()
    for workflow in reading.workflows.all() if person in gone else ():
        owner = workflow.roles.owner
        if workflow.state is WorkflowState.DRAFT and owner == person:
            yield _left_draft(workflow, circle, gone)
        if workflow.state is WorkflowState.RETIRED or owner in gone:
            continue
        for role, user_id in named_roles(workflow.roles):
            if user_id == person and role in {Role.BACKUP, Role.STEWARD}:
                by = namers(role, workflow, circle, gone)
                admins = frozenset() if Role.OWNER in by else circle.admins
                yield _Left(workflow, role, by, admins | {owner})


def _left_draft(workflow: Workflow, circle: Circle, gone: AbstractSet[str]) -> _Left:
    """Give a draft without an owner: where no admin is left to name one, others have to know."""
    by = namers(Role.OWNER, workflow, circle, gone)
    others = frozenset({workflow.roles.backup, workflow.roles.steward})
    return _Left(workflow, Role.OWNER, by, circle.admins if by else others)


def _after_backup(left: _Left, circle: Circle, gone: AbstractSet[str]) -> Role | None:
    """Give who on the ladder is asked after an owner without a backup; None if nobody is left."""
    if left.workflow.roles.steward not in gone:
        return Role.STEWARD
    return Role.ADMIN if circle.admins - gone else None


def _held(workflow: Workflow, circle: Circle, reader: str) -> frozenset[Role]:
    held = {Role.OWNER} if reader == workflow.roles.owner else set()
    return frozenset(held | ({Role.ADMIN} if reader in circle.admins else set()))
