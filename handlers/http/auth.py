"""Who asks: a pipeline shows its token and is let in for what the token is good for."""

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer

from bot.clock import Clock
from bot.domain.refusals import Busy
from bot.domain.tokens import Scope, Token, token_hash
from bot.usecases import Deps, tokens
from handlers.http.board import GateBoard, View
from handlers.http.problems import RETRY, Problem

log = structlog.get_logger()

NOTED_EVERY: Final = 60.0  # seconds between two notes of one token's use
CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}

# For the API's own page: the two ways to show a token. The door below does the checking.
WAYS_IN: Final = [
    Depends(HTTPBearer(auto_error=False)),
    Depends(APIKeyHeader(name="X-API-Key", auto_error=False)),
]


@dataclass
class Door:
    """Lets tokens in, from memory, and notes their use behind the caller's back."""

    deps: Deps
    board: GateBoard
    clock: Clock
    executor: Executor
    _noted_at: dict[str, float] = field(default_factory=dict)

    def view(self) -> View:
        """Give the gates and tokens as they stand; refuse while they cannot be seen."""
        view = self.board.fresh_view_or_none()
        if view is None:
            raise _unseen()
        return view

    async def admit(self, request: Request, scope: Scope) -> Token:
        """Give the token that was shown; refuse a missing, unknown, expired or narrower one.

        One that this process has not seen yet is looked for in the store, off the event loop.
        """
        secret = _shown_secret(request)
        if not secret:
            raise Problem(
                401, "Show a token: Authorization: Bearer, or X-API-Key.", headers=CHALLENGE
            )
        # Looked up by its hash: how long that takes says nothing about any secret.
        asked = token_hash(secret)
        token = self.view().tokens.get(asked)
        if token is None:
            loop = asyncio.get_running_loop()
            if not await loop.run_in_executor(self.executor, self.board.look_for, asked):
                raise _unseen()
            token = self.view().tokens.get(asked)
        now = self.clock.now()
        if token is None or not token.is_good(now):
            raise Problem(401, "This token is unknown, expired or revoked.", headers=CHALLENGE)
        if scope not in token.scopes:
            raise Problem(403, f"This token is not for {scope}.")
        self._note_use(token, now)
        return token

    def _note_use(self, token: Token, now: datetime) -> None:
        elapsed = self.clock.elapsed()
        noted_at = self._noted_at.get(token.id)
        if noted_at is not None and elapsed - noted_at < NOTED_EVERY:
            return
        self._noted_at[token.id] = elapsed
        try:
            self.executor.submit(self._write_use, token.id, now)
        except RuntimeError:
            log.info("token use not noted", token=token.id, reason="stopping")

    def _write_use(self, token_id: str, now: datetime) -> None:
        try:
            tokens.note_token_use(self.deps, token_id, now)
        except Busy as busy:
            log.info("token use not noted", token=token_id, reason=str(busy))
        except Exception:
            log.exception("token use not noted", token=token_id)


def _unseen() -> Problem:
    return Problem(
        503,
        "Gates and tokens cannot be seen right now, so nothing is said of any and nothing was "
        "taken: for a gate your own default applies; what you report, send again.",
        headers=RETRY,
    )


def _shown_secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    return request.headers.get("x-api-key", "").strip()
