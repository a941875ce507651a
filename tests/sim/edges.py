"""Where the product meets the network, other threads, chance and its own log: the simulation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from threading import Lock
from types import SimpleNamespace
from typing import Any, Protocol
from uuid import UUID

import pytest
import structlog

from bot.keys import SigningKey, signing_key
from handlers.slack.client import HeardClient
from store import postgres
from store.engine import connect
from store.migrate import migrate
from tests.sim.baton import Baton, Event
from tests.sim.locks import Locks
from tests.sim.server import Server, carried, posted_json


class Taken(Protocol):
    """What takes the place of all that."""

    baton: Baton
    server: Server
    locks: Locks

    def fork(self, name: str) -> Random: ...

    def hear(self, logger: object, level: str, said: Mapping[str, Any]) -> Mapping[str, Any]: ...


@contextmanager
def patched(simulation: Taken) -> Iterator[None]:
    """Put the simulation where the product meets the network, other threads and chance."""
    chance = simulation.fork("ids")
    threads = SimpleNamespace(Lock=Lock, Event=partial(Event, simulation.baton))
    with pytest.MonkeyPatch.context() as patch:
        way = "_perform_urllib_http_request_internal"
        patch.setattr(HeardClient, way, carried(simulation.server), raising=False)
        patch.setattr("handlers.slack.answers.post_json", posted_json(simulation.server))
        patch.setattr("handlers.slack.failures.uuid4",
                      lambda: UUID(bytes=chance.randbytes(16)))  # fmt: skip
        patch.setattr("sandbox.wire.secrets", SimpleNamespace(token_bytes=chance.randbytes))
        patch.setattr("sandbox.passes.elapsed", lambda: simulation.baton.now)
        patch.setattr("store.seat.threading", threads)
        patch.setattr(postgres, "Session", simulation.locks.session)
        structlog.configure(processors=[simulation.hear])
        try:
            yield
        finally:
            structlog.reset_defaults()


@cache
def the_key() -> SigningKey:
    path = Path(mkdtemp()) / "signing.key"
    path.touch(mode=0o600)
    path.write_text("5" * 64 + "\n")
    return signing_key(path)


@cache
def empty_database() -> bytes:
    path = Path(mkdtemp()) / "empty.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path.read_bytes()
