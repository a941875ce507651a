"""What travels between the workspace and an app: JSON, ids, and Slack's way of saying no."""

import json
import secrets
from base64 import b32encode
from typing import Any

Json = dict[str, Any]


class Written(str):
    """JSON as it went over the wire, letter by letter."""

    __slots__ = ()


class SlackError(Exception):
    """A call that Slack would answer with `ok: false`, and why."""

    def __init__(
        self,
        code: str,
        messages: list[str] | None = None,
        extra: Json | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra or {}
        self.retry_after = retry_after

    def body(self) -> Json:
        answer: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class ControlError(Exception):
    """A request of the person at the controls that makes no sense here, in one sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def object_in(body: Json, name: str) -> Json:
    """Return the object under this name, empty if there is none; refuses anything else."""
    found = body.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ControlError(f"`{name}` must be an object, not {json.dumps(found)[:40]}.")
    return found


def new_id(prefix: str, length: int = 10) -> str:
    """Return an id that looks like Slack's: a letter for the kind, then capitals and digits."""
    return prefix + b32encode(secrets.token_bytes(length))[:length].decode()


def looks_real(token: str) -> bool:
    """Whether this could be a token of a real workspace: Slack's prefix and no word `sandbox`."""
    return token.startswith(("xox", "xapp-", "xwfp-")) and "sandbox" not in token
