"""The digest and the report: I4 actor, I5 order, I6 evidence, I13 apart."""

from datetime import timedelta

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    findings,
    person,
)

from bot.domain.agreement import Agreement
from bot.domain.breaches import Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import Standing
from bot.domain.record import Kind
from bot.domain.refusals import Refused, Repeated
from bot.domain.rounds import RoundState
from bot.rendering import views
from bot.rendering.mrkdwn import when
from bot.rendering.render import message
from bot.usecases import delivery, digests, reports, sampling, showing

CHANNEL = "C0BOARD"
DAILY = "every day at 17:00 Europe/London"


def placed(world: World, by: str = STEWARD, when: str = DAILY, channel: str = CHANNEL) -> None:
    digests.place_digest(world.deps, person(by), channel, when, "UTC")


def sent(world: World, kind: MessageKind) -> list[Message]:
    """Send all that waits, and give what of this kind was sent."""
    found = []
    while posting := delivery.claim_message(world.deps):
        if posting.message.kind is kind:
            found.append(posting.message)
        delivery.record_shown(world.deps, posting, posting.shown, "")
    return found


def digest(world: World, message: Message) -> views.Digest:
    view = showing.view_of(world.deps, message)
    assert isinstance(view, views.Digest)
    return view


def judged(world: World) -> None:
    world.reports(30)
    world.forward(to=world.round(1).period_end)
    world.answers_round(1)


def test_it_is_written_when_due_from_the_record_alone(live: World) -> None:
    placed(live)
    [place] = live.entries(Kind.DIGEST_PLACED)
    judged(live)
    live.forward(24)
    first = live.entries(Kind.DIGEST_WRITTEN)[0]
    assert first.prior == place.seq
    written = live.entries(Kind.DIGEST_WRITTEN)
    assert [each.prior for each in written[1:]] == [each.seq for each in written[:-1]]
    assert sum(int(str(each.facts["rounds"])) for each in written) == len(
        live.entries(Kind.ROUND_CLOSED)
    )
    assert findings(live) == []


def test_it_shows_what_was_decided_and_names_nobody(live: World) -> None:
    judged(live)
    placed(live)
    live.raises("it is rude")
    live.acknowledges(1)
    live.decides(1, Decision.REVIEW_ALL)
    live.forward(24)
    [message] = sent(live, MessageKind.DIGEST)[:1]
    shown = digest(live, message)
    assert [(each.workflow, each.decision) for each in shown.figures.changes] == [
        (KEY, Decision.REVIEW_ALL)
    ]
    assert [each.workflow for each in shown.stopped] == [KEY]
    assert (message.to, shown.figures.breaches) == (CHANNEL, 1)
    for somebody in (OWNER, BACKUP, STEWARD):
        assert somebody not in repr(shown)


def test_i1_what_silence_has_stopped_is_the_first_thing_it_says(live: World) -> None:
    judged(live)
    live.raises("it is rude")
    placed(live, when="mondays 09:00")
    live.live_through(24 * 7)
    [sent_now] = sent(live, MessageKind.DIGEST)[:1]
    first = message(digest(live, sent_now)).text.split("\n\n")[1]
    assert first.startswith("*What changed:* triage was paused (breach 1 was not acknowledged)")


def test_it_grades_each_live_workflow_though_nothing_of_it_was_closed_since(live: World) -> None:
    placed(live, when="every day at 17:00 UTC")
    live.forward(24)
    judged(live)
    live.live_through(2 * 24)
    [before, *_, after] = sent(live, MessageKind.DIGEST)
    assert (digest(live, before).figures.grades, digest(live, before).ungraded) == ((), (KEY,))
    shown = digest(live, after)
    assert (shown.figures.rounds, shown.ungraded) == (0, ())
    assert shown.figures.grades == ((KEY, live.round(1).grade),)
    assert "not enough evidence: triage." in message(shown).text


def test_what_changes_after_it_was_written_is_not_in_it(live: World) -> None:
    placed(live)
    live.forward(24)
    [first] = sent(live, MessageKind.DIGEST)[:1]
    before = digest(live, first).figures
    judged(live)
    assert digest(live, first).figures == before


def test_i5_missed_times_are_made_up_for_once(live: World) -> None:
    placed(live, when="mondays 09:00")
    live.forward(24 * 22)
    assert len(live.entries(Kind.DIGEST_WRITTEN)) == 1
    assert findings(live) == []


