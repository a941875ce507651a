"""The side that programs speak to: reports come in, the gate is asked, probes look."""

from concurrent.futures import Executor
from dataclasses import dataclass

from fastapi import FastAPI

from bot.clock import Clock
from bot.usecases import Deps
from handlers.http import gate, health, metrics, problems, slack
from handlers.http.auth import Door
from handlers.http.board import GateBoard
from handlers.http.bodies import Places
from handlers.http.drills import Hearings
from handlers.http.health import Probes
from handlers.http.intake import MAX_UNDER_WAY, open_desk
from handlers.http.measurements import MEASUREMENTS
from handlers.http.metrics import Signs
from handlers.http.outputs import OUTPUTS
from handlers.http.slack import Requests

DESCRIPTION = """
Answerable keeps a named person answerable for every AI workflow. A pipeline does three things
here, with a token of its own: it asks the gate whether it may act (OpenFeature's OFREP), it reports
what it produced, so that people can sample it, and it reports what was measured.

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
    signs: Signs | None = None,
) -> FastAPI:
    """Give the HTTP application; whatever of the pipelines waits for the store is in `executor`.

    Slack's address is there only if Slack comes in by HTTP, that of the figures only where the
    process has `signs` to give of itself.
    """
    app = FastAPI(
        title="Answerable",
        version="1",
        summary="Ask the gate, report outputs and measurements.",
        description=DESCRIPTION,
        docs_url=None,  # these pages would be fetched from elsewhere: /openapi.json says it all
        redoc_url=None,
        redirect_slashes=False,
    )
    door = Door(deps, board, clock, executor)
    problems.register(app)
    health.register(app, probes)
    if signs:
        metrics.register(app, deps, board, probes, clock, signs)
    gate.register(app, door, Hearings(deps, clock, executor))
    places = Places(MAX_UNDER_WAY)
    open_desk(app, deps, door, executor, places, OUTPUTS)
    open_desk(app, deps, door, executor, places, MEASUREMENTS)
    if from_slack:
        slack.register(app, from_slack.requests, from_slack.executor, clock)
    return app
