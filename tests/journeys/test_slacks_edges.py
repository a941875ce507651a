"""Slack says no: the channel takes nothing, the token is worthless. People hear of it all the same.

I3: silence climbs with or without Slack. I4: nothing that was to be said is dropped.
"""

import contextlib
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, BACKUP, CHANNEL, OWNER, Json, Slack, shown, until

KEY, NEW_TOKEN, BOT, ELSEWHERE = "claims", "xoxb-sandbox-new", "U0ANSWERABLE", "C0GENERAL"


@pytest.fixture(scope="module")
def slack(stage: Stage) -> Slack:
    """A workspace with a live workflow, all said."""
    story.live(stage, KEY)
    stage.until_sent()
    return stage.slack


def said_to(slack: Slack, user: str, *words: str) -> Json:
    """Wait for the newest message to somebody that holds all these words, and give it."""

    def look() -> Json | None:
        found = [m for m in slack.messages(user) if all(word in shown(m) for word in words)]
        return found[-1] if found else None

    return slack.until(look)


def in_channel(slack: Slack, channel: str, *words: str) -> list[Json]:
    return [m for m in slack.messages(channel=channel) if all(word in shown(m) for word in words)]


def pause(slack: Slack, key: str, reason: str) -> None:
    form = slack.command(OWNER, f"pause {key}")["view"]
    assert slack.submit(OWNER, form, {"reason": reason})["errors"] is None


def set_members(slack: Slack, channel: str, *, with_bot: bool) -> None:
    [found] = [each for each in slack.get("world")["channels"] if each["id"] == channel]
    members = [each for each in found["members"] if each != BOT]
    slack.post(f"channel/{channel}", members=[*members, *([BOT] if with_bot else [])])


def doctor(stage: Stage) -> str:
    return stage.console("doctor").stdout


def readiness(stage: Stage) -> tuple[int, str]:
    with contextlib.suppress(httpx.TransportError):
        answer = stage.http.get("/readyz")
        return answer.status_code, answer.text
    return 0, ""


@contextlib.contextmanager
def archived(slack: Slack, channel: str) -> Iterator[None]:
    slack.post(f"channel/{channel}", is_archived=True)
    yield
    slack.post(f"channel/{channel}", is_archived=False)


def test_i4_what_was_for_an_archived_channel_reaches_the_owner(stage: Stage, slack: Slack) -> None:
    with archived(slack, CHANNEL):
        pause(slack, KEY, "It misroutes.")
        told = said_to(slack, OWNER, "It misroutes.")
        assert "is archived. Unarchive it, or type" in shown(told)
        assert f"`/answerable watch {KEY}`" in shown(told)
        stage.until_sent()
        failed = stage.entries("message.failed")[-1]
        assert (failed["facts"]["error"], "asked_c" in failed["facts"]) == ("is_archived", True)
        assert in_channel(slack, CHANNEL, "It misroutes.") == []
        looked_over = doctor(stage)
        assert "FAIL  channel of claims" in looked_over
        assert "people instead, where it can reach any" in " ".join(looked_over.split())


def test_an_unarchived_channel_has_the_next_message_again(stage: Stage, slack: Slack) -> None:
    form = slack.command(OWNER, f"resume {KEY}")["view"]
    slack.submit(OWNER, form, {"reason": "It routes again."})
    stage.until_sent()
    assert in_channel(slack, CHANNEL, "It routes again.")
    assert "aside" not in str(in_channel(slack, CHANNEL))
    assert "FAIL" not in doctor(stage)


