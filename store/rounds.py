"""Rounds, what was drawn in them and what was said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Row, and_, bindparam, insert, select

from bot.domain.rounds import DrawnItem, Grade, Look, NextItem, Round, RoundState
from bot.domain.verdicts import Answer
from store import tables
from store.drawn import (
    ASKED_ITEMS,
    COPIES_AT,
    COUNTED_ITEMS,
    IS_ASKED,
    IS_TRIGGERED,
    ITEM_AT,
    ITS_OUTPUT,
    JUDGES,
    NEXT_ITEM,
    TRIGGERED_ITEMS,
    item_of,
)
from store.rows import Rows
from store.scope import by, rows_by, update_by, within

NO_COPIES: Final[Mapping[int, int]] = {}
NO_TRIGGERS: Final[Mapping[int, str]] = {}
# Built once: it runs with every tick.
_DUE: Final = (
    rows_by(tables.round_, "state")
    .where(tables.round_.c.period_end <= bindparam("at"))
    .order_by(tables.round_.c.period_end)
    .limit(bindparam("most"))
)


class Rounds(Rows):
    def add(self, round_: Round) -> None:
        self._add(tables.round_, asdict(round_))

    def save(self, round_: Round) -> None:
        self._save(tables.round_, asdict(round_), round_.name, "workflow", "number")

    def find(self, workflow: str, number: int) -> Round | None:
        row = self._connection.execute(
            rows_by(tables.round_, "workflow", "number"),
            by(self._workspace, workflow=workflow, number=number),
        ).one_or_none()
        return None if row is None else _round(row)

    def get(self, workflow: str, number: int) -> Round:
        """Give a round that must exist."""
        found = self.find(workflow, number)
        if found is None:
            raise LookupError(f"round/{workflow}/{number} is not stored")
        return found

    def last(self, workflow: str) -> Round | None:
        """Give the newest round of a workflow, or None before the first."""
        row = self._connection.execute(
            select(tables.round_)
            .where(within(tables.round_, self._workspace, workflow=workflow))
            .order_by(tables.round_.c.number.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _round(row)

    def not_closed(self, workflow: str) -> tuple[Round, ...]:
        """Give a workflow's rounds that are still open or under review, oldest first."""
        rows = self._connection.execute(
            select(tables.round_)
            .where(
                within(tables.round_, self._workspace, workflow=workflow),
                tables.round_.c.state != RoundState.CLOSED,
            )
            .order_by(tables.round_.c.number)
        )
        return tuple(_round(row) for row in rows)

    def closed(self, workflow: str, most: int) -> tuple[Round, ...]:
        """Give a workflow's newest closed rounds, so many at most, oldest first."""
        rows = self._connection.execute(
            select(tables.round_)
            .where(
                within(tables.round_, self._workspace, workflow=workflow, state=RoundState.CLOSED)
            )
            .order_by(tables.round_.c.number.desc())
            .limit(most)
        )
        return tuple(reversed([_round(row) for row in rows]))

    def due(self, now: datetime, limit: int) -> tuple[Round, ...]:
        """Give open rounds whose period has ended, oldest first."""
        known = by(self._workspace, state=RoundState.OPEN)
        rows = self._connection.execute(_DUE, {**known, "at": now, "most": limit})
        return tuple(_round(row) for row in rows)

    def drawn_rounds(self) -> tuple[Round, ...]:
        """Give every round that has been drawn, by workflow and number."""
        rows = self._connection.execute(
            select(tables.round_)
            .where(within(tables.round_, self._workspace), tables.round_.c.drawn_at.is_not(None))
            .order_by(tables.round_.c.workflow, tables.round_.c.number)
        )
        return tuple(_round(row) for row in rows)

    def add_drawn(
        self,
        round_: Round,
        output_ids: Sequence[str],
        look: Look = Look.FIRST,
        turns: Sequence[int] = (),
        counted: int | None = None,
        copy_of: Mapping[int, int] = NO_COPIES,
        triggers: Mapping[int, str] = NO_TRIGGERS,
    ) -> None:
        """Keep what a look is asked for, by `turns`; only so many of them `counted`, or all.

        What is a `copy_of` another, both by position, is kept with it and not asked. Of the rest
        `triggers` says by position what is asked besides the draw, and why; else it is planted.
        """
        rows = [
            {
                "workspace": self._workspace,
                "workflow": round_.workflow,
                "round": round_.number,
                "look": look,
                "position": position,
                "output_id": output_id,
                "by": "",
                "is_verdict": False,
                "is_late": False,
                "share": 0,
                "entry": -1,
                "turn": turns[position] if turns else position,
                "planted": counted is not None and position >= counted and position not in triggers,
                "trigger": triggers.get(position, ""),
                "copy_of": copy_of.get(position, -1),
            }
            for position, output_id in enumerate(output_ids)
        ]
        if rows:
            self._connection.execute(insert(tables.drawn), rows)

    def items(self, workflow: str, number: int, look: Look = Look.FIRST) -> tuple[DrawnItem, ...]:
        """Give what was drawn in a round for this look, in the order of the draw.

        Nothing that was planted, or asked besides the draw: no figure has it (I8).
        """
        rows = self._connection.execute(COUNTED_ITEMS, self._of(workflow, number, look))
        return tuple(item_of(row) for row in rows)

    def triggered(self, workflow: str, number: int) -> tuple[DrawnItem, ...]:
        """Give what of a round is asked besides its draw."""
        of_round = self._of(workflow, number, Look.FIRST)
        rows = self._connection.execute(TRIGGERED_ITEMS, of_round)
        return tuple(item_of(row) for row in rows)

    def asked(self, workflow: str, number: int, look: Look = Look.FIRST) -> tuple[DrawnItem, ...]:
        """Give all that people are asked in this look, in its turn, what was planted included.

        No copies: they get the answer to what they are copies of.
        """
        rows = self._connection.execute(ASKED_ITEMS, self._of(workflow, number, look))
        return tuple(item_of(row) for row in rows)

    def item(
        self, workflow: str, number: int, position: int, look: Look = Look.FIRST
    ) -> DrawnItem | None:
        """Give the item at a place of the draw, or None beyond its end."""
        row = self._connection.execute(
            ITEM_AT, {**self._of(workflow, number, look), "at": position}
        ).one_or_none()
        return None if row is None else item_of(row)

    def corrected(self, workflow: str, category: str, most: int) -> tuple[tuple[int, int], ...]:
        """Give the newest corrections of a category in closed rounds: round and position of each.

        Those of the first look; a second one tells how far to trust the first.
        """
        drawn, round_ = tables.drawn.c, tables.round_.c
        rows = self._connection.execute(
            select(drawn.round, drawn.position)
            .join(tables.output, ITS_OUTPUT)
            .join(
                tables.round_,
                and_(
                    round_.workspace == drawn.workspace,
                    round_.workflow == drawn.workflow,
                    round_.number == drawn.round,
                    round_.state == RoundState.CLOSED,
                ),
            )
            .where(
                within(tables.drawn, self._workspace, workflow=workflow, look=Look.FIRST),
                drawn.is_verdict,
                ~drawn.planted,
                ~IS_TRIGGERED,
                IS_ASKED,
                drawn.answer == Answer.CORRECTED,
                tables.output.c.category == category,
            )
            .order_by(drawn.round.desc(), drawn.position)
            .limit(most)
        )
        return tuple((row.round, row.position) for row in rows)

    def next_item(
        self, workflow: str, number: int, person: str, look: Look = Look.FIRST
    ) -> NextItem | None:
        """Give the first item that nobody has judged and this person has not drafted, or None."""
        row = self._connection.execute(
            NEXT_ITEM, {**self._of(workflow, number, look), "person": person}
        ).one_or_none()
        return None if row is None else NextItem(item_of(row), row.drafted, row.drawn, row.copies)

    def copies(self, workflow: str, number: int, look: Look, position: int) -> int:
        """Give how many copies the item at a place of a look has."""
        of_item = {**self._of(workflow, number, look), "at": position}
        return int(self._connection.execute(COPIES_AT, of_item).scalar_one())

    def judges(self, workflow: str, number: int, look: Look) -> frozenset[str]:
        """Give everybody who has handed in verdicts of this look."""
        rows = self._connection.execute(JUDGES, self._of(workflow, number, look))
        return frozenset(row.by for row in rows)

    def save_item(
        self, workflow: str, number: int, item: DrawnItem, look: Look = Look.FIRST
    ) -> None:
        judgement = item.verdict or item.draft
        saved = self._connection.execute(
            update_by(tables.drawn, "workflow", "round", "look", "position"),
            {
                **self._of(workflow, number, look),
                "by_position": item.position,
                "answer": judgement.answer if judgement else None,
                "why": judgement.why if judgement else None,
                "severity": judgement.severity if judgement else None,
                "by": item.judged_by or item.draft_by,
                "is_verdict": item.verdict is not None,
                "is_late": item.is_late,
                "share": item.share,
                "entry": item.entry,
            },
        )
        if saved.rowcount != 1:
            raise LookupError(f"round/{workflow}/{number} has no item {item.position}")

    def _of(self, workflow: str, number: int, look: Look) -> dict[str, object]:
        return by(self._workspace, workflow=workflow, round=number, look=look)


def _round(row: Row[tuple[object, ...]]) -> Round:
    return Round(
        workflow=row.workflow,
        number=row.number,
        state=RoundState(row.state),
        policy=row.policy,
        opened_at=row.opened_at,
        period_end=row.period_end,
        commitment=row.commitment,
        drawn_at=row.drawn_at,
        closed_at=row.closed_at,
        population=row.population,
        seed=row.seed,
        grade=Grade(row.grade) if row.grade else None,
        sample=row.sample,
        usual=row.usual,
        tightened_by=row.tightened_by,
        points_to=row.points_to,
        baseline_bp=row.baseline_bp,
        cut_from=row.cut_from,
    )
