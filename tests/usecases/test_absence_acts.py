"""Away with dates: whoever stands in is asked, and the owner stays answerable (I1, I3, I4)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CRITICAL,
    MEMBER,
    MONDAY,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.gate import GateState
from bot.domain.messages import MessageKind, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import absences, delivery, questions, showing
from tests.posted import all_shown

REVIEW, ACKNOWLEDGE, SECOND = (
    ObligationKind.REVIEW,
    ObligationKind.ACKNOWLEDGE,
    ObligationKind.SECOND_REVIEW,
)


def asked_in_place(world: World) -> list[object]:
    return [entry.facts["obligation"] for entry in world.entries(Kind.OBLIGATION_DELEGATED)]


def dues(world: World, user_id: str) -> list[tuple[str, str]]:
    listed = questions.list_dues(world.deps, person(user_id)).dues
    return [(str(row.kind), row.in_place_of) for row in listed]


def asked_last(world: World, kind: ObligationKind) -> str:
    """Give whom the last rung that was climbed asked."""
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.log.words(world.climbs(kind, 1)[-1].seq, "asked")


def told(world: World) -> list[tuple[MessageKind, str]]:
    """Take everything out of the outbox, each message rendered once."""
    found = []
    while posting := delivery.claim_message(world.deps):
        showing.view_of(world.deps, posting.message)
        found.append((posting.message.kind, posting.message.to))
        delivery.record_shown(world.deps, posting, None, "")
    return found


def notices(world: World) -> dict[str, str]:
    """Take everything out of the outbox; give what is said to whom of absences."""
    said = {}
    while posting := delivery.claim_message(world.deps):
        told = posting.message
        if told.kind is MessageKind.ABSENCE_NOTICE:
            said[told.to] = message(showing.view_of(world.deps, told)).text
        delivery.record_shown(world.deps, posting, None, "")
    return said


def test_what_is_open_goes_to_who_stands_in_as_the_absence_begins(live: World) -> None:
    live.is_away(OWNER, MEMBER, start=1)
    assert dues(live, MEMBER) == []
    live.forward(14)
    assert asked_in_place(live) == []
    live.forward(2)

    assert asked_in_place(live) == ["review/triage/1"]
    assert (MessageKind.DUTY_REQUEST, MEMBER) in told(live)
    assert dues(live, MEMBER) == [("review", OWNER)]
    assert dues(live, OWNER) == [("review", "")], "the owner may answer as before"
    live.answers_round(1, by=MEMBER)
    roles = {entry.role for entry in live.entries(Kind.VERDICT_RECORDED)}
    assert roles == {"delegate of owner"}
    assert findings(live) == []


def test_what_comes_up_while_somebody_is_away_is_asked_of_who_stands_in(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.answers_round(1, CRITICAL, by=OWNER)

    assert asked_in_place(live)[-1] == "acknowledge/triage/1"
    live.acknowledges(1, by=MEMBER)
    (taken,) = live.entries(Kind.BREACH_ACKNOWLEDGED)
    assert taken.role == "delegate of owner"
    assert findings(live) == []


def test_i3_a_rung_whose_person_is_away_asks_who_stands_in_on_record(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    live.live_through(72 + 2)

    climbed = live.climbs(REVIEW, 1)[-1]
    assert (climbed.facts["rung"], climbed.facts["passed"]) == (1, None)
    assert climbed.facts["absences"] == [1]
    with live.deps.store.read(live.deps.workspace) as reading:
        named = [reading.log.words(climbed.seq, fact) for fact in ("asked", "away")]
    assert named == [MEMBER, BACKUP]
    live.answers_round(1, by=MEMBER)
    assert live.entries(Kind.VERDICT_RECORDED)[0].role == "delegate of backup"
    assert findings(live) == []


def test_i3_away_without_anybody_passes_the_rung_at_once_on_record(live: World) -> None:
    live.is_away(OWNER)
    live.tick()

    climbs = live.climbs(REVIEW, 1)
    assert [(each.facts["rung"], each.facts["passed"]) for each in climbs] == [
        (0, "away"),
        (1, None),
    ]
    due = live.owed(REVIEW, 1).due_at
    assert live.owed(REVIEW, 1).climbs_at == due + timedelta(hours=4), "the backup has until then"
    assert ("review", "") in dues(live, BACKUP)
    live.answers_round(1, by=OWNER)
    assert findings(live) == []


def test_i3_a_last_rung_of_people_away_brings_its_consequence_all_the_same(live: World) -> None:
    live.is_away(ADMIN)
    live.looks_again(1, by=BACKUP)
    live.live_through(72 + 14)

    assert live.climbs(REVIEW, 1)[-1].facts["passed"] == "away"
    assert live.breach(1).cause == "round not answered"
    assert findings(live) == []


def test_a_chain_of_people_away_ends_with_who_is_there(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER, "U0OTHER", days=3)
    live.forward(0.1)

    assert ("review", OWNER) in dues(live, "U0OTHER")
    live.answers_round(1, by="U0OTHER")
    assert findings(live) == []


def test_i3_the_sheet_names_who_stands_in_as_obligations_do_and_nobody_if_nobody_is_there(
    live: World,
) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER, "U0OTHER", days=3)
    live.forward(0.1)
    sheet = questions.show_workflow(live.deps, person(STEWARD), "triage")
    assert [(each.person, each.delegate) for each in sheet.away] == [(OWNER, "U0OTHER")]

    live.leaves("U0OTHER")
    sheet = questions.show_workflow(live.deps, person(STEWARD), "triage")
    assert [(each.person, each.delegate) for each in sheet.away] == [(OWNER, "")]


def test_i3_whoever_named_somebody_is_told_that_they_will_be_away_too(live: World) -> None:
    live.is_away(OWNER, MEMBER, start=2, days=5)
    told(live)
    live.is_away(MEMBER, start=20, days=2)
    assert (MessageKind.ABSENCE_NOTICE, OWNER) not in told(live), "that is after they are back"
    live.comes_back(MEMBER, 2)
    told(live)

    live.is_away(MEMBER, start=4, days=30)

    said = notices(live)
    assert f"You have named <@{MEMBER}> to stand in for you." in said[OWNER]
    assert "You have named" not in said[MEMBER]


def away_too(world: World, user_id: str = OWNER) -> views.AwayToo | None:
    [theirs] = absences.list_absences(world.deps, person(user_id)).absences
    return theirs.away_too


def midnight(days: int) -> datetime:
    return MONDAY.replace(hour=0) + timedelta(days=days)


def test_absences_of_whoever_stands_in_that_run_into_each_other_are_one(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=30)
    live.is_away(MEMBER, days=3)
    live.is_away(MEMBER, start=3, days=4)
    live.is_away(MEMBER, start=9, days=2)
    assert away_too(live) == views.AwayToo(midnight(7), "")
    live.comes_back(MEMBER, 2)
    live.comes_back(MEMBER, 3)
    live.is_away(MEMBER, "U0OTHER", start=3, days=3)
    live.is_away(MEMBER, start=6, days=3)
    assert away_too(live) == views.AwayToo(midnight(6), "U0OTHER", midnight(3)), "then nobody does"


def test_whoever_stands_in_and_goes_away_later_is_said_to_be_away_from_then(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=5)
    told(live)
    live.is_away(MEMBER, start=2, days=30)
    assert away_too(live) == views.AwayToo(midnight(32), "", midnight(2))
    live.is_away(STEWARD, MEMBER, days=20)
    said = notices(live)[STEWARD]
    assert f"<@{MEMBER}> stands in, but is away too from <!date^" in said
    assert "and in that time nobody stands in." in said
    assert f"Whatever is asked of <@{STEWARD}> then goes at once to whoever is next." in said
    live.is_away(BACKUP, MEMBER, days=2)
    assert away_too(live, BACKUP) is None, "they are back by then"


def test_i4_nobody_stands_in_for_more_than_what_reached_the_one_who_is_away(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    with pytest.raises(Refused, match="that takes"):
        live.answers_round(1, by=MEMBER)
    with pytest.raises(Refused, match="that takes"):
        live.pauses(by=MEMBER)
    live.looks_again(1, by=MEMBER)
    assert {entry.role for entry in live.entries(Kind.SECOND_VERDICT_RECORDED)} == {
        "delegate of backup"
    }
    assert findings(live) == []


def test_i4_who_stands_in_for_both_takes_only_one_of_the_two_looks(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(BACKUP, MEMBER)
    live.tick()
    live.answers_round(1, by=MEMBER)

    with pytest.raises(Refused, match="other look"):
        live.looks_again(1, by=MEMBER)
    live.tick()
    passed = live.climbs(SECOND, 1)[0].facts["passed"]
    assert passed == "not independent of what was answered", "at once, like anybody's"
    assert findings(live) == []


def test_i4_the_owner_standing_in_for_the_backup_takes_no_second_look(live: World) -> None:
    live.is_away(BACKUP, OWNER)
    live.tick()

    assert live.climbs(SECOND, 1)[0].facts["passed"] == "not independent of what was answered"
    with pytest.raises(Refused, match="somebody else's"):
        live.looks_again(1, by=OWNER)


def test_i4_who_asked_confirms_nothing_by_standing_in_for_the_second_person(live: World) -> None:
    live.pauses()
    live.is_away(BACKUP, OWNER)
    live.asks_to_resume(by=OWNER)

    with pytest.raises(Refused, match="second person"):
        live.confirms(1, by=OWNER)
    live.is_away(OWNER, MEMBER)
    assert "confirm/triage/1" not in asked_in_place(live), "who is barred lends it to nobody"
    with pytest.raises(Refused, match="that takes"):
        live.confirms(1, by=MEMBER)
    live.confirms(1, by=STEWARD)
    assert live.workflow().gate.state is GateState.RUN
    assert findings(live) == []


def test_i4_nobody_accepts_the_duties_for_somebody_away(world: World) -> None:
    world.is_away(OWNER, MEMBER)
    world.registers()
    with pytest.raises(Refused, match="that takes the owner"):
        world.accepts(by=MEMBER)
    world.tick()
    assert world.climbs(ObligationKind.ACCEPT, 0)[0].facts["passed"] == "away"
    world.accepts(by=OWNER)


def test_what_was_lent_ends_with_the_absence(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=1)
    live.tick()
    live.forward(15)

    assert live.entries(Kind.ABSENCE_ENDED)
    with pytest.raises(Refused, match="that takes the owner"):
        live.answers_round(1, by=MEMBER)
    assert dues(live, MEMBER) == []
    live.answers_round(1)
    assert {entry.role for entry in live.entries(Kind.VERDICT_RECORDED)} == {"owner"}
    assert findings(live) == []


def test_coming_back_early_ends_it_and_twice_is_once(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    told(live)
    first = live.comes_back(OWNER)

    assert (MessageKind.ABSENCE_NOTICE, OWNER) in told(live)
    assert live.comes_back(OWNER).number == first.number
    with pytest.raises(Refused, match="that takes the owner"):
        live.answers_round(1, by=MEMBER)
    assert absences.list_absences(live.deps, person(OWNER)).absences == ()
    live.is_away(OWNER, MEMBER)
    assert findings(live) == []


@pytest.mark.parametrize(
    ("days_ahead", "words"),
    [(0, "is back since"), (2, "is not going to be away from")],
    ids=["begun in this very moment", "yet to begin"],
)
def test_who_ends_an_absence_at_once_is_said_to_be_back_unless_it_had_not_begun(
    live: World, days_ahead: int, words: str
) -> None:
    live.is_away(OWNER, MEMBER, start=days_ahead)
    live.comes_back(OWNER)

    said = []
    while posting := delivery.claim_message(live.deps):
        if posting.message.kind is MessageKind.ABSENCE_NOTICE:
            said.append(message(showing.view_of(live.deps, posting.message)).text)
        delivery.record_shown(live.deps, posting, Shown("D1", f"{posting.id}.0"), "")
    assert all(words in each for each in said), said
    assert said
    assert findings(live) == []


def test_an_absence_that_ran_out_unnoticed_can_be_ended(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=1)
    live.tick()
    live.clock.move(live.clock.now() + timedelta(days=1))
    first = live.comes_back(OWNER)

    (over,) = live.entries(Kind.ABSENCE_ENDED)
    assert over.seq == first.number
    assert over.facts["ends_at"] < live.clock.now().isoformat(), "it was over before"
    live.tick()
    assert live.entries(Kind.ABSENCE_ENDED) == [over]
    assert findings(live) == []


def test_only_ones_own_absence_can_be_ended(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    with pytest.raises(Refused, match="of your own"):
        live.comes_back(MEMBER)


@pytest.mark.parametrize("next_one", ["U0OTHER", ""])
def test_i3_who_stands_in_and_is_away_in_turn_leaves_nobody_unasked(
    live: World, next_one: str
) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    told(live)
    live.forward(1)
    live.is_away(MEMBER, next_one, days=3)
    live.tick()

    if next_one:
        assert asked_in_place(live) == ["review/triage/1"] * 2
        assert (MessageKind.DUTY_REQUEST, next_one) in told(live)
        live.answers_round(1, by=next_one)
    else:
        assert [each.facts["passed"] for each in live.climbs(REVIEW, 1)] == ["away", None]
    assert findings(live) == []


@pytest.mark.parametrize("order", list(permutations((OWNER, BACKUP, STEWARD))))
def test_i3_whoever_is_the_last_to_be_away_the_admins_are_asked_at_once(
    live: World, order: tuple[str, ...]
) -> None:
    for each in order:
        live.is_away(each)
        live.forward(1)

    assert (live.climbs(REVIEW, 1)[-1].facts["rung"], ADMIN) == (3, asked_last(live, REVIEW))
    assert (live.climbs(SECOND, 1)[-1].facts["rung"], ADMIN) == (3, asked_last(live, SECOND))
    assert ("review", "") in dues(live, ADMIN)
    assert live.entries(Kind.BREACH_OPENED) == [], "what silence brings comes when it is due"
    assert findings(live) == []


def test_i3_a_second_look_goes_to_the_admins_once_nobody_is_left_who_may_give_it(
    live: World,
) -> None:
    live.is_away(OWNER)
    live.tick()
    live.answers_round(1, by=BACKUP)
    live.tick()
    live.leaves(STEWARD)
    live.tick()

    assert asked_last(live, SECOND) == ADMIN
    assert findings(live) == []


@pytest.mark.parametrize("first", [REVIEW, SECOND])
def test_i3_the_other_look_goes_to_the_admins_once_the_last_who_is_there_gave_one(
    live: World, first: ObligationKind
) -> None:
    live.is_away(OWNER)
    live.is_away(BACKUP)
    live.tick()
    if first is REVIEW:
        live.answers_round(1, by=STEWARD)
    else:
        live.looks_again(1, by=STEWARD)
    live.tick()

    assert asked_last(live, SECOND if first is REVIEW else REVIEW) == ADMIN
    assert findings(live) == []


def test_i4_nobody_gives_a_second_look_in_place_of_whoever_gives_the_first(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    live.is_away(OWNER)
    live.tick()
    live.answers_page(1, by=BACKUP)
    live.tick()

    passed = [entry.facts["passed"] for entry in live.climbs(SECOND, 1)]
    assert passed == ["not independent of what was answered"] * 2 + [None]
    live.looks_again(1, by=STEWARD)
    assert findings(live) == []


def test_i3_who_stands_in_for_several_who_leave_at_once_is_asked_once_for_each(
    live: World,
) -> None:
    live.is_away(OWNER, BACKUP, start=1)
    live.is_away(BACKUP, MEMBER, start=1)
    live.forward(16)

    assert asked_in_place(live) == ["review/triage/1", "second-review/triage/1"]
    asked = [each for each in told(live) if each[0] is MessageKind.DUTY_REQUEST]
    assert asked == [(MessageKind.DUTY_REQUEST, MEMBER)] * 2
    assert findings(live) == []


def test_i3_who_is_away_and_leaves_sends_who_stands_in_home(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    while posting := delivery.claim_message(live.deps):
        stands = Shown(f"D{posting.message.to}", f"1.{posting.id}")
        delivery.record_shown(live.deps, posting, stands, "")
    live.leaves(OWNER)
    live.tick()

    found = told(live)
    assert (MessageKind.ABSENCE_NOTICE, MEMBER) in found
    assert (MessageKind.DUTY_REQUEST, MEMBER) in found, "brought up to date: it asks no more"
    assert (MessageKind.ABSENCE_NOTICE, OWNER) not in found, "who has left is told nothing"


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i3_who_stands_in_and_leaves_is_passed(live: World, standing: Standing) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.leaves(MEMBER, standing)
    live.tick()

    climbs = live.climbs(REVIEW, 1)
    assert [each.facts["passed"] for each in climbs] == ["away", None]
    with pytest.raises(Invalid, match="delegate"):
        live.is_away(STEWARD, MEMBER)


def test_i3_nobody_is_said_to_stand_in_who_is_away_then_themselves(live: World) -> None:
    live.is_away(MEMBER, days=3, start=1)
    told(live)
    live.is_away(OWNER, MEMBER, start=2)
    back = "2026-06-05"
    nobody = f"<@{MEMBER}>, who is to stand in, is away too until <!date"
    said = notices(live)[OWNER]
    assert nobody in said
    assert "until then nobody stands in. Whatever is asked of" in said
    assert "goes at once to whoever is next" in said
    assert "either of the two" not in said
    listed = message(absences.list_absences(live.deps, person(OWNER))).blocks
    assert nobody in str(listed)
    assert f"{back} 00:00 UTC>: until then nobody stands in." in str(listed)

    live.comes_back(MEMBER, 1)
    live.is_away(MEMBER, BACKUP, days=3, start=1)
    told(live)
    listed = message(absences.list_absences(live.deps, person(OWNER))).blocks
    assert f"{back} 00:00 UTC>: until then <@{BACKUP}> stands in." in str(listed)
    live.forward(24 * 4)
    listed = message(absences.list_absences(live.deps, person(OWNER))).blocks
    assert f"; <@{MEMBER}> stands in." in str(listed)


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i3_whoever_named_somebody_is_told_once_that_they_have_left_and_that_they_are_back(
    live: World, standing: Standing
) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER, "U0OTHER")
    live.tick()
    live.forward(1)
    told(live)
    live.leaves(MEMBER, standing)
    said = notices(live)
    assert said.keys() == {OWNER, "U0OTHER"}
    assert f"{MEMBER}>, who was to stand in, has left: nobody does" in said[OWNER]
    assert "To name somebody else" in said[OWNER]
    assert "If they are a full member again in that time, they stand in again." in said[OWNER]
    assert f"{MEMBER}> has left: their absence is over" in said["U0OTHER"]
    assert "is back" not in str(said)
    listed = absences.list_absences(live.deps, person(OWNER))
    assert [each.stand_in_left for each in listed.absences] == [True]
    assert f"{MEMBER}> has left: nobody stands in." in str(message(listed))
    live.leaves(MEMBER, Standing.GUEST)
    assert notices(live) == {}, "they know"
    live.leaves(MEMBER, Standing.MEMBER)
    again = notices(live)
    assert again.keys() == {OWNER, MEMBER}
    assert f"{MEMBER}> is a full member again, and stands in again: whatever is" in again[OWNER]
    assert f"{MEMBER}> is a full member again, and stands in again: whatever is" in again[MEMBER]
    assert "To name somebody else" not in again[OWNER]
    assert findings(live) == []


def test_i4_nobody_stands_in_for_somebody_who_has_left(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.leaves(OWNER)
    live.tick()

    with pytest.raises(Refused, match="that takes"):
        live.answers_round(1, by=MEMBER)
    assert [each.facts["passed"] for each in live.climbs(REVIEW, 1)] == ["deactivated", None]
    assert findings(live) == []


def test_guests_announce_nothing_and_name_nobody(live: World) -> None:
    asked = absences.Announcement(
        MEMBER, live.clock.now().date(), live.clock.now().date(), "UTC", is_outsider=True
    )
    with pytest.raises(Invalid) as invalid:
        absences.announce_absence(live.deps, person(OWNER), asked)
    assert set(invalid.value.errors) == {"delegate"}
    with pytest.raises(Refused, match="Guests"):
        absences.announce_absence(live.deps, person(OWNER, standing=Standing.GUEST), asked)


def test_a_day_that_is_over_is_no_first_day(live: World) -> None:
    with pytest.raises(Invalid) as invalid:
        live.is_away(OWNER, MEMBER, start=-1)
    assert set(invalid.value.errors) == {"from"}


@pytest.mark.parametrize(
    ("first", "last", "zone", "wrong"),
    [
        (date(2026, 6, 1), date.max, "UTC", "until"),
        (date.max, date.max, "America/New_York", "until"),
        (date.min, date(2026, 6, 3), "Asia/Tokyo", "from"),
        (date(2026, 6, 1), date.min, "Asia/Tokyo", "until"),
    ],
)
def test_the_ends_of_the_calendar_are_no_days_to_be_away(
    live: World, first: date, last: date, zone: str, wrong: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        absences.announce_absence(
            live.deps, person(OWNER), absences.Announcement(MEMBER, first, last, zone)
        )
    assert set(invalid.value.errors) == {wrong}


def test_i3_an_absence_noticed_late_begins_all_the_same(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN})))
    world.is_away(OWNER, MEMBER, start=1, days=30)
    world.forward(24 * 5)

    climbs = world.climbs(REVIEW, 1)
    assert climbs[0].facts["absences"] == [1], "who was away by then was not asked"
    assert findings(world) == []


# Whoever built it does not answer for it, in nobody's place.


@pytest.mark.parametrize("who", [OWNER, BACKUP, STEWARD])
def test_i4_the_technical_owner_is_not_announced_to_stand_in(live: World, who: str) -> None:
    with pytest.raises(Invalid) as refused:
        live.is_away(who, BUILDER)
    assert "technical owner of triage" in refused.value.errors["delegate"]

    live.is_away(MEMBER, BUILDER)
    assert findings(live) == []


@pytest.mark.parametrize("who", [OWNER, BACKUP, STEWARD, ADMIN, MEMBER])
def test_i4_no_auditor_is_announced_to_stand_in(live: World, who: str) -> None:
    with pytest.raises(Invalid) as refused:
        live.is_away(who, AUDITOR)
    said = "nobody audits what they answer for: name another, or nobody."
    assert refused.value.errors["delegate"].endswith(said)


def test_i4_who_becomes_the_technical_owner_stands_in_no_more(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.forward(0)
    assert dues(live, MEMBER) == [("review", OWNER)]
    assert live.climbs(REVIEW, 1) == []
    live.hands_over(replace(ROLES, technical_owner=MEMBER), by=ADMIN)
    assert dues(live, MEMBER) == []
    live.forward(0)

    assert [entry.facts["rung"] for entry in live.climbs(REVIEW, 1)] == [0, 1]
    with pytest.raises(Refused):
        live.answers_round(1, by=MEMBER)
    live.answers_round(1, by=BACKUP)
    assert findings(live) == []


def test_i4_nor_does_anybody_who_would_hold_it_through_them(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER, ADMIN)
    assert dues(live, ADMIN) == [("review", OWNER)]
    live.hands_over(replace(ROLES, technical_owner=MEMBER), by=ADMIN)

    assert dues(live, ADMIN) == []


def test_i4_who_built_another_workflow_stands_in_for_this_one_alone(live: World) -> None:
    live.registers("replies")
    live.accepts("replies")
    live.is_away(OWNER, MEMBER)
    live.hands_over(replace(ROLES, technical_owner=MEMBER), by=ADMIN, key="replies")
    live.answers_round(1, by=MEMBER)

    assert {entry.role for entry in live.entries(Kind.VERDICT_RECORDED)} == {"delegate of owner"}


def test_an_absence_taken_back_is_told_as_such(live: World) -> None:
    live.is_away(OWNER, MEMBER, start=3)
    live.comes_back(OWNER)
    told = all_shown(live)
    for who in (OWNER, MEMBER):
        assert "not going to be away" in told[MessageKind.ABSENCE_NOTICE, who].text
