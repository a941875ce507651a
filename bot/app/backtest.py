"""Past outputs, played through the real use cases in a database that is thrown away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.exc import OperationalError

from bot.app.base import explained
from bot.clock import MovedClock, SystemClock
from bot.domain.backtests import Backtest, Past, Week
from bot.domain.blame import Tally
from bot.domain.calendar import next_occurrence
from bot.domain.evidence import Result, error_rate, result_of
from bot.domain.intake import ahead_fault
from bot.domain.people import Actor, Circle, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.rounds import DrawnItem, Round
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.keys import signing_key
from bot.usecases import Deps, record, registry, sampling, verdicts
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page
from handlers.cli import Failed, Unplayable
from store.engine import Store, connect
from store.migrate import migrate
from store.sqlite import never_flush
from store.unit_of_work import Stamp

WORKSPACE: Final = "T0BACKTEST"
KEY: Final = "backtest"
ROLES: Final = Roles("U0OWNER", "U0BACKUP", "U0STEWARD", "U0BUILDER")
CHANNEL: Final = "C0BACKTEST"
OWNER: Final = Actor(Origin.SLACK, ROLES.owner)
PIPELINE: Final = Actor(Origin.TOKEN, KEY)
MAX_WEEKS: Final = 1_000
_BATCH: Final = 1_000
_MOMENT: Final = timedelta(seconds=1)
# How far back a cadence may have struck last, the rarest of them a year; few strikes lie between.
_BACK: Final = tuple(timedelta(days=days) for days in (2, 9, 40, 400))
_RIGHT: Final = Judgement(Answer.CORRECT)
_ERROR: Final = Judgement(Answer.WRONG, Why.ERROR, Severity.MAJOR)

Noted = Callable[[int], None]


def run_backtest(past: Sequence[Past], policy: Policy, seed: int, noted: Noted) -> Backtest:
    """Play past outputs week by week and give what came of it; the same seed gives the same.

    `noted` is told how many outputs more have been reported. Raises Failed if they cannot be
    played: in the future, over too many weeks, or refused by the product itself.
    """
    in_order = sorted(past, key=lambda each: each.output.produced_at)
    _require_past(in_order[-1])
    periods = _periods(policy, in_order[0], in_order[-1])
    with _thrown_away(periods[0][0], seed) as deps:
        stage = Stage(deps, policy)
        stage.open()
        weeks: list[Week] = []
        for batch, end in _by_period(in_order, [end for _, end in periods]):
            weeks.append(stage.play(batch, end, noted))
    return Backtest(policy, seed, tuple(weeks))


@dataclass(frozen=True, slots=True)
class Stage:
    """One live workflow, its pipeline and its owner, on a clock that only this moves."""

    deps: Deps
    policy: Policy

    def open(self) -> None:
        """Register the workflow and accept it, so that its first round opens."""
        record.start_log(self.deps)
        asked = registry.Registration(KEY, "Played again.", ROLES, CHANNEL, self.policy)
        registry.register_workflow(self.deps, OWNER, asked)
        registry.accept_ownership(self.deps, OWNER, KEY)

    def play(self, past: Sequence[Past], end: datetime, noted: Noted) -> Week:
        """Report a period's outputs, let it end, and answer what is drawn by the truth."""
        clock = self._clock
        clock.move(end - _MOMENT)
        for start in range(0, len(past), _BATCH):
            self._report(past[start : start + _BATCH])
            noted(len(past[start : start + _BATCH]))
        clock.move(end)
        sampling.turn_round(self.deps, KEY)
        round_, items = self._drawn(end)
        if items:
            self._answer(round_.number, {each.output.output_id: each.is_wrong for each in past})
        return self._week(round_.number, past)

    @property
    def _clock(self) -> MovedClock:
        clock = self.deps.store.clock
        if not isinstance(clock, MovedClock):
            raise TypeError("a backtest never goes by the machine's clock")
        return clock

    def _report(self, past: Sequence[Past]) -> None:
        outputs = [each.output for each in past]
        taken = sampling.receive_outputs(self.deps, PIPELINE, KEY, outputs)
        for each in taken.rejected:
            raise Unplayable(f"line {past[each.index].line}: {each.reason}")

    def _answer(self, number: int, is_wrong: dict[str, bool]) -> None:
        reached: object = verdicts.open_review(self.deps, OWNER, KEY, number)
        while isinstance(reached, Page):
            judgement = _ERROR if is_wrong[reached.item.output.output_id] else _RIGHT
            said = PageAnswer(KEY, number, reached.item.position, judgement)
            reached = verdicts.answer_page(self.deps, OWNER, said)

    def _drawn(self, end: datetime) -> tuple[Round, tuple[DrawnItem, ...]]:
        """Give the round that this period was, and what was drawn in it."""
        with self.deps.store.read(self.deps.workspace) as reading:
            opened = reading.rounds.last(KEY)
            if opened is None or opened.opened_at != end:
                raise LookupError(f"no round of {KEY} ended at {end.isoformat()}")
            number = opened.number - 1
            return reading.rounds.get(KEY, number), reading.rounds.items(KEY, number)

    def _week(self, number: int, past: Sequence[Past]) -> Week:
        with self.deps.store.read(self.deps.workspace) as reading:
            round_ = reading.rounds.get(KEY, number)
            items = reading.rounds.items(KEY, number)
            sizes = reading.outputs.sizes(KEY, number)
            opened = [each for each in reading.breaches.not_closed(KEY) if each.round == number]
        if round_.grade is None or round_.drawn_at is None:
            raise LookupError(f"{round_.name} was answered in full and is not closed")
        result = result_of(items, self.policy, sizes)
        return Week(
            number=number,
            began=round_.opened_at,
            ended=round_.drawn_at,
            wrong=sum(each.is_wrong for each in past),
            rate=error_rate(result),
            grade=round_.grade,
            tallies=_tallies(sizes, result),
            points_to=round_.points_to,
            breaches=tuple(each.cause for each in opened),
        )


