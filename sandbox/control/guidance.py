"""The guide at the controls: another one, or the same from its beginning."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.body import in_words, read_body
from sandbox.guide import Guide, Steps
from sandbox.wire import ControlError
from sandbox.workspace import Workspace


class Guidance:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        return [Route("/sandbox/guide", self.change, methods=["POST"])]

    async def change(self, request: Request) -> Response:
        """Show these `steps`, or with `again` those there are; either counts from now on."""
        body = await read_body(request)
        workspace = self._workspace
        if not body.pop("again", False):
            workspace.guide = Guide(_read(body))
        if workspace.guide is None:
            raise ControlError("There is no guide to begin again.", 404)
        workspace.guide.begin(workspace.journal)
        workspace.journal.add("control", "guide")
        return JSONResponse(workspace.guide.to_page(workspace.journal))


def _read(body: object) -> Steps:
    try:
        return Steps.model_validate(body)
    except ValidationError as error:
        raise ControlError(f"This is no guide: {in_words(error)}") from None
