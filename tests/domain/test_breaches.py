"""A breach takes its steps in order, each once."""

from dataclasses import replace

import pytest
from worlds import BACKUP, KEY, MONDAY, OWNER, POLICY

from bot.domain.breaches import (
    Breach,
    BreachState,
    Cause,
    Decision,
    acknowledged,
    closed,
    decided,
    volume_cause,
)
from bot.domain.refusals import Refused

OPEN = Breach(KEY, 1, Cause.VOLUME, False, BreachState.OPEN, "", MONDAY)  # noqa: FBT003


def test_a_breach_is_acknowledged_decided_and_closed() -> None:
    taken = acknowledged(OPEN, OWNER)
    made = decided(taken, Decision.PAUSE, BACKUP)

    assert (taken.state, taken.acknowledged_by) == (BreachState.ACKNOWLEDGED, OWNER)
    assert (made.state, made.decision, made.decided_by) == (
        BreachState.DECIDED,
        Decision.PAUSE,
        BACKUP,
    )
    assert closed(made).state is BreachState.CLOSED


@pytest.mark.parametrize("state", [each for each in BreachState if each is not BreachState.OPEN])
def test_only_an_open_breach_is_acknowledged(state: BreachState) -> None:
    with pytest.raises(Refused, match=f"already {state}"):
        acknowledged(replace(OPEN, state=state), OWNER)


def test_a_breach_that_is_decided_says_what_was_in_words() -> None:
    made = decided(acknowledged(OPEN, OWNER), Decision.ROLL_BACK, OWNER)
    with pytest.raises(Refused, match=r"is already decided: roll back\. Its message"):
        decided(made, Decision.CONTINUE, OWNER)


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (BreachState.OPEN, "breach not acknowledged"),
        (BreachState.DECIDED, "breach already decided"),
        (BreachState.CLOSED, "breach already decided"),
    ],
)
def test_only_an_acknowledged_breach_is_decided(state: BreachState, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        decided(replace(OPEN, state=state), Decision.CONTINUE, OWNER)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (BreachState.OPEN, "breach not decided"),
        (BreachState.ACKNOWLEDGED, "breach not decided"),
        (BreachState.CLOSED, "breach already closed"),
    ],
)
def test_only_a_decided_breach_is_closed(state: BreachState, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        closed(replace(OPEN, state=state))
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("population", "cause"),
    [
        (0, Cause.NO_OUTPUTS),
        (9, Cause.VOLUME),
        (10, None),
        (20, None),
        (21, Cause.VOLUME),
    ],
)
def test_a_volume_outside_what_is_expected_is_a_breach(
    population: int, cause: Cause | None
) -> None:
    policy = replace(POLICY, volume_min=10, volume_max=20)

    assert volume_cause(population, policy) is cause


def test_silence_is_a_breach_even_where_nothing_was_expected() -> None:
    assert volume_cause(0, replace(POLICY, volume_min=0)) is Cause.NO_OUTPUTS


@pytest.mark.parametrize(
    ("population", "cause"), [(0, None), (9, None), (20, None), (21, Cause.VOLUME)]
)
def test_a_partial_period_may_bring_less_and_never_more(
    population: int, cause: Cause | None
) -> None:
    policy = replace(POLICY, volume_min=10, volume_max=20)

    assert volume_cause(population, policy, is_partial=True) is cause
