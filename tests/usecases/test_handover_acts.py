"""Who answers when people hand over: never nobody, and only by one's own word."""

import zipfile
from dataclasses import replace

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.handovers import HandoverState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import Role
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import delivery, gate, handovers, registry, sampling, showing
from tests.posted import everything_is_posted, sent_views, told

REVIEW = ObligationKind.REVIEW
TAKE_OVER = ObligationKind.TAKE_OVER
NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def test_a_successor_answers_from_their_own_acceptance_on(live: World) -> None:
    done = live.hands_over(SUCCESSION)
    assert done.is_proposal
    assert live.workflow().roles == ROLES, "until then the old owner is answerable"
    assert {
        (MessageKind.HANDOVER_REQUEST, NEXT),
        (MessageKind.HANDOVER_REQUEST, "C0WATCH"),
    } <= told(live)
    first = live.takes_over(NEXT)

    assert live.workflow().roles == SUCCESSION
    assert live.owed(TAKE_OVER, 1).state is ObligationState.ANSWERED
    assert live.owed(REVIEW, 1).owed_by == NEXT
    assert {(MessageKind.DUTY_REQUEST, NEXT), (MessageKind.ROLES_NOTICE, OWNER)} <= told(live)
    changed = live.entries(Kind.ROLES_CHANGED)[-1].seq
    notice = Message(MessageKind.ROLES_NOTICE, Place.CHANNEL, "C0WATCH", changed, KEY, changed)
    view = showing.view_of(live.deps, notice)
    assert isinstance(view, views.RolesNotice)
    assert (view.proposed_by, view.by) == (OWNER, NEXT)
    assert live.takes_over(NEXT).number == first.number, "twice is once"
    with pytest.raises(Refused, match="that takes"):
        live.answers_round(1, by=OWNER)
    live.answers_round(1, by=NEXT)
    assert findings(live) == []


@pytest.mark.parametrize("somebody", [OWNER, ADMIN, STEWARD, MEMBER])
def test_i4_nobody_accepts_for_the_successor(live: World, somebody: str) -> None:
    live.hands_over(SUCCESSION)
    with pytest.raises(Refused, match="that takes the successor"):
        live.takes_over(somebody)
    assert live.refusals() == ["may not take this workflow over"]
    assert live.workflow().roles == ROLES


def asked_by_role(world: World) -> list[tuple[object, object, str]]:
    """Give of what, on which rung and who was asked because they took a role."""
    with world.deps.store.read(world.deps.workspace) as reading:
        return [
            (each.facts["obligation"], each.facts["rung"], reading.log.words(each.seq, "asked"))
            for each in world.entries(Kind.OBLIGATION_ASKED)
        ]


def not_yours(world: World, user_id: str, owed: str) -> str:
    """Give who is asked now, as it reads whoever was asked on this step before."""
    climbed = world.entries(Kind.OBLIGATION_CLIMBED)[-1]
    number = world.owed(ObligationKind(climbed.facts["kind"]), 1).subject
    reminder = MessageKind.REMINDER
    message = Message(reminder, Place.PERSON, user_id, climbed.seq, KEY, number, owed)
    view = showing.view_of(world.deps, message)
    assert isinstance(view, views.NotYours)
    return view.asked


def test_i3_a_new_steward_is_asked_for_what_had_reached_the_old_one(live: World) -> None:
    live.is_away(OWNER)
    live.tick()
    live.answers_round(1, by=BACKUP)
    live.tick()
    everything_is_posted(live)
    live.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)

    second = "second-review/triage/1"
    assert asked_by_role(live) == [(second, 2, NEXT)]
    assert not_yours(live, STEWARD, second) == NEXT, "not the backup, who is barred from it"
    assert (MessageKind.REMINDER, NEXT) in told(live)
    live.looks_again(1, by=NEXT)
    assert findings(live) == []