def test_a_bot_that_was_removed_says_so_and_is_moved_by_a_command(
    stage: Stage, slack: Slack
) -> None:
    set_members(slack, CHANNEL, with_bot=False)
    slack.press(BACKUP, "confirm", KEY)
    told = said_to(slack, OWNER, "Answerable is not in it", "run")
    assert "/invite @Answerable" in shown(told)

    refused = slack.command(BACKUP, f"watch {KEY}", channel=ELSEWHERE)
    assert "You cannot choose the channel" in refused["ephemeral"]
    set_members(slack, ELSEWHERE, with_bot=True)
    moved = slack.command(OWNER, f"watch {KEY}", channel=ELSEWHERE)
    assert "is watched in this channel now" in moved["ephemeral"]
    slack.until(lambda: in_channel(slack, ELSEWHERE, "ound 1"))
    [entry] = stage.entries("channel.changed")
    assert (entry["facts"]["from"], entry["facts"]["to"]) == (CHANNEL, ELSEWHERE)
    set_members(slack, CHANNEL, with_bot=True)


def test_a_window_that_slack_does_not_open_is_one_sentence(slack: Slack) -> None:
    for error in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
        slack.fault("views.open", "error", error=error)
        said = slack.command(OWNER, f"pause {KEY}")["ephemeral"]
        assert "before the window opened. Nothing was recorded: try again." in said
    slack.fault("views.open", "429")
    assert "try again in a minute" in slack.command(OWNER, f"pause {KEY}")["ephemeral"]


def test_a_form_of_another_version_says_so(slack: Slack) -> None:
    form = slack.command(OWNER, "register")["view"]
    story.of_another_version(slack, form)
    said = slack.submit(OWNER, form, story.registration("late"))["errors"]
    assert "This form is of another version of Answerable" in str(said)


def test_an_export_that_a_scope_is_missing_for_ends_and_says_what_to_do(
    stage: Stage, slack: Slack
) -> None:
    slack.fault("files.getUploadURLExternal", "error", error="missing_scope", times=99)
    assert "on its way" in story.told(slack, ADMIN, "export")
    said_to(slack, ADMIN, "lacks Slack's scope files:write", "ask again with")
    stage.until_sent()
    [failed] = [e for e in stage.entries("message.failed") if e["facts"]["kind"] == "export"]
    assert failed["facts"]["error"] == "missing_scope files:write"
    slack.mend()


def waiting(stage: Stage) -> int:
    """Count the messages that are not sent yet; one of them may be on its way."""
    return int(stage.rows("select count(*) from outbox where state in ('ready', 'sending')")[0][0])


def test_i3_a_revoked_token_loses_nothing_and_stops_nothing(stage: Stage, slack: Slack) -> None:
    story.register(slack, "letters")
    stage.until_sent()
    failed = len(stage.entries("message.failed"))
    slack.post("revoke", bot=NEW_TOKEN)
    done = slack.command(OWNER, f"pause {KEY}")
    assert "Slack does not let Answerable in (token revoked)" in done["ephemeral"]
    assert readiness(stage)[0] == 503, "no message had to be sent for that"
    paused = stage.console("pause", KEY, "--reason", "Slack is deaf.")
    assert paused.returncode == 0, paused.stderr
    told = (
        "Not ready: token (Slack does not let the bot in, token_revoked: run `answerable doctor`)"
    )
    assert told in readiness(stage)[1]
    assert "token_revoked" in doctor(stage)

    slack.forward(hours=48)
    stage.until_recorded("obligation.climbed", "obligation/accept/letters/0")
    until(lambda: waiting(stage) > 2, lambda: time.sleep(0.02))
    assert len(stage.entries("message.failed")) == failed, "they wait"


def test_a_new_token_delivers_what_waits(stage: Stage, slack: Slack) -> None:
    assert stage.bot
    assert stage.bot.stop() == 0
    stage.serve(SLACK_BOT_TOKEN=NEW_TOKEN)
    stage.until_sent()
    slack.until(lambda: in_channel(slack, ELSEWHERE, "Slack is deaf."))
    said_to(slack, OWNER, "letters", "accept")
    assert readiness(stage)[0] == 200


def test_all_of_it_verifies(stage: Stage) -> None:
    # The console asks Slack for the time alone, which needs no token.
    stage.exported()
