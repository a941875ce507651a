"""What stands in Slack about an obligation says how it stands now, and in whose hands.

I3 climb: no message promises a step that has been taken already.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    findings,
    person,
    sent,
)

from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.other_ways import OtherWay
from bot.domain.people import Circle, Role, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import handovers, home, questions, showing
from tests.engines import on_sqlite
from tests.rendering.judge import buttons

# When whoever goes away on the first day, for as long as they do here, is back.
UNTIL = datetime(2026, 6, 15, tzinfo=UTC)

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests


def card(world: World) -> views.BreachCard:
    """Give the breach's card in its channel, which has just been sent."""
    return card_of(world, sent(world))


def card_of(world: World, messages: list[Message]) -> views.BreachCard:
    of_breach = [each for each in messages if each.kind is MessageKind.BREACH_CARD]
    [posted] = [each for each in of_breach if each.place is Place.CHANNEL]
    view = showing.view_of(world.deps, posted)
    assert isinstance(view, views.BreachCard)
    return view


def climbed_to(
    person: str, *others: str, is_nobody: bool = False, is_told: bool = False
) -> views.Held:
    """Give with whom something is that has climbed past these, who are there and may answer it."""
    may = tuple(map(views.Answerer, others))
    return views.Held(person, has_climbed=True, is_nobody=is_nobody, others=may, is_told=is_told)


def reminders(world: World, to: str) -> list[views.Reminder]:
    found = [showing.view_of(world.deps, each) for each in sent(world) if each.to == to]
    return [each for each in found if isinstance(each, views.Reminder)]


def test_a_card_says_that_it_is_overdue_and_to_whom_it_has_climbed(live: World) -> None:
    live.raises()
    fresh = card(live)
    assert (fresh.is_overdue, fresh.held) == (False, None)
    live.forward(2)
    late = card(live)
    assert (late.is_overdue, late.held) == (True, None), "it is the owner's still, as the card says"
    live.forward(2)
    assert card(live).held == climbed_to(BACKUP, OWNER)
    live.live_through(12)
    assert card(live).held == climbed_to("", OWNER, BACKUP, is_told=True)


def test_a_reminder_says_that_who_owes_it_has_left(live: World) -> None:
    live.raises()
    live.leaves(OWNER)
    live.live_through(12)
    told = reminders(live, STEWARD)
    assert told
    for view in told:
        assert f"It was with <@{OWNER}>, who has left, and" in message(view).text


def test_a_card_says_who_is_asked_in_the_place_of_whoever_is_away(live: World) -> None:
    live.raises()
    assert card(live).held is None
    live.is_away(OWNER, MEMBER)
    live.tick()
    assert card(live).held == views.Held(
        OWNER, has_climbed=False, is_away=True, stand_in=MEMBER, until=UNTIL
    )
    live.comes_back(OWNER)
    assert card(live).held is None


def test_a_card_says_that_nobody_stands_in_for_whom_it_has_climbed_to(live: World) -> None:
    live.raises()
    sent(live)
    live.is_away(BACKUP, MEMBER)
    live.live_through(4)
    with_backup = replace(climbed_to(BACKUP, OWNER), is_away=True, stand_in=MEMBER, until=UNTIL)
    assert card(live).held == with_backup


def test_a_card_names_everybody_who_may_answer_what_has_climbed_past_them(live: World) -> None:
    live.raises()
    live.is_away(OWNER, MEMBER)
    live.tick()
    sent(live)
    live.live_through(4)
    lent = f"<@{OWNER}> (away; <@{MEMBER}> stands in)"
    assert f"It has climbed to <@{BACKUP}>. {lent} may still answer." in message(card(live)).text
    live.live_through(4)
    now = sent(live)
    both = f"<@{STEWARD}> is told of it. {lent}, <@{BACKUP}> may still answer."
    assert both in message(card_of(live, now)).text
    [told] = [
        showing.view_of(live.deps, each)
        for each in now
        if (each.kind, each.to) == (MessageKind.REMINDER, STEWARD)
    ]
    assert both in message(told).text
    live.live_through(8)
    assert f"The admins are told of it. {lent}, <@{BACKUP}> may" in message(card(live)).text
    live.comes_back(OWNER)
    own = f"The admins are told of it. <@{OWNER}>, <@{BACKUP}> may still answer."
    assert own in message(card(live)).text
    live.acknowledges(1)


