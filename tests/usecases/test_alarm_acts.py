"""Many rounds together: I8 rates, I9 alarm, and what follows from it."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    BACKUP,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    SKIPPED,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.policy import LimitBasis
from bot.domain.record import Kind
from bot.domain.rounds import Grade, RoundState
from bot.rendering.render import message
from bot.usecases import policies, sampling, showing, wrong_outputs
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

FEW_WRONG = (WRONG, WRONG)
PLAN = replace(POLICY, sample=10, floor=0, tighten=1)


@pytest.fixture
def slipping(tmp_path: Path) -> World:
    """A workflow of whose ten sampled outputs two are wrong in every round; its limit is 5 %."""
    return a_world_after(tmp_path, _slipping)


@pytest.fixture
def proven(tmp_path: Path) -> tuple[World, int]:
    """The same, with the round by which it was proven, and its number."""
    world = a_world_after(tmp_path, _proven)
    return world, int(str(world.entries(Kind.ROUND_CLOSED)[-1].facts["round"]))


def _slipping(folder: Path) -> World:
    world = a_live_world(folder, PLAN)
    world.reports(40)
    return world


def _proven(folder: Path) -> World:
    world = _slipping(folder)
    until_breach(world)
    return world


def round_of(world: World, number: int, *wrong: object) -> Grade | None:
    world.forward(to=world.round(number).period_end)
    world.reports(40)
    world.answers_round(number, *wrong)  # type: ignore[arg-type] # verdicts
    return world.round(number).grade


def until_breach(world: World, first: int = 1) -> int:
    """Let rounds go by until one of them is graded a breach; give its number."""
    for number in range(first, first + 20):
        if round_of(world, number, *FEW_WRONG) is Grade.BREACH:
            return number
    raise AssertionError("four times the limit is never seen")


# --- What was left unanswered ---


def test_i8_who_leaves_errors_unanswered_is_not_called_fine_for_one_lucky_round(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path, replace(PLAN, sample=14, limit_bp=2_000))
    world.reports(40)
    for number in (1, 2):
        assert round_of(world, number, *[SKIPPED] * 12) is Grade.NOT_ENOUGH_EVIDENCE
    assert round_of(world, 3) is Grade.NOT_ENOUGH_EVIDENCE
    assert world.entries(Kind.ROUND_CLOSED)[-1].facts["points_to"] == "unanswered"
    card = Message(MessageKind.ROUND_CARD, Place.CHANNEL, "", 1, KEY, 3)
    assert "Rounds with all their verdicts take that back" in (
        message(showing.view_of(world.deps, card)).text
    )
    assert Grade.WITHIN_LIMIT in {round_of(world, number) for number in (4, 5)}
    assert opened(world) == [], "nobody is accused of it"
    assert findings(world) == []


def opened(world: World) -> list[int]:
    return [
        int(str(each.facts["breach"]))
        for each in world.entries(Kind.BREACH_OPENED)
        if each.facts["cause"] == Cause.ERROR_RATE
    ]


def test_a_rate_well_above_the_limit_is_watched_and_then_a_breach(
    proven: tuple[World, int],
) -> None:
    slipping, last = proven
    grades = [slipping.round(number).grade for number in range(1, last + 1)]
    assert Grade.WATCH in grades
    assert grades[-1] is Grade.BREACH
    [number] = opened(slipping)
    breach = slipping.breach(number)
    assert f"{2 * last} of {10 * last} outputs judged in rounds 1 to {last}" in breach.detail
    assert (breach.is_critical, breach.round) == (False, last)
    closed = slipping.entries(Kind.ROUND_CLOSED)[-1]
    assert int(str(closed.facts["evidence"])) >= 1_560
    seen = wrong_outputs.see_outputs(slipping.deps, person(OWNER), KEY, number, 0)
    assert (seen.round, len(seen.outputs)) == (last, 2)
    assert findings(slipping) == []


def test_i9_it_stays_one_breach_until_somebody_has_decided(proven: tuple[World, int]) -> None:
    slipping, last = proven
    assert round_of(slipping, last + 1, *FEW_WRONG) is Grade.BREACH
    first, second = slipping.entries(Kind.ROUND_CLOSED)[-2:]
    assert first.facts["evidence"] == second.facts["evidence"]
    assert len(opened(slipping)) == 1
    assert findings(slipping) == []


def test_i9_a_recorded_decision_begins_it_anew(proven: tuple[World, int]) -> None:
    slipping, last = proven
    [number] = opened(slipping)
    slipping.acknowledges(number)
    slipping.decides(number, Decision.CONTINUE)
    assert slipping.breach(number).state is BreachState.CLOSED
    assert round_of(slipping, last + 1) is not Grade.BREACH
    following = until_breach(slipping, last + 2)
    assert following > last + 2, "it takes several rounds again"
    assert len(opened(slipping)) == 2
    assert findings(slipping) == []


def test_a_round_of_before_the_decision_does_not_begin_it_again(proven: tuple[World, int]) -> None:
    slipping, last = proven
    slipping.forward(to=slipping.round(last + 1).period_end)
    [number] = opened(slipping)
    slipping.acknowledges(number)
    slipping.decides(number, Decision.CONTINUE)
    slipping.answers_round(last + 1, *[WRONG] * 10)
    assert slipping.round(last + 1).grade is Grade.NOT_ENOUGH_EVIDENCE
    assert opened(slipping) == [number], "what is mended is not proven by what came before"
    assert slipping.entries(Kind.ROUND_CLOSED)[-1].facts["evidence"] == 26
    assert findings(slipping) == []


def test_rounds_may_close_out_of_their_order(slipping: World) -> None:
    slipping.forward(to=slipping.round(1).period_end)
    slipping.reports(40)
    sampling.sample_now(slipping.deps, person(OWNER), KEY)
    slipping.answers_round(2, *FEW_WRONG)
    slipping.answers_round(1, *[WRONG] * 10)
    [number] = opened(slipping)
    assert "12 of 20 outputs judged in rounds 1 to 2 were wrong" in slipping.breach(number).detail
    assert findings(slipping) == []


def changes_limit(world: World, number: int, limit_bp: int, request: int = 1) -> None:
    policy = replace(PLAN, number=number, limit_bp=limit_bp)
    asked = policies.Change(KEY, policy, "the season has begun")
    changed = policies.change_policy(world.deps, person(OWNER), asked)
    if changed.is_waiting:
        world.confirms(request, by=BACKUP)


def test_i9_a_lower_limit_takes_no_evidence_back(slipping: World) -> None:
    number = 1
    while not opened(slipping):
        assert number < 20, "an owner evades every alarm by a hundredth of a percent a week"
        round_of(slipping, number, *FEW_WRONG)
        changes_limit(slipping, number + 1, 500 - number)
        number += 1
    assert findings(slipping) == []


def test_i9_back_at_an_old_limit_no_evidence_is_taken_back(slipping: World) -> None:
    number = 1
    while not opened(slipping):
        assert number < 20, "who lowers a limit alone, and raises it again, evades every alarm"
        round_of(slipping, number, *FEW_WRONG)
        changes_limit(slipping, number + 1, 400 if number % 2 else 500, request=number // 2)
        number += 1
    assert "The limit is " in slipping.breach(opened(slipping)[0]).detail
    assert findings(slipping) == []


def test_i9_retired_for_another_breach_while_its_rounds_prove_one(
    proven: tuple[World, int],
) -> None:
    slipping, last = proven
    slipping.forward(to=slipping.round(last + 1).period_end)
    slipping.raises()
    [number] = opened(slipping)
    slipping.acknowledges(number + 1)
    slipping.decides(number + 1, Decision.RETIRE)
    assert slipping.breach(number).state is BreachState.CLOSED
    assert slipping.round(last + 1).state is RoundState.CLOSED
    assert findings(slipping) == []


def test_a_higher_limit_begins_it_anew(slipping: World) -> None:
    for number in (1, 2):
        assert round_of(slipping, number, *FEW_WRONG) is not Grade.BREACH
    changes_limit(slipping, 2, 2_500)
    round_of(slipping, 3, *FEW_WRONG)  # it was opened under the old one
    before = slipping.entries(Kind.ROUND_CLOSED)[-1].facts["evidence"]
    round_of(slipping, 4, *FEW_WRONG)
    after = slipping.entries(Kind.ROUND_CLOSED)[-1].facts["evidence"]
    assert int(str(after)) < 30 < int(str(before))
    assert findings(slipping) == []


def test_i8_what_nobody_answered_accuses_nobody(slipping: World) -> None:
    slipping.forward(24 * 60)
    graded = {each.facts["grade"] for each in slipping.entries(Kind.ROUND_CLOSED)}
    assert graded == {Grade.NOT_ENOUGH_EVIDENCE}
    assert opened(slipping) == []
    assert findings(slipping) == []


def test_whoever_hands_in_the_round_that_proves_it_is_told(slipping: World) -> None:
    for number in range(1, 20):
        slipping.forward(to=slipping.round(number).period_end)
        slipping.reports(40)
        done = slipping.answers_round(number, *FEW_WRONG)
        if done.grade is Grade.BREACH:
            break
    assert [done.breach] == opened(slipping)


def test_proven_and_retired_in_one_moment_is_sound(proven: tuple[World, int]) -> None:
    slipping, last = proven
    [number] = opened(slipping)
    slipping.acknowledges(number)
    slipping.decides(number, Decision.RETIRE)
    closed = slipping.entries(Kind.ROUND_CLOSED)[-1]
    assert closed.facts["round"] == last + 1
    assert closed.ts == slipping.entries(Kind.BREACH_OPENED)[-1].ts, "the clock stood still"
    assert findings(slipping) == []


def test_a_workflow_that_is_retired_gets_no_breach_for_its_last_round(slipping: World) -> None:
    slipping.forward(to=slipping.round(1).period_end)
    slipping.hands_out(1, MEMBER)
    slipping.answers_share(1, *[WRONG] * 10, by=MEMBER)
    slipping.raises("it is rude")
    slipping.acknowledges(1)
    slipping.decides(1, Decision.RETIRE)
    assert slipping.round(1).grade is Grade.BREACH
    assert opened(slipping) == []
    assert findings(slipping) == []


def test_a_limit_of_the_average_is_held_to_the_average_and_verified_so(tmp_path: Path) -> None:
    gathered = []
    for basis in LimitBasis:
        (tmp_path / basis).mkdir()
        world = a_live_world(tmp_path / basis, replace(PLAN, limit_basis=basis))
        world.reports(40)
        until_breach(world)
        gathered.append([each.facts["evidence"] for each in world.entries(Kind.ROUND_CLOSED)])
        assert findings(world) == []
    assert gathered[0] != gathered[1]
