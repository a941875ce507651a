"""A policy is changed: stricter by one person, weaker by two; the next round runs under it."""

from typing import Any

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    ADMIN,
    BACKUP,
    CHANNEL,
    MEMBER,
    OWNER,
    STEWARD,
    Json,
    buttons,
    shown,
)


def change_form(stage: Stage, key: str, by: str = OWNER) -> Json:
    view: Json = stage.slack.command(by, f"register {key}")["view"]
    assert view["callback_id"] == "change"
    return view


def change(stage: Stage, form: Json, by: str = OWNER, **values: str | list[str]) -> Json:
    filled_in: dict[str, Any] = {"reason": "The season has begun.", **values}
    return stage.slack.submit(by, form, filled_in)


def test_the_owner_asks_for_a_looser_limit_and_the_backup_confirms(stage: Stage) -> None:
    slack = stage.slack
    story.live(stage, "claims", limit="2", sample="4")

    done = change(stage, change_form(stage, "claims"), limit="5", sample="6")
    assert "tolerates 5 % instead of 2 % errors" in shown({"text": "", **done["view"]})
    assert "version 1" in story.told(slack, OWNER, "show claims")
    card = slack.message_with("confirm", "claims", channel=CHANNEL)
    assert "The season has begun." in shown(card)
    assert "Tolerable error rate: `2 %` → `5 %`" in shown(card)
    assert "Outputs to review in a round: `4` → `6`" in shown(card)

    slack.click(OWNER, card, "confirm", channel=CHANNEL)
    slack.until_told(OWNER, "second person")
    slack.click(MEMBER, card, "confirm", channel=CHANNEL)
    slack.until_told(MEMBER, "You cannot")

    slack.press(BACKUP, "confirm", "claims")
    stage.until_recorded("change.confirmed", "change/claims/1")
    stage.until_sent()
    assert "version 2" in story.told(slack, STEWARD, "show claims")
    about = [*slack.messages(), *slack.messages(BACKUP)]
    assert not [each for each in about if "confirm" in buttons(each)], "the buttons are spent"
    slack.click(STEWARD, card, "confirm", channel=CHANNEL, stale=True)
    slack.until_told(STEWARD, "It was confirmed")

    story.sampled(stage, "claims", 12)
    story.sampled(stage, "claims", 12)
    drawn = stage.entries("round.drawn")
    assert [(each["policy"], each["facts"]["sample"]) for each in drawn] == [(1, 4), (2, 6)]
    rules = [each["facts"]["rule"] for each in stage.entries("refused", on="change/claims/1")]
    assert rules[0] == "may not confirm own request"


def test_what_is_stricter_is_in_force_at_once(stage: Stage) -> None:
    story.live(stage, "letters")

    done = change(
        stage, change_form(stage, "letters", ADMIN), ADMIN, limit="2", cadence="daily 9am"
    )

    assert "Version 2 of the policy of letters is in force" in str(done["view"])
    assert "Round 1, which is open, keeps" in str(done["view"])
    stage.until_sent()
    assert any("`every Monday at 09:00` → `every day at 09:00`" in shown(each)
               for each in stage.slack.messages())  # fmt: skip


def test_a_form_that_is_out_of_date_or_changes_nothing_says_so(stage: Stage) -> None:
    story.live(stage, "mail")
    mine, theirs = change_form(stage, "mail"), change_form(stage, "mail", ADMIN)
    assert "Nothing is changed" in str(change(stage, mine)["errors"])
    assert change(stage, theirs, ADMIN, sample="30")["errors"] is None

    late = change(stage, mine, sample="40")

    assert "Version 2 of the policy of mail is in force by now" in str(late["errors"])
    assert [each["facts"]["sample"] for each in stage.entries("policy.changed")][-1] == 30


def test_others_are_not_shown_the_form(stage: Stage) -> None:
    assert "the owner or an admin" in story.told(stage.slack, MEMBER, "register mail")


def test_tightening_a_policy_has_somewhere_to_go(stage: Stage) -> None:
    story.live(stage, "forms", sample="4")
    story.sampled(stage, "forms", 6)
    story.review(stage.slack, "ound 1 of forms", story.first_is(story.CRITICAL))
    stage.slack.press(OWNER, "acknowledge", "Breach 1 of forms")

    done = story.decide(stage.slack, "Breach 1 of forms", "tighten", STEWARD)

    assert "/answerable register forms" in str(done["view"])


@pytest.mark.parametrize("hostile", ["<!channel>", "*always* <@U0DANA>"])
def test_i11_what_is_no_cadence_is_said_back_harmlessly(stage: Stage, hostile: str) -> None:
    story.live(stage, f"h{len(hostile)}")
    done = change(stage, change_form(stage, f"h{len(hostile)}"), cadence=hostile)
    assert "is not understood" in str(done["errors"])


def test_nothing_was_wrong_with_what_the_bot_said(stage: Stage) -> None:
    stage.until_sent()
    assert stage.complaints() == []
    stage.exported()


def test_fewer_whys_that_count_as_errors_take_a_second_person_and_more_do_not(
    stage: Stage,
) -> None:
    slack = stage.slack
    story.live(stage, "whys", sample="4")
    none = change(stage, change_form(stage, "whys"), error_whys="")
    assert none["errors"].keys() == {"error_whys"}
    more = change(stage, change_form(stage, "whys"), error_whys=["error", "policy", "unusable"])
    assert "in force" in shown({"text": "", **more["view"]})
    fewer = change(stage, change_form(stage, "whys"), error_whys=["error", "policy"])
    assert "counts “unusable” no longer as errors" in shown({"text": "", **fewer["view"]})
    slack.press(BACKUP, "confirm", "whys")
    stage.until_recorded("change.confirmed", "change/whys/1")
    [_, second, third] = stage.entries("policy.changed", on="workflow/whys")
    assert second["facts"]["error_whys"] == ["error", "policy", "unusable"]
    assert (third["facts"]["error_whys"], third["facts"]["weakens"]) == (
        ["error", "policy"],
        ["error_whys"],
    )
