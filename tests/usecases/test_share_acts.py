"""An owner hands outputs to reviewers, and stays answerable: I1, I3; two looks, two people: I4."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot.domain.breaches import Cause, Decision
from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import OPERATOR, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.rounds import DrawnItem, Look, RoundState
from bot.domain.shares import ShareState, dealt
from bot.domain.verdicts import Judgement
from bot.rendering.render import message, modal
from bot.rendering.views import RoundCard
from bot.usecases import delivery, forgetting, questions, shares, showing, verdicts
from bot.usecases.shares import ShareReady
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page
from bot.usecases.verdicts import HandedIn, Ready, WithReviewers
from handlers.slack.pages import page_view
from tests.posted import all_shown

REVIEW, SECOND = ObligationKind.REVIEW, ObligationKind.SECOND_REVIEW


def items(world: World, look: Look = Look.FIRST) -> tuple[DrawnItem, ...]:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.rounds.items(KEY, 1, look)


def state(world: World, number: int) -> ShareState:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.shares.get(KEY, number).state


def notice(world: World, to: str = OWNER) -> str:
    with world.deps.store.read(world.deps.workspace) as reading:
        last = reading.log.head_or_none()
    assert last
    owed = world.owed(REVIEW, 1).id
    kind = MessageKind.SHARES_NOTICE
    about = Message(kind, Place.PERSON, to, last.size - 1, KEY, 1, owed)
    return str(message(showing.view_of(world.deps, about)).blocks)


def asked(world: World, share: int, to: str = BUILDER) -> str:
    owed = world.owed(REVIEW, 1).id
    kind = MessageKind.SHARE_REQUEST
    about = Message(kind, Place.PERSON, to, 1, KEY, share, owed)
    return str(message(showing.view_of(world.deps, about)).blocks)


def said(position: int, judgement: Judgement = CORRECT) -> PageAnswer:
    return PageAnswer(KEY, 1, position, judgement)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a workspace whose first round waits for verdicts on four outputs."""
    return a_live_world(tmp_path)


@pytest.fixture
def handed(tmp_path: Path) -> World:
    """Give one where the builder has the first and the third, a member the others."""
    return a_world_after(tmp_path, _handed)


def _handed(folder: Path) -> World:
    world = a_live_world(folder)
    world.hands_out(1, BUILDER, MEMBER)
    return world


def test_outputs_are_dealt_evenly_in_the_order_of_the_draw() -> None:
    assert dealt(range(5), ["a", "b"], owner_keeps=False) == {"a": (0, 2, 4), "b": (1, 3)}
    assert dealt(range(5), ["a"], owner_keeps=True) == {"a": (0, 2, 4)}


def test_what_was_handed_to_whom_is_on_record(world: World) -> None:
    done = world.hands_out(1, BUILDER, MEMBER)
    assert done.given == ((BUILDER, 2), (MEMBER, 2))
    assert [item.share for item in items(world)] == [1, 2, 1, 2]
    found = world.entries(Kind.ITEMS_HANDED)
    assert [entry.facts["positions"] for entry in found] == [[0, 2], [1, 3]]
    assert [entry.role for entry in found] == ["owner", "owner"]
    assert BUILDER not in str(found), "people are pseudonyms in the record"
    assert findings(world) == []


def test_the_owner_may_take_a_share(world: World) -> None:
    done = world.hands_out(1, BUILDER, keeps=True)
    assert (done.given, done.kept) == (((BUILDER, 2),), 2)
    assert [item.share for item in items(world)] == [1, 0, 1, 0]


def test_what_the_owner_has_answered_is_not_handed_out(world: World) -> None:
    world.answers_page(1)
    assert world.hands_out(1, BUILDER).given == ((BUILDER, 3),)
    assert [item.share for item in items(world)] == [0, 1, 1, 1]


