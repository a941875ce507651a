"""Builders: a workspace with a workflow in it, people who act, and a clock to move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from bot import verify
from bot.clock import MovedClock
from bot.domain.breaches import Breach, Decision
from bot.domain.gate import Gate, GateState
from bot.domain.intake import Intake
from bot.domain.messages import Message, Shown
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.outputs import Output
from bot.domain.people import Actor, Circle, Origin, Person, Standing
from bot.domain.policy import Policy
from bot.domain.proof import Proof
from bot.domain.record import Entry, Kind
from bot.domain.registry import Roles, Workflow, WorkflowState
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.keys import SigningKey, signing_key
from bot.rendering.bundle import write_bundle
from bot.usecases import (
    Deps,
    absences,
    breaches,
    concerns,
    delivery,
    disagreements,
    drills,
    gate,
    handovers,
    people,
    record,
    registry,
    requests,
    sampling,
    second_looks,
    shares,
    skips,
    verdicts,
)
from bot.usecases.due import stages_due
from bot.usecases.steps import answers
from bot.usecases.steps.proposals import newest_naming
from store.engine import Store
from store.reading import Reading
from store.tables import metadata
from store.unit_of_work import Stamp
from tests.engines import FILE, database_in

OWNER, BACKUP, STEWARD, BUILDER = "U0OWNER", "U0BACKUP", "U0STEWARD", "U0BUILDER"
ADMIN, AUDITOR, MEMBER = "U0ADMIN", "U0AUDITOR", "U0MEMBER"
ROLES: Final = Roles(OWNER, BACKUP, STEWARD, BUILDER)
CIRCLE: Final = Circle(frozenset({ADMIN}), frozenset({AUDITOR}))

WORKSPACE, KEY, CHANNEL = "T0WORK", "triage", "C0WATCH"
MONDAY: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEKLY: Final = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
POLICY: Final = Policy(
    number=1,
    cadence=WEEKLY,
    zone="UTC",
    sample=4,
    floor=1,
    limit_bp=500,
    volume_min=1,
    volume_max=1_000,
    hours="always",  # so that tests count plain hours
)

CORRECT: Final = Judgement(Answer.CORRECT)
WRONG: Final = Judgement(Answer.WRONG, Why.ERROR, Severity.MINOR)
CRITICAL: Final = Judgement(Answer.WRONG, Why.ERROR, Severity.CRITICAL)
SKIPPED: Final = Judgement(Answer.SKIPPED, reason="The link is dead.")


def person(
    user_id: str, *, standing: Standing = Standing.MEMBER, delivery: str = "", url: str = ""
) -> Actor:
    return Actor(Origin.SLACK, user_id, standing, delivery=delivery, answer_url=url)


PIPELINE: Final = Actor(Origin.TOKEN, "tok1")


def a_workflow(
    owner: str = OWNER, backup: str = BACKUP, steward: str = STEWARD, gate: Gate | None = None
) -> Workflow:
    return Workflow(
        key=KEY,
        roles=Roles(owner, backup, steward, BUILDER),
        channel=CHANNEL,
        state=WorkflowState.LIVE,
        policy=1,
        gate=gate or Gate(GateState.RUN, MONDAY),
        registered_at=MONDAY,
    )


def outputs(count: int, at: datetime, prefix: str = "o") -> list[Output]:
    return [Output(f"{prefix}{each}", at, category="abc"[each % 3]) for each in range(count)]


@dataclass
class World:
    """One workspace on its own clock. Each act is what a person or a pipeline does to it."""

    deps: Deps
    clock: MovedClock
    path: Path
    _sent: int = field(default=0)

    # What people and pipelines do.

    def registers(self, key: str = KEY, by: str = OWNER, policy: Policy = POLICY) -> Proof:
        asked = registry.Registration(key, "Sorts the mail", ROLES, CHANNEL, policy)
        return registry.register_workflow(self.deps, person(by), asked)

    def accepts(self, key: str = KEY, by: str = OWNER) -> Proof:
        return registry.accept_ownership(self.deps, person(by), key).receipt

    def reports(self, count: int, key: str = KEY, text: str = "", confidence: str = "") -> Intake:
        """Have the pipeline report so many outputs that nobody has seen before, all as sure."""
        self._sent += 1
        said = outputs(count, self.clock.now(), f"o{self._sent}-")
        fresh = [replace(each, text=text, confidence=confidence) for each in said]
        return sampling.receive_outputs(self.deps, PIPELINE, key, fresh)

    def answers_page(
        self, number: int, judgement: Judgement = CORRECT, by: str = OWNER, key: str = KEY
    ) -> verdicts.Page | verdicts.WithReviewers | verdicts.Ready | verdicts.HandedIn:
        page = verdicts.open_review(self.deps, person(by), key, number)
        return self._answers(page, number, judgement, by, key)

    def _answers(
        self,
        page: verdicts.Page | verdicts.Ready,
        number: int,
        judgement: Judgement,
        by: str,
        key: str,
    ) -> verdicts.Page | verdicts.WithReviewers | verdicts.Ready | verdicts.HandedIn:
        if isinstance(page, verdicts.Ready):
            return verdicts.hand_in_round(self.deps, person(by), key, number)
        said = verdicts.PageAnswer(key, number, page.item.position, judgement)
        return verdicts.answer_page(self.deps, person(by), said)

    def answers_round(
        self, number: int, *judgements: Judgement, by: str = OWNER, key: str = KEY
    ) -> verdicts.HandedIn:
        """Answer all items of a round; those beyond the judgements given are correct."""
        saying = iter(judgements)
        outcome = self.answers_page(number, next(saying, CORRECT), by, key)
        while not isinstance(outcome, verdicts.HandedIn):
            judgement = next(saying, CORRECT)
            if isinstance(outcome, verdicts.WithReviewers):  # taken back, page by page
                outcome = self.answers_page(number, judgement, by, key)
            else:
                outcome = self._answers(outcome, number, judgement, by, key)
        return outcome

    def looks_at_page(
        self, number: int, judgement: Judgement = CORRECT, by: str = BACKUP, key: str = KEY
    ) -> answers.Page | second_looks.LookedAgain:
        page = second_looks.open_second_look(self.deps, person(by), key, number)
        said = answers.PageAnswer(key, number, page.item.position, judgement)
        return second_looks.answer_second_page(self.deps, person(by), said)

    def looks_again(
        self, number: int, *judgements: Judgement, by: str = BACKUP, key: str = KEY
    ) -> second_looks.LookedAgain:
        """Take the second look at a round; items beyond the judgements given are correct."""
        saying = iter(judgements)
        while True:
            outcome = self.looks_at_page(number, next(saying, CORRECT), by, key)
            if isinstance(outcome, second_looks.LookedAgain):
                return outcome

    def hands_out(
        self, number: int, *reviewers: str, keeps: bool = False, by: str = OWNER, key: str = KEY
    ) -> shares.Handed:
        """Hand what is not answered of a round to reviewers."""
        asked = shares.Handing(key, number, reviewers, keeps)
        return shares.hand_items(self.deps, person(by), asked)

    def answers_share_page(
        self, share: int, judgement: Judgement = CORRECT, by: str = BUILDER, key: str = KEY
    ) -> answers.Page | shares.SharedIn:
        page = shares.open_share(self.deps, person(by), key, share)
        if isinstance(page, shares.ShareReady):
            return shares.hand_in_share(self.deps, person(by), key, share)
        said = answers.PageAnswer(key, 1, page.item.position, judgement)
        return shares.answer_share_page(self.deps, person(by), share, said)

    def answers_share(
        self, share: int, *judgements: Judgement, by: str = BUILDER, key: str = KEY
    ) -> shares.SharedIn:
        """Answer all of a share; outputs beyond the judgements given are correct."""
        saying = iter(judgements)
        while True:
            outcome = self.answers_share_page(share, next(saying, CORRECT), by, key)
            if isinstance(outcome, shares.SharedIn):
                return outcome

    def takes_back(self, share: int, by: str = OWNER, key: str = KEY) -> Proof:
        return shares.take_share_back(self.deps, person(by), key, share)

    def settles(
        self,
        number: int,
        stands: Look = Look.FIRST,
        by: str = STEWARD,
        key: str = KEY,
        why: str = "seen",
    ) -> disagreements.Question | disagreements.Settled:
        asked = disagreements.open_disagreements(self.deps, person(by), key, number)
        said = disagreements.Settle(key, number, asked.position, stands, why)
        return disagreements.settle_disagreement(self.deps, person(by), said)

    def judges(
        self, number: int, judgement: Judgement = CORRECT, by: str = BACKUP, key: str = KEY
    ) -> skips.ToJudge | skips.AllSaid:
        """Answer the next output of a round that could not be judged."""
        waiting = skips.open_skipped(self.deps, person(by), key, number)
        said = answers.PageAnswer(key, number, waiting.position, judgement)
        return skips.judge_skipped(self.deps, person(by), said)

    def raises(
        self,
        words: str = "it is rude",
        by: str = MEMBER,
        severity: Severity = Severity.MINOR,
        key: str = KEY,
        *,
        is_named: bool = True,
    ) -> concerns.Raised:
        asked = concerns.Raise(key, words, severity, is_named)
        return concerns.raise_concern(self.deps, person(by), asked)

    def acknowledges(self, number: int, by: str = OWNER, key: str = KEY) -> Proof:
        return breaches.acknowledge_breach(self.deps, person(by), key, number).receipt

    def decides(
        self, number: int, decision: Decision, by: str = OWNER, key: str = KEY, why: str = "seen"
    ) -> Proof:
        asked = breaches.DecideBreach(key, number, decision, why)
        return breaches.decide_breach(self.deps, person(by), asked).receipt

    def carries_out(self, number: int, by: str = OWNER, key: str = KEY) -> Proof:
        return breaches.carry_out(self.deps, person(by), key, number, "https://example.org/done")

    def pauses(self, by: str = OWNER, key: str = KEY) -> Proof:
        return gate.pause_workflow(self.deps, person(by), key, "it misbehaves")

    def asks_to_resume(self, by: str = OWNER, key: str = KEY) -> Proof:
        return gate.request_resume(self.deps, person(by), key, "it behaves again")

    def confirms(self, number: int, by: str = BACKUP, key: str = KEY) -> Proof:
        return requests.confirm_request(self.deps, person(by), key, number).receipt

    def declines_request(self, number: int, by: str = BACKUP, key: str = KEY) -> Proof:
        return requests.decline_request(self.deps, person(by), key, number, "not yet mended")

    def withdraws_request(self, number: int, by: str = OWNER, key: str = KEY) -> Proof:
        return requests.withdraw_request(self.deps, person(by), key, number).receipt

    def drills(self, number: int = 1, by: str = OWNER, key: str = KEY) -> Proof:
        return drills.start_drill(self.deps, person(by), key, number)

    def pipeline_hears(self, drill: int = 1, key: str = KEY) -> bool:
        """Have the pipeline be told of a drill's pause now."""
        told = drills.Heard(key, drill, "tok1", self.clock.now())
        return drills.record_heard(self.deps, told)

    def is_away(
        self, by: str, delegate: str = "", *, days: int = 14, start: int = 0, reason: str = ""
    ) -> Proof:
        """Have somebody be away for so many whole days, from so many days from today."""
        first = self.clock.now().date() + timedelta(days=start)
        last = first + timedelta(days=days - 1)
        asked = absences.Announcement(delegate, first, last, "UTC", reason)
        return absences.announce_absence(self.deps, person(by), asked)

    def comes_back(self, by: str, number: int = 1) -> Proof:
        return absences.end_absence(self.deps, person(by), number)

    def leaves(self, who: str, standing: Standing = Standing.DEACTIVATED) -> None:
        """Have Slack say what somebody has become."""
        people.note_standing(self.deps, Person(who, who, standing))

    def hands_over(self, roles: Roles, by: str = OWNER, key: str = KEY) -> handovers.Changed:
        asked = handovers.Change(key, roles, "a new desk", self.last_naming(key))
        return handovers.change_people(self.deps, person(by), asked)

    def last_naming(self, key: str = KEY) -> int:
        """Give what a form carries that is opened now to change the people of a workflow."""
        with self.deps.store.read(self.deps.workspace) as reading:
            return newest_naming(reading, reading.workflows.get(key))

    def takes_over(self, by: str, number: int = 1, key: str = KEY) -> Proof:
        return handovers.take_over(self.deps, person(by), key, number).receipt

    def declines(self, by: str, number: int = 1, key: str = KEY, why: str = "no time") -> Proof:
        return handovers.decline_handover(self.deps, person(by), key, number, why)

    def withdraws(self, by: str = OWNER, number: int = 1, key: str = KEY) -> Proof:
        return handovers.withdraw_handover(self.deps, person(by), key, number)

    # What time does.

    def tick(self) -> int:
        """Handle all that is due, as the ticker does; give how many steps that took."""
        steps = 0
        while handled := self._handle_due():
            steps += handled
        record.settle_refusals(self.deps)
        return steps

    def forward(self, hours: float = 0, *, to: datetime | None = None) -> int:
        """Move the clock in one go, as if the bot had been down, and handle what fell due."""
        self.clock.move(to or self.clock.now() + timedelta(hours=hours))
        return self.tick()

    def live_through(self, hours: int) -> None:
        """Move the clock hour by hour."""
        for _ in range(hours):
            self.forward(1)

    def _handle_due(self) -> int:
        for stage in stages_due(self.deps, self.clock.now()):
            handled = sum(each.handle(self.deps, each.name) for each in stage)
            if handled:
                return handled
        return 0

    # What can be seen.

    def due(
        self, named: Callable[[Reading, datetime], tuple[str, ...]], at: datetime | None = None
    ) -> tuple[str, ...]:
        """Give the names of what of one kind is due, now or at that time."""
        with self.deps.store.read(self.deps.workspace) as reading:
            return named(reading, at or self.clock.now())

    def entries(self, *kinds: Kind) -> list[Entry]:
        with self.deps.store.read(self.deps.workspace) as reading:
            found = [stored.entry for stored in reading.log.entries()]
        return [entry for entry in found if not kinds or entry.kind in kinds]

    def refusals(self) -> list[str]:
        return [str(entry.facts["rule"]) for entry in self.entries(Kind.REFUSED)]

    def workflow(self, key: str = KEY) -> Workflow:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.workflows.get(key)

    def items(self, number: int, key: str = KEY) -> tuple[DrawnItem, ...]:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.rounds.items(key, number)

    def round(self, number: int, key: str = KEY) -> Round:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.rounds.get(key, number)

    def breach(self, number: int, key: str = KEY) -> Breach:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.breaches.get(key, number)

    def owed(self, kind: ObligationKind, subject: int, key: str = KEY) -> Obligation:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.obligations.get(obligation_id(kind, key, subject))

    def climbs(self, kind: ObligationKind, subject: int, key: str = KEY) -> list[Entry]:
        owed = obligation_id(kind, key, subject)
        climbs = self.entries(Kind.OBLIGATION_CLIMBED)
        return [entry for entry in climbs if entry.facts["obligation"] == owed]

    def contents(self) -> Mapping[str, Sequence[object]]:
        """Give every row of every table, to tell whether anything at all was written."""
        with self.deps.store.engine.connect() as connection:
            rows = connection.connection.cursor()  # the driver's own: this is asked very often
            return {name: sorted(_all_of(rows, name), key=str) for name in metadata.tables}


