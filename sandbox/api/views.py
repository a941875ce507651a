"""`views.*`: modals opened, pushed and changed, and Home tabs published."""

from sandbox.api.call import Args, Method
from sandbox.limits.views import check_view
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace


def open_view(workspace: Workspace, args: Args) -> Json:
    """Judge the view first: a trigger is used up only by a view that is shown."""
    view = check_view(args.structure("view"), "modal")
    trigger = workspace.triggers.exchange(args.need("trigger_id"))
    return {"ok": True, "view": workspace.views.open(trigger.user, view)}


def push_view(workspace: Workspace, args: Args) -> Json:
    view = check_view(args.structure("view"), "modal")
    trigger = workspace.triggers.exchange(args.need("trigger_id"))
    if not trigger.from_view:
        raise SlackError("invalid_trigger_id", ["[ERROR] this trigger does not come from a modal"])
    return {"ok": True, "view": workspace.views.push(trigger.user, view)}


def update_view(workspace: Workspace, args: Args) -> Json:
    view = check_view(args.structure("view"), "modal")
    old = _named(workspace, args)
    if old is None or old["type"] != "modal":
        raise SlackError("not_found")
    _check_hash(args, old)
    return {"ok": True, "view": workspace.views.replace(old, view)}


def publish_view(workspace: Workspace, args: Args) -> Json:
    view = check_view(args.structure("view"), "home")
    user = workspace.user(args.need("user_id"))
    if not workspace.manifest.has_home:
        raise SlackError("not_enabled")
    old = workspace.views.homes.get(user.id)
    if old:
        _check_hash(args, old)
    return {"ok": True, "view": workspace.views.publish(user.id, view)}


def _named(workspace: Workspace, args: Args) -> Json | None:
    if args.text("external_id"):
        return workspace.views.find_external(args.text("external_id"))
    return workspace.views.find(args.need("view_id"))


def _check_hash(args: Args, old: Json) -> None:
    if args.text("hash") not in ("", old["hash"]):
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push_view),
    "views.update": Method(update_view),
    "views.publish": Method(publish_view),
}
