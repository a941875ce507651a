"""Somebody has do-not-disturb on: what can wait does, what is critical comes, silence climbs."""

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import BACKUP, OWNER, STEWARD, TECHNICAL_OWNER, Json, shown

KEY = "claims"


def heard(stage: Stage, user: str, text: str) -> list[Json]:
    return [each for each in stage.slack.messages(user) if text in shown(each)]


def until_resting(stage: Stage, count: int = 1) -> None:
    query = "select count(*) from outbox where state = 'ready' and error = 'do not disturb'"
    stage.slack.until(lambda: stage.rows(query) == [(count,)])


def test_a_message_waits_until_the_snooze_is_over_and_what_is_critical_does_not(
    stage: Stage,
) -> None:
    slack = stage.slack
    story.live(stage, KEY, sample="4")
    now = slack.post("clock", forward_seconds=0)["now"]
    for user in (BACKUP, STEWARD):
        slack.post(f"user/{user}", quiet_from=now - 60, quiet_until=now + 3600)
    story.sampled(stage, KEY, 6)
    until_resting(stage)
    story.review(slack, KEY, story.first_is(story.CRITICAL))
    slack.until(lambda: heard(stage, STEWARD, f"Breach 1 of {KEY}"))
    assert heard(stage, BACKUP, KEY) == []

    slack.forward(hours=1)
    slack.message_with("second_review", KEY, user=BACKUP)
    stage.until_sent()
    assert stage.complaints() == []


def test_a_deadline_does_not_wait(stage: Stage) -> None:
    slack = stage.slack
    now = slack.post("clock", forward_seconds=0)["now"]
    slack.post(f"user/{TECHNICAL_OWNER}", snoozed_until=now + 30 * 86_400)
    done = story.register(slack, "letters", owner=TECHNICAL_OWNER, technical_owner=OWNER)
    assert done["errors"] is None, done["errors"]
    until_resting(stage)
    slack.forward(days=3)
    stage.until_recorded("obligation.climbed", "obligation/accept/letters/0", 2)
    slack.until(lambda: heard(stage, BACKUP, "letters"))
    assert heard(stage, TECHNICAL_OWNER, "letters") == []


def test_where_slack_does_not_tell_nothing_waits(stage: Stage) -> None:
    slack = stage.slack
    slack.fault("dnd.info", "error", error="missing_scope", times=100)
    slack.forward(minutes=10)
    slack.until(lambda: heard(stage, TECHNICAL_OWNER, "letters"))
    slack.mend()
    stage.exported()