def test_a_reviewer_sees_their_outputs_alone(handed: World) -> None:
    page = shares.open_share(handed.deps, person(MEMBER), KEY, 2)
    assert isinstance(page, Page)
    assert (page.item.position, page.place, page.done, page.total) == (1, 0, 0, 2)
    second = handed.answers_share_page(2, by=MEMBER)
    assert isinstance(second, Page)
    assert (second.item.position, second.place, second.is_last) == (3, 1, True)
    shown = modal(page_view(second, 2))
    assert (shown["callback_id"], shown["private_metadata"]) == ("share_page", "triage/2/3")
    assert "'2 of 2'" in str(shown["title"])
    with pytest.raises(Refused, match="not with you any more"):
        shares.answer_share_page(handed.deps, person(MEMBER), 2, said(0))


def test_a_reviewer_reads_on_a_page_taken_from_them_how_to_go_on(handed: World) -> None:
    verdicts.answer_page(handed.deps, person(OWNER), said(1))
    with pytest.raises(Refused, match="Close this page and press Review your outputs for what is"):
        shares.answer_share_page(handed.deps, person(MEMBER), 2, said(1))
    page = shares.open_share(handed.deps, person(MEMBER), KEY, 2)
    assert isinstance(page, Page)
    assert page.item.position == 3


def test_a_share_handed_in_stands_under_its_reviewers_name(handed: World) -> None:
    done = handed.answers_share(2, WRONG, by=MEMBER)
    assert (done.outputs, done.breach) == (2, None)
    assert [item.judged_by for item in items(handed)] == ["", MEMBER, "", MEMBER]
    given = handed.entries(Kind.VERDICT_RECORDED)
    assert {entry.role for entry in given} == {"reviewer"}
    [answered] = handed.entries(Kind.ITEMS_ANSWERED)
    assert (answered.facts["share"], answered.facts["outputs"]) == (2, 2)
    assert answered.actor == given[0].actor
    assert handed.round(1).state is RoundState.DRAWN
    assert handed.owed(REVIEW, 1).is_open, "the round is the owner's to hand in"
    assert findings(handed) == []


def test_the_same_answer_again_changes_nothing(handed: World) -> None:
    handed.answers_share(2, by=MEMBER)
    size = len(handed.entries())
    done = shares.answer_share_page(handed.deps, person(MEMBER), 2, said(3))
    assert isinstance(done, shares.SharedIn)
    again = shares.hand_in_share(handed.deps, person(MEMBER), KEY, 2)
    assert (again.outputs, len(handed.entries())) == (2, size)
    with pytest.raises(Refused, match="you have handed it in"):
        shares.answer_share_page(handed.deps, person(MEMBER), 2, said(3, WRONG))


def test_the_owner_hands_in_when_all_is_answered(handed: World) -> None:
    handed.answers_share(1)
    handed.answers_share(2, WRONG, by=MEMBER)
    assert "press Review and hand the round in" in notice(handed)
    ready = verdicts.open_review(handed.deps, person(OWNER), KEY, 1)
    assert isinstance(ready, Ready)
    assert [each.by for each in ready.answers] == [BUILDER, MEMBER, BUILDER, MEMBER]
    done = verdicts.hand_in_round(handed.deps, person(OWNER), KEY, 1)
    assert (done.result.judged, done.result.errors, done.result.missing) == (4, 1, 0)
    assert handed.round(1).state is RoundState.CLOSED
    assert handed.owed(REVIEW, 1).state is ObligationState.ANSWERED
    size = len(handed.entries())
    again = verdicts.hand_in_round(handed.deps, person(OWNER), KEY, 1)
    assert (again.receipt.number, len(handed.entries())) == (done.receipt.number, size)
    assert done.others == again.others == tuple(sorted((BUILDER, MEMBER)))
    assert findings(handed) == []


def test_an_owner_who_took_everything_back_reads_that_all_of_it_is_with_them(
    handed: World,
) -> None:
    handed.takes_back(1)
    handed.takes_back(2)
    said = notice(handed)
    assert "0 of 4 outputs have a verdict" in said
    assert "All of them are with you." in said


