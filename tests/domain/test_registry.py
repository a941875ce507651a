"""What a registration, an output and a verdict have to be before they are taken."""

from dataclasses import replace

import pytest
from worlds import BACKUP, BUILDER, CORRECT, MONDAY, OWNER, POLICY, ROLES, STEWARD, WRONG

from bot.domain.figures import percent
from bot.domain.outputs import MAX_CATEGORIES, Output, clash, crowding, output_fault
from bot.domain.policy import Policy, policy_faults
from bot.domain.registry import Roles, registration_faults
from bot.domain.verdicts import Answer, Judgement, Severity, Why, judgement_faults


@pytest.mark.parametrize("key", ["a", "0", "triage-2", "a" * 63])
def test_these_keys_are_taken(key: str) -> None:
    assert registration_faults(key, "Sorts the mail", ROLES) == {}


@pytest.mark.parametrize("key", ["", "-a", "Triage", "tri age", "a" * 64, "triage\n", "ü", "a/b"])
def test_these_keys_are_not(key: str) -> None:
    assert set(registration_faults(key, "Sorts the mail", ROLES)) == {"key"}


@pytest.mark.parametrize("purpose", ["", "  \n", "x" * 501])
def test_a_purpose_is_a_sentence(purpose: str) -> None:
    assert set(registration_faults("triage", purpose, ROLES)) == {"purpose"}


@pytest.mark.parametrize(
    ("roles", "faulty"),
    [
        (replace(ROLES, backup=OWNER), {"backup"}),
        (replace(ROLES, steward=OWNER), {"steward"}),
        (replace(ROLES, steward=BACKUP), {"steward"}),
        (replace(ROLES, technical_owner=OWNER), {"technical_owner"}),
        (replace(ROLES, technical_owner=STEWARD), set()),
        (replace(ROLES, backup=""), {"backup"}),
        (Roles("", "", "", ""), {"owner", "backup", "steward", "technical_owner"}),
    ],
)
def test_whoever_must_look_at_another_is_another_person(roles: Roles, faulty: set[str]) -> None:
    assert set(registration_faults("triage", "Sorts the mail", roles)) == faulty
    assert ROLES.technical_owner == BUILDER


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        (POLICY, set()),
        (replace(POLICY, sample=360, floor=5, limit_bp=9_999), set()),
        (replace(POLICY, sample=0), {"sample"}),
        (replace(POLICY, sample=401), {"sample"}),
        (replace(POLICY, floor=6), {"floor"}),
        (replace(POLICY, limit_bp=0), {"limit"}),
        (replace(POLICY, limit_bp=10_000), {"limit"}),
        (replace(POLICY, volume_min=5, volume_max=4), {"volume_max"}),
        (replace(POLICY, volume_min=0, volume_max=0), {"volume_max"}),
        (replace(POLICY, cadence="daily"), {"cadence"}),
        (replace(POLICY, zone="Mars"), {"zone"}),
        (replace(POLICY, hours="nine to five"), {"hours"}),
        (replace(POLICY, hours="always", holidays_in="DE"), {"holidays"}),
    ],
)
def test_a_policy_that_cannot_be_names_the_field(changed: Policy, faulty: set[str]) -> None:
    assert set(policy_faults(changed)) == faulty


@pytest.mark.parametrize("limit_bp", [0, 10_000])
def test_a_limit_that_cannot_be_is_told_as_it_is_typed(limit_bp: int) -> None:
    told = policy_faults(replace(POLICY, limit_bp=limit_bp))["limit"]
    assert told == "Give a percentage from 0.01 to 99.99."


def test_basis_points_are_written_as_people_write_percent() -> None:
    assert [percent(each) for each in (500, 250, 5, 10_000)] == ["5", "2.5", "0.05", "100"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (Output("o-1!~", MONDAY, url="https://example.org/1"), ""),
        (Output("", MONDAY), "output_id"),
        (Output("a b", MONDAY), "output_id"),
        (Output("o1\n", MONDAY), "output_id"),
        (Output("o" * 129, MONDAY), "output_id"),
        (Output("o1", MONDAY, url="javascript:alert(1)"), "url"),
        (Output("o1", MONDAY, category="c" * 61), "more than 60"),
        (Output("o1", MONDAY, category="a\nb"), "control character"),
        (Output("o1", MONDAY, category="a\u202eb"), "control character"),
        (Output("o1", MONDAY, category="\ud800"), "control character"),
    ],
)
def test_an_output_that_cannot_be_taken_is_told_why(changed: Output, fault: str) -> None:
    assert fault in output_fault(changed, MONDAY)
    assert bool(fault) is bool(output_fault(changed, MONDAY))


def test_an_id_stands_for_one_output() -> None:
    output = Output("o1", MONDAY, text="yes")

    assert clash(output, output) == ""
    assert "used before" in clash(output, replace(output, text="no"))


def test_a_round_has_only_so_many_categories() -> None:
    full = {f"c{each}" for each in range(MAX_CATEGORIES)}

    assert crowding(Output("o1", MONDAY, category="c7"), full) == ""
    assert crowding(Output("o1", MONDAY, category="new"), full - {"c7"}) == ""
    assert f"{MAX_CATEGORIES} already" in crowding(Output("o1", MONDAY, category="new"), full)


@pytest.mark.parametrize(
    ("judgement", "faulty"),
    [
        (CORRECT, set()),
        (WRONG, set()),
        (Judgement(Answer.CORRECTED, Why.PREFERENCE, Severity.MINOR, "better"), set()),
        (Judgement(Answer.WRONG), {"why", "severity"}),
        (Judgement(Answer.WRONG, Why.ERROR), {"severity"}),
        (Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, " "), {"correction"}),
        (Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, "x" * 1_001), {"correction"}),
        (Judgement(Answer.CORRECT, Why.ERROR), {"why"}),
        (Judgement(Answer.CORRECT, severity=Severity.MINOR), {"severity"}),
        (Judgement(Answer.CORRECT, correction="but"), {"correction"}),
    ],
)
def test_a_verdict_says_all_that_its_answer_asks_for_and_nothing_else(
    judgement: Judgement, faulty: set[str]
) -> None:
    assert set(judgement_faults(judgement)) == faulty
