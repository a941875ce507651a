"""The bench goes its own way, whatever is exported for a real workspace."""

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
REAL = {
    "SLACK_BOT_TOKEN": "xoxb-1-real",
    "SLACK_SIGNING_SECRET": "real",
    "ANSWERABLE_DATABASE_URL": "postgresql://real",
    "ANSWERABLE_WITNESS_URL": "https://witness.example",
}


def test_no_setting_of_a_real_workspace_reaches_the_bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(BENCH))
    bench = runpy.run_path(str(BENCH / "ack.py"))
    given = bench["_environment"](tmp_path, "http://127.0.0.1:1")
    assert "PATH" in given
    assert not set(given.values()) & set(REAL.values())
    assert not any(name.startswith(("SLACK_", "ANSWERABLE_")) for name in bench["_own"]())
