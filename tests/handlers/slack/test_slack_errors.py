"""Each of Slack's words for no: what becomes of the message, and of all the others."""

from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.domain.messages import Lost, NotNow, Place, ShutOut, Unclear, Undeliverable, Vanished
from handlers.slack.errors import foreign_answer, sorted_out


class Answer(dict[str, Any]):
    """Slack's answer, as far as anybody looks at it."""

    def __init__(self, error: str, status: int = 200, **headers: str) -> None:
        super().__init__(ok=False, error=error)
        self.status_code = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def became(
    error: str, status: int = 200, place: Place = Place.CHANNEL, **headers: str
) -> Exception:
    answer = cast("SlackResponse", Answer(error, status, **headers))
    return sorted_out(SlackApiError("no", answer), place)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("service_unavailable", NotNow),
        ("missing_scope", NotNow),
        ("token_revoked", ShutOut),
        ("account_inactive", ShutOut),
        ("invalid_auth", ShutOut),
        ("internal_error", Lost),
        ("message_not_found", Vanished),
        ("edit_window_closed", Vanished),
        ("thread_not_found", Vanished),
        ("is_archived", Undeliverable),
        ("invalid_blocks", Undeliverable),
        ("never_heard_of_it", Unclear),
    ],
)
def test_each_is_sorted(error: str, kind: type[Exception]) -> None:
    assert type(became(error)) is kind


@pytest.mark.parametrize("error", ["ratelimited", "", "is_archived"])
def test_slacks_own_wait_is_kept(error: str) -> None:
    later = became(error, 429, Retry_After="17")
    assert isinstance(later, NotNow)
    assert later.wait == 17


def test_an_answer_that_is_no_answer_may_have_been_a_yes() -> None:
    assert isinstance(became("", 502), Lost)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("is_archived", "Unarchive it"),
        ("is_inactive", "Unarchive it"),
        ("not_in_channel", "/invite"),
        ("no_permission", "/invite"),
        ("access_denied", "admin"),
        ("channel_not_found", "/invite"),
        ("restricted_action", "admin"),
        ("user_disabled", ""),
        ("user_not_found", ""),
        ("msg_too_long", ""),
    ],
)
def test_what_people_can_mend_is_said_to_them(error: str, words: str) -> None:
    never = became(error)
    assert isinstance(never, Undeliverable)
    assert words in never.why
    assert bool(never.why) is bool(words)


@pytest.mark.parametrize(
    ("error", "status", "is_foreign"),
    [
        ("Received a response in a non-JSON format: Not Found", 404, True),
        ("", 404, True),
        ("invalid_auth", 200, False),
        ("", 502, False),
        ("ratelimited", 429, False),
    ],
)
def test_what_is_not_slack_refuses_no_token(error: str, status: int, *, is_foreign: bool) -> None:
    answer = cast("SlackResponse", Answer(error, status))
    told = foreign_answer(SlackApiError("no", answer), "http://127.0.0.1:9/")
    assert told.startswith("what answers at http://127.0.0.1:9/ is not Slack's") is is_foreign
    assert bool(told) is is_foreign


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("user_disabled", "no message of an app"),
        ("user_not_found", "no message of an app"),
        ("channel_not_found", "no message of an app"),
        ("is_archived", "no message of an app"),
        ("msg_too_long", ""),
    ],
)
def test_of_a_person_nothing_is_said_that_holds_of_channels_alone(error: str, words: str) -> None:
    never = became(error, place=Place.PERSON)
    assert isinstance(never, Undeliverable)
    assert words in never.why
    assert bool(never.why) is bool(words)


def test_a_message_and_its_thread_are_told_apart() -> None:
    gone = [became("message_not_found"), became("thread_not_found")]
    assert [isinstance(each, Vanished) and each.is_thread for each in gone] == [False, True]
