"""The guide at the controls: another one, the same from its beginning, and its buttons."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.body import in_words, read_body
from sandbox.guide import UNDER_WAY, Guide, Outcome
from sandbox.steps import Steps
from sandbox.wire import ControlError
from sandbox.workspace import Workspace


class Guidance:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sandbox/guide", self.change, methods=["POST"]),
            Route("/sandbox/guide/do", self.ask, methods=["POST"]),
            Route("/sandbox/guide/done", self.tell, methods=["POST"]),
        ]

    async def change(self, request: Request) -> Response:
        """Show these `steps`, or with `again` those there are; either counts from now on."""
        body = await read_body(request)
        workspace = self._workspace
        if not body.pop("again", False):
            workspace.guide = Guide(_read(body))
        guide = self._guide()
        guide.begin(workspace.journal)
        workspace.journal.add("control", "guide")
        return JSONResponse(guide.to_page(workspace.journal, workspace.names))

    async def ask(self, request: Request) -> Response:
        """Ask whoever showed the guide for the `deed` of one of its buttons; the log tells them."""
        body = await read_body(request, "deed")
        guide, deed = self._guide(), str(body["deed"])
        if deed not in guide.steps.deeds:
            raise ControlError(f"Nobody does {deed!r} for this guide.", 404)
        guide.to_page(self._workspace.journal)
        if not guide.key:
            raise ControlError("Take the first step first: this is done for what you make there.")
        guide.said[deed] = UNDER_WAY
        self._workspace.journal.add("control", "guide.do", request={"deed": deed, "key": guide.key})
        return JSONResponse(UNDER_WAY.to_page())

    async def tell(self, request: Request) -> Response:
        """Have the page say what came of a `deed`; with `failed` that it is still to be done."""
        body = await read_body(request, "deed", "said")
        state = "failed" if body.get("failed") else "done"
        self._guide().said[str(body["deed"])] = Outcome(str(body["said"]), state)
        self._workspace.journal.add("control", "guide.done", request=body)
        return JSONResponse(body)

    def _guide(self) -> Guide:
        if self._workspace.guide is None:
            raise ControlError("There is no guide.", 404)
        return self._workspace.guide


def _read(body: object) -> Steps:
    try:
        return Steps.model_validate(body)
    except ValidationError as error:
        raise ControlError(f"This is no guide: {in_words(error)}") from None
