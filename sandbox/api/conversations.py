"""`conversations.*`."""

from sandbox.api.call import Args, Method, page_of
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace
from sandbox.world import Channel

_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_MOST_USERS = 8


def open_conversation(workspace: Workspace, args: Args) -> Json:
    """Open or resume the direct message with one person, or with up to eight."""
    users = args.names("users")
    if args.text("channel"):
        channel = workspace.visible_channel(args.text("channel"))
        if not (channel.is_im or channel.is_mpim):
            raise SlackError("method_not_supported_for_channel_type")
        return {"ok": True, "no_op": True, "already_open": True, "channel": {"id": channel.id}}
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > _MOST_USERS:
        raise SlackError("too_many_users")
    people = [workspace.user(each) for each in users]
    if any(each.deleted for each in people):
        raise SlackError("user_disabled")
    if any(each.is_bot for each in people):
        raise SlackError("cannot_dm_bot")
    known = set(workspace.channels)
    channel = workspace.direct_channel(people[0]) if len(people) == 1 else _group(workspace, users)
    body: Json = {"id": channel.id}
    if args.flag("return_im"):
        body = channel.to_slack(workspace.bot_user, workspace.clock.now)
    already = {"no_op": True, "already_open": True} if channel.id in known else {}
    return {"ok": True, **already, "channel": body}


def info(workspace: Workspace, args: Args) -> Json:
    channel = workspace.visible_channel(args.need("channel"))
    return {"ok": True, "channel": channel.to_slack(workspace.bot_user, workspace.clock.now)}


def list_conversations(workspace: Workspace, args: Args) -> Json:
    kinds = args.names("types") or ["public_channel"]
    if not set(kinds) <= set(_KINDS):
        raise SlackError("invalid_types")
    shown = [
        each
        for each in workspace.channels.values()
        if _kind(each) in kinds
        and not (each.is_archived and args.flag("exclude_archived"))
        and (_kind(each) == "public_channel" or workspace.bot_user in each.members)
    ]
    page, cursor = page_of(args, shown)
    bodies = [each.to_slack(workspace.bot_user, workspace.clock.now) for each in page]
    return {"ok": True, "channels": bodies, "response_metadata": cursor}


def members(workspace: Workspace, args: Args) -> Json:
    channel = workspace.visible_channel(args.need("channel"))
    page, cursor = page_of(args, channel.members)
    return {"ok": True, "members": page, "response_metadata": cursor}


def _group(workspace: Workspace, users: list[str]) -> Channel:
    people = {*users, workspace.bot_user}
    for channel in workspace.channels.values():
        if channel.is_mpim and set(channel.members) == people:
            return channel
    name = "mpdm-" + "--".join(workspace.users[each].name for each in users)
    channel = Channel(
        id=f"G0GROUP{len(workspace.channels)}",
        name=name,
        is_mpim=True,
        is_private=True,
        members=[*users, workspace.bot_user],
    )
    workspace.channels[channel.id] = channel
    return channel


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    if channel.is_mpim:
        return "mpim"
    return "private_channel" if channel.is_private else "public_channel"


def _reading(workspace: Workspace, args: Args) -> list[str]:
    channel = workspace.channels.get(args.text("channel"))
    return [f"{_KINDS[_kind(channel)] if channel else 'channels'}:read"]


def _listing(_workspace: Workspace, args: Args) -> list[str]:
    kinds = args.names("types") or ["public_channel"]
    return [f"{_KINDS[each]}:read" for each in kinds if each in _KINDS]


def _opening(workspace: Workspace, args: Args) -> list[str]:
    channel = workspace.channels.get(args.text("channel"))
    several = len(args.names("users")) > 1 or (channel is not None and channel.is_mpim)
    return ["mpim:write" if several else "im:write"]


METHODS = {
    "conversations.open": Method(open_conversation, scope=_opening),
    "conversations.info": Method(info, scope=_reading),
    "conversations.list": Method(list_conversations, scope=_listing),
    "conversations.members": Method(members, scope=_reading),
}
