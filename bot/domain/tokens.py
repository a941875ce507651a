"""What a pipeline shows to be let in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

PREFIX: Final = "answ_"
LIFETIME: Final = timedelta(days=365)


class Scope(StrEnum):
    OUTPUTS_WRITE = "outputs:write"
    MEASUREMENTS_WRITE = "measurements:write"
    GATE_READ = "gate:read"


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept: its hash and what it is good for. `id` is public."""

    id: str
    hash: str
    workflow: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def allows(self, scope: Scope, workflow: str) -> bool:
        return scope in self.scopes and workflow == self.workflow


def token_hash(secret: str) -> str:
    """Give what is kept of a token: its SHA-256. A token is random enough to need no salt."""
    return sha256(secret.encode()).hexdigest()
