"""A steward has all workflows summed up in a channel; somebody asks for a report on one."""

from typing import Any, Final

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, AUDITOR, CHANNEL, GUEST, MEMBER, OWNER, STEWARD, Json

KEY: Final = "claims"
PNG: Final = b"\x89PNG\r\n"
WRONG: Final = {"verdict": "wrong", "why": "error", "severity": "minor"}


def posts_with_pictures(stage: Stage, user: str = "", channel: str = CHANNEL) -> list[Json]:
    stage.until_sent()
    return [each for each in stage.slack.messages(user, channel) if each.get("files")]


def judged(stage: Stage, key: str = KEY) -> None:
    story.sampled(stage, key, 8)
    stage.until_sent()
    done = story.review(stage.slack, key, story.first_is(WRONG))
    assert done["callback_id"] == "notice"


def picture(stage: Stage, file: Json) -> bytes:
    return stage.slack.http.get(f"/sandbox/files/{file['id']}").content


def test_a_steward_has_the_digest_posted_and_it_comes_by_itself(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY)

    said = slack.command(STEWARD, "digest every monday at 09:00 Europe/Berlin")["ephemeral"]

    assert "every Monday at 09:00 (Europe/Berlin)" in said
    assert "has to be in this channel" in said
    assert "`/invite @Answerable`" in said
    again = slack.command(STEWARD, "digest every monday at 09:00 Europe/Berlin")["ephemeral"]
    assert "posted in this channel already" in again
    judged(stage)
    stage.forward(days=7)
    [written] = stage.until_recorded("digest.written")
    assert (written["facts"]["errors"], written["facts"]["judged"]) == (1, 8)

    [digest] = slack.until(lambda: posts_with_pictures(stage))

    for words in ("What changed", "wrong: 1, critical: 0", "not enough evidence: claims"):
        assert words in digest["text"], digest["text"]
    [file] = digest["files"]
    assert "claims, errors by round" in file["alt_txt"]
    assert picture(stage, file).startswith(PNG)
    for person in (OWNER, STEWARD):
        assert person not in digest["text"]


def test_the_next_digest_begins_where_the_last_one_ended(stage: Stage) -> None:
    stage.forward(days=7)
    first, second = stage.until_recorded("digest.written", count=2)
    assert second["prior"] == first["seq"]
    assert second["facts"]["judged"] == 0


def test_a_member_asks_for_a_report_and_gets_it_with_its_charts(stage: Stage) -> None:
    slack = stage.slack
    told = slack.command(MEMBER, f"report {KEY}")["ephemeral"]
    assert "on its way to you" in told
    [report] = slack.until(lambda: posts_with_pictures(stage, MEMBER, ""))
    assert "Report on claims" in report["text"]
    assert "`card`" in report["text"]
    assert [each["filetype"] for each in report["files"]] == ["png", "png"]
    [made] = stage.entries("report.made")
    assert made["facts"]["workflow"] == KEY


def test_i4_who_may_not_place_the_digest_or_see_a_report_is_refused(stage: Stage) -> None:
    slack = stage.slack
    assert "takes the steward or an admin" in slack.command(MEMBER, "digest")["ephemeral"]
    assert "Guests" in slack.command(GUEST, f"report {KEY}")["ephemeral"]
    assert "no time zone" in slack.command(ADMIN, "digest mondays 09:00 Mars/One")["ephemeral"]
    assert "Write for example" in slack.command(ADMIN, "digest now and then")["ephemeral"]


def test_nothing_was_wrong_with_any_of_it(stage: Stage) -> None:
    assert stage.complaints() == []


def test_a_digest_whose_channel_is_gone_reaches_an_admin(stage: Stage) -> None:
    slack = stage.slack
    slack.fault("files.completeUploadExternal", "error", error="is_archived")
    story.live(stage, "mail")
    judged(stage, "mail")
    stage.forward(days=7)

    found: list[Any] = slack.until(lambda: posts_with_pictures(stage, ADMIN, ""))

    assert "/answerable digest" in found[-1]["text"]


def test_an_auditor_whose_record_slack_does_not_take_is_told_and_gets_it_when_asked_again(
    stage: Stage,
) -> None:
    slack = stage.slack
    slack.fault("files.completeUploadExternal", "error", error="channel_not_found")
    assert "on its way" in slack.command(AUDITOR, "export")["ephemeral"]
    [told] = slack.until(
        lambda: [each for each in slack.messages(AUDITOR) if "did not take" in each["text"]]
    )
    assert "the file with the record, or did not say so (channel not found)" in told["text"]
    assert "`/answerable export`" in told["text"]

    slack.command(AUDITOR, "export")
    [sent] = slack.until(lambda: posts_with_pictures(stage, AUDITOR))
    assert [each["filetype"] for each in sent["files"]] == ["zip"]


def test_it_is_stopped_and_no_more_comes(stage: Stage) -> None:
    slack = stage.slack
    assert "No digest is posted any more" in slack.command(ADMIN, "digest off")["ephemeral"]
    assert "nothing to stop" in slack.command(ADMIN, "digest off")["ephemeral"]
    before = len(stage.entries("digest.written"))
    stage.forward(days=14)
    stage.until_sent()
    assert len(stage.entries("digest.written")) == before


def test_the_record_of_it_verifies(stage: Stage) -> None:
    done = stage.verify(stage.exported(), "--key", str(stage.vkey()))
    assert done.returncode == 0, done.stdout
