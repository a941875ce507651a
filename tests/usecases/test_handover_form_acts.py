"""A form to hand a workflow over undoes nothing that it does not show: I4 actor."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.record import Entry, Kind
from bot.domain.refusals import Refused, Repeated
from bot.domain.registry import Roles
from bot.rendering.render import modal
from bot.usecases import handovers

NEXT = "U0NEXT"
SUCCESSION = replace(ROLES, owner=NEXT)


def opened(world: World, by: str = OWNER) -> int:
    """Give what a form carries that somebody opens now."""
    return handovers.open_handover(world.deps, person(by), KEY).entry


def told_of_proposal(world: World, by: str) -> str:
    """Give what a form that somebody opens now says of a proposal that waits; "" if nothing."""
    shown = modal(handovers.open_handover(world.deps, person(by), KEY))["blocks"]
    return "".join(str(each["text"]["text"]) for each in shown if each["block_id"] == "waiting")


def hands_in(world: World, roles: Roles, shown: int, by: str = OWNER, delivery: str = "") -> str:
    """Give what somebody reads who hands in a form."""
    asked = handovers.Change(KEY, roles, "a new desk", shown)
    return handovers.change_people(world.deps, person(by, delivery=delivery), asked).sentence


def changes(world: World) -> list[Entry]:
    return world.entries(Kind.ROLES_CHANGED, Kind.HANDOVER_PROPOSED, Kind.OBLIGATION_SUPERSEDED)


def refused(world: World, roles: Roles, shown: int, by: str = OWNER) -> str:
    """Give what somebody is told who hands an older form in; nothing is changed by it."""
    before, held = changes(world), world.workflow().roles
    with pytest.raises(Refused) as refusal:
        hands_in(world, roles, shown, by)
    assert world.refusals() == ["people changed since"]
    assert refusal.value.field == "", "it is about no field that anybody has touched"
    assert (changes(world), world.workflow().roles) == (before, held)
    return refusal.value.sentence


@pytest.mark.parametrize("theirs", [{"technical_owner": NEXT}, {"owner": NEXT}])
@pytest.mark.parametrize("since", [{"backup": MEMBER}, {"steward": MEMBER}])
def test_an_older_form_undoes_nobody_elses_change(
    live: World, since: dict[str, str], theirs: dict[str, str]
) -> None:
    shown = opened(live)
    hands_in(live, replace(ROLES, **since), opened(live, ADMIN), ADMIN)

    number = live.entries(Kind.ROLES_CHANGED)[-1].seq
    assert refused(live, replace(ROLES, **theirs), shown) == (
        f"Other people were named or proposed for {KEY} since this was opened, record #{number}. "
        f"Nothing was changed: look at it again with `/answerable handover {KEY}`."
    )
    hands_in(live, replace(ROLES, **since, **theirs), opened(live))
    assert findings(live) == []


def test_an_older_form_of_a_draft_undoes_nobody_elses_change(world: World) -> None:
    world.registers()
    shown = opened(world, ADMIN)
    hands_in(world, SUCCESSION, opened(world, ADMIN), ADMIN)
    refused(world, replace(ROLES, backup=MEMBER), shown, ADMIN)


def test_an_older_form_ends_no_proposal_that_it_did_not_show(live: World) -> None:
    shown = opened(live, ADMIN)
    live.hands_over(SUCCESSION)
    refused(live, replace(ROLES, backup=MEMBER), shown, ADMIN)
    assert live.owed(ObligationKind.TAKE_OVER, 1).state is ObligationState.OPEN

    live.declines(NEXT)
    hands_in(live, replace(ROLES, backup=MEMBER), shown, ADMIN)
    assert live.workflow().roles.backup == MEMBER


def test_a_form_from_before_somebody_took_over_changes_nothing(live: World) -> None:
    live.hands_over(SUCCESSION)
    shown = opened(live, ADMIN)
    live.takes_over(NEXT)
    refused(live, replace(ROLES, technical_owner=MEMBER), shown, ADMIN)


def test_acceptance_undoes_nothing_that_was_changed_since_the_proposal(live: World) -> None:
    live.hands_over(SUCCESSION)
    hands_in(live, replace(ROLES, backup=MEMBER), opened(live, ADMIN), ADMIN)
    with pytest.raises(Refused, match="has proposed or named other people since"):
        live.takes_over(NEXT)
    assert live.workflow().roles == replace(ROLES, backup=MEMBER)


@pytest.mark.parametrize("roles", [SUCCESSION, replace(ROLES, technical_owner=NEXT)])
def test_i2_a_form_that_is_delivered_twice_is_one_change(live: World, roles: Roles) -> None:
    shown = opened(live)
    hands_in(live, roles, shown, delivery="view/V1/1")
    before = live.contents()
    with pytest.raises(Repeated):
        hands_in(live, roles, shown, delivery="view/V1/1")
    assert live.contents() == before


@pytest.mark.parametrize("somebody", [BACKUP, BUILDER, STEWARD])
def test_i4_whoever_may_not_hand_it_over_reads_that_first(live: World, somebody: str) -> None:
    shown = opened(live)
    live.hands_over(replace(ROLES, technical_owner=NEXT, steward=MEMBER), by=ADMIN)
    with pytest.raises(Refused, match="that takes"):
        hands_in(live, SUCCESSION, shown, somebody)


def test_a_form_says_what_proposal_waits_and_that_a_change_takes_its_place(live: World) -> None:
    assert told_of_proposal(live, ADMIN) == ""
    live.hands_over(SUCCESSION)
    due_at = live.owed(ObligationKind.TAKE_OVER, 1).due_at
    due = f"<!date^{int(due_at.timestamp())}^"

    said = told_of_proposal(live, ADMIN)
    asked = f"has proposed already that <@{NEXT}> takes it over: they have to accept that"
    assert said.startswith(f"<@{OWNER}> {asked} by {due}")
    assert said.endswith(". Whatever is changed here takes its place.")
    assert told_of_proposal(live, OWNER) == said.replace(f"<@{OWNER}> has", "You have")

    live.forward(to=due_at + timedelta(minutes=1))
    assert f"{asked}; the time for that ended {due}" in told_of_proposal(live, ADMIN)
    live.leaves(NEXT)
    assert f"<@{NEXT}> takes it over: they have left and cannot" in told_of_proposal(live, ADMIN)
    live.withdraws()
    assert told_of_proposal(live, ADMIN) == "", "nothing waits any more"


def test_whoever_ends_a_proposal_by_a_change_reads_so(live: World) -> None:
    live.hands_over(SUCCESSION)
    changed = replace(ROLES, backup=MEMBER)
    assert hands_in(live, changed, opened(live, ADMIN), ADMIN) == (
        f"{KEY} has other people now. This takes the place of what somebody else had proposed."
    )
    proposed = replace(changed, owner=NEXT)
    assert hands_in(live, proposed, opened(live)).endswith("everything stays as it is.")
    assert hands_in(live, replace(changed, owner="U0ELSE"), opened(live)) == (
        "The successor is asked. Until they accept, everything stays as it is. This takes the "
        "place of what you had proposed."
    )
