"""Entries of the record: their kinds, their exact bytes, and the commitments in them."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from hmac import digest
from typing import Final

ENTRY_VERSION: Final = 1
MAX_BODY: Final = 65_535  # tlog-tiles stores the length of an entry in two bytes
MAX_DEPTH: Final = 8
_FIRST_INEXACT_INT: Final = 2**53
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


class Kind(StrEnum):
    """Every kind of entry. The documentation's table and the verifier's list are held to it."""

    LOG_STARTED = "log.started"
    LOG_RECOVERED = "log.recovered"
    PERSON_INTRODUCED = "person.introduced"
    PERSON_CHANGED = "person.changed"
    PERSON_FORGOTTEN = "person.forgotten"
    WORKFLOW_REGISTERED = "workflow.registered"
    CHANNEL_CHANGED = "channel.changed"
    DIGEST_PLACED = "digest.placed"
    DIGEST_STOPPED = "digest.stopped"
    DIGEST_WRITTEN = "digest.written"
    REPORT_MADE = "report.made"
    OWNERSHIP_ACCEPTED = "ownership.accepted"
    HANDOVER_PROPOSED = "handover.proposed"
    HANDOVER_ACCEPTED = "handover.accepted"
    HANDOVER_DECLINED = "handover.declined"
    HANDOVER_WITHDRAWN = "handover.withdrawn"
    OWNERSHIP_ATTESTED = "ownership.attested"
    ROLES_CHANGED = "roles.changed"
    ABSENCE_ANNOUNCED = "absence.announced"
    ABSENCE_BEGUN = "absence.begun"
    ABSENCE_ENDED = "absence.ended"
    POLICY_CHANGED = "policy.changed"
    TOKEN_CREATED = "token.created"  # noqa: S105 -- a kind of entry, not a secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 -- as above
    OUTPUTS_RECEIVED = "outputs.received"
    MEASUREMENTS_RECEIVED = "measurements.received"
    ROUND_OPENED = "round.opened"
    ROUND_TIGHTENED = "round.tightened"
    ROUND_DRAWN = "round.drawn"
    ROUND_CLOSED = "round.closed"
    DRAFT_SAVED = "draft.saved"
    VERDICT_RECORDED = "verdict.recorded"
    ITEMS_HANDED = "items.handed"
    ITEMS_ANSWERED = "items.answered"
    ITEMS_TAKEN_BACK = "items.taken_back"
    SECOND_DRAFT_SAVED = "second_draft.saved"
    SECOND_VERDICT_RECORDED = "second_verdict.recorded"
    DISAGREEMENT_SETTLED = "disagreement.settled"
    OUTPUT_SKIPPED = "output.skipped"
    OUTPUT_JUDGED = "output.judged"
    TRIGGERED_JUDGED = "triggered.judged"
    OUTPUT_PLANTED = "output.planted"
    PLANTS_MIXED_IN = "plants.mixed_in"
    PLANTS_REVEALED = "plants.revealed"
    OUTPUTS_SEEN = "outputs.seen"
    CONCERN_RAISED = "concern.raised"
    BREACH_OPENED = "breach.opened"
    BREACH_ACKNOWLEDGED = "breach.acknowledged"
    DECISION_RECORDED = "decision.recorded"
    DECISION_CARRIED_OUT = "decision.carried_out"
    BREACH_CLOSED = "breach.closed"
    OBLIGATION_OPENED = "obligation.opened"
    OBLIGATION_CLIMBED = "obligation.climbed"
    OBLIGATION_DELEGATED = "obligation.delegated"
    OBLIGATION_PASSED_ON = "obligation.passed_on"
    OBLIGATION_ASKED = "obligation.asked"
    OBLIGATION_ANSWERED = "obligation.answered"
    OBLIGATION_SUPERSEDED = "obligation.superseded"
    OBLIGATION_LAPSED = "obligation.lapsed"
    GATE_CHANGED = "gate.changed"
    DRILL_STARTED = "drill.started"
    DRILL_MEASURED = "drill.measured"
    DRILL_ENDED = "drill.ended"
    CHANGE_REQUESTED = "change.requested"
    CHANGE_CONFIRMED = "change.confirmed"
    CHANGE_DECLINED = "change.declined"
    CHANGE_WITHDRAWN = "change.withdrawn"
    RESUME_REQUESTED = "resume.requested"
    RESUME_CONFIRMED = "resume.confirmed"
    RESUME_DECLINED = "resume.declined"
    RESUME_WITHDRAWN = "resume.withdrawn"
    MESSAGE_SHOWN = "message.shown"
    MESSAGE_FAILED = "message.failed"
    REFUSED = "refused"
    OPENING_ERASED = "opening.erased"
    EXPORT_MADE = "export.made"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `log` and `seq` are inside it, so it cannot be replayed elsewhere.

    `facts` holds strings, whole numbers, booleans, null, and lists and objects of these. A fact
    whose name ends in `_c` is a commitment; what it stands for is an opening, outside the entry.
    """

    v: int
    seq: int
    log: str
    id: str
    ts: str
    kind: Kind
    actor: str
    role: str
    on: str
    prior: int | None
    policy: int | None
    app: str
    facts: Mapping[str, object]


