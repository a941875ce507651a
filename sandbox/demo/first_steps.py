"""The guide that the page shows once the story is told: from here on it is the visitor's own."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sandbox.demo.children import beside
from sandbox.demo.leftovers import OUTPUTS, PIPELINE
from sandbox.demo.record import VKEY
from sandbox.demo.stage import Stage
from sandbox.demo.visit import console, export_lines
from sandbox.wire import Json

GUIDE: Final = beside("samples", "guide.json")
SAMPLES: Final = beside("samples", OUTPUTS)
KEY: Final = "my-triage"


def offer_guide(stage: Stage) -> None:
    """Show the first steps in the page, with a line for a terminal that works on this machine."""
    steps: Json = json.loads(GUIDE.read_text("utf-8"))
    line = f"sh {shlex.quote(str(_pipeline(stage)))}"
    for hint in (each for step in steps["steps"] for each in step["how"] if "run" in each):
        hint["run"] = line
    key = shlex.quote(str(stage.out / VKEY))
    check = (
        "answerable verify FILE --key demo-out/log.vkey",
        f"{console()} verify FILE --key {key}",
    )
    steps["end"] = steps["end"].replace(*check)
    stage.player.show_guide(steps)


def _pipeline(stage: Stage) -> Path:
    """Give a script that reports the guide's outputs; it goes when the demo ends."""
    script = Path(stage.environment["ANSWERABLE_SIGNING_KEY_FILE"]).with_name(PIPELINE)
    outputs = script.with_name(OUTPUTS)
    outputs.write_text("".join(_produced_now(stage)), "utf-8")
    report = f"{console()} import --workflow {KEY} {shlex.quote(str(outputs))}"
    script.write_text("\n".join([*export_lines(stage), report, ""]), "utf-8")
    return script


def _produced_now(stage: Stage) -> Iterator[str]:
    """Give the guide's outputs as of now: the story has taken weeks, and this workflow is new."""
    now = stage.player.world()["clock"]["iso"]
    for line in SAMPLES.read_text("utf-8").splitlines():
        yield json.dumps(json.loads(line) | {"produced_at": now}, ensure_ascii=False) + "\n"
