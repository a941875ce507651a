"""A character that only looks right is named, so that it can be found and typed anew."""

import pytest

from bot.domain.cadences import read_cadence
from bot.domain.hours import hours_fault
from bot.domain.lookalikes import foreign_letter

LOOKS_LIKE_A_COLON = "\ua789"


def test_the_first_one_is_named_by_its_number_and_its_name() -> None:
    assert foreign_letter(f"09{LOOKS_LIKE_A_COLON}00") == (
        f"The character “{LOOKS_LIKE_A_COLON}” in it is U+A789 (modifier letter colon): "
        "type it anew."
    )


@pytest.mark.parametrize("text", ["", "every monday at 09:00", "Mon\u2013Fri 09:00", "“always”"])
def test_what_people_type_or_their_editor_makes_of_it_is_none(text: str) -> None:
    assert foreign_letter(text) == ""


def test_a_rhythm_and_hours_with_one_are_refused_by_naming_it() -> None:
    with pytest.raises(ValueError, match="U\\+A789"):
        read_cadence(f"every monday at 09{LOOKS_LIKE_A_COLON}00")
    assert "U+A789 (modifier letter colon)" in hours_fault(
        f"Mon-Fri 09{LOOKS_LIKE_A_COLON}00-17:00"
    )
