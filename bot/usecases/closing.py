"""Closing a round: its figures are fixed here, whatever arrives later."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.breaches import Breach, BreachState, Cause
from bot.domain.detector import ALARM, Series, graded, series_for
from bot.domain.evidence import Result, result_of
from bot.domain.evidence import grade as alone
from bot.domain.messages import MessageKind
from bot.domain.policy import percent
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import Round, RoundState
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.messages import tell_channel
from store.unit_of_work import Work

_WEEK: Final = timedelta(weeks=1)
_MOST: Final = 10**9  # of evidence that is recorded: beyond, more of it says no more


def close_round(work: Work, workflow: Workflow, round_: Round, role: str = "") -> Breach | None:
    """Close a round with what has been judged so far, on record and on its card.

    What all rounds come to with it is a breach if it proves that the error rate is above the
    limit; give that breach if it is opened now.
    """
    policy = work.workflows.policy(workflow.key, round_.policy)
    items = work.rounds.items(workflow.key, round_.number)  # the first look's, as every rate is
    result = result_of(items, policy, work.outputs.sizes(workflow.key, round_.number))
    series = _follow(work, round_, result, policy.limit_bp)
    is_of_it = series.has(round_)
    grade = (
        graded(result, policy.limit_bp, series.detector)
        if is_of_it
        else alone(result, policy.limit_bp)
    )
    closed = replace(round_, state=RoundState.CLOSED, closed_at=work.now, grade=grade)
    work.rounds.save(closed)
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
            "evidence": int(min(series.detector.evidence, _MOST)),
            "grade": grade,
        },
        role=role,
        policy=round_.policy,
    )
    tell_channel(work, MessageKind.ROUND_CARD, workflow, round_.number, seq)
    breach = _breach_of(work, workflow, series, closed, seq)
    work.series.save(replace(series, breach=breach.number) if breach else series)
    return breach


def _follow(work: Work, round_: Round, result: Result, limit_bp: int) -> Series:
    """Give the series with this round in it, if it belongs there."""
    known = work.series.find(round_.workflow)
    series = series_for(known, round_, limit_bp, _settled_at(work, known))
    if series.breach or not series.has(round_) or not result.judged:
        return series
    period = (round_.drawn_at or work.now) - round_.opened_at
    return series.followed(round_, limit_bp, result, period / _WEEK)


def _settled_at(work: Work, series: Series | None) -> datetime | None:
    """Give when the breach that a series has led to was closed, if there is one and it was."""
    if series is None or not series.breach:
        return None
    breach = work.breaches.get(series.workflow, series.breach)
    is_closed = breach.state is BreachState.CLOSED
    return datetime.fromisoformat(work.log.entry(breach.entry).ts) if is_closed else None


def _breach_of(
    work: Work, workflow: Workflow, series: Series, round_: Round, because: int
) -> Breach | None:
    is_alarm = series.detector.evidence >= ALARM and not series.breach
    if not is_alarm or workflow.state is not WorkflowState.LIVE:
        return None
    rounds = f"round {series.first}"
    if series.first != series.last:
        rounds = f"rounds {series.first} to {series.last}"
    detail = (
        f"{series.errors:,} of {series.judged:,} outputs judged in {rounds} were wrong; the limit "
        f"is {percent(series.limit_bp)} %. While the true rate is within it, samples come to this "
        "within a year with a chance of at most 5 %."
    )
    return open_breach(
        work, workflow, Cause.ERROR_RATE, detail, number_of_round=round_.number, because=because
    )
