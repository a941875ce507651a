"""Who can answer again: asked for what went to others, or past them, in between (I3)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CRITICAL,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    a_world,
    findings,
    sent,
)

from bot.domain.messages import Message, MessageKind, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle, Standing
from bot.rendering.render import message
from bot.usecases import absences, delivery, showing
from tests.engines import on_sqlite
from tests.posted import buttons

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

REVIEW, ATTEST = ObligationKind.REVIEW, ObligationKind.ATTEST
ASKING = {MessageKind.DUTY_REQUEST, MessageKind.REQUEST, MessageKind.REMINDER}
OTHER = "U0OTHER"


@pytest.fixture
def live(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def asked(world: World, user_id: str) -> list[Message]:
    """Take everything out of the outbox; give what asks somebody for anything."""
    return [each for each in sent(world) if each.to == user_id and each.kind in ASKING]


def said(world: World, told: Message) -> str:
    return message(showing.view_of(world.deps, told)).text


@pytest.mark.parametrize("early", [True, False])
def test_i3_who_is_back_is_asked_for_what_climbed_meanwhile(live: World, *, early: bool) -> None:
    live.is_away(OWNER, MEMBER, days=5)
    live.tick()
    live.forward(to=live.owed(REVIEW, 1).climbs_at)
    assert live.owed(REVIEW, 1).rung == 0
    assert asked(live, OWNER) == []
    if early:
        live.comes_back(OWNER)
    else:
        live.forward(2 * 24)

    [told] = [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST]
    assert told.obligation == "review/triage/1"
    assert "While you could not be asked, others were asked in your place" in said(live, told)
    assert "You stand in" not in said(live, told)
    before = live.owed(REVIEW, 1)
    live.forward(to=before.climbs_at)
    assert told.case in {each.case for each in asked(live, OWNER)}, "it says who is asked next"
    assert findings(live) == []


def test_i3_who_nobody_stood_in_for_is_asked_for_what_went_past_them(live: World) -> None:
    live.is_away(BACKUP)
    live.live_through(72 + 2)
    assert live.owed(REVIEW, 1).rung == 2
    sent(live)
    live.comes_back(BACKUP)

    told = [each.obligation for each in asked(live, BACKUP)]
    assert sorted(told) == ["review/triage/1", "second-review/triage/1"]
    assert findings(live) == []


def test_who_is_back_is_asked_once_for_each_thing_of_theirs(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.answers_round(1, CRITICAL, by=MEMBER)
    sent(live)
    live.comes_back(OWNER)

    told = asked(live, OWNER)
    assert [each.obligation for each in told] == ["acknowledge/triage/1"]
    live.acknowledges(1)
    assert "While you could not" not in said(live, told[0])
    assert findings(live) == []


def test_i3_absences_that_run_into_each_other_are_one(live: World) -> None:
    """What climbed in the first is asked at the end of the second: between them nobody is back."""
    live.is_away(BACKUP, days=4)
    live.is_away(BACKUP, start=4, days=2)
    live.live_through(72 + 2)
    assert live.owed(REVIEW, 1).rung == 2
    live.forward(24)
    live.tick()
    assert live.owed(REVIEW, 1).is_open
    sent(live)
    live.comes_back(BACKUP, 2)

    assert "review/triage/1" in [each.obligation for each in asked(live, BACKUP)]
    assert findings(live) == []


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i3_who_is_a_full_member_again_is_asked_for_what_went_past_them(
    live: World, standing: Standing
) -> None:
    live.leaves(BACKUP, standing)
    live.live_through(72 + 2)
    assert live.owed(REVIEW, 1).rung == 2
    sent(live)
    live.leaves(BACKUP, Standing.MEMBER)

    told = [each for each in asked(live, BACKUP) if each.obligation == "review/triage/1"]
    assert len(told) == 1
    assert "While you could not be asked, others were asked" in said(live, told[0])
    live.leaves(BACKUP, Standing.MEMBER)
    assert asked(live, BACKUP) == []
    assert findings(live) == []


def test_i3_a_member_again_is_not_asked_for_what_went_past_another(live: World) -> None:
    live.is_away(BACKUP)
    live.live_through(72 + 2)
    assert live.owed(REVIEW, 1).rung == 2, "it went past the backup, who was away"
    live.leaves(STEWARD)
    sent(live)
    live.leaves(STEWARD, Standing.MEMBER)
    assert MessageKind.DUTY_REQUEST not in {each.kind for each in asked(live, STEWARD)}
    assert findings(live) == []


def test_a_request_is_not_said_to_be_lent_to_who_is_back(live: World) -> None:
    live.is_away(BACKUP, MEMBER)
    live.tick()
    live.pauses()
    live.asks_to_resume()
    sent(live)
    live.comes_back(BACKUP)

    [told] = [each for each in asked(live, BACKUP) if each.kind is MessageKind.REQUEST]
    assert "You stand in" not in said(live, told)
    live.confirms(1)
    assert findings(live) == []


def test_nobody_is_asked_anew_who_was_never_away_or_is_not_back(live: World) -> None:
    live.is_away(OWNER, MEMBER, start=2)
    live.comes_back(OWNER)
    assert asked(live, OWNER) == []
    live.is_away(OWNER, MEMBER)
    live.tick()
    sent(live)
    live.leaves(OWNER)
    assert asked(live, OWNER) == []
    assert findings(live) == []


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("others", [set(), {OTHER}])
def test_i3_an_admin_who_is_back_is_asked_for_what_went_past_them(
    tmp_path: Path, others: set[str], *, early: bool
) -> None:
    live = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, *others})))
    live.is_away(ADMIN, days=5)
    live.live_through(72 + 2 + 4 + 8)
    before = live.owed(REVIEW, 1)
    assert before.rung == 3
    sent(live)
    if early:
        live.comes_back(ADMIN)
    else:
        live.clock.move(live.clock.now().replace(hour=0) + timedelta(days=2))
        absences.turn_absence(live.deps, "1")  # and nothing else of what falls due then

    told = [each for each in asked(live, ADMIN) if each.obligation == "review/triage/1"]
    assert [each.kind for each in told] == [MessageKind.DUTY_REQUEST]
    assert "While you could not be asked, others were asked in your place" in said(live, told[0])
    assert live.owed(REVIEW, 1).climbs_at == before.climbs_at, "it climbs no sooner"
    live.answers_round(1, by=ADMIN)
    assert findings(live) == []


@pytest.mark.parametrize("others", [set(), {OTHER}])
def test_i3_an_admin_who_is_a_full_member_again_is_asked_for_what_went_past_them(
    tmp_path: Path, others: set[str]
) -> None:
    live = a_live_world(tmp_path, circle=Circle(frozenset({ADMIN, *others})))
    live.leaves(ADMIN)
    live.live_through(72 + 2 + 4 + 8)
    assert live.owed(REVIEW, 1).rung == 3
    sent(live)
    live.leaves(ADMIN, Standing.MEMBER)

    told = [each.obligation for each in asked(live, ADMIN)]
    assert told.count("review/triage/1") == 1
    assert findings(live) == []


def test_an_admin_who_is_back_is_not_asked_for_what_only_others_may_answer(live: World) -> None:
    live.forward(to=live.workflow().attest_at)
    live.is_away(ADMIN)
    live.live_through(72 + 2 + 4 + 8)
    assert live.owed(ATTEST, 1).rung == 3
    sent(live)
    live.comes_back(ADMIN)
    told = [each.obligation for each in asked(live, ADMIN)]
    assert "review/triage/1" in told
    assert "attest/triage/1" not in told
    live.leaves(ADMIN)
    sent(live)
    live.leaves(ADMIN, Standing.MEMBER)
    assert "attest/triage/1" not in [each.obligation for each in asked(live, ADMIN)]
    assert findings(live) == []


def test_an_admin_who_was_asked_before_they_left_is_not_asked_anew(live: World) -> None:
    live.live_through(72 + 2 + 4 + 8)
    assert live.owed(REVIEW, 1).rung == 3
    sent(live)
    live.leaves(ADMIN)
    live.leaves(ADMIN, Standing.MEMBER)
    assert [each for each in asked(live, ADMIN) if each.kind is MessageKind.DUTY_REQUEST] == []
    assert findings(live) == []


def with_button(world: World, requests: list[Message]) -> list[int]:
    """Give which of these offers its answer still, by entry."""
    return [each.entry for each in requests if buttons(message(showing.view_of(world.deps, each)))]


def test_of_several_requests_for_the_same_to_one_person_only_the_last_stands(live: World) -> None:
    requests: list[Message] = []
    for number in (1, 2, 3):
        live.is_away(OWNER, MEMBER)
        live.tick()
        live.comes_back(OWNER, number)
        [told] = [
            each
            for each in asked(live, OWNER)
            if each.kind is MessageKind.DUTY_REQUEST and each not in requests
        ]
        requests.append(told)
        assert with_button(live, requests) == [told.entry]
    assert len(requests) == 3
    assert "You have been asked again since, in a newer message: answer there." in said(
        live, requests[0]
    )
    live.answers_round(1)
    assert with_button(live, requests) == []
    assert "asked again since" not in said(live, requests[0]), "it is over"
    assert findings(live) == []


def test_what_asks_whoever_stands_in_again_takes_the_place_of_what_asked_before(
    live: World,
) -> None:
    requests: list[Message] = []
    for number in (1, 2):
        live.is_away(OWNER, MEMBER)
        live.tick()
        found = asked(live, MEMBER)
        [told] = [each for each in found if each not in requests]
        assert set(found) - {told} == set(requests), "they are brought up to date"
        requests.append(told)
        assert with_button(live, requests) == [told.entry]
        if number == 1:
            live.comes_back(OWNER, number)
            sent(live)
    assert findings(live) == []


def test_a_request_keeps_its_button_until_the_newer_one_stands(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.comes_back(OWNER, 1)
    [first] = [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST]
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.comes_back(OWNER, 2)
    assert with_button(live, [first]) == [first.entry], "the newer one is on its way"
    while posting := delivery.claim_message(live.deps):
        if (posting.message.kind, posting.message.to) == (MessageKind.DUTY_REQUEST, OWNER):
            delivery.record_undeliverable(live.deps, posting, "user_disabled")
        else:
            delivery.record_shown(live.deps, posting, Shown("C1", f"9.{posting.id}"), "ab")
    assert with_button(live, [first]) == [first.entry], "the newer one never came"


def test_a_request_that_waits_still_is_taken_back_by_the_next(live: World) -> None:
    for number in (1, 2, 3):
        live.is_away(OWNER, MEMBER)
        live.tick()
        live.comes_back(OWNER, number)
    told = [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST]
    assert len(told) == 1
    assert with_button(live, told) == [told[0].entry]


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i3_who_stands_in_and_is_active_again_is_asked_again(
    live: World, standing: Standing
) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    [first] = asked(live, MEMBER)
    live.leaves(MEMBER, standing)
    live.tick()
    sent(live)
    live.leaves(MEMBER, Standing.MEMBER)

    [told] = [each for each in asked(live, MEMBER) if each.case != first.case]
    assert told.obligation == "review/triage/1"
    assert f"You stand in for <@{OWNER}>" in said(live, told)
    live.answers_round(1, by=MEMBER)
    assert findings(live) == []


def test_i3_who_is_back_and_stands_in_is_asked_for_that_again(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    [first] = asked(live, MEMBER)
    live.is_away(MEMBER, OTHER, days=3)
    live.tick()
    sent(live)
    live.comes_back(MEMBER, 2)

    [told] = [each for each in asked(live, MEMBER) if each.case != first.case]
    assert f"You stand in for <@{OWNER}>" in said(live, told)
    assert findings(live) == []


def test_who_is_active_again_and_holds_it_already_is_asked_nothing_more(live: World) -> None:
    live.live_through(72 + 2 + 4)
    live.is_away(OWNER, STEWARD)
    live.tick()
    live.leaves(STEWARD)
    sent(live)
    live.leaves(STEWARD, Standing.MEMBER)
    assert [each for each in asked(live, STEWARD) if each.kind is MessageKind.DUTY_REQUEST] == []


def test_i3_who_took_over_after_a_step_and_is_a_member_again_has_one_request_to_answer(
    tmp_path: Path,
) -> None:
    """The step went past whoever owed it before: what asks them since is the newest there is."""
    world = a_world(tmp_path)
    world.registers(by=ADMIN)
    world.leaves(OWNER)
    world.tick()
    world.hands_over(replace(ROLES, owner=MEMBER), by=ADMIN)
    requests = asked(world, MEMBER)
    world.leaves(MEMBER, Standing.GUEST)
    world.tick()
    requests += asked(world, MEMBER)
    world.leaves(MEMBER, Standing.MEMBER)
    requests += asked(world, MEMBER)

    posted = list({each.case: each for each in requests}.values())
    assert with_button(world, posted) == [posted[-1].entry]
    assert findings(world) == []


def test_i3_an_owner_asked_before_they_went_is_asked_for_what_climbed_past_them_since(
    live: World,
) -> None:
    live.forward(to=live.owed(REVIEW, 1).climbs_at)
    live.is_away(OWNER)
    live.tick()
    live.live_through(1 + 4)
    assert live.owed(REVIEW, 1).rung == 2
    sent(live)
    live.comes_back(OWNER)

    [told] = [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST]
    assert told.obligation == "review/triage/1"
    assert "While you could not be asked" in said(live, told)
    assert with_button(live, [told]) == [told.entry]
    assert findings(live) == []


def test_i3_an_owner_asked_before_they_left_is_asked_for_what_climbed_past_them_since(
    live: World,
) -> None:
    live.forward(to=live.owed(REVIEW, 1).climbs_at)
    live.leaves(OWNER, Standing.GUEST)
    live.live_through(1 + 4)
    assert live.owed(REVIEW, 1).rung == 2
    sent(live)
    live.leaves(OWNER, Standing.MEMBER)

    told = [each for each in asked(live, OWNER) if each.obligation == "review/triage/1"]
    assert [each.kind for each in told if each.kind is not MessageKind.REMINDER] == [
        MessageKind.DUTY_REQUEST
    ]
    assert findings(live) == []


def test_who_was_asked_before_they_went_and_past_whom_nothing_climbed_is_not_asked_anew(
    live: World,
) -> None:
    live.live_through(72 + 2)
    assert live.owed(REVIEW, 1).rung == 1
    live.is_away(OWNER, days=1)
    live.tick()
    sent(live)
    live.comes_back(OWNER)
    assert [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST] == []


def test_the_first_request_keeps_what_only_it_offers_beside_the_newest(live: World) -> None:
    [first] = [each for each in sent(live) if each.kind is MessageKind.REVIEW_REQUEST]
    live.is_away(OWNER, MEMBER)
    live.tick()
    live.comes_back(OWNER)
    [newest] = [each for each in asked(live, OWNER) if each.kind is MessageKind.DUTY_REQUEST]

    for each in (first, newest):
        [offered] = buttons(message(showing.view_of(live.deps, each)))
        assert "Review" in offered
        assert ("Hand to reviewers" in offered) is (each is first)
    live.answers_round(1)
    assert with_button(live, [first, newest]) == []
