"""Letters that nobody sees, and text that has no others."""

from typing import Final
from unicodedata import category

# Control, format (bidirectional, zero-width), half a pair, line and paragraph separators.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Blank to the eye although Unicode calls them letters, marks or symbols.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def is_unseen(letter: str) -> bool:
    """Tell whether a letter leaves nothing to the eye, not even the gap of a blank."""
    return letter in _BLANK or category(letter) in _UNSEEN


def says_nothing(text: str) -> bool:
    """Tell whether a text has no letter to be seen: none, blanks, marks that stand on none."""
    return all(
        letter.isspace() or is_unseen(letter) or category(letter).startswith("M") for letter in text
    )
