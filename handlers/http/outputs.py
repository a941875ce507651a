"""Outputs come in: taken off the event loop, answered after the commit."""

import asyncio
from concurrent.futures import Executor
from typing import Final

from fastapi import FastAPI, Request
from pydantic import BaseModel

from bot.domain.outputs import Intake, Rejected
from bot.domain.people import Actor, Origin
from bot.domain.tokens import Scope, Token
from bot.usecases import Deps
from bot.usecases.sampling import receive_outputs
from handlers.http import reports
from handlers.http.auth import WAYS_IN, Door
from handlers.http.bodies import Places, parse_json, read_body

MAX_BODY: Final = 5 * 1024 * 1024
MAX_UNDER_WAY: Final = 32  # bodies held in memory at once


class RejectedAnswer(BaseModel):
    index: int
    reason: str


class IntakeAnswer(BaseModel):
    """How many were taken, how many known already, and which were rejected, and why."""

    accepted: int
    duplicates: int
    rejected: list[RejectedAnswer]


def register(app: FastAPI, deps: Deps, door: Door, executor: Executor) -> None:
    places = Places(MAX_UNDER_WAY)

    @app.post("/v1/outputs", status_code=202, dependencies=WAYS_IN, openapi_extra=_body())
    async def report_outputs(request: Request) -> IntakeAnswer:
        """Report one output or up to 1,000; the same one sent again is a duplicate, no fault."""
        token = await door.admit(request, Scope.OUTPUTS_WRITE)
        with places.taken():
            body = await read_body(request, MAX_BODY)
            intake = await asyncio.get_running_loop().run_in_executor(
                executor, take_in, deps, token, body
            )
        return _answer(intake)


def take_in(deps: Deps, token: Token, body: bytes) -> Intake:
    """Put the outputs of one request to the store and give what became of each, by its place."""
    sorted_ = reports.sort(reports.items_of(parse_json(body)), token.workflow)
    places = [index for index, _ in sorted_.outputs]
    actor = Actor(Origin.TOKEN, user_id=token.id)
    outputs = [output for _, output in sorted_.outputs]
    taken = receive_outputs(deps, actor, token.workflow, outputs, len(sorted_.rejected))
    later = (Rejected(places[each.index], each.reason) for each in taken.rejected)
    rejected = sorted((*sorted_.rejected, *later), key=lambda each: each.index)
    return Intake(taken.accepted, taken.duplicates, tuple(rejected))


def _answer(intake: Intake) -> IntakeAnswer:
    return IntakeAnswer(
        accepted=intake.accepted,
        duplicates=intake.duplicates,
        rejected=[RejectedAnswer(index=e.index, reason=e.reason) for e in intake.rejected],
    )


def _body() -> dict[str, object]:
    one = reports.Report.model_json_schema()
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": reports.MAX_ITEMS}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"oneOf": [one, many]}}},
        }
    }
