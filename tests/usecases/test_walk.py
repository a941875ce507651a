"""Whatever people, pipelines and time do, in whatever order: the promises hold and nothing is lost.

I1 owed, I3 climb, I5 order, I6 evidence: walks over all acts, checked against the record alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rebuilt import as_stored, rebuilt, words_of
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    MEMBER,
    OWNER,
    PIPELINE,
    POLICY,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    a_world,
    findings,
    person,
)

from bot.domain.breaches import BreachState, Decision
from bot.domain.limits import read_limits
from bot.domain.measurements import OWING, Measurement
from bot.domain.obligations import ObligationKind
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR, SYSTEM, Person, Standing
from bot.domain.policy import Overflow
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import WorkflowState
from bot.domain.rounds import Look, RoundState
from bot.domain.verdicts import Severity
from bot.usecases import (
    delivery,
    digests,
    measurements,
    people,
    plants,
    policies,
    sampling,
    wrong_outputs,
)
from tests.engines import POSTGRESQL, SQLITE

SOMEBODY = [*[OWNER] * 5, *[BACKUP] * 3, *[STEWARD] * 4, ADMIN, MEMBER]
KEYS = ["triage", "replies"]
HOURS = [0.1, 0.2, 1, 2, 4, 9, 12, 24, 24, 60]
DAILY = replace(
    POLICY,
    cadence="FREQ=DAILY;BYHOUR=9",
    limits=read_limits("latency <= 2 every day\nvolume >= 1"),
    trigger_below_bp=5_000,
    trigger_most=1,
)
LIMITS = [
    "latency <= 2 every day\nvolume >= 1",
    "latency <= 1 every day\nvolume >= 2",
    "latency <= 2\nvolume >= 1 every day",
]
DECISIONS = [each for each in Decision if each is not Decision.RETIRE]
ENDS = {Kind.OBLIGATION_ANSWERED, Kind.OBLIGATION_SUPERSEDED, Kind.OBLIGATION_LAPSED}
ACTS = 240


PLANS: list[dict[str, Any]] = [
    *({"sample": sample, "share_bp": 0, "minutes": 0} for sample in (3, 4, 5, 8)),
    {"capacity": 40, "overflow": Overflow.RISK_FIRST},
    {"share_bp": 3_000, "most": 9, "minutes": 0},
    {"share_bp": 0, "minutes": 40},
]


@dataclass
class Walk:
    """Chooses one act after the other; what it is about is mostly something that waits for it."""

    world: World
    chance: Random
    acts: list[Callable[[], object]] = field(default_factory=list)
    reported: int = 0

    def __post_init__(self) -> None:
        common = [
            self.time_passes,
            self.report,
            self.report,
            self.answer,
            self.answer,
            self.acknowledge,
            self.decide,
            self.look,
        ]
        rest = [self.settle, self.settle, self.answer, self.draft, self.sample, self.carry_out,
                self.judge, self.judge,
                self.pause, self.ask_to_resume, self.confirm, self.change_standing,
                self.be_away, self.come_back, self.hand_over, self.take_over, self.look,
                self.end_proposal, self.decline_request,
                self.deliver, self.accept, self.change, self.change,
                self.measure, self.measure, self.drill, self.drill, self.drill,
                self.raise_concern, self.raise_concern, *[self.hand_over] * 3,
                self.place_digest, self.see_outputs, self.see_outputs,
                self.hear, self.hear, *[self.hand_out] * 6, self.answer_share,
                self.answer_share, self.answer_share, self.take_back]  # fmt: skip
        self.acts = [*common * 3, *rest, self.confirm]

    def step(self) -> None:
        with suppress(Refused, Invalid):
            self.chance.choice(self.acts)()

    def retire(self) -> None:
        with suppress(Refused, Invalid):
            self.world.decides(self.breach(), Decision.RETIRE, self.by(), self.key())

    def key(self) -> str:
        return self.chance.choice(KEYS)

    def by(self) -> str:
        return self.chance.choice(SOMEBODY)

    def breach(self, *states: BreachState, key: str = "triage") -> int:
        """Give the number of a breach in one of these states; if there is none, of any."""
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            waiting = [each.number for each in reading.breaches.not_closed(key)
                       if not states or each.state in states]  # fmt: skip
        return self.chance.choice([*waiting * 5, 1, 2])

    def accept(self) -> None:
        self.world.accepts(self.key(), self.by())

    def report(self) -> None:
        """Have outputs reported, some of them the same, and now and then one planted."""
        count, key = self.chance.randrange(9), self.key()
        text = "The same again." if self.reported % 2 else ""
        self.world.reports(count, key, text, "0.4" if count > 5 else "0.9")
        self.reported += 1
        if self.reported % 3 == 0:
            bad = Output(f"bad-{self.reported}", self.world.clock.now(), "abc"[count % 3])
            plants.plant_outputs(self.world.deps, OPERATOR, key, [bad])

    def a_round(self, key: str) -> int:
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            waiting = reading.rounds.not_closed(key)
        drawn = [each.number for each in waiting if each.state is RoundState.DRAWN]
        return self.chance.choice([*drawn * 5, 1, 2])

    def answer(self) -> None:
        key, said = self.key(), self.chance.choice([CORRECT, SKIPPED, CRITICAL, WRONG, SKIPPED])
        self.world.answers_round(self.a_round(key), said, by=self.by(), key=key)

    def draft(self) -> None:
        key = self.key()
        self.world.answers_page(self.a_round(key), WRONG, self.by(), key)

    def hand_out(self) -> None:
        """Hand out what waits, mostly where something does, and mostly have some of it answered."""
        key = max(KEYS, key=lambda each: (self.has_drawn(each), self.chance.random()))
        people = self.chance.sample([STEWARD, MEMBER, ADMIN, BUILDER], self.chance.randrange(1, 3))
        owner, keeps = self.world.workflow(key).roles.owner, self.chance.random() < 0.5
        self.world.hands_out(self.a_round(key), *people, keeps=keeps, by=owner, key=key)
        if self.chance.random() < 0.7:
            number, by = self.a_share(key)
            self.world.answers_share(number, self.chance.choice([CORRECT, WRONG]), by=by, key=key)

    def has_drawn(self, key: str) -> bool:
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            return any(each.state is RoundState.DRAWN for each in reading.rounds.not_closed(key))

    def a_share(self, key: str) -> tuple[int, str]:
        """Give a share that a reviewer has, and the reviewer; if there is none, any."""
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            found = [(each.number, each.reviewer) for each in reading.shares.with_reviewers()
                     if each.workflow == key]  # fmt: skip
        return self.chance.choice([*found * 5, (1, self.by())])

    def answer_share(self) -> None:
        key, said = self.key(), self.chance.choice([CORRECT, WRONG, CRITICAL, SKIPPED])
        act = self.chance.choice([self.world.answers_share, self.world.answers_share_page])
        number, by = self.a_share(key)
        act(number, said, by=by, key=key)

    def take_back(self) -> None:
        key = self.key()
        number, _ = self.a_share(key)
        self.world.takes_back(number, self.world.workflow(key).roles.owner, key)

    def look(self) -> None:
        key, said = self.key(), self.chance.choice([CORRECT, WRONG, CORRECT, WRONG, SKIPPED])
        act = self.chance.choice([self.world.looks_again, self.world.looks_at_page])
        number, by = self.owed(ObligationKind.SECOND_REVIEW, key)
        act(number, said, by=by, key=key)

    def see_outputs(self) -> None:
        world, key = self.world, self.key()
        number = self.breach(key=key)
        wrong_outputs.see_outputs(world.deps, person(self.by()), key, number, 0)

    def settle(self) -> None:
        key = self.key()
        number, by = self.owed(ObligationKind.SETTLE, key)
        self.world.settles(number, self.chance.choice(list(Look)), by, key)

    def judge(self) -> None:
        key, said = self.key(), self.chance.choice([CORRECT, CRITICAL, SKIPPED, SKIPPED])
        number, by = self.owed(ObligationKind.JUDGE, key)
        self.world.judges(number, said, self.chance.choice([by, by, self.by()]), key)

    def owed(self, kind: ObligationKind, key: str) -> tuple[int, str]:
        """Give the round of something owed and, mostly, by whom; if nothing is, of any."""
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            waiting = [(each.subject, each.owed_by)
                       for each in reading.obligations.open_of_workflow(key)
                       if each.kind is kind]  # fmt: skip
        return self.chance.choice([*waiting * 3, (1, self.by()), (2, self.by())])

    def sample(self) -> None:
        sampling.sample_now(self.world.deps, person(self.by()), self.key())

    def raise_concern(self) -> None:
        words, bad = self.chance.choice("abc"), self.chance.choice(list(Severity))
        is_named = self.chance.random() < 0.5
        self.world.raises(words, self.by(), bad, self.key(), is_named=is_named)

    def place_digest(self) -> None:
        channel, by = self.chance.choice(["C0BOARD", "C0TEAM", "off"]), person(self.by())
        if channel == "off":
            digests.stop_digest(self.world.deps, by)
        else:
            digests.place_digest(self.world.deps, by, channel, "every day at 17:00", "UTC")

    def acknowledge(self) -> None:
        key = self.key()
        self.world.acknowledges(self.breach(BreachState.OPEN, key=key), self.by(), key)

    def decide(self) -> None:
        key = self.key()
        number = self.breach(BreachState.ACKNOWLEDGED, key=key)
        self.world.decides(number, self.chance.choice(DECISIONS), self.by(), key)

    def carry_out(self) -> None:
        key = self.key()
        self.world.carries_out(self.breach(BreachState.DECIDED, key=key), self.by(), key)

    def pause(self) -> None:
        self.world.pauses(self.by(), self.key())

    def ask_to_resume(self) -> None:
        self.world.asks_to_resume(self.by(), self.key())

    def confirm(self) -> None:
        key = self.key()
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            last = reading.requests.next_number(key) - 1
        self.world.confirms(max(last, 1), self.by(), key)

    def decline_request(self) -> None:
        key = self.key()
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            last = reading.requests.next_number(key) - 1
        end = self.chance.choice([self.world.declines_request, self.world.withdraws_request])
        end(max(last, 1), self.by(), key)

    def change(self) -> None:
        self.change_of(self.key(), self.by())

    def change_of(self, key: str, by: str) -> None:
        """Change one thing of a policy: often stricter, else it waits for a second person."""
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            now = reading.workflows.policy(key, reading.workflows.get(key).policy)
        another: dict[str, Any] = self.chance.choice(
            [
                self.chance.choice(PLANS),
                {"floor": self.chance.randrange(3)},
                {"limit_bp": max(now.limit_bp - self.chance.choice([-50, 0, 50]), 50)},
                {"limits": read_limits(self.chance.choice(LIMITS))},
                {"zone": self.chance.choice(["UTC", "Asia/Tokyo", "America/New_York"])},
            ]
        )
        changed = replace(now, number=now.number + 1, **another)
        asked = policies.Change(key, changed, "it is another season")
        policies.change_policy(self.world.deps, person(by), asked)

    def measure(self) -> None:
        at = self.world.clock.now() - timedelta(hours=self.chance.randrange(30))
        sent = [
            Measurement(name, at, Decimal(self.chance.randrange(4)))
            for name in ("latency", "volume")
        ]
        measurements.receive_measurements(self.world.deps, PIPELINE, self.key(), sent)

    def drill(self) -> None:
        key = self.key()
        self.ask_for_drill(key)
        number, by = self.owed(ObligationKind.DRILL, key)
        self.world.drills(number, by, key)
        if self.chance.random() < 0.5:
            self.change_of(key, self.world.workflow(key).roles.owner)

    def ask_for_drill(self, key: str) -> None:
        """Have a drill be due now, not only in 90 days."""
        with self.world.deps.store.begin(self.world.deps.workspace, SYSTEM) as work:
            work.workflows.save(replace(work.workflows.get(key), drill_at=work.now))
        self.world.tick()

    def hear(self) -> None:
        key = self.key()
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            last = reading.drills.last(key)
        self.world.pipeline_hears(last.number if last else 1, key)

    def change_standing(self) -> None:
        standing = self.chance.choice([Standing.MEMBER, Standing.MEMBER, Standing.DEACTIVATED])
        people.note_standing(self.world.deps, Person(self.by(), "", standing))

    def be_away(self) -> None:
        delegate = self.chance.choice(["", *SOMEBODY])
        days, start = self.chance.choice([1, 2, 5]), self.chance.choice([0, 0, 1, 3])
        self.world.is_away(self.by(), delegate, days=days, start=start)

    def come_back(self) -> None:
        self.world.comes_back(self.by(), self.chance.randrange(1, 9))

    def hand_over(self) -> None:
        key = self.key()
        roles = self.world.workflow(key).roles
        role = self.chance.choice(["owner", "backup", "steward", "technical_owner"])
        changed = {role: self.chance.choice([*SOMEBODY, roles.owner])}
        if changed.get("owner") == roles.backup:
            changed["backup"] = roles.owner
        self.world.hands_over(replace(roles, **changed), self.by(), key)

    def take_over(self) -> None:
        key = self.key()
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            last = reading.handovers.last(key)
        if last:
            self.world.takes_over(last.roles.owner, last.number, key)

    def end_proposal(self) -> None:
        key = self.key()
        roles = self.world.workflow(key).roles
        with suppress(Refused, Invalid):
            self.world.hands_over(replace(roles, owner=MEMBER), roles.owner, key)
        with self.world.deps.store.read(self.world.deps.workspace) as reading:
            last = reading.handovers.last(key)
        if last and self.chance.random() < 0.5:
            self.world.declines(last.roles.owner, last.number, key)
        elif last:
            self.world.withdraws(last.proposed_by, last.number, key)

    def deliver(self) -> None:
        """Have up to ten messages delivered, or found undeliverable."""
        is_possible = self.chance.random() < 0.8
        for _ in range(10):
            posting = delivery.claim_message(self.world.deps)
            if posting and is_possible:
                delivery.record_shown(self.world.deps, posting, None, "")
            elif posting:
                delivery.record_undeliverable(self.world.deps, posting, "channel_not_found")

    def time_passes(self) -> None:
        self.world.forward(self.chance.choice(HOURS))


@pytest.mark.parametrize(
    ("databases", "seed"),
    [(SQLITE, 0), (POSTGRESQL, 1), (SQLITE, 2), (POSTGRESQL, 3)],
    indirect=["databases"],
)
def test_after_any_walk_nothing_is_lost_and_the_record_tells_all(seed: int, tmp_path: Path) -> None:
    world = a_world(tmp_path)
    walk = Walk(world, Random(seed))  # noqa: S311 -- the same walk each time
    for key in KEYS:
        world.registers(key, policy=DAILY)
        world.accepts(key)
        walk.ask_for_drill(key)
        world.drills(key=key)
        with suppress(Invalid):
            walk.change_of(key, OWNER)
    for act in range(ACTS):
        walk.step()
        if act % 20 == 0:
            the_record_alone_tells_the_state(world)
        who_answers_is_asked_for_wherever_the_owner_left(world)
        what_runs_is_measured_as_its_policy_says(world)
    if seed % 2:
        walk.retire()
    world.tick()

    the_record_alone_tells_the_state(world)
    entries_stand_in_one_order(world.entries())
    every_obligation_has_ended_or_still_climbs(world)
    assert findings(world) == []
    counted = Counter(entry.kind for entry in world.entries())
    assert counted[Kind.VERDICT_RECORDED] > 5, "the walk went somewhere"
    assert counted[Kind.SECOND_VERDICT_RECORDED] > 1, "and somebody looked again"
    assert counted[Kind.MEASUREMENTS_RECEIVED] > 1, "and something was measured"
    assert counted[Kind.DRILL_STARTED] > 1, "and stops were tried"
    assert counted[Kind.POLICY_CHANGED] > len(KEYS), "and something was measured otherwise"
    assert counted[Kind.HANDOVER_PROPOSED] > 0, "and a successor was named"
    assert counted[Kind.ITEMS_ANSWERED] > 0, "and reviewers handed in"
    assert counted[Kind.CONCERN_RAISED] > 1, "and people were worried"
    assert counted[Kind.OUTPUT_SKIPPED] > 0, "and something could not be judged"
    assert counted[Kind.PLANTS_REVEALED] > 0, "and something was planted"
    assert counted[Kind.TRIGGERED_JUDGED] > 0, "and something was asked besides a draw"
    world.deps.store.engine.dispose()


def the_record_alone_tells_the_state(world: World) -> None:
    assert rebuilt(world.entries(), words_of(world)) == as_stored(world)


def who_answers_is_asked_for_wherever_the_owner_left(world: World) -> None:
    """I1: a live workflow has an owner who is there, or somebody owes it one; never both."""
    with world.deps.store.read(world.deps.workspace) as reading:
        gone = reading.people.gone()
        for workflow in reading.workflows.all():
            owed = [each.kind for each in reading.obligations.open_of_workflow(workflow.key)]
            is_missing = workflow.state is WorkflowState.LIVE and workflow.roles.owner in gone
            assert owed.count(ObligationKind.HAND_OVER) == is_missing, workflow.name


def what_runs_is_measured_as_its_policy_says(world: World) -> None:
    """I1: every measurement of what runs, or is paused by a drill alone, is awaited; no other."""
    with world.deps.store.read(world.deps.workspace) as reading:
        for workflow in reading.workflows.all():
            drill = reading.drills.running(workflow.key)
            stands = drill.was if drill and drill.holds(workflow.gate) else workflow.gate.state
            limits = reading.workflows.policy(workflow.key, workflow.policy).limits
            owed = {limit.name for limit in limits} if stands in OWING else set()
            awaited = reading.measurements.awaited(workflow.key)
            assert {each.name for each in awaited} == owed, workflow.name


def entries_stand_in_one_order(entries: list[Entry]) -> None:
    assert [entry.seq for entry in entries] == list(range(len(entries)))
    assert all(earlier.ts <= later.ts for earlier, later in pairwise(entries))


def every_obligation_has_ended_or_still_climbs(world: World) -> None:
    rungs: dict[str, list[int]] = defaultdict(list)
    opened: set[str] = set()
    ended: set[str] = set()
    for entry in world.entries():
        owed = str(entry.facts.get("obligation"))
        if entry.kind is Kind.OBLIGATION_OPENED:
            assert owed not in opened
            opened.add(owed)
        elif entry.kind is Kind.OBLIGATION_CLIMBED:
            assert owed in opened - ended
            rungs[owed].append(int(str(entry.facts["rung"])))
        elif entry.kind in ENDS:
            assert owed in opened - ended
            ended.add(owed)
    for climbed in rungs.values():
        assert climbed == [min(number, 3) for number in range(len(climbed))]
    with world.deps.store.read(world.deps.workspace) as reading:
        still_owed = reading.obligations.all_open()
    assert {owed.id for owed in still_owed} == opened - ended
    assert all(owed.climbs_at > world.clock.now() for owed in still_owed)
