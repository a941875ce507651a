"""Who may do what: the one table, checked at the moment of the act."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.moments import utc_text
from bot.domain.people import DELEGATE_OF, Actor, Role, Standing
from bot.domain.refusals import Refused, require_not_over


class Act(StrEnum):
    READ_REGISTRY = "read the registry"
    REGISTER = "register a workflow"
    ACCEPT = "accept the duties"
    REVIEW = "review this round"
    HAND_ITEMS = "hand outputs of this round to reviewers"
    ANSWER_SHARE = "answer these outputs"
    SECOND_REVIEW = "give the second look at this round"
    SETTLE = "settle this disagreement"
    JUDGE_SKIPPED = "judge what could not be judged in this round"
    ACKNOWLEDGE = "acknowledge this breach"
    SEE_OUTPUTS = "see the outputs of this breach"
    DECIDE = "decide this breach"
    DECIDE_CRITICAL = "decide a critical breach"
    CARRY_OUT = "report this decision as carried out"
    TIGHTEN_GATE = "close the gate"
    RESUME = "resume a workflow"
    CHANGE_POLICY = "change the policy of a workflow"
    CONFIRM_CHANGE = "confirm that the policy of a workflow becomes weaker"
    WATCH = "choose the channel of this workflow"
    HAND_OVER = "hand this workflow over"
    TAKE_OVER = "take this workflow over"
    DECLINE = "decline this proposal"
    WITHDRAW = "withdraw this proposal"
    WITHDRAW_REQUEST = "withdraw this request"
    DECLINE_RESUME = "decline this request to resume"
    DECLINE_CHANGE = "decline this request to change the policy"
    ATTEST = "attest for this workflow"
    DRILL = "start this drill"
    SAMPLE = "close the round's period early"
    EXPORT = "read the record"
    PLACE_DIGEST = "say where the digest is posted"
    PLANT = "plant outputs"
    REPORT = "have a report made"
    RAISE_CONCERN = "raise a concern"


NAMED: Final = frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD, Role.TECHNICAL_OWNER})
_ASKERS: Final = frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN})

WHO: Final[dict[Act, frozenset[Role]]] = {
    Act.READ_REGISTRY: frozenset({Role.MEMBER}),
    Act.REGISTER: frozenset({Role.MEMBER}),  # the owner-to-be or an admin: see may_register
    Act.ACCEPT: frozenset({Role.OWNER}),
    Act.REVIEW: frozenset({Role.OWNER}),  # widened by the rungs a review has climbed
    Act.HAND_ITEMS: frozenset({Role.OWNER}),
    Act.ANSWER_SHARE: frozenset({Role.REVIEWER}),  # of this very share, while it is theirs
    Act.SECOND_REVIEW: frozenset({Role.BACKUP}),  # widened by who owes it, and by its rungs
    Act.SETTLE: frozenset({Role.STEWARD}),  # as above
    Act.JUDGE_SKIPPED: NAMED,  # as above
    Act.ACKNOWLEDGE: frozenset({Role.OWNER, Role.BACKUP}),
    Act.SEE_OUTPUTS: frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN, Role.AUDITOR}),
    Act.DECIDE: frozenset({Role.OWNER, Role.BACKUP}),
    Act.DECIDE_CRITICAL: frozenset({Role.STEWARD}),
    Act.CARRY_OUT: frozenset({Role.OWNER, Role.BACKUP}),
    Act.TIGHTEN_GATE: NAMED | {Role.ADMIN, Role.OPERATOR},
    Act.RESUME: frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD}),
    Act.CHANGE_POLICY: frozenset({Role.OWNER, Role.ADMIN}),
    Act.CONFIRM_CHANGE: frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN}),
    Act.WATCH: frozenset({Role.OWNER, Role.ADMIN}),
    Act.HAND_OVER: frozenset({Role.OWNER, Role.STEWARD, Role.ADMIN}),  # who may change whom: roles
    Act.TAKE_OVER: frozenset({Role.SUCCESSOR}),
    Act.DECLINE: frozenset({Role.SUCCESSOR}),
    # Of these, who proposed or asked it, whatever they are now.
    Act.WITHDRAW: frozenset({Role.OWNER, Role.STEWARD, Role.ADMIN, Role.MEMBER}),
    Act.WITHDRAW_REQUEST: _ASKERS | {Role.MEMBER},
    Act.DECLINE_RESUME: frozenset({Role.OWNER, Role.BACKUP, Role.STEWARD}),
    Act.DECLINE_CHANGE: _ASKERS,
    Act.ATTEST: frozenset({Role.OWNER}),
    Act.DRILL: frozenset({Role.OWNER}),
    Act.SAMPLE: frozenset({Role.OWNER, Role.STEWARD, Role.ADMIN}),
    Act.EXPORT: frozenset({Role.AUDITOR, Role.STEWARD, Role.ADMIN, Role.OPERATOR}),
    Act.RAISE_CONCERN: frozenset({Role.MEMBER}),
    Act.PLACE_DIGEST: frozenset({Role.STEWARD, Role.ADMIN}),
    # Whoever could be asked what is planted must not be the one who plants it.
    Act.PLANT: frozenset({Role.OPERATOR}),
    Act.REPORT: frozenset({Role.MEMBER}),
}

_OUTSIDE: Final = {
    Standing.GUEST: "Guests of this workspace cannot use Answerable: ask one of its full members.",
    Standing.BOT: "Only people can use Answerable.",
    Standing.DEACTIVATED: "This account is deactivated and cannot use Answerable.",
    Standing.FOREIGN: "Only members of this workspace can use its Answerable, and Slack knows no "
    "member of it by your account: ask one of its full members. If you have only just joined it, "
    "do this again in a minute.",
}


def outsiders_sentence(standing: Standing) -> str:
    """Give what people are told who are no full members of the workspace."""
    return _OUTSIDE[standing]


def require_member(actor: Actor, on: str = "") -> None:
    """Refuse guests, bots, deactivated people and people of another team.

    They are told the same whatever they tried; what it was is for the record.
    """
    if actor.standing is not Standing.MEMBER:
        tried = f": {actor.doing.replace('_', ' ')}" if actor.doing else ""
        rule = f"{actor.standing} may not act{tried}"
        raise Refused(rule, _OUTSIDE[actor.standing], on=on)


def authorise(
    act: Act,
    actor: Actor,
    roles: AbstractSet[Role],
    *,
    on: str = "",
    also: AbstractSet[Role] = frozenset(),
    over: Refused | None = None,
) -> Role:
    """Give the role in which the actor does this, or refuse. `also` widens the table once.

    Where what it is done to has ended, `over` says how: whoever may not reads that, since who may
    is no question any more.

    Who stands in for somebody may do what they may; whether `roles` holds such a role depends on
    what it is done for, and is not looked into here. A role of one's own goes first.
    """
    require_member(actor, on)
    allowed = WHO[act] | also
    with_delegates = allowed | {DELEGATE_OF[role] for role in allowed & DELEGATE_OF.keys()}
    for role in Role:
        if role in with_delegates and role in roles:
            return role
    require_not_over(over)
    raise Refused(
        f"may not {act}",
        f"You cannot {act}: that takes {one_of(allowed)}.",
        on=on,
        takes=allowed,
    )


def one_of(roles: AbstractSet[Role]) -> str:
    """Give these roles in words, any one of which will do."""
    names = [_NAMED_ROLE.get(role, f"the {role}") for role in Role if role in roles]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


_NAMED_ROLE: Final = {
    Role.ADMIN: "an admin",
    Role.AUDITOR: "an auditor",
    Role.MEMBER: "a member",
    Role.OPERATOR: "the operator of this bot",
    Role.REVIEWER: "the reviewer they were handed to",
}


# What to do where nobody holds a role that the settings give.
OF_SETTINGS: Final = {
    role: f"Whoever runs this bot names {role}s, with ANSWERABLE_{role.upper()}S."
    for role in (Role.ADMIN, Role.AUDITOR)
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A role and who holds it now; `advice` says what to do if nobody does who could act in it.

    The advice is one sentence after the other. `away` are those of them who are away now, each with
    who stands in for this, or an empty string, and `until` says when they are back.
    """

    role: Role
    people: tuple[str, ...]
    advice: tuple[str, ...] = ()
    away: Mapping[str, str] = field(default_factory=dict)
    until: Mapping[str, datetime] = field(default_factory=dict)