def _tallies(sizes: dict[str, int], result: Result) -> tuple[Tally, ...]:
    seen = {each.category: (each.judged, each.errors) for each in result.categories}
    return tuple(Tally(name, size, *seen.get(name, (0, 0))) for name, size in sorted(sizes.items()))


@contextmanager
def _thrown_away(start: datetime, seed: int) -> Iterator[Deps]:
    """Give a workspace of its own in a folder that is gone afterwards. Raises Failed."""
    draw_key = sha256(f"answerable backtest/{seed}".encode()).digest()
    try:
        with explained(), TemporaryDirectory(prefix="answerable-backtest-") as folder:
            key = signing_key(Path(folder) / "signing.key")
            engine = connect(f"sqlite:///{Path(folder) / 'answerable.db'}")
            never_flush(engine)
            migrate(engine)
            stamp = Stamp(version("answerable"), key.sign_checkpoint)
            entropy = Random(seed).randbytes  # noqa: S311 -- nothing here is secret; it is repeated
            store = Store(engine, MovedClock(start), stamp, entropy)
            try:
                yield Deps(store, WORKSPACE, Circle(), draw_key)
            finally:
                engine.dispose()
    except (OSError, OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) else error.orig
        raise Failed(
            f"the database of the backtest cannot be written: {why}. TMPDIR names the folder for it"
        ) from error


def _require_past(latest: Past) -> None:
    fault = ahead_fault("produced_at", latest.output.produced_at, SystemClock().now())
    if fault:
        raise Unplayable(f"line {latest.line}: {fault}")


def _periods(policy: Policy, first: Past, last: Past) -> list[tuple[datetime, datetime]]:
    """Give where each round begins and ends, from that of the first output to that of the last."""
    begin = _strike_before(policy, first.output.produced_at)
    periods: list[tuple[datetime, datetime]] = []
    while begin <= last.output.produced_at:
        if len(periods) == MAX_WEEKS:
            raise Unplayable(
                f"the outputs reach from {first.output.produced_at:%Y-%m-%d} (line {first.line}) "
                f"to {last.output.produced_at:%Y-%m-%d} (line {last.line}), more than "
                f"{MAX_WEEKS:,} rounds: is one of these times wrong? Else take a part of the file"
            )
        end = next_occurrence(policy.cadence, policy.zone, begin)
        periods.append((begin, end))
        begin = end
    return periods


def _strike_before(policy: Policy, moment: datetime) -> datetime:
    """Give when the cadence struck last at or before a moment: so even the first week is whole."""
    for back in _BACK:
        strike = next_occurrence(policy.cadence, policy.zone, moment - back)
        if strike <= moment:
            break
    while (following := next_occurrence(policy.cadence, policy.zone, strike)) <= moment:
        strike = following
    return min(strike, moment)


def _by_period(
    past: Sequence[Past], ends: Sequence[datetime]
) -> Iterator[tuple[Sequence[Past], datetime]]:
    """Give the outputs of each period with its end, those without any included."""
    start = 0
    for end in ends:
        stop = start
        while stop < len(past) and past[stop].output.produced_at < end:
            stop += 1
        yield past[start:stop], end
        start = stop
