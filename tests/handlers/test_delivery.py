"""The outbox's worker: what it does with each thing that may become of a message (I3)."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from math import inf

import pytest
from structlog.testing import capture_logs
from worlds import (
    AUDITOR,
    BACKUP,
    CHANNEL,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    STEWARD,
    World,
    findings,
)

from bot.domain.messages import (
    Lost,
    Message,
    MessageKind,
    NotNow,
    Place,
    Posting,
    Shown,
    ShutOut,
    Unclear,
    Undeliverable,
)
from bot.domain.obligations import ObligationKind
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Busy, Damaged
from bot.rendering.render import Rendered
from bot.usecases import escalation
from handlers.delivery import Delivery
from handlers.entrance import Entrance
from handlers.pacing import Pacer
from handlers.slack.errors import OF_ONE_METHOD
from store.tallies import NotTaken


@dataclass
class Elapsed:
    seconds: float = 0

    def elapsed(self) -> float:
        return self.seconds


@dataclass
class Slack:
    """Takes messages, or raises the trouble it is in; an answer needs no token.

    `shut` is what becomes of answers.
    """

    trouble: Exception | None = None
    shut: Exception | None = None
    tried: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)

    def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
        self.tried.append(posting.message.to)
        if posting.message.place is Place.ANSWER:
            if self.shut:
                raise self.shut
            return None
        if self.trouble:
            raise self.trouble
        (self.updated if posting.shown else self.taken).append(posting.message.to)
        self.blocks.append(str(rendered.blocks))
        return Shown("C1", f"{len(self.blocks)}.0")


@dataclass
class Quiet:
    """Says who is not to be disturbed, and remembers whom it was asked about."""

    resting: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def people(self) -> frozenset[str]:
        return frozenset(self.resting) & frozenset(self.asked)

    def holds(self, user_id: str) -> bool:
        self.asked.append(user_id)
        return user_id in self.resting


@pytest.fixture
def quiet() -> Quiet:
    return Quiet()


@pytest.fixture
def clock() -> Elapsed:
    return Elapsed()


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def worker(live: World, clock: Elapsed, slack: Slack, quiet: Quiet) -> Delivery:
    pacer, entrance = Pacer(clock, inf), Entrance(clock)
    return Delivery(live.deps, slack, pacer, quiet, lambda _: None, entrance, lambda: True)


def work_off(worker: Delivery) -> None:
    while worker.deliver_next():
        pass


def an_answer(world: World) -> None:
    with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
        notice = Message(MessageKind.NOTICE, Place.ANSWER, "https://a", 0, sentence="Done.")
        work.outbox.put(notice)


def test_i3_a_revoked_token_burns_no_message(
    live: World, worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    slack.trouble = ShutOut("token_revoked")
    assert worker.is_let_in()
    work_off(worker)
    assert not worker.is_let_in()
    assert len(slack.tried) == 1, "the others are not even tried"
    for _ in range(20):
        clock.seconds += 1
        work_off(worker)
    assert len(slack.tried) == 5, "after 1, 2, 4 and 8 seconds"
    assert live.entries(Kind.MESSAGE_FAILED) == []

    slack.trouble = None
    clock.seconds += 60
    work_off(worker)
    assert worker.is_let_in()
    assert len(slack.taken) > 3


def test_what_somebody_else_is_refused_counts_and_what_they_are_given_opens_again(
    worker: Delivery, slack: Slack
) -> None:
    worker.entrance.hear("token_revoked")
    assert not worker.is_let_in()
    work_off(worker)
    assert slack.tried == [], "nothing is sent that would be refused as well"

    worker.entrance.hear("")
    assert worker.is_let_in()
    work_off(worker)
    assert len(slack.taken) > 3


def refused_posts(world: World) -> NotTaken | None:
    """Give what whoever looks the set-up over finds of posts that Slack refuses."""
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.tallies.messages_refused(OF_ONE_METHOD)


def test_where_posts_alone_are_refused_nothing_else_that_slack_takes_opens(
    live: World, worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    slack.trouble = ShutOut("ekm_access_denied", is_for_posts=True)
    with capture_logs() as logged:
        for _ in range(10):
            work_off(worker)
            clock.seconds += 60
            worker.entrance.hear("")  # the token itself is good
            assert not worker.is_let_in()
    assert [each["event"] for each in logged] == ["slack does not let us in"], "not each minute"
    refused = refused_posts(live)
    assert refused
    assert refused.error == "ekm_access_denied"

    slack.trouble = None
    work_off(worker)
    assert worker.is_let_in()
    assert refused_posts(live) is None
    worker.entrance.hear("token_revoked")
    worker.entrance.hear("")
    assert worker.is_let_in()


def test_many_refusals_at_once_make_nobody_wait_longer(
    worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    for _ in range(40):
        worker.entrance.hear("token_revoked")
    clock.seconds += 1
    work_off(worker)

    assert slack.taken


def test_an_answer_needs_no_token(live: World, worker: Delivery, slack: Slack) -> None:
    slack.trouble = ShutOut("token_revoked")
    work_off(worker)
    an_answer(live)
    work_off(worker)
    assert slack.tried[-1] == "https://a"
    assert not worker.is_let_in(), "it says nothing of the token"


def test_what_nobody_has_told_us_of_is_tried_again_and_then_goes_another_way(
    live: World, worker: Delivery, slack: Slack
) -> None:
    slack.trouble = Unclear("never_heard_of_it")
    for _ in range(5):
        work_off(worker)
        assert live.entries(Kind.MESSAGE_FAILED) == []
        _hurry(live)
    work_off(worker)
    failed = live.entries(Kind.MESSAGE_FAILED)
    assert {entry.facts["error"] for entry in failed} == {"never_heard_of_it"}


def test_waiting_for_slack_is_no_attempt(
    live: World, worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    for trouble in (ShutOut("token_revoked"), NotNow("ratelimited", 3600)) * 4:
        slack.trouble = trouble
        work_off(worker)
        _hurry(live)
        clock.seconds += 3600
    slack.trouble = Unclear("never_heard_of_it")
    for _ in range(5):
        work_off(worker)
        assert live.entries(Kind.MESSAGE_FAILED) == []
        _hurry(live)


def test_a_channel_that_rests_holds_up_nobody_and_an_answer_waits_for_no_pace(
    live: World, worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    worker.pacer = Pacer(clock, 1.0)
    work_off(worker)
    assert sorted(slack.taken) == sorted({*slack.taken}), "one each, at the same moment"
    assert {CHANNEL, OWNER, BACKUP} <= {*slack.taken}

    worker.pacer.refused("C1", 60)
    worker.pacer.refused("C2", 60)
    an_answer(live)
    work_off(worker)
    assert slack.tried[-1] == "https://a"
    assert len(slack.taken) == len({*slack.taken})

    clock.seconds += 60
    work_off(worker)
    assert slack.taken.count(OWNER) == 2


def test_of_too_many_requests_the_second_channel_tells_that_it_is_all_of_slack(
    worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    slack.trouble = NotNow("ratelimited", 30, is_too_much=True)
    work_off(worker)
    assert len(slack.tried) == 2
    assert worker.pacer.wait() == 30

    slack.trouble = NotNow("missing_scope", 60)
    worker.pacer = Pacer(clock, inf)
    work_off(worker)
    assert worker.pacer.wait() == 0, "that is said of one message, not of Slack"


def test_a_scope_that_messages_take_and_is_not_there_is_logged_once(
    worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    slack.trouble = NotNow("missing_scope chat:write", 60)
    with capture_logs() as logged:
        for _ in range(3):
            work_off(worker)
            worker.pacer = Pacer(clock, inf)
    assert [each for each in logged if each["event"] == "a message waits"] == [
        {
            "event": "a message waits",
            "error": "missing_scope chat:write",
            "seconds": 60,
            "run": "answerable doctor",
            "log_level": "error",
        }
    ]


def test_a_long_wait_that_slack_asks_for_is_logged_once_until_it_takes_something(
    live: World, worker: Delivery, slack: Slack, clock: Elapsed
) -> None:
    def waits(seconds: int) -> list[object]:
        slack.trouble = NotNow("ratelimited", seconds, is_too_much=True)
        with capture_logs() as logged:
            for _ in range(3):
                _hurry(live)
                worker.pacer = Pacer(clock, inf)
                work_off(worker)
        return [each["seconds"] for each in logged if each["event"] == "a message waits"]

    assert waits(60) == [], "that is Slack's pace, and nothing is amiss"
    assert waits(3600) == [3600]
    assert waits(3600) == []
    slack.trouble = None
    worker.pacer = Pacer(clock, inf)
    _hurry(live)
    assert worker.deliver_next()
    assert waits(61) == [61]


def test_i1_while_slack_fails_for_hours_nothing_is_given_up_and_slack_is_asked_once_a_minute(
    live: World, worker: Delivery, slack: Slack
) -> None:
    work_off(worker)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.refresh(live.owed(ObligationKind.REVIEW, 1).id, 0)
    known = len(slack.taken)
    slack.trouble = Lost("internal_error")
    for _ in range(200):
        work_off(worker)
        _hurry(live)
    assert live.entries(Kind.MESSAGE_FAILED) == []
    work_off(worker)
    assert min(_waits(live)) > 55, "an update as well"

    slack.trouble = None
    _hurry(live)
    work_off(worker)
    assert _waits(live) == []
    assert len(slack.updated) + len(slack.taken) > known


def _waits(world: World) -> list[int]:
    """Give for how many seconds each message waits that is still to be sent."""
    with world.deps.store.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT available_at FROM outbox WHERE state NOT IN ('sent', 'failed')"
        ).all()
    return [each - int(time.time()) for (each,) in rows]  # noqa: TID251 -- the database's own time


def test_i3_what_nobody_will_confirm_is_tried_twice_and_then_failed_on_record(
    live: World, worker: Delivery
) -> None:
    tried = []

    def lose(posting: Posting) -> None:
        tried.append(posting.message.to)
        raise Lost("no answer")

    work_off(worker)
    worker.send_export = lose
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.put(Message(MessageKind.EXPORT, Place.PERSON, AUDITOR, 0))
    for _ in range(6):
        work_off(worker)
        _hurry(live)
    assert tried == [AUDITOR, AUDITOR]
    assert [each.facts["error"] for each in live.entries(Kind.MESSAGE_FAILED)] == ["no answer"]


def test_i1_what_cannot_be_made_of_a_damaged_record_waits(
    live: World, worker: Delivery, slack: Slack
) -> None:
    slack.trouble = Damaged("entry #7 is gone")
    with capture_logs() as logged:
        work_off(worker)
    kept = len(slack.tried)
    assert [each["event"] for each in logged] == ["a message cannot be made"] * kept
    assert kept > 3, "each is tried"

    slack.trouble = None
    _hurry(live)
    work_off(worker)
    assert len(slack.taken) == kept
    assert live.entries(Kind.MESSAGE_FAILED) == []


def test_who_waits_for_a_file_hears_that_the_record_is_damaged(
    live: World, worker: Delivery, slack: Slack
) -> None:
    def fail(_posting: Posting) -> None:
        raise Damaged("entry #7 is gone")

    work_off(worker)
    worker.send_export = fail
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.put(Message(MessageKind.EXPORT, Place.PERSON, AUDITOR, 0))
    work_off(worker)
    assert slack.taken[-1] == AUDITOR
    assert "as the record is damaged: entry #7 is gone. Tell whoever" in slack.blocks[-1]
    assert "whose `answerable doctor` says what to do" in slack.blocks[-1]
    assert "record #" not in slack.blocks[-1], "no other entry than the damaged one is named"
    assert live.entries(Kind.MESSAGE_FAILED)[-1].facts["error"] == "record_damaged entry #7 is gone"


def test_the_sentence_is_below_what_it_is_about(
    live: World, worker: Delivery, slack: Slack
) -> None:
    sentence = f"Not shown: type `/answerable watch {KEY}`, <!channel>."
    work_off(worker)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        entry = work.log.last_of(Kind.GATE_CHANGED, f"workflow/{KEY}")
        assert entry
        card = Message(MessageKind.GATE_NOTICE, Place.PERSON, "U0OWNER", entry.seq, KEY, 1)
        work.outbox.put(Message(**{**_facts(card), "sentence": sentence}))
    work_off(worker)
    assert f"`/answerable watch {KEY}`, &lt;!channel&gt;" in slack.blocks[-1]


def test_whoever_is_not_to_be_disturbed_holds_up_nobody_else(
    live: World, worker: Delivery, slack: Slack, quiet: Quiet
) -> None:
    quiet.resting = {OWNER}
    live.answers_round(1)
    work_off(worker)
    assert OWNER not in slack.taken
    assert {CHANNEL, BACKUP} <= set(slack.taken)
    assert quiet.asked.count(OWNER) == 1, "what else waits for them is not even claimed"
    assert live.entries(Kind.MESSAGE_FAILED) == []

    quiet.resting = set()
    work_off(worker)
    assert OWNER in slack.taken
    with live.deps.store.engine.connect() as connection:
        [attempts] = connection.exec_driver_sql("SELECT max(attempt) FROM outbox").one()
    assert attempts == 1, "waiting is no attempt"


def test_what_is_critical_or_asked_for_or_only_an_update_disturbs(
    live: World, worker: Delivery, slack: Slack, quiet: Quiet
) -> None:
    quiet.resting = {BACKUP}
    work_off(worker)
    quiet.resting |= {OWNER, STEWARD}
    live.answers_round(1, CRITICAL)
    work_off(worker)
    assert OWNER in slack.updated, "the request for what was answered just now"
    assert STEWARD in slack.taken, "of the critical breach"
    assert BACKUP not in slack.taken, "a second look is nothing critical"

    entry = live.breach(1).entry
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.put(
            Message(MessageKind.BREACH_CARD, Place.PERSON, MEMBER, entry, KEY, subject=1)
        )
        work.outbox.put(Message(MessageKind.EXPORT, Place.PERSON, AUDITOR, 0))
    quiet.resting |= {AUDITOR, MEMBER}
    an_answer(live)
    work_off(worker)
    assert "https://a" in slack.tried
    assert {AUDITOR, MEMBER}.isdisjoint(quiet.asked)
    assert MEMBER in slack.taken, "though nothing is asked of them, it is critical"


def test_what_waited_is_late_by_the_grace_at_most(
    live: World, worker: Delivery, slack: Slack, quiet: Quiet
) -> None:
    quiet.resting = {BACKUP}
    live.answers_round(1)
    due = live.owed(ObligationKind.SECOND_REVIEW, 1).due_at
    work_off(worker)
    live.forward(10)
    work_off(worker)
    assert live.owed(ObligationKind.SECOND_REVIEW, 1).due_at == due
    assert BACKUP not in slack.taken

    quiet.resting = set()
    work_off(worker)
    assert BACKUP in slack.taken
    assert live.owed(ObligationKind.SECOND_REVIEW, 1).due_at == due + POLICY.delivery_grace


def test_i3_silence_climbs_whoever_is_not_to_be_disturbed(
    live: World, worker: Delivery, slack: Slack, quiet: Quiet
) -> None:
    quiet.resting = {BACKUP}
    live.answers_round(1)
    work_off(worker)
    live.forward(to=live.owed(ObligationKind.SECOND_REVIEW, 1).due_at)
    live.forward(7)
    work_off(worker)
    climbs = live.climbs(ObligationKind.SECOND_REVIEW, 1)
    assert [entry.facts["rung"] for entry in climbs] == [0, 1, 2]
    assert BACKUP not in slack.taken
    assert STEWARD in slack.taken
    assert findings(live) == []


def test_i2_slacks_word_to_another_process_keeps_a_message_from_being_sent_twice(
    live: World, worker: Delivery, quiet: Quiet, clock: Elapsed
) -> None:
    entrance = Entrance(clock)
    another = Delivery(
        live.deps, Slack(), worker.pacer, quiet, lambda _: None, entrance, lambda: False
    )

    @dataclass
    class Slow(Slack):
        """Tells the other process that it has posted the message, and this one nothing."""

        def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
            shown = super().send(posting, rendered)
            if shown and not posting.shown:
                another.note_posted(posting.id, shown)
                raise Lost("timed out")
            return shown

    worker.sender = slow = Slow()
    work_off(worker)
    first = list(slow.taken)
    assert first
    for _ in range(3):
        _hurry(live)
        work_off(worker)
    assert slow.taken == first
    assert (worker.sent, another.sent) == (len(first), 0)
    assert len(live.entries(Kind.MESSAGE_SHOWN)) == len(first)


@pytest.mark.parametrize("is_told", [False, True], ids=["answer", "event"])
def test_i2_what_slack_has_said_is_kept_until_the_store_takes_it(
    live: World, worker: Delivery, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    """Somebody holds the seat as Slack answers, or says by an event that it has posted it."""
    monkeypatch.setattr(live.deps.store._seat, "_patience", 0.05)  # noqa: SLF001
    held, posted = ExitStack(), []

    @dataclass
    class Slow(Slack):
        def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
            shown = super().send(posting, rendered)
            if posting.shown is None:
                posted.append(posting.id)
            if len(self.tried) == 1:
                held.enter_context(live.deps.store._seat.taken(by_person=True))  # noqa: SLF001
                if is_told and shown:
                    worker.note_posted(posting.id, shown)
                    raise Lost("timed out")
            return shown

    worker.sender = Slow()
    with held, pytest.raises(Busy):
        worker.deliver_next()
    assert (len(posted), worker.sent) == (1, 0)
    worker.leads = lambda: False  # another process sends by now
    assert not worker.deliver_next()
    assert worker.sent == (0 if is_told else 1), "what is known comes on record all the same"
    worker.leads = lambda: True
    for _ in range(3):
        work_off(worker)
        _hurry(live)

    assert len(posted) == len(set(posted)), "nothing is posted twice"
    assert len(live.entries(Kind.MESSAGE_SHOWN)) == len(posted) == worker.sent
    assert findings(live) == []


def test_what_is_sent_and_what_is_given_up_is_counted(
    live: World, worker: Delivery, slack: Slack
) -> None:
    slack.trouble = Lost("no answer")
    worker.deliver_next()
    assert (worker.sent, worker.given_up) == (0, 0), "nobody knows whether it was"
    with live.deps.store.engine.connect() as connection:
        query = "SELECT id FROM outbox WHERE state = 'unknown'"
        [row] = connection.exec_driver_sql(query).one()
    for _ in range(2):
        worker.note_posted(row, Shown("C1", "1.0"))
        assert worker.sent == 1, "Slack's word of it counts once"

    slack.trouble = None
    work_off(worker)
    assert worker.sent == 1 + len(slack.blocks)
    with live.deps.store.begin(live.deps.workspace, SYSTEM) as work:
        work.outbox.put(Message(MessageKind.EXPORT, Place.PERSON, AUDITOR, 0))
    work_off(worker)
    assert worker.sent == 2 + len(slack.blocks)

    before = worker.sent
    slack.trouble = Undeliverable("channel_not_found")
    live.pauses()
    work_off(worker)
    assert worker.sent == before
    assert worker.given_up == len(live.entries(Kind.MESSAGE_FAILED)) > 0


@pytest.mark.parametrize(
    "refusal", [Undeliverable("the answer was refused: 404 expired_url"), Lost("no answer")]
)
def test_an_answer_that_comes_too_late_is_no_message_that_slack_does_not_take(
    live: World, worker: Delivery, slack: Slack, refusal: Exception
) -> None:
    work_off(worker)
    slack.shut = refusal
    an_answer(live)
    for _ in range(3):
        work_off(worker)
        _hurry(live)
    assert [each.facts["place"] for each in live.entries(Kind.MESSAGE_FAILED)] == ["answer"]
    assert worker.given_up == 0, "nothing rests on it, and no channel is at fault"


def test_a_critical_card_that_reaches_nobody_is_not_given_up_and_the_log_says_so(
    live: World, worker: Delivery, slack: Slack
) -> None:
    work_off(worker)
    slack.trouble = Undeliverable("channel_not_found", "it is gone")
    live.answers_round(1, CRITICAL)
    with capture_logs() as said:
        work_off(worker)
    assert worker.given_up == len(live.entries(Kind.MESSAGE_FAILED)) - 1
    [error] = [each for each in said if each["log_level"] == "error"]
    assert error["event"] == "a critical card reaches nobody"
    assert error["run"] == "answerable doctor"


def _facts(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in Message.__slots__}


def _hurry(world: World) -> None:
    with world.deps.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET available_at = available_at - 600")


def remind(world: World, *kinds: ObligationKind) -> list[str]:
    """Have silence climb to the owner for each of these; give the ids of what is owed."""
    owed = [world.owed(kind, 1).id for kind in kinds]
    for each in owed:
        with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
            late = work.obligations.get(each)
            work.obligations.save(replace(late, owed_by=OWNER, climbs_at=work.now))
        escalation.climb_obligation(world.deps, each)
    return owed


@pytest.fixture
def reminded(live: World, worker: Delivery, slack: Slack) -> list[str]:
    """Two things of which the owner is to be reminded; all else has been said."""
    live.raises()
    work_off(worker)
    slack.taken.clear()
    slack.tried.clear()
    slack.blocks.clear()
    return remind(live, ObligationKind.REVIEW, ObligationKind.ACKNOWLEDGE)


def shown_for(world: World, owed: str) -> list[object]:
    return [
        each.facts["ts"]
        for each in world.entries(Kind.MESSAGE_SHOWN)
        if (each.facts["kind"], each.facts["obligation"]) == (MessageKind.REMINDER, owed)
    ]


def test_i2_reminders_that_come_together_are_one_post_and_each_is_on_record(
    live: World, worker: Delivery, slack: Slack, reminded: list[str]
) -> None:
    work_off(worker)
    assert slack.taken.count(OWNER) == 1
    review, breach = (shown_for(live, each) for each in reminded)
    assert len(review) == len(breach) == 1
    assert review == breach, "they stand in one place"
    [both] = [each for each in slack.blocks if "what:1" in each]
    assert "'action_id': 'review'" in both
    assert "'action_id': 'acknowledge'" in both
    assert findings(live) == []


def test_a_reminder_that_is_answered_is_brought_up_to_date_beside_the_others(
    live: World, worker: Delivery, slack: Slack, reminded: list[str]
) -> None:
    work_off(worker)
    live.answers_round(1)
    slack.blocks.clear()
    slack.updated.clear()
    work_off(worker)
    assert OWNER in slack.updated
    both = [each for each in slack.blocks if "This was a reminder" in each]
    assert both
    assert all("'action_id': 'acknowledge'" in each for each in both)
    assert len(reminded) == 2


def test_i3_what_could_not_be_delivered_together_climbs_each_by_itself(
    live: World, worker: Delivery, slack: Slack, reminded: list[str]
) -> None:
    slack.trouble = Undeliverable("user_disabled")
    worker.deliver_next()
    assert slack.tried == [OWNER]
    failed = [each.facts["obligation"] for each in live.entries(Kind.MESSAGE_FAILED)]
    assert sorted(map(str, failed)) == sorted(reminded)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert {*reminded} <= {*reading.obligations.due_to_climb(live.clock.now(), 9)}


def test_i2_a_lost_answer_to_them_together_is_settled_for_each(
    live: World, worker: Delivery, slack: Slack, reminded: list[str]
) -> None:
    slack.trouble = Lost("no answer")
    worker.deliver_next()
    assert [shown_for(live, each) for each in reminded] == [[], []]
    with live.deps.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM outbox WHERE state = 'unknown'").all()
    assert len(rows) == 2
    for row in rows:
        worker.note_posted(row.id, Shown("D1", "9.0"))
    assert [shown_for(live, each) for each in reminded] == [["9.0"], ["9.0"]]


def test_i2_what_slack_alone_has_told_of_is_settled_beside_the_others_of_its_post(
    live: World, worker: Delivery, quiet: Quiet, clock: Elapsed, reminded: list[str]
) -> None:
    """Who sent them died before they were on record; each is then drawn with the other."""
    another = Delivery(
        live.deps, Slack(), worker.pacer, quiet, lambda _: None, Entrance(clock), lambda: False
    )

    @dataclass
    class Dying(Slack):
        def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
            shown = super().send(posting, rendered)
            if shown and posting.with_it:
                for each in posting.all:
                    another.note_posted(each.id, shown)
                raise ConnectionAbortedError
            return shown

    worker.sender = slack = Dying()
    with pytest.raises(ConnectionAbortedError):
        work_off(worker)
    for _ in range(3):
        _hurry(live)
        work_off(worker)
    assert slack.taken.count(OWNER) == 1
    assert [len(shown_for(live, each)) for each in reminded] == [1, 1]
    assert findings(live) == []
