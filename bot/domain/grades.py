"""How a round is graded by all that is known with it, and what that grade is about."""

from bot.domain.detector import ALARM, DRIFT, WATCH, weighted_errors, weighted_overrides
from bot.domain.evidence import Result, grade
from bot.domain.figures import WHOLE_BP
from bot.domain.rounds import Grade
from bot.domain.series import (
    DRIFTED,
    OVERRIDES,
    OVERRIDES_BP,
    UNANSWERED,
    Series,
    category_of,
)


def grade_in(series: Series, result: Result, limit_bp: int) -> Grade:
    """Grade a round that belongs to a series and is in it."""
    known = series.evidence, series.drift.evidence, series.doubted
    return graded(result, limit_bp, *known)


def graded(
    result: Result, limit_bp: int, evidence: float, drift: float = 0.0, doubt: float = 0.0
) -> Grade:
    """Grade a round by all that is known with it: what is proven against it comes first.

    One of which nothing was judged proves nothing, whatever others do. A drift takes back no proof
    that a round is within its limit, or leaving errors unanswered would be the way to keep it. A
    doubt does, as what is missing counts in it: else who leaves errors unanswered would be lucky
    once in a while, where who answers them is watched.
    """
    alone = grade(result, limit_bp)
    if not result.judged:
        return alone
    if evidence >= WATCH:
        return Grade.BREACH if evidence >= ALARM else Grade.WATCH
    if doubt >= WATCH and alone is Grade.WITHIN_LIMIT:
        return Grade.NOT_ENOUGH_EVIDENCE
    is_drift = drift >= DRIFT and alone is Grade.NOT_ENOUGH_EVIDENCE
    return Grade.WATCH if is_drift else alone


def points_to(series: Series, result: Result, limit_bp: int) -> str:
    """Give what a judged round of a series points to, or nothing.

    That is the leading strand; or what was left unanswered, where that takes back what the round
    proves by itself; or the drift.
    """
    if not result.judged:
        return ""
    if series.evidence >= WATCH:
        return series.leading.about
    if series.doubted >= WATCH and grade(result, limit_bp) is Grade.WITHIN_LIMIT:
        return UNANSWERED
    return DRIFTED if series.drift.evidence >= DRIFT else ""


def speaks_against(about: str, result: Result, limit_bp: int, baseline_bp: int) -> bool:
    """Tell whether a judged round by itself takes back from what it points to.

    So it is where the share of its own that was bad is at most what it is held against: then it is
    less likely at any worse rate, and what gathered stems from the rounds before it. What was left
    unanswered gathers nothing that could be taken back.
    """
    if about == UNANSWERED:
        return False
    if category := category_of(about):
        counts = [each for each in result.categories if each.category == category]
        judged = sum(each.judged for each in counts)
        bad = sum(count * weight for each in counts for count, weight in each.bad)
    else:
        weighted = weighted_overrides if about == OVERRIDES else weighted_errors
        judged, bad = result.judged, sum(count * weight for count, weight in weighted(result))
    held_against = {
        DRIFTED: min(baseline_bp, limit_bp),
        OVERRIDES: max(limit_bp, OVERRIDES_BP),
    }
    return judged > 0 and bad <= judged * held_against.get(about, limit_bp) / WHOLE_BP
