"""I13: a token is good for one workflow, for what it was made for, and for so long."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from worlds import KEY, MONDAY

from bot.domain.tokens import LIFETIME, Scope, Token, token_hash

TOKEN = Token(
    id="tok1",
    hash=token_hash("answ_secret"),
    workflow=KEY,
    scopes=frozenset({Scope.GATE_READ}),
    created_at=MONDAY,
    expires_at=MONDAY + LIFETIME,
)


def test_a_token_is_good_until_it_expires_or_is_revoked() -> None:
    assert TOKEN.is_good(MONDAY + LIFETIME - timedelta(microseconds=1))
    assert not TOKEN.is_good(MONDAY + LIFETIME)
    assert not replace(TOKEN, revoked_at=MONDAY).is_good(MONDAY)


def test_a_token_allows_what_it_was_made_for_and_nothing_else() -> None:
    assert TOKEN.allows(Scope.GATE_READ, KEY)
    assert not TOKEN.allows(Scope.OUTPUTS_WRITE, KEY)
    assert not TOKEN.allows(Scope.GATE_READ, "replies")


def test_of_a_token_only_its_hash_is_kept() -> None:
    assert TOKEN.hash == sha256(b"answ_secret").hexdigest()
