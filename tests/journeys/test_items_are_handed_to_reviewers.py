"""An owner hands outputs to two reviewers: one answers, the other is silent, the owner hands in."""

import json
import re

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    BACKUP,
    CHANNEL,
    MEMBER,
    OWNER,
    TECHNICAL_OWNER,
    Json,
    buttons,
    shown,
)

KEY, ALL_IN = "claims", "All reviewers of round 1 of claims have handed in"


def outputs_on(view: Json) -> list[str]:
    return re.findall(rf"{KEY}-\d+", json.dumps(view["blocks"]))


def words(view: Json) -> str:
    return shown({"text": "", "blocks": view["blocks"]})


def notice(stage: Stage) -> Json:
    """Give the one message that tells the owner how far the reviewers are."""
    stage.until_sent()
    [told] = [each for each in stage.slack.messages(OWNER) if "Reviewers of round" in shown(each)]
    return told


def hand_out(stage: Stage, form: Json, *reviewers: str) -> Json:
    return stage.slack.submit(OWNER, form, {"reviewers": list(reviewers)})  # type: ignore[dict-item]


def test_the_owner_hands_outputs_to_two_reviewers(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY, sample="6")
    story.sampled(stage, KEY, 30)
    view = slack.press(OWNER, "review", KEY)["view"]
    view = story.answer_pages(slack, OWNER, view, story.all_correct, pages=2)
    form = slack.post("click", user=OWNER, view_id=view["id"], action_id="hand_out")["view"]
    held = hand_out(stage, form, OWNER)
    assert "Choose others" in held["errors"]["reviewers"]
    held = hand_out(stage, form, BACKUP)
    assert "blind second look" in held["errors"]["reviewers"]

    done = hand_out(stage, form, TECHNICAL_OWNER, MEMBER)

    assert done["errors"] is None
    assert "4 outputs handed to 2 people" in words(done["view"])
    found = stage.until_recorded("items.handed", f"share/{KEY}/1")
    found += stage.entries("items.handed", on=f"share/{KEY}/2")
    assert [each["facts"]["positions"] for each in found] == [[2, 4], [3, 5]]
    assert "0 of 2" in shown(notice(stage))


def test_a_reviewer_who_presses_review_on_the_card_is_led_to_theirs(stage: Stage) -> None:
    view = stage.slack.press(TECHNICAL_OWNER, "review", KEY, channel=CHANNEL)["view"]
    assert (view["callback_id"], view["title"]["text"]) == ("share_page", "1 of 2")
    stage.slack.post("close", user=TECHNICAL_OWNER, view_id=view["id"])
    assert "may not review this round" not in str(stage.entries("refused"))


def test_a_reviewer_sees_theirs_alone_and_hands_them_in(stage: Stage) -> None:
    slack = stage.slack
    [drawn] = stage.entries("round.drawn", on=f"round/{KEY}/1")
    view = slack.press(TECHNICAL_OWNER, "share", KEY)["view"]
    assert view["title"]["text"] == "1 of 2"
    assert outputs_on(view)[0] == drawn["facts"]["drawn"][2]
    view = story.answer_pages(slack, TECHNICAL_OWNER, view, story.first_is(story.MINOR), pages=1)
    assert outputs_on(view)[0] == drawn["facts"]["drawn"][4]
    assert "1 of 2" in shown(notice(stage))
    done = story.answer_pages(slack, TECHNICAL_OWNER, view, story.all_correct)

    assert "recorded under your name" in words(done)
    [answered] = stage.until_recorded("items.answered", f"share/{KEY}/1")
    given = stage.entries("verdict.recorded", on=f"round/{KEY}/1")
    assert {(each["actor"], each["role"]) for each in given} == {(answered["actor"], "reviewer")}
    assert "handed in 2" in shown(notice(stage))
    assert not [m for m in slack.messages(TECHNICAL_OWNER) if "share" in buttons(m)], "spent"


def test_silence_is_nobodys_consent_and_the_owner_takes_back(stage: Stage) -> None:
    slack = stage.slack
    stage.forward(hours=72 + 1)
    stage.until_recorded("obligation.climbed", f"obligation/review/{KEY}/1")
    message = notice(stage)
    slack.click(OWNER, message, "take_back:2")
    [taken] = stage.until_recorded("items.taken_back", f"share/{KEY}/2")
    assert taken["facts"]["positions"] == [3, 5]
    stage.until_sent()
    assert not [m for m in slack.messages(MEMBER) if "share" in buttons(m)], "nothing is asked"


def until_home(stage: Stage, user: str, word: str, without: str = "\0") -> Json:
    """Wait until somebody's Home says this and not that, and give it."""

    def look() -> Json | None:
        view: Json | None = stage.slack.get("home", user=user)
        return view if view and word in words(view) and without not in words(view) else None

    return stage.slack.until(look)


def test_a_reviewer_answers_from_their_home_and_the_owner_is_told_that_all_is_in(
    stage: Stage,
) -> None:
    slack = stage.slack
    slack.post("open_home", user=MEMBER)
    until_home(stage, MEMBER, "To begin", without="handed to you by")
    form = slack.press(OWNER, "hand_out", f"Reviewers of round 1 of {KEY}")["view"]
    hand_out(stage, form, MEMBER)
    stage.until_sent()
    assert not [m for m in slack.messages(OWNER) if ALL_IN in shown(m)]
    home = until_home(stage, MEMBER, f"handed to you by <@{OWNER}>")
    view = slack.press_in(MEMBER, home, "share", f"{KEY}/3")["view"]
    story.answer_pages(slack, MEMBER, view, story.all_correct)
    until_home(stage, MEMBER, "To begin", without="handed to you by")
    stage.until_recorded("items.answered", f"share/{KEY}/3")
    stage.until_sent()
    [told] = [m for m in slack.messages(OWNER) if ALL_IN in shown(m)]
    assert buttons(told) == ["review"]


def test_the_owner_answers_the_rest_and_hands_the_round_in(stage: Stage) -> None:
    slack = stage.slack
    form = story.review(slack, KEY, story.all_correct)
    assert form["callback_id"] == "hand_in"
    said = words(form)
    assert said.count(f"<@{OWNER}>") == 2
    assert said.count(f"<@{MEMBER}>") == 2
    assert said.count(f"<@{TECHNICAL_OWNER}>") == 2
    done = slack.submit(OWNER, form, {"agreed": ["yes"]})  # type: ignore[dict-item]

    assert "6 of 6 judged, 1 wrong" in words(done["view"])
    [closed] = stage.until_recorded("round.closed", f"round/{KEY}/1")
    assert (closed["role"], closed["facts"]["judged"]) == ("owner", 6)
    [answered] = stage.until_recorded("obligation.answered", f"obligation/review/{KEY}/1")
    assert answered["role"] == "owner"
    stage.until_sent()
    assert not [m for m in slack.messages(OWNER) if {"review", "hand_out"} & {*buttons(m)}], "spent"


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
