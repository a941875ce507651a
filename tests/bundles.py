"""Builds small records and exports of them, as the product would, for tests to spoil."""

import json
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot import verify
from bot.domain import notes, sampling
from bot.domain.policy import Policy, policy_facts
from bot.domain.record import Entry, Kind, body, canonical, commit
from bot.domain.tree import Tree, leaf_hash, root_of

SCRIPT = Path(__file__).parents[1] / "docs" / "recompute_draw.py"
LOG = "answerable/T1"
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
DRAW_KEY = bytes(32)
OUTPUTS = tuple((f"output-{number:02}", "plain" if number % 4 else "odd") for number in range(20))


class Signer:
    """A signing key that is always the same for the same number."""

    def __init__(self, number: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def note(self, bodies: list[bytes], log: str = LOG) -> str:
        root = root_of([leaf_hash(each) for each in bodies])
        text = notes.checkpoint_text(log, len(bodies), root)
        return notes.sign_note(text, log, self.public, self._key.sign)

    def vkey(self, log: str = LOG) -> str:
        return notes.vkey(log, self.public)


@dataclass
class Record:
    """A record as it grows: entries, and the openings and populations beside them."""

    entries: list[Entry] = field(default_factory=list)
    openings: list[dict[str, object]] = field(default_factory=list)
    populations: list[dict[str, object]] = field(default_factory=list)
    log: str = LOG

    def add(
        self,
        kind: Kind | str,
        on: str,
        facts: dict[str, object] | None = None,
        words: dict[str, str] | None = None,
        **changed: object,
    ) -> int:
        seq = len(self.entries)
        committed: dict[str, object] = {}
        for name, value in sorted((words or {}).items()):
            salt = bytes([seq, len(name)]) * 16
            committed[f"{name}_c"] = commit(salt, value)
            self.openings.append(
                {
                    "seq": seq,
                    "field": f"facts.{name}_c",
                    "salt": b64encode(salt).decode(),
                    "value": value,
                }
            )
        entry = Entry(
            v=1,
            seq=seq,
            log=self.log,
            id=f"id-{seq:04}",
            ts=(START + timedelta(minutes=seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            kind=Kind(kind),
            actor="system",
            role="system",
            on=on,
            prior=None,
            policy=1,
            app="0.1.0",
            facts={**(facts or {}), **committed},
        )
        self.entries.append(replace(entry, **changed))
        return seq

    def bodies(self) -> list[bytes]:
        return [body(entry) for entry in self.entries]


def introduce(record: Record, person: str, user_id: str) -> None:
    record.add(Kind.PERSON_INTRODUCED, f"person/{person}", {"person": person}, {"person": user_id})


def register(record: Record, workflow: str = "triage") -> None:
    on = f"workflow/{workflow}"
    facts: dict[str, object] = {"workflow": workflow}
    record.add(Kind.WORKFLOW_REGISTERED, on, facts, actor="person-a", role="owner")


def accept(record: Record, workflow: str = "triage", owner: str = "person-a") -> None:
    """Have somebody accept to be the owner."""
    on = f"workflow/{workflow}"
    facts: dict[str, object] = {"workflow": workflow}
    record.add(Kind.OWNERSHIP_ACCEPTED, on, facts, actor=owner, role="owner")


def set_gate(
    record: Record, before: str, after: str, workflow: str = "triage", **changed: object
) -> int:
    facts: dict[str, object] = {"workflow": workflow, "from": before, "to": after}
    return record.add(Kind.GATE_CHANGED, f"workflow/{workflow}", facts, **changed)


def owe(record: Record, kind: str, rung: int | None = None, owed: str = "review/triage/1") -> int:
    facts: dict[str, object] = {"obligation": owed}
    facts |= {} if rung is None else {"rung": rung}
    return record.add(f"obligation.{kind}", f"obligation/{owed}", facts)


def open_round(record: Record, number: int = 1, workflow: str = "triage", **changed: object) -> int:
    seed = sampling.seed_for(DRAW_KEY, "T1", workflow, number)
    return record.add(
        Kind.ROUND_OPENED,
        f"round/{workflow}/{number}",
        {"workflow": workflow, "round": number, "commitment": sampling.commitment(seed)}
        | {"sample": 6, "usual": 6, "share_bp": None, "tightened_by": None}
        | changed,
    )


def draw_round(
    record: Record,
    number: int = 1,
    workflow: str = "triage",
    outputs: tuple[tuple[str, str], ...] = OUTPUTS,
    sample: int = 6,
    **wrong: object,
) -> int:
    """Draw a round and ask, right then, for its review."""
    seed = sampling.seed_for(DRAW_KEY, "T1", workflow, number)
    sizes: dict[str, int] = {}
    for _, category in outputs:
        sizes[category] = sizes.get(category, 0) + 1
    facts: dict[str, object] = {
        "workflow": workflow,
        "round": number,
        "seed": seed.hex(),
        "population": len(outputs),
        "population_root": sampling.population_root(outputs).hex(),
        "sample": sample,
        "cut_from": None,
        "floor": 2,
        "allocation": [list(pair) for pair in sampling.allocate(sizes, sample, 2).items()],
        "drawn": (drawn := [each.output_id for each in sampling.draw(seed, outputs, sample, 2)]),
        "copies": [],
        "triggered": [],
        "second": list(sampling.second_look(seed, drawn)),
        "passed": None,
    }
    record.populations.append(
        {"workflow": workflow, "round": number, "outputs": [list(pair) for pair in sorted(outputs)]}
    )
    seq = record.add(Kind.ROUND_DRAWN, f"round/{workflow}/{number}", facts | wrong)
    owe(record, "opened", owed=f"review/{workflow}/{number}")
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[seq].ts)
    return seq


def judge(
    record: Record,
    output: str,
    why: str = "",
    severity: str = "minor",
    number: int = 1,
    **changed: object,
) -> int:
    """Have the owner give a verdict in time: `wrong` if there is a why, else `correct`."""
    facts: dict[str, object] = {"workflow": "triage", "round": number, "output": output}
    facts |= {"answer": "correct", "late": False}
    facts |= {"answer": "wrong", "why": why, "severity": severity} if why else {}
    by: dict[str, object] = {"actor": "person-a", "role": "owner"}
    on = f"round/triage/{number}"
    return record.add(Kind.VERDICT_RECORDED, on, facts, **(by | changed))


def judge_all(record: Record, number: int = 1) -> None:
    for output in drawn_in(record, number):
        judge(record, output, number=number)


def drawn_in(record: Record, number: int = 1) -> list[str]:
    """Give the outputs that a round has drawn."""
    draws = [entry.facts for entry in record.entries if entry.kind == Kind.ROUND_DRAWN]
    (drawn,) = [each["drawn"] for each in draws if each["round"] == number]
    assert isinstance(drawn, list)
    return drawn


def close_round(record: Record, number: int = 1, **figures: object) -> int:
    """Close a round with what it comes to if every verdict is `correct`."""
    drawn = len(drawn_in(record, number))
    facts: dict[str, object] = {"workflow": "triage", "round": number, "drawn": drawn}
    facts |= {"judged": drawn, "missing": 0, "errors": 0, "overrides": 0, "critical": 0}
    facts |= {"grade": "not_enough_evidence"} | figures
    return record.add(Kind.ROUND_CLOSED, f"round/triage/{number}", facts)


def open_breach(record: Record, number: int = 1, **changed: object) -> int:
    facts: dict[str, object] = {"workflow": "triage", "breach": number, "round": None}
    facts |= {"cause": "no outputs reported", "critical": False} | changed
    return record.add(Kind.BREACH_OPENED, f"breach/triage/{number}", facts)


def open_critical(
    record: Record, outputs: list[str], of_round: int, number: int = 1, **changed: object
) -> None:
    """Open a breach, right then, for what was just judged critical in a round."""
    about: dict[str, object] = {"outputs": outputs, "count": len(outputs), "round": of_round}
    about |= {"cause": "critical verdict", "critical": True} | changed
    open_breach(record, number, **about)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)


def step(
    record: Record,
    kind: Kind,
    number: int = 1,
    words: dict[str, str] | None = None,
    role: str = "backup",
    **changed: object,
) -> int:
    """Have person-b take a step with a breach, as its workflow's backup if in no other role."""
    facts: dict[str, object] = {"workflow": "triage", "breach": number, **changed}
    return record.add(kind, f"breach/triage/{number}", facts, words, actor="person-b", role=role)


def decide(record: Record, decision: str, number: int = 1, role: str = "backup") -> int:
    said = {"reason": "It is better so."}
    return step(record, Kind.DECISION_RECORDED, number, said, role, decision=decision)


def see_to(record: Record, decision: str, number: int = 1, evidence: str = "") -> int:
    """Have a decision carried out: by the bot if there is no evidence."""
    words = {"evidence": evidence} if evidence else None
    done = {"decision": decision, "by_bot": not evidence}
    return step(record, Kind.DECISION_CARRIED_OUT, number, words, **done)


def resume(
    record: Record, first: str = "person-a", second: str = "person-b", number: int = 1
) -> int:
    facts: dict[str, object] = {"workflow": "triage", "request": number}
    on = f"resume/triage/{number}"
    asked = record.add(
        Kind.RESUME_REQUESTED, on, facts, {"reason": "mended"}, actor=first, role="owner"
    )
    return record.add(Kind.RESUME_CONFIRMED, on, facts, actor=second, role="steward", prior=asked)


PLAN = Policy(
    number=1,
    cadence="FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    zone="UTC",
    sample=6,
    floor=2,
    limit_bp=500,
    volume_min=1,
    volume_max=1_000,
)


def set_policy(
    record: Record, plan: Policy = PLAN, weakens: tuple[str, ...] = (), **changed: object
) -> int:
    facts = {"workflow": "triage", **policy_facts(plan), "weakens": list(weakens)}
    by: dict[str, object] = {"actor": "person-a", "role": "owner"}
    return record.add(Kind.POLICY_CHANGED, "workflow/triage", facts, **(by | changed))


def agree_on(
    record: Record,
    plan: Policy,
    first: str = "person-a",
    second: str = "person-b",
    version: int = 1,
    role: str = "backup",
) -> int:
    """Have a second person confirm that this becomes the policy; give the entry of that."""
    on = "change/triage/2"
    facts: dict[str, object] = {"workflow": "triage", "request": 2}
    proposed = {"version": version, "proposed": policy_facts(plan), "weakens": []}
    asked = record.add(
        Kind.CHANGE_REQUESTED, on, facts | proposed, {"reason": "busy"}, actor=first, role="owner"
    )
    return record.add(Kind.CHANGE_CONFIRMED, on, facts, actor=second, role=role, prior=asked)


def sound_record(clock: str = "system") -> Record:
    """Give a record in which everything that the verifier looks at happens once, rightly."""
    record = Record()
    record.add(Kind.LOG_STARTED, "workspace/T1", {"clock": clock})
    introduce(record, "person-a", "U0A")
    introduce(record, "person-b", "U0B")
    register(record)
    set_policy(record)
    accept(record)
    set_gate(record, "not_ready", "run")
    open_round(record)
    draw_round(record)
    for rung in (0, 1, 2, 3, 3):
        owe(record, "climbed", rung)
    judge_all(record)
    owe(record, "answered")
    close_round(record)
    record.entries[-1] = replace(record.entries[-1], ts=record.entries[-2].ts)
    set_gate(record, "run", "paused", actor="person-a")
    resume(record)
    set_gate(record, "paused", "run")
    noted = record.add(
        Kind.EXPORT_MADE, "workflow/triage", words={"reason": "wörds"}, actor="person-b"
    )
    record.openings.pop()
    record.add(Kind.OPENING_ERASED, "workflow/triage", {"seq": noted, "field": "facts.reason_c"})
    return record


Files = dict[str, bytes]


def export(record: Record, signer: Signer | None = None, early: tuple[int, ...] = (5,)) -> Files:
    """Give the files of a whole export, with checkpoints at the sizes named and at the end."""
    signer, bodies = signer or Signer(), record.bodies()
    sizes = {*early, len(bodies)}
    return {
        "entries.jsonl": b"".join(each + b"\n" for each in bodies),
        "openings.jsonl": lines(record.openings),
        "populations.jsonl": lines(record.populations),
        "manifest.json": manifest(record.log, len(bodies), is_filtered=False),
        "log.vkey": signer.vkey(record.log).encode() + b"\n",
    } | {
        f"checkpoints/{size}.note": signer.note(bodies[:size], record.log).encode()
        for size in sizes
    }


def subset(record: Record, wanted: Callable[[Entry], bool]) -> Files:
    """Give the files of a filtered export: what is wanted, each entry with its proof."""
    files, bodies = export(record, early=()), record.bodies()
    chosen = [entry.seq for entry in record.entries if wanted(entry)]
    tree = Tree([leaf_hash(each) for each in bodies])
    note = files[f"checkpoints/{len(bodies)}.note"].decode()
    files["entries.jsonl"] = b"".join(bodies[seq] + b"\n" for seq in chosen)
    files["openings.jsonl"] = lines([each for each in record.openings if each["seq"] in chosen])
    files["manifest.json"] = manifest(record.log, len(bodies), is_filtered=True)
    return files | {
        f"proofs/{seq}.tlog-proof": notes.proof_text(seq, tree.inclusion(seq), note).encode()
        for seq in chosen
    }


def manifest(log: str, size: int, *, is_filtered: bool) -> bytes:
    return json.dumps({"filtered": is_filtered, "size": size, "origin": log}).encode()


def lines(values: list[dict[str, object]]) -> bytes:
    return b"".join(canonical(value) + b"\n" for value in values)


def write_zip(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_folder(files: Files, path: Path) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def audit(
    files: Files, folder: Path, key: str | None = None, saved: tuple[str, ...] = ()
) -> verify.Verdict:
    """Give the verdict on these files as a folder, by a key and checkpoints from outside."""
    bundle = verify.Bundle(write_folder(files, folder))
    return verify.audit(
        bundle,
        verify.parse_key(key) if key else None,
        [verify.parse_checkpoint(note) for note in saved],
    )


def findings_in(record: Record, folder: Path) -> str:
    """Give what the verifier finds in an export of this record, one a line; its key is known."""
    verdict = audit(export(record), folder, Signer().vkey())
    return "\n".join(f"{seq}: {sentence}" for seq, sentence in verdict.findings)


def unpacked(bundle: Path, folder: Path) -> Path:
    """Give the folder that an export was unpacked into."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def redrawn(folder: Path, workflow: str, number: int) -> subprocess.CompletedProcess[str]:
    """Draw a round of an unpacked export again, by nothing but the script for that."""
    arguments = [sys.executable, "-I", str(SCRIPT), str(folder), workflow, str(number)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)
