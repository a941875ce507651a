"""Closing a round: its figures are fixed here, whatever arrives later."""

from dataclasses import replace

from bot.domain.evidence import grade, result_of
from bot.domain.messages import MessageKind
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import Round, RoundState
from bot.usecases.steps.messages import tell_channel
from store.unit_of_work import Work


def close_round(work: Work, workflow: Workflow, round_: Round, role: str = "") -> int:
    """Close a round with what has been judged so far, on record and on its card."""
    policy = work.workflows.policy(workflow.key, round_.policy)
    items = work.rounds.items(workflow.key, round_.number)  # the first look's, as every rate is
    result = result_of(items, policy, work.outputs.sizes(workflow.key, round_.number))
    work.rounds.save(replace(round_, state=RoundState.CLOSED, closed_at=work.now))
    seq = work.record(
        Kind.ROUND_CLOSED,
        round_.name,
        {
            "workflow": workflow.key,
            "round": round_.number,
            "drawn": result.drawn,
            "judged": result.judged,
            "missing": result.missing,
            "errors": result.errors,
            "overrides": result.overrides,
            "critical": result.critical,
            "grade": grade(result, policy.limit_bp),
        },
        role=role,
        policy=round_.policy,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, round_.number, seq)
    return seq
