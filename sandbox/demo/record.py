"""The end: the record is taken out, verified, and a tampered copy of it is found."""

import json
import sys
from collections import Counter
from datetime import timedelta
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from sandbox.demo.cast import INES, KENJI
from sandbox.demo.review import at, move
from sandbox.demo.stage import Said, Stage, run
from sandbox.demo.tampering import ENTRIES, tamper
from sandbox.wire import Json

EXPORT, VKEY, TAMPERED = "export.zip", "log.vkey", "tampered.zip"
LEFT = (EXPORT, VKEY, TAMPERED)
GRANTED = 200


def auditor_asks(stage: Stage) -> None:
    """Not even the chief operating officer may read the record; the auditor gets it in a DM."""
    move(stage, at(9, timedelta(hours=11)))
    stage.whisper(KENJI, stage.command(KENJI, "export")["ephemeral"])
    stage.whisper(INES, stage.command(INES, "export")["ephemeral"])

    def look() -> Json | None:
        return next((each for each in stage.player.files() if each["complete"]), None)

    file = stage.player.wait_for(look, f"the record in the DM of {INES.name}")
    mine = stage.player.direct_channel(INES.id)
    stage.require(file["channels"] == [mine], "the record to reach the auditor and nobody else")
    stage.narrator.sees(f"DM to {INES.name}", f"{file['name']}, {file['size']:,} bytes")


def take_out(stage: Stage) -> None:
    """Export the record, and the key by which anybody can check it."""
    stage.wait_until_said()
    stage.narrator.sees(
        "console", stage.console("export", "--out", _file(stage, EXPORT)).succeeded()
    )
    vkey = stage.console("key").succeeded()
    (stage.out / VKEY).write_text(vkey + "\n", "utf-8")
    stage.narrator.sees("console", vkey)


def verify(stage: Stage) -> None:
    """Check the record with the key: it proves itself."""
    said = stage.console("verify", _file(stage, EXPORT), "--key", _file(stage, VKEY)).succeeded()
    for line in said.splitlines():
        stage.narrator.sees("verify", line)


def find_tampering(stage: Stage) -> None:
    """Somebody changes one verdict in a copy and works out every hash anew."""
    change = tamper(stage.out / EXPORT, stage.out / TAMPERED)
    stage.narrator.does(
        "A clerk",
        f"makes a copy in which entry {change.entry} says “{change.after}”, not “{change.before}”",
    )
    found = _verify_alone(stage)
    for line in found.output.splitlines():
        stage.narrator.sees("verify", line)
    stage.require(
        found.code == 1 and "not signed" in found.output,
        f"the copy to be found out; verify ended with {found.code}: {found.errors}",
    )
    stage.narrator.finds("the tampered copy is found: its checkpoint is not signed by the key")


def _verify_alone(stage: Stage) -> Said:
    """Have the auditor check the copy with the verifier that the export brings along."""
    stage.narrator.does(INES.name, f"runs: python verify.py {TAMPERED} --key {VKEY}")
    with TemporaryDirectory() as folder, ZipFile(stage.out / EXPORT) as bundle:
        verifier = bundle.extract("verify.py", folder)
        copy, vkey = _file(stage, TAMPERED), _file(stage, VKEY)
        return run([sys.executable, "-I", verifier, copy, "--key", vkey], stage.environment)


def slack_refused_nothing(stage: Stage) -> None:
    """Look through all that the bot has asked of Slack: none of it broke a rule or a limit."""
    calls = stage.player.calls()
    refused = [each for each in calls if each["status"] != GRANTED or _is_refusal(each)]
    stage.require(not refused, f"every call to Slack to be granted: {refused[:1]}")
    stage.narrator.finds(f"{len(calls):,} calls to Slack's API, none refused, none sent too fast")


def _is_refusal(call: Json) -> bool:
    return (call["response"] or {}).get("ok") is False


def count(stage: Stage) -> Counter[str]:
    """Give how many entries of each kind the exported record holds."""
    with ZipFile(stage.out / EXPORT) as bundle:
        lines = bundle.read(ENTRIES).splitlines()
    return Counter(json.loads(line)["kind"] for line in lines)


def _file(stage: Stage, name: str) -> str:
    return str(stage.out / name)
