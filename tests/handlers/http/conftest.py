import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
import uvicorn

from bot.usecases import Deps
from handlers.http import build
from handlers.http.board import GateBoard
from handlers.http.health import Probes
from store.migrate import migrate
from store.unit_of_work import Changed
from tests.handlers.http.http_bench import START, Client, HandClock, Make, World, deps_over, opened


@pytest.fixture
def second_store(database: Path, world: World) -> Iterator[Deps]:
    """The same database as another process sees it."""
    with opened(database) as engine:
        yield deps_over(engine, world.clock)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them; each test begins with a copy."""
    path = tmp_path_factory.mktemp("migrated") / "answerable.db"
    with opened(path) as engine:
        migrate(engine)
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path))


@pytest.fixture
def world(database: Path) -> Iterator[World]:
    clock = HandClock()
    with opened(database) as engine, ThreadPoolExecutor(1, "ingest") as executor:
        deps = deps_over(engine, clock)
        board = GateBoard(deps, clock)

        def committed(changed: Changed) -> None:
            if changed.board_changed:
                board.refresh()

        deps.store.listeners.append(committed)
        checks = {"database": True, "ticker": True, "token": True, "socket": True}
        probes = Probes(*(lambda name=name: checks[name] for name in checks))
        app = build(deps, board, probes, clock, executor=executor)
        with asyncio.Runner() as runner:
            made = World(deps, clock, board, app, Client(app, runner), checks, executor)
            made.register("invoices")
            yield made


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged meanwhile; kept from the screen, where a trace takes seconds to draw."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def secret(world: World) -> str:
    """The token of the workflow's pipeline, good for everything."""
    return world.token()


@pytest.fixture
def output() -> Make:
    def make(number: int = 1, **fields: object) -> dict[str, object]:
        return {
            "workflow": "invoices",
            "output_id": f"out-{number}",
            "produced_at": (START - timedelta(hours=1)).isoformat(),
            **fields,
        }

    return make


@pytest.fixture
def served(world: World) -> Iterator[str]:
    """The application behind a real server, for clients that are not ours."""
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(world.app, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join()
