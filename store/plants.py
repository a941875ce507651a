"""Outputs that were planted: those that wait, and those of a round."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Row, and_, delete, func, select, update

from bot.domain.plants import WAITING, Plant
from bot.domain.rounds import DrawnItem, Look
from store import tables
from store.drawn import ITS_OUTPUT, item_of
from store.rows import Rows
from store.scope import within

_WHERE_MIXED_IN: Final = and_(
    tables.drawn.c.workspace == tables.plant.c.workspace,
    tables.drawn.c.workflow == tables.plant.c.workflow,
    tables.drawn.c.round == tables.plant.c.round,
    tables.drawn.c.look == Look.FIRST,
    tables.drawn.c.position == tables.plant.c.position,
)


class Plants(Rows):
    def add(self, plant: Plant) -> None:
        self._add(tables.plant, asdict(plant))

    def save(self, plant: Plant) -> None:
        self._save(tables.plant, asdict(plant), plant.name, "workflow", "number")

    def next_number(self, workflow: str) -> int:
        last = select(func.max(tables.plant.c.number)).where(
            within(tables.plant, self._workspace, workflow=workflow)
        )
        return (self._connection.execute(last).scalar_one() or 0) + 1

    def output_ids(self, workflow: str) -> frozenset[str]:
        """Give all that was ever planted in a workflow."""
        of_workflow = within(tables.plant, self._workspace, workflow=workflow)
        rows = self._connection.execute(select(tables.plant.c.output_id).where(of_workflow))
        return frozenset(row.output_id for row in rows)

    def waiting(self, workflow: str, most: int) -> tuple[Plant, ...]:
        """Give those of no round yet, so many at most, oldest first."""
        return self.of_round(workflow, WAITING)[:most]

    def of_round(self, workflow: str, number: int) -> tuple[Plant, ...]:
        """Give what was mixed into a round, oldest first."""
        rows = self._connection.execute(
            select(tables.plant)
            .where(within(tables.plant, self._workspace, workflow=workflow, round=number))
            .order_by(tables.plant.c.number)
        )
        return tuple(_plant(row) for row in rows)

    def items(self, workflow: str, number: int) -> tuple[DrawnItem, ...]:
        """Give the planted outputs that stand in a round, with what was said of each."""
        rows = self._connection.execute(
            select(tables.drawn, tables.output)
            .join(tables.output, ITS_OUTPUT)
            .where(
                within(tables.drawn, self._workspace, workflow=workflow, round=number),
                tables.drawn.c.planted,
            )
            .order_by(tables.drawn.c.position)
        )
        return tuple(item_of(row) for row in rows)

    def withdraw(self, workflow: str, number: int) -> None:
        """Ask nobody any more for what is planted in a round and has no answer handed in.

        What is left is asked in the same order, its turns without gaps.
        """
        of_round = within(
            tables.drawn, self._workspace, workflow=workflow, round=number, look=Look.FIRST
        )
        drawn = tables.drawn.c
        gone = delete(tables.drawn).where(of_round, drawn.planted, ~drawn.is_verdict)
        if not self._connection.execute(gone).rowcount:
            return
        left = self._connection.execute(
            select(drawn.position).where(of_round).order_by(drawn.turn)
        ).all()
        for turn, row in enumerate(left):
            self._connection.execute(
                update(tables.drawn)
                .where(of_round, drawn.position == row.position)
                .values(turn=turn)
            )

    def answered_by(self, user_id: str, since: datetime) -> tuple[tuple[str, int, DrawnItem], ...]:
        """Give the planted outputs that somebody answered in rounds closed since, newest first.

        Each with its workflow and the policy that its round was opened under.
        """
        drawn, round_ = tables.drawn.c, tables.round_.c
        rows = self._connection.execute(
            select(tables.drawn, tables.output, round_.policy)
            .select_from(tables.plant)  # of which there are few: what was drawn is without end
            .join(tables.drawn, _WHERE_MIXED_IN)
            .join(tables.output, ITS_OUTPUT)
            .join(
                tables.round_,
                and_(
                    round_.workspace == drawn.workspace,
                    round_.workflow == drawn.workflow,
                    round_.number == drawn.round,
                ),
            )
            .where(
                within(tables.plant, self._workspace),
                drawn.by == user_id,
                drawn.planted,
                drawn.is_verdict,
                round_.closed_at >= since,
            )
            .order_by(round_.closed_at.desc(), drawn.position)
        )
        return tuple((row.workflow, row.policy, item_of(row)) for row in rows)


def _plant(row: Row[tuple[object, ...]]) -> Plant:
    return Plant(
        workflow=row.workflow,
        number=row.number,
        output_id=row.output_id,
        salt=row.salt,
        entry=row.entry,
        round=row.round,
        position=row.position,
    )