Arranging = Callable[[Path], World]


def a_world(
    folder: Path, workspace: str = WORKSPACE, circle: Circle = CIRCLE, *, at: datetime | None = None
) -> World:
    """Give an empty workspace; its clock stands an hour before the weekly draw."""
    return world_on(database_in(folder), folder, workspace, circle, at)


def a_live_world(folder: Path, policy: Policy = POLICY, circle: Circle = CIRCLE) -> World:
    """Give a workspace with a live workflow whose first round has just been drawn from 12."""
    engine = database_in(folder, _Lived(policy, circle))
    return world_on(engine, folder, WORKSPACE, circle, MONDAY)


def a_world_after(folder: Path, arranged: Arranging) -> World:
    """Give a world as one that was arranged in this way: that is done once, and then copied."""
    engine = database_in(folder, _Arranged(arranged))
    left = _LEFT[arranged]
    world = world_on(engine, folder, left.deps.workspace, left.deps.circle, left.clock.now())
    return replace(world, _sent=left._sent)  # noqa: SLF001 -- of the same class


def world_on(
    engine: Engine,
    folder: Path,
    workspace: str = WORKSPACE,
    circle: Circle = CIRCLE,
    at: datetime | None = None,
) -> World:
    """Give a workspace in a database that has its tables; its files go into a folder."""
    clock = MovedClock(at or MONDAY - timedelta(hours=1))
    store = Store(engine, clock, Stamp("0.1.0", _key().sign_checkpoint))
    world = World(Deps(store, workspace, circle, b"d" * 32), clock, folder / FILE)
    record.start_log(world.deps)
    return world


