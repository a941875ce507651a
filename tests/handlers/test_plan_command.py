"""`answerable plan` as it is typed: what it prints, and what it says of what cannot be."""

import json
from dataclasses import fields
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

from handlers.cli import Parts, group
from tests.launcher import ROOT


def run(*arguments: str) -> Result:
    parts = cast("Any", Parts)(**{each.name: None for each in fields(Parts)})
    return CliRunner().invoke(group(parts), ["plan", *arguments])


def test_a_table_has_a_line_for_each_usual_size_of_a_batch() -> None:
    done = run("--limit", "5%")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Good is an error rate of at most 5 %, bad is 15 % or more.")
    assert [line.split()[:4] for line in lines[3:]] == [
        ["50", "31", "26", "2"],
        ["100", "45", "46", "4"],
        ["200", "51", "56", "5"],
        ["500", "56", "66", "6"],
        ["1,000", "57", "67", "6"],
        ["more", "59", "77", "7"],
    ]


def test_the_page_shows_what_the_command_prints() -> None:
    page = (ROOT / "docs/evidence.md").read_text("utf-8")
    shown = page.partition("`answerable plan --limit 5%`")[2].split("```")[1].strip()
    assert run("--limit", "5%").stdout.startswith(shown)


def test_a_program_reads_it_without_floats() -> None:
    done = run("--limit", "0.05", "--bad", "0.2", "--batch", "200", "--json")
    assert json.loads(done.stdout) == {
        "limit_bp": 500,
        "bad_bp": 2_000,
        "plans": [
            {
                "batch": 200,
                "attest": 51,
                "look_at": 37,
                "may_be_wrong": 4,
                "good_passes": "97.92",
                "bad_passes": "8.88",
            }
        ],
    }


def test_what_cannot_be_told_is_a_dash_and_a_sentence() -> None:
    done = run("--limit", "0.01%", "--bad", "0.02%")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1].startswith("-: not even 1,000 outputs, or all there are")
    assert done.stdout.splitlines()[-2].split()[:4] == ["more", "-", "-", "-"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--limit'"),
        (("--limit", "0"), "Invalid value for '--limit'"),
        (("--limit", "100%"), "Invalid value for '--limit'"),
        (("--limit", "nan"), "Invalid value for '--limit'"),
        (("--limit", "5%", "--bad", "5%"), "--bad: has to be above the limit"),
        (("--limit", "99.99%"), "--bad: has to be above the limit"),
        (("--limit", "5%", "--batch", "0"), "Invalid value for '--batch'"),
        (("--limit", "5%", "--batch", "x"), "Invalid value for '--batch'"),
    ],
)
def test_what_cannot_be_is_refused_on_the_very_option(
    arguments: tuple[str, ...], said: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
