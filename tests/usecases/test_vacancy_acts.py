"""Somebody with a role leaves: whoever can name another is told, and who is looked after."""

from dataclasses import replace
from functools import partial

import pytest
from worlds import ADMIN, BACKUP, BUILDER, KEY, MEMBER, OWNER, ROLES, STEWARD, World, findings

from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle, Role, Standing
from bot.domain.record import Kind
from bot.domain.registry import Roles
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import delivery, people, showing
from handlers.delivery import digest_now
from tests.posted import all_shown

TAKE_OVER = ObligationKind.TAKE_OVER
NEXT = "U0NEXT"


def vacancies(world: World) -> list[tuple[str, tuple[views.Vacancy, ...]]]:
    """Send what waits, and give who is told in it of roles that somebody left, and of which."""
    found = []
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        delivery.record_shown(world.deps, posting, Shown(said.to, str(posting.id)), "")
        if isinstance(view := showing.view_of(world.deps, said), views.VacancyNotice):
            found.append((said.to, view.vacant))
    return found


def test_i1_the_owner_and_who_can_name_another_are_told_once_that_the_steward_left(
    live: World,
) -> None:
    live.leaves(STEWARD)
    live.leaves(STEWARD, Standing.GUEST)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False)
    assert vacancies(live) == [(ADMIN, (replace(vacant, may_name=True),)), (OWNER, (vacant,))]


def test_i1_an_owner_whose_backup_left_is_told_to_name_another(live: World) -> None:
    live.leaves(BACKUP)
    vacant = views.Vacancy(KEY, Role.BACKUP, may_name=True, asks_next=Role.STEWARD)
    assert vacancies(live) == [(OWNER, (vacant,))], "the owner can: no admin has to be asked"


def test_of_a_draft_only_an_admin_can_name_another(world: World) -> None:
    world.registers()
    world.leaves(BACKUP)
    assert {to for to, _ in vacancies(world)} == {ADMIN, OWNER}


def test_i1_the_admins_are_told_that_nobody_can_accept_a_draft_whose_owner_left(
    world: World,
) -> None:
    world.registers(by=ADMIN)
    world.leaves(OWNER)
    [(to, vacant)] = vacancies(world)
    assert (to, vacant) == (ADMIN, (views.Vacancy(KEY, Role.OWNER, may_name=True),))
    left = world.entries(Kind.PERSON_CHANGED)[-1].seq
    said = Message(MessageKind.VACANCY_NOTICE, Place.PERSON, ADMIN, left)
    words = message(showing.view_of(world.deps, said)).text
    assert "They were the owner of triage." in words
    assert "Please name another owner, with `/answerable handover triage`." in words
    assert "Until another owner has accepted, it stays a draft." in words
    world.hands_over(replace(ROLES, owner=NEXT), by=ADMIN)
    assert "Nothing has to be done" in message(showing.view_of(world.deps, said)).text
    world.accepts(by=NEXT)
    assert findings(world) == []


def test_where_no_admin_is_left_the_others_hear_that_nobody_can_accept_a_draft(
    world: World,
) -> None:
    world.registers(by=ADMIN)
    world.leaves(ADMIN)
    world.leaves(OWNER)
    vacant = views.Vacancy(KEY, Role.OWNER, may_name=False, by_nobody=True)
    assert vacancies(world) == [(BACKUP, (vacant,)), (STEWARD, (vacant,))]


def test_i1_if_the_last_admin_leaves_after_the_owner_of_a_draft_the_others_hear_of_it(
    world: World,
) -> None:
    world.registers(by=ADMIN)
    world.leaves(OWNER)
    assert [to for to, _ in vacancies(world)] == [ADMIN]
    world.leaves(ADMIN)
    vacant = views.Vacancy(KEY, Role.OWNER, may_name=False, by_nobody=True)
    told = vacancies(world)
    assert [each for each in told if each[0] != ADMIN] == [
        (BACKUP, (vacant,)),
        (STEWARD, (vacant,)),
    ]
    world.leaves(ADMIN, Standing.GUEST)
    assert vacancies(world) == [], "once"
    world.leaves(ADMIN, Standing.MEMBER)
    named = dict(vacancies(world))
    assert named[ADMIN] == (views.Vacancy(KEY, Role.OWNER, may_name=True),)


