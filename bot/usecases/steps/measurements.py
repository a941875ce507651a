"""What a pipeline is to measure: its time begins, and ends, with the workflow's."""

from bot.domain.measurements import OWING, awaited_from
from bot.domain.policy import Policy
from bot.domain.registry import Workflow
from bot.usecases.steps.obligations import policy_of
from store.unit_of_work import Work


def await_anew(work: Work, workflow: Workflow) -> None:
    """Count from now on what the workflow owes under its policy; nothing while it is stopped.

    A drill's pause is no stop: what was owed before it is owed during it and after.
    """
    drill = work.drills.running(workflow.key)
    stood = drill.was if drill and drill.holds(workflow.gate) else workflow.gate.state
    policy = policy_of(work, workflow)
    owed = awaited_from(workflow.key, policy, work.now) if stood in OWING else {}
    work.measurements.await_only(workflow.key, owed.values())


def await_under(work: Work, workflow: Workflow, old: Policy, new: Policy) -> None:
    """Count from now on what a new policy changes; what is due as before goes on as it was."""
    running = {each.name: each for each in work.measurements.awaited(workflow.key)}
    before = {limit.name: limit.every for limit in old.limits}
    is_same_calendar = (old.cadence, old.zone) == (new.cadence, new.zone)
    await_anew(work, workflow)
    for limit in new.limits:
        if limit.name in running and is_same_calendar and before.get(limit.name) is limit.every:
            work.measurements.save_awaited(running[limit.name])


def await_next(work: Work, workflow: Workflow, names: frozenset[str]) -> None:
    """Count again from now on what has just been reported, if it is owed at all."""
    fresh = awaited_from(workflow.key, policy_of(work, workflow), work.now)
    for owed in work.measurements.awaited(workflow.key):
        if owed.name in names:
            work.measurements.save_awaited(fresh[owed.name])
