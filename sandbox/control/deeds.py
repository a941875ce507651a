"""What people do in the workspace: commands, clicks, forms, shortcuts, words."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.acts import click, command, modal
from sandbox.control.body import read_body
from sandbox.courier import Courier
from sandbox.rooms import Message
from sandbox.wire import ControlError, Json, object_in
from sandbox.workspace import Workspace
from sandbox.world import Channel, User

DEFAULT_COMMAND = "/answerable"


class Deeds:
    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def routes(self) -> list[BaseRoute]:
        deeds = {
            "command": self.command,
            "click": self.click,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "open_home": self.open_home,
            "event": self.event,
            "say": self.say,
        }
        return [Route(f"/sandbox/{n}", deed, methods=["POST"]) for n, deed in deeds.items()]

    async def command(self, request: Request) -> Response:
        body = await read_body(request, "user", "channel")
        user, channel = self._at(body)
        typed = (str(body.get("command", DEFAULT_COMMAND)), str(body.get("text", "")))
        return JSONResponse(
            await command.type_command(self._workspace, self._courier, user, channel, typed)
        )

    async def click(self, request: Request) -> Response:
        body = await read_body(request, "user")
        if "view_id" in body:
            user = self._person(body)
            view = self._view(user, body)
            done = await click.in_view(self._workspace, self._courier, user, view, body)
        else:
            user, channel = self._at(body)
            done = await click.in_message(self._workspace, self._courier, user, channel, body)
        return JSONResponse(done)

    async def submit(self, request: Request) -> Response:
        body = await read_body(request, "user", "view_id")
        user = self._person(body)
        given = object_in(body, "values")
        view = self._view(user, body)
        return JSONResponse(await modal.submit(self._workspace, self._courier, user, view, given))

    async def close(self, request: Request) -> Response:
        body = await read_body(request, "user", "view_id")
        user = self._person(body)
        view, whole = self._view(user, body), bool(body.get("all"))
        done = await modal.close(self._workspace, self._courier, user, view, all_views=whole)
        return JSONResponse(done)

    async def shortcut(self, request: Request) -> Response:
        """Use a shortcut on a message, or without a message a global one."""
        body = await read_body(request, "user", "callback_id")
        workspace, courier = self._workspace, self._courier
        if "ts" not in body:
            user = self._person(body)
            return JSONResponse(
                await command.use_global_shortcut(
                    workspace, courier, user, str(body["callback_id"])
                )
            )
        user, channel = self._at(body)
        message = self._message(channel, body)
        return JSONResponse(
            await command.use_shortcut(workspace, courier, user, message, str(body["callback_id"]))
        )

    async def open_home(self, request: Request) -> Response:
        body = await read_body(request, "user")
        user = self._person(body)
        return JSONResponse(await command.open_home(self._workspace, self._courier, user))

    async def event(self, request: Request) -> Response:
        body = await read_body(request, "event")
        event = object_in(body, "event")
        force = bool(body.get("force"))
        return JSONResponse(
            await command.send_event(self._workspace, self._courier, event, force=force)
        )

    async def say(self, request: Request) -> Response:
        body = await read_body(request, "user", "channel", "text")
        user, channel = self._at(body)
        thread = body.get("thread_ts")
        return JSONResponse(command.say(self._workspace, user, channel, str(body["text"]), thread))

    def _person(self, body: Json) -> User:
        return self._workspace.acting_user(str(body["user"]), force=bool(body.get("force")))

    def _at(self, body: Json) -> tuple[User, Channel]:
        """Return who acts and where; without a channel it is their conversation with the app."""
        user = self._person(body)
        target = str(body.get("channel") or f"D{user.id[1:]}")
        return user, self._workspace.seen_channel(user, target)

    def _view(self, user: User, body: Json) -> Json:
        """Return a view this person has on screen."""
        view_id = body["view_id"]
        home = self._workspace.views.homes.get(user.id)
        shown = [*self._workspace.views.stack(user.id), *([home] if home else [])]
        for view in shown:
            if view["id"] == view_id:
                return view
        raise ControlError(f"{user.real_name} has no open view {view_id!r}.", 404)

    def _message(self, channel: Channel, body: Json) -> Message:
        message = self._workspace.rooms.find(channel.id, str(body["ts"]))
        if message is None:
            raise ControlError(f"There is no message {body['ts']!r} in {channel.id}.", 404)
        return message
