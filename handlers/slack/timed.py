"""How Slack's requests are answered, and how long that takes: for whoever watches the bot."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.clock import Clock
from bot.domain.durations import Durations, with_one_more
from bot.patience import kept_waiting
from handlers.slack.parts import storable


class Result(StrEnum):
    """What became of a request. `unknown`: nothing here listens for it."""

    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass
class Answered:
    """The answers since the start, by what became of the request. Threads note theirs at once."""

    clock: Clock
    _so_far: dict[Result, Durations] = field(
        default_factory=lambda: dict.fromkeys(Result, Durations())
    )
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def note(self, result: Result, begun: float) -> None:
        seconds = self.clock.elapsed() - begun
        with self._one_at_a_time:
            self._so_far[result] = with_one_more(self._so_far[result], seconds)

    def so_far(self) -> Mapping[str, Durations]:
        with self._one_at_a_time:
            return {result.value: durations for result, durations in self._so_far.items()}


class TimedApp(App):
    """A Bolt app that notes of each request what became of it, and in how many seconds.

    Bolt runs a listener after its middleware, not inside it: only around both can it be timed.
    However requests come in, they come by here: what listeners are given can be kept, and how long
    whoever acts has waited is counted from here.
    """

    def __init__(self, answered: Answered, **options: Any) -> None:  # noqa: ANN401 -- Bolt's own
        super().__init__(**options)
        self._answered = answered

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        begun = self._answered.clock.elapsed()
        result = Result.FAILED
        try:
            req.body = storable(req.body)
            with kept_waiting(self._answered.clock, begun):
                response = super().dispatch(req)
            result = _result(response.status)
        finally:
            self._answered.note(result, begun)
        return response


def _result(status: int) -> Result:
    if status == HTTPStatus.NOT_FOUND:
        return Result.UNKNOWN
    return Result.ACKNOWLEDGED if status == HTTPStatus.OK else Result.FAILED
