"""What an operator does when Slack lets nobody in, or cannot be reached: said alike everywhere."""

from collections.abc import Mapping
from typing import Final

from bot.config import proxies

BOT_TOKEN: Final = "SLACK_BOT_TOKEN"  # noqa: S105 -- the setting's name, no token
APP_TOKEN: Final = "SLACK_APP_TOKEN"  # noqa: S105 -- as above

_ANEW: Final[Mapping[str, str]] = {
    BOT_TOKEN: f"take the bot token (xoxb-…) of *OAuth & Permissions* anew and set {BOT_TOKEN}",
    APP_TOKEN: (
        "make an app-level token (xapp-…) with the scope connections:write, see that Socket Mode "
        f"is on, and set {APP_TOKEN}"
    ),
}
_NO_PROXY: Final = "it holds no address such as http://proxy.example.org:3128"
# Where no other token would help.
OTHERWISE: Final[Mapping[str, str]] = {
    "account_inactive": (
        "the app, its bot or its workspace was taken away: install the app again, and take the "
        f"bot token (xoxb-…) of *OAuth & Permissions* into {BOT_TOKEN}"
    ),
    "org_login_required": (
        "the workspace is being moved into an organization: leave it, and look again when that is "
        "over"
    ),
    "ekm_access_denied": (
        "an admin of the workspace or its organization has suspended what the app may do: have "
        "them let it post again"
    ),
    "accesslimited": (
        "it is not taken from this network: have an admin of the workspace allow this machine's "
        "address"
    ),
    "team_access_not_granted": (
        "the organization has not let the app into this workspace: have its admin do so"
    ),
    "enterprise_is_restricted": (
        "it is a token of a whole organization's: install the app in one workspace of it, and set "
        f"{BOT_TOKEN} to that one's"
    ),
    "two_factor_setup_required": (
        "who installed the app has to set two-factor authentication up in Slack first"
    ),
}


def on_token(setting: str, code: str) -> str:
    """Give what to do about a token that Slack refuses with this word of its own."""
    return OTHERWISE.get(code, _ANEW[setting])


def out_of_reach(address: str, error: OSError) -> str:
    """Say that Slack is not reached, by which proxy, without its password, and what to see to."""
    named, fault = proxies_named(), f"Slack cannot be reached at {address}"
    if not named:
        return f"{fault} ({error}): see to the network"
    if "" in proxies().values():  # what the error says may be a piece of what was no address
        return f"{fault} through {named}: set it to one, or unset it"
    return f"{fault} ({error}) through {named}: unset it if that is not meant, or see to that proxy"


def proxies_named() -> str:
    """Name the proxies, and say of a setting that holds none what it has to hold; "" without."""
    named = (f"{name} ({place or _NO_PROXY})" for name, place in proxies().items())
    return ", ".join(named)
