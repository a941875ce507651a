"""The verifier on rounds: what they come to is what their verdicts say (I5, I6, I8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import (
    OUTPUTS,
    PLAN,
    Record,
    accept,
    close_round,
    draw_round,
    drawn_in,
    findings_in,
    introduce,
    judge,
    judge_all,
    open_critical,
    open_round,
    owe,
    register,
    set_policy,
    sound_record,
)
from hypothesis import given
from hypothesis import strategies as st

from bot import verify
from bot.domain import evidence, proving
from bot.domain.record import Kind
from bot.domain.sampling import allocate
from bot.domain.verdicts import Answer, Severity, Why


def drawn() -> Record:
    """Give a sound record with a second round, drawn; it drew six outputs."""
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2)
    return record


def judged(record: Record, *whys: str, severity: str = "minor") -> None:
    """Have all outputs of round 2 judged at once: the first ones wrong, for these whys."""
    outputs, ts = drawn_in(record, 2), record.entries[-1].ts
    for place, output in enumerate(outputs):
        judge(record, output, whys[place] if place < len(whys) else "", severity, 2, ts=ts)
    if severity == "critical":
        open_critical(record, outputs[: len(whys)], 2)


def test_the_verifier_knows_the_verdicts_of_the_product() -> None:
    assert {str(each) for each in Answer} - {Answer.SKIPPED} == verify.ANSWERS
    assert {str(each) for each in Why} == verify.WHYS
    assert {str(each) for each in Severity} == verify.SEVERITIES
    assert (verify.CONFIDENCE, float(verify.MOST_MISSING)) == (
        proving.CONFIDENCE,
        evidence.MOST_MISSING,
    )


def test_i8_a_round_that_says_what_its_verdicts_say_is_sound(tmp_path: Path) -> None:
    record = drawn()
    judged(record, "error", "preference", severity="critical")
    close_round(record, 2, errors=1, overrides=2, critical=2)
    assert findings_in(record, tmp_path) == ""


def test_i8_what_comes_late_is_in_no_figure_but_told_as_late(tmp_path: Path) -> None:
    record = drawn()
    judge(record, drawn_in(record, 2)[0], number=2)
    close_round(record, 2, judged=1, missing=5)
    record.entries[-1] = replace(record.entries[-1], policy=1)
    for output in drawn_in(record, 2)[1:]:
        late(record, output)
    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize(("grade", "is_found"), [("within_limit", 0), ("not_enough_evidence", 1)])
def test_i8_what_proves_the_limit_is_graded_so(tmp_path: Path, grade: str, is_found: int) -> None:
    record = Record()
    record.add(Kind.LOG_STARTED, "workspace/T1", {"clock": "system"})
    introduce(record, "person-a", "U0A")
    register(record)
    set_policy(record, replace(PLAN, limit_bp=5_000))  # six without an error prove 39 %
    accept(record)
    open_round(record)
    draw_round(record, outputs=tuple((name, "plain") for name, _ in OUTPUTS))
    judge_all(record)
    close_round(record, grade=grade)
    assert findings_in(record, tmp_path).count("grades round 1 of triage") == is_found


def late(record: Record, output: str, *, is_late: bool = True) -> None:
    judge(record, output, number=2)
    entry = record.entries[-1]
    record.entries[-1] = replace(entry, facts={**entry.facts, "late": is_late})


@pytest.mark.parametrize(
    ("figure", "said"),
    [("drawn", 5), ("judged", 5), ("missing", 1), ("errors", 0), ("overrides", 1), ("critical", 0)],
)
def test_i8_a_figure_that_the_verdicts_do_not_say_is_found(
    tmp_path: Path, figure: str, said: int
) -> None:
    record = drawn()
    judged(record, "error", "preference", severity="critical")
    close_round(record, 2, **{"errors": 1, "overrides": 2, "critical": 2, figure: said})
    assert f"says {figure}: {said}, but its verdicts say" in findings_in(record, tmp_path)


def _praised(record: Record) -> None:
    judged(record)
    close_round(record, 2, grade="within_limit")


def _accused(record: Record) -> None:
    judged(record, "error")
    close_round(record, 2, errors=1, overrides=1, grade="breach")


def _praised_unseen(record: Record) -> None:
    close_round(record, 2, judged=0, missing=6, grade="within_limit")


@pytest.mark.parametrize("tampered", [_praised, _accused, _praised_unseen])
def test_i8_a_grade_that_the_verdicts_do_not_say_is_found(
    tmp_path: Path, tampered: Callable[[Record], None]
) -> None:
    record = drawn()
    tampered(record)
    assert "grades round 2 of triage" in findings_in(record, tmp_path)


def _under_a_softer_policy(record: Record) -> None:
    judged(record, "error")
    set_policy(record, replace(PLAN, number=2, error_whys=(Why.POLICY,)), ("error_whys",))
    close_round(record, 2, overrides=1)
    record.entries[-1] = replace(record.entries[-1], policy=2)


def _not_drawn(record: Record) -> None:
    undrawn = next(name for name, _ in OUTPUTS if name not in drawn_in(record, 2))
    judge(record, undrawn, number=2)


def _of_no_round(record: Record) -> None:
    judge(record, "output-00", number=9)


def _judged_again(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], "error", number=2)
    judge(record, drawn_in(record, 2)[0], number=2)


def _backdated(record: Record) -> None:
    close_round(record, 2, judged=0, missing=6)
    late(record, drawn_in(record, 2)[0], is_late=False)


def _put_off(record: Record) -> None:
    late(record, drawn_in(record, 2)[0])


def _closed_again(record: Record) -> None:
    judged(record)
    close_round(record, 2)
    close_round(record, 2)


def _by_nobody(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], number=2, actor="system", role="system")


def _unexplained(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], "mood", number=2)


def _answered_in_part(record: Record) -> None:
    judge(record, drawn_in(record, 2)[0], number=2)
    owe(record, "answered", owed="review/triage/2")


def _looked_at_again_in_part(record: Record) -> None:
    judged(record)
    owe(record, "opened", owed="second-review/triage/2")
    look_again(record, 1)
    owe(record, "answered", owed="second-review/triage/2")


def look_again(record: Record, count: int) -> None:
    """Have person-b take the second look at so many of the two outputs."""
    facts = [each.facts for each in record.entries if each.kind == Kind.ROUND_DRAWN][-1]
    second = facts["second"]
    assert isinstance(second, list)
    for output in second[:count]:
        said: dict[str, object] = {"workflow": "triage", "round": 2, "output": output}
        by = {"actor": "person-b", "role": "backup"}
        given = said | {"answer": "correct"}
        record.add(Kind.SECOND_VERDICT_RECORDED, "round/triage/2", given, **by)


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_under_a_softer_policy, "under another policy than it was opened with"),
        (_not_drawn, "which round 2 of triage has not drawn"),
        (_of_no_round, "which round 9 of triage has not drawn"),
        (_judged_again, "of round 2 of triage a second verdict"),
        (_backdated, "says falsely whether it came before round 2 of triage was closed"),
        (_put_off, "says falsely whether it came before round 2 of triage was closed"),
        (_closed_again, "closes round 2 of triage a second time"),
        (_by_nobody, "is a verdict that no person gives"),
        (_unexplained, "is a verdict without its why and severity"),
        (_answered_in_part, "answers review/triage/2, of which outputs have no verdict"),
        (_looked_at_again_in_part, "answers second-review/triage/2, of which outputs have no"),
    ],
)
def test_i8_what_no_review_can_be_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = drawn()
    tampered(record)
    assert finding in findings_in(record, tmp_path)


def test_a_second_look_that_is_answered_in_full_is_sound(tmp_path: Path) -> None:
    record = drawn()
    judged(record)
    owe(record, "opened", owed="second-review/triage/2")
    look_again(record, 2)
    owe(record, "answered", owed="second-review/triage/2")
    assert findings_in(record, tmp_path) == ""


@given(
    sizes=st.dictionaries(st.sampled_from("abcd"), st.integers(1, 60), min_size=1),
    floor=st.integers(1, 12),
    sample=st.integers(1, 40),
    wrong=st.floats(0, 1),
)
def test_i8_the_verifier_reaches_the_same_bound_as_the_product(
    sizes: dict[str, int], floor: int, sample: int, wrong: float
) -> None:
    categories = {f"{name}-{n:02}": name for name, size in sizes.items() for n in range(size)}
    left, names = dict(allocate(sizes, sample, floor)), []
    for name, category in categories.items():
        if left[category]:
            left[category] -= 1
            names.append(name)
    bad = set(names[: round(wrong * len(names))])
    strata = tuple(
        evidence.Stratum(
            size,
            sum(categories[each] == name for each in names),
            sum(categories[each] == name for each in bad),
        )
        for name, size in sorted(sizes.items())
    )
    is_weighted = len(strata) > 1
    result = evidence.Result(len(names), len(names), len(bad), 0, 0, strata if is_weighted else ())
    share = verify.worst_share(categories, names, bad)
    assert share == pytest.approx(evidence.rate_bound(result), abs=1e-9)
