"""The application: every door of the sandbox on one loopback port."""

from importlib import resources

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from sandbox.api.door import Door
from sandbox.api.methods import table
from sandbox.control.deeds import Deeds
from sandbox.control.guard import NoOtherSite
from sandbox.control.guidance import Guidance
from sandbox.control.levers import Levers
from sandbox.control.looks import Looks
from sandbox.control.story import OnlyTheTeller, Story
from sandbox.courier import Courier
from sandbox.replies import Replies
from sandbox.signed import SignedHttp
from sandbox.sockets import Sockets
from sandbox.wire import ControlError, SlackError
from sandbox.workspace import Workspace

# A page elsewhere that points its own name at 127.0.0.1 must not reach the controls.
LOOPBACK = ("127.0.0.1", "localhost")


def build(workspace: Workspace) -> Starlette:
    """Join the parts around one workspace."""
    sockets = Sockets(workspace.world.app_id, workspace.journal, workspace.faults)
    courier = Courier(workspace, sockets, _signed(workspace))
    workspace.emit = courier.emit

    async def link(socket: WebSocket) -> None:
        await sockets.serve(socket)

    routes: list[BaseRoute] = [
        *Door(workspace, table(sockets)).routes(),
        *Replies(workspace).routes(),
        *Deeds(workspace, courier).routes(),
        *Looks(workspace, sockets).routes(),
        *Levers(workspace, courier).routes(),
        *Guidance(workspace).routes(),
        *Story(workspace).routes(),
        WebSocketRoute("/link/", link),
        *_pages(),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={ControlError: _refuse, SlackError: _refuse},
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK)),
            Middleware(NoOtherSite),
            Middleware(OnlyTheTeller, telling=workspace.telling),
        ],
    )


def _signed(workspace: Workspace) -> SignedHttp | None:
    url = workspace.settings.events_url
    secret = workspace.world.tokens.signing_secret
    return SignedHttp(url, secret, workspace.journal) if url else None


def _pages() -> list[BaseRoute]:
    folder = str(resources.files("sandbox").joinpath("page"))

    async def index(_request: Request) -> Response:
        return FileResponse(f"{folder}/index.html")

    return [
        Route("/", index),
        Route("/archives/{channel}/{place}", index),
        Mount("/page", StaticFiles(directory=folder)),
    ]


async def _refuse(_request: Request, error: Exception) -> Response:
    if isinstance(error, ControlError):
        return JSONResponse({"error": error.sentence}, error.status)
    return JSONResponse({"error": f"Slack refuses it: {error}"}, 400)
