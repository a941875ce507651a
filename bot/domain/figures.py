"""Numbers as people and programs write them. Those from outside are exact decimals, no float."""

import re
from decimal import Decimal
from typing import Final

MAX_DIGITS: Final = 17  # as many as a float prints, so that what a program computed is taken whole
MAX_PLACES: Final = 30  # powers of ten on either side of the point
MAX_LENGTH: Final = 60
FIGURE_RULE: Final = (
    f"a number of at most {MAX_DIGITS} significant digits, 0 or from 1e-{MAX_PLACES} to "
    f"below 1e{MAX_PLACES} in size"
)
WHOLE_BP: Final = 10_000  # basis points, hundredths of a percent
_FIGURE: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?", re.ASCII)


def read_figure(text: str) -> Decimal:
    """Give the number that is written; ValueError, in a sentence, if it is none or cannot be."""
    found = _FIGURE.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if not found:
        raise ValueError(f"must be {FIGURE_RULE}")
    sign, whole, part, exponent = found.groups(default="")
    digits = (whole + part).lstrip("0")
    counting = digits.rstrip("0")
    if not counting:
        return Decimal(0)
    power = int(exponent or 0) - len(part) + len(digits) - len(counting)
    if len(counting) > MAX_DIGITS or not -MAX_PLACES <= power + len(counting) - 1 < MAX_PLACES:
        raise ValueError(f"must be {FIGURE_RULE}")
    return Decimal(f"{sign}{counting}e{power}")


def figure_text(figure: Decimal) -> str:
    """Give a number's one spelling, which is how people write it: no exponent, no idle zeros."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(basis_points: int) -> str:
    """Give basis points as people write a percentage: 500 is “5”, 250 is “2.5”."""
    return figure_text(Decimal(basis_points).scaleb(-2))


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Give a number of something as people write it: 1 output, 2,000 outputs.

    `nouns` are several, where that takes more than an s: 2 entries.
    """
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"