def test_a_card_says_so_once_somebody_is_back_whom_it_has_climbed_past(live: World) -> None:
    live.raises()
    live.is_away(BACKUP, MEMBER, days=1)
    live.live_through(8)
    assert f"<@{BACKUP}> (away; <@{MEMBER}> stands in) may still" in message(card(live)).text
    live.live_through(7)
    assert f"<@{OWNER}>, <@{BACKUP}> may still answer." in message(card(live)).text


def test_a_card_names_nobody_as_a_stand_in_who_may_not_answer(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.is_away(STEWARD, OWNER)  # whose own workflow it is: they decide nothing critical of it
    live.live_through(24 + 14)
    words = message(card(live)).text
    assert f"<@{OWNER}> stands in for them, but may not answer this." in words
    assert f"this. <@{STEWARD}> may still answer." in words


def test_a_card_names_who_may_still_answer_though_they_are_away(live: World) -> None:
    live.raises()
    live.forward(4)
    live.is_away(BACKUP)
    live.is_away(OWNER)
    live.tick()
    words = message(card(live)).text
    assert f"<@{OWNER}> is away until <!date" in words
    away = f"<@{BACKUP}> (away until <!date^{UNTIL.timestamp():.0f}^"
    assert f", and nobody stands in. <@{OWNER}>, {away}" in words
    live.acknowledges(1, by=BACKUP)


@pytest.mark.parametrize(
    ("stand_in", "says"),
    [
        ("", f"<@{BACKUP}> (away until <!date^"),
        (MEMBER, f"<@{BACKUP}> (away; <@{MEMBER}> stands in)"),
        (OWNER, f"<@{BACKUP}> (away; <@{OWNER}> stands in)"),  # whom it has reached as well
    ],
)
def test_a_card_says_so_when_somebody_whom_it_has_climbed_past_goes_away_and_is_back(
    live: World, stand_in: str, says: str
) -> None:
    live.raises()
    live.live_through(9)
    live.is_away(BACKUP, stand_in, start=1)
    before = f"<@{STEWARD}> is told of it. <@{OWNER}>, <@{BACKUP}> may still answer."
    assert before in message(card(live)).text
    live.forward(to=UNTIL - timedelta(days=13))
    now = sent(live)
    assert f"<@{OWNER}>, {says}" in message(card_of(live, now)).text
    told = [
        showing.view_of(live.deps, each)
        for each in now
        if (each.kind, each.to) == (MessageKind.REMINDER, STEWARD)
    ]
    assert any(says in message(each).text for each in told), "and so do reminders"
    live.comes_back(BACKUP)
    assert before in message(card(live)).text
    assert findings(live) == []


def test_a_card_says_so_when_who_stands_in_for_somebody_it_has_climbed_past_is_back(
    live: World,
) -> None:
    live.raises()
    live.is_away(BACKUP, MEMBER)
    live.live_through(9)
    lent = f"<@{BACKUP}> (away; <@{MEMBER}> stands in) may still answer."
    alone = f"<@{BACKUP}> (away until <!date^"
    sent(live)
    live.is_away(MEMBER, days=1)
    for at, says in ((live.clock.now(), alone), (UNTIL - timedelta(days=13), lent)):
        live.forward(to=at)
        now = sent(live)
        told = [
            showing.view_of(live.deps, each)
            for each in now
            if (each.kind, each.to) == (MessageKind.REMINDER, STEWARD)
        ]
        assert says in message(card_of(live, now)).text
        assert any(says in message(each).text for each in told)
    assert findings(live) == []


def test_a_sheet_gives_no_time_for_whom_it_went_past_and_who_has_it_again(live: World) -> None:
    def held() -> views.Held | None:
        found = questions.show_workflow(live.deps, person(ADMIN), KEY).owed
        return next(each.held for each in found if each.kind is ObligationKind.ACKNOWLEDGE)

    live.raises()
    at = live.clock.now()
    live.live_through(9)
    with_steward = held()
    assert with_steward
    assert (with_steward.person, with_steward.since) == (STEWARD, at + timedelta(hours=8))
    live.leaves(STEWARD)
    with_backup = held()
    assert with_backup
    assert (with_backup.person, with_backup.since) == (BACKUP, None)


def test_a_sheet_says_with_whom_it_is_since_when_and_who_is_next(live: World) -> None:
    def owed() -> views.OwedNow:
        found = questions.show_workflow(live.deps, person(ADMIN), KEY).owed
        return next(each for each in found if each.kind is ObligationKind.ACKNOWLEDGE)

    live.raises()
    raised = live.clock.now()
    fresh = owed()
    assert (fresh.opened_at, fresh.held, fresh.next) == (
        raised,
        None,
        views.Next(Role.OWNER, raised + timedelta(hours=2)),
    )
    live.is_away(OWNER, MEMBER)
    live.live_through(9)
    lent = views.Answerer(OWNER, UNTIL, MEMBER)
    others = (lent, views.Answerer(BACKUP))
    since = raised + timedelta(hours=8)
    told = views.Held("", has_climbed=True, others=others, is_told=True)
    assert owed().held == replace(told, person=STEWARD, since=since)
    assert owed().next == only_told(Role.ADMIN, raised + timedelta(hours=16))
    live.live_through(8)
    last = owed()
    assert last.held == replace(told, since=raised + timedelta(hours=16))
    assert (last.stands, last.next and last.next.is_again) == (GateState.REVIEW_ALL, True)
    shown = message(questions.show_workflow(live.deps, person(ADMIN), KEY))
    words = " ".join(str(each) for each in shown.blocks if "owed" in str(each["block_id"]))
    assert "The admins were told of it <!date" in words
    assert "the admins are told of it again <!date" in words
    assert "A person must review every output already; if nobody" in words


def test_a_list_says_how_far_what_is_overdue_has_climbed(live: World) -> None:
    def row() -> str:
        return str(message(questions.list_workflows(live.deps, person(ADMIN))).blocks[1]["text"])

    live.raises()
    assert "overdue" not in row()
    live.forward(2)
    assert "*overdue: 1*, next step <!date" in row()
    live.forward(2)
    assert "*overdue: 1*, climbed to the backup, next step <!date" in row()
    live.live_through(12)
    assert "*overdue: 1*, climbed to the admins, next step <!date" in row()
    seen = home.show_home(live.deps, ADMIN, Standing.MEMBER).view
    assert isinstance(seen, views.Home)
    assert [each.reached for each in seen.team] == [Role.ADMIN]


def test_a_reminder_says_by_now_whether_the_time_is_over(live: World) -> None:
    live.raises()
    live.is_away(OWNER)
    live.tick()
    told = (each for each in sent(live) if (each.kind, each.to) == (MessageKind.REMINDER, BACKUP))
    early = next(each for each in told if each.obligation.startswith("acknowledge"))
    for hours, words in ((0, "and it is due <!date"), (2, "and it was due <!date")):
        live.clock.move(live.clock.now() + timedelta(hours=hours))
        assert words in message(showing.view_of(live.deps, early)).text
    live.acknowledges(1, by=BACKUP)
    assert "It was due <!date" in message(showing.view_of(live.deps, early)).text


def test_whoever_is_asked_early_reads_that_who_owes_it_is_away(live: World) -> None:
    live.raises()
    live.is_away(OWNER)
    live.tick()
    early = reminders(live, BACKUP)
    assert {each.kind for each in early} == {ObligationKind.REVIEW, ObligationKind.ACKNOWLEDGE}
    for each in early:
        words = message(each).text
        assert f"<@{OWNER}> is away until <!date" in words
        assert ", and nobody stands in." in words
    live.comes_back(OWNER)
    again = reminders(live, BACKUP)
    assert len(again) == len(early)
    assert not any("is away" in message(each).text for each in again)


def test_of_whoever_has_a_stand_in_no_reminder_says_that_nobody_does(live: World) -> None:
    live.raises()
    live.is_away(OWNER, MEMBER)
    live.live_through(8)
    told = [message(each).text for each in reminders(live, STEWARD)]
    assert told
    assert not any("nobody stands in" in each for each in told)


def test_only_whoever_has_a_stand_in_is_said_to_be_asked_in_their_place(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, AUDITOR})))
    world.raises()
    world.is_away(ADMIN)
    world.live_through(16)
    alone = reminders(world, AUDITOR)
    assert [(each.asked, each.away) for each in alone] == [((AUDITOR,), ())]
    assert "Asked in place of" not in message(alone[0]).text
    world.comes_back(ADMIN)
    world.is_away(ADMIN, MEMBER)
    world.live_through(8)
    lent = reminders(world, MEMBER)[-1]
    assert (lent.asked, lent.away) == ((AUDITOR, MEMBER), (ADMIN,))
    assert f"Asked in place of <@{ADMIN}>, who is away." in message(lent).text
    assert findings(world) == []


