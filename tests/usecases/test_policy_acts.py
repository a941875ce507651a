"""One person makes a policy stricter, two make it weaker: I4 actor, I5 order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    BUILDER,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    POLICY,
    ROLES,
    STEWARD,
    WORKSPACE,
    World,
    findings,
    person,
    sent,
)

from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.requests import RequestState
from bot.rendering import views
from bot.rendering.render import message, modal
from bot.usecases import gate, policies, questions, requests, showing
from bot.usecases.policies import Change, Changeable, Changed
from store import tables

CONFIRM = ObligationKind.CONFIRM
STRICTER = replace(POLICY, number=2, limit_bp=200, sample=8)
WEAKER = replace(POLICY, number=2, limit_bp=900)


def changes(world: World, policy: Policy, by: str = OWNER, delivery: str = "") -> Changed:
    asked = Change(KEY, policy, "the season has begun")
    return policies.change_policy(world.deps, person(by, delivery=delivery), asked)


def in_force(world: World) -> Policy:
    with world.deps.store.read(WORKSPACE) as reading:
        return reading.workflows.policy(KEY, reading.workflows.get(KEY).policy)


def request_is(world: World, number: int) -> RequestState:
    with world.deps.store.read(WORKSPACE) as reading:
        return reading.requests.get(KEY, number).state


def is_told_of_request(world: World, who: str) -> bool:
    with world.deps.store.engine.connect() as connection:
        told = select(tables.outbox.c.to).where(tables.outbox.c.kind == MessageKind.REQUEST)
        return who in connection.scalars(told).all()


@pytest.mark.parametrize("by", [OWNER, ADMIN])
def test_what_only_becomes_stricter_is_in_force_at_once(live: World, by: str) -> None:
    changed = changes(live, STRICTER, by)

    assert not changed.is_waiting
    assert in_force(live) == STRICTER
    entry = live.entries(Kind.POLICY_CHANGED)[-1]
    assert (entry.policy, entry.prior, entry.facts["weakens"]) == (2, None, [])
    assert changed.receipt.number == entry.seq
    assert findings(live) == []


@pytest.mark.parametrize("by", [BACKUP, STEWARD, BUILDER, AUDITOR, MEMBER])
def test_i4_nobody_else_changes_a_policy(live: World, by: str) -> None:
    with pytest.raises(Refused, match="takes the owner or an admin"):
        policies.open_change(live.deps, person(by), KEY)
    with pytest.raises(Refused):
        changes(live, STRICTER, by)
    assert in_force(live) == POLICY
    assert set(live.refusals()) == {"may not change the policy of a workflow"}


def test_a_form_is_opened_for_a_workflow_there_is(live: World) -> None:
    assert policies.open_change(live.deps, person(OWNER), KEY) == Changeable(POLICY, waiting=None)
    assert policies.open_change(live.deps, person(OWNER), "other") is None


def test_a_form_says_what_waits_for_a_second_person(live: World) -> None:
    def waiting(by: str) -> str:
        found = policies.open_change(live.deps, person(by), KEY)
        assert found is not None
        form = views.ChangeForm(KEY, found.policy.number, views.PolicyFields(), found.waiting)
        shown = modal(form)["blocks"]
        assert isinstance(shown, list)
        said = [str(each["text"]["text"]) for each in shown if each["block_id"] == "waiting"]
        return "".join(said)

    assert waiting(ADMIN) == ""
    changes(live, WEAKER)
    due = f"<!date^{int(live.owed(CONFIRM, 1).due_at.timestamp())}"
    to_others = f"<@{OWNER}> has asked already to make it weaker: a second person has to confirm"
    assert f"{to_others} that by {due}" in waiting(ADMIN)
    assert "nobody else can ask for anything weaker. What only becomes stricter" in waiting(ADMIN)
    with pytest.raises(Refused, match="asked to make the policy of triage weaker already"):
        changes(live, WEAKER, ADMIN)
    own = waiting(OWNER)
    assert "You have asked already to make it weaker" in own
    assert "Whatever is changed here takes its place." in own
    live.forward(25)
    assert f"has to confirm that; the time for that ended {due}" in waiting(ADMIN)
    changes(live, WEAKER)
    live.confirms(2)
    assert waiting(ADMIN) == "", "nothing waits any more"


@pytest.mark.parametrize(
    ("asks", "confirms"),
    [(a, b) for a in (OWNER, ADMIN) for b in (OWNER, BACKUP, STEWARD, ADMIN) if a != b],
)
def test_i4_two_people_make_a_policy_weaker(live: World, asks: str, confirms: str) -> None:
    changed = changes(live, WEAKER, asks)
    assert [each.field for each in changed.weakens] == ["limit_bp"]
    assert in_force(live) == POLICY, "one is not enough"

    receipt = live.confirms(1, by=confirms)

    assert in_force(live) == WEAKER
    given = live.entries(Kind.CHANGE_CONFIRMED)[0]
    entry = live.entries(Kind.POLICY_CHANGED)[-1]
    assert (entry.prior, entry.facts["weakens"]) == (given.seq, ["limit_bp"])
    assert receipt.number == given.seq
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.ANSWERED
    assert findings(live) == []


@pytest.mark.parametrize("by", [OWNER, ADMIN])
def test_i4_nobody_confirms_their_own_change(live: World, by: str) -> None:
    changes(live, WEAKER, by)

    with pytest.raises(Refused, match="a second person"):
        live.confirms(1, by=by)
    assert in_force(live) == POLICY
    assert live.refusals() == ["may not confirm own request"]


@pytest.mark.parametrize("by", [BUILDER, AUDITOR, MEMBER])
def test_i4_nobody_else_confirms_a_change(live: World, by: str) -> None:
    changes(live, WEAKER)
    with pytest.raises(Refused):
        live.confirms(1, by=by)
    assert in_force(live) == POLICY


def test_i2_confirming_a_change_again_is_a_success_without_a_second_version(live: World) -> None:
    changes(live, WEAKER)
    first = live.confirms(1)
    before = live.contents()

    assert live.confirms(1) == first
    assert live.contents() == before
    with pytest.raises(Refused, match="It was confirmed"):
        live.confirms(1, by=STEWARD)


def test_i5_confirming_again_names_the_version_that_is_in_force_now(live: World) -> None:
    changes(live, WEAKER)
    given = requests.confirm_request(live.deps, person(BACKUP), KEY, 1)
    assert "What is owed from then on and the next round follow it." in given.sentence
    changes(live, replace(STRICTER, number=3))

    again = requests.confirm_request(live.deps, person(BACKUP), KEY, 1)
    assert again.sentence == (
        f"You confirmed version 2 of the policy of {KEY}. Version 3 is in force now."
    )


def test_i2_a_change_delivered_twice_is_one_change(live: World) -> None:
    changes(live, STRICTER, delivery="view-1")
    with pytest.raises(Repeated):
        changes(live, STRICTER, delivery="view-1")
    assert in_force(live).number == 2


def test_whoever_was_shown_another_version_changes_nothing(live: World) -> None:
    changes(live, STRICTER, ADMIN)
    before = live.entries(Kind.POLICY_CHANGED)

    with pytest.raises(Refused, match="Version 2 of the policy of triage is in force by now"):
        changes(live, replace(POLICY, number=2, sample=30))
    assert live.entries(Kind.POLICY_CHANGED) == before
    assert live.refusals() == ["policy changed since"]


def test_a_form_in_which_nothing_is_changed_says_so_and_records_nothing(live: World) -> None:
    before = live.contents()
    with pytest.raises(Invalid, match="Nothing is changed"):
        changes(live, replace(POLICY, number=2))
    assert live.contents() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sample": 0}, "sample"),
        ({"zone": "Mars"}, "zone"),
        ({"delivery_grace": timedelta(hours=25)}, "grace"),
        ({"hours": "Mon-Fri 09:00-17:00", "holidays_in": "QQ"}, "holidays"),
    ],
)
def test_what_cannot_be_is_said_under_its_field(
    live: World, wrong: dict[str, object], field: str
) -> None:
    before = live.contents()
    with pytest.raises(Invalid) as invalid:
        changes(live, replace(STRICTER, **wrong))  # type: ignore[arg-type]
    assert list(invalid.value.errors) == [field]
    with pytest.raises(Invalid, match="reason"):
        policies.change_policy(live.deps, person(OWNER), Change(KEY, STRICTER, " "))
    assert live.contents() == before


def test_a_drafts_policy_is_changed_and_its_owner_sees_what_they_accept(world: World) -> None:
    world.registers()
    changes(world, STRICTER)
    world.accepts()

    assert world.round(1).policy == 2
    assert findings(world) == []


def test_a_change_nobody_confirms_lapses_and_changes_nothing(live: World) -> None:
    changes(live, WEAKER)
    live.forward(24 + 14)

    assert request_is(live, 1) is RequestState.LAPSED
    assert live.owed(ObligationKind.CONFIRM, 1).state is ObligationState.LAPSED
    assert in_force(live) == POLICY
    with pytest.raises(Refused, match=r"lapsed.* It can be asked for again"):
        live.confirms(1)
    assert findings(live) == []


def test_ones_own_new_request_takes_the_place_of_the_one_before(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    changes(live, replace(WEAKER, limit_bp=700), ADMIN)

    assert request_is(live, 1) is RequestState.SUPERSEDED
    assert not is_told_of_request(live, ADMIN), "by their own doing"
    with pytest.raises(Refused, match=r"has asked anew since.* That one has its own message"):
        live.confirms(1)
    live.confirms(2, by=OWNER)
    assert in_force(live).limit_bp == 700
    assert findings(live) == []


@pytest.mark.parametrize(
    ("happens", "by", "told"),
    [
        (lambda _: None, OWNER, "That one has its own message: confirm or decline it there."),
        (lambda _: None, ADMIN, "You asked for that one yourself: press “Withdraw” on it to take"),
        (
            lambda live: live.withdraws_request(2, by=ADMIN),
            OWNER,
            "That one is over too. Whoever asked has withdrawn it: nothing changes. It can be",
        ),
        (
            lambda live: live.confirms(2, by=OWNER),
            BACKUP,
            "That one is over too. It was confirmed: nothing more is owed here.",
        ),
        (
            lambda live: changes(live, STRICTER, OWNER),
            BACKUP,
            "That one is over too. Somebody has changed the policy since, record #",
        ),
        (
            lambda live: changes(live, replace(WEAKER, limit_bp=800), ADMIN),
            STEWARD,
            "That one has its own message: confirm or decline it there.",
        ),
    ],
)
def test_who_presses_on_what_was_asked_anew_is_told_what_has_become_of_the_newer_one(
    live: World, happens: Callable[[World], object], by: str, told: str
) -> None:
    changes(live, WEAKER, ADMIN)
    changes(live, replace(WEAKER, limit_bp=700), ADMIN)
    happens(live)

    for press in (live.confirms, live.declines_request):
        with pytest.raises(Refused, match="has asked anew since") as refused:
            press(1, by=by)
        assert told in refused.value.sentence
        assert refused.value.sentence.count("own message") <= 1
    assert findings(live) == []


def test_the_card_of_a_request_that_was_overtaken_says_by_what_and_whose(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    changes(live, replace(WEAKER, limit_bp=700), ADMIN)
    anew = live.entries(Kind.CHANGE_REQUESTED)[-1].seq
    changes(live, STRICTER, OWNER)
    changed = live.entries(Kind.POLICY_CHANGED)[-1].seq
    live.answers_round(1, CRITICAL)
    live.pauses()
    live.asks_to_resume()
    live.acknowledges(1)
    live.decides(1, Decision.PAUSE, by=STEWARD)
    decided = live.entries(Kind.DECISION_RECORDED)[-1].seq

    said = [
        message(
            showing.view_of(
                live.deps, Message(MessageKind.REQUEST, Place.CHANNEL, CHANNEL, 1, KEY, number)
            )
        ).text
        for number in (1, 2, 3)
    ]
    assert f"<@{ADMIN}> has asked anew since, record #{anew}:" in said[0]
    assert f"<@{OWNER}> has changed the policy since, record #{changed}:" in said[1]
    assert f"<@{STEWARD}> has decided on breach 1 since: *pause*, record #{decided}." in said[2]


def test_a_policy_that_comes_into_force_ends_what_was_asked_about_the_one_before(
    live: World,
) -> None:
    changes(live, WEAKER)
    changes(live, STRICTER, ADMIN)

    assert request_is(live, 1) is RequestState.SUPERSEDED
    assert is_told_of_request(live, OWNER)
    ended = live.entries(Kind.OBLIGATION_SUPERSEDED)[-1]
    assert ended.prior == live.entries(Kind.POLICY_CHANGED)[-1].seq
    with pytest.raises(Refused):
        live.confirms(1)
    assert in_force(live) == STRICTER


def test_requests_of_both_kinds_are_numbered_together_and_do_not_end_each_other(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume()
    changes(live, WEAKER)

    live.confirms(2)
    assert in_force(live) == WEAKER
    live.confirms(1)
    board = gate.read_board(live.deps, -1)
    assert board
    assert board.gates[0].gate.state == "run"
    assert findings(live) == []


def test_a_retired_workflows_policy_is_not_changed(live: World) -> None:
    live.reports(1)
    live.forward(200)
    live.acknowledges(1)
    changes(live, WEAKER)
    live.decides(1, Decision.RETIRE)

    assert request_is(live, 1) is RequestState.SUPERSEDED
    with pytest.raises(Refused, match="is retired"):
        changes(live, STRICTER)
    with pytest.raises(Refused, match="decided on breach 1 since: retire"):
        live.confirms(1)
    assert findings(live) == []


def test_i5_the_round_that_is_open_keeps_its_policy_and_the_next_has_the_new(live: World) -> None:
    ends = live.round(2).period_end
    changed = changes(live, replace(STRICTER, cadence="FREQ=DAILY;BYHOUR=9"))
    assert changed.kept == 2
    assert (live.round(2).period_end, live.round(2).policy) == (ends, 1)

    live.reports(12)
    live.forward(to=ends)

    drawn = [each for each in live.entries(Kind.ROUND_DRAWN) if each.facts["round"] == 2]
    assert (drawn[0].policy, drawn[0].facts["sample"]) == (1, POLICY.sample)
    following = live.round(3)
    assert (following.policy, following.period_end) == (2, ends + timedelta(days=1))
    assert findings(live) == []


def test_what_is_owed_already_is_counted_as_before(world: World) -> None:
    office = replace(POLICY, hours="Mon-Fri 09:00-17:00")
    world.registers(policy=office)
    owed = world.owed(ObligationKind.ACCEPT, 0)
    assert owed.due_at == datetime(2026, 6, 2, 17, tzinfo=UTC)
    changes(world, replace(office, number=2, hours="always"))

    world.forward(to=owed.due_at)

    # Due on Tuesday evening; the backup is asked after two more hours of work, not of the clock.
    climbs_at = world.owed(ObligationKind.ACCEPT, 0).climbs_at
    assert climbs_at == datetime(2026, 6, 3, 11, tzinfo=UTC)


def test_the_board_sees_what_the_new_version_lets_run(live: World) -> None:
    board = gate.read_board(live.deps, -1)
    assert board
    changes(live, replace(POLICY, number=2, runs_degraded=True))
    assert gate.read_board(live.deps, board.number) is None
    live.confirms(1)

    after = gate.read_board(live.deps, board.number)
    assert after
    assert [row.runs_degraded for row in after.gates] == [True]


def test_the_channel_and_the_second_person_are_shown_what_becomes_weaker(live: World) -> None:
    changes(live, WEAKER)

    with live.deps.store.engine.connect() as connection:
        rows = connection.execute(
            select(tables.outbox.c.to)
            .where(tables.outbox.c.kind == MessageKind.REQUEST)
            .order_by(tables.outbox.c.id)
        )
        assert [row.to for row in rows] == ["C0WATCH", BACKUP]
    assert live.clock.now() >= MONDAY


def test_nobody_puts_anothers_request_aside(live: World) -> None:
    changes(live, WEAKER)
    with pytest.raises(Refused, match="Somebody else has asked"):
        changes(live, replace(WEAKER, limit_bp=700), ADMIN)
    assert live.refusals() == ["change already requested"]
    assert request_is(live, 1) is RequestState.OPEN
    live.confirms(1)
    assert in_force(live) == WEAKER


def test_i4_a_weaker_policy_needs_two_who_may_still_ask_and_confirm(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    deps = replace(live.deps, circle=Circle(frozenset({"U0OTHER"})))  # as settings say by now

    with pytest.raises(Refused, match="asked for again by the owner or an admin") as refused:
        requests.confirm_request(deps, person(BACKUP), KEY, 1)
    assert refused.value.rule == "asker may not ask any more"
    again = Change(KEY, WEAKER, "too many alarms")
    policies.change_policy(deps, person(OWNER), again)
    assert request_is(live, 1) is RequestState.SUPERSEDED
    requests.confirm_request(deps, person(BACKUP), KEY, 2)
    assert in_force(live) == WEAKER
    assert findings(live) == []


def test_i4_what_an_admin_asked_ends_when_the_bot_starts_without_them(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    before = live.contents()
    requests.end_without_asker(live.deps)
    assert live.contents() == before, "they are an admin still"

    live.deps = replace(live.deps, circle=Circle(frozenset({"U0OTHER"})))
    requests.end_without_asker(live.deps)
    assert request_is(live, 1) is RequestState.SUPERSEDED
    assert live.owed(CONFIRM, 1).state is ObligationState.SUPERSEDED
    assert is_told_of_request(live, ADMIN)
    ended = live.entries(Kind.OBLIGATION_SUPERSEDED)[-1].seq
    card = Message(MessageKind.REQUEST, Place.CHANNEL, CHANNEL, 1, KEY, 1)
    said = message(showing.view_of(live.deps, card)).text
    assert f"<@{ADMIN}> is no admin any more by the settings of this bot, record #{ended}:" in said
    assert "It can be asked for again by the owner or an admin" in said

    again = live.contents()
    requests.end_without_asker(live.deps)
    assert live.contents() == again, "another start finds nothing to end"
    assert findings(live) == []


def test_i4_a_weaker_policy_is_not_confirmed_once_its_asker_has_left(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    live.leaves(ADMIN)

    assert request_is(live, 1) is RequestState.SUPERSEDED
    with pytest.raises(Refused, match="Whoever asked is no full member"):
        live.confirms(1)
    assert findings(live) == []


def test_i4_a_change_whose_asker_becomes_the_owner_goes_to_the_next_at_once(live: World) -> None:
    changes(live, WEAKER, ADMIN)
    live.hands_over(replace(ROLES, owner=ADMIN))
    live.takes_over(ADMIN)
    live.tick()

    assert live.owed(CONFIRM, 1).owed_by == BACKUP
    assert live.climbs(CONFIRM, 1) == []
    live.confirms(1)
    assert findings(live) == []


def reminders_of_request(world: World) -> dict[str, views.Reminder]:
    """Give what has just told of the climb of a request, by where; the last one each."""
    told = [each for each in sent(world) if each.kind is MessageKind.REMINDER]
    of_request = {each.to: each for each in told if each.obligation.startswith("confirm/")}
    shown = {to: showing.view_of(world.deps, each) for to, each in of_request.items()}
    return {to: view for to, view in shown.items() if isinstance(view, views.Reminder)}


def may_confirm(world: World, user_id: str) -> list[bool]:
    """Tell of each request somebody is asked to confirm whether they are told that they may."""
    waiting = questions.list_dues(world.deps, person(user_id)).dues
    return [each.may_answer for each in waiting if each.kind is CONFIRM]


def test_admins_to_whom_a_weaker_policy_climbs_are_asked_to_confirm_it(live: World) -> None:
    live.is_away(BACKUP)
    live.is_away(STEWARD)
    changes(live, WEAKER)
    live.tick()

    told = reminders_of_request(live)
    for place in (ADMIN, CHANNEL):
        assert ADMIN in told[place].asked
        assert told[place].may_answer
    assert may_confirm(live, ADMIN) == [True]
    live.confirms(1, by=ADMIN)
    assert in_force(live).limit_bp == WEAKER.limit_bp
    assert findings(live) == []


def test_i4_admins_to_whom_a_resume_climbs_are_not_asked_to_confirm_it(live: World) -> None:
    live.pauses()
    live.is_away(BACKUP)
    live.is_away(STEWARD)
    live.asks_to_resume()
    live.tick()

    assert not reminders_of_request(live)[ADMIN].may_answer
    assert may_confirm(live, ADMIN) == [False]


def test_i4_an_admin_who_asked_for_a_weaker_policy_is_not_asked_to_confirm_it(live: World) -> None:
    for each in (OWNER, BACKUP, STEWARD):
        live.is_away(each)
    changes(live, WEAKER, by=ADMIN)
    live.tick()

    assert ADMIN not in reminders_of_request(live)
    assert may_confirm(live, ADMIN) == []


def test_i3_nobody_is_told_that_they_are_asked_again_where_a_request_lapses(live: World) -> None:
    live.is_away(BACKUP)
    live.is_away(STEWARD)
    changes(live, WEAKER)
    live.tick()
    due_at = live.owed(CONFIRM, 1).due_at
    told = reminders_of_request(live)

    for place in (ADMIN, CHANNEL):
        assert told[place].next == views.Next(Role.ADMIN, due_at, is_lapse=True)
        words = message(told[place]).text
        assert "If there is no answer by then, nothing changes and this lapses." in words
        assert "asked again" not in words
        assert words.count("lapses") == 1
    live.forward(24)
    assert request_is(live, 1) is RequestState.LAPSED


def test_i3_admins_are_not_said_to_be_asked_by_the_step_that_lapses_a_request(live: World) -> None:
    changes(live, WEAKER)
    live.live_through(24 + 2 + 4)
    lapses_at = live.owed(CONFIRM, 1).climbs_at
    told = reminders_of_request(live)[STEWARD]

    assert told.next == views.Next(Role.ADMIN, lapses_at, is_lapse=True)
    assert "If there is no answer, nothing changes and this lapses <!date^" in message(told).text
    live.forward(to=lapses_at)
    assert request_is(live, 1) is RequestState.LAPSED


def words_of(world: World, kind: MessageKind, to: str) -> str:
    """Give the last message of a kind to somebody, or in the channel, as it was sent now."""
    told = [each for each in sent(world) if (each.kind, each.to) == (kind, to)]
    return message(showing.view_of(world.deps, told[-1])).text if told else ""


@pytest.mark.parametrize("is_change", [True, False])
def test_i3_a_request_whose_time_is_past_says_that_it_was_due(
    live: World, *, is_change: bool
) -> None:
    if is_change:
        changes(live, WEAKER)
    else:
        live.pauses()
        live.asks_to_resume()
    before = words_of(live, MessageKind.REQUEST, CHANNEL)
    due = f"<!date^{int(live.owed(CONFIRM, 1).due_at.timestamp())}"
    assert f"A second person confirms by {due}" in before
    live.forward(24)
    told = words_of(live, MessageKind.REQUEST, CHANNEL)
    assert f"It was due {due}" in told
    assert f", and a second person may confirm it still: <@{BACKUP}>" in told
    assert "by <!date" not in told


def test_i3_who_is_asked_in_anothers_place_after_its_time_reads_that_it_was_due(
    live: World,
) -> None:
    due = f"<!date^{int(live.owed(ObligationKind.REVIEW, 1).due_at.timestamp())}"
    live.forward(73)
    live.is_away(OWNER, MEMBER)
    live.tick()
    told = words_of(live, MessageKind.DUTY_REQUEST, MEMBER)
    assert f"Please review round 1 of triage, which was due {due}" in told
    assert "by <!date" not in told
