"""The body of a request at the controls."""

import json

from starlette.requests import Request

from sandbox.wire import ControlError, Json


async def read_body(request: Request, *needed: str) -> Json:
    """Return the JSON object that was sent; refuses one that lacks a needed field."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise ControlError("The body must be JSON.") from None
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object.")
    missing = [name for name in needed if name not in body]
    if missing:
        raise ControlError(f"The body lacks {', '.join(missing)}.")
    return body