def test_the_owner_is_told_to_wait_before_the_reviewers_outputs_come_up(world: World) -> None:
    world.hands_out(1, BUILDER, keeps=True)
    assert isinstance(world.answers_page(1), Page)
    waiting = world.answers_page(1)
    assert isinstance(waiting, WithReviewers)
    assert waiting.held == ((BUILDER, 2),)
    assert not waiting.unable


def test_i1_the_owner_is_not_told_to_wait_for_a_reviewer_who_has_left(world: World) -> None:
    world.hands_out(1, BUILDER, keeps=True)
    world.leaves(BUILDER)
    world.answers_page(1)
    waiting = world.answers_page(1)
    assert isinstance(waiting, WithReviewers)
    assert (waiting.held, waiting.unable) == (((BUILDER, 2),), {BUILDER})
    theirs = verdicts.open_review(world.deps, person(OWNER), KEY, 1)
    assert isinstance(theirs, Page)
    assert theirs.held_by == BUILDER


def test_i1_the_owner_may_answer_what_a_reviewer_has_and_so_takes_it_back(handed: World) -> None:
    handed.answers_share_page(1, WRONG)
    page = verdicts.open_review(handed.deps, person(OWNER), KEY, 1)
    assert isinstance(page, Page)
    assert page.held_by == BUILDER
    assert "take it back" in str(modal(page_view(page)))
    done = handed.answers_round(1)
    assert (done.result.judged, done.result.errors) == (4, 0)
    assert [state(handed, number) for number in (1, 2)] == [ShareState.TAKEN_BACK] * 2
    assert {item.judged_by for item in items(handed)} == {OWNER}
    assert findings(handed) == []


def test_nobody_hands_in_what_a_reviewer_only_drafted(handed: World) -> None:
    handed.answers_share_page(1)
    with pytest.raises(Refused, match="4 outputs"):
        verdicts.hand_in_round(handed.deps, person(OWNER), KEY, 1)
    with pytest.raises(Refused, match="1 of your outputs"):
        shares.hand_in_share(handed.deps, person(BUILDER), KEY, 1)


def test_what_a_reviewer_has_handed_in_is_nobodys_to_change(handed: World) -> None:
    handed.answers_share(2, WRONG, by=MEMBER)
    size = len(handed.entries())
    with pytest.raises(Refused, match=r"as they gave it\. Close this page and press Review for"):
        verdicts.answer_page(handed.deps, person(OWNER), said(1))
    assert len(handed.entries()) == size + 1
    assert items(handed)[1].judged_by == MEMBER


def test_i3_what_is_said_of_shares_moves_no_deadline_of_the_owner(handed: World) -> None:
    before = handed.owed(REVIEW, 1)
    handed.clock.move(handed.clock.now() + timedelta(hours=3))
    kinds = []
    while posting := delivery.claim_message(handed.deps):
        kinds.append(posting.message.kind)
        if posting.message.kind is MessageKind.SHARE_REQUEST:
            delivery.record_shown(handed.deps, posting, Shown("D1", f"1.{posting.id}"), "")
        elif posting.message.kind is MessageKind.SHARES_NOTICE:
            delivery.record_undeliverable(handed.deps, posting, "channel_not_found")
    assert {MessageKind.SHARE_REQUEST, MessageKind.SHARES_NOTICE} <= {*kinds}
    assert handed.owed(REVIEW, 1) == before


def test_what_is_taken_back_can_be_handed_out_again(handed: World) -> None:
    handed.answers_share_page(1)
    handed.takes_back(1)
    handed.takes_back(1)
    assert len(handed.entries(Kind.ITEMS_TAKEN_BACK)) == 1
    with pytest.raises(Refused, match="it was taken back"):
        handed.answers_share_page(1)
    assert handed.hands_out(1, ADMIN).given == ((ADMIN, 2),)
    assert [item.share for item in items(handed)] == [3, 2, 3, 2]
    handed.answers_share(3, by=ADMIN)
    with pytest.raises(Refused, match="they stand"):
        handed.takes_back(3)
    assert findings(handed) == []


