"""Who may act at the controls: no page of another site, which a browser lets send what it likes."""

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_CONTROLS: Final = "/sandbox/"
_LOOKS: Final = ("GET", "HEAD")
_NOT_OURS: Final = "Only the sandbox's own page acts here, and programs that are no browser."


class NoOtherSite:
    """Refuses what would act and was sent by another site's page, as the browser itself says.

    A form needs no script and no leave of ours to be sent. Another port of this machine is another
    site. What is no browser says nothing of where it comes from, and is let in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and acts(scope) and not _is_own(Headers(scope=scope)):
            await JSONResponse({"error": _NOT_OURS}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def acts(scope: Scope) -> bool:
    """Tell whether a request would do something at the controls."""
    return scope["method"] not in _LOOKS and str(scope["path"]).startswith(_CONTROLS)


def _is_own(headers: Headers) -> bool:
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    is_ours = origin is None or origin == f"http://{headers.get('host', '')}"
    return is_ours and site in (None, "same-origin")
