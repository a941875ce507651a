"""A clerk who changes one verdict in an export and works out every hash anew."""

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ENTRIES = "entries.jsonl"


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed: in which entry, and from which verdict to which."""

    entry: int
    before: str
    after: str


def tamper(export: Path, copy: Path) -> Change:
    """Write a copy in which one wrong output was found correct; its hashes agree with each other.

    Only the signature cannot be made anew: that takes the key. Raises ValueError if the export
    holds no such verdict.
    """
    with ZipFile(export) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    lines = files[ENTRIES].removesuffix(b"\n").split(b"\n")
    place, change = _flip(lines)
    lines[place] = _encoded(change[1])
    files[ENTRIES] = b"\n".join(lines) + b"\n"
    note = f"checkpoints/{len(lines)}.note"
    files[note] = _with_root(files[note].decode(), root_of([_leaf(line) for line in lines]))
    with ZipFile(copy, "w", ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return change[0]


def _flip(lines: list[bytes]) -> tuple[int, tuple[Change, dict[str, object]]]:
    """Give the first verdict that found an error, as it would read without it."""
    for place, line in enumerate(lines):
        entry = json.loads(line)
        facts = entry["facts"]
        if entry["kind"] == "verdict.recorded" and facts["answer"] == "wrong":
            kept = {name: facts[name] for name in facts if name not in {"why", "severity"}}
            entry["facts"] = kept | {"answer": "correct"}
            return place, (Change(entry["seq"], "wrong", "correct"), entry)
    raise ValueError("the export holds no verdict that found an error")


def _encoded(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _with_root(note: str, root: bytes) -> bytes:
    lines = note.split("\n")
    lines[2] = b64encode(root).decode()
    return "\n".join(lines).encode()


def _leaf(line: bytes) -> bytes:
    return sha256(b"\0" + line).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """Give the root of the tree over these leaves (RFC 6962, section 2.1)."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()
