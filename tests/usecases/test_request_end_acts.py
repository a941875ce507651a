"""What people were asked, once roles have changed or who asked has left: I4 actor."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CHANNEL,
    CRITICAL,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_world,
    findings,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from tests.posted import all_shown, buttons, shown

OTHER_ADMIN = "U0MAREK"
AGAIN = "asked for again by the owner, the backup or the steward, with `/answerable resume triage`."


def state(world: World) -> GateState:
    return world.workflow().gate.state


def test_i4_a_new_owner_does_not_confirm_what_the_old_one_asked_and_is_not_named(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume()
    live.hands_over(replace(ROLES, owner="U0NEXT", backup=OWNER))
    live.takes_over("U0NEXT")

    text = shown(live, MessageKind.REQUEST, CHANNEL).text
    assert f": <@{STEWARD}>." in text
    with pytest.raises(Refused, match="besides"):
        live.confirms(1, by="U0NEXT")


def backup_is_replaced(live: World) -> None:
    live.hands_over(replace(ROLES, backup="U0NEXT"))


def owner_has_handed_over(live: World) -> None:
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.takes_over("U0NEXT")


def steward_is_replaced(live: World) -> None:
    live.hands_over(replace(ROLES, steward="U0NEXT"), by=STEWARD)


@pytest.mark.parametrize(
    ("asker", "loses_role"),
    [
        (BACKUP, backup_is_replaced),
        (OWNER, owner_has_handed_over),
        (STEWARD, steward_is_replaced),
    ],
)
def test_i4_what_somebody_asked_stands_no_longer_than_their_role(
    live: World, asker: str, loses_role: Callable[[World], None]
) -> None:
    live.pauses()
    live.asks_to_resume(by=asker)
    loses_role(live)

    changed = live.entries(Kind.ROLES_CHANGED)[-1].seq
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    assert live.entries(Kind.OBLIGATION_SUPERSEDED)[-1].prior == changed
    told = all_shown(live)
    for to in (CHANNEL, asker):
        text = told[MessageKind.REQUEST, to].text
        lost = f"<@{asker}> holds no role any more that may ask for it, since record #{changed}:"
        assert lost in text
        assert AGAIN in text
    others = {OWNER, BACKUP, STEWARD} - {asker}
    for by in others:
        with pytest.raises(
            Refused, match=r"Whoever asked holds no role any more.* It can be asked"
        ):
            live.confirms(1, by=by)
    assert state(live) is GateState.PAUSED
    live.asks_to_resume(by="U0NEXT")
    live.confirms(2, by=BACKUP if asker == OWNER else OWNER)
    assert state(live) is GateState.RUN
    assert findings(live) == []


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
def test_i4_what_somebody_asked_ends_when_they_are_no_full_member_any_more(
    live: World, standing: Standing
) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.leaves(BACKUP, standing)

    left = live.entries(Kind.PERSON_CHANGED)[-1].seq
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    text = shown(live, MessageKind.REQUEST, CHANNEL).text
    assert f"<@{BACKUP}> is no full member of the workspace any more, record #{left}:" in text
    assert AGAIN in text
    with pytest.raises(Refused, match="Whoever asked is no full member"):
        live.confirms(1, by=STEWARD)
    live.leaves(BACKUP, Standing.MEMBER)
    with pytest.raises(Refused, match="Whoever asked is no full member"):
        live.confirms(1, by=STEWARD)
    assert state(live) is GateState.PAUSED
    assert findings(live) == []


@pytest.mark.parametrize("decision", [Decision.PAUSE, Decision.RETIRE])
def test_who_asked_is_told_what_took_the_place_of_it(live: World, decision: Decision) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.pauses()
    live.asks_to_resume()
    live.decides(1, decision, by=STEWARD)

    decided = live.entries(Kind.DECISION_RECORDED)[-1].seq
    text = shown(live, MessageKind.REQUEST, OWNER).text
    assert f"<@{STEWARD}> has decided on breach 1 since: *{decision}*, record #{decided}." in text


def test_nobody_is_told_what_they_have_just_done_themselves(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.pauses()
    live.asks_to_resume(by=STEWARD)
    live.decides(1, Decision.PAUSE, by=STEWARD)

    assert (MessageKind.REQUEST, STEWARD) not in all_shown(live)


def test_i4_what_somebody_asked_stands_while_another_role_of_theirs_may_ask(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.hands_over(replace(ROLES, owner=BACKUP, backup=OWNER))
    live.takes_over(BACKUP)
    live.is_away(BACKUP)

    assert live.owed(ObligationKind.CONFIRM, 1).is_open
    live.confirms(1, by=STEWARD)
    assert state(live) is GateState.RUN
    assert findings(live) == []


def test_i4_who_has_handed_over_keeps_no_live_request(live: World) -> None:
    assert buttons(shown(live, MessageKind.REVIEW_REQUEST, OWNER))
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.takes_over("U0NEXT")

    told = all_shown(live)
    request = told[MessageKind.REVIEW_REQUEST, OWNER]
    assert "It is with <@U0NEXT> now: nothing more is asked of you." in request.text
    assert not buttons(request)
    assert buttons(told[MessageKind.DUTY_REQUEST, "U0NEXT"])


def test_a_request_names_nobody_who_has_left_and_who_stands_in_for_whom(live: World) -> None:
    live.pauses()
    live.leaves(BACKUP)
    live.is_away(STEWARD, MEMBER)
    live.asks_to_resume()

    told = all_shown(live)
    assert f": <@{STEWARD}> (away until <!date^" in told[MessageKind.REQUEST, CHANNEL].text
    assert (MessageKind.REQUEST, BACKUP) not in told
    live.tick()
    text = shown(live, MessageKind.REQUEST, CHANNEL).text
    assert f": <@{STEWARD}> (away; <@{MEMBER}> stands in)." in text, "now that it has reached them"
    live.confirms(1, by=MEMBER)
    told = all_shown(live)
    place = f"onfirmed by <@{MEMBER}> in the place of <@{STEWARD}>."
    assert place in told[MessageKind.REQUEST, CHANNEL].text
    assert place in told[MessageKind.GATE_NOTICE, CHANNEL].text


def test_a_request_says_that_nobody_is_left_to_confirm_it(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    for each in (BACKUP, STEWARD):
        live.leaves(each)

    text = shown(live, MessageKind.REQUEST, CHANNEL).text
    assert "nobody who may is left: others are named with `/answerable handover triage`." in text


def test_i4_an_old_steward_keeps_no_live_reminder(live: World) -> None:
    live.leaves(OWNER)
    live.tick()
    assert buttons(shown(live, MessageKind.OWNER_NEEDED, STEWARD))
    live.hands_over(replace(ROLES, owner=OWNER, steward="U0OTHER"), by=ADMIN)

    request = shown(live, MessageKind.OWNER_NEEDED, STEWARD)
    assert "It is with <@U0OTHER> now" in request.text
    assert not buttons(request)


def test_an_acceptance_names_who_was_named_then(live: World) -> None:
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.takes_over("U0NEXT")

    assert "U0NEXT" not in shown(live, MessageKind.ACCEPT_REQUEST, CHANNEL).text


def test_an_acceptance_says_who_named_the_owner_it_asks(tmp_path: Path) -> None:
    world = a_world(tmp_path, circle=Circle(frozenset({ADMIN, OTHER_ADMIN})))
    world.registers(by=ADMIN)
    assert f"<@{ADMIN}> names <@{OWNER}> as the owner" in accept_card(world)
    world.leaves(OWNER)
    world.hands_over(replace(ROLES, owner=MEMBER), by=OTHER_ADMIN)
    assert f"<@{OTHER_ADMIN}> names <@{MEMBER}> as the owner" in accept_card(world)
    world.accepts(by=MEMBER)
    world.hands_over(replace(ROLES, owner="U0NEXT"), by=MEMBER)
    world.takes_over("U0NEXT")
    assert f"<@{OTHER_ADMIN}> names <@{MEMBER}> as the owner" in accept_card(world)


def accept_card(world: World) -> str:
    return shown(world, MessageKind.ACCEPT_REQUEST, CHANNEL).text


def test_a_reminder_of_a_request_says_as_its_card_does_why_nothing_is_owed(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.forward(24)
    all_shown(live)
    live.leaves(OWNER)
    why = f"<@{OWNER}> is no full member of the workspace any more, record #"
    told = all_shown(live)
    assert why in told[MessageKind.REQUEST, CHANNEL].text
    assert why in told[MessageKind.REMINDER, BACKUP].text
    assert "decision" not in told[MessageKind.REMINDER, BACKUP].text


def test_a_reminder_of_a_proposal_says_as_its_card_does_why_nothing_is_owed(live: World) -> None:
    live.hands_over(replace(ROLES, owner="U0NEXT"))
    live.forward(48)
    all_shown(live)
    live.hands_over(replace(ROLES, owner=MEMBER))
    why = f"<@{OWNER}> has proposed or named other people since, record #"
    told = all_shown(live)
    assert why in told[MessageKind.HANDOVER_REQUEST, "U0NEXT"].text
    assert why in told[MessageKind.REMINDER, "U0NEXT"].text
