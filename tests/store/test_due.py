"""What is due is looked up, not searched for: the clock ticks alike, however many workflows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs
from worlds import CHANNEL, KEY, MEMBER, OWNER, World, person

from bot.clock import SystemClock
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM, Standing
from bot.domain.rounds import RoundState
from bot.usecases import delivery, gate, home, questions
from handlers.ticker import Ticker
from tests.engines import on_sqlite

# Of these there are as many as workflows, or more.
MANY = {"workflow", "round", "obligation", "awaited", "drill"}

# Of these, those of one workflow are found by its key.
BY_WORKFLOW = {"workflow", "policy", "obligation", "awaited"}

# Of these there are more with every round that was ever drawn.
GROWING = {"drawn", "output", "entry", "handed_in"}


@contextmanager
def asked_of(world: World) -> Iterator[list[tuple[str, object]]]:
    """Give what the database is asked meanwhile."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, said: str, given: object, *_: object) -> None:
        asked.append((said, given))

    engine = world.deps.store.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@on_sqlite
def test_an_idle_tick_reads_no_table_through(live: World) -> None:
    with asked_of(live) as asked:
        Ticker(live.deps, SystemClock(), lambda: True).tick()
    of_many = [plan for plan in plans_of(live, asked) if plan.split()[1] in MANY]

    assert {plan.split()[1] for plan in of_many} == MANY
    assert [plan for plan in of_many if "<?" not in plan] == []


def test_i3_what_cannot_be_handled_holds_up_nothing_else(live: World) -> None:
    live.registers("claims")
    live.accepts("claims")
    with live.deps.store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE round SET policy = 99 WHERE workflow = '{KEY}'")  # noqa: S608
    live.clock.move(live.clock.now() + timedelta(days=7))
    Ticker(live.deps, SystemClock(), lambda: True).tick()

    assert live.round(1, "claims").state is not RoundState.OPEN
    assert live.round(2).state is RoundState.OPEN, "it is this one that could not be handled"


@on_sqlite
def test_i3_what_the_record_has_lost_holds_up_nothing_else_and_is_said_once(live: World) -> None:
    live.registers("claims")
    live.accepts("claims")
    with live.deps.store.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM policy WHERE workflow = '{KEY}'")  # noqa: S608
    live.clock.move(live.clock.now() + timedelta(days=7))
    ticker = Ticker(live.deps, SystemClock(), lambda: True)
    with capture_logs() as logged:
        for _ in range(3):
            ticker.tick()

    assert live.round(1, "claims").state is not RoundState.OPEN
    assert [line["event"] for line in logged] == ["nothing is recorded"]
    assert "of 2 rows of the table “policy” 1 are gone" in logged[0]["reason"]
    assert not ticker.is_healthy()


@on_sqlite
def test_a_home_reads_nothing_through_that_grows_with_each_round(live: World) -> None:
    live.answers_round(1)
    with asked_of(live) as asked:
        home.show_home(live.deps, OWNER, Standing.MEMBER)
    of_growing = [plan for plan in plans_of(live, asked) if plan.split()[1] in GROWING]

    assert {plan.split()[1] for plan in of_growing} == GROWING
    assert [plan for plan in of_growing if plan.endswith("(workspace=?)")] == []


@on_sqlite
def test_a_list_counts_what_is_overdue_and_reads_none_of_it(live: World) -> None:
    live.registers("claims")
    live.accepts("claims")
    due = live.owed(ObligationKind.REVIEW, 1).due_at
    for moment, overdue in ((due - timedelta(microseconds=1), 0), (due, 2)):  # either look
        live.clock.move(moment)
        with asked_of(live) as asked:
            listed = questions.list_workflows(live.deps, person(OWNER)).workflows
        assert {each.key: each.overdue for each in listed} == {KEY: overdue, "claims": 0}
        of_owed = [each for each in asked if "FROM obligation" in each[0]]
        assert [said.count("count(*)") for said, _ in of_owed] == [1]
        [plan] = plans_of(live, of_owed)
        assert "workflow=? AND state=?" in plan


@on_sqlite
def test_the_next_message_is_found_however_many_wait(live: World) -> None:
    with asked_of(live) as asked:
        assert delivery.claim_message(live.deps, sparing={OWNER}, resting={MEMBER})
    of_outbox = [plan for plan in plans_of(live, asked) if "outbox" in plan]

    assert of_outbox
    assert [plan for plan in of_outbox if "state=?" not in plan and "rowid=?" not in plan] == []


@on_sqlite
def test_a_message_is_queued_however_many_wait(live: World) -> None:
    with asked_of(live) as asked, live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.put(Message(MessageKind.ROUND_CARD, Place.CHANNEL, CHANNEL, 1, KEY, 1))
    of_outbox = [plan for plan in plans_of(live, asked) if "outbox" in plan]

    assert of_outbox
    assert [plan for plan in of_outbox if "case=?" not in plan] == []


@on_sqlite
def test_whether_a_request_was_shown_is_found_however_many_were_sent(live: World) -> None:
    owed = live.owed(ObligationKind.REVIEW, 1)
    with asked_of(live) as asked, live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        assert not work.outbox.was_shown(owed.id, but=0)
    [plan] = [plan for plan in plans_of(live, asked) if "outbox" in plan]

    assert "workspace=? AND obligation=? AND state=?" in plan


@on_sqlite
def test_a_pause_and_who_sees_it_at_once_read_no_other_workflow(live: World) -> None:
    board, before = gate.read_board(live.deps, None), home.touched_since(live.deps, None)
    assert board
    with asked_of(live) as asked:
        live.pauses()
        assert gate.read_board(live.deps, board.number)
        assert home.touched_since(live.deps, before.size).workflows == {KEY}
    of_many = [plan for plan in plans_of(live, asked) if plan.split()[1] in BY_WORKFLOW]

    assert {plan.split()[1] for plan in of_many} == BY_WORKFLOW
    found_by = ("workflow=?", "key=?", "board>?", "id=?", "kind=?")
    assert [plan for plan in of_many if not any(each in plan for each in found_by)] == []


def plans_of(world: World, asked: list[tuple[str, object]]) -> list[str]:
    """Give how the database finds the rows of all that it was asked."""
    with world.deps.store.engine.connect() as connection:
        return [
            str(row.detail)
            for said, given in asked
            if said.startswith(("SELECT", "UPDATE"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given).all()
            if row.detail.split()[0] in ("SCAN", "SEARCH")
        ]


@pytest.mark.parametrize("days", [89, 90])
def test_what_is_asked_of_an_owner_again_is_asked_once_it_is_due(live: World, days: int) -> None:
    workflow = live.workflow()
    assert workflow.attest_at is not None
    is_due = days == 90
    live.clock.move(workflow.attest_at - timedelta(days=90 - days))

    with live.deps.store.read(live.deps.workspace) as reading:
        now = live.clock.now()
        assert reading.workflows.is_due_to_attest(KEY, now) is is_due
        assert reading.workflows.is_due_to_drill(KEY, now) is is_due
        assert reading.workflows.due_to_attest(now, 1) == (KEY,) * is_due
        assert reading.workflows.due_to_drill(now, 1) == (KEY,) * is_due
