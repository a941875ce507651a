"""Closing a round: its figures are fixed here, whatever arrives later."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.breaches import Breach, BreachState, Cause
from bot.domain.detector import ALARM, Series, graded, started
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
    grade = graded(result, series.detector) if is_of_it else alone(result, policy.limit_bp)
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
    series = _series_for(work, round_, limit_bp)
    if series.breach or not series.has(round_):
        return series
    period = (round_.drawn_at or work.now) - round_.opened_at
    return series.followed(round_, result, period / _WEEK)


def _series_for(work: Work, round_: Round, limit_bp: int) -> Series:
    """Give the series as it stands; a decision carried out or another limit begins it anew."""
    known = work.series.find(round_.workflow)
    if known is None:
        return Series(round_.workflow, started(limit_bp))
    if known.breach:
        breach = work.breaches.get(known.workflow, known.breach)
        if breach.state is not BreachState.CLOSED:
            return known
        closed_at = datetime.fromisoformat(work.log.entry(breach.entry).ts)
        known = Series(round_.workflow, started(limit_bp), closed_at)
    if known.has(round_) and known.detector.limit_bp != limit_bp:
        return Series(round_.workflow, started(limit_bp), round_.opened_at)
    return known


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
        f"is {percent(series.detector.limit_bp)} %. If the true rate were within it, that would "
        "come in at most one year of twenty."
    )
    return open_breach(
        work, workflow, Cause.ERROR_RATE, detail, number_of_round=round_.number, because=because
    )
