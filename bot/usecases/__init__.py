"""What the product can be asked to do. One function is one intention is one transaction."""

from dataclasses import dataclass
from typing import Final

from bot.domain.people import Circle
from store.engine import Store

DUE_AT_ONCE: Final = 50  # of a kind: one tick takes these, the next one what is left


@dataclass(frozen=True, slots=True)
class Deps:
    """What every use case is given.

    The store, the workspace it works for, the people its settings name, and the key that the
    seeds of draws are made with.
    """

    store: Store
    workspace: str
    circle: Circle
    draw_key: bytes
