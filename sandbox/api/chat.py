"""`chat.*`: posting, changing, deleting, whispering."""

from sandbox.api.call import Args, Method, always
from sandbox.limits.messages import LONGEST_EDIT, check_content, check_metadata
from sandbox.posting import post, whisper
from sandbox.rooms import Message, complete_blocks
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace


def post_message(workspace: Workspace, args: Args) -> Json:
    target = args.text("channel")
    channel = workspace.writable_channel(target)
    text, blocks = args.text("text"), args.structure("blocks", "invalid_blocks_format")
    args.warnings += check_content(text, blocks)
    metadata = check_metadata(args.structure("metadata", "invalid_metadata_format"))
    if channel.is_im and workspace.users[channel.user].deleted:
        args.warnings.append(f"deactivated: nobody reads {channel.id} any more, yet Slack says ok")
    workspace.pace.take(channel.id)
    message = post(
        workspace,
        channel,
        text=text,
        blocks=blocks,
        thread_ts=args.text("thread_ts") or None,
        metadata=metadata,
        reply_broadcast=args.flag("reply_broadcast"),
    )
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message.to_slack()}


def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    channel = workspace.writable_channel(args.need("channel"))
    user = args.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = args.text("text"), args.structure("blocks", "invalid_blocks_format")
    args.warnings += check_content(text, blocks)
    ephemeral = whisper(
        workspace,
        user=user,
        channel=channel.id,
        text=text,
        blocks=blocks,
        via="postEphemeral",
        thread_ts=args.text("thread_ts") or None,
    )
    return {"ok": True, "message_ts": ephemeral.ts}


def update(workspace: Workspace, args: Args) -> Json:
    """Replace the text and blocks that are given; metadata stays unless given, `{}` removes it."""
    message = _own(workspace, args, "cant_update_message", "is_inactive")
    blocks = args.structure("blocks", "invalid_blocks_format")
    text = args.text("text")
    if "text" not in args.given and blocks is not None:
        text = message.text
    if blocks is None and "text" not in args.given:
        raise SlackError("no_text")
    args.warnings += check_content(text, blocks, longest=LONGEST_EDIT)
    if "metadata" in args.given:
        metadata = args.structure("metadata", "invalid_metadata_format")
        message.metadata = check_metadata(metadata)
    message.change(text, complete_blocks(blocks or []), workspace.rooms.next_ts())
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message.to_slack(),
    }


def delete(workspace: Workspace, args: Args) -> Json:
    message = _own(workspace, args, "cant_delete_message", "is_inactive")
    workspace.rooms.delete(message.channel, message.ts)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def get_permalink(workspace: Workspace, args: Args) -> Json:
    channel = workspace.visible_channel(args.need("channel"))
    message = workspace.rooms.get(channel.id, args.need("message_ts"))
    place = f"{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    link = f"{workspace.base_url}/archives/{place}{thread}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def _own(workspace: Workspace, args: Args, not_mine: str, frozen: str) -> Message:
    channel = workspace.visible_channel(args.need("channel"))
    if channel.is_archived:
        raise SlackError(frozen)
    message = workspace.rooms.get(channel.id, args.need("ts"))
    if message.bot is None:
        raise SlackError(not_mine)
    return message


METHODS = {
    "chat.postMessage": Method(post_message, scope=always("chat:write")),
    "chat.postEphemeral": Method(post_ephemeral, scope=always("chat:write")),
    "chat.update": Method(update, scope=always("chat:write")),
    "chat.delete": Method(delete, scope=always("chat:write")),
    "chat.getPermalink": Method(get_permalink),
}
