"""Rounds: opened, with the commitment to their draw."""

from bot.domain import sampling
from bot.domain.calendar import next_occurrence
from bot.domain.messages import MessageKind
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import Round, RoundState
from bot.usecases.steps.messages import tell_channel
from store.unit_of_work import Work, timestamp


def open_round(
    work: Work, workflow: Workflow, policy: Policy, number: int, draw_key: bytes
) -> Round:
    """Open a round: the commitment to its draw goes on record before any of its outputs arrive."""
    seed = sampling.seed_for(draw_key, work.workspace, workflow.key, number)
    round_ = Round(
        workflow=workflow.key,
        number=number,
        state=RoundState.OPEN,
        policy=policy.number,
        opened_at=work.now,
        period_end=next_occurrence(policy.cadence, policy.zone, work.now),
        commitment=sampling.commitment(seed),
    )
    work.rounds.add(round_)
    seq = work.record(
        Kind.ROUND_OPENED,
        round_.name,
        {
            "workflow": workflow.key,
            "round": number,
            "commitment": round_.commitment,
            "period_end": timestamp(round_.period_end),
        },
        policy=policy.number,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, number, seq)
    return round_
