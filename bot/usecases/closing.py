"""Closing a round: its figures are fixed here, whatever arrives later."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.breaches import Breach
from bot.domain.evidence import Result, grade
from bot.domain.grades import grade_in, points_to
from bot.domain.messages import MessageKind
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import Round, RoundState
from bot.domain.series import Series, is_alarm
from bot.domain.series_in_words import cause_of, said_of
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.plants import reveal_planted
from bot.usecases.steps.results import result_in
from bot.usecases.steps.rounds import tighten_open_round
from bot.usecases.steps.series import series_of
from store.unit_of_work import Work

_WEEK: Final = timedelta(weeks=1)
_MOST: Final = 10**9  # of evidence that is recorded: beyond, more of it says no more


def close_round(work: Work, workflow: Workflow, round_: Round, role: str = "") -> Breach | None:
    """Close a round with what has been judged so far, on record and on its card.

    What all rounds come to with it is a breach if it proves that the error rate is above the
    limit; give that breach if it is opened now. If it only gives cause to look closer, more is
    drawn of the round that is open by now.
    """
    policy = work.workflows.policy(workflow.key, round_.policy)
    items = work.rounds.items(workflow.key, round_.number)  # the first look's, as every rate is
    result = result_in(work, round_, policy, items)
    series = _follow(work, round_, result, policy)
    closed = _graded(work, round_, series, result, policy.limit_bp)
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
            "evidence": int(min(series.evidence, _MOST)),
            "leading": series.leading.about,
            "drift": int(min(series.drift.evidence, _MOST)),
            "doubt": int(min(series.doubted, _MOST)),
            "baseline_bp": series.baseline.rate_bp,
            "grade": closed.grade,
            "points_to": closed.points_to,
        },
        role=role,
        policy=round_.policy,
    )
    reveal_planted(work, closed, policy.error_whys, seq)
    tell_channel(work, MessageKind.ROUND_CARD, workflow, round_.number, seq)
    breach = _breach_of(work, workflow, series, closed, policy.limit_bp, seq)
    work.series.save(replace(series, breach=breach.number) if breach else series)
    tighten_open_round(work, workflow)
    return breach


def _follow(work: Work, round_: Round, result: Result, policy: Policy) -> Series:
    """Give the series with this round in it, if it belongs there."""
    series = series_of(work, round_, policy.limit_bp)
    if series.breach or not series.has(round_):
        return series
    period = (round_.drawn_at or work.now) - round_.opened_at
    return series.followed(round_, policy.limit_bp, result, period / _WEEK, policy.limit_basis)


def _graded(work: Work, round_: Round, series: Series, result: Result, limit_bp: int) -> Round:
    """Give the round as it is closed; one of before the series began is graded on its own."""
    closed = replace(round_, state=RoundState.CLOSED, closed_at=work.now)
    if not series.has(round_):
        return replace(closed, grade=grade(result, limit_bp))
    return replace(
        closed,
        grade=grade_in(series, result, limit_bp),
        points_to=points_to(series, result, limit_bp),
        baseline_bp=series.baseline.rate_bp,
    )


def _breach_of(
    work: Work, workflow: Workflow, series: Series, round_: Round, limit_bp: int, because: int
) -> Breach | None:
    if not is_alarm(series) or workflow.state is not WorkflowState.LIVE:
        return None
    return open_breach(
        work,
        workflow,
        cause_of(series),
        said_of(series, limit_bp),
        number_of_round=round_.number,
        because=because,
    )
