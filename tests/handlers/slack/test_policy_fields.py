"""What a form is filled in with is read again as what it was."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import POLICY

from bot.domain.cadences import EXAMPLES, read_cadence
from bot.domain.limits import read_limits
from bot.domain.policy import LimitBasis, Overflow, Policy, policy_faults
from bot.domain.refusals import Invalid
from bot.domain.strata import FloorBy
from bot.domain.verdicts import Why
from handlers.slack.policy_fields import fields_of_policy, policy_changed, policy_read

RULES = [
    *(read_cadence(words).rule for words in EXAMPLES),
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
]
POLICIES = st.builds(
    Policy,
    number=st.integers(1, 99),
    cadence=st.sampled_from(RULES),
    zone=st.sampled_from(["UTC", "Europe/London"]),
    sample=st.integers(1, 120),
    item_seconds=st.sampled_from([90, 180]),
    capacity=st.sampled_from([0, 240]),
    overflow=st.sampled_from(Overflow),
    floor_by=st.sampled_from(FloorBy),
    floor=st.integers(0, 5),
    tighten=st.integers(1, 3),
    hides_answer=st.booleans(),
    proves_first=st.booleans(),
    trigger_below_bp=st.integers(1, 10_000),
    trigger_first=st.integers(0, 10),
    trigger_most=st.integers(1, 10),
    limit_basis=st.sampled_from(LimitBasis),
    limit_bp=st.integers(1, 9_999),
    volume_min=st.integers(0, 10_000_000),
    volume_max=st.integers(1, 100_000_000),
    error_whys=st.sets(st.sampled_from(Why), min_size=1).map(lambda whys: tuple(sorted(whys))),
    max_text=st.integers(0, 2_000),
    runs_degraded=st.booleans(),
    delivery_grace=st.integers(0, 24).map(lambda hours: timedelta(hours=hours)),
    hours=st.sampled_from(["always", "Mon-Fri 09:00-17:00", "Sat, Sun 22:00-06:00"]),
    holidays_in=st.sampled_from(["", "GB", "DE-BY"]),
    limits=st.sampled_from(["", "drift <= 0.2 every day\nvolume >= 100"]).map(read_limits),
    link_only=st.booleans(),
    masks=st.sampled_from([(), ("email", "ORD-######")]),
    link_hosts=st.sampled_from([(), ("crm.example.com", "*.example.org")]),
)


def typed(policy: Policy) -> dict[str, str]:
    fields = asdict(fields_of_policy(policy))
    return {
        name: " ".join(value) if isinstance(value, tuple) else str(value)
        for name, value in fields.items()
    }


@given(POLICIES)
def test_a_form_that_nobody_touched_says_what_is_in_force(policy: Policy) -> None:
    assert policy_changed(typed(policy), policy) == replace(policy, number=policy.number + 1)


@given(POLICIES, st.sampled_from([{"share_bp": 3_000, "most": 120}, {"sample": 1, "minutes": 90}]))
def test_a_form_holds_whichever_plan_is_in_force(policy: Policy, plan: dict[str, int]) -> None:
    agreed = replace(policy, **plan)  # type: ignore[arg-type] # figures of a plan
    assert policy_changed(typed(agreed), agreed) == replace(agreed, number=agreed.number + 1)


@given(POLICIES)
def test_what_is_typed_is_what_is_changed(policy: Policy) -> None:
    fields = typed(policy) | {"sample": "7", "grace": "0", "while_degraded": "runs", "limit": "2.5"}
    fields |= {"error_whys": "unusable error"}

    changed = policy_changed(fields, policy)

    assert (changed.sample, changed.limit_bp, changed.runs_degraded) == (7, 250, True)
    assert changed.delivery_grace == timedelta(0)
    assert (changed.error_whys, changed.data) == ((Why.ERROR, Why.UNUSABLE), policy.data)


@given(POLICIES)
def test_what_is_not_understood_is_said_under_its_field(policy: Policy) -> None:
    wrong = {"grace": "an hour", "masks": "names", "error_whys": "error boredom"}
    wrong |= {"sample": "30 %"}
    with pytest.raises(Invalid) as invalid:
        policy_changed(typed(policy) | wrong, policy)
    assert set(invalid.value.errors) == wrong.keys()


@given(POLICIES, st.sampled_from(["-1", "2.5", "many"]))
def test_a_number_that_cannot_be_is_told_what_one_looks_like(policy: Policy, typo: str) -> None:
    with pytest.raises(Invalid) as invalid:
        policy_changed(typed(policy) | {"capacity": typo}, policy)
    assert invalid.value.errors == {"capacity": "Write a whole number in digits, such as 20."}


@pytest.mark.parametrize(
    "typed_in",
    ["0", "0.00", "100", "100 %", "101", "-5", "\N{MINUS SIGN}5", "-0.5", "100.25", "9" * 3_000],
)
def test_a_limit_out_of_range_is_told_the_range(typed_in: str) -> None:
    policy, faults = policy_read(typed(POLICY) | {"limit": typed_in})
    assert faults == {}
    assert policy_faults(policy)["limit"] == "Give a percentage from 0.01 to 99.99."


@pytest.mark.parametrize("typed_in", ["", "five", "5.125", "5,5", "1e1", "5 of 100", "--5"])
def test_a_limit_that_is_none_is_told_what_one_looks_like(typed_in: str) -> None:
    _, faults = policy_read(typed(POLICY) | {"limit": typed_in})
    assert faults == {"limit": "Write a percentage with at most two decimals, such as 5 or 2.5."}


@pytest.mark.parametrize(
    ("typed_in", "limit_bp"),
    [("5", 500), ("2.5 %", 250), ("99.99", 9_999), ("0.01%", 1), ("05", 500)],
)
def test_a_limit_is_read_as_people_write_percent(typed_in: str, limit_bp: int) -> None:
    policy, faults = policy_read(typed(POLICY) | {"limit": typed_in})
    assert (policy.limit_bp, faults) == (limit_bp, {})


@pytest.mark.parametrize("typed_in", ["1000000000", "9" * 3_000, "00000000000000100001"])
def test_a_number_that_is_too_much_is_told_what_its_field_takes(typed_in: str) -> None:
    fields = typed(POLICY) | {"capacity": typed_in, "grace": typed_in}
    policy, faults = policy_read(fields)
    assert faults == {}
    said = policy_faults(policy)
    assert said["capacity"].startswith("Give a whole number from 0 to 100,000 ")
    assert said["grace"].startswith("Give a whole number from 0 to 24 ")
