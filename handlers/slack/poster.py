"""Sending to Slack: posts, updates, answers and files, with what became of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.domain.messages import (
    MISSING_SCOPE,
    Lost,
    NotNow,
    Place,
    Posting,
    Shown,
    Unclear,
    Undeliverable,
)
from bot.rendering.render import Rendered
from handlers.slack.answers import AnswerAddress, send_answer
from handlers.slack.errors import name_of, scope_needed, sorted_out
from handlers.slack.events import METADATA_TYPE
from handlers.slack.parts import call_time

TIMEOUT: Final = 10  # seconds; nobody waits for a message of the outbox
PROMPT: Final = 1  # seconds; an ack waits for what is said outside of it
TROUBLE_WAIT: Final = 30  # seconds until files that Slack failed to take are sent again
FILES_SCOPE: Final = "files:write"
SHOWS_FILES: Final = "files.completeUploadExternal"  # the last call of an upload


@dataclass(frozen=True, slots=True)
class Poster:
    """Sends what it is handed. The client must not retry on its own: that would post twice."""

    client: WebClient
    answers: AnswerAddress

    def send(self, posting: Posting, rendered: Rendered) -> Shown | None:
        """Post or update a message and give where it stands.

        None for an answer to one person, and for pictures: Slack says of neither where it is.

        Raises NotNow if it was surely not sent and may be later, ShutOut if nothing can be sent,
        Unclear if nobody knows why it was not, Lost if Slack's answer was lost, Vanished if what
        was to be updated or replied to is gone, Undeliverable if it never will be sent.
        """
        if posting.message.place is Place.ANSWER:
            self._answer(posting.message.to, rendered)
            return None
        if rendered.pictures:
            self._send_pictures(posting, rendered)
            return None
        try:
            answer = self._post(posting, rendered)
        except SlackApiError as error:
            raise sorted_out(error, posting.message.place) from error
        except OSError as error:
            raise Lost(str(error)) from error
        return Shown(str(answer["channel"]), str(answer["ts"]))

    def send_file(self, user_id: str, path: Path, comment: str) -> None:
        """Upload a file into somebody's DM. Raises as `send` does."""
        file = {"file": str(path), "filename": path.name, "title": "The record"}
        self._upload(user_id, [file], comment)

    def _send_pictures(self, posting: Posting, rendered: Rendered) -> None:
        pictures = [
            {
                "content": each.png(),
                "filename": f"{posting.message.kind}-{place}.png",
                "title": each.title,
                "alt_txt": each.alt,
            }
            for place, each in enumerate(rendered.pictures, 1)
        ]
        self._upload(posting.message.to, pictures, rendered.text)

    def _upload(self, to: str, files: list[dict[str, Any]], comment: str) -> None:
        """Share files in a channel, or in the DM of a person, below what is said of them."""
        place = Place.CHANNEL if to[0] in "CG" else Place.PERSON
        try:
            channel = to if place is Place.CHANNEL else self._direct(to)
            self.client.files_upload_v2(
                channel=channel, file_uploads=files, initial_comment=comment
            )
        except SlackApiError as error:
            raise _sorted_out_of_upload(error, place) from error
        except SlackRequestError as error:  # where the bytes go, no method of Slack's answers
            raise Unclear(str(error)) from error
        except OSError as error:
            raise Lost(str(error)) from error

    def _direct(self, user_id: str) -> str:
        return str(self.client.conversations_open(users=[user_id])["channel"]["id"])

    def say(self, answer_url: str, sentence: str) -> None:
        """Tell one person something at once, outside the outbox. Raises as `send` does."""
        self._answer(answer_url, Rendered(sentence, []), call_time(PROMPT))

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
                "event_payload": {
                    "outbox_id": posting.id,
                    "attempt": posting.attempt,
                    "with_it": " ".join(str(each.id) for each in posting.with_it),
                },
            },
            **message,
        )

    def _answer(self, answer_url: str, rendered: Rendered, timeout: float = TIMEOUT) -> None:
        self.answers.require(answer_url)
        send_answer(answer_url, rendered, timeout)


def _sorted_out_of_upload(error: SlackApiError, place: Place) -> Exception:
    """Give what Slack's no means for files: before the last call nobody has seen them.

    Who asked for files is waiting for them: that a scope is missing they are told, and it ends.
    """
    if name_of(error) == MISSING_SCOPE:
        return Undeliverable(f"{MISSING_SCOPE} {scope_needed(error) or FILES_SCOPE}")
    found = sorted_out(error, place)
    if isinstance(found, Lost) and SHOWS_FILES not in str(error.response.api_url):
        return NotNow(str(found), TROUBLE_WAIT)
    return found
