"""The Home tab: what somebody owes and owns, what they look after, and whose Homes have changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_world,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import OPERATOR, Standing
from bot.domain.record import Kind
from bot.domain.registry import WorkflowState
from bot.domain.rounds import Grade
from bot.rendering import views
from bot.rendering.render import home as rendered_home
from bot.rendering.render import message
from bot.usecases import delivery, forgetting, home, questions

A_WEEK = timedelta(days=7)


def home_of(world: World, user_id: str, page: int = 0) -> views.Home:
    view = home.show_home(world.deps, user_id, Standing.MEMBER, page).view
    assert isinstance(view, views.Home)
    return view


def touched(world: World, before: int) -> home.Touched:
    return home.touched_since(world.deps, before)


def size(world: World) -> int:
    return home.touched_since(world.deps, None).size


def test_an_owner_sees_what_they_owe_and_what_they_own(live: World) -> None:
    seen = home_of(live, OWNER)
    assert [(each.kind, each.workflow, each.subject) for each in seen.dues] == [
        (ObligationKind.REVIEW, KEY, 1)
    ]
    [owned] = seen.owned
    assert (owned.key, owned.state, owned.gate) == (KEY, WorkflowState.LIVE, GateState.RUN)
    assert owned.grade is None
    assert owned.asked == 0
    assert owned.next_sample == live.round(2).period_end
    assert (seen.looks_after, seen.named_in, seen.pages) == (0, 0, 1)


def test_what_is_owed_is_what_the_command_says_is_due(live: World) -> None:
    live.forward(to=MONDAY + timedelta(days=5))  # it has climbed to all of them
    live.is_away(BACKUP, MEMBER)
    for user_id in (OWNER, BACKUP, STEWARD, ADMIN, MEMBER):
        said = questions.list_dues(live.deps, person(user_id))
        assert home_of(live, user_id).dues == said.dues, user_id
    assert home_of(live, MEMBER).dues[0].in_place_of == BACKUP
    assert home_of(live, OWNER).overdue == 1, "the second look is never the owner's"


def test_i4_nobody_is_shown_as_owed_what_they_may_not_answer(live: World) -> None:
    live.looks_again(1)  # the backup has taken the second look and cannot take the first one too
    live.forward(to=MONDAY + timedelta(days=4))
    assert ObligationKind.REVIEW not in {each.kind for each in home_of(live, BACKUP).dues}
    assert ObligationKind.REVIEW in {each.kind for each in home_of(live, STEWARD).dues}


def test_i4_who_judged_some_of_the_first_look_is_not_barred_from_the_rest(live: World) -> None:
    live.hands_out(1, STEWARD)
    live.answers_share(1, by=STEWARD)
    live.forward(to=MONDAY + timedelta(days=4))
    assert ObligationKind.REVIEW in {each.kind for each in home_of(live, STEWARD).dues}


def test_i4_who_may_only_see_to_it_is_asked_as_such(world: World) -> None:
    world.registers()
    world.live_through(24 * 4)  # nobody accepts: it has climbed to the admins
    said = {each: home_of(world, each).dues[0].may_answer for each in (OWNER, BACKUP, ADMIN)}
    assert said == {OWNER: True, BACKUP: False, ADMIN: False}
    world.is_away(ADMIN, MEMBER)
    assert home_of(world, MEMBER).dues == (), "and nobody accepts in another's place"


def test_a_reviewer_sees_what_they_were_handed_among_what_they_owe(live: World) -> None:
    before = size(live)
    live.hands_out(1, MEMBER, keeps=True)
    assert MEMBER in touched(live, before).people
    [due] = home_of(live, MEMBER).dues
    assert due.share
    assert (due.workflow, due.subject, due.share.number, due.share.items) == (KEY, 1, 1, 2)
    assert (due.share.owner, due.due_at) == (OWNER, live.owed(ObligationKind.REVIEW, 1).due_at)
    assert KEY in home.show_home(live.deps, MEMBER, Standing.MEMBER).workflows
    live.answers_share(1, by=MEMBER)
    assert home_of(live, MEMBER).dues == ()
    live.hands_out(1, MEMBER)
    before = size(live)
    live.takes_back(2)
    assert home_of(live, MEMBER).dues == ()
    assert touched(live, before).workflows == {KEY}, "what theirs rested on"


def test_the_earliest_due_comes_first_whoever_answers_for_it(live: World) -> None:
    live.hands_out(1, STEWARD)
    live.forward(1)
    live.registers("later")
    live.live_through(24 * 4)
    seen = home_of(live, STEWARD)
    assert [each.due_at for each in seen.dues] == sorted(each.due_at for each in seen.dues)
    assert seen.dues[-1].share is None
    assert [each.is_overdue for each in seen.dues if each.share] == [True]
    assert seen.overdue == sum(each.is_overdue for each in seen.dues)


def test_coverage_counts_rounds_answered_by_when_they_were_due(live: World) -> None:
    live.answers_round(1)
    live.reports(12)
    live.forward(to=MONDAY + A_WEEK)
    live.forward(to=live.owed(ObligationKind.REVIEW, 2).due_at + timedelta(hours=1))
    live.answers_round(2)  # an hour late
    [owned] = home_of(live, OWNER).owned
    assert (owned.in_time, owned.asked) == (1, 2)
    assert owned.grade is Grade.NOT_ENOUGH_EVIDENCE
    live.clock.move(MONDAY + timedelta(days=90))  # nothing else has been noticed since
    [later] = home_of(live, OWNER).owned
    assert (later.in_time, later.asked) == (0, 1), "the first is longer ago than that"


def test_a_round_nobody_answered_is_not_in_time_and_one_without_outputs_asks_nobody(
    live: World,
) -> None:
    live.live_through(24 * 8)
    live.forward(to=MONDAY + 2 * A_WEEK)
    [owned] = home_of(live, OWNER).owned
    assert (owned.in_time, owned.asked) == (0, 1)
    assert owned.open_breaches > 0


def test_who_looks_after_workflows_sees_which_need_somebody_by_their_names(live: World) -> None:
    live.registers("quiet")
    live.accepts("quiet")
    seen = home_of(live, STEWARD)
    assert (seen.looks_after, seen.named_in, seen.team) == (2, 2, ())
    live.forward(to=MONDAY + timedelta(days=4))
    for user_id in (STEWARD, ADMIN):
        [troubled] = home_of(live, user_id).team
        assert (troubled.key, troubled.gate) == (KEY, GateState.RUN)
        assert troubled.overdue >= 1
    live.pauses(key="quiet")
    assert [each.key for each in home_of(live, ADMIN).team] == ["quiet", KEY]
    assert home_of(live, OWNER).team == ()
    assert home_of(live, BACKUP).looks_after == 0


def test_an_open_breach_is_trouble_though_nothing_is_overdue_and_the_gate_is_open(
    live: World,
) -> None:
    live.raises()
    [troubled] = home_of(live, STEWARD).team
    assert (troubled.key, troubled.overdue, troubled.open_breaches) == (KEY, 0, 1)
    assert home_of(live, STEWARD).named == (KEY,)


def test_two_breaches_of_one_workflow_are_told_apart_by_what_they_are_about(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.raises()
    about = [each.about for each in home_of(live, OWNER).dues]
    assert about == ["critical verdict", "concern raised"]
    live.acknowledges(2)
    live.decides(2, Decision.ROLL_BACK)
    decided = [each.about for each in questions.list_dues(live.deps, person(OWNER)).dues]
    assert "concern raised; decided: roll back" in decided


def test_nobody_with_nothing_to_do_sees_anything_of_others(live: World) -> None:
    seen = home_of(live, MEMBER)
    assert (seen.dues, seen.owned, seen.team, seen.named_in) == ((), (), (), 0)


def test_a_retired_workflow_is_nobodys_any_more(live: World) -> None:
    live.answers_round(1)
    live.reports(2_000)
    live.forward(to=MONDAY + A_WEEK)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE)
    assert home_of(live, OWNER).owned == ()
    assert home_of(live, STEWARD).looks_after == 0


def test_pages_hold_every_row_once_and_one_that_is_gone_is_the_last(world: World) -> None:
    for number in range(70):
        world.registers(f"w{number:02}")
    first = home_of(world, OWNER)
    pages = [home_of(world, OWNER, page) for page in range(first.pages)]
    dues = [each.workflow for page in pages for each in page.dues]
    owned = [each.key for page in pages for each in page.owned]
    assert sorted(dues) == owned == [f"w{number:02}" for number in range(70)]
    assert [len(each.dues) + len(each.owned) for each in pages] == [30, 30, 30, 30, 20]
    assert (pages[2].owes, pages[2].owns) == (views.Part(60, 10, 70), views.Part(0, 20, 70))
    assert home_of(world, OWNER, 99) == pages[-1]
    assert home_of(world, OWNER, -1) == pages[0]


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.MEMBER])
def test_i4_people_beyond_are_told_what_this_is_and_nothing_else(
    live: World, standing: Standing
) -> None:
    before = live.contents()
    shown = home.show_home(live.deps, OWNER, standing)
    assert isinstance(shown.view, views.HomeClosed)
    assert shown.view.sentence
    assert not shown.workflows
    assert live.contents() == before


def test_i4_who_has_left_sees_nothing_whatever_is_said_of_them(live: World) -> None:
    live.leaves(STEWARD, Standing.GUEST)
    shown = home.show_home(live.deps, STEWARD, Standing.MEMBER)
    assert isinstance(shown.view, views.HomeClosed)


def test_who_has_opened_theirs_within_a_month_is_kept_up(live: World) -> None:
    home.note_opened(live.deps, OWNER)
    before = live.contents()
    live.clock.move(MONDAY + timedelta(hours=3))
    home.note_opened(live.deps, OWNER)
    assert live.contents() == before, "once a day is noted, and nothing of it is on record"
    assert home.kept_up(live.deps) == {OWNER}
    live.clock.move(MONDAY + timedelta(days=29))
    home.note_opened(live.deps, BACKUP)
    live.clock.move(MONDAY + timedelta(days=31))
    assert home.kept_up(live.deps) == {BACKUP}
    home.close_home(live.deps, BACKUP)
    assert home.kept_up(live.deps) == frozenset()


def test_i12_who_is_forgotten_has_no_home_either(live: World) -> None:
    home.note_opened(live.deps, MEMBER)
    forgetting.forget_person(live.deps, OPERATOR, MEMBER, "they asked")
    assert home.kept_up(live.deps) == frozenset()


def test_i13_homes_of_one_workspace_are_not_of_another(live: World) -> None:
    other = a_world(live.path.parent, "T0OTHER", at=MONDAY)
    home.note_opened(live.deps, OWNER)
    assert home.kept_up(other.deps) == frozenset()
    before = size(live)
    other.registers()
    assert touched(live, before) == home.Touched(before)
    assert home_of(other, OWNER).dues[0].kind is ObligationKind.ACCEPT


def test_what_is_answered_touches_all_who_have_to_do_with_it(live: World) -> None:
    before = size(live)
    live.answers_page(1)
    assert not touched(live, before).people, "a draft changes no Home"
    live.answers_round(1)
    found = touched(live, before)
    assert found.workflows == {KEY}
    assert found.people == {OWNER, BACKUP, STEWARD, ROLES.technical_owner, ADMIN}
    assert not found.is_for_all
    assert found.size == size(live) > before
    assert not touched(live, found.size).people


def test_a_message_that_was_shown_touches_only_whose_time_it_moves(live: World) -> None:
    def send_one(kind: MessageKind) -> home.Touched:
        before = size(live)
        while posting := delivery.claim_message(live.deps):
            delivery.record_shown(live.deps, posting, None, "")
            if posting.message.kind is kind:
                return touched(live, before)
        raise LookupError(kind)

    assert send_one(MessageKind.ACCEPT_REQUEST) == home.Touched(size(live))
    live.clock.move(MONDAY + timedelta(minutes=30))
    assert send_one(MessageKind.REVIEW_REQUEST).workflows == {KEY}, "asked late, due later"


def test_what_is_asked_in_somebodys_place_touches_who_stands_in(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    before = size(live)
    live.pauses()
    assert MEMBER in touched(live, before).people


def test_who_comes_or_leaves_touches_everybody(live: World) -> None:
    before = size(live)
    live.leaves(BACKUP)
    assert touched(live, before).is_for_all
    before = size(live)
    live.is_away(STEWARD)
    assert touched(live, before).is_for_all


@pytest.mark.parametrize(
    ("asker", "asked", "others"), [(OWNER, BACKUP, [STEWARD]), (BACKUP, OWNER, [STEWARD])]
)
def test_i4_whoever_may_confirm_a_request_has_it_on_their_home_and_nobody_else_has(
    live: World, asker: str, asked: str, others: list[str]
) -> None:
    live.pauses()
    live.asks_to_resume(by=asker)

    def confirms_of(user_id: str) -> list[str]:
        dues = home_of(live, user_id).dues
        return [each.beside for each in dues if each.kind is ObligationKind.CONFIRM]

    assert confirms_of(asked) == [""], "it is theirs"
    assert [confirms_of(each) for each in others] == [[asked]]
    assert [confirms_of(each) for each in (asker, ADMIN, MEMBER)] == [[], [], []]
    live.confirms(1, by=others[0])
    assert [confirms_of(each) for each in (asked, *others)] == [[], []]


def test_what_somebody_may_confirm_stands_by_its_time_with_a_button(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    [due] = home_of(live, STEWARD).dues

    blocks = str(message(questions.list_dues(live.deps, person(STEWARD))).blocks)
    assert due.may_answer
    assert f"<@{BACKUP}> is asked first, and you may confirm it too" in blocks
    assert "read_confirm" in blocks


def test_every_kind_of_entry_is_of_a_workflow_of_all_or_of_no_home(live: World) -> None:
    """A whole story, and nothing in it that is taken for a workflow that there is none of."""
    live.forward(to=MONDAY + timedelta(days=5))
    live.answers_round(1)
    live.acknowledges(1)
    live.decides(1, Decision.PAUSE)
    live.asks_to_resume()
    live.confirms(1)
    live.hands_over(replace(ROLES, owner=MEMBER))
    live.takes_over(MEMBER)
    live.is_away(BACKUP, STEWARD, days=1)
    live.forward(48)
    for entry in live.entries():
        key = home._workflow_of(entry)  # noqa: SLF001 -- each kind by itself
        is_of_none = entry.kind in {Kind.REFUSED, Kind.LOG_STARTED} or key == ""
        assert key == KEY or is_of_none, entry


@pytest.mark.parametrize("user_id", [AUDITOR, MEMBER])
def test_an_auditor_and_nobody_else_is_told_how_to_have_the_record(
    live: World, user_id: str
) -> None:
    view = home.show_home(live.deps, user_id, Standing.MEMBER).view
    told = "`/answerable export` sends you the whole record" in str(rendered_home(view))
    assert told is (user_id == AUDITOR)
