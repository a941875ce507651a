"""A round is drawn as large as its policy's plan gives, by the record alone (I4, I7)."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bundles import (
    PLAN,
    Record,
    audit,
    close_round,
    draw_round,
    findings_in,
    judge_all,
    open_breach,
    open_round,
    resume,
    set_gate,
    set_policy,
    sound_record,
    subset,
)

from bot import verify
from bot.domain.pace import ENOUGH_TIMED, PAUSE
from bot.domain.plans import MAX_SAMPLE
from bot.domain.policy import Overflow, Policy
from bot.domain.proving import outputs_to_prove
from bot.domain.record import Entry, Kind, body
from bot.domain.strata import FloorBy
from bot.usecases.steps.time_taken import TIMED_ROUNDS

SHARE = replace(PLAN, number=2, sample=6, share_bp=4_000, most=60)
OF_SHARE: dict[str, Any] = {"sample": 60, "usual": 60, "share_bp": 4_000, "least": 6}
MINUTES = replace(PLAN, number=2, sample=1, minutes=60, item_seconds=300)
OF_MINUTES: dict[str, Any] = {"minutes": 60, "item_seconds": 300, "timed": 0}
OF_MINUTES |= {"sample": 12, "usual": 12}


def a_share(**changed: object) -> Record:
    """Give a record with a second round, 40 % of whose 20 outputs are drawn."""
    record = sound_record()
    set_policy(record, SHARE)
    open_round(record, 2, **(OF_SHARE | changed))
    record.entries[-1] = replace(record.entries[-1], policy=2)
    return record


def drawn(record: Record, sample: int = 8) -> Record:
    draw_round(record, 2, sample=sample)
    last = next(each for each in reversed(record.entries) if each.kind == "round.drawn")
    record.entries[last.seq] = replace(last, policy=2)
    return record


def in_minutes(**changed: object) -> Record:
    """Give a record with a second round of a week, in which an hour is spent."""
    record = sound_record()
    set_policy(record, MINUTES, ("sample",))
    ends = record.entries[-1].ts
    open_round(record, 2, **(OF_MINUTES | changed))
    opened = record.entries[-1]
    ends = datetime.fromisoformat(opened.ts) + timedelta(weeks=1)
    facts = opened.facts | {"period_end": ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    record.entries[-1] = replace(opened, policy=2, facts=facts)
    return record


def of_plans(record: Record, folder: Path) -> str:
    """Give what is found besides that the weaker policy here has nobody's word."""
    told = findings_in(record, folder).splitlines()
    return "\n".join(each for each in told if "weaker in sample without" not in each)


def test_the_verifier_times_answers_as_the_bot_does() -> None:
    assert (verify.MAX_SAMPLE, verify.PAUSE) == (MAX_SAMPLE, PAUSE)
    assert (verify.TIMED, verify.TIMED_ROUNDS) == (ENOUGH_TIMED, TIMED_ROUNDS)


def test_i7_a_share_of_what_arrived_is_sound(tmp_path: Path) -> None:
    assert of_plans(drawn(a_share()), tmp_path) == ""


@pytest.mark.parametrize("sample", [6, 7, 9, 60])
def test_i7_another_share_than_was_agreed_is_found(tmp_path: Path, sample: int) -> None:
    told = of_plans(drawn(a_share(), sample), tmp_path)
    assert "round 2 of triage is not drawn as its policy says" in told
    assert "not drawn in the size that was said before its draw" in told


