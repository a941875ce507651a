"""`auth.*`, `api.*`, `apps.*`, and the one method Slack does not have: the clock."""

from sandbox.api.call import Args, Method
from sandbox.sockets import Sockets
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace

LONGEST_POLL = 25.0


def auth_test(workspace: Workspace, _args: Args) -> Json:
    world = workspace.world
    return {
        "ok": True,
        "url": f"{workspace.base_url}/",
        "team": world.team.name,
        "user": world.bot.name,
        "team_id": world.team.id,
        "user_id": world.bot.user_id,
        "bot_id": world.bot.id,
        "app_id": world.app_id,
        "is_enterprise_install": False,
    }


def api_test(_workspace: Workspace, args: Args) -> Json:
    """Echo the arguments; an `error` among them is the error."""
    echoed = {name: value for name, value in args.given.items() if name != "token"}
    if "error" in echoed:
        raise SlackError(str(echoed["error"]), extra={"args": echoed})
    return {"ok": True, "args": echoed}


async def sandbox_clock(workspace: Workspace, args: Args) -> Json:
    """Return the workspace's time; with `after`, not before it has moved past that version."""
    clock = workspace.clock
    if "after" in args.given:
        await clock.wait_beyond(args.number("after", 0), LONGEST_POLL)
    return {"ok": True, "now": clock.now, "version": clock.version}


def methods(sockets: Sockets) -> dict[str, Method]:
    def connections_open(workspace: Workspace, _args: Args) -> Json:
        ticket = sockets.issue_ticket()
        host = workspace.base_url.removeprefix("http://")
        return {
            "ok": True,
            "url": f"ws://{host}/link/?ticket={ticket}&app_id={workspace.world.app_id}",
        }

    return {
        "auth.test": Method(auth_test, caller="any"),
        "api.test": Method(api_test, caller="none"),
        "apps.connections.open": Method(connections_open, caller="app"),
        "sandbox.clock": Method(sandbox_clock, caller="none"),
    }
