"""The verifier on what many rounds prove: it is graded so, and is a breach (I6, I8, I9)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    judge,
    open_breach,
    open_round,
    sound_record,
)

from bot import verify
from bot.domain import baseline, detector, series
from bot.domain.breaches import Cause
from bot.domain.plans import MAX_SAMPLE
from bot.domain.policy import LimitBasis
from bot.domain.record import Kind

WRONG = 5
WATCHED = 4
CAUSE = {"cause": "error rate above the limit"}


def judged(record: Record, number: int = 2, wrong: int = WRONG) -> None:
    """Draw one more round and judge it: so many of six are wrong, of a limit of 5 %."""
    open_round(record, number)
    draw_round(record, number)
    for place, output in enumerate(drawn_in(record, number)):
        judge(record, output, "error" if place < wrong else "", number=number)


def proven(record: Record, number: int = 2, **changed: object) -> int:
    """Close such a round as the breach that it proves."""
    said = {"errors": WRONG, "overrides": WRONG, "grade": "breach"}
    return close_round(record, number, **(said | changed))


def tighten(record: Record, number: int, sample: int, because: int) -> int:
    facts: dict[str, object] = {"workflow": "triage", "round": number}
    facts |= {"sample": sample, "tightened_by": because}
    return record.add(Kind.ROUND_TIGHTENED, f"round/triage/{number}", facts)


def looks_closer(record: Record) -> None:
    """Have three times as many drawn, as there is cause to."""
    watched(record)
    tighten(record, 3, 18, 2)
    draw_round(record, 3, sample=18)


def test_a_larger_draw_that_was_said_before_is_sound(tmp_path: Path) -> None:
    record = sound_record()
    looks_closer(record)
    open_round(record, 4, sample=18, tightened_by=2)
    assert findings_in(record, tmp_path) == ""


def spoil(record: Record, kind: Kind, **changed: object) -> None:
    """Make the last entry of a kind say something else."""
    at = max(seq for seq, entry in enumerate(record.entries) if entry.kind == kind)
    entry = record.entries[at]
    record.entries[at] = replace(entry, facts={**entry.facts, **changed})


def opened(record: Record, prior: int, breach: int = 1) -> None:
    open_breach(record, breach, **CAUSE)
    record.entries[-1] = replace(record.entries[-1], prior=prior)


def test_the_verifier_knows_the_detector_of_the_product() -> None:
    alarms = verify.Alarms
    assert verify.WORSE == detector.WORSE
    assert verify.BETS == detector.BETS
    assert (verify.START, verify.WATCH, verify.ALARM, verify.DRIFT) == (
        detector.HEAD_START,
        detector.WATCH,
        detector.ALARM,
        detector.DRIFT,
    )
    assert alarms.CAUSES == (Cause.ERROR_RATE, Cause.OVERRIDE_RATE)
    assert verify.WEIGHTS == {
        series.ERRORS: series.OF_ERRORS,
        series.OVERRIDES: series.OF_OVERRIDES,
    }
    assert (verify.PLACES, verify.ENOUGH_FOR_PLACE) == (series.PLACES, series.ENOUGH_FOR_PLACE)
    assert sum(verify.WEIGHTS.values()) + verify.PLACES * series.OF_CATEGORY == series.WHOLE
    assert (verify.OVERRIDES_BP, verify.OF_FIRST) == (series.OVERRIDES_BP, baseline.ROUNDS)
    assert verify.MAX_SAMPLE == MAX_SAMPLE
    assert {
        basis is LimitBasis.AVERAGE: most for basis, most in detector.MOST_DOUBT.items()
    } == verify.MOST_DOUBT


def test_a_proof_that_opened_its_breach_is_sound(tmp_path: Path) -> None:
    record = sound_record()
    judged(record)
    opened(record, proven(record))
    assert findings_in(record, tmp_path) == ""


def test_while_its_breach_stands_nothing_is_added(tmp_path: Path) -> None:
    record = sound_record()
    judged(record)
    opened(record, proven(record))
    judged(record, 3, wrong=0)
    close_round(record, 3, grade="breach")
    assert findings_in(record, tmp_path) == ""


def hushed_up(record: Record) -> None:
    judged(record)
    proven(record)


def called_fine(record: Record) -> None:
    judged(record)
    opened(record, proven(record, grade="not_enough_evidence"))


def cried_wolf(record: Record) -> None:
    judged(record, wrong=1)
    closed = close_round(record, 2, errors=1, overrides=1)
    opened(record, closed)


def out_of_nothing(record: Record) -> None:
    open_breach(record, 1, **CAUSE)


def another_figure(record: Record) -> None:
    judged(record)
    opened(record, proven(record, evidence=1_561))


def another_drift(record: Record) -> None:
    judged(record)
    opened(record, proven(record, drift=52))


def another_doubt(record: Record) -> None:
    spoil(record, Kind.ROUND_CLOSED, doubt=156)


def another_baseline(record: Record) -> None:
    judged(record)
    opened(record, proven(record, baseline_bp=100))


def blames_another(record: Record) -> None:
    judged(record)
    opened(record, proven(record, leading="overrides"))


def points_elsewhere(record: Record) -> None:
    judged(record)
    opened(record, proven(record, points_to="category odd"))


def called_otherwise(record: Record) -> None:
    judged(record)
    opened(record, proven(record))
    spoil(record, Kind.BREACH_OPENED, cause="answers mostly overridden")


def watched(record: Record) -> int:
    """Have a round graded `watch` while the one after it is open already."""
    judged(record, wrong=WATCHED)
    open_round(record, 3)
    return proven(record, errors=WATCHED, overrides=WATCHED, grade="watch")


def looks_no_closer(record: Record) -> None:
    watched(record)
    draw_round(record, 3)


def looks_no_closer_at_the_end(record: Record) -> None:
    watched(record)


def opens_small(record: Record) -> None:
    looks_closer(record)
    open_round(record, 4)


def opens_large_for_nothing(record: Record) -> None:
    open_round(record, 2, sample=18, tightened_by=1)


def opens_by_another_round(record: Record) -> None:
    looks_closer(record)
    open_round(record, 4, sample=18, tightened_by=1)


def grows_for_nothing(record: Record) -> None:
    open_round(record, 2)
    tighten(record, 2, 18, 1)


def grows_after_the_draw(record: Record) -> None:
    looks_closer(record)
    tighten(record, 3, 24, 2)


def draws_another_size(record: Record) -> None:
    watched(record)
    tighten(record, 3, 18, 2)
    draw_round(record, 3)


def forgotten_while_it_stands(record: Record) -> None:
    judged(record)
    opened(record, proven(record))
    judged(record, 3, wrong=0)
    close_round(record, 3)


@pytest.mark.parametrize(
    ("tampered", "sentence"),
    [
        (hushed_up, "no breach was opened for it"),
        (called_fine, "grades round 2 of triage not_enough_evidence"),
        (cried_wolf, "for evidence that the rounds do not give"),
        (out_of_nothing, "for evidence that the rounds do not give"),
        (another_figure, "records evidence of 1561, but the rounds give"),
        (another_drift, "records drift of 52, but the rounds give 0"),
        (another_doubt, "records doubt of 156, but the rounds give"),
        (another_baseline, "records a baseline of 100, not 0"),
        (blames_another, "says that most of the evidence is of another rate than it is"),
        (points_elsewhere, "points to category odd, which no verdicts say"),
        (called_otherwise, "is called after another rate than most of its evidence is of"),
        (looks_no_closer, "gives cause to look closer, and no more is drawn of the open round"),
        (looks_no_closer_at_the_end, "and no more is drawn of the open round"),
        (opens_small, "says for round 4 of triage a size that no record gives"),
        (opens_by_another_round, "says for round 4 of triage a size that no record gives"),
        (opens_large_for_nothing, "says for round 2 of triage a size that no record gives"),
        (grows_for_nothing, "says for round 2 of triage a size that no record gives"),
        (grows_after_the_draw, "draws no more of round 3 of triage, or more of it after its draw"),
        (draws_another_size, "is not drawn in the size that was said before its draw"),
        (forgotten_while_it_stands, "grades round 3 of triage not_enough_evidence"),
    ],
)
def test_i6_what_the_rounds_do_not_prove_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], sentence: str
) -> None:
    record = sound_record()
    assert Kind.ROUND_CLOSED in {entry.kind for entry in record.entries}
    tampered(record)
    assert sentence in findings_in(record, tmp_path)


def test_i6_a_limit_of_the_average_is_computed_as_such(tmp_path: Path) -> None:
    """What proves a limit of each round is no proof of one of the average, and the other way."""
    record = sound_record()
    spoil(record, Kind.POLICY_CHANGED, limit_basis="average")
    judged(record)
    opened(record, proven(record))
    found = findings_in(record, tmp_path)
    assert "grades round 2 of triage breach, which no verdicts say" in found
    assert "is opened for evidence that the rounds do not give" in found


def test_a_limit_of_something_else_is_not_known(tmp_path: Path) -> None:
    record = sound_record()
    spoil(record, Kind.POLICY_CHANGED, limit_basis="per_month")
    assert "has a limit per per_month, which is not known here" in findings_in(record, tmp_path)
