"""The two secrets kept as files: the key that signs the log and the key that seeds the draws."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.config import Misconfigured
from bot.domain.notes import sign_note, vkey

_LENGTH = 32
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The Ed25519 key that signs the log's checkpoints."""

    public: bytes
    sign: Callable[[bytes], bytes]

    def sign_checkpoint(self, log: str, text: str) -> str:
        """Give the signed note over a checkpoint's text, in the log's name."""
        return sign_note(text, log, self.public, self.sign)

    def vkey(self, log: str) -> str:
        """Give the line by which an auditor checks this log's signatures."""
        return vkey(log, self.public)


def signing_key(path: Path) -> SigningKey:
    """Give the key kept in a file, made at first use with mode 0600. Raises Misconfigured."""
    private = Ed25519PrivateKey.from_private_bytes(_secret(path, "ANSWERABLE_SIGNING_KEY_FILE"))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(public, private.sign)


def draw_key(path: Path) -> bytes:
    """Give the key kept in a file, made at first use with mode 0600. Raises Misconfigured."""
    return _secret(path, "ANSWERABLE_DRAW_KEY_FILE")


def _secret(path: Path, setting: str) -> bytes:
    try:
        if not path.exists():
            _make(path)
        mode = path.stat().st_mode
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise Misconfigured(f"{setting}: cannot use {path}: {error.strerror}") from error
    except ValueError as error:
        raise Misconfigured(f"{setting}: {path} holds no key of this product") from error
    if len(secret) != _LENGTH:
        raise Misconfigured(f"{setting}: {path} holds no key of this product")
    if mode & _OTHERS:
        raise Misconfigured(f"{setting}: others can read {path}; run: chmod 600 {path}")
    return secret


def _make(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_LENGTH) + "\n")
        file.flush()
        os.fsync(file.fileno())
