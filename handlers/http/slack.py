"""Slack comes in by HTTP: read with limits, then handed to whoever knows its signatures."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from math import inf
from typing import Final, Protocol

import structlog
from fastapi import FastAPI, Request, Response

from bot.clock import Clock
from handlers.http.bodies import Places, read_body
from handlers.http.problems import Problem

log = structlog.get_logger()

PATH: Final = "/slack/events"
MAX_BODY: Final = 1024 * 1024  # a modal may have 250 kB, a form makes up to three times of it
PATIENCE: Final = 3.0  # seconds: Slack gives up then, and what arrives later helps nobody
MAX_UNDER_WAY: Final = 100
QUIET: Final = 1.0  # seconds between two lines about the same: whoever knocks fills no disk
CHALLENGE: Final = {"WWW-Authenticate": "Slack-Signature"}


class Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, Sequence[str]]: ...


class Requests(Protocol):
    """Slack's side of it: knows what Slack has signed, and carries it out."""

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool: ...

    def answer(self, body: bytes, headers: Mapping[str, str]) -> Answer: ...


@dataclass
class Unsigned:
    """Tells the operator of what Slack did not sign: a line a second at most, with how many."""

    clock: Clock
    _untold: int = 0
    _told_at: float = -inf

    def note(self) -> None:
        self._untold += 1
        now = self.clock.elapsed()
        if now - self._told_at >= QUIET:
            log.warning("request not signed by Slack", count=self._untold)
            self._told_at, self._untold = now, 0


def register(app: FastAPI, requests: Requests, executor: Executor, clock: Clock) -> None:
    """Mount Slack's one address. What waits for the store waits in `executor`."""
    places = Places(MAX_UNDER_WAY)
    unsigned = Unsigned(clock)

    @app.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        """Answer Slack after the commit."""
        with places.taken():
            body = await read_body(request, MAX_BODY, PATIENCE)
            if not requests.is_genuine(body, request.headers):
                unsigned.note()
                raise Problem(
                    401,
                    "This is not signed by Slack, or was signed more than five minutes before or "
                    "after the time of this machine's clock.",
                    headers=CHALLENGE,
                )
            given = await asyncio.get_running_loop().run_in_executor(
                executor, requests.answer, body, request.headers
            )
        return _response(given)


def _response(given: Answer) -> Response:
    if given.status == 503:  # noqa: PLR2004 -- the same request is under way
        raise Problem(503, "This very request is being carried out.", headers={"Retry-After": "1"})
    headers = {name: values[0] for name, values in given.headers.items()}
    return Response(given.body, given.status, headers)
