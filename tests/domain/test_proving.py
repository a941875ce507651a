"""How many outputs prove a limit, which plans can ask for them, and when a round has done so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.plans import Plan
from bot.domain.policy import Policy, policy_faults
from bot.domain.proving import is_proven
from bot.domain.rounds import Grade, Round, RoundState

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEKLY = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
POLICY = Policy(1, WEEKLY, "UTC", 20, 0, 500, 1, 1_000, proves_first=True)
PROVEN = Round("triage", 1, RoundState.CLOSED, 1, MONDAY, MONDAY, "", grade=Grade.WITHIN_LIMIT)
HOUR = timedelta(hours=1)


def test_a_plan_of_any_sort_gives_as_many_as_are_asked_for() -> None:
    assert Plan(20).at_least(59) == Plan(59)
    assert Plan(80).at_least(59) == Plan(80)
    assert Plan(10, share_bp=3_000, most=40).at_least(59) == Plan(59, share_bp=3_000, most=59)
    minutes = Plan(1, minutes=60).at_least(59)
    assert minutes.usual(timedelta(weeks=1), 180) == 59


def test_a_round_has_proven_a_limit_that_is_no_lower_than_its_own() -> None:
    assert is_proven([(PROVEN, 500)], 500, None)
    assert is_proven([(PROVEN, 200)], 500, None)
    assert not is_proven([(PROVEN, 501)], 500, None)
    assert not is_proven([(replace(PROVEN, grade=Grade.NOT_ENOUGH_EVIDENCE), 500)], 500, None)


def test_a_round_that_was_open_before_the_resume_has_proven_nothing_since() -> None:
    assert is_proven([(PROVEN, 500)], 500, MONDAY)
    assert not is_proven([(PROVEN, 500)], 500, MONDAY + HOUR)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"floor": 1}, "With a floor it takes many more outputs"),
        ({"limit_bp": 82}, "takes 364 outputs, and of a round at most 360 can be drawn"),
        (
            {"limit_bp": 200, "share_bp": 3_000, "most": 60},
            "To prove 2 % takes 149 outputs, and of a round at most 120 can be drawn",
        ),
    ],
)
def test_a_proof_that_no_round_can_give_is_not_asked_for(
    changed: dict[str, Any], fault: str
) -> None:
    policy = replace(POLICY, **changed)
    assert fault in policy_faults(policy)["proves"]
    assert "proves" not in policy_faults(replace(policy, proves_first=False))


def test_a_proof_that_a_round_can_give_may_be_asked_for() -> None:
    for changed in ({}, {"limit_bp": 83}, {"share_bp": 3_000, "most": 60}):
        assert policy_faults(replace(POLICY, **changed)) == {}
