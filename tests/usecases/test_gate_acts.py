"""One person stops a workflow, two let it run again: I4 actor, I10 stop."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    WORKSPACE,
    World,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place, Shown
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import OPERATOR, Role, Standing
from bot.domain.presence import Passed
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.requests import Request
from bot.domain.tokens import Scope
from bot.domain.verdicts import Severity
from bot.rendering import views
from bot.rendering.render import Rendered, message
from bot.usecases import breaches, delivery, gate, questions, requests, showing, tokens


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


@pytest.mark.parametrize(
    ("asks", "confirms"),
    [
        (asks, confirms)
        for asks in (OWNER, BACKUP, STEWARD)
        for confirms in (OWNER, BACKUP, STEWARD)
        if asks != confirms
    ],
)
def test_i4_two_people_of_owner_backup_and_steward_resume(
    live: World, asks: str, confirms: str
) -> None:
    live.pauses()
    live.asks_to_resume(by=asks)
    assert state(live) is GateState.PAUSED
    live.confirms(1, by=confirms)

    assert state(live) is GateState.RUN
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.ANSWERED
    assert findings(live) == []


def test_the_channel_reads_which_two_people_have_resumed_it(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=STEWARD)
    live.confirms(1, by=BACKUP)

    text = shown(live, MessageKind.GATE_NOTICE, CHANNEL).text
    assert f"Asked by <@{STEWARD}>, confirmed by <@{BACKUP}>." in text


@pytest.mark.parametrize("by", [OWNER, BACKUP, STEWARD])
def test_i4_nobody_confirms_their_own_request(live: World, by: str) -> None:
    live.pauses()
    live.asks_to_resume(by=by)

    with pytest.raises(Refused, match="a second person"):
        live.confirms(1, by=by)
    assert state(live) is GateState.PAUSED
    assert live.refusals() == ["may not confirm own request"]


@pytest.mark.parametrize("by", [BUILDER, ADMIN, AUDITOR, MEMBER])
def test_i4_nobody_else_asks_or_confirms(live: World, by: str) -> None:
    live.pauses()
    with pytest.raises(Refused):
        live.asks_to_resume(by=by)
    live.asks_to_resume()
    with pytest.raises(Refused):
        live.confirms(1, by=by)
    assert state(live) is GateState.PAUSED


def test_i2_a_request_delivered_twice_has_one_receipt(live: World) -> None:
    live.pauses()
    asker = person(OWNER, delivery="view-1")
    given = gate.request_resume(live.deps, asker, KEY, "it behaves again")
    [asked] = live.entries(Kind.RESUME_REQUESTED)
    assert given.number == asked.seq

    with pytest.raises(Repeated) as again:
        gate.request_resume(live.deps, asker, KEY, "it behaves again")
    assert again.value.proof == given


def test_i4_a_request_is_about_one_closing_of_the_gate_and_no_later_one(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.forward(0.25 + 14)
    assert state(live) is GateState.REVIEW_ALL
    live.asks_to_resume(by=OWNER)
    live.pauses(by=STEWARD)

    with pytest.raises(Refused, match="has moved since"):
        live.confirms(1, by=BACKUP)
    live.asks_to_resume(by=OWNER)
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    live.confirms(2, by=BACKUP)
    assert state(live) is GateState.RUN


def test_i2_confirming_again_is_a_success_without_a_second_entry(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    first = live.confirms(1)
    before = live.contents()

    assert live.confirms(1) == first
    assert live.contents() == before
    with pytest.raises(Refused, match="nothing to resume"):
        live.confirms(1, by=STEWARD)


def test_i10_confirming_again_after_another_pause_does_not_say_that_it_runs(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    given = requests.confirm_request(live.deps, person(BACKUP), KEY, 1)
    assert given.sentence == f"You confirmed: {KEY} runs again."
    live.pauses()

    again = requests.confirm_request(live.deps, person(BACKUP), KEY, 1)
    assert again.sentence == (
        f"You confirmed this request, and {KEY} ran again then. Its gate is set to paused now."
    )
    assert again.receipt.number == given.receipt.number


def test_i4_a_second_person_declines_with_a_reason_and_who_asked_is_told(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.declines_request(1, by=STEWARD)

    assert state(live) is GateState.PAUSED, "a declined resume leaves the gate as it is"
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    told = shown(live, MessageKind.REQUEST, OWNER)
    assert f"Declined by <@{STEWARD}>: the gate stays as it is." in told.text
    assert "not yet mended" in f"{told.blocks}"
    with pytest.raises(Refused, match="already declined"):
        live.confirms(1)
    live.asks_to_resume()
    live.confirms(2)
    assert state(live) is GateState.RUN
    assert findings(live) == []


@pytest.mark.parametrize("by", [OWNER, BUILDER, ADMIN, AUDITOR, MEMBER])
def test_i4_who_may_not_confirm_may_not_decline(live: World, by: str) -> None:
    live.pauses()
    live.asks_to_resume()
    with pytest.raises(Refused):
        live.declines_request(1, by=by)
    with pytest.raises(Refused):
        requests.open_decline(live.deps, person(by), KEY, 1)
    assert live.owed(ObligationKind.CONFIRM, 1).is_open
    assert live.refusals()


def test_i4_whoever_asked_withdraws_it_and_nothing_changes(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.withdraws_request(1)

    assert state(live) is GateState.PAUSED
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    again = live.withdraws_request(1)
    [said] = live.entries(Kind.RESUME_WITHDRAWN)
    assert (said.role, again.number) == ("owner", said.seq)
    with pytest.raises(Refused, match="already withdrawn"):
        live.confirms(1)
    live.asks_to_resume()
    live.confirms(2)
    assert state(live) is GateState.RUN
    assert findings(live) == []


@pytest.mark.parametrize(
    ("asker", "told"),
    [
        (OWNER, "Request 2, which you made since, stands: press “Withdraw” on it"),
        (BACKUP, "Request 2, which somebody else made since, stands"),
    ],
)
def test_who_withdraws_a_second_time_is_told_of_the_request_that_stands(
    live: World, asker: str, told: str
) -> None:
    live.pauses()
    live.asks_to_resume()
    first = requests.withdraw_request(live.deps, person(OWNER), KEY, 1)
    live.asks_to_resume(by=asker)

    again = requests.withdraw_request(live.deps, person(OWNER), KEY, 1)

    assert first.sentence == "Your request is withdrawn: nothing changes."
    assert again.sentence.startswith(f"You withdrew request 1 for {KEY} before")
    assert told in again.sentence
    assert again.receipt == first.receipt
    assert live.owed(ObligationKind.CONFIRM, 2).is_open


def test_who_withdraws_twice_is_told_of_no_other_request_once_that_is_confirmed(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume()
    live.withdraws_request(1)
    live.asks_to_resume()
    live.confirms(2)
    again = requests.withdraw_request(live.deps, person(OWNER), KEY, 1)
    assert again.sentence == f"You withdrew request 1 for {KEY} before: nothing changes."


@pytest.mark.parametrize("by", [BACKUP, STEWARD, ADMIN, MEMBER])
def test_i4_nobody_withdraws_what_another_asked(live: World, by: str) -> None:
    live.pauses()
    live.asks_to_resume()
    with pytest.raises(Refused, match="Only the person who asked for this can withdraw it") as told:
        live.withdraws_request(1, by=by)
    assert told.value.takes == {Role.BACKUP, Role.STEWARD}, "who may decline what the owner asked"

    live.confirms(1)
    with pytest.raises(Refused, match="already confirmed"):
        live.withdraws_request(1)


def test_who_may_not_decline_is_told_of_declining(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    with pytest.raises(Refused, match="You cannot decline this request to resume: that takes the"):
        requests.open_decline(live.deps, person(MEMBER), KEY, 1)
    with pytest.raises(Refused, match=r"press “Withdraw” on it"):
        requests.open_decline(live.deps, person(OWNER), KEY, 1)


def test_a_request_is_declined_with_words_alone(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    with pytest.raises(Invalid, match="reason"):
        requests.decline_request(live.deps, person(BACKUP), KEY, 1, " ")
    assert live.owed(ObligationKind.CONFIRM, 1).is_open


def test_i4_who_asked_is_not_shown_a_confirm_button(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    found = gate.open_resume(live.deps, person(OWNER), KEY)
    assert isinstance(found, Request)
    kind = ObligationKind.CONFIRM
    page = questions.show_request(live.deps, person(OWNER), kind, KEY, found.number)
    assert isinstance(page, views.ResumeRequest)
    assert page.is_own, "it can be withdrawn there, and nothing else"
    with pytest.raises(Refused, match="You asked for this yourself"):
        live.confirms(1, by=OWNER)


def test_whoever_may_confirm_reads_the_request_before_it_has_climbed_to_them(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    kind = ObligationKind.CONFIRM
    page = questions.show_request(live.deps, person(STEWARD), kind, KEY, 1)
    assert isinstance(page, views.ResumeRequest)
    assert (page.reason, page.requested_by, page.is_own) == ("it behaves again", OWNER, False)


def test_there_is_one_open_request_at_a_time(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    with pytest.raises(Refused, match="already"):
        live.asks_to_resume(by=BACKUP)

    found = gate.open_resume(live.deps, person(BACKUP), KEY)
    assert isinstance(found, Request)
    with pytest.raises(Refused, match="no request 2"):
        live.confirms(2)


def test_what_runs_cannot_be_resumed(live: World) -> None:
    with pytest.raises(Refused, match="nothing to resume"):
        live.asks_to_resume()
    with pytest.raises(Refused, match="no request"):
        live.confirms(1)
    assert state(live) is GateState.RUN


def test_a_request_nobody_confirms_lapses_and_changes_nothing(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.forward(24 + 14)

    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.LAPSED
    assert state(live) is GateState.PAUSED
    said = all_shown(live)
    assert "Nobody answered in time, so this has lapsed" in said[MessageKind.REQUEST, OWNER].text
    told = said[MessageKind.REMINDER, ADMIN].text
    assert told.startswith(
        "This is for you to know, and asks you for nothing: nobody came to confirm"
    )
    assert told.endswith("The request has lapsed; nothing changes.")
    with pytest.raises(Refused, match="already lapsed"):
        live.confirms(1)
    live.asks_to_resume()
    live.confirms(2)
    assert state(live) is GateState.RUN
    assert findings(live) == []


@pytest.mark.parametrize("asker", [BACKUP, STEWARD])
def test_i4_silence_never_asks_somebody_to_confirm_their_own_request(
    live: World, asker: str
) -> None:
    live.pauses()
    live.asks_to_resume(by=asker)
    live.forward(24 + 14)

    climbed = live.entries(Kind.OBLIGATION_CLIMBED)
    own = [each for each in climbed if each.facts["passed"] == Passed.OWN_REQUEST]
    assert len(own) == 1
    with live.deps.store.read(WORKSPACE) as reading:
        told = [reading.log.words(each.seq, "asked") for each in climbed if "asked_c" in each.facts]
    assert told
    assert asker not in " ".join(told)


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


# Who stands in, and who has come since.


def all_shown(world: World) -> dict[tuple[MessageKind, str], Rendered]:
    """Deliver all that waits and give what each person and channel is shown last of each kind."""
    found = {}
    while posting := delivery.claim_message(world.deps):
        about = posting.message
        found[about.kind, about.to] = message(showing.view_of(world.deps, about))
        place = posting.shown or Shown(f"D{about.to}", str(posting.id))
        delivery.record_shown(world.deps, posting, place, "")
    return found


def shown(world: World, kind: MessageKind, to: str) -> Rendered:
    """Deliver all that waits and give what this person or channel is shown last of this kind."""
    return all_shown(world)[kind, to]


def buttons(rendered: Rendered) -> list[str]:
    return [str(block) for block in rendered.blocks if block["type"] == "actions"]


def test_i4_who_stands_in_is_shown_the_request_they_are_to_confirm(live: World) -> None:
    live.pauses()
    live.is_away(BACKUP, MEMBER)
    live.asks_to_resume()

    request = shown(live, MessageKind.REQUEST, MEMBER)
    assert f"<@{OWNER}> asks to resume" in request.text
    assert f"You stand in for <@{BACKUP}>" in request.text
    assert "it behaves again" in str(request.blocks)
    assert "confirm" in buttons(request)[0]
    found = gate.open_resume(live.deps, person(MEMBER), KEY)
    assert isinstance(found, Request)
    live.confirms(1, by=MEMBER)
    assert findings(live) == []


def test_i4_who_stood_in_has_no_button_left(live: World) -> None:
    live.pauses()
    live.is_away(BACKUP, MEMBER)
    live.asks_to_resume()
    assert buttons(shown(live, MessageKind.REQUEST, MEMBER))
    live.comes_back(BACKUP)

    request = shown(live, MessageKind.REQUEST, MEMBER)
    assert f"It is with <@{BACKUP}> now" in request.text
    assert not buttons(request)
    with pytest.raises(Refused, match="takes the owner"):
        gate.open_resume(live.deps, person(MEMBER), KEY)


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


AGAIN = "asked for again by the owner, the backup or the steward, with `/answerable resume triage`."


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
        with pytest.raises(Refused, match="already superseded"):
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
    with pytest.raises(Refused, match="already superseded"):
        live.confirms(1, by=STEWARD)
    live.leaves(BACKUP, Standing.MEMBER)
    with pytest.raises(Refused, match="already superseded"):
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
    assert f": <@{STEWARD}> (away)." in told[MessageKind.REQUEST, CHANNEL].text
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


def test_an_absence_taken_back_is_told_as_such(live: World) -> None:
    live.is_away(OWNER, MEMBER, start=3)
    live.comes_back(OWNER)
    told = all_shown(live)
    for who in (OWNER, MEMBER):
        assert "not going to be away" in told[MessageKind.ABSENCE_NOTICE, who].text


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


def test_i4_a_stand_in_confirms_for_who_is_away_as_the_notice_takes_for_granted(
    live: World,
) -> None:
    live.pauses()
    live.leaves(OWNER)
    live.is_away(STEWARD, MEMBER)
    live.asks_to_resume(by=BACKUP)
    live.confirms(1, by=MEMBER)
    assert state(live) is GateState.RUN


def test_i4_whoever_confirms_a_resume_sees_the_breaches_that_came_after_it_was_asked(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume()
    assert "Not closed yet" not in str(shown(live, MessageKind.REQUEST, BACKUP).blocks)
    live.raises("it kills people", severity=Severity.CRITICAL)

    assert "Not closed yet: breach 1" in str(shown(live, MessageKind.REQUEST, BACKUP).blocks)
    live.acknowledges(1)
    live.decides(1, Decision.CONTINUE, by=STEWARD)
    assert "Not closed yet" not in str(shown(live, MessageKind.REQUEST, BACKUP).blocks)
