"""A character that only looks right is named, so that it can be found and typed anew."""

import pytest

from bot.domain.cadences import read_cadence
from bot.domain.data_rules import read_hosts, read_masks
from bot.domain.hours import hours_fault
from bot.domain.limits import read_limits
from bot.domain.lookalikes import foreign_letter, lookalike

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


@pytest.mark.parametrize(
    ("mask", "named"),
    [
        ("ORD-\u2217", "U+2217 (asterisk operator)"),
        ("ORD\u02cd####", "U+02CD (modifier letter low macron)"),
        ("ORD\u2013####", "U+2013 (en dash)"),
        ("ORD-\uff03\uff03#", "U+FF03 (fullwidth number sign)"),
        ("\u041eRD-####", "U+041E (cyrillic capital letter o)"),
    ],
)
def test_a_mask_that_would_find_nothing_is_refused_by_naming_why(mask: str, named: str) -> None:
    with pytest.raises(ValueError, match="would find nothing") as refused:
        read_masks(mask)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    "mask", ["ÄKT-####", "§ ###", "№ ####", "\u0417\u0410\u041a-####", "注文-####", "ORD-*"]
)
def test_letters_and_signs_of_any_language_are_taken(mask: str) -> None:
    assert lookalike(mask) == ""
    assert read_masks(mask) == (mask,)


def test_names_and_hosts_with_one_are_refused_by_naming_it() -> None:
    with pytest.raises(ValueError, match="U\\+02CD"):
        read_limits("latency\u02cdp95 <= 2.5")
    with pytest.raises(ValueError, match="U\\+2039"):
        read_limits("latency_p95 \u2039= 2.5")
    with pytest.raises(ValueError, match="U\\+2217"):
        read_hosts("\u2217.example.com")
