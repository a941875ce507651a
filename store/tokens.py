"""Tokens of pipelines. Only their hashes are kept."""

from datetime import datetime

from sqlalchemy import Row, and_, insert, select, update

from bot.domain.tokens import Scope, Token
from store import tables
from store.rows import Rows
from store.scope import by, rows_by, within


class Tokens(Rows):
    def add(self, token: Token) -> None:
        self._connection.execute(
            insert(tables.token).values(
                workspace=self._workspace,
                id=token.id,
                hash=token.hash,
                workflow=token.workflow,
                scopes=",".join(token.scopes),
                created_at=token.created_at,
                expires_at=token.expires_at,
            )
        )

    def all(self) -> tuple[Token, ...]:
        rows = self._connection.execute(
            select(tables.token)
            .where(within(tables.token, self._workspace))
            .order_by(tables.token.c.created_at, tables.token.c.id)
        )
        return tuple(_token(row) for row in rows)

    def on_board(self, since: int) -> tuple[Token, ...]:
        """Give the tokens of workflows of which something has changed since this board."""
        of_workflow = and_(
            tables.workflow.c.workspace == tables.token.c.workspace,
            tables.workflow.c.key == tables.token.c.workflow,
        )
        rows = self._connection.execute(
            select(tables.token)
            .join(tables.workflow, of_workflow)
            .where(within(tables.token, self._workspace), tables.workflow.c.board > since)
        )
        return tuple(_token(row) for row in rows)

    def find(self, **equals: str) -> Token | None:
        """Give the token of this id or hash, or None."""
        row = self._connection.execute(
            rows_by(tables.token, *equals), by(self._workspace, **equals)
        ).one_or_none()
        return None if row is None else _token(row)

    def revoke(self, token_id: str, now: datetime) -> None:
        self._connection.execute(
            update(tables.token)
            .where(within(tables.token, self._workspace, id=token_id))
            .values(revoked_at=now)
        )

    def note_use(self, token_id: str, now: datetime) -> None:
        self._connection.execute(
            update(tables.token)
            .where(within(tables.token, self._workspace, id=token_id))
            .values(last_used_at=now)
        )


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        id=row.id,
        hash=row.hash,
        workflow=row.workflow,
        scopes=frozenset(Scope(scope) for scope in row.scopes.split(",")),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
