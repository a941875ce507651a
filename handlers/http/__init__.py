"""The side that programs speak to: outputs come in, the gate is asked, probes look."""

from concurrent.futures import Executor
from dataclasses import dataclass

from fastapi import FastAPI

from bot.clock import Clock
from bot.usecases import Deps
from handlers.http import gate, health, outputs, problems, slack
from handlers.http.auth import Door
from handlers.http.board import GateBoard
from handlers.http.health import Probes
from handlers.http.slack import Requests

DESCRIPTION = """
Answerable keeps a named person answerable for every AI workflow. A pipeline does two things here,
with a token of its own: it asks the gate whether it may act (OpenFeature's OFREP), and it reports
what it produced, so that people can sample it.

Every error is a problem document (RFC 9457). An answer of the 200s is given after the commit.
"""


@dataclass(frozen=True, slots=True)
class FromSlack:
    """Slack's requests and the executor of their own: neither waits behind pipelines."""

    requests: Requests
    executor: Executor


def build(
    deps: Deps,
    board: GateBoard,
    probes: Probes,
    clock: Clock,
    *,
    executor: Executor,
    from_slack: FromSlack | None = None,
) -> FastAPI:
    """Give the HTTP application; whatever of the pipelines waits for the store is in `executor`.

    Slack's address is there only if Slack comes in by HTTP.
    """
    app = FastAPI(
        title="Answerable",
        version="1",
        summary="Ask the gate, report outputs.",
        description=DESCRIPTION,
        docs_url=None,  # these pages would be fetched from elsewhere: /openapi.json says it all
        redoc_url=None,
        redirect_slashes=False,
    )
    door = Door(deps, board, clock, executor)
    problems.register(app)
    health.register(app, probes)
    gate.register(app, door)
    outputs.register(app, deps, door, executor)
    if from_slack:
        slack.register(app, from_slack.requests, from_slack.executor)
    return app
