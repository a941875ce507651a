"""What waits for one person, whether they owe it, it has climbed to them, or they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.absences import OWN_WORD, principals
from bot.domain.authority import WHO, Act
from bot.domain.escalation import may_answer, people_reached, roles_held, roles_reached
from bot.domain.gate import GateState
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Actor, Circle, Origin
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.rendering import views
from bot.usecases.steps.independence import barred_from
from bot.usecases.steps.stand_ins import stood_in_for
from store.reading import Reading


def waiting_for(
    reading: Reading, circle: Circle, user_id: str, now: datetime
) -> tuple[views.Due, ...]:
    """Give what somebody is asked for, the earliest due first, but for what they may not answer."""
    asked = _Asked(
        reading,
        circle,
        user_id,
        now,
        stands_in_for=principals(user_id, reading.absences.in_force(now)),
        barred_reviews=reading.overview.reviews_barred_to(user_id),
        drills={each.workflow: each.asked for each in reading.drills.all_running()},
    )
    workflows = {each.key: each for each in reading.workflows.all()}
    open_ones = reading.obligations.all_open()
    found = (asked.due(workflows[each.workflow], each) for each in open_ones)
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One person of whom things are asked, and what is looked up once for all of them.

    Hundreds may wait for one person, so whatever takes a query of its own is asked last.
    """

    reading: Reading
    circle: Circle
    user_id: str
    now: datetime
    stands_in_for: frozenset[str]
    barred_reviews: frozenset[str]
    drills: Mapping[str, int]

    def due(self, workflow: Workflow, owed: Obligation) -> views.Due | None:
        """Give this as they owe it; None if it has not reached them, or they may not answer it."""
        asked = self._asked_as(workflow, owed)
        if not asked:
            return None
        roles, reached = workflow.roles, roles_reached(owed)
        held = {role for each in asked for role in roles_held(each, roles, self.circle)}
        return views.Due(
            owed.kind,
            owed.workflow,
            owed.subject,
            owed.due_at,
            owed.is_overdue(self.now),
            in_place_of="" if self.user_id in asked else min(asked),
            may_answer=owed.owed_by in asked
            or any(may_answer(owed, role) for role in held & reached),
            may_pause=self._may_pause(workflow),
            is_under_way=owed.kind is ObligationKind.DRILL
            and self.drills.get(owed.workflow) == owed.subject,
        )

    def _may_pause(self, workflow: Workflow) -> bool:
        """Tell whether they may, in a role of their own, and there is something to be stopped."""
        is_stopped = workflow.gate.state is GateState.PAUSED and workflow.key not in self.drills
        if workflow.state is not WorkflowState.LIVE or is_stopped:
            return False
        own = roles_of(Actor(Origin.SLACK, self.user_id), self.circle, workflow)
        return not own.isdisjoint(WHO[Act.TIGHTEN_GATE])

    def _asked_as(self, workflow: Workflow, owed: Obligation) -> frozenset[str]:
        """Give as whom they are asked for this: themselves, or those in whose place."""
        reached = people_reached(owed, workflow.roles, self.circle)
        is_reached = self.user_id in reached
        is_lent = owed.kind not in OWN_WORD and not reached.isdisjoint(self.stands_in_for)
        if not (is_reached or is_lent) or self._is_barred(workflow, owed):
            return frozenset()
        if is_reached:
            return frozenset({self.user_id})
        return stood_in_for(self.reading, self.circle, self.user_id, workflow, owed, self.now)

    def _is_barred(self, workflow: Workflow, owed: Obligation) -> bool:
        if owed.kind is ObligationKind.REVIEW:
            return owed.id in self.barred_reviews
        return self.user_id in barred_from(self.reading, workflow, owed)
