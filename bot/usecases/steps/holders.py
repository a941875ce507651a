"""Who holds a role now: named to whoever is refused, so that they know whom to ask."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from bot.domain.authority import NAMED, Holding, held_now
from bot.domain.handovers import naming
from bot.domain.people import Circle, Role
from bot.domain.registry import Workflow, named_roles
from store.reading import Reading


def holders_of(
    reading: Reading, circle: Circle, takes: AbstractSet[Role], on: str
) -> tuple[Holding, ...]:
    """Give who holds these roles now, for the workflow that `on` is about; for all if for none."""
    noun, _, about = on.partition("/")
    key, _, number = about.partition("/")
    workflow = reading.workflows.find(key)
    people = {
        Role.ADMIN: sorted(circle.admins),
        Role.AUDITOR: sorted(circle.auditors),
        **_named(reading, workflow),
        **_asked(reading, noun, key, number),
    }
    gone = reading.people.gone().keys()

    def advice(role: Role) -> str:
        return naming(role, workflow, circle, gone) if workflow and role in NAMED else ""

    return held_now(takes, people, gone, advice)


def _named(reading: Reading, workflow: Workflow | None) -> Mapping[Role, list[str]]:
    if workflow:
        return {role: [user_id] for role, user_id in named_roles(workflow.roles)}
    return {Role.STEWARD: sorted({each.roles.steward for each in reading.workflows.all()})}


def _asked(reading: Reading, noun: str, key: str, number: str) -> Mapping[Role, list[str]]:
    """Give who holds a role in this one thing alone: it was proposed or handed to them."""
    handover = reading.handovers.find(key, int(number)) if noun == "handover" else None
    if handover:
        return {Role.SUCCESSOR: [handover.roles.owner]}
    share = reading.shares.find(key, int(number)) if noun == "share" else None
    return {Role.REVIEWER: [share.reviewer]} if share else {}