def test_of_several_who_are_told_only_who_may_not_answer_reads_that_they_cannot(
    tmp_path: Path,
) -> None:
    world = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, AUDITOR})))
    world.raises()
    world.is_away(OWNER, AUDITOR)
    world.live_through(16)
    cannot = "somebody else has still to acknowledge breach 1 of triage. You cannot do it for them"
    please = f"<@{AUDITOR}>: please acknowledge breach 1 of triage."
    told = {each.to: each for each in sent(world) if each.kind is MessageKind.REMINDER}
    words = {to: message(showing.view_of(world.deps, each)) for to, each in told.items()}
    assert please in words[AUDITOR].text
    assert f"Asked in place of <@{OWNER}>, who is away" in words[AUDITOR].text
    assert cannot not in words[AUDITOR].text
    assert f"<@{ADMIN}>: {cannot}" in words[ADMIN].text
    assert please not in words[ADMIN].text
    assert f"<@{ADMIN}>: {cannot}" in words[CHANNEL].text
    assert please in words[CHANNEL].text
    for to, actions in (
        (AUDITOR, ["acknowledge"]),
        (ADMIN, ["pause"]),
        (CHANNEL, ["acknowledge", "pause"]),
    ):
        assert [each["action_id"] for each in buttons(words[to])] == actions
    world.acknowledges(1, by=AUDITOR)