def test_a_reviewer_whose_last_output_was_taken_hands_in_the_rest(handed: World) -> None:
    handed.answers_share_page(1)
    verdicts.answer_page(handed.deps, person(OWNER), said(2))
    ready = shares.open_share(handed.deps, person(BUILDER), KEY, 1)
    assert isinstance(ready, ShareReady)
    assert ready.outputs == 1
    assert handed.answers_share(1).outputs == 1


def test_i3_silence_of_a_reviewer_changes_nothing_of_what_the_owner_owes(world: World) -> None:
    before = world.owed(REVIEW, 1)
    world.hands_out(1, BUILDER)
    assert world.owed(REVIEW, 1) == before
    world.live_through(72 + 2 + 4 + 8 + 1)
    assert [entry.facts["rung"] for entry in world.climbs(REVIEW, 1)] == [0, 1, 2, 3]
    causes = [entry.facts["cause"] for entry in world.entries(Kind.BREACH_OPENED)]
    assert Cause.ROUND_NOT_ANSWERED in causes
    world.answers_share(1)
    assert {item.is_late for item in items(world)} == {True}
    done = world.answers_round(1)
    assert (done.is_late, done.grade) == (True, None)
    assert findings(world) == []


def test_what_was_handed_in_counts_when_the_round_closes_by_silence(handed: World) -> None:
    handed.answers_share(1)
    handed.live_through(72 + 2 + 4 + 8 + 1)
    [closed] = handed.entries(Kind.ROUND_CLOSED)
    assert (closed.facts["judged"], closed.facts["missing"]) == (2, 2)


def test_what_a_reviewer_judges_critical_is_a_breach_at_once(handed: World) -> None:
    done = handed.answers_share(1, CRITICAL)
    assert done.breach == 1
    handed.answers_share(2, by=MEMBER)
    assert handed.answers_round(1).breach is None, "it is not said a second time"


@pytest.mark.parametrize("user", [OWNER, BACKUP, STEWARD, MEMBER, ADMIN])
def test_i4_nobody_answers_anothers_share(world: World, user: str) -> None:
    world.hands_out(1, BUILDER)
    with pytest.raises(Refused, match="takes the reviewer they were handed to"):
        shares.open_share(world.deps, person(user), KEY, 1)
    with pytest.raises(Refused):
        shares.hand_in_share(world.deps, person(user), KEY, 1)
    with pytest.raises(Refused):
        shares.answer_share_page(world.deps, person(user), 1, said(0))
    assert world.refusals() == ["may not answer these outputs"]


def test_whoever_has_a_share_alone_is_led_to_it_from_the_round(handed: World) -> None:
    def led(user: str) -> int | None:
        return shares.share_instead(handed.deps, user, KEY, 1)

    assert [led(user) for user in (OWNER, BUILDER, MEMBER, STEWARD)] == [None, 1, 2, None]
    assert shares.share_instead(handed.deps, BUILDER, KEY, 2) is None
    handed.answers_share(1)
    assert led(BUILDER) is None
    handed.hands_over(replace(ROLES, owner=MEMBER))
    handed.takes_over(MEMBER)
    assert led(MEMBER) is None, "the whole round is theirs now"


def test_i4_a_reviewer_whom_the_round_has_reached_reviews_all_of_it(world: World) -> None:
    world.hands_out(1, STEWARD)
    world.live_through(72)
    assert shares.share_instead(world.deps, STEWARD, KEY, 1) == 1
    world.live_through(2 + 4 + 1)
    assert shares.share_instead(world.deps, STEWARD, KEY, 1) is None


@pytest.mark.parametrize("user", [BACKUP, STEWARD, BUILDER, MEMBER, ADMIN])
def test_i4_only_the_owner_hands_out_and_takes_back(handed: World, user: str) -> None:
    with pytest.raises(Refused, match="takes the owner"):
        shares.open_handing(handed.deps, person(user), KEY, 1)
    with pytest.raises(Refused):
        handed.hands_out(1, ADMIN, by=user)
    with pytest.raises(Refused):
        handed.takes_back(1, by=user)
    with pytest.raises(Refused):
        verdicts.hand_in_round(handed.deps, person(user), KEY, 1)


