"""Workflows and their policies, as rows and as values."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import and_, bindparam, insert, or_, select, update

from bot.domain.drills import DRILLED_FROM
from bot.domain.gate import Gate, GateState
from bot.domain.policy import Policy, policy_facts, policy_from
from bot.domain.refusals import UnknownWorkflow
from bot.domain.registry import Roles, Workflow, WorkflowState
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within

_COLUMNS: Final = tables.workflow.c
_ALL: Final = rows_by(tables.workflow).order_by(_COLUMNS.key)
_ATTESTS: Final = _COLUMNS.attest_at <= bindparam("at")
_DRILLS: Final = and_(_COLUMNS.drill_at <= bindparam("at"), _COLUMNS.gate.in_(DRILLED_FROM))
_IS_TO_ATTEST: Final = rows_by(tables.workflow, "state", "key").where(_ATTESTS)
_IS_TO_DRILL: Final = rows_by(tables.workflow, "state", "key").where(_DRILLS)
_LIVE: Final = rows_by(tables.workflow, "state").limit(bindparam("most"))
_TO_ATTEST: Final = _LIVE.where(_ATTESTS).order_by(_COLUMNS.attest_at, _COLUMNS.key)
_TO_DRILL: Final = _LIVE.where(_DRILLS).order_by(_COLUMNS.drill_at, _COLUMNS.key)
_IN_FORCE: Final = and_(
    tables.policy.c.workspace == _COLUMNS.workspace,
    tables.policy.c.workflow == _COLUMNS.key,
    tables.policy.c.number == _COLUMNS.policy,
)
_ON_BOARD: Final = (
    select(
        _COLUMNS.key,
        _COLUMNS.gate,
        _COLUMNS.gate_since,
        _COLUMNS.gate_entry,
        _COLUMNS.owner,
        tables.policy.c.body,
    )
    .join(tables.policy, _IN_FORCE)
    .where(
        _COLUMNS.workspace == bindparam("by_workspace"),
        or_(_COLUMNS.board > bindparam("since"), _COLUMNS.key == bindparam("key")),
    )
)


class Workflows(Rows):
    def find(self, key: str) -> Workflow | None:
        row = self._connection.execute(
            rows_by(tables.workflow, "key"), by(self._workspace, key=key)
        ).one_or_none()
        return None if row is None else _workflow(row)

    def get(self, key: str) -> Workflow:
        """Give the workflow, or refuse: there is none of this key."""
        found = self.find(key)
        if found is None:
            raise UnknownWorkflow(key, [each.key for each in self.all()])
        return found

    def all(self) -> tuple[Workflow, ...]:
        rows = self._connection.execute(_ALL, by(self._workspace))
        return tuple(_workflow(row) for row in rows)

    def due_to_attest(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Give the keys of live workflows whose owner is to attest by now, longest due first."""
        rows = self._connection.execute(_TO_ATTEST, {**self._live(), "at": now, "most": limit})
        return tuple(row.key for row in rows)

    def is_due_to_attest(self, key: str, now: datetime) -> bool:
        found = self._connection.execute(_IS_TO_ATTEST, {**self._live(key=key), "at": now})
        return found.first() is not None

    def due_to_drill(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Give the keys of live workflows whose drill is due and can be held, longest first."""
        rows = self._connection.execute(_TO_DRILL, {**self._live(), "at": now, "most": limit})
        return tuple(row.key for row in rows)

    def is_due_to_drill(self, key: str, now: datetime) -> bool:
        found = self._connection.execute(_IS_TO_DRILL, {**self._live(key=key), "at": now})
        return found.first() is not None

    def _live(self, **equals: str) -> dict[str, object]:
        return by(self._workspace, state=WorkflowState.LIVE, **equals)

    def on_board(self, since: int, key: str = "") -> Iterator[tuple[str, Gate, str, bool]]:
        """Stream what pipelines are told: key, gate, owner, whether it runs while degraded.

        That is of workflows of which it has changed since this board, and of the one named.
        """
        known = by(self._workspace) | {"since": since, "key": key}
        for name, state, at, entry, owner, policy in self._connection.execute(_ON_BOARD, known):
            yield name, Gate(GateState(state), at, entry), owner, _policy(policy).runs_degraded

    def put_on_board(self, keys: Collection[str], number: int) -> None:
        """Note that as of this board pipelines are to be told something else of these."""
        self._connection.execute(
            update(tables.workflow)
            .where(within(tables.workflow, self._workspace), _COLUMNS.key.in_(keys))
            .values(board=number)
        )

    def add(self, workflow: Workflow) -> None:
        self._add(tables.workflow, {**_columns(workflow), "board": 0})

    def save(self, workflow: Workflow) -> None:
        self._save(tables.workflow, _columns(workflow), workflow.name, "key")

    def add_policy(self, key: str, policy: Policy) -> None:
        self._connection.execute(
            insert(tables.policy).values(
                workspace=self._workspace,
                workflow=key,
                number=policy.number,
                body=json.dumps(policy_facts(policy)),
            )
        )

    def policy(self, key: str, number: int) -> Policy:
        """Give one version of a workflow's policy; it must exist."""
        row = self._connection.execute(
            rows_by(tables.policy, "workflow", "number"),
            by(self._workspace, workflow=key, number=number),
        ).one()
        return _policy(row.body)

    def is_any(self) -> bool:
        some = select(tables.workflow.c.key).where(within(tables.workflow, self._workspace))
        return self._connection.execute(some.limit(1)).first() is not None


@lru_cache(maxsize=1024)
def _policy(body: str) -> Policy:
    """Give the policy that is stored so: read once, since a version never changes."""
    return policy_from(json.loads(body))


def _columns(workflow: Workflow) -> dict[str, object]:
    return {
        "key": workflow.key,
        **asdict(workflow.roles),
        "channel": workflow.channel,
        "state": workflow.state,
        "policy": workflow.policy,
        "gate": workflow.gate.state,
        "gate_since": workflow.gate.since,
        "gate_entry": workflow.gate.entry,
        "registered_at": workflow.registered_at,
        "entry": workflow.entry,
        "attest_at": workflow.attest_at,
        "drill_at": workflow.drill_at,
    }


def _workflow(row: Sequence[Any]) -> Workflow:
    # By place: to look each up by its name takes longer than all else where hundreds are read.
    _, key, *roles, channel, state, policy, gate, since, by_entry, at, entry, attest, drill, _ = row
    return Workflow(
        key=key,
        roles=Roles(*roles),
        channel=channel,
        state=WorkflowState(state),
        policy=policy,
        gate=Gate(GateState(gate), since, by_entry),
        registered_at=at,
        entry=entry,
        attest_at=attest,
        drill_at=drill,
    )
