"""What the outputs of a round are told apart by where a draw has floors: category, or confidence.

A band of confidence is fixed as an output arrives, by what its pipeline says of it.
"""

from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

EDGES: Final = tuple(Decimal(each) for each in ("0", "0.5", "0.7", "0.8", "0.9", "0.95", "1"))
UNSAID: Final = "unsaid"  # the band of outputs that come without a confidence
_FROM: Final = tuple((low, f"{low}-{high}") for low, high in pairwise(EDGES))

Cell = tuple[str, str]  # a category, and a band


class FloorBy(StrEnum):
    CATEGORY = "category"
    CONFIDENCE = "confidence"


def band_of(confidence: str) -> str:
    """Give the band that a confidence is in, as `0.5-0.7`: from its lower edge on, below the upper.

    The last band has its upper edge, too.
    """
    if not confidence:
        return UNSAID
    said = Decimal(confidence)
    return next(name for low, name in reversed(_FROM) if said >= low or low == EDGES[0])
