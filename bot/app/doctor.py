"""Looking a set-up over: what is wrong, and what to do. It may run beside the bot."""

import re
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from typing import Final

from bot.app.base import slack_client
from bot.app.manifest import optional_scopes, scopes
from bot.app.stored import check_stored
from bot.clock import SystemClock
from bot.config import NO_WAY_IN, NO_WAY_OUT, Config, Misconfigured, read_config
from handlers.slack.advice import proxies_named
from handlers.slack.checkup import (
    Check,
    channel_fault,
    check_app_token,
    check_bot_token,
    check_people,
    fail,
    warn,
)

PATIENCE: Final = 5  # seconds for each call
SIGNING_SECRET: Final = re.compile(r"[0-9a-f]{32}")


def examine() -> Iterator[Check]:
    """Give one check after the other. No secret is in any of them."""
    try:
        config = read_config()
    except Misconfigured as error:
        yield fail("settings", f"{error}: nothing else was looked at")
        return
    yield Check("settings")
    yield _way_in(config)
    team = yield from _slack(config)
    fault_of = partial(channel_fault, slack_client(config, PATIENCE))
    yield from check_stored(config, team, fault_of)
    yield _proxies()


def _way_in(config: Config) -> Check:
    if not (config.has_socket or config.has_signing_secret):
        return fail("way in", NO_WAY_IN)
    return Check("way in")


def _slack(config: Config) -> Generator[Check, None, str]:
    """Look at Slack's side, and give the team that the bot token is of, if Slack says so."""
    client = slack_client(config, PATIENCE)
    team = ""
    if config.has_bot_token:
        team = yield from check_bot_token(client, scopes(), SystemClock().now, optional_scopes())
    else:
        yield fail("bot token", NO_WAY_OUT)
    yield from _admins(config, tuple(check_people(client, {"ADMINS": config.admins})))
    yield from check_people(client, {"AUDITORS": config.auditors})
    if config.has_socket:
        yield check_app_token(client, config.app_token.get_secret_value())
    if config.has_signing_secret:
        yield _signing_secret(config)
    return team


def _admins(config: Config, faults: Sequence[Check]) -> Iterator[Check]:
    """Give whether anybody can act as an admin, and then what is wrong with each who cannot."""
    if len(faults) < len(config.admins):
        yield Check("admins")
    else:
        found = "none of those named can act" if config.admins else "nobody is named"
        yield warn(
            "admins",
            f"{found}: what climbs to the last rung reaches nobody. Set ANSWERABLE_ADMINS to "
            "the Slack user ids of those who manage this",
        )
    yield from faults


def _signing_secret(config: Config) -> Check:
    is_usual = SIGNING_SECRET.fullmatch(config.signing_secret.get_secret_value())
    if config.is_loopback or is_usual:
        return Check("signing secret")
    return warn(
        "signing secret",
        "Slack's are 32 hexadecimal digits and this is not: copy it from *Basic Information* "
        "and set SLACK_SIGNING_SECRET",
    )


def _proxies() -> Check:
    named = proxies_named()
    if not named:
        return Check("proxies")
    return warn("proxies", f"Slack is called through {named}: unset it if that is not meant")
