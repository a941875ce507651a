"""Read-only: what the digest and a report show."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.agreement import Agreement, agreement_of
from bot.domain.bands import Claim, by_confidence, claims_of, threshold
from bot.domain.breaches import Breach
from bot.domain.digests import KINDS, figures_of
from bot.domain.evidence import Uncounted, error_rate, judged_later
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind
from bot.domain.record import Kind
from bot.domain.registry import WorkflowState
from bot.domain.rounds import DrawnItem, Grade, Round
from bot.domain.trend import ROUNDS, Point, by_category, smoothed
from bot.domain.vigilance import Vigilance, corrected, vigilance_of
from bot.rendering import views
from bot.usecases.steps.looks import both_looks
from bot.usecases.steps.proofs import proof_of
from bot.usecases.steps.results import result_in
from store.overview import Coverage
from store.reading import Reading

_BREACHES: Final = 5


def _digest(reading: Reading, message: Message) -> views.Digest:
    written = reading.log.entry(message.entry)
    before = reading.log.entry(written.prior or 0)
    figures = figures_of(reading.log.between(before.seq, written.seq, KINDS))
    everything = reading.workflows.all()
    live = [each for each in everything if each.state is WorkflowState.LIVE]
    now = datetime.fromisoformat(written.ts)
    owed = [each for each in reading.obligations.all_open() if each.is_overdue(now)]
    keys = [each.key for each in live]
    # A workflow of which nothing was closed since the last digest stands where it stood. What was
    # closed at this very moment is in the figures if it came before.
    stood = reading.overview.last_grades(keys, now - timedelta(microseconds=1))
    grades = {**stood, **dict(figures.grades)}
    return views.Digest(
        since=datetime.fromisoformat(before.ts),
        figures=replace(figures, grades=tuple((e, grades[e]) for e in sorted(keys) if e in grades)),
        live=len(live),
        ungraded=tuple(each for each in sorted(keys) if each not in grades),
        stopped=tuple(
            views.Stopped(each.key, each.gate.state)
            for each in live
            if each.gate.state is not GateState.RUN
        ),
        overdue=tuple(views.Overdue(each.kind, each.workflow, each.subject) for each in owed),
        open_breaches=int(str(written.facts["open"])),
        trend=_trend_of(reading, figures.most_wrong) if figures.most_wrong else None,
        proof=proof_of(reading, written.seq),
    )


def _report(reading: Reading, message: Message) -> views.Report:
    key = message.workflow
    rounds = _rounds(reading, key)
    trend = _trend(reading, key, rounds)
    rates = by_category(_even_by_category(reading, rounds))
    oldest = min(each.closed_at or each.period_end for each in rounds)
    before = oldest - timedelta(microseconds=1)
    coverage = reading.overview.coverage({key}, before).get(key, Coverage(0, 0))
    return views.Report(
        workflow=key,
        gate=reading.workflows.get(key).gate.state,
        newest=trend.points[-1],
        smoothed=trend.line[-1],
        limit_bp=trend.points[-1].limit_bp,
        in_time=coverage.in_time,
        asked=coverage.asked,
        open_breaches=len(reading.breaches.not_closed(key)),
        breaches=tuple(_reported(reading, each) for each in reading.breaches.last(key, _BREACHES)),
        agreed=_agreed(reading, rounds),
        noticed=_noticed(reading, rounds, trend.line[-1]),
        confidence=_confidence(reading, rounds, trend.points[-1].limit_bp),
        later=_later(reading, rounds),
        rates=rates,
        trend=trend,
        categories=views.CategoryChart(key, rates) if rates else None,
        proof=proof_of(reading, message.entry),
    )


def _reported(reading: Reading, breach: Breach) -> views.ReportedBreach:
    decided = reading.log.last_of(Kind.DECISION_RECORDED, breach.name) if breach.decision else None
    return views.ReportedBreach(
        number=breach.number,
        cause=breach.cause,
        state=breach.state,
        opened_at=breach.opened_at,
        decision=breach.decision,
        decided_at=datetime.fromisoformat(decided.ts) if decided else None,
    )


def _agreed(reading: Reading, rounds: Iterable[Round]) -> views.Agreed:
    """Give how far the two looks at these rounds agree, each by the policy it was opened under."""
    counted = Agreement()
    for each in rounds:
        policy = reading.workflows.policy(each.workflow, each.policy)
        counted += agreement_of(*both_looks(reading, each), policy.error_whys)
    return views.Agreed(counted, *counted.range)


def _noticed(reading: Reading, rounds: Iterable[Round], rate: float | None) -> views.Noticed:
    """Give what of what was planted in these rounds was found, each by the policy it was under."""
    seen = Vigilance()
    for each in rounds:
        mixed_in = len(reading.plants.of_round(each.workflow, each.number))
        if mixed_in:
            policy = reading.workflows.policy(each.workflow, each.policy)
            items = reading.plants.items(each.workflow, each.number)
            seen += vigilance_of(items, mixed_in, policy.error_whys)
    return views.Noticed(seen, seen.at_least, corrected(rate, seen))


def _confidence(
    reading: Reading, rounds: Mapping[Round, tuple[DrawnItem, ...]], limit_bp: int
) -> views.Confidence:
    """Give the errors of these rounds by confidence, and a threshold where the draws allow one."""
    claims: list[Claim] = []
    is_even = True
    for each, items in rounds.items():
        policy = reading.workflows.policy(each.workflow, each.policy)
        claims += claims_of(items, policy.error_whys)
        is_even = is_even and not policy.floor
    bands = by_confidence(claims)
    return views.Confidence(bands, threshold(bands, limit_bp) if is_even else None, is_even)


def _even_by_category(
    reading: Reading, rounds: Mapping[Round, tuple[DrawnItem, ...]]
) -> Iterator[DrawnItem]:
    """Give what was drawn evenly within each category: not what bands of confidence chose."""
    for each, items in rounds.items():
        if not reading.workflows.policy(each.workflow, each.policy).is_by_band:
            yield from items


def _later(reading: Reading, rounds: Mapping[Round, tuple[DrawnItem, ...]]) -> Uncounted:
    counted = (
        judged_later(items, reading.workflows.policy(each.workflow, each.policy))
        for each, items in rounds.items()
    )
    return sum(counted, start=Uncounted())


def _rounds(reading: Reading, key: str) -> Mapping[Round, tuple[DrawnItem, ...]]:
    """Give the newest closed rounds, oldest first, with what was drawn in each."""
    closed = reading.rounds.closed(key, ROUNDS)
    return {each: reading.rounds.items(key, each.number) for each in closed}


def _trend_of(reading: Reading, key: str) -> views.TrendChart:
    return _trend(reading, key, _rounds(reading, key))


def _trend(
    reading: Reading, key: str, rounds: Mapping[Round, tuple[DrawnItem, ...]]
) -> views.TrendChart:
    points = tuple(_point(reading, each, items) for each, items in rounds.items())
    return views.TrendChart(key, points, smoothed(points))


def _point(reading: Reading, round_: Round, items: tuple[DrawnItem, ...]) -> Point:
    policy = reading.workflows.policy(round_.workflow, round_.policy)
    result = result_in(reading, round_, policy, items)
    return Point(
        round=round_.number,
        dated=round_.drawn_at or round_.period_end,
        judged=result.judged,
        errors=result.errors,
        rate=error_rate(result),
        limit_bp=policy.limit_bp,
        grade=round_.grade or Grade.NOT_ENOUGH_EVIDENCE,
        points_to=round_.points_to,
    )


VIEWS: Final[Mapping[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.DIGEST: _digest,
    MessageKind.REPORT: _report,
}
