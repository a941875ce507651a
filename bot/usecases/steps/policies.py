"""A new version of a policy comes into force."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot import holidays
from bot.domain.capacity import capacity_fault
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.policy import Policy, policy_facts, policy_faults
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.requests import RequestKind
from bot.usecases.steps.measurements import await_under
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import policy_of
from bot.usecases.steps.requests import supersede_requests
from bot.usecases.steps.time_taken import TimeTaken
from store.unit_of_work import Work


def faults_of(policy: Policy, now: datetime, timed: TimeTaken | None = None) -> dict[str, str]:
    """Give a sentence for each field of a policy that cannot be.

    Its place of holidays is looked at too, and whether its reviewers have the time.
    """
    faults = dict(policy_faults(policy))
    if not faults:
        fault = capacity_fault(policy, now, timed.seconds if timed else 0)
        faults |= {"capacity": fault} if fault else {}
    if policy.holidays_in and (fault := holidays.place_fault(policy.holidays_in)):
        faults["holidays"] = fault
    return faults


def with_holidays(policy: Policy, work: Work) -> Policy:
    """Fix the days off in the policy: what falls due must not move when a library learns better."""
    if not policy.holidays_in:
        return policy
    return replace(policy, holidays=holidays.holidays_of(policy.holidays_in, work.now.date()))


def record_policy(
    work: Work,
    workflow: Workflow,
    policy: Policy,
    role: str,
    *,
    weakens: Collection[str] = (),
    reason: str = "",
    prior: int | None = None,
) -> int:
    """Keep a version of a policy, on record; it is in force once the workflow names it.

    `prior` is the word of a second person, if it took one.
    """
    work.workflows.add_policy(workflow.key, policy)
    return work.record(
        Kind.POLICY_CHANGED,
        workflow.name,
        {
            "workflow": workflow.key,
            **policy_facts(policy),
            "weakens": sorted(weakens),
        },
        words={"reason": reason} if reason else None,
        role=role,
        policy=policy.number,
        prior=prior,
    )


def put_in_force(
    work: Work,
    workflow: Workflow,
    policy: Policy,
    role: str,
    *,
    weakens: Collection[str] = (),
    reason: str = "",
    prior: int | None = None,
) -> int:
    """Make this the workflow's policy; requests to change the one before it are superseded.

    It governs what is owed from now on and the next round; one that is open keeps its own.
    """
    seq = record_policy(work, workflow, policy, role, weakens=weakens, reason=reason, prior=prior)
    changed = replace(workflow, policy=policy.number)
    work.workflows.save(changed)
    work.put_on_board(changed.key)  # a pipeline is told what it may do while degraded
    supersede_requests(work, changed, RequestKind.CHANGE, because=seq)
    await_under(work, changed, policy_of(work, workflow), policy)
    if changed.state is WorkflowState.DRAFT:  # who is asked to accept sees what they accept
        work.outbox.refresh(obligation_id(ObligationKind.ACCEPT, changed.key, 0), seq)
    tell_channel(work, MessageKind.POLICY_NOTICE, changed, policy.number, seq)
    return seq
