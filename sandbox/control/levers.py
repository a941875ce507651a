"""The levers: clock, faults, connections, and changes to people and channels."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.acts.delivery import describe
from sandbox.clock import parse_iso
from sandbox.control.body import in_words, number_in, read_body
from sandbox.control.times import next_named, working_hours_later
from sandbox.courier import Courier
from sandbox.faults import Fault
from sandbox.sockets import GRACE_SECONDS
from sandbox.wire import ControlError, Json
from sandbox.workspace import Workspace
from sandbox.world import Channel, User

MOVES = ("to", "forward_seconds", "forward_working_hours", "to_next_named")


class Levers:
    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/clock", self.move_clock, methods=["POST"]),
            Route("/sandbox/fault", self.fault, methods=["POST"]),
            Route("/sandbox/fault", self.clear_faults, methods=["DELETE"]),
            Route("/sandbox/disconnect", self.disconnect, methods=["POST"]),
            Route("/sandbox/silence", self.silence, methods=["POST"]),
            Route("/sandbox/revoke", self.revoke, methods=["POST"]),
            Route("/sandbox/redeliver", self.redeliver, methods=["POST"]),
            Route("/sandbox/user/{id}", self.change_user, methods=["POST"]),
            Route("/sandbox/channel/{id}", self.change_channel, methods=["POST"]),
        ]

    async def move_clock(self, request: Request) -> Response:
        body = await read_body(request)
        clock = self._workspace.clock
        try:
            clock.move_to(self._moment(body))
        except ValueError as error:
            raise ControlError(str(error)) from None
        self._note("clock", clock.reading())
        return JSONResponse(clock.reading())

    def _moment(self, body: Json) -> float:
        """Return the time that was asked for; refuses a body that names none."""
        now = self._workspace.clock.now
        if "to" in body:
            return parse_iso(str(body["to"])).timestamp()
        if "forward_seconds" in body:
            return now + number_in(body, "forward_seconds")
        if "forward_working_hours" in body:
            person = self._workspace.acting_user(str(body.get("user", "")), force=True)
            return working_hours_later(now, number_in(body, "forward_working_hours"), person.tz)
        if "to_next_named" in body:
            named = next_named(self._workspace)
            if named is None:
                raise ControlError("No message and no Home names a time that is still to come.")
            return named
        raise ControlError(f"Say one of {', '.join(MOVES)}.")

    async def fault(self, request: Request) -> Response:
        body = await read_body(request, "method", "kind")
        try:
            fault = Fault.model_validate(body | {"kind": str(body["kind"])})
            self._workspace.faults.add(fault)
        except ValidationError as error:
            raise ControlError(f"This is no fault: {in_words(error)}") from None
        except ValueError as error:
            raise ControlError(str(error)) from None
        self._note("fault", body)
        return JSONResponse(fault.model_dump())

    async def clear_faults(self, _request: Request) -> Response:
        self._workspace.faults.clear()
        self._note("fault", {})
        return JSONResponse({"cleared": True})

    async def disconnect(self, request: Request) -> Response:
        body = await read_body(request)
        reason = str(body.get("reason", "refresh_requested"))
        if reason not in GRACE_SECONDS:
            raise ControlError(f"A reason is one of {', '.join(GRACE_SECONDS)}.")
        return JSONResponse({"told": await self._courier.sockets.disconnect(reason)})

    async def silence(self, _request: Request) -> Response:
        """Let the app's connections stay open and say nothing: no pong, no envelope, no close."""
        return JSONResponse({"silent": self._courier.sockets.silence()})

    async def revoke(self, request: Request) -> Response:
        """Make the bot's token worthless; `bot` in the body takes its place."""
        body = await read_body(request)
        self._workspace.revoke_bot_token(str(body.get("bot", "")))
        self._note("revoke", {})
        return JSONResponse({"revoked": True})

    async def redeliver(self, request: Request) -> Response:
        """Send an envelope again; its answer is reported but changes nothing in the workspace."""
        body = await read_body(request, "envelope_id")
        envelope_id = str(body["envelope_id"])
        return JSONResponse(describe(envelope_id, await self._courier.redeliver(envelope_id)))

    async def change_user(self, request: Request) -> Response:
        body = await read_body(request)
        user = self._workspace.acting_user(request.path_params["id"], force=True)
        _patch(user, body)
        self._note("user", {"id": user.id, **body})
        now = self._workspace.clock.now
        slack_user = user.to_slack(self._workspace.world.team.id, now)
        event = {"type": "user_change", "user": slack_user, "cache_ts": now}
        self._workspace.emit(event, "user_change")
        return JSONResponse(user.model_dump())

    async def change_channel(self, request: Request) -> Response:
        body = await read_body(request)
        channel = self._workspace.channels.get(request.path_params["id"])
        if channel is None:
            raise ControlError("There is no such channel.", 404)
        before = channel.model_copy(deep=True)
        _patch(channel, body)
        self._note("channel", {"id": channel.id, **body})
        self._announce(before, channel)
        return JSONResponse(channel.model_dump())

    def _announce(self, before: Channel, now: Channel) -> None:
        """Send the events Slack sends for what changed."""
        if before.is_archived != now.is_archived:
            kind = "channel_archive" if now.is_archived else "channel_unarchive"
            self._workspace.emit({"type": kind, "channel": now.id, "user": ""}, kind)
        if before.name != now.name:
            body = {"id": now.id, "name": now.name, "created": self._workspace.clock.now}
            self._workspace.emit({"type": "channel_rename", "channel": body}, "channel_rename")
        for user in sorted(set(before.members) ^ set(now.members)):
            kind = "member_joined_channel" if user in now.members else "member_left_channel"
            event = {
                "type": kind,
                "user": user,
                "channel": now.id,
                "channel_type": "G" if now.is_private else "C",
                "team": self._workspace.world.team.id,
            }
            self._workspace.emit(event, kind)

    def _note(self, kind: str, body: Json) -> None:
        self._workspace.journal.add("control", kind, request=body)


def _patch(part: User | Channel, changes: Json) -> None:
    """Change fields of a user or a channel; refuses unknown fields, wrong types and a new id."""
    fields = type(part).model_fields
    for name in changes:
        if name == "id" or name not in fields:
            raise ControlError(f"There is no field {name!r} to change.")
    try:
        type(part).model_validate(part.model_dump() | changes)  # all of it changes, or nothing
        for name, value in changes.items():
            setattr(part, name, value)
    except ValidationError as error:
        raise ControlError(f"This cannot be changed so: {in_words(error)}") from None
