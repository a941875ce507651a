"""From the registration to the verdicts: the owner is asked, answers page by page, hands in."""

import hashlib
import re

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, BACKUP, CHANNEL, MEMBER, OWNER, STEWARD, Json, buttons, shown

RECORD = re.compile(r"record #\d+ · root [0-9a-f]{16}")


def card_of(stage: Stage, title: str) -> Json:
    """Give the one message of the channel that begins so; there may be no second."""
    found = [each for each in stage.slack.messages() if each["text"].startswith(title)]
    assert len(found) == 1, [each["text"] for each in found]
    return found[0]


def test_a_registration_that_cannot_be_says_why_at_each_field(stage: Stage) -> None:
    form = stage.slack.command(ADMIN, "register")["view"]
    values = {
        **story.registration("Not A Key", purpose=" ", backup=OWNER, steward=OWNER),
        "technical_owner": OWNER,
        "limit": "5 of 100",
    }
    done = stage.slack.submit(ADMIN, form, values)

    wrong = {"key", "purpose", "backup", "steward", "technical_owner", "limit"}
    assert done["errors"].keys() == wrong, "all at once"
    assert not stage.entries("workflow.registered")


def test_an_owner_is_asked_accepts_and_answers_for_the_workflow(stage: Stage) -> None:
    done = story.register(stage.slack, "claims")
    assert "Registered" in str(done["view"]["title"])
    assert RECORD.search(shown({"text": "", "blocks": done["view"]["blocks"]}))
    in_channel = stage.slack.message_with("accept", "claims", channel=CHANNEL)
    stage.until_sent()  # to the owner too

    story.accept(stage.slack, "claims")

    [accepted] = stage.until_recorded("ownership.accepted", "workflow/claims")
    assert accepted["role"] == "owner"
    stage.until_sent()
    standing = [*stage.slack.messages(), *stage.slack.messages(OWNER)]
    asked = [each for each in standing if "claims" in each["text"] and "owner" in each["text"]]
    assert [each["versions"] for each in asked] == [2, 2], "both are brought up to date in place"
    assert in_channel["ts"] in [each["ts"] for each in asked]
    assert not [each for each in asked if buttons(each)], "and their buttons are spent"


def test_a_round_runs_from_its_commitment_to_its_result(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "letters", sample="5")
    secret = story.token(stage, "letters")
    [opened] = stage.until_recorded("round.opened", "round/letters/1")
    card = slack.until(lambda: card_of(stage, "Round 1 of letters"))
    assert opened["facts"]["commitment"] in shown(card)

    taken = story.report(stage, secret, [story.output(n, "letters") for n in range(12)])
    again = story.report(stage, secret, [story.output(n, "letters") for n in range(12)])
    assert (taken["accepted"], again["duplicates"]) == (12, 12)
    stage.forward(hours=1)

    [drawn] = stage.until_recorded("round.drawn", "round/letters/1")
    seed = bytes.fromhex(drawn["facts"]["seed"])
    assert hashlib.sha256(seed).hexdigest() == opened["facts"]["commitment"]
    view = slack.press(OWNER, "review", "letters")["view"]
    view = story.answer_pages(slack, OWNER, view, story.all_correct, pages=2)
    slack.post("close", user=OWNER, view_id=view["id"])
    view = slack.press(OWNER, "review", "letters")["view"]
    assert story.about(view) == "letters/1/2", "it goes on where it was closed"
    done = story.answer_pages(slack, OWNER, view, story.first_is(story.MINOR))

    verdicts = stage.entries("verdict.recorded", on="round/letters/1")
    assert sorted(each["facts"]["output"] for each in verdicts) == sorted(drawn["facts"]["drawn"])
    assert "5 of 5 judged, 1 wrong" in shown({"text": "", "blocks": done["blocks"]})
    assert RECORD.search(shown({"text": "", "blocks": done["blocks"]}))
    stage.until_sent()
    result = card_of(stage, "Round 1 of letters")
    assert result["ts"] == card["ts"], "the card is updated in place"
    assert "5 of 5 judged, 1 wrong" in shown(result)
    assert RECORD.search(shown(result))
    asked = [each for each in slack.messages(OWNER) if "ound 1 of letters" in shown(each)]
    assert not [each for each in (result, *asked) if "review" in buttons(each)], "spent"
    stage.until_recorded("obligation.answered", "obligation/review/letters/1")


def test_an_owner_says_what_it_should_have_been(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "mail", sample="2", floor="0")
    story.sampled(stage, "mail", 4)
    view = slack.press(OWNER, "review", "mail")["view"]
    wrong = {"verdict": "corrected", "why": "error"}

    held = slack.submit(OWNER, view, story.page_values(view, wrong))
    names = {block.split(":")[0] for block in held["errors"]}
    assert names == {"severity", "correction"}
    assert not stage.entries("draft.saved", on="round/mail/1")

    full = {**wrong, "severity": "minor", "correction": "It should say “refund”."}
    following = slack.submit(OWNER, view, story.page_values(view, full))["view"]
    story.answer_pages(slack, OWNER, following, story.all_correct)
    kept = [each["facts"] for each in stage.entries("verdict.recorded", on="round/mail/1")]
    assert [each["answer"] for each in kept] == ["corrected", "correct"]
    assert "correction_c" in kept[0], "the words are committed to, not in the entry"


def test_everybody_sees_the_registry_and_each_what_they_owe(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "forms", sample="3")
    story.sampled(stage, "forms", 5)

    assert "forms" in story.told(slack, MEMBER, "list")
    assert "round 1 of forms" in story.told(slack, OWNER, "")
    assert "round 1 of forms its second look" in story.told(slack, BACKUP, "due")
    assert "You owe nothing" in story.told(slack, MEMBER, "due")
    assert "/answerable sample KEY" in story.told(slack, MEMBER, "help")
    sheet = story.told(slack, MEMBER, "show forms")
    assert all(part in sheet for part in ("Routes the messages of forms", OWNER, STEWARD, "5 %"))


def test_an_owner_goes_back_to_an_answer_and_says_it_anew(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "parcels", sample="3", floor="0")
    story.sampled(stage, "parcels", 5)
    view = slack.press(OWNER, "review", "parcels")["view"]
    view = slack.submit(OWNER, view, story.page_values(view, story.CRITICAL))["view"]

    back = slack.press_in(OWNER, view, "review_back")["view"]
    assert (back["id"], story.about(back)) == (view["id"], "parcels/1/0")
    assert back["submit"]["text"] == "Save"
    kept = story.page_values(back, {})
    view = slack.submit(OWNER, back, kept)["view"]
    assert story.about(view) == "parcels/1/1", "what was answered is what is filled in"
    assert len(stage.entries("draft.saved", on="round/parcels/1")) == 1, "nothing was said anew"

    back = slack.press_in(OWNER, view, "review_back")["view"]
    view = slack.submit(OWNER, back, story.page_values(back, story.MINOR))["view"]
    story.answer_pages(slack, OWNER, view, story.all_correct)
    judged = stage.entries("verdict.recorded", on="round/parcels/1")
    assert [each["facts"].get("severity") for each in judged].count("minor") == 1
    assert not stage.entries("breach.opened", on="breach/parcels/1")


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
