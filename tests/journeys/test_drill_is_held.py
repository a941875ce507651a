"""A stop is tried: the pipeline asks and is timed; if none does, the gate goes back as well."""

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import BACKUP, CHANNEL, OWNER, Json, buttons, shown

KEY = "drilled"


def asked(stage: Stage) -> Json:
    """Wait until the owner is asked for a drill that can be started."""
    return stage.slack.message_with("drill", KEY, user=OWNER)


def start(stage: Stage) -> None:
    form = stage.slack.click(OWNER, asked(stage), "drill")["view"]
    assert "goes back by itself" in str(form["blocks"])
    done = stage.slack.submit(OWNER, form, {"remark": "Before the holidays."})
    assert "Drill started" in str(done["view"]["title"]), done


def told(stage: Stage, words: str) -> Json:
    """Wait until the owner's direct message about the drill says this."""

    def look() -> Json | None:
        titles = (f"A stop of {KEY} is to be tried", f"Drill 1 of {KEY} is done")
        messages = stage.slack.messages(OWNER)
        found = [each for each in messages if any(title in shown(each) for title in titles)]
        return found[-1] if found and words in shown(found[-1]) else None

    return stage.slack.until(look)


def test_a_drill_is_held_by_a_pipeline_that_asks_and_owed_if_none_does(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, KEY)
    secret = story.token(stage, KEY, "gate:read")
    stage.forward(days=90)
    stage.until_recorded("obligation.opened", f"obligation/drill/{KEY}/1")

    start(stage)
    told(stage, "A drill is under way")
    stage.forward(minutes=15)
    stage.until_recorded("drill.ended", f"try/{KEY}/1")
    assert "drill" in buttons(told(stage, "no pipeline asked"))
    assert story.gate(stage, secret, f"{KEY}.mode")["value"] == "run"
    assert not stage.entries("obligation.answered", on=f"obligation/drill/{KEY}/1")

    slack.click(BACKUP, slack.message_with("drill", KEY, channel=CHANNEL), "drill", channel=CHANNEL)
    slack.until_told(BACKUP, "that takes the owner")
    start(stage)
    stage.bot.stop()  # type: ignore[union-attr] # it serves: the fixture waited for that
    stage.serve()
    stage.forward(seconds=42)
    stage.until_heard()
    assert story.gate(stage, secret, f"{KEY}.mode")["value"] == "paused"

    measured = stage.until_recorded("drill.measured", f"try/{KEY}/2")[0]
    assert measured["facts"]["milliseconds"] == 42_000
    stage.slack.until(lambda: story.gate(stage, secret, KEY)["value"] is True)
    done = told(stage, "42.000 seconds")
    assert buttons(done) == []
    assert "seconds of the sandbox's clock" in shown(done)
    assert stage.entries("obligation.answered", on=f"obligation/drill/{KEY}/1")


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    # The bot that was stopped has left its connection: the sandbox says so.
    assert [each for each in stage.complaints() if "'type': 'closed'" not in each] == []
    stage.exported()
