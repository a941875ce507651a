"""Somebody opens their Home, answers from it, and it is brought up to date by itself."""

from typing import Any

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, GUEST, OWNER, STEWARD, Json, Slack, shown


def home_of(slack: Slack, user: str) -> Json | None:
    found: Json | None = slack.get("home", user=user)
    return found


def text_of(view: Json) -> str:
    return shown({"text": "", "blocks": view["blocks"]})


def until_home(slack: Slack, user: str, *words: str, without: str = "\0") -> Json:
    """Wait until somebody's Home holds these words and not that one, and give it."""

    def look() -> Json | None:
        view = home_of(slack, user)
        if view is None or without in text_of(view):
            return None
        return view if all(each in text_of(view) for each in words) else None

    return slack.until(look)


def open_home(slack: Slack, user: str, *words: str) -> Json:
    assert slack.post("open_home", user=user)["acked"]
    return until_home(slack, user, *words)


def click(slack: Slack, user: str, view: Json, action_id: str, value: str, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    return slack.press_in(user, view, action_id, value, **more)


def published(stage: Stage, user: str) -> int:
    calls = [each for each in stage.slack.log() if each.get("method") == "views.publish"]
    return sum(each["request"]["user_id"] == user for each in calls)


def test_the_first_time_it_says_what_this_is_and_registers_a_workflow(stage: Stage) -> None:
    slack = stage.slack
    view = open_home(slack, ADMIN, "To begin")
    form = click(slack, ADMIN, view, "register", "register/0")["view"]
    assert form["callback_id"] == "register"
    done = slack.submit(ADMIN, form, story.registration("claims", sample="3"))
    assert done["errors"] is None
    slack.post("close", user=ADMIN, view_id=done["view"]["id"])
    until_home(slack, ADMIN, "claims", "not ready", without="To begin")


def test_an_owner_answers_from_home_and_it_follows_by_itself(stage: Stage) -> None:
    slack = stage.slack
    view = open_home(slack, OWNER, "Accept the duties for claims")
    asked = click(slack, OWNER, view, "read_accept", "claims/0")["view"]
    assert "Routes the messages of claims" in text_of(asked)
    receipt = click(slack, OWNER, asked, "accept", "claims/0")["view"]
    assert "You answer for claims now" in text_of(receipt)
    assert "record " in text_of(receipt)
    slack.post("close", user=OWNER, view_id=receipt["id"])
    view = until_home(slack, OWNER, "You owe nothing", "next sample", "gate: run")

    story.sampled(stage, "claims", 6)
    view = until_home(slack, OWNER, "Review round 1 of claims")
    page = click(slack, OWNER, view, "review", "claims/1")["view"]
    done = story.answer_pages(slack, OWNER, page, story.all_correct)
    assert done["callback_id"] == "notice"
    view = until_home(slack, OWNER, "You owe nothing", "1 of 1 round answered in time")
    assert "not enough evidence" in text_of(view)
    stage.until_sent()
    assert not stage.entries("refused")


def test_a_workflow_is_shown_in_a_window(stage: Stage) -> None:
    view = open_home(stage.slack, OWNER, "claims")
    page = click(stage.slack, OWNER, view, "show", "claims/0")["view"]
    assert "Routes the messages of claims" in text_of(page)
    stage.slack.post("close", user=OWNER, view_id=page["id"])


def test_overdue_is_said_in_words_and_the_team_sees_which_workflow(stage: Stage) -> None:
    slack = stage.slack
    story.sampled(stage, "claims", 6)
    open_home(slack, STEWARD, "every gate is open")
    stage.forward(days=4)
    until_home(slack, OWNER, "Overdue", "was due")
    until_home(slack, STEWARD, "claims", "overdue:")


def test_i4_guests_are_told_what_this_is_and_whom_to_ask(stage: Stage) -> None:
    view = open_home(stage.slack, GUEST, "Guests of this workspace")
    assert "claims" not in text_of(view)


def test_nothing_was_wrong_with_any_of_it(stage: Stage) -> None:
    assert stage.complaints() == []


def test_homes_follow_the_console_after_a_restart_and_beside_the_bot(stage: Stage) -> None:
    slack = stage.slack
    assert stage.bot
    stage.bot.stop()
    before = published(stage, OWNER)
    done = stage.console("pause", "claims", "--reason", "while the bot was away")
    assert done.returncode == 0, done.stderr
    stage.serve()
    until_home(slack, OWNER, "gate: *paused*")
    assert published(stage, OWNER) == before + 1

    story.live(stage, "letters", sample="3")
    until_home(slack, OWNER, "letters", "gate: run")
    done = stage.console("pause", "letters", "--reason", "beside the bot")
    assert done.returncode == 0, done.stderr
    until_home(slack, OWNER, without="gate: run")


def test_i4_what_is_refused_on_home_is_on_record_and_said_in_a_window(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "mail", sample="3")
    story.sampled(stage, "mail", 6)
    view = until_home(slack, OWNER, "Review round 1 of mail")
    slack.fault("views.publish", "429", retry_after=60)  # so that it stands there still
    story.review(slack, "mail", story.all_correct)
    refused, whispers = len(stage.entries("refused")), len(slack.whispers(OWNER))

    said = click(slack, OWNER, view, "review", "mail/1")

    assert said["view"]["callback_id"] == "notice"
    assert "handed in" in text_of(said["view"])
    [recorded] = stage.entries("refused")[refused:]
    assert recorded["role"] == "slack"
    assert len(slack.whispers(OWNER)) == whispers
