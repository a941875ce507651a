"""Checkpoints, keys and proofs as text that verifiers which are not ours can read.

The formats are those of C2SP: signed-note, tlog-checkpoint and tlog-proof.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.domain.tree import HASH_SIZE

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
KEY_SIZE: Final = 32
MAX_SIGNATURES: Final = 100
_ED25519: Final = b"\x01"
_KEY_ID_SIZE: Final = 4
_DASH: Final = "\N{EM DASH} "
_LINES: Final = 4  # of a checkpoint, split at its newlines


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """An Ed25519 public key and the name it signs under."""

    name: str
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text. Nothing is known about it until one of its signatures has been verified."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: the log `origin` had this root at this size."""

    origin: str
    size: int
    root: bytes


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Give the text of a checkpoint, which is what gets signed."""
    _check_name(origin)
    if size < 0 or len(root) != HASH_SIZE:
        raise ValueError(f"a tree of {size} with a root of {len(root)} bytes has no checkpoint")
    return f"{origin}\n{size}\n{_base64(root)}\n"


def parse_checkpoint(text: str) -> TreeHead:
    """Give what a checkpoint's text says; ValueError unless it is spelled the one way it can be."""
    lines = text.split("\n")
    head = TreeHead("", 0, b"")
    if len(lines) == _LINES and lines[1].isdecimal():
        head = TreeHead(lines[0], int(lines[1]), _from_base64(lines[2]))
    if not head.origin or checkpoint_text(head.origin, head.size, head.root) != text:
        raise ValueError("a checkpoint is three lines: origin, size, root")
    return head


def key_id(name: str, public_key: bytes) -> bytes:
    """Give the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID_SIZE]


def vkey(name: str, public_key: bytes) -> str:
    """Give a public key as one line of text, to be handed to whoever verifies."""
    _check_key(name, public_key)
    return f"{name}+{key_id(name, public_key).hex()}+{_base64(_ED25519 + public_key)}"


def parse_vkey(line: str) -> VerifierKey:
    """Give the key in such a line; ValueError if its parts do not belong together."""
    name, _, encoded = line.strip().split("+", 2) if line.count("+") > 1 else ("", "", "")
    key = VerifierKey(name, _from_base64(encoded)[1:])
    if vkey(key.name, key.public_key) != line.strip():
        raise ValueError("a verifier key is one line: name+id+key, of an Ed25519 key")
    return key


def sign_note(text: str, name: str, public_key: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Give the text as a signed note; `sign` makes the Ed25519 signature."""
    _check_key(name, public_key)
    _check_text(text)
    signature = _base64(key_id(name, public_key) + sign(text.encode()))
    return f"{text}\n{_DASH}{name} {signature}\n"


def parse_note(note: str) -> Note:
    """Give a note's text and signatures, unverified; ValueError if it is not a signed note."""
    text, blank, lines = note.rpartition("\n\n")
    signed = lines.split("\n")
    if not blank or signed.pop() or not 0 < len(signed) <= MAX_SIGNATURES:
        raise ValueError("a signed note is a text, an empty line and signature lines")
    _check_text(text + "\n")
    return Note(text + "\n", tuple(_parse_signature(line) for line in signed))


def proof_text(index: int, proof: Sequence[bytes], note: str) -> str:
    """Give the proof that an entry is under a checkpoint, complete in one text."""
    lines = [PROOF_HEADER, f"index {index}", *(_base64(node) for node in proof)]
    return "\n".join(lines) + "\n\n" + note


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    signed = _from_base64(encoded)
    if not line.startswith(_DASH) or len(signed) <= _KEY_ID_SIZE:
        raise ValueError(f"not a signature line: {line!r}")
    _check_name(name)
    return Signature(name, signed[:_KEY_ID_SIZE], signed[_KEY_ID_SIZE:])


def _check_key(name: str, public_key: bytes) -> None:
    _check_name(name)
    if len(public_key) != KEY_SIZE:
        raise ValueError(f"an Ed25519 public key has {KEY_SIZE} bytes, not {len(public_key)}")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(each.isspace() or each < " " for each in name):
        raise ValueError(f"{name!r} cannot name a key or a log: no spaces, no plus, not empty")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(each < " " and each != "\n" for each in text):
        raise ValueError("a note ends in a newline and has no other control characters")


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _from_base64(encoded: str) -> bytes:
    try:
        value = b64decode(encoded, validate=True)
    except binascii.Error:
        value = b""
    if _base64(value) != encoded:
        raise ValueError(f"not base64 in its one spelling: {encoded!r}")
    return value
