"""How a message comes into a conversation, whichever way the app sent it."""

from sandbox.limits.messages import check_content
from sandbox.rooms import Ephemeral, Message, complete_blocks
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace
from sandbox.world import Channel


def post(
    workspace: Workspace,
    channel: Channel,
    *,
    text: str = "",
    blocks: list[Json] | None = None,
    thread_ts: str | None = None,
    metadata: Json | None = None,
    files: list[Json] | None = None,
    reply_broadcast: bool = False,
) -> Message:
    """Put the app's message into the conversation and tell whoever subscribed to its metadata."""
    if thread_ts and workspace.rooms.find(channel.id, thread_ts) is None:
        raise SlackError("thread_not_found")
    message = Message(
        ts=workspace.rooms.next_ts(),
        channel=channel.id,
        user=workspace.bot_user,
        text=text,
        blocks=complete_blocks(blocks or []),
        thread_ts=thread_ts,
        bot=workspace.bot_profile,
        metadata=metadata,
        files=files or [],
        reply_broadcast=reply_broadcast,
    )
    workspace.rooms.add(message)
    _announce_metadata(workspace, message)
    return message


def whisper(
    workspace: Workspace,
    *,
    user: str,
    channel: str,
    text: str,
    blocks: list[Json] | None,
    via: str,
    thread_ts: str | None = None,
) -> Ephemeral:
    """Show this person a message nobody else sees."""
    ephemeral = Ephemeral(
        ts=workspace.rooms.next_ts(),
        channel=channel,
        user=user,
        text=text,
        blocks=complete_blocks(blocks or []),
        via=via,
        thread_ts=thread_ts,
    )
    workspace.rooms.whisper(ephemeral)
    return ephemeral


def answer(
    workspace: Workspace,
    body: Json,
    *,
    user: str,
    channel_id: str,
    via: str,
    thread_ts: str | None = None,
) -> list[str]:
    """Show a reply to an interaction: ephemeral unless it says `in_channel`. Returns warnings.

    Slack lets a reply into any conversation the interaction came from, member or not.
    """
    text, blocks = body.get("text") or "", body.get("blocks")
    warnings = check_content(text, blocks)
    if body.get("response_type") == "in_channel":
        channel = workspace.channels[channel_id]
        post(workspace, channel, text=text, blocks=blocks, thread_ts=thread_ts)
    else:
        whisper(
            workspace,
            user=user,
            channel=channel_id,
            text=text,
            blocks=blocks,
            via=via,
            thread_ts=thread_ts,
        )
    return warnings


def _announce_metadata(workspace: Workspace, message: Message) -> None:
    if message.metadata is None:
        return
    kind = message.metadata["event_type"]
    if not workspace.manifest.follows_metadata(workspace.world.app_id, kind):
        return
    workspace.emit(
        {
            "type": "message_metadata_posted",
            "app_id": workspace.world.app_id,
            "bot_id": workspace.world.bot.id,
            "user_id": workspace.bot_user,
            "team_id": workspace.world.team.id,
            "channel_id": message.channel,
            "metadata": message.metadata,
            "message_ts": message.ts,
            "event_ts": message.ts,
        },
        "message_metadata_posted",
    )
