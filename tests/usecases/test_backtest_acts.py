"""A backtest goes through the same acts as everybody: their entries are counted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.backtest import MAX_WEEKS, Stage, run_backtest
from bot.domain.backtests import Backtest, Past
from bot.domain.outputs import Output
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.domain.rounds import Grade
from handlers.cli import Failed
from handlers.cli.plans import Wished, read_plan
from tests.engines import on_sqlite
from tests.worlds import a_world, findings

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def plan(limit_bp: int = 2_000, sample: int = 10) -> Policy:
    return read_plan(Wished(limit_bp, sample))


def past(week: int, count: int, wrong: int = 0, category: str = "a") -> list[Past]:
    """Give so many outputs of a week, the first of them wrong."""
    at = MONDAY + (week - 1) * WEEK
    return [
        Past(
            number + 1,
            Output(f"w{week}-{category}{number}", at + number * WEEK / count, category),
            number < wrong,
        )
        for number in range(count)
    ]


def played(outputs: list[Past], policy: Policy | None = None, seed: int = 1) -> Backtest:
    return run_backtest(outputs, policy or plan(), seed, lambda _: None)


# --- The same use cases ---------------------------------------------------------------------------


def test_each_act_of_a_backtest_is_on_record_as_everybodys_is(tmp_path: Path) -> None:
    world = a_world(tmp_path, at=MONDAY)
    stage = Stage(world.deps, plan())
    stage.open()
    weeks = [
        stage.play(past(number, 25, wrong=3), MONDAY + number * WEEK, lambda _: None)
        for number in (1, 2, 3)
    ]
    counted = Counter(entry.kind for entry in world.entries())
    assert [each.reviewed for each in weeks] == [10, 10, 10]
    assert counted[Kind.WORKFLOW_REGISTERED] == counted[Kind.OWNERSHIP_ACCEPTED] == 1
    assert counted[Kind.ROUND_OPENED] == 4, "the next one is open by the end"
    assert counted[Kind.ROUND_DRAWN] == counted[Kind.ROUND_CLOSED] == 3
    assert counted[Kind.OUTPUTS_RECEIVED] == 3
    assert counted[Kind.DRAFT_SAVED] == counted[Kind.VERDICT_RECORDED] == 30
    assert counted[Kind.REFUSED] == 0
    assert [int(str(each.facts["errors"])) for each in world.entries(Kind.ROUND_CLOSED)] == [
        each.errors for each in weeks
    ]
    assert findings(world) == []
    world.deps.store.engine.dispose()


def test_the_record_of_a_backtest_says_that_its_clock_was_moved(tmp_path: Path) -> None:
    world = a_world(tmp_path, at=MONDAY)
    Stage(world.deps, plan()).open()
    assert world.entries(Kind.LOG_STARTED)[0].facts["clock"] == "sandbox"
    world.deps.store.engine.dispose()


def test_what_is_reported_in_batches_is_all_reported() -> None:
    told: list[int] = []
    test = run_backtest(past(1, 2_500), plan(), 1, told.append)
    assert told == [1_000, 1_000, 500]
    assert test.weeks[0].produced == 2_500


# --- What comes of it -----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_and_another_another_draw() -> None:
    outputs = [each for week in (1, 2, 3) for each in past(week, 60, wrong=20)]
    first, again, other = played(outputs), played(outputs), played(outputs, seed=2)
    assert first.weeks == again.weeks
    assert [each.errors for each in first.weeks] != [each.errors for each in other.weeks]


def test_the_order_of_the_lines_does_not_matter() -> None:
    outputs = [each for week in (1, 2) for each in past(week, 40, wrong=10)]
    assert played(outputs).weeks == played(outputs[::-1]).weeks


def test_a_rate_far_above_the_limit_is_a_breach_and_the_weeks_go_on() -> None:
    outputs = [each for week in range(1, 7) for each in past(week, 40, wrong=32)]
    test = played(outputs, plan(limit_bp=500))
    assert test.breach_week
    assert test.breach_week < 6
    after = test.weeks[test.breach_week :]
    assert {each.grade for each in after} == {Grade.BREACH}
    assert all(each.reviewed for each in after)


def test_a_week_without_outputs_is_a_round_and_a_breach_of_its_own() -> None:
    test = played([*past(1, 20), *past(3, 20)])
    assert [each.produced for each in test.weeks] == [20, 0, 20]
    empty = test.weeks[1]
    assert (empty.reviewed, empty.rate, empty.grade) == (0, None, Grade.NOT_ENOUGH_EVIDENCE)
    assert empty.breaches == ("no outputs reported",)
    assert test.breach_week is None, "nothing is said about the error rate by that"


def test_the_weeks_begin_where_the_cadence_struck_before_the_first_output() -> None:
    outputs = [Past(1, Output("o1", MONDAY + timedelta(days=3, hours=5)), is_wrong=False)]
    (only,) = played(outputs).weeks
    assert (only.began, only.ended) == (MONDAY, MONDAY + WEEK)


def test_an_output_of_the_very_end_of_a_week_is_of_the_next() -> None:
    at = [MONDAY, MONDAY + WEEK - timedelta(microseconds=1), MONDAY + WEEK]
    outputs = [
        Past(place, Output(f"o{place}", each), is_wrong=False) for place, each in enumerate(at)
    ]
    assert [each.produced for each in played(outputs).weeks] == [2, 1]


# --- What cannot be played ------------------------------------------------------------------------


def test_an_output_that_the_product_refuses_is_refused_with_its_line() -> None:
    outputs = [*past(1, 3), Past(44, Output("has blank", MONDAY), is_wrong=False)]
    with pytest.raises(Failed, match="line 44: output_id must be"):
        played(outputs)


def test_more_categories_than_a_round_takes_are_refused_with_their_line() -> None:
    outputs = [
        Past(number, Output(f"o{number}", MONDAY, f"c{number}"), is_wrong=False)
        for number in range(1, 80)
    ]
    with pytest.raises(Failed, match="line 73: category is new"):
        played(outputs)


def test_times_to_come_are_refused() -> None:
    ahead = datetime(2200, 1, 1, tzinfo=UTC)
    with pytest.raises(Failed, match="line 7: produced_at lies more than"):
        played([*past(1, 2), Past(7, Output("o", ahead), is_wrong=False)])


def test_one_time_that_is_years_off_is_told_rather_than_played() -> None:
    long_ago = datetime(2005, 1, 1, tzinfo=UTC)
    outputs = [*past(1, 2), Past(9, Output("o", long_ago), is_wrong=False)]
    with pytest.raises(Failed, match=rf"2005-01-01 \(line 9\) .* more than {MAX_WEEKS:,} rounds"):
        played(outputs)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    played(past(1, 5))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(Failed, match=r"cannot be written: No such file .* TMPDIR names the folder"):
        played(past(1, 5))
