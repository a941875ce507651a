"""The demo's guide, taken with the real bot behind it in the ways that people take it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from sandbox.player import Player
from tests.stage import Stage, staged
from tests.workspace import AUDITOR, BACKUP, CHANNEL, MEMBER, STEWARD, TECHNICAL_OWNER, Json

KEY: Final = "mail-sorter"
OWNER: Final = MEMBER  # not the one whom the guide proposes
GUIDE: Final = Path("sandbox/samples/guide.json")
CORRECT: Final = {"verdict": "correct"}
CRITICAL: Final = {"verdict": "wrong", "why": "error", "severity": "critical"}
MINOR: Final = {"verdict": "wrong", "why": "error", "severity": "minor"}


class Visitor:
    """Somebody who takes the guide, playing everybody, and reads what it says."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.page = Player(stage.slack.url)

    def guide(self) -> Json:
        return dict(self.page.world()["guide"])

    def says(self) -> str:
        return json.dumps(self.guide(), ensure_ascii=False)

    def part(self, part_id: str) -> Json | None:
        """Give a part of the last step, if it is there."""
        parts = self.guide()["steps"][-1]["parts"]
        return next((each for each in parts if each["id"] == part_id), None)

    def text_of(self, part_id: str) -> str:
        return " ".join(each["text"] + each["type"] for each in (self.part(part_id) or {})["how"])

    def until_next(self, wanted: str) -> None:
        """Wait until this part of the last step is what the guide asks for next."""

        def look() -> bool | None:
            return bool((self.part(wanted) or {}).get("is_next")) or None

        self.page.wait_for(look, f"{wanted} to be next")

    def until_done(self, part_id: str) -> None:
        self.page.wait_for(lambda: (self.part(part_id) or {})["is_done"] or None, f"{part_id} done")

    def press(self, user: str, action_id: str, *words: str) -> Json:
        """Press a button in the newest message to this person, or in the channel, that has it."""

        def look() -> tuple[Json, str] | None:
            for channel in ("", CHANNEL):
                where = {"channel": channel} if channel else {"user": user}
                for each in reversed(self.page.messages(**where)):
                    said = json.dumps(each)
                    if f'"{action_id}"' in said and all(word in said for word in words):
                        return each, channel
            return None

        message, channel = self.page.wait_for(look, f"a button {action_id} for {user}")
        return self.page.press(user, message, action_id, channel=channel)

    def register(self) -> None:
        form = self.page.command(OWNER, CHANNEL, "register")["view"]
        people = {"backup": STEWARD, "steward": BACKUP, "technical_owner": TECHNICAL_OWNER}
        done = self.page.submit(OWNER, form, {"key": KEY, "purpose": "Sorts mail.", **people})
        assert done["errors"] is None, done
        self.page.close(OWNER, done["view"])
        self.press(OWNER, "accept", KEY)

    def report_and_draw(self) -> None:
        turn = self.page.logged()
        rows = (
            {
                "workflow": KEY,
                "output_id": f"{turn}-{number}",
                "produced_at": self.page.world()["clock"]["iso"],
                "text": f"Text {turn} {number}",
            }
            for number in range(8)
        )
        lines = self.stage.folder / "outputs.jsonl"
        lines.write_text("\n".join(map(json.dumps, rows)) + "\n")
        done = self.stage.console("import", "--workflow", KEY, str(lines))
        assert done.returncode == 0, done.stderr
        self.page.command(OWNER, CHANNEL, f"sample {KEY}")

    def answer(self, number: int, user: str = OWNER, button: str = "review", **first: str) -> None:
        """Judge a round: the first output so, every other one correct."""
        view = self.press(user, button, f"ound {number}", KEY)["view"]
        judged = dict(first)
        while view and view["submit"] and " of " in view["title"]["text"]:
            place = view["private_metadata"].rpartition("/")[2]
            values = {f"{name}:{place}": value for name, value in (judged or CORRECT).items()}
            done = self.page.submit(user, view, values)
            assert done["errors"] is None, done
            view, judged = done["view"], {}
        self.page.close(user, view)

    def decide(self, decision: str, by: str) -> None:
        self.press(OWNER, "acknowledge", KEY)
        self.until_next("decided")
        form = self.press(by, "decide", KEY)["view"]
        done = self.page.submit(by, form, {"decision": decision, "reason": "It did harm."})
        assert done["errors"] is None, done
        self.page.close(by, done["view"])
        self.until_done("decided")

    def export(self) -> Json:
        """Have the record sent, and give its file."""
        before = len(self.page.files())
        self.page.command(AUDITOR, CHANNEL, "export")

        def look() -> Json | None:
            files = [each for each in self.page.files()[before:] if each["complete"]]
            return files[0] if files else None

        return self.page.wait_for(look, "the record as a file")

    def open(self, file: Json) -> None:
        self.stage.slack.http.get(f"/sandbox/files/{file['id']}").raise_for_status()


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """A visitor whose workflow is registered, accepted, and has a round to answer."""
    with staged(tmp_path) as stage:
        stage.serve()
        guide = json.loads(GUIDE.read_text())
        stage.slack.post("guide", **guide, deeds=["report"])
        taken = Visitor(stage)
        taken.register()
        taken.report_and_draw()
        yield taken


