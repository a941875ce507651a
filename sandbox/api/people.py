"""`users.*` and `dnd.*`."""

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


def dnd(workspace: Workspace, args: Args) -> Json:
    """Say when somebody does not want to be disturbed, as Slack does: the present or next time."""
    user, now = workspace.user(args.need("user")), workspace.clock.now
    is_on = user.quiet_until > now
    answer: Json = {
        "ok": True,
        "dnd_enabled": is_on,
        "next_dnd_start_ts": user.quiet_from if is_on else 1,
        "next_dnd_end_ts": user.quiet_until if is_on else 1,
        "snooze_enabled": user.snoozed_until > now,
    }
    if user.snoozed_until > now:
        left = user.snoozed_until - now
        answer |= {"snooze_endtime": user.snoozed_until, "snooze_remaining": left}
    return answer


METHODS = {
    "dnd.info": Method(dnd, scope=always("dnd:read")),
    "users.info": Method(info, scope=always("users:read")),
    "users.list": Method(list_users, scope=always("users:read")),
}
