"""What pipelines reported, by workflow and round."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Row, func, insert, select

from bot.domain.outputs import Output
from bot.domain.strata import Cell, band_of
from bot.domain.triggers import Hint
from store import tables
from store.rows import Rows
from store.scope import within

_AT_ONCE: Final = 500  # parameters of one query


class Outputs(Rows):
    def known(self, workflow: str, output_ids: Sequence[str]) -> dict[str, Output]:
        """Give those of these outputs that have arrived before, by id."""
        found: dict[str, Output] = {}
        for start in range(0, len(output_ids), _AT_ONCE):
            rows = self._connection.execute(
                select(tables.output).where(
                    within(tables.output, self._workspace, workflow=workflow),
                    tables.output.c.output_id.in_(output_ids[start : start + _AT_ONCE]),
                )
            )
            found |= {row.output_id: output_of(row) for row in rows}
        return found

    def add(self, workflow: str, number: int, outputs: list[Output], now: datetime) -> None:
        """Put outputs into the population of a round; none of them may be there before."""
        rows = [self._row(workflow, number, output, now) for output in outputs]
        if rows:
            self._connection.execute(insert(tables.output), rows)

    def categories(self, workflow: str, number: int) -> set[str]:
        """Give the categories that have arrived in a round so far.

        It hops through the index from one to the next: a DISTINCT would read the whole round.
        """
        of_round = within(tables.output, self._workspace, workflow=workflow, round=number)
        first = select(func.min(tables.output.c.category)).where(of_round)
        found: set[str] = set()
        category = self._connection.execute(first).scalar_one()
        while category is not None:
            found.add(category)
            following = first.where(tables.output.c.category > category)
            category = self._connection.execute(following).scalar_one()
        return found

    def population(
        self, workflow: str, number: int, *, by_band: bool = False
    ) -> Iterator[tuple[str, ...]]:
        """Stream id and category of a round's outputs, by id, and the band if it is drawn by it."""
        band = (tables.output.c.band,) if by_band else ()
        rows = self._connection.execute(
            select(tables.output.c.output_id, tables.output.c.category, *band)
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
            .order_by(tables.output.c.output_id)
        )
        for row in rows:
            yield tuple(row)

    def hints(self, workflow: str, number: int) -> Iterator[Hint]:
        """Stream what a round's pipeline says of its outputs besides, as they were produced."""
        output = tables.output.c
        rows = self._connection.execute(
            select(output.output_id, output.confidence, output.model_version, output.produced_at)
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
            .order_by(output.produced_at, output.output_id)
        )
        for row in rows:
            yield Hint(row.output_id, row.confidence, row.model_version, row.produced_at)

    def versions(self, workflow: str, number: int) -> frozenset[str]:
        """Give the model versions that a round's outputs name."""
        rows = self._connection.execute(
            select(tables.output.c.model_version)
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
            .distinct()
        )
        return frozenset(row.model_version for row in rows) - {""}

    def sizes(self, workflow: str, number: int) -> dict[str, int]:
        """Give a round's population by category."""
        rows = self._connection.execute(
            select(tables.output.c.category, func.count().label("size"))
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
            .group_by(tables.output.c.category)
        )
        return {row.category: row.size for row in rows}

    def cells(self, workflow: str, number: int) -> dict[Cell, int]:
        """Give a round's population by category and band of confidence."""
        output = tables.output.c
        rows = self._connection.execute(
            select(output.category, output.band, func.count().label("size"))
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
            .group_by(output.category, output.band)
        )
        return {(row.category, row.band): row.size for row in rows}

    def count(self, workflow: str, number: int) -> int:
        return self._connection.execute(
            select(func.count())
            .select_from(tables.output)
            .where(within(tables.output, self._workspace, workflow=workflow, round=number))
        ).scalar_one()

    def _row(self, workflow: str, number: int, output: Output, now: datetime) -> dict[str, object]:
        return {
            "workspace": self._workspace,
            "workflow": workflow,
            "output_id": output.output_id,
            "round": number,
            "received_at": now,
            "produced_at": output.produced_at,
            "category": output.category,
            "confidence": output.confidence,
            "band": band_of(output.confidence),
            "model_version": output.model_version,
            "text": output.text,
            "url": output.url,
            "digest": output.digest,
        }


def output_of(row: Row[tuple[object, ...]]) -> Output:
    return Output(
        output_id=row.output_id,
        produced_at=row.produced_at,
        category=row.category,
        confidence=row.confidence,
        model_version=row.model_version,
        text=row.text,
        url=row.url,
        digest=row.digest,
    )
