"""Files on their way to Slack: the bytes go where no method of Slack's answers."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.domain.messages import Lost, NotNow, Unclear, Undeliverable
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


class Failing(WebClient):
    """Slack that does not do one call of an upload, and says this."""

    def __init__(self, method: str, **said: str) -> None:
        super().__init__()
        self.method = method
        self.said = said or {"error": "internal_error"}

    def files_upload_v2(self, **_: object) -> None:  # type: ignore[override]
        said = {"ok": False, **self.said}
        url = f"{self.base_url}{self.method}"
        answer = SlackResponse(
            client=self,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=said,
            headers={},
            status_code=503,
        )
        raise SlackApiError("it failed", answer)


@pytest.mark.parametrize(
    ("method", "becomes"),
    [("files.getUploadURLExternal", NotNow), ("files.completeUploadExternal", Lost)],
)
def test_files_that_slack_failed_to_take_before_anybody_saw_them_are_sent_again(
    tmp_path: Path, method: str, becomes: type[Exception]
) -> None:
    file = tmp_path / "record.zip"
    file.write_bytes(b"PK")
    with pytest.raises(becomes, match="internal_error"):
        Poster(Failing(method), AnswerAddress()).send_file("C0BOARD", file, "The digest.")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"needed": "files:write"}, "missing_scope files:write"),
        ({"needed": "im:write"}, "missing_scope im:write"),
        ({"needed": "`<!channel>"}, "missing_scope files:write"),
        ({}, "missing_scope files:write"),
    ],
)
def test_files_that_a_scope_is_missing_for_are_not_waited_for(
    tmp_path: Path, said: dict[str, str], error: str
) -> None:
    file = tmp_path / "record.zip"
    file.write_bytes(b"PK")
    slack = Failing("files.getUploadURLExternal", error="missing_scope", **said)
    with pytest.raises(Undeliverable) as refused:
        Poster(slack, AnswerAddress()).send_file("C0BOARD", file, "The record you asked for.")
    assert str(refused.value) == error
