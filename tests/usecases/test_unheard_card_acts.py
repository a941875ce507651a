"""A critical card that Slack takes in no way is tried again until somebody has it (I1, I3)."""

import time
from collections.abc import Collection

from worlds import CHANNEL, CRITICAL, OWNER, STEWARD, World, findings

from bot.domain.messages import MessageKind, Place, Sending, Shown
from bot.domain.obligations import ObligationKind
from bot.usecases import delivery, escalation

GONE = "it is gone"


def deliver(world: World, to: Collection[str] = ()) -> list[str]:
    """Work the outbox off: whom it is not `to`, Slack refuses. Give where cards were tried."""
    tried = []
    while posting := delivery.claim_message(world.deps):
        if posting.message.kind is MessageKind.BREACH_CARD:
            tried.append(posting.message.to)
        if posting.message.to in to:
            shown = posting.shown or Shown("C1", f"{posting.id}.0")
            delivery.record_shown(world.deps, posting, shown, "")
        else:
            delivery.record_undeliverable(world.deps, posting, "channel_not_found", GONE)
    return tried


def waits(world: World) -> list[int]:
    """Give for how many seconds, to the next ten, each message waits that is still to be sent."""
    with world.deps.store.engine.connect() as connection:
        query = "SELECT available_at FROM outbox WHERE state NOT IN ('sent', 'failed')"
        rows = connection.exec_driver_sql(query).all()
    now = int(time.time())  # noqa: TID251 -- the database's own time
    return [round(each - now, -1) for (each,) in rows]


def hurry(world: World) -> None:
    with world.deps.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET available_at = available_at - 3600")


def asked_for(world: World) -> set[str]:
    """Give the obligations that messages which stand in Slack ask for."""
    with world.deps.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT obligation FROM message").all()
    return {each for (each,) in rows}


def test_i3_it_is_tried_again_by_every_way_ever_more_rarely(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    deliver(live)
    assert waits(live) == [60], "one alone: the others have failed"
    assert deliver(live) == [], "nothing is tried before its time"

    hurry(live)
    assert {CHANNEL, OWNER, STEWARD} <= {*deliver(live)}
    assert waits(live) == [120]
    for _ in range(8):
        hurry(live)
        deliver(live)
    assert waits(live) == [3600], "an hour is the longest"
    assert findings(live) == []


def test_whoever_runs_the_bot_sees_that_it_is_not_taken(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    for _ in range(3):
        deliver(live)
        hurry(live)
    with live.deps.store.read(live.deps.workspace) as reading:
        found = reading.tallies.messages_not_taken(3)
    assert found
    assert (found.messages, found.error) == (1, "channel_not_found")


def test_i3_it_stands_once_where_it_is_taken_and_is_tried_no_more(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    deliver(live)
    hurry(live)
    deliver(live, to=[CHANNEL])
    assert live.owed(ObligationKind.ACKNOWLEDGE, 1).id in asked_for(live)

    hurry(live)
    assert CHANNEL not in deliver(live, to=[CHANNEL])
    assert waits(live) == []


def test_one_that_somebody_was_shown_is_not_tried_again(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    deliver(live, to=[STEWARD])
    assert waits(live) == []


def test_i2_one_that_may_have_arrived_keeps_the_others_from_being_tried_again(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    while posting := delivery.claim_message(live.deps):
        if posting.message.place is Place.CHANNEL:
            delivery.record_unknown(live.deps, posting, "no answer")
        else:
            delivery.record_undeliverable(live.deps, posting, "channel_not_found", GONE)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.tallies.unsettled_messages().keys() == {Sending.UNKNOWN}


def test_i1_what_was_answered_elsewhere_makes_way_for_what_is_owed_next(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    deliver(live)
    live.acknowledges(1)
    for _ in range(3):
        deliver(live)
        hurry(live)
    deliver(live, to=[CHANNEL])
    assert live.owed(ObligationKind.DECIDE, 1).id in asked_for(live)


def test_i3_silence_climbs_as_ever_meanwhile(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    for _ in range(3):
        deliver(live)
        owed = live.owed(ObligationKind.ACKNOWLEDGE, 1)
        live.forward(to=max(owed.climbs_at, live.clock.now()))
        escalation.climb_obligation(live.deps, owed.id)
    deliver(live)
    assert waits(live) == [60]
    assert live.climbs(ObligationKind.ACKNOWLEDGE, 1)
    assert findings(live) == []
