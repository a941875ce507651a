"""A look at Slack's side of a set-up: tokens, scopes, clock. It changes nothing there."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.domain.people import Standing
from handlers.slack.advice import APP_TOKEN, BOT_TOKEN, on_token, out_of_reach
from handlers.slack.errors import NOBODY, foreign_answer, is_trouble, name_of
from handlers.slack.people import person_of

FAR_OFF: Final = 60.0  # seconds
OFF: Final = 5.0
SEES_PRIVATE: Final = "groups:read"
_NOT_SEEN: Final = "it is not seen here that the bot was removed from a"
_LOST_WITHOUT: Final = {
    "dnd:read": "direct messages do not wait for anybody's do-not-disturb to end",
    "channels:read": f"{_NOT_SEEN} public channel until a message does not arrive",
    SEES_PRIVATE: f"{_NOT_SEEN} private channel until a message does not arrive",
}


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. Unless it is ok, `advice` says what is wrong and what to do."""

    name: str
    verdict: Verdict = Verdict.OK
    advice: str = ""


def fail(name: str, advice: str) -> Check:
    return Check(name, Verdict.FAIL, advice)


def warn(name: str, advice: str) -> Check:
    return Check(name, Verdict.WARN, advice)


def check_bot_token(
    client: WebClient,
    needed: frozenset[str],
    now: Callable[[], datetime],
    optional: frozenset[str],
) -> Generator[Check, None, str]:
    """Give what one harmless call tells: whether the token is good, for what, and the time.

    What comes of it is the team that the token is of; it is empty if Slack does not say.
    """
    asked_at = now()
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield _unsaid("bot token", client, error) or fail(
            "bot token", f"Slack says {name_of(error)}: {on_token(BOT_TOKEN, name_of(error))}"
        )
        return ""
    except OSError as error:
        yield fail("bot token", out_of_reach(client.base_url, error))
        return ""
    yield Check("bot token")
    yield _scopes(_granted(answer), needed, optional)
    yield _clock(_headers(answer).get("date", ""), asked_at + (now() - asked_at) / 2)
    return str(answer["team_id"])


def check_people(client: WebClient, named: Mapping[str, Collection[str]]) -> Iterator[Check]:
    """Warn of everybody in these settings who can answer for nothing: unknown, gone, a guest."""
    for setting, people in named.items():
        for user_id in sorted(people):
            if fault := _fault_of(client, user_id):
                advice = f"{fault}: mend ANSWERABLE_{setting}, or nothing reaches them"
                yield warn(f"{user_id} in ANSWERABLE_{setting}", advice)


def _fault_of(client: WebClient, user_id: str) -> str:
    """Give what is wrong with somebody; nothing where Slack does not tell, which is told before."""
    try:
        user = client.users_info(user=user_id)["user"]
    except SlackApiError as error:
        return "Slack knows nobody by this id" if name_of(error) in NOBODY else ""
    except OSError:
        return ""
    standing = person_of(user, str(user.get("team_id", ""))).standing
    return "" if standing is Standing.MEMBER else f"to Slack they are {_AS_SAID[standing]}"


def channel_fault(client: WebClient, channel: str) -> str:
    """Give why nothing would arrive in a channel; nothing where Slack does not tell.

    Of a channel that is private Slack says to those outside only that there is none, and whoever
    may not ask about private ones hears the same of each.
    """
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        may_ask = SEES_PRIVATE in _granted(error.response)
        is_unseen = name_of(error) == "channel_not_found" and may_ask
        return "it is gone, or private without the bot in it" if is_unseen else ""
    except OSError:
        return ""
    if found.get("is_archived"):
        return "it is archived"
    return "" if found.get("is_member", True) else "the bot is not in it"


_AS_SAID: Final = {
    Standing.GUEST: "a guest",
    Standing.BOT: "a bot",
    Standing.DEACTIVATED: "deactivated",
    Standing.FOREIGN: "of another team",
}


def check_app_token(client: WebClient, app_token: str) -> Check:
    """Ask for an address to connect to; it is not used, and a running bot is not disturbed."""
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        if error.response["error"] == "ratelimited":
            return warn("app token", "Slack was asked too often just now: look again in a minute")
        return _unsaid("app token", client, error) or fail(
            "app token", f"Slack says {name_of(error)}: {on_token(APP_TOKEN, name_of(error))}"
        )
    except OSError as error:
        return fail("app token", out_of_reach(client.base_url, error))
    return Check("app token")


def _unsaid(name: str, client: WebClient, error: SlackApiError) -> Check | None:
    """Give what to do if Slack itself does not say: nobody is to make a good token anew then."""
    if foreign := foreign_answer(error, client.base_url):
        return fail(name, foreign)
    if not is_trouble(error):
        return None
    return fail(
        name,
        f"Slack is having trouble ({name_of(error)}) and does not say whether it is good: leave "
        "it, and look again when that is over",
    )


def _granted(answer: SlackResponse) -> frozenset[str]:
    """Give the scopes of the token that was used; nothing if Slack does not say."""
    said = _headers(answer).get("x-oauth-scopes", "")
    return frozenset(each.strip() for each in said.split(",") if each.strip())


def _scopes(granted: frozenset[str], needed: frozenset[str], optional: frozenset[str]) -> Check:
    if not granted:
        return warn("scopes", "Slack did not say what the bot token may do: compare it by hand")
    if missing := needed - granted:
        return fail(
            "scopes",
            f"missing {', '.join(sorted(missing))}: bring the app up to date with `answerable "
            "manifest` and install it again",
        )
    if declined := optional - granted:
        return warn("scopes", "; ".join(_without(each) for each in sorted(declined)))
    if beyond := granted - needed - optional:
        return warn(
            "scopes", f"{', '.join(sorted(beyond))}: not used; take what is not needed away"
        )
    return Check("scopes")


def _without(scope: str) -> str:
    lost = _LOST_WITHOUT.get(scope, "something is not done")
    return f"without {scope}, which is optional, {lost}"


def _clock(said: str, ours: datetime) -> Check:
    try:
        off = abs((parsedate_to_datetime(said) - ours).total_seconds())
    except (ValueError, TypeError):
        return warn("clock", "Slack did not say what time it is: compare it by hand")
    advice = f"this machine is {off:.0f} seconds off Slack's time: let it follow a time server"
    if off > FAR_OFF:
        return fail("clock", advice)
    return warn("clock", advice) if off > OFF else Check("clock")


def _headers(answer: SlackResponse) -> Mapping[str, str]:
    return {name.lower(): str(value) for name, value in answer.headers.items()}