def test_i7_a_share_is_looked_at_in_a_part_of_the_record_too(tmp_path: Path) -> None:
    def about_two(entry: Entry) -> bool:
        return entry.kind == Kind.POLICY_CHANGED or entry.facts.get("round") == 2

    sound = audit(subset(drawn(a_share()), about_two), tmp_path / "sound")
    assert sound.findings == []
    other = audit(subset(drawn(a_share(), 9), about_two), tmp_path / "other")
    assert "is not drawn as its policy says" in str(other.findings)
    unopened = subset(drawn(a_share(), 9), lambda entry: entry.kind != Kind.ROUND_OPENED)
    found = audit(unopened, tmp_path / "unopened")
    assert "is not drawn as its policy says" in str(found.findings)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"usual": 59}, "another usual size than its plan gives"),
        ({"usual": 0}, "was to be of no size"),
        ({"usual": None}, "has not got facts.usual"),
        ({"share_bp": 3_000}, "another share than its policy has"),
        ({"least": 1}, "another share than its policy has"),
        ({"share_bp": None, "least": None}, "another share than its policy has"),
        ({"minutes": 30}, "another usual size than its plan gives"),
    ],
)
def test_i7_what_is_said_of_a_share_before_is_the_plan(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    assert said in of_plans(drawn(a_share(**changed)), tmp_path)


def test_i7_as_many_as_the_minutes_allow_are_sound(tmp_path: Path) -> None:
    assert of_plans(drawn(in_minutes(), 12), tmp_path) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"usual": 11, "sample": 11},
        {"usual": 20, "sample": 20, "item_seconds": 180},
        {"usual": 20, "sample": 20, "item_seconds": 180, "timed": 25},
        {"timed": 1},
        {"minutes": 120, "usual": 24, "sample": 24},
        {"minutes": None},
    ],
)
def test_i7_other_than_the_minutes_allow_is_found(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    assert "another usual size than its plan gives" in of_plans(in_minutes(**changed), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"share_bp": 3_999},
        {"most": 59},
        {"sample": 5},
        {"share_bp": 0, "most": 0, "sample": 59},
        {"share_bp": 0, "most": 0, "sample": 1, "minutes": 9_000},
    ],
)
def test_i4_a_plan_is_not_weakened_without_two_people(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    record = sound_record()
    set_policy(record, SHARE)
    set_policy(record, replace(SHARE, number=3, **changed))
    assert "is weaker in sample and does not say so" in findings_in(record, tmp_path)


WITHIN = replace(PLAN, number=2, capacity=20)
OVERLOAD: dict[str, Any] = {
    "cause": "more to review than there is time",
    "round": 2,
    "needed_seconds": 2 * 8 * 180,  # the first round was drawn within the week
    "available_seconds": 20 * 60,
    "item_seconds": 180,
}


def overloaded(folder: Path, *, figures: dict[str, Any] | None, capacity: int = 20) -> str:
    """Give what is found where a draw is followed by such a breach, or by none."""
    record = sound_record()
    set_policy(record, replace(WITHIN, capacity=capacity))
    for number in (2, 3):
        open_round(record, number)
        opened = record.entries[-1]
        ends = datetime.fromisoformat(opened.ts) + timedelta(weeks=1)
        facts = opened.facts | {"period_end": ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        record.entries[-1] = replace(opened, policy=2, facts=facts)
        if number == 2:
            drawn(record, 6)
            if figures is not None:
                open_breach(record, **figures)
    told = findings_in(record, folder).splitlines()
    return "\n".join(each for each in told if "more time than there is" in each)


def test_a_draw_that_takes_more_time_than_there_is_and_is_a_breach_is_sound(
    tmp_path: Path,
) -> None:
    assert overloaded(tmp_path / "over", figures=OVERLOAD) == ""
    assert overloaded(tmp_path / "enough", figures=None, capacity=600) == ""


def test_a_draw_that_takes_more_time_than_there_is_and_is_no_breach_is_found(
    tmp_path: Path,
) -> None:
    told = overloaded(tmp_path, figures=None)
    assert "takes more time than there is, and is no breach" in told


@pytest.mark.parametrize(
    ("changed", "capacity"),
    [
        ({"needed_seconds": 8 * 180}, 20),
        ({"available_seconds": 60}, 20),
        ({"item_seconds": 181}, 20),
        ({}, 600),
    ],
)
def test_an_overload_that_no_draw_is_is_found(
    tmp_path: Path, changed: dict[str, Any], capacity: int
) -> None:
    told = overloaded(tmp_path, figures=OVERLOAD | changed, capacity=capacity)
    assert "says that a draw takes more time than there is, which none does" in told


def cut(folder: Path, sample: int, cut_from: int | None, policy: dict[str, Any]) -> str:
    """Give what is found where a second draw comes within a week, in 36 minutes."""
    record = sound_record()
    changed = {"capacity": 36, "overflow": Overflow.RANDOM_SUBSET, "floor": 0} | policy
    set_policy(record, replace(PLAN, number=2, **changed))
    open_round(record, 2)
    opened = record.entries[-1]
    ends = datetime.fromisoformat(opened.ts) + timedelta(weeks=1)
    facts = opened.facts | {"period_end": ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    record.entries[-1] = replace(opened, policy=2, facts=facts)
    drawn(record, sample)
    last = next(each for each in reversed(record.entries) if each.kind == "round.drawn")
    record.entries[last.seq] = replace(last, facts=last.facts | {"cut_from": cut_from})
    told = findings_in(record, folder).splitlines()
    return "\n".join(each for each in told if "is cut" in each or "said before" in each)


def test_i7_a_draw_that_is_cut_to_the_time_that_there_is_is_sound(tmp_path: Path) -> None:
    assert cut(tmp_path / "cut", 2, 6, {}) == "", "12 looks, 8 of them taken by the first round"
    assert cut(tmp_path / "fits", 6, None, {"capacity": 48}) == ""
    assert cut(tmp_path / "all", 6, None, {"overflow": Overflow.REVIEW_ALL}) == ""


@pytest.mark.parametrize(
    ("sample", "cut_from", "policy"),
    [
        (1, 6, {}),
        (3, 6, {}),
        (6, None, {}),
        (2, 6, {"overflow": Overflow.REVIEW_ALL}),
        (2, 6, {"capacity": 0, "overflow": Overflow.REVIEW_ALL}),
        (2, 6, {"overflow": Overflow.RISK_FIRST, "trigger_most": 2, "trigger_first": 1}),
        (5, 6, {"capacity": 48}),
    ],
)
def test_i7_a_draw_that_is_cut_to_anything_else_is_found(
    tmp_path: Path, sample: int, cut_from: int | None, policy: dict[str, Any]
) -> None:
    assert "is cut to another size than the time of its reviewers allows" in cut(
        tmp_path, sample, cut_from, policy
    )


def test_i7_a_draw_is_not_cut_from_another_size_than_was_said(tmp_path: Path) -> None:
    assert "not drawn in the size that was said before its draw" in cut(tmp_path, 2, 5, {})


def banded(folder: Path, by: str, **changed: object) -> str:
    """Give what is found where a policy goes by bands and a draw says that it went so, or not."""
    record = sound_record()
    set_policy(record, replace(PLAN, number=2, floor_by=FloorBy.CONFIDENCE))
    open_round(record, 2)
    record.entries[-1] = replace(record.entries[-1], policy=2)
    drawn(record, 6)
    last = next(each for each in reversed(record.entries) if each.kind == "round.drawn")
    record.entries[last.seq] = replace(last, facts=last.facts | {"by": by} | changed)
    return findings_in(record, folder)


def test_i7_a_draw_by_another_thing_than_was_agreed_is_found(tmp_path: Path) -> None:
    said = "round 2 of triage is not drawn as its policy says"
    assert said in banded(tmp_path / "category", "category")
    assert said in banded(tmp_path / "floor", "confidence", floor=1)
    assert said not in banded(tmp_path / "band", "confidence")


def test_i7_a_draw_by_bands_has_them_in_its_population(tmp_path: Path) -> None:
    assert "its population is not of outputs and what it is drawn by" in banded(
        tmp_path, "confidence"
    )


PROVING = replace(PLAN, number=2, limit_bp=1_400, proves_first=True)
OF_PROOF: dict[str, Any] = {"sample": 20, "usual": 20, "to_prove": 20}


def proving(
    folder: Path, *, resumes: bool = False, policy: Policy = PROVING, **said: object
) -> str:
    """Give what is found where round 2 has proven 14 %, then two people resume or not, then 3."""
    record = sound_record()
    set_policy(record, policy, ("limit_bp",))
    open_round(record, 2, **OF_PROOF)
    record.entries[-1] = replace(record.entries[-1], policy=2)
    drawn(record, 20)
    judge_all(record, 2)
    close_round(record, 2, grade="within_limit")
    record.entries[-1] = replace(record.entries[-1], policy=2)
    if resumes:
        set_gate(record, "run", "paused", actor="person-a")
        resume(record)
        set_gate(record, "paused", "run")
    open_round(record, 3, **said)
    record.entries[-1] = replace(record.entries[-1], policy=2)
    told = of_plans(record, folder).splitlines()
    return "\n".join(each for each in told if "round" in each)


def test_the_verifier_knows_what_proves_a_limit_as_the_product_does() -> None:
    record = sound_record()
    for limit_bp in range(1, 10_000, 7):
        seq = set_policy(record, replace(PROVING, limit_bp=limit_bp))
        entry = verify.parse_entry(body(record.entries[seq]))
        assert verify.outputs_to_prove(entry) == outputs_to_prove(limit_bp)


def test_i7_a_round_that_proves_its_limit_and_the_next_of_the_usual_size_are_sound(
    tmp_path: Path,
) -> None:
    assert proving(tmp_path) == ""


def test_i7_after_a_resume_a_round_proves_its_limit_anew(tmp_path: Path) -> None:
    assert proving(tmp_path / "anew", resumes=True, **OF_PROOF) == ""
    found = proving(tmp_path / "not", resumes=True)
    assert "says other than the record whether this round has to prove its limit" in found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (OF_PROOF, "says other than the record whether this round has to prove its limit"),
        ({"to_prove": 20}, "says other than the record whether this round has to prove its limit"),
        ({"usual": 20, "sample": 20}, "opens a round of another usual size than its plan gives"),
    ],
)
def test_i7_a_round_that_proves_what_is_proven_is_found(
    tmp_path: Path, said: dict[str, Any], found: str
) -> None:
    assert found in proving(tmp_path, **said)


def test_i7_a_round_that_says_it_proves_its_limit_and_draws_fewer_is_found(tmp_path: Path) -> None:
    found = proving(tmp_path, resumes=True, to_prove=20)
    assert "opens a round of another usual size than its plan gives" in found


def test_i7_a_policy_that_asks_for_no_proof_has_none(tmp_path: Path) -> None:
    found = proving(tmp_path, policy=replace(PROVING, proves_first=False))
    assert "says other than the record whether this round has to prove its limit" in found