def test_i4_a_share_that_nobody_has_is_refused(handed: World) -> None:
    for act in (shares.open_share, shares.hand_in_share, shares.take_share_back):
        with pytest.raises(Refused, match="share 9"):
            act(handed.deps, person(BUILDER), KEY, 9)
    for standing in (Standing.GUEST, Standing.FOREIGN, Standing.BOT):
        with pytest.raises(Refused):
            shares.open_share(handed.deps, person(BUILDER, standing=standing), KEY, 1)
    assert handed.refusals() == [
        "nothing handed out",
        "guest may not act",
        "foreign may not act",
        "bot may not act",
    ]


def test_i4_who_owes_the_second_look_is_no_reviewer(world: World) -> None:
    with pytest.raises(Refused, match="blind second look") as refused:
        world.hands_out(1, BACKUP)
    assert refused.value.field == "reviewers"
    world.looks_again(1)
    with pytest.raises(Refused, match="blind second look"):
        world.hands_out(1, BUILDER, BACKUP)
    assert items(world)[0].share == 0


def test_i4_whoever_answered_a_share_takes_no_second_look(world: World) -> None:
    world.hands_out(1, STEWARD)
    world.answers_share_page(1, by=STEWARD)
    world.live_through(72 + 2 + 4 + 1)  # the second look has climbed to the steward by now
    passed = [e.facts["passed"] for e in world.climbs(ObligationKind.SECOND_REVIEW, 1)]
    assert passed[2] == "not independent of what was answered"
    with pytest.raises(Refused, match="takes its own person"):
        world.looks_at_page(1, by=STEWARD)


def test_i4_whoever_is_shown_what_reviewers_answered_takes_no_second_look(handed: World) -> None:
    handed.answers_share(1)
    handed.answers_share(2, WRONG, by=MEMBER)
    handed.is_away(OWNER, BACKUP)

    for _ in range(2):
        ready = verdicts.open_review(handed.deps, person(BACKUP), KEY, 1)
        assert isinstance(ready, Ready)
        assert ready.is_noted
    shown = handed.entries(Kind.OUTPUTS_SEEN)
    assert [(each.facts, each.role) for each in shown] == [
        ({"workflow": KEY, "round": 1, "look": "first"}, "delegate of owner")
    ]
    handed.forward(0)
    climbs = [(each.facts["rung"], each.facts["passed"]) for each in handed.climbs(SECOND, 1)]
    assert climbs[-1] == (2, None), "the steward is asked at once"
    with pytest.raises(Refused, match="It is on record that you opened what the other look"):
        handed.looks_at_page(1)
    verdicts.hand_in_round(handed.deps, person(BACKUP), KEY, 1)
    handed.looks_again(1, by=STEWARD)
    assert findings(handed) == []


def test_i5_that_somebody_saw_their_own_answers_alone_is_not_noted(handed: World) -> None:
    for share in (1, 2):
        handed.takes_back(share)
    for item in items(handed):
        outcome = verdicts.answer_page(handed.deps, person(OWNER), said(item.position))
    assert isinstance(outcome, Ready)
    assert not outcome.is_noted
    assert handed.entries(Kind.OUTPUTS_SEEN) == []


def test_neither_look_is_told_of_the_other_by_a_share(handed: World) -> None:
    handed.answers_share(1, WRONG, WRONG)
    handed.answers_share(2, WRONG, WRONG, by=MEMBER)
    handed.looks_again(1)
    card = showing.view_of(
        handed.deps, Message(MessageKind.ROUND_CARD, Place.CHANNEL, "C0WATCH", 1, KEY, 1)
    )
    assert isinstance(card, RoundCard)
    assert (card.looks.given, card.looks.disagreed) == (0, 0)
    with handed.deps.store.read(handed.deps.workspace) as reading:
        assert reading.obligations.find("settle/triage/1") is None
    handed.answers_round(1)
    owed = handed.owed(ObligationKind.SETTLE, 1)
    assert owed.is_open
    assert owed.owed_by == STEWARD


