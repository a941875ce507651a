"""Whether Slack lets the bot in, by all that its answers say of the token."""

from dataclasses import dataclass
from typing import Final

import structlog

from bot.clock import Elapsed

log = structlog.get_logger()

LONGEST_SHUT: Final = 60.0  # seconds between two tries of a token that is no good


@dataclass
class Entrance:
    """Whether Slack lets the bot in; while it does not, it is knocked at ever more rarely.

    Whatever asks Slack for anything tells it: people are refused long before a message is sent.
    Where posts alone are refused, only one that is taken opens it again, whatever else Slack
    answers. `why_not` is Slack's word for it.
    """

    clock: Elapsed
    why_not: str = ""
    _pause: float = 0
    _knock_at: float = 0
    _is_for_posts: bool = False

    @property
    def is_open(self) -> bool:
        return self._pause == 0

    def rests(self) -> bool:
        return not self.is_open and self.clock.elapsed() < self._knock_at

    def hear(self, why_not: str) -> None:
        """Note what Slack's answer says of the token: an empty string if it took it."""
        if why_not:
            self.shut(why_not)
        elif not self._is_for_posts:
            self.open()

    def shut(self, why_not: str, *, is_for_posts: bool = False) -> None:
        if self.is_open:
            log.error("slack does not let us in", error=why_not, run="answerable doctor")
        self.why_not = why_not
        self._is_for_posts = is_for_posts
        if self.rests():  # one more no in the meantime is no reason to wait longer
            return
        self._pause = min(max(1, 2 * self._pause), LONGEST_SHUT)
        self._knock_at = self.clock.elapsed() + self._pause

    def open(self) -> None:
        self.why_not = ""
        self._pause = 0
        self._is_for_posts = False
