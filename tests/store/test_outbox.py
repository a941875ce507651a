"""What is to be said: claimed by urgency, kept in order, sent once unless nobody can know."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text
from worlds import CHANNEL, CRITICAL, KEY, OWNER, STEWARD, World, sent

from bot.domain.messages import Message, MessageKind, Place, Posting, Sending, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.usecases import Deps, delivery
from store.engine import Store, connect
from tests.engines import address_of

Kinds = MessageKind


@pytest.fixture
def silent(world: World) -> World:
    """A workspace with a workflow of which nothing waits to be said."""
    world.registers()
    with world.deps.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
    return world


def message(kind: MessageKind, subject: int = 1, **facts: object) -> Message:
    made = {"place": Place.CHANNEL, "to": CHANNEL, "entry": 1, "workflow": KEY, **facts}
    return Message(kind, subject=subject, **made)  # type: ignore[arg-type]


def put(world: World, *messages: Message) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        for each in messages:
            work.outbox.put(each)


def claimed(world: World) -> Posting:
    posting = delivery.claim_message(world.deps)
    assert posting
    return posting


def show(world: World, posting: Posting, ts: str = "1.0") -> None:
    delivery.record_shown(world.deps, posting, Shown("C1", ts), "ab")


def states(world: World) -> list[str]:
    with world.deps.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT state FROM outbox ORDER BY id"))
        return [row.state for row in rows]


def seconds_pass(world: World, seconds: int) -> None:
    """Let the database's own clock go on, which is to say: bring nearer what it waits for."""
    with world.deps.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET available_at = available_at - :seconds"), {"seconds": seconds}
        )


def test_the_most_urgent_goes_first_and_of_equals_the_oldest(silent: World) -> None:
    put(
        silent,
        message(Kinds.ROUND_CARD),
        message(Kinds.REVIEW_REQUEST),
        message(Kinds.BREACH_CARD, 1),
        message(Kinds.BREACH_CARD, 2),
        message(Kinds.REMINDER),
        message(Kinds.NOTICE, place=Place.ANSWER, to="https://example.org"),
    )
    order = []
    while posting := delivery.claim_message(silent.deps):
        order.append((posting.message.kind, posting.message.subject))
        show(silent, posting)

    assert order == [
        (Kinds.NOTICE, 1),
        (Kinds.REMINDER, 1),
        (Kinds.BREACH_CARD, 1),
        (Kinds.BREACH_CARD, 2),
        (Kinds.REVIEW_REQUEST, 1),
        (Kinds.ROUND_CARD, 1),
    ]


