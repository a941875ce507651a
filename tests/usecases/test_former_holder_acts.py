"""What stands with whoever held a role says for good what is asked of them still: I4 actor."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
    sent,
)

from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Roles
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import attesting, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT = "U0NEXT"
NOTHING = "nothing is asked of you."
SPENT = f"This was the card of breach 1 of {KEY}. What it asked was answered since: {NOTHING}"


@pytest.fixture
def critical(live: World) -> World:
    """A live workflow with one open critical breach, whose card stands with the owner."""
    live.answers_round(1, CRITICAL)
    sent(live)
    return live


def is_handed_over(world: World, roles: Roles) -> None:
    world.hands_over(roles)
    world.takes_over(roles.owner)


def cards_of(world: World, user_id: str) -> list[Message]:
    """Send all that waits; give the cards of the breach among it that went to this person."""
    kind = MessageKind.BREACH_CARD
    return [each for each in sent(world) if (each.kind, each.to) == (kind, user_id)]


def words(world: World, card: Message) -> str:
    """Give what a card says now; there is no button below it."""
    shown = message(showing.view_of(world.deps, card))
    assert not [each for each in shown.blocks if each["type"] == "actions"]
    return shown.text


def test_i4_nothing_more_is_asked_of_a_former_owner_whatever_happens_to_the_breach(
    critical: World,
) -> None:
    is_handed_over(critical, replace(ROLES, owner=NEXT))
    [card] = cards_of(critical, OWNER)
    assert words(critical, card) == f"Breach 1 of {KEY} is with <@{NEXT}> now: {NOTHING}"

    critical.acknowledges(1, by=NEXT)
    [*_, card] = cards_of(critical, OWNER)
    assert words(critical, card) == SPENT
    critical.live_through(90)
    assert cards_of(critical, OWNER) == [], "it says nothing that could become untrue"
    critical.decides(1, Decision.RETRAIN, by=STEWARD)
    critical.carries_out(1, by=NEXT)
    for each in (card, *cards_of(critical, OWNER)):
        assert words(critical, each) == SPENT
    assert findings(critical) == []


def test_a_former_owner_who_acknowledged_a_breach_was_not_asked_to_decide_it(
    critical: World,
) -> None:
    critical.acknowledges(1)
    is_handed_over(critical, replace(ROLES, owner=NEXT))
    [*_, card] = cards_of(critical, OWNER)
    assert words(critical, card) == f"Breach 1 of {KEY} is with <@{STEWARD}> now: {NOTHING}"


def test_a_former_steward_who_was_told_of_a_critical_breach_was_not_asked_for_it(
    critical: World,
) -> None:
    while critical.owed(ObligationKind.ACKNOWLEDGE, 1).rung < 2:
        critical.forward(0.25)
    told = [each for each in sent(critical) if each.to == STEWARD]
    critical.hands_over(replace(ROLES, steward=MEMBER), by=ADMIN)
    shown = {each.kind: words(critical, each) for each in told}
    assert shown[MessageKind.BREACH_CARD].startswith(f"Breach 1 of {KEY} is with ")
    assert shown[MessageKind.REMINDER].startswith(
        f"This was a reminder to acknowledge breach 1 of {KEY}. It is with "
    )
    assert all(each.endswith(f" now: {NOTHING}") for each in shown.values())


def test_i4_nobody_is_named_who_is_only_told_of_a_breach_and_may_not_take_it_on(
    critical: World,
) -> None:
    while critical.owed(ObligationKind.ACKNOWLEDGE, 1).rung < 2:
        critical.forward(0.25)
    is_handed_over(critical, replace(ROLES, owner=NEXT))
    [*_, card] = cards_of(critical, OWNER)
    said = words(critical, card)
    assert f"<@{STEWARD}>" not in said
    assert said == f"Breach 1 of {KEY} is with others now: {NOTHING}"
    assert findings(critical) == []


def test_i4_who_keeps_another_role_has_a_card_that_is_kept_up_to_date(critical: World) -> None:
    is_handed_over(critical, replace(ROLES, owner=NEXT, backup=OWNER))
    critical.acknowledges(1, by=NEXT)
    critical.decides(1, Decision.RETRAIN, by=STEWARD)
    [*_, card] = cards_of(critical, OWNER)
    assert card.obligation.startswith("carry"), "it asks for what is owed next"
    view = showing.view_of(critical.deps, card)
    assert isinstance(view, views.BreachCard)

    critical.hands_over(replace(ROLES, owner=NEXT, backup=MEMBER), by=NEXT)
    [*_, card] = cards_of(critical, OWNER)
    assert words(critical, card) == f"Breach 1 of {KEY} is with <@{NEXT}> now: {NOTHING}"
    critical.carries_out(1, by=NEXT)
    [*_, card] = cards_of(critical, OWNER)
    assert words(critical, card) == SPENT
    assert cards_of(critical, BACKUP) == [], "nobody is shown a card who had none"


def test_whoever_becomes_steward_is_shown_what_the_one_before_was_of_a_critical_breach(
    critical: World,
) -> None:
    critical.raises()
    critical.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    [card] = cards_of(critical, NEXT)
    assert card.subject == 1, "of what is not critical no steward is told"
    shown = message(showing.view_of(critical.deps, card)).text
    assert "This breach is *critical*." in shown
    assert f"<@{OWNER}>" in shown
    critical.acknowledges(1)
    [asked] = cards_of(critical, NEXT)
    assert "decide" in message(showing.view_of(critical.deps, asked)).text
    assert findings(critical) == []


def test_whoever_becomes_steward_once_it_is_theirs_to_decide_is_asked_once(
    critical: World,
) -> None:
    critical.acknowledges(1)
    sent(critical)
    critical.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    asking = [each.kind for each in sent(critical) if each.to == NEXT and each.obligation]
    assert asking == [MessageKind.DUTY_REQUEST]


def owner_needed(world: World) -> dict[str, str]:
    """Send all that waits; give what the cards that ask for an owner say by now, by place."""
    kind = MessageKind.OWNER_NEEDED
    return {each.to: words(world, each) for each in sent(world) if each.kind is kind}


def test_of_an_owner_who_is_back_the_cards_say_that_they_are(live: World) -> None:
    live.answers_round(1)
    live.leaves(OWNER, Standing.GUEST)
    live.live_through(60)
    reminders = [each for each in sent(live) if each.kind is MessageKind.REMINDER]
    live.leaves(OWNER, Standing.MEMBER)

    back = live.entries(Kind.PERSON_CHANGED)[-1].seq
    says = (
        f"The owner is a full member again since record #{back}: {KEY} has its owner, and nothing "
        "more is owed here."
    )
    shown = owner_needed(live)
    assert shown.keys() == {CHANNEL, STEWARD}
    for each in shown.values():
        assert f"<@{OWNER}>, the owner of {KEY}, was no full member of this workspace." in each
        assert each.endswith(says)
    naming = [each for each in reminders if each.obligation.startswith("hand-over")]
    assert naming
    for each in naming:
        assert "later decision" not in words(live, each)
        assert f"since record #{back}: {KEY} has its owner" in words(live, each)


def test_where_a_decision_ends_the_search_for_an_owner_the_card_says_that(live: World) -> None:
    live.raises()
    live.leaves(OWNER)
    live.acknowledges(1, by=BACKUP)
    sent(live)
    live.decides(1, Decision.RETIRE, by=BACKUP if not live.breach(1).is_critical else STEWARD)

    for each in owner_needed(live).values():
        assert "A later decision has settled this: nothing more is owed here." in each


def asked_to_resume(world: World) -> None:
    world.pauses()
    world.asks_to_resume()
    world.live_through(28)


def proposed(world: World) -> None:
    world.hands_over(replace(ROLES, owner=NEXT))
    world.live_through(50)


@pytest.mark.parametrize(
    ("asked", "ended", "says"),
    [
        (
            asked_to_resume,
            lambda world: world.declines_request(1),
            f"<@{BACKUP}> has declined it, record #{{entry}}: nothing changes.",
        ),
        (
            asked_to_resume,
            lambda world: world.withdraws_request(1),
            f"<@{OWNER}> has withdrawn it, record #{{entry}}: nothing changes.",
        ),
        (
            proposed,
            lambda world: world.declines(NEXT),
            f"<@{NEXT}> has declined it, record #{{entry}}: nothing changes.",
        ),
        (
            proposed,
            lambda world: world.withdraws(),
            f"<@{OWNER}> has withdrawn it, record #{{entry}}: nothing changes.",
        ),
    ],
    ids=["declined request", "withdrawn request", "declined proposal", "withdrawn proposal"],
)
def test_reminders_of_what_somebody_has_ended_speak_of_no_decision(
    live: World, asked: Callable[[World], None], ended: Callable[[World], None], says: str
) -> None:
    live.answers_round(1)
    live.looks_again(1)
    asked(live)
    reminders = [each for each in sent(live) if each.kind is MessageKind.REMINDER]
    assert reminders
    ended(live)
    by = live.entries(Kind.OBLIGATION_SUPERSEDED)[-1].prior
    for each in reminders:
        assert words(live, each).endswith(says.format(entry=by))
    assert findings(live) == []


def test_what_asked_a_former_owner_to_attest_says_that_somebody_has_taken_it_over(
    live: World,
) -> None:
    live.answers_round(1)
    live.looks_again(1)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.workflows.save(replace(live.workflow(), attest_at=work.now))
    live.live_through(76)
    asked = [each for each in sent(live) if each.obligation.startswith("attest/")]
    assert {each.kind for each in asked} == {MessageKind.ATTEST_REQUEST, MessageKind.REMINDER}
    is_handed_over(live, replace(ROLES, owner=NEXT))
    taken = live.entries(Kind.HANDOVER_ACCEPTED)[-1].seq
    says = f"has taken the workflow over since, record #{taken}: nothing more is owed here."
    for each in asked:
        assert words(live, each).endswith(f"<@{NEXT}> {says}")
    for somebody in (OWNER, NEXT, ADMIN):
        with pytest.raises(Refused, match=f"^Somebody {says}$"):
            attesting.open_attestation(live.deps, person(somebody), KEY, 1)
    assert findings(live) == []


def test_of_a_breach_that_a_decision_on_another_one_ended_its_card_names_that(
    critical: World,
) -> None:
    critical.raises()
    is_handed_over(critical, replace(ROLES, owner=NEXT))
    [*_, card] = [each for each in cards_of(critical, OWNER) if each.subject == 1]
    critical.acknowledges(2, by=NEXT)
    critical.decides(2, Decision.RETIRE, by=NEXT)
    assert f"<@{NEXT}> has decided on breach 2 since: *retire*, record #" in words(critical, card)
