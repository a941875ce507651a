"""The record across all acts: I4 refusals, I5 order, I12 forget, I13 apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from rebuilt import as_stored, rebuilt, words_of
from sqlalchemy import text
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    ROLES,
    STEWARD,
    WRONG,
    World,
    findings,
    person,
)

from bot.clock import MovedClock, SystemClock
from bot.domain.authority import Holding, held_in_words
from bot.domain.breaches import Decision
from bot.domain.messages import MessageKind
from bot.domain.people import OPERATOR, Actor, Circle, Origin, Role, Standing
from bot.domain.record import Kind
from bot.domain.refusals import OtherClock, Refused, Repeated
from bot.domain.rounds import Look
from bot.rendering.render import message
from bot.usecases import breaches, delivery, gate, handovers, questions, record, sampling, showing
from bot.usecases.record import Wanted
from store.engine import Store

# I4: what was refused.


def test_i4_a_refusal_undoes_the_act_and_is_recorded_with_who_and_why(live: World) -> None:
    gate_before = live.workflow().gate
    with pytest.raises(Refused):
        live.pauses(by=MEMBER)

    refused = live.entries()[-1]
    assert (refused.kind, refused.on) == (Kind.REFUSED, "workflow/triage")
    assert refused.facts == {"rule": "may not close the gate", "count": 1}
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.people.user_of(refused.actor) == MEMBER
    assert live.workflow().gate == gate_before


def test_i4_what_was_done_before_the_refusal_in_the_same_act_is_undone(live: World) -> None:
    before = live.workflow()

    def overreach() -> None:
        with live.deps.store.begin(live.deps.workspace, person(OWNER)) as work:
            work.record(Kind.OUTPUTS_RECEIVED, "round/triage/2")
            work.workflows.save(replace(before, channel="C0ELSE"))
            raise Refused("too much", "That goes too far.")

    with pytest.raises(Refused, match="too far"):
        overreach()
    assert live.workflow() == before
    assert live.entries()[-1].facts["rule"] == "too much"
    assert live.entries()[-2].kind is not Kind.OUTPUTS_RECEIVED
    assert findings(live) == []


def test_i4_somebody_refused_is_told_where_they_are_looking(live: World) -> None:
    asker = person(MEMBER, url="https://hooks.slack.com/x")
    with pytest.raises(Refused) as refused:
        gate.pause_workflow(live.deps, asker, KEY, "because")

    posting = delivery.claim_message(live.deps)
    assert posting
    assert (posting.message.kind, posting.message.sentence) == (
        MessageKind.NOTICE,
        refused.value.sentence,
    )


def told(world: World) -> str:
    posting = delivery.claim_message(world.deps)
    assert posting
    return str(message(showing.view_of(world.deps, posting.message)).blocks)


def test_i4_somebody_refused_is_told_by_name_who_may_as_it_is_when_they_read_it(
    live: World,
) -> None:
    live.hands_over(replace(ROLES, backup=MEMBER))
    while delivery.claim_message(live.deps):
        pass
    live.raises()
    with pytest.raises(Refused):
        breaches.acknowledge_breach(
            live.deps, person(BACKUP, url="https://hooks.slack.com/x"), KEY, 1
        )
    with live.deps.store.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM outbox WHERE place = 'answer'")).all())
    live.hands_over(replace(ROLES, backup=BUILDER, technical_owner=MEMBER))

    said = told(live)
    assert f"*Owner* <@{OWNER}>\\n*Backup* <@{BUILDER}>" in said
    assert MEMBER not in said
    assert OWNER not in kept, "people are looked up when it is said, and not kept beside it"


@pytest.mark.parametrize(
    ("asker", "others"), [(OWNER, {BACKUP, STEWARD}), (STEWARD, {OWNER, BACKUP})]
)
def test_i4_whoever_asked_is_told_who_the_second_person_may_be(
    live: World, asker: str, others: set[str]
) -> None:
    live.pauses()
    live.asks_to_resume(by=asker)
    with pytest.raises(Refused, match="second person") as refused:
        live.confirms(1, by=asker)

    held = questions.who_may(live.deps, refused.value)
    assert {each for role in held for each in role.people} == others


def test_i4_what_is_one_persons_alone_names_that_person(live: World) -> None:
    live.hands_over(replace(ROLES, owner=MEMBER))
    with pytest.raises(Refused) as refused:
        live.takes_over(by=ADMIN)
    assert questions.who_may(live.deps, refused.value) == (Holding(Role.SUCCESSOR, (MEMBER,)),)


def test_i4_where_a_role_is_nobodys_who_names_another_is_somebody_who_is_there(live: World) -> None:
    live.pauses()
    for gone, by in ((STEWARD, "an admin"), (OWNER, "an admin"), (ADMIN, "")):
        live.leaves(gone)
        with pytest.raises(Refused) as refused:
            live.asks_to_resume(by=MEMBER)
        steward = questions.who_may(live.deps, refused.value)[-1]
        assert (steward.role, steward.people) == (Role.STEWARD, ())
        another = f"Another can be named by {by}, with `/answerable handover {KEY}`."
        nobody = "Nobody is left who can name another steward."
        assert steward.advice[0] == (another if by else nobody)


def test_i4_who_is_named_as_able_is_not_said_to_be_unable_to_name_another(live: World) -> None:
    live.deps = replace(live.deps, circle=Circle())
    live.leaves(STEWARD)
    with pytest.raises(Refused) as refused:
        handovers.open_handover(live.deps, person(MEMBER), KEY)
    held = questions.who_may(live.deps, refused.value)
    assert held_in_words(held, {OWNER: "Ada"}) == (
        "Owner: Ada. Steward: nobody now. Nobody is left who can name another steward. "
        "Admin: nobody now. Whoever runs this bot names admins, with ANSWERABLE_ADMINS."
    )


def test_i4_of_all_workflows_every_steward_is_named_and_a_guest_is_told_of_nobody(
    live: World,
) -> None:
    with pytest.raises(Refused) as refused:
        record.request_export(live.deps, person(MEMBER))
    assert questions.who_may(live.deps, refused.value) == (
        Holding(Role.STEWARD, (STEWARD,)),
        Holding(Role.ADMIN, (ADMIN,)),
        Holding(Role.AUDITOR, (AUDITOR,)),
    )
    guest = Actor(Origin.SLACK, "U0GUEST", Standing.GUEST)
    with pytest.raises(Refused) as shut_out:
        record.request_export(live.deps, guest)
    assert questions.who_may(live.deps, shut_out.value) == ()


def test_i4_equal_refusals_within_a_minute_are_one_entry_with_a_count(live: World) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            live.pauses(by=MEMBER)
    with pytest.raises(Refused):
        live.pauses(by=AUDITOR)
    assert live.refusals() == ["may not close the gate"] * 2, "one for each person"

    live.forward(1 / 60)
    counted = live.entries()[-1]
    member = live.entries(Kind.REFUSED)[0].actor
    assert counted.actor == "system", "nobody else's act"
    assert (counted.facts["by"], counted.facts["repeats"]) == (member, 4)
    live.forward(1)
    assert live.entries()[-1] == counted, "counted once"

    with pytest.raises(Refused):
        live.pauses(by=MEMBER)
    assert len(live.refusals()) == 4


def test_i4_counting_anothers_refusals_is_not_done_in_the_name_of_who_comes_next(
    live: World,
) -> None:
    for _ in range(2):
        with pytest.raises(Refused):
            live.pauses(by=MEMBER)
    live.clock.move(live.clock.now() + timedelta(minutes=2))
    with pytest.raises(Refused):
        live.pauses(by=AUDITOR)

    (counted,) = [entry for entry in live.entries(Kind.REFUSED) if "repeats" in entry.facts]
    assert counted.actor == "system"


def test_i4_somebody_of_another_team_is_refused_and_named_by_a_pseudonym(live: World) -> None:
    foreign = Actor(Origin.SLACK, "U0FOREIGN", Standing.FOREIGN)
    with pytest.raises(Refused, match="members of this workspace"):
        questions.list_workflows(live.deps, foreign)

    assert live.refusals() == ["foreign may not act"]
    assert live.entries()[-1].actor.startswith("person-")
    assert "U0FOREIGN" not in str(live.entries())


def test_a_refused_delivery_that_comes_again_is_refused_again(live: World) -> None:
    sender = person(MEMBER, delivery="command-1")
    for _ in range(2):
        with pytest.raises(Refused):
            gate.pause_workflow(live.deps, sender, KEY, "because")
    assert live.refusals() == ["may not close the gate"]


def test_i2_a_replayed_delivery_gets_the_receipt_of_the_first(live: World) -> None:
    live.reports(4)
    sender = person(OWNER, delivery="command-2")
    receipt = sampling.sample_now(live.deps, sender, KEY).receipt
    live.reports(4)

    with pytest.raises(Repeated) as repeated:
        sampling.sample_now(live.deps, sender, KEY)
    assert repeated.value.proof == receipt
    assert len(live.entries(Kind.ROUND_DRAWN)) == 2


# I5: one order.


def test_i5_time_in_the_record_never_runs_back_though_the_clock_does(live: World) -> None:
    last = live.entries()[-1].ts
    live.deps.store.clock = MovedClock(datetime(2020, 1, 1, tzinfo=UTC))
    live.pauses()
    live.reports(2)

    entries = live.entries()
    assert all(earlier.ts <= later.ts for earlier, later in pairwise(entries))
    assert entries[-1].ts == last
    assert [entry.seq for entry in entries] == list(range(len(entries)))


def test_i5_entries_carry_the_policy_in_force(live: World) -> None:
    live.answers_round(1, CRITICAL)

    about_policy = {Kind.ROUND_DRAWN, Kind.VERDICT_RECORDED, Kind.BREACH_OPENED, Kind.ROUND_CLOSED}
    assert {entry.policy for entry in live.entries(*about_policy)} == {1}


def test_i5_the_record_alone_tells_the_state_of_a_long_story(live: World) -> None:
    live.answers_round(1, CRITICAL, WRONG, WRONG, WRONG)
    live.looks_again(1)
    live.settles(1)
    live.settles(1, Look.SECOND)
    live.acknowledges(1)
    live.decides(1, Decision.PAUSE, by=STEWARD)
    live.asks_to_resume()
    live.confirms(1)
    for _ in range(4):
        live.forward(8 * 24)

    state = rebuilt(live.entries(), words_of(live))
    assert state == as_stored(live)
    assert state.gates == {KEY: "paused"}
    assert state.owed == {"acknowledge/triage/2": 3, "acknowledge/triage/3": 3}
    assert findings(live) == []


def test_a_log_starts_once(world: World) -> None:
    record.start_log(world.deps)
    assert len(world.entries(Kind.LOG_STARTED)) == 1


def test_i5_no_time_of_the_machine_comes_into_a_record_of_moved_time(live: World) -> None:
    before = live.contents()
    beside = Store(live.deps.store.engine, SystemClock(), live.deps.store.stamp)
    deps = replace(live.deps, store=beside)
    for act in (
        lambda: gate.pause_workflow(deps, OPERATOR, KEY, "because"),
        lambda: gate.pause_workflow(deps, person(MEMBER), KEY, "which is refused"),
        lambda: record.start_log(deps),
    ):
        with pytest.raises(OtherClock, match="export ANSWERABLE_CLOCK=sandbox"):
            act()
    assert live.contents() == before
    assert questions.show_workflow(deps, person(MEMBER), KEY), "who only reads is not in the way"


def test_i5_no_moved_time_comes_into_a_record_of_the_machines(world: World) -> None:
    machines = Store(world.deps.store.engine, SystemClock(), world.deps.store.stamp)
    record.start_log(replace(world.deps, store=machines, workspace="T0REAL"))

    with pytest.raises(OtherClock, match="unset ANSWERABLE_CLOCK"):
        record.start_log(replace(world.deps, workspace="T0REAL"))
    record.start_log(world.deps)  # each workspace's log has a clock of its own


# I12: what is forgotten.


def test_i12_forgotten_words_leave_the_record_verifying_and_read_erased(live: World) -> None:
    live.pauses()
    live.answers_round(1)
    live.live_through(3)
    while posting := delivery.claim_message(live.deps):
        delivery.record_shown(live.deps, posting, None, "")
    with live.deps.store.begin(live.deps.workspace, OPERATOR) as work:
        openings = list(work.log.openings())
        for opening in openings:
            erased = {"seq": opening.seq, "field": opening.field}
            work.record(Kind.OPENING_ERASED, f"opening/{opening.seq}/{opening.field}", erased)
    with live.deps.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM opening"))

    assert len(openings) > 5
    assert findings(live) == []
    sheet = questions.show_workflow(live.deps, person(MEMBER), KEY)
    assert (sheet.purpose, sheet.gate_reason) == ("[erased]", "[erased]")
    live.asks_to_resume()
    live.confirms(1)


def test_i12_what_people_type_and_who_they_are_is_in_openings_alone(live: World) -> None:
    live.pauses()
    live.asks_to_resume()

    bodies = "".join(str(entry) for entry in live.entries())
    for words in ("it misbehaves", "behaves again", "Sorts the mail", OWNER, BACKUP, STEWARD):
        assert words not in bodies


# Exports.


@pytest.mark.parametrize("by", [AUDITOR, STEWARD, ADMIN])
def test_whoever_may_read_the_record_gets_it_and_that_is_an_entry(live: World, by: str) -> None:
    record.request_export(live.deps, person(by))

    made = live.entries()[-1]
    assert (made.kind, made.facts["way"]) == (Kind.EXPORT_MADE, "slack")


@pytest.mark.parametrize("by", [OWNER, BACKUP, MEMBER])
def test_i4_others_do_not_take_the_record_out(live: World, by: str) -> None:
    with pytest.raises(Refused):
        record.request_export(live.deps, person(by))
    assert live.entries(Kind.EXPORT_MADE) == []


def test_a_part_of_the_record_is_what_was_asked_for(live: World) -> None:
    live.registers("replies")
    record.record_export(live.deps, OPERATOR, Wanted(workflow=KEY))
    with record.read_record(live.deps, Wanted(workflow=KEY)) as view:
        assert view.is_filtered
        first, *others = [entry for entry, _ in view.entries]
        assert first.kind is Kind.LOG_STARTED, "it says by which clock the log goes"
        assert {entry.facts["workflow"] for entry in others} == {KEY}
        assert len(list(view.populations)) == 1
    with record.read_record(live.deps, Wanted(since=MONDAY)) as view:
        assert view.entries[1][0].kind is Kind.ROUND_DRAWN
    with record.read_record(live.deps, Wanted(until=MONDAY)) as view:
        assert view.entries[-1][0].kind is Kind.OUTPUTS_RECEIVED
    with pytest.raises(Refused, match="no workflow"):
        record.record_export(live.deps, OPERATOR, Wanted(workflow="other"))
