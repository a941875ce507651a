"""The verifier on concerns: each is a person's, and opens one breach, as bad as they said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bundles import Record, findings_in, sound_record

from bot.domain.record import Kind

RAISER, OTHER = "person-a", "person-b"


def raised(record: Record, by: str = RAISER, severity: str = "major", breach: int = 1) -> int:
    facts = {"workflow": "triage", "breach": breach, "severity": severity, "named": True}
    words = {"words": "It is rude."}
    return record.add(Kind.CONCERN_RAISED, f"concern/triage/{breach}", facts, words, actor=by)


def opened(
    record: Record, prior: int | None, breach: int = 1, by: str = RAISER, **changed: object
) -> None:
    facts: dict[str, object] = {"workflow": "triage", "breach": breach, "cause": "concern raised"}
    facts |= {"critical": False, **changed}
    record.add(Kind.BREACH_OPENED, f"breach/triage/{breach}", facts, actor=by, prior=prior)


def test_a_concern_that_opens_its_breach_is_sound(tmp_path: Path) -> None:
    record = sound_record()
    opened(record, raised(record))
    opened(record, raised(record, OTHER, "critical", 2), 2, OTHER, critical=True)
    opened(record, None, 3, "system", cause="no outputs reported")
    assert findings_in(record, tmp_path) == ""


def by_the_bot(record: Record) -> None:
    opened(record, raised(record, "system"), by="system")


def without_words(record: Record) -> None:
    facts = {"workflow": "triage", "breach": 1, "severity": "minor", "named": True}
    opened(record, record.add(Kind.CONCERN_RAISED, "concern/triage/1", facts, actor=RAISER))


def as_bad_as_nothing(record: Record) -> None:
    opened(record, raised(record, severity="awful"))


def by_nobody(record: Record) -> None:
    opened(record, None)


def twice(record: Record) -> None:
    seq = raised(record)
    opened(record, seq)
    opened(record, seq)


def of_another_workflow(record: Record) -> None:
    opened(record, raised(record), workflow="replies")


def by_another(record: Record) -> None:
    opened(record, raised(record), by=OTHER)


def under_another_name(record: Record) -> None:
    opened(record, raised(record), cause="no outputs reported")


def played_down(record: Record) -> None:
    opened(record, raised(record, severity="critical"))


def played_up(record: Record) -> None:
    opened(record, raised(record), critical=True)


def let_drop(record: Record) -> None:
    raised(record)


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (by_the_bot, "no person raised"),
        (without_words, "without words"),
        (as_bad_as_nothing, "no known severity: awful"),
        (by_nobody, "nobody raised, or that opened another"),
        (twice, "nobody raised, or that opened another"),
        (of_another_workflow, "nobody raised, or that opened another"),
        (by_another, "nobody raised, or that opened another"),
        (under_another_name, "nobody raised, or that opened another"),
        (played_down, "not as bad as who raised the concern said"),
        (played_up, "not as bad as who raised the concern said"),
        (let_drop, "for which no breach was opened"),
    ],
)
def test_i5_a_concern_that_was_tampered_with_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = sound_record()
    tampered(record)
    assert finding in findings_in(record, tmp_path)