def held_now(
    takes: AbstractSet[Role],
    people: Mapping[Role, Sequence[str]],
    gone: AbstractSet[str],
    advice: Callable[[Role], tuple[str, ...]] = lambda _: (),
    away: Mapping[str, str] = MappingProxyType({}),
    until: Mapping[str, datetime] = MappingProxyType({}),
) -> tuple[Holding, ...]:
    """Give who holds each of these roles now, of those in `people`; nothing if any member does.

    `gone` are no full members any more: they hold nothing. `advice` says how somebody else comes
    to hold a role of a workflow. Whoever is `away` comes after who is there.
    """
    if Role.MEMBER in takes:
        return ()
    found: list[Holding] = []
    for role in (each for each in Role if each in takes and each in people):
        held = (each for each in people[role] if each not in gone)
        holding = tuple(sorted(held, key=lambda each: each in away))
        named_by = (OF_SETTINGS[role],) if role in OF_SETTINGS else advice(role)
        absent = {each: away[each] for each in holding if each in away}
        back = {each: until[each] for each in absent if each in until}
        found.append(Holding(role, holding, () if holding else named_by, absent, back))
    return tuple(found)


def told_once(held: Sequence[Holding]) -> tuple[tuple[Holding, ...], tuple[str, ...]]:
    """Give the same without what is advised for several roles, and that, to be said after them."""
    advice = Counter(sentence for each in held for sentence in each.advice)
    again = tuple(sentence for sentence, roles in advice.items() if roles > 1)
    return tuple(_without(again, each) for each in held), again


def _without(said: Sequence[str], held: Holding) -> Holding:
    return replace(held, advice=tuple(each for each in held.advice if each not in said))


def held_in_words(held: Sequence[Holding], names: Mapping[str, str]) -> str:
    """Give the same where nobody can be mentioned, by name; who has none here is left out."""
    each_said, in_common = told_once(held)
    said = (*(_in_words(each, names) for each in each_said), *in_common)
    return " ".join(each for each in said if each)


def _in_words(held: Holding, names: Mapping[str, str]) -> str:
    label = held.role.capitalize()
    if not held.people:
        return " ".join((f"{label}: nobody now.", *held.advice))
    known = [_by_name(each, held, names) for each in held.people if each in names]
    return f"{label}: {', '.join(known)}." if known else ""


def _by_name(user_id: str, held: Holding, names: Mapping[str, str]) -> str:
    stand_in = names.get(held.away.get(user_id, ""))
    if stand_in:
        return f"{names[user_id]} (away; {stand_in} stands in)"
    back = held.until.get(user_id)
    return f"{names[user_id]} (away until {utc_text(back)})" if back else names[user_id]
