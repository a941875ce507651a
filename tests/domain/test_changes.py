"""What of a new policy is weaker: every field is judged, or neutral for a reason."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import MONDAY, POLICY

from bot.domain.cadences import read_cadence
from bot.domain.changes import PARTS, differences, weakened
from bot.domain.hours import DAYS
from bot.domain.limits import read_limits
from bot.domain.policy import LimitBasis, Overflow, Policy
from bot.domain.strata import FloorBy
from bot.domain.verdicts import Why

OFFICE = replace(
    POLICY,
    hours="Mon-Fri 09:00-17:00",
    holidays_in="GB",
    holidays=(date(2026, 8, 31), date(2026, 12, 25)),
    limits=read_limits("drift <= 0.2 every day"),
    link_only=True,
    masks=("email", "phone"),
    hides_answer=True,
    proves_first=True,
    trigger_below_bp=6_000,
    trigger_first=2,
    trigger_most=5,
)
RULES = [
    read_cadence(words).rule
    for words in (
        "every day at 09:00",
        "every weekday at 09:00",
        "mondays and thursdays 10:00",
        "every monday at 09:00",
        "every friday at 16:00",
        "every 2 weeks on friday 16:00",
        "first monday 09:00",
    )
]

SOME_DAYS = st.sets(st.integers(0, 6), min_size=1).map(
    lambda days: ", ".join(DAYS[day][:3] for day in sorted(days))
)
HOURS = st.just("always") | st.builds(
    lambda days, opens, lasts: f"{days} {opens:02}:00-{opens + lasts:02}:00",
    SOME_DAYS,
    st.integers(0, 12),
    st.integers(1, 11),
)
DAYS_OFF = st.sets(st.dates(date(2026, 1, 1), date(2029, 12, 31)), max_size=6).map(
    lambda days: tuple(sorted(days))
)
LIMITS = st.sampled_from(
    ["", "drift <= 0.2 every day", "drift <= 0.3 every hour", "volume >= 100\ndrift <= 0.2"]
).map(read_limits)
POLICIES = st.builds(
    Policy,
    number=st.integers(1, 9),
    cadence=st.sampled_from(RULES),
    zone=st.sampled_from(["UTC", "Europe/London", "Pacific/Apia"]),
    sample=st.integers(1, 40),
    share_bp=st.sampled_from([0, 1_000, 3_000]),
    most=st.just(40),
    floor=st.integers(0, 5),
    floor_by=st.sampled_from(FloorBy),
    capacity=st.sampled_from([30, 60]),
    overflow=st.sampled_from(Overflow),
    tighten=st.integers(1, 3),
    hides_answer=st.booleans(),
    proves_first=st.booleans(),
    trigger_below_bp=st.sampled_from([0, 6_000]),
    trigger_first=st.integers(0, 2),
    trigger_most=st.integers(0, 2),
    limit_basis=st.sampled_from(LimitBasis),
    limit_bp=st.integers(1, 2_000),
    volume_min=st.integers(0, 20),
    volume_max=st.integers(20, 40),
    error_whys=st.sets(st.sampled_from(Why), min_size=1).map(lambda whys: tuple(sorted(whys))),
    max_text=st.integers(0, 3),
    runs_degraded=st.booleans(),
    delivery_grace=st.integers(0, 3).map(lambda hours: timedelta(hours=hours)),
    hours=HOURS,
    holidays=DAYS_OFF,
    limits=LIMITS,
    link_only=st.booleans(),
    masks=st.sampled_from([(), ("email",), ("email", "phone")]),
    link_hosts=st.sampled_from([(), ("crm.example.com",)]),
)


def ways(old: Policy, new: Policy) -> list[str]:
    return [each.words for each in weakened(old, new, MONDAY)]


def test_every_field_of_a_policy_is_judged_or_neutral_for_a_reason() -> None:
    assert set(PARTS) == {field.name for field in fields(Policy)}
    for name, part in PARTS.items():
        assert (part.weaker is None) is bool(part.neutral), name
        is_told = part.label or name == "number" or part.told is PARTS["share_bp"].told
        assert is_told, "what is not told cannot be agreed on"


def test_a_plan_is_told_whole_whatever_of_it_is_another() -> None:
    new = replace(POLICY, sample=10, share_bp=3_000, most=60)
    assert [(each.before, each.after) for each in differences(POLICY, new, MONDAY)] == [
        ("4", "30 % of the outputs of a round, at least 10, at most 60")
    ]
    slower = replace(POLICY, item_seconds=240)
    assert [each.after for each in differences(POLICY, slower, MONDAY)] == ["4, 4 minutes each"]
    assert ways(POLICY, slower) == [], "of a number it says only what that costs"


@given(POLICIES)
def test_no_policy_is_weaker_than_itself(policy: Policy) -> None:
    assert ways(policy, policy) == []
    assert differences(policy, policy, MONDAY) == ()


@given(POLICIES, POLICIES)
def test_of_two_policies_one_is_weaker_unless_no_more_is_tolerated_by_either(
    one: Policy, other: Policy
) -> None:
    if ways(one, other) or ways(other, one):
        return
    for name in ("sample", "floor", "tighten", "limit_bp", "volume_min", "volume_max", "max_text",
                 "runs_degraded", "hides_answer", "proves_first", "limit_basis", "delivery_grace",
                 "limits", "data", "triggers"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    assert set(one.error_whys) == set(other.error_whys)


@given(POLICIES, POLICIES)
def test_whatever_is_weaker_is_shown_with_what_it_was_and_becomes(old: Policy, new: Policy) -> None:
    shown = [words for each in differences(old, new, MONDAY) for words in each.weakens]

    assert shown == ways(old, new)
    assert all(each.before != each.after for each in differences(old, new, MONDAY))


def test_days_off_that_are_as_many_until_the_same_day_are_told_apart() -> None:
    last = date(2029, 12, 31)
    gone, near = (
        replace(POLICY, holidays=(day, last)) for day in (date(2026, 1, 1), date(2026, 8, 3))
    )

    (told,) = differences(gone, near, MONDAY)

    assert told.before != told.after
    assert told.weakens


@given(POLICIES, POLICIES, POLICIES)
def test_two_steps_that_weaken_nothing_weaken_nothing_together(
    first: Policy, second: Policy, third: Policy
) -> None:
    if not ways(first, second) and not ways(second, third):
        assert ways(first, third) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sample": 3}, "reviews 3 instead of 4 outputs a round"),
        ({"floor": 0}, "reviews at least 0 instead of 1 output of each category"),
        ({"tighten": 2}, "looks 2 instead of 3 times as closely while there is cause to"),
        (
            {"trigger_below_bp": 5_000},
            "asks besides the draw for a confidence below 50 % instead of 60 %",
        ),
        (
            {"trigger_below_bp": 0},
            "asks besides the draw for no confidence any more, instead of one below 60 %",
        ),
        (
            {"trigger_first": 1},
            "asks besides the draw for the first 1 instead of 2 outputs of a new model version",
        ),
        (
            {"trigger_most": 4},
            "asks for at most 4 instead of 5 outputs besides the draw of a round",
        ),
        ({"limit_bp": 750}, "tolerates 7.5 % instead of 5 % errors"),
        (
            {"limit_basis": LimitBasis.AVERAGE},
            "bounds the errors of many rounds on average instead of each round's",
        ),
        ({"volume_min": 0}, "expects at least 0 instead of 1 output a round"),
        ({"volume_max": 2_000}, "expects up to 2,000 instead of 1,000 outputs a round"),
        ({"error_whys": (Why.ERROR,)}, "counts “policy” no longer as errors"),
        ({"max_text": 3_000}, "shows 3,000 instead of 2,000 characters of an output in Slack"),
        ({"runs_degraded": True}, "runs while degraded"),
        (
            {"delivery_grace": timedelta(hours=2)},
            "gives 2 hours instead of 1 hour of grace for late delivery",
        ),
        (
            {"hours": "Mon-Fri 09:00-12:00"},
            "has shorter working hours, so deadlines are later: 15 instead of 40 hours a week",
        ),
        (
            {"hours": "Mon-Wed 09:00-22:20"},
            "has fewer working days, so deadlines are later: 3 instead of 5 a week",
        ),
        (
            {"holidays": (*OFFICE.holidays, date(2027, 1, 1))},
            "has more days off, so deadlines are later: 3 instead of 2 in the next 52 weeks",
        ),
        ({"limits": ()}, "has no limit for drift any more"),
        ({"link_only": False}, "takes the text of outputs, not links alone"),
        (
            {"hides_answer": False},
            "shows reviewers what the AI said of an output before they have judged it",
        ),
        (
            {"proves_first": False},
            "draws no more than else where no round has proven the limit yet",
        ),
        ({"masks": ("phone",)}, "blanks no longer: email"),
        ({"link_hosts": ("crm.example.com",)}, "makes links of addresses at: crm.example.com"),
    ],
)
def test_what_is_weaker_is_said_in_words(changed: dict[str, Any], words: str) -> None:
    weaker = replace(OFFICE, **changed)

    assert ways(OFFICE, weaker) == [words]
    assert ways(weaker, OFFICE) == []


def test_i4_a_floor_of_something_else_is_weaker_either_way_unless_there_was_none() -> None:
    banded = replace(POLICY, floor=1, floor_by=FloorBy.CONFIDENCE)
    of_each = replace(banded, floor_by=FloorBy.CATEGORY)
    assert ways(of_each, banded) == [
        "reviews so many of each band of confidence, and no more of each category"
    ]
    assert len(ways(banded, of_each)) == 1
    assert ways(replace(of_each, floor=0), banded) == []


@pytest.mark.parametrize(
    ("cadence", "said"),
    [
        (
            "every 2 weeks on friday 16:00",
            [
                "draws less often: 26 instead of 52 samples in the next 52 weeks",
                "leaves up to 14 instead of 7 days between two samples",
            ],
        ),
        ("0 9 * 11,12 *", ["leaves up to 305 instead of 7 days between two samples"]),
        ("mondays and tuesdays 10:00", []),
        (
            "0 9 1 1 *",
            [
                "draws less often: 1 instead of 52 samples in the next 52 weeks",
                "leaves up to 365 instead of 7 days between two samples",
            ],
        ),
    ],
)
def test_a_cadence_is_weaker_if_it_is_rarer_or_has_a_longer_gap(
    cadence: str, said: list[str]
) -> None:
    weekly = replace(OFFICE, cadence=RULES[3])

    assert ways(weekly, replace(OFFICE, cadence=read_cadence(cadence).rule)) == said


@pytest.mark.parametrize(
    "changed",
    [
        {"zone": "Pacific/Apia"},
        {"cadence": RULES[4]},  # another day, as often
        {"hours": "Tue-Sat 10:00-18:00"},  # other hours, as many
        {"holidays_in": "GB-ENG"},
        {"holidays": (*OFFICE.holidays, date(2029, 1, 1))},  # years away
    ],
)
def test_when_is_not_how_much(changed: dict[str, Any]) -> None:
    assert ways(OFFICE, replace(OFFICE, **changed)) == []
    assert ways(replace(OFFICE, **changed), OFFICE) == []


@pytest.mark.parametrize("days", range(7))
def test_another_weekday_is_as_often_on_whatever_day_it_is_asked(days: int) -> None:
    mondays, fridays = replace(POLICY, cadence=RULES[3]), replace(POLICY, cadence=RULES[4])
    now = MONDAY + timedelta(days=days)

    assert not weakened(mondays, fridays, now)
    assert not weakened(fridays, mondays, now)
