"""What was handed out of a round says who handed it, whoever answers for the round by now: I4."""

from dataclasses import replace

from worlds import (
    BUILDER,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    World,
    findings,
    person,
    sent,
)

from bot.domain.messages import Message, MessageKind
from bot.rendering.render import message
from bot.usecases import questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT = "U0NEXT"


def words(world: World, said: Message) -> str:
    return message(showing.view_of(world.deps, said)).text


def told(world: World, kind: MessageKind, to: str) -> Message:
    """Give what was sent of a kind to somebody last."""
    return [each for each in sent(world) if (each.kind, each.to) == (kind, to)][-1]


def due_row(world: World, who: str) -> str:
    """Give what somebody reads, with `due`, of the outputs that they were handed."""
    shown = message(questions.list_dues(world.deps, person(who)))
    [row] = [each for each in map(str, shown.blocks) if "handed to you by" in each]
    return row


def passed_on(world: World) -> None:
    """Have the owner hand outputs to two people, and then the workflow to one of them."""
    world.hands_out(1, NEXT, MEMBER)
    world.hands_over(replace(ROLES, owner=NEXT))
    world.takes_over(NEXT)


def test_a_share_was_handed_out_by_who_did_though_another_owns_the_round_now(live: World) -> None:
    passed_on(live)
    said = words(live, told(live, MessageKind.SHARE_REQUEST, MEMBER))
    assert said.startswith(f"<@{OWNER}> asked you to review 2 outputs of {KEY}, round 1.")
    assert f"<@{NEXT}> answers for the round now and can take outputs back" in said
    assert f"handed to you by <@{OWNER}>; <@{NEXT}> answers for the round now" in due_row(
        live, MEMBER
    )


def test_who_owns_the_round_by_now_reads_that_what_they_were_handed_is_their_own(
    live: World,
) -> None:
    passed_on(live)
    said = words(live, told(live, MessageKind.SHARE_REQUEST, NEXT))
    assert said.startswith(f"<@{OWNER}> asked you to review 2 outputs of {KEY}, round 1.")
    assert said.endswith("The round is your own now, and these with it.")
    assert f"handed to you by <@{OWNER}>; the round is your own now" in due_row(live, NEXT)
    live.answers_share(1, by=NEXT)
    live.answers_share(2, by=MEMBER)
    assert live.answers_round(1, by=NEXT)
    assert findings(live) == []


def test_what_a_stand_in_handed_out_says_that_they_did_and_who_stays_answerable(
    live: World,
) -> None:
    live.is_away(OWNER, NEXT)
    live.tick()
    live.hands_out(1, MEMBER, by=NEXT)
    said = words(live, told(live, MessageKind.SHARE_REQUEST, MEMBER))
    assert said.startswith(f"<@{NEXT}> asks you to review")
    assert f"<@{OWNER}> stays answerable for the round" in said
    assert "answers for the round now" not in due_row(live, MEMBER)


def test_a_former_owner_reads_of_each_notice_on_shares_what_it_told_them(live: World) -> None:
    live.hands_out(1, BUILDER)
    live.leaves(BUILDER)
    [*_, left] = [each for each in sent(live) if each.kind is MessageKind.REVIEWER_NOTICE]
    live.takes_back(1)
    live.hands_out(1, MEMBER, keeps=True)
    live.answers_share(2, by=MEMBER)
    now = sent(live)
    live.hands_over(replace(ROLES, owner=NEXT))
    live.takes_over(NEXT)

    it_is = f"The round is with <@{NEXT}> now: nothing is asked of you."
    notice, all_in = MessageKind.SHARES_NOTICE, MessageKind.SHARES_IN
    shown = {each.kind: words(live, each) for each in (left, *now) if each.to == OWNER}
    assert shown[MessageKind.REVIEWER_NOTICE] == (
        f"You were told that <@{BUILDER}> could not review what they had of round 1 of {KEY}. "
        f"{it_is}"
    )
    assert shown[notice] == f"You were told how far the reviewers of round 1 of {KEY} were. {it_is}"
    assert shown[all_in] == (
        f"You were told that the reviewers of round 1 of {KEY} had handed in. {it_is}"
    )
    [asked] = [each for each in sent(live) if each.kind is MessageKind.REVIEW_REQUEST]
    assert asked.to == OWNER
    assert words(live, asked) == (
        f"You were asked to review round 1 of {KEY}. It is with <@{NEXT}> now: nothing more is "
        "asked of you."
    )
