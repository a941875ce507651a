"""The evidence that a workflow's rounds have gathered, as it stood at the last close."""

import json

from sqlalchemy import Connection, delete, insert, select

from bot.domain.detector import Detector, Series
from store import tables
from store.scope import within


class SeriesOfRounds:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def find(self, workflow: str) -> Series | None:
        """Give a workflow's series, or None before its first round was closed."""
        row = self._connection.execute(
            select(tables.series).where(within(tables.series, self._workspace, workflow=workflow))
        ).one_or_none()
        if row is None:
            return None
        detector = Detector(tuple(json.loads(row.logs)))
        return Series(
            workflow=row.workflow,
            detector=detector,
            policy=row.policy,
            limit_bp=row.limit_bp,
            began_at=row.began_at,
            first=row.first,
            last=row.last,
            judged=row.judged,
            errors=row.errors,
            breach=row.breach,
        )

    def save(self, series: Series) -> None:
        """Keep this one, in place of the one there may be."""
        self._connection.execute(
            delete(tables.series).where(
                within(tables.series, self._workspace, workflow=series.workflow)
            )
        )
        self._connection.execute(
            insert(tables.series).values(
                workspace=self._workspace,
                workflow=series.workflow,
                policy=series.policy,
                limit_bp=series.limit_bp,
                logs=json.dumps(series.detector.logs),
                began_at=series.began_at,
                first=series.first,
                last=series.last,
                judged=series.judged,
                errors=series.errors,
                breach=series.breach,
            )
        )
