"""An owner cannot judge some of a round: it counts as missing, and a second person is asked."""

import json

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, BACKUP, CHANNEL, OWNER, Json, buttons, shown

KEY = "claims"
DEAD = "The link is dead."
SKIPPED = {"verdict": "skipped", "reason": DEAD}


def card_of(stage: Stage) -> str:
    stage.until_sent()
    [card] = [each for each in stage.slack.messages() if each["text"].startswith("Round 1 of")]
    return shown(card)


def words_on(view: Json) -> str:
    return shown({"text": "", "blocks": view["blocks"]})


def test_the_owner_skips_one_output_and_hands_in(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY, sample="4")
    story.sampled(stage, KEY, 8)
    view = slack.press(OWNER, "review", KEY)["view"]
    held = slack.submit(OWNER, view, story.page_values(view, {"verdict": "skipped"}))
    assert [name.split(":")[0] for name in held["errors"]] == ["reason"], "it takes a reason"

    view = story.answer_pages(slack, OWNER, view, lambda _: SKIPPED, pages=1)
    assert "1 of 4 answered" in words_on(view)
    done = story.answer_pages(slack, OWNER, view, story.all_correct)

    assert "3 of 4 judged, 0 wrong, 1 could not be judged" in words_on(done)
    assert "1 output could not be judged: a second person is asked" in words_on(done)
    [skipped] = stage.entries("output.skipped", on=f"round/{KEY}/1")
    assert skipped["role"] == "owner"
    assert "dead" not in json.dumps(skipped), "the reason is committed to, not in the entry"
    [closed] = stage.until_recorded("round.closed", f"round/{KEY}/1")
    assert (closed["facts"]["judged"], closed["facts"]["missing"]) == (3, 1)
    assert "1 of what is missing cannot be judged." in card_of(stage)


def test_the_owner_is_not_offered_to_confirm_it(stage: Stage) -> None:
    slack = stage.slack
    stage.until_sent()
    card = slack.message_with("judge", KEY, channel=CHANNEL)
    view = slack.click(OWNER, card, "judge", channel=CHANNEL)["view"]
    assert "You have said yourself that this cannot be judged" in words_on(view)
    assert "Cannot be judged" not in json.dumps(view)
    assert slack.click(ADMIN, card, "judge", channel=CHANNEL)["view"] is None
    slack.until_told(ADMIN, "cannot judge what could not be judged")


def test_the_backup_is_asked_and_confirms_it(stage: Stage) -> None:
    slack = stage.slack
    assert "judge what could not be judged" in story.told(slack, BACKUP, "due").lower()
    view = slack.press(BACKUP, "judge", KEY)["view"]
    assert all(part in words_on(view) for part in (DEAD, OWNER))

    neither = {"verdict": "skipped", "reason": "There is nothing there."}
    done = slack.submit(BACKUP, view, story.page_values(view, neither))

    assert done["errors"] is None
    assert "The round's figures stay as they were." in words_on(done["view"])
    confirmed = stage.entries("output.skipped", on=f"round/{KEY}/1")[-1]
    assert confirmed["role"] == "backup"
    stage.until_recorded("obligation.answered", f"obligation/judge/{KEY}/1")
    assert "A second person has said so too." in card_of(stage)
    assert not [m for m in slack.messages(BACKUP) if "judge" in buttons(m)], "spent"


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
