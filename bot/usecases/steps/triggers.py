"""Outputs that are asked besides a round's draw, and what is said of them: in no figure."""

from collections.abc import Collection

from bot.domain.people import Role
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import DrawnItem, Round
from bot.domain.triggers import Triggered, triggered_among
from bot.domain.verdicts import Judgement
from bot.usecases.steps.judgements import judgement_facts, words_said
from store.unit_of_work import Work


def triggered_in(
    work: Work, workflow: Workflow, round_: Round, policy: Policy, drawn: Collection[str]
) -> tuple[Triggered, ...]:
    """Give what of a round is asked besides its draw; nothing if nobody is asked of it at all."""
    if not policy.triggers or not drawn or workflow.state is not WorkflowState.LIVE:
        return ()
    known = work.outputs.versions(workflow.key, round_.number - 1)
    hints = work.outputs.hints(workflow.key, round_.number)
    return triggered_among(policy.triggers, hints, known, drawn)


def judge_triggered(
    work: Work, round_: Round, item: DrawnItem, said: Judgement, role: Role, *, is_late: bool
) -> DrawnItem:
    """Put it on record what is said of such an output: no verdict, so that nothing counts it."""
    seq = work.record(
        Kind.TRIGGERED_JUDGED,
        round_.name,
        judgement_facts(round_, item, said),
        words=words_said(said),
        role=role,
        policy=round_.policy,
        prior=item.entry,
    )
    judged = item.judged(said, work.actor.user_id, seq, is_late=is_late)
    work.rounds.save_item(round_.workflow, round_.number, judged)
    return judged
