"""Two people let a workflow run again: I4 actor."""

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
    STEWARD,
    WORKSPACE,
    World,
    findings,
    person,
    sent,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Role
from bot.domain.presence import Passed
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.requests import Request
from bot.domain.verdicts import Severity
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import gate, questions, requests, showing
from tests.posted import all_shown, buttons, shown


def state(world: World) -> GateState:
    return world.workflow().gate.state


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


@pytest.mark.parametrize(
    ("asks", "first", "then"),
    [
        (OWNER, BACKUP, STEWARD),
        (BACKUP, OWNER, STEWARD),
        (STEWARD, OWNER, BACKUP),
    ],
)
def test_i3_both_who_may_confirm_are_asked_before_it_lapses(
    live: World, asks: str, first: str, then: str
) -> None:
    live.pauses()
    live.asks_to_resume(by=asks)
    owed = live.owed(ObligationKind.CONFIRM, 1)
    assert owed.owed_by == first
    told = set()
    while live.owed(ObligationKind.CONFIRM, 1).is_open:
        told |= {each.to for each in sent(live) if each.obligation == owed.id}
        live.forward(to=live.owed(ObligationKind.CONFIRM, 1).climbs_at)

    assert {first, then} <= told


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
    with pytest.raises(Refused, match="It was confirmed: nothing more is owed here"):
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


def test_i10_what_comes_after_the_gate_has_closed_again_does_not_say_that_it_runs(
    live: World,
) -> None:
    live.raises(severity=Severity.CRITICAL)
    live.pauses()
    live.asks_to_resume()
    sent(live)
    live.confirms(1)
    for _ in range(5):  # silence about the concern closes it
        live.forward(24)
    assert state(live) is GateState.PAUSED

    late = [message(showing.view_of(live.deps, each)).text for each in sent(live)]
    for said in ("That set the gate to *run*", "went from paused to *run*", "to *review all*"):
        told = [each for each in late if said in each]
        assert told
        assert all("moved again since, and is at *paused* now." in each for each in told)
    assert not any("The pipeline may act." in each for each in late)


def test_i4_a_second_person_declines_with_a_reason_and_who_asked_is_told(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    live.declines_request(1, by=STEWARD)

    assert state(live) is GateState.PAUSED, "a declined resume leaves the gate as it is"
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    told = shown(live, MessageKind.REQUEST, OWNER)
    assert f"Declined by <@{STEWARD}>: the gate stays as it is." in told.text
    assert "not yet mended" in f"{told.blocks}"
    with pytest.raises(Refused, match=r"It was declined.* It can be asked for again"):
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
    with pytest.raises(Refused, match=r"has withdrawn it.* It can be asked for again"):
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
    with pytest.raises(Refused, match="It was confirmed"):
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
    with pytest.raises(Refused, match=r"lapsed.* It can be asked for again"):
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


def test_i4_a_stand_in_confirms_for_who_is_away_as_the_notice_takes_for_granted(
    live: World,
) -> None:
    live.pauses()
    live.leaves(OWNER)
    live.is_away(STEWARD, MEMBER)
    live.asks_to_resume(by=BACKUP)
    live.tick()  # it goes past the owner at once
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
