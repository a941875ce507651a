"""Check an export of an Answerable record without Answerable, its database or its word.

    python verify.py EXPORT [--key VKEYFILE] [--checkpoint FILE]... [--json]

EXPORT is the zip file or the folder it was unpacked to. VKEYFILE holds the log's public key, got
from somewhere else than the export. FILE is a checkpoint that you saved earlier. Findings are
printed one a line. Exit status: 0 verified and anchored, 1 findings or unanchored, 2 unreadable.

It needs Python 3.11 and, for signatures, either the package `cryptography` or the command
`openssl`. What an export holds, and why each finding is one, is told in docs/log-format.md.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from hmac import digest
from io import BufferedReader
from itertools import pairwise
from math import ceil, exp, inf, isqrt, log, log1p
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple, Protocol, TypeVar, cast

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

VERBS = {
    "log": "started recovered",
    "person": "introduced changed forgotten",
    "workflow": "registered",
    "channel": "changed",
    "ownership": "accepted attested",
    "handover": "proposed accepted declined withdrawn",
    "roles": "changed",
    "absence": "announced begun ended",
    "policy": "changed",
    "token": "created revoked",
    "outputs": "received seen",
    "measurements": "received",
    "round": "opened tightened drawn closed",
    "draft": "saved",
    "verdict": "recorded",
    "items": "handed answered taken_back",
    "second_draft": "saved",
    "second_verdict": "recorded",
    "disagreement": "settled",
    "output": "skipped judged planted",
    "triggered": "judged",
    "plants": "mixed_in revealed",
    "concern": "raised",
    "digest": "placed stopped written",
    "report": "made",
    "breach": "opened acknowledged closed",
    "decision": "recorded carried_out",
    "obligation": "opened climbed delegated passed_on asked answered superseded lapsed",
    "gate": "changed",
    "drill": "started measured ended",
    "resume": "requested confirmed declined withdrawn",
    "change": "requested confirmed declined withdrawn",
    "message": "shown failed",
    "opening": "erased",
    "export": "made",
}
KINDS = {f"{noun}.{verb}" for noun, verbs in VERBS.items() for verb in verbs.split()} | {"refused"}
AGREED = {  # and what was owed of each
    "change.confirmed": "confirm",
    "resume.confirmed": "confirm",
    "handover.accepted": "take-over",
}
ENDINGS = {"obligation.answered", "obligation.superseded", "obligation.lapsed"}
OWNERS_SIDE = {"owner", "delegate of owner"}
OWNERS_OWN = {  # what nobody does in a role besides these
    "ownership.accepted": {"owner"},
    "ownership.attested": {"owner"},
    "drill.started": OWNERS_SIDE,
    "items.handed": OWNERS_SIDE,
}
SEVERITIES = {"minor", "major", "critical"}
LAST_RUNG = 3
PASSED = {
    *("nobody holds this role", "deactivated", "no full member any more", "away"),
    *("same person as before", "nobody confirms their own request"),
    "not independent of what was answered",
}
LONGEST_ABSENCE = timedelta(days=93)  # 92 whole days, and the hour by which clocks may change
STRICTNESS = ("not_ready", "run", "review_all", "degraded", "paused", "retired")
DRILLED_FROM = ("run", "review_all", "degraded")
LONGEST_DRILL = timedelta(minutes=15)
MILLISECOND = timedelta(milliseconds=1)
MAX_ENTRY, MAX_LINE, MAX_SMALL, MAX_TOTAL = 65_535, 2**30, 2**20, 2**34
HASH_SIZE = 32

Json = Any  # whatever a line says; whoever uses it looks first
Finding = tuple[int | None, str]  # the entry it is about, if it is about one
Found = Iterator[Finding]
Thing = TypeVar("Thing")


class Unreadable(Exception):  # noqa: N818 -- the state of what was given
    """What was given cannot be checked at all."""


class Flaw(ValueError):  # noqa: N818 -- a finding, not a fault of this program
    """What is being looked at is not what it has to be."""


def why(error: Exception) -> str:
    """Give in words what is wrong with something that was looked at."""
    match error:
        case Flaw():
            return str(error)
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case json.JSONDecodeError():
            return "it is not JSON"
        case KeyError():
            return f"it has no {error.args[0]}"
        case RecursionError():
            return "it is nested without end"
    return "a value in it is not of the kind that it has to be"


# --- The files of an export -----------------------------------------------------------------------

NAMES = re.compile(
    r"(entries|openings|populations)\.jsonl|manifest\.json|log\.vkey|verify\.py|view\.csv"
    r"|report\.html|README\.txt|checkpoints/((0|[1-9][0-9]{0,15})\.note)?"
    r"|proofs/((0|[1-9][0-9]{0,15})\.tlog-proof)?"
)

FOR_READING = {"report.html", "view.csv", "README.txt", "verify.py"}  # of which nothing is proven


class Bundle:
    """The files of an export, each under the one name it can have."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        self.flaws = [] if self._zip is None else list(_zip_flaws(self._zip.infolist()))
        self.names = frozenset(_files(path) if self._zip is None else self._zip.namelist())

    def open(self, name: str) -> IO[bytes]:
        if name not in self.names:
            raise Flaw(f"the export has no {name}")
        if self._zip is None:
            return (self._folder / name).open("rb")
        return BufferedReader(cast("Any", self._zip.open(name)))

    def text(self, name: str) -> str:
        """Give a small file whole."""
        with self.open(name) as stream:
            content = stream.read(MAX_SMALL + 1)
        if len(content) > MAX_SMALL:
            raise Flaw(f"{name} has more than {MAX_SMALL} bytes")
        return content.decode()

    def sizes(self) -> list[int]:
        """Give the tree sizes of which there is a checkpoint."""
        names = (name for name in self.names if re.fullmatch("checkpoints/.+", name))
        return sorted(int(name.removeprefix("checkpoints/").partition(".")[0]) for name in names)

    def lines(self, name: str, longest: int, findings: list[Finding]) -> Iterator[bytes]:
        """Give the lines of a file; what is no whole line is a finding."""
        if name not in self.names:
            findings.append((None, f"the export has no {name}"))
            return
        with self.open(name) as stream:
            while line := stream.readline(longest + 1):
                if not line.endswith(b"\n"):
                    findings.append((None, f"{name} has a line that is too long or has no end"))
                    return
                yield line[:-1]


def _files(folder: Path) -> Iterator[str]:
    for path in (*folder.glob("*"), *folder.glob("*/*")):
        name = path.relative_to(folder).as_posix()
        if NAMES.fullmatch(name) and not path.is_symlink():
            yield name


