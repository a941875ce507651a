"""The page about data rules says what the domain does."""

from pathlib import Path
from re import DOTALL, search

from bot.domain.data_rules import BLANK, MASKS, MAX_MASKS, blanked, read_masks
from bot.domain.policy import MAX_TEXT

PAGE = (Path(__file__).resolve().parents[2] / "docs/data-rules.md").read_text()


def test_the_pages_masks_are_understood_and_fit_what_it_says() -> None:
    found = search(r"```\n(.*?)```", PAGE, DOTALL)
    assert found
    masks = read_masks(found[1])
    assert len(masks) == 3
    assert blanked("ORD-123456 of kd ab-77", masks) == f"{BLANK} of {BLANK}"


def test_the_page_names_every_mask_and_its_figures() -> None:
    assert all(f"`{mask}`" in PAGE for mask in MASKS)
    assert f"`{BLANK}`" in PAGE
    assert f"at most {MAX_TEXT:,}" in PAGE
    assert MAX_MASKS == 10
    assert "up to ten" in PAGE
