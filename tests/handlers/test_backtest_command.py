"""`answerable backtest` as it is typed: what it prints, and what it says of what it cannot play."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

from bot.app.backtest import run_backtest
from handlers.cli import Parts, group, past
from tests.launcher import ROOT

SAMPLE = ROOT / "sandbox/samples/support_triage.jsonl"
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    parts = cast("Any", Parts)(
        **{each.name: None for each in fields(Parts)} | {"backtest": run_backtest}
    )
    return CliRunner().invoke(group(parts), ["backtest", *map(str, arguments)], env=env)


def line(name: str = "o1", **others: object) -> str:
    known = {
        "output_id": name,
        "produced_at": "2026-06-01T08:00:00Z",
        "category": "a",
        "confidence": 0.9,
        "prediction": "yes",
        "truth": "yes",
    }
    said = {key: value for key, value in {**known, **others}.items() if value is not ...}
    return json.dumps(said)


def in_file(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "past.jsonl"
    whole = (each if isinstance(each, bytes) else each.encode() for each in lines)
    path.write_bytes(b"".join(each + b"\n" for each in whole))
    return path


def failed(result: Result) -> str:
    """Give the one line in which a command says why it did nothing."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    (said,) = result.stderr.strip().splitlines()
    assert said.startswith("Error: ")
    assert result.stdout == ""
    return said.removeprefix("Error: ")


def misused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    return result.stderr


def facts(*arguments: str | Path) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return cast("dict[str, Any]", json.loads(result.stdout))


# --- What it prints -------------------------------------------------------------------------------


def test_programs_read_one_object() -> None:
    found = facts("--data", SAMPLE, "--limit", "0.15", "--per-week", "20", "--seed", "1")
    assert [each["week"] for each in found["weeks"]] == list(range(1, 9))
    assert {"week", "produced", "reviewed", "errors", "grade"} <= found["weeks"][0].keys()
    assert sum(each["produced"] for each in found["weeks"]) == 363
    assert found["reviewed"] == sum(each["reviewed"] for each in found["weeks"])
    assert found["watch_week"] in {None, 6, 7, 8}
    assert found["breach_week"] in {None, 6, 7, 8}
    assert found["above_limit_weeks"] == [6, 7, 8]
    assert found["blame"][0]["category"] == "complaint"
    assert found["hours"] == round(found["reviewed"] * 4 / 60, 1)


def test_people_read_a_table_and_what_follows_from_it() -> None:
    result = run("--data", SAMPLE, "--limit", "15%", "--minutes", "3")
    assert result.exit_code == 0, result.output
    assert result.stderr == "", "no bar where nobody looks"
    shown = " ".join(result.stdout.split())
    assert "363 past outputs in 8 weeks; limit 15 %, 20 drawn in each by seed 1, 3 times" in shown
    assert re.search(
        r"week from produced wrong reviewed errors grade 1 2026-06-01 45 4 % 20", shown
    )
    assert "above the limit in weeks 6 to 8" in shown
    assert "at 3 minutes each" in shown
    assert "To prove takes, with 20 each: twice the limit about" in shown
    assert all(len(each) <= 100 for each in result.stdout.splitlines())


def test_the_same_seed_prints_the_same() -> None:
    said = [run("--data", SAMPLE, "--seed", seed).stdout for seed in ("7", "7", "8")]
    assert said[0] == said[1] != said[2]


def test_a_percentage_and_a_share_are_the_same_limit(tmp_path: Path) -> None:
    path = in_file(tmp_path, line())
    said = {
        facts("--data", path, "--limit", each)["limit"] for each in ("0.2", "20%", "20 %", "20")
    }
    assert said == {0.2}


def test_neither_settings_nor_a_database_are_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = in_file(tmp_path, line())
    bad = {
        "ANSWERABLE_DATABASE_URL": "sqlite:///own.db",
        "ANSWERABLE_LISTEN": "?",
        "SLACK_API_URL": "?",
    }
    assert run("--data", path, env=bad).exit_code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["past.jsonl"]


def test_the_chart_is_drawn_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    chart = tmp_path / "drift.svg"
    assert run("--data", SAMPLE, "--limit", "0.15", "--chart", chart).exit_code == 0
    drawn = chart.read_text("utf-8")
    assert drawn.startswith("<svg")
    assert "support_triage: errors by round" in drawn
    assert "limit 15 %" in drawn
    assert "is there already" in failed(run("--data", SAMPLE, "--chart", chart))
    assert run("--data", SAMPLE, "--chart", chart, "--force").exit_code == 0
    assert ".svg" in misused(run("--data", SAMPLE, "--chart", tmp_path / "drift.png"))
    nowhere = tmp_path / "none" / "drift.svg"
    assert "cannot write" in failed(run("--data", SAMPLE, "--chart", nowhere))


def test_somebody_at_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    path = in_file(tmp_path, *(line(f"o{each}") for each in range(2_100)))
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "bot", "backtest", "--data", str(path), "--per-week", "1"]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert "reading: 2,000 lines\r\n" in shown
    assert "playing" in shown
    assert "100%" in shown
    assert ran.stdout.startswith(b"2,100 past outputs in 1 week;")


