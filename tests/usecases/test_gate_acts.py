"""One person stops a workflow, its channel and its pipelines are told: I4 actor, I10 stop."""

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CHANNEL,
    KEY,
    MEMBER,
    OWNER,
    STEWARD,
    World,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.people import OPERATOR
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.tokens import Scope
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import breaches, gate, showing, tokens


def state(world: World) -> GateState:
    return world.workflow().gate.state


@pytest.mark.parametrize("by", [OWNER, BACKUP, STEWARD, BUILDER, ADMIN])
def test_i10_whoever_is_named_stops_a_workflow_alone_and_at_once(live: World, by: str) -> None:
    live.pauses(by=by)

    board = gate.read_board(live.deps, -1)
    assert board
    assert [row.gate.state for row in board.gates] == [GateState.PAUSED]


def test_i10_the_operator_stops_a_workflow_without_slack(live: World) -> None:
    gate.pause_workflow(live.deps, OPERATOR, KEY, "the vendor called")

    assert state(live) is GateState.PAUSED
    assert live.entries(Kind.GATE_CHANGED)[-1].actor == "operator"


@pytest.mark.parametrize("by", [AUDITOR, MEMBER])
def test_i4_others_stop_nothing(live: World, by: str) -> None:
    with pytest.raises(Refused):
        live.pauses(by=by)
    assert state(live) is GateState.RUN


def test_a_pause_says_why_and_stops_what_runs(live: World) -> None:
    for reason in ("", " ", "x" * 1_001):
        with pytest.raises(Invalid, match="reason"):
            gate.pause_workflow(live.deps, person(OWNER), KEY, reason)
    live.pauses()
    with pytest.raises(Refused, match="paused already"):
        gate.open_pause(live.deps, person(BACKUP), KEY)


def test_a_draft_cannot_be_paused(world: World) -> None:
    world.registers()
    with pytest.raises(Refused, match="nothing to pause"):
        world.pauses()


def test_i2_a_pause_delivered_twice_is_one_pause(live: World) -> None:
    sender = person(OWNER, delivery="view-1")
    receipt = gate.pause_workflow(live.deps, sender, KEY, "it misbehaves")

    with pytest.raises(Repeated) as repeated:
        gate.pause_workflow(live.deps, sender, KEY, "it misbehaves")
    assert repeated.value.proof == receipt
    assert len(live.entries(Kind.GATE_CHANGED)) == 2


def test_the_board_is_given_only_when_a_gate_or_a_token_has_changed(live: World) -> None:
    board = gate.read_board(live.deps, -1)
    assert board
    live.reports(3)
    live.answers_round(1)
    assert gate.read_board(live.deps, board.number) is None

    new = tokens.NewToken("answ_x", "tok1", KEY, frozenset({Scope.GATE_READ}))
    tokens.create_token(live.deps, new)
    after = gate.read_board(live.deps, board.number)
    assert after
    assert [token.id for token in after.tokens] == ["tok1"]
    tokens.revoke_token(live.deps, "tok1")
    revoked = gate.read_board(live.deps, after.number)
    assert revoked
    assert not revoked.tokens[0].is_good(live.clock.now())
    with pytest.raises(Refused, match="tok1 was revoked already, on 2026-06-01 09:00 UTC"):
        tokens.revoke_token(live.deps, "tok1")


def test_a_token_that_leaked_is_revoked_by_itself_and_not_said_again(live: World) -> None:
    tokens.create_token(
        live.deps, tokens.NewToken("answ_leaked", "tok1", KEY, frozenset({Scope.GATE_READ}))
    )
    with pytest.raises(Refused) as unknown:
        tokens.revoke_token(live.deps, "answ_other")
    assert "answ_other" not in unknown.value.sentence

    tokens.revoke_token(live.deps, "answ_leaked")
    assert [each.id for each in tokens.list_tokens(live.deps) if each.revoked_at] == ["tok1"]
    assert live.entries(Kind.TOKEN_REVOKED)[0].on == "token/tok1"
    with pytest.raises(Refused, match="The token tok1 was revoked already") as again:
        tokens.revoke_token(live.deps, "answ_leaked")
    assert "answ_leaked" not in again.value.sentence


def test_no_token_is_named_where_none_was_given(live: World) -> None:
    with pytest.raises(Refused, match="There is no such token to revoke"):
        tokens.revoke_token(live.deps, "")


def test_i10_a_decision_says_of_a_pause_that_it_stays_and_what_ends_it(live: World) -> None:
    live.raises("it is rude")
    live.pauses()
    live.acknowledges(1)
    form = breaches.open_decision(live.deps, person(OWNER), KEY, 1)
    assert form.gate is GateState.PAUSED
    live.decides(1, Decision.CONTINUE)
    for kind, to, words in (
        (MessageKind.BREACH_CARD, OWNER, "one asks with `/answerable resume triage`, another"),
        (MessageKind.CONCERN_NOTICE, MEMBER, "stays there until two people resume it."),
    ):
        about = Message(kind, Place.PERSON, to, 1, KEY, 1)
        assert "was at *paused* then" in message(showing.view_of(live.deps, about)).text
        assert words in message(showing.view_of(live.deps, about)).text
    live.asks_to_resume()
    live.confirms(1)
    about = Message(MessageKind.BREACH_CARD, Place.PERSON, OWNER, 1, KEY, 1)
    assert "resume" not in message(showing.view_of(live.deps, about)).text


