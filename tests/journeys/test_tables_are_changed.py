"""Tables that somebody changes under a running bot: it says which, and what to do."""

import json
import time
from collections import Counter

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import OWNER, until


def test_tables_that_are_changed_under_a_bot_are_told_in_one_line(stage: Stage) -> None:
    story.register(stage.slack, "claims")
    stage.until_sent()
    stage.change("ALTER TABLE workflow RENAME COLUMN backup TO deputy")

    until(lambda: stage.http.get("/readyz").status_code == 503, lambda: time.sleep(0.02))
    odd = "another version's: not the same are workflow.backup, workflow.deputy. Undo"
    ready = stage.http.get("/readyz").json()
    assert ready["checks"]["database"] is False
    assert ready["detail"] == (
        "Not ready: database (its tables are another version's: run `answerable doctor`)."
    ), "nobody has to show a token here: no place of the database"
    looked = stage.console("doctor", "--json")
    found = {each["check"]: each for each in json.loads(looked.stdout)}
    assert (looked.returncode, odd in found["database"]["advice"]) == (1, True)
    form = stage.slack.command(OWNER, "list")
    assert "tell whoever runs this bot" in form["ephemeral"]
    said = stage.folder / "bot.stderr"

    def since_tick() -> float:
        told = stage.http.get("/metrics").text.partition("\nanswerable_tick_age_seconds ")[2]
        return float(told.partition("\n")[0])

    until(lambda: since_tick() > 3, lambda: time.sleep(0.1))
    stage.change("ALTER TABLE workflow RENAME COLUMN deputy TO backup")
    until(lambda: stage.http.get("/readyz").status_code == 200, lambda: time.sleep(0.02))
    assert "Traceback" not in said.read_text()
    told = "(no such column: workflow.backup): `answerable doctor` says which"
    lines = [json.loads(line) for line in said.read_text().splitlines() if told in line]
    events = Counter(each["event"] for each in lines)
    assert events.pop("nothing is recorded") <= 2, "one of the clock, one of whoever acted"
    assert set(events) <= {"homes postponed", "roll call postponed", "not ready"}
    assert set(events.values()) <= {1}, "once each, however many seconds it lasts"
