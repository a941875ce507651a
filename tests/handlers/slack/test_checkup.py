"""What the doctor makes of Slack's word on a channel: where it does not tell there is no fault."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.slack.checkup import channel_fault


class Telling(WebClient):
    """Slack that says no when it is asked about a channel, to a token of these scopes."""

    def __init__(self, error: str, scopes: str) -> None:
        super().__init__()
        self.error, self.scopes = error, scopes

    def conversations_info(self, **_: object) -> SlackResponse:  # type: ignore[override]
        answer = SlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": False, "error": self.error},
            headers={"X-OAuth-Scopes": self.scopes},
            status_code=200,
        )
        raise SlackApiError("no", answer)


class Knowing(WebClient):
    def __init__(self, **channel: bool) -> None:
        super().__init__()
        self.channel = channel

    def conversations_info(self, **_: object) -> Any:  # noqa: ANN401 -- Slack's own
        return {"ok": True, "channel": self.channel}


@pytest.mark.parametrize(
    ("error", "scopes", "is_fault"),
    [
        ("channel_not_found", "channels:read,groups:read", True),
        ("channel_not_found", "channels:read", False),
        ("missing_scope", "chat:write", False),
        ("internal_error", "channels:read,groups:read", False),
    ],
)
def test_a_channel_that_slack_does_not_know_is_a_fault_for_who_may_ask_about_private_ones(
    error: str, scopes: str, *, is_fault: bool
) -> None:
    assert bool(channel_fault(Telling(error, scopes), "C0WATCH")) is is_fault


def test_a_channel_the_bot_is_in_has_no_fault() -> None:
    assert channel_fault(Knowing(is_member=True, is_archived=False), "C0WATCH") == ""
    assert channel_fault(Knowing(is_member=False), "C0WATCH") == "the bot is not in it"
    assert channel_fault(Knowing(is_member=True, is_archived=True), "C0WATCH") == "it is archived"
