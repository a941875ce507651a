"""The bench goes its own way, whatever is exported for a real workspace."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.usecases import Deps

BENCH = Path(__file__).resolve().parents[2] / "bench"
REAL = {
    "SLACK_BOT_TOKEN": "xoxb-1-real",
    "SLACK_SIGNING_SECRET": "real",
    "ANSWERABLE_DATABASE_URL": "postgresql://real",
    "ANSWERABLE_WITNESS_URL": "https://witness.example",
}


@pytest.fixture(autouse=True)
def started_in_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def test_no_setting_of_a_real_workspace_reaches_the_bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    bench = runpy.run_path(str(BENCH / "bots.py"))
    given = bench["environment"](tmp_path, "http://127.0.0.1:1")
    assert "PATH" in given
    assert not set(given.values()) & set(REAL.values())
    assert not any(name.startswith(("SLACK_", "ANSWERABLE_")) for name in bench["_own"]())


def test_the_homes_that_are_measured_hold_what_is_said_of_them(tmp_path: Path) -> None:
    bench = runpy.run_path(str(BENCH / "home.py"))
    bench["main"].__globals__["WORKFLOWS"] = 60
    deps = bench["_lived"](tmp_path / "answerable.db")
    first, later = (json.dumps(bench["_page"](deps, page)) for page in (0, 2))
    deps.store.engine.dispose()
    assert "1 to 30 of 60" in first
    assert first.count('"action_id": "review"') == 30
    assert later.count('"action_id": "show"') == 30
    assert later.count("12 of 12 rounds") + later.count("11 of 11 rounds") == 30
    assert later.count("within limit") == 30


@pytest.mark.parametrize(
    ("bench", "few", "prepared"),
    [
        ("due.py", {}, lambda bench, folder: bench["quiet"](folder / "quiet.db", 3)),
        (
            "metrics.py",
            dict.fromkeys(
                ("WORKFLOWS", "OPEN", "ENDED", "READY", "SENT", "NOT_CLOSED", "CLOSED"), 3
            ),
            lambda bench, folder: bench["_lived"](f"sqlite:///{folder}/answerable.db"),
        ),
    ],
)
def test_the_tables_take_what_the_benches_fill_them_with(
    tmp_path: Path, bench: str, few: dict[str, int], prepared: Callable[..., Deps]
) -> None:
    loaded = runpy.run_path(str(BENCH / bench))
    loaded["main"].__globals__.update(few)
    deps = prepared(loaded, tmp_path)
    with deps.store.read(deps.workspace) as reading:
        assert len(reading.workflows.all()) == 3
    deps.store.engine.dispose()
