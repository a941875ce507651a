"""What a program is told when the answer is no: one shape (RFC 9457) for every error."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from traceback import extract_tb
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.refusals import Away, Busy, CommitUnknown, Refused, Unwritable

log = structlog.get_logger()

RETRY: Final = {"Retry-After": "1"}
OFREP: Final = "/ofrep/"
GENERAL: Final = "GENERAL"
UNKNOWN_WORKFLOW: Final = "unknown workflow"
MAX_SHOWN: Final = 80

_DETAILS: Final[Mapping[int, str]] = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


_MEMBERS: Final = {
    "type": {"type": "string"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
}
_DOCUMENT: Final = {
    "content": {
        "application/problem+json": {
            "schema": {"type": "object", "properties": _MEMBERS, "required": list(_MEMBERS)}
        }
    }
}
# For the API's own page: what any address may answer instead.
PROBLEMS: Final[dict[int | str, dict[str, object]]] = {
    "4XX": {"description": "No; `detail` says what to do.", **_DOCUMENT},
    "503": {"description": "Not now: nothing was kept, try again.", **_DOCUMENT},
}


class Problem(Exception):  # noqa: N818 -- the word of RFC 9457
    """The answer when it is no. `code` is what OFREP calls it; `members` say more than all do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = GENERAL,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.headers = dict(headers or {})
        self.members = dict(members or {})


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def shown(text: str) -> str:
    """Give outside text as it may be repeated to its sender: short and in plain ASCII."""
    cut = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
    return cut.encode("ascii", "backslashreplace").decode()


def response_to(request: Request, problem: Problem) -> ProblemResponse:
    """Give a problem as a response; OFREP's clients find their own names in it as well."""
    members: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    if request.url.path.startswith(OFREP):
        # A client reads these two without looking whether they are there.
        members |= {"errorCode": problem.code, "errorDetails": problem.detail}
        if key := request.path_params.get("key"):
            members["key"] = shown(key)
    return ProblemResponse(members, problem.status, problem.headers)


def register(app: FastAPI) -> None:
    """Let every error of the application end as a problem, those of the framework included."""
    for kind in (Problem, Refused, Busy, CommitUnknown, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(LastResort)


class LastResort:
    """Turns a fault of ours into a 500 that names a line of the log, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if has_started:
                raise
            request = Request(scope)
            await response_to(request, _fault(error, request))(scope, receive, send)


def _fault(error: Exception, request: Request) -> Problem:
    reference = secrets.token_hex(6)
    # Not the error's own words: a database's error repeats the values, outputs among them.
    log.error(
        "request failed",
        reference=reference,
        path=shown(request.url.path),
        error=type(error).__name__,
        at=[f"{each.filename}:{each.lineno}" for each in extract_tb(error.__traceback__)[-8:]],
    )
    return Problem(
        500,
        f"A fault on our side; the log has it as {reference}. Sending the same again is safe.",
        members={"reference": reference},
    )


async def _answer(request: Request, error: Exception) -> ProblemResponse:
    return response_to(request, _problem_of(error))


def _problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case Refused():
            return Problem(404 if error.rule == UNKNOWN_WORKFLOW else 409, error.sentence)
        case Busy() | CommitUnknown():
            return Problem(503, _of_the_store(error), headers=RETRY)
        case HTTPException():
            detail = _DETAILS.get(error.status_code, error.detail)
            return Problem(error.status_code, detail, headers=error.headers)
        case RequestValidationError():
            faults = (f"{each['loc'][-1]}: {each['msg']}" for each in error.errors())
            return Problem(422, shown("; ".join(faults)))
    raise error


def _of_the_store(error: Busy | CommitUnknown) -> str:
    match error:
        case Away():
            return "The database does not answer; nothing was recorded. Try again."
        case Unwritable():
            return (
                "The database takes nothing in; nothing was recorded. Tell whoever runs "
                "Answerable, and try again later."
            )
        case Busy():
            return f"Busy: {error}. Try again."
    return "The database was lost while this was recorded. Send it again: it counts once."
