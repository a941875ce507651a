"""What people corrected, taken out to learn from: asked for on record, and read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.corrections import Compared, Correction, facts_of
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.rounds import DrawnItem, Round, RoundState
from bot.domain.second_looks import disagreements, judged_by_both
from bot.usecases import Deps
from bot.usecases.record import Taken, Wanted, record_export
from bot.usecases.steps.looks import both_looks
from store.reading import Reading


@dataclass(frozen=True, slots=True)
class Corrections:
    """A workflow's corrections, by closed round: so many rounds, and the facts of each in turn."""

    rounds: int
    of_each: Iterator[tuple[dict[str, object], ...]]


def record_taking(deps: Deps, actor: Actor, workflow: str, since: datetime | None) -> Proof:
    """Put on record that somebody takes a workflow's corrections out, before they do."""
    return record_export(deps, actor, Wanted(workflow, since), Taken.CORRECTIONS)


@contextmanager
def read_corrections(deps: Deps, workflow: str, since: datetime | None) -> Iterator[Corrections]:
    """Give what of closed rounds was corrected or wrong, by the rules about data in force now.

    With `since`, what has become as it is from then on. Read it within the block, once.
    """
    with deps.store.read(deps.workspace) as reading:
        known = reading.workflows.get(workflow)
        rules = reading.workflows.policy(workflow, known.policy).data
        closed = tuple(
            each
            for each in reading.rounds.drawn_rounds()
            if each.workflow == workflow and each.state is RoundState.CLOSED
        )
        found = (_of_round(reading, each) for each in closed)
        of_each = (
            tuple(
                facts_of(each, rules)
                for each in corrections
                if since is None or each.changed_at >= since
            )
            for corrections in found
        )
        yield Corrections(len(closed), of_each)


def _of_round(reading: Reading, round_: Round) -> Iterator[Correction]:
    compared = _compared(reading, round_)
    drawn = reading.rounds.items(round_.workflow, round_.number)
    for item in (*drawn, *reading.rounds.triggered(round_.workflow, round_.number)):
        if item.verdict and item.verdict.is_override and not item.is_copy:
            about = compared.get(item.output.output_id, Compared())
            yield _correction(reading, round_, item, about)


def _correction(reading: Reading, round_: Round, item: DrawnItem, compared: Compared) -> Correction:
    if item.verdict is None:
        raise LookupError(f"{round_.name} has no verdict on item {item.position}")
    entry = reading.log.entry(item.entry)
    words = reading.log.words_or_none(item.entry, "correction")
    return Correction(
        round=round_,
        output=item.output,
        trigger=item.trigger,
        judgement=replace(item.verdict, correction=words or ""),
        judged_at=datetime.fromisoformat(entry.ts),
        is_late=item.is_late,
        is_erased="correction_c" in entry.facts and words is None,
        compared=compared,
    )


def _compared(reading: Reading, round_: Round) -> dict[str, Compared]:
    """Give what came of the second look at a round, by output."""
    policy = reading.workflows.policy(round_.workflow, round_.policy)
    first, second = both_looks(reading, round_)
    differing = {each.output_id for each in disagreements(first, second, policy.error_whys)}
    found = {
        each.output.output_id: Compared(differs=each.output.output_id in differing)
        for each, _ in judged_by_both(first, second)
    }
    for each in reading.settlements.of_round(round_.workflow, round_.number):
        at = datetime.fromisoformat(reading.log.entry(each.entry).ts)
        found[each.output_id] = Compared(differs=True, stands=each.stands, settled_at=at)
    return found
