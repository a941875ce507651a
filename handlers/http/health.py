"""What an operator's probes ask: whether the process lives and whether it can work."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.domain.refusals import Busy
from handlers.http.problems import PROBLEMS, Problem, response_to

log = structlog.get_logger()

Probe = Callable[[], bool]


class NotReady(Exception):  # noqa: N818 -- said to the operator in one line
    """A probe that fails, with the reason in words."""


@dataclass
class Probes:
    """What readiness asks: the database is migrated, the ticker ran, the socket is open.

    `token`: Slack has not turned the bot's token away. `socket` is None where Slack comes in by
    HTTP.
    """

    database: Probe
    ticker: Probe
    token: Probe
    socket: Probe | None = None
    _told: dict[str, str] = field(default_factory=dict)

    def faults(self) -> dict[str, str | None]:
        """Give of each probe why it fails, with nothing where that is not told, None if it holds.

        The log has each reason once for as long as it lasts.
        """
        asked: dict[str, Probe | None] = {
            "database": self.database,
            "ticker": self.ticker,
            "token": self.token,
            "socket": self.socket,
        }
        return {name: self._fault(name, probe) for name, probe in asked.items() if probe}

    def is_database_ready(self) -> bool:
        """Tell whether the database can be worked with, as readiness asks."""
        return self._fault("database", self.database) is None

    def _fault(self, name: str, probe: Probe) -> str | None:
        fault: str | None = ""
        reason = ""
        try:
            fault = None if probe() else ""
        except NotReady as error:
            fault = reason = str(error)
        except Busy as busy:  # whoever probes shows no token, and its words may name places
            reason = str(busy)
        except Exception:
            log.exception("probe failed", probe=name)
        if reason and reason != self._told.get(name):
            log.warning("not ready", probe=name, reason=reason)
        self._told[name] = reason
        return fault


def register(app: FastAPI, probes: Probes) -> None:
    @app.get("/healthz")
    async def live() -> dict[str, str]:
        """Answer at all: the process lives."""
        return {"status": "alive"}

    @app.get("/readyz", response_model=None, responses=PROBLEMS)
    def ready(request: Request) -> Response:
        """Give each check; 503 if one fails, and why. The gate answers without the socket."""
        faults = probes.faults()
        checks = {name: fault is None for name, fault in faults.items()}
        failing = (_named(name, fault) for name, fault in faults.items() if fault is not None)
        if not all(checks.values()):
            detail = f"Not ready: {', '.join(failing)}."
            return response_to(request, Problem(503, detail, members={"checks": checks}))
        return JSONResponse({"status": "ready", "checks": checks})


def _named(name: str, fault: str) -> str:
    return f"{name} ({fault})" if fault else name
