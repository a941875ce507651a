"""A person uses a button, a select or a box in a message or in a view."""

from collections.abc import Iterator

from sandbox.acts import payloads
from sandbox.acts.delivery import Watch, describe
from sandbox.acts.values import chosen, fill_in, stateful
from sandbox.courier import Courier
from sandbox.limits.blocks import elements_of
from sandbox.rooms import Message
from sandbox.wire import ControlError, Json, object_in
from sandbox.workspace import Workspace
from sandbox.world import Channel, User


async def in_message(
    workspace: Workspace, courier: Courier, user: User, channel: Channel, wanted: Json
) -> Json:
    """Click an element of a message; with `stale`, one of an earlier version of it."""
    ts = str(wanted.get("ts", ""))
    whisper = workspace.rooms.find_whisper(user.id, ts)
    if whisper is not None:
        action = _action(workspace, whisper.blocks, wanted)
        payload = payloads.whisper_action(workspace, user, whisper, action)
        return await _deliver(workspace, courier, user, payload)
    message = workspace.rooms.find(channel.id, ts)
    if message is None:
        raise ControlError(f"There is no message {ts!r} in {channel.id}.", 404)
    shown = _shown_version(message, wanted)
    action = _action(workspace, shown.get("blocks", []), wanted)
    payload = payloads.message_action(workspace, user, channel, shown, action)
    return await _deliver(workspace, courier, user, payload)


async def in_view(
    workspace: Workspace, courier: Courier, user: User, view: Json, wanted: Json
) -> Json:
    """Use an element of a modal or a Home tab; `values` are what stands in the inputs then."""
    action = _action(workspace, view["blocks"], wanted)
    if view["type"] == "modal":
        view["state"] = {"values": fill_in(view, object_in(wanted, "values"))}
        _keep(view, action)
    payload = payloads.view_action(workspace, user, view, action)
    return await _deliver(workspace, courier, user, payload)


async def _deliver(workspace: Workspace, courier: Courier, user: User, payload: Json) -> Json:
    watch = Watch(workspace, user.id)
    envelope_id, receipt = await courier.interact("interactive", payload)
    if receipt.is_acked:
        await watch.settle()
    return describe(envelope_id, receipt, watch)


def _shown_version(message: Message, wanted: Json) -> Json:
    """Return the message now, or the latest earlier version that still has the element."""
    if not wanted.get("stale"):
        return message.to_slack()
    for version in [message.to_slack(), *reversed(message.earlier)]:
        if any(True for _found in _matching(version.get("blocks", []), wanted)):
            return version
    raise ControlError("No version of this message ever had such an element.", 404)


def _action(workspace: Workspace, blocks: list[Json], wanted: Json) -> Json:
    found = list(_matching(blocks, wanted))
    if not found:
        sought = {n: wanted[n] for n in ("action_id", "value", "block_id") if n in wanted}
        raise ControlError(f"It holds no element {sought} (any more).", 404)
    block, element = found[0]
    shared = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": workspace.rooms.next_ts(),
    }
    if element["type"] == "button":
        extras: Json = {n: element[n] for n in ("value", "style") if n in element}
        return {**shared, "text": element["text"], **extras}
    return {**shared, **chosen(element, wanted.get("selected", wanted.get("value")))}


def _matching(blocks: list[Json], wanted: Json) -> Iterator[tuple[Json, Json]]:
    if "blocks_action" in wanted:
        wanted = {**wanted, **object_in(wanted, "blocks_action")}
    for block in blocks:
        for _place, element in elements_of(block):
            same = element.get("action_id") == wanted.get("action_id")
            here = wanted.get("block_id") in (None, block["block_id"])
            is_button = element["type"] == "button"
            meant = wanted.get("value") in (None, element.get("value")) or not is_button
            if same and here and meant:
                yield block, element


def _keep(view: Json, action: Json) -> None:
    """Remember a choice made with an element of the view, as Slack's client does."""
    for block, element in stateful(view):
        if (block["block_id"], element["action_id"]) == (action["block_id"], action["action_id"]):
            held = {n: v for n, v in action.items() if n == "type" or n.startswith(("sel", "val"))}
            view["state"]["values"][block["block_id"]][element["action_id"]] = held