# --- The plan -------------------------------------------------------------------------------------


def policy(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_policy_file_is_the_plan_and_options_win_over_it(tmp_path: Path) -> None:
    path = policy(
        tmp_path,
        "limit: 15 %\nsample: 6\nfloor: 1\ncadence: every day at 00:00\nzone: Europe/Berlin\n",
    )
    data = in_file(
        tmp_path, *(line(f"o{n}", produced_at=f"2026-06-0{1 + n % 2}T08:00:00Z") for n in range(20))
    )
    found = facts("--data", data, "--policy", path)
    assert (found["limit"], found["per_week"]) == (0.15, 6)
    assert [each["from"] for each in found["weeks"]] == [
        "2026-05-31T22:00:00+00:00",
        "2026-06-01T22:00:00+00:00",
    ]
    assert [each["reviewed"] for each in found["weeks"]] == [6, 6]
    shown = run("--data", data, "--policy", path).stdout
    assert "in 2 rounds; limit 15 %" in shown
    days = re.findall(r"^ +\d+  (\S+)", shown, re.MULTILINE)
    assert days == ["2026-06-01", "2026-06-02"], "the days where it is, not in UTC"
    found = facts("--data", data, "--policy", path, "--limit", "0.3", "--per-week", "4")
    assert (found["limit"], found["per_week"]) == (0.3, 4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits: 0.1\n", "'limits' is no field that a backtest goes by; there are limit, sample"),
        ("1: 2\n", "is no field that a backtest goes by"),
        ("limit: 0\n", "limit: must be a share such as 0.05"),
        ("limit: .nan\n", "limit: must be a share"),
        ("limit: [1]\n", "limit: must be a share"),
        ("limit: 0.12345\n", "in steps of a hundredth of a percent"),
        ("sample: 0\n", "sample: Give a whole number from 1 to 360"),
        ("sample: many\n", "sample: a valid integer"),
        ("floor: 9\n", "floor: Give a whole number from 0 to 5"),
        ("cadence: whenever\n", "cadence: "),
        ("zone: Mars\n", "zone: “Mars” is no time zone"),
        ("volume_min: 5\nvolume_max: 2\n", "volume_max: Give a whole number from 5"),
        ("limit: 0.1\nsample: 5\nlimit: 0.2\n", "limit is there twice: say it once"),
        ("a: [\n", "is not YAML"),
        ("a: b: c\n", "line 1 of it is not YAML"),
        ("\x00", "is not YAML"),
        ("[" * 5_000, "is not YAML"),
        ("when: 2026-99-99\n", "is not YAML"),
        ("- 1\n", "does not name the fields of a policy"),
        ("", "does not name the fields of a policy"),
        ("#" * 9_000, "is longer than 8,192 bytes"),
    ],
)
def test_a_policy_that_cannot_be_is_told_by_its_field(
    tmp_path: Path, text: str, words: str
) -> None:
    data = in_file(tmp_path, line())
    assert words in failed(run("--data", data, "--policy", policy(tmp_path, text)))


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "0"),
        ("--limit", "1"),
        ("--limit", "-0.1"),
        ("--limit", "NaN"),
        ("--limit", "inf"),
        ("--limit", "100%"),
        ("--limit", "101"),
        ("--limit", "five"),
        ("--limit", "1e-9"),
        ("--limit", "1e999999999"),
        ("--limit", "1e-999999999"),
        ("--limit", "1.5e1%%"),
        ("--per-week", "0"),
        ("--per-week", "361"),
        ("--minutes", "-1"),
        ("--minutes", "nan"),
        ("--seed", "x"),
        ("--data", "nowhere.jsonl"),
    ],
)
def test_options_that_cannot_be_are_misuse(tmp_path: Path, options: tuple[str, str]) -> None:
    said = misused(run("--data", in_file(tmp_path, line()), *options))
    assert f"Invalid value for '{options[0]}'" in said


def test_data_is_asked_for() -> None:
    assert "Missing option '--data'" in misused(run())


# --- Files that cannot be played ------------------------------------------------------------------


