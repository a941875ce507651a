"""The verifier on digests: each begins where the last one ended, and adds up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bundles import Record, findings_in, sound_record

from bot.domain.record import Kind

NAME = "digest/T0"
NOTHING = dict.fromkeys(
    ("rounds", "judged", "errors", "overrides", "critical", "breaches", "changes"), 0
)


def placed(record: Record) -> int:
    facts = {"channel": "C0", "cadence": "FREQ=WEEKLY", "zone": "UTC"}
    return record.add(Kind.DIGEST_PLACED, NAME, facts, actor="person-a")


def written(record: Record, prior: int | None, **sums: int) -> int:
    standing = sum(entry.kind == Kind.BREACH_OPENED for entry in record.entries)
    facts = {"channel": "C0", **NOTHING, "open": standing, **sums}
    return record.add(Kind.DIGEST_WRITTEN, NAME, facts, prior=prior)


def opened(record: Record, breach: int = 1) -> None:
    facts: dict[str, object] = {"workflow": "triage", "breach": breach}
    facts |= {"cause": "no outputs reported", "critical": False}
    record.add(Kind.BREACH_OPENED, f"breach/triage/{breach}", facts)


def test_digests_that_follow_each_other_and_add_up_are_sound(tmp_path: Path) -> None:
    record = sound_record()
    first = written(record, placed(record))
    opened(record)
    placed(record)
    written(record, first, breaches=1)
    record.add(Kind.DIGEST_STOPPED, NAME, {}, actor="person-a")
    opened(record, 2)
    written(record, placed(record))
    assert findings_in(record, tmp_path) == ""


def a_breach_left_out(record: Record) -> None:
    begin = placed(record)
    opened(record)
    written(record, begin)


def a_breach_called_settled(record: Record) -> None:
    begin = placed(record)
    opened(record)
    written(record, begin, breaches=1, open=0)


def a_gap(record: Record) -> None:
    begin = placed(record)
    written(record, begin)
    written(record, begin)


def never_placed(record: Record) -> None:
    written(record, None)


def after_the_stop(record: Record) -> None:
    begin = placed(record)
    record.add(Kind.DIGEST_STOPPED, NAME, {}, actor="person-a")
    written(record, begin)


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (a_breach_left_out, "a digest that the record does not come to: breaches"),
        (a_breach_called_settled, "a digest that the record does not come to: open"),
        (a_gap, "does not begin where the last one ended"),
        (never_placed, "does not begin where the last one ended"),
        (after_the_stop, "does not begin where the last one ended"),
    ],
)
def test_i6_a_digest_that_hides_something_is_found(
    tmp_path: Path, tamper: Callable[[Record], None], sentence: str
) -> None:
    record = sound_record()
    tamper(record)
    assert sentence in findings_in(record, tmp_path)
