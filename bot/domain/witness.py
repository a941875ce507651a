"""What follows from somebody outside having seen a checkpoint: the log can only have grown."""

from typing import Final

from bot.domain.figures import counted
from bot.domain.notes import TreeHead
from bot.domain.refusals import Busy

TOLD: Final = (
    "The record is shorter than what was witnessed, or not the same. Nothing was recorded. "
    "Tell whoever runs this bot."
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
        super().__init__(
            f"the record {seen.origin} {fault}, but its first {seen.size} entries were witnessed "
            f"with the root {seen.root.hex()[:16]}…; nothing is recorded. Was an older backup "
            "restored? Bring back the newer database, or say on record that the record goes on "
            "from here: answerable recover --reason TEXT"
        )


def require_grown(seen: TreeHead, size: int, root: str | None) -> None:
    """Raise Shortened unless a log of `size` entries has the witnessed root at that size.

    `root` in hex is what the log has there, None if it never was of that size.
    """
    if size < seen.size or root != seen.root.hex():
        raise Shortened(seen, size)
