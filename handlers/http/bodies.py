"""What a request carries: read up to a limit and up to a time, then understood as JSON."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from handlers.http.problems import RETRY, Problem

PATIENCE: Final = 20.0  # seconds a caller has to send a body
PARSE_ERROR: Final = "PARSE_ERROR"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number exactly as it was written: `0.80` stays `0.80`, and `NaN` stays recognisable."""

    text: str


class NotJson(ValueError):  # noqa: N818 -- the state of what was sent
    """A text is no JSON; the message is what is said of it, such as `is nested too deep`."""


@dataclass
class Places:
    """How many requests are under way; counted on the event loop alone, so without a lock."""

    free: int

    @contextmanager
    def taken(self) -> Iterator[None]:
        if self.free == 0:
            raise Problem(503, "Busy: too many requests are under way. Try again.", headers=RETRY)
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1


async def read_body(request: Request, limit: int, patience: float | None = None) -> bytes:
    """Give the body; refuse one of more than `limit` bytes before it is read to its end."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise _too_large(limit)
    patience = PATIENCE if patience is None else patience
    try:
        async with asyncio.timeout(patience):
            return await _read_up_to(request, limit)
    except TimeoutError:
        raise Problem(408, f"The body did not arrive within {patience:.0f} seconds.") from None
    except ClientDisconnect:
        raise Problem(400, "The body ended before it was whole.", code=PARSE_ERROR) from None


async def _read_up_to(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def parse_json(body: bytes) -> object:
    """Give a body as `read_json` does; refuse one that is no JSON."""
    try:
        return read_json(body)
    except NotJson as error:
        raise Problem(400, f"The body {error}.", code=PARSE_ERROR) from None


def read_json(text: bytes) -> object:
    """Give a JSON text as values, every number as a Figure. Raises NotJson."""
    try:
        return json.loads(
            text.decode("utf-8"),
            parse_float=Figure,
            parse_int=Figure,
            parse_constant=Figure,
            object_pairs_hook=_members,
        )
    except RecursionError:
        raise NotJson("is nested too deep") from None
    except ValueError as error:
        raise NotJson(f"is not JSON: {_reason(error)}") from None


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return members


def _reason(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return str(error)


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body has more than {limit:,} bytes: send less at a time.")
