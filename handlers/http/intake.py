"""Where pipelines hand something in: taken off the event loop, answered after the commit."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Generic

from fastapi import FastAPI, Request
from pydantic import BaseModel

from bot.domain.intake import Intake, Rejected
from bot.domain.people import Actor, Origin
from bot.domain.tokens import Scope, Token
from bot.usecases import Deps
from handlers.http.auth import WAYS_IN, Door
from handlers.http.bodies import Places, parse_json, read_body
from handlers.http.items import MAX_ITEMS, Item, Sent, Sorted, items_of
from handlers.http.problems import PROBLEMS

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


@dataclass(frozen=True, slots=True)
class Desk(Generic[Item]):
    """One thing that is handed in: where, by which tokens, how it is read and what takes it."""

    path: str
    noun: str
    sentence: str
    scope: Scope
    form: type[Sent]
    sort: Callable[[Sequence[object], str], Sorted[Item]]
    take: Callable[[Deps, Actor, str, Sequence[Item], int], Intake]

    def take_in(self, deps: Deps, token: Token, body: bytes) -> Intake:
        """Put the items of one request to the store; give what became of each, by its place."""
        found = self.sort(items_of(parse_json(body), self.noun), token.workflow)
        places = [index for index, _ in found.items]
        actor = Actor(Origin.TOKEN, user_id=token.id)
        items = [item for _, item in found.items]
        taken = self.take(deps, actor, token.workflow, items, len(found.rejected))
        later = (Rejected(places[each.index], each.reason) for each in taken.rejected)
        rejected = sorted((*found.rejected, *later), key=lambda each: each.index)
        return Intake(taken.accepted, taken.duplicates, tuple(rejected))


def open_desk(
    app: FastAPI, deps: Deps, door: Door, executor: Executor, places: Places, desk: Desk[Item]
) -> None:
    """Let pipelines hand in at this desk; all desks share the places for bodies in memory."""

    @app.post(
        desk.path,
        status_code=202,
        dependencies=WAYS_IN,
        responses=PROBLEMS,
        name=f"Report {desk.noun}s",
        description=desk.sentence,
        openapi_extra=_body(desk.form),
    )
    async def hand_in(request: Request) -> IntakeAnswer:
        token = await door.admit(request, desk.scope)
        with places.taken():
            body = await read_body(request, MAX_BODY)
            intake = await asyncio.get_running_loop().run_in_executor(
                executor, desk.take_in, deps, token, body
            )
        return _answer(intake)


def _answer(intake: Intake) -> IntakeAnswer:
    return IntakeAnswer(
        accepted=intake.accepted,
        duplicates=intake.duplicates,
        rejected=[RejectedAnswer(index=e.index, reason=e.reason) for e in intake.rejected],
    )


def _body(form: type[Sent]) -> dict[str, object]:
    one = form.model_json_schema()
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_ITEMS}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"oneOf": [one, many]}}},
        }
    }
