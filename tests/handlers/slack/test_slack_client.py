"""The client tells whether Slack takes the bot's token, whoever has asked for what."""

from collections.abc import Iterator

import pytest
from slack_sdk.errors import SlackApiError

from handlers.slack.client import HeardClient
from tests.handlers.slack.small_slack import SmallSlack, a_small_slack


@pytest.fixture(scope="module")
def slack() -> Iterator[SmallSlack]:
    with a_small_slack() as small:
        yield small


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def client(slack: SmallSlack, heard: list[str]) -> HeardClient:
    made = HeardClient(token="xoxb-sandbox", base_url=slack.address, retry_handlers=[])
    made.heard = heard.append
    return made


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_token_that_is_refused_is_told(
    slack: SmallSlack, client: HeardClient, heard: list[str], error: str
) -> None:
    slack.says(ok=False, error=error)
    with pytest.raises(SlackApiError):
        client.users_info(user="U1")
    with pytest.raises(SlackApiError):
        client.views_open(trigger_id="1", view={})

    assert heard == [error, error]


def test_a_token_that_is_taken_is_told(
    slack: SmallSlack, client: HeardClient, heard: list[str]
) -> None:
    slack.says(ok=True, user={})
    client.users_info(user="U1")

    assert heard == [""]


def test_what_slack_says_of_one_method_says_nothing_of_the_token(
    slack: SmallSlack, client: HeardClient, heard: list[str]
) -> None:
    slack.says(ok=False, error="ekm_access_denied")
    with pytest.raises(SlackApiError):
        client.views_publish(user_id="U1", view={})
    assert heard == [], "of posts the outbox tells"

    slack.says(ok=False, error="accesslimited")
    with pytest.raises(SlackApiError):
        client.auth_test()
    assert heard == ["accesslimited"]


@pytest.mark.parametrize("error", ["internal_error", "missing_scope", "expired_trigger_id"])
def test_another_no_says_nothing_of_the_token(
    slack: SmallSlack, client: HeardClient, heard: list[str], error: str
) -> None:
    slack.says(ok=False, error=error)
    with pytest.raises(SlackApiError):
        client.users_info(user="U1")

    assert heard == []


def test_the_token_of_the_app_is_another(
    slack: SmallSlack, client: HeardClient, heard: list[str]
) -> None:
    slack.says(ok=False, error="invalid_auth")
    with pytest.raises(SlackApiError):
        client.apps_connections_open(app_token="xapp-sandbox")

    assert heard == []
