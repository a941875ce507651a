"""What is the same to whoever judges it is one content; all else is not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.copies import groups_among, originals
from bot.domain.outputs import Output

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SAID = Output("a", NOON, category="refund", text="A refund is due.", url="", digest="")


def test_what_reads_the_same_is_grouped_and_the_first_of_it_is_asked() -> None:
    other = replace(SAID, output_id="b", text="No refund is due.")
    drawn = [SAID, other, replace(SAID, output_id="c"), replace(other, output_id="d"), SAID]
    assert groups_among(drawn) == ((0, 2, 4), (1, 3))
    assert originals(groups_among(drawn)) == {2: 0, 4: 0, 3: 1}


def test_when_and_how_surely_it_was_said_makes_no_other_content() -> None:
    later = replace(SAID, output_id="b", produced_at=NOON.replace(hour=13), confidence="0.4")
    assert groups_among([SAID, replace(later, model_version="next")]) == ((0, 1),)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, text="A refund is due!"),
        replace(SAID, url="https://example.org/b"),
        replace(SAID, digest="sha256:b"),
        replace(SAID, category="billing"),
    ],
)
def test_whatever_a_reviewer_could_judge_it_by_makes_another_content(other: Output) -> None:
    assert groups_among([SAID, other]) == ()


def test_without_a_text_nothing_is_known_to_be_the_same() -> None:
    silent = replace(SAID, text="", digest="sha256:a", url="https://example.org/a")
    assert groups_among([silent, replace(silent, output_id="b")]) == ()
