"""What did not arrive in its channel can be had there, whatever has arrived since."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from worlds import CHANNEL, CRITICAL, KEY, MEMBER, OWNER, ROLES, World, findings, person

from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.people import SYSTEM
from bot.domain.refusals import Refused
from bot.domain.rounds import RoundState
from bot.usecases import delivery, watching

AWAY = "Answerable is not in it. Type `/invite @Answerable` there"
ELSEWHERE = "C0ELSE"
Said = list[tuple[Message, bool]]


def delivered(world: World, is_lost: Callable[[Message], bool] = lambda _: False) -> Said:
    """Work the outbox off; give what arrived, and of each whether it stood there already."""
    arrived = []
    while posting := delivery.claim_message(world.deps):
        if is_lost(posting.message):
            delivery.record_undeliverable(world.deps, posting, "not_in_channel", AWAY)
        else:
            shown = posting.shown or Shown(posting.message.to, f"{posting.id}.0")
            delivery.record_shown(world.deps, posting, shown, "")
            arrived.append((posting.message, posting.shown is not None))
    return arrived


def to_channel(message: Message) -> bool:
    return message.place is Place.CHANNEL


def watch(world: World, channel: str = CHANNEL) -> None:
    watching.watch_here(world.deps, person(OWNER), KEY, channel)


def in_channel(said: Said, kind: MessageKind) -> list[tuple[int, str, bool]]:
    """Give of a kind what went to a channel: about what, whereto, and whether it stood there."""
    here = [(each, stood) for each, stood in said if to_channel(each) and each.kind is kind]
    return [(each.subject, each.to, stood) for each, stood in here]


def nothing_is_missing(world: World) -> bool:
    with pytest.raises(Refused, match="all for it has arrived"):
        watch(world)
    return not delivered(world)


def test_i1_what_is_open_is_posted_though_something_else_has_arrived_since(live: World) -> None:
    delivered(live)
    live.answers_round(1, CRITICAL)
    delivered(live, to_channel)
    live.hands_over(replace(ROLES, owner=MEMBER))
    said = delivered(live)
    assert in_channel(said, MessageKind.HANDOVER_REQUEST), "the bot is in it again"
    assert not in_channel(said, MessageKind.BREACH_CARD)

    watch(live)
    said = delivered(live)
    assert in_channel(said, MessageKind.BREACH_CARD) == [(1, CHANNEL, False)]
    copies = {each.sentence for each, _ in said if each.kind is MessageKind.BREACH_CARD} - {""}
    assert len(copies) == 1
    assert "UTC that channel was tried again." in copies.pop()
    assert nothing_is_missing(live)
    assert findings(live) == []


def test_i1_what_is_open_and_neither_there_nor_tried_of_late_is_posted(live: World) -> None:
    live.answers_round(1, CRITICAL)
    delivered(live)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.forget_shown(f"breach_card/{KEY}/1/{CHANNEL}")  # as if cleared away since
    watch(live)
    assert in_channel(delivered(live), MessageKind.BREACH_CARD) == [(1, CHANNEL, False)]


def test_a_card_of_what_was_closed_meanwhile_is_brought_up_to_date(live: World) -> None:
    delivered(live)
    live.answers_round(1)
    live.looks_again(1)
    delivered(live, to_channel)
    assert live.round(1).state is RoundState.CLOSED
    live.pauses()
    delivered(live)

    watch(live)
    assert (1, CHANNEL, True) in in_channel(delivered(live), MessageKind.ROUND_CARD)
    assert nothing_is_missing(live)


def test_a_gate_notice_that_a_newer_one_followed_is_over(live: World) -> None:
    delivered(live)
    live.pauses()
    delivered(live, to_channel)
    live.asks_to_resume()
    live.confirms(1)
    assert in_channel(delivered(live), MessageKind.GATE_NOTICE)
    assert nothing_is_missing(live)


def test_a_reminder_of_what_was_answered_meanwhile_is_over(live: World) -> None:
    delivered(live)
    live.live_through(72 + 2)
    lost = delivered(live, lambda each: to_channel(each) and each.kind is MessageKind.REMINDER)
    reminded = {each.obligation for each, _ in lost if each.kind is MessageKind.REMINDER}
    assert reminded == {"review/triage/1", "second-review/triage/1"}
    live.answers_round(1)
    live.looks_again(1)
    delivered(live)
    assert nothing_is_missing(live)


def test_on_a_move_the_newest_gate_notice_that_did_not_arrive_comes_along(live: World) -> None:
    delivered(live)
    live.pauses()
    delivered(live, to_channel)
    watch(live, ELSEWHERE)

    said = delivered(live, lambda each: each.to == CHANNEL)
    assert [to for _, to, _ in in_channel(said, MessageKind.GATE_NOTICE)] == [ELSEWHERE]
    [copy] = [each for each, _ in said if each.kind is MessageKind.GATE_NOTICE and each.sentence]
    assert copy.sentence.endswith("triage is watched in another channel by now.")
    assert findings(live) == []


def test_a_gate_notice_that_arrived_stays_where_it_is_on_a_move(live: World) -> None:
    live.pauses()
    delivered(live)
    watch(live, ELSEWHERE)
    assert in_channel(delivered(live), MessageKind.GATE_NOTICE) == []
