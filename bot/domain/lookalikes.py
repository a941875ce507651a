"""Letters that only look like those of a keyboard, named so that people can find them."""

from typing import Final
from unicodedata import name

_PEOPLE_TYPE: Final = frozenset("–—’“”…")  # noqa: RUF001 -- what editors make of what is typed


def foreign_letter(text: str) -> str:
    """Give a sentence that names the first character no keyboard of ours has; empty if all do."""
    found = next((each for each in text if not each.isascii() and each not in _PEOPLE_TYPE), "")
    if not found:
        return ""
    called = name(found, "without a name").lower()
    return f"The character “{found}” in it is U+{ord(found):04X} ({called}): type it anew."
