"""`answerable plant` as it is typed: what becomes of the lines of its file."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result
from worlds import KEY, World, a_live_world

from bot.app.console import decode_line
from bot.domain.record import Kind
from handlers.cli import Parts, group
from handlers.http.reports import sort

BAD = {"output_id": "bad-1", "produced_at": "2026-06-01T08:00:00Z", "category": "b"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def run(world: World, *lines: object, key: str = KEY) -> Result:
    given = {"deps": lambda: world.deps, "decode": decode_line, "sort": sort}
    parts = cast("Any", Parts)(**dict.fromkeys(each.name for each in fields(Parts)) | given)
    path = world.path.with_suffix(".jsonl")
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return CliRunner().invoke(group(parts), ["plant", "--workflow", key, str(path)])


def test_each_line_is_planted_and_again_is_a_duplicate(world: World) -> None:
    assert run(world, BAD, BAD | {"output_id": "bad-2"}).stdout == (
        "2 accepted, 0 duplicates, 0 rejected\n"
    )
    assert run(world, BAD).stdout == "0 accepted, 1 duplicate, 0 rejected\n"
    assert len(world.entries(Kind.OUTPUT_PLANTED)) == 2


def test_a_line_that_is_an_output_of_the_pipeline_is_rejected_with_a_word(world: World) -> None:
    done = run(world, BAD, BAD | {"output_id": "o0"}, {"output_id": "late"})
    assert done.exit_code == 1
    assert "line 2: output_id was used before: a planted output needs one of" in done.stderr
    assert "line 3:" in done.stderr
    assert done.stdout == "1 accepted, 0 duplicates, 2 rejected\n"


def test_nothing_is_planted_in_what_is_not_there(world: World) -> None:
    done = run(world, BAD, key="unknown")
    assert done.exit_code == 1
    assert "unknown" in done.stderr
    assert not world.entries(Kind.OUTPUT_PLANTED)
