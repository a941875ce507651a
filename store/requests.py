"""Requests that a second person confirms."""

import json
from dataclasses import asdict

from sqlalchemy import Row, func, select

from bot.domain.people import Role
from bot.domain.policy import Policy, policy_facts, policy_from
from bot.domain.requests import Request, RequestKind, RequestState
from store import tables
from store.rows import Rows
from store.scope import within


class Requests(Rows):
    def next_number(self, workflow: str) -> int:
        last = self._connection.execute(
            select(func.max(tables.request.c.number)).where(
                within(tables.request, self._workspace, workflow=workflow)
            )
        ).scalar_one()
        return (last or 0) + 1

    def open_of_workflow(self, workflow: str) -> tuple[Request, ...]:
        """Give what waits for a second person's word, oldest first."""
        rows = self._connection.execute(
            select(tables.request)
            .where(
                within(tables.request, self._workspace, workflow=workflow, state=RequestState.OPEN)
            )
            .order_by(tables.request.c.number)
        )
        return tuple(_request(row) for row in rows)

    def asked_by(self, user_id: str) -> tuple[Request, ...]:
        """Give what somebody asked for that waits for a second person's word."""
        rows = self._connection.execute(
            select(tables.request)
            .where(
                within(
                    tables.request,
                    self._workspace,
                    requested_by=user_id,
                    state=RequestState.OPEN,
                )
            )
            .order_by(tables.request.c.workflow, tables.request.c.number)
        )
        return tuple(_request(row) for row in rows)

    def find(self, workflow: str, number: int) -> Request | None:
        row = self._connection.execute(
            select(tables.request).where(
                within(tables.request, self._workspace, workflow=workflow, number=number)
            )
        ).one_or_none()
        return None if row is None else _request(row)

    def get(self, workflow: str, number: int) -> Request:
        """Give a request that must exist."""
        found = self.find(workflow, number)
        if found is None:
            raise LookupError(f"request {number} for {workflow} is not stored")
        return found

    def add(self, request: Request) -> None:
        self._add(tables.request, _columns(request))

    def save(self, request: Request) -> None:
        self._save(tables.request, _columns(request), request.name, "workflow", "number")


def _columns(request: Request) -> dict[str, object]:
    proposal = json.dumps(policy_facts(request.proposal)) if request.proposal else ""
    return {**asdict(request), "proposal": proposal}


def _request(row: Row[tuple[object, ...]]) -> Request:
    return Request(
        workflow=row.workflow,
        number=row.number,
        kind=RequestKind(row.kind),
        requested_by=row.requested_by,
        role=Role(row.role),
        about=row.about,
        proposal=_policy(row.proposal),
        state=RequestState(row.state),
        confirmed_by=row.confirmed_by,
        entry=row.entry,
    )


def _policy(body: str) -> Policy | None:
    return policy_from(json.loads(body)) if body else None
