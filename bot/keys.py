"""The two secrets kept as files: the key that signs the log and the key that seeds the draws."""

import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.config import Misconfigured
from bot.domain.notes import key_id, parse_note, sign_note, vkey

SIGNING_SETTING: Final = "ANSWERABLE_SIGNING_KEY_FILE"
DRAW_SETTING: Final = "ANSWERABLE_DRAW_KEY_FILE"
_LENGTH: Final = 32
_KEY: Final = re.compile(rb"[0-9a-fA-F]{64}")
_HEXADECIMAL: Final = re.compile(rb"[0-9a-fA-F]+")
_PUBLIC: Final = re.compile(rb"\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")  # what `answerable key` prints
_OTHERS: Final = 0o077


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

    def named(self, log: str) -> str:
        """Give the beginning of that line, which tells one key from another."""
        return f"{log}+{key_id(log, self.public).hex()}"


def signing_key(path: Path, notes: Sequence[str] = ()) -> SigningKey:
    """Give the key kept in a file, which signed these notes; made at first use with mode 0600.

    Raises Misconfigured. A key that signed anything is never replaced by another: whoever checks
    the log would take it for a forged one.
    """
    signed = {name: signer for note in notes for name, signer in _signers(note)}
    if signed and not is_there(path, SIGNING_SETTING):
        raise Misconfigured(
            f"{SIGNING_SETTING}: there is no key in {path.absolute()}; "
            f"{_bring_back(next(iter(signed.values())))}"
        )
    private = Ed25519PrivateKey.from_private_bytes(_secret(path, SIGNING_SETTING))
    key = SigningKey(
        private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), private.sign
    )
    for log, signer in signed.items():
        if key.named(log) != signer:
            raise Misconfigured(
                f"{SIGNING_SETTING}: {path.absolute()} holds the key {key.named(log)}; "
                f"{_bring_back(signer)}"
            )
    return key


def draw_key(path: Path, *, is_committed: bool = False) -> bytes:
    """Give the key kept in a file, made at first use with mode 0600. Raises Misconfigured.

    If rounds are committed to it by now, one that is not there is not made again.
    """
    if is_committed and not is_there(path, DRAW_SETTING):
        raise Misconfigured(
            f"{DRAW_SETTING}: there is no key in {path.absolute()}, but rounds are committed to "
            f"it: bring that file back, or name it in {DRAW_SETTING}; if it is lost for good, "
            "docs/running.md says what to do"
        )
    return _secret(path, DRAW_SETTING)


def is_there(path: Path, setting: str) -> bool:
    """Tell whether a file is there. Raises Misconfigured if this user cannot know."""
    try:
        return path.exists()
    except OSError as error:
        raise Misconfigured(f"{setting}: cannot use {path}: {error.strerror}") from error


def _bring_back(signer: str) -> str:
    return (
        f"the log was signed with {signer}: bring that file back, or name it in {SIGNING_SETTING}"
    )


def _signers(note: str) -> Iterator[tuple[str, str]]:
    """Give each name that signed a note, with the beginning of the line of its key."""
    try:
        signatures = parse_note(note).signatures
    except ValueError as error:
        raise Misconfigured(f"the newest checkpoint in the database is none: {error}") from error
    for each in signatures:
        yield each.name, f"{each.name}+{each.key_id.hex()}"


def _secret(path: Path, setting: str) -> bytes:
    try:
        if not path.exists():
            _make(path)
        mode = path.stat().st_mode
        written = path.read_bytes().strip()
    except OSError as error:
        raise Misconfigured(f"{setting}: cannot use {path}: {error.strerror}") from error
    if not _KEY.fullmatch(written):
        raise Misconfigured(
            f"{setting}: {path} holds no key of this product: {_instead(written)}. Bring the right "
            f"file back, or name it in {setting}; if nothing was ever recorded with it, take this "
            "one away, and `answerable serve` makes a key"
        )
    if mode & _OTHERS:
        raise Misconfigured(f"{setting}: others can read {path}; run: chmod 600 {path}")
    return bytes.fromhex(written.decode("ascii"))


def _instead(written: bytes) -> str:
    """Say what a file holds that is no key of ours. Nothing of it is repeated: it may be secret."""
    if not written:
        return "it is empty"
    if written.startswith((b"-----BEGIN", b"ssh-")):
        return "it is a key of another program's"
    if _PUBLIC.fullmatch(written):
        return "it is the public one, which is for auditors"
    if b"\0" in written or not written.isascii():
        return "it is no text"
    if _HEXADECIMAL.fullmatch(written):
        return f"it has {len(written)} hexadecimal digits and not {2 * _LENGTH}"
    return f"it is not one line of {2 * _LENGTH} hexadecimal digits"


def _make(path: Path) -> None:
    """Make a key, whole or not at all; one that another start has made meanwhile is left alone.

    If we crash here, a file of no use is left beside it, and the next start makes the key.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_urlsafe(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_LENGTH) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a renaming it never takes another's place
    finally:
        draft.unlink()
