"""Letters that only look like those of a keyboard, named so that people can find them."""

from typing import Final
from unicodedata import category, name, normalize

_PEOPLE_TYPE: Final = frozenset("–—’“”…")  # noqa: RUF001 -- what editors make of what is typed
# What fonts draw like a mark of the keyboard; what Unicode itself calls a form of one is known.
_DRAWN_ALIKE: Final = frozenset("∗⁎✱٭ˍ∼˜ˋ♯‹›")  # noqa: RUF001 -- that is what they are here for


def foreign_letter(text: str) -> str:
    """Give a sentence that names the first character no keyboard of ours has; empty if all do."""
    foreign = (each for each in text if not each.isascii() and each not in _PEOPLE_TYPE)
    return _named(next(foreign, ""))


def lookalike(text: str) -> str:
    """Give a sentence that names the first character that is taken for another; empty if none is.

    Letters and signs of any language are none; but one of another script amid Latin letters is.
    """
    latin = any(each.isascii() and each.isalpha() for each in text)
    return _named(next((each for each in text if _deceives(each, amid_latin=latin)), ""))


def _deceives(letter: str, *, amid_latin: bool) -> bool:
    if letter.isascii():
        return False
    plain = normalize("NFKC", letter)
    is_form = len(plain) == 1 and plain.isascii()
    is_foreign = amid_latin and letter.isalpha() and not name(letter, "").startswith("LATIN")
    return is_form or is_foreign or letter in _DRAWN_ALIKE or category(letter) == "Pd"


def _named(found: str) -> str:
    if not found:
        return ""
    called = name(found, "without a name").lower()
    return f"The character “{found}” in it is U+{ord(found):04X} ({called}): type it anew."
