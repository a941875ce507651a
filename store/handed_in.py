"""Who handed in answers of which rounds, and how long each took: what their Home may tell them."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func

from bot.domain.pace import Took
from bot.domain.rounds import RoundState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, update_by

_KEPT: Final = tables.handed_in.c
_OF_PERSON: Final = rows_by(tables.handed_in, "workflow", "round", "by")
_MORE: Final = update_by(tables.handed_in, "workflow", "round", "by")
_ITS_ROUND: Final = and_(
    tables.round_.c.workspace == _KEPT.workspace,
    tables.round_.c.workflow == _KEPT.workflow,
    tables.round_.c.number == _KEPT.round,
    tables.round_.c.state == RoundState.CLOSED,
)
_CLOSED_OF: Final = (
    rows_by(tables.handed_in, "by")
    .with_only_columns(_KEPT.workflow, _KEPT.round, _KEPT.answers, tables.round_.c.closed_at)
    .join(tables.round_, _ITS_ROUND)
    .where(_KEPT.last_at > bindparam("since"))
    .order_by(_KEPT.last_at.desc(), _KEPT.round.desc(), _KEPT.workflow)
    .limit(bindparam("most"))
)
_MOST: Final = (
    rows_by(tables.handed_in)
    .with_only_columns(_KEPT.workflow, _KEPT.by)
    .where(
        _KEPT.last_at > bindparam("since"),
        _KEPT.workflow.in_(bindparam("keys", expanding=True)),
    )
    .group_by(_KEPT.workflow, _KEPT.by)
    .having(func.sum(_KEPT.answers) >= bindparam("least"))
    .order_by(func.sum(_KEPT.answers).desc(), _KEPT.workflow, _KEPT.by)
)
_OF_ROUNDS: Final = rows_by(tables.handed_in, "workflow").where(
    _KEPT.round.in_(bindparam("rounds", expanding=True))
)


@dataclass(frozen=True, slots=True)
class AnsweredMuch:
    """A workflow, and somebody who handed in many answers of its rounds."""

    workflow: str
    person: str


class HandedIn(Rows):
    def add(
        self, workflow: str, number: int, user_id: str, took: Collection[Took], at: datetime
    ) -> None:
        """Keep what somebody has handed in of a round, beside what they handed in of it before."""
        key = {"workflow": workflow, "round": number, "by": user_id}
        of_them = by(self._workspace, **key)
        row = self._connection.execute(_OF_PERSON, of_them).one_or_none()
        said = [*_said(row), *took] if row else [*took]
        kept = {"last_at": at, "answers": len(said), "took": json.dumps(list(map(_told, said)))}
        if row:
            self._connection.execute(_MORE, {**of_them, **kept})
        else:
            self._add(tables.handed_in, {**key, **kept})

    def rounds_of(
        self, user_id: str, since: datetime, most: int, least: int = 1
    ) -> Mapping[str, Mapping[int, datetime]]:
        """Give, by workflow, when rounds closed of which somebody has handed in answers since then.

        So many at most of all: those of the newest answers; and of these only workflows of which
        it is so many answers at `least`.
        """
        rows = self._connection.execute(
            _CLOSED_OF, {**by(self._workspace, by=user_id), "since": since, "most": most}
        )
        found: defaultdict[str, dict[int, datetime]] = defaultdict(dict)
        answers = Counter[str]()
        for row in rows:
            found[row.workflow][row.round] = row.closed_at
            answers[row.workflow] += row.answers
        return {key: closed for key, closed in found.items() if answers[key] >= least}

    def most(self, keys: Collection[str], since: datetime, least: int) -> tuple[AnsweredMuch, ...]:
        """Give who has handed in so many answers at least since then, the most first."""
        rows = self._connection.execute(
            _MOST, {**by(self._workspace), "keys": list(keys), "since": since, "least": least}
        )
        return tuple(AnsweredMuch(row.workflow, row.by) for row in rows)

    def said_in(self, workflow: str, rounds: Collection[int]) -> Mapping[int, tuple[Took, ...]]:
        """Give what everybody has handed in of these rounds; one with nothing is left out."""
        rows = self._connection.execute(
            _OF_ROUNDS, {**by(self._workspace, workflow=workflow), "rounds": list(rounds)}
        )
        found: defaultdict[int, list[Took]] = defaultdict(list)
        for row in rows:
            found[row.round] += _said(row)
        return {number: tuple(said) for number, said in found.items()}


def _told(took: Took) -> tuple[object, ...]:
    return took.at.isoformat(), took.seconds, *took.sort, took.is_override


def _said(row: Row[Any]) -> Iterator[Took]:
    for at, seconds, category, size, is_override in json.loads(row.took):
        yield Took(row.by, datetime.fromisoformat(at), (category, size), seconds, is_override)