def test_the_guide_names_the_people_of_the_workflow_that_was_registered(visitor: Visitor) -> None:
    visitor.answer(1, **CRITICAL)
    visitor.until_next("acknowledge")
    assert visitor.text_of("acknowledge").startswith("As Kenji Mori, press")
    assert "Ben Lindqvist if it is critical, Kenji Mori" in visitor.text_of("decided")
    assert visitor.text_of("look").startswith("Priya Raman owes a second look")
    assert "Dana" not in visitor.says()
    steps = visitor.guide()["steps"]
    assert "As Kenji Mori" in steps[2]["how"][4]["text"]
    assert "As Kenji Mori" in steps[3]["how"][0]["text"]


def test_the_guide_has_a_way_on_where_nothing_was_critical(visitor: Visitor) -> None:
    assert visitor.part("breach") is None, "nothing is judged yet"
    visitor.answer(1, **MINOR)
    visitor.until_next("breach")
    said = visitor.text_of("breach")
    assert "Nothing was judged critical, so there is no breach" in said
    assert "Report eight more outputs" in said
    assert f"/answerable sample {KEY}" in said
    visitor.report_and_draw()
    visitor.answer(2, **CRITICAL)
    visitor.until_next("acknowledge")
    visitor.decide("continue", by=BACKUP)
    visitor.until_next("export")
    visitor.open(visitor.export())
    assert visitor.guide()["steps"][-1]["is_done"]


def test_a_concern_is_a_way_on_too(visitor: Visitor) -> None:
    visitor.answer(1, **CORRECT)
    visitor.until_next("breach")
    form = visitor.page.command(BACKUP, CHANNEL, f"concern {KEY}")["view"]
    done = visitor.page.submit(BACKUP, form, {"words": "It is rude.", "severity": "minor"})
    assert done["errors"] is None, done
    visitor.page.close(BACKUP, done["view"])
    visitor.until_next("acknowledge")
    visitor.decide("continue", by=OWNER)
    visitor.until_next("export")


def test_only_a_record_with_the_decision_in_it_is_taken_home(visitor: Visitor) -> None:
    again = "Export again: the decision is not in that file yet."
    visitor.answer(1, **CRITICAL)
    visitor.until_next("acknowledge")
    early = visitor.export()
    visitor.open(early)
    assert not (visitor.part("export") or {})["is_done"]
    assert again not in visitor.text_of("export"), "there is no decision yet"
    visitor.decide("pause", by=BACKUP)
    assert visitor.text_of("export").startswith(again)
    visitor.open(early)
    assert not (visitor.part("export") or {})["is_done"]
    late = visitor.export()
    assert late["name"] != early["name"], "a folder of downloads tells them apart"
    assert again not in visitor.text_of("export")
    visitor.open(early)
    assert not (visitor.part("export") or {})["is_done"], "it is an earlier one"
    visitor.open(late)
    visitor.until_done("export")
    assert f"answerable verify {late['name']} --key" in visitor.says()


def test_what_is_paused_is_resumed_by_two_before_the_guide_is_through(visitor: Visitor) -> None:
    visitor.answer(1, **CRITICAL)
    visitor.until_next("acknowledge")
    assert visitor.part("resume") is None, "nothing is paused"
    visitor.decide("pause", by=BACKUP)
    visitor.until_next("resume")
    assert "As Kenji Mori, ask for it" in visitor.text_of("resume")
    assert "“Confirm” as Priya Raman" in visitor.text_of("resume")
    form = visitor.page.command(OWNER, CHANNEL, f"resume {KEY}")["view"]
    visitor.page.close(OWNER, visitor.page.submit(OWNER, form, {"reason": "Mended."})["view"])
    visitor.press(STEWARD, "confirm", KEY)
    visitor.until_next("export")
    assert not (visitor.part("look") or {})["is_done"]
    visitor.answer(1, STEWARD, "second_review")
    visitor.until_done("look")
    visitor.open(visitor.export())
    assert [each["is_done"] for each in visitor.guide()["steps"]] == [True] * 5
