"""A story that is told in the workspace: while it is, whoever looks on only watches."""

import secrets
from dataclasses import dataclass
from typing import Final

from sandbox.wire import Json

HEADER: Final = "Sandbox-Pass"  # with which whoever tells the story acts
WATCH: Final = "The demo is playing: watch. You can act once it has ended."


@dataclass
class Telling:
    """Where a story is that is being told; nobody but its teller has the pass."""

    step: int = 0
    of: int = 0
    title: str = ""
    held: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.held)

    def begin(self, of: int) -> str:
        """Let nobody act from now on but who shows the pass that this returns."""
        self.of, self.held = of, secrets.token_hex(16)
        return self.held

    def end(self) -> None:
        """Let everybody act again."""
        self.step, self.of, self.title, self.held = 0, 0, "", ""

    def lets(self, shown: str) -> bool:
        """Tell whether somebody who shows this may act."""
        return not self.is_on or secrets.compare_digest(shown.encode(), self.held.encode())

    def to_page(self) -> Json | None:
        """Return what is said to those who watch; None if there is nothing to watch."""
        if not self.is_on:
            return None
        return {"step": self.step, "of": self.of, "title": self.title, "said": WATCH}
