"""What an operator's probes ask: whether the process lives and whether it can work."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.domain.refusals import Busy
from handlers.http.problems import PROBLEMS, Problem, response_to

log = structlog.get_logger()

Probe = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Probes:
    """What readiness asks: the database is migrated, the ticker ran, the socket is open.

    `token`: Slack has not turned the bot's token away. `socket` is None where Slack comes in by
    HTTP.
    """

    database: Probe
    ticker: Probe
    token: Probe
    socket: Probe | None = None

    def results(self) -> dict[str, bool]:
        asked: dict[str, Probe | None] = {
            "database": self.database,
            "ticker": self.ticker,
            "token": self.token,
            "socket": self.socket,
        }
        return {name: _holds(name, probe) for name, probe in asked.items() if probe}


def register(app: FastAPI, probes: Probes) -> None:
    @app.get("/healthz")
    async def live() -> dict[str, str]:
        """Answer at all: the process lives."""
        return {"status": "alive"}

    @app.get("/readyz", response_model=None, responses=PROBLEMS)
    def ready(request: Request) -> Response:
        """Give each check; 503 if one fails. The gate answers without the socket."""
        checks = probes.results()
        failing = ", ".join(name for name, holds in checks.items() if not holds)
        if failing:
            problem = Problem(503, f"Not ready: {failing}.", members={"checks": checks})
            return response_to(request, problem)
        return JSONResponse({"status": "ready", "checks": checks})


def _holds(name: str, probe: Probe) -> bool:
    try:
        return probe()
    except Busy as busy:  # of the database, in words already
        log.warning("not ready", probe=name, reason=str(busy))
        return False
    except Exception:
        log.exception("probe failed", probe=name)
        return False