def _zip_flaws(parts: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    for name, count in Counter(part.orig_filename for part in parts).items():
        if not NAMES.fullmatch(name):
            yield f"the export holds a file that has no place in it: {name}"
        if count > 1:
            yield f"the export holds {count} files named {name}"
    if sum(part.file_size for part in parts) > MAX_TOTAL:
        yield f"the export would unpack to more than {MAX_TOTAL} bytes"


# --- Canonical JSON -------------------------------------------------------------------------------


def canonical(value: object) -> bytes:
    """Give the one spelling of a value: keys sorted, nothing between the tokens, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(line: bytes) -> Json:
    """Give what a line says; ValueError if two readers could read it differently."""
    try:
        value = json.loads(
            line.decode(),
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_small_int,
            object_pairs_hook=_plain_object,
        )
    except RecursionError:
        raise Flaw("it is nested without end") from None
    if canonical(value) != line:
        raise Flaw("it is not in canonical form")
    return value


def _no_number(text: str) -> None:
    raise Flaw(f"{text} is not a whole number")


def _small_int(text: str) -> int:
    if abs(number := int(text)) >= 2**53:
        raise Flaw(f"{text} is not below 2^53")
    return number


def _plain_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise Flaw("an object in it names a key twice")
    if not all(key.isascii() for key in value):
        raise Flaw("a key in it is not ASCII")
    return value


def objects(
    lines: Iterable[bytes], shape: dict[str, type], findings: list[Finding]
) -> Iterator[Json]:
    """Give the objects of this shape that lines say; a line that says none is a finding."""
    for line in lines:
        try:
            value = parse(line)
            if not isinstance(value, dict) or {key: type(value[key]) for key in value} != shape:
                raise Flaw(f"it has not exactly the fields {', '.join(shape)}")
        except ValueError as error:
            start = line[:80].decode("utf-8", "backslashreplace")
            findings.append((None, f"a line cannot be read: {why(error)}: {start}"))
        else:
            yield value


OPENING = {"field": str, "salt": str, "seq": int, "value": str}
POPULATION = {"outputs": list, "round": int, "workflow": str}

# --- The tree (RFC 6962) --------------------------------------------------------------------------


def leaf_hash(body: bytes) -> bytes:
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that is only added to; it keeps the roots of its full subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        size, self.size = self.size, self.size + 1
        while size & 1:
            leaf, size = node_hash(self._full.pop(), leaf), size >> 1
        self._full.append(leaf)

    def root(self) -> bytes:
        if not self._full:
            return sha256(b"").digest()
        root = self._full[-1]
        for left in self._full[-2::-1]:
            root = node_hash(left, root)
        return root


def root_from(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes | None:
    """Give the root that an inclusion proof leads to; None if it is too short or too long."""
    siblings, last, node = iter(path), size - 1, leaf
    while last > 0:
        if index & 1 or index < last:
            sibling = next(siblings, None)
            if sibling is None:
                return None
            node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return node if index == last and next(siblings, None) is None else None


# --- Checkpoints and keys (C2SP signed-note and tlog-checkpoint) ----------------------------------


@dataclass(frozen=True)
class Key:
    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]


@dataclass(frozen=True)
class Checkpoint:
    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]  # name; four bytes of key id and the signature


def parse_key(line: str) -> Key:
    name, _, rest = line.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    kind, public = unbase64(encoded)[:1], unbase64(encoded)[1:]
    key = Key(name, public)
    if kind != b"\x01" or len(public) != HASH_SIZE or key.id.hex() != key_id:
        raise Flaw("a verifier key is name+id+key, of an Ed25519 key")
    return key


def parse_checkpoint(note: str) -> Checkpoint:
    text, _, lines = note.rpartition("\n\n")
    origin, size, root = text.split("\n") if text.count("\n") == 2 else ("", "", "")  # noqa: PLR2004
    if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size) or not lines.endswith("\n"):
        raise Flaw("a checkpoint is origin, size and root, an empty line and signatures")
    if len(unbase64(root)) != HASH_SIZE:
        raise Flaw("a checkpoint's root has 32 bytes")
    signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
    return Checkpoint(text + "\n", origin, int(size), unbase64(root), signatures)


def _parse_signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\N{EM DASH}":
        raise Flaw("a signature line is a dash, a name and a signature")
    return name, unbase64(encoded)


def unbase64(text: str) -> bytes:
    """Give the bytes of base64 in its one spelling."""
    try:
        value = b64decode(text, validate=True)
    except ValueError:
        value = b""
    if not value or b64encode(value).decode() != text:
        raise Flaw(f"not base64 in its one spelling: {text}")
    return value


def is_signed(checkpoint: Checkpoint, key: Key) -> bool:
    """Tell whether this key signed the checkpoint; signatures of other keys say nothing."""
    own = [
        signed[4:]
        for name, signed in checkpoint.signatures
        if (name, signed[:4]) == (key.name, key.id)
    ]
    message = checkpoint.text.encode()
    return bool(own) and all(ed25519_holds(key.public, each, message) for each in own)


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    if not HAS_CRYPTOGRAPHY:
        return _openssl_holds(public, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _openssl_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    openssl = which("openssl")
    if openssl is None:
        raise Unreadable("to check signatures, install the package cryptography or openssl 3")
    # What comes before the 32 bytes of every Ed25519 key in DER (RFC 8410).
    key = bytes.fromhex("302a300506032b6570032100") + public
    command = "pkeyutl -verify -pubin -keyform DER -inkey key -sigfile signature -rawin -in message"
    with TemporaryDirectory() as folder:
        for name, content in (("key", key), ("signature", signature), ("message", message)):
            Path(folder, name).write_bytes(content)
        arguments = [openssl, *command.split()]
        ran = subprocess.run(arguments, cwd=folder, capture_output=True, check=False)  # noqa: S603
    return ran.returncode == 0


# --- Entries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    v: int
    seq: int
    log: str
    id: str
    ts: str
    kind: str
    actor: str
    role: str
    on: str
    prior: int | None
    policy: int | None
    app: str
    facts: dict[str, Json]

    def text(self, name: str) -> str:
        return str(self.fact(name, str))

    def whole(self, name: str) -> int:
        return int(self.fact(name, int))

    def fact(self, name: str, kind: type) -> Json:
        value = self.facts.get(name)
        if type(value) is not kind:
            raise Flaw(f"has not got facts.{name} as it has to be")
        return value


TYPES: dict[str, tuple[type, ...]] = {each.name: (str,) for each in fields(Entry)}
TYPES |= {"v": (int,), "seq": (int,), "facts": (dict,)}
TYPES |= {"prior": (int, type(None)), "policy": (int, type(None))}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def parse_entry(body: bytes) -> Entry:
    """Give the entry that a line is; ValueError if it is none."""
    value = parse(body)
    if not isinstance(value, dict) or value.keys() != TYPES.keys():
        raise Flaw("it has not exactly the fields of an entry")
    for name, types in TYPES.items():
        if type(value[name]) not in types:
            raise Flaw(f"its {name} is not of the type it has to be")
    entry = Entry(**value)
    if entry.v != 1:
        raise Flaw(f"its version {entry.v} is not known here")
    if not TIME.fullmatch(entry.ts):
        raise Flaw(f"its time {entry.ts} is not spelled as it has to be")
    datetime.fromisoformat(entry.ts)
    return entry


def is_person(actor: str) -> bool:
    return actor not in {"system", "operator"} and not actor.startswith("pipeline/")


# --- What the entries have to be to each other ----------------------------------------------------


class Check(Protocol):
    """Sees every entry in turn and tells what is wrong with it."""

    def see(self, entry: Entry) -> Found: ...


class Order:
    """Entries stand in one order, in one log, once each, at times that never go back."""

    def __init__(self, log: str, *, is_whole: bool) -> None:
        self._log, self._is_whole = log, is_whole
        self._next, self._time, self._ids = 0, "", set[str]()

    def see(self, entry: Entry) -> Found:
        if entry.seq < self._next or (self._is_whole and entry.seq > self._next):
            yield entry.seq, f"stands where entry {self._next} has to"
        if entry.log != self._log:
            yield entry.seq, f"belongs to the log {entry.log}, not to {self._log}"
        if entry.id in self._ids:
            yield entry.seq, f"repeats the id {entry.id}"
        if entry.ts < self._time:
            yield entry.seq, f"is of {entry.ts}, before the entry above it"
        if entry.prior is not None and entry.prior >= entry.seq:
            yield entry.seq, f"refers to entry {entry.prior}, which is not before it"
        if entry.kind not in KINDS:
            yield entry.seq, f"is of an unknown kind: {entry.kind}"
        self._ids.add(entry.id)
        self._next, self._time = entry.seq + 1, entry.ts


JUDGING = "draft verdict second_draft second_verdict disagreement"
NAMES_OF = {  # what entries of these nouns, or of this kind, are about by their facts
    "round/{workflow}/{round}": f"round outputs output triggered plants {JUDGING}",
    "plant/{workflow}/{plant}": "output.planted",
    "breach/{workflow}/{breach}": "breach decision",
    "concern/{workflow}/{breach}": "concern",
    "workflow/{workflow}": "workflow channel ownership roles policy gate measurements report",
    "share/{workflow}/{share}": "items",
    "attestation/{workflow}/{attestation}": "ownership.attested",
    "try/{workflow}/{drill}": "drill",
    "handover/{workflow}/{handover}": "handover",
    "resume/{workflow}/{request}": "resume",
    "change/{workflow}/{request}": "change",
    "absence/{absence}": "absence",
    "obligation/{obligation}": "obligation",
}
NAME_OF = {noun: name for name, nouns in NAMES_OF.items() for noun in nouns.split()}


class Names:
    """An entry is about what its facts are about: it cannot be shown as something else's."""

    def see(self, entry: Entry) -> Found:
        name = NAME_OF.get(entry.kind, NAME_OF.get(entry.kind.partition(".")[0]))
        if name and entry.on != (about := name.format_map(entry.facts)):
            yield entry.seq, f"is said to be about {entry.on}, but is about {about}"


class Openings:
    """Every commitment has its opening, or an entry that says it was erased; none has both."""

    def __init__(self, lines: Iterator[Json], *, is_whole: bool) -> None:
        self._lines, self._is_whole = lines, is_whole
        self._next = next(lines, None)
        self._missing: set[tuple[int, str]] = set()

    def see(self, entry: Entry) -> Found:
        owed = {f"facts.{name}": value for name, value in entry.facts.items() if name[-2:] == "_c"}
        while self._next is not None and self._next["seq"] <= entry.seq:
            line, self._next = self._next, next(self._lines, None)
            committed = owed.pop(line["field"], None) if line["seq"] == entry.seq else None
            if commitment(line) != committed:
                yield line["seq"], f"the opening of {line['field']} is not what it committed to"
        self._missing |= {(entry.seq, name) for name in owed}
        if entry.kind == "opening.erased":
            yield from self._erase(entry, (entry.whole("seq"), entry.text("field")))

    def _erase(self, entry: Entry, erased: tuple[int, str]) -> Found:
        if self._is_whole and erased not in self._missing:
            yield entry.seq, f"erases {erased[1]} of entry {erased[0]}, which is no missing opening"
        self._missing.discard(erased)

    def finish(self) -> Found:
        for seq, name in sorted(self._missing):
            yield seq, f"the opening of {name} is missing and no entry says it was erased"
        while self._next is not None:
            yield None, f"there is an opening for entry {self._next['seq']}, which is not here"
            self._next = next(self._lines, None)


def commitment(opening: Json) -> str:
    salt = b64decode(opening["salt"], validate=True)
    return b64encode(digest(salt, opening["value"].encode(), "sha256")).decode()


class People:
    """A person's pseudonym is introduced, once, before it acts."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def see(self, entry: Entry) -> Found:
        if is_person(entry.actor) and entry.actor not in self._known:
            yield entry.seq, f"is by {entry.actor}, who was not introduced before"
        if entry.kind == "person.introduced":
            if entry.text("person") in self._known or "person_c" not in entry.facts:
                yield entry.seq, "introduces somebody twice, or nobody"
            self._known.add(entry.text("person"))


class Ladder:
    """An obligation climbs every rung in turn, stays on the last, and ends once."""

    def __init__(self) -> None:
        self._rungs: dict[str, int] = {}
        self._ended: set[str] = set()

    def see(self, entry: Entry) -> Found:
        if not entry.kind.startswith("obligation."):
            return
        owed = entry.text("obligation")
        if (entry.kind == "obligation.opened") == (owed in self._rungs):
            yield entry.seq, f"{owed} has to be opened once, before all else"
        if owed in self._ended:
            yield entry.seq, f"{owed} had ended before"
        if entry.kind == "obligation.climbed":
            expected = min(self._rungs.get(owed, -1) + 1, LAST_RUNG)
            if entry.whole("rung") != expected:
                yield entry.seq, f"{owed} climbs to rung {entry.whole('rung')}, not {expected}"
            self._rungs[owed] = entry.whole("rung")
            yield from self._see_asked(entry, owed)
        elif entry.kind == "obligation.asked" and entry.whole("rung") > self._rungs.get(owed, -1):
            yield entry.seq, f"{owed} is asked of a role that it has not climbed to"
        self._rungs.setdefault(owed, -1)
        if entry.kind in ENDINGS:
            self._ended.add(owed)

    def _see_asked(self, entry: Entry, owed: str) -> Found:
        if "passed" not in entry.facts:
            return
        passed = entry.facts["passed"]
        if passed is not None and passed not in PASSED:
            yield entry.seq, f"{owed} passes a rung for no known reason: {passed}"
        if (passed is None) != ("asked_c" in entry.facts):
            yield entry.seq, f"{owed} asks nobody and says not why, or asks where it passes"


class Stay(NamedTuple):
    """When somebody is away, by their own word, and who stands in."""

    person: str
    delegate: str | None
    begins: str
    ends: str

    def is_in_force(self, at: str) -> bool:
        return self.begins <= at < self.ends


class Away:
    """Nobody is passed as away, or stood in for, but while they are away by their own word.

    The second line is not lent to the first: no owner decides or settles in a steward's place.
    Nor is anything lent to whoever built what it is about.
    """

    def __init__(self) -> None:
        self._stays: dict[int, Stay] = {}
        self._begun: set[int] = set()
        self._owners: dict[str, str] = {}
        self._builders: dict[str, Json] = {}

    def see(self, entry: Entry) -> Found:
        self._note_roles(entry)
        if entry.kind == "absence.announced":
            yield from self._announce(entry, entry.whole("absence"))
        elif entry.kind == "absence.ended":
            yield from self._end(entry, entry.whole("absence"))
        elif entry.kind == "absence.begun":
            yield from self._begin(entry, entry.whole("absence"))
        elif entry.kind == "obligation.delegated":
            stay = self._stays.get(entry.whole("absence"))
            if stay is None or not stay.delegate or not stay.is_in_force(entry.ts):
                yield entry.seq, "asks somebody to stand in for whom nobody stands in then"
        elif entry.kind == "obligation.climbed" and "absences" in entry.facts:
            yield from self._climb(entry, entry.fact("absences", list))
        if entry.role.startswith("delegate of "):
            yield from self._in_place(entry, f"is by {entry.actor} as {entry.role}, who")
        if self._is_own_overseer(entry):
            yield entry.seq, f"is by {entry.actor} as {entry.role}, who is the owner"

    def _in_place(self, entry: Entry, who: str) -> Found:
        if not self._is_stand_in(entry):
            yield entry.seq, f"{who} stands in for nobody then"
        elif entry.role == "delegate of owner" and not self._is_lent_by_owner(entry):
            yield entry.seq, f"{who} stands in for another then"
        if self._builders.get(workflow_of(entry)) == entry.actor:
            yield entry.seq, f"{who} is the technical owner of {workflow_of(entry)}"

    def _note_roles(self, entry: Entry) -> None:
        if "technical_owner" in entry.facts:
            self._builders[entry.text("workflow")] = entry.facts["technical_owner"]
        is_changed = entry.kind == "roles.changed" and "owner" in entry.fact("changed", list)
        if is_changed or entry.kind == "ownership.accepted":
            self._owners[entry.text("workflow")] = entry.actor

    def _is_own_overseer(self, entry: Entry) -> bool:
        if entry.kind == "decision.recorded" and entry.role != "delegate of steward":
            return False
        is_for_others = entry.kind in {"decision.recorded", "disagreement.settled"}
        return is_for_others and self._owners.get(entry.text("workflow")) == entry.actor

    def _announce(self, entry: Entry, number: int) -> Found:
        begins, ends = entry.text("begins_at"), entry.text("ends_at")
        delegate = entry.facts.get("delegate")
        if number in self._stays or not is_person(entry.actor):
            yield entry.seq, f"announces absence {number} twice, or nobody's"
        if delegate == entry.actor:
            yield entry.seq, "names a person to stand in for themselves"
        away = datetime.fromisoformat(ends) - datetime.fromisoformat(begins)
        if not timedelta() < away < LONGEST_ABSENCE:
            yield entry.seq, f"announces an absence that no rule allows: {begins} to {ends}"
        self._stays[number] = Stay(entry.actor, delegate, begins, ends)

    def _begin(self, entry: Entry, number: int) -> Found:
        stay = self._stays.get(number)
        if stay is None or not stay.is_in_force(entry.ts) or number in self._begun:
            yield entry.seq, f"begins absence {number}, which nobody announced for then"
        self._begun.add(number)

    def _end(self, entry: Entry, number: int) -> Found:
        stay, ends = self._stays.get(number), entry.text("ends_at")
        if stay is None:
            raise Flaw(f"ends absence {number}, which nobody announced")
        if entry.actor not in {stay.person, "system"}:
            yield entry.seq, f"ends an absence of {stay.person}"
        if ends > stay.ends:
            yield entry.seq, "ends an absence later than it was announced to"
        self._stays[number] = stay._replace(ends=ends)

    def _climb(self, entry: Entry, numbers: list[Json]) -> Found:
        named = [self._stays.get(number) for number in numbers]
        if any(stay is None or not stay.is_in_force(entry.ts) for stay in named):
            yield entry.seq, "takes somebody for away who is not"
        if bool(named) != ("away_c" in entry.facts):
            yield entry.seq, "says who is away without saying by what word, or the other way round"
        if entry.facts.get("passed") == "away" and not named:
            yield entry.seq, "passes a rung as away where nobody is"

    def _is_lent_by_owner(self, entry: Entry) -> bool:
        """Tell whether the owner has lent their place, be it to who lent it on."""
        owner = self._owners.get(workflow_of(entry))
        lenders = {entry.actor}
        while more := self._lending_to(lenders, entry.ts) - lenders:
            lenders |= more
        return owner is None or (owner in lenders and owner != entry.actor)

    def _lending_to(self, people: set[str], at: str) -> set[str]:
        stays = (stay for stay in self._stays.values() if stay.is_in_force(at))
        return {stay.person for stay in stays if stay.delegate in people}

    def _is_stand_in(self, entry: Entry) -> bool:
        return any(
            stay.delegate == entry.actor and stay.is_in_force(entry.ts)
            for stay in self._stays.values()
        )


def workflow_of(entry: Entry) -> str:
    """Give the workflow that an entry is about, empty if it names none."""
    if "workflow" in entry.facts:
        return entry.text("workflow")
    owed = entry.text("obligation") if "obligation" in entry.facts else ""
    return owed.partition("/")[2].partition("/")[0]


class Settled:
    """Nothing is agreed to once what was owed of it has ended without; only roles pass it on.

    Whose obligation becomes another's has an earlier change of the roles of its workflow in prior;
    so has what is asked of whoever takes a role.
    """

    def __init__(self) -> None:
        self._over: set[str] = set()
        self._changed: dict[int, str] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind in {"obligation.lapsed", "obligation.superseded"}:
            self._over.add(entry.text("obligation"))
        elif entry.kind in AGREED:
            _, _, about = entry.on.partition("/")
            if f"{AGREED[entry.kind]}/{about}" in self._over:
                yield entry.seq, "agrees to what had lapsed, or been settled otherwise"
        elif entry.kind == "roles.changed":
            self._changed[entry.seq] = entry.text("workflow")
        elif entry.kind in {"obligation.passed_on", "obligation.asked"}:
            because = self._changed.get(-1 if entry.prior is None else entry.prior)
            if because is None or because != workflow_of(entry):
                yield entry.seq, "makes an obligation another person's without other roles"


class Ended:
    """What is owed is answered by the act itself, at that time, and given up by nobody's silence.

    Only what asks for a second word or another owner lapses or is overtaken. What is owed of
    outputs and breaches ends undone when its workflow is retired, and never else; a drill also by
    somebody's own pause, at the time of that.
    """

    def __init__(self) -> None:
        self._stopped: dict[int, tuple[str, str]] = {}
        self._drills: set[int] = set()
        self._acts: dict[tuple[str, str, int], str] = {}
        self._answered: dict[tuple[str, str, int], Entry] = {}
        self._retiring: dict[int, str] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind in ANSWERED_BY.values():
            self._act(entry, entry.text("workflow"))
        elif entry.kind in ENDINGS:
            yield from self._end(entry, entry.text("obligation"))
        if entry.kind == "decision.recorded" and entry.text("decision") == "retire":
            self._retiring[entry.seq] = entry.text("workflow")
        elif entry.kind == "drill.started":
            self._drills.add(entry.seq)
        elif entry.kind == "gate.changed" and self._is_somebodys_pause(entry):
            self._stopped[entry.seq] = entry.text("workflow"), entry.ts

    def _is_somebodys_pause(self, entry: Entry) -> bool:
        """Tell whether neither silence nor a drill has paused the gate."""
        is_anybodys = entry.actor != "system" and entry.prior not in self._drills
        return is_anybodys and entry.text("to") == "paused"

    def _act(self, entry: Entry, workflow: str) -> None:
        number = {"ownership.accepted": "", "ownership.attested": "attestation"}
        name = number.get(entry.kind, "breach")
        act = entry.kind, workflow, entry.whole(name) if name else 0
        self._acts[act] = entry.ts
        answered = self._answered.get(act)
        if answered and answered.ts == entry.ts:
            del self._answered[act]

    def _end(self, entry: Entry, owed: str) -> Found:
        kind, _, rest = owed.partition("/")
        workflow, _, number = rest.partition("/")
        if entry.kind == "obligation.answered" and kind in ANSWERED_BY:
            act = ANSWERED_BY[kind], workflow, int(number)
            if self._acts.get(act) != entry.ts:
                self._answered[act] = entry  # the act may come after it
        elif entry.kind == "obligation.lapsed" and kind not in MAY_LAPSE:
            yield entry.seq, f"lets {owed} lapse, which never does"
        elif entry.kind == "obligation.superseded" and kind not in MAY_BE_OVERTAKEN:
            because = -1 if entry.prior is None else entry.prior
            is_put_off = self._stopped.get(because) == (workflow, entry.ts) and kind == "drill"
            if self._retiring.get(because) != workflow and not is_put_off:
                yield entry.seq, f"gives up {owed}, though {workflow} is not retired by that"

    def finish(self) -> Found:
        for entry in self._answered.values():
            owed = entry.text("obligation")
            yield entry.seq, f"answers {owed}, and nobody did then what it asks for"


ANSWERED_BY = {
    "accept": "ownership.accepted",
    "attest": "ownership.attested",
    "acknowledge": "breach.acknowledged",
    "decide": "decision.recorded",
    "carry-out": "decision.carried_out",
}
MAY_LAPSE = {"confirm", "take-over"}
MAY_BE_OVERTAKEN = {*MAY_LAPSE, "hand-over", "attest"}


class Owners:
    """A workflow has another owner only by the word of who becomes it, and nobody else acts as it.

    A draft has none who answers: whoever is named for it gives their word by accepting the duties,
    once, and nothing of it runs before.
    """

    def __init__(self) -> None:
        self._drafts: set[str] = set()
        self._registered: set[str] = set()
        self._owners: dict[str, str] = {}
        self._proposed: dict[str, Entry] = {}
        self._accepted: dict[int, Entry] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "workflow.registered":
            if entry.text("workflow") in self._registered:
                yield entry.seq, f"registers {entry.text('workflow')} a second time"
            self._registered.add(entry.text("workflow"))
            self._drafts.add(entry.text("workflow"))
        elif entry.kind == "ownership.accepted":
            yield from self._found(entry, entry.text("workflow"))
        elif entry.kind == "gate.changed" and entry.text("workflow") not in self._owners:
            yield entry.seq, "moves the gate of a workflow that nobody has accepted to answer for"
        yield from self._see_role(entry)
        if entry.kind == "handover.proposed":
            self._proposed[entry.on] = entry
        elif entry.kind == "handover.accepted":
            yield from self._accept(entry, self._proposed.pop(entry.on, None))
        elif entry.kind in {"handover.declined", "handover.withdrawn"}:
            yield from self._refuse(entry, self._proposed.pop(entry.on, None))
        elif entry.kind == "roles.changed" and "owner" in entry.fact("changed", list):
            yield from self._change(entry, entry.text("workflow"))

    def _found(self, entry: Entry, workflow: str) -> Found:
        if workflow not in self._drafts or not is_person(entry.actor):
            yield entry.seq, "accepts the duties of what is no draft, or is by nobody"
        self._drafts.discard(workflow)
        self._owners[workflow] = entry.actor

    def _see_role(self, entry: Entry) -> Found:
        """Tell whether somebody acts as the owner who is not, or in another role what is theirs."""
        if entry.kind in OWNERS_OWN and entry.role not in OWNERS_OWN[entry.kind]:
            yield entry.seq, f"is by {entry.actor} as {entry.role}: it is the owner's to do"
        workflow = workflow_of(entry) if entry.role == "owner" else ""
        if not workflow or workflow in self._drafts:
            return
        if self._owners.get(workflow) != entry.actor:
            yield entry.seq, f"is by {entry.actor} as the owner, which they are not by then"

    def _change(self, entry: Entry, workflow: str) -> Found:
        if workflow in self._drafts:
            return
        accepted = self._accepted.pop(-1 if entry.prior is None else entry.prior, None)
        said = entry.actor, workflow
        if accepted is None or (accepted.actor, accepted.text("workflow")) != said:
            yield entry.seq, "names another owner, who has not accepted it"
        else:
            self._owners[workflow] = entry.actor

    def _refuse(self, entry: Entry, proposed: Entry | None) -> Found:
        if proposed is None or proposed.text("workflow") != entry.text("workflow"):
            raise Flaw("ends a proposal that nobody made, or that was settled before")
        said = proposed.text("successor") if entry.kind == "handover.declined" else proposed.actor
        if entry.actor != said:
            yield entry.seq, "ends a proposal in another's place"

    def _accept(self, entry: Entry, proposed: Entry | None) -> Found:
        if proposed is None or proposed.text("workflow") != entry.text("workflow"):
            raise Flaw("accepts what nobody proposed, or what was accepted before")
        if entry.actor != proposed.text("successor"):
            yield entry.seq, "accepts for another"
        self._accepted[entry.seq] = entry


SECOND_WORDS = {"confirmed": ("confirms", "confirmation"), "declined": ("declines", "refusal")}


def second_word(entry: Entry, asked: Entry | None) -> Entry:
    """Give the request that this answers; Flaw unless it is another person's, and not both owner.

    Whoever stands in for the owner speaks for them here.
    """
    verb, word = SECOND_WORDS[entry.kind.partition(".")[2]]
    if asked is None or asked.text("workflow") != entry.text("workflow"):
        raise Flaw(f"{verb} a request that is not open")
    if asked.actor == entry.actor or not (is_person(asked.actor) and is_person(entry.actor)):
        raise Flaw(f"is not a second person's {word}")
    if {asked.role, entry.role} <= OWNERS_SIDE:
        raise Flaw("is an owner's, as the request was: one of the two has to be somebody else")
    return asked


def own_word(entry: Entry, asked: Entry | None) -> None:
    """Raise Flaw unless this takes back an open request of whoever does it."""
    if asked is None or asked.text("workflow") != entry.text("workflow"):
        raise Flaw("withdraws a request that is not open")
    if asked.actor != entry.actor:
        raise Flaw("withdraws a request of another's")


LESS_IS_WEAKER = (
    *("floor", "volume_min", "tighten"),
    *("trigger_below_bp", "trigger_first", "trigger_most"),
)
MORE_IS_WEAKER = ("limit_bp", "volume_max", "max_text", "delivery_grace_seconds")

UNDER_POLICY = {"round.opened", "measurements.received", "breach.opened"}  # the one of that moment
FEWER_IS_WEAKER = ("error_whys", "masks")
MORE_NAMED_IS_WEAKER = ("link_hosts",)


class Policies:
    """Versions follow each other one by one, and a weaker one has two people's word.

    What is opened or taken in is under the last one.
    """

    def __init__(self) -> None:
        self._in_force: dict[str, Entry] = {}
        self._asked: dict[str, Entry] = {}
        self._agreed: dict[int, Entry] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "change.requested":
            self._asked[entry.on] = entry
        elif entry.kind == "change.confirmed":
            self._agreed[entry.seq] = second_word(entry, self._asked.pop(entry.on, None))
        elif entry.kind == "change.declined":
            second_word(entry, self._asked.pop(entry.on, None))
        elif entry.kind == "change.withdrawn":
            own_word(entry, self._asked.pop(entry.on, None))
        elif entry.kind == "policy.changed":
            yield from self._change(entry, entry.text("workflow"))
        elif entry.kind in UNDER_POLICY:
            yield from self._see_version(entry, self._in_force.get(entry.text("workflow")))

    def _see_version(self, entry: Entry, in_force: Entry | None) -> Found:
        if in_force is None or entry.policy != in_force.whole("number"):
            yield entry.seq, f"is under version {entry.policy} of a policy, which is not in force"

    def _change(self, entry: Entry, workflow: str) -> Found:
        before = self._in_force.get(workflow)
        self._in_force[workflow] = entry
        number, expected = entry.whole("number"), before.whole("number") + 1 if before else 1
        if number != expected:
            yield entry.seq, f"is version {number} of the policy of {workflow}, not {expected}"
        if before is not None:
            yield from self._compare(entry, before)

    def _compare(self, entry: Entry, before: Entry) -> Found:
        weaker, said = weaker_in(before, entry), set(entry.fact("weakens", list))
        asked = self._agreed.pop(-1 if entry.prior is None else entry.prior, None)
        if unsaid := sorted(weaker - said):
            yield entry.seq, f"is weaker in {', '.join(unsaid)} and does not say so"
        if asked is None and weaker | said:
            named = ", ".join(sorted(weaker | said))
            yield entry.seq, f"makes a policy weaker in {named} without two people's word"
        if asked is not None and asked.fact("proposed", dict) != policy_in(entry):
            yield entry.seq, "is not the policy that two people agreed on"
        if asked is not None and asked.whole("version") != before.whole("number"):
            yield entry.seq, "was agreed on about another version than the one before it"


def policy_in(entry: Entry) -> dict[str, Json]:
    """Give of an entry what is the policy itself."""
    about = {"workflow", "weakens"}
    return {
        name: value
        for name, value in entry.facts.items()
        if name not in about and not name.endswith("_c")
    }


def weaker_in(before: Entry, after: Entry) -> set[str]:
    """Give the figures in which a policy is weaker; of times and calendars its own word counts."""
    names = {name for name in LESS_IS_WEAKER if after.whole(name) < before.whole(name)}
    names |= {"sample"} if plan_of(after).may_be_fewer_than(plan_of(before)) else set()
    names |= {
        name.removesuffix("_seconds")
        for name in MORE_IS_WEAKER
        if after.whole(name) > before.whole(name)
    }
    if after.fact("runs_degraded", bool) and not before.fact("runs_degraded", bool):
        names.add("runs_degraded")
    if before.whole("capacity") and not 0 < after.whole("capacity") <= before.whole("capacity"):
        names.add("capacity")
    if before.whole("floor") and floor_by(after) != floor_by(before):
        names.add("floor_by")
    if may_be_cut_more(before, after):
        names.add("overflow")
    for name in ("link_only", "hides_answer", "proves_first"):
        if before.fact(name, bool) and not after.fact(name, bool):
            names.add(name)
    if (basis_of(before), basis_of(after)) == ("per_week", "average"):
        names.add("limit_basis")
    names |= {name for name in FEWER_IS_WEAKER if missing_of(before, after, name)}
    names |= {name for name in MORE_NAMED_IS_WEAKER if missing_of(after, before, name)}
    if any(is_looser(limit, after.fact("limits", list)) for limit in before.fact("limits", list)):
        names.add("limits")
    return names


def floor_by(policy: Entry) -> str:
    """Give what a policy has a floor of each of."""
    by = policy.text("floor_by")
    if by not in {"category", "confidence"}:
        raise Flaw(f"has a floor by {by}, which is not known here")
    return by


OVERFLOWS = {"review_all", "random_subset", "risk_first"}


def overflow_of(policy: Entry) -> str:
    """Give what becomes of a draw that takes more time than a policy's reviewers have."""
    overflow = policy.text("overflow")
    if overflow not in OVERFLOWS:
        raise Flaw(f"has the overflow {overflow}, which is not known here")
    return overflow


def aside_of(policy: Entry) -> int:
    """Give how many looks a draw that is cut leaves to what is asked besides."""
    return policy.whole("trigger_most") if overflow_of(policy) == "risk_first" else 0


def may_be_cut_more(before: Entry, after: Entry) -> bool:
    if overflow_of(after) == "review_all":
        return False
    return (
        overflow_of(after) != overflow_of(before)
        or after.whole("capacity") < before.whole("capacity")
        or after.whole("item_seconds") > before.whole("item_seconds")
        or aside_of(after) > aside_of(before)
    )


def basis_of(policy: Entry) -> str:
    """Give what a policy's limit bounds: the rate of each round, or the average over them."""
    basis = policy.text("limit_basis")
    if basis not in {"per_week", "average"}:
        raise Flaw(f"has a limit per {basis}, which is not known here")
    return basis


def missing_of(one: Entry, other: Entry, name: str) -> set[Json]:
    """Give what a list of the one policy names and that of the other does not."""
    return set(one.fact(name, list)) - set(other.fact(name, list))


def is_looser(limit: Json, following: list[Json]) -> bool:
    """Tell whether a limit is gone from those that follow, or allows more there than it did."""
    kept = next((each for each in following if each["name"] == limit["name"]), None)
    if kept is None or kept["direction"] != limit["direction"]:
        return True
    return is_past_limit(kept["bound"], (limit["direction"], limit["bound"]))


class Drills:
    """A drill is started for one that is owed, and measured or ended once, when its time says so.

    Each try has a number of its own; what is owed is an obligation, and one may take many tries.
    """

    def __init__(self) -> None:
        self._owed: set[str] = set()
        self._tries: Counter[str] = Counter()
        self._started: dict[str, Entry] = {}
        self._measured: dict[int, str] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "drill.started":
            yield from self._start(entry, entry.text("workflow"))
        elif entry.kind in {"drill.measured", "drill.ended"}:
            yield from self._end(entry, self._started.pop(entry.text("workflow"), None))
        elif entry.kind.startswith("obligation."):
            yield from self._owe(entry, entry.text("obligation"))

    def _owe(self, entry: Entry, owed: str) -> Found:
        if not owed.startswith("drill/"):
            return
        if entry.kind == "obligation.opened":
            self._owed.add(owed)
        elif entry.kind in ENDINGS:
            self._owed.discard(owed)
        if entry.kind == "obligation.answered":
            measured = self._measured.pop(-1 if entry.prior is None else entry.prior, None)
            if measured != owed:
                yield entry.seq, "answers for a drill that measured nothing"

    def _start(self, entry: Entry, workflow: str) -> Found:
        owed = entry.text("obligation")
        if owed not in self._owed or not owed.startswith(f"drill/{workflow}/"):
            yield entry.seq, f"is a drill for {owed}, which {workflow} does not owe then"
        self._tries[workflow] += 1
        name = f"try/{workflow}/{self._tries[workflow]}"
        if (entry.on, f"try/{workflow}/{entry.whole('drill')}") != (name, name):
            yield entry.seq, f"is try {entry.whole('drill')} on {entry.on}, not {name}"
        if workflow in self._started:
            yield entry.seq, f"starts a drill of {workflow} while one is under way"
        if moment(entry.text("ends_at")) - moment(entry.ts) != LONGEST_DRILL:
            yield entry.seq, "is a drill of another length than every drill"
        self._started[workflow] = entry

    def _end(self, entry: Entry, started: Entry | None) -> Found:
        if started is None or (entry.prior, entry.on) != (started.seq, started.on):
            raise Flaw("ends a drill that is not under way")
        if entry.whole("drill") != started.whole("drill"):
            yield entry.seq, "is of another try than the one under way"
        if entry.text("obligation") != started.text("obligation"):
            yield entry.seq, "is of a drill that was started for something else"
        if entry.kind == "drill.measured":
            yield from self._measure(entry, started)
        elif entry.text("why") not in {"nobody asked", "overtaken"}:
            yield entry.seq, f"ends a drill for no known reason: {entry.text('why')}"
        elif entry.text("why") == "nobody asked" and entry.ts < started.text("ends_at"):
            yield entry.seq, "says that nobody asked before the time for it was over"

    def _measure(self, entry: Entry, started: Entry) -> Found:
        self._measured[entry.seq] = entry.text("obligation")
        heard_at = entry.text("heard_at")
        took = moment(heard_at) - moment(started.ts)
        if entry.whole("milliseconds") != took // MILLISECOND:
            yield entry.seq, "measured something else than its times say"
        if not (started.ts <= heard_at <= entry.ts and took < LONGEST_DRILL):
            yield entry.seq, "was heard at a time outside the drill"


def moment(time: str) -> datetime:
    """Give the time that an entry names."""
    if not TIME.fullmatch(time):
        raise Flaw(f"names the time {time}, which is not spelled as it has to be")
    return datetime.fromisoformat(time)


class Held(NamedTuple):
    """A gate that a drill has paused: by which entry, and where it stood before."""

    started: int
    was: str


class Overtaken(NamedTuple):
    """A drill that ended because the gate was to close in earnest, from where it stood before."""

    ended: int
    ts: str
    was: str

    def is_by(self, ts: str, to: str) -> bool:
        return ts == self.ts and STRICTNESS.index(to) > STRICTNESS.index(self.was)


class Gates:
    """A gate moves from where it stood, and to a looser state only when two people said so.

    A drill alone lets it go back without them: from the pause that it made, to where it stood. It
    holds the gate from its start to its end, or it was none.
    """

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._starting: dict[int, Entry] = {}
        self._over: dict[int, Held] = {}
        self._overtaken: dict[str, Overtaken] = {}
        self._states: dict[str, str] = {}
        self._moved: dict[str, int] = {}
        self._asked: dict[str, Entry] = {}
        self._agreed: set[str] = set()

    def see(self, entry: Entry) -> Found:
        if entry.kind == "resume.requested":
            self._asked[entry.on] = entry
        elif entry.kind == "resume.confirmed":
            self._confirm(entry, entry.text("workflow"), self._asked.pop(entry.on, None))
        elif entry.kind == "resume.declined":
            second_word(entry, self._asked.pop(entry.on, None))
        elif entry.kind == "resume.withdrawn":
            own_word(entry, self._asked.pop(entry.on, None))
        elif entry.kind == "gate.changed":
            yield from self._move(entry, entry.text("workflow"))
        elif entry.kind == "drill.started":
            yield from self._start(entry, entry.text("workflow"))
        elif entry.kind in {"drill.measured", "drill.ended"}:
            yield from self._end(entry, self._held.get(entry.text("workflow")))

    def _start(self, entry: Entry, workflow: str) -> Found:
        if entry.text("gate") != self._states.get(workflow, STRICTNESS[0]):
            yield entry.seq, f"is a drill from {entry.text('gate')}, where the gate did not stand"
        self._starting[entry.seq] = entry

    def _end(self, entry: Entry, held: Held | None) -> Found:
        if held is None or held.started != entry.prior:
            yield entry.seq, "is of a drill that did not hold the gate until then"
            return
        self._over[entry.seq] = held
        if entry.facts.get("why") == "overtaken":
            self._overtaken[entry.text("workflow")] = Overtaken(entry.seq, entry.ts, held.was)

    def _confirm(self, entry: Entry, workflow: str, asked: Entry | None) -> None:
        asked = second_word(entry, asked)
        if asked.seq < self._moved.get(workflow, 0):
            raise Flaw("confirms a request that was made before the gate last moved")
        self._agreed.add(workflow)

    def _move(self, entry: Entry, workflow: str) -> Found:
        before, after = entry.text("from"), entry.text("to")
        if not {before, after} <= set(STRICTNESS):
            raise Flaw(f"moves a gate from {before} to {after}: there is no such state")
        if before != (stood := self._states.get(workflow, STRICTNESS[0])):
            yield entry.seq, f"moves the gate of {workflow} from {before}, but it stood at {stood}"
        looser = STRICTNESS.index(after) < STRICTNESS.index(before)
        is_back = self._is_back(entry, workflow, (before, after))
        if looser and workflow not in self._agreed and not is_back:
            yield entry.seq, f"moves the gate of {workflow} to {after} without two people's word"
        self._agreed.discard(workflow)
        self._states[workflow], self._moved[workflow] = after, entry.seq
        overtaken = self._overtaken.get(workflow)
        if overtaken and overtaken.is_by(entry.ts, after):
            del self._overtaken[workflow]
        yield from self._hold(entry, workflow, (before, after))

    def finish(self) -> Found:
        for drill in self._overtaken.values():
            yield drill.ended, "says that a drill was overtaken, but nothing closed the gate then"
        for started in self._starting:
            yield started, "starts a drill that paused nothing"

    def _is_back(self, entry: Entry, workflow: str, move: tuple[str, str]) -> bool:
        """Tell whether this undoes a drill's own pause, the last thing that moved the gate."""
        over = self._over.pop(-1 if entry.prior is None else entry.prior, None)
        held = self._held.get(workflow)
        return over is not None and over == held and move == ("paused", over.was)

    def _hold(self, entry: Entry, workflow: str, move: tuple[str, str]) -> Found:
        """Note whether a drill holds the gate from here on; whatever else moves it lets go."""
        self._held.pop(workflow, None)
        started = self._starting.get(-1 if entry.prior is None else entry.prior)
        if started is None or started.text("workflow") != workflow:
            return
        del self._starting[started.seq]
        if move[0] not in DRILLED_FROM or move[1] != "paused":
            yield entry.seq, f"is a drill that takes the gate from {move[0]} to {move[1]}"
        elif entry.ts != started.ts:
            yield entry.seq, "pauses for a drill at another time than it was started"
        else:
            self._held[workflow] = Held(started.seq, move[0])


# --- Draws ----------------------------------------------------------------------------------------


class RoundName(NamedTuple):
    workflow: str
    number: int

    def __str__(self) -> str:
        return f"{self.number} of {self.workflow}"


MAX_SAMPLE = 360
TIMED, TIMED_ROUNDS = 20, 4  # answers, before what they took counts, of so many rounds
PAUSE = timedelta(minutes=10)
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)


