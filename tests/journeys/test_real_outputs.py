"""Thirteen weeks of a real classifier's outputs: sampled, answered by their truth, proven.

The owner is silent in two weeks, and the ladder finds somebody else. Every draw is recomputed here
from the export alone.
"""

import hmac
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from time import sleep
from typing import Final

import pytest

from tests.journeys.story import decide, live, look_again, report, review, token
from tests.launcher import ROOT
from tests.stage import Stage
from tests.workspace import OWNER, STEWARD, Json, until

DATA: Final = ROOT.parent / "shared" / "data" / "banking77" / "predictions.jsonl"
KEY: Final = "intent-router"
SAMPLE, FLOOR = 20, 2
MONDAY: Final = datetime(2026, 6, 1, 9, 0, 1, tzinfo=UTC)
SILENT_WEEKS: Final = (4, 9)
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real outputs are not at {DATA}")


def test_real_outputs_are_sampled_judged_and_proven(stage: Stage) -> None:
    outputs = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    truth = {each["output_id"]: each for each in outputs}
    plan = {"sample": str(SAMPLE), "floor": str(FLOOR), "limit": "20", "volume_max": "2000"}
    live(stage, KEY, **plan, tighten="1")  # every week alike, so that each can be counted
    stage.forward(hours=1, seconds=1)  # the first round, of an hour only, is empty
    secret = token(stage, KEY)
    for week, rows in groupby(outputs, key=lambda each: int(each["week"])):
        stage.slack.post("clock", to=f"{MONDAY + timedelta(weeks=week, minutes=-9):{TIME}}")
        stage.until_heard()  # else these outputs are of the future to it
        take_in = _import if week == 1 else _report
        take_in(stage, secret, list(rows))
        stage.until_sent()
        stage.slack.post("clock", to=f"{MONDAY + timedelta(weeks=week):{TIME}}")
        stage.until_recorded("round.drawn", f"round/{KEY}/{week + 1}")
        look_again(stage.slack, f"{KEY}/{week + 1}", lambda page: _judged(page, truth))
        who = OWNER
        if week in SILENT_WEEKS:
            _stay_silent(stage, week + 1)
            who = STEWARD  # the backup was passed, having looked at the round already
        review(stage.slack, f"{KEY}/{week + 1}", lambda page: _judged(page, truth), who)
    _check(stage, outputs)


def _check(stage: Stage, outputs: list[Json]) -> None:
    bundle = stage.exported()
    drawn = list(_recomputed(bundle))
    assert len(drawn) == 14
    assert sum(population for population, _ in drawn) == len(outputs)
    verdicts = [each["facts"] for each in stage.entries("verdict.recorded")]
    assert len(verdicts) == sum(ids for _, ids in drawn) == 13 * SAMPLE
    again = [each["facts"] for each in stage.entries("second_verdict.recorded")]
    assert len(again) == 13 * 2
    said = {(each["round"], each["output"]): each["answer"] for each in verdicts}
    assert all(said[each["round"], each["output"]] == each["answer"] for each in again)
    assert not [
        each for each in stage.entries("obligation.opened") if each["facts"]["kind"] == "settle"
    ]
    late = Counter(each["round"] for each in verdicts if each["late"])
    assert late == {week + 1: SAMPLE for week in SILENT_WEEKS}
    assert [each["facts"]["missing"] for each in stage.entries("round.closed")].count(SAMPLE) == 2
    climbs = [each for each in stage.entries("obligation.climbed") if each["facts"]["rung"] == 3]
    # What is drawn may prove the worse weeks to be worse: nobody here acknowledges that breach.
    asked = {each["facts"]["obligation"] for each in climbs}
    assert {each for each in asked if each.startswith("review/")} == {
        f"review/{KEY}/{week + 1}" for week in SILENT_WEEKS
    }
    assert stage.complaints() == []


def _import(stage: Stage, _secret: str, rows: list[Json]) -> None:
    lines = stage.folder / "week-1.jsonl"
    lines.write_text("".join(f"{json.dumps(each)}\n" for each in rows), "utf-8")
    done = stage.console("import", "--workflow", KEY, str(lines))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{len(rows)} accepted, 0 duplicates, 0 rejected\n"


