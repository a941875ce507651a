"""I10: a consequence closes a gate further and never opens it."""

from itertools import product

import pytest

from bot.domain.gate import STRICTNESS, GateState, is_stricter, may_act, tightened


@pytest.mark.parametrize(("current", "wanted"), list(product(GateState, STRICTNESS)))
def test_a_consequence_never_lets_a_pipeline_do_more(current: GateState, wanted: GateState) -> None:
    after = tightened(current, wanted)

    assert after in {current, wanted}
    assert not is_stricter(current, after)
    assert tightened(after, wanted) is after


def test_a_workflow_that_is_not_ready_stays_so() -> None:
    for wanted in STRICTNESS:
        assert tightened(GateState.NOT_READY, wanted) is GateState.NOT_READY


def test_the_states_are_ordered_from_running_to_retired() -> None:
    assert [str(state) for state in STRICTNESS] == [
        "run",
        "review_all",
        "degraded",
        "paused",
        "retired",
    ]
    for looser, stricter in product(STRICTNESS, STRICTNESS):
        later = STRICTNESS.index(stricter) > STRICTNESS.index(looser)
        assert is_stricter(stricter, looser) is later


def test_a_pipeline_may_act_alone_only_while_the_gate_says_run() -> None:
    assert [state for state in GateState if may_act(state, runs_degraded=False)] == [GateState.RUN]
    assert [state for state in GateState if may_act(state, runs_degraded=True)] == [
        GateState.RUN,
        GateState.DEGRADED,
    ]
