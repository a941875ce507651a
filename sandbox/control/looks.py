"""What people and tests can look at: world, messages, views, files, log."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.deeds import DEFAULT_COMMAND
from sandbox.sockets import Sockets
from sandbox.wire import ControlError, Json
from sandbox.workspace import Workspace

LONGEST_POLL = 25.0

_PNG = b"\x89PNG\r\n"


class Looks:
    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self._workspace = workspace
        self._sockets = sockets

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/world", self.world),
            Route("/sandbox/screen", self.screen),
            Route("/sandbox/messages", self.messages),
            Route("/sandbox/views", self.views),
            Route("/sandbox/home", self.home),
            Route("/sandbox/ephemerals", self.ephemerals),
            Route("/sandbox/files", self.files),
            Route("/sandbox/files/{id}", self.file),
            Route("/sandbox/log", self.log),
            Route("/sandbox/changes", self.changes),
        ]

    async def screen(self, request: Request) -> Response:
        """Give all that one person sees at one place, as it is at one moment."""
        user, views = _needed(request, "user"), self._workspace.views
        shown = {
            "world": self._world(),
            "messages": self._messages(request.query_params.get("channel", "")),
            "whispers": self._whispers(user),
            "views": views.stack(user),
            "home": views.homes.get(user),
        }
        return JSONResponse(shown)

    async def world(self, _request: Request) -> Response:
        return JSONResponse(self._world())

    def _world(self) -> Json:
        workspace, manifest = self._workspace, self._workspace.manifest
        team, guide = workspace.world.team, workspace.guide
        return {
            "team": team.model_dump(),
            "bot": workspace.world.bot.model_dump(),
            "app_id": workspace.world.app_id,
            "users": [each.model_dump() for each in workspace.users.values()],
            "channels": [each.model_dump() for each in workspace.channels.values()],
            "clock": workspace.clock.reading(),
            "connected": len(self._sockets.usable),
            "commands": [
                {"name": name, "usage_hint": manifest.usage_hints.get(name, "")}
                for name in sorted(manifest.escaping) or [DEFAULT_COMMAND]
            ],
            "latest": workspace.rooms.latest(),
            "shortcuts": [
                {"callback_id": id_, "type": kind, "name": manifest.shortcut_names[id_]}
                for id_, kind in manifest.shortcuts.items()
            ],
            "has_home": manifest.has_home,
            "guide": guide and guide.to_page(workspace.journal, workspace.names),
            "story": workspace.telling.to_page(),
        }

    async def messages(self, request: Request) -> Response:
        return JSONResponse(self._messages(self._channel(request)))

    def _messages(self, channel: str) -> list[Json]:
        return [each.to_page() for each in self._workspace.rooms.in_channel(channel)]

    async def views(self, request: Request) -> Response:
        return JSONResponse(self._workspace.views.stack(_needed(request, "user")))

    async def home(self, request: Request) -> Response:
        return JSONResponse(self._workspace.views.homes.get(_needed(request, "user")))

    async def ephemerals(self, request: Request) -> Response:
        return JSONResponse(self._whispers(_needed(request, "user")))

    def _whispers(self, user: str) -> list[Json]:
        return [each.to_page() for each in self._workspace.rooms.whispers_to(user)]

    async def files(self, _request: Request) -> Response:
        shown = [
            {
                "id": file.id,
                "name": file.name,
                "title": file.title or file.name,
                "size": len(file.content or b""),
                "channels": file.channels,
                "complete": file.is_complete,
            }
            for file in self._workspace.files.all.values()
        ]
        return JSONResponse(shown)

    async def file(self, request: Request) -> Response:
        """Give the bytes as a download: an uploaded page must never run on this origin."""
        file = self._workspace.files.all.get(request.path_params["id"])
        if file is None or file.content is None:
            raise ControlError("There is no such file.", 404)
        is_picture = file.content.startswith(_PNG)
        if not is_picture:  # a picture is fetched by the page, anything else by who opens it
            self._workspace.journal.add("control", "file.opened", request={"name": file.name})
        headers = {
            "Content-Disposition": f'attachment; filename="{_safe(file.name)}"',
            "X-Content-Type-Options": "nosniff",
        }
        kind = "image/png" if is_picture else "application/octet-stream"
        return Response(file.content, media_type=kind, headers=headers)

    async def log(self, request: Request) -> Response:
        journal = self._workspace.journal
        entries = [each.to_json() for each in journal.after(_number(request, "after", 0))]
        return JSONResponse({"entries": entries, "last": journal.last})

    async def changes(self, request: Request) -> Response:
        """Answer as soon as the log is longer than `after`, or when the time is up."""
        journal = self._workspace.journal
        seconds = min(_number(request, "timeout", 20), LONGEST_POLL)
        if journal.last <= _number(request, "after", 0):
            await journal.changed.wait(seconds)
        read = {"last": journal.last, "shown": journal.shown}
        return JSONResponse({**read, "clock": self._workspace.clock.reading()})

    def _channel(self, request: Request) -> str:
        user = request.query_params.get("user")
        if user:
            return self._workspace.direct_channel(self._workspace.acting_user(user, force=True)).id
        return _needed(request, "channel")


def _needed(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        raise ControlError(f"The query needs `{name}`.")
    return value


def _number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.query_params.get(name, default))
    except ValueError:
        raise ControlError(f"`{name}` must be a whole number.") from None


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name)
