"""What somebody presses rests on an entry of this very record, or nothing comes of it: I4."""

from dataclasses import replace

import pytest
from worlds import KEY, OWNER, World, person

from bot.domain.marks import UNKNOWN, mark_of
from bot.domain.people import Actor
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.usecases import gate, questions
from bot.usecases.marks import mark_at, newest_mark


def on(card: str) -> Actor:
    return replace(person(OWNER), card=card)


def cards_of_elsewhere(world: World) -> list[str]:
    """Give marks of another entry with a number that is here, of one to come, and of none."""
    newest = world.entries()[-1]
    return [
        mark_of(newest.seq, world.entries()[0].id),
        mark_of(newest.seq + 40, newest.id),
        UNKNOWN,
    ]


def test_i4_a_card_of_another_record_moves_nothing_and_that_is_recorded(live: World) -> None:
    for card in cards_of_elsewhere(live):
        with pytest.raises(Refused, match="what it rests on is lost"):
            gate.pause_workflow(live.deps, on(card), KEY, "by mistake")
        refused = live.entries()[-1]
        assert (refused.kind, refused.facts["rule"]) == (Kind.REFUSED, "card of a lost record")
        assert refused.on == f"entry/{card.partition('.')[0]}"
    assert not live.entries(Kind.GATE_CHANGED)[1:]


def test_i4_nothing_is_shown_to_a_card_of_another_record(live: World) -> None:
    for card in cards_of_elsewhere(live):
        with pytest.raises(Refused, match="what it rests on is lost"):
            questions.show_workflow(live.deps, on(card), KEY)
    assert len(live.entries(Kind.REFUSED)) == len(cards_of_elsewhere(live))


def test_a_card_of_this_record_is_good_however_old_it_is(live: World) -> None:
    oldest, newest = mark_at(live.deps, 0), newest_mark(live.deps)
    assert oldest != newest
    assert questions.show_workflow(live.deps, on(oldest), KEY).key == KEY
    gate.pause_workflow(live.deps, on(newest), KEY, "it misbehaves")
    assert live.workflow().gate.state == "paused"