def test_i3_a_new_backup_is_asked_for_what_had_reached_the_old_one(live: World) -> None:
    live.live_through(72 + 2)
    everything_is_posted(live)
    live.hands_over(replace(ROLES, owner=NEXT, backup=MEMBER))
    live.takes_over(NEXT)

    review = "review/triage/1"
    assert (review, 1, MEMBER) in asked_by_role(live)
    assert not_yours(live, BACKUP, review) == MEMBER
    everything_is_posted(live)
    live.live_through(4)
    assert (MessageKind.REMINDER, MEMBER) in told(live), "brought up to date: it has climbed on"
    assert findings(live) == []


def test_i3_who_takes_a_role_and_cannot_be_asked_is_passed_at_once(live: World) -> None:
    live.is_away(OWNER)
    live.is_away(BACKUP)
    live.is_away(NEXT)
    live.tick()
    live.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    live.tick()

    assert asked_by_role(live) == []
    assert live.climbs(REVIEW, 1)[-1].facts["rung"] == 3
    assert findings(live) == []


def test_i3_a_new_owner_who_is_away_hastens_nothing_that_the_backup_was_asked_for(
    live: World,
) -> None:
    live.live_through(72 + 2)
    before = live.owed(REVIEW, 1)
    assert before.rung == 1, "the backup was asked"
    live.is_away(NEXT)
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    live.tick()

    assert live.owed(REVIEW, 1) == replace(before, owed_by=NEXT)
    assert findings(live) == []


def test_nobody_is_asked_twice_because_they_hold_another_role_now(live: World) -> None:
    live.live_through(72 + 6)
    live.hands_over(replace(ROLES, backup=NEXT), by=ADMIN)
    live.hands_over(replace(ROLES, backup=MEMBER, steward=NEXT), by=ADMIN)

    reviews = [each[1:] for each in asked_by_role(live) if each[0] == "review/triage/1"]
    assert reviews == [(1, NEXT), (1, MEMBER)]
    assert findings(live) == []


def test_pipelines_are_told_of_the_new_owner_by_whoever_named_the_old_one(live: World) -> None:
    live.hands_over(SUCCESSION)
    before = gate.read_board(live.deps, -1)
    assert before
    assert [row.owner for row in before.gates] == [OWNER]
    live.takes_over(NEXT)

    after = gate.read_board(live.deps, before.number)
    assert after
    assert [row.owner for row in after.gates] == [NEXT]


@pytest.mark.parametrize("somebody", [OWNER, STEWARD, BACKUP, MEMBER])
def test_a_draft_is_handed_over_by_an_admin_alone(world: World, somebody: str) -> None:
    world.registers()
    with pytest.raises(Refused, match="a draft: its owner has to accept first, or an admin"):
        world.hands_over(SUCCESSION, by=somebody)


@pytest.mark.parametrize("somebody", [STEWARD, BACKUP])
def test_of_a_draft_whose_owner_left_only_the_admins_are_said_to_name_another(
    world: World, somebody: str
) -> None:
    world.registers()
    world.leaves(OWNER)
    with pytest.raises(Refused) as refused:
        handovers.open_handover(world.deps, person(somebody), "triage")
    told = "triage is a draft, and its owner has left: only an admin names another."
    assert refused.value.sentence == told
    assert refused.value.takes == {Role.ADMIN}


def test_i1_a_draft_whose_owner_left_is_accepted_by_whom_an_admin_names(world: World) -> None:
    world.registers()
    world.leaves(OWNER)
    world.live_through(72)
    assert world.owed(ObligationKind.ACCEPT, 0).state is ObligationState.OPEN
    form = handovers.open_handover(world.deps, person(ADMIN), "triage")
    assert form.roles == ROLES
    assert not world.hands_over(SUCCESSION, by=ADMIN).is_proposal, "nobody answers for it yet"

    assert world.owed(ObligationKind.ACCEPT, 0).owed_by == NEXT
    assert (MessageKind.DUTY_REQUEST, NEXT) in told(world)
    with pytest.raises(Refused, match="that takes the owner"):
        world.accepts(by=OWNER)
    world.accepts(by=NEXT)
    assert world.workflow().roles == SUCCESSION
    assert world.owed(ObligationKind.ACCEPT, 0).state is ObligationState.ANSWERED
    assert findings(world) == []


