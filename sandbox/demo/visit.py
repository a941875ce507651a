"""What whoever finds the sandbox open is told: where it is, and what they may do in it."""

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sandbox.demo.children import BOT
from sandbox.demo.stage import KEY, Stage

OURS: Final = ("SLACK_", "ANSWERABLE_")


def invitation(stage: Stage) -> Iterator[str]:
    """Give the lines, with commands that can be pasted into another terminal as they are."""
    yield f"The sandbox stays open: {stage.player.url}"
    yield "Round 8 waits for Dana: act as her, and answer it. Or take the page's guide: five steps"
    yield "with a workflow of your own. Ctrl-C ends it."
    yield ""
    yield f"The bot's API is at {_address(stage)}. Report an output of your own, and ask the gate:"
    yield ""
    yield report_command(stage)
    yield gate_command(stage)
    yield ""
    yield "Another terminal needs these for the console and the examples in docs/api.md. Database"
    yield "and keys go when the demo ends, and nothing writes there without the sandbox's clock:"
    yield ""
    yield from export_lines(stage)
    yield f"{console()} token list"


def export_lines(stage: Stage) -> Iterator[str]:
    """Give the lines that make another terminal's console the bot's own.

    The last three are what the examples in the page on the API take.
    """
    ours = {name: each for name, each in stage.environment.items() if name.startswith(OURS)}
    examples = {"GATE_URL": _address(stage), "GATE_TOKEN": stage.token, "NOW": _now(stage)}
    for name, value in {**ours, **examples}.items():
        yield f"export {name}={shlex.quote(value)}"


def report_command(stage: Stage) -> str:
    """Give a command that reports one output, produced now by the workspace's clock."""
    output = {
        "workflow": KEY,
        "output_id": "mine-1",
        "produced_at": _now(stage),
        "category": "refund",
        "confidence": 0.9,
        "text": "Could I have my money back? → refund",
    }
    body = shlex.quote(json.dumps(output, ensure_ascii=False))
    head = f"curl -sS {_address(stage)}/v1/outputs {_bearer(stage)}"
    return f"{head} \\\n  -H 'Content-Type: application/json' \\\n  -d {body}"


def gate_command(stage: Stage) -> str:
    """Give a command that asks the gate."""
    path = f"/ofrep/v1/evaluate/flags/{KEY}"
    return f"curl -sS -X POST {_address(stage)}{path} {_bearer(stage)}"


def console() -> str:
    """Give the console by its whole path: what another terminal's own has is not known here."""
    console = Path(sys.executable).with_name("answerable")
    return shlex.quote(str(console)) if console.exists() else shlex.join(BOT)


def _now(stage: Stage) -> str:
    return str(stage.player.world()["clock"]["iso"])


def _address(stage: Stage) -> str:
    return f"http://{stage.environment['ANSWERABLE_LISTEN']}"


def _bearer(stage: Stage) -> str:
    return f"\\\n  -H 'Authorization: Bearer {stage.token}'"
