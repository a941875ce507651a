"""SQLite: a read that a fault left half done holds no connection in the past."""

import pytest
from sqlalchemy import event, text
from worlds import KEY, OWNER, World

from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM
from store.engine import connect
from tests.engines import on_sqlite

pytestmark = on_sqlite


def test_i10_a_fault_between_two_reads_leaves_no_connection_in_the_past(live: World) -> None:
    engine = live.deps.store.engine

    def fails_at_outbox(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM outbox" in statement:
            raise OSError("this statement")

    review = live.owed(ObligationKind.REVIEW, 1).id
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.note_shown(
            Message(MessageKind.REVIEW_REQUEST, Place.PERSON, OWNER, 1, KEY, 1, review),
            Shown("D1", "1.0"),
        )
    event.listen(engine, "before_cursor_execute", fails_at_outbox)
    with (
        pytest.raises(OSError, match="this statement") as kept,
        live.deps.store.begin(live.deps.workspace, SYSTEM) as work,
    ):
        work.outbox.show_anew(review)
    event.remove(engine, "before_cursor_execute", fails_at_outbox)
    beside = connect(str(engine.url))
    with beside.begin() as other:
        other.execute(text("UPDATE workflow SET channel = 'C0NEW'"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT channel FROM workflow")) == "C0NEW"
    beside.dispose()
    assert kept.value
