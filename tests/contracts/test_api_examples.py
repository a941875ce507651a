"""The examples of docs/api.md run as they stand, against the real API."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from socket import create_server
from typing import Final

import pytest
import uvicorn

import handlers.http
from bot.clock import SystemClock
from bot.domain.limits import read_limits
from bot.domain.people import OPERATOR, Actor, Circle, Origin
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.domain.tokens import Scope
from bot.usecases import Deps, gate, registry, tokens
from bot.usecases.registry import Registration
from bot.usecases.tokens import NewToken
from handlers.http.board import GateBoard
from handlers.http.health import Probes
from store.engine import Store, connect
from store.migrate import migrate
from store.unit_of_work import Stamp

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text()
WORKFLOW: Final = "support-triage"
SECRET: Final = "answ_example"
OWNER: Final = Actor(Origin.SLACK, "U0OWNER")
POLICY: Final = Policy(
    number=1,
    cadence="FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    zone="UTC",
    sample=20,
    floor=2,
    limit_bp=500,
    volume_min=1,
    volume_max=1_000,
    limits=read_limits("latency_p95 <= 2.5 every hour"),
)

CURL_FAILED: Final = 22  # what curl ends with when the answer is an error


@dataclass(frozen=True, slots=True)
class Api:
    """The API as it runs for one test, and the environment in which the page's examples do."""

    deps: Deps
    board: GateBoard
    environment: Mapping[str, str]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """The API with one live workflow and the token of its pipeline."""
    deps = a_live_workflow(tmp_path)
    board = GateBoard(deps, SystemClock())
    board.start()
    with ThreadPoolExecutor(2) as executor:
        probes = Probes(database=lambda: True, ticker=lambda: True, token=lambda: True)
        app = handlers.http.build(deps, board, probes, SystemClock(), executor=executor)
        with served(uvicorn.Server(uvicorn.Config(app, log_level="error"))) as url:
            yield Api(deps, board, {**os.environ, "GATE_URL": url, "GATE_TOKEN": SECRET})
    board.stop()
    deps.store.engine.dispose()


def a_live_workflow(folder: Path) -> Deps:
    engine = connect(f"sqlite:///{folder / 'example.db'}")
    migrate(engine)
    store = Store(engine, SystemClock(), Stamp("test", lambda _log, text: f"{text}\n"))
    deps = Deps(store, "T0EXAMPLE", Circle(), bytes(32))
    roles = Roles("U0OWNER", "U0BACKUP", "U0STEWARD", "U0BUILDER")
    asked = Registration(WORKFLOW, "Sorts customers' messages.", roles, "C0TRIAGE", POLICY)
    registry.register_workflow(deps, OWNER, asked)
    registry.accept_ownership(deps, OWNER, WORKFLOW)
    tokens.create_token(deps, NewToken(SECRET, "example", WORKFLOW, frozenset(Scope)))
    return deps


@contextmanager
def served(server: uvicorn.Server) -> Iterator[str]:
    with create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(5)


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def run(command: list[str], environment: Mapping[str, str], *, code: int = 0) -> str:
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.returncode == code, ran.stderr
    return ran.stdout


def test_the_python_example_asks_the_gate(api: Api) -> None:
    (example,) = examples("python")
    command = [sys.executable, "-W", "error", "-c", example]
    assert run(command, api.environment) == "act\n"
    gate.pause_workflow(api.deps, OPERATOR, WORKFLOW, "for this example")
    api.board.refresh()
    assert run(command, api.environment) == "hold for a person: paused\n"


def test_the_python_example_holds_when_nobody_answers(api: Api) -> None:
    (example,) = examples("python")
    nowhere = {**api.environment, "GATE_URL": "http://127.0.0.1:9"}
    assert run([sys.executable, "-c", example], nowhere).startswith("hold for a person: ")


@pytest.mark.skipif(which("curl") is None, reason="curl is not on this machine")
def test_the_curl_examples_give_what_the_page_shows(api: Api) -> None:
    asking, reporting, measuring = (each for each in examples("sh") if "curl" in each)
    shown_gate, shown_intake, shown_values = map(json.loads, examples("json"))
    answered = json.loads(run(["bash", "-c", asking], api.environment))
    assert answered.keys() == shown_gate.keys()
    assert answered["metadata"].keys() == shown_gate["metadata"].keys()
    for name in ("key", "value", "reason", "variant"):
        assert answered[name] == shown_gate[name]
    assert json.loads(run(["bash", "-c", reporting], api.environment)) == shown_intake
    [now] = [line for line in PAGE.splitlines() if line.startswith("export NOW=")]
    assert json.loads(run(["bash", "-c", f"{now}\n{measuring}"], api.environment)) == shown_values


@pytest.mark.skipif(which("curl") is None, reason="curl is not on this machine")
def test_the_curl_examples_show_what_is_wrong_and_end_with_an_error(api: Api) -> None:
    stranger = {**api.environment, "GATE_TOKEN": "answ_nobodys"}
    for each in (example for example in examples("sh") if "curl" in example):
        problem = json.loads(run(["bash", "-c", each], stranger, code=CURL_FAILED))
        assert problem["status"] == 401
