"""An export as an auditor reads it: with the standard library, and nothing of the product's."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

Json = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The entries in the order of the file, the words beside them, and the signed tree heads."""

    entries: list[Json]
    bodies: list[bytes]
    words: Mapping[tuple[int, str], str]
    heads: Mapping[int, str]

    def of(self, *kinds: str) -> list[Json]:
        return [each for each in self.entries if each["kind"] in kinds]

    def person(self, entry: Json) -> str:
        """Give the user who is said to have acted, empty if it was a program or the clock."""
        return self.people.get(entry["actor"], "")

    @cached_property
    def people(self) -> dict[str, str]:
        return {
            each["facts"]["person"]: self.words.get((each["seq"], "person"), "")
            for each in self.of("person.introduced")
        }


def read(export: bytes) -> Evidence:
    with ZipFile(BytesIO(export)) as bundle:
        bodies = bundle.read("entries.jsonl").splitlines()
        openings = [json.loads(line) for line in bundle.read("openings.jsonl").splitlines()]
        notes = [bundle.read(name).decode() for name in bundle.namelist() if "checkpoints/" in name]
    heads = (note.split("\n")[1:3] for note in notes)
    return Evidence(
        entries=[json.loads(body) for body in bodies],
        bodies=bodies,
        words={(each["seq"], _name(each["field"])): each["value"] for each in openings},
        heads={int(size): b64decode(root).hex() for size, root in heads},
    )


def roots(bodies: Iterable[bytes]) -> list[str]:
    """Give the root of the tree over the first n entries, for each n from 0 (RFC 6962)."""
    stack: list[tuple[int, bytes]] = []  # whole trees, the largest first
    found = [sha256(b"").hexdigest()]
    for body in bodies:
        stack.append((1, sha256(b"\x00" + body).digest()))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (size, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * size, _node(left, right)))
        root = stack[-1][1]
        for _, left in reversed(stack[:-1]):
            root = _node(left, root)
        found.append(root.hex())
    return found


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _name(field: str) -> str:
    return field.removeprefix("facts.").removesuffix("_c")
