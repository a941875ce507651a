"""How fast Slack takes messages: one a second in each channel, and so many in all of them."""

from dataclasses import dataclass, field
from typing import Final

from bot.clock import Elapsed

CHANNELS_AT_ONCE: Final = 5  # their rates together: with one message a second 300 a minute
BURST: Final = 30  # messages that need not wait for one another after a pause


@dataclass
class Pacer:
    """Keeps to `rate` messages a second in each channel, and in the workspace to five times that.

    Only one process sends for a workspace, so no other has to know. Nothing here waits: it is said
    which channels rest, and the next message is looked for among the others.
    """

    clock: Elapsed
    rate: float
    _free_at: dict[str, float] = field(default_factory=dict)
    _even: float = 0.0  # when the messages so far would have left, had each waited its turn
    _refused: str = ""

    def wait(self) -> float:
        """Give the seconds until the workspace may have a message, whatever its channel."""
        return max(0.0, self._even - (BURST - 1) * self._turn - self.clock.elapsed())

    def resting(self) -> frozenset[str]:
        """Give the channels that may have no message yet."""
        now = self.clock.elapsed()
        self._free_at = {each: at for each, at in self._free_at.items() if at > now}
        return frozenset(self._free_at)

    def until_free(self, longest: float) -> float:
        """Give the seconds until something more may be sent than now, `longest` at the most."""
        now = self.clock.elapsed()
        return self.wait() or min([longest, *(at - now for at in self._free_at.values())])

    def book(self, channel: str) -> None:
        """Count a message that is about to be sent."""
        now = self.clock.elapsed()
        self._free_at[channel] = now + 1 / self.rate
        self._even = max(self._even, now) + self._turn

    def rest(self, channel: str, seconds: float) -> None:
        self._free_at[channel] = self.clock.elapsed() + seconds

    def taken(self) -> None:
        """Note that Slack took a message."""
        self._refused = ""

    def refused(self, channel: str, seconds: float) -> None:
        """Rest where Slack has had too much, for as long as it says.

        Each channel had no more than it may. If a second one is refused before Slack has taken
        anything, it is the workspace that has had too much, and nothing is sent at all.
        """
        self.rest(channel, seconds)
        if self._refused not in ("", channel):
            self._even = self.clock.elapsed() + seconds + (BURST - 1) * self._turn
        self._refused = channel

    @property
    def _turn(self) -> float:
        return 1 / (CHANNELS_AT_ONCE * self.rate)
