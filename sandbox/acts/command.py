"""A person types a slash command, uses a shortcut, opens the Home tab, or writes a message."""

from sandbox.acts import payloads
from sandbox.acts.delivery import Watch, describe
from sandbox.courier import Courier
from sandbox.posting import answer
from sandbox.rooms import Message
from sandbox.wire import ControlError, Json, SlackError
from sandbox.workspace import Workspace
from sandbox.world import Channel, User


async def type_command(
    workspace: Workspace, courier: Courier, user: User, channel: Channel, typed: tuple[str, str]
) -> Json:
    """Deliver the command (name and text) and show its answer the way the ack asks for."""
    name, text = typed
    if not workspace.manifest.knows_command(name):
        there_is = ", ".join(workspace.manifest.commands)
        raise ControlError(f"There is no command {name} here. There is {there_is}.", 404)
    watch = Watch(workspace, user.id)
    payload = payloads.command(workspace, user, channel, name, text)
    envelope_id, receipt = await courier.interact("slash_commands", payload)
    described = describe(envelope_id, receipt)
    if receipt.is_acked and receipt.payload:
        described["problem"] = _show(workspace, receipt.payload, user, channel)
    elif receipt.is_acked:
        await watch.settle()
    return {**described, "ephemeral": watch.new_whisper(), "view": watch.new_view()}


async def use_shortcut(
    workspace: Workspace, courier: Courier, user: User, message: Message, callback_id: str
) -> Json:
    if not workspace.manifest.knows_shortcut(callback_id, "message"):
        raise ControlError(f"The manifest has no message shortcut {callback_id!r}.", 404)
    channel = workspace.channels[message.channel]
    payload = payloads.shortcut(workspace, user, channel, message, callback_id)
    return await _interact(workspace, courier, user, payload)


async def use_global_shortcut(
    workspace: Workspace, courier: Courier, user: User, callback_id: str
) -> Json:
    if not workspace.manifest.knows_shortcut(callback_id, "global"):
        raise ControlError(f"The manifest has no global shortcut {callback_id!r}.", 404)
    payload = payloads.global_shortcut(workspace, user, callback_id)
    return await _interact(workspace, courier, user, payload)


async def open_home(workspace: Workspace, courier: Courier, user: User) -> Json:
    """Send `app_home_opened`, if the app has a Home tab and the manifest subscribes to it."""
    if not workspace.manifest.has_home:
        raise ControlError("The manifest does not enable the Home tab.", 409)
    view = workspace.views.homes.get(user.id)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.direct_channel(user).id,
        "tab": "home",
        **({"view": view} if view else {}),
    }
    return await send_event(workspace, courier, event)


async def send_event(
    workspace: Workspace, courier: Courier, event: Json, *, force: bool = False
) -> Json:
    """Deliver an event the manifest subscribes to; `force` delivers any."""
    kind = str(event.get("type", ""))
    if not force and not workspace.manifest.subscribes(kind):
        raise ControlError(f"The manifest does not subscribe to {kind!r}.", 409)
    return describe(*await courier.event(event))


def say(workspace: Workspace, user: User, channel: Channel, text: str, thread: str | None) -> Json:
    """Write a person's own message; the app hears of it only if the manifest subscribes."""
    if channel.is_archived:
        raise ControlError(f"{channel.id} is archived.", 409)
    message = Message(
        ts=workspace.rooms.next_ts(),
        channel=channel.id,
        user=user.id,
        text=text,
        blocks=[],
        thread_ts=thread,
    )
    workspace.rooms.add(message)
    workspace.journal.add("control", "message", request=message.to_slack())
    kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
    name = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    if workspace.bot_user in channel.members:
        event = {**message.to_slack(), "channel": channel.id, "channel_type": kind}
        workspace.emit(event, f"message.{name}")
    return {"ts": message.ts, "channel": channel.id}


async def _interact(workspace: Workspace, courier: Courier, user: User, payload: Json) -> Json:
    watch = Watch(workspace, user.id)
    envelope_id, receipt = await courier.interact("interactive", payload)
    if receipt.is_acked:
        await watch.settle()
    return describe(envelope_id, receipt, watch)


def _show(workspace: Workspace, body: Json, user: User, channel: Channel) -> str | None:
    """Show the ack's message; returns what the person sees instead if Slack refuses it."""
    try:
        answer(workspace, body, user=user.id, channel_id=channel.id, via="command")
    except SlackError as error:
        problem = f"{error.code}: {' '.join(error.messages)}".strip(": ")
        workspace.journal.add("ack", "refused", response=body, status=error.code)
        return problem
    return None
