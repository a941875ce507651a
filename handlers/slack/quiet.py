"""Who has do-not-disturb on, as Slack says: asked at most once in three minutes for each.

It is a courtesy and never a hindrance: of whomever Slack does not tell, nothing waits.
"""

from dataclasses import dataclass, field
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.clock import Clock

FRESH: Final = 180.0  # seconds
Span = tuple[float, float]  # from and to, in Slack's seconds


@dataclass(frozen=True, slots=True)
class _Heard:
    """What Slack said of somebody, and when that was by either clock."""

    elapsed: float
    now: float
    spans: tuple[Span, ...] = ()


@dataclass
class QuietTimes:
    client: WebClient
    clock: Clock
    _known: dict[str, _Heard] = field(default_factory=dict)
    _ask_again_at: float = 0

    def people(self) -> frozenset[str]:
        """Give those of whom it is known that they are not to be disturbed now."""
        return frozenset(
            user_id
            for user_id, heard in self._known.items()
            if self._is_fresh(heard) and self._is_quiet(heard)
        )

    def holds(self, user_id: str) -> bool:
        """Tell whether somebody is not to be disturbed now; asks Slack where that is not known."""
        heard = self._known.get(user_id)
        if heard is None or not self._is_fresh(heard):
            heard = self._known[user_id] = self._ask(user_id)
        return self._is_quiet(heard)

    def _ask(self, user_id: str) -> _Heard:
        elapsed, now = self.clock.elapsed(), self._now()
        if elapsed < self._ask_again_at:
            return _Heard(elapsed, now)
        try:
            return _Heard(elapsed, now, _spans(self.client.dnd_info(user=user_id)))
        except SlackApiError:  # not granted, or nobody it could be said of
            return _Heard(elapsed, now)
        except OSError:  # the next message is not to wait for as long to learn as little
            self._ask_again_at = self.clock.elapsed() + FRESH
            return _Heard(elapsed, now)

    def _is_fresh(self, heard: _Heard) -> bool:
        # A clock that is moved by hand goes on by leaps: what was heard is as old as it says.
        aged = max(self.clock.elapsed() - heard.elapsed, self._now() - heard.now)
        return aged < FRESH

    def _is_quiet(self, heard: _Heard) -> bool:
        return any(begins <= self._now() < ends for begins, ends in heard.spans)

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _spans(said: SlackResponse) -> tuple[Span, ...]:
    """Give the times that an answer of Slack's names; a snooze without an end names none."""
    spans = []
    if said.get("dnd_enabled"):
        spans.append((_seconds(said, "next_dnd_start_ts"), _seconds(said, "next_dnd_end_ts")))
    if said.get("snooze_enabled"):
        spans.append((0.0, _seconds(said, "snooze_endtime")))
    return tuple(spans)


def _seconds(said: SlackResponse, name: str) -> float:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
