"""Changing a policy: at once if it only becomes stricter, by two people if it becomes weaker."""

from dataclasses import dataclass, replace

from bot.domain import changes
from bot.domain.authority import Act, authorise
from bot.domain.changes import Weakening
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor, Circle, Role
from bot.domain.policy import Policy, policy_facts
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Workflow, roles_of
from bot.domain.requests import RequestKind, require_changeable, require_current
from bot.domain.rounds import RoundState
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.obligations import policy_of
from bot.usecases.steps.policies import faults_of, put_in_force, with_holidays
from bot.usecases.steps.requests import ask_for_word, open_request
from bot.usecases.steps.time_taken import time_taken
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Change:
    """A policy as somebody filled it in; it follows the version that they were shown."""

    workflow: str
    policy: Policy
    reason: str

    @property
    def shown(self) -> int:
        return self.policy.number - 1


@dataclass(frozen=True, slots=True)
class Changed:
    """What has come of a change; if it weakens anything it waits for a second person.

    `kept` is the round that goes on under the policy it was opened with, if there is one.
    """

    workflow: str
    policy: Policy
    weakens: tuple[Weakening, ...]
    kept: int | None
    receipt: Proof

    @property
    def is_waiting(self) -> bool:
        return bool(self.weakens)


@dataclass(frozen=True, slots=True)
class Changeable:
    """A policy in force, and what was asked already that would make it weaker, if that waits."""

    policy: Policy
    waiting: views.WaitingChange | None


def open_change(deps: Deps, actor: Actor, key: str) -> Changeable | None:
    """Give the policy in force to somebody who may change it; None if there is no such workflow."""
    with deps.store.begin(deps.workspace, actor) as work:
        if work.workflows.find(key) is None:
            return None
        workflow, _ = _changeable(deps, work, actor, key)
        return Changeable(policy_of(work, workflow), _waiting(work, workflow, deps.circle))


def _waiting(work: Work, workflow: Workflow, circle: Circle) -> views.WaitingChange | None:
    asked = open_request(work, workflow, RequestKind.CHANGE, circle)
    if asked is None:
        return None
    owed = work.obligations.get(obligation_id(ObligationKind.CONFIRM, workflow.key, asked.number))
    is_own = asked.requested_by == work.actor.user_id
    return views.WaitingChange(asked.requested_by, owed.due_at, owed.is_overdue(work.now), is_own)


def policy_shown(deps: Deps, key: str, version: int) -> Policy:
    """Give the version of a policy that a form was filled with."""
    with deps.store.read(deps.workspace) as reading:
        return reading.workflows.policy(key, version)


def change_policy(deps: Deps, actor: Actor, asked: Change) -> Changed:
    """Put a new version in force, or ask a second person if it is weaker in anything.

    Raises Invalid with a sentence for each field that cannot be, or if nothing is changed.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, role = _changeable(deps, work, actor, asked.workflow)
        require_current(workflow, asked.shown)
        policy = _checked(work, workflow, asked)
        weakens = changes.weakened(policy_of(work, workflow), policy, work.now)
        reason = asked.reason.strip()
        if weakens:
            _require_no_others(work, workflow, deps.circle)
            _ask(work, workflow, policy, role, weakens, reason)
        else:
            put_in_force(work, workflow, policy, role, reason=reason)
            work.point_at(Kind.POLICY_CHANGED, workflow.name)
        kept = _round_that_goes_on(work, workflow)
    return Changed(workflow.key, policy, weakens, kept, work.receipt)


def _changeable(deps: Deps, work: Work, actor: Actor, key: str) -> tuple[Workflow, Role]:
    workflow = workflow_for(work, actor, key)
    roles = roles_of(actor, deps.circle, workflow)
    role = authorise(Act.CHANGE_POLICY, actor, roles, on=workflow.name)
    require_changeable(workflow)
    return workflow, role


def _checked(work: Work, workflow: Workflow, asked: Change) -> Policy:
    if faults := faults_of(asked.policy, work.now, time_taken(work, workflow.key)):
        raise Invalid(faults)
    policy = with_holidays(asked.policy, work)
    before = policy_of(work, workflow)
    if replace(policy, number=before.number) == before:
        raise Invalid({"cadence": "Nothing is changed here or below: nothing was recorded."})
    require_words(asked.reason)
    return policy


def _require_no_others(work: Work, workflow: Workflow, circle: Circle) -> None:
    """Refuse to put another person's open request aside; one's own may be made anew."""
    earlier = open_request(work, workflow, RequestKind.CHANGE, circle)
    if earlier and earlier.requested_by != work.actor.user_id:
        raise Refused(
            "change already requested",
            f"Somebody else has asked to make the policy of {workflow.key} weaker already: that "
            "request is confirmed, declined or withdrawn, or lapses, before there can be another.",
            on=earlier.name,
        )


def _ask(
    work: Work,
    workflow: Workflow,
    policy: Policy,
    role: Role,
    weakens: tuple[Weakening, ...],
    reason: str,
) -> None:
    facts = {
        "version": workflow.policy,
        "proposed": policy_facts(policy),
        "weakens": sorted({each.field for each in weakens}),  # named once, however many ways
    }
    ask_for_word(work, workflow, RequestKind.CHANGE, role, reason, facts, proposal=policy)


def _round_that_goes_on(reading: Reading, workflow: Workflow) -> int | None:
    round_ = reading.rounds.last(workflow.key)
    return round_.number if round_ and round_.state is RoundState.OPEN else None
