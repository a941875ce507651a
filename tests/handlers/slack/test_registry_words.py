"""What whoever registers a workflow is told that a round can show: no more than is true."""

from dataclasses import replace

from worlds import POLICY

from handlers.slack.registry import patience, reach

ENOUGH = replace(POLICY, sample=59, floor=0, limit_bp=500)


def test_a_sample_too_small_for_its_limit_is_told_with_what_it_takes() -> None:
    said = reach(replace(ENOUGH, sample=20, limit_bp=1_000))
    assert "20 outputs without an error show at most 13.9 %" in said
    assert "takes 29 if they are drawn purely at random." in said
    assert "each counts" not in said


def test_a_floor_that_may_make_the_draw_uneven_is_told() -> None:
    assert reach(ENOUGH) == ""
    said = reach(replace(ENOUGH, floor=2))
    assert "With at least 2 of each category each counts by its share" in said
    assert "of several categories it takes many more" in said


def test_it_is_told_how_long_too_many_errors_stay_unproven() -> None:
    said = patience(replace(ENOUGH, sample=20))
    assert "twice the limit takes about 12 rounds to prove, four times the limit about 2" in said
    assert "twice the limit takes about 1 round to prove." in patience(
        replace(ENOUGH, sample=59, limit_bp=4_000)
    )
    assert patience(replace(ENOUGH, limit_bp=6_000)) == "", "there is no twice of it"
