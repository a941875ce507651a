"""A backup is put in the record's place and numbers come again: cards of before stand in Slack."""

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import ADMIN, BACKUP, OWNER, Json

KEY = "claims"


@dataclass(frozen=True)
class Lost:
    """A stage whose record was put back, and what people still have before them of the other."""

    stage: Stage
    kept: Json
    request: Json
    breach: Json
    window: Json


@pytest.fixture(scope="module")
def lost(stage: Stage) -> Lost:
    slack = stage.slack
    story.live(stage, KEY, sample="6")
    story.sampled(stage, KEY, 8)
    kept = slack.message_with("review", KEY, user=OWNER)
    stage.until_sent()
    backup = stage.folder / "backup.db"
    with contextlib.closing(sqlite3.connect(stage.database)) as database:
        database.execute("VACUUM INTO ?", (str(backup),))
    _change(stage, sample="5")
    window = _form(stage, ADMIN)
    story.review(slack, KEY, story.first_is(story.CRITICAL))
    request = slack.message_with("confirm", KEY, user=BACKUP)
    breach = slack.message_with("acknowledge", "Breach 1", user=OWNER)
    stage.until_sent()
    _put_back(stage, backup)
    return Lost(stage, kept, request, breach, window)


def _change(stage: Stage, **changed: str) -> None:
    form = _form(stage, OWNER)
    places = {
        each["element"]["action_id"]: each["block_id"]
        for each in form["blocks"]
        if each["type"] == "input"
    }
    filled = {places[name]: value for name, value in {"reason": "less", **changed}.items()}
    assert not stage.slack.submit(OWNER, form, filled)["errors"]


def _form(stage: Stage, user: str) -> Json:
    form: Json = stage.slack.command(user, f"register {KEY}")["view"]
    return form


def _put_back(stage: Stage, backup: Path) -> None:
    assert stage.bot
    assert stage.bot.stop(patience=30) == 0
    for extra in ("", "-wal", "-shm"):
        Path(f"{stage.database}{extra}").unlink(missing_ok=True)
    shutil.copyfile(backup, stage.database)
    stage.database.chmod(0o600)
    stage.serve()
    stage.until_sent()


def _is_told_of_the_loss(lost: Lost, user: str) -> None:
    told = lost.stage.slack.until_told(user, "what it rests on is lost")
    assert "`/answerable due` shows what is owed" in str(told)


def test_i4_a_lost_request_confirms_nothing_of_the_one_that_has_its_number(lost: Lost) -> None:
    stage, slack = lost.stage, lost.stage.slack
    _change(stage, limit="50")
    asked = stage.entries("change.requested", on=f"change/{KEY}/1")
    assert len(asked) == 1, "it has the number that the lost one had"

    slack.click(BACKUP, lost.request, "confirm")
    _is_told_of_the_loss(lost, BACKUP)
    slack.click(BACKUP, lost.request, "decline_request")
    stage.until_sent()
    assert not stage.entries("policy.changed", "change.confirmed", "change.declined")[1:]
    refused = [each["facts"]["rule"] for each in stage.entries("refused")]
    assert refused == ["card of a lost record"], "and what they tried is on record"

    fresh = [each for each in slack.messages(BACKUP) if "50 %" in str(each["blocks"])][-1]
    slack.click(BACKUP, fresh, "confirm")
    [confirmed] = stage.until_recorded("change.confirmed", on=f"change/{KEY}/1")
    assert confirmed["prior"] == asked[0]["seq"]


def test_i4_a_card_that_the_backup_knew_is_answered_as_ever(lost: Lost) -> None:
    view = lost.stage.slack.click(OWNER, lost.kept, "review", stale=True)["view"]
    story.answer_pages(lost.stage.slack, OWNER, view, story.first_is(story.CRITICAL))
    [opened] = lost.stage.until_recorded("breach.opened")
    assert opened["facts"]["breach"] == 1


def test_i4_a_lost_breach_acknowledges_none_that_has_its_number(lost: Lost) -> None:
    stage, slack = lost.stage, lost.stage.slack
    slack.click(OWNER, lost.breach, "acknowledge")
    _is_told_of_the_loss(lost, OWNER)
    assert not stage.entries("breach.acknowledged")

    stage.until_sent()
    slack.press(OWNER, "acknowledge", "Breach 1")
    assert len(stage.until_recorded("breach.acknowledged")) == 1


def test_i4_a_window_of_the_lost_record_says_so_and_hands_nothing_in(lost: Lost) -> None:
    before = len(lost.stage.entries("change.requested", "policy.changed"))
    places = {
        each["element"]["action_id"]: each["block_id"]
        for each in lost.window["blocks"]
        if each["type"] == "input"
    }
    said = lost.stage.slack.submit(ADMIN, lost.window, {places["reason"]: "less"})["errors"]
    assert "what it rests on is lost" in str(said)
    assert len(lost.stage.entries("change.requested", "policy.changed")) == before
