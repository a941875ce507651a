"""A reminder that others came after says no more than what stays true without an update: I3."""

from worlds import BACKUP, OWNER, World, sent

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.rendering.render import message
from bot.usecases import showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests


def reminders(messages: list[Message]) -> list[Message]:
    return [each for each in messages if each.kind is MessageKind.REMINDER]


def said(world: World, of: Message) -> str:
    return message(showing.view_of(world.deps, of)).text


def test_i3_what_reminded_the_owner_names_nobody_whom_it_had_climbed_to(live: World) -> None:
    live.raises()
    live.forward(2)
    [first] = reminders(sent(live))
    live.forward(2)
    seen = {each.case: said(live, each) for each in sent(live)}
    owes = f"<@{OWNER}> owes it, due <!date"
    assert owes in seen[first.case]
    since = "It has climbed on since. `/answerable show triage` says with whom it is now."
    assert seen[first.case].endswith(since)
    assert BACKUP not in seen[first.case]
    for _ in range(4):
        live.forward(4)
        assert first.case not in {each.case for each in sent(live)}
        assert said(live, first) == seen[first.case], "so it needs no update"


def test_one_that_others_came_after_says_of_no_time_whether_it_is_past(live: World) -> None:
    live.raises()
    live.is_away(OWNER)
    live.tick()
    early = next(
        each
        for each in reminders(sent(live))
        if each.to == BACKUP and each.obligation.startswith("ack")
    )
    assert "and it is due <!date" in said(live, early)
    live.is_away(BACKUP)
    live.tick()
    [now] = {said(live, each) for each in sent(live) if each.case == early.case}
    assert "It has climbed on since." in now
    assert f"<@{OWNER}> owes it, due <!date" in now
    live.clock.move(live.owed(ObligationKind.ACKNOWLEDGE, 1).due_at)
    assert said(live, early) == now, "nobody brings it up to date for that"
