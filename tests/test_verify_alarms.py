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
from bot.domain import detector
from bot.domain.breaches import Cause
from bot.domain.record import Kind

WRONG = 5
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


def opened(record: Record, prior: int, breach: int = 1) -> None:
    open_breach(record, breach, **CAUSE)
    record.entries[-1] = replace(record.entries[-1], prior=prior)


def test_the_verifier_knows_the_detector_of_the_product() -> None:
    alarms = verify.Alarms
    assert alarms.WORSE == detector.WORSE
    assert (alarms.START, alarms.WATCH, alarms.ALARM) == (
        detector.HEAD_START,
        detector.WATCH,
        detector.ALARM,
    )
    assert alarms.CAUSE == Cause.ERROR_RATE


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
