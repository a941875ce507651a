"""Until a round has proven the limit, as many are drawn as prove it, if a policy asks for that."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bundles import redrawn, unpacked
from worlds import (
    BACKUP,
    CHANNEL,
    KEY,
    OWNER,
    POLICY,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import SYSTEM
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.rendering.render import message
from bot.usecases import questions, sampling, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

# Five outputs prove such a limit.
PROVING = replace(POLICY, floor=0, sample=2, limit_bp=5_000, proves_first=True, tighten=1)
SHARE = replace(PROVING, sample=1, share_bp=1_000, most=4)
MINUTES = replace(PROVING, sample=1, minutes=6)


def draws(world: World) -> list[int]:
    """Give how many were drawn of each round so far."""
    return [len(each.facts["drawn"]) for each in world.entries(Kind.ROUND_DRAWN)]  # type: ignore[arg-type]


def asked(world: World) -> list[object]:
    return [each.facts["to_prove"] for each in world.entries(Kind.ROUND_OPENED)]


def later(world: World, time: timedelta) -> None:
    world.clock.move(world.clock.now() + time)


def turns(world: World) -> None:
    world.reports(12)
    sampling.sample_now(world.deps, person(OWNER), KEY)


@pytest.mark.parametrize("policy", [PROVING, SHARE, MINUTES], ids=["number", "share", "minutes"])
def test_as_many_are_drawn_as_prove_the_limit_until_a_round_has(
    tmp_path: Path, policy: Policy
) -> None:
    world = a_live_world(tmp_path, policy)
    world.answers_round(1, *[WRONG] * 3)
    turns(world)
    world.answers_round(2)
    turns(world)  # it was opened before the second was closed
    turns(world)
    assert draws(world) == [5, 5, 5, 2]
    assert asked(world) == [5, 5, 5, None, None]
    assert findings(world) == []


def test_once_it_was_resumed_a_round_proves_it_anew(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, PROVING)
    world.answers_round(1)
    world.pauses()
    later(world, timedelta(hours=1))
    world.asks_to_resume()
    world.confirms(1, by=BACKUP)
    turns(world)
    world.answers_round(2)
    turns(world)  # the second was open before
    world.answers_round(3)
    turns(world)
    assert asked(world) == [5, 5, 5, 5, None]
    assert findings(world) == []


def test_the_end_of_a_drill_is_no_resume(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, PROVING)
    world.answers_round(1)
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get(KEY), drill_at=work.now))
    world.tick()
    world.drills()
    later(world, timedelta(seconds=4))
    assert world.pipeline_hears()
    assert world.workflow().gate.state is GateState.RUN
    turns(world)
    assert asked(world) == [5, 5, None]


def test_without_such_a_policy_nothing_is_asked(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(PROVING, proves_first=False))
    assert (draws(world), asked(world)) == ([2], [None, None])


def test_i7_anyone_can_draw_such_a_share_again(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, SHARE)
    assert findings(world) == []
    done = redrawn(unpacked(world.path.with_suffix(".zip"), tmp_path / "export"), KEY, 1)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 5)


def test_its_card_and_its_sheet_say_so(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, PROVING)
    seq = world.entries(Kind.ROUND_DRAWN)[-1].seq
    card = Message(MessageKind.ROUND_CARD, Place.CHANNEL, CHANNEL, seq, KEY, 1)
    assert "At least 5 are drawn, if so many come: no round has proven the limit" in (
        message(showing.view_of(world.deps, card)).text
    )
    sheet = questions.show_workflow(world.deps, person(OWNER), KEY)
    assert "at least 5 until a round has proven the limit" in str(message(sheet))
