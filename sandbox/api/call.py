"""One call of the Web API: its arguments, its token, its scopes."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.wire import Json, SlackError
from sandbox.workspace import Workspace

TokenKind = Literal["bot", "app", "any", "none"]

_TRUE = (True, "true", "True", "1", 1)


@dataclass
class Args:
    """What the caller sent, however it was encoded; `warnings` go into the log."""

    given: Json
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """Return a field Slack requires."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.given[name] in _TRUE if name in self.given else default

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] not a number: {name}"]) from None

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:  # noqa: ANN401 (JSON, judged by the caller)
        """Return a field that is JSON, sent as such or as text; None if it is not there."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error, [f"[ERROR] not valid JSON: {name}"]) from None

    def names(self, name: str) -> list[str]:
        """Return a comma-separated field, or a list, as its parts."""
        value = self.given.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(each).strip() for each in parts if str(each).strip()]


Handler = Callable[[Workspace, Args], Json | Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """How Slack answers a method: who may call it and which scope each call needs."""

    handler: Handler
    caller: TokenKind = "bot"
    scope: Callable[[Workspace, Args], list[str]] = lambda _workspace, _args: []


def always(scope: str) -> Callable[[Workspace, Args], list[str]]:
    return lambda _workspace, _args: [scope]


def check_token(workspace: Workspace, kind: TokenKind, token: str) -> None:
    """Raise what Slack answers to a missing, unknown or unsuitable token."""
    if kind == "none":
        return
    if not token:
        raise SlackError("not_authed")
    tokens = workspace.world.tokens
    known = {"bot": tokens.bot, "app": tokens.app}
    if token in workspace.revoked:
        raise SlackError("token_revoked")
    if token not in known.values():
        raise SlackError("invalid_auth")
    if kind != "any" and token != known[kind]:
        raise SlackError("not_allowed_token_type")


def check_scope(workspace: Workspace, needed: list[str]) -> None:
    """Raise `missing_scope` unless the manifest asks for every needed scope."""
    missing = [each for each in needed if not workspace.manifest.grants(each)]
    if missing:
        provided = ",".join(workspace.manifest.scopes)
        extra = {"needed": ",".join(missing), "provided": provided}
        raise SlackError("missing_scope", extra=extra)


def page_of(args: Args, values: list[Any], default: int = 100) -> tuple[list[Any], Json]:
    """Return one page of these values and the cursor of the next."""
    limit = args.number("limit", default) or default
    cursor = args.text("cursor", "0")
    if not cursor.isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor)
    following = str(start + limit) if start + limit < len(values) else ""
    return values[start : start + limit], {"next_cursor": following}