def round_card(world: World) -> views.RoundCard:
    """Give the first round's card in its channel, which has just been sent."""
    [posted] = [
        each
        for each in sent(world)
        if (each.kind, each.subject) == (MessageKind.ROUND_CARD, 1) and each.place is Place.CHANNEL
    ]
    view = showing.view_of(world.deps, posted)
    assert isinstance(view, views.RoundCard)
    return view


def test_a_reminder_says_with_whom_it_is_as_its_card_does(live: World) -> None:
    def told(of: list[Message]) -> str:
        posted = [each for each in of if (each.kind, each.to) == (MessageKind.REMINDER, CHANNEL)]
        last = max(posted, key=lambda each: each.entry)
        return message(showing.view_of(live.deps, last)).text

    live.raises()
    live.forward(2)
    [first] = [each for each in sent(live) if (each.kind, each.to) == (MessageKind.REMINDER, OWNER)]
    assert (
        f"It is with <@{OWNER}> and was due <!date"
        in message(showing.view_of(live.deps, first)).text
    )
    for hours, reached in (
        (2, f"It has climbed to <@{BACKUP}>."),
        (4, f"<@{STEWARD}> is told of it."),
        (8, "The admins are told of it."),
    ):
        live.forward(hours)
        now = sent(live)
        held = card_of(live, now).held
        assert held is not None
        assert held.has_climbed
        said = told(now)
        assert f"<@{OWNER}> owes it, and it was due <!date" in said
        assert reached in said
        assert "It is with" not in said


def test_a_rounds_card_says_with_whom_its_review_is(live: World) -> None:
    fresh = round_card(live)
    assert (fresh.is_overdue, fresh.held, fresh.has_left) == (False, None, False)
    live.is_away(OWNER, MEMBER)
    live.tick()
    away = views.Held(OWNER, has_climbed=False, is_away=True, stand_in=MEMBER, until=UNTIL)
    assert round_card(live).held == away
    live.comes_back(OWNER)
    assert round_card(live).held is None
    live.forward(72 + 2)
    late = round_card(live)
    assert (late.is_overdue, late.held) == (True, climbed_to(BACKUP, OWNER))
    live.leaves(OWNER)
    assert round_card(live).has_left
    live.answers_round(1, by=BACKUP)
    assert round_card(live).held is None


def test_i4_no_card_names_whoever_gave_the_other_look_as_the_one_it_is_with(live: World) -> None:
    live.forward(72 + 2)
    assert round_card(live).held == climbed_to(BACKUP, OWNER)
    live.looks_again(1)
    assert round_card(live).held is None, "the backup is barred: it is with the owner alone"
    live.forward(4)
    assert round_card(live).held == climbed_to(STEWARD, OWNER)
    assert findings(live) == []


