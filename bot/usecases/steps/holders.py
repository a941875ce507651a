"""Who holds a role now: named to whoever is refused, so that they know whom to ask."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from bot.domain.authority import NAMED, Act, Holding, held_now
from bot.domain.handovers import naming
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle, Role
from bot.domain.registry import Workflow, named_roles
from bot.domain.requests import ASKER_GONE, RequestKind, barred_from_confirming
from bot.usecases.steps.stand_ins import answering_for, away_until
from store.reading import Reading

# What each rule keeps somebody from answering of a round, or of a workflow's drills.
_KEPT_FROM: Final = {
    f"may not {act}": kind
    for act, kind in (
        (Act.REVIEW, ObligationKind.REVIEW),
        (Act.HAND_ITEMS, ObligationKind.REVIEW),
        (Act.SECOND_REVIEW, ObligationKind.SECOND_REVIEW),
        (Act.SETTLE, ObligationKind.SETTLE),
        (Act.JUDGE_SKIPPED, ObligationKind.JUDGE),
        (Act.DRILL, ObligationKind.DRILL),
    )
}
_OF_BREACHES: Final = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)


def holders_of(
    reading: Reading, circle: Circle, takes: AbstractSet[Role], on: str, rule: str
) -> tuple[Holding, ...]:
    """Give who holds these roles now, for the workflow that `on` is about; for all if for none.

    Of who is away it is said, and who may answer in their place what `rule` kept somebody from:
    to stand in lends nothing but answers. Nobody is named to confirm a request who may not.
    """
    noun, _, about = on.partition("/")
    key, _, number = about.partition("/")
    workflow = reading.workflows.find(key)
    people: Mapping[Role, Sequence[str]] = {
        Role.ADMIN: sorted(circle.admins),
        Role.AUDITOR: sorted(circle.auditors),
        **_named(reading, workflow),
        **_asked(reading, noun, key, number),
    }
    kinds = _kept_from(noun, rule)
    if workflow and ObligationKind.CONFIRM in kinds:
        people = _who_may_confirm(reading, workflow, int(number), people)
    gone = reading.people.gone().keys()

    def advice(role: Role) -> str:
        return naming(role, workflow, circle, gone) if workflow and role in NAMED else ""

    away = _away(reading, circle, workflow, kinds, number)
    return held_now(takes, people, gone, advice, away, away_until(reading))


def _who_may_confirm(
    reading: Reading, workflow: Workflow, number: int, people: Mapping[Role, Sequence[str]]
) -> Mapping[Role, Sequence[str]]:
    """Give the same without whoever may not, and without the roles that only they hold."""
    barred = barred_from_confirming(reading.requests.get(workflow.key, number), workflow.roles)
    may = {role: [each for each in held if each not in barred] for role, held in people.items()}
    return {role: held for role, held in may.items() if held or not people[role]}


def _kept_from(noun: str, rule: str) -> AbstractSet[ObligationKind]:
    if noun == "breach":
        return _OF_BREACHES  # one after the other
    if noun in set(RequestKind):  # nobody asks in another's place
        return {ObligationKind.CONFIRM} if rule != ASKER_GONE else frozenset()
    return {_KEPT_FROM[rule]} if rule in _KEPT_FROM else frozenset()


def _away(
    reading: Reading,
    circle: Circle,
    workflow: Workflow | None,
    kinds: AbstractSet[ObligationKind],
    number: str,
) -> Mapping[str, str]:
    """Give who is away now, each with who may answer this in their place; "" if nobody may."""
    away = {each.person: "" for each in reading.absences.in_force(reading.now)}
    if not away or workflow is None or not kinds:
        return away
    for owed in reading.obligations.open_of_workflow(workflow.key):
        if owed.kind in kinds and (not number or owed.subject == int(number)):
            away |= answering_for(reading, circle, workflow, owed)
    return away


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
