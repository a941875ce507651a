"""Slack's Web API, by a client that tells whether Slack takes the bot's token."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.slack.errors import OF_ONE_METHOD, SHUT_OUT, NoAnswer, name_of
from handlers.slack.parts import call_time

# Asked with another token than the bot's.
_OF_THE_APP: Final = frozenset({"apps.connections.open"})
# Asked for nothing but whether the token is taken.
_OF_THE_TOKEN: Final = "auth.test"  # noqa: S105 -- a method's name

Heard = Callable[[str], None]


class HeardClient(WebClient):
    """Tells after each answer why Slack does not let the bot in: an empty string if it does.

    Whoever asks is answered or refused as ever; one client's refusal is every other one's too.
    """

    heard: Heard | None = None
    _patience: float

    @property  # type: ignore[override] # the SDK gives it to urllib, which takes parts
    def timeout(self) -> float:
        """Give the seconds that a call may take: whoever acts may have waited for others before."""
        return call_time(self._patience)

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._patience = seconds

    def api_call(self, api_method: str, **asked: Any) -> SlackResponse:  # noqa: ANN401 -- Slack's
        """Ask Slack. Raises SlackApiError for its no, NoAnswer if it says nothing."""
        try:
            answer = super().api_call(api_method, **asked)
        except SlackApiError as error:
            name = name_of(error)
            self._tell(api_method, name if name in _said_of_token(api_method) else None)
            raise
        except (OSError, HTTPException) as fault:
            raise NoAnswer(str(fault)) from fault
        self._tell(api_method, "")
        return answer

    def _tell(self, api_method: str, why_not: str | None) -> None:
        # Another no than these says nothing of the token: a busy server may not have looked at it.
        if self.heard and why_not is not None and api_method not in _OF_THE_APP:
            self.heard(why_not)


def _said_of_token(api_method: str) -> frozenset[str]:
    """Give the words by which this method turns the token away, and not only what was asked."""
    return SHUT_OUT if api_method == _OF_THE_TOKEN else SHUT_OUT - OF_ONE_METHOD
