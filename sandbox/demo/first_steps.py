"""The guide that the page shows once the story is told: from here on it is the visitor's own."""

import json
import shlex
import sys
from pathlib import Path
from typing import Final

from sandbox.demo.children import beside
from sandbox.demo.deeds import DEEDS
from sandbox.demo.leftovers import OUTPUTS, PIPELINE
from sandbox.demo.record import VKEY
from sandbox.demo.stage import Stage
from sandbox.demo.visit import console, export_lines
from sandbox.wire import Json

GUIDE: Final = beside("samples", "guide.json")


def offer_guide(stage: Stage) -> None:
    """Show the first steps in the page, with lines for a terminal that work on this machine."""
    guide: Json = json.loads(GUIDE.read_text("utf-8"))
    key = shlex.quote(str(stage.out / VKEY))
    report = f"sh {shlex.quote(str(_pipeline(stage)))} {{key}}"
    check = f"{console()} verify {{file}} --key {key}"
    for step in guide["steps"]:
        _put(report, step.get("how", []))
    _put(check, guide["end"])
    stage.player.show_guide(guide | {"deeds": list(DEEDS)})


def _put(line: str, hints: list[Json]) -> None:
    """Put this line in the place of each that is for a terminal."""
    for hint in hints:
        if "run" in hint:
            hint["run"] = line


def _pipeline(stage: Stage) -> Path:
    """Give a script that reports outputs for the workflow it is told; it goes with the demo."""
    script = Path(stage.environment["ANSWERABLE_SIGNING_KEY_FILE"]).with_name(PIPELINE)
    outputs = shlex.quote(str(script.with_name(OUTPUTS)))
    python, url = shlex.quote(sys.executable), shlex.quote(stage.player.url)
    lines = [
        "set -e",
        ': "${1:?say the key of a workflow}"',
        *export_lines(stage),
        f"{python} -m sandbox.demo.guide_outputs {url} > {outputs}",
        f'{console()} import --workflow "$1" {outputs}',
    ]
    script.write_text("\n".join([*lines, ""]), "utf-8")
    return script
