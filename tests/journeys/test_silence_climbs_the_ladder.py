"""Silence is never consent: what nobody answers climbs, and what it brings needs no Slack."""

import time
from datetime import datetime, timedelta

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    ADMIN,
    BACKUP,
    CHANNEL,
    OTHER_ADMIN,
    OWNER,
    STEWARD,
    Json,
    Slack,
    shown,
    until,
)


def climbs(stage: Stage, obligation: str, count: int) -> list[Json]:
    """Wait until an obligation has climbed so often; it has climbed no further."""
    found = stage.until_recorded("obligation.climbed", f"obligation/{obligation}", count)
    assert len(found) == count, found
    return found


def rungs(found: list[Json]) -> list[int]:
    return [each["facts"]["rung"] for each in found]


def is_reminded(slack: Slack, user: str, words: str) -> bool:
    return any("Waiting" in each["text"] or words in shown(each) for each in slack.messages(user))


def test_an_unanswered_request_to_accept_reaches_everybody_in_turn(stage: Stage) -> None:
    slack = stage.slack
    story.register(slack, "claims")
    [opened] = stage.until_recorded("obligation.opened", "obligation/accept/claims/0")
    start = datetime.fromisoformat(opened["ts"])

    stage.forward(hours=48)
    climbs(stage, "accept/claims/0", 1)
    stage.until_sent()
    assert not is_reminded(slack, BACKUP, "claims")
    stage.forward(hours=2)
    climbs(stage, "accept/claims/0", 2)
    slack.until(lambda: is_reminded(slack, BACKUP, "accept the duties for claims"))
    stage.forward(hours=4)
    climbs(stage, "accept/claims/0", 3)
    slack.until(lambda: is_reminded(slack, STEWARD, "accept the duties for claims"))
    stage.forward(hours=8)
    climbs(stage, "accept/claims/0", 4)
    for admin in (ADMIN, OTHER_ADMIN):
        slack.until(lambda who=admin: is_reminded(slack, who, "accept the duties for claims"))
    stage.forward(hours=8)
    found = climbs(stage, "accept/claims/0", 5)

    assert rungs(found) == [0, 1, 2, 3, 3], "the last rung repeats"
    waits = [datetime.fromisoformat(each["ts"]) - start for each in found]
    assert waits == [timedelta(hours=hours) for hours in (48, 50, 54, 62, 70)]
    assert {each["facts"]["late_seconds"] for each in found} == {0}
    stage.until_sent()
    [request] = [each for each in slack.messages() if "names" in each["text"]]
    told = [each for each in slack.messages() if each.get("thread_ts") == request["ts"]]
    assert len(told) == 4, "the case's thread hears of every rung but the owner's own"


def test_an_answer_ends_the_climb(stage: Stage) -> None:
    story.accept(stage.slack, "claims")
    stage.until_recorded("obligation.answered", "obligation/accept/claims/0")
    stage.forward(days=5)
    stage.until_recorded("round.drawn", "round/claims/1")
    assert len(climbs(stage, "accept/claims/0", 5)) == 5
    stage.until_sent()
    reminders = [each for each in stage.slack.messages(ADMIN) if "claims" in each["text"]]
    assert reminders
    assert all("nothing more is owed" in shown(each) for each in reminders), (
        "their buttons are spent"
    )


def test_a_round_nobody_answers_is_a_breach_and_still_owed(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "letters", sample="4")
    story.sampled(stage, "letters", 6)

    stage.forward(hours=72 + 2 + 4 + 8)  # at once: every rung is taken in turn all the same

    found = climbs(stage, "review/letters/1", 4)
    assert rungs(found) == [0, 1, 2, 3]
    late = [each["facts"]["late_seconds"] for each in found]
    assert late == [14 * 3600, 12 * 3600, 8 * 3600, 0], "each says how late it was"
    stage.until_recorded("breach.opened", "breach/letters/2")
    opened = [each for each in stage.entries("breach.opened") if "letters" in each["on"]]
    assert {(each["facts"]["cause"], each["facts"]["round"]) for each in opened} == {
        ("round not answered", 1),
        ("second look not answered", 1),
    }
    [closed] = stage.entries("round.closed", on="round/letters/1")
    assert (closed["facts"]["missing"], closed["facts"]["grade"]) == (4, "not_enough_evidence")
    done = story.review(slack, "letters", story.all_correct, BACKUP)
    assert "late" in shown({"text": "", "blocks": done["blocks"]}).lower()
    kept = stage.entries("verdict.recorded", on="round/letters/1")
    assert [each["facts"]["late"] for each in kept] == [True] * 4
    assert len(stage.entries("round.closed", on="round/letters/1")) == 1, (
        "figures stay as they were"
    )


def until_mode(stage: Stage, secret: str, mode: str) -> None:
    """Wait for the gate: who reads the database sees a commit before the committing bot has."""
    until(
        lambda: story.gate(stage, secret, "mail.mode")["value"] == mode,
        lambda: time.sleep(0.02),
        patience=1,
    )


def test_the_gate_closes_although_nothing_can_be_said_in_slack(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "mail", sample="4")
    secret = story.token(stage, "mail", "gate:read")
    story.sampled(stage, "mail", 6)
    story.review(slack, "mail", story.first_is(story.CRITICAL))
    stage.until_recorded("breach.opened", "breach/mail/1")
    stage.until_sent()
    assert story.gate(stage, secret, "mail")["value"] is True

    for method in ("chat.postMessage", "chat.update"):
        slack.fault(method, "error", error="service_unavailable", times=100_000)
    slack.forward(minutes=15)
    climbs(stage, "acknowledge/mail/1", 1)
    slack.forward(hours=2 + 4 + 8)
    climbs(stage, "acknowledge/mail/1", 4)
    until_mode(stage, secret, "review_all")
    assert story.gate(stage, secret, "mail")["value"] is False
    slack.forward(hours=8)
    climbs(stage, "acknowledge/mail/1", 5)
    until_mode(stage, secret, "paused")

    slack.mend()
    slack.until(lambda: is_reminded(slack, ADMIN, "acknowledge breach 1 of mail"))
    story_card = slack.message_with("acknowledge", "Breach 1 of mail", channel=CHANNEL)
    assert "paused" in shown(slack.until(lambda: _gate_notice(slack))), story_card


def test_a_rung_nobody_can_answer_is_passed_at_once_on_record(stage: Stage) -> None:
    slack = stage.slack
    story.register(slack, "forms", backup="U0KENJI")
    slack.post("user/U0KENJI", deleted=True)
    stage.until_recorded("person.changed")
    stage.forward(hours=50)
    found = climbs(stage, "accept/forms/0", 3)
    assert rungs(found) == [0, 1, 2]
    assert [each["facts"]["passed"] for each in found] == [None, "deactivated", None]
    again = story.register(slack, "more-forms", backup="U0KENJI")
    assert again["errors"].keys() == {"backup"}


def test_nothing_owed_has_disappeared(stage: Stage) -> None:
    opened = {each["facts"]["obligation"] for each in stage.entries("obligation.opened")}
    kinds = ("obligation.answered", "obligation.superseded", "obligation.lapsed")
    ended = {each["facts"]["obligation"] for each in stage.entries(*kinds)}
    query = "select id from obligation where state = 'open'"
    assert opened - ended == {row[0] for row in stage.rows(query)}
    assert OWNER
    stage.exported()


def _gate_notice(slack: Slack) -> Json | None:
    notices = [each for each in slack.messages() if "gate of mail" in each["text"]]
    return notices[-1] if len(notices) > 1 else None
