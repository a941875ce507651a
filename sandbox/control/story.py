"""The story at the controls: it begins, goes on and ends; meanwhile nobody else acts."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.control.body import number_in, read_body
from sandbox.control.guard import acts
from sandbox.telling import HEADER, WATCH, Telling
from sandbox.workspace import Workspace


class Story:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/story", self.begin, methods=["POST"]),
            Route("/sandbox/story/step", self.tell, methods=["POST"]),
            Route("/sandbox/story/end", self.end, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Give the pass with which alone anybody acts until a story `of` so many steps ends."""
        body = await read_body(request, "of")
        held = self._workspace.telling.begin(int(number_in(body, "of")))
        self._workspace.journal.add("control", "story")
        return JSONResponse({"pass": held})

    async def tell(self, request: Request) -> Response:
        """Have the page say at which `step` the story is, and its `title`."""
        body = await read_body(request, "step", "title")
        telling = self._workspace.telling
        telling.step, telling.title = int(number_in(body, "step")), str(body["title"])
        self._workspace.journal.add("control", "story.step", request=body)
        return JSONResponse(body)

    async def end(self, _request: Request) -> Response:
        self._workspace.telling.end()
        self._workspace.journal.add("control", "story.end")
        return JSONResponse({"ended": True})


class OnlyTheTeller:
    """Refuses what would act while a story is told, unless it comes with the story's pass."""

    def __init__(self, app: ASGIApp, telling: Telling) -> None:
        self._app = app
        self._telling = telling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and acts(scope):
            shown = Headers(scope=scope).get(HEADER, "")
            if not self._telling.lets(shown):
                await JSONResponse({"error": WATCH}, 409)(scope, receive, send)
                return
        await self._app(scope, receive, send)
