"""What cannot reach its channel reaches people at once, on record; nothing is dropped (I3, I4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    ROLES,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.messages import WITH_FILES, Message, MessageKind, Place, Posting, Shown
from bot.domain.obligations import ObligationKind
from bot.domain.other_ways import OtherWay
from bot.domain.people import OPERATOR, SYSTEM, Circle
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.rendering import views
from bot.rendering.render import message
from bot.usecases import (
    delivery,
    digests,
    forgetting,
    policies,
    record,
    reports,
    showing,
    watching,
)
from bot.usecases.escalation import CASE_OF
from bot.usecases.policies import Change
from bot.usecases.steps.messages import card_case
from bot.usecases.steps.rhythm import ask_owner_again
from store.record import ERASED

ARCHIVED = "it is archived. Unarchive it"
ELSEWHERE = "C0ELSE"


def deliver(
    world: World, is_lost: Callable[[Message], bool] = lambda _: False, why: str = ARCHIVED
) -> list[Message]:
    """Work the outbox off: what is lost can never arrive; give what did."""
    arrived = []
    while posting := delivery.claim_message(world.deps):
        if is_lost(posting.message):
            delivery.record_undeliverable(world.deps, posting, "is_archived", why)
        else:
            delivery.record_shown(world.deps, posting, Shown("C1", f"{posting.id}.0"), "")
            arrived.append(posting.message)
    return arrived


def to_channel(message: Message) -> bool:
    return message.place is Place.CHANNEL


def whom(messages: Sequence[Message], kind: MessageKind) -> list[str]:
    return [each.to for each in messages if each.kind is kind]


def asked(world: World) -> list[list[str]]:
    """Give whom each entry of a failure says was sent the message instead."""
    with world.deps.store.read(world.deps.workspace) as reading:
        return [
            reading.log.words(stored.entry.seq, "asked").split()
            if "asked_c" in stored.entry.facts
            else []
            for stored in reading.log.entries()
            if stored.entry.kind is Kind.MESSAGE_FAILED
        ]


def test_i3_what_was_for_an_archived_channel_reaches_the_owner_on_record(live: World) -> None:
    deliver(live)
    live.pauses()
    owed = live.owed(ObligationKind.REVIEW, 1)
    [notice] = [m for m in deliver(live, to_channel) if m.kind is MessageKind.GATE_NOTICE]

    assert (notice.place, notice.to, notice.thread) == (Place.PERSON, OWNER, "")
    assert "is archived. Unarchive it, or type `/answerable watch triage`" in notice.sentence
    assert asked(live) == [[OWNER]]
    assert live.owed(ObligationKind.REVIEW, 1) == owed, "its time is as it was"
    assert findings(live) == []


def test_one_case_is_one_message_there_brought_up_to_date(live: World) -> None:
    deliver(live, to_channel)
    live.answers_round(1)
    shown = deliver(live, to_channel)
    with live.deps.store.read(live.deps.workspace) as reading:
        places = [reading.outbox.shown(each.case) for each in shown]
    cards = [each for each in shown if each.kind is MessageKind.ROUND_CARD and each.subject == 1]
    assert {each.case for each in cards} == {f"round_card/{KEY}/1/{OWNER}"}
    assert None not in places


def test_a_copy_stays_what_it_is_when_it_is_brought_up_to_date(live: World) -> None:
    live.pauses()
    live.asks_to_resume()  # of the backup, who is another by and by
    deliver(live, to_channel)
    live.hands_over(replace(ROLES, backup=MEMBER))
    [copy] = [
        each
        for each in deliver(live, to_channel)
        if (each.kind, each.to) == (MessageKind.REQUEST, OWNER)
    ]

    assert f"could not be shown there: {ARCHIVED}, or type" in copy.sentence
    shown = showing.view_of(live.deps, copy)
    assert isinstance(shown, views.ResumeRequest), "as it would be in the channel"
    assert [each.person for each in shown.confirmers] == [MEMBER, STEWARD]


def test_what_is_critical_goes_to_the_steward_too(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    arrived = deliver(live, to_channel)

    told = [each for each in arrived if each.kind is MessageKind.BREACH_CARD and each.sentence]
    assert {each.to for each in told} == {OWNER, STEWARD}
    assert [OWNER, STEWARD] in asked(live)


def test_i4_a_copy_of_a_reminder_asks_of_its_reader_only_what_they_may_do(live: World) -> None:
    live.answers_round(1, CRITICAL)
    deliver(live)
    while len(live.climbs(ObligationKind.ACKNOWLEDGE, 1)) < 2:
        live.forward(1)
    [climbed] = live.climbs(ObligationKind.ACKNOWLEDGE, 1)[1:]

    copies = [each for each in deliver(live, to_channel) if each.entry == climbed.seq]
    told = {each.to: showing.view_of(live.deps, each) for each in copies if each.sentence}

    owner, steward = told[OWNER], told[STEWARD]
    assert isinstance(owner, views.Reminder)
    assert isinstance(steward, views.Reminder)
    assert (owner.asked, owner.may_answer) == ((OWNER,), True)
    assert (steward.asked, steward.may_answer) == ((STEWARD,), False)
    assert steward.other_way is OtherWay.PAUSE


def test_whoever_registers_a_workflow_for_a_channel_that_takes_nothing_is_told(
    world: World,
) -> None:
    world.registers(by=ADMIN)
    copies = [each for each in deliver(world, to_channel) if each.sentence]
    assert whom(copies, MessageKind.ACCEPT_REQUEST) == [OWNER, ADMIN]


def test_who_asked_for_a_weaker_policy_can_withdraw_that_where_its_channel_takes_nothing(
    live: World,
) -> None:
    weaker = replace(POLICY, number=2, sample=3)
    policies.change_policy(live.deps, person(ADMIN), Change(KEY, weaker, "too many"))
    own = [each for each in deliver(live, to_channel) if each.to == ADMIN]
    [copy] = [showing.view_of(live.deps, each) for each in own]
    assert isinstance(copy, views.ChangeRequest)
    assert copy.is_own
    live.withdraws_request(1, by=ADMIN)
    [copy] = [showing.view_of(live.deps, each) for each in deliver(live) if each.to == ADMIN]
    assert isinstance(copy, views.ChangeRequest)
    assert copy.is_withdrawn


def test_who_proposed_a_successor_gets_that_where_its_channel_takes_nothing(live: World) -> None:
    live.leaves(OWNER)
    live.hands_over(replace(ROLES, owner=MEMBER), by=STEWARD)
    copies = [each for each in deliver(live, to_channel) if each.sentence]
    assert whom(copies, MessageKind.HANDOVER_REQUEST) == [BACKUP, STEWARD]


def test_who_asked_and_has_left_gets_no_copy(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    live.leaves(BACKUP)
    copies = [each for each in deliver(live, to_channel) if each.sentence]
    assert whom(copies, MessageKind.REQUEST) == [OWNER]


def test_i3_a_copy_that_does_not_reach_who_asked_goes_nowhere_and_hastens_nothing(
    live: World,
) -> None:
    live.pauses()
    live.asks_to_resume(by=STEWARD)
    owed = live.owed(ObligationKind.CONFIRM, 1)
    arrived = deliver(live, lambda each: to_channel(each) or each.to == STEWARD)
    assert set(whom(arrived, MessageKind.REQUEST)) == {OWNER}
    assert [OWNER, STEWARD] in asked(live)
    assert ADMIN not in {each for people in asked(live) for each in people}
    assert live.owed(ObligationKind.CONFIRM, 1).climbs_at == owed.climbs_at


def test_i12_who_asked_and_was_forgotten_is_sent_nothing(live: World) -> None:
    weaker = replace(POLICY, number=2, sample=3)
    policies.change_policy(live.deps, person(ADMIN), Change(KEY, weaker, "too many"))
    live.deps = replace(live.deps, circle=Circle())
    forgetting.forget_person(live.deps, OPERATOR, ADMIN, "asked for it")
    copies = [each for each in deliver(live, to_channel) if each.sentence]
    assert whom(copies, MessageKind.REQUEST) == [OWNER]
    live.declines_request(1, by=STEWARD)
    assert ERASED not in whom(deliver(live), MessageKind.REQUEST)
    assert findings(live) == []


def test_i12_who_was_forgotten_is_not_sent_that_their_request_ended(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    deliver(live)
    live.hands_over(replace(ROLES, backup=MEMBER))
    forgetting.forget_person(live.deps, OPERATOR, BACKUP, "asked for it")
    assert {ERASED, BACKUP}.isdisjoint(whom(deliver(live), MessageKind.REQUEST))
    assert findings(live) == []


def offered(world: World, messages: Sequence[Message]) -> dict[tuple[str, str], set[str]]:
    """Give which buttons are offered to each person in each kind of message."""
    found = {}
    for each in messages:
        if each.place is Place.PERSON:
            shown = message(showing.view_of(world.deps, each)).blocks
            found[each.kind.value, each.to] = {
                str(element["action_id"])
                for block in shown
                if block["type"] == "actions"
                for element in block["elements"]
            }
    return found


def test_i4_a_breach_card_offers_its_answer_only_to_who_may_give_it(live: World) -> None:
    live.answers_round(1, CRITICAL)
    fresh = offered(live, deliver(live))
    assert "acknowledge" in fresh["breach_card", OWNER]
    assert fresh["breach_card", STEWARD] == {"see_outputs", "pause"}
    live.acknowledges(1)
    taken = offered(live, deliver(live))
    assert "decide" in taken["breach_card", STEWARD]
    assert taken["breach_card", OWNER] == {"see_outputs", "pause"}, "the steward decides it"


def test_i4_a_copy_offers_an_answer_only_to_who_may_give_it(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=BACKUP)
    asked = offered(live, deliver(live, to_channel))
    assert asked["request", OWNER] == {"confirm", "decline_request"}
    assert asked["request", BACKUP] == {"withdraw_request"}
    live.leaves(OWNER)
    live.hands_over(replace(ROLES, owner=ADMIN), by=STEWARD)
    asked = offered(live, deliver(live, to_channel))
    assert asked["owner_needed", BACKUP] == set()
    assert asked["owner_needed", STEWARD] == {"hand_over"}
    assert asked["handover_request", BACKUP] == set()
    assert asked["handover_request", STEWARD] == {"withdraw"}
    assert asked["handover_request", ADMIN] == {"take_over", "decline"}


@pytest.mark.parametrize(
    ("lost", "reader", "buttons"),
    [
        ((), OWNER, {"attest", "hand_over"}),
        ((OWNER,), BACKUP, set()),
        ((OWNER, BACKUP), STEWARD, {"hand_over"}),
    ],
)
def test_i4_a_copy_of_what_asks_whether_all_is_right_lets_others_be_named_by_who_may(
    live: World, lost: tuple[str, ...], reader: str, buttons: set[str]
) -> None:
    deliver(live)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        kind = ObligationKind.ATTEST
        ask_owner_again(work, work.workflows.get(KEY), kind, CASE_OF[kind])
    arrived = deliver(live, lambda each: to_channel(each) or each.to in lost)
    assert offered(live, arrived)["attest_request", reader] == buttons


def test_i4_of_a_weaker_policy_a_copy_offers_its_answer_to_whoever_may_confirm_it(
    live: World,
) -> None:
    weaker = replace(POLICY, number=2, sample=3)
    live.deps = replace(live.deps, circle=Circle(frozenset({ADMIN, MEMBER})))
    policies.change_policy(live.deps, person(MEMBER), Change(KEY, weaker, "too many"))
    for each in (OWNER, BACKUP, STEWARD):
        live.leaves(each)
    asked = offered(live, deliver(live, to_channel))
    assert asked["request", ADMIN] == {"confirm", "decline_request"}


def test_i4_an_owner_who_has_left_is_passed_over(live: World) -> None:
    live.leaves(OWNER)
    deliver(live)
    live.pauses(by=STEWARD)
    assert whom(deliver(live, to_channel), MessageKind.GATE_NOTICE) == [BACKUP]


def test_an_owner_who_is_away_has_it_sent_to_who_stands_in(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.tick()
    deliver(live)
    live.pauses(by=STEWARD)
    assert whom(deliver(live, to_channel), MessageKind.GATE_NOTICE) == [MEMBER]


def test_who_cannot_be_written_to_has_the_next_told_until_nobody_is_left(live: World) -> None:
    deliver(live)
    live.pauses()
    reached: list[str] = []

    def is_lost(message: Message) -> bool:
        reached.append(message.to)
        return True

    deliver(live, is_lost)
    assert reached == [CHANNEL, OWNER, BACKUP, STEWARD, ADMIN]
    assert asked(live) == [[OWNER], [BACKUP], [STEWARD], [ADMIN], []]


def test_what_slack_refuses_for_its_content_is_not_sent_around(live: World) -> None:
    deliver(live)
    live.pauses()
    deliver(live, lambda _: True, why="")
    assert asked(live) == [[OWNER], []]


def test_a_repaired_channel_has_the_next_message_again(live: World) -> None:
    deliver(live, to_channel)
    live.pauses()
    assert whom(deliver(live), MessageKind.GATE_NOTICE) == [CHANNEL]


def asks_for_file(world: World, kind: MessageKind) -> None:
    """Have an auditor ask for the record, or for a report, when nothing else waits."""
    world.answers_round(1)
    deliver(world)
    if kind is MessageKind.EXPORT:
        record.request_export(world.deps, person(AUDITOR))
    else:
        reports.request_report(world.deps, person(AUDITOR), KEY)


def lost_files(world: World, lost: str) -> list[Message]:
    """Give what arrives if nothing does that has files and is for this person."""
    return deliver(world, lambda each: each.kind in WITH_FILES and each.to == lost, why="")


@pytest.mark.parametrize("kind", [MessageKind.EXPORT, MessageKind.REPORT])
def test_i3_who_asked_for_a_file_that_slack_does_not_take_is_told_and_nobody_else(
    live: World, kind: MessageKind
) -> None:
    asks_for_file(live, kind)
    [notice] = lost_files(live, AUDITOR)

    assert (notice.kind, notice.place, notice.to) == (MessageKind.NOTICE, Place.PERSON, AUDITOR)
    assert "Slack did not take" in notice.sentence
    assert "(is archived)" in notice.sentence
    command = "export" if kind is MessageKind.EXPORT else f"report {KEY}"
    assert f"ask again with `/answerable {command}`" in notice.sentence
    assert asked(live)[-1] == [AUDITOR]
    assert notice.sentence in message(showing.view_of(live.deps, notice)).text
    assert findings(live) == []


@pytest.mark.parametrize("kind", [MessageKind.EXPORT, MessageKind.REPORT])
def test_i3_who_waits_for_a_file_that_a_scope_is_missing_for_is_told_once_what_to_do(
    live: World, kind: MessageKind
) -> None:
    asks_for_file(live, kind)
    posting = delivery.claim_message(live.deps)
    assert posting
    delivery.record_undeliverable(live.deps, posting, "missing_scope files:write")
    [notice] = deliver(live)

    command = "export" if kind is MessageKind.EXPORT else f"report {KEY}"
    assert (notice.kind, notice.to) == (MessageKind.NOTICE, AUDITOR)
    assert "as it lacks Slack's scope files:write" in notice.sentence
    assert "install the app again with it, and ask again with" in notice.sentence
    assert f"`/answerable {command}`" in notice.sentence
    assert notice.sentence in message(showing.view_of(live.deps, notice)).text
    assert findings(live) == []


def test_each_file_that_did_not_come_is_told_of_by_itself(live: World) -> None:
    deliver(live)
    told = []
    for _ in range(2):
        record.request_export(live.deps, person(AUDITOR))
        told += lost_files(live, AUDITOR)
        live.forward(1)
    assert [each.kind for each in told] == [MessageKind.NOTICE] * 2
    assert told[0].case != told[1].case


def test_who_cannot_be_told_of_a_lost_file_either_has_nobody_else_told(live: World) -> None:
    live.answers_round(1)
    deliver(live)
    reports.request_report(live.deps, person(AUDITOR), KEY)
    assert deliver(live, lambda each: each.to == AUDITOR) == []
    assert asked(live) == [[AUDITOR], []]


def test_a_digest_that_reaches_no_channel_and_no_admin_leaves_word_with_the_admin(
    live: World,
) -> None:
    deliver(live)
    digests.place_digest(live.deps, person(ADMIN), CHANNEL, "daily at 09:00", "UTC")
    live.forward(24)
    [notice] = [each for each in lost_digests(live) if each.kind is MessageKind.NOTICE]
    assert notice.to == ADMIN
    assert "did not take the digest" in notice.sentence


def lost_digests(world: World) -> list[Message]:
    return deliver(world, lambda each: each.kind is MessageKind.DIGEST)


# Another channel.


def watch(world: World, by: str = OWNER, channel: str = ELSEWHERE) -> None:
    watching.watch_here(world.deps, person(by), KEY, channel)


@pytest.mark.parametrize("by", [OWNER, ADMIN])
def test_its_owner_or_an_admin_has_it_watched_elsewhere_on_record(live: World, by: str) -> None:
    live.answers_round(1, CRITICAL)
    deliver(live)
    watch(live, by)

    [changed] = live.entries(Kind.CHANNEL_CHANGED)
    assert (changed.facts["from"], changed.facts["to"]) == (CHANNEL, ELSEWHERE)
    arrived = [each for each in deliver(live) if each.to == ELSEWHERE]
    assert {each.kind for each in arrived} == {MessageKind.ROUND_CARD, MessageKind.BREACH_CARD}
    assert findings(live) == []


def posts(world: World) -> list[Posting]:
    """Work the outbox off: give what was sent, each with where it stood before."""
    sent = []
    while posting := delivery.claim_message(world.deps):
        shown = posting.shown or Shown(posting.message.to, f"{posting.id}.0")
        delivery.record_shown(world.deps, posting, shown, "")
        sent.append(posting)
    return sent


def card_of_breach(world: World) -> Shown:
    with world.deps.store.read(world.deps.workspace) as reading:
        case = card_case(MessageKind.BREACH_CARD, world.workflow(), 1)
        shown = reading.outbox.shown(case)
    assert shown
    return shown


def moved_away(world: World) -> list[Posting]:
    """Send what is to be said in the channel of before."""
    return [each for each in posts(world) if each.message.to == CHANNEL]


def test_what_was_open_says_in_the_channel_of_before_where_it_is_now(live: World) -> None:
    live.answers_round(1, CRITICAL)
    posts(live)
    stood = card_of_breach(live)
    watch(live)

    said = moved_away(live)
    assert stood in {each.shown for each in said}
    assert None not in {each.shown for each in said}, "nothing is posted there"
    for each in said:
        shown = str(message(showing.view_of(live.deps, each.message)).blocks)
        assert "triage was moved to another channel, with all that was open: <#C0ELSE>" in shown
        assert "actions" not in shown
    live.acknowledges(1)
    live.decides(1, Decision.TIGHTEN, by=STEWARD)
    assert moved_away(live) == [], "it was said for the last time"
    assert findings(live) == []


def test_back_again_what_was_said_of_the_move_stays_and_a_card_is_posted(live: World) -> None:
    live.answers_round(1, CRITICAL)
    posts(live)
    stood = card_of_breach(live)
    watch(live)
    posts(live)
    watch(live, channel=CHANNEL)
    assert stood not in {each.shown for each in posts(live)}
    assert card_of_breach(live) != stood


def test_what_waited_for_the_channel_of_before_is_not_posted_there_any_more(live: World) -> None:
    live.answers_round(1, CRITICAL)
    posts(live)
    live.acknowledges(1)
    watch(live)
    assert {each.message.kind for each in moved_away(live)} == {MessageKind.NOTICE}


def climbing(world: World) -> None:
    """Have a reminder stand below a card."""
    posts(world)
    world.live_through(72 + 2)
    posts(world)


def alive(world: World) -> list[str]:
    """Send what is left for the channel of before; give what stands there and offers an answer."""
    last = {
        each.shown.ts if each.shown else f"{each.id}.0": each.message
        for each in posts(world)
        if each.message.to == CHANNEL
    }
    shown = {ts: message(showing.view_of(world.deps, told)) for ts, told in last.items()}
    for each in shown.values():
        assert "triage was moved to another channel" in each.text
    return [ts for ts, each in shown.items() if "actions" in str(each.blocks)]


@pytest.mark.parametrize("late", [0.0, 0.5])
def test_a_card_that_is_posted_anew_after_a_move_is_no_late_request(
    live: World, late: float
) -> None:
    due = live.owed(ObligationKind.REVIEW, 1).due_at
    live.forward(late)
    while posting := delivery.claim_message(live.deps, only=Place.CHANNEL):  # people rest
        delivery.record_shown(live.deps, posting, Shown("C1", f"{posting.id}.0"), "")
    moved = live.owed(ObligationKind.REVIEW, 1).due_at
    assert moved == due + timedelta(hours=late)
    live.forward(2)
    watch(live)
    posts(live)
    assert live.owed(ObligationKind.REVIEW, 1).due_at == moved


def test_reminders_in_the_channel_of_before_say_that_it_was_moved(live: World) -> None:
    climbing(live)
    watch(live)
    said = moved_away(live)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.outbox.reminders_in(KEY, CHANNEL) == ()
    assert len(said) > 2, "the cards of two rounds and the reminder"
    assert {each.message.kind for each in said} == {MessageKind.NOTICE}
    assert findings(live) == []


def test_a_reminder_that_waits_as_it_is_moved_is_posted_in_the_channel_of_now(live: World) -> None:
    posts(live)
    live.live_through(72 + 2)
    watch(live)
    reminders = [each.message for each in posts(live) if each.message.kind is MessageKind.REMINDER]
    review = [each for each in reminders if each.obligation == "review/triage/1"]
    [told] = [each for each in review if to_channel(each)]
    assert (told.to, told.thread) == (ELSEWHERE, f"round_card/{KEY}/1/{ELSEWHERE}")


@pytest.mark.parametrize("kind", [MessageKind.REMINDER, MessageKind.BREACH_CARD])
def test_what_is_being_sent_as_it_is_moved_says_so_as_well(live: World, kind: MessageKind) -> None:
    posts(live)
    if kind is MessageKind.REMINDER:
        live.live_through(72 + 2)
    else:
        live.answers_round(1, CRITICAL)
    under_way = []
    while posting := delivery.claim_message(live.deps):
        if posting.message.kind is kind and to_channel(posting.message):
            under_way.append(posting)
            continue
        shown = posting.shown or Shown(posting.message.to, f"{posting.id}.0")
        delivery.record_shown(live.deps, posting, shown, "")
    assert under_way
    watch(live)
    for each in under_way:
        delivery.record_shown(live.deps, each, Shown(CHANNEL, f"{each.id}.0"), "")

    assert alive(live) == []
    live.forward(4)
    assert moved_away(live) == [], "it was said for the last time"
    assert findings(live) == []


def test_an_update_that_is_under_way_as_it_is_moved_is_not_what_stays(live: World) -> None:
    live.answers_round(1, CRITICAL)
    posts(live)
    live.acknowledges(1)
    held = None
    while posting := delivery.claim_message(live.deps):
        if posting.message.kind is MessageKind.BREACH_CARD and to_channel(posting.message):
            held = posting
            continue
        shown = posting.shown or Shown(posting.message.to, f"{posting.id}.0")
        delivery.record_shown(live.deps, posting, shown, "")
    assert held
    watch(live)
    assert MessageKind.NOTICE in {each.message.kind for each in moved_away(live)}
    delivery.record_shown(live.deps, held, held.shown, "")

    [last] = moved_away(live)
    assert (last.message.kind, last.shown, last.beside) == (MessageKind.NOTICE, held.shown, ())
    assert findings(live) == []


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_channel_of_before_that_takes_no_word_is_left_as_it_is(
    live: World, *, is_deleted: bool
) -> None:
    live.answers_round(1, CRITICAL)
    posts(live)
    watch(live)
    tried = []
    while posting := delivery.claim_message(live.deps):
        if posting.message.to != CHANNEL:
            delivery.record_shown(live.deps, posting, Shown("C2", f"{posting.id}.0"), "")
            continue
        tried.append(posting)
        if is_deleted:
            delivery.record_vanished(live.deps, posting)
        else:
            delivery.record_undeliverable(live.deps, posting, "is_archived", ARCHIVED)
    assert len({each.message.case for each in tried}) == len(tried) > 0
    assert asked(live) == [[]] * len(tried), "on record, and nobody is bothered"
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.overview.failing_channels() == {}
    assert findings(live) == []


def test_a_draft_takes_its_request_along(world: World) -> None:
    world.registers()
    deliver(world, to_channel)
    watch(world)
    asked = whom(deliver(world), MessageKind.ACCEPT_REQUEST)
    assert asked == [OWNER, ELSEWHERE], "the owner's copy says by now that it is there"


def test_copies_of_what_is_open_say_that_it_is_watched_elsewhere_by_now(live: World) -> None:
    deliver(live, to_channel)
    live.answers_round(1, CRITICAL)
    live.pauses()
    deliver(live, to_channel)
    watch(live)

    arrived = deliver(live)
    copies = {(each.kind, each.to): each for each in arrived if each.sentence}
    assert {(MessageKind.BREACH_CARD, OWNER), (MessageKind.BREACH_CARD, STEWARD)} <= {*copies}
    assert (MessageKind.GATE_NOTICE, OWNER) in copies, "it comes along, as nothing has followed it"
    for copy in copies.values():
        assert "triage is watched in another channel by now" in copy.sentence
        assert ARCHIVED not in copy.sentence
    assert findings(live) == []


def test_a_copy_that_is_still_on_its_way_when_the_channel_changes_says_so_too(live: World) -> None:
    deliver(live, to_channel)
    live.answers_round(1, CRITICAL)
    while (posting := delivery.claim_message(live.deps)) and not to_channel(posting.message):
        delivery.record_shown(live.deps, posting, Shown("C1", f"{posting.id}.0"), "")
    assert posting
    delivery.record_undeliverable(live.deps, posting, "is_archived", ARCHIVED)
    watch(live)
    said = {each.sentence for each in deliver(live) if each.kind is posting.message.kind}
    assert not [each for each in said if ARCHIVED in each]


@pytest.mark.parametrize(
    ("by", "channel", "rule"),
    [
        (BACKUP, ELSEWHERE, "may not choose the channel of this workflow"),
        (MEMBER, ELSEWHERE, "may not choose the channel of this workflow"),
        (OWNER, CHANNEL, "watched here already"),
        (OWNER, "D0OWNER", "no channel"),
    ],
)
def test_what_cannot_be_is_refused_on_record(live: World, by: str, channel: str, rule: str) -> None:
    with pytest.raises(Refused):
        watch(live, by, channel)
    assert live.refusals() == [rule]
    assert live.workflow().channel == CHANNEL


def test_whatever_is_open_is_posted_there(live: World) -> None:
    live.answers_round(1, CRITICAL)
    live.pauses()
    live.asks_to_resume()
    live.hands_over(replace(ROLES, owner=MEMBER))
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        for kind in (ObligationKind.ATTEST, ObligationKind.DRILL):
            ask_owner_again(work, work.workflows.get(KEY), kind, CASE_OF[kind])
    deliver(live)
    watch(live)

    posted = [each for each in deliver(live) if each.to == ELSEWHERE]
    assert {(each.kind, each.subject) for each in posted} == {
        (MessageKind.ROUND_CARD, 1),
        (MessageKind.ROUND_CARD, 2),
        (MessageKind.BREACH_CARD, 1),
        (MessageKind.REQUEST, 1),
        (MessageKind.HANDOVER_REQUEST, 1),
        (MessageKind.ATTEST_REQUEST, 1),
        (MessageKind.DRILL_REQUEST, 1),
    }
    assert findings(live) == []


def test_i1_what_could_not_be_shown_here_is_posted_when_it_is_asked_for_again(live: World) -> None:
    live.answers_round(1, CRITICAL)
    deliver(live)
    watch(live)
    assert not any(map(to_channel, deliver(live, to_channel))), "the bot is not in it"

    watch(live)

    posted = [each for each in deliver(live) if to_channel(each)]
    assert {each.to for each in posted} == {ELSEWHERE}
    assert {each.kind for each in posted} == {MessageKind.ROUND_CARD, MessageKind.BREACH_CARD}
    again = live.entries(Kind.CHANNEL_CHANGED)[-1]
    assert (again.facts["from"], again.facts["to"]) == (ELSEWHERE, ELSEWHERE)
    with pytest.raises(Refused, match="all for it has arrived"):
        watch(live)
    assert findings(live) == []


def test_i1_a_closed_gate_is_told_once_the_channel_takes_it(live: World) -> None:
    deliver(live)
    live.pauses()
    deliver(live, to_channel)
    watch(live, channel=CHANNEL)

    assert whom(deliver(live), MessageKind.GATE_NOTICE) == [CHANNEL, OWNER], "with its copy"
    with pytest.raises(Refused, match="all for it has arrived"):
        watch(live, channel=CHANNEL)


def test_copies_say_that_the_channel_was_tried_again(live: World) -> None:
    deliver(live, to_channel)
    live.answers_round(1, CRITICAL)
    live.pauses()
    deliver(live, to_channel)
    watch(live, channel=CHANNEL)

    copies = {(each.kind, each.to): each for each in deliver(live) if each.sentence}
    assert (MessageKind.BREACH_CARD, STEWARD) in copies
    assert (MessageKind.GATE_NOTICE, OWNER) in copies, "it is tried again, too"
    for copy in copies.values():
        assert "could not be shown in the channel of triage when it came." in copy.sentence
        assert "UTC that channel was tried again" in copy.sentence
        assert ARCHIVED not in copy.sentence
    assert findings(live) == []


def test_a_copy_says_why_again_where_the_channel_takes_nothing_still(live: World) -> None:
    deliver(live, to_channel)
    live.answers_round(1, CRITICAL)
    deliver(live, to_channel)
    watch(live, channel=CHANNEL)

    said = {each.case: each.sentence for each in deliver(live, to_channel) if each.sentence}
    assert said
    assert all(ARCHIVED in each for each in said.values())


def test_a_copy_says_that_its_channel_has_taken_the_card_since(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    live.pauses()
    deliver(live, to_channel)
    before = copies_of(live)
    assert {each.to for each in before[MessageKind.BREACH_CARD]} == {OWNER, STEWARD}
    assert all(ARCHIVED in each.sentence for card in before.values() for each in card)

    live.acknowledges(1)
    shown = deliver(live)

    assert (MessageKind.BREACH_CARD, CHANNEL) in {(each.kind, each.to) for each in shown}
    after = copies_of(live)
    for copy in after[MessageKind.BREACH_CARD]:
        assert copy.sentence.endswith("when it came. It stands there by now.")
        assert copy.sentence in message(showing.view_of(live.deps, copy), copy.sentence).text
    assert after[MessageKind.GATE_NOTICE] == before[MessageKind.GATE_NOTICE], "nobody saw it there"
    live.decides(1, Decision.CONTINUE, by=STEWARD)
    deliver(live, to_channel)
    assert all(ARCHIVED in each.sentence for each in copies_of(live)[MessageKind.BREACH_CARD])
    deliver(live)
    assert findings(live) == []


def copies_of(world: World) -> dict[MessageKind, list[Message]]:
    """Give what people have in the place of the channel."""
    with world.deps.store.read(world.deps.workspace) as reading:
        copies = reading.outbox.copies(KEY)
    return {kind: [each for each in copies if each.kind is kind] for kind in MessageKind}


def test_only_what_does_not_stand_there_is_posted_again(live: World) -> None:
    deliver(live)
    live.answers_round(1, CRITICAL)
    deliver(live, to_channel)
    watch(live, channel=CHANNEL)

    stood = {}
    while posting := delivery.claim_message(live.deps):
        stood[posting.message.kind, posting.message.place] = posting.shown is not None
        delivery.record_shown(live.deps, posting, Shown("C1", f"{posting.id}.0"), "")
    assert stood == {
        (MessageKind.BREACH_CARD, Place.CHANNEL): False,
        (MessageKind.BREACH_CARD, Place.PERSON): True,
        (MessageKind.ROUND_CARD, Place.CHANNEL): True,
        (MessageKind.ROUND_CARD, Place.PERSON): True,
    }, "what stands there is brought up to date"


def test_so_is_the_search_for_an_owner(live: World) -> None:
    live.leaves(OWNER)
    deliver(live)
    watch(live, by=ADMIN)
    assert whom(deliver(live), MessageKind.OWNER_NEEDED) == [ELSEWHERE]


def test_a_round_handed_in_is_posted_while_its_second_look_is_owed(live: World) -> None:
    live.answers_round(1)
    deliver(live)
    watch(live)
    cards = [each for each in deliver(live) if each.kind is MessageKind.ROUND_CARD]
    assert {(each.subject, each.obligation) for each in cards} == {(1, ""), (2, "")}


def stands_already(world: World, kind: MessageKind) -> list[tuple[str, bool]]:
    """Work the outbox off: give where each message of a kind went, and whether it stood there."""
    stood = []
    while posting := delivery.claim_message(world.deps):
        if posting.message.kind is kind:
            stood.append((posting.message.to, posting.shown is not None))
        delivery.record_shown(world.deps, posting, Shown("C1", f"{posting.id}.0"), "")
    return stood


def test_back_in_a_channel_of_before_it_is_posted_anew(live: World) -> None:
    live.pauses()
    live.asks_to_resume()
    deliver(live)
    watch(live)
    deliver(live)
    watch(live, channel=CHANNEL)
    assert stands_already(live, MessageKind.REQUEST) == [(CHANNEL, False)]
    live.confirms(1)
    assert (CHANNEL, True) in stands_already(live, MessageKind.REQUEST), "it is kept up as ever"


def test_what_was_being_sent_to_the_old_channel_follows_if_that_takes_nothing(live: World) -> None:
    while (posting := delivery.claim_message(live.deps)) and not to_channel(posting.message):
        delivery.record_shown(live.deps, posting, Shown("C1", f"{posting.id}.0"), "")
    assert posting
    watch(live)
    delivery.record_undeliverable(live.deps, posting, "is_archived", ARCHIVED)
    assert ELSEWHERE in whom(deliver(live), posting.message.kind)
    assert asked(live) == [[]], "nobody is bothered"
    live.pauses()
    deliver(live, lambda message: message.to == CHANNEL)
    assert len(asked(live)) == 1, "the old place is not tried again"


def test_a_new_owner_is_who_is_told(live: World) -> None:
    deliver(live)
    live.hands_over(replace(ROLES, owner=MEMBER))
    live.takes_over(MEMBER)
    deliver(live)
    live.pauses(by=MEMBER)
    assert whom(deliver(live, to_channel), MessageKind.GATE_NOTICE) == [MEMBER]


def test_where_nothing_better_is_known_slacks_own_word_is_given(live: World) -> None:
    live.pauses()
    [first, *_] = [each for each in deliver(live, to_channel, why="") if each.sentence]
    assert "could not be shown there (is archived): Slack refused it." in first.sentence


def test_a_copy_that_asks_its_reader_says_nothing_of_nobody_being_asked(live: World) -> None:
    live.is_away(OWNER, BACKUP)
    live.tick()
    deliver(live, to_channel)
    live.raises()
    live.live_through(8)
    copies = [
        each
        for each in deliver(live, to_channel)
        if each.kind is MessageKind.REMINDER and each.to == BACKUP and each.sentence
    ]
    texts = [message(showing.view_of(live.deps, each)).text for each in copies]
    asking = [each for each in texts if f"<@{BACKUP}>: please acknowledge breach 1" in each]
    assert asking
    assert not [each for each in asking if "Nobody was asked" in each]
