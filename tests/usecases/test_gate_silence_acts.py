"""What stands in Slack of what silence brings goes with the gate: in place, and no message more."""

from collections.abc import Iterable

from worlds import BACKUP, CHANNEL, OWNER, STEWARD, World, sent

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.rendering.render import message
from bot.usecases import showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

ATTEST = MessageKind.ATTEST_REQUEST
REVIEW_ALL = "If nobody does, a person must review every output."
PAUSED = "The workflow is paused already, until two people resume it."


def said(world: World, of: Iterable[Message], kind: MessageKind) -> dict[str, str]:
    """Give what messages of a kind say, by whom they are for."""
    found = [each for each in of if each.kind is kind]
    assert len({each.to for each in found}) == len(found), "each is brought up to date once"
    return {each.to: message(showing.view_of(world.deps, each)).text for each in found}


def is_resumed(world: World) -> None:
    world.asks_to_resume()
    world.confirms(1)


def an_attestation(world: World) -> list[Message]:
    """Have the owner be asked whether all is right still; give all that stands in Slack then."""
    world.answers_round(1)
    world.looks_again(1)
    world.forward(90 * 24)
    return sent(world)


def test_an_attestation_says_after_a_pause_and_a_resume_what_silence_brings_then(
    live: World,
) -> None:
    standing = {each.case for each in an_attestation(live)}
    live.pauses()
    now = sent(live)
    cards = said(live, now, ATTEST)
    assert cards.keys() == {OWNER, CHANNEL}
    assert all(PAUSED in each for each in cards.values())
    assert {each.kind for each in now if each.case not in standing} == {MessageKind.GATE_NOTICE}
    is_resumed(live)
    cards = said(live, sent(live), ATTEST)
    assert cards.keys() == {OWNER, CHANNEL}
    assert all(REVIEW_ALL in each for each in cards.values())


def test_of_reminders_those_say_so_that_speak_of_what_is_next(live: World) -> None:
    live.raises()
    live.live_through(9)
    sent(live)
    live.pauses()
    told = said(live, sent(live), MessageKind.REMINDER)
    assert told.keys() == {STEWARD, CHANNEL}, "the owner's and the backup's say nothing of it"
    assert all(PAUSED in each for each in told.values())
    is_resumed(live)
    told = said(live, sent(live), MessageKind.REMINDER)
    assert told.keys() == {STEWARD, CHANNEL}
    assert all("If nobody answers at all, a person must" in each for each in told.values())


def test_so_does_what_asks_somebody_in_anothers_place(live: World) -> None:
    live.raises()
    live.is_away(OWNER, BACKUP)
    live.tick()
    sent(live)
    live.pauses()
    [told] = said(live, sent(live), MessageKind.DUTY_REQUEST).values()
    assert PAUSED in told


def test_what_silence_cannot_close_the_gate_with_is_left_alone(live: World) -> None:
    live.live_through(72 + 4)
    assert live.owed(ObligationKind.REVIEW, 1).rung == 1
    sent(live)
    live.pauses()
    assert said(live, sent(live), MessageKind.REMINDER) == {}


def test_a_drill_changes_nothing_of_what_silence_brings(live: World) -> None:
    an_attestation(live)
    live.drills()
    assert said(live, sent(live), ATTEST) == {}


def test_that_the_gate_has_moved_is_said_before_what_follows_is_brought_up_to_date(
    live: World,
) -> None:
    for words in ("it is rude", "it is slow", "it is wrong"):
        live.raises(words)
    live.live_through(9)
    sent(live)
    live.pauses()
    first, *others = sent(live)
    assert first.kind is MessageKind.GATE_NOTICE
    assert MessageKind.REMINDER in {each.kind for each in others}
