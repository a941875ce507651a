"""Files on their way to Slack: the bytes go where no method of Slack's answers."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackRequestError

from bot.domain.messages import Unclear
from handlers.slack.answers import AnswerAddress
from handlers.slack.poster import Poster


class Refusing(WebClient):
    """Slack whose place for bytes takes none."""

    def files_upload_v2(self, **_: object) -> None:  # type: ignore[override]
        raise SlackRequestError("Failed to upload a file (status: 413)")


def test_i3_bytes_that_are_not_taken_are_tried_again_and_no_fault_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "record.zip"
    file.write_bytes(b"PK")
    poster = Poster(Refusing(), AnswerAddress())
    with pytest.raises(Unclear, match="413"):
        poster.send_file("C0BOARD", file, "The record you asked for.")