def _report(stage: Stage, secret: str, rows: list[Json]) -> None:
    taken = report(stage, secret, map(_reported, rows))
    assert taken == {"accepted": len(rows), "duplicates": 0, "rejected": []}


def _reported(row: Json) -> Json:
    kept = ("output_id", "produced_at", "category", "confidence", "model_version")
    text = f"{row['input']}\n→ {row['prediction']}"
    return {"workflow": KEY, "text": text, **{name: row[name] for name in kept}}


def _judged(page: Json, truth: dict[str, Json]) -> dict[str, str]:
    """Answer as a careful reviewer would, who knows what was meant."""
    named = re.search(r"q\d{5}", json.dumps(page["blocks"]))
    assert named, page
    output = truth[named.group()]
    if output["prediction"] == output["truth"]:
        return {"verdict": "correct"}
    return {
        "verdict": "corrected",
        "why": "error",
        "severity": "major",
        "correction": output["truth"],
    }


def _stay_silent(stage: Stage, number: int) -> None:
    """Let a round climb its whole ladder, and decide the breach that follows."""
    stage.forward(days=3, hours=14, minutes=1)
    [opened] = until(lambda: _not_answered(stage, number), lambda: sleep(0.02))
    _decide_breach(stage, int(opened["on"].rpartition("/")[2]))


def _not_answered(stage: Stage, number: int) -> list[Json]:
    opened = [each["facts"] | each for each in stage.entries("breach.opened")]
    about = ("round not answered", number)
    return [each for each in opened if (each["cause"], each.get("round")) == about]


def _decide_breach(stage: Stage, number: int) -> None:
    stage.slack.press(OWNER, "acknowledge", f"{KEY}/{number}")
    done = decide(stage.slack, f"{KEY}/{number}", "continue")
    assert done["errors"] is None


def _recomputed(bundle: Path) -> Iterator[tuple[int, int]]:
    """Recompute each draw from what the bundle holds; give population and sample of each."""
    with zipfile.ZipFile(bundle) as opened:
        entries = [json.loads(line) for line in opened.read("entries.jsonl").splitlines()]
        lines = [json.loads(line) for line in opened.read("populations.jsonl").splitlines()]
    populations = {line["round"]: line["outputs"] for line in lines}
    commitments = {
        each["facts"]["round"]: each["facts"]["commitment"]
        for each in entries
        if each["kind"] == "round.opened"
    }
    for entry in (each for each in entries if each["kind"] == "round.drawn"):
        facts = entry["facts"]
        seed = bytes.fromhex(facts["seed"])
        assert sha256(seed).hexdigest() == commitments[facts["round"]]
        population = populations[facts["round"]]
        allocation = _allocation(Counter(category for _, category in population))
        assert dict(facts["allocation"]) == allocation
        assert facts["drawn"] == _draw(seed, population, allocation)
        twice = sorted(facts["drawn"], key=lambda name: _second_rank(seed, name))
        assert facts["second"] == twice[:2], "a tenth of twenty"
        yield len(population), len(facts["drawn"])


def _second_rank(seed: bytes, output_id: str) -> bytes:
    return hmac.digest(seed, b"second eyes\0" + output_id.encode(), "sha256")


def _allocation(sizes: Counter[str]) -> dict[str, int]:
    """Give every category its floor, and one after the other to the one furthest behind."""
    taken = {category: min(FLOOR, size) for category, size in sizes.items()}
    while sum(taken.values()) < min(SAMPLE, sizes.total()):
        waiting = [each for each in taken if taken[each] < sizes[each]]
        behind = min(waiting, key=lambda each: (Fraction(2 * taken[each] + 1, sizes[each]), each))
        taken[behind] += 1
    return taken


def _draw(seed: bytes, population: list[list[str]], allocation: dict[str, int]) -> list[str]:
    def rank(output_id: str) -> tuple[bytes, str]:
        return hmac.digest(seed, output_id.encode(), "sha256"), output_id

    return [
        output_id
        for category, share in sorted(allocation.items())
        for output_id in sorted((i for i, c in population if c == category), key=rank)[:share]
    ]
