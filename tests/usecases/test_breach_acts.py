"""A breach is answered for by people, in order: I1 owed, I2 kept, I4 actor, I10 stop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.breaches import GATE_OF, WORK, BreachState, Cause, Decision
from bot.domain.gate import GateState
from bot.domain.messages import Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Standing
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import WorkflowState
from bot.domain.rounds import RoundState
from bot.rendering.render import message
from bot.usecases import breaches, delivery, gate, questions, registry, sampling


@pytest.fixture
def plain(live: World) -> World:
    """A live workflow with one open breach that is not critical."""
    live.answers_round(1)
    live.forward(to=MONDAY + timedelta(days=7))
    assert live.breach(1).cause is Cause.NO_OUTPUTS
    return live


@pytest.fixture
def critical(live: World) -> World:
    live.answers_round(1, CRITICAL)
    return live


@pytest.mark.parametrize("by", [OWNER, BACKUP, STEWARD, MEMBER])
def test_whoever_answers_a_breach_that_is_over_is_told_so(plain: World, by: str) -> None:
    plain.acknowledges(1, by=BACKUP)
    plain.decides(1, Decision.CONTINUE)
    assert plain.breach(1).state is BreachState.CLOSED
    if by == BACKUP:
        plain.acknowledges(1, by=by)  # the same again is the same
        return
    with pytest.raises(Refused) as refused:
        plain.acknowledges(1, by=by)
    over = "Breach 1 of triage is already decided: continue. Nothing more is owed here."
    assert refused.value.sentence == over
    assert not refused.value.takes, "who may is no question any more"


@pytest.mark.parametrize("by", [OWNER, STEWARD, MEMBER])
@pytest.mark.parametrize("decision", [Decision.CONTINUE, Decision.RETRAIN])
def test_whoever_decides_what_others_have_decided_is_told_how(
    plain: World, by: str, decision: Decision
) -> None:
    plain.acknowledges(1)
    plain.decides(1, decision, by=BACKUP)
    what = f"Breach 1 of triage is already decided: {decision.in_words}. "
    is_over = plain.breach(1).state is BreachState.CLOSED
    left = "Nothing more is owed here." if is_over else "Its message says who carries it out"
    acts = (
        lambda: breaches.open_decision(plain.deps, person(by), KEY, 1),
        lambda: plain.decides(1, decision, by=by),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.sentence.startswith(what + left)
        assert not refused.value.takes, "who may is no question any more"
    assert plain.refusals()[-1] == "breach already decided"


def test_whoever_reports_what_others_have_carried_out_is_told_so(plain: World) -> None:
    plain.acknowledges(1)
    plain.decides(1, Decision.RETRAIN)
    with pytest.raises(Refused, match="You cannot report"):
        plain.carries_out(1, by=MEMBER)
    plain.carries_out(1)
    with pytest.raises(Refused, match="is closed already"):
        plain.carries_out(1, by=MEMBER)
    with pytest.raises(Refused, match="is closed already"):
        breaches.open_carrying_out(plain.deps, person(MEMBER), KEY, 1)


def test_each_step_ends_what_was_owed_and_owes_the_next(plain: World) -> None:
    plain.acknowledges(1)
    assert plain.owed(ObligationKind.ACKNOWLEDGE, 1).state is ObligationState.ANSWERED
    assert plain.owed(ObligationKind.DECIDE, 1).owed_by == OWNER

    plain.decides(1, Decision.RETRAIN)
    assert plain.owed(ObligationKind.DECIDE, 1).state is ObligationState.ANSWERED
    assert plain.breach(1).state is BreachState.DECIDED

    plain.carries_out(1)
    assert plain.owed(ObligationKind.CARRY_OUT, 1).state is ObligationState.ANSWERED
    assert plain.breach(1).state is BreachState.CLOSED


def test_i2_every_step_repeated_is_a_success_without_a_second_entry(plain: World) -> None:
    steps: tuple[Callable[[], Proof], ...] = (
        lambda: plain.acknowledges(1, by=BACKUP),
        lambda: plain.decides(1, Decision.ROLL_BACK, by=BACKUP),
        lambda: plain.carries_out(1, by=BACKUP),
    )
    for step in steps:
        first = step()
        before = plain.contents()
        assert step() == first
        assert plain.contents() == before


def test_i2_one_delivery_that_comes_twice_is_answered_once(plain: World) -> None:
    def told() -> list[str]:
        found = []
        while posting := delivery.claim_message(plain.deps):
            delivery.record_shown(plain.deps, posting, None, "")
            found += [posting.message.sentence] if posting.message.place is Place.ANSWER else []
        return found

    def press(name: str) -> None:
        by = person(OWNER, delivery=name, url="https://slack.example/answer")
        breaches.acknowledge_breach(plain.deps, by, KEY, 1)

    press("press/1")
    press("press/1")
    said = breaches.acknowledged_sentence(plain.breach(1))
    assert told() == [said]
    press("press/2")
    assert told() == [said], "who presses again is answered again"


@pytest.mark.parametrize(
    ("decision", "since"),
    [(Decision.CONTINUE, "It is closed since"), (Decision.RETRAIN, "It is decided since")],
)
def test_who_took_a_breach_on_is_told_what_became_of_it_since(
    plain: World, decision: Decision, since: str
) -> None:
    first = breaches.acknowledge_breach(plain.deps, person(OWNER), KEY, 1)
    plain.decides(1, decision)

    again = breaches.acknowledge_breach(plain.deps, person(OWNER), KEY, 1)

    assert "has to be decided" in first.sentence
    assert again.sentence.startswith(f"You took on breach 1 of {KEY}. {since}")
    assert again.receipt == first.receipt


@pytest.mark.parametrize("by", [STEWARD, BUILDER, ADMIN, MEMBER])
def test_i4_a_breach_is_the_owners_and_the_backups(plain: World, by: str) -> None:
    with pytest.raises(Refused):
        plain.acknowledges(1, by=by)
    plain.acknowledges(1)
    with pytest.raises(Refused):
        plain.decides(1, Decision.CONTINUE, by=by)
    plain.decides(1, Decision.RETRAIN)
    with pytest.raises(Refused):
        plain.carries_out(1, by=by)

    assert len(plain.refusals()) == 3


def test_i4_a_critical_breach_is_decided_by_the_steward_alone(critical: World) -> None:
    critical.acknowledges(1, by=BACKUP)
    assert critical.owed(ObligationKind.DECIDE, 1).owed_by == STEWARD
    for by in (OWNER, BACKUP, ADMIN):
        with pytest.raises(Refused, match="takes the steward"):
            critical.decides(1, Decision.CONTINUE, by=by)

    critical.decides(1, Decision.CONTINUE, by=STEWARD)
    assert critical.breach(1).state is BreachState.CLOSED


def test_i4_a_second_person_cannot_acknowledge_or_decide_what_is_taken(plain: World) -> None:
    plain.acknowledges(1)
    with pytest.raises(Refused, match=r"already acknowledged\. Its message says who decides"):
        plain.acknowledges(1, by=BACKUP)
    plain.decides(1, Decision.CONTINUE)
    with pytest.raises(Refused, match="already decided"):
        plain.decides(1, Decision.CONTINUE, by=BACKUP)
    with pytest.raises(Refused, match="already decided"):
        plain.decides(1, Decision.CONTINUE, why="for another reason")


def test_a_breach_is_acknowledged_before_it_is_decided(plain: World) -> None:
    with pytest.raises(Refused, match="not acknowledged yet"):
        plain.decides(1, Decision.CONTINUE)
    with pytest.raises(Refused, match="not acknowledged yet"):
        breaches.open_decision(plain.deps, person(OWNER), KEY, 1)


def test_a_decision_has_a_reason_and_its_work_a_day_to_come(plain: World) -> None:
    plain.acknowledges(1)
    before = plain.contents()
    asked = breaches.DecideBreach(KEY, 1, Decision.TIGHTEN, "seen", plain.clock.now())
    with pytest.raises(Invalid, match="due_on"):
        breaches.decide_breach(plain.deps, person(OWNER), asked)
    for reason in (" ", "x" * 1_001):
        with pytest.raises(Invalid, match="reason"):
            breaches.decide_breach(plain.deps, person(OWNER), replace(asked, reason=reason))
    assert plain.contents() == before

    due_at = plain.clock.now() + timedelta(days=2)
    breaches.decide_breach(plain.deps, person(OWNER), replace(asked, due_at=due_at))
    assert plain.owed(ObligationKind.CARRY_OUT, 1).due_at == due_at


def test_a_day_is_named_for_work_only_and_within_a_year(plain: World) -> None:
    plain.acknowledges(1)
    now = plain.clock.now()
    for decision, days in ((Decision.CONTINUE, 2), (Decision.RETRAIN, 367)):
        asked = breaches.DecideBreach(KEY, 1, decision, "seen", now + timedelta(days=days))
        with pytest.raises(Invalid, match="due_on"):
            breaches.decide_breach(plain.deps, person(OWNER), asked)
    assert plain.breach(1).state is BreachState.ACKNOWLEDGED


def test_i2_other_evidence_for_what_is_closed_is_refused_and_not_said_to_be_recorded(
    plain: World,
) -> None:
    plain.acknowledges(1)
    plain.decides(1, Decision.RETRAIN)
    given = plain.carries_out(1)
    assert plain.carries_out(1) == given
    with pytest.raises(Refused, match="closed already"):
        plain.carries_out(1, by=BACKUP)
    with pytest.raises(Refused, match="closed already"):
        breaches.carry_out(plain.deps, person(OWNER), KEY, 1, "it failed")
    assert len(plain.entries(Kind.DECISION_CARRIED_OUT)) == 1


def test_i2_a_receipt_names_the_act_itself_whatever_was_recorded_since(plain: World) -> None:
    taken = plain.acknowledges(1)
    plain.registers("other")
    assert plain.acknowledges(1) == taken
    (entry,) = plain.entries(Kind.BREACH_ACKNOWLEDGED)
    assert entry.seq == taken.number

    decided = plain.decides(1, Decision.CONTINUE)
    plain.accepts("other")
    assert plain.decides(1, Decision.CONTINUE) == decided
    assert plain.entries(Kind.DECISION_RECORDED)[0].seq == decided.number


def test_i10_a_decision_to_pause_outlives_an_older_request_to_resume(critical: World) -> None:
    critical.pauses()
    critical.asks_to_resume()
    critical.acknowledges(1)
    critical.decides(1, Decision.PAUSE, by=STEWARD)

    assert critical.owed(ObligationKind.CONFIRM, 1).state is ObligationState.SUPERSEDED
    with pytest.raises(Refused, match="has decided on breach 1 since: pause, record"):
        critical.confirms(1)
    assert critical.workflow().gate.state is GateState.PAUSED
    assert findings(critical) == []


def test_people_beyond_learn_of_no_breach_and_no_workflow(plain: World) -> None:
    guest = person("U0GUEST", standing=Standing.GUEST)
    acts: list[Callable[[str], object]] = [
        lambda key: breaches.acknowledge_breach(plain.deps, guest, key, 1),
        lambda key: gate.pause_workflow(plain.deps, guest, key, ""),
        lambda key: gate.open_resume(plain.deps, guest, key),
        lambda key: sampling.sample_now(plain.deps, guest, key),
        lambda key: registry.accept_ownership(plain.deps, guest, key),
    ]
    for act in acts:
        for key in (KEY, "no-such-workflow"):
            with pytest.raises(Refused, match="Guests of this workspace cannot"):
                act(key)


@pytest.mark.parametrize("decision", sorted(set(Decision) - WORK - {Decision.RETIRE}))
def test_what_the_bot_can_do_itself_is_done_with_the_decision(
    plain: World, decision: Decision
) -> None:
    plain.acknowledges(1)
    plain.decides(1, decision)

    assert plain.workflow().gate.state is GATE_OF.get(decision, GateState.RUN)
    assert plain.breach(1).state is BreachState.CLOSED


@pytest.mark.parametrize("decision", sorted(WORK))
def test_what_a_person_has_to_do_is_owed_with_evidence(plain: World, decision: Decision) -> None:
    plain.acknowledges(1)
    plain.decides(1, decision)
    with pytest.raises(Invalid, match="evidence"):
        breaches.carry_out(plain.deps, person(OWNER), KEY, 1, " ")

    assert plain.owed(ObligationKind.CARRY_OUT, 1).is_open
    assert plain.workflow().gate.state is GateState.RUN


def test_i10_a_decision_never_opens_a_gate_that_somebody_closed_further(plain: World) -> None:
    plain.acknowledges(1)
    plain.pauses(by=BACKUP)
    asked = breaches.DecideBreach(KEY, 1, Decision.REVIEW_ALL, "seen")
    told = breaches.decide_breach(plain.deps, person(OWNER), asked).sentence

    assert plain.workflow().gate.state is GateState.PAUSED
    assert told.endswith("review all. The gate is at paused, which is stricter: it stays there.")


def test_i1_retiring_ends_whatever_was_owed_by_that_decision(plain: World) -> None:
    plain.acknowledges(1)
    plain.reports(5)
    sampling.sample_now(plain.deps, person(OWNER), KEY)
    plain.reports(3)
    plain.pauses()
    plain.asks_to_resume()
    plain.decides(1, Decision.RETIRE)

    workflow = plain.workflow()
    assert (workflow.state, workflow.gate.state) == (WorkflowState.RETIRED, GateState.RETIRED)
    with plain.deps.store.read(plain.deps.workspace) as reading:
        assert reading.obligations.open_of_workflow(KEY) == ()
        assert reading.breaches.not_closed(KEY) == ()
        assert reading.rounds.not_closed(KEY) == ()
    (decision,) = plain.entries(Kind.DECISION_RECORDED)
    superseded = plain.entries(Kind.OBLIGATION_SUPERSEDED)
    assert {entry.prior for entry in superseded} == {decision.seq}
    assert {entry.facts["obligation"] for entry in superseded} == {
        "second-review/triage/1",
        "second-review/triage/3",
        "acknowledge/triage/2",
        "review/triage/3",
        "confirm/triage/1",
    }
    assert findings(plain) == []


def test_a_retired_workflow_does_nothing_more(plain: World) -> None:
    plain.acknowledges(1)
    plain.decides(1, Decision.RETIRE)
    before = plain.contents()
    plain.forward(30 * 24)
    assert plain.contents() == before

    for act in (lambda: plain.reports(1), plain.pauses, plain.asks_to_resume):
        with pytest.raises(Refused, match="retired"):
            act()
    assert plain.round(2).state is RoundState.CLOSED


def test_the_sheet_of_a_retired_workflow_promises_nothing_that_never_comes(plain: World) -> None:
    plain.pauses()
    before = questions.show_workflow(plain.deps, person(MEMBER), KEY)
    assert before.attest_at
    assert before.next_firings
    assert before.cost
    plain.forward(84 * 24)  # a drill waits for a workflow that is paused
    assert questions.show_workflow(plain.deps, person(MEMBER), KEY).is_drill_waiting
    plain.acknowledges(1)
    plain.decides(1, Decision.RETIRE)
    sheet = questions.show_workflow(plain.deps, person(MEMBER), KEY)
    assert sheet.state is WorkflowState.RETIRED
    shown = str(message(sheet))
    never = ("asked next whether", "next drill", "Next periods", "It costs", "It proves")
    assert [each for each in never if each in shown] == []


def test_there_is_no_breach_of_that_number(plain: World) -> None:
    with pytest.raises(Refused, match="has no breach 7"):
        plain.acknowledges(7)


def test_i1_work_that_was_not_done_is_a_breach_of_its_own(plain: World) -> None:
    plain.acknowledges(1)
    plain.decides(1, Decision.RETRAIN)
    plain.reports(5)
    plain.forward(7 * 24 + 14)

    causes = [entry.facts["cause"] for entry in plain.entries(Kind.BREACH_OPENED)]
    assert causes.count(Cause.NOT_CARRIED_OUT) == 1
    assert plain.owed(ObligationKind.CARRY_OUT, 1).is_open


# Who oversees is not who is overseen.


@pytest.mark.parametrize("chain", [(OWNER,), (MEMBER, OWNER), (OWNER, MEMBER)])
def test_i4_no_owner_decides_their_own_critical_breach_in_the_stewards_place(
    critical: World, chain: tuple[str, ...]
) -> None:
    for away, stands_in in zip((STEWARD, *chain), chain, strict=False):
        critical.is_away(away, stands_in)
    critical.tick()
    critical.acknowledges(1, by=BACKUP)
    critical.tick()

    for by in chain:
        if by == chain[-1] or by == OWNER:
            with pytest.raises(Refused):
                critical.decides(1, Decision.CONTINUE, by=by)
    assert not critical.entries(Kind.DECISION_RECORDED)
    climbs = critical.climbs(ObligationKind.DECIDE, 1)
    assert climbs[0].facts["passed"] == "not independent of what was answered"
    assert findings(critical) == []


def test_i4_the_owner_is_told_why_they_do_not_decide_in_the_stewards_place(critical: World) -> None:
    critical.is_away(STEWARD, OWNER)
    critical.acknowledges(1)
    with pytest.raises(Refused, match="somebody else's to decide"):
        critical.decides(1, Decision.CONTINUE)
    assert critical.refusals() == ["owner may not decide a critical breach"]
    critical.decides(1, Decision.CONTINUE, by=STEWARD)