def test_whoever_is_asked_no_more_reads_who_is_and_may_answer(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    [told] = [each for each in sent(live) if (each.to, each.obligation[:7]) == (MEMBER, "review/")]
    live.forward(72 + 2)
    live.looks_again(1)
    live.comes_back(OWNER)
    shown = showing.view_of(live.deps, told)
    assert isinstance(shown, views.NotYours)
    assert shown.asked == OWNER, "it had climbed to the backup, who is barred from it since"
    live.leaves(OWNER)
    left = showing.view_of(live.deps, told)
    assert isinstance(left, views.NotYours)
    assert left.asked == ""


def test_i4_no_card_says_that_it_is_with_somebody_who_has_left(live: World) -> None:
    live.raises()
    live.forward(2 + 2)
    assert card(live).held == climbed_to(BACKUP, OWNER)
    live.leaves(BACKUP)
    assert card(live).held is None
    assert findings(live) == []


def test_i4_nobody_is_said_to_stand_in_for_what_they_asked_themselves(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.live_through(24 + 4)
    assert live.owed(ObligationKind.CONFIRM, 1).rung == 2
    told = [each for each in sent(live) if (each.kind, each.to) == (MessageKind.REMINDER, CHANNEL)]
    last = max((each for each in told if each.subject == 1), key=lambda each: each.entry)
    live.is_away(STEWARD, BACKUP)
    live.tick()
    view = showing.view_of(live.deps, last)
    assert isinstance(view, views.Reminder)
    assert (view.kind, view.held) == (
        ObligationKind.CONFIRM,
        replace(climbed_to(STEWARD, OWNER), is_away=True, until=UNTIL + timedelta(days=1)),
    )
    words = message(view).text
    assert f"<@{STEWARD}> is away until <!date" in words
    assert ", and nobody stands in." in words
    assert findings(live) == []


def test_i3_no_message_promises_a_step_that_is_due_already(live: World) -> None:
    live.raises()
    messages = sent(live)
    assert card_of(live, messages).next is not None
    live.clock.move(live.clock.now() + timedelta(hours=72))  # and nothing has climbed yet
    assert card_of(live, messages).next is None


def test_admins_are_told_that_they_are_asked_again(live: World) -> None:
    live.live_through(72 + 14)
    last = reminders(live, ADMIN)[-1]
    assert last.next is not None
    assert (last.next.role, last.next.is_again, last.is_for_one) == (Role.ADMIN, True, True)


def test_what_silence_brought_is_told_as_what_happened(live: World) -> None:
    live.live_through(72 + 14)
    brought = [each.consequence for each in reminders(live, ADMIN) if each.consequence]
    assert brought[0] == "Breach 1 was opened."


def test_i3_what_silence_brings_next_is_told_with_what_it_has_just_brought(live: World) -> None:
    live.raises()
    live.live_through(2 + 14)
    words = message(reminders(live, ADMIN)[-1]).text
    assert "There was no answer in time. The gate was set to review all." in words
    assert "if nobody answers at all, the workflow is paused." in words
    live.live_through(72)
    told = [each for each in reminders(live, ADMIN) if each.kind is ObligationKind.REVIEW]
    words = message(told[0]).text
    assert "There was no answer in time. Breach 3 was opened." in words
    assert "opened for it already" not in words, "that would say it twice"


def test_i3_what_told_of_a_step_is_brought_up_to_date_when_the_next_is_taken(live: World) -> None:
    live.raises()
    live.forward(2)
    [first] = reminders(live, OWNER)
    assert (first.has_climbed_on, first.next is not None) == (False, True)
    live.forward(2)
    [again] = reminders(live, OWNER)
    assert (again.rung, again.has_climbed_on, again.next) == (0, True, None)
    live.forward(4)
    assert reminders(live, OWNER) == [], "it stays true from then on"


@pytest.mark.parametrize(
    ("to", "ways"),
    [
        (OWNER, [(True, OtherWay.NONE)]),
        (BACKUP, [(False, OtherWay.HAVE_OWNER_NAMED)]),
        (STEWARD, [(False, OtherWay.HAVE_OWNER_NAMED)]),
        (ADMIN, [(False, OtherWay.NAME_OWNER)]),
        (
            CHANNEL,
            [
                (False, OtherWay.HAVE_OWNER_NAMED),
                (False, OtherWay.HAVE_OWNER_NAMED),
                (False, OtherWay.NAME_OWNER),
            ],
        ),
    ],
)
def test_i4_of_a_draft_nobody_is_asked_what_only_its_owner_may(
    world: World, to: str, ways: list[tuple[bool, OtherWay]]
) -> None:
    world.registers()
    world.live_through(48 + 14)
    told = [(each.may_answer, each.other_way) for each in reminders(world, to)]
    assert told == ways


def test_i4_what_somebody_is_told_they_can_do_about_a_draft_is_theirs_to_do(world: World) -> None:
    world.registers()
    world.live_through(48 + 14)
    for user_id, way in ((STEWARD, OtherWay.HAVE_OWNER_NAMED), (ADMIN, OtherWay.NAME_OWNER)):
        [due] = questions.list_dues(world.deps, person(user_id)).dues
        assert (due.may_answer, due.other_way) == (False, way)
    with pytest.raises(Refused):
        handovers.open_handover(world.deps, person(STEWARD), KEY)
    assert handovers.open_handover(world.deps, person(ADMIN), KEY).is_draft


def test_whoever_may_not_answer_is_told_of_another_owner_where_nothing_is_to_be_paused(
    live: World,
) -> None:
    live.raises()
    live.forward(4 + 4)
    assert reminders(live, STEWARD)[-1].other_way is OtherWay.PAUSE
    live.pauses()
    live.forward(8)
    assert reminders(live, ADMIN)[-1].other_way is OtherWay.NAME_OWNER
    assert not handovers.open_handover(live.deps, person(ADMIN), KEY).is_draft
    waiting = questions.list_dues(live.deps, person(ADMIN)).dues
    [due] = [each for each in waiting if each.kind is ObligationKind.ACKNOWLEDGE]
    assert due.other_way is OtherWay.NAME_OWNER


def test_where_whoever_may_answer_has_left_another_owner_is_what_helps(live: World) -> None:
    for each in (OWNER, BACKUP, STEWARD):
        live.leaves(each)
    live.raises()
    live.tick()
    told = [each for each in reminders(live, ADMIN) if each.kind is ObligationKind.ACKNOWLEDGE]
    assert [each.other_way for each in told] == [OtherWay.REPLACE_OWNER]
    waiting = questions.list_dues(live.deps, person(ADMIN)).dues
    [due] = [each for each in waiting if each.kind is ObligationKind.ACKNOWLEDGE]
    assert due.other_way is OtherWay.REPLACE_OWNER


def test_a_steward_who_is_there_is_told_that_another_owner_is_what_helps(live: World) -> None:
    for each in (OWNER, BACKUP):
        live.leaves(each)
    live.raises()
    live.tick()
    told = [each for each in reminders(live, STEWARD) if each.kind is ObligationKind.ACKNOWLEDGE]
    assert [each.other_way for each in told] == [OtherWay.REPLACE_OWNER]


@pytest.mark.parametrize("told", [STEWARD, ADMIN])
def test_where_the_owner_left_and_the_backup_is_away_another_owner_helps_as_a_pause_does(
    live: World, told: str
) -> None:
    live.is_away(BACKUP)
    live.leaves(OWNER)
    live.raises()
    live.live_through(2 + 4 + 8)
    of_breach = [each for each in reminders(live, told) if each.kind is ObligationKind.ACKNOWLEDGE]
    assert {each.other_way for each in of_breach} == {OtherWay.NAME_OWNER_OR_PAUSE}
    live.leaves(OWNER, Standing.MEMBER)
    assert {each.other_way for each in reminders(live, told)} <= {OtherWay.PAUSE, OtherWay.NONE}


def test_where_only_a_steward_may_answer_it_is_another_steward_who_is_to_be_named(
    live: World,
) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.pauses()
    live.forward(48)
    waiting = questions.list_dues(live.deps, person(ADMIN)).dues
    [due] = [each for each in waiting if each.kind is ObligationKind.DECIDE]
    assert due.other_way is OtherWay.NAME_STEWARD
    live.leaves(STEWARD)
    told = [each for each in reminders(live, ADMIN) if each.kind is ObligationKind.DECIDE]
    assert {each.other_way for each in told} == {OtherWay.REPLACE_STEWARD}


def test_a_rounds_card_says_that_nobody_is_left_to_review_it(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle())
    world.live_through(72 + 48)
    nobody = climbed_to("", OWNER, BACKUP, STEWARD, is_nobody=True)
    assert round_card(world).held == nobody


def only_told(role: Role, at: datetime, *, is_nobody: bool = False) -> views.Next:
    """Give who is next where that is somebody who cannot acknowledge a breach themselves."""
    return views.Next(role, at, is_nobody=is_nobody, is_told=True)


def test_where_nobody_is_an_admin_none_is_said_to_be_asked(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle())
    world.raises()
    world.live_through(2 + 6)
    before = sent(world)
    at = world.clock.now() + timedelta(hours=8)
    assert card_of(world, before).next == only_told(Role.ADMIN, at, is_nobody=True)
    world.live_through(24)
    last = sent(world)
    assert card_of(world, last).held == climbed_to("", OWNER, BACKUP, is_nobody=True, is_told=True)
    told = [showing.view_of(world.deps, each) for each in (*before, *last)]
    words = [message(view).text for view in told if isinstance(view, views.Reminder)]
    assert any("nobody holds this role" in each for each in words)
    assert not any("admins are asked" in each for each in words)


def test_where_every_admin_has_left_none_is_said_to_be_asked(live: World) -> None:
    live.raises()
    live.live_through(12)
    live.leaves(ADMIN)
    live.live_through(8)
    assert card(live).held == climbed_to("", OWNER, BACKUP, is_nobody=True, is_told=True)


def test_i3_nobody_who_has_left_is_said_to_be_asked_next(live: World) -> None:
    live.raises()
    live.forward(2)
    at = live.clock.now() + timedelta(hours=2)
    assert card(live).next == views.Next(Role.BACKUP, at)
    for gone, role in ((BACKUP, Role.STEWARD), (STEWARD, Role.ADMIN)):
        live.leaves(gone)
        assert card(live).next == only_told(role, at)
    live.forward(2)
    assert (MessageKind.REMINDER, ADMIN) in {(each.kind, each.to) for each in sent(live)}


def test_i3_nobody_who_will_be_away_by_then_is_said_to_be_asked_next(live: World) -> None:
    live.raises()
    live.forward(4)
    at = live.clock.now() + timedelta(hours=4)
    assert card(live).next == only_told(Role.STEWARD, at)
    live.is_away(STEWARD, days=1)
    assert card(live).next == only_told(Role.ADMIN, at)
    live.forward(4)
    [told] = [each for each in sent(live) if (each.kind, each.to) == (MessageKind.REMINDER, ADMIN)]
    view = showing.view_of(live.deps, told)
    assert isinstance(view, views.Reminder)
    assert view.consequence == "The gate was set to review all."


def test_i3_whoever_is_back_by_then_is_said_to_be_asked_next(live: World) -> None:
    live.is_away(STEWARD, days=1)
    live.forward(7)
    live.raises()
    live.forward(2)
    sent(live)
    live.forward(2)
    assert live.clock.now().hour == 20
    assert card(live).next == only_told(Role.STEWARD, live.clock.now() + timedelta(hours=4))
    live.forward(4)
    assert [each.rung for each in reminders(live, STEWARD)] == [2]


def test_i3_who_is_said_to_be_asked_next_is_said_again_when_an_absence_changes(
    live: World,
) -> None:
    live.raises()
    live.forward(4)
    at = live.clock.now() + timedelta(hours=4)
    live.is_away(STEWARD, MEMBER)
    assert card(live).next == only_told(Role.STEWARD, at), "somebody stands in"
    live.is_away(MEMBER)
    assert card(live).next == only_told(Role.ADMIN, at)
    live.comes_back(MEMBER, 2)
    assert card(live).next == only_told(Role.STEWARD, at)
    live.leaves(MEMBER)
    assert card(live).next == only_told(Role.ADMIN, at)
    live.comes_back(STEWARD)
    assert card(live).next == only_told(Role.STEWARD, at)
    live.is_away(STEWARD, start=1)
    assert MessageKind.BREACH_CARD not in {each.kind for each in sent(live)}, "that is later"


def test_who_is_asked_next_is_said_again_when_somebody_is_back(live: World) -> None:
    live.raises()
    live.forward(2)
    live.leaves(BACKUP)
    sent(live)
    live.leaves(BACKUP, Standing.MEMBER)
    assert card(live).next == views.Next(Role.BACKUP, live.clock.now() + timedelta(hours=2))


def test_who_is_asked_next_is_said_again_when_another_is_named(live: World) -> None:
    live.raises()
    live.forward(2)
    live.leaves(BACKUP)
    sent(live)
    live.hands_over(replace(ROLES, backup=MEMBER))
    assert card(live).next == views.Next(Role.BACKUP, live.clock.now() + timedelta(hours=2))


def test_i2_no_receipt_goes_back_to_an_earlier_entry(live: World) -> None:
    live.leaves(OWNER)
    sent(live)
    live.leaves(STEWARD)
    [left] = live.entries(Kind.PERSON_CHANGED)[1:]
    told = {each.to: each.entry for each in sent(live) if each.kind is MessageKind.OWNER_NEEDED}
    assert told.keys() == {CHANNEL, STEWARD}
    assert min(told.values()) >= left.seq


def test_a_reminder_of_before_the_steward_left_says_what_helps_now(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.forward(24)
    sent(live)
    live.forward(2)
    assert [each.other_way for each in reminders(live, BACKUP)] == [OtherWay.PAUSE]
    live.leaves(STEWARD)
    [told] = reminders(live, BACKUP)
    assert (told.has_left, told.other_way) == (True, OtherWay.HAVE_STEWARD_REPLACED)
    waiting = questions.list_dues(live.deps, person(BACKUP)).dues
    [due] = [each for each in waiting if each.kind is ObligationKind.DECIDE]
    assert due.other_way is OtherWay.HAVE_STEWARD_REPLACED


def test_when_the_last_admin_leaves_none_is_said_to_be_asked_at_once(live: World) -> None:
    live.raises()
    live.live_through(2 + 6)
    assert card(live).next == only_told(Role.ADMIN, live.clock.now() + timedelta(hours=8))
    live.leaves(ADMIN)
    following = card(live).next
    assert following is not None
    assert following.is_nobody


def test_who_stands_in_for_somebody_who_may_not_answer_is_offered_what_they_can_do(
    live: World,
) -> None:
    live.raises()
    live.live_through(2 + 6)
    sent(live)
    live.is_away(STEWARD, MEMBER)
    live.tick()

    [asked] = [each for each in sent(live) if each.kind is MessageKind.DUTY_REQUEST]

    def told() -> views.DutyRequest:
        view = showing.view_of(live.deps, asked)
        assert isinstance(view, views.DutyRequest)
        return view

    assert (told().kind, told().may_answer) == (ObligationKind.ACKNOWLEDGE, False)
    assert "you cannot do it for them: see that they do." in message(told()).text
    live.is_away(BACKUP, MEMBER)
    live.tick()
    assert told().may_answer, "in the backup's place they may"


def test_i3_where_the_gate_was_resumed_it_is_said_that_silence_pauses_it_next(live: World) -> None:
    live.raises()
    live.live_through(2 + 14)
    [before] = [each for each in sent(live) if each.to == ADMIN and each.kind == "reminder"][-1:]
    live.asks_to_resume(by=BACKUP)
    live.confirms(1, by=STEWARD)
    live.is_away(OWNER, MEMBER)
    live.tick()

    after = sent(live)
    assert card_of(live, after).stands is GateState.RUN
    lent = [each for each in after if (each.kind, each.to) == (MessageKind.DUTY_REQUEST, MEMBER)]
    [lent] = [each for each in lent if each.obligation.startswith("acknowledge")]
    assert before in after, "the reminder is brought up to date"
    for each in (before, lent):
        words = message(showing.view_of(live.deps, each)).text
        assert "If nobody answers at all, the workflow is paused." in words
        assert "after that" not in words
    words = message(card_of(live, after)).text
    assert "If nobody answers at all, the workflow is paused." in words
    live.live_through(8)
    assert live.workflow().gate.state is GateState.PAUSED


def test_i3_messages_know_where_the_gate_stands(live: World) -> None:
    live.raises()
    assert card(live).stands is GateState.RUN
    live.live_through(4 + 4 + 8)
    late = card(live)
    assert late.gate is GateState.REVIEW_ALL
    assert late.stands is GateState.REVIEW_ALL
    assert reminders(live, ADMIN) == []
    live.hands_over(replace(ROLES, owner=MEMBER))
    live.takes_over(MEMBER)
    seen = [showing.view_of(live.deps, each) for each in sent(live) if each.to == MEMBER]
    assert {each.stands for each in seen if isinstance(each, views.DutyRequest)} == {
        GateState.REVIEW_ALL
    }
