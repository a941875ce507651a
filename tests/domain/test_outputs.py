"""What may be reported is bounded by the room it takes on record, not by how long it looks."""

from datetime import timedelta

import pytest
from worlds import MONDAY

from bot.domain.outputs import Output, output_fault


def test_a_category_that_needs_more_room_than_it_shows_is_refused() -> None:
    assert output_fault(Output("o1", MONDAY, category="ß" * 59), MONDAY) == ""
    assert "category" in output_fault(Output("o1", MONDAY, category='"' * 60), MONDAY)


@pytest.mark.parametrize("output_id", ['o"1', "o\\1", "o 1", "ö1"])
def test_an_output_id_needs_no_escape_on_record(output_id: str) -> None:
    assert "output_id" in output_fault(Output(output_id, MONDAY), MONDAY)


def test_an_output_is_of_the_future_by_no_more_than_clocks_differ() -> None:
    fast, ahead = (MONDAY + timedelta(minutes=5, seconds=each) for each in (0, 1))
    assert output_fault(Output("o1", fast), MONDAY) == ""
    assert output_fault(Output("o1", ahead), MONDAY) == (
        "produced_at lies more than 5 minutes in the future: the bot's own time is "
        "2026-06-01T09:00:00Z"
    )
