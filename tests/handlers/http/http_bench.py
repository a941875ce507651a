"""A workspace with one live workflow, its pipeline's token, and the HTTP side over a real store."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from bot.clock import SystemClock
from bot.domain.people import Actor, Circle, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.tokens import PREFIX, Scope, Token
from bot.usecases import Deps
from bot.usecases.gate import pause_workflow, request_resume
from bot.usecases.registry import Registration, accept_ownership, register_workflow
from bot.usecases.requests import confirm_request
from bot.usecases.tokens import NewToken, create_token
from handlers.http.board import GateBoard
from store.engine import Store
from store.unit_of_work import Stamp
from tests.engines import quick

OWNER = Actor(Origin.SLACK, "U0OWNER")
BACKUP = Actor(Origin.SLACK, "U0BACKUP")
BOTH = frozenset({Scope.OUTPUTS_WRITE, Scope.GATE_READ})
START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class HandClock:
    """Both times stand still until a test moves them."""

    at: datetime = START
    seconds: float = 100.0

    @property
    def kind(self) -> str:
        return "system"

    def now(self) -> datetime:
        return self.at

    def keep(self, moment: datetime) -> None:
        self.at = max(self.at, moment)

    def elapsed(self) -> float:
        return self.seconds


class Client:
    """A program that speaks to the application in this process, one request after the other."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://answerable.test"
        )

    def request(self, method: str, path: str, **sent: object) -> httpx.Response:
        return self._runner.run(self._http.request(method, path, **sent))  # type: ignore[arg-type]

    def get(self, path: str, **sent: object) -> httpx.Response:
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent: object) -> httpx.Response:
        return self.request("POST", path, **sent)


# Makes an output to report: a number for its id, and fields that matter to the test.
Make = Callable[..., dict[str, Any]]


@dataclass
class World:
    deps: Deps
    clock: HandClock
    board: GateBoard
    app: FastAPI
    client: Client
    checks: dict[str, bool]
    executor: ThreadPoolExecutor
    requests: int = field(default=0)

    def register(self, key: str, *, live: bool = True, runs_degraded: bool = False) -> str:
        policy = Policy(1, "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9", "UTC", 20, 2, 500, 0, 10_000)
        policy = Policy(**{**_facts(policy), "runs_degraded": runs_degraded})
        roles = Roles(OWNER.user_id, BACKUP.user_id, "U0STEWARD", "U0BUILDER")
        register_workflow(
            self.deps, OWNER, Registration(key, "Sort invoices", roles, "C0FINANCE", policy)
        )
        if live:
            accept_ownership(self.deps, OWNER, key)
        return key

    def token(self, workflow: str = "invoices", scopes: frozenset[Scope] = BOTH) -> str:
        return self.issue(workflow, scopes)[0]

    def issue(self, workflow: str, scopes: frozenset[Scope] = BOTH) -> tuple[str, Token]:
        secret = PREFIX + secrets.token_urlsafe(32)
        new = NewToken(secret, secrets.token_hex(6), workflow, scopes)
        return secret, create_token(self.deps, new)

    def settle(self) -> None:
        """Wait until everything handed to the one thread of the executor is done."""
        self.executor.submit(bool).result()

    def pause(self, key: str = "invoices") -> None:
        pause_workflow(self.deps, OWNER, key, "three duplicates in twenty")

    def resume(self, key: str = "invoices") -> None:
        self.requests += 1
        request_resume(self.deps, OWNER, key, "the duplicates were explained")
        confirm_request(self.deps, BACKUP, key, self.requests)

    def ask(self, flag: str, secret: str, **sent: object) -> httpx.Response:
        return self.post(f"/ofrep/v1/evaluate/flags/{flag}", secret, **sent)

    def report(self, secret: str, **sent: object) -> httpx.Response:
        return self.post("/v1/outputs", secret, **sent)

    def post(
        self, path: str, secret: str, headers: Mapping[str, str] | None = None, **sent: object
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self.client.post(path, headers={**bearer, **(headers or {})}, **sent)

    def entries(self) -> list[tuple[str, Mapping[str, object]]]:
        with self.deps.store.read(self.deps.workspace) as reading:
            return [(each.entry.kind, each.entry.facts) for each in reading.log.entries()]

    def stored(self, output_id: str, workflow: str = "invoices") -> object:
        with self.deps.store.read(self.deps.workspace) as reading:
            return reading.outputs.known(workflow, [output_id]).get(output_id)


def _facts(policy: Policy) -> dict[str, object]:
    return {name: getattr(policy, name) for name in policy.__slots__}


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    engine = quick(path)
    try:
        yield engine
    finally:
        engine.dispose()


def deps_over(engine: Engine, clock: HandClock | SystemClock) -> Deps:
    stamp = Stamp(app="test", sign=lambda _name, text: text + "\n")
    return Deps(Store(engine, clock, stamp), "T0TEST", Circle(), b"k" * 32)