def test_i3_what_is_critical_waits_for_nothing_older_but_answers(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.reports(3)
    entry = live.breach(1).entry
    with live.deps.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
    asked = ObligationKind.ACKNOWLEDGE, ObligationKind.SECOND_REVIEW
    critical, ordinary = (live.owed(kind, 1).id for kind in asked)
    put(
        live,
        message(Kinds.REMINDER, obligation=ordinary, entry=entry),
        message(Kinds.ROUND_CARD, subject=9),
        message(Kinds.DUTY_REQUEST, obligation=critical, entry=entry),
        message(Kinds.BREACH_CARD),
        message(Kinds.NOTICE, place=Place.ANSWER, to="https://a", sentence="Done."),
    )
    kinds = [claimed(live).message.kind for _ in range(5)]

    assert kinds == [
        Kinds.NOTICE,
        Kinds.DUTY_REQUEST,
        Kinds.BREACH_CARD,
        Kinds.REMINDER,
        Kinds.ROUND_CARD,
    ]


def test_what_rests_holds_up_nothing_else_and_no_answer(silent: World) -> None:
    put(
        silent,
        message(Kinds.REMINDER),
        message(Kinds.DIGEST, place=Place.CHANNEL, to="C0OTHER"),
        message(Kinds.NOTICE, place=Place.ANSWER, to="https://a", sentence="Done."),
    )
    resting = {CHANNEL, "https://a"}
    found = [delivery.claim_message(silent.deps, resting=resting) for _ in range(3)]

    assert [each and each.message.to for each in found] == ["https://a", "C0OTHER", None]
    assert claimed(silent).message.to == CHANNEL


def test_what_is_claimed_is_nobody_elses(silent: World) -> None:
    put(silent, message(Kinds.ROUND_CARD))
    claimed(silent)

    assert delivery.claim_message(silent.deps) is None
    assert states(silent) == [Sending.SENDING]


def test_an_update_that_still_waits_is_brought_up_to_date_instead_of_doubled(
    silent: World,
) -> None:
    put(silent, message(Kinds.BREACH_CARD, obligation="acknowledge/triage/1"))
    put(silent, message(Kinds.BREACH_CARD, entry=2, obligation="decide/triage/1"))

    posting = claimed(silent)
    assert (posting.message.entry, posting.message.obligation) == (2, "decide/triage/1")
    put(silent, message(Kinds.BREACH_CARD, entry=3))
    assert states(silent) == [Sending.SENDING, Sending.READY], "what is on its way is not recalled"


def test_reminders_and_answers_are_never_folded_into_one(silent: World) -> None:
    answer = message(Kinds.NOTICE, place=Place.ANSWER, to="https://example.org")
    put(silent, message(Kinds.REMINDER), message(Kinds.REMINDER, entry=2), answer, answer)

    assert states(silent) == [Sending.READY] * 4


def test_an_update_waits_for_the_message_it_updates_and_knows_where_it_stands(
    silent: World,
) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    first = claimed(silent)
    put(silent, message(Kinds.BREACH_CARD, entry=2))
    assert delivery.claim_message(silent.deps) is None

    show(silent, first, "7.0")
    assert claimed(silent).shown == Shown("C1", "7.0")


def test_a_thread_waits_for_its_case(silent: World) -> None:
    case = message(Kinds.ROUND_CARD)
    put(silent, message(Kinds.REMINDER, thread=case.case), case)

    card = claimed(silent)
    assert card.message.kind is Kinds.ROUND_CARD, "though the reminder is more urgent"
    assert delivery.claim_message(silent.deps) is None
    show(silent, card, "3.0")
    assert claimed(silent).thread_ts == "3.0"


def test_a_thread_waits_for_its_own_case_whatever_others_have_arrived(silent: World) -> None:
    first, second = message(Kinds.ROUND_CARD), message(Kinds.ROUND_CARD, subject=2)
    put(silent, first)
    show(silent, claimed(silent))
    # A reply that can go: as long as it waits, there is a row whose thread has arrived.
    put(silent, message(Kinds.BREACH_CARD, thread=first.case))
    put(silent, message(Kinds.REMINDER, subject=2, thread=second.case), second)

    kinds = [claimed(silent).message.kind for _ in range(2)]
    assert kinds == [Kinds.BREACH_CARD, Kinds.ROUND_CARD]


def test_a_thread_whose_case_never_arrived_goes_without(silent: World) -> None:
    case = message(Kinds.ROUND_CARD)
    put(silent, case, message(Kinds.REMINDER, thread=case.case))
    delivery.record_undeliverable(silent.deps, claimed(silent), "channel_not_found")

    assert claimed(silent).thread_ts == ""


def test_a_lost_answer_waits_a_minute_before_it_is_sent_again(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    delivery.record_unknown(silent.deps, claimed(silent), "timeout")

    seconds_pass(silent, 58)
    assert delivery.claim_message(silent.deps) is None
    seconds_pass(silent, 3)
    again = claimed(silent)
    assert (again.attempt, again.lease) == (2, 2)


def test_what_a_dead_worker_held_is_unknown_and_waits_as_long(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    claimed(silent)
    seconds_pass(silent, 31)
    assert delivery.claim_message(silent.deps) is None
    assert states(silent) == [Sending.UNKNOWN]

    seconds_pass(silent, 27)
    assert delivery.claim_message(silent.deps) is None, "a minute from when it was claimed"
    seconds_pass(silent, 4)
    assert claimed(silent).attempt == 2


def test_i2_slacks_event_settles_what_was_unknown_once(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    posting = claimed(silent)
    delivery.record_unknown(silent.deps, posting, "timeout")
    for _ in range(2):
        delivery.record_posted_after_all(silent.deps, posting.id, Shown("C1", "5.0"))

    assert states(silent) == [Sending.SENT]
    assert len(silent.entries(Kind.MESSAGE_SHOWN)) == 1
    seconds_pass(silent, 600)
    assert delivery.claim_message(silent.deps) is None


def test_i2_what_is_settled_is_not_moved_by_whoever_comes_late(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    posting = claimed(silent)
    delivery.record_unknown(silent.deps, posting, "timeout")
    delivery.record_posted_after_all(silent.deps, posting.id, Shown("C1", "5.0"))

    delivery.record_unknown(silent.deps, posting, "timeout")
    delivery.record_postponed(silent.deps, posting, 0, "rate limited")
    delivery.record_undeliverable(silent.deps, posting, "gone")
    show(silent, posting)
    assert states(silent) == [Sending.SENT]
    assert len(silent.entries(Kind.MESSAGE_SHOWN, Kind.MESSAGE_FAILED)) == 1


@pytest.fixture
def other(silent: World) -> Iterator[Deps]:
    """Another process on the same database: it hears Slack's word, and sends nothing itself."""
    store = silent.deps.store
    engine = connect(address_of(store.engine.url))
    yield replace(silent.deps, store=Store(engine, store.clock, store.stamp))
    engine.dispose()


def test_i2_slacks_word_given_to_another_process_settles_what_was_on_its_way(
    silent: World, other: Deps
) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    posting = claimed(silent)
    assert not delivery.record_posted_after_all(other, posting.id, Shown("C1", "5.0"))
    assert delivery.record_unknown(silent.deps, posting, "timeout")

    assert states(silent) == [Sending.SENT]
    (shown,) = silent.entries(Kind.MESSAGE_SHOWN)
    assert shown.facts["ts"] == "5.0"
    put(silent, message(Kinds.BREACH_CARD, entry=2))
    assert claimed(silent).shown == Shown("C1", "5.0")


def test_i4_slacks_word_to_another_process_takes_nothing_from_what_is_recorded_of_it(
    silent: World, other: Deps
) -> None:
    owed = silent.owed(ObligationKind.ACCEPT, 0)
    put(silent, message(Kinds.ACCEPT_REQUEST, 0, obligation=owed.id))
    silent.forward(hours=3)
    posting = claimed(silent)
    delivery.record_posted_after_all(other, posting.id, Shown("C1", "5.0"))
    show(silent, posting, "5.0")

    (shown,) = silent.entries(Kind.MESSAGE_SHOWN)
    assert shown.facts["sha256"] == "ab", "what people saw is known to who sent it alone"
    assert shown.facts["due_at"], "and the time it asks for began no earlier than it was shown"


@pytest.mark.parametrize("put_back", [True, False], ids=["put back", "its sender died"])
def test_i2_what_another_process_knows_to_be_posted_is_updated_and_not_posted_again(
    silent: World, other: Deps, *, put_back: bool
) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    posting = claimed(silent)
    if put_back:
        delivery.record_postponed(silent.deps, posting, 0, "internal_error")
    delivery.record_posted_after_all(other, posting.id, Shown("C1", "5.0"))
    for _ in range(2):  # its lease ends, then the wait of what is unknown
        seconds_pass(silent, 61)
        again = delivery.claim_message(other)
        if again:
            break

    assert again
    assert again.shown == Shown("C1", "5.0")


def test_a_worker_whose_lease_ran_out_changes_nothing_of_the_next_ones(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    slow = claimed(silent)
    seconds_pass(silent, 31)
    delivery.claim_message(silent.deps)
    seconds_pass(silent, 31)
    quick = claimed(silent)

    show(silent, slow)
    assert states(silent) == [Sending.SENDING]
    show(silent, quick)
    assert states(silent) == [Sending.SENT]


def test_what_was_surely_not_sent_is_sent_after_its_wait(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    delivery.record_postponed(silent.deps, claimed(silent), 30, "ratelimited")

    assert delivery.claim_message(silent.deps) is None
    seconds_pass(silent, 31)
    assert claimed(silent).attempt == 2


def test_what_can_never_arrive_is_on_record_and_not_tried_again(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    delivery.record_undeliverable(silent.deps, claimed(silent), "channel_not_found")

    seconds_pass(silent, 600)
    instead = claimed(silent)
    assert (instead.message.place, instead.message.to) == (Place.PERSON, OWNER)
    assert delivery.claim_message(silent.deps) is None
    (failed,) = silent.entries(Kind.MESSAGE_FAILED)
    assert failed.facts["error"] == "channel_not_found"
    assert states(silent) == [Sending.FAILED, Sending.SENDING]


def failing(world: World) -> dict[str, str]:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.overview.failing_channels()


def test_a_channel_fails_from_a_message_that_failed_to_one_that_arrived(silent: World) -> None:
    put(silent, message(Kinds.ROUND_CARD))
    assert failing(silent) == {}, "what was not tried yet has not failed"
    delivery.record_undeliverable(silent.deps, claimed(silent), "is_archived")
    show(silent, claimed(silent))  # the owner is told instead
    put(silent, message(Kinds.ROUND_CARD, 2), message(Kinds.REMINDER, place=Place.PERSON, to=OWNER))
    assert failing(silent) == {KEY: "is_archived"}
    show(silent, claimed(silent))
    assert failing(silent) == {KEY: "is_archived"}, "a message to a person says nothing of it"
    show(silent, claimed(silent))
    assert failing(silent) == {}


def unreached(world: World) -> dict[str, tuple[int, str]]:
    with world.deps.store.read(world.deps.workspace) as reading:
        found = reading.tallies.failing_people()
    return {user_id: (lost.messages, lost.error) for user_id, lost in found.items()}


def test_a_person_is_unreached_from_a_message_that_failed_to_one_that_arrived(
    silent: World,
) -> None:
    asked: Iterator[int] = count(1)

    def say(to: str, error: str = "", subject: int = 0) -> None:
        about = subject or next(asked)
        put(silent, message(Kinds.NOTICE, about, entry=about, place=Place.PERSON, to=to))
        if error:
            delivery.record_undeliverable(silent.deps, claimed(silent), error)
        else:
            show(silent, claimed(silent))

    say(OWNER, subject=100)
    say(STEWARD, "cannot_dm_bot")
    assert unreached(silent) == {STEWARD: (1, "cannot_dm_bot")}
    say(OWNER, "user_disabled")
    say(OWNER, "user_disabled")
    say(OWNER, subject=100)
    of_owner = {OWNER: (2, "user_disabled")}
    assert unreached(silent) == {STEWARD: (1, "cannot_dm_bot"), **of_owner}, "that was an update"
    say(OWNER)
    assert unreached(silent) == {STEWARD: (1, "cannot_dm_bot")}


def test_a_message_deleted_in_slack_is_posted_anew(silent: World) -> None:
    put(silent, message(Kinds.BREACH_CARD))
    show(silent, claimed(silent))
    put(silent, message(Kinds.BREACH_CARD, entry=2))
    delivery.record_vanished(silent.deps, claimed(silent))

    assert claimed(silent).shown is None


def test_a_reply_whose_thread_was_deleted_in_slack_goes_without(silent: World) -> None:
    case = message(Kinds.ROUND_CARD)
    put(silent, case)
    show(silent, claimed(silent))
    put(silent, message(Kinds.REMINDER, thread=case.case))
    reply = claimed(silent)
    assert reply.thread_ts == "1.0"
    delivery.record_vanished(silent.deps, reply, is_thread=True)

    assert claimed(silent).thread_ts == ""


def test_only_what_goes_to_one_place_may_be_asked_for(silent: World) -> None:
    put(silent, message(Kinds.REMINDER))
    put(silent, message(Kinds.NOTICE, place=Place.ANSWER, to="https://example.org"))
    posting = delivery.claim_message(silent.deps, only=Place.ANSWER)
    assert posting
    assert posting.message.kind is Kinds.NOTICE
    assert delivery.claim_message(silent.deps, only=Place.ANSWER) is None


def test_what_asked_for_an_obligation_is_updated_when_that_has_ended(silent: World) -> None:
    while posting := delivery.claim_message(silent.deps):
        show(silent, posting)
    with silent.deps.store.begin(silent.deps.workspace, SYSTEM) as work:
        asked = message(Kinds.ACCEPT_REQUEST, 0, place=Place.PERSON, to=OWNER, obligation="a/b/0")
        work.outbox.note_shown(asked, Shown("D1", "9.0"))
        reminder = message(Kinds.REMINDER, 0, to=OWNER, entry=5, obligation="a/b/0")
        work.outbox.note_shown(reminder, Shown("D1", "9.1"))
        work.outbox.refresh("a/b/0", 8)

    first, second = claimed(silent), claimed(silent)
    assert (first.message.entry, first.shown) == (5, Shown("D1", "9.1")), "a reminder keeps its own"
    assert (second.message.entry, second.shown) == (8, Shown("D1", "9.0"))


@pytest.mark.parametrize("is_answer_lost", [False, True])
def test_what_asks_for_an_obligation_that_ends_while_it_is_sent_is_updated(
    world: World, *, is_answer_lost: bool
) -> None:
    world.registers()
    posting = claimed(world)
    assert posting.message.kind is Kinds.ACCEPT_REQUEST
    if is_answer_lost:
        delivery.record_unknown(world.deps, posting, "timed out")
    world.accepts()
    arrived = Shown("D1", "1.0")
    if is_answer_lost:
        assert delivery.record_posted_after_all(world.deps, posting.id, arrived)
    else:
        delivery.record_shown(world.deps, posting, arrived, "ab")

    following = []
    while one := delivery.claim_message(world.deps):
        delivery.record_shown(world.deps, one, one.shown or Shown("C1", str(one.id)), "ab")
        following.append((one.message.case, one.shown))
    assert following.count((posting.message.case, arrived)) == 1


@pytest.mark.parametrize("is_under_way", [False, True])
def test_what_is_shown_anew_keeps_the_newest_entry_it_was_put_with(
    silent: World, *, is_under_way: bool
) -> None:
    first = message(Kinds.ACCEPT_REQUEST, subject=0, obligation="accept/triage/0")
    put(silent, first)
    show(silent, claimed(silent))
    put(silent, replace(first, entry=4))
    under_way = claimed(silent) if is_under_way else None
    with silent.deps.store.begin(silent.deps.workspace, SYSTEM) as work:
        work.outbox.show_anew(first.obligation)
        work.outbox.refresh_for({CHANNEL}, first.obligation)
    if under_way:
        show(silent, under_way)
    assert claimed(silent).message.entry == 4


def test_what_is_asked_once_more_spends_only_what_asked_in_anothers_place(live: World) -> None:
    owed = live.owed(ObligationKind.REVIEW, 1).id
    kinds = (Kinds.REVIEW_REQUEST, Kinds.DUTY_REQUEST, Kinds.REMINDER)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        for entry, kind in enumerate(kinds, start=1):
            asked = message(kind, place=Place.PERSON, to=STEWARD, entry=entry, obligation=owed)
            work.outbox.note_shown(asked, Shown("D1", f"{entry}.0"))
        work.outbox.spend_former(replace(asked, entry=9))
    assert [each.kind for each in sent(live) if each.to == STEWARD] == [Kinds.DUTY_REQUEST]
