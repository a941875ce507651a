"""Things that are good for a short time: trigger ids, response URLs, the pace of a channel."""

from dataclasses import dataclass, field

from sandbox.clock import Clock, elapsed
from sandbox.wire import SlackError, new_id

RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60
BURST = 3


@dataclass
class Trigger:
    user: str
    until: float
    from_view: bool
    is_used: bool = False


@dataclass
class Triggers:
    """Each lives for `seconds` of real time, whatever the sandbox clock says, for one view."""

    seconds: float
    issued: dict[str, Trigger] = field(default_factory=dict)

    def issue(self, user: str, *, from_view: bool = False) -> str:
        name = f"{len(self.issued) + 1}.{new_id('', 12)}.{new_id('', 24).lower()}"
        self.issued[name] = Trigger(user, elapsed() + self.seconds, from_view)
        return name

    def exchange(self, name: str) -> Trigger:
        """Return the trigger and use it up."""
        trigger = self.issued.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if elapsed() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction: who sees it, and what it answers."""

    user: str
    channel: str
    until: int
    message_ts: str | None = None
    is_ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0

    def refusal(self, now: int) -> str | None:
        """Return why it may not be used any more, or None."""
        if self.uses >= RESPONSE_USES:
            return "used_url"
        return "expired_url" if now > self.until else None


@dataclass
class ResponseUrls:
    """Five uses each, within thirty minutes of the workspace's time."""

    clock: Clock
    issued: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(
        self,
        user: str,
        channel: str,
        message_ts: str | None = None,
        *,
        is_ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        name = new_id("", 24)
        until = self.clock.now + RESPONSE_SECONDS
        self.issued[name] = ResponseUrl(user, channel, until, message_ts, is_ephemeral, thread_ts)
        return name


@dataclass
class Pace:
    """Slack's message a second a channel, with a short burst (a fast pace allows a second's)."""

    per_second: float
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def _burst(self) -> float:
        return max(float(BURST), self.per_second)

    def take(self, channel: str) -> None:
        """Count one post; raises `ratelimited` with the whole seconds to wait."""
        left, since = self._left.get(channel, (self._burst, elapsed()))
        now = elapsed()
        left = min(self._burst, left + (now - since) * self.per_second)
        if left < 1:
            self._left[channel] = (left, now)
            wait = int((1 - left) / self.per_second) + 1
            raise SlackError("ratelimited", retry_after=wait)
        self._left[channel] = (left - 1, now)