def test_i1_if_the_last_admin_leaves_after_a_steward_the_owner_reads_that_nobody_is_left(
    live: World,
) -> None:
    live.leaves(STEWARD)
    assert {to for to, _ in vacancies(live)} == {OWNER, ADMIN}
    live.leaves(ADMIN)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False, by_nobody=True)
    assert dict(vacancies(live))[OWNER] == (vacant,)


def test_once_another_is_named_or_who_left_is_back_nothing_has_to_be_done(live: World) -> None:
    live.leaves(BACKUP)
    live.hands_over(replace(ROLES, backup=NEXT))
    assert vacancies(live) == [(OWNER, ())]
    live.leaves(NEXT)
    live.leaves(NEXT, Standing.MEMBER)
    assert vacancies(live) == [(OWNER, ())]


def last_told(world: World, to: str) -> str:
    """Send what waits and give how the notice to somebody reads by now that was sent anew."""
    return all_shown(world)[MessageKind.VACANCY_NOTICE, to].text


@pytest.mark.parametrize(("gone", "to"), [(BACKUP, OWNER), (STEWARD, ADMIN), (STEWARD, OWNER)])
def test_i1_what_told_that_somebody_left_says_that_they_are_back(
    live: World, gone: str, to: str
) -> None:
    live.leaves(gone)
    assert "is no full member of this workspace any more" in last_told(live, to)
    live.leaves(gone, Standing.MEMBER)
    back = live.entries(Kind.PERSON_CHANGED)[-1].seq
    words = last_told(live, to)
    assert f"was no full member of this workspace, and is one again since record #{back}." in words
    assert "Nothing has to be done" in words
    assert "name another" not in words
    live.leaves(gone)
    assert "is no full member of this workspace any more" in last_told(live, to), "a new notice"


def test_what_told_that_the_owner_of_a_draft_left_says_that_they_are_back(world: World) -> None:
    world.registers(by=ADMIN)
    world.leaves(OWNER)
    assert "it stays a draft" in last_told(world, ADMIN)
    world.leaves(OWNER, Standing.MEMBER)
    words = last_told(world, ADMIN)
    assert "is one again since record #" in words
    assert "draft" not in words


def test_what_told_that_a_backup_left_is_taken_back_once_another_is_named(live: World) -> None:
    live.leaves(BACKUP)
    assert "Please name another backup" in last_told(live, OWNER)
    live.hands_over(replace(ROLES, backup=NEXT))
    words = last_told(live, OWNER)
    assert "is no full member of this workspace any more" in words
    assert "Nothing has to be done" in words


TO_ADMINS = "goes on to the admins: the steward has left as well."


def last_of_who_left(world: World, gone: str) -> str:
    """Give how the notice to the owner that this person has left reads where it was sent last."""
    with world.deps.store.read(world.deps.workspace) as reading:
        left = [each for each in world.entries(Kind.PERSON_CHANGED) if reading.people.user_of(
            each.on.removeprefix("person/")) == gone]  # fmt: skip
    found = ""
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        if (said.kind, said.to, said.entry) == (MessageKind.VACANCY_NOTICE, OWNER, left[0].seq):
            found = message(showing.view_of(world.deps, said)).text
        place = posting.shown or Shown(f"D{said.to}", str(posting.id))
        delivery.record_shown(world.deps, posting, place, "")
    return found


