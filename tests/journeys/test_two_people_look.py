"""Two look at the same outputs, one of them blind; a third settles where they differ."""

import json
import re

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    ADMIN,
    BACKUP,
    CHANNEL,
    MEMBER,
    OWNER,
    STEWARD,
    TECHNICAL_OWNER,
    Json,
    buttons,
    shown,
)

KEY = "claims"
WORDS = "It should say “refund”."
CORRECTED = {
    "verdict": "corrected",
    "why": "error",
    "severity": "major",
    "correction": WORDS,
}


def card_of(stage: Stage) -> Json:
    stage.until_sent()
    [card] = [each for each in stage.slack.messages() if each["text"].startswith("Round 1 of")]
    return card


def outputs_on(view: Json) -> list[str]:
    return re.findall(rf"{KEY}-\d+", json.dumps(view["blocks"]))


def test_a_second_person_is_asked_when_the_round_is_drawn(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY, sample="12")
    story.sampled(stage, KEY, 30)
    [drawn] = stage.until_recorded("round.drawn", f"round/{KEY}/1")

    assert len(drawn["facts"]["drawn"]) == 12
    assert len(drawn["facts"]["second"]) == 2
    assert "2 of them get a second, blind look" in shown(card_of(stage))
    asked = slack.message_with("second_review", KEY, user=BACKUP)
    assert "It is blind" in asked["text"]
    assert "look" in story.told(slack, BACKUP, "due")


def test_the_owner_answers_and_the_backup_looks_blind(stage: Stage) -> None:
    slack = stage.slack
    story.review(slack, KEY, story.all_correct)
    stage.until_recorded("round.closed", f"round/{KEY}/1")
    assert "twice" not in shown(card_of(stage))

    view = slack.press(BACKUP, "second_review", KEY)["view"]
    assert view["callback_id"] == "second_page"
    assert "It is blind" in shown({"text": "", "blocks": view["blocks"]})
    assert "0 of 2 answered" in shown({"text": "", "blocks": view["blocks"]})
    first = outputs_on(view)
    view = story.answer_pages(slack, BACKUP, view, lambda _: CORRECTED, pages=1)
    slack.post("close", user=BACKUP, view_id=view["id"])
    view = slack.press(BACKUP, "second_review", KEY)["view"]
    assert outputs_on(view) != first, "it goes on where it was closed"
    done = story.answer_pages(slack, BACKUP, view, story.all_correct)

    assert "Your second look at round 1" in shown({"text": "", "blocks": done["blocks"]})
    [drawn] = stage.entries("round.drawn", on=f"round/{KEY}/1")
    given = stage.entries("second_verdict.recorded", on=f"round/{KEY}/1")
    assert [each["facts"]["output"] for each in given] == drawn["facts"]["second"]
    assert [each["facts"]["answer"] for each in given] == ["corrected", "correct"]
    stage.until_recorded("obligation.answered", f"obligation/second-review/{KEY}/1")
    assert "2 looked at twice, 1 disagreed, 0 of these settled" in shown(card_of(stage))
    assert not [m for m in slack.messages(BACKUP) if "second_review" in buttons(m)], "spent"


def test_the_steward_settles_what_they_see_differently(stage: Stage) -> None:
    slack = stage.slack
    form = slack.press(STEWARD, "settle", KEY)["view"]
    both = shown({"text": "", "blocks": form["blocks"]})
    assert all(part in both for part in ("First look", "Second look", "corrected", WORDS))
    assert not [each for each in (OWNER, BACKUP) if each in both], "whose they are is not shown"

    held = slack.submit(STEWARD, form, story.page_values(form, {"stands": "second", "reason": " "}))
    assert [name.split(":")[0] for name in held["errors"]] == ["reason"]
    said = {"stands": "second", "reason": "The form asks for the refund."}
    done = slack.submit(STEWARD, form, story.page_values(form, said))

    assert done["errors"] is None
    assert "settled" in shown({"text": "", "blocks": done["view"]["blocks"]})
    [settled] = stage.entries("disagreement.settled", on=f"round/{KEY}/1")
    assert (settled["role"], settled["facts"]["stands"]) == ("steward", "second")
    assert "refund" not in json.dumps(settled), "the reason is committed to, not in the entry"
    stage.until_recorded("obligation.answered", f"obligation/settle/{KEY}/1")
    assert "2 looked at twice, 1 disagreed, 1 of these settled" in shown(card_of(stage))
    [closed] = stage.entries("round.closed", on=f"round/{KEY}/1")
    assert closed["facts"]["errors"] == 0, "no figure has changed"


def test_whoever_looked_again_is_not_asked_for_the_first_review(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "letters", sample="4")
    story.sampled(stage, "letters", 6)
    story.look_again(slack, "letters", story.all_correct)
    stage.forward(hours=72 + 2)
    found = stage.until_recorded("obligation.climbed", "obligation/review/letters/1", 3)
    passed = [each["facts"]["passed"] for each in found]
    assert passed == [None, "not independent of what was answered", None]

    card = slack.message_with("review", "letters", channel=CHANNEL)
    assert slack.click(BACKUP, card, "review", channel=CHANNEL)["view"] is None
    slack.until_told(BACKUP, "takes its own person")
    story.review(slack, "letters", story.all_correct, STEWARD)
    stage.until_recorded("round.closed", "round/letters/1")
    stage.until_sent()
    assert [each for each in slack.messages() if "2 looked at twice, all agreed" in each["text"]]


def test_people_whose_look_it_is_not_are_refused(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "mail", sample="4")
    story.sampled(stage, "mail", 6)
    stage.forward(hours=72 + 2)
    stage.until_recorded("obligation.climbed", "obligation/second-review/mail/1", 3)
    asked = slack.message_with("second_review", "mail", channel=CHANNEL)
    for user in (OWNER, TECHNICAL_OWNER, ADMIN, MEMBER):
        done = slack.click(user, asked, "second_review", channel=CHANNEL)
        assert done["view"] is None
        slack.until_told(user, "takes the backup or the steward")
    rules = [each["facts"]["rule"] for each in stage.entries("refused", on="round/mail/1")]
    assert rules == ["may not give the second look at this round"] * 4
    story.look_again(slack, "mail", story.all_correct, STEWARD)
    stage.until_recorded("obligation.answered", "obligation/second-review/mail/1")


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
