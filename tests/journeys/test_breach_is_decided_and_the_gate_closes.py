"""A breach is acknowledged, decided with a reason and carried out; the pipeline is told at once."""

from datetime import UTC, datetime, timedelta

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import BACKUP, CHANNEL, OWNER, STEWARD, Json, buttons, shown


def breach_card(stage: Stage, key: str, number: int = 1) -> Json:
    """Give the one message of the channel about a breach, once nothing more is to be said."""
    stage.until_sent()
    title = f"Breach {number} of {key}"
    [card] = [each for each in stage.slack.messages() if each["text"].startswith(title)]
    return card


def critical(stage: Stage, key: str) -> None:
    """Have a round of this workflow judged, one of its outputs critical."""
    story.live(stage, key, sample="4")
    story.sampled(stage, key, 6)
    story.review(stage.slack, key, story.first_is(story.CRITICAL))
    stage.until_recorded("breach.opened", f"breach/{key}/1")


def test_a_critical_verdict_is_decided_by_the_steward_and_stops_the_pipeline(stage: Stage) -> None:
    slack = stage.slack
    critical(stage, "claims")
    secret = story.token(stage, "claims")
    assert buttons(breach_card(stage, "claims")) == ["acknowledge", "see_outputs", "pause"]
    flag = story.gate(stage, secret, "claims")
    assert (flag["value"], flag["variant"], flag["reason"]) == (True, "run", "STATIC")

    slack.press(OWNER, "acknowledge", "claims")
    stage.until_recorded("breach.acknowledged", "breach/claims/1")
    assert buttons(breach_card(stage, "claims")) == ["decide", "see_outputs", "pause"]
    refused = slack.press(OWNER, "decide", "claims", channel=CHANNEL)
    assert refused["view"] is None, "a critical breach is the steward's to decide"
    slack.until_told(OWNER, "the steward")
    form = slack.press(STEWARD, "decide", "claims")["view"]
    page = slack.press_in(STEWARD, form, "see_outputs")["view"]
    assert page["previous_view_id"] == form["id"], "what was typed in the form stays beneath"
    read = shown({"text": "", "blocks": page["blocks"]})
    assert all(part in read for part in ("critical", f"judged by <@{OWNER}>", "Output"))
    slack.post("close", user=STEWARD, view_id=page["id"])
    done = story.decide(slack, "claims", "pause", STEWARD)

    assert "recorded" in shown({"text": "", "blocks": done["view"]["blocks"]})
    flag = story.gate(stage, secret, "claims")
    assert (flag["value"], flag["variant"]) == (False, "paused"), "in the very next answer"
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused"
    card = breach_card(stage, "claims")
    assert buttons(card) == ["see_outputs"]
    assert all(part in shown(card) for part in ("decided", "pause", "Because of pause.", STEWARD))
    kinds = ("breach.acknowledged", "decision.recorded", "decision.carried_out", "breach.closed")
    assert [each["kind"] for each in stage.entries(*kinds, on="breach/claims/1")] == list(kinds)


def test_outputs_after_the_pause_are_a_breach_of_their_own(stage: Stage) -> None:
    secret = story.token(stage, "claims")
    stage.forward(minutes=10)
    later = (datetime(2026, 6, 1, 8, tzinfo=UTC) + timedelta(minutes=5)).isoformat()
    late = [story.output(n, "claims", produced_at=later) for n in (100, 101)]

    taken = story.report(stage, secret, late)
    assert taken["accepted"] == 2, "what happened is taken in, and answered for"
    [breach] = stage.until_recorded("breach.opened", "breach/claims/2")
    assert breach["facts"]["cause"] == "pause not honoured"
    assert breach["facts"]["outputs"] == 2


def test_work_that_was_decided_is_reported_as_carried_out(stage: Stage) -> None:
    slack = stage.slack
    slack.press(BACKUP, "acknowledge", "Breach 2 of claims", channel=CHANNEL)
    stage.until_recorded("breach.acknowledged", "breach/claims/2")
    done = story.decide(slack, "Breach 2 of claims", "retrain", OWNER)
    assert done["errors"] is None

    assert buttons(breach_card(stage, "claims", 2)) == ["carry_out"]
    form = slack.press(OWNER, "carry_out", "Breach 2 of claims")["view"]
    held = slack.submit(OWNER, form, {"evidence": " "})
    assert held["errors"].keys() == {"evidence"}
    slack.submit(OWNER, form, {"evidence": "https://tickets.example/CLAIMS-7"})

    stage.until_recorded("breach.closed", "breach/claims/2")
    [carried] = stage.entries("decision.carried_out", on="breach/claims/2")
    assert carried["facts"]["by_bot"] is False
    card = breach_card(stage, "claims", 2)
    assert buttons(card) == []
    assert "CLAIMS-7" in shown(card)


def test_a_pipeline_that_falls_silent_is_a_breach(stage: Stage) -> None:
    story.live(stage, "letters")
    stage.forward(days=7)

    [breach] = stage.until_recorded("breach.opened", "breach/letters/1")
    assert breach["facts"]["cause"] == "no outputs reported"
    assert breach["facts"]["population"] == 0
    [drawn] = stage.entries("round.drawn", on="round/letters/1")
    assert drawn["facts"]["drawn"] == []


def test_one_person_pauses_at_once_from_the_card_and_from_the_console(stage: Stage) -> None:
    slack = stage.slack
    critical(stage, "mail")
    form = slack.press(BACKUP, "pause", "Breach 1 of mail", channel=CHANNEL)["view"]
    slack.submit(BACKUP, form, {"reason": "I do not like what I see."})
    secret = story.token(stage, "mail", "gate:read")
    assert story.gate(stage, secret, "mail.mode")["value"] == "paused"
    card = breach_card(stage, "mail")
    assert buttons(card) == ["acknowledge", "see_outputs"], "it is paused already"

    story.live(stage, "forms")
    secret = story.token(stage, "forms", "gate:read")
    done = stage.console("pause", "forms", "--reason", "Slack is down.")
    assert done.returncode == 0, done.stderr
    stage.slack.until(lambda: story.gate(stage, secret, "forms.mode")["value"] == "paused")


def test_a_retired_workflow_owes_nothing_more(stage: Stage) -> None:
    slack = stage.slack
    slack.press(OWNER, "acknowledge", "mail")
    done = story.decide(slack, "Breach 1 of mail", "retire", STEWARD)
    assert done["errors"] is None
    secret = story.token(stage, "mail", "gate:read")
    flag = story.gate(stage, secret, "mail")
    assert (flag["value"], flag["reason"], flag["variant"]) == (False, "DISABLED", "retired")
    query = "select id from obligation where state = 'open' and workflow = 'mail'"
    assert stage.rows(query) == []


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()