def test_after_a_pause_it_is_written_once_all_is_caught_up(live: World) -> None:
    placed(live, when="mondays 09:00")
    live.forward(24 * 8)
    [written] = live.entries(Kind.DIGEST_WRITTEN)
    opened = live.entries(Kind.BREACH_OPENED)
    assert opened
    assert all(each.seq < written.seq for each in opened)
    assert written.facts["breaches"] == written.facts["open"] == len(opened)
    [message] = sent(live, MessageKind.DIGEST)
    live.raises("it is rude")
    assert digest(live, message).open_breaches == len(opened), "as it stood then"
    assert findings(live) == []


def test_moved_it_goes_on_where_the_last_one_ended(live: World) -> None:
    placed(live)
    live.forward(24)
    last = live.entries(Kind.DIGEST_WRITTEN)[-1]
    placed(live, by=ADMIN, channel="C0OTHER")
    live.forward(24)
    following = live.entries(Kind.DIGEST_WRITTEN)[-1]
    assert (following.prior, following.facts["channel"]) == (last.seq, "C0OTHER")
    assert findings(live) == []


def test_stopped_it_begins_anew_when_it_is_placed_again(live: World) -> None:
    placed(live)
    digests.stop_digest(live.deps, person(STEWARD))
    live.forward(48)
    assert live.entries(Kind.DIGEST_WRITTEN) == []
    placed(live)
    live.forward(24)
    [written] = live.entries(Kind.DIGEST_WRITTEN)
    assert written.prior == live.entries(Kind.DIGEST_PLACED)[-1].seq
    assert findings(live) == []


def test_stopped_it_is_not_posted_though_it_was_written(live: World) -> None:
    placed(live)
    live.forward(24)
    digests.stop_digest(live.deps, person(STEWARD))
    assert sent(live, MessageKind.DIGEST) == []


@pytest.mark.parametrize("by", [OWNER, BACKUP, MEMBER])
def test_i4_others_than_stewards_and_admins_neither_place_nor_stop_it(live: World, by: str) -> None:
    with pytest.raises(Refused, match="that takes the steward or an admin"):
        placed(live, by)
    placed(live)
    with pytest.raises(Refused, match="that takes the steward or an admin"):
        digests.stop_digest(live.deps, person(by))


