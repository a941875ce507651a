"""The script with which anyone draws a round again does so, from a real export (I7)."""

from dataclasses import replace
from pathlib import Path

import pytest
from bundles import export, open_round, redrawn, sound_record, unpacked, write_folder
from worlds import KEY, OWNER, POLICY, WRONG, a_live_world, findings, person

from bot.domain.policy import Overflow
from bot.usecases import sampling


@pytest.mark.parametrize("floor", [0, 1, 3])
def test_i7_anyone_can_draw_a_round_again(tmp_path: Path, floor: int) -> None:
    world = a_live_world(tmp_path, replace(POLICY, sample=10, floor=floor))
    world.reports(41)
    for number in range(1, 4):
        world.forward(to=world.round(number).period_end)
        world.reports(41)
        world.answers_round(number, *[WRONG] * 3)
    assert world.round(3).tightened_by, "one that was opened larger, or grew, is drawn again too"
    assert findings(world) == []
    folder = unpacked(world.path.with_suffix(".zip"), tmp_path / "export")
    for number in range(1, 4):
        done = redrawn(folder, KEY, number)
        assert (done.returncode, done.stderr) == (
            0,
            "the seed is the one committed to\nthe draw is the one on record\n",
        )
        assert len(done.stdout.splitlines()) == world.round(number).sample


def test_i7_anyone_can_draw_a_share_of_a_round_again(tmp_path: Path) -> None:
    plan = replace(POLICY, sample=3, share_bp=2_500, most=15, floor=0)
    world = a_live_world(tmp_path, plan)
    drawn = []
    for number, outputs in enumerate((0, 41, 5, 200), start=1):
        world.reports(outputs)
        world.forward(to=world.round(number).period_end)
        drawn.append(len(world.items(number)))
        world.answers_round(number, *[WRONG] * 3)
    assert drawn == [3, 3 * 11, 5, 3 * 15], "three times as many from the second on"
    assert findings(world) == []
    folder = unpacked(world.path.with_suffix(".zip"), tmp_path / "export")
    for number, count in enumerate(drawn, start=1):
        done = redrawn(folder, KEY, number)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, count)


@pytest.mark.parametrize("floor", [0, 1])
def test_i7_anyone_can_draw_a_round_again_that_was_cut(tmp_path: Path, floor: int) -> None:
    plan = replace(POLICY, sample=10, floor=floor, capacity=60, overflow=Overflow.RANDOM_SUBSET)
    world = a_live_world(tmp_path, plan)
    for _ in range(3):
        world.reports(41)
        sampling.sample_now(world.deps, person(OWNER), KEY)
    assert world.round(2).cut_from == 10
    assert findings(world) == []
    folder = unpacked(world.path.with_suffix(".zip"), tmp_path / "export")
    for number in (1, 2, 3):
        done = redrawn(folder, KEY, number)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, len(world.items(number)))


def test_i7_a_draw_that_is_another_is_seen(tmp_path: Path) -> None:
    record = sound_record()
    drawn = next(entry for entry in record.entries if entry.kind == "round.drawn")
    spoilt = replace(drawn, facts={**drawn.facts, "drawn": drawn.facts["drawn"][::-1]})  # type: ignore[index] # a list
    record.entries[record.entries.index(drawn)] = spoilt
    open_round(record, 2)
    done = redrawn(write_folder(export(record), tmp_path), "triage", 1)
    assert (done.returncode, "the draw is NOT the one on record" in done.stderr) == (1, True)


def test_what_it_needs_is_said_in_one_line(tmp_path: Path) -> None:
    record = sound_record()
    open_round(record, 2)
    folder = write_folder(export(record), tmp_path)
    for where, of, number, told in (
        (folder, "triage", 2, "Round 2 of triage is not drawn in this export"),
        (folder, "other", 1, "Round 1 of other is not drawn in this export"),
        (tmp_path / "nowhere", "triage", 1, "Say the folder of an unpacked export"),
    ):
        done = redrawn(where, of, number)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert told in done.stderr
