"""I4: who may do what, held against a second writing of the table."""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Final

import pytest
from worlds import ADMIN, AUDITOR, BACKUP, BUILDER, CIRCLE, MEMBER, OWNER, STEWARD, a_workflow

from bot.domain.authority import (
    WHO,
    Act,
    Holding,
    authorise,
    held_in_words,
    held_now,
    require_member,
)
from bot.domain.people import OPERATOR, SYSTEM, Actor, Circle, Origin, Role, Standing
from bot.domain.refusals import Refused
from bot.domain.registry import roles_of

PEOPLE: Final = {
    "owner": OWNER,
    "backup": BACKUP,
    "steward": STEWARD,
    "builder": BUILDER,
    "admin": ADMIN,
    "auditor": AUDITOR,
    "member": MEMBER,
}
# Written again by hand from the product's page, on purpose: a changed rule has to be changed twice.
MAY: Final[dict[Act, str]] = {
    Act.READ_REGISTRY: "owner backup steward builder admin auditor member",
    Act.REGISTER: "owner backup steward builder admin auditor member",
    Act.ACCEPT: "owner",
    Act.REVIEW: "owner",
    Act.HAND_ITEMS: "owner",
    Act.ANSWER_SHARE: "",
    Act.SECOND_REVIEW: "backup",
    Act.SETTLE: "steward",
    Act.JUDGE_SKIPPED: "owner backup steward builder",
    Act.ACKNOWLEDGE: "owner backup",
    Act.SEE_OUTPUTS: "owner backup steward admin auditor",
    Act.DECIDE: "owner backup",
    Act.DECIDE_CRITICAL: "steward",
    Act.CARRY_OUT: "owner backup",
    Act.TIGHTEN_GATE: "owner backup steward builder admin operator",
    Act.RESUME: "owner backup steward",
    Act.CHANGE_POLICY: "owner admin",
    Act.CONFIRM_CHANGE: "owner backup steward admin",
    Act.WATCH: "owner admin",
    Act.PLACE_DIGEST: "steward admin",
    Act.PLANT: "operator",
    Act.REPORT: "owner backup steward builder admin auditor member",
    Act.HAND_OVER: "owner steward admin",
    Act.TAKE_OVER: "",
    Act.DECLINE: "",
    Act.WITHDRAW: "owner backup steward builder admin auditor member",
    Act.WITHDRAW_REQUEST: "owner backup steward builder admin auditor member",
    Act.DECLINE_RESUME: "owner backup steward",
    Act.DECLINE_CHANGE: "owner backup steward admin",
    Act.ATTEST: "owner",
    Act.DRILL: "owner",
    Act.SAMPLE: "owner steward admin",
    Act.EXPORT: "steward admin auditor operator",
    Act.RAISE_CONCERN: "owner backup steward builder admin auditor member",
}


def may(act: Act, actor: Actor) -> bool:
    try:
        authorise(act, actor, roles_of(actor, CIRCLE, a_workflow()))
    except Refused:
        return False
    return True


@pytest.mark.parametrize("act", Act)
def test_exactly_these_roles_may_do_this(act: Act) -> None:
    actors = {name: Actor(Origin.SLACK, user_id) for name, user_id in PEOPLE.items()}
    actors |= {"operator": OPERATOR, "system": SYSTEM, "pipeline": Actor(Origin.TOKEN, "tok1")}

    assert {name for name, actor in actors.items() if may(act, actor)} == set(MAY[act].split())


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.MEMBER])
def test_whoever_is_no_full_member_may_do_nothing_whatever_their_role(
    act: Act, standing: Standing
) -> None:
    for user_id in PEOPLE.values():
        actor = Actor(Origin.SLACK, user_id, standing)
        with pytest.raises(Refused, match=r"member|account|[Oo]nly|Guests") as refused:
            authorise(act, actor, frozenset(Role))
        assert refused.value.rule == f"{standing} may not act"


def test_the_table_names_every_act() -> None:
    assert set(WHO) == set(Act) == set(MAY)


def test_a_role_of_one_workflow_is_none_of_another() -> None:
    other = a_workflow(owner="U0ELSE", backup="U0ELSE2", steward="U0ELSE3")

    assert roles_of(Actor(Origin.SLACK, OWNER), CIRCLE, other) == {Role.MEMBER}
    assert roles_of(Actor(Origin.SLACK, OWNER), CIRCLE) == {Role.MEMBER}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (Actor(Origin.SLACK, ADMIN), {Role.MEMBER, Role.ADMIN}),
        (Actor(Origin.SLACK, AUDITOR), {Role.MEMBER, Role.AUDITOR}),
        (Actor(Origin.CONSOLE, OWNER), {Role.OPERATOR}),
        (Actor(Origin.TOKEN, OWNER), {Role.PIPELINE}),
        (Actor(Origin.CLOCK, ADMIN), {Role.SYSTEM}),
    ],
)
def test_only_people_hold_the_roles_of_people(actor: Actor, expected: AbstractSet[Role]) -> None:
    assert roles_of(actor, CIRCLE, a_workflow()) == expected