@pytest.mark.parametrize(
    ("words", "channel", "sentence"),
    [
        ("", "D0DIRECT", "in the channel where"),
        ("every blue moon", CHANNEL, "Write for example"),
        ("mondays 09:00 Mars/One", CHANNEL, "no time zone"),
        (DAILY, CHANNEL, "in this channel already"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    live: World, words: str, channel: str, sentence: str
) -> None:
    placed(live)
    with pytest.raises(Refused, match=sentence):
        placed(live, when=words, channel=channel)


def test_it_is_weekly_in_ones_own_zone_unless_said_otherwise(live: World) -> None:
    given = digests.place_digest(live.deps, person(ADMIN), CHANNEL, "", "Asia/Tokyo")
    assert (given.cadence, given.zone) == ("every Monday at 09:00", "Asia/Tokyo")
    assert given.next_at - live.clock.now() <= timedelta(days=7)


def test_typed_again_without_a_time_it_keeps_its_own_and_says_when_it_comes_next(
    live: World,
) -> None:
    placed(live, when="fridays at 16:00 Europe/London")
    with pytest.raises(Refused, match=r"every Friday at 16:00.*next one comes at 2026-06-05 15"):
        placed(live, when="")
    moved = digests.place_digest(live.deps, person(ADMIN), "C0OTHER", "", "Asia/Tokyo")
    assert (moved.cadence, moved.zone) == ("every Friday at 16:00", "Europe/London")


def test_a_delivery_that_comes_twice_places_it_once(live: World) -> None:
    actor = person(STEWARD, delivery="delivery-1")
    first = digests.place_digest(live.deps, actor, CHANNEL, DAILY, "UTC")
    with pytest.raises(Repeated):
        digests.place_digest(live.deps, actor, CHANNEL, DAILY, "UTC")
    assert first.receipt.number == live.entries(Kind.DIGEST_PLACED)[-1].seq


def agreement(world: World) -> Agreement:
    asked = Message(MessageKind.REPORT, Place.PERSON, MEMBER, 1, KEY, 1)
    shown = showing.view_of(world.deps, asked)
    assert isinstance(shown, views.Report)
    return shown.agreed.agreement


def test_a_report_shows_the_rounds_and_where_people_changed_the_answer(live: World) -> None:
    judged(live)
    reports.request_report(live.deps, person(MEMBER), KEY)
    [message] = sent(live, MessageKind.REPORT)
    shown = showing.view_of(live.deps, message)
    assert isinstance(shown, views.Report)
    assert (message.to, shown.newest.round, shown.asked) == (MEMBER, 1, 1)
    assert sum(each.judged for each in shown.rates) == shown.newest.judged
    assert findings(live) == []


def test_a_report_says_how_far_two_people_agree_over_its_rounds(live: World) -> None:
    live.answers_round(1)
    assert agreement(live) == Agreement()
    live.looks_again(1, WRONG, CORRECT)
    assert agreement(live) == Agreement(both_right=1, second_wrong=1)

    live.reports(12)
    sampling.sample_now(live.deps, person(OWNER), KEY)
    live.looks_again(2, CRITICAL, CRITICAL)
    assert agreement(live).outputs == 2, "the first look at round 2 is not handed in"
    live.answers_round(2, *[WRONG] * 4)
    assert agreement(live) == Agreement(both_right=1, second_wrong=1, both_wrong=2)


def test_i8_late_verdicts_and_skips_tell_nothing_of_how_far_people_agree(live: World) -> None:
    live.answers_round(1, *[SKIPPED] * 4)
    live.looks_again(1)
    live.judges(1)
    assert agreement(live) == Agreement()


def test_a_first_look_that_is_not_handed_in_is_compared_with_nothing(live: World) -> None:
    live.hands_out(1, MEMBER)
    live.answers_share(1, *[WRONG] * 4, by=MEMBER)
    live.looks_again(1)
    live.live_through(24 * 7)
    assert live.round(1).state is RoundState.CLOSED
    assert agreement(live) == Agreement()
    live.answers_round(1)
    assert agreement(live) == Agreement(first_wrong=2)


def test_i4_a_report_is_refused_to_outsiders_and_where_nothing_has_closed(live: World) -> None:
    with pytest.raises(Refused, match="No round of triage has closed yet"):
        reports.request_report(live.deps, person(MEMBER), KEY)
    judged(live)
    with pytest.raises(Refused, match="Guests"):
        reports.request_report(live.deps, person(MEMBER, standing=Standing.GUEST), KEY)


def test_a_round_that_nobody_answered_is_dated_by_its_period_and_not_by_its_end(
    live: World,
) -> None:
    ended = live.round(1).drawn_at
    live.live_through(24 * 5)
    closed_at = live.round(1).closed_at
    assert closed_at
    assert ended
    assert closed_at - ended >= timedelta(days=3)
    shown = showing.view_of(live.deps, Message(MessageKind.REPORT, Place.PERSON, MEMBER, 1, KEY, 1))
    assert isinstance(shown, views.Report)
    assert shown.newest.dated == ended


@pytest.mark.parametrize(
    ("when", "why"), [("never", "is not understood"), ("every minute", "It is daily at the most")]
)
def test_a_digest_at_no_time_there_is_is_refused_with_how_to_have_none(
    live: World, when: str, why: str
) -> None:
    with pytest.raises(Refused, match=f"{why}.*no digest any more, type `/answerable digest off`"):
        placed(live, when=when)


def test_a_digest_wanted_at_once_is_refused_with_when_one_comes_and_what_there_is_now(
    live: World,
) -> None:
    with pytest.raises(Refused, match="None is posted yet: `/answerable digest` has it"):
        placed(live, when="now")
    placed(live, when="mondays 09:00")
    with pytest.raises(Refused, match=r"2026-06-08 09:00 UTC.*`/answerable report KEY` shows now"):
        placed(live, when="Now")


def test_a_report_has_the_breaches_that_are_over_too(live: World) -> None:
    live.raises("it is rude")
    live.acknowledges(1)
    live.clock.move(live.clock.now() + timedelta(hours=1))
    live.decides(1, Decision.PAUSE)
    live.clock.move(live.clock.now() + timedelta(hours=1))
    live.raises("it is rude again")
    live.answers_round(1)
    shown = showing.view_of(live.deps, Message(MessageKind.REPORT, Place.PERSON, MEMBER, 1, KEY, 1))
    assert isinstance(shown, views.Report)
    told = [(each.number, each.decision) for each in shown.breaches]
    assert told == [(1, Decision.PAUSE), (2, None)]
    first, second = shown.breaches
    assert first.decided_at == first.opened_at + timedelta(hours=1), "not when it was opened"
    assert second.decided_at is None
    assert f"decided {when(first.decided_at)}: *pause*" in message(shown).text
    assert shown.open_breaches == 1