class Plan(NamedTuple):
    """What a policy says of a draw; under a watch so many times more is drawn.

    With neither a share nor minutes it is `sample` outputs; of a share those are the fewest. Until
    a round has proven the limit it is `to_prove` at least.
    """

    by: str
    sample: int
    floor: int
    tighten: int
    share_bp: int
    most: int
    minutes: int
    item_seconds: int
    to_prove: int = 0

    @property
    def drawn_by(self) -> tuple[int, str]:
        """Give the floor of a draw and of what it is: of categories if there is none."""
        return self.floor, self.by if self.floor else "category"

    def sizes(self, usual: int) -> tuple[int, int]:
        """Give the usual size of a draw and that under a watch; of a share, at most."""
        return usual, max(usual, min(usual * self.tighten, MAX_SAMPLE))

    def fixed(self) -> int:
        """Give the usual size of every round, of a share at most; 0 if it goes by minutes."""
        return 0 if self.minutes else self.most if self.share_bp else self.sample

    def settled(self) -> int:
        """Give the usual size of every round; 0 if it depends on what came before."""
        return 0 if self.to_prove else self.fixed()

    def proving(self) -> "Plan":
        """Give the plan of a round that has to prove the limit."""
        most = max(self.most, self.to_prove) if self.share_bp else self.most
        return self._replace(sample=max(self.sample, self.to_prove), most=most)

    def in_time(self, opened: Entry, seconds: int) -> int:
        """Give how many outputs the minutes of a round allow, if each takes so many seconds."""
        begin, end = map(datetime.fromisoformat, (opened.ts, opened.text("period_end")))
        available = self.minutes * 60 * ((end - begin) // MICROSECOND)
        return max(self.sample, min(available // (seconds * (WEEK // MICROSECOND)), MAX_SAMPLE))

    def may_be_fewer_than(self, old: "Plan") -> bool:
        if self.minutes or old.minutes:
            is_slower = self.item_seconds > old.item_seconds
            return self.minutes < old.minutes or not old.minutes or is_slower
        if self.sample < old.sample or self.fixed() < old.fixed():
            return True
        return self.share_bp < old.share_bp and self.sample < old.fixed()


def plan_of(entry: Entry) -> Plan:
    """Give the plan of a policy on record."""
    figures = map(entry.whole, Plan._fields[1:-1])
    return Plan(floor_by(entry), *figures)._replace(to_prove=outputs_to_prove(entry))


def outputs_to_prove(policy: Entry) -> int:
    """Give how many outputs prove a policy's limit if none is wrong; 0 if it does not ask so."""
    rate = policy.whole("limit_bp") / 10_000
    asks = policy.fact("proves_first", bool) and 0 < rate < 1
    return ceil(log(1 - CONFIDENCE) / log1p(-rate)) if asks else 0


class Loads:
    """A draw that takes more time than reviewers have is a breach, unless one stands already.

    Before that it is cut to their time, if its policy says so, and to no less.

    Held against each other is what was drawn within a week, or the round's period if it is longer,
    second looks included, and the minutes that its policy says there are.
    """

    CAUSE = "more to review than there is time"

    def __init__(self, seconds: Callable[[str, int], tuple[int, int]]) -> None:
        self._seconds = seconds
        self._policies: dict[tuple[str, int | None], Entry] = {}
        self._windows: dict[RoundName, timedelta] = {}
        self._drawn: dict[str, list[tuple[datetime, int]]] = {}
        self._due: dict[str, tuple[int, tuple[int, int, int]]] = {}
        self._standing: dict[str, int] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            self._policies[entry.text("workflow"), entry.whole("number")] = entry
        elif entry.kind == "round.drawn":
            yield from self._draw(entry, entry.text("workflow"))
        elif entry.kind == "round.opened":
            yield from self._open(entry, entry.text("workflow"))
        elif entry.kind == "breach.opened" and entry.text("cause") == self.CAUSE:
            yield from self._breach(entry, entry.text("workflow"))
        elif entry.kind == "breach.closed":
            workflow = entry.text("workflow")
            if self._standing.get(workflow) == entry.whole("breach"):
                del self._standing[workflow]

    def _open(self, entry: Entry, workflow: str) -> Found:
        if workflow in self._due:
            yield self._due.pop(workflow)[0], "takes more time than there is, and is no breach"
        if self._policies[workflow, entry.policy].whole("capacity"):
            length = datetime.fromisoformat(entry.text("period_end")) - at_of(entry)
            self._windows[name_of(entry)] = max(WEEK, length)

    def _draw(self, entry: Entry, workflow: str) -> Found:
        count = len(entry.fact("drawn", list)) - len(copies_of(entry))
        drawn = self._drawn.setdefault(workflow, [])
        policy, before = self._policies[workflow, entry.policy], list(drawn)
        drawn.append((at_of(entry), looks_of(count) + len(triggered_in(entry))))
        if not policy.whole("capacity"):
            yield from cut_to(entry, None)
            return
        window = self._windows[name_of(entry)]
        each, _ = self._seconds(workflow, policy.whole("item_seconds"))
        available = policy.whole("capacity") * 60 * (window // SECOND) // (WEEK // SECOND)
        spent, needed = (
            each * sum(looks for at, looks in some if at_of(entry) - at < window)
            for some in (before, drawn)
        )
        is_cut = overflow_of(policy) != "review_all"
        left = (available - spent) // each - aside_of(policy)
        yield from cut_to(entry, left if is_cut else None)
        if needed > available and workflow not in self._standing:
            self._due[workflow] = entry.seq, (needed, available, each)

    def _breach(self, entry: Entry, workflow: str) -> Found:
        _, figures = self._due.pop(workflow, (0, None))
        names = ("needed_seconds", "available_seconds", "item_seconds")
        if figures != tuple(entry.whole(name) for name in names):
            yield entry.seq, "says that a draw takes more time than there is, which none does"
        self._standing[workflow] = entry.whole("breach")


def looks_of(count: int) -> int:
    """Give how many looks so many outputs take, those at a tenth of them again included."""
    return count + min(count, max(2, -(-count // 10)))


def planned_of(entry: Entry) -> int:
    """Give how many outputs were to be drawn before a draw was cut, if it was."""
    cut_from: int = entry.facts.get("cut_from") or entry.whole("sample")
    return cut_from


def cut_to(entry: Entry, left: int | None) -> Found:
    """Tell whether a draw is not cut to so many looks, or, with None, is cut at all."""
    planned = planned_of(entry)
    wanted = min(planned, entry.whole("population"))
    fits = wanted
    if left is not None:
        fitting = (each for each in range(wanted, 0, -1) if looks_of(each) <= left)
        fits = next(fitting, min(wanted, 1))
    due = fits if fits < wanted else planned
    if (entry.whole("sample"), entry.facts.get("cut_from")) != (
        due,
        planned if due < planned else None,
    ):
        yield entry.seq, "is cut to another size than the time of its reviewers allows"


def at_of(entry: Entry) -> datetime:
    """Give the time of an entry."""
    return datetime.fromisoformat(entry.ts)


class Sizes:
    """What a round says at its opening of how much is drawn follows from its policy's plan.

    By minutes it is as many as fit, by what an answer took: the lower median over the four newest
    closed rounds, from one person's answer to their next if that is no more than ten minutes.
    Where the policy asks for it, it is as many as prove the limit, until a round has proven it
    that was opened since two people last had the workflow run again.
    """

    def __init__(self) -> None:
        self._resumed: dict[str, str] = {}
        self._opened: dict[RoundName, tuple[str, int]] = {}
        self._proven: dict[str, list[tuple[str, int]]] = {}
        self._limits: dict[tuple[str, int | None], int] = {}
        self._plans: dict[tuple[str, int | None], Plan] = {}
        self._answers: dict[RoundName, list[tuple[str, datetime]]] = {}
        self._closed: dict[str, set[int]] = {}
        self._loads = Loads(self._seconds)

    def see(self, entry: Entry) -> Found:
        yield from self._loads.see(entry)
        if entry.kind == "policy.changed":
            version = entry.text("workflow"), entry.whole("number")
            self._plans[version], self._limits[version] = plan_of(entry), entry.whole("limit_bp")
        elif entry.kind == "resume.confirmed":
            self._resumed[entry.text("workflow")] = entry.ts
        elif entry.kind == "draft.saved":
            answer = entry.actor, datetime.fromisoformat(entry.ts)
            self._answers.setdefault(name_of(entry), []).append(answer)
        elif entry.kind == "round.closed":
            self._close(entry, entry.text("workflow"))
        elif entry.kind == "round.opened":
            under = entry.text("workflow"), entry.policy
            self._opened[name_of(entry)] = entry.ts, self._limits[under]
            yield from self._see_plan(entry, self._plans[under])

    def _close(self, entry: Entry, workflow: str) -> None:
        self._closed.setdefault(workflow, set()).add(entry.whole("round"))
        if entry.text("grade") == "within_limit":
            self._proven.setdefault(workflow, []).append(self._opened[name_of(entry)])

    def _is_proven(self, entry: Entry) -> bool:
        """Tell whether a round that is opened here has no need to prove its limit any more."""
        workflow, (_, limit_bp) = entry.text("workflow"), self._opened[name_of(entry)]
        since = self._resumed.get(workflow, "")
        proven = self._proven.get(workflow, ())
        return any(at >= since and under_bp <= limit_bp for at, under_bp in proven)

    def _see_plan(self, entry: Entry, plan: Plan) -> Found:
        to_prove = None if self._is_proven(entry) else plan.to_prove or None
        if entry.facts.get("to_prove") != to_prove:
            yield entry.seq, "says other than the record whether this round has to prove its limit"
        plan = plan.proving() if to_prove else plan
        shared = (plan.share_bp, plan.sample) if plan.share_bp else (None, None)
        if (entry.facts.get("share_bp"), entry.facts.get("least")) != shared:
            yield entry.seq, "opens a round with another share than its policy has"
        said = entry.whole("usual"), entry.facts.get("item_seconds"), entry.facts.get("timed")
        due: tuple[int, int | None, int | None] = plan.fixed(), None, None
        if plan.minutes:
            each, timed = self._seconds(entry.text("workflow"), plan.item_seconds)
            due = (plan.in_time(entry, each), each, timed)
        if said != due or entry.facts.get("minutes") != (plan.minutes or None):
            yield entry.seq, "opens a round of another usual size than its plan gives"

    def _seconds(self, workflow: str, thought: int) -> tuple[int, int]:
        """Give what an output takes, and how many answers say so; 0 if it is what was thought."""
        times = self._times(workflow)
        if len(times) < TIMED:
            return thought, 0
        return max(1, -(-times[(len(times) - 1) // 2] // SECOND)), len(times)

    def _times(self, workflow: str) -> list[timedelta]:
        newest = sorted(self._closed.get(workflow, ()))[-TIMED_ROUNDS:]
        times = []
        for number in newest:
            before: dict[str, datetime] = {}
            for person, at in self._answers.get(RoundName(workflow, number), ()):
                times += [at - before[person]] if person in before else []
                before[person] = at
        return sorted(each for each in times if timedelta(0) < each <= PAUSE)


class Draws:
    """Every draw is what its seed, committed to before, makes of its frozen population."""

    def __init__(self, *, is_whole: bool) -> None:
        self._is_whole = is_whole
        self._committed: dict[RoundName, str] = {}
        self._policies: dict[tuple[str, int], Plan] = {}
        self._sizes: dict[RoundName, int] = {}
        self._usual: dict[RoundName, int] = {}
        self._shares: dict[RoundName, tuple[int, int]] = {}
        self._drawn: dict[RoundName, Entry] = {}
        self._opened: Counter[str] = Counter()
        self._over: set[RoundName] = set()  # drawn, or closed though nobody revealed the seed

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            self._policies[entry.text("workflow"), entry.whole("number")] = plan_of(entry)
        elif entry.kind in {"round.opened", "round.tightened", "round.drawn", "round.closed"}:
            name = RoundName(entry.text("workflow"), entry.whole("round"))
            yield from self._see_round(entry, name)

    def _see_round(self, entry: Entry, name: RoundName) -> Found:
        if entry.kind == "round.opened":
            if name in self._committed:
                yield entry.seq, f"opens round {name} a second time"
            self._note(entry, name)
            if self._is_whole:
                yield from self._see_turn(entry, name)
        elif entry.kind == "round.tightened":
            if name in self._over or entry.whole("sample") <= self._sizes.get(name, 0):
                yield entry.seq, f"draws no more of round {name}, or more of it after its draw"
            self._sizes[name] = entry.whole("sample")
        elif entry.kind == "round.drawn":
            if name in self._drawn:
                yield entry.seq, f"draws round {name} a second time"
            self._drawn[name] = entry
            yield from self._see_seed(entry, name)
        elif self._is_whole and name not in self._drawn:
            yield entry.seq, f"closes round {name}, whose seed was never revealed"
        if entry.kind in {"round.drawn", "round.closed"}:
            self._over.add(name)

    def _note(self, entry: Entry, name: RoundName) -> None:
        """Keep what is said of a draw before it."""
        self._committed[name] = entry.text("commitment")
        self._sizes[name], self._usual[name] = entry.whole("sample"), entry.whole("usual")
        if entry.facts.get("share_bp"):
            self._shares[name] = entry.whole("share_bp"), entry.whole("least")

    def _see_turn(self, entry: Entry, name: RoundName) -> Found:
        """Tell whether a round does not follow the one before, once that has shown its draw."""
        last = RoundName(name.workflow, self._opened[name.workflow])
        if name.number != last.number + 1:
            yield entry.seq, f"opens round {name}, where {last.number + 1} has to be the next"
        if last.number and last not in self._over:
            yield entry.seq, f"opens round {name} before round {last} was drawn"
        self._opened[name.workflow] = max(name.number, last.number)

    def _see_seed(self, entry: Entry, name: RoundName) -> Found:
        seed = bytes.fromhex(entry.text("seed"))
        committed = self._committed.get(name)
        if (self._is_whole or committed) and sha256(seed).hexdigest() != committed:
            yield entry.seq, f"the seed of round {name} is not the one committed to before it"
        plan = self._policies.get((name[0], -1 if entry.policy is None else entry.policy))
        if (self._is_whole or plan) and not self._is_planned(plan, name, entry):
            yield entry.seq, f"round {name} is not drawn as its policy says"
        said = self._drawn_of(name, entry, self._sizes.get(name))
        if (self._is_whole or name in self._sizes) and planned_of(entry) != said:
            yield entry.seq, f"round {name} is not drawn in the size that was said before its draw"

    def _drawn_of(self, name: RoundName, entry: Entry, said: int | None) -> int | None:
        """Give how many are drawn where so many were said before at most: of a share, it."""
        if said is None or name not in self._shares:
            return said
        (share_bp, least), usual = self._shares[name], self._usual[name]
        if usual < 1:
            raise Flaw(f"round {name} was to be of no size")
        share = -(-entry.whole("population") * share_bp // 10_000)
        return said // usual * min(usual, max(least, share))

    def _is_planned(self, plan: Plan | None, name: RoundName, entry: Entry) -> bool:
        if plan is None:
            return False
        usual = self._usual.get(name) or plan.settled()
        if not usual:  # it depends on what came before, and its opening is not in this export
            return drawn_by(entry) == plan.drawn_by
        if plan.share_bp:
            self._shares.setdefault(name, (plan.share_bp, plan.sample))
            self._usual.setdefault(name, usual)
        sizes = {self._drawn_of(name, entry, each) for each in plan.sizes(usual)}
        return drawn_by(entry) == plan.drawn_by and planned_of(entry) in sizes

    def finish(
        self,
        populations: Iterator[Json],
        closings: "Closings",
        others: tuple["Plants", "Copies", "Triggered"],
    ) -> Found:
        for line in populations:
            name = RoundName(line["workflow"], line["round"])
            entry = self._drawn.pop(name, None)
            if entry is not None:
                yield from seen(entry.seq, recompute(entry, line["outputs"]))
                yield from seen(entry.seq, closings.weigh(name, line["outputs"]))
                for each in others:
                    yield from each.see_population(name, line["outputs"])
            elif self._is_whole:
                yield None, f"there is a population of round {name} that no draw is of"
        for name, entry in self._drawn.items():
            yield entry.seq, f"the population of round {name} is missing"


def drawn_by(entry: Entry) -> tuple[int, str]:
    """Give the floor that a draw on record has, and whether of categories or of bands."""
    return entry.whole("floor"), entry.facts.get("by", "category")


def recompute(entry: Entry, outputs: list[list[str]]) -> Found:
    """Tell what differs between a draw on record and the draw that its population gives."""
    is_by_band = drawn_by(entry)[1] == "confidence"
    parts = {type(part) for each in outputs for part in each}
    if parts - {str} or {len(each) for each in outputs} - {3 if is_by_band else 2}:
        raise Flaw("its population is not of outputs and what it is drawn by")
    seed, names = bytes.fromhex(entry.text("seed")), [name for name, *_ in outputs]
    if any(one >= other for one, other in pairwise(names)):
        yield entry.seq, "its population is not sorted by output, each once"
    tree = Tree()
    for each in outputs:
        tree.add(leaf_hash(canonical(each)))
    frozen = entry.whole("population"), entry.text("population_root")
    if (tree.size, tree.root().hex()) != frozen:
        yield entry.seq, "its population is not the one that was frozen"
    sizes = Counter(by for *_, by in outputs)
    ranked = sorted((digest(seed, n.encode(), "sha256"), n, by) for n, *_, by in outputs)
    left = allocation(sizes, [c for _, _, c in ranked], entry.whole("sample"), entry.whole("floor"))
    if entry.fact("allocation", list) != [[name, left[name]] for name in sorted(sizes)]:
        yield entry.seq, "its allocation is not the one that its sample and floor give"
    drawn = []
    for category, _, name in sorted((c, rank, n) for rank, n, c in ranked):
        if left[category]:
            left[category] -= 1
            drawn.append(name)
    if drawn != entry.fact("drawn", list):
        yield entry.seq, "it names other outputs than its seed draws"
    copies = copies_of(entry)
    asked = [name for place, name in enumerate(drawn) if place not in copies]
    if second_look(seed, asked) != entry.fact("second", list):
        yield entry.seq, "it names other outputs for the second look than its seed does"


def second_look(seed: bytes, drawn: Sequence[str]) -> list[str]:
    """Give the tenth of what was drawn, at least two, that ranks first for the second look."""
    ranked = sorted((digest(seed, b"second eyes\0" + n.encode(), "sha256"), n) for n in drawn)
    return [name for _, name in ranked[: max(2, -(-len(drawn) // 10))]]


def allocation(sizes: Counter[str], ranked: list[str], sample: int, floor: int) -> Counter[str]:
    """Give how many of each category are drawn: by rank alone, or where there is a floor, by it."""
    if min(sample, floor) < 0:
        raise Flaw("draws less than nothing")
    return Counter(allocate(sizes, sample, floor) if floor else ranked[:sample])


def allocate(sizes: Counter[str], sample: int, floor: int) -> dict[str, int]:
    """Give each category its floor; then, one by one, to the one furthest behind its share."""
    taken = {category: min(floor, size) for category, size in sizes.items()}
    for _ in range(min(sample, sizes.total()) - sum(taken.values())):
        behind = (
            (Fraction(2 * taken[category] + 1, size), category)
            for category, size in sizes.items()
            if taken[category] < size
        )
        taken[min(behind)[1]] += 1
    return taken


# --- What a round comes to ------------------------------------------------------------------------

ANSWERS = {"correct", "corrected", "wrong"}
NOT_ANSWERED = "round not answered"
REACHED_AT = {"backup": 1, "steward": 2, "admin": 3}  # on which rung, besides the owner
BESIDES_OWNER = {"technical owner", *REACHED_AT, *(f"delegate of {one}" for one in REACHED_AT)}
MAY_JUDGE = {  # whom what is owed may have reached
    **dict.fromkeys(
        ("draft.saved", "verdict.recorded", "triggered.judged"),
        {*BESIDES_OWNER, *OWNERS_SIDE, "reviewer"} - {"technical owner"},
    ),
    **dict.fromkeys(
        ("second_draft.saved", "second_verdict.recorded", "disagreement.settled"), BESIDES_OWNER
    ),
    "output.skipped": {*BESIDES_OWNER, *OWNERS_SIDE, "reviewer"},
    "output.judged": {*BESIDES_OWNER, *OWNERS_SIDE},
}
WHYS = {"error", "unusable", "preference", "policy"}
FIGURES = ("drawn", "judged", "missing", "errors", "overrides", "critical")
CONFIDENCE = 0.95
MOST_MISSING = Fraction(1, 5)
WEEK = timedelta(weeks=1)
MOST_LOG = log(1e100)  # beyond, more evidence says no more
CLOSE_CALL = 1e-9  # a bound nearer to the limit than this falls on either side


Weighed = tuple[int, Fraction]  # how many of one weight


class Said(NamedTuple):
    """One verdict."""

    answer: str
    why: str
    severity: str
    is_late: bool


@dataclass
class Round:
    """A drawn round: its outputs, the verdict on each, and how it was closed.

    `skips` are those who could not judge an output, `since` what was judged of it after that.
    """

    drawn: list[str] = field(default_factory=list)
    verdicts: dict[str, Said] = field(default_factory=dict)
    skips: dict[str, set[str]] = field(default_factory=dict)
    since: set[str] = field(default_factory=set)
    closed: Entry | None = None
    has_floor: bool = False
    is_by_band: bool = False
    alone: set[str] = field(default_factory=lambda: {"not_enough_evidence"})
    errors: list[Weighed] = field(default_factory=list)
    at_worst: list[Weighed] = field(default_factory=list)
    overrides: list[Weighed] = field(default_factory=list)
    categories: dict[str, tuple[int, list[Weighed]]] = field(default_factory=dict)

    def wrong_at_worst(self, whys: set[Json]) -> set[str]:
        """Give the outputs that are errors, or had no verdict when the round closed."""
        fine = {
            output
            for output, said in self.verdicts.items()
            if not said.is_late and said.why not in whys
        }
        return set(self.drawn) - fine

    def left_by(self, person: str) -> set[str]:
        """Give what has no verdict, and of which this person has not said that it has none."""
        without = set(self.drawn) - set(self.verdicts)
        return {each for each in without if person not in self.skips.get(each, ())}

    def waiting(self) -> set[str]:
        """Give what has no verdict, and of which one person alone could not judge it."""
        without = set(self.drawn) - set(self.verdicts) - self.since
        return {each for each in without if len(self.skips.get(each, ())) == 1}


class Closings:
    """A drawn output has one verdict, in time or late, and a round closes with what they say.

    Who owed a look at a round has answered for it once all of that look has its verdict. With the
    first one's answer, or the breach that there is none, or with its workflow, a round is closed.
    What they could not judge has no verdict, and is asked of a second person, who is none of them.
    """

    def __init__(self) -> None:
        self._rules: dict[tuple[str, int | None], tuple[set[Json], int]] = {}
        self._opened: dict[RoundName, int | None] = {}
        self._rounds: dict[RoundName, Round] = {}
        self._second: dict[RoundName, set[Json]] = {}
        self._ending: dict[RoundName, Entry] = {}
        self._unasked: dict[RoundName, Entry] = {}
        self._skipped: dict[RoundName, Entry] = {}
        self._rungs: dict[str, int] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind in MAY_JUDGE:
            yield from self._see_role(entry)
        if entry.kind == "policy.changed":
            rules = set(entry.fact("error_whys", list)), entry.whole("limit_bp")
            self._rules[entry.text("workflow"), entry.whole("number")] = rules
        elif entry.kind in {"verdict.recorded", "second_verdict.recorded"}:
            yield from self._judge(entry, name_of(entry))
        elif entry.kind in {"output.skipped", "output.judged"}:
            yield from self._see_skip(entry, name_of(entry))
        elif entry.kind in {"round.opened", "round.drawn", "round.closed"}:
            yield from self._see_round(entry, name_of(entry))
        elif entry.kind.startswith("obligation."):
            yield from self._see_owed(entry)
        elif entry.kind == "breach.opened" and entry.text("cause") == NOT_ANSWERED:
            self._ending.setdefault(name_of(entry), entry)
        elif entry.kind == "gate.changed" and entry.text("to") == "retired":
            of_it = (name for name in self._opened if name.workflow == entry.text("workflow"))
            self._ending |= {name: self._ending.get(name, entry) for name in of_it}

    def _see_owed(self, entry: Entry) -> Found:
        if entry.kind == "obligation.opened":
            self._ask(entry, entry.text("obligation"))
        elif entry.kind == "obligation.climbed":
            self._rungs[entry.text("obligation")] = entry.whole("rung")
        elif entry.kind == "obligation.answered":
            yield from self._answer(entry, entry.text("obligation"))

    def _see_role(self, entry: Entry) -> Found:
        if entry.role not in MAY_JUDGE[entry.kind]:
            yield entry.seq, f"is said of an output as {entry.role}, which nobody may"
        rung = REACHED_AT.get(entry.role.removeprefix("delegate of "), -1)
        review = f"review/{entry.text('workflow')}/{entry.whole('round')}"
        is_first = entry.kind in {"draft.saved", "verdict.recorded", "triggered.judged"}
        if is_first and self._rungs.get(review, -1) < rung:
            yield entry.seq, f"is said of an output as {entry.role}, whom {review} had not reached"

    def _see_round(self, entry: Entry, name: RoundName) -> Found:
        if entry.kind == "round.opened":
            self._opened[name] = entry.policy
        elif entry.policy != self._opened.get(name):
            yield entry.seq, f"is of round {name} under another policy than it was opened with"
        if entry.kind == "round.drawn":
            self._rounds[name] = Round(entry.fact("drawn", list))
            self._rounds[name].has_floor = entry.whole("floor") > 0
            self._rounds[name].is_by_band = drawn_by(entry)[1] == "confidence"
            self._unasked[name] = entry
            self._second[name] = set(entry.fact("second", list))
        elif entry.kind == "round.closed":
            yield from self._close(entry, self._rounds.setdefault(name, Round()))
            self._see_to(entry, name)

    def _ask(self, entry: Entry, owed: str) -> None:
        kind, _, rest = owed.partition("/")
        workflow, _, number = rest.partition("/")
        if kind == "review":
            self._see_to(entry, RoundName(workflow, int(number)))
        elif kind == "judge":
            self._skipped.pop(RoundName(workflow, int(number)), None)

    def _see_to(self, entry: Entry, name: RoundName) -> None:
        """Note that a drawn round is asked of somebody, or closed, at the time of its draw."""
        if name in self._unasked and self._unasked[name].ts == entry.ts:
            del self._unasked[name]

    def _see_skip(self, entry: Entry, name: RoundName) -> Found:
        round_, output = self._rounds.get(name, Round()), entry.text("output")
        if entry.kind == "output.judged":
            yield from self._check_said(entry)
            if output not in round_.waiting() or name not in self._ending:
                yield entry.seq, f"judges {output}, which is not asked of a second person then"
            round_.since.add(output)
        elif not is_person(entry.actor) or "reason_c" not in entry.facts:
            yield entry.seq, f"says of {output} that it cannot be judged, without who or why"
        elif entry.text("look") == "second":
            if output not in self._second.get(name, ()):
                yield entry.seq, f"skips {output}, which round {name} has no second look at"
            if entry.role == "owner":
                yield entry.seq, "is a second look of the owner's own"
            self._second.get(name, set()).discard(output)
        else:
            yield from self._skip(entry, round_, output)

    def _skip(self, entry: Entry, round_: Round, output: str) -> Found:
        if entry.text("look") != "first":
            yield entry.seq, f"skips {output} in a look that no round has"
        if output not in round_.drawn or output in {*round_.verdicts, *round_.since}:
            yield entry.seq, f"skips {output}, which was not drawn, or has its verdict"
        if entry.actor in round_.skips.setdefault(output, set()):
            yield entry.seq, f"confirms of {output} what {entry.actor} has said themselves"
        round_.skips[output].add(entry.actor)

    def _check_said(self, entry: Entry) -> Found:
        answer = entry.text("answer")
        if answer not in ANSWERS or not is_person(entry.actor):
            yield entry.seq, "is a verdict that no person gives"
        is_whole = entry.facts.get("why") in WHYS, entry.facts.get("severity") in SEVERITIES
        if (answer == "correct") in is_whole:
            yield entry.seq, "is a verdict without its why and severity, or one that has none"

    def _judge(self, entry: Entry, name: RoundName) -> Found:
        yield from self._check_said(entry)
        answer = entry.text("answer")
        said = Said(
            answer,
            entry.facts.get("why", ""),
            entry.facts.get("severity", ""),
            entry.facts.get("late", False),
        )
        if entry.kind == "second_verdict.recorded":
            self._second.get(name, set()).discard(entry.text("output"))
        else:
            yield from self._give(entry, name, said)

    def _give(self, entry: Entry, name: RoundName, said: Said) -> Found:
        round_, output = self._rounds.get(name), entry.text("output")
        if round_ is None or output not in round_.drawn:
            yield entry.seq, f"is a verdict on {output}, which round {name} has not drawn"
            return
        if output in round_.verdicts:
            yield entry.seq, f"gives {output} of round {name} a second verdict"
        if entry.fact("late", bool) != bool(round_.closed):
            yield entry.seq, f"says falsely whether it came before round {name} was closed"
        round_.verdicts[output] = said

    def _answer(self, entry: Entry, owed: str) -> Found:
        kind, _, rest = owed.partition("/")
        if kind not in {"review", "second-review", "judge"}:
            return
        workflow, _, number = rest.partition("/")
        name = RoundName(workflow, int(number))
        round_ = self._rounds.get(name, Round())
        left = {
            "review": round_.left_by(entry.actor),
            "second-review": self._second.get(name),
            "judge": round_.waiting(),
        }
        if left[kind]:
            yield entry.seq, f"answers {owed}, of which outputs have no verdict"
        if kind == "review":
            self._ending.setdefault(name, entry)
            if round_.waiting():
                self._skipped[name] = entry

    def finish(self) -> Found:
        for name, drawn in self._unasked.items():
            yield drawn.seq, f"draws round {name}, and nobody was asked then to review it"
        for name, handed in self._skipped.items():
            yield handed.seq, f"hands round {name} in with what cannot be judged, and asks nobody"
        for name, ending in self._ending.items():
            closed = self._rounds.get(name, Round()).closed
            if closed is None or closed.ts > ending.ts:
                yield ending.seq, f"ends round {name}, and it was not closed then"

    def _close(self, entry: Entry, round_: Round) -> Found:
        if round_.closed:
            yield entry.seq, f"closes round {name_of(entry)} a second time"
        whys, _ = self._rules[entry.text("workflow"), entry.policy]
        given = round_.verdicts.values()
        counted = (
            len(round_.drawn),
            len(given),
            len(round_.drawn) - len(given),
            sum(said.why in whys for said in given),
            sum(said.answer != "correct" for said in given),
            sum(said.severity == "critical" for said in given),
        )
        for name, count in zip(FIGURES, counted, strict=True):
            if entry.whole(name) != count:
                yield entry.seq, f"says {name}: {entry.whole(name)}, but its verdicts say {count}"
        round_.closed = entry

    def weigh(self, name: RoundName, outputs: list[list[str]]) -> Found:
        """Find what the verdicts on a closed round say, now that its population is known."""
        round_ = self._rounds.get(name)
        if round_ is None or round_.closed is None:
            return
        whys, limit_bp = self._rules[name.workflow, round_.closed.policy]
        categories = {name: category for name, category, *_ in outputs}
        strata, wrong = {name: by for name, *_, by in outputs}, round_.wrong_at_worst(whys)
        if not categories.keys() >= set(round_.drawn):
            yield round_.closed.seq, f"closes round {name}, whose draw is not of its population"
            return
        judged = {each for each, said in round_.verdicts.items() if not said.is_late}
        bands = strata if round_.is_by_band else dict.fromkeys(strata, "")
        round_.categories = dict(within(categories, bands, judged, wrong))
        if not round_.has_floor:  # every output had the same chance
            strata = dict.fromkeys(strata, "")
        changed = {each for each in judged if round_.verdicts[each].answer != "correct"}
        round_.errors = weighed(strata, judged, wrong & judged)
        round_.at_worst = weighed(strata, set(round_.drawn), wrong)
        round_.overrides = weighed(strata, judged, changed)
        missing = len(round_.drawn) - len(judged)
        if round_.drawn and missing <= MOST_MISSING * len(round_.drawn):
            gap = worst_share(strata, round_.drawn, wrong) - limit_bp / 10_000
            round_.alone = {"within_limit"} if gap <= CLOSE_CALL else set()
            round_.alone |= {"not_enough_evidence"} if gap > -CLOSE_CALL else set()

    def round(self, name: RoundName) -> Round:
        return self._rounds[name]

    def limit_bp(self, entry: Entry) -> int:
        """Give the limit that an entry of a round is under, in hundredths of a percent."""
        return self._rules[entry.text("workflow"), entry.policy][1]


def name_of(entry: Entry) -> RoundName:
    """Give the round that an entry is about."""
    return RoundName(entry.text("workflow"), entry.whole("round"))


PROVEN = {"within_limit"}
ERRORS, OVERRIDES, CATEGORY = "errors", "overrides", "category "
DRIFTED, UNANSWERED = "drift", "unanswered"
WEIGHTS = {ERRORS: 40, OVERRIDES: 2}  # of 50; each of the places for categories has 1
PLACES, ENOUGH_FOR_PLACE = 8, 5
OVERRIDES_BP = 5_000
WORSE = (1.25, 1.5, 2.0, 3.0, 5.0)
BETS = (0.1, 0.25, 0.5, 0.75, 0.95)  # under a limit of the average, where a round is one figure
START, WATCH, ALARM, DRIFT = 26.0, 156.0, 1560.0, 52.0
MOST_DOUBT = {False: 10 * ALARM, True: ALARM}  # by whether the limit is one of the average
BEGUN, NO_DRIFT = (log(START),) * len(WORSE), (-inf,) * len(WORSE)
OF_FIRST = 4  # rounds that set the baseline


class Limit(NamedTuple):
    """A limit in hundredths of a percent, of the rate of each round or of the average."""

    bp: int
    is_average: bool = False


class Strand(NamedTuple):
    """How far the five alternatives have come of one rate against its limit."""

    about: str
    logs: tuple[float, ...] = BEGUN

    @property
    def weighed(self) -> float:
        return WEIGHTS.get(self.about, 1) * mean_of(self.logs)


class Baseline(NamedTuple):
    """What the first rounds come to: errors in millionths, and the rate once there were enough."""

    rounds: int = 0
    judged: int = 0
    wrong: int = 0
    rate_bp: int = 0


class Gathered(NamedTuple):
    """What rounds opened since `began` come to, up to round `last`.

    `policy` is the newest version that one of these was under, `limit_bp` the highest limit.
    `doubt` is what the errors come to with all that is missing counted as wrong.
    """

    strands: tuple[Strand, ...] = ()
    policy: int = 0
    limit_bp: int = 0
    began: str = ""
    last: int = 0
    drift: tuple[float, ...] = NO_DRIFT
    doubt: tuple[float, ...] = BEGUN
    baseline: Baseline = Baseline()

    @property
    def evidence(self) -> float:
        free = PLACES - (len(self.strands) - len(WEIGHTS))
        whole = sum(WEIGHTS.values()) + PLACES
        weighed = sum(each.weighed for each in self.strands)
        return (weighed + free * START) / whole if self.strands else 0.0

    @property
    def doubted(self) -> float:
        """Give the evidence with all that is missing counted as wrong."""
        at_worst = (Strand(ERRORS, self.doubt), *self.strands[1:]) if self.strands else ()
        return self._replace(strands=at_worst).evidence

    def under(self, entry: Entry, limit_bp: int, opened: str) -> "Gathered":
        """Give it as a round of this limit finds it: anew if that is higher than any was."""
        policy = entry.policy or 0
        begun = tuple(Strand(about) for about in WEIGHTS)
        if not self.strands:
            return Gathered(begun, policy, limit_bp, self.began)
        if policy > self.policy and limit_bp > self.limit_bp:
            return Gathered(begun, policy, limit_bp, opened)
        return self

    def leading(self) -> set[str]:
        """Give what most of the evidence is of; several if they are nearly as much."""
        most = max((each.weighed for each in self.strands), default=0.0)
        near = {each.about for each in self.strands if each.weighed >= most * (1 - CLOSE_CALL)}
        return near or {ERRORS}

    def watches(self) -> set[bool]:
        """Tell whether it gives cause to look closer; both ways if it nearly does."""
        known = self.evidence, mean_of(self.drift)
        around = (1 - CLOSE_CALL, 1 + CLOSE_CALL)
        return {known[0] * near >= WATCH or known[1] * near >= DRIFT for near in around}


@dataclass
class Story:
    """How far a workflow's rounds have been retold.

    `proof` is a close that demands a breach next, `cause` one that demands a larger draw next.
    `open` is what said last how many outputs are drawn of the open round.
    """

    path: Gathered = field(default_factory=Gathered)
    standing: int = 0
    is_retired: bool = False
    open: Entry | None = None
    proof: Entry | None = None
    cause: Entry | None = None


class Alarms:
    """Evidence gathers over a workflow's rounds: what it proves is graded so, and is a breach.

    It is a weighted mean of likelihood ratios after Shiryaev and Roberts: of errors, of overrides
    and of each category that has a place, against their limits. While a breach it has led to
    stands, it stays as it is; it begins anew once that is closed, and while none stands under a
    limit higher than any before, with rounds opened from then. While it, or the drift from the
    first rounds, is to be watched, more is drawn of a round, and that is said before its draw.
    """

    CAUSES = ("error rate above the limit", "answers mostly overridden")

    def __init__(self, closings: Closings) -> None:
        self._closings = closings
        self._periods: dict[RoundName, list[str]] = {}
        self._stories: dict[str, list[Entry]] = {}
        self._averages: set[tuple[str, int | None]] = set()
        self._plans: dict[tuple[str, int | None], Plan] = {}
        self._usual: dict[RoundName, int] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            self._plans[entry.text("workflow"), entry.whole("number")] = plan_of(entry)
            if basis_of(entry) == "average":
                self._averages.add((entry.text("workflow"), entry.whole("number")))
        if entry.kind == "round.opened":
            self._usual[name_of(entry)] = entry.whole("usual")
        if entry.kind in {"round.opened", "round.drawn"}:
            self._periods.setdefault(name_of(entry), []).append(entry.ts)
        is_alarm = entry.kind == "breach.opened" and entry.text("cause") in self.CAUSES
        is_end = entry.kind == "decision.recorded" and entry.text("decision") == "retire"
        if is_alarm or is_end or entry.kind == "breach.closed" or entry.kind.startswith("round."):
            self._stories.setdefault(entry.text("workflow"), []).append(entry)
        yield from ()

    def finish(self) -> Found:
        for entries in self._stories.values():
            story = Story()
            for entry in entries:
                yield from self._demand(story, entry)
                yield from self._retell(story, entry)
            yield from self._demand(story, None)

    def _demand(self, story: Story, entry: Entry | None) -> Found:
        """Tell whether what the close before demanded does not come next, or comes for nothing."""
        proof, cause, story.proof, story.cause = story.proof, story.cause, None, None
        opening = entry if entry is not None and entry.kind == "breach.opened" else None
        if proof is not None and (opening is None or opening.prior != proof.seq):
            yield proof.seq, "proves that the limit is exceeded, and no breach was opened for it"
        if opening is not None and (proof is None or opening.prior != proof.seq):
            yield opening.seq, "is opened for evidence that the rounds do not give"
        elif opening is not None and opening.text("cause") not in self._called(story.path):
            yield opening.seq, "is called after another rate than most of its evidence is of"
        if cause is not None and (entry is None or entry.kind != "round.tightened"):
            yield cause.seq, "gives cause to look closer, and no more is drawn of the open round"

    def _called(self, path: Gathered) -> set[str]:
        rates, overrides = self.CAUSES
        return {overrides if about == OVERRIDES else rates for about in path.leading()}

    def _retell(self, story: Story, entry: Entry) -> Found:
        if entry.kind == "breach.opened":
            story.standing = entry.whole("breach")
        elif entry.kind == "breach.closed" and entry.whole("breach") == story.standing:
            story.path, story.standing = Gathered(began=entry.ts), 0
        elif entry.kind == "decision.recorded":
            story.is_retired = True
        elif entry.kind in {"round.opened", "round.tightened"}:
            yield from self._see_size(story, entry)
        elif entry.kind.startswith("round.") and story.open is not None:
            story.open = None if name_of(story.open) == name_of(entry) else story.open
        if entry.kind == "round.closed":
            yield from self._close(story, entry)

    def _close(self, story: Story, closed: Entry) -> Found:
        if not story.standing:
            story.path = self._go_on(story.path, closed)
        yield from self._grade(closed, story.path)
        if story.standing or story.is_retired:
            return
        if story.path.evidence >= ALARM:
            story.proof = closed
        elif story.open is not None:
            smallest = min(size for size, _ in self._sizes(story, story.open))
            story.cause = closed if smallest > story.open.whole("sample") else None

    def _see_size(self, story: Story, entry: Entry) -> Found:
        said = entry.whole("sample"), entry.facts.get("tightened_by")
        if said not in self._sizes(story, entry):
            yield entry.seq, f"says for round {name_of(entry)} a size that no record gives"
        story.open = entry

    def _sizes(self, story: Story, entry: Entry) -> set[tuple[int, int | None]]:
        """Give how many outputs may be drawn of a round by now, and after which round it is so."""
        path = story.path.under(entry, self._closings.limit_bp(entry), entry.ts)
        plan = self._plans[entry.text("workflow"), entry.policy]
        usual, more = plan.sizes(plan.settled() or self._usual[name_of(entry)])
        watches = {False} if story.standing else path.watches()
        return {(more, path.last) if each and more > usual else (usual, None) for each in watches}

    def _go_on(self, path: Gathered, closed: Entry) -> Gathered:
        opened, *drawn = self._periods[name_of(closed)]
        limit_bp = self._closings.limit_bp(closed)
        path = path.under(closed, limit_bp, opened)
        if opened < path.began:
            return path
        ended = datetime.fromisoformat((drawn or [closed.ts])[0])
        weeks = (ended - datetime.fromisoformat(opened)) / WEEK
        round_ = self._closings.round(name_of(closed))
        under = Limit(limit_bp, (name_of(closed).workflow, closed.policy) in self._averages)
        doubt = moved(path.doubt, len(round_.drawn), round_.at_worst, under, weeks)
        most = log(MOST_DOUBT[under.is_average])
        path = path._replace(doubt=tuple(min(each, most) for each in doubt))
        if not closed.whole("judged"):
            return path
        drift, baseline = since_first(path, closed.whole("judged"), round_.errors, under, weeks)
        return path._replace(
            strands=tuple(all_strands(path.strands, closed, round_, under, weeks)),
            policy=max(closed.policy or 0, path.policy),
            limit_bp=max(limit_bp, path.limit_bp),
            last=max(path.last, closed.whole("round")),
            drift=drift,
            baseline=baseline,
        )

    def _grade(self, closed: Entry, path: Gathered) -> Found:
        known = {
            "evidence": path.evidence,
            "drift": mean_of(path.drift),
            "doubt": path.doubted,
        }
        for name, evidence in known.items():
            recorded = closed.facts.get(name, 0 if name == "drift" else None)
            if recorded is None or abs(recorded - min(evidence, 1e9)) <= 1 + CLOSE_CALL * evidence:
                continue
            yield closed.seq, f"records {name} of {recorded}, but the rounds give {evidence:.0f}"
        rate = closed.facts.get("baseline_bp", path.baseline.rate_bp)
        if rate != path.baseline.rate_bp:
            yield closed.seq, f"records a baseline of {rate}, not {path.baseline.rate_bp}"
        if closed.facts.get("leading", ERRORS) not in path.leading():
            yield closed.seq, "says that most of the evidence is of another rate than it is"
        yield from self._see_grade(closed, path)

    def _see_grade(self, closed: Entry, path: Gathered) -> Found:
        alone = self._closings.round(name_of(closed)).alone
        is_of_it = self._periods[name_of(closed)][0] >= path.began and closed.whole("judged")
        near = (1 - CLOSE_CALL, 1 + CLOSE_CALL) if is_of_it else (0.0,)
        said = closed.text("grade")
        grades = [self._grades(path, factor, alone) for factor in near]
        if said not in {grade for each in grades for grade in each}:
            yield closed.seq, f"grades round {name_of(closed)} {said}, which no verdicts say"
        pointed = {about for factor in near for about in self._pointed(path, factor, alone)}
        if closed.facts.get("points_to") not in {None, *pointed}:
            yield closed.seq, f"points to {closed.facts['points_to']}, which no verdicts say"

    def _grades(self, path: Gathered, factor: float, alone: set[str]) -> set[str]:
        evidence, drift = path.evidence * factor, mean_of(path.drift) * factor
        if evidence >= WATCH:
            return {"breach" if evidence >= ALARM else "watch"}
        kept = {each for each in alone if each not in PROVEN or path.doubted * factor < WATCH}
        unproven = {"not_enough_evidence"} if kept != alone else set()
        watched = {"watch" if each not in PROVEN and drift >= DRIFT else each for each in kept}
        return watched | unproven

    def _pointed(self, path: Gathered, factor: float, alone: set[str]) -> set[str]:
        if path.evidence * factor >= WATCH:
            return path.leading()
        is_doubted = path.doubted * factor >= WATCH
        otherwise = DRIFTED if mean_of(path.drift) * factor >= DRIFT else ""
        return {UNANSWERED if is_doubted and each in PROVEN else otherwise for each in alone}


def all_strands(
    known: tuple[Strand, ...], closed: Entry, round_: Round, limit: Limit, weeks: float
) -> Iterator[Strand]:
    """Give every strand after one more round; a category takes a place once enough was judged."""
    judged, bar = closed.whole("judged"), limit._replace(bp=max(limit.bp, OVERRIDES_BP))
    taken = {each.about for each in known}
    found = (
        Strand(CATEGORY + name)
        for name, (looked, _) in sorted(round_.categories.items())
        if looked >= ENOUGH_FOR_PLACE and CATEGORY + name not in taken
    )
    for strand in (*known, *found)[: len(WEIGHTS) + PLACES]:
        if strand.about == ERRORS:
            logs = moved(strand.logs, judged, round_.errors, limit, weeks)
        elif strand.about == OVERRIDES:
            logs = moved(strand.logs, judged, round_.overrides, bar, weeks)
        else:
            looked, bad = round_.categories.get(strand.about.removeprefix(CATEGORY), (0, []))
            logs = moved(strand.logs, looked, bad, limit, weeks)
        yield Strand(strand.about, logs)


def since_first(
    path: Gathered, judged: int, errors: list[Weighed], limit: Limit, weeks: float
) -> tuple[tuple[float, ...], Baseline]:
    """Give the drift and the baseline after one more round: it sets that, or is held against it."""
    known = path.baseline
    if known.rounds >= OF_FIRST:
        under = limit._replace(bp=min(known.rate_bp, limit.bp))
        return moved(path.drift, judged, errors, under, weeks), known
    wrong = known.wrong + int(sum(count * weight for count, weight in errors) * 10**6)
    more = Baseline(known.rounds + 1, known.judged + judged, wrong)
    if more.rounds < OF_FIRST:
        return path.drift, more
    rate = (Fraction(wrong, 10**6) + Fraction(1, 2)) / (more.judged + 1)
    error_bp = isqrt(int(rate * (1 - rate) / more.judged * 10**8))
    return path.drift, more._replace(rate_bp=min(max(1, int(rate * 10**4) + error_bp), limit.bp))


def moved(
    logs: tuple[float, ...], judged: int, bad: list[Weighed], under: Limit, weeks: float
) -> tuple[float, ...]:
    """Give the alternatives after so many judged outputs, of which these were bad."""
    if not judged:
        return logs
    limit, flawless = under.bp / 10_000, judged - sum(count for count, _ in bad)
    share = float(sum(count * weight for count, weight in bad) / judged)
    after = []
    for old, worse, bet in zip(logs, WORSE, BETS, strict=True):
        slope = (min(worse * limit, (1 + limit) / 2) - limit) / (limit * (1 - limit))
        ratio = flawless * log1p(-slope * limit) + sum(
            count * log1p(slope * (float(weight) - limit)) for count, weight in bad
        )
        ratio = log1p(bet * (share / limit - 1)) if under.is_average else ratio
        after.append(sum_of_logs(log(weeks) if weeks > 0 else -inf, old) + ratio)
    return tuple(after)


def mean_of(logs: tuple[float, ...]) -> float:
    """Give the evidence that these logarithms come to."""
    return sum(exp(min(each, MOST_LOG)) for each in logs) / len(logs) if logs else 0.0


def sum_of_logs(one: float, other: float) -> float:
    """Give the logarithm of the sum of what two logarithms stand for."""
    low, high = sorted((one, other))
    return high if low == -inf else high + log1p(exp(low - high))


def within(
    categories: dict[str, str], bands: dict[str, str], judged: set[str], wrong: set[str]
) -> Iterator[tuple[str, tuple[int, list[Weighed]]]]:
    """Give by category how much was judged, and how much of that is wrong and what it weighs.

    Within one all weigh alike, unless bands of confidence were drawn unevenly.
    """
    cells = {each: (category, bands[each]) for each, category in categories.items()}
    sizes, wholes = Counter(cells.values()), Counter(categories.values())
    seen, bad = (Counter(cells[each] for each in some) for some in (judged, wrong & judged))
    for category, count in sorted(Counter(categories[each] for each in judged).items()):
        yield (
            category,
            (
                count,
                [
                    (bad[cell], Fraction(sizes[cell] * count, wholes[category] * seen[cell]))
                    for cell in sorted(seen)
                    if cell[0] == category
                ],
            ),
        )


def weighed(categories: dict[str, str], judged: set[str], bad: set[str]) -> list[Weighed]:
    """Give how many of what was judged are bad and what each weighs.

    Where there is a floor, one weighs by the share of its category, or band, in the population.
    """
    sizes = Counter(categories.values())
    if len(sizes) <= 1:
        return [(len(bad), Fraction(1))]
    looked, found = (Counter(categories[each] for each in some) for some in (judged, bad))
    return [
        (found[name], Fraction(size * len(judged), sizes.total() * looked[name]))
        for name, size in sizes.items()
        if looked[name]
    ]


def worst_share(categories: dict[str, str], drawn: list[str], wrong: set[str]) -> float:
    """Give the 95 % upper bound on the share of a population that is wrong.

    Where there is a floor, each category has a bound of its own, weighted.
    """
    sizes, taken = Counter(categories.values()), Counter(categories[each] for each in drawn)
    if len(sizes) <= 1:
        return upper_bound(len(wrong), len(drawn), CONFIDENCE)
    bad = Counter(categories[each] for each in wrong)
    confidence = 1 - (1 - CONFIDENCE) / len(sizes)
    bounds = (
        bad[name] / size
        if taken[name] == size  # all of it was looked at
        else upper_bound(bad[name], taken[name], confidence)
        for name, size in sizes.items()
    )
    weighted = zip(sizes.values(), bounds, strict=True)
    return sum(size * bound for size, bound in weighted) / sizes.total()


def upper_bound(wrong: int, drawn: int, confidence: float) -> float:
    """Give the rate at which so few wrong ones are as unlikely as this (Clopper and Pearson)."""
    below, above = 0.0, 1.0
    while wrong < drawn and above - below > CLOSE_CALL / 100:
        rate = (below + above) / 2
        likely = chance_of_at_most(wrong, drawn, rate) > 1 - confidence
        below, above = (rate, above) if likely else (below, rate)
    return above


def chance_of_at_most(wrong: int, drawn: int, rate: float) -> float:
    """Give the chance of so many wrong ones or fewer, term by term in logarithms."""
    term, total = drawn * log1p(-rate), 0.0
    for count in range(wrong + 1):
        total += exp(term)
        term += log((drawn - count) / (count + 1)) + log(rate) - log1p(-rate)
    return total


# --- Measurements ---------------------------------------------------------------------------------


class Value(NamedTuple):
    """A value past its limit, as the entry has it that took it."""

    seq: int
    ts: str
    value: str
    observed_at: str


class Measured:
    """Every value past its limit has its breach, every such breach its value, and so has silence.

    A breach stands until it is closed. While one stands for a name, there is no other.
    """

    def __init__(self) -> None:
        self._limits: dict[tuple[str, int | None], dict[str, tuple[str, str]]] = {}
        self._past: dict[tuple[str, str], list[Value]] = {}
        self._taken: dict[tuple[str, str], Entry] = {}
        self._standing: dict[tuple[str, str, str], int] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            self._limits[entry.text("workflow"), entry.whole("number")] = {
                limit["name"]: (limit["direction"], limit["bound"])
                for limit in entry.facts.get("limits", ())  # records of before have none
            }
        elif entry.kind == "measurements.received":
            self._take(entry, entry.text("workflow"))
        elif entry.kind == "breach.opened" and entry.text("cause") in MEASURED:
            yield from self._open(entry, entry.text("cause"))
        elif entry.kind == "breach.closed":
            closed = entry.text("workflow"), entry.whole("breach")
            standing = self._standing.items()
            self._standing = {key: n for key, n in standing if (key[1], n) != closed}

    def _take(self, entry: Entry, workflow: str) -> None:
        limits = self._limits.get((workflow, entry.policy), {})
        for name, value, observed_at in entry.fact("values", list):
            if name not in limits:
                raise Flaw(f"takes a value of {name}, of which its policy says nothing")
            self._taken[workflow, name] = entry
            is_past = is_past_limit(value, limits[name])
            if is_past and (MEASURED[0], workflow, name) not in self._standing:
                taken = Value(entry.seq, entry.ts, value, observed_at)
                self._past.setdefault((workflow, name), []).append(taken)

    def _open(self, entry: Entry, cause: str) -> Found:
        workflow, name = entry.text("workflow"), entry.text("measurement")
        if (cause, workflow, name) in self._standing:
            yield entry.seq, f"is a second breach “{cause}” of {name} while one stands"
        self._standing[cause, workflow, name] = entry.whole("breach")
        if cause == MEASURED[1]:
            yield from self._open_for_silence(entry, self._taken.get((workflow, name)))
            return
        limit = self._limits.get((workflow, entry.policy), {}).get(name)
        if limit != (entry.text("direction"), entry.text("bound")):
            yield entry.seq, f"names another limit of {name} than its policy"
        past = self._past.pop((workflow, name), [])
        now = [(each.value, each.observed_at) for each in past if each.ts == entry.ts]
        if (entry.text("value"), entry.text("observed_at")) not in now:
            yield entry.seq, f"is no breach: no value of {name} past its limit was taken then"
        yield from self._missed(name, [each for each in past if each.ts != entry.ts])

    def _open_for_silence(self, entry: Entry, last: Entry | None) -> Found:
        if last and last.ts > entry.text("since"):
            yield entry.seq, f"says that nothing was reported, but entry {last.seq} took a value"
        if entry.text("due_at") > entry.ts:
            yield entry.seq, "says that nothing was reported before anything was due"

    def finish(self) -> Found:
        for (_, name), past in self._past.items():
            yield from self._missed(name, past)

    def _missed(self, name: str, past: Sequence[Value]) -> Found:
        for each in past:
            yield each.seq, f"takes {each.value} for {name}, past its limit, and is no breach"


MEASURED = ("limit exceeded", "no measurement reported")
FIGURE = re.compile(r"-?\d{1,60}(\.\d{1,60})?", re.ASCII)


def is_past_limit(value: str, limit: tuple[str, str]) -> bool:
    """Tell whether a value is past a limit, both exactly as they are written."""
    direction, bound = limit
    if direction not in {"at most", "at least"}:
        raise Flaw(f"is under a limit that is {direction}, which is not known here")
    if not (FIGURE.fullmatch(value) and FIGURE.fullmatch(bound)):
        raise Flaw(f"compares {value} with {bound}, which are not both numbers")
    difference = Fraction(value) - Fraction(bound)
    return difference > 0 if direction == "at most" else difference < 0


# --- Second looks ---------------------------------------------------------------------------------


# Whoever was shown this has no look of their own at it any more.
SEEN_BY = {
    **dict.fromkeys(("draft", "verdict"), "second seen"),
    **dict.fromkeys(("second_draft", "second_verdict"), "first seen"),
}


class Looks:
    """The two looks at a round are of different people, and a third settles where they differ.

    Nobody gives one who was shown the other.
    """

    def __init__(self) -> None:
        self._chosen: dict[RoundName, set[Json]] = {}
        self._people: dict[tuple[str, RoundName], set[str]] = {}
        self._given: set[tuple[str, RoundName, str]] = set()

    def see(self, entry: Entry) -> Found:
        noun = entry.kind.partition(".")[0]
        if entry.kind == "round.drawn":
            name = RoundName(entry.text("workflow"), entry.whole("round"))
            self._chosen[name] = set(entry.fact("second", list))
        elif noun in {"draft", "verdict", "second_draft", "second_verdict", "disagreement"}:
            name = RoundName(entry.text("workflow"), entry.whole("round"))
            yield from self._see_answer(entry, noun, name)
            self._people.setdefault((noun, name), set()).add(entry.actor)
        elif entry.kind == "outputs.seen":
            name = RoundName(entry.text("workflow"), entry.whole("round"))
            yield from self._see_seen(entry, name)

    def _see_answer(self, entry: Entry, noun: str, name: RoundName) -> Found:
        output = entry.text("output")
        if noun not in {"draft", "verdict"} and output not in self._chosen.get(name, ()):
            yield entry.seq, f"is about {output}, which round {name} has no second look at"
        if entry.actor in self._others(noun, name):
            yield entry.seq, f"is by {entry.actor}, who answered another look at round {name}"
        if noun == "second_verdict" and entry.role == "owner":
            yield entry.seq, "is a second look of the owner's own"
        if entry.actor in self._people.get((SEEN_BY.get(noun, ""), name), ()):
            yield entry.seq, f"is by {entry.actor}, who had seen another look at round {name}"
        if noun in {"verdict", "second_verdict"}:
            self._given.add((noun, name, output))
        elif noun == "disagreement":
            yield from self._see_settled(entry, name, output)

    def _see_seen(self, entry: Entry, name: RoundName) -> Found:
        look = entry.text("look")
        if look not in {"first", "second"}:
            yield entry.seq, f"shows a look that no round has: {look}"
        if not is_person(entry.actor):
            yield entry.seq, "shows outputs to nobody"
        self._people.setdefault((f"{look} seen", name), set()).add(entry.actor)

    def _others(self, noun: str, name: RoundName) -> set[str]:
        """Give those who may not do this: a second look's drafts count once they are given."""
        barring = {
            "draft": ("second_verdict",),
            "verdict": ("second_verdict",),
            "second_draft": ("draft", "verdict"),
            "second_verdict": ("draft", "verdict"),
            "disagreement": ("verdict", "second_verdict"),
        }
        return set().union(*(self._people.get((each, name), set()) for each in barring[noun]))

    def _see_settled(self, entry: Entry, name: RoundName, output: str) -> Found:
        both = {("verdict", name, output), ("second_verdict", name, output)}
        if not both <= self._given:
            yield entry.seq, f"settles {output}, which has not both verdicts"
        if ("disagreement", name, output) in self._given:
            yield entry.seq, f"settles {output} a second time"
        if entry.text("stands") not in {"first", "second"}:
            yield entry.seq, "says of neither look that it stands"
        self._given.add(("disagreement", name, output))


@dataclass
class Share:
    """What a reviewer has of a round: the ids of outputs, empty once it is handed in or taken."""

    round: RoundName
    reviewer: str
    outputs: set[Json]
    is_open: bool = True


class Shares:
    """A reviewer answers what the owner handed to them, while it is theirs, and no other does."""

    def __init__(self) -> None:
        self._drawn: dict[RoundName, list[Json]] = {}
        self._shares: dict[tuple[str, int], Share] = {}
        self._judged: set[tuple[RoundName, Json]] = set()
        self._planted: dict[RoundName, int] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "round.drawn":
            name = RoundName(entry.text("workflow"), entry.whole("round"))
            self._drawn[name] = [*entry.fact("drawn", list), *triggered_in(entry)]
        elif entry.kind in {"plants.mixed_in", "plants.revealed"}:
            self._see_plants(entry, name_of(entry))
        elif entry.kind == "items.handed":
            yield from self._see_handed(entry)
        elif entry.kind in {"items.answered", "items.taken_back"}:
            yield from self._see_ended(entry)
        elif entry.kind in {"draft.saved", "verdict.recorded", "triggered.judged"}:
            yield from self._see_answer(entry)
        elif entry.kind == "output.skipped" and entry.text("look") == "first":
            yield from self._see_answer(entry)
            self._give_back(name_of(entry), entry.text("output"))
        elif entry.kind in ENDINGS and entry.text("obligation").startswith("review/"):
            yield from self._see_review_ended(entry)

    def _see_handed(self, entry: Entry) -> Found:
        name = RoundName(entry.text("workflow"), entry.whole("round"))
        key = name.workflow, entry.whole("share")
        if key in self._shares:
            yield entry.seq, f"hands out share {key[1]} of {key[0]} a second time"
        if entry.role not in OWNERS_SIDE or entry.text("reviewer") == entry.actor:
            yield entry.seq, "is not handed out by the owner to somebody else"
        outputs = self._at(name, entry.fact("positions", list))
        if len(outputs) != len(entry.fact("positions", list)) or not outputs:
            yield entry.seq, f"hands out what round {name} has not drawn, or nothing"
        if any(self._holder(name, each) or (name, each) in self._judged for each in outputs):
            yield entry.seq, "hands out what has its verdict, or is with a reviewer already"
        self._shares[key] = Share(name, entry.text("reviewer"), outputs)

    def _see_plants(self, entry: Entry, name: RoundName) -> None:
        """Note what is planted in a round, and that nobody has any of it once it is revealed."""
        self._planted[name] = len(entry.fact("plants", list))
        of_it = (share for share in self._shares.values() if share.round == name and share.is_open)
        for share in of_it if entry.kind == "plants.revealed" else ():
            share.outputs = {each for each in share.outputs if not isinstance(each, int)}

    def _at(self, name: RoundName, positions: list[int]) -> set[Json]:
        """Give what is at these places: the outputs drawn, and after them the planted ones.

        Which these are nobody knows yet: their places stand for them.
        """
        drawn = self._drawn.get(name, [])
        last = len(drawn) + self._planted.get(name, 0)
        return {drawn[at] if at < len(drawn) else at for at in positions if 0 <= at < last}

    def _see_ended(self, entry: Entry) -> Found:
        share = self._shares.get((entry.text("workflow"), entry.whole("share")))
        if share is None or not share.is_open:
            yield entry.seq, f"is about share {entry.whole('share')}, which nobody has"
        elif entry.kind == "items.answered":
            share.is_open = False
            if entry.actor != share.reviewer:
                yield entry.seq, "hands in what is another's"
            drawn = (each for each in share.outputs if not isinstance(each, int))
            if any((share.round, each) not in self._judged for each in drawn):
                yield entry.seq, "hands in outputs without a verdict"
        else:
            taken = self._at(share.round, entry.fact("positions", list))
            if not taken <= share.outputs or any((share.round, e) in self._judged for e in taken):
                yield entry.seq, "takes back what is not in this share, or has its verdict"
            share.outputs -= taken
            share.is_open = bool(share.outputs)

    def _see_answer(self, entry: Entry) -> Found:
        name = RoundName(entry.text("workflow"), entry.whole("round"))
        output, holder = entry.text("output"), self._holder(name, entry.text("output"))
        if "copy_of" in entry.facts:
            return  # nobody has it: it follows the answer to another
        if entry.kind == "draft.saved" and output not in self._drawn.get(name, (output,)):
            return  # planted, or a finding of those who look at plants
        if (entry.role == "reviewer" or holder) and holder != entry.actor:
            yield entry.seq, f"answers {output}, which is not with {entry.actor}"
        elif holder and entry.role != "reviewer":
            yield entry.seq, f"answers {output} in another role than that of its reviewer"
        if entry.kind in {"verdict.recorded", "triggered.judged"}:
            self._judged.add((name, output))

    def _give_back(self, name: RoundName, output: Json) -> None:
        """Have what a reviewer cannot judge be with whoever owes the round again."""
        for share in self._shares.values():
            if share.is_open and share.round == name:
                share.outputs.discard(output)

    def _see_review_ended(self, entry: Entry) -> Found:
        _, workflow, number = entry.text("obligation").split("/")
        name = RoundName(workflow, int(number))
        if any(each.is_open and each.round == name for each in self._shares.values()):
            yield entry.seq, f"ends the review of round {name}, of which reviewers have outputs"
        if entry.kind == "obligation.answered" and entry.role == "reviewer":
            yield entry.seq, f"is a reviewer's handing in of all of round {name}"

    def _holder(self, name: RoundName, output: Json) -> str:
        """Give the reviewer who has an output now, or an empty string."""
        for share in self._shares.values():
            if share.is_open and share.round == name and output in share.outputs:
                return share.reviewer
        return ""


class Copies:
    """What is the same is asked once: a copy gets the very answer to its original, right after it.

    That they are the same is the bot's word: the record does not hold what outputs say.
    """

    FINAL = ("verdict.recorded", "output.skipped", "output.judged")
    SAME = ("answer", "why", "severity", "late", "look")

    def __init__(self) -> None:
        self._drawn: dict[RoundName, list[Json]] = {}
        self._originals: dict[RoundName, dict[int, int]] = {}
        self._said: Entry | None = None
        self._left: list[int] = []

    def see(self, entry: Entry) -> Found:
        if self._left and entry.kind != (self._said.kind if self._said else ""):
            yield from self._unsaid()
        if entry.kind == "round.drawn":
            yield from self._see_drawn(entry, name_of(entry))
        elif entry.kind == "draft.saved":
            place = self._place(entry, name_of(entry))
            if place in self._originals.get(name_of(entry), ()):
                yield entry.seq, f"drafts an answer to {entry.text('output')}, which is a copy"
        elif entry.kind in self.FINAL and entry.facts.get("look") != "second":
            yield from self._see_said(entry, name_of(entry))

    def _see_drawn(self, entry: Entry, name: RoundName) -> Found:
        self._drawn[name] = entry.fact("drawn", list)
        groups = entry.fact("copies", list)
        places = [place for group in groups for place in group]
        is_sound = all(len(group) > 1 and group == sorted(group) for group in groups)
        if not is_sound or len(set(places)) < len(places):
            yield entry.seq, f"groups copies of round {name} of which some are none, or twice"
        if not set(places) <= set(range(len(self._drawn[name]))):
            yield entry.seq, f"calls copies what round {name} has not drawn"
        self._originals[name] = copies_of(entry)

    def _see_said(self, entry: Entry, name: RoundName) -> Found:
        original = self._originals.get(name, {}).get(self._place(entry, name))
        if entry.facts.get("copy_of") != original:
            yield entry.seq, f"says wrongly of {entry.text('output')} what it is a copy of"
        elif original is not None:
            yield from self._see_copy(entry, name)
        else:
            yield from self._unsaid()
            mine = self._place(entry, name)
            of_it = self._originals.get(name, {}).items()
            self._said, self._left = entry, [copy for copy, first in of_it if first == mine]

    def _see_copy(self, entry: Entry, name: RoundName) -> Found:
        said, place = self._said, self._place(entry, name)
        if said is None or place not in self._left or said.kind != entry.kind:
            yield entry.seq, f"answers {entry.text('output')} without what it is a copy of"
            return
        self._left.remove(place)
        who = [(each.actor, each.role, each.ts) for each in (said, entry)]
        what = [[each.facts.get(fact) for fact in self.SAME] for each in (said, entry)]
        if who[0] != who[1] or what[0] != what[1] or name_of(said) != name:
            yield entry.seq, f"answers {entry.text('output')} otherwise than what it is a copy of"

    def _place(self, entry: Entry, name: RoundName) -> int:
        drawn = self._drawn.get(name, [])
        return drawn.index(entry.text("output")) if entry.text("output") in drawn else -1

    def _unsaid(self) -> Found:
        if self._said and self._left:
            yield self._said.seq, f"answers {self._said.text('output')}, and not its copies"
        self._said, self._left = None, []

    def see_population(self, name: RoundName, outputs: list[list[str]]) -> Found:
        """Tell which copies are of another category than what they are to be copies of."""
        of = {output: category for output, category, *_ in outputs}
        drawn = dict(enumerate(self._drawn.get(name, ())))
        for copy, first in self._originals.get(name, {}).items():
            one, other = drawn.get(copy, ""), drawn.get(first, "")
            if of.get(one) != of.get(other):
                yield None, f"{one} of round {name} is a copy in another category"

    def finish(self) -> Found:
        yield from self._unsaid()


def copies_of(entry: Entry) -> dict[int, int]:
    """Give by its place in a draw on record each copy, and the place of what is asked for it."""
    return {copy: first for first, *copies in entry.fact("copies", list) for copy in copies}


class Triggered:
    """What is asked besides a draw is so by its policy, has its answer, and is drawn nowhere.

    Which outputs a pipeline was less sure of is its own word, and so is a model version.
    """

    def __init__(self) -> None:
        self._policies: dict[tuple[str, int | None], tuple[int, int, int]] = {}
        self._left: dict[RoundName, set[Json]] = {}
        self._all: dict[RoundName, set[Json]] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            names = ("trigger_below_bp", "trigger_first", "trigger_most")
            below, first, most = map(entry.whole, names)
            self._policies[entry.text("workflow"), entry.whole("number")] = below, first, most
        elif entry.kind == "round.drawn":
            yield from self._see_drawn(entry, name_of(entry))
        elif entry.kind == "triggered.judged":
            yield from self._see_judged(entry, name_of(entry))
        elif entry.kind == "obligation.answered" and entry.text("obligation").startswith("review/"):
            _, workflow, number = entry.text("obligation").split("/")
            for output in sorted(self._left.get(RoundName(workflow, int(number)), ())):
                yield entry.seq, f"answers its review without {output}, asked besides the draw"

    def _see_drawn(self, entry: Entry, name: RoundName) -> Found:
        below, first, most = self._policies[name.workflow, entry.policy]
        outputs, drawn = triggered_in(entry), entry.fact("drawn", list)
        if len(outputs) > most:
            yield entry.seq, f"asks for {len(outputs)} outputs besides the draw, not {most} at most"
        if len({*outputs, *drawn}) < len(outputs) + len(drawn):
            yield entry.seq, "asks besides the draw for what was drawn, or twice for the same"
        for output, because, confidence in entry.fact("triggered", list):
            is_unsure = because == "confidence" and Fraction(confidence) * 10_000 < below
            if not (is_unsure or (because == "model version" and first)):
                yield entry.seq, f"asks besides the draw for {output}, which no trigger names"
        self._left[name], self._all[name] = set(outputs), set(outputs)

    def _see_judged(self, entry: Entry, name: RoundName) -> Found:
        output, answer = entry.text("output"), entry.text("answer")
        if output not in self._left.get(name, ()):
            yield entry.seq, f"judges {output}, which is not asked besides the draw of round {name}"
        self._left.get(name, set()).discard(output)
        if answer not in {*ANSWERS, "skipped"} or not is_person(entry.actor):
            yield entry.seq, "is a verdict that no person gives"
        has_both = entry.facts.get("why") in WHYS and entry.facts.get("severity") in SEVERITIES
        if has_both != (answer in ANSWERS - {"correct"}):
            yield entry.seq, "is a verdict without its why and severity, or one that has none"
        if answer == "skipped" and "reason_c" not in entry.facts:
            yield entry.seq, f"says of {output} that it cannot be judged, without why"

    def see_population(self, name: RoundName, outputs: list[list[str]]) -> Found:
        """Tell what is asked besides a draw that it could not have drawn."""
        for output in sorted(self._all.get(name, set()) - {each for each, *_ in outputs}):
            yield None, f"{output} is asked besides the draw of round {name}, and is not of it"


def triggered_in(entry: Entry) -> list[Json]:
    """Give what is asked besides a draw on record."""
    return [output for output, _, _ in entry.fact("triggered", list)]


class Plants:
    """What is planted is committed to before, revealed when its round closes, counted nowhere."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, int | None], list[Json]] = {}
        self._planted: set[tuple[str, int]] = set()
        self._waiting: dict[tuple[str, int], str] = {}
        self._mixed: dict[RoundName, dict[int, str]] = {}
        self._drawn: dict[RoundName, set[Json]] = {}
        self._drafts: dict[RoundName, dict[str, Entry]] = {}
        self._closed: set[RoundName] = set()
        self._revealed: set[tuple[str, str]] = set()

    def see(self, entry: Entry) -> Found:
        if entry.kind == "policy.changed":
            number = entry.whole("number")
            self._rules[entry.text("workflow"), number] = entry.fact("error_whys", list)
        elif entry.kind == "output.planted":
            yield from self._see_planted(entry)
        elif entry.kind == "plants.mixed_in":
            yield from self._see_mixed(entry, name_of(entry))
        elif entry.kind == "plants.revealed":
            yield from self._see_revealed(entry, name_of(entry))
        elif entry.kind == "round.drawn":
            self._drawn[name_of(entry)] = {*entry.fact("drawn", list), *triggered_in(entry)}
        elif entry.kind == "round.closed":
            self._closed.add(name_of(entry))
        elif entry.kind == "draft.saved":
            self._see_draft(entry, name_of(entry))

    def _see_planted(self, entry: Entry) -> Found:
        plant = entry.text("workflow"), entry.whole("plant")
        if plant in self._planted:
            yield entry.seq, f"plants {plant[1]} of {plant[0]} a second time"
        if is_person(entry.actor):
            yield entry.seq, "is planted by somebody who could be asked about it"
        self._planted.add(plant)
        self._waiting[plant] = entry.text("commitment")

    def _see_mixed(self, entry: Entry, name: RoundName) -> Found:
        if name not in self._drawn or name in self._closed or name in self._mixed:
            yield entry.seq, f"plants in round {name}, which has not just been drawn"
        mixed = self._mixed.setdefault(name, {})
        for number in entry.fact("plants", list):
            committed = self._waiting.pop((name.workflow, number), None)
            if committed is None:
                yield entry.seq, f"plants {number}, which was not committed to, or is elsewhere"
            mixed[number] = committed or ""

    def _see_draft(self, entry: Entry, name: RoundName) -> None:
        if entry.text("output") not in self._drawn.get(name, ()):
            self._drafts.setdefault(name, {})[entry.text("output")] = entry

    def _see_revealed(self, entry: Entry, name: RoundName) -> Found:
        if name not in self._closed:
            yield entry.seq, f"reveals what is planted in round {name} before its close"
        mixed = self._mixed.get(name, {})
        for plant in entry.fact("plants", list):
            number, output = plant["plant"], plant["output"]
            salt = bytes.fromhex(plant["salt"])
            opened = digest(salt, canonical([name.workflow, output]), "sha256")
            if b64encode(opened).decode() != mixed.pop(number, None):
                yield entry.seq, f"reveals {output} as plant {number}, which was not committed to"
            if output in self._drawn.get(name, ()):
                yield entry.seq, f"reveals {output} as planted, which was drawn and counted"
            self._revealed.add((name.workflow, output))
            yield from self._see_found(entry, name, plant)

    def _see_found(self, entry: Entry, name: RoundName, plant: Json) -> Found:
        draft = self._drafts.get(name, {}).pop(plant["output"], None)
        is_given = plant["draft"] is not None
        if is_given and (draft is None or draft.seq != plant["draft"]):
            yield entry.seq, f"says of {plant['output']} what no draft of it says"
        rules = self._rules.get((name.workflow, entry.policy), [])
        found = is_given and draft is not None and draft.facts.get("why") in rules
        if plant["found"] is not found:
            yield entry.seq, f"says of {plant['output']} wrongly whether it was noticed"

    def see_population(self, name: RoundName, outputs: list[list[str]]) -> Found:
        """Tell which of a population were planted: none may be drawn from."""
        for output, *_ in outputs:
            if (name.workflow, output) in self._revealed:
                yield None, f"{output}, which was planted, is in the population of round {name}"

    def finish(self) -> Found:
        for name in sorted(self._closed & self._mixed.keys()):
            if self._mixed[name]:
                yield None, f"round {name} is closed, and what was planted in it is not revealed"
        for name in sorted(self._closed & self._drafts.keys()):
            for output, draft in self._drafts[name].items():
                yield draft.seq, f"answers {output}, which round {name} neither drew nor planted"


class Concerns:
    """What a person raises opens one breach of its workflow, as bad as they said, and no other."""

    def __init__(self) -> None:
        self._raised: dict[int, Entry] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "concern.raised":
            if not is_person(entry.actor) or "words_c" not in entry.facts:
                yield entry.seq, "is a concern that no person raised, or without words"
            if entry.text("severity") not in SEVERITIES:
                yield entry.seq, f"is a concern of no known severity: {entry.text('severity')}"
            self._raised[entry.seq] = entry
        elif entry.kind == "breach.opened":
            raised = self._raised.pop(-1 if entry.prior is None else entry.prior, None)
            is_concern = entry.facts.get("cause") == "concern raised"
            if is_concern or raised:
                yield from self._open(entry, raised if is_concern else None)

    def _open(self, entry: Entry, raised: Entry | None) -> Found:
        if raised is None or breach_of(raised) != breach_of(entry) or raised.actor != entry.actor:
            yield entry.seq, "is opened for a concern that nobody raised, or that opened another"
        elif entry.fact("critical", bool) != (raised.text("severity") == "critical"):
            yield entry.seq, "is not as bad as who raised the concern said"

    def finish(self) -> Found:
        for seq in self._raised:
            yield seq, "is a concern for which no breach was opened"


class Digests:
    """Each digest begins where the last one ended, and comes to what the record says in between."""

    SUMS = ("rounds", "judged", "errors", "overrides", "critical", "breaches", "changes")

    def __init__(self) -> None:
        self._since: int | None = None
        self._open: set[tuple[str, int]] = set()
        self._sums: Counter[str] = Counter()

    def see(self, entry: Entry) -> Found:
        match entry.kind:
            case "digest.placed" if self._since is None:
                self._begin(entry.seq)
            case "digest.stopped":
                self._since = None
            case "digest.written":
                yield from self._written(entry)
                self._begin(entry.seq)
            case "round.closed":
                self._sums["rounds"] += 1
                for name in ("judged", "errors", "overrides", "critical"):
                    self._sums[name] += entry.whole(name)
            case "breach.opened":
                self._sums["breaches"] += 1
                self._open.add(breach_of(entry))
            case "breach.closed":
                self._open.discard(breach_of(entry))
            case "decision.carried_out":
                self._sums["changes"] += 1

    def _begin(self, seq: int) -> None:
        self._since, self._sums = seq, Counter()

    def _written(self, entry: Entry) -> Found:
        if self._since is None or entry.prior != self._since:
            yield entry.seq, "is a digest that does not begin where the last one ended"
            return
        wrong = [name for name in self.SUMS if entry.whole(name) != self._sums[name]]
        wrong += ["open"] if entry.whole("open") != len(self._open) else []
        if wrong:
            yield entry.seq, f"is a digest that the record does not come to: {', '.join(wrong)}"


def breach_of(entry: Entry) -> tuple[str, int]:
    """Give the breach that an entry is about."""
    return entry.text("workflow"), entry.whole("breach")


STEPS = {  # what has to be true of a breach, and what is then
    "breach.acknowledged": ("open", "acknowledged"),
    "decision.recorded": ("acknowledged", "decided"),
    "decision.carried_out": ("decided", "seen to"),
    "breach.closed": ("seen to", "closed"),
}
GATE_OF = {
    "review_all": "review_all",
    "degrade": "degraded",
    "pause": "paused",
    "retire": "retired",
}
WORK = {"tighten", "roll_back", "retrain"}  # which a person has to do
DECISIONS = {"continue", *GATE_OF, *WORK}
MAY_DECIDE = {"owner", "backup", "delegate of owner", "delegate of backup"}
MAY_DECIDE_CRITICAL = {"steward", "delegate of steward"}


@dataclass
class Breach:
    """A breach as it stands."""

    is_critical: bool
    state: str = "open"
    decision: str = ""


class Breaches:
    """A breach is acknowledged, decided with a reason, seen to and closed, in turn and by people.

    Only a decision to retire the workflow closes others with its own.
    """

    def __init__(self) -> None:
        self._breaches: dict[tuple[str, int], Breach] = {}
        self._opened: Counter[str] = Counter()
        self._retiring: dict[int, str] = {}
        self._gates: dict[str, str] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind == "gate.changed":
            self._gates[entry.text("workflow")] = entry.text("to")
        elif entry.kind == "breach.opened":
            yield from self._open(entry, *breach_of(entry))
        elif entry.kind in STEPS:
            breach = self._breaches.get(breach_of(entry))
            if breach is None:
                raise Flaw(f"is about breach {entry.whole('breach')}, which was not opened")
            yield from self._step(entry, breach)

    def _open(self, entry: Entry, workflow: str, number: int) -> Found:
        self._opened[workflow] += 1
        if number != self._opened[workflow]:
            yield entry.seq, f"is breach {number} of {workflow}, not {self._opened[workflow]}"
        is_critical = entry.fact("critical", bool)
        if entry.text("cause") == "critical verdict" and not is_critical:
            yield entry.seq, "is opened for a critical verdict and is not critical"
        self._breaches[workflow, number] = Breach(is_critical)

    def _step(self, entry: Entry, breach: Breach) -> Found:
        before, after = STEPS[entry.kind]
        workflow, number = breach_of(entry)
        is_retired = (
            entry.kind == "breach.closed"
            and breach.state != "closed"
            and self._retiring.get(-1 if entry.prior is None else entry.prior) == workflow
        )
        if breach.state != before and not is_retired:
            yield entry.seq, f"comes when breach {number} of {workflow} is {breach.state}"
        breach.state = after
        if entry.kind == "decision.recorded":
            yield from self._decide(entry, breach)
        elif entry.kind == "decision.carried_out":
            yield from self._see_to(entry, breach)
        elif entry.kind == "breach.acknowledged" and entry.role not in MAY_DECIDE:
            yield entry.seq, f"is acknowledged as {entry.role}, which nobody may"

    def _decide(self, entry: Entry, breach: Breach) -> Found:
        breach.decision = entry.text("decision")
        if breach.decision not in DECISIONS or "reason_c" not in entry.facts:
            yield entry.seq, "decides nothing that is known, or without a reason"
        if entry.role not in (MAY_DECIDE_CRITICAL if breach.is_critical else MAY_DECIDE):
            yield entry.seq, f"is decided as {entry.role}, which nobody may"
        if breach.decision == "retire":
            self._retiring[entry.seq] = entry.text("workflow")

    def _see_to(self, entry: Entry, breach: Breach) -> Found:
        is_work = breach.decision in WORK
        if entry.text("decision") != breach.decision:
            yield entry.seq, f"carries out {entry.text('decision')}, not {breach.decision}"
        if is_work == entry.fact("by_bot", bool) or is_work != ("evidence_c" in entry.facts):
            yield entry.seq, "is done by the bot where a person has to show it, or the other way"
        wanted = GATE_OF.get(breach.decision, STRICTNESS[0])
        stands = self._gates.get(entry.text("workflow"), STRICTNESS[0])
        if STRICTNESS.index(stands) < STRICTNESS.index(wanted):
            yield entry.seq, f"says that {breach.decision} is done, but the gate is at {stands}"


class Criticals:
    """An output that somebody judges critical is in a breach at once, and in no breach without."""

    SAID = ("verdict.recorded", "second_verdict.recorded", "output.judged", "triggered.judged")

    def __init__(self) -> None:
        self._known: set[tuple[RoundName, str]] = set()
        self._waiting: dict[tuple[RoundName, str], Entry] = {}

    def see(self, entry: Entry) -> Found:
        if entry.kind in self.SAID:
            judged = name_of(entry), entry.text("output")
            if entry.facts.get("severity") == "critical" and judged not in self._known:
                self._known.add(judged)
                self._waiting[judged] = entry
        elif entry.kind == "breach.opened" and entry.text("cause") == "critical verdict":
            yield from self._open(entry, name_of(entry))

    def _open(self, entry: Entry, name: RoundName) -> Found:
        of_now = [
            judged
            for judged, said in self._waiting.items()
            if judged[0] == name and said.ts == entry.ts
        ]
        named = {output for _, output in of_now}
        shown = set(entry.fact("outputs", list))
        if entry.whole("count") != len(named) or not shown <= named or not shown:
            yield entry.seq, "names other outputs than were judged critical then"
        for judged in of_now:
            del self._waiting[judged]

    def finish(self) -> Found:
        for (_, output), said in self._waiting.items():
            yield said.seq, f"judges {output} critical, and no breach was opened for it"


# --- The verdict ----------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What came out. `anchors` is what the verdict rests on that is not from the export itself."""

    findings: list[Finding] = field(default_factory=list)
    log: str = ""
    entries: int = 0
    size: int = 0
    root: str = ""
    is_subset: bool = False
    is_demo: bool = False
    recoveries: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.anchors) and not self.findings


def seen(seq: int | None, found: Found) -> list[Finding]:
    """Give what was found; what could not be looked at is found as well."""
    findings: list[Finding] = []
    try:
        findings.extend(found)
    except (ValueError, LookupError, TypeError) as flaw:
        findings.append((seq, f"cannot be checked: {why(flaw)}"))
    return findings


def audit(bundle: Bundle, key: Key | None, saved: Sequence[Checkpoint]) -> Verdict:
    """Give the verdict on an export, from a key and saved checkpoints that are not part of it."""
    verdict = Verdict([(None, flaw) for flaw in bundle.flaws])
    verdict.unchecked = sorted(bundle.names & FOR_READING)
    if bundle.flaws:
        return verdict
    try:
        heads = _read_heads(bundle, verdict, key)
    except (ValueError, KeyError, TypeError, RecursionError) as flaw:
        verdict.findings.append((None, f"the export has no checkpoint of its own: {why(flaw)}"))
        return verdict
    roots = _walk(bundle, verdict, {head.size for head in (*heads, *saved)})
    verdict.findings += seen(None, _compare(verdict, roots, heads, "the"))
    verdict.findings += seen(None, _compare(verdict, roots, saved, "your"))
    verdict.anchors = [f"your checkpoint of its first {head.size} entries" for head in saved]
    if key is not None:
        verdict.anchors.append("the key you gave")
        verdict.findings += seen(None, _unsigned(saved, key, "your"))
    return verdict


def _read_heads(bundle: Bundle, verdict: Verdict, key: Key | None) -> list[Checkpoint]:
    """Give the export's checkpoints, smallest first; the last covers all that it is about."""
    with _named(bundle, "manifest.json"):
        manifest = json.loads(bundle.text("manifest.json"))
        verdict.is_subset, verdict.log = manifest["filtered"] is not False, str(manifest["origin"])
    with _named(bundle, "log.vkey"):
        own = parse_key(bundle.text("log.vkey"))
    if key is not None and own != key:
        verdict.findings.append((None, "the key in the export is not the key you gave"))
    heads = []
    for size in bundle.sizes():
        with _named(bundle, f"checkpoints/{size}.note"):
            heads.append(parse_checkpoint(bundle.text(f"checkpoints/{size}.note")))
    if [head.size for head in heads] != bundle.sizes():
        raise Flaw("a checkpoint is not of the size that it is named by")
    if not heads or heads[-1].size != manifest["size"]:
        raise Flaw(f"there is none of {manifest['size']} entries, as the manifest says")
    verdict.findings += seen(None, _unsigned(heads, key or own, "the"))
    verdict.size, verdict.root = heads[-1].size, heads[-1].root.hex()
    return heads


@contextlib.contextmanager
def _named(bundle: Bundle, name: str) -> Iterator[None]:
    """Have what goes wrong here say of which file of the export it is."""
    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError) as flaw:
        is_there = name in bundle.names
        raise Flaw(f"{name} is {f'broken: {why(flaw)}' if is_there else 'missing'}") from flaw


def _walk(bundle: Bundle, verdict: Verdict, sizes: set[int]) -> dict[int, bytes]:
    """Look at every entry; give the roots that the entries themselves have at these sizes."""
    findings, is_whole = verdict.findings, not verdict.is_subset

    def read(name: str, shape: dict[str, type]) -> Iterator[Json]:
        return objects(bundle.lines(name, MAX_LINE, findings), shape, findings)

    openings = Openings(read("openings.jsonl", OPENING), is_whole=is_whole)
    draws = Draws(is_whole=is_whole)
    checks: list[Check] = [Order(verdict.log, is_whole=is_whole), Names(), openings, draws]
    measured, concerns, gates, closings = Measured(), Concerns(), Gates(), Closings()
    checks += [People(), Ladder(), gates, Looks()] if is_whole else [Proofs(bundle, verdict.size)]
    checks += [Shares(), measured, Away(), Owners(), Policies(), Drills()] if is_whole else []
    checks += [Sizes()] if is_whole else []
    criticals, alarms = Criticals(), Alarms(closings)
    ended, plants, copies, triggered = Ended(), Plants(), Copies(), Triggered()
    several: list[Check] = [
        ended,
        plants,
        copies,
        triggered,
        Settled(),
        Digests(),
        concerns,
        closings,
        Breaches(),
        criticals,
        alarms,
    ]
    checks += several if is_whole else []
    tree, roots = Tree(), {0: Tree().root()}
    for body in bundle.lines("entries.jsonl", MAX_ENTRY + 1, findings):
        if b'"log.recovered"' in body:
            roots[tree.size] = tree.root()
        tree.add(leaf_hash(body))
        if tree.size in sizes:
            roots[tree.size] = tree.root()
        try:
            entry = parse_entry(body)
        except ValueError as error:
            findings.append((None, f"line {tree.size} of entries.jsonl is no entry: {why(error)}"))
            continue
        for check in checks:
            findings += seen(entry.seq, check.see(entry))
        if entry.kind == "log.recovered":
            findings += seen(entry.seq, _recover(entry, verdict, roots))
        verdict.is_demo |= entry.kind == "log.started" and entry.facts.get("clock") == "sandbox"
    verdict.entries = tree.size
    if tree.size > verdict.size:
        findings.append((None, f"entries from {verdict.size} on are under no checkpoint"))
    findings += seen(None, openings.finish())
    findings += seen(None, measured.finish())
    findings += seen(None, concerns.finish())
    findings += seen(None, gates.finish())
    findings += seen(None, ended.finish())
    findings += seen(None, criticals.finish())
    findings += seen(None, closings.finish())
    findings += seen(None, plants.finish())
    findings += seen(None, copies.finish())
    populations = read("populations.jsonl", POPULATION)
    findings += seen(None, draws.finish(populations, closings, (plants, copies, triggered)))
    findings += seen(None, alarms.finish())
    return roots


def _recover(entry: Entry, verdict: Verdict, roots: dict[int, bytes]) -> Found:
    """Note that the log went on from less than was witnessed; it says truly from where."""
    kept, kept_root = entry.whole("kept_size"), entry.text("kept_root")
    lost, lost_root = entry.whole("witnessed_size"), entry.text("witnessed_root")
    verdict.recoveries.append(
        f"recovered: entry {entry.seq} goes on from the first {kept} entries, although {lost} had "
        f"been witnessed with the root {lost_root}"
    )
    if kept != entry.seq:
        yield entry.seq, f"says that {kept} entries were kept, not all that stand before it"
    elif not verdict.is_subset and roots[kept].hex() != kept_root:
        yield entry.seq, f"says that the entries before it have the root {kept_root}"


class Proofs:
    """Each entry of a subset is where it says under the export's final checkpoint."""

    def __init__(self, bundle: Bundle, size: int) -> None:
        self._bundle = bundle
        self._note = bundle.text(f"checkpoints/{size}.note")
        self._head = parse_checkpoint(self._note)

    def see(self, entry: Entry) -> Found:
        proof, _, note = self._bundle.text(f"proofs/{entry.seq}.tlog-proof").partition("\n\n")
        lines = proof.split("\n")
        if lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {entry.seq}"] or note != self._note:
            yield entry.seq, "its proof is not of this entry under the final checkpoint"
        leaf = leaf_hash(canonical({name: getattr(entry, name) for name in TYPES}))
        path = [unbase64(line) for line in lines[2:]]
        if root_from(leaf, entry.seq, self._head.size, path) != self._head.root:
            yield entry.seq, "its proof does not lead to the checkpoint's root"


def _unsigned(heads: Sequence[Checkpoint], key: Key, whose: str) -> Found:
    for head in heads:
        if not is_signed(head, key):
            yield None, f"{whose} checkpoint of {head.size} entries is not signed by the key"


def _compare(
    verdict: Verdict, roots: dict[int, bytes], heads: Sequence[Checkpoint], whose: str
) -> Found:
    """Compare checkpoints with the roots of the entries; a subset has only its final one."""
    for head in heads:
        name = f"{whose} checkpoint of {head.size} entries"
        if head.size == 0:
            yield None, f"{name} covers nothing"
        elif head.origin != verdict.log:
            yield None, f"{name} is of another log: {head.origin}"
        elif verdict.is_subset:
            if (head.size, head.root.hex()) != (verdict.size, verdict.root):
                yield None, f"{name} cannot be compared with a subset: ask for the whole record"
        elif head.size > verdict.entries:
            yield None, f"{name} covers more than the {verdict.entries} that are here"
        elif roots[head.size] != head.root:
            yield None, f"{name} has another root than these entries: they are not what it covered"


# --- The command ----------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None, program: str = "verify.py") -> int:
    """Check what the arguments name, print the verdict and give the exit status."""
    asked = _parser(program).parse_args(arguments)
    try:
        key = _given(asked.key, parse_key, KEY_FILE) if asked.key else None
        saved = [_given(path, parse_checkpoint, CHECKPOINT_FILE) for path in asked.checkpoint]
        verdict = _audited(asked.export, key, saved)
    except Unreadable as error:
        sys.stderr.write(printable(f"{asked.export} cannot be checked: {error}"))
        return 2
    sys.stdout.write(_as_json(verdict) if asked.json else "".join(_as_lines(verdict)))
    return 0 if verdict.is_good else 1


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        program,
        description="Check an export of a record.",
        epilog="Exit status: 0 verified and anchored, 1 findings or unanchored, 2 unreadable.",
        allow_abbrev=False,
    )
    takes = parser.add_argument
    takes("export", type=Path, metavar="EXPORT", help="the zip file, or its folder once unpacked")
    takes("--key", type=Path, metavar="VKEYFILE", help="the log's public key, from elsewhere")
    takes(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a checkpoint saved earlier; may be given more than once",
    )
    takes("--json", action="store_true", help="print one JSON object")
    return parser


KEY_FILE = "--key", "the log's public key: one line name+id+key, as `answerable key` prints it"
CHECKPOINT_FILE = (
    "--checkpoint",
    "a checkpoint with its signature, saved earlier, such as an export has in checkpoints/",
)


def _given(path: Path, parse_one: Callable[[str], Thing], wanted: tuple[str, str]) -> Thing:
    """Give what a file that an option names holds; `wanted` is the option and what to hold."""
    option, content = wanted
    try:
        # Copied out of a message, the end of the last line may be missing or doubled.
        return parse_one(path.read_text("utf-8").strip() + "\n")
    except FileNotFoundError:
        raise Unreadable(
            f"{option} names {path}, which is not there; it has to hold {content}"
        ) from None
    except OSError as error:
        raise Unreadable(f"{option} names {path}, which cannot be read: {error.strerror}") from None
    except ValueError:
        raise Unreadable(f"{option} names {path}, which does not hold {content}") from None


def _audited(path: Path, key: Key | None, saved: Sequence[Checkpoint]) -> Verdict:
    """Give the verdict on what is at this path. Raises Unreadable if that is no export."""
    try:
        bundle = Bundle(path)
        if not bundle.names & {"entries.jsonl", "manifest.json"}:
            raise Unreadable("it is no export of a record: it holds no entries.jsonl")
        return audit(bundle, key, saved)
    except FileNotFoundError:
        raise Unreadable("there is no such file or folder") from None
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise Unreadable(
            "it is no zip file, or not all of one, or damaged: get the export again"
        ) from None


def _as_lines(verdict: Verdict) -> Iterator[str]:
    for seq, sentence in verdict.findings:
        yield printable(sentence if seq is None else f"entry {seq}: {sentence}")
    if verdict.is_demo:
        yield "demo record: its clock was moved by hand\n"
    yield from map(printable, verdict.recoveries)
    if verdict.unchecked:
        names = ", ".join(verdict.unchecked)
        why = "these help to read the record; the evidence is in the others"
        yield f"not checked: {names} ({why})\n"
    if verdict.is_subset:
        yield f"subset of {verdict.entries} of {verdict.size} entries; completeness not shown\n"
    if verdict.root and not verdict.anchors:
        yield "unanchored: an export cannot vouch for itself; give --key or --checkpoint\n"
    count = len(verdict.findings)
    plural = "" if count == 1 else "s"
    outcome = "verified" if verdict.is_good else f"NOT VERIFIED, {count} finding{plural}"
    if not verdict.root:
        yield printable(f"{outcome}: no entry was looked at")
        return
    by = f", by {' and '.join(verdict.anchors)}" if verdict.is_good else ""
    yield printable(
        f"{outcome}: {verdict.entries} entries of {verdict.log}, root {verdict.root}{by}"
    )


def _as_json(verdict: Verdict) -> str:
    shown = {
        "verified": verdict.is_good,
        "findings": [{"entry": seq, "finding": sentence} for seq, sentence in verdict.findings],
        "anchors": verdict.anchors,
        "log": verdict.log,
        "entries": verdict.entries,
        "size": verdict.size,
        "root": verdict.root,
        "subset": verdict.is_subset,
        "demo": verdict.is_demo,
        "recoveries": verdict.recoveries,
        "not_checked": verdict.unchecked,
    }
    return json.dumps(shown) + "\n"


def printable(line: str) -> str:
    """Give a line that no terminal takes for anything but text."""
    shown = (each if " " <= each <= "~" else ascii(each)[1:-1] for each in line)
    return "".join(shown) + "\n"


if __name__ == "__main__":
    sys.exit(main())