def test_a_refusal_says_who_could_have_done_it() -> None:
    stranger = Actor(Origin.SLACK, MEMBER)

    with pytest.raises(Refused) as refused:
        authorise(Act.RESUME, stranger, frozenset({Role.MEMBER}), on="workflow/triage")
    assert refused.value.sentence == (
        "You cannot resume a workflow: that takes the owner, the backup or the steward."
    )
    assert refused.value.on == "workflow/triage"
    assert refused.value.takes == {Role.OWNER, Role.BACKUP, Role.STEWARD}


def test_who_holds_what_an_act_takes_is_named_and_who_has_left_is_not() -> None:
    people = {Role.OWNER: [OWNER], Role.STEWARD: [STEWARD], Role.ADMIN: [], Role.AUDITOR: [AUDITOR]}
    takes = {Role.OWNER, Role.STEWARD, Role.ADMIN, Role.OPERATOR}

    owner, steward, admin = held_now(takes, people, {STEWARD}, lambda role: (f"Name a {role}.",))

    assert owner == Holding(Role.OWNER, (OWNER,))
    assert (steward.people, admin.people) == ((), ())
    assert held_in_words([owner, steward, admin], {OWNER: "Ada Okafor"}) == (
        "Owner: Ada Okafor. Steward: nobody now. Name a steward. Admin: nobody now. Whoever runs "
        "this bot names admins, with ANSWERABLE_ADMINS."
    )
    assert held_in_words([owner], {}) == "", "an id is no name"
    assert held_now({Role.OWNER, Role.MEMBER}, people, set()) == (), "any member may"


def test_of_who_is_away_it_is_said_with_who_stands_in_and_who_is_there_comes_first() -> None:
    people = {Role.STEWARD: [STEWARD], Role.ADMIN: [OWNER, ADMIN]}
    away = {OWNER: "", STEWARD: BACKUP}

    back = datetime(2026, 6, 15, tzinfo=UTC)

    held = held_now(people.keys(), people, set(), away=away, until=dict.fromkeys(away, back))

    assert held == (
        Holding(Role.STEWARD, (STEWARD,), away={STEWARD: BACKUP}, until={STEWARD: back}),
        Holding(Role.ADMIN, (ADMIN, OWNER), away={OWNER: ""}, until={OWNER: back}),
    )
    names = {OWNER: "Ada", STEWARD: "Sam", BACKUP: "Ben", ADMIN: "Kim"}
    until = "(away until 2026-06-15 00:00 UTC)"
    assert held_in_words(held, names) == (
        f"Steward: Sam (away; Ben stands in). Admin: Kim, Ada {until}."
    )
    del names[BACKUP]
    assert held_in_words(held[:1], names) == f"Steward: Sam {until}.", "an id is no name"


def test_what_is_advised_for_several_roles_is_said_once_after_them() -> None:
    people: dict[Role, list[str]] = {Role.OWNER: [OWNER], Role.STEWARD: [], Role.ADMIN: []}
    takes = people.keys()
    settings = "Whoever runs this bot names admins, with ANSWERABLE_ADMINS."

    held = held_now(takes, people, set(), lambda role: (f"Nobody names a {role}.", settings))
    assert held_in_words(held, {OWNER: "Ada"}) == (
        "Owner: Ada. Steward: nobody now. Nobody names a steward. Admin: nobody now. " + settings
    )
    held = held_now(takes, people, {OWNER}, lambda _: ("Nobody names another.", settings))
    assert held_in_words(held, {}) == (
        "Owner: nobody now. Steward: nobody now. Admin: nobody now. Nobody names another. "
        + settings
    )


def test_a_rung_that_was_reached_widens_the_table_for_one_act() -> None:
    backup = Actor(Origin.SLACK, BACKUP)
    roles = roles_of(backup, Circle(), a_workflow())

    assert authorise(Act.REVIEW, backup, roles, also={Role.BACKUP}) is Role.BACKUP
    with pytest.raises(Refused):
        authorise(Act.REVIEW, backup, roles)


def test_a_member_is_required_by_name_of_their_standing() -> None:
    require_member(Actor(Origin.SLACK, MEMBER))
    with pytest.raises(Refused, match="deactivated"):
        require_member(Actor(Origin.SLACK, MEMBER, Standing.DEACTIVATED))


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.FOREIGN])
def test_people_from_outside_are_told_whom_to_ask(standing: Standing) -> None:
    with pytest.raises(Refused, match="ask one of its full members"):
        require_member(Actor(Origin.SLACK, MEMBER, standing))


def test_whom_slack_does_not_know_yet_is_told_that_this_passes() -> None:
    with pytest.raises(Refused, match="only just joined it, do this again in a minute"):
        require_member(Actor(Origin.SLACK, MEMBER, Standing.FOREIGN))
