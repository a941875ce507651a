"""The network's own faults: a connection that hangs, a connection that breaks."""

import asyncio
import contextlib

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 whose requests can reach their own connection, to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def transport_of(connection: HTTPConnection) -> asyncio.Transport:
    """Give what carries a request or a WebSocket."""
    transport: asyncio.Transport = connection.scope["state"]["transport"]
    return transport


def hang_up(request: Request) -> Response:
    """Break the connection without a word; the returned response reaches nobody."""
    transport_of(request).abort()
    return Response()


async def hold(request: Request, seconds: float) -> None:
    """Say nothing until the caller gives up, or this long."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_until_gone(request), seconds)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
