"""The digest: what stakeholders are told of all workflows, at a cadence, from the record alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain import drills
from bot.domain.bounds import interval
from bot.domain.breaches import Decision
from bot.domain.gate import BY_DECISION, GateState, is_stricter
from bot.domain.record import Entry, Kind
from bot.domain.rounds import Grade

# What a digest is made of, and nothing else of the record.
KINDS: Final = (
    Kind.ROUND_CLOSED,
    Kind.DECISION_CARRIED_OUT,
    Kind.BREACH_OPENED,
    Kind.GATE_CHANGED,
)


@dataclass(frozen=True, slots=True)
class Digest:
    """Where the digest of a workspace is posted, and when next.

    `since` is the entry after which the next one begins: the last digest, or the one that placed
    the first.
    """

    channel: str
    cadence: str
    zone: str
    next_at: datetime
    since: int


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided on a breach, and has been carried out."""

    workflow: str
    breach: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Move:
    """A gate that went this far for another cause than a decision: silence, a person, two."""

    workflow: str
    was: GateState
    to: GateState
    cause: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed round, by the figures that the record gives for it."""

    workflow: str
    round: int
    drawn: int
    judged: int
    errors: int
    overrides: int
    critical: int
    grade: Grade


@dataclass(frozen=True, slots=True)
class Figures:
    """What a stretch of the record comes to.

    Of each workflow `grades` has that of its newest round, `most_wrong` names the one in whose
    newest judged round the most is surely wrong, or if nothing is, the most was judged; it is
    empty if nothing was judged at all. `wrong_there` counts what was wrong in that round. Of the
    rounds something was judged in those `judged_rounds`, and nothing drawn in `empty_rounds`.
    """

    rounds: int
    judged: int
    errors: int
    overrides: int
    critical: int
    breaches: int
    changes: tuple[Change, ...]
    grades: tuple[tuple[str, Grade], ...]
    most_wrong: str
    wrong_there: int = 0
    judged_rounds: int = 0
    judged_workflows: int = 0
    empty_rounds: int = 0
    moves: tuple[Move, ...] = ()

    @property
    def unanswered(self) -> int:
        """Give how many rounds had outputs to judge and no verdict in time."""
        return self.rounds - self.judged_rounds - self.empty_rounds

    def facts(self) -> dict[str, object]:
        """Give the sums that are put on record, so that anyone can add them up again."""
        return {
            "rounds": self.rounds,
            "judged": self.judged,
            "errors": self.errors,
            "overrides": self.overrides,
            "critical": self.critical,
            "breaches": self.breaches,
            "changes": len(self.changes),
        }


def figures_of(entries: Iterable[Entry]) -> Figures:
    """Add up the entries of one stretch of the record, given in its order."""
    everything = tuple(entries)
    closed = [_closed(each) for each in everything if each.kind == Kind.ROUND_CLOSED]
    newest = _newest(closed)
    judged = [each for each in closed if each.judged]
    newest_judged = _newest(judged)
    most_wrong = _most_wrong(newest_judged)
    return Figures(
        rounds=len(closed),
        judged=sum(each.judged for each in closed),
        errors=sum(each.errors for each in closed),
        overrides=sum(each.overrides for each in closed),
        critical=sum(each.critical for each in closed),
        breaches=sum(each.kind == Kind.BREACH_OPENED for each in everything),
        changes=tuple(_change(e) for e in everything if e.kind == Kind.DECISION_CARRIED_OUT),
        grades=tuple((each.workflow, each.grade) for _, each in sorted(newest.items())),
        most_wrong=most_wrong,
        wrong_there=newest_judged[most_wrong].errors if most_wrong else 0,
        judged_rounds=len(judged),
        judged_workflows=len(newest_judged),
        empty_rounds=sum(not each.drawn for each in closed),
        moves=_moves(_move(each) for each in everything if each.kind == Kind.GATE_CHANGED),
    )


def _moves(moved: Iterable[Move]) -> tuple[Move, ...]:
    """Give where gates went that no decision sent, and each stop only as far as it went."""
    found: list[Move] = []
    for move in moved:
        if move.cause in {drills.CAUSE, drills.OVER} or move.cause.startswith(BY_DECISION):
            continue
        last = next((each for each in reversed(found) if each.workflow == move.workflow), None)
        if last and last.to is not GateState.RUN and is_stricter(move.to, last.to):
            found.remove(last)
        found.append(move)
    return tuple(found)


def _newest(closed: Iterable[Closed]) -> dict[str, Closed]:
    """Give the newest round of each workflow: rounds may be closed out of their order."""
    return {each.workflow: each for each in sorted(closed, key=lambda each: each.round)}


def _most_wrong(rounds: Mapping[str, Closed]) -> str:
    def badness(key: str) -> tuple[float, int, str]:
        newest = rounds[key]
        at_least, _ = interval(newest.errors, newest.judged)
        return at_least, newest.judged, key

    return max(rounds, key=badness, default="")


def _closed(entry: Entry) -> Closed:
    facts = entry.facts
    return Closed(
        workflow=str(facts["workflow"]),
        round=_whole(entry, "round"),
        drawn=_whole(entry, "drawn"),
        judged=_whole(entry, "judged"),
        errors=_whole(entry, "errors"),
        overrides=_whole(entry, "overrides"),
        critical=_whole(entry, "critical"),
        grade=Grade(str(facts["grade"])),
    )


def _change(entry: Entry) -> Change:
    facts = entry.facts
    return Change(str(facts["workflow"]), _whole(entry, "breach"), Decision(str(facts["decision"])))


def _move(entry: Entry) -> Move:
    facts = entry.facts
    was, to = GateState(str(facts["from"])), GateState(str(facts["to"]))
    return Move(str(facts["workflow"]), was, to, str(facts["cause"]))


def _whole(entry: Entry, fact: str) -> int:
    return int(str(entry.facts[fact]))
