"""Sending to Slack: posts, updates, answers and files, with errors sorted by what to do next."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.domain.messages import Lost, NotNow, Place, Posting, Shown, Undeliverable, Vanished
from bot.rendering.render import Rendered
from handlers.slack.events import METADATA_TYPE

TIMEOUT: Final = 10  # seconds; nobody waits for a message of the outbox
PROMPT: Final = 1  # seconds; an ack waits for what is said outside of it
SLACK_HOST: Final = "hooks.slack.com"

# Slack's own words for: it was not done, and trying again may help.
_PASSING: Final = frozenset({"ratelimited", "service_unavailable", "request_timeout"})
# It may or may not have been done.
_AMBIGUOUS: Final = frozenset({"internal_error", "fatal_error"})
# The bot's token is no good: nothing can be sent until the operator has helped.
_SHUT_OUT: Final = frozenset({"invalid_auth", "token_revoked", "token_expired", "account_inactive"})
_SHUT_OUT_WAIT: Final = 60


@dataclass(frozen=True, slots=True)
class Poster:
    """Sends what it is handed. The client must not retry on its own: that would post twice."""

    client: WebClient
    answer_hosts: frozenset[str]

    def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
        """Post or update a message and give where it stands; None for an answer to one person.

        Raises NotNow if it was surely not sent and may be later, Lost if Slack's answer was lost,
        Vanished if what was to be updated is gone, Undeliverable if it never will be sent.
        """
        if posting.message.place is Place.ANSWER:
            self._answer(posting.message.to, rendered)
            return None
        try:
            answer = self._post(posting, rendered)
        except SlackApiError as error:
            if error.response.get("error") == "message_not_found":
                raise Vanished from error
            raise _sorted(error) from error
        except OSError as error:
            raise Lost(str(error)) from error
        return Shown(str(answer["channel"]), str(answer["ts"]))

    def send_file(self, user_id: str, path: Path, comment: str) -> None:
        """Upload a file into somebody's DM. Raises as `send` does."""
        try:
            opened = self.client.conversations_open(users=[user_id])
            self.client.files_upload_v2(
                channel=opened["channel"]["id"],
                file=str(path),
                filename=path.name,
                title="The record",
                initial_comment=comment,
            )
        except SlackApiError as error:
            raise _sorted(error) from error
        except OSError as error:
            raise Lost(str(error)) from error

    def say(self, answer_url: str, sentence: str) -> None:
        """Tell one person something at once, outside the outbox. Raises as `send` does."""
        self._answer(answer_url, Rendered(sentence, []), PROMPT)

    def _post(self, posting: Posting, rendered: Rendered) -> SlackResponse:
        message: dict[str, Any] = {"text": rendered.text, "blocks": rendered.blocks}
        if posting.shown:
            return self.client.chat_update(
                channel=posting.shown.channel, ts=posting.shown.ts, **message
            )
        return self.client.chat_postMessage(
            channel=posting.message.to,
            thread_ts=posting.thread_ts or None,
            unfurl_links=False,
            unfurl_media=False,
            metadata={
                "event_type": METADATA_TYPE,
                "event_payload": {"outbox_id": posting.id, "attempt": posting.attempt},
            },
            **message,
        )

    def _answer(self, answer_url: str, rendered: Rendered, timeout: int = TIMEOUT) -> None:
        address = urlsplit(answer_url)
        if address.hostname not in self.answer_hosts:
            raise Undeliverable(f"an answer may not go to {address.hostname}")
        try:
            answer = WebhookClient(answer_url, timeout=timeout, retry_handlers=[]).send(
                text=rendered.text,
                blocks=rendered.blocks or None,
                response_type="ephemeral",
                replace_original=False,
            )
        except OSError as error:
            raise Lost(str(error)) from error
        if answer.status_code != 200:  # noqa: PLR2004 -- Slack answers 200 or not at all
            raise Undeliverable(f"the answer was refused: {answer.body[:100]}")


def _sorted(error: SlackApiError) -> NotNow | Lost | Undeliverable:
    answer = error.response
    name = str(answer.get("error") or answer.status_code)
    if answer.status_code == 429 or name in _PASSING:  # noqa: PLR2004 -- too many requests
        return NotNow(name, int(answer.headers.get("Retry-After", 1)))
    if name in _SHUT_OUT:
        return NotNow(name, _SHUT_OUT_WAIT)
    if answer.status_code >= 500 or name in _AMBIGUOUS:  # noqa: PLR2004 -- their fault, not ours
        return Lost(name)
    return Undeliverable(name)
