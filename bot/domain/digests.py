"""The digest: what stakeholders are told of all workflows, at a cadence, from the record alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.breaches import Decision
from bot.domain.evidence import interval
from bot.domain.record import Entry, Kind
from bot.domain.rounds import Grade

# What a digest is made of, and nothing else of the record.
KINDS: Final = (
    Kind.ROUND_CLOSED,
    Kind.DECISION_CARRIED_OUT,
    Kind.BREACH_OPENED,
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
class Closed:
    """A closed round, by the figures that the record gives for it."""

    workflow: str
    round: int
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
    empty if nothing was judged at all.
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
    return Figures(
        rounds=len(closed),
        judged=sum(each.judged for each in closed),
        errors=sum(each.errors for each in closed),
        overrides=sum(each.overrides for each in closed),
        critical=sum(each.critical for each in closed),
        breaches=sum(each.kind == Kind.BREACH_OPENED for each in everything),
        changes=tuple(_change(e) for e in everything if e.kind == Kind.DECISION_CARRIED_OUT),
        grades=tuple((each.workflow, each.grade) for _, each in sorted(newest.items())),
        most_wrong=_most_wrong(_newest([each for each in closed if each.judged])),
    )


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
        judged=_whole(entry, "judged"),
        errors=_whole(entry, "errors"),
        overrides=_whole(entry, "overrides"),
        critical=_whole(entry, "critical"),
        grade=Grade(str(facts["grade"])),
    )


def _change(entry: Entry) -> Change:
    facts = entry.facts
    return Change(str(facts["workflow"]), _whole(entry, "breach"), Decision(str(facts["decision"])))


def _whole(entry: Entry, fact: str) -> int:
    return int(str(entry.facts[fact]))