_NAMES: Final = tuple(field.name for field in fields(Entry))


def body(entry: Entry) -> bytes:
    """Give the exact bytes of an entry, which are what the tree commits to.

    Raises ValueError for anything that two readers of JSON could read differently.
    """
    encoded = canonical({name: getattr(entry, name) for name in _NAMES})
    _check_shape(entry)
    if len(encoded) > MAX_BODY:
        raise ValueError(f"entry {entry.seq} has {len(encoded)} bytes; at most {MAX_BODY} can be")
    return encoded


def parse(body: bytes) -> Entry:
    """Give the entry that these bytes are; ValueError if `body` would not give the same bytes."""
    if len(body) > MAX_BODY:
        raise ValueError(f"an entry has {len(body)} bytes; at most {MAX_BODY} can be")
    value = parse_canonical(body)
    if not isinstance(value, dict) or set(value) != set(_NAMES):
        raise ValueError("an entry is an object of exactly the fields " + ", ".join(_NAMES))
    entry = Entry(**{**value, "kind": Kind(value["kind"])})
    _check_shape(entry)
    return entry


def entry_of(body: bytes) -> Entry:
    """Give the entry that these bytes are, which `body` made and the tables have kept.

    Whether they are still what it made is not asked here: the tree tells that, for all of them.
    """
    value = json.loads(body)
    return Entry(**{**value, "kind": Kind(value["kind"])})


def commit(salt: bytes, value: str) -> str:
    """Give what stands for a value in an entry: it fixes the value and does not tell it."""
    return b64encode(digest(salt, value.encode(), "sha256")).decode()


def canonical(value: object) -> bytes:
    """Give a value's only spelling as JSON: RFC 8785 without what is doubtful in it.

    Raises ValueError for floats, whole numbers from 2^53 on, keys beyond ASCII, lone surrogates
    and anything nested deeper than eight levels.
    """
    _check_value(value, MAX_DEPTH)
    # UnicodeEncodeError is a ValueError: it is how a lone surrogate is refused.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse_canonical(encoded: bytes) -> object:
    """Give the value that these bytes spell; ValueError if they are not its canonical spelling."""
    try:
        # Of a repeated key only one value is kept, so the comparison below refuses those as well.
        value: object = json.loads(encoded.decode())
    except RecursionError:
        raise ValueError(f"JSON is nested deeper than {MAX_DEPTH} levels") from None
    if canonical(value) != encoded:
        raise ValueError("JSON is not in canonical form, or an object names a key twice")
    return value


def _check_value(value: object, depth: int) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) >= _FIRST_INEXACT_INT:
                raise ValueError(f"{value} is not below 2^53: record it as text")
        case list() | tuple() | dict() if depth == 0:
            raise ValueError(f"a fact is nested deeper than {MAX_DEPTH} levels")
        case list() | tuple():
            for item in value:
                _check_value(item, depth - 1)
        case dict():
            _check_keys(value)
            for item in value.values():
                _check_value(item, depth - 1)
        case _:
            raise ValueError(
                f"a {type(value).__name__} cannot be recorded: facts are text, whole numbers, "
                "booleans, null, and lists and objects of these"
            )


def _check_keys(value: Mapping[object, object]) -> None:
    for key in value:
        if not (isinstance(key, str) and key.isascii()):
            raise ValueError(f"{key!r} cannot be a key: keys are ASCII text")


def _check_shape(entry: Entry) -> None:
    _check_version(entry)
    if not _is_number(entry.seq):
        raise ValueError(f"seq must be a whole number from 0, not {entry.seq!r}")
    if not all(value is None or _is_number(value) for value in (entry.prior, entry.policy)):
        raise ValueError("prior and policy must be whole numbers from 0, or null")
    texts = (entry.log, entry.id, entry.ts, entry.actor, entry.role, entry.on, entry.app)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("log, id, ts, actor, role, on and app must be text")
    if not (entry.log and entry.id and entry.actor):
        raise ValueError("log, id and actor must not be empty")
    if not _TIMESTAMP.fullmatch(entry.ts):
        raise ValueError(f"ts must be UTC with microseconds and Z, not {entry.ts!r}")
    if not isinstance(entry.facts, dict):
        raise ValueError("facts must be an object")  # noqa: TRY004 -- one error for bad entries


def _check_version(entry: Entry) -> None:
    if entry.v != ENTRY_VERSION or isinstance(entry.v, bool):
        raise ValueError(f"entries of version {entry.v!r} are not known here, only {ENTRY_VERSION}")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
