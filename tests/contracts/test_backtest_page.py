"""The page on backtests says what the command prints, and names the fields it takes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from handlers.cli.past import EARLIEST, MAX_OUTPUTS, PastLine
from handlers.cli.plans import Wished, read_plan
from tests.launcher import ROOT

PAGE: Final = (ROOT / "docs/backtest.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_prints_what_the_page_shows(tmp_path: Path) -> None:
    (command,) = blocks("sh")
    printed = subprocess.run(
        [sys.executable, "-m", "bot", *command.split()[1:]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},  # no setting at all
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (printed.returncode, printed.stderr) == (0, "")
    shown = re.search(r"^```sh\n.*?^```\n\n```\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert shown
    assert printed.stdout == shown[1]
    assert list(tmp_path.iterdir()) == []


def test_the_fields_of_a_line_are_those_that_are_read() -> None:
    table = PAGE.partition("| field |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(PastLine.model_fields)
    assert f"from {EARLIEST:%Y} on" in table
    assert f"up to {MAX_OUTPUTS:,} of them" in PAGE


def test_the_policy_on_the_page_is_taken() -> None:
    (text,) = blocks("yaml")
    policy = read_plan(Wished(None, None), "policy.yaml", text.encode())
    assert (policy.limit_bp, policy.sample, policy.floor, policy.tighten) == (1_500, 30, 2, 2)
    assert (policy.zone, policy.volume_min) == ("Europe/London", 20)
