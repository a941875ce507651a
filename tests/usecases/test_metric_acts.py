"""The figures that whoever watches the bot is told: counted from what is so, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from worlds import CHANNEL, CRITICAL, KEY, OWNER, World, a_world

from bot.domain.breaches import BreachState
from bot.domain.messages import Message, MessageKind, Place, Posting, Sending
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM
from bot.usecases import Deps, delivery, escalation, witness
from bot.usecases.metrics import NONE, Figures, read_figures
from store.tallies import Owed
from tests.engines import on_sqlite

OTHERS = "T0OTHERS"


def figures(world: World) -> Figures:
    return read_figures(world.deps)


def says_everything(world: World) -> None:
    while posting := delivery.claim_message(world.deps):
        delivery.record_shown(world.deps, posting, None, "")


def rests(world: World, seconds: int) -> None:
    """Let the database's own clock go on for whatever waits to be sent."""
    with world.deps.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET available_at = available_at - :it, put_at = put_at - :it"),
            {"it": seconds},
        )


def waits(world: World, *, place: Place = Place.CHANNEL, to: str = CHANNEL) -> None:
    """Have nothing wait to be sent but one message."""
    says_everything(world)
    puts(world, Message(MessageKind.REQUEST, place, to, 0, KEY))


def puts(world: World, message: Message) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        work.outbox.put(message)


def claimed(world: World) -> Posting:
    posting = delivery.claim_message(world.deps)
    assert posting
    return posting


def plans_of(world: World, ask: Callable[[], object]) -> list[str]:
    """Give how the database finds what is asked for, step by step."""
    engine, asked = world.deps.store.engine, []

    def note(_on: object, _by: object, query: str, values: tuple[Any], *_besides: object) -> None:
        asked.append((query, values))

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        return [
            row.detail
            for query, values in asked
            if query.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        ]


def test_i1_what_is_owed_is_counted_by_kind_and_by_whether_it_is_overdue(live: World) -> None:
    due = live.owed(ObligationKind.REVIEW, 1).due_at
    live.clock.move(due - timedelta(seconds=1))
    found = figures(live)
    assert found.owed[ObligationKind.REVIEW] == Owed(open=1, overdue=0, earliest_due=due)
    assert found.oldest_overdue == NONE

    live.clock.move(due + timedelta(hours=5))
    found = figures(live)
    assert found.owed[ObligationKind.REVIEW] == Owed(open=1, overdue=1, earliest_due=due)
    assert found.oldest_overdue == timedelta(hours=5)

    live.answers_round(1)
    assert ObligationKind.REVIEW not in figures(live).owed, "what has ended is not counted"


def test_breaches_are_counted_until_they_are_closed(live: World) -> None:
    live.answers_round(1, CRITICAL)
    assert figures(live).breaches == {(BreachState.OPEN, True): 1}
    live.acknowledges(1)
    assert figures(live).breaches == {(BreachState.ACKNOWLEDGED, True): 1}
    live.raises()
    assert figures(live).breaches[BreachState.OPEN, False] == 1
    with live.deps.store.engine.begin() as connection:
        connection.execute(text("UPDATE breach SET state = 'closed'"))
    assert figures(live).breaches == {}


def test_messages_are_counted_until_they_are_settled(live: World) -> None:
    waiting = figures(live).messages
    assert set(waiting) == {Sending.READY}
    posting = delivery.claim_message(live.deps)
    assert posting
    assert figures(live).messages[Sending.SENDING] == 1
    delivery.record_unknown(live.deps, posting, "no answer")
    assert figures(live).messages[Sending.UNKNOWN] == 1
    rests(live, 60)
    says_everything(live)
    assert figures(live).messages == {}


def test_i3_a_channels_message_that_is_not_sent_is_seen_to_wait(live: World) -> None:
    says_everything(live)
    assert figures(live).longest_wait == 0
    waits(live)
    rests(live, 700)
    assert 700 <= figures(live).longest_wait < 760
    says_everything(live)
    assert figures(live).longest_wait == 0


