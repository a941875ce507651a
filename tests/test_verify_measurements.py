"""The verifier on what was measured: each value past its limit has its breach, and no other."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from bundles import PLAN, Record, Signer, audit, decide, export, introduce, see_to, step

from bot.domain.policy import policy_facts
from bot.domain.record import Kind

KEY: Final = Signer().vkey()
LIMIT: Final = {"name": "latency", "direction": "at most", "bound": "2.5", "every": "hour"}


def at(minute: int) -> str:
    return f"2026-11-02T09:{minute:02}:00.000000Z"


def measured(**changed: str) -> Record:
    """Give a record with a policy that has one limit."""
    record = Record()
    record.add(Kind.LOG_STARTED, "workspace/T1", {"clock": "system"})
    introduce(record, "person-b", "U0B")
    facts = {"workflow": "triage", **policy_facts(PLAN), "limits": [LIMIT | changed]}
    record.add(Kind.POLICY_CHANGED, "workflow/triage", facts)
    return record


def take(record: Record, minute: int, value: str, name: str = "latency") -> None:
    """Have a value taken in the minute in which it was observed."""
    facts: dict[str, object] = {"workflow": "triage", "values": [[name, value, at(minute)]]}
    record.add(Kind.MEASUREMENTS_RECEIVED, "workflow/triage", facts, ts=at(minute))


def breach(record: Record, minute: int, number: int = 1, **changed: object) -> None:
    facts: dict[str, object] = {
        "workflow": "triage",
        "breach": number,
        "cause": "limit exceeded",
        "critical": False,
        "measurement": "latency",
        "value": "3",
        "direction": "at most",
        "bound": "2.5",
        "observed_at": at(minute),
    }
    record.add(Kind.BREACH_OPENED, f"breach/triage/{number}", facts | changed, ts=at(minute))


def silence(record: Record, minute: int, since: int, due: int, number: int = 1) -> None:
    cause = "no measurement reported"
    breach(record, minute, number, cause=cause, since=at(since), due_at=at(due))


def close(record: Record, minute: int, number: int = 1) -> None:
    """Have somebody answer for a breach to its end, all in this minute."""
    first = len(record.entries)
    step(record, Kind.BREACH_ACKNOWLEDGED, number)
    decide(record, "continue", number)
    see_to(record, "continue", number)
    step(record, Kind.BREACH_CLOSED, number)
    record.entries[first:] = [replace(each, ts=at(minute)) for each in record.entries[first:]]


def found(record: Record, folder: Path) -> list[str]:
    return [sentence for _, sentence in audit(export(record, early=()), folder, KEY).findings]


def sound() -> Record:
    record = measured()
    take(record, 1, "2.5")
    take(record, 2, "3")
    breach(record, 2)
    take(record, 3, "2.50001")
    silence(record, 8, since=3, due=7, number=2)
    close(record, 9)
    take(record, 10, "1")
    take(record, 11, "3")
    breach(record, 11, number=3)
    close(record, 12, number=2)
    silence(record, 14, since=11, due=14, number=4)
    return record


def test_a_record_in_which_all_that_was_measured_is_answered_for_is_sound(tmp_path: Path) -> None:
    assert found(sound(), tmp_path) == []


def _unbacked(record: Record) -> None:
    take(record, 1, "2.4")
    breach(record, 1)


def _invented(record: Record) -> None:
    take(record, 1, "2.9")
    breach(record, 1)


def _of_another_time(record: Record) -> None:
    take(record, 1, "3")
    breach(record, 1, observed_at=at(0))


def _late(record: Record) -> None:
    take(record, 1, "3")
    breach(record, 2, observed_at=at(1))


def _hidden(record: Record) -> None:
    take(record, 1, "3")


def _hidden_behind_another(record: Record) -> None:
    take(record, 1, "9")
    take(record, 2, "3")
    breach(record, 2)


def _loosened(record: Record) -> None:
    take(record, 1, "3")
    breach(record, 1, bound="2.9")


def _doubled(record: Record) -> None:
    for minute, number in ((1, 1), (2, 2)):
        take(record, minute, "3")
        breach(record, minute, number)


def _unheard_of(record: Record) -> None:
    take(record, 1, "3", name="speed")


def _heard(record: Record) -> None:
    take(record, 2, "1")
    silence(record, 5, since=1, due=4)


def _early(record: Record) -> None:
    silence(record, 3, since=1, due=4)


def _no_number(record: Record) -> None:
    take(record, 1, "1e9999999")


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_unbacked, "is no breach: no value of latency past its limit was taken then"),
        (_invented, "is no breach: no value of latency past its limit was taken then"),
        (_of_another_time, "is no breach: no value of latency past its limit was taken then"),
        (_late, "takes 3 for latency, past its limit, and is no breach"),
        (_hidden, "takes 3 for latency, past its limit, and is no breach"),
        (_hidden_behind_another, "takes 9 for latency, past its limit, and is no breach"),
        (_loosened, "names another limit of latency than its policy"),
        (_doubled, "is a second breach “limit exceeded” of latency while one stands"),
        (_unheard_of, "takes a value of speed, of which its policy says nothing"),
        (_heard, "says that nothing was reported, but entry 3 took a value"),
        (_early, "says that nothing was reported before anything was due"),
        (_no_number, "compares 1e9999999 with 2.5, which are not both numbers"),
    ],
)
def test_i6_what_does_not_fit_what_was_measured_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = measured()
    tampered(record)
    assert any(finding in each for each in found(record, tmp_path))


def test_a_lower_bound_is_passed_from_above(tmp_path: Path) -> None:
    record = measured(direction="at least")
    take(record, 1, "3")
    take(record, 2, "2.4")
    assert found(record, tmp_path) == ["takes 2.4 for latency, past its limit, and is no breach"]
