"""`answerable corrections` as it is typed: the file it makes, and when it makes none."""

import json
from dataclasses import fields
from pathlib import Path
from stat import S_IMODE
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result
from worlds import KEY, OWNER, PIPELINE, WRONG, World, a_live_world, person

from bot.domain.outputs import Output
from bot.domain.record import Kind
from bot.usecases import sampling
from handlers.cli import Parts, group


@pytest.fixture
def judged(tmp_path: Path) -> World:
    """A workflow of whose first round two outputs were called wrong."""
    world = a_live_world(tmp_path)
    world.answers_round(1, WRONG, WRONG)
    return world


def run(world: World, *arguments: str | Path, key: str = KEY) -> Result:
    parts = cast("Any", Parts)(
        **{each.name: None for each in fields(Parts)}
        | {"deps": lambda: world.deps, "own_files": tuple}
    )
    asked = ["corrections", "--workflow", key, *map(str, arguments)]
    return CliRunner().invoke(group(parts), asked)


def failed(result: Result) -> str:
    """Give the one line in which a command says why it did nothing."""
    assert result.exit_code == 1, result.output
    (said,) = result.stderr.strip().splitlines()
    assert result.stdout == ""
    return said.removeprefix("Error: ")


def test_each_correction_is_a_line_and_one_line_says_how_many(
    judged: World, tmp_path: Path
) -> None:
    path = tmp_path / "learn.jsonl"
    done = run(judged, "--out", path)
    [made] = judged.entries(Kind.EXPORT_MADE)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"2 corrections in {path}: record #{made.seq}\n"
    told = [json.loads(each) for each in path.read_bytes().splitlines()]
    assert [each["answer"] for each in told] == ["wrong", "wrong"]


def test_only_its_owner_can_read_it_also_where_others_could_before(
    judged: World, tmp_path: Path
) -> None:
    path, kept = tmp_path / "learn.jsonl", tmp_path / "kept.jsonl"
    kept.write_text("x" * 10_000)
    kept.chmod(0o644)
    assert run(judged, "--out", path).exit_code == 0
    assert run(judged, "--out", kept, "--force").exit_code == 0
    assert [S_IMODE(each.stat().st_mode) for each in (path, kept)] == [0o600, 0o600]
    assert kept.read_text() == path.read_text()


def test_a_file_that_is_there_is_overwritten_only_by_force(judged: World, tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_text("last month's")
    said = failed(run(judged, "--out", path))
    assert f"{path} is there already" in said
    assert "--force" in said
    assert path.read_text() == "last month's"
    assert judged.entries(Kind.EXPORT_MADE) == [], "nothing has left"


def test_since_is_a_day_or_a_time_in_utc(judged: World, tmp_path: Path) -> None:
    done = run(judged, "--out", tmp_path / "a.jsonl", "--since", "2026-06-02")
    assert done.stdout.startswith("0 corrections in ")
    done = run(judged, "--out", tmp_path / "b.jsonl", "--since", "2026-06-01T09:00:00")
    assert done.stdout.startswith("2 corrections in ")
    said = [each.facts["since"] for each in judged.entries(Kind.EXPORT_MADE)]
    assert said == ["2026-06-02T00:00:00.000000Z", "2026-06-01T09:00:00.000000Z"]


def test_of_a_workflow_there_is_not_no_file_is_made(judged: World, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert "There is no workflow" in failed(run(judged, "--out", path, key="other"))
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_named(judged: World, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "a.jsonl"
    assert failed(run(judged, "--out", path)).startswith(f"cannot write {path}: No such file")


@pytest.mark.parametrize("text", ["one\u2028two\u0085three\x0cfour", "Straße 東京", '"\\\n'])
def test_i11_whatever_a_text_holds_it_is_one_line_and_reads_as_it_was(
    judged: World, tmp_path: Path, text: str
) -> None:
    output = Output("o-odd", judged.clock.now(), text=text)
    sampling.receive_outputs(judged.deps, PIPELINE, KEY, [output])
    sampling.sample_now(judged.deps, person(OWNER), KEY)
    judged.answers_round(2, WRONG)
    run(judged, "--out", tmp_path / "a.jsonl")
    *_, last = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(last)["text"] == text
