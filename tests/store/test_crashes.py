"""I2 across crashes: for every act, failed and not kept, and failed but kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event
from worlds import (
    AUDITOR,
    BACKUP,
    CHANNEL,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    POLICY,
    ROLES,
    SKIPPED,
    STEWARD,
    Arranging,
    World,
    a_live_world,
    a_world,
    a_world_after,
    findings,
    outputs,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.limits import read_limits
from bot.domain.measurements import Measurement
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR, SYSTEM
from bot.domain.refusals import Refused, Repeated
from bot.domain.rounds import Look
from bot.domain.verdicts import Severity
from bot.usecases import (
    breaches,
    concerns,
    digests,
    disagreements,
    drills,
    escalation,
    gate,
    handovers,
    leftovers,
    measurements,
    plants,
    record,
    registry,
    requests,
    sampling,
    second_looks,
    shares,
    skips,
    verdicts,
    wrong_outputs,
)
from store.unit_of_work import Changed

REVIEW: Final = "review/triage/1"
STRANGER: Final = "U0STRANGER"
BAD: Final = [Output(each, MONDAY, "z") for each in ("bad-1", "bad-2")]


class Crash(Exception):  # noqa: N818 -- what happened to the process
    """The process dies here."""


@dataclass(frozen=True)
class Act:
    """Something that is written: how the world gets there, and what is then asked for."""

    arranged: Arranging
    done: Callable[[World], object]


def _drafted(folder: Path) -> World:
    world = a_live_world(folder)
    for _ in range(3):
        world.answers_page(1)
    return world


def _planted(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1)
    plants.plant_outputs(world.deps, OPERATOR, KEY, BAD)
    world.reports(8)
    return world


def _planted_to_answer(folder: Path) -> World:
    """Give a world in which all of a round but its last page, a planted one, is drafted."""
    world = _planted(folder)
    sampling.sample_now(world.deps, person(OWNER), KEY)
    for _ in range(5):
        world.answers_page(2)
    return world


def _answers_the_last(world: World) -> object:
    with world.deps.store.read(world.deps.workspace) as reading:
        last = reading.rounds.asked(KEY, 2)[-1]
    assert last.is_planted
    said = verdicts.PageAnswer(KEY, 2, last.position, CORRECT)
    return verdicts.answer_page(world.deps, person(OWNER), said)


def _skipped(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1, SKIPPED)
    return world


def _critical(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1, CRITICAL)
    return world


def _looked_once(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1)
    world.looks_at_page(1, CRITICAL)
    return world


def _disagreed(folder: Path) -> World:
    world = _looked_once(folder)
    world.looks_at_page(1)
    return world


def _handed_out(folder: Path) -> World:
    world = a_live_world(folder)
    world.hands_out(1, STRANGER, MEMBER)
    world.answers_share_page(1, by=STRANGER)
    return world


def _shares_in(folder: Path) -> World:
    world = _handed_out(folder)
    world.answers_share(1, CRITICAL, by=STRANGER)
    world.answers_share(2, by=MEMBER)
    return world


def _acknowledged(folder: Path) -> World:
    world = _critical(folder)
    world.acknowledges(1)
    return world


def _retraining(folder: Path) -> World:
    world = _acknowledged(folder)
    world.decides(1, Decision.RETRAIN, by=STEWARD)
    return world


def _paused(folder: Path) -> World:
    world = a_live_world(folder)
    world.pauses(by=BACKUP)
    return world


def _proposed(folder: Path) -> World:
    world = a_live_world(folder)
    world.hands_over(replace(ROLES, owner=STRANGER))
    return world


def _asked(folder: Path) -> World:
    world = a_live_world(folder)
    world.pauses()
    world.asks_to_resume()
    return world


def _draft(folder: Path) -> World:
    world = a_world(folder)
    world.registers()
    return world


def _measured(folder: Path) -> World:
    return a_live_world(folder, replace(POLICY, limits=read_limits("latency <= 2.5 every hour")))


def _past_its_limit(folder: Path) -> World:
    world = _measured(folder)
    measurements.receive_measurements(world.deps, PIPELINE, KEY, MEASURED[:1])
    return world


def _silent(folder: Path) -> World:
    world = _measured(folder)
    world.clock.move(MONDAY + timedelta(hours=5))
    return world


def _period_over(folder: Path) -> World:
    world = a_live_world(folder)
    world.reports(9)
    world.clock.move(MONDAY + timedelta(days=7))
    return world


def _overdue(folder: Path) -> World:
    world = a_live_world(folder)
    world.forward(72 + 13)
    world.clock.move(world.clock.now() + timedelta(hours=1))
    return world


def _digest_due(folder: Path) -> World:
    world = a_live_world(folder)
    digests.place_digest(world.deps, person(STEWARD), "C0BOARD", "every day at 17:00", "UTC")
    world.clock.move(world.clock.now() + timedelta(days=1))
    return world


def _drill_due(folder: Path) -> World:
    world = a_live_world(folder)
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(work.workflows.get(KEY), drill_at=work.now))
    return world


def _drill_owed(folder: Path) -> World:
    world = _drill_due(folder)
    drills.ask_to_drill(world.deps, KEY)
    return world


def _drilling(folder: Path) -> World:
    world = _drill_owed(folder)
    world.drills()
    world.clock.move(world.clock.now() + timedelta(seconds=4))
    return world


def _month_old(folder: Path) -> World:
    world = a_live_world(folder)
    gate.pause_workflow(world.deps, BY_OWNER, KEY, "it misbehaves")
    world.clock.move(world.clock.now() + timedelta(days=31))
    return world


def _drill_over(folder: Path) -> World:
    world = _drilling(folder)
    world.clock.move(world.clock.now() + timedelta(minutes=15))
    return world


BY_OWNER: Final = person(OWNER, delivery="delivery-1")
BY_STRANGER = person(STRANGER, delivery="delivery-3")
SUCCESSION: Final = handovers.Change(KEY, replace(ROLES, owner=STRANGER), "a new desk", 0)
REGISTRATION: Final = registry.Registration(KEY, "Sorts the mail", ROLES, CHANNEL, POLICY)
RETIRE: Final = breaches.DecideBreach(KEY, 1, Decision.RETIRE, "enough")
LAST_PAGE: Final = verdicts.PageAnswer(KEY, 1, 3, CORRECT)
LAST_SKIPPED: Final = replace(LAST_PAGE, judgement=SKIPPED)
NEITHER: Final = replace(LAST_PAGE, position=0, judgement=SKIPPED)
JUDGED_SINCE: Final = replace(NEITHER, judgement=CRITICAL)
LAST_AGAIN: Final = verdicts.PageAnswer(KEY, 1, 1, CRITICAL)
STANDS: Final = disagreements.Settle(KEY, 1, 0, Look.SECOND, "it names another form")
SENT: Final = outputs(9, MONDAY, "sent")
MEASURED: Final = [
    Measurement("latency", MONDAY - timedelta(minutes=each), Decimal(3)) for each in range(3)
]

HANDING: Final = shares.Handing(KEY, 1, (STRANGER, MEMBER), owner_keeps=False)
CONCERN: Final = concerns.Raise(KEY, "it is rude", Severity.CRITICAL, is_named=False)


def draft_at(position: int) -> verdicts.PageAnswer:
    return replace(LAST_PAGE, position=position)


ACTS: Final = {
    "register": Act(
        a_world, lambda world: registry.register_workflow(world.deps, BY_OWNER, REGISTRATION)
    ),
    "accept": Act(_draft, lambda world: world.accepts()),
    "report": Act(
        a_live_world,
        lambda world: sampling.receive_outputs(world.deps, PIPELINE, KEY, SENT),
    ),
    "measure": Act(
        _measured,
        lambda world: measurements.receive_measurements(world.deps, PIPELINE, KEY, MEASURED),
    ),
    "measure more": Act(
        _past_its_limit,
        lambda world: measurements.receive_measurements(world.deps, PIPELINE, KEY, MEASURED),
    ),
    "notice silence": Act(
        _silent, lambda world: measurements.notice_silence(world.deps, f"{KEY}/latency")
    ),
    "draw": Act(_period_over, lambda world: sampling.turn_round(world.deps, KEY)),
    "draw early": Act(_period_over, lambda world: sampling.sample_now(world.deps, BY_OWNER, KEY)),
    "draft": Act(
        a_live_world,
        lambda world: verdicts.answer_page(
            world.deps, person(OWNER), replace(LAST_PAGE, position=0)
        ),
    ),
    "hand in": Act(
        _drafted, lambda world: verdicts.answer_page(world.deps, person(OWNER), LAST_PAGE)
    ),
    "second draft": Act(
        a_live_world,
        lambda world: second_looks.answer_second_page(
            world.deps, person(BACKUP), replace(LAST_AGAIN, position=0)
        ),
    ),
    "hand in again": Act(
        _looked_once,
        lambda world: second_looks.answer_second_page(world.deps, person(BACKUP), LAST_AGAIN),
    ),
    "plant": Act(a_live_world, lambda world: plants.plant_outputs(world.deps, OPERATOR, KEY, BAD)),
    "draw what is planted": Act(
        _planted, lambda world: sampling.sample_now(world.deps, BY_OWNER, KEY)
    ),
    "hand in what is planted": Act(_planted_to_answer, _answers_the_last),
    "hand out": Act(
        a_live_world,
        lambda world: shares.hand_items(world.deps, BY_OWNER, HANDING),
    ),
    "draft of a share": Act(
        _handed_out,
        lambda world: shares.answer_share_page(world.deps, person(MEMBER), 2, draft_at(1)),
    ),
    "hand a share in": Act(
        _handed_out,
        lambda world: shares.answer_share_page(world.deps, person(STRANGER), 1, draft_at(2)),
    ),
    "take an output back": Act(
        _handed_out, lambda world: verdicts.answer_page(world.deps, BY_OWNER, draft_at(0))
    ),
    "take back": Act(_handed_out, lambda world: world.takes_back(1)),
    "hand in what was shared": Act(
        _shares_in, lambda world: verdicts.hand_in_round(world.deps, BY_OWNER, KEY, 1)
    ),
    "hand in what cannot be judged": Act(
        _drafted, lambda world: verdicts.answer_page(world.deps, person(OWNER), LAST_SKIPPED)
    ),
    "judge what could not be": Act(
        _skipped,
        lambda world: skips.judge_skipped(world.deps, person(BACKUP), JUDGED_SINCE),
    ),
    "cannot judge it either": Act(
        _skipped,
        lambda world: skips.judge_skipped(world.deps, person(BACKUP), NEITHER),
    ),
    "settle": Act(
        _disagreed,
        lambda world: disagreements.settle_disagreement(world.deps, person(STEWARD), STANDS),
    ),
    "raise a concern": Act(
        a_live_world, lambda world: concerns.raise_concern(world.deps, BY_STRANGER, CONCERN)
    ),
    "place the digest": Act(
        a_live_world,
        lambda world: digests.place_digest(
            world.deps, person(STEWARD, delivery="delivery-1"), "C0BOARD", "", "UTC"
        ),
    ),
    "write the digest": Act(
        _digest_due, lambda world: digests.write_digest(world.deps, world.deps.workspace)
    ),
    "stop the digest": Act(
        _digest_due,
        lambda world: digests.stop_digest(world.deps, person(STEWARD, delivery="delivery-2")),
    ),
    "see what was shared": Act(
        _shares_in, lambda world: verdicts.open_review(world.deps, BY_OWNER, KEY, 1)
    ),
    "see the outputs": Act(
        _critical,
        lambda world: wrong_outputs.see_outputs(world.deps, person(STEWARD), KEY, 1, 0),
    ),
    "acknowledge": Act(_critical, lambda world: world.acknowledges(1)),
    "decide": Act(_acknowledged, lambda world: world.decides(1, Decision.RETRAIN, by=STEWARD)),
    "retire": Act(
        _acknowledged, lambda world: breaches.decide_breach(world.deps, person(STEWARD), RETIRE)
    ),
    "carry out": Act(_retraining, lambda world: world.carries_out(1)),
    "pause": Act(
        a_live_world,
        lambda world: gate.pause_workflow(world.deps, BY_OWNER, KEY, "it misbehaves"),
    ),
    "ask to resume": Act(
        _paused, lambda world: gate.request_resume(world.deps, BY_OWNER, KEY, "it behaves")
    ),
    "confirm": Act(_asked, lambda world: world.confirms(1, by=BACKUP)),
    "decline a request": Act(
        _asked,
        lambda world: requests.decline_request(
            world.deps, person(BACKUP, delivery="delivery-2"), KEY, 1, "not yet mended"
        ),
    ),
    "withdraw a request": Act(_asked, lambda world: world.withdraws_request(1)),
    "climb": Act(_overdue, lambda world: escalation.climb_obligation(world.deps, REVIEW)),
    "ask for a drill": Act(_drill_due, lambda world: drills.ask_to_drill(world.deps, KEY)),
    "start a drill": Act(
        _drill_owed, lambda world: drills.start_drill(world.deps, BY_OWNER, KEY, 1, "at noon")
    ),
    "measure a drill": Act(_drilling, lambda world: world.pipeline_hears()),
    "end a drill": Act(_drill_over, lambda world: drills.end_unheard(world.deps, KEY)),
    "pause in a drill": Act(
        _drilling, lambda world: gate.pause_workflow(world.deps, BY_OWNER, KEY, "it misbehaves")
    ),
    "clear leftovers": Act(_month_old, lambda world: leftovers.clear_leftovers(world.deps)),
    "propose": Act(
        a_live_world,
        lambda world: handovers.change_people(
            world.deps, BY_OWNER, replace(SUCCESSION, shown=world.last_naming())
        ),
    ),
    "decline": Act(
        _proposed,
        lambda world: handovers.decline_handover(world.deps, BY_STRANGER, KEY, 1, "no time"),
    ),
    "withdraw": Act(_proposed, lambda world: world.withdraws()),
    "take over": Act(_proposed, lambda world: world.takes_over(STRANGER)),
    "export": Act(
        a_live_world,
        lambda world: record.request_export(world.deps, person(AUDITOR, delivery="delivery-2")),
    ),
}


@contextmanager
def dying_at(world: World, statement: int) -> Iterator[None]:
    """Have the process die before it sends this statement, counted from the first."""
    numbers = count()

    def die(*_: object) -> None:
        if next(numbers) == statement:
            raise Crash

    engine = world.deps.store.engine
    event.listen(engine, "before_cursor_execute", die)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", die)


def statements(world: World, act: Act) -> int:
    """Give how many statements an act sends. It is done for that."""
    numbers = count()
    engine = world.deps.store.engine

    def notice(*_: object) -> None:
        next(numbers)

    event.listen(engine, "before_cursor_execute", notice)
    act.done(world)
    event.remove(engine, "before_cursor_execute", notice)
    return next(numbers)


@pytest.mark.parametrize("name", ACTS)
def test_i2_failed_and_not_kept_whatever_the_statement(name: str, tmp_path: Path) -> None:
    """Whichever statement a crash comes before, nothing of the act is there afterwards."""
    act = ACTS[name]
    (tmp_path / "tried").mkdir()
    last = statements(a_world_after(tmp_path / "tried", act.arranged), act)
    world = a_world_after(tmp_path, act.arranged)
    before = world.contents()
    for statement in range(last):
        with dying_at(world, statement), pytest.raises(Crash):
            act.done(world)
        assert world.contents() == before
    act.done(world)

    assert world.contents() != before
    assert findings(world) == []


@pytest.mark.parametrize("name", ACTS)
def test_i2_failed_but_kept_and_done_again_is_a_success_once(name: str, tmp_path: Path) -> None:
    """It was committed, but whoever asked never heard: asking again changes nothing more."""
    act = ACTS[name]
    world = a_world_after(tmp_path, act.arranged)

    def die(_: Changed) -> None:
        raise Crash

    world.deps.store.listeners.append(die)
    with pytest.raises(Crash):
        act.done(world)
    world.deps.store.listeners.remove(die)
    kept = world.contents()
    with suppress(Repeated):
        act.done(world)

    assert world.contents() == kept
    assert findings(world) == []


def test_i2_a_refusal_that_could_not_be_recorded_leaves_nothing(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    before = world.contents()
    last = statements(world, Act(a_live_world, _refused))
    world.forward(1)
    assert world.contents() != before

    before = world.contents()
    for statement in range(last):
        with dying_at(world, statement), pytest.raises(Crash):
            world.pauses(by=MEMBER)
        assert world.contents() == before


def _refused(world: World) -> None:
    with pytest.raises(Refused):
        world.pauses(by=STRANGER)
