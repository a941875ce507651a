"""Tokens for pipelines: made once, shown once, revoked for good."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot.domain.moments import utc_text
from bot.domain.people import OPERATOR
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.tokens import LIFETIME, PREFIX, Scope, Token, token_hash
from bot.usecases import Deps
from store.unit_of_work import timestamp


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as it is issued; the secret itself is with the caller only."""

    secret: str
    id: str
    workflow: str
    scopes: AbstractSet[Scope]


def create_token(deps: Deps, new: NewToken) -> Token:
    """Keep a token's hash, good for a year for one workflow; refuse an unknown workflow."""
    with deps.store.begin(deps.workspace, OPERATOR) as work:
        workflow = work.workflows.get(new.workflow)
        token = Token(
            id=new.id,
            hash=token_hash(new.secret),
            workflow=workflow.key,
            scopes=frozenset(new.scopes),
            created_at=work.now,
            expires_at=work.now + LIFETIME,
        )
        work.tokens.add(token)
        work.record(
            Kind.TOKEN_CREATED,
            f"token/{token.id}",
            {
                "workflow": workflow.key,
                "scopes": sorted(token.scopes),
                "expires_at": timestamp(token.expires_at),
            },
        )
        work.put_on_board(workflow.key)
    return token


def list_tokens(deps: Deps) -> tuple[Token, ...]:
    """Give all tokens, revoked ones too, oldest first."""
    with deps.store.read(deps.workspace) as reading:
        return reading.tokens.all()


def revoke_token(deps: Deps, given: str) -> Proof:
    """Make a token worthless at once; refuse if there is none or it was revoked before.

    It is given by its id, or by itself: whoever finds one that has leaked has nothing else.
    """
    with deps.store.begin(deps.workspace, OPERATOR) as work:
        known = {"hash": token_hash(given)} if given.startswith(PREFIX) else {"id": given}
        token = work.tokens.find(**known)
        if token is None:
            is_said = given.strip() and not given.startswith(PREFIX)  # never a secret
            raise Refused(
                "unknown token",
                f"There is no {f'token {given}' if is_said else 'such token'} to revoke: "
                "`answerable token list` shows them.",
            )
        if token.revoked_at:
            raise Refused(
                "token already revoked",
                f"The token {token.id} was revoked already, on {utc_text(token.revoked_at)}: it "
                "opens nothing.",
            )
        work.tokens.revoke(token.id, work.now)
        work.record(Kind.TOKEN_REVOKED, f"token/{token.id}")
        work.put_on_board(token.workflow)
    return work.receipt


def note_token_use(deps: Deps, token_id: str, now: datetime) -> None:
    """Remember when a token was last used. Not an entry: nobody decided anything."""
    with deps.store.begin(deps.workspace, OPERATOR) as work:
        work.tokens.note_use(token_id, now)
