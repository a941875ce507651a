"""The Web API's door: reads a request, applies faults, answers and writes the log."""

import inspect
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.api.call import Args, Method, check_scope, check_token
from sandbox.faults import Fault
from sandbox.network import hang_up, hold
from sandbox.wire import Json, SlackError, looks_real
from sandbox.workspace import Workspace

Answer = tuple[int, Json, dict[str, str]]

_LOST = "lost"


class Door:
    def __init__(self, workspace: Workspace, methods: Mapping[str, Method]) -> None:
        self._workspace = workspace
        self._methods = methods

    def routes(self) -> list[BaseRoute]:
        return [Route("/api/{method}", self.serve, methods=["GET", "POST"])]

    async def serve(self, request: Request) -> Response:
        """Answer one call, or do to it what the waiting fault says."""
        method = request.path_params["method"]
        args, token = await _read(request)
        fault = self._workspace.faults.take(method)
        if fault is not None and fault.kind in ("timeout_before", "reset_before"):
            self._note(method, args, None, _LOST)
            return await _lose(request, fault)
        if fault is not None and not fault.kind.endswith("_after"):
            status, body, headers = _broken(fault)
        else:
            status, body, headers = await self.answer(method, token, args)
        if fault is not None and fault.kind.endswith("_after"):
            self._note(method, args, body, _LOST)
            return await _lose(request, fault)
        self._note(method, args, body, status)
        return JSONResponse(body, status, headers)

    async def answer(self, method: str, token: str, args: Args) -> Answer:
        """Return what Slack says to this call."""
        try:
            return 200, await self._call(method, token, args), self._granted(token)
        except SlackError as error:
            if error.retry_after is not None:
                return 429, error.body(), {"Retry-After": str(error.retry_after)}
            return 200, error.body(), self._granted(token)

    def _granted(self, token: str) -> dict[str, str]:
        """Say what the bot token is good for, as Slack does with every answer."""
        is_bots = token == self._workspace.world.tokens.bot
        return {"X-OAuth-Scopes": ",".join(self._workspace.manifest.scopes)} if is_bots else {}

    async def _call(self, method: str, token: str, args: Args) -> Json:
        known = self._methods.get(method)
        if known is None:
            raise SlackError("unknown_method", extra={"req_method": method})
        if looks_real(token):
            args.warnings.append("real_token: this looks like a token of a real workspace")
        check_token(self._workspace, known.caller, token)
        check_scope(self._workspace, known.scope(self._workspace, args))
        answer = known.handler(self._workspace, args)
        return await answer if inspect.isawaitable(answer) else answer

    def _note(self, method: str, args: Args, body: Json | None, status: int | str) -> None:
        self._workspace.journal.add(
            "web_api",
            method,
            request=args.given,
            response=body,
            status=status,
            warnings=args.warnings,
        )


async def _read(request: Request) -> tuple[Args, str]:
    """Return the arguments and the token of a JSON, form, query or empty request."""
    raw = await request.body()
    given: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        decoded = _json(raw)
        given |= decoded if isinstance(decoded, dict) else {}
    else:
        given |= dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    token = str(given.pop("token", "") or bearer)
    return Args({name: value for name, value in given.items() if value is not None}), token


def _json(raw: bytes) -> object:
    try:
        return json.loads(raw) if raw.strip() else {}
    except ValueError:
        return {}


def _broken(fault: Fault) -> Answer:
    if fault.kind == "429":
        body = {"ok": False, "error": "ratelimited"}
        return 429, body, {"Retry-After": str(fault.retry_after)}
    if fault.kind == "500":
        return 500, {"ok": False, "error": "internal_error"}, {}
    return 200, {"ok": False, "error": fault.error}, {}


async def _lose(request: Request, fault: Fault) -> Response:
    if fault.kind.startswith("timeout"):
        await hold(request, fault.hold_seconds)
    return hang_up(request)