@pytest.mark.parametrize(
    "try_it",
    [
        lambda deps, posting: delivery.record_postponed(deps, posting, 60, "internal_error"),
        lambda deps, posting: delivery.record_postponed(
            deps, posting, 60, "ratelimited", was_tried=False
        ),
        lambda deps, posting: delivery.record_unknown(deps, posting, "no answer"),
    ],
    ids=["not taken", "too much", "unknown"],
)
def test_i3_what_is_tried_again_and_again_has_waited_since_it_was_put(
    live: World, try_it: Callable[[Deps, Posting], object]
) -> None:
    waits(live)
    for _ in range(3):
        try_it(live.deps, claimed(live))
        rests(live, 300)
    claimed(live)
    assert 900 <= figures(live).longest_wait < 960, "while it is being sent, too"


def test_what_is_brought_up_to_date_before_it_is_sent_has_waited_since_it_was_put(
    live: World,
) -> None:
    waits(live)
    rests(live, 700)
    puts(live, Message(MessageKind.REQUEST, Place.CHANNEL, CHANNEL, 1, KEY))
    assert figures(live).messages == {Sending.READY: 1}
    assert 700 <= figures(live).longest_wait < 760


def test_a_direct_message_may_wait_for_its_person(live: World) -> None:
    waits(live, place=Place.PERSON, to=OWNER)
    rests(live, 700)
    assert figures(live).messages == {Sending.READY: 1}
    assert figures(live).longest_wait == 0


def test_i3_a_direct_message_about_something_critical_waits_for_nobody(live: World) -> None:
    live.answers_round(1, CRITICAL)
    says_everything(live)
    owed = live.owed(ObligationKind.ACKNOWLEDGE, 1).id
    puts(live, Message(MessageKind.REMINDER, Place.PERSON, OWNER, 1, KEY, 1, owed))
    rests(live, 700)
    assert 700 <= figures(live).longest_wait < 760


def test_i6_what_nobody_outside_has_seen_is_seen_to_wait(live: World) -> None:
    found = figures(live).witnessing
    assert found.since is None
    assert found.unseen_for == timedelta(hours=1), "since the first entry"

    checkpoint = witness.take_for_witness(live.deps)
    assert checkpoint
    witness.record_witnessed(live.deps, checkpoint)
    live.clock.move(live.clock.now() + timedelta(days=2))
    quiet = figures(live).witnessing
    assert (quiet.since, quiet.unseen_for) == (timedelta(days=2), NONE), "nothing has happened"

    live.pauses()
    live.clock.move(live.clock.now() + timedelta(minutes=20))
    assert figures(live).witnessing.unseen_for == timedelta(minutes=20)


@on_sqlite
def test_a_reading_looks_at_nothing_that_has_ended(live: World) -> None:
    plans = plans_of(live, lambda: figures(live))
    assert not [plan for plan in plans if plan.startswith("SCAN")]
    for table in ("obligation", "breach", "outbox"):
        used = [plan for plan in plans if plan.startswith(f"SEARCH {table} ")]
        assert used
        assert all("(workspace=? AND state=?" in plan for plan in used)


@on_sqlite
def test_what_is_due_to_climb_is_found_without_what_is_not(live: World) -> None:
    plans = plans_of(live, lambda: live.due(escalation.obligations_due))
    assert [plan for plan in plans if "(workspace=? AND state=? AND climbs_at<?)" in plan]


def test_the_record_is_as_long_as_it_is(live: World) -> None:
    assert figures(live).entries == len(live.entries())


def test_i13_another_workspaces_work_is_in_no_figure(live: World) -> None:
    says_everything(live)
    before = figures(live)
    other = a_world(live.path.parent, OTHERS, at=live.clock.now())
    for key in ("first", "second"):
        other.registers(key)
    other.accepts("first")
    other.raises(key="first")
    rests(live, 700)
    checkpoint = witness.take_for_witness(other.deps)
    assert checkpoint
    witness.record_witnessed(other.deps, checkpoint)
    found = figures(other)
    assert all((found.owed, found.breaches, found.messages, found.longest_wait))
    assert found.witnessing.since == NONE
    assert figures(live) == before


def test_a_record_that_has_just_begun_has_figures_too(world: World) -> None:
    found = figures(world)
    assert (found.entries, found.owed, found.longest_wait) == (1, {}, 0)