def test_what_the_product_refuses_is_told_by_its_file_and_line(tmp_path: Path) -> None:
    early, late = line(), line("o2", produced_at="2999-01-01T08:00:00Z")
    assert "past.jsonl: line 2: produced_at lies" in failed(
        run("--data", in_file(tmp_path, early, late))
    )
    long = line("o2", category="x" * 2_000)
    assert "past.jsonl: line 2: category has more" in failed(
        run("--data", in_file(tmp_path, early, long))
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('{"output_id": "x"', "line 2 is not JSON: EOF"),
        ("output_id,truth", "line 2 is not JSON: "),
        (b"\xff\xfe", "line 2 is not JSON: "),
        (b'{"output_id": "\\ud800"}', "line 2 is not JSON: "),
        ("[" * 100_000, "line 2 is not JSON: "),
        ("[]", "line 2: must be a JSON object"),
        ("3", "line 2: must be a JSON object"),
        (line(output_id=...), "line 2: output_id is missing"),
        (line(produced_at=...), "line 2: produced_at is missing"),
        (line(prediction=...), "line 2: prediction is missing"),
        (line(truth=...), "line 2: truth is missing"),
        (line(truth=None), "line 2: truth must be what was right"),
        (line(truth=["a"]), "line 2: truth must be what was right"),
        (line(prediction={}), "line 2: prediction must be text, a number, true or false"),
        (line().replace('"yes"', "NaN"), "line 2: prediction must be text, a number, true"),
        (line(output_id=7), "line 2: output_id must be text"),
        (line(output_id=""), "line 2: output_id must be 1 to 128"),
        (line(output_id="a b"), "line 2: output_id must be 1 to 128"),
        (line(category=3), "line 2: category must be text"),
        (line("o2", category="a\u202eb"), "line 2: category contains a control character"),
        (line("o2", category="x" * 61), "line 2: category has more than 60"),
        (line(confidence=1.5), "line 2: confidence must be a number from 0 to 1"),
        (line(confidence="high"), "line 2: confidence must be a number from 0 to 1"),
        (line().replace("0.9", "NaN"), "line 2: confidence must be a number from 0 to 1"),
        (
            line(produced_at="2026-06-01T08:00:00"),
            "line 2: produced_at must be an ISO 8601 time with a zone",
        ),
        (line(produced_at="yesterday"), "line 2: produced_at must be an ISO 8601"),
        (line(produced_at=1_780_000_000), "line 2: produced_at must be an ISO 8601"),
        (line(produced_at="2004-12-31T23:59:59Z"), "line 2: produced_at must be a time in 2005 or"),
        (line(produced_at="0001-01-01T00:00:00+14:00"), "line 2: produced_at must be an ISO 8601"),
        (line("o2", produced_at="2199-01-01T00:00:00Z"), "line 2: produced_at lies more than"),
        (line(truth="no"), "line 2: output_id is that of line 1, which tells of another"),
        (line(category="b"), "line 2: output_id is that of line 1, which tells of another"),
    ],
)
def test_a_line_that_cannot_be_played_is_named(
    tmp_path: Path, wrong: str | bytes, words: str
) -> None:
    said = failed(run("--data", in_file(tmp_path, line(), wrong)))
    assert words in said
    assert len(said) < 400


@pytest.mark.parametrize("lines", [(), ("",), ("", "  ")])
def test_an_empty_file_has_nothing_to_play(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert "holds no lines: there is nothing to play" in failed(
        run("--data", in_file(tmp_path, *lines))
    )


def test_more_outputs_than_are_taken_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "MAX_OUTPUTS", 2)
    path = in_file(tmp_path, *(line(f"o{each}") for each in range(3)))
    assert "holds more than 2 outputs" in failed(run("--data", path))


def test_a_file_that_ends_up_in_the_middle_of_nowhere_is_no_traceback(tmp_path: Path) -> None:
    assert "Invalid value for '--data'" in misused(run("--data", tmp_path))


# --- Files that are odd and can be ----------------------------------------------------------------


def test_a_line_said_twice_counts_once_and_a_mark_before_the_first_is_no_part(
    tmp_path: Path,
) -> None:
    found = facts(
        "--data", in_file(tmp_path, b"\xef\xbb\xbf" + line().encode(), "", line(), line("o2"))
    )
    assert [each["produced"] for each in found["weeks"]] == [2]


def test_one_week_one_category_and_none_at_all_are_fine(tmp_path: Path) -> None:
    lines = [line(f"o{n}", category=..., confidence=..., truth="no") for n in range(30)]
    found = facts("--data", in_file(tmp_path, *lines))
    assert len(found["weeks"]) == 1
    assert [(each["category"], each["share"]) for each in found["blame"]] == [
        ("uncategorised", 1.0)
    ]


@pytest.mark.parametrize(
    ("prediction", "truth", "is_wrong"),
    [
        ("a", "a", False),
        ("a", "A", True),
        (1, 1.0, False),
        (1, "1", True),
        (True, True, False),
        (True, 1, True),
        (False, 0.0, True),
        (True, False, True),
    ],
)
def test_wrong_is_what_is_not_the_truth(
    tmp_path: Path, prediction: object, truth: object, *, is_wrong: bool
) -> None:
    found = facts("--data", in_file(tmp_path, line(prediction=prediction, truth=truth)))
    assert found["weeks"][0]["wrong"] == found["weeks"][0]["errors"] == is_wrong


def weeks_with(gap: int) -> Iterator[str]:
    for week in (0, 1, 1 + gap):
        at = (MONDAY + timedelta(weeks=week, hours=1)).isoformat()
        yield from (line(f"w{week}-{each}", produced_at=at) for each in range(5))


def test_weeks_without_outputs_are_told(tmp_path: Path) -> None:
    path = in_file(tmp_path, *weeks_with(gap=3))
    assert [each["produced"] for each in facts("--data", path)["weeks"]] == [5, 5, 0, 0, 5]
    assert "Breach “no outputs reported” in week 3" in run("--data", path).stdout
