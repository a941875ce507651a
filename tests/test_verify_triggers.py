"""The verifier on what is asked besides a draw: as agreed, answered, and counted nowhere (I8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    OUTPUTS,
    PLAN,
    Record,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    judge_all,
    open_critical,
    open_round,
    owe,
    set_policy,
    sound_record,
)

from bot.domain.record import Kind

ASKING = replace(PLAN, number=2, trigger_below_bp=6_000, trigger_first=1, trigger_most=2)


def spare() -> list[str]:
    """Give what the second round does not draw, by name."""
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    return [name for name, _ in OUTPUTS if name not in drawn_in(record, 2)]


def drawn_with(*triggered: tuple[str, str, str]) -> Record:
    """Give a record of a second round that asks for these besides its draw."""
    record = sound_record()
    set_policy(record, ASKING)
    seq = open_round(record, 2)
    record.entries[seq] = replace(record.entries[seq], policy=2)
    seq = draw_round(record, 2, triggered=[list(each) for each in triggered])
    record.entries[seq] = replace(record.entries[seq], policy=2)
    return record


def say(record: Record, output: str, answer: str = "correct", why: str = "", how: str = "") -> int:
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": output}
    facts |= {"answer": answer} | ({"why": why, "severity": how} if why else {})
    words = {"reason": "The link is dead."} if answer == "skipped" else None
    by = {"actor": "person-a", "role": "owner"}
    return record.add(Kind.TRIGGERED_JUDGED, "round/triage/2", facts, words, policy=2, **by)


def end(record: Record, **figures: object) -> Record:
    judge_all(record, 2)
    owe(record, "answered", owed="review/triage/2")
    close_round(record, 2, **figures)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts, policy=2)
    return record


def two() -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    one, other, *_ = spare()
    return (one, "confidence", "0.41"), (other, "model version", "")


def test_what_is_asked_besides_a_draw_and_answered_is_sound(tmp_path: Path) -> None:
    first, second = two()
    record = drawn_with(first, second)
    say(record, first[0], "wrong", "error", "major")
    say(record, second[0], "skipped")
    assert findings_in(end(record), tmp_path) == ""


def test_i8_what_is_counted_in_a_figure_of_the_round_is_found(tmp_path: Path) -> None:
    first, _ = two()
    record = drawn_with(first)
    say(record, first[0], "wrong", "error", "major")
    found = findings_in(end(record, errors=1, overrides=1), tmp_path)
    assert "says errors: 1, but its verdicts say 0" in found


def test_i8_a_verdict_of_the_draw_on_it_is_found(tmp_path: Path) -> None:
    first, _ = two()
    record = drawn_with(first)
    say(record, first[0])
    facts: dict[str, object] = {"workflow": "triage", "round": 2, "output": first[0]}
    facts |= {"answer": "correct", "late": False}
    record.add(
        Kind.VERDICT_RECORDED, "round/triage/2", facts, actor="person-a", role="owner", policy=2
    )
    found = findings_in(end(record), tmp_path)
    assert f"is a verdict on {first[0]}, which round 2 of triage has not drawn" in found


def test_i1_one_without_an_answer_is_found(tmp_path: Path) -> None:
    first, second = two()
    record = drawn_with(first, second)
    say(record, first[0])
    found = findings_in(end(record), tmp_path)
    assert f"answers its review without {second[0]}, asked besides the draw" in found


def test_an_answer_to_what_is_not_asked_or_a_second_one_is_found(tmp_path: Path) -> None:
    first, second = two()
    record = drawn_with(first)
    for output in (first[0], first[0], second[0]):
        say(record, output)
    found = findings_in(record, tmp_path)
    assert found.count("which is not asked besides the draw of round 2 of triage") == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("correct", "error", "minor"), "without its why and severity, or one that has none"),
        (("wrong", "", ""), "without its why and severity, or one that has none"),
        (("skipped", "error", "minor"), "without its why and severity, or one that has none"),
        (("fine", "", ""), "is a verdict that no person gives"),
    ],
)
def test_an_answer_that_cannot_be_is_found(
    said: tuple[str, str, str], sentence: str, tmp_path: Path
) -> None:
    first, _ = two()
    record = drawn_with(first)
    say(record, first[0], *said)
    assert sentence in findings_in(record, tmp_path)


def test_one_that_cannot_be_judged_has_its_reason(tmp_path: Path) -> None:
    first, _ = two()
    record = drawn_with(first)
    seq = say(record, first[0], "skipped")
    facts = {name: fact for name, fact in record.entries[seq].facts.items() if name != "reason_c"}
    record.entries[seq] = replace(record.entries[seq], facts=facts)
    record.openings = [each for each in record.openings if each["seq"] != seq]
    found = findings_in(record, tmp_path)
    assert f"says of {first[0]} that it cannot be judged, without why" in found


def test_a_critical_one_is_in_a_breach_at_once(tmp_path: Path) -> None:
    first, _ = two()
    silent, told = drawn_with(first), drawn_with(first)
    for record in (silent, told):
        say(record, first[0], "wrong", "error", "critical")
    open_critical(told, [first[0]], of_round=2)
    told.entries[-1] = replace(told.entries[-1], policy=2)
    sentence = f"judges {first[0]} critical, and no breach was opened for it"
    assert sentence in findings_in(end(silent), tmp_path / "silent")
    assert findings_in(end(told), tmp_path / "told") == ""


def test_i7_what_no_trigger_of_the_policy_names_is_found(tmp_path: Path) -> None:
    one, other, third, *_ = spare()
    record = drawn_with((one, "confidence", "0.6"), (other, "because", ""))
    found = findings_in(record, tmp_path)
    assert found.count("which no trigger names") == 2
    many = drawn_with(*((each, "confidence", "0.1") for each in (one, other, third)))
    assert "asks for 3 outputs besides the draw, not 2 at most" in findings_in(
        many, tmp_path / "many"
    )


def test_i7_what_was_drawn_or_never_reported_is_not_asked_besides(tmp_path: Path) -> None:
    drawn = drawn_in(drawn_with(), 2)[0]
    found = findings_in(drawn_with((drawn, "confidence", "0.1")), tmp_path)
    assert "asks besides the draw for what was drawn, or twice for the same" in found
    foreign = findings_in(drawn_with(("other", "confidence", "0.1")), tmp_path / "other")
    assert "other is asked besides the draw of round 2 of triage, and is not of it" in foreign
