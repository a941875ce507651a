"""Who stands in: asked also for what has climbed past, and named to whoever is refused (I3, I4)."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    AUDITOR,
    BACKUP,
    CRITICAL,
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

from bot.domain.breaches import Decision
from bot.domain.messages import MessageKind, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import Role
from bot.domain.refusals import Refused
from bot.domain.verdicts import Severity
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import delivery, questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

REVIEW = ObligationKind.REVIEW
OTHER = "U0OTHER"


@pytest.fixture
def live(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def asked(world: World) -> list[tuple[MessageKind, str]]:
    """Take everything out of the outbox; give who is asked for the first round's review."""
    found = []
    while posting := delivery.claim_message(world.deps):
        told = posting.message
        showing.view_of(world.deps, told)
        delivery.record_shown(world.deps, posting, None, "")
        is_asking = told.kind in {MessageKind.DUTY_REQUEST, MessageKind.REMINDER}
        if is_asking and told.obligation == "review/triage/1":
            found.append((told.kind, told.to))
    return found


def waits_for(world: World, user_id: str) -> list[tuple[str, str]]:
    listed = questions.list_dues(world.deps, person(user_id)).dues
    return [(row.kind, row.in_place_of) for row in listed if row.kind is REVIEW]


def test_what_asks_who_stands_in_says_with_each_step_who_is_asked_next(live: World) -> None:
    live.is_away(OWNER, MEMBER, days=9)
    live.tick()
    sent(live)
    for step in range(3):
        before = live.owed(REVIEW, 1)
        live.forward(to=before.climbs_at)
        assert live.owed(REVIEW, 1).rung == step
        updated = [each for each in sent(live) if each.kind is MessageKind.DUTY_REQUEST]
        assert [(each.to, each.obligation) for each in updated] == [(MEMBER, "review/triage/1")]


