"""Somebody beside a workflow sees it go wrong and says so; its owner answers, and they are told."""

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    CHANNEL,
    DEACTIVATED,
    GUEST,
    MEMBER,
    OWNER,
    STEWARD,
    Json,
    buttons,
    shown,
)

KEY = "claims"
HOSTILE = "Dear <!channel>, *click* <https://evil.example|here>: your claim is void & closed"
AS_SLACK_SENDS_IT = HOSTILE.replace("&", "&amp;")


def field(view: Json, name: str) -> Json:
    [element] = [b["element"] for b in view["blocks"] if b["block_id"] == name]
    return dict(element)


def card(stage: Stage, number: int) -> Json:
    stage.until_sent()
    title = f"Breach {number} of {KEY}"
    [found] = [each for each in stage.slack.messages() if each["text"].startswith(title)]
    return found


def notices(stage: Stage) -> list[Json]:
    stage.until_sent()
    mine = stage.slack.messages(MEMBER)
    return [each for each in mine if each["text"].startswith("Your concern")]


def words_of(view: Json) -> str:
    return shown({"text": "", "blocks": view["blocks"]})


def test_somebody_outside_a_workflow_raises_a_concern_by_command(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY)
    form = slack.command(MEMBER, f"concern {KEY}")["view"]
    assert field(form, "workflow")["initial_option"]["value"] == KEY
    held = slack.submit(MEMBER, form, {"words": "  ", "severity": "major"})
    assert held["errors"].keys() == {"words"}

    said = "It tells people that their claim is void."
    done = slack.submit(MEMBER, form, {"words": said, "severity": "major"})

    assert "breach 1 of claims" in words_of(done["view"])
    [concern] = stage.until_recorded("concern.raised", f"concern/{KEY}/1")
    [breach] = stage.entries("breach.opened", on=f"breach/{KEY}/1")
    assert breach["prior"] == concern["seq"]
    assert said not in str(concern)
    there = card(stage, 1)
    assert buttons(there) == ["acknowledge", "pause"]
    assert said in shown(there)
    [detail] = [each for each in there["blocks"] if each["block_id"] == "detail"]
    assert detail["text"]["text"] == f"<@{MEMBER}> raised it, as major."
    assert notices(stage) == []


def test_the_same_words_again_are_told_to_be_there_already(stage: Stage) -> None:
    slack = stage.slack
    form = slack.command(MEMBER, "concern")["view"]
    assert "initial_option" not in field(form, "workflow")
    again = {"words": "It tells people that their claim is void.", "severity": "minor"}
    done = slack.submit(MEMBER, form, {"workflow": KEY, **again})
    assert "You raised this before: it is breach 1 of claims, and stays" in words_of(done["view"])
    assert len(stage.entries("concern.raised")) == 1


def test_another_is_raised_from_a_message_without_a_name(stage: Stage) -> None:
    slack = stage.slack
    said = f"{AS_SLACK_SENDS_IT} says <@{OWNER}>"
    posted = slack.post("say", user=STEWARD, channel=CHANNEL, text=said)
    form = slack.shortcut(MEMBER, posted, "raise_concern")["view"]

    typed = field(form, "words")["initial_value"]
    assert typed == f"{HOSTILE} says @Dana Okafor"
    assert "a message of Priya Raman" in words_of(form)
    values = {"workflow": KEY, "words": typed, "severity": "critical", "shown": ""}
    done = slack.submit(MEMBER, form, values)

    assert "breach 2 of claims" in words_of(done["view"])
    [concern] = stage.until_recorded("concern.raised", f"concern/{KEY}/2")
    assert concern["facts"]["named"] is False
    there = card(stage, 2)
    assert "Somebody in this workspace raised it" in shown(there)
    assert "This breach is *critical*." in shown(there)
    assert MEMBER not in shown(there)
    assert "Priya" not in shown(there), "who wrote it tells of who raised it"
    holding = [each["type"] for each in there["blocks"] if "evil.example" in str(each)]
    assert holding == ["rich_text"], "what was typed is nowhere read as markup"
    assert "evil.example" not in there["text"]


def test_the_owner_answers_and_whoever_raised_it_is_told(stage: Stage) -> None:
    slack = stage.slack
    slack.press(OWNER, "acknowledge", f"Breach 1 of {KEY}")
    stage.until_recorded("breach.acknowledged", f"breach/{KEY}/1")
    [told] = notices(stage)
    assert f"<@{OWNER}> took it on" in shown(told)
    assert "still to be decided" in shown(told)

    done = story.decide(slack, f"Breach 1 of {KEY}", "continue")

    assert done["errors"] is None
    stage.until_recorded("breach.closed", f"breach/{KEY}/1")
    [updated] = notices(stage)
    assert updated["ts"] == told["ts"]
    assert all(part in shown(updated) for part in ("decided", "Because of continue.", "closed"))


def test_the_critical_one_is_the_stewards(stage: Stage) -> None:
    slack = stage.slack
    slack.press(OWNER, "acknowledge", f"Breach 2 of {KEY}")
    stage.until_recorded("breach.acknowledged", f"breach/{KEY}/2")
    refused = slack.press(OWNER, "decide", f"Breach 2 of {KEY}", channel=CHANNEL)
    assert refused["view"] is None
    slack.until_told(OWNER, "the steward")
    done = story.decide(slack, f"Breach 2 of {KEY}", "pause", STEWARD)
    assert done["errors"] is None
    stage.until_recorded("breach.closed", f"breach/{KEY}/2")
    assert len(notices(stage)) == 2, "each concern has its own message"


def test_i4_outsiders_of_the_workspace_raise_none(stage: Stage) -> None:
    slack = stage.slack
    posted = slack.post("say", user=OWNER, channel=CHANNEL, text="It is wrong.")
    done = slack.shortcut(GUEST, posted, "raise_concern")
    assert done["view"] is None
    slack.until_told(GUEST, "Guests of this workspace")
    assert "Guests of this workspace" in story.told(slack, GUEST, "concern")
    refused = slack.command(DEACTIVATED, "concern", force=True)
    assert "This account is deactivated" in str(refused["ephemeral"])
    assert "There is no workflow" in story.told(slack, MEMBER, "concern nothing")
    assert len(stage.entries("concern.raised")) == 2


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