def test_what_is_retired_is_taken_over_by_nobody(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE, by=STEWARD)

    assert live.owed(TAKE_OVER, 1).state is ObligationState.SUPERSEDED
    with live.deps.store.read(live.deps.workspace) as reading:
        proposed = reading.handovers.last("triage")
    assert proposed
    assert proposed.state is HandoverState.SUPERSEDED
    with pytest.raises(Refused, match="decided on breach 1 since: retire"):
        live.takes_over(NEXT)
    assert live.workflow().roles == ROLES
    assert live.entries(Kind.HANDOVER_ACCEPTED) == []


def test_outsiders_are_named_for_nothing(world: World) -> None:
    world.registers()
    world.accepts()
    asked = handovers.Change(KEY, SUCCESSION, "why", world.last_naming(), frozenset({NEXT}))
    with pytest.raises(Invalid) as invalid:
        handovers.change_people(world.deps, person(OWNER), asked)
    assert set(invalid.value.errors) == {"owner"}


def test_the_reports_page_names_who_answers_now(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    assert findings(live) == []
    with zipfile.ZipFile(live.path.with_suffix(".zip")) as bundle:
        page = bundle.read("report.html").decode()
    assert f'<td data-is="owner">{NEXT}</td>' in page
    (row,) = [line for line in page.splitlines() if 'data-is="owner"' in line]
    assert OWNER not in row, "accepted by whoever answers now"


def test_nobody_is_told_to_pause_what_waits_for_a_successors_word(live: World) -> None:
    live.answers_round(1)
    live.hands_over(SUCCESSION)
    live.live_through(48 + 2)

    told = sent_views(live)[MessageKind.REMINDER, BACKUP]
    assert isinstance(told, views.Reminder)
    assert (told.kind, told.other_way) == (TAKE_OVER, OtherWay.NONE)
    assert "see that they do." in message(told).text


def answered(world: World) -> list[str]:
    """Give what people were told where they look, the newest last."""
    said = []
    while posting := delivery.claim_message(world.deps):
        if posting.message.place is Place.ANSWER:
            said.append(posting.message.sentence)
        delivery.record_shown(world.deps, posting, None, "")
    return said


def test_i4_taking_over_again_after_somebody_else_did_says_who_answers_now(live: World) -> None:
    live.hands_over(SUCCESSION)
    first = handovers.take_over(live.deps, person(NEXT, url="https://a/1"), KEY, 1)
    assert answered(live) == [f"You answer for {KEY} now."]
    live.hands_over(replace(SUCCESSION, owner=MEMBER), by=NEXT)
    live.takes_over(MEMBER, 2)

    again = handovers.take_over(live.deps, person(NEXT, url="https://a/2"), KEY, 1)
    assert again.receipt == first.receipt

    [said] = answered(live)
    assert said == again.sentence
    assert said == (
        f"You took {KEY} over then. Somebody else answers for it now: `/answerable show {KEY}` "
        "says who."
    )


def test_i4_accepting_what_a_former_owner_accepted_says_that_it_was_them(live: World) -> None:
    live.hands_over(SUCCESSION)
    live.takes_over(NEXT)
    answered(live)

    accepted = registry.accept_ownership(live.deps, person(NEXT, url="https://a/1"), KEY)

    [said] = answered(live)
    assert said == accepted.sentence
    assert said == (
        f"Somebody else accepted the duties of {KEY}, as its owner then. You took it over since, "
        "and answer for it now."
    )


def test_accepting_again_says_that_the_first_round_is_open_only_while_it_is(world: World) -> None:
    world.registers()
    registry.accept_ownership(world.deps, person(OWNER, url="https://a/1"), KEY)
    [said] = answered(world)
    assert said.startswith(f"You answer for {KEY} now. Its first round is open. Outputs come from")
    world.reports(6)
    sampling.sample_now(world.deps, person(OWNER), KEY)

    registry.accept_ownership(world.deps, person(OWNER, url="https://a/2"), KEY)
    assert answered(world) == [f"You answer for {KEY} now."]
