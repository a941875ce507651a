"""What people are told when Slack fails: whose trouble it is, what is on record, what to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs
from worlds import World

from bot.domain.refusals import Away, Busy, CommitUnknown
from bot.rendering.views import ModalView, NoticePage
from bot.usecases import Deps
from handlers.slack.client import HeardClient
from handlers.slack.failures import sentence_for
from handlers.slack.parts import Body, SlackParts
from handlers.slack.windows import Unopened, open_window
from tests.handlers.slack.small_slack import SmallSlack, a_small_slack
from tests.rendering.samples import HAND_IN, OUTPUTS_PAGE

PLAIN, NOTED = NoticePage("A", "B."), replace(OUTPUTS_PAGE, is_noted=True)
Open = Callable[[ModalView], str]


@pytest.fixture(scope="module")
def slack() -> Iterator[SmallSlack]:
    with a_small_slack() as small:
        yield small


@pytest.fixture(scope="module")
def client(slack: SmallSlack) -> HeardClient:
    return HeardClient(token="xoxb-sandbox", base_url=slack.address, retry_handlers=[])


@pytest.fixture(params=["in a channel", "in a window"])
def told(request: pytest.FixtureRequest, client: HeardClient) -> Open:
    """Give what somebody is told when this window is to open and Slack does not do it."""
    within = {"type": "modal", "id": "V1", "hash": "1"} if "window" in request.param else {}
    body: Body = {"trigger_id": "1.2", "view": within}
    parts = cast("SlackParts", _Client(client))

    def look(view: ModalView) -> str:
        with pytest.raises(Exception) as raised:  # noqa: PT011 -- whichever it is, people are told
            open_window(parts, body, view)
        return sentence_for(raised.value)

    return look


class _Client:
    """As much of the parts as opening a window takes."""

    def __init__(self, client: HeardClient, deps: Deps | None = None) -> None:
        self.client = client
        self.deps = deps


def fails(slack: SmallSlack, error: str, status: int) -> None:
    slack.says(status=status, is_broken_off=error == "broken off", ok=False, error=error)


@pytest.mark.parametrize(
    ("error", "status"),
    [("internal_error", 200), ("fatal_error", 200), ("oops", 503), ("broken off", 0)],
)
def test_a_failure_of_slack_is_told_as_slacks(
    slack: SmallSlack, told: Open, error: str, status: int
) -> None:
    fails(slack, error, status)
    assert told(PLAIN) == (
        "Slack is having trouble and did not say whether a window opened. Nothing was recorded: "
        "if there is none, try again."
    )


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("expired_trigger_id", 200, "Slack gave up before the window opened."),
        ("ratelimited", 429, "Slack is too busy just now."),
        ("oops", 429, "Slack is too busy just now."),
        ("internal_error", 500, "Slack is having trouble"),
        ("broken off", 0, "Slack is having trouble"),
        ("token_revoked", 200, "Slack does not let Answerable in (token revoked)."),
        ("missing_scope", 200, "Slack does not let Answerable do this (missing scope)"),
        ("invalid_arguments", 200, "Something went wrong here."),
    ],
)
def test_i4_what_is_on_record_is_said_though_no_window_opened(
    slack: SmallSlack, told: Open, error: str, status: int, words: str
) -> None:
    fails(slack, error, status)

    assert "Nothing was recorded" in told(PLAIN)
    said = told(NOTED)
    assert words in said
    assert "It is on record all the same that you opened these outputs" in said
    assert "press the button again to see them" in said
    assert "Nothing was recorded" not in said


def test_i4_so_it_is_of_answers_that_are_handed_in_for_others(
    slack: SmallSlack, client: HeardClient, live: World
) -> None:
    fails(slack, "ratelimited", 429)
    parts = cast("SlackParts", _Client(client, live.deps))
    with pytest.raises(Unopened) as raised:
        open_window(parts, {"trigger_id": "1.2"}, replace(HAND_IN, is_noted=True))
    assert "It is on record all the same" in sentence_for(raised.value)


@pytest.mark.parametrize(
    ("error", "status"), [("internal_error", 200), ("oops", 500), ("broken off", 0)]
)
def test_slack_that_does_not_say_who_somebody_is_is_in_trouble_itself(
    slack: SmallSlack, client: HeardClient, error: str, status: int
) -> None:
    fails(slack, error, status)
    with pytest.raises(Exception) as raised:  # noqa: PT011 -- whichever it is, people are told
        client.users_info(user="U1")

    assert sentence_for(raised.value) == (
        "Slack is having trouble and did not answer. Nothing was recorded: try again in a minute."
    )


@pytest.mark.parametrize(
    ("needed", "named"), [("users:read", "the scope users:read"), ("`<!channel>`", "a scope")]
)
def test_a_scope_that_is_missing_is_named_with_what_to_do(
    slack: SmallSlack, client: HeardClient, needed: str, named: str
) -> None:
    slack.says(ok=False, error="missing_scope", needed=needed)
    with pytest.raises(SlackApiError) as raised:
        client.users_info(user="U1")

    with capture_logs() as logged:
        said = sentence_for(raised.value)
    assert said == (
        f"Slack does not let Answerable do this (missing scope): the app lacks {named}. Nothing "
        "was recorded. An admin of this workspace has to install it again with that; in the "
        "console, `answerable doctor` says what to do."
    )
    [line] = logged
    assert (line["log_level"], line["run"]) == ("error", "answerable doctor")
    assert "exc_info" not in line


def test_a_fault_of_ours_is_ours_even_if_it_is_one_of_the_system() -> None:
    said = sentence_for(FileNotFoundError("draw.key"))
    assert said.startswith("Something went wrong here. Nothing was recorded: try again.")
    assert "the reference" in said


def test_i2_a_lost_commit_is_not_said_to_be_nothing() -> None:
    assert "Nothing of yours was recorded" in sentence_for(Busy("held"))
    assert "The database does not answer. Nothing of yours" in sentence_for(Away("gone"))
    lost = sentence_for(CommitUnknown("gone"))
    assert "may be on record and may not be" in lost
    assert "counts once" in lost
