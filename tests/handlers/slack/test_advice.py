"""What an operator is told about a token that Slack refuses, by Slack's own word for it."""

import pytest

from handlers.slack.advice import APP_TOKEN, BOT_TOKEN, OTHERWISE, on_token
from handlers.slack.errors import SHUT_OUT


@pytest.mark.parametrize("setting", [BOT_TOKEN, APP_TOKEN])
def test_a_token_that_is_no_good_is_taken_anew(setting: str) -> None:
    for code in ("invalid_auth", "token_revoked", "token_expired", "not_allowed_token_type"):
        assert on_token(setting, code).endswith(f"set {setting}")


def test_where_another_token_would_not_help_nobody_is_sent_for_one() -> None:
    said = on_token(BOT_TOKEN, "org_login_required")
    assert said == (
        "the workspace is being moved into an organization: leave it, and look again when that is "
        "over"
    )
    assert "allow this machine's address" in on_token(BOT_TOKEN, "accesslimited")
    assert set(OTHERWISE) <= SHUT_OUT, "no advice on what never comes"
