"""An owner is away and somebody stands in; the owner leaves, and somebody else takes over."""

from datetime import date, timedelta
from typing import Any

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    ADMIN,
    BACKUP,
    GUEST,
    MEMBER,
    OTHER_ADMIN,
    OWNER,
    STEWARD,
    Json,
    shown,
)

KEY = "claims"


def first_day(view: Json) -> date:
    days = [block["element"] for block in view["blocks"] if block["block_id"] == "from"]
    return date.fromisoformat(days[0]["initial_date"])


def has_button(stage: Stage, user: str, action_id: str, text: str) -> bool:
    found = [each for each in stage.slack.messages(user) if text in shown(each)]
    return any(
        element["action_id"] == action_id
        for message in found
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    )


def roles_in(entries: list[Json]) -> set[Any]:
    return {each["role"] for each in entries}


def test_an_owner_says_when_they_are_away_and_who_stands_in(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY, sample="4")
    form = slack.command(OWNER, "delegate")["view"]
    until = (first_day(form) + timedelta(days=13)).isoformat()
    refused = slack.submit(OWNER, form, {"delegate": GUEST, "until": until})
    assert refused["errors"].keys() == {"delegate"}
    too_long = (first_day(form) + timedelta(days=200)).isoformat()
    refused = slack.submit(OWNER, form, {"delegate": MEMBER, "until": too_long})
    assert refused["errors"].keys() == {"until"}

    done = slack.submit(OWNER, form, {"delegate": MEMBER, "until": until, "reason": "Leave."})
    assert "you stay answerable" in shown({"text": "", "blocks": done["view"]["blocks"]})
    stage.until_recorded("absence.begun")
    slack.until(lambda: any("stands in" in each["text"] for each in slack.messages(MEMBER)))
    sheet = story.told(slack, ADMIN, f"show {KEY}")
    assert "is away until" in sheet


def test_what_comes_up_is_asked_of_who_stands_in(stage: Stage) -> None:
    slack = stage.slack
    story.sampled(stage, KEY, 6, by=STEWARD)
    stage.until_recorded("obligation.delegated", f"obligation/review/{KEY}/1")
    request = slack.message_with("review", KEY, user=MEMBER)
    assert "stays answerable" in shown(request)
    assert "in place of" in story.told(slack, MEMBER, "due")
    story.review(slack, KEY, story.all_correct, MEMBER)

    given = stage.entries("verdict.recorded", on=f"round/{KEY}/1")
    assert roles_in(given) == {"delegate of owner"}
    story.look_again(slack, KEY, story.all_correct)


def test_after_the_absence_the_owner_is_asked_again(stage: Stage) -> None:
    slack = stage.slack
    again = slack.command(OWNER, "delegate")
    assert again["ephemeral"], "what stands is shown"
    assert "end_absence:1" in shown(slack.whispers(OWNER)[-1])
    announced = stage.entries("absence.announced")[0]["facts"]
    slack.post("clock", to=announced["ends_at"])
    stage.until_recorded("absence.ended")
    stage.until_sent()

    rounds = len(stage.entries("round.drawn"))
    story.sampled(stage, KEY, 6, by=STEWARD)
    number = stage.until_recorded("round.drawn", count=rounds + 1)[-1]["facts"]["round"]
    slack.message_with("review", f"Review round {number}", user=OWNER)
    stage.until_sent()
    assert not has_button(stage, MEMBER, "review", f"round {number}")
    assert not stage.entries("obligation.delegated", on=f"obligation/review/{KEY}/{number}")


def test_an_owner_who_leaves_is_succeeded_by_their_own_word(stage: Stage) -> None:
    slack = stage.slack
    number = stage.entries("round.drawn")[-1]["facts"]["round"]
    slack.post(f"user/{OWNER}", deleted=True)
    stage.until_recorded("person.changed")
    stage.until_recorded("obligation.climbed", f"obligation/review/{KEY}/{number}", 2)
    slack.message_with("review", f"review round {number}", user=BACKUP)

    older = slack.press(ADMIN, "hand_over", KEY, channel=story.CHANNEL)["view"]
    form = slack.press(STEWARD, "hand_over", KEY)["view"]
    values = {"owner": MEMBER, "reason": "Dana has left."}
    assert slack.submit(STEWARD, form, values)["errors"] is None
    told = slack.submit(ADMIN, older, values)["errors"]
    assert f"named or proposed for {KEY} since this was opened" in told["owner"]
    slack.press(ADMIN, "withdraw", KEY, channel=story.CHANNEL)
    slack.until_told(ADMIN, "Only the person who proposed this")
    slack.press(STEWARD, "withdraw", KEY, channel=story.CHANNEL)
    stage.until_recorded("handover.withdrawn")

    form = slack.press(STEWARD, "hand_over", KEY)["view"]
    assert slack.submit(STEWARD, form, values)["errors"] is None
    stage.until_sent()
    form = slack.press(MEMBER, "decline", KEY)["view"]
    assert slack.submit(MEMBER, form, {"reason": " "})["errors"].keys() == {"reason"}
    slack.submit(MEMBER, form, {"reason": "Not before March."})
    stage.until_recorded("handover.declined")
    slack.until(lambda: any("Not before March." in shown(e) for e in slack.messages(STEWARD)))

    form = slack.press(STEWARD, "hand_over", KEY)["view"]
    done = slack.submit(STEWARD, form, values)
    assert done["errors"] is None, done["errors"]
    stage.until_sent()  # what was declined offers no button by then
    request = slack.message_with("take_over", KEY, channel=story.CHANNEL)
    slack.click(OTHER_ADMIN, request, "take_over", channel=story.CHANNEL)
    slack.until_told(OTHER_ADMIN, "that takes the successor")
    assert not stage.entries("handover.accepted")
    slack.press(MEMBER, "take_over", KEY)

    stage.until_recorded("handover.accepted")
    story.review(slack, KEY, story.all_correct, MEMBER)
    given = stage.entries("verdict.recorded", on=f"round/{KEY}/{number}")
    assert roles_in(given) == {"owner"}
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