def test_i3_who_is_asked_without_a_backup_is_said_as_stewards_leave_and_come_back(
    live: World,
) -> None:
    live.leaves(BACKUP)
    assert "does not answer goes on to the steward." in last_of_who_left(live, BACKUP)
    live.leaves(STEWARD)
    assert TO_ADMINS in last_of_who_left(live, BACKUP)
    live.leaves(STEWARD, Standing.MEMBER)
    assert "goes on to the steward." in last_of_who_left(live, BACKUP)
    live.leaves(STEWARD)
    assert TO_ADMINS in last_of_who_left(live, BACKUP)
    live.hands_over(replace(ROLES, steward=NEXT), by=ADMIN)
    assert "goes on to the steward." in last_of_who_left(live, BACKUP)


def test_i3_who_is_asked_is_said_if_the_steward_left_before_the_backup(live: World) -> None:
    live.leaves(STEWARD)
    live.leaves(BACKUP)
    assert TO_ADMINS in last_of_who_left(live, BACKUP)
    live.leaves(ADMIN)
    words = last_of_who_left(live, BACKUP)
    assert "does not answer reaches nobody else: the steward has left as well." in words
    live.leaves(ADMIN, Standing.MEMBER)
    assert TO_ADMINS in last_of_who_left(live, BACKUP)


def test_what_told_that_a_backup_left_is_taken_back_once_the_workflow_is_retired(
    live: World,
) -> None:
    live.leaves(BACKUP)
    assert "Please name another backup" in last_told(live, OWNER)
    live.raises()
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE)
    words = last_told(live, OWNER)
    assert "Nothing has to be done" in words
    assert "name another" not in words


def starts_with(world: World, *admins: str) -> dict[str, str]:
    """Start the bot with these admins, and give how what was sent by that reads to whom."""
    world.deps = replace(world.deps, circle=Circle(frozenset(admins)))
    people.bring_vacancies_up_to_date(world.deps, partial(digest_now, world.deps))
    return told_now(world)


def told_now(world: World) -> dict[str, str]:
    found = {}
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        shown = posting.shown or Shown(f"D{said.to}", str(posting.id))
        seen = digest_now(world.deps, said)
        delivery.record_shown(world.deps, posting, shown, seen)
        if said.kind is MessageKind.VACANCY_NOTICE:
            was = "anew " if posting.shown else ""
            found[said.to] = was + message(showing.view_of(world.deps, said)).text
    return found


def test_i1_a_start_with_other_admins_brings_up_to_date_who_names_a_steward(live: World) -> None:
    live.leaves(STEWARD)
    assert told_now(live).keys() == {OWNER, ADMIN}
    before = live.contents()
    assert starts_with(live, ADMIN) == {}, "nothing reads otherwise"
    assert live.contents() == before

    told = starts_with(live)
    assert told.keys() == {OWNER, ADMIN}
    assert told[OWNER].startswith("anew ")
    assert "Nobody is left who can name another." in told[OWNER]
    assert told[ADMIN].startswith("anew ")
    assert "It is not yours to see to any more: others are told of it." in told[ADMIN]
    assert "Please name" not in told[ADMIN]
    assert starts_with(live) == {}, "once"

    told = starts_with(live, NEXT)
    assert told.keys() == {OWNER, NEXT}
    assert "An admin has to name another steward" in told[OWNER]
    assert told[NEXT].startswith(f"<@{STEWARD}> is no full member")
    assert "Please name another steward" in told[NEXT]
    assert starts_with(live, NEXT) == {}, "once"
    live.hands_over(replace(ROLES, steward=MEMBER), by=NEXT)
    assert "Nothing has to be done" in told_now(live)[ADMIN]
    assert starts_with(live, ADMIN) == {}
    assert findings(live) == []


def test_a_start_tells_nobody_again_who_is_told_already_or_cannot_be(live: World) -> None:
    told_now(live)
    live.leaves(STEWARD)
    before = live.contents()
    people.bring_vacancies_up_to_date(live.deps, partial(digest_now, live.deps))
    assert live.contents() == before, "it waits to be sent"
    while posting := delivery.claim_message(live.deps):
        delivery.record_undeliverable(live.deps, posting, "cannot_dm_bot")
    assert ADMIN not in starts_with(live, ADMIN)


