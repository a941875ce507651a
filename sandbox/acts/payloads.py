"""What Slack puts into the payload of each interaction."""

import re

from sandbox.rooms import Ephemeral, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace
from sandbox.world import Channel, User

_TOKEN = "sandbox-verification-token"  # noqa: S105 (the deprecated token no app should look at)


def command(workspace: Workspace, user: User, channel: Channel, name: str, text: str) -> Json:
    team = workspace.world.team
    if workspace.manifest.escaping.get(name):
        text = escape_mentions(workspace, text)
    return {
        "token": _TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.world.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, user, channel.id),
        "trigger_id": workspace.triggers.issue(user.id),
    }


def message_action(
    workspace: Workspace, user: User, channel: Channel, message: Json, action: Json
) -> Json:
    """Return `block_actions` for an element in a message."""
    ts, thread = message["ts"], message.get("thread_ts")
    return {
        **_common(workspace, user, "block_actions"),
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": False,
            **({"thread_ts": thread} if thread else {}),
        },
        "trigger_id": workspace.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message,
        "state": {"values": {}},
        "response_url": response_url(workspace, user, channel.id, ts, thread_ts=thread),
        "actions": [action],
    }


def whisper_action(workspace: Workspace, user: User, whisper: Ephemeral, action: Json) -> Json:
    """Return `block_actions` for an element in an ephemeral message, whose text is not sent."""
    channel = workspace.channels[whisper.channel]
    url = response_url(workspace, user, channel.id, whisper.ts, is_ephemeral=True)
    return {
        **_common(workspace, user, "block_actions"),
        "container": {
            "type": "message",
            "message_ts": whisper.ts,
            "channel_id": channel.id,
            "is_ephemeral": True,
        },
        "trigger_id": workspace.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": {}},
        "response_url": url,
        "actions": [action],
    }


def view_action(workspace: Workspace, user: User, view: Json, action: Json) -> Json:
    """Return `block_actions` for an element in a modal or a Home tab."""
    is_modal = view["type"] == "modal"
    return {
        **_common(workspace, user, "block_actions"),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": workspace.triggers.issue(user.id, from_view=is_modal),
        "view": view,
        "actions": [action],
    }


def submission(workspace: Workspace, user: User, view: Json) -> Json:
    return {
        **_common(workspace, user, "view_submission"),
        "trigger_id": workspace.triggers.issue(user.id, from_view=True),
        "view": view,
        "response_urls": [],
    }


def closing(workspace: Workspace, user: User, view: Json, *, is_cleared: bool) -> Json:
    return {**_common(workspace, user, "view_closed"), "view": view, "is_cleared": is_cleared}


def shortcut(
    workspace: Workspace, user: User, channel: Channel, message: Message, callback_id: str
) -> Json:
    """Return `message_action`, which Slack sends for a shortcut on a message."""
    return {
        **_common(workspace, user, "message_action"),
        "callback_id": callback_id,
        "action_ts": workspace.rooms.next_ts(),
        "trigger_id": workspace.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message.to_slack(),
        "response_url": response_url(workspace, user, channel.id, message.ts),
    }


def global_shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    return {
        **_common(workspace, user, "shortcut"),
        "callback_id": callback_id,
        "action_ts": workspace.rooms.next_ts(),
        "trigger_id": workspace.triggers.issue(user.id),
    }


def channel_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def response_url(
    workspace: Workspace,
    user: User,
    channel_id: str,
    message_ts: str | None = None,
    *,
    is_ephemeral: bool = False,
    thread_ts: str | None = None,
) -> str:
    name = workspace.response_urls.issue(
        user.id, channel_id, message_ts, is_ephemeral=is_ephemeral, thread_ts=thread_ts
    )
    return f"{workspace.base_url}/response/{name}"


def escape_mentions(workspace: Workspace, text: str) -> str:
    """Return typed @names and #channels as Slack's ids, for commands with `should_escape`."""
    people = {each.name: each.id for each in workspace.users.values()}
    rooms = {each.name: each.id for each in workspace.channels.values() if each.name}

    def person(found: re.Match[str]) -> str:
        name = found[1]
        return f"<@{people[name]}|{name}>" if name in people else found[0]

    def room(found: re.Match[str]) -> str:
        name = found[1]
        return f"<#{rooms[name]}|{name}>" if name in rooms else found[0]

    text = re.sub(r"(?<![\w<])@([\w.-]+)", person, text)
    return re.sub(r"(?<![\w<])#([\w.-]+)", room, text)


def _common(workspace: Workspace, user: User, kind: str) -> Json:
    team = workspace.world.team
    return {
        "type": kind,
        "token": _TOKEN,
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": workspace.world.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }
