"""A breach and a request to resume take their steps in order, each once."""

from dataclasses import replace

import pytest
from worlds import BACKUP, KEY, MONDAY, OWNER, POLICY, STEWARD, a_workflow

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
from bot.domain.gate import Gate, GateState
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.domain.registry import WorkflowState
from bot.domain.resume import RequestState, ResumeRequest, confirmed, require_resumable

OPEN = Breach(KEY, 1, Cause.VOLUME, False, BreachState.OPEN, "", MONDAY)  # noqa: FBT003
REQUEST = ResumeRequest(KEY, 1, OWNER, Role.OWNER, gate_entry=7)
PAUSED = Gate(GateState.PAUSED, MONDAY, entry=7)


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


def test_a_second_person_confirms_exactly_the_request_that_was_made() -> None:
    given = confirmed(REQUEST, PAUSED, STEWARD, Role.STEWARD)

    assert (given.state, given.confirmed_by) == (RequestState.CONFIRMED, STEWARD)


@pytest.mark.parametrize(
    ("request_", "gate", "by", "role", "rule"),
    [
        (REQUEST, PAUSED, OWNER, Role.OWNER, "may not confirm own request"),
        (REQUEST, PAUSED, OWNER, Role.STEWARD, "may not confirm own request"),
        (REQUEST, PAUSED, "U0TWIN", Role.OWNER, "one must not be the owner"),
        (REQUEST, replace(PAUSED, entry=8), BACKUP, Role.BACKUP, "gate has moved since"),
        (
            replace(REQUEST, state=RequestState.CONFIRMED),
            PAUSED,
            BACKUP,
            Role.BACKUP,
            "request already ended",
        ),
        (
            replace(REQUEST, state=RequestState.LAPSED),
            PAUSED,
            BACKUP,
            Role.BACKUP,
            "request already ended",
        ),
    ],
)
def test_any_other_confirmation_is_refused(
    request_: ResumeRequest, gate: Gate, by: str, role: Role, rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        confirmed(request_, gate, by, role)
    assert refused.value.rule == rule


@pytest.mark.parametrize("state", [GateState.RUN, GateState.NOT_READY])
def test_a_gate_that_was_not_closed_cannot_be_opened(state: GateState) -> None:
    with pytest.raises(Refused, match="nothing to resume"):
        require_resumable(a_workflow(gate=Gate(state, MONDAY)))


def test_a_retired_workflow_never_runs_again() -> None:
    retired = replace(a_workflow(gate=PAUSED), state=WorkflowState.RETIRED)

    require_resumable(a_workflow(gate=PAUSED))
    with pytest.raises(Refused, match="register a new workflow"):
        require_resumable(retired)