def test_where_nobody_is_left_to_name_a_steward_the_owner_is_told_so(live: World) -> None:
    live.leaves(ADMIN)
    live.leaves(STEWARD)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False, by_nobody=True)
    assert vacancies(live) == [(OWNER, (vacant,))]


def test_i1_with_an_owner_who_is_back_it_is_told_who_left_meanwhile(live: World) -> None:
    live.leaves(OWNER)
    live.leaves(STEWARD)
    assert vacancies(live) == []
    live.leaves(OWNER, Standing.MEMBER)
    vacant = views.Vacancy(KEY, Role.STEWARD, may_name=False)
    assert vacancies(live) == [(ADMIN, (replace(vacant, may_name=True),)), (OWNER, (vacant,))]
    assert findings(live) == []


@pytest.mark.parametrize(("gone", "told"), [(STEWARD, {ADMIN, NEXT}), (BACKUP, {NEXT})])
def test_i1_whoever_accepts_is_told_which_role_is_empty(
    live: World, gone: str, told: set[str]
) -> None:
    live.hands_over(replace(ROLES, owner=NEXT))
    live.leaves(gone)
    vacancies(live)
    live.takes_over(NEXT)

    found = dict(vacancies(live))
    role = Role.STEWARD if gone == STEWARD else Role.BACKUP
    asked = Role.STEWARD if role is Role.BACKUP else None
    vacant = views.Vacancy(KEY, role, may_name=role is Role.BACKUP, asks_next=asked)
    assert found[NEXT] == (vacant,)
    assert found.keys() - {OWNER} <= told
    live.takes_over(NEXT)
    assert vacancies(live) == [], "once"
    assert findings(live) == []


def test_i1_whoever_accepts_in_place_of_an_owner_who_left_is_told_who_else_did(
    live: World,
) -> None:
    live.leaves(OWNER)
    live.leaves(BACKUP)
    live.hands_over(replace(ROLES, owner=NEXT), by=STEWARD)
    assert vacancies(live) == []
    live.takes_over(NEXT)
    vacant = views.Vacancy(KEY, Role.BACKUP, may_name=True, asks_next=Role.STEWARD)
    assert vacancies(live) == [(NEXT, (vacant,))]


def test_i1_whoever_accepts_a_draft_is_told_whom_they_can_name_by_then(world: World) -> None:
    world.registers()
    world.leaves(BACKUP)
    vacancies(world)
    world.accepts()
    found = dict(vacancies(world))
    vacant = views.Vacancy(KEY, Role.BACKUP, may_name=True, asks_next=Role.STEWARD)
    assert found[OWNER] == (vacant,)


def test_everybody_on_whom_something_rests_is_named(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    named = people.named_people(live.deps)
    assert named == tuple(sorted({OWNER, BACKUP, STEWARD, BUILDER, ADMIN, MEMBER}))


def test_who_is_to_be_somebody_is_looked_after_until_the_proposal_ends(live: World) -> None:
    live.hands_over(Roles(NEXT, "U0NEXT2", STEWARD, BUILDER))
    assert {NEXT, "U0NEXT2"} <= set(people.named_people(live.deps))
    live.leaves(NEXT, Standing.GUEST)
    live.tick()
    assert live.climbs(TAKE_OVER, 1)[0].facts["passed"] == "no full member any more"
    live.hands_over(replace(ROLES, backup=MEMBER))
    assert "U0NEXT2" not in people.named_people(live.deps)


def test_who_was_never_named_becomes_a_guest_unnoticed(live: World) -> None:
    live.leaves("U0NOBODY", Standing.GUEST)
    assert not live.entries(Kind.PERSON_CHANGED)
