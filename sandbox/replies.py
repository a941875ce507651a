"""The two doors that are not the Web API: response URLs and upload URLs."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.limits.messages import check_content
from sandbox.passes import ResponseUrl
from sandbox.posting import answer
from sandbox.rooms import complete_blocks
from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace


class Replies:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/response/{id}", self.respond, methods=["POST"]),
            Route("/upload/v1/{ticket}", self.upload, methods=["POST", "PUT"]),
        ]

    async def respond(self, request: Request) -> Response:
        """Take an answer to an interaction: five within thirty minutes."""
        url = self._workspace.response_urls.issued.get(request.path_params["id"])
        body = await _object(request)
        status, error, warnings = self._accept(url, body)
        answered: Json = {"ok": error is None, **({"error": error} if error else {})}
        self._workspace.journal.add(
            "response_url",
            "response_url",
            request=body,
            response=answered,
            status=status,
            warnings=warnings,
        )
        return JSONResponse(answered, status)

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a file; Slack answers in plain text here."""
        file = self._workspace.files.by_ticket(request.path_params["ticket"])
        if file is None or file.content is not None:
            return PlainTextResponse("Not found", 404)
        content = await request.body()
        if len(content) != file.length:
            return PlainTextResponse(f"expected {file.length} bytes, got {len(content)}", 400)
        file.content = content
        self._workspace.journal.add("web_api", "upload", request=file.name, status=200)
        return PlainTextResponse(f"OK - {len(content)}")

    def _accept(
        self, url: ResponseUrl | None, body: Json | None
    ) -> tuple[int, str | None, list[str]]:
        if url is None:
            return 404, "invalid_url", []
        refusal = url.refusal(self._workspace.clock.now)
        if refusal:
            return 404, refusal, []
        if body is None:
            return 400, "invalid_payload", []
        url.uses += 1
        try:
            return 200, None, self._show(url, body)
        except SlackError as error:
            return 400, error.code, error.messages

    def _show(self, url: ResponseUrl, body: Json) -> list[str]:
        if body.get("delete_original"):
            self._remove(url)
            return []
        if body.get("replace_original") and url.message_ts:
            return self._replace(url, body)
        return answer(
            self._workspace,
            body,
            user=url.user,
            channel_id=url.channel,
            via="response_url",
            thread_ts=body.get("thread_ts") or url.thread_ts,
        )

    def _replace(self, url: ResponseUrl, body: Json) -> list[str]:
        """Put other content in the place of the message that was clicked."""
        text, blocks, rooms = body.get("text") or "", body.get("blocks"), self._workspace.rooms
        warnings = check_content(text, blocks)
        whisper = rooms.find_whisper(url.user, url.message_ts or "")
        if whisper is not None:
            whisper.text, whisper.blocks = text, complete_blocks(blocks or [])
        else:
            message = rooms.get(url.channel, url.message_ts or "")
            message.change(text, complete_blocks(blocks or []), rooms.next_ts())
        return warnings

    def _remove(self, url: ResponseUrl) -> None:
        if url.message_ts and url.is_ephemeral:
            self._workspace.rooms.unwhisper(url.user, url.message_ts)
        elif url.message_ts:
            self._workspace.rooms.delete(url.channel, url.message_ts)


async def _object(request: Request) -> Json | None:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
