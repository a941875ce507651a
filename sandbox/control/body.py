"""The body of a request at the controls."""

import json
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request

from sandbox.wire import ControlError, Json

_JSON: Final = "application/json"


async def read_body(request: Request, *needed: str) -> Json:
    """Return the JSON object that was sent; refuses one that lacks a needed field.

    It has to be called JSON as well: what another site's page sends unasked cannot be.
    """
    raw = await request.body()
    if raw.strip() and request.headers.get("content-type", "").split(";")[0] != _JSON:
        raise ControlError(f"The body must be sent as {_JSON}.")
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise ControlError("The body must be JSON.") from None
    except RecursionError:
        raise ControlError("The body is nested too deep: no request needs that.") from None
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object.")
    missing = [name for name in needed if name not in body]
    if missing:
        raise ControlError(f"The body lacks {', '.join(missing)}.")
    return body


def number_in(body: Json, name: str) -> float:
    """Return the number under this name; refuses anything else."""
    found = body.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ControlError(f"`{name}` must be a number, not {json.dumps(found)[:40]}.")
    try:
        return float(found)
    except OverflowError:
        raise ControlError(f"`{name}` is too large a number.") from None


def in_words(error: ValidationError) -> str:
    """Return what is wrong with each field in a sentence, without the library's own addresses."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    said = (f"`{'.'.join(map(str, each['loc']))}`: {_said(each['msg'])}" for each in faults)
    return f"{'; '.join(said)}."


def _said(fault: str) -> str:
    own = fault.removeprefix("Value error, ")
    return own[:1].lower() + own[1:]
