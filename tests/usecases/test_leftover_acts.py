"""What is cleared away after a while, and that nothing which is still asked for goes with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from worlds import AUDITOR, KEY, OWNER, World, findings, person

from bot.domain.messages import Place, Sending
from bot.domain.refusals import Repeated
from bot.usecases import delivery, gate, leftovers, record
from handlers.ticker import Ticker

OLD = timedelta(days=31)
BY_OWNER = person(OWNER, delivery="delivery-1")


def says_everything(world: World) -> None:
    while posting := delivery.claim_message(world.deps):
        delivery.record_shown(world.deps, posting, None, "")


def days_pass(world: World) -> None:
    """Let both clocks go on: the record's, and the database's own by which messages go."""
    world.clock.move(world.clock.now() + OLD)
    with world.deps.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET available_at = available_at - :seconds"),
            {"seconds": OLD.total_seconds()},
        )


def settled(world: World) -> list[tuple[str, str]]:
    with world.deps.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT place, state FROM outbox ORDER BY id"))
        return [(row.place, row.state) for row in rows]


def clear(world: World) -> None:
    while leftovers.clear_leftovers(world.deps):
        pass


def test_what_was_said_a_month_ago_goes_and_the_record_stays(live: World) -> None:
    live.pauses()
    says_everything(live)
    entries = live.entries()
    assert len(settled(live)) > 3
    days_pass(live)
    clear(live)

    assert settled(live) == [(Place.CHANNEL, Sending.SENT)], "the last word of its channel"
    assert live.entries() == entries
    assert findings(live) == []


def test_what_is_younger_or_still_to_be_said_stays(live: World) -> None:
    days_pass(live)
    waiting = settled(live)
    clear(live)
    assert settled(live) == waiting, "however old, it is owed"

    says_everything(live)
    said = settled(live)
    clear(live)
    assert len(settled(live)) == len(said)


def test_a_message_of_which_nobody_knows_stays(live: World) -> None:
    posting = delivery.claim_message(live.deps)
    assert posting
    delivery.record_unknown(live.deps, posting, "timeout")
    days_pass(live)
    clear(live)
    assert Sending.UNKNOWN in {state for _, state in settled(live)}


def test_the_doctor_still_knows_of_a_channel_that_took_nothing(live: World) -> None:
    live.pauses()
    while posting := delivery.claim_message(live.deps):
        if posting.message.place is Place.CHANNEL:
            delivery.record_undeliverable(live.deps, posting, "is_archived")
        else:
            delivery.record_shown(live.deps, posting, None, "")
    days_pass(live)
    clear(live)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.overview.failing_channels() == {KEY: "is_archived"}


def test_i2_a_delivery_is_known_again_for_a_month(live: World) -> None:
    receipt = gate.pause_workflow(live.deps, BY_OWNER, KEY, "it misbehaves")
    live.clock.move(live.clock.now() + timedelta(days=29))
    clear(live)
    with pytest.raises(Repeated) as repeated:
        gate.pause_workflow(live.deps, BY_OWNER, KEY, "it misbehaves")
    assert repeated.value.proof == receipt

    record.request_export(live.deps, person(AUDITOR, delivery="delivery-2"))
    live.clock.move(live.clock.now() + timedelta(days=2))
    clear(live)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.log.delivered_before("delivery-1") is None
        assert reading.log.delivered_before("delivery-2") is not None


def test_it_goes_batch_by_batch(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says_everything(live)
    days_pass(live)
    monkeypatch.setattr("store.leftovers.BATCH", 1)
    before = len(settled(live))
    assert leftovers.clear_leftovers(live.deps)
    assert len(settled(live)) == before - 1


def test_the_ticker_clears_all_of_it(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says_everything(live)
    days_pass(live)
    monkeypatch.setattr("store.leftovers.BATCH", 1)
    Ticker(live.deps, live.clock, lambda: True).clear()
    assert len(settled(live)) == 1


def test_i13_what_is_another_workspaces_stays(live: World) -> None:
    gate.pause_workflow(live.deps, BY_OWNER, KEY, "it misbehaves")
    says_everything(live)
    days_pass(live)
    clear(replace(live, deps=replace(live.deps, workspace="T0OTHER")))
    assert len(settled(live)) > 1
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.log.delivered_before("delivery-1") is not None
