"""What whoever finds the sandbox open is told: where it is, and what they may do in it."""

import json
import shlex
from collections.abc import Iterator

from sandbox.demo.outbox import database_of
from sandbox.demo.stage import KEY, Stage

KEYS = ("ANSWERABLE_SIGNING_KEY_FILE", "ANSWERABLE_DRAW_KEY_FILE")


def invitation(stage: Stage) -> Iterator[str]:
    """Give the lines, with commands that can be pasted into another terminal as they are."""
    yield f"The sandbox stays open: {stage.player.url}"
    yield "Round 8 waits for Dana: act as her, and answer it. Ctrl-C ends it."
    yield ""
    yield f"The bot's API is at {_address(stage)}. Report an output of your own, and ask the gate:"
    yield ""
    yield report_command(stage)
    yield gate_command(stage)
    yield ""
    yield "Its database and its keys, which go when it ends:"
    yield f"  {database_of(stage.environment)}"
    for name in KEYS:
        yield f"  {stage.environment[name]}"


def report_command(stage: Stage) -> str:
    """Give a command that reports one output, produced now by the workspace's clock."""
    output = {
        "workflow": KEY,
        "output_id": "mine-1",
        "produced_at": stage.player.world()["clock"]["iso"],
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


def _address(stage: Stage) -> str:
    return f"http://{stage.environment['ANSWERABLE_LISTEN']}"


def _bearer(stage: Stage) -> str:
    return f"\\\n  -H 'Authorization: Bearer {stage.token}'"
