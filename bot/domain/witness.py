"""What follows from somebody outside having seen a checkpoint: the log can only have grown."""

from typing import Final

from bot.domain.figures import counted
from bot.domain.notes import TreeHead
from bot.domain.refusals import Busy

TOLD: Final = (
    "The record is shorter than what was witnessed, or not the same. Nothing was recorded. "
    "Tell whoever runs this bot."
)


_ADVICE: Final = (
    "Was an older backup restored? Bring back the newer database, or say on record that the record "
    "goes on from here: answerable recover --reason TEXT"
)
_ANEW: Final = (
    "Is this the right database? Name the one that it is in; or, to begin another record, name "
    "other key files in ANSWERABLE_SIGNING_KEY_FILE and ANSWERABLE_DRAW_KEY_FILE"
)


class Shortened(Busy):
    """The log is not what grew out of what was witnessed, so nothing is recorded in it.

    It says to the operator what is wrong and what to do; `sentence` is what people are told.
    """

    sentence: Final = TOLD

    def __init__(self, seen: TreeHead, size: int) -> None:
        fault = (
            f"has {counted(size, 'entry', 'entries')}"
            if size < seen.size
            else f"has another root at {counted(seen.size, 'entry', 'entries')}"
        )
        witnessed = "first entry was" if seen.size == 1 else f"first {seen.size} entries were"
        super().__init__(
            f"the record {seen.origin} {fault}, but its {witnessed} given to a witness with the "
            f"root {seen.root.hex()[:16]}…; nothing is recorded. {_ADVICE if size else _ANEW}"
        )


def require_grown(seen: TreeHead, size: int, root: str | None) -> None:
    """Raise Shortened unless a log of `size` entries has the witnessed root at that size.

    `root` in hex is what the log has there, None if it never was of that size.
    """
    if size < seen.size or root != seen.root.hex():
        raise Shortened(seen, size)
