"""One person may stop a workflow; letting it run again takes two, and not twice the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, BACKUP, CHANNEL, OWNER, STEWARD, TECHNICAL_OWNER, buttons, shown


def paused(stage: Stage, key: str) -> str:
    """Give a token of a workflow that is live and paused."""
    story.live(stage, key)
    form = stage.slack.command(TECHNICAL_OWNER, f"pause {key}")["view"]
    done = stage.slack.submit(TECHNICAL_OWNER, form, {"reason": "It answers in riddles."})
    assert "Paused" in str(done["view"]["title"])
    return story.token(stage, key, "gate:read")


def ask(stage: Stage, key: str, by: str) -> None:
    form = stage.slack.command(by, f"resume {key}")["view"]
    done = stage.slack.submit(by, form, {"reason": "The riddles are solved."})
    assert "Requested" in str(done["view"]["title"]), done["errors"]


def test_the_owner_asks_and_the_backup_confirms(stage: Stage) -> None:
    slack = stage.slack
    secret = paused(stage, "claims")
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused"
    ask(stage, "claims", OWNER)
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused", "one is not enough"
    card = slack.message_with("confirm", "claims", channel=CHANNEL)
    assert "The riddles are solved." in shown(card)

    slack.click(OWNER, card, "confirm", channel=CHANNEL)
    slack.until_told(OWNER, "second person")
    for outsider in (TECHNICAL_OWNER, ADMIN):
        slack.click(outsider, card, "confirm", channel=CHANNEL)
        slack.until_told(outsider, "You cannot")
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused"

    slack.press(BACKUP, "confirm", "claims")
    stage.until_recorded("resume.confirmed", "resume/claims/1")
    assert story.gate(stage, secret, "claims")["value"] is True
    stage.until_sent()
    about = [*slack.messages(), *slack.messages(BACKUP)]
    assert not [each for each in about if "confirm" in buttons(each)], "the buttons are spent"
    rules = [each["facts"]["rule"] for each in stage.entries("refused", on="resume/claims/1")]
    assert rules == ["may not confirm own request", *["may not resume a workflow"] * 2]


def test_who_asked_withdraws_it_where_the_command_shows_it(stage: Stage) -> None:
    slack = stage.slack
    secret = paused(stage, "mine")
    ask(stage, "mine", BACKUP)

    page = slack.command(BACKUP, "resume mine")["view"]
    assert "The riddles are solved." in str(page["blocks"])
    assert buttons(page) == ["withdraw_request"]
    done = slack.press_in(BACKUP, page, "withdraw_request")["view"]

    assert "Your request is withdrawn: nothing changes." in str(done["blocks"])
    stage.until_recorded("resume.withdrawn", "resume/mine/1")
    assert story.gate(stage, secret, "mine.mode")["value"] == "paused"


def test_a_confirmation_is_good_for_one_closing_of_the_gate(stage: Stage) -> None:
    slack = stage.slack
    secret = paused(stage, "letters")
    ask(stage, "letters", STEWARD)
    card = slack.message_with("confirm", "letters", channel=CHANNEL)
    slack.click(BACKUP, card, "confirm", channel=CHANNEL)
    stage.until_recorded("resume.confirmed", "resume/letters/1")
    form = slack.command(OWNER, "pause letters")["view"]
    slack.submit(OWNER, form, {"reason": "Riddles again."})

    slack.click(OWNER, card, "confirm", channel=CHANNEL, stale=True)

    slack.until_told(OWNER, "It was confirmed")
    assert story.gate(stage, secret, "letters.mode")["value"] == "paused"
    assert len(stage.entries("resume.confirmed", on="resume/letters/1")) == 1


def test_a_request_is_not_confirmed_once_the_gate_has_moved(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "moved", sample="4")
    story.sampled(stage, "moved", 6)
    story.review(slack, "ound 1 of moved", story.first_is(story.CRITICAL))
    slack.press(OWNER, "acknowledge", "Breach 1 of moved")
    story.decide(slack, "Breach 1 of moved", "review_all", STEWARD)
    ask(stage, "moved", OWNER)
    card = slack.message_with("confirm", "moved", channel=CHANNEL)
    form = slack.command(OWNER, "pause moved")["view"]
    slack.submit(OWNER, form, {"reason": "It is worse than we thought."})

    slack.click(BACKUP, card, "confirm", channel=CHANNEL, stale=True)

    slack.until_told(BACKUP, "has moved since")
    assert not stage.entries("resume.confirmed", on="resume/moved/1")


def test_the_verb_confirms_what_somebody_else_asked(stage: Stage) -> None:
    secret = paused(stage, "mail")
    ask(stage, "mail", BACKUP)
    page = stage.slack.command(STEWARD, "resume mail")["view"]
    read = shown({"text": "", "blocks": page["blocks"]})
    assert "The riddles are solved." in read
    assert story.gate(stage, secret, "mail.mode")["value"] == "paused", "nothing is said unread"

    stage.slack.press_in(STEWARD, page, "confirm")
    assert story.gate(stage, secret, "mail")["value"] is True


def test_a_second_person_declines_and_who_asked_is_told_why(stage: Stage) -> None:
    slack = stage.slack
    secret = paused(stage, "post")
    ask(stage, "post", OWNER)
    page = slack.command(BACKUP, "resume post")["view"]
    form = slack.press_in(BACKUP, page, "decline_request")["view"]
    done = slack.submit(BACKUP, form, {"reason": "It still answers in riddles."})
    assert "Declined" in str(done["view"]["title"])

    stage.until_recorded("resume.declined", "resume/post/1")
    stage.until_sent()
    assert story.gate(stage, secret, "post.mode")["value"] == "paused"
    told = [shown(each) for each in slack.messages(OWNER)]
    assert any("It still answers in riddles." in each for each in told)
    about = [*slack.messages(), *slack.messages(BACKUP)]
    assert not [each for each in about if "confirm" in buttons(each) and "post" in shown(each)]


def test_a_request_nobody_confirms_lapses(stage: Stage) -> None:
    secret = paused(stage, "forms")
    ask(stage, "forms", OWNER)
    stage.forward(hours=24 + 2 + 4 + 8)
    stage.until_recorded("obligation.lapsed", "obligation/confirm/forms/1")
    assert story.gate(stage, secret, "forms.mode")["value"] == "paused"
    ask(stage, "forms", BACKUP)
    stage.until_sent()
    stage.slack.press(OWNER, "confirm", "forms", channel=CHANNEL)
    stage.until_recorded("resume.confirmed", "resume/forms/2")
    assert story.gate(stage, secret, "forms")["value"] is True


@pytest.mark.parametrize("people", [(BACKUP, STEWARD), (BACKUP, BACKUP)])
def test_two_confirmations_at_once_are_one(stage: Stage, people: tuple[str, str]) -> None:
    key = f"race-{people.index(people[1])}"
    paused(stage, key)
    ask(stage, key, OWNER)
    card = stage.slack.message_with("confirm", key, channel=CHANNEL)
    with ThreadPoolExecutor(2) as both:
        clicks = [
            both.submit(stage.slack.click, who, card, "confirm", channel=CHANNEL) for who in people
        ]
        assert all(click.result()["acked"] for click in clicks)
    assert len(stage.entries("resume.confirmed", on=f"resume/{key}/1")) == 1


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