def test_i3_who_stands_in_next_is_asked_once_though_it_has_climbed_on(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.leaves(MEMBER)
    live.tick()
    live.comes_back(OWNER)
    live.tick()
    before = live.owed(REVIEW, 1)
    assert before.rung == 1, "the backup was asked as nobody stood in any more"
    asked(live)

    live.is_away(OWNER, OTHER)
    live.tick()

    assert waits_for(live, OTHER) == [(REVIEW, OWNER)]
    assert asked(live) == [(MessageKind.DUTY_REQUEST, OTHER)]
    assert live.owed(REVIEW, 1) == before, "nothing is hastened"
    live.is_away(BACKUP, start=1, days=2)
    live.forward(16)
    assert (MessageKind.DUTY_REQUEST, OTHER) not in asked(live)
    live.answers_round(1, by=OTHER)
    assert findings(live) == []


def test_i3_nobody_whom_it_has_reached_is_asked_again_as_they_stand_in(live: World) -> None:
    live.live_through(72 + 2)
    asked(live)
    climbed = live.owed(REVIEW, 1)
    live.is_away(OWNER, BACKUP)
    live.tick()

    assert asked(live) == []
    assert live.owed(REVIEW, 1) == climbed


@pytest.mark.parametrize("rung", [1, 2])
@pytest.mark.parametrize("order", [(OWNER, BACKUP), (BACKUP, OWNER)])
def test_i3_who_stands_in_for_two_is_asked_once_for_what_has_reached_both(
    live: World, rung: int, order: tuple[str, ...]
) -> None:
    live.live_through(72 + 2 + 4 * (rung - 1))
    asked(live)
    delegates = {OWNER: BACKUP, BACKUP: MEMBER}
    for each in order:
        live.is_away(each, delegates[each], days=20 if each == OWNER else 14)
    live.tick()  # both are noticed only now, one after the other
    assert [each for each in asked(live) if each[1] == MEMBER] == [
        (MessageKind.DUTY_REQUEST, MEMBER)
    ]


@pytest.mark.parametrize("order", [(OWNER, BACKUP), (BACKUP, OWNER)])
def test_i3_whoever_is_away_first_their_one_stand_in_is_asked_once(
    live: World, order: tuple[str, ...]
) -> None:
    live.live_through(72 + 2)
    asked(live)
    for each in order:
        live.is_away(each, MEMBER)
        live.tick()

    assert asked(live).count((MessageKind.DUTY_REQUEST, MEMBER)) == 1
    assert findings(live) == []


def test_i3_who_stood_in_before_is_asked_again_for_a_new_absence(live: World) -> None:
    live.live_through(72 + 2)
    for number in (1, 2):
        asked(live)
        live.is_away(OWNER, MEMBER)
        live.tick()
        assert asked(live) == [(MessageKind.DUTY_REQUEST, MEMBER)]
        live.comes_back(OWNER, number)
        live.tick()
    assert findings(live) == []


def test_i3_who_stands_in_once_more_after_another_did_is_asked_again(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    for number, delegate in ((2, OTHER), (3, "U0THIRD"), (4, OTHER)):
        asked(live)
        live.is_away(MEMBER, delegate, days=3)
        live.tick()
        assert (MessageKind.DUTY_REQUEST, delegate) in asked(live)
        live.comes_back(MEMBER, number)
        live.tick()
    assert findings(live) == []


def words_to(world: World, user_id: str, kind: ObligationKind) -> str:
    """Take everything out of the outbox; give the last reminder of a kind to somebody."""
    said = ""
    while posting := delivery.claim_message(world.deps):
        view = showing.view_of(world.deps, posting.message)
        is_theirs = posting.message.to == user_id
        if is_theirs and isinstance(view, views.Reminder) and view.kind is kind:
            said = message(view).text
        stands = posting.shown or Shown(posting.message.to, str(posting.id))
        delivery.record_shown(world.deps, posting, stands, "")
    return said


def test_i4_of_ones_own_word_it_is_said_that_who_stands_in_does_so_for_all_else(
    live: World,
) -> None:
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.is_away("U0NEXT", MEMBER)
    live.tick()
    told = words_to(live, BACKUP, ObligationKind.TAKE_OVER)
    assert "<@U0NEXT> is away until <!date" in told
    assert f": <@{MEMBER}> stands in for them, but this takes their own word." in told
    assert "nobody stands in" not in told
    assert "the steward is told of it <!date" in told

    live.leaves(MEMBER)
    assert ", and nobody stands in." in words_to(live, BACKUP, ObligationKind.TAKE_OVER)


def who_may(world: World, refused: pytest.ExceptionInfo[Refused]) -> dict[str, dict[str, str]]:
    """Give, by role, who is away of those whom a refusal names, with who stands in."""
    held = questions.who_may(world.deps, refused.value)
    return {each.role: dict(each.away) for each in held}


def test_i4_a_refusal_says_who_stands_in_for_what_they_may_answer(live: World) -> None:
    live.raises()
    live.is_away(OWNER, MEMBER)
    live.is_away(BACKUP, OTHER)
    live.tick()
    with pytest.raises(Refused) as refused:
        live.acknowledges(1, by=STEWARD)
    assert who_may(live, refused) == {
        Role.OWNER: {OWNER: MEMBER},
        Role.BACKUP: {BACKUP: ""},
    }, "it has not reached the backup: nobody answers in their place"

    live.forward(4)
    with pytest.raises(Refused) as refused:
        live.acknowledges(1, by=STEWARD)
    assert who_may(live, refused)[Role.BACKUP] == {BACKUP: OTHER}
    with pytest.raises(Refused) as refused:
        live.answers_page(1, by=STEWARD)
    assert who_may(live, refused) == {Role.OWNER: {OWNER: MEMBER}}
    with pytest.raises(Refused) as refused:
        live.pauses(by=AUDITOR)
    assert who_may(live, refused)[Role.OWNER] == {OWNER: ""}, "to stand in does not lend that"


def test_a_refusal_says_until_when_somebody_is_away_with_nobody_in_their_place(
    live: World,
) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER)  # who is not named: they answer for nobody now
    with pytest.raises(Refused) as refused:
        live.answers_page(1, by=STEWARD)
    held = questions.who_may(live.deps, refused.value)
    until = "(away until <!date^1781481600^"
    assert f"*Owner* <@{OWNER}> {until}" in message(views.Notice("No.", held=held)).text
    live.tick()
    with pytest.raises(Refused) as refused:
        live.answers_page(1, by=STEWARD)
    held = questions.who_may(live.deps, refused.value)
    told = message(views.Notice("No.", held=held)).text
    assert f"*Owner* <@{OWNER}> {until}" in told
    assert MEMBER not in told
    assert f"*Backup* <@{BACKUP}>" in told


def test_i4_the_owner_is_told_who_decides_instead_of_them_and_that_they_are_away(
    live: World,
) -> None:
    live.raises(severity=Severity.CRITICAL)
    live.is_away(STEWARD, OWNER)
    live.acknowledges(1)
    with pytest.raises(Refused, match="somebody else's to decide") as refused:
        live.decides(1, Decision.CONTINUE)
    assert who_may(live, refused) == {Role.STEWARD: {STEWARD: ""}}, "the owner stands in not here"


def test_i4_a_refusal_names_nobody_to_stand_in_who_is_barred(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.looks_again(1, by=MEMBER)
    with pytest.raises(Refused) as refused:
        live.answers_page(1, by=STEWARD)
    assert who_may(live, refused) == {Role.OWNER: {OWNER: ""}}


def confirmers(world: World) -> list[tuple[str, str]]:
    """Give whom the request names who may confirm it, each with who may in their place."""
    kind = ObligationKind.CONFIRM
    asking = questions.show_request(world.deps, person(BACKUP), kind, "triage", 1)
    assert isinstance(asking, views.ResumeRequest)
    return [(each.person, each.stand_in) for each in asking.confirmers]


def test_i4_whoever_asked_is_told_who_confirms_in_the_place_of_who_is_away(live: World) -> None:
    live.pauses()
    live.is_away(BACKUP, MEMBER)
    live.asks_to_resume()
    with pytest.raises(Refused) as refused:
        live.confirms(1, by=OWNER)
    assert who_may(live, refused)[Role.BACKUP] == {BACKUP: MEMBER}
    live.is_away(STEWARD, OTHER)
    with pytest.raises(Refused, match="that takes") as refused:
        live.confirms(1, by=OTHER)
    assert who_may(live, refused)[Role.STEWARD] == {STEWARD: ""}, "it has not reached the steward"
    assert confirmers(live) == [(BACKUP, MEMBER), (STEWARD, "")]
    with pytest.raises(Refused) as refused:
        live.asks_to_resume(by=AUDITOR)
    assert who_may(live, refused)[Role.BACKUP] == {BACKUP: ""}, "nobody asks in another's place"


def test_i3_who_stands_in_is_asked_still_once_it_climbs_to_a_role_of_their_own(live: World) -> None:
    """As the backup they could only see to it; in the steward's place they decide."""
    live.answers_round(1, CRITICAL)
    live.is_away(STEWARD, BACKUP)
    live.tick()
    live.acknowledges(1)
    owed = live.owed(ObligationKind.DECIDE, 1)
    live.forward(to=owed.climbs_at)
    live.forward(to=live.owed(ObligationKind.DECIDE, 1).climbs_at)
    assert live.owed(ObligationKind.DECIDE, 1).rung >= 1

    [due] = [
        each
        for each in questions.list_dues(live.deps, person(BACKUP)).dues
        if each.kind is ObligationKind.DECIDE
    ]
    assert (due.in_place_of, due.may_answer) == (STEWARD, True)
    live.decides(1, Decision.CONTINUE, by=BACKUP)
    assert findings(live) == []
