"""Whoever is a full member again is shown what was withheld from them meanwhile."""

from worlds import MEMBER, World, findings, sent

from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind
from bot.domain.people import Standing
from bot.rendering.render import message
from bot.usecases import showing

CONCERN, SHARE = MessageKind.CONCERN_NOTICE, MessageKind.SHARE_REQUEST


def told(world: World, to: str, kind: MessageKind) -> list[Message]:
    """Send what waits; give what somebody was sent of a kind."""
    return [each for each in sent(world) if (each.to, each.kind) == (to, kind)]


def said(world: World, about: Message) -> str:
    return message(showing.view_of(world.deps, about)).text


def test_i1_who_raised_a_concern_and_is_back_reads_what_was_decided_meanwhile(
    live: World,
) -> None:
    live.raises()
    live.acknowledges(1)
    [before] = told(live, MEMBER, CONCERN)
    assert "It is still to be decided." in said(live, before)
    live.leaves(MEMBER)
    live.decides(1, Decision.CONTINUE)
    assert told(live, MEMBER, CONCERN) == [], "nobody is shown anything who is no full member"

    live.leaves(MEMBER, Standing.MEMBER)
    [after] = told(live, MEMBER, CONCERN)
    assert after.case == before.case, "it is brought up to date in place"
    assert "decided: *continue*. It is closed." in said(live, after)
    assert after.entry == live.breach(1).entry
    assert findings(live) == []


def test_i1_who_was_not_told_of_any_step_is_told_once_they_are_back(live: World) -> None:
    live.raises()
    live.leaves(MEMBER, Standing.GUEST)
    live.acknowledges(1)
    assert told(live, MEMBER, CONCERN) == []
    live.leaves(MEMBER, Standing.MEMBER)
    [first] = told(live, MEMBER, CONCERN)
    assert "It is still to be decided." in said(live, first)


def test_who_was_told_all_of_a_concern_is_not_told_it_again(live: World) -> None:
    live.raises()
    live.raises("and wrong", by=MEMBER)
    live.acknowledges(1)
    live.decides(1, Decision.CONTINUE)
    sent(live)
    live.leaves(MEMBER)
    live.leaves(MEMBER, Standing.MEMBER)
    assert told(live, MEMBER, CONCERN) == []


def test_a_reviewer_who_is_back_is_not_asked_for_what_was_taken_back_meanwhile(
    live: World,
) -> None:
    live.hands_out(1, MEMBER)
    [asked] = told(live, MEMBER, SHARE)
    live.leaves(MEMBER)
    live.takes_back(1)
    sent(live)

    live.leaves(MEMBER, Standing.MEMBER)
    [after] = told(live, MEMBER, SHARE)
    assert after.case == asked.case
    assert "It was taken back: nothing is asked of you here." in said(live, after)