@pytest.mark.parametrize(
    ("reviewers", "sentence"),
    [
        ((), "Choose who"),
        ((OWNER,), "Choose others"),
        (("U1", "U2", "U3", "U4", "U5"), "Only 4 outputs wait"),
        (("U1", "U2", "U3", "U4", "U5", "U6"), "5 people at most"),
    ],
)
def test_what_cannot_be_handed_out_is_said(
    world: World, reviewers: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        world.hands_out(1, *reviewers)


def test_who_cannot_answer_is_no_reviewer(world: World) -> None:
    outside = shares.Handing(KEY, 1, (MEMBER,), owner_keeps=False, outsiders=frozenset({MEMBER}))
    with pytest.raises(Invalid, match="no guest"):
        shares.hand_items(world.deps, person(OWNER), outside)
    with pytest.raises(Invalid, match="nobody audits what they answer"):
        world.hands_out(1, AUDITOR)
    world.is_away(BUILDER)
    with pytest.raises(Invalid, match="away now"):
        world.hands_out(1, BUILDER)
    world.leaves(BUILDER)
    with pytest.raises(Invalid, match="deactivated"):
        world.hands_out(1, BUILDER)


def test_nothing_is_left_to_hand_out(handed: World) -> None:
    with pytest.raises(Refused, match="take some back"):
        shares.open_handing(handed.deps, person(OWNER), KEY, 1)
    with pytest.raises(Invalid, match="Only 0 outputs"):
        handed.hands_out(1, ADMIN)


def test_the_owner_is_told_how_far_each_is(handed: World) -> None:
    handed.answers_share_page(1)
    handed.answers_share(2, by=MEMBER)
    shown = notice(handed)
    assert "<@U0BUILDER> 1 of 2" in shown
    assert "<@U0MEMBER> handed in 2" in shown
    assert "2 of 4 outputs have a verdict" in shown
    assert shown.count("Take back") == 1
    assert "Review your outputs" in asked(handed, 1)
    assert "Review your outputs" not in asked(handed, 2, MEMBER)


def test_the_owner_is_told_what_whoever_stands_in_has_answered_for_them(world: World) -> None:
    world.hands_out(1, BUILDER, keeps=True)
    world.is_away(OWNER, MEMBER)
    world.tick()
    world.answers_page(1, by=MEMBER)
    assert (
        "2 of the 4 are with you. 1 of these is answered by <@U0MEMBER>: what they said counts "
        "once the round is handed in." in notice(world)
    )
    assert "is answered by" not in notice(world, MEMBER)


def test_a_reviewer_finds_what_they_were_handed_among_what_waits_for_them(handed: World) -> None:
    handed.answers_share_page(1)
    dues = questions.list_dues(handed.deps, person(BUILDER))
    assert [each.share.left for each in dues.dues if each.share] == [1]
    said = str(message(dues).blocks)
    assert "Review 2 outputs of round 1 of triage" in said
    assert "1 still to answer" in said
    assert "'Review your outputs'" in said
    assert "verdue" not in said
    handed.live_through(72 + 1)
    late = message(questions.list_dues(handed.deps, person(BUILDER)))
    assert "*Overdue* · Review 2 outputs of round 1" in str(late.blocks)
    handed.answers_share(1)
    assert questions.list_dues(handed.deps, person(BUILDER)).dues == ()


def test_the_owner_is_told_that_a_reviewer_is_away_or_has_left(handed: World) -> None:
    handed.is_away(MEMBER, start=1)
    assert told(handed, OWNER, MessageKind.REVIEWER_NOTICE) == []
    handed.forward(24)
    assert "is away until" in notice(handed)
    [away] = told(handed, OWNER, MessageKind.REVIEWER_NOTICE)
    assert "<@U0MEMBER> is away until" in away
    assert "take_back:1" in away
    handed.leaves(BUILDER)
    assert "has left: take these back" in notice(handed)
    _, left = told(handed, OWNER, MessageKind.REVIEWER_NOTICE)
    assert "<@U0BUILDER> cannot review any more" in left
    handed.takes_back(1)
    handed.takes_back(2)
    assert "take_back" not in str(told(handed, OWNER, MessageKind.REVIEWER_NOTICE))


@pytest.mark.parametrize("stand_in", ["", STEWARD])
def test_a_reviewer_who_goes_away_reads_that_what_was_handed_to_them_goes_to_nobody(
    handed: World, stand_in: str
) -> None:
    handed.is_away(MEMBER, stand_in)
    stays = "What was handed to them to review stays with them: the owner of that round is told."
    assert stays in all_shown(handed)[MessageKind.ABSENCE_NOTICE, MEMBER].text
    handed.is_away(BACKUP)
    assert stays not in all_shown(handed)[MessageKind.ABSENCE_NOTICE, BACKUP].text


def test_the_owner_is_told_that_a_reviewer_could_not_be_asked(handed: World) -> None:
    before = handed.owed(REVIEW, 1)
    while posting := delivery.claim_message(handed.deps):
        if posting.message.to == MEMBER:
            delivery.record_undeliverable(handed.deps, posting, "channel_not_found")
            break
    [unasked] = told(handed, OWNER, MessageKind.REVIEWER_NOTICE)
    assert "<@U0MEMBER> could not be asked" in unasked
    assert handed.owed(REVIEW, 1) == before, "what the owner owes climbs no sooner by it"


def test_the_owner_is_told_once_that_the_last_reviewer_has_handed_in(handed: World) -> None:
    def all_in(to: str = OWNER) -> list[str]:
        return told(handed, to, MessageKind.SHARES_IN)

    before = handed.owed(REVIEW, 1)
    handed.answers_share(1)
    assert all_in() == []
    handed.answers_share(2, by=MEMBER)
    shares.hand_in_share(handed.deps, person(MEMBER), KEY, 2)  # again: nothing more is said
    [said] = all_in()
    assert "All reviewers of round 1 of triage have handed in" in said
    assert "Look over what they said and hand the round in" in said
    assert "'review'" in said
    assert handed.owed(REVIEW, 1) == before
    while posting := delivery.claim_message(handed.deps):
        delivery.record_shown(handed.deps, posting, Shown("D1", f"1.{posting.id}"), "")
    handed.answers_round(1)
    *_, spent = all_in()
    assert "'review'" not in spent
    assert "nothing more is owed" in spent


def test_what_waits_for_the_owner_is_said_when_the_reviewers_are_through(world: World) -> None:
    world.hands_out(1, BUILDER, keeps=True)
    world.answers_page(1)
    world.answers_share(1)
    assert "1 of 4 outputs waits" in told(world, OWNER, MessageKind.SHARES_IN)[0]
    world.hands_out(1, MEMBER)
    [again] = told(world, OWNER, MessageKind.SHARES_IN)
    assert "Since then 1 output went to a reviewer again" in again
    assert "'review'" not in again
    world.answers_share(2, by=MEMBER)
    assert len(told(world, OWNER, MessageKind.SHARES_IN)) == 2


def test_i3_that_all_shares_are_in_asks_for_nothing_that_could_climb(handed: World) -> None:
    handed.answers_share(1)
    handed.answers_share(2, by=MEMBER)
    before = handed.owed(REVIEW, 1)
    while posting := delivery.claim_message(handed.deps):
        if posting.message.kind is MessageKind.SHARES_IN:
            delivery.record_undeliverable(handed.deps, posting, "channel_not_found")
            break
    assert handed.owed(REVIEW, 1) == before


def test_nothing_is_said_of_all_reviewers_where_the_owner_took_back(handed: World) -> None:
    handed.answers_share(1)
    handed.takes_back(2)
    assert told(handed, OWNER, MessageKind.SHARES_IN) == []


def test_i4_a_reviewer_who_takes_the_second_look_first_is_barred_and_the_owner_takes_back(
    world: World,
) -> None:
    world.hands_out(1, STEWARD, MEMBER)
    world.live_through(72 + 2 + 4 + 1)  # the second look has climbed to the steward by now
    assert "Review your outputs" in asked(world, 1, STEWARD)
    world.looks_at_page(1, by=STEWARD)
    assert told(world, OWNER, MessageKind.REVIEWER_NOTICE) == [], "nothing is barred by a draft"
    world.looks_again(1, by=STEWARD)
    [barred] = told(world, OWNER, MessageKind.REVIEWER_NOTICE)
    assert "<@U0STEWARD> has taken the second look at round 1" in barred
    assert "take_back:1" in barred
    assert "<@U0STEWARD> 0 of 2; has taken the second look" in notice(world)
    assert "You cannot answer these any more" in asked(world, 1, STEWARD)
    assert "Review your outputs" not in asked(world, 1, STEWARD)
    assert "Review your outputs" in asked(world, 2, MEMBER)
    assert not [e for e in questions.list_dues(world.deps, person(STEWARD)).dues if e.share]
    with pytest.raises(Refused, match="takes its own person"):
        world.answers_share_page(1, by=STEWARD)
    world.takes_back(1)
    assert "take_back" not in str(told(world, OWNER, MessageKind.REVIEWER_NOTICE))
    assert findings(world) == []


def test_who_stands_in_for_the_owner_is_told_as_well_and_may_take_back(world: World) -> None:
    world.is_away(OWNER, ADMIN)
    world.tick()
    world.hands_out(1, BUILDER, by=ADMIN)
    assert world.entries(Kind.ITEMS_HANDED)[0].role == "delegate of owner"
    assert "0 of 4" in told(world, ADMIN, MessageKind.SHARES_NOTICE)[0]
    world.takes_back(1, by=ADMIN)
    assert findings(world) == []


def test_a_new_owner_is_told_what_is_with_reviewers(handed: World) -> None:
    handed.hands_over(replace(ROLES, owner=ADMIN))
    handed.takes_over(ADMIN)
    assert "0 of 2" in told(handed, ADMIN, MessageKind.SHARES_NOTICE)[0]
    handed.takes_back(1, by=ADMIN)
    with pytest.raises(Refused, match="takes the owner"):
        handed.takes_back(2)
    assert findings(handed) == []


def told(world: World, to: str, kind: MessageKind) -> list[str]:
    """Give what is waiting to be sent of this kind to a person, as it is shown."""
    with world.deps.store.engine.connect() as connection:
        rows = connection.execute(
            text('SELECT subject, entry FROM outbox WHERE kind = :kind AND "to" = :to ORDER BY id'),
            {"kind": kind, "to": to},
        ).all()
    owed = world.owed(REVIEW, 1).id
    waiting = [Message(kind, Place.PERSON, to, row.entry, KEY, row.subject, owed) for row in rows]
    return [str(message(showing.view_of(world.deps, each)).blocks) for each in waiting]


def test_what_is_with_reviewers_comes_back_when_the_round_is_owed_no_more(handed: World) -> None:
    handed.answers_share(1, CRITICAL)
    handed.acknowledges(1)
    handed.decides(1, Decision.RETIRE, by=STEWARD)
    assert handed.owed(REVIEW, 1).state is ObligationState.SUPERSEDED
    assert state(handed, 2) is ShareState.TAKEN_BACK
    with pytest.raises(Refused, match="taken back"):
        handed.answers_share_page(2, by=MEMBER)
    assert "not with you any more" in asked(handed, 2, MEMBER)
    assert findings(handed) == []


def test_i12_whoever_has_outputs_to_review_is_not_forgotten(handed: World) -> None:
    with pytest.raises(Refused, match="has to take them back first"):
        forgetting.forget_person(handed.deps, OPERATOR, MEMBER, "they asked for it")
    handed.takes_back(2)
    forgetting.forget_person(handed.deps, OPERATOR, MEMBER, "they asked for it")
    assert findings(handed) == []


def test_the_round_is_handed_in_at_once_where_nothing_was_handed_out(world: World) -> None:
    for _ in range(3):
        assert isinstance(world.answers_page(1), Page)
    assert isinstance(world.answers_page(1), HandedIn)
