"""What was drawn or planted, as the tables have it, and how it is asked for."""

from typing import Final

from sqlalchemy import Row, and_, bindparam, func, or_, select

from bot.domain.rounds import DrawnItem
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from store import tables
from store.outputs import output_of

ITS_OUTPUT: Final = and_(
    tables.output.c.workspace == tables.drawn.c.workspace,
    tables.output.c.workflow == tables.drawn.c.workflow,
    tables.output.c.output_id == tables.drawn.c.output_id,
)
# Built once: these run with every page that somebody answers.
_LOOK: Final = ("workspace", "workflow", "round", "look")
_OF_ROUND: Final = and_(*(tables.drawn.c[name] == bindparam(f"by_{name}") for name in _LOOK))
_DRAWN: Final = (
    select(tables.drawn, tables.output)
    .join(tables.output, ITS_OUTPUT)
    .where(_OF_ROUND)
    .order_by(tables.drawn.c.turn)
)
IS_TRIGGERED: Final = tables.drawn.c.trigger != ""
COUNTED_ITEMS: Final = _DRAWN.where(~tables.drawn.c.planted, ~IS_TRIGGERED)
TRIGGERED_ITEMS: Final = _DRAWN.where(IS_TRIGGERED)
IS_ASKED: Final = tables.drawn.c.copy_of < 0  # its own answer, not that of what it is a copy of
ASKED_ITEMS: Final = _DRAWN.where(IS_ASKED)
ITEM_AT: Final = _DRAWN.where(tables.drawn.c.position == bindparam("at"))
_NEEDS_NO_ANSWER: Final = or_(tables.drawn.c.by == bindparam("person"), tables.drawn.c.is_verdict)
_FIRST_OPEN: Final = func.min(tables.drawn.c.turn)
_OPEN: Final = (
    select(
        func.count().label("drawn"),
        func.count().filter(_NEEDS_NO_ANSWER).label("drafted"),
        func.coalesce(  # what a reviewer has is asked of nobody else before all the rest
            _FIRST_OPEN.filter(~_NEEDS_NO_ANSWER, tables.drawn.c.share == 0),
            _FIRST_OPEN.filter(~_NEEDS_NO_ANSWER),
        ).label("following"),
    )
    .where(_OF_ROUND, IS_ASKED)
    .subquery()
)
_TWIN: Final = tables.drawn.alias()
_COPIES: Final = (
    select(func.count())
    .where(
        *(_TWIN.c[name] == tables.drawn.c[name] for name in _LOOK),
        _TWIN.c.copy_of == tables.drawn.c.position,
    )
    .correlate(tables.drawn)
    .scalar_subquery()
)
COPIES_AT: Final = select(_COPIES).where(_OF_ROUND, tables.drawn.c.position == bindparam("at"))
NEXT_ITEM: Final = _DRAWN.add_columns(_OPEN.c.drawn, _OPEN.c.drafted, _COPIES.label("copies")).join(
    _OPEN, _OPEN.c.following == tables.drawn.c.turn
)
JUDGES: Final = select(tables.drawn.c.by).where(_OF_ROUND, tables.drawn.c.is_verdict).distinct()


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