def test_i10_a_decision_that_paused_says_so_and_not_that_it_was_paused_before(live: World) -> None:
    live.raises("it is rude")
    live.acknowledges(1)
    live.decides(1, Decision.PAUSE)
    for kind, to in ((MessageKind.BREACH_CARD, OWNER), (MessageKind.CONCERN_NOTICE, MEMBER)):
        told = message(showing.view_of(live.deps, Message(kind, Place.PERSON, to, 1, KEY, 1))).text
        assert "This decision paused the workflow." in told
        assert "was at *paused* then" not in told


def notice(world: World) -> views.GateNotice:
    """Give what tells of the gate's last move, as it reads now."""
    moved = world.entries(Kind.GATE_CHANGED)[-1].seq
    told = Message(MessageKind.GATE_NOTICE, Place.CHANNEL, CHANNEL, moved, workflow=KEY)
    view = showing.view_of(world.deps, told)
    assert isinstance(view, views.GateNotice)
    return view


def test_i10_a_notice_that_is_sent_late_says_where_the_gate_is_by_then(live: World) -> None:
    live.pauses()
    told = Message(
        MessageKind.GATE_NOTICE, Place.CHANNEL, CHANNEL, live.workflow().gate.entry, workflow=KEY
    )

    def words() -> str:
        return str(message(showing.view_of(live.deps, told)).blocks)

    to_resume = "To ask for it to run again"
    assert to_resume in words()
    live.asks_to_resume()
    live.confirms(1)
    assert "It has moved again since, and is at *run* now. The pipeline may act." in words()
    assert to_resume not in words()
    assert "until two people resume it" not in words()
    live.pauses()
    assert to_resume in words(), "it is paused, whenever since"
    assert "moved again" not in words()


def test_i10_a_notice_says_what_has_to_be_answered_before_a_gate_stays_open(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.raises()
    live.live_through(4 + 4 + 8)
    unanswered = views.Unanswered(ObligationKind.ACKNOWLEDGE, KEY, 1)
    assert state(live) is GateState.REVIEW_ALL
    assert notice(live).unanswered == (unanswered,)
    live.asks_to_resume()
    live.confirms(1)
    live.live_through(8)
    assert state(live) is GateState.PAUSED, "silence closes it again"
    live.acknowledges(1)
    assert notice(live).unanswered == ()


@pytest.mark.parametrize(
    ("left", "away", "too_few"),
    [
        ((), {}, None),
        ((OWNER,), {}, None),
        ((), {STEWARD: ""}, None),
        ((OWNER,), {STEWARD: MEMBER}, None),
        ((OWNER, STEWARD), {}, views.TooFew((BACKUP,), (OWNER, STEWARD), (), "an admin")),
        (
            (BACKUP,),
            {STEWARD: ""},
            views.TooFew((OWNER,), (BACKUP,), (STEWARD,), "the owner or an admin"),
        ),
        ((STEWARD,), {OWNER: MEMBER}, views.TooFew((BACKUP,), (STEWARD,), (OWNER,), "an admin")),
        ((OWNER, STEWARD, ADMIN), {}, views.TooFew((BACKUP,), (OWNER, STEWARD), ())),
        ((OWNER, BACKUP, STEWARD), {}, views.TooFew((), (OWNER, BACKUP, STEWARD), (), "an admin")),
    ],
)
def test_i10_a_notice_says_why_two_who_could_resume_are_not_there(
    live: World, left: tuple[str, ...], away: dict[str, str], too_few: views.TooFew | None
) -> None:
    live.pauses()
    for each in left:
        live.leaves(each)
    for each, stand_in in away.items():
        live.is_away(each, stand_in)
    live.tick()
    assert notice(live).too_few == too_few


def test_i10_a_notice_that_comes_late_says_who_has_asked_to_resume_and_who_may_confirm(
    live: World,
) -> None:
    def way_back() -> str:
        blocks = message(notice(live)).blocks
        return next(str(each["text"]) for each in blocks if each["block_id"] == "way_back")

    live.pauses()
    to_ask = f"To ask for it to run again: `/answerable resume {KEY}`"
    assert to_ask in way_back()
    live.asks_to_resume(by=BACKUP)
    live.is_away(OWNER, MEMBER)
    live.tick()
    told = way_back()
    assert to_ask not in told
    assert f"<@{BACKUP}> has asked already for it to run again." in told
    assert f": <@{OWNER}> (away; <@{MEMBER}> stands in) or <@{STEWARD}>." in told
    live.leaves(STEWARD)
    assert f": <@{OWNER}> (away; <@{MEMBER}> stands in)." in way_back(), "who is left may confirm"
    live.withdraws_request(1, by=BACKUP)
    assert "has asked already" not in way_back()
