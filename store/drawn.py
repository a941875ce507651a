"""What was drawn or planted, as the tables have it."""

from typing import Final

from sqlalchemy import Row, and_

from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from store import tables
from store.outputs import output_of

ITS_OUTPUT: Final = and_(
    tables.output.c.workspace == tables.drawn.c.workspace,
    tables.output.c.workflow == tables.drawn.c.workflow,
    tables.output.c.output_id == tables.drawn.c.output_id,
)


def item_of(row: Row[tuple[object, ...]]) -> DrawnItem:
    """Give the item that a row of what was drawn, with its output, holds."""
    judgement = (
        Judgement(
            Answer(row.answer),
            Why(row.why) if row.why else None,
            Severity(row.severity) if row.severity else None,
        )
        if row.answer
        else None
    )
    return DrawnItem(
        position=row.position,
        output=output_of(row),
        draft=None if row.is_verdict else judgement,
        draft_by="" if row.is_verdict else row.by,
        verdict=judgement if row.is_verdict else None,
        judged_by=row.by if row.is_verdict else "",
        is_late=row.is_late,
        entry=row.entry,
        share=row.share,
        turn=row.turn,
        is_planted=row.planted,
        copy_of=row.copy_of,
        trigger=row.trigger,
    )
