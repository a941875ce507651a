"""The guide that the page shows once the story is told: from here on it is the visitor's own."""

import json
import shlex
from pathlib import Path
from typing import Final

from sandbox.demo.children import beside
from sandbox.demo.stage import Stage
from sandbox.demo.visit import console, export_lines
from sandbox.wire import Json

GUIDE: Final = beside("samples", "guide.json")
OUTPUTS: Final = beside("samples", "guide_outputs.jsonl")
KEY: Final = "my-triage"


def offer_guide(stage: Stage) -> None:
    """Show the first steps in the page, with a line for a terminal that works on this machine."""
    steps: Json = json.loads(GUIDE.read_text("utf-8"))
    line = f"sh {shlex.quote(str(_pipeline(stage)))}"
    for hint in (each for step in steps["steps"] for each in step["how"] if "run" in each):
        hint["run"] = line
    stage.player.show_guide(steps)


def _pipeline(stage: Stage) -> Path:
    """Give a script that reports the guide's outputs; it goes when the demo ends."""
    script = Path(stage.environment["ANSWERABLE_SIGNING_KEY_FILE"]).with_name("pipeline.sh")
    report = f"{console()} import --workflow {KEY} {shlex.quote(str(OUTPUTS))}"
    script.write_text("\n".join([*export_lines(stage), report, ""]), "utf-8")
    return script
