"""The evidence that a workflow's rounds have gathered, as it stood at the last close."""

import json
from dataclasses import astuple

from sqlalchemy import Row, delete, insert, select

from bot.domain.baseline import Baseline
from bot.domain.detector import Detector
from bot.domain.series import Series, Strand
from store import tables
from store.rows import Rows
from store.scope import within


class SeriesOfRounds(Rows):
    def find(self, workflow: str) -> Series | None:
        """Give a workflow's series, or None before its first round was closed."""
        row = self._connection.execute(
            select(tables.series).where(within(tables.series, self._workspace, workflow=workflow))
        ).one_or_none()
        return None if row is None else _series(row)

    def save(self, series: Series) -> None:
        """Keep this one, in place of the one there may be."""
        self._connection.execute(
            delete(tables.series).where(
                within(tables.series, self._workspace, workflow=series.workflow)
            )
        )
        baseline = series.baseline
        self._connection.execute(
            insert(tables.series).values(
                workspace=self._workspace,
                workflow=series.workflow,
                policy=series.policy,
                limit_bp=series.limit_bp,
                strands=json.dumps([astuple(strand) for strand in series.strands]),
                drift=json.dumps(series.drift.logs),
                doubt=json.dumps(series.doubt.logs),
                baseline_rounds=baseline.rounds,
                baseline_judged=baseline.judged,
                baseline_wrong=baseline.wrong,
                baseline_bp=baseline.rate_bp,
                began_at=series.began_at,
                first=series.first,
                last=series.last,
                breach=series.breach,
            )
        )


def _series(row: Row[tuple[object, ...]]) -> Series:
    errors, overrides, *categories = (
        Strand(about, weight, Detector(tuple(logs)), judged, bad)
        for about, weight, [logs], judged, bad in json.loads(row.strands)
    )
    return Series(
        workflow=row.workflow,
        policy=row.policy,
        limit_bp=row.limit_bp,
        errors=errors,
        overrides=overrides,
        categories=tuple(categories),
        drift=Detector(tuple(json.loads(row.drift))),
        doubt=Detector(tuple(json.loads(row.doubt))),
        baseline=Baseline(
            row.baseline_rounds, row.baseline_judged, row.baseline_wrong, row.baseline_bp
        ),
        began_at=row.began_at,
        first=row.first,
        last=row.last,
        breach=row.breach,
    )