def sent(world: World) -> list[Message]:
    """Send all that waits; what was sent stands in Slack from then on."""
    found: list[Message] = []
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        shown = Shown(said.to, str(posting.id))
        delivery.record_shown(world.deps, posting, posting.shown or shown, "")
        found.append(said)
    return found


def findings(world: World) -> list[str]:
    """Export the whole record and give what an auditor with its key finds wrong with it."""
    path = world.path.with_suffix(".zip")
    with record.read_record(world.deps, record.Wanted()) as view, path.open("wb") as target:
        vkey = _key().vkey(view.origin)
        write_bundle(view, vkey, target)
    bundle = verify.Bundle(path)
    verdict = verify.audit(bundle, verify.parse_key(vkey + "\n"), ())
    assert verdict.is_good is not bool(verdict.findings)
    return [f"{seq}: {sentence}" for seq, sentence in verdict.findings]


def _all_of(cursor: DBAPICursor, name: str) -> Sequence[object]:
    cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 -- our own names
    return cursor.fetchall()


@dataclass(frozen=True)
class _Lived:
    policy: Policy
    circle: Circle

    def __call__(self, folder: Path) -> None:
        world = a_world(folder, circle=self.circle)
        world.registers(policy=self.policy)
        world.accepts()
        sampling.receive_outputs(world.deps, PIPELINE, KEY, outputs(12, world.clock.now()))
        world.forward(to=MONDAY)
        world.deps.store.engine.dispose()


@dataclass(frozen=True)
class _Arranged:
    arranged: Arranging

    def __call__(self, folder: Path) -> None:
        _LEFT[self.arranged] = world = self.arranged(folder)
        world.deps.store.engine.dispose()


_LEFT: Final[dict[Arranging, World]] = {}  # where each left its clock


@cache
def _key() -> SigningKey:
    return signing_key(Path(mkdtemp()) / "signing.key")
