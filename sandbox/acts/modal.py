"""A person submits or closes a modal."""

from sandbox.acts import payloads
from sandbox.acts.delivery import Watch, describe
from sandbox.acts.values import complaints, fill_in
from sandbox.courier import Courier
from sandbox.limits.views import check_view
from sandbox.wire import ControlError, Json, SlackError
from sandbox.workspace import Workspace
from sandbox.world import User

UNREACHABLE = "We had some trouble connecting. Try again?"


async def submit(
    workspace: Workspace, courier: Courier, user: User, view: Json, given: Json
) -> Json:
    """Send what stands in the modal, unless Slack's own client would hold it back."""
    if workspace.views.top(user.id) is not view:
        raise ControlError("Another view lies on top of this one.", 409)
    if not view["submit"] and any(block["type"] == "input" for block in view["blocks"]):
        raise ControlError("This view has nothing to submit.", 409)
    view["state"] = {"values": fill_in(view, given)}
    held_back = complaints(view, view["state"]["values"])
    if held_back:
        return _held_back(view, held_back)
    watch = Watch(workspace, user.id)
    payload = payloads.submission(workspace, user, view)
    envelope_id, receipt = await courier.interact("interactive", payload)
    described = describe(envelope_id, receipt)
    errors = None
    if receipt.is_acked:
        errors, problem = follow(workspace, user, view, receipt.payload)
        described["problem"] = problem
    else:
        described["problem"] = UNREACHABLE
    top = workspace.views.top(user.id)
    return {**described, "ephemeral": watch.new_whisper(), "view": top, "errors": errors}


async def close(
    workspace: Workspace, courier: Courier, user: User, view: Json, *, all_views: bool
) -> Json:
    """Close the view on top, or the whole stack; tells the app if the view asked for it."""
    if workspace.views.top(user.id) is not view:
        raise ControlError("Another view lies on top of this one.", 409)
    cleared = all_views or view["clear_on_close"]
    if cleared:
        workspace.views.clear(user.id)
    else:
        workspace.views.close_top(user.id)
    workspace.journal.add("control", "close", request={"user": user.id, "view_id": view["id"]})
    if not view["notify_on_close"]:
        return {"acked": None, "view": workspace.views.top(user.id)}
    payload = payloads.closing(workspace, user, view, is_cleared=cleared)
    described = describe(*await courier.interact("interactive", payload))
    return {**described, "view": workspace.views.top(user.id)}


def _held_back(view: Json, errors: dict[str, str]) -> Json:
    return {
        "acked": False,
        "elapsed_ms": 0.0,
        "envelope_id": None,
        "response": None,
        "ephemeral": None,
        "problem": "Slack's client held the form back; nothing was sent.",
        "view": view,
        "errors": errors,
    }


def follow(
    workspace: Workspace, user: User, view: Json, ack: Json | None
) -> tuple[dict[str, str] | None, str | None]:
    """Do what the ack says; returns the errors to show and what went wrong with the ack."""
    try:
        return _respond(workspace, user, view, ack or {}), None
    except SlackError as error:
        why = f"{error.code}: {' '.join(error.messages)}".strip(": ")
        workspace.journal.add("ack", "refused", response=ack, status=error.code, warnings=[why])
        return None, f"{UNREACHABLE} (Slack refused the ack: {why})"


def _respond(workspace: Workspace, user: User, view: Json, ack: Json) -> dict[str, str] | None:
    action = ack.get("response_action")
    if action == "errors":
        return _errors(view, ack)
    if action == "update":
        shown = check_view(ack.get("view"), "modal")
        workspace.views.replace(_still_open(workspace, view), shown)
    elif action == "push":
        workspace.views.push(user.id, check_view(ack.get("view"), "modal"))
    elif action == "clear":
        workspace.views.clear(user.id)
    elif action is None and not ack:
        _close_submitted(workspace, user, view)
    else:
        raise SlackError("invalid_arguments", [f"[ERROR] unknown response_action: {action}"])
    workspace.journal.changed.ring()
    return None


def _still_open(workspace: Workspace, view: Json) -> Json:
    """Return the view as it is now: the app may have updated it while it handled the submit."""
    current = workspace.views.find(view["id"])
    if current is None:
        raise SlackError("not_found")
    return current


def _close_submitted(workspace: Workspace, user: User, view: Json) -> None:
    top = workspace.views.top(user.id)
    if top is not None and top["id"] == view["id"]:
        workspace.views.close_top(user.id)


def _errors(view: Json, ack: Json) -> dict[str, str]:
    """Return the errors; Slack takes them only under input blocks of this very view."""
    errors = ack.get("errors")
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: errors"])
    strangers = sorted(set(errors) - inputs)
    if strangers:
        raise SlackError("invalid_arguments", [f"[ERROR] not an input block: {strangers}"])
    return {block_id: str(text) for block_id, text in errors.items()}
