"""Who holds a role now: named to whoever is refused, so that they know whom to ask."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from bot.domain.authority import NAMED, Act, Holding, held_now
from bot.domain.handovers import naming
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Circle, Role
from bot.domain.registry import Workflow, named_roles
from bot.domain.requests import ASKER_GONE, RequestKind, barred_from_confirming
from bot.usecases.steps.independence import barred_in_role
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
        (Act.HAND_OVER, ObligationKind.HAND_OVER),
    )
}
_OF_BREACHES: Final = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)
# Of a role whose holder is there, and may not answer this because of what they did before.
_BARRED: Final = "Whoever holds it has had a part in this: it takes somebody else."


def holders_of(
    reading: Reading, circle: Circle, takes: AbstractSet[Role], on: str, rule: str
) -> tuple[Holding, ...]:
    """Give who holds these roles now, for the workflow that `on` is about; for all if for none.

    Of who is away it is said, and who may answer in their place what `rule` kept somebody from:
    to stand in lends nothing but answers. Nobody is named whose answer to it would not count.
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
    gone, until = reading.people.gone().keys(), away_until(reading)
    away = dict.fromkeys(until, "")
    if workflow is None:
        return held_now(takes, people, gone, away=away, until=until)
    owed = _waiting(reading, workflow, kinds, number)
    barred = frozenset().union(*(barred_in_role(reading, workflow, each) for each in owed))
    if ObligationKind.CONFIRM in kinds:
        barred |= barred_from_confirming(reading.requests.get(key, int(number)), workflow.roles)
    people, only_barred = _without(people, barred - gone)
    if ObligationKind.CONFIRM in kinds:  # who asked is said with the request itself
        takes -= only_barred

    def advice(role: Role) -> tuple[str, ...]:
        if role in only_barred:
            return (_BARRED,)
        return naming(role, workflow, circle, gone) if role in NAMED else ()

    for each in owed if away else ():
        away |= answering_for(reading, circle, workflow, each)
    return held_now(takes, people, gone, advice, away, until)


def _without(
    people: Mapping[Role, Sequence[str]], barred: AbstractSet[str]
) -> tuple[Mapping[Role, Sequence[str]], frozenset[Role]]:
    """Give the same without these people, and the roles that nobody but them holds."""
    may = {role: [each for each in held if each not in barred] for role, held in people.items()}
    return may, frozenset(role for role, held in may.items() if people[role] and not held)


def _kept_from(noun: str, rule: str) -> AbstractSet[ObligationKind]:
    if noun == "breach":
        return _OF_BREACHES  # one after the other
    if noun in set(RequestKind):  # nobody asks in another's place
        return {ObligationKind.CONFIRM} if rule != ASKER_GONE else frozenset()
    return {_KEPT_FROM[rule]} if rule in _KEPT_FROM else frozenset()


def _waiting(
    reading: Reading, workflow: Workflow, kinds: AbstractSet[ObligationKind], number: str
) -> tuple[Obligation, ...]:
    """Give what is open of these kinds, of this number if there is one."""
    return tuple(
        owed
        for owed in (reading.obligations.open_of_workflow(workflow.key) if kinds else ())
        if owed.kind in kinds and (not number or owed.subject == int(number))
    )


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
