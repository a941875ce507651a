"""Slack's own words for no, sorted by what to do next."""

import re
from collections.abc import Mapping
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.config import SANDBOX
from bot.domain.messages import (
    MISSING_SCOPE,
    Lost,
    NotNow,
    Place,
    ShutOut,
    Unclear,
    Undeliverable,
    Vanished,
)


class NoAnswer(OSError):  # noqa: N818 -- Slack's state, no fault of ours
    """Slack gave no answer: what it was asked for may or may not have been done."""


_SLACKS_WORD: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)  # whoever else answers names no such
_SCOPE: Final = re.compile(r"[a-z]+[a-z.:_]{0,60}", re.ASCII)
TOO_MANY: Final = 429
THEIR_FAULT: Final = 500
MISSING_SCOPE_WAIT: Final = 60

# It was not done, and trying again may help.
PASSING: Final = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
)
# It may or may not have been done.
AMBIGUOUS: Final = frozenset({"internal_error", "fatal_error"})
# The bot's token is no good: nothing can be sent until the operator has helped.
SHUT_OUT: Final = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("not_allowed_token_type", "org_login_required"),
        *("ekm_access_denied", "accesslimited", "two_factor_setup_required"),
        *("team_access_not_granted", "enterprise_is_restricted"),
    }
)
# Of these, what Slack says of one method, or of posting: another may be taken all the same.
OF_ONE_METHOD: Final = frozenset(
    {
        *("ekm_access_denied", "accesslimited", "not_allowed_token_type"),
        *("enterprise_is_restricted", "team_access_not_granted"),
    }
)
# The window did not open; nothing was done.
TOO_LATE: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
# There is nobody by this id, or nobody whom the app may see: somebody of elsewhere, for one.
NOBODY: Final = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
# What was to be brought up to date is there no more, or takes no change any more.
_VANISHED: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_THREAD_GONE: Final = frozenset(
    {
        *("thread_not_found", "cannot_reply_to_message"),
        *("restricted_action_non_threadable_channel", "restricted_action_thread_locked"),
    }
)
# What is sent is at fault, wherever it goes.
_CONTENT: Final = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long"),
        *("no_text", "invalid_arguments", "invalid_metadata_format", "invalid_metadata_schema"),
        *("metadata_too_large", "markdown_text_conflict", "invalid_array_arg", "invalid_form_data"),
    }
)

_ARCHIVED: Final = "it is archived. Unarchive it"
_CLOSED_TO_US: Final = "Slack's settings do not let Answerable write there. Have an admin allow it"
_NOBODY_THERE: Final = "Slack lets no message of an app through to them"

# A channel takes nothing, for a reason that people can mend.
_OF_CHANNELS: Final[Mapping[str, str]] = {
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "channel_not_found": (
        "it is gone, or private without Answerable in it. Type `/invite @Answerable` there"
    ),
    "not_in_channel": "Answerable is not in it. Type `/invite @Answerable` there",
    "no_permission": "Answerable is not in it. Type `/invite @Answerable` there",
    "access_denied": _CLOSED_TO_US,
    "restricted_action": _CLOSED_TO_US,
    "restricted_action_read_only_channel": _CLOSED_TO_US,
    "restricted_action_thread_only_channel": _CLOSED_TO_US,
    "posting_to_general_channel_denied": _CLOSED_TO_US,
    "channel_is_limited_access": _CLOSED_TO_US,
}
# A person gets nothing. Said of a channel, nobody knows what it means there.
_OF_PEOPLE: Final = frozenset(
    {
        *("messages_tab_disabled", "user_disabled", "cannot_dm_bot", "invalid_user_combination"),
        *NOBODY,
    }
)


def name_of(error: SlackApiError) -> str:
    """Give Slack's name for what went wrong, or the status of an answer that names nothing."""
    response = error.response
    return str(response.get("error") or getattr(response, "status_code", "unknown_error"))


def scope_needed(error: SlackApiError) -> str:
    """Give the scope that Slack says it takes; an empty string if it names none."""
    needed = str(error.response.get("needed") or "")
    return needed if _SCOPE.fullmatch(needed) else ""


def foreign_answer(error: SlackApiError, address: str) -> str:
    """Give what to do if what answers there is no Web API of Slack's; an empty string if it is."""
    if is_trouble(error) or _SLACKS_WORD.fullmatch(name_of(error)):
        return ""
    return (
        f"what answers at {address} is not Slack's Web API, and no token was looked at. Leave "
        "SLACK_API_URL unset and see to the network and the proxies, or set it to a sandbox's "
        f"address with /api/ at its end, such as {SANDBOX}"
    )


def is_trouble(error: SlackApiError) -> bool:
    """Tell whether Slack itself fails, or has too much to do: no token or setting is at fault."""
    name, status = name_of(error), error.response.status_code
    is_passing = name in PASSING | AMBIGUOUS or status == TOO_MANY or status >= THEIR_FAULT
    return is_passing and name not in SHUT_OUT


def sorted_out(error: SlackApiError, place: Place) -> Exception:
    """Give what Slack's no means for a message to this place: which of the outbox's exceptions."""
    answer, name = error.response, name_of(error)
    if answer.status_code == TOO_MANY or name in PASSING:
        return NotNow(name, int(answer.headers.get("Retry-After", 1)), is_too_much=True)
    if name == MISSING_SCOPE:  # the operator's to mend, but other messages may go
        return NotNow(f"{name} {scope_needed(error)}".rstrip(), MISSING_SCOPE_WAIT)
    if name not in SHUT_OUT and (answer.status_code >= THEIR_FAULT or name in AMBIGUOUS):
        return Lost(name)
    return _surely_not_done(name, place)


def _surely_not_done(name: str, place: Place) -> Exception:
    if name in SHUT_OUT:
        return ShutOut(name, is_for_posts=name in OF_ONE_METHOD)
    if name in _VANISHED or name in _THREAD_GONE:
        return Vanished(is_thread=name in _THREAD_GONE)
    if name in _OF_CHANNELS or name in _OF_PEOPLE:
        is_person = place is Place.PERSON
        return Undeliverable(name, _NOBODY_THERE if is_person else _OF_CHANNELS.get(name, ""))
    return Undeliverable(name) if name in _CONTENT else Unclear(name)
