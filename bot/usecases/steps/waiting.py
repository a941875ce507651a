"""What waits for one person: they owe it, it has climbed to them, they stand in or may confirm."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.escalation import (
    act_of,
    may_answer,
    may_unasked,
    people_reached,
    roles_held,
    roles_reached,
)
from bot.domain.figures import counted
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.other_ways import OtherWay, other_way
from bot.domain.people import Actor, Circle, Origin
from bot.domain.registry import Workflow, named_roles, roles_of
from bot.domain.requests import ACT_OF, confirmers
from bot.rendering import views
from bot.usecases.steps.independence import barred_from, barred_in_role
from bot.usecases.steps.skips import to_judge
from bot.usecases.steps.stand_ins import Asked, asked_of, away_until, presence_for
from store.reading import Reading


def waiting_for(
    reading: Reading, circle: Circle, user_id: str, workflows: Iterable[Workflow], now: datetime
) -> tuple[views.Due, ...]:
    """Give what somebody is asked for, the earliest due first, but for what they may not answer.

    `workflows` are all there are.
    """
    waiting = _waiting(reading, circle, user_id, now)
    by_key = {each.key: each for each in workflows}
    open_ones = reading.obligations.all_open()
    found = (waiting.due(by_key[each.workflow], each) for each in open_ones)
    return tuple(each for each in found if each is not None)


def due_for(
    reading: Reading, circle: Circle, user_id: str, owed: Obligation, now: datetime
) -> views.Due | None:
    """Give what somebody is asked of one open obligation, or None if that is nothing."""
    workflow = reading.workflows.get(owed.workflow)
    return _waiting(reading, circle, user_id, now).due(workflow, owed)


def may_answer_now(
    reading: Reading, circle: Circle, user_id: str, owed: Obligation, now: datetime
) -> bool:
    """Tell whether somebody's answer to this would be taken now, be it asked of them or not."""
    due = due_for(reading, circle, user_id, owed, now)
    if due and due.may_answer:
        return True
    workflow = reading.workflows.get(owed.workflow)
    held = roles_of(Actor(Origin.SLACK, user_id), circle, workflow)
    act = act_of(owed, confirming(reading, owed))
    is_theirs = act is not None and not held.isdisjoint(WHO[act])
    return is_theirs and user_id not in barred_from(reading, workflow, owed)


def answerers(
    reading: Reading, circle: Circle, workflow: Workflow, owed: Obligation
) -> tuple[views.Answerer, ...]:
    """Give whom this has reached and who may answer it, be they away, each with who stands in.

    Admins are asked together: only those are among them in whose place somebody else may. With
    them is whoever may answer it before it reaches them; in their place nobody may.
    """
    presence = presence_for(reading, workflow, owed)
    reached = people_reached(owed, workflow.roles, circle)
    named = (owed.owed_by, *(user_id for _, user_id in named_roles(workflow.roles)))
    lent = (each for each in sorted(circle.admins) if presence.absent.get(each))
    asked = dict.fromkeys((*named, *lent))
    may = _may_answer(reading, circle, reached & asked.keys(), workflow, owed)
    unasked = may_unasked(owed)
    may |= {user_id for role, user_id in named_roles(workflow.roles) if role in unasked}
    none = presence.gone.keys() | barred_in_role(reading, workflow, owed) | {""}
    until, absent = away_until(reading), presence.absent
    return tuple(
        views.Answerer(each, until.get(each), absent.get(each, "") if each in reached else "")
        for each in asked
        if each in may - none
    )


def _may_answer(
    reading: Reading,
    circle: Circle,
    people: AbstractSet[str],
    workflow: Workflow,
    owed: Obligation,
) -> frozenset[str]:
    """Give those of them who may answer this, by what they owe or by what they hold."""
    reached, act = roles_reached(owed), confirming(reading, owed)
    held = {each: roles_held(each, workflow.roles, circle) for each in people}
    return frozenset(
        each
        for each, roles in held.items()
        if each == owed.owed_by or any(may_answer(owed, role, act) for role in roles & reached)
    )


def confirming(reading: Reading, owed: Obligation) -> Act | None:
    """Give what confirms the request that this is about, by what it asks for; None if by none."""
    if owed.kind is not ObligationKind.CONFIRM:
        return None
    return ACT_OF[reading.requests.get(owed.workflow, owed.subject).kind]


_OF_BREACHES: Final = frozenset(
    {ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.CARRY_OUT}
)


def with_causes(reading: Reading, dues: Iterable[views.Due]) -> tuple[views.Due, ...]:
    """Give the same, each that is about a breach with that in words: they tell apart what is.

    So is how much could not be judged.
    """
    return tuple(replace(each, about=_about(reading, each)) for each in dues)


def _about(reading: Reading, due: views.Due) -> str:
    if due.kind in _OF_BREACHES:
        return _cause(reading, due)
    if due.kind is ObligationKind.JUDGE:
        return counted(len(to_judge(reading, due.workflow, due.subject)), "output")
    return due.about


def _cause(reading: Reading, due: views.Due) -> str:
    breach = reading.breaches.get(due.workflow, due.subject)
    of_what = f" ({breach.measurement})" if breach.measurement else ""
    decided = f"; decided: {breach.decision.replace('_', ' ')}" if breach.decision else ""
    return f"{breach.cause}{of_what}{decided}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One person for whom things wait; `drills` are those under way, by workflow.

    `gone` are no full members any more.
    """

    person: Asked
    now: datetime
    drills: Mapping[str, int]
    gone: AbstractSet[str]

    def due(self, workflow: Workflow, owed: Obligation) -> views.Due | None:
        """Give this as they owe it; None if it has not reached them, or they may not answer it."""
        asked = self.person.as_whom(workflow, owed)
        beside = "" if asked else self._may_confirm_beside(workflow, owed)
        if beside:
            asked = frozenset({self.person.user_id})
        if not asked:
            return None
        me = self.person.user_id
        may = _may_answer(self.person.reading, self.person.circle, asked, workflow, owed)
        as_whom = me if me in (may or asked) else min(may or asked)
        return views.Due(
            owed.kind,
            owed.workflow,
            owed.subject,
            owed.due_at,
            owed.is_overdue(self.now),
            in_place_of="" if as_whom == me else as_whom,
            may_answer=bool(beside or may),
            other_way=OtherWay.NONE if beside or may else self._other_way(workflow, owed),
            is_under_way=owed.kind is ObligationKind.DRILL
            and self.drills.get(owed.workflow) == owed.subject,
            beside=beside,
        )

    def _may_confirm_beside(self, workflow: Workflow, owed: Obligation) -> str:
        """Give who is asked to confirm what this person may confirm as well; "" if they may not."""
        if owed.kind is not ObligationKind.CONFIRM:
            return ""
        request = self.person.reading.requests.get(owed.workflow, owed.subject)
        return owed.owed_by if self.person.user_id in confirmers(request, workflow.roles) else ""

    def _other_way(self, workflow: Workflow, owed: Obligation) -> OtherWay:
        own = roles_of(Actor(Origin.SLACK, self.person.user_id), self.person.circle, workflow)
        return other_way(
            owed,
            workflow,
            own,
            self.gone,
            barred_from(self.person.reading, workflow, owed),
            is_drilled=workflow.key in self.drills,
            has_admins=bool(self.person.circle.admins - self.gone),
        )


def _waiting(reading: Reading, circle: Circle, user_id: str, now: datetime) -> _Waiting:
    drills = {each.workflow: each.asked for each in reading.drills.all_running()}
    gone = reading.people.gone().keys()
    return _Waiting(asked_of(reading, circle, user_id, now), now, drills, gone)
