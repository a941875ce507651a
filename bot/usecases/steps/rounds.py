"""Rounds: opened, with the commitment to their draw and its size; the size only ever grows."""

from dataclasses import replace

from bot.domain import sampling
from bot.domain.calendar import strike_after
from bot.domain.messages import MessageKind
from bot.domain.plans import Plan
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import Round, RoundState
from bot.domain.series import sample_for
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.proving import to_prove
from bot.usecases.steps.series import series_of
from bot.usecases.steps.time_taken import time_taken
from store.unit_of_work import Work, timestamp


def open_round(
    work: Work, workflow: Workflow, policy: Policy, number: int, draw_key: bytes
) -> Round:
    """Open a round: the commitment to its draw goes on record before any of its outputs arrive."""
    seed = sampling.seed_for(draw_key, work.workspace, workflow.key, number)
    before = work.rounds.last(workflow.key)
    struck = before.period_end if before else None
    round_ = Round(
        workflow=workflow.key,
        number=number,
        state=RoundState.OPEN,
        policy=policy.number,
        opened_at=work.now,
        period_end=strike_after(policy.cadence, policy.zone, work.now, struck),
        commitment=sampling.commitment(seed),
    )
    proving = to_prove(work, workflow, policy, number)
    round_, plan_facts = _planned(work, round_, policy.plan.at_least(proving))
    round_ = _sized(work, round_, policy)
    work.rounds.add(round_)
    seq = work.record(
        Kind.ROUND_OPENED,
        round_.name,
        {
            "workflow": workflow.key,
            "round": number,
            "commitment": round_.commitment,
            "period_end": timestamp(round_.period_end),
            "sample": round_.sample,
            "tightened_by": round_.tightened_by or None,
            "to_prove": proving or None,
            **plan_facts,
        },
        policy=policy.number,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, number, seq)
    return round_


def tighten_open_round(work: Work, workflow: Workflow) -> None:
    """Have more drawn of the open round if what was just closed gives cause to look closer.

    It is said before the draw, of all that is on record, and never taken back: nobody chooses it.
    """
    round_ = work.rounds.last(workflow.key)
    is_open = round_ is not None and round_.state is RoundState.OPEN
    if round_ is None or not is_open or workflow.state is not WorkflowState.LIVE:
        return
    policy = work.workflows.policy(workflow.key, round_.policy)
    tightened = _sized(work, round_, policy)
    if tightened.sample <= round_.sample:
        return
    work.rounds.save(tightened)
    seq = work.record(
        Kind.ROUND_TIGHTENED,
        round_.name,
        {
            "workflow": workflow.key,
            "round": round_.number,
            "sample": tightened.sample,
            "tightened_by": tightened.tightened_by,
        },
        policy=round_.policy,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, round_.number, seq)


def show_open_round(work: Work, workflow: Workflow, because: int) -> None:
    """Bring the card of the open round up to date: who reviews it is another, has left or is back.

    Nothing is owed of it before the draw, so no obligation leads to it.
    """
    round_ = work.rounds.last(workflow.key)
    if round_ and round_.state is RoundState.OPEN:
        tell_channel(work, MessageKind.ROUND_CARD, workflow, round_.number, because)


def _sized(work: Work, round_: Round, policy: Policy) -> Round:
    series = series_of(work, round_, policy.limit_bp)
    sample = sample_for(round_.usual, policy.tighten, series)
    is_more = sample > round_.usual
    return replace(round_, sample=sample, tightened_by=series.last if is_more else 0)


def _planned(work: Work, round_: Round, plan: Plan) -> tuple[Round, dict[str, object]]:
    """Give a new round with its usual size, and how that came about as it goes on record."""
    timed = time_taken(work, round_.workflow) if plan.is_by_minutes else None
    each = timed.seconds if timed else plan.item_seconds
    usual = plan.usual(round_.period_end - round_.opened_at, each)
    facts: dict[str, object] = {
        "usual": usual,
        "share_bp": plan.share_bp or None,
        "least": plan.sample if plan.is_share else None,
        "minutes": plan.minutes or None,
        "item_seconds": each if plan.is_by_minutes else None,
        "timed": timed.answers if timed else 0 if plan.is_by_minutes else None,
    }
    return replace(round_, usual=usual), facts
