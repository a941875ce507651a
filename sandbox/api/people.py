"""`users.*`."""

from sandbox.api.call import Args, Method, always, page_of
from sandbox.wire import Json
from sandbox.workspace import Workspace


def info(workspace: Workspace, args: Args) -> Json:
    user = workspace.user(args.need("user"))
    return {"ok": True, "user": user.to_slack(workspace.world.team.id, workspace.clock.now)}


def list_users(workspace: Workspace, args: Args) -> Json:
    team, now = workspace.world.team.id, workspace.clock.now
    users, cursor = page_of(args, list(workspace.users.values()), default=1000)
    members = [each.to_slack(team, now) for each in users]
    return {"ok": True, "members": members, "cache_ts": now, "response_metadata": cursor}


METHODS = {
    "users.info": Method(info, scope=always("users:read")),
    "users.list": Method(list_users, scope=always("users:read")),
}
