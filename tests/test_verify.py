"""The verifier, held against everything that somebody could do to a record (I5, I6, I7, I12).

Whoever writes to the database can hash anew what he changed, so each attack is made twice where
that matters: plainly, and with every leaf, root and signature made to fit.
"""

import json
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bundles import (
    LOG,
    OUTPUTS,
    PLAN,
    Files,
    Record,
    Signer,
    agree_on,
    audit,
    draw_round,
    export,
    introduce,
    lines,
    manifest,
    open_round,
    owe,
    resume,
    set_gate,
    set_policy,
    sound_record,
    subset,
    write_folder,
    write_zip,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import verify
from bot.domain import notes, tree
from bot.domain.escalation import LAST
from bot.domain.gate import STRICTNESS, GateState
from bot.domain.limits import read_limits
from bot.domain.policy import LimitBasis, Overflow
from bot.domain.record import Entry, Kind, canonical
from bot.domain.strata import FloorBy
from bot.domain.verdicts import Why

KEY = Signer().vkey()
FORGED = Signer(2)
RECORD = sound_record()
SIZE = len(RECORD.entries)
FINAL = f"checkpoints/{SIZE}.note"


def saved(size: int) -> str:
    """Give the checkpoint that an auditor saved when the sound record had this size."""
    return Signer().note(RECORD.bodies()[:size])


def found(verdict: verify.Verdict) -> str:
    return "\n".join(f"{seq}: {sentence}" for seq, sentence in verdict.findings)


def findings_in(record: Record, folder: Path) -> str:
    """Give what is found in a record that was written, hashed and signed like this."""
    return found(audit(export(record), folder, KEY))


def spoil(files: Files, name: str, old: bytes, new: bytes) -> Files:
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


# --- What is in order -----------------------------------------------------------------------------


def test_a_sound_record_is_verified_by_its_key(tmp_path: Path) -> None:
    verdict = audit(export(RECORD), tmp_path, KEY)

    assert found(verdict) == ""
    assert verdict.is_good
    assert (verdict.entries, verdict.size, verdict.log) == (SIZE, SIZE, LOG)
    assert verdict.root == tree.root_of([tree.leaf_hash(each) for each in RECORD.bodies()]).hex()


@pytest.mark.parametrize("size", [1, 5, SIZE])
def test_a_sound_record_is_verified_by_a_checkpoint_saved_earlier(
    tmp_path: Path, size: int
) -> None:
    assert audit(export(RECORD), tmp_path, saved=(saved(size),)).is_good


def test_an_export_cannot_vouch_for_itself(tmp_path: Path) -> None:
    verdict = audit(export(RECORD), tmp_path)

    assert not verdict.findings
    assert not verdict.is_good


def test_a_record_on_a_moved_clock_says_so(tmp_path: Path) -> None:
    assert audit(export(sound_record("sandbox")), tmp_path / "demo", KEY).is_demo
    assert not audit(export(RECORD), tmp_path / "real", KEY).is_demo


def test_the_verifier_knows_every_kind_of_entry() -> None:
    kinds = {str(kind) for kind in Kind}

    assert kinds == verify.KINDS


def test_the_verifier_knows_the_ladder_and_the_gate_of_the_product() -> None:

    states = (GateState.NOT_READY, *STRICTNESS)

    assert (LAST, states) == (verify.LAST_RUNG, verify.STRICTNESS)


# --- Attacks on the order of entries --------------------------------------------------------------


def rebuilt(entries: list[Entry]) -> Record:
    """Give a record of these entries, numbered anew, as somebody would who covers his tracks."""
    numbered = [
        replace(entry, seq=seq, ts=RECORD.entries[seq].ts) for seq, entry in enumerate(entries)
    ]
    return Record(numbered, RECORD.openings, RECORD.populations)


def edited(entries: list[Entry]) -> list[Entry]:
    return [*entries[:3], replace(entries[3], actor="person-b"), *entries[4:]]


def deleted(entries: list[Entry]) -> list[Entry]:
    return entries[:3] + entries[4:]


def inserted(entries: list[Entry]) -> list[Entry]:
    return [*entries[:3], replace(entries[3], id="id-new"), *entries[3:-1]]


def reordered(entries: list[Entry]) -> list[Entry]:
    return [*entries[:3], entries[4], entries[3], *entries[5:]]


def truncated(entries: list[Entry]) -> list[Entry]:
    return entries[:4]


def replaced(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, id=f"other-{entry.seq}") for entry in entries]


ATTACKS = [edited, deleted, inserted, reordered, truncated, replaced]


@pytest.mark.parametrize("attack", ATTACKS)
def test_i6_a_rewritten_record_does_not_fit_the_checkpoint_an_auditor_holds(
    tmp_path: Path, attack: Callable[[list[Entry]], list[Entry]]
) -> None:
    files = export(rebuilt(attack(RECORD.entries)), early=())

    verdict = audit(files, tmp_path, KEY, (saved(8),))

    assert "your checkpoint of 8 entries" in found(verdict)


@pytest.mark.parametrize("attack", ATTACKS)
def test_i6_a_rewritten_record_needs_the_key_that_the_auditor_knows(
    tmp_path: Path, attack: Callable[[list[Entry]], list[Entry]]
) -> None:
    files = export(rebuilt(attack(RECORD.entries)), FORGED, early=())

    assert "is not signed by the key" in found(audit(files, tmp_path / "with", KEY))
    own = files | {"log.vkey": KEY.encode()}
    assert "is not signed by the key" in found(audit(own, tmp_path / "hidden", KEY))


@pytest.mark.parametrize("attack", ATTACKS)
def test_i6_an_edited_file_does_not_fit_its_own_checkpoints(
    tmp_path: Path, attack: Callable[[list[Entry]], list[Entry]]
) -> None:
    entries = rebuilt(attack(RECORD.entries)).bodies()
    files = export(RECORD) | {"entries.jsonl": b"".join(each + b"\n" for each in entries)}

    assert "the checkpoint of" in found(audit(files, tmp_path, KEY))


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"seq": 2}, "stands where entry 3 has to"),
        ({"seq": 4}, "stands where entry 3 has to"),
        ({"log": "answerable/T2"}, "belongs to the log answerable/T2"),
        ({"id": "id-0001"}, "repeats the id id-0001"),
        ({"ts": "2026-11-02T08:01:59.999999Z"}, "before the entry above it"),
        ({"prior": 3}, "refers to entry 3"),
        ({"actor": "person-c"}, "who was not introduced"),
    ],
)
def test_i5_entries_stand_in_one_order(
    tmp_path: Path, changed: dict[str, object], finding: str
) -> None:
    record = sound_record()
    record.entries[3] = replace(record.entries[3], **changed)

    assert finding in findings_in(record, tmp_path)


def test_entries_of_one_transaction_share_their_time(tmp_path: Path) -> None:
    record = sound_record()
    record.entries[3] = replace(record.entries[3], ts=record.entries[2].ts)

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize("name", ["entries.jsonl", "openings.jsonl", "populations.jsonl"])
def test_a_line_that_is_no_object_is_found(tmp_path: Path, name: str) -> None:
    files = export(RECORD)
    files[name] += b"[]\n"

    assert "not exactly the fields" in found(audit(files, tmp_path, KEY))


def test_an_entry_of_an_unknown_kind_is_found(tmp_path: Path) -> None:
    files = export(RECORD)
    body = RECORD.bodies()[4].replace(b"policy.changed", b"policy.improved")

    assert "unknown kind: policy.improved" in found(audit(resigned(files, 4, body), tmp_path, KEY))


def resigned(files: Files, seq: int, body: bytes) -> Files:
    """Give the files with another body in one place and every checkpoint made to fit."""
    bodies = RECORD.bodies()
    bodies[seq] = body
    return files | {
        "entries.jsonl": b"".join(each + b"\n" for each in bodies),
        "checkpoints/5.note": Signer().note(bodies[:5]).encode(),
        FINAL: Signer().note(bodies).encode(),
    }


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (b'"seq":4', b'"seq":4,"seq":4', "names a key twice"),
        (b'"seq":4', b'"seq": 4', "not in canonical form"),
        (b'"seq":4', b'"seq":4.0', "4.0 is not a whole number"),
        (b'"floor":2', b'"floor":9007199254740992', "not below 2^53"),
        (b'"floor":2', b'"floor":NaN', "NaN is not a whole number"),
        (b'"floor":2', b'"fl\xc3\xbcr":2', "a key in it is not ASCII"),
        (b'"floor":2', b'"floor":' + b"[" * 50_000, "no entry"),
        (b'"floor":2', b'"floor":"\\ud800"', "no entry"),
        (b'"seq":4', b'"seq":"4"', "its seq is not of the type"),
        (b'"prior":null', b'"prior":true', "its prior is not of the type"),
        (b',"v":1', b"", "not exactly the fields"),
        (b'"v":1', b'"v":1,"w":1', "not exactly the fields"),
        (b'"v":1', b'"v":2', "its version 2"),
        (b"04:00.000000Z", b"04:00Z", "its time"),
        (b"08:04:00.000000Z", b"25:04:00.000000Z", "no entry"),
        (b'"floor":2', b'"floor":"' + b"x" * 65_535 + b'"', "too long"),
    ],
)
def test_a_body_that_two_readers_could_read_differently_is_found(
    tmp_path: Path, old: bytes, new: bytes, finding: str
) -> None:
    body = RECORD.bodies()[4]
    assert old in body

    files = resigned(export(RECORD), 4, body.replace(old, new, 1))

    assert finding in found(audit(files, tmp_path, KEY))


# --- Attacks on checkpoints, keys and the files ---------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"\n{SIZE}\n".encode(), f"\n0{SIZE}\n".encode()),
        (f"\n{SIZE}\n".encode(), f"\n+{SIZE}\n".encode()),
        (f"\n{SIZE}\n".encode(), f"\n{SIZE + 1}\n".encode()),
        (b"=\n\n", b"=\nan extension\n\n"),
        (b"=\n\n", b"\n\n"),
        ("—".encode(), b"-"),
    ],
)
def test_a_checkpoint_that_is_not_spelled_the_one_way_is_found(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    verdict = audit(spoil(export(RECORD), FINAL, old, new), tmp_path, KEY)

    assert "the export has no checkpoint of its own" in found(verdict)


def test_a_checkpoint_in_another_logs_name_is_found(tmp_path: Path) -> None:
    note = Signer().note(RECORD.bodies(), "answerable/T2")

    verdict = audit(export(RECORD) | {FINAL: note.encode()}, tmp_path, KEY)

    assert "is of another log: answerable/T2" in found(verdict)


@pytest.mark.parametrize(
    "note",
    [
        f"\n{SIZE}\n{b64encode(bytes(32)).decode()}\n\n— {LOG} AAAA\n",
        f"{LOG}\n{SIZE}\n{'A' * 42}B=\n\n— {LOG} AAAA\n",
        f"{LOG}\n{SIZE}\n{b64encode(bytes(32)).decode()}\n\n— {LOG} \n",
        f"{LOG}\n{SIZE}\n{b64encode(bytes(32)).decode()}\n\n— {LOG} AAAA",
    ],
)
def test_what_is_no_checkpoint_is_not_taken_for_one(note: str) -> None:
    with pytest.raises(verify.Flaw):
        verify.parse_checkpoint(note)


def line_of_key(kind: bytes, length: int) -> str:
    key_id = verify.Key(LOG, bytes(length)).id.hex()
    return f"{LOG}+{key_id}+{b64encode(kind + bytes(length)).decode()}"


@pytest.mark.parametrize(
    "line",
    [
        "",
        LOG,
        KEY.replace("+A", "+B", 1),
        KEY.replace(LOG, "answerable/T2"),
        notes.vkey(LOG, bytes(32))[:-4],
        f"{LOG}+{'0' * 8}+{b64encode(bytes([1]) * 33).decode()}",
        line_of_key(b"\x01", 31),
        line_of_key(b"\x02", 32),
    ],
)
def test_what_is_no_key_is_not_taken_for_one(line: str) -> None:
    with pytest.raises(verify.Flaw):
        verify.parse_key(line)


def test_a_root_of_another_length_is_no_root(tmp_path: Path) -> None:
    short = b64encode(bytes(31)).decode()
    note = f"{LOG}\n{SIZE}\n{short}\n\n— {LOG} AAAA\n"

    verdict = audit(export(RECORD) | {FINAL: note.encode()}, tmp_path, KEY)

    assert "32 bytes" in found(verdict)


def test_a_checkpoint_stands_under_its_own_size(tmp_path: Path) -> None:
    files = export(RECORD)
    files["checkpoints/6.note"] = files.pop("checkpoints/5.note")

    assert "not of the size that it is named by" in found(audit(files, tmp_path, KEY))


def test_an_earlier_checkpoint_of_other_entries_is_found(tmp_path: Path) -> None:
    files = export(RECORD)
    files["checkpoints/5.note"] = Signer().note(RECORD.bodies()[1:6]).encode()

    assert "the checkpoint of 5 entries has another root" in found(audit(files, tmp_path, KEY))


def test_another_key_of_the_same_name_is_found(tmp_path: Path) -> None:
    files = export(RECORD) | {"log.vkey": FORGED.vkey().encode()}

    assert "not the key you gave" in found(audit(files, tmp_path / "given", KEY))
    assert "not signed" in found(audit(files, tmp_path / "saved", saved=(saved(5),)))


def test_a_signature_line_of_somebody_else_says_nothing(tmp_path: Path) -> None:
    files = export(RECORD)
    witness = FORGED.note(RECORD.bodies()).rpartition("\n\n")[2].replace(LOG, "witness.example")
    files[FINAL] += witness.encode()

    assert audit(files, tmp_path, KEY).is_good


def test_a_second_signature_by_the_key_has_to_hold_as_well(tmp_path: Path) -> None:
    files = export(RECORD)
    files[FINAL] += Signer().note(RECORD.bodies()[:3]).rpartition("\n\n")[2].encode()

    assert "not signed by the key" in found(audit(files, tmp_path, KEY))


def test_a_saved_checkpoint_needs_the_keys_signature_if_a_key_is_given(tmp_path: Path) -> None:
    note = FORGED.note(RECORD.bodies()[:5])

    assert "your checkpoint of 5 entries is not signed" in found(
        audit(export(RECORD), tmp_path / "key", KEY, (note,))
    )
    assert audit(export(RECORD), tmp_path / "trusted", saved=(note,)).is_good


def test_a_checkpoint_of_another_log_is_found(tmp_path: Path) -> None:
    note = Signer().note(RECORD.bodies()[:5], "answerable/T2")

    assert "another log: answerable/T2" in found(audit(export(RECORD), tmp_path, saved=(note,)))


def test_an_empty_checkpoint_anchors_nothing(tmp_path: Path) -> None:
    assert not audit(export(RECORD), tmp_path, saved=(Signer().note([]),)).is_good


def test_entries_beyond_the_final_checkpoint_are_found(tmp_path: Path) -> None:
    files = export(RECORD)
    del files[FINAL]
    files["manifest.json"] = manifest(LOG, 5, is_filtered=False)

    assert "entries from 5 on are under no checkpoint" in found(audit(files, tmp_path, KEY))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"filtered":false,"origin":"answerable/T1","size":7}']
)
def test_a_manifest_that_says_something_else_is_found(tmp_path: Path, content: bytes) -> None:
    verdict = audit(export(RECORD) | {"manifest.json": content}, tmp_path, KEY)

    assert verdict.findings


@pytest.mark.parametrize("name", sorted(export(RECORD)))
def test_a_missing_file_is_found(tmp_path: Path, name: str) -> None:
    files = export(RECORD, early=())
    files.pop(name, None)

    assert name == "checkpoints/5.note" or not audit(files, tmp_path, KEY).is_good


def test_an_export_has_no_place_for_other_files(tmp_path: Path) -> None:
    path = write_zip(
        export(RECORD) | {"../escape.txt": b"", "notes/1.txt": b""}, tmp_path / "a.zip"
    )

    verdict = verify.audit(verify.Bundle(path), verify.parse_key(KEY), [])

    assert "no place in it: ../escape.txt" in found(verdict)
    assert "no place in it: notes/1.txt" in found(verdict)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_twice_is_found(tmp_path: Path) -> None:
    path = write_zip(export(RECORD), tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("entries.jsonl", b"")

    verdict = verify.audit(verify.Bundle(path), verify.parse_key(KEY), [])

    assert "2 files named entries.jsonl" in found(verdict)


def test_a_zip_that_would_fill_the_disk_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(export(RECORD), tmp_path / "a.zip")
    monkeypatch.setattr(verify, "MAX_TOTAL", 1_000)

    verdict = verify.audit(verify.Bundle(path), verify.parse_key(KEY), [])

    assert "unpack to more than 1000 bytes" in found(verdict)


def test_a_note_that_never_ends_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MAX_SMALL", 100)

    assert "has more than 100 bytes" in found(audit(export(RECORD), tmp_path, KEY))


def test_a_folder_may_hold_what_an_auditor_adds_to_it(tmp_path: Path) -> None:
    files = export(RECORD) | {"checkpoints/mine.note": b"", "remarks.txt": b""}

    assert audit(files, tmp_path, KEY).is_good


def test_a_folder_does_not_lead_out_of_itself(tmp_path: Path) -> None:
    folder = write_folder(export(RECORD), tmp_path / "export")
    (folder / "entries.jsonl").rename(tmp_path / "outside")
    (folder / "entries.jsonl").symlink_to(tmp_path / "outside")

    verdict = verify.audit(verify.Bundle(folder), verify.parse_key(KEY), [])

    assert "the export has no entries.jsonl" in found(verdict)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_i6_no_bit_can_be_flipped_unseen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    files = export(RECORD)
    name = data.draw(
        st.sampled_from(["entries.jsonl", "openings.jsonl", "populations.jsonl", FINAL])
        | st.just("checkpoints/5.note")
    )
    at = data.draw(st.integers(0, len(files[name]) - 1))
    bit = data.draw(st.integers(0, 7))
    flipped = bytearray(files[name])
    flipped[at] ^= 1 << bit

    verdict = audit(files | {name: bytes(flipped)}, tmp_path_factory.mktemp("flipped"), KEY)

    assert verdict.findings


# --- Openings and people --------------------------------------------------------------------------


def test_an_edited_opening_is_found(tmp_path: Path) -> None:
    files = spoil(export(RECORD), "openings.jsonl", b'"value":"mended"', b'"value":"broken"')

    assert "the opening of facts.reason_c is not what it committed to" in found(
        audit(files, tmp_path, KEY)
    )


def test_a_removed_opening_is_found_unless_its_erasure_is_on_record(tmp_path: Path) -> None:
    record = sound_record()
    removed = record.openings.pop()

    assert f"{removed['seq']}: the opening of facts.reason_c is missing" in findings_in(
        record, tmp_path / "removed"
    )
    facts = {"seq": removed["seq"], "field": removed["field"]}
    record.add(Kind.OPENING_ERASED, "workspace/T1", facts)
    assert findings_in(record, tmp_path / "erased") == ""


def test_an_erasure_of_what_is_still_there_is_found(tmp_path: Path) -> None:
    record = sound_record()
    record.add(Kind.OPENING_ERASED, "workspace/T1", {"seq": 1, "field": "facts.person_c"})

    assert "which is no missing opening" in findings_in(record, tmp_path)


@pytest.mark.parametrize("seq", [0, 1, 99])
def test_an_opening_of_nothing_is_found(tmp_path: Path, seq: int) -> None:
    record = sound_record()
    added = {**record.openings[0], "seq": seq, "field": "facts.zeal_c"}
    record.openings = sorted(
        [*record.openings, added], key=lambda line: (line["seq"], line["field"])
    )

    assert "opening" in findings_in(record, tmp_path)


def test_an_opening_of_another_shape_is_found(tmp_path: Path) -> None:
    files = export(RECORD)
    files["openings.jsonl"] += canonical({"seq": 1}) + b"\n"

    assert "not exactly the fields field, salt, seq, value" in found(audit(files, tmp_path, KEY))


def test_a_person_is_introduced_once_and_by_a_commitment(tmp_path: Path) -> None:
    record = sound_record()
    introduce(record, "person-a", "U0A")
    record.add(Kind.PERSON_INTRODUCED, "person/person-c", {"person": "person-c"})

    assert findings_in(record, tmp_path).count("introduces somebody twice, or nobody") == 2


# --- Draws (I7) -----------------------------------------------------------------------------------


def test_i7_a_draw_of_a_large_population_is_recomputed(tmp_path: Path) -> None:
    record = sound_record()
    open_round(record, 2)
    outputs = tuple((f"output-{number}", f"category-{number % 7}") for number in range(500))
    draw_round(record, 2, outputs=outputs)

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ({"seed": "00" * 32}, "is not the one committed to before it"),
        ({"seed": "zz"}, "cannot be checked"),
        ({"sample": 7}, "is not drawn as its policy says"),
        ({"floor": 1}, "is not drawn as its policy says"),
        ({"population": 19}, "not the one that was frozen"),
        ({"population_root": "00" * 32}, "not the one that was frozen"),
        ({"allocation": [["odd", 3], ["plain", 3]]}, "its allocation is not the one"),
        ({"allocation": {"odd": 2, "plain": 4}}, "has not got facts.allocation"),
        ({"drawn": [name for name, _ in OUTPUTS[:6]]}, "names other outputs"),
        ({"drawn": "output-01"}, "has not got facts.drawn"),
        ({"second": [name for name, _ in OUTPUTS[:2]]}, "other outputs for the second look"),
        ({"second": []}, "other outputs for the second look"),
        ({"floor": -3}, "draws less than nothing"),  # and would never be done with less
        ({"sample": -1}, "draws less than nothing"),
        ({"second": None}, "has not got facts.second"),
        ({"round": "2"}, "has not got facts.round"),
    ],
)
def test_i7_a_draw_that_its_seed_did_not_make_is_found(
    tmp_path: Path, wrong: dict[str, object], finding: str
) -> None:
    record = sound_record()
    open_round(record, 2)
    draw_round(record, 2, **wrong)

    assert finding in findings_in(record, tmp_path)


def test_i7_a_commitment_comes_before_its_draw_and_once(tmp_path: Path) -> None:
    record = sound_record()
    draw_round(record, 2)
    open_round(record, 2)
    open_round(record, 2)
    draw_round(record, 2)

    findings = findings_in(record, tmp_path)
    assert "is not the one committed to before it" in findings
    assert "opens round 2 of triage a second time" in findings
    assert "draws round 2 of triage a second time" in findings
    assert "a population of round 2 of triage that no draw is of" in findings


def test_i7_a_seed_not_revealed_by_the_close_is_found(tmp_path: Path) -> None:
    record = sound_record()
    open_round(record, 2)
    record.add(Kind.ROUND_CLOSED, "round/triage/2", {"workflow": "triage", "round": 2})

    assert "whose seed was never revealed" in findings_in(record, tmp_path)


def test_i7_a_population_without_a_draw_or_a_draw_without_one_is_found(tmp_path: Path) -> None:
    files = export(RECORD)
    twice = files | {"populations.jsonl": files["populations.jsonl"] * 2}

    assert "that no draw is of" in found(audit(twice, tmp_path / "twice", KEY))
    none = files | {"populations.jsonl": b""}
    assert "the population of round 1 of triage is missing" in found(
        audit(none, tmp_path / "none", KEY)
    )


@pytest.mark.parametrize("outputs", [[["b", "x"], ["a", "x"]], [["a", "x"], ["a", "x"]]])
def test_i7_a_population_is_sorted_and_names_each_output_once(
    tmp_path: Path, outputs: list[list[str]]
) -> None:
    files = export(RECORD)
    files["populations.jsonl"] = lines([{"workflow": "triage", "round": 1, "outputs": outputs}])

    assert "not sorted by output, each once" in found(audit(files, tmp_path, KEY))


@pytest.mark.parametrize("outputs", [[["a"]], ["ab"], [[1, 2]], [["a", None]], [5]])
def test_i7_a_population_of_another_shape_is_found(tmp_path: Path, outputs: list[object]) -> None:
    files = export(RECORD)
    files["populations.jsonl"] = lines([{"workflow": "triage", "round": 1, "outputs": outputs}])

    assert audit(files, tmp_path, KEY).findings


def test_i7_a_missing_list_of_what_is_looked_at_twice_is_found(tmp_path: Path) -> None:
    record = sound_record()
    for place, entry in enumerate(record.entries):
        if entry.kind == "round.drawn":
            facts = {name: entry.facts[name] for name in entry.facts if name != "second"}
            record.entries[place] = replace(entry, facts=facts)

    assert "has not got facts.second" in findings_in(record, tmp_path)


# --- Second looks (I4) ----------------------------------------------------------------------------


def looks(
    record: Record, kind: str, actor: str, output: str = "", role: str = "backup", **more: object
) -> str:
    """Add what somebody said of an output, the first of those looked at twice if none is named."""
    (drawn,) = [entry for entry in record.entries if entry.kind == "round.drawn"]
    chosen = drawn.facts["second"]
    assert isinstance(chosen, list)
    facts: dict[str, object] = {"workflow": "triage", "round": 1, "output": output or chosen[0]}
    record.add(
        kind, "round/triage/1", {**facts, "answer": "correct", **more}, actor=actor, role=role
    )
    return str(facts["output"])


def looked_at() -> Record:
    """Give a sound record with both looks at an output, and a third person."""
    record = sound_record()
    introduce(record, "person-c", "U0C")
    looks(record, "second_draft.saved", "person-b")
    looks(record, "second_verdict.recorded", "person-b")
    return record


def settles(record: Record, actor: str, output: str = "", stands: str = "first") -> None:
    looks(record, "disagreement.settled", actor, output, role="steward", stands=stands)


def test_i4_two_looks_and_a_third_persons_word_are_sound(tmp_path: Path) -> None:
    record = looked_at()
    settles(record, "person-c")

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize(
    ("kind", "actor"),
    [
        ("second_draft.saved", "person-a"),
        ("second_verdict.recorded", "person-a"),
        ("draft.saved", "person-b"),
        ("verdict.recorded", "person-b"),
        ("disagreement.settled", "person-a"),
        ("disagreement.settled", "person-b"),
    ],
)
def test_i4_whoever_answers_another_look_is_found(tmp_path: Path, kind: str, actor: str) -> None:
    record = looked_at()
    looks(record, kind, actor, stands="first")

    assert f"is by {actor}, who answered another look" in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        ("first", "second_draft.saved"),
        ("first", "second_verdict.recorded"),
        ("second", "draft.saved"),
        ("second", "verdict.recorded"),
    ],
)
def test_i4_a_look_by_somebody_who_had_seen_the_other_is_found(
    tmp_path: Path, look: str, kind: str
) -> None:
    record = sound_record()
    introduce(record, "person-c", "U0C")
    facts: dict[str, object] = {"workflow": "triage", "round": 1, "breach": 1, "look": look}
    record.add("outputs.seen", "round/triage/1", facts, actor="person-c", role="steward")
    assert findings_in(record, tmp_path / "seen") == ""

    looks(record, kind, "person-b")
    assert "had seen" not in findings_in(record, tmp_path / "by another")
    looks(record, kind, "person-c")
    assert "is by person-c, who had seen another look" in findings_in(record, tmp_path / "spoilt")


@pytest.mark.parametrize(
    ("look", "actor", "finding"),
    [("third", "person-b", "no round has: third"), ("first", "system", "outputs to nobody")],
)
def test_i4_a_sight_that_cannot_be_is_found(
    tmp_path: Path, look: str, actor: str, finding: str
) -> None:
    record = sound_record()
    facts: dict[str, object] = {"workflow": "triage", "round": 1, "breach": 1, "look": look}
    record.add("outputs.seen", "round/triage/1", facts, actor=actor, role="steward")

    assert finding in findings_in(record, tmp_path)


@pytest.mark.parametrize("kind", ["second_draft.saved", "second_verdict.recorded"])
def test_i7_a_second_look_at_what_was_not_chosen_is_found(tmp_path: Path, kind: str) -> None:
    record = looked_at()
    looks(record, kind, "person-b", "output-unchosen")

    assert "which round 1 of triage has no second look at" in findings_in(record, tmp_path)


def test_i4_a_second_look_of_the_owners_own_is_found(tmp_path: Path) -> None:
    record = sound_record()
    looks(record, "second_verdict.recorded", "person-a", role="owner")

    assert "a second look of the owner's own" in findings_in(record, tmp_path)


def test_i4_what_is_settled_has_both_verdicts_and_is_settled_once(tmp_path: Path) -> None:
    record = sound_record()
    introduce(record, "person-c", "U0C")
    settles(record, "person-c")
    assert "which has not both verdicts" in findings_in(record, tmp_path / "early")

    record = looked_at()
    settles(record, "person-c")
    settles(record, "person-c", stands="neither")
    findings = findings_in(record, tmp_path / "twice")
    assert "a second time" in findings
    assert "says of neither look" in findings


# --- Obligations and gates ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rungs", "finding"),
    [
        ((1,), "climbs to rung 1, not 0"),
        ((0, 2), "climbs to rung 2, not 1"),
        ((0, 0), "climbs to rung 0, not 1"),
        ((0, 1, 2, 3, 4), "climbs to rung 4, not 3"),
        ((0, 1, 2, 3, 2), "climbs to rung 2, not 3"),
    ],
)
def test_i3_a_skipped_or_doubled_rung_is_found(
    tmp_path: Path, rungs: tuple[int, ...], finding: str
) -> None:
    record = sound_record()
    owe(record, "opened", owed="decide/triage/1")
    for rung in rungs:
        owe(record, "climbed", rung, owed="decide/triage/1")

    assert finding in findings_in(record, tmp_path)


@pytest.mark.parametrize("kind", ["climbed", "answered", "superseded", "lapsed"])
def test_i1_what_has_ended_does_not_go_on(tmp_path: Path, kind: str) -> None:
    record = sound_record()
    owe(record, kind, 3)

    assert "review/triage/1 had ended before" in findings_in(record, tmp_path)


@pytest.mark.parametrize("kind", ["climbed", "answered", "superseded", "lapsed"])
def test_i1_what_was_never_owed_does_not_climb_or_end(tmp_path: Path, kind: str) -> None:
    record = sound_record()
    owe(record, kind, 0, owed="decide/triage/1")

    assert "has to be opened once, before all else" in findings_in(record, tmp_path)


def test_i1_an_obligation_is_opened_once(tmp_path: Path) -> None:
    record = sound_record()
    owe(record, "opened")

    assert "has to be opened once" in findings_in(record, tmp_path)


def test_i10_a_gate_moves_from_where_it_stands(tmp_path: Path) -> None:
    record = sound_record()
    set_gate(record, "review_all", "paused")
    set_gate(record, "ajar", "paused")

    findings = findings_in(record, tmp_path)
    assert "from review_all, but it stood at run" in findings
    assert "there is no such state" in findings


@pytest.mark.parametrize(
    ("before", "after"),
    [("paused", "run"), ("paused", "review_all"), ("review_all", "run"), ("paused", "not_ready")],
)
def test_i4_a_gate_is_not_loosened_without_two_people(
    tmp_path: Path, before: str, after: str
) -> None:
    record = sound_record()
    set_gate(record, "run", before)
    set_gate(record, before, after)

    assert "without two people's word" in findings_in(record, tmp_path)


def test_i4_two_peoples_word_is_about_one_closing_of_the_gate(tmp_path: Path) -> None:
    record = sound_record()
    set_gate(record, "run", "review_all")
    resume(record, number=2)
    set_gate(record, "review_all", "paused")
    set_gate(record, "paused", "run")

    assert "without two people's word" in findings_in(record, tmp_path)


def test_i4_a_request_is_about_the_gate_as_it_stands(tmp_path: Path) -> None:
    record = sound_record()
    facts: dict[str, object] = {"workflow": "triage"}
    set_gate(record, "run", "review_all")
    record.add(Kind.RESUME_REQUESTED, "resume/triage/2", facts, actor="person-a", role="owner")
    set_gate(record, "review_all", "paused")
    record.add(Kind.RESUME_CONFIRMED, "resume/triage/2", facts, actor="person-b", role="steward")
    set_gate(record, "paused", "run")

    findings = findings_in(record, tmp_path)
    assert "made before the gate last moved" in findings
    assert "without two people's word" in findings


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("person-a", "person-a"),
        ("person-a", "system"),
        ("person-a", "operator"),
        ("person-a", "pipeline/1"),
        ("system", "person-a"),
    ],
)
def test_i4_nobody_confirms_alone(tmp_path: Path, first: str, second: str) -> None:
    record = sound_record()
    set_gate(record, "run", "paused")
    resume(record, first, second, number=2)

    assert "is not a second person's confirmation" in findings_in(record, tmp_path)


def declined(record: Record, kind: Kind = Kind.RESUME_DECLINED, by: str = "person-b") -> int:
    facts: dict[str, object] = {"workflow": "triage", "request": 2}
    on = f"{kind.partition('.')[0]}/triage/2"
    return record.add(kind, on, facts, {"reason": "not yet"}, actor=by, role="backup")


@pytest.mark.parametrize("kind", [Kind.RESUME_DECLINED, Kind.CHANGE_DECLINED])
def test_i4_what_nobody_asked_is_not_declined(tmp_path: Path, kind: Kind) -> None:
    record = sound_record()
    declined(record, kind)

    assert "declines a request that is not open" in findings_in(record, tmp_path)


@pytest.mark.parametrize("noun", ["resume", "change"])
def test_i4_only_an_open_request_of_ones_own_is_withdrawn(tmp_path: Path, noun: str) -> None:
    record = sound_record()
    facts: dict[str, object] = {"workflow": "triage", "request": 2}
    on, by = f"{noun}/triage/2", {"actor": "person-a", "role": "owner"}
    record.add(f"{noun}.requested", on, facts, {"reason": "mended"}, **by)
    seq = record.add(f"{noun}.withdrawn", on, facts, **by)
    assert "withdraws" not in findings_in(record, tmp_path / "sound")

    record.entries[seq] = replace(record.entries[seq], actor="person-b")
    assert "withdraws a request of another's" in findings_in(record, tmp_path / "another")
    record.add(f"{noun}.withdrawn", on, facts, **by)
    assert "withdraws a request that is not open" in findings_in(record, tmp_path / "again")


def test_i4_nobody_declines_their_own_request_or_what_was_confirmed(tmp_path: Path) -> None:
    record = sound_record()
    set_gate(record, "run", "paused")
    seq = resume(record, number=2)
    declined(record)
    assert "declines a request that is not open" in findings_in(record, tmp_path)

    record.entries[seq] = replace(record.entries[seq], kind=Kind.RESUME_DECLINED, actor="person-a")
    assert "is not a second person's refusal" in findings_in(record, tmp_path)


def test_i10_a_declined_request_opens_no_gate(tmp_path: Path) -> None:
    record = sound_record()
    set_gate(record, "run", "paused")
    seq = resume(record, number=2)
    record.entries[seq] = replace(record.entries[seq], kind=Kind.RESUME_DECLINED)
    assert findings_in(record, tmp_path) == ""
    set_gate(record, "paused", "run")

    assert "without two people" in findings_in(record, tmp_path)


def test_i4_one_of_the_two_is_not_the_owner(tmp_path: Path) -> None:
    record = sound_record()
    seq = resume(record, number=2)
    record.entries[seq] = replace(record.entries[seq], role="owner")

    assert "one of the two has to be somebody else" in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("on", "workflow"), [("resume/triage/9", "triage"), ("resume/triage/2", "other")]
)
def test_i4_a_confirmation_is_of_exactly_one_request(
    tmp_path: Path, on: str, workflow: str
) -> None:
    record = sound_record()
    seq = resume(record, number=2)
    record.entries[seq] = replace(record.entries[seq], on=on, facts={"workflow": workflow})

    assert "confirms a request that is not open" in findings_in(record, tmp_path)


# --- Policies -------------------------------------------------------------------------------------

WEAKER = replace(PLAN, number=2, limit_bp=900)


def test_i4_a_weaker_policy_that_two_people_agreed_on_is_sound(tmp_path: Path) -> None:
    record = sound_record()
    agreed = agree_on(record, WEAKER)
    set_policy(record, WEAKER, ("limit_bp",), actor="person-b", role="backup", prior=agreed)
    set_policy(record, replace(WEAKER, number=3, sample=40, hours="always"))

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sample": 5}, "sample"),
        ({"floor": 1}, "floor"),
        ({"floor_by": FloorBy.CONFIDENCE}, "floor_by"),
        ({"limit_bp": 501}, "limit_bp"),
        ({"volume_min": 0}, "volume_min"),
        ({"volume_max": 1_001}, "volume_max"),
        ({"tighten": 2}, "tighten"),
        ({"trigger_below_bp": 5_999}, "trigger_below_bp"),
        ({"trigger_first": 1}, "trigger_first"),
        ({"trigger_most": 4}, "trigger_most"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 61}, "capacity"),
        ({"overflow": Overflow.RANDOM_SUBSET}, "overflow"),
        ({"max_text": 2_001}, "max_text"),
        ({"runs_degraded": True}, "runs_degraded"),
        ({"delivery_grace": timedelta(hours=2)}, "delivery_grace"),
        ({"error_whys": (Why.ERROR,)}, "error_whys"),
        ({"limits": ()}, "limits"),
        ({"limits": read_limits("drift <= 0.21")}, "limits"),
        ({"limits": read_limits("drift >= 0.2")}, "limits"),
        ({"link_only": False}, "link_only"),
        ({"hides_answer": False}, "hides_answer"),
        ({"proves_first": False}, "proves_first"),
        ({"limit_basis": LimitBasis.AVERAGE}, "limit_basis"),
        ({"masks": ("phone",)}, "masks"),
        ({"link_hosts": ("crm.example.com",)}, "link_hosts"),
    ],
)
def test_i4_a_policy_is_not_weakened_without_two_people(
    tmp_path: Path, changed: dict[str, Any], field: str
) -> None:
    record = sound_record()
    before = replace(
        PLAN,
        number=2,
        limits=read_limits("drift <= 0.2"),
        link_only=True,
        capacity=60,
        trigger_below_bp=6_000,
        trigger_first=2,
        trigger_most=5,
        masks=("email",),
        hides_answer=True,
        proves_first=True,
    )
    set_policy(record, before)
    set_policy(record, replace(before, number=3, **changed))

    findings = findings_in(record, tmp_path)
    assert f"makes a policy weaker in {field} without two people's word" in findings
    assert f"is weaker in {field} and does not say so" in findings


@pytest.mark.parametrize(
    "changed",
    [
        {"overflow": Overflow.RANDOM_SUBSET},
        {"capacity": 59},
        {"item_seconds": 181},
        {"trigger_most": 6},
    ],
)
def test_i4_a_draw_is_not_cut_more_than_before_without_two_people(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    record = sound_record()
    before = replace(PLAN, number=2, capacity=60, trigger_first=2, trigger_most=5)
    before = replace(before, overflow=Overflow.RISK_FIRST)
    agreed = agree_on(record, before)
    set_policy(record, before, ("overflow",), actor="person-b", role="backup", prior=agreed)
    set_policy(record, replace(before, number=3, **changed))
    assert "is weaker in overflow and does not say so" in findings_in(record, tmp_path)


def test_i4_what_a_policy_says_is_weaker_takes_two_people(tmp_path: Path) -> None:
    record = sound_record()
    set_policy(record, replace(PLAN, number=2, cadence="FREQ=MONTHLY;BYMONTHDAY=1"), ("cadence",))

    assert "weaker in cadence without two people's word" in findings_in(record, tmp_path)


@pytest.mark.parametrize(("number", "said"), [(1, "is version 1"), (3, "is version 3")])
def test_i5_versions_of_a_policy_follow_each_other(tmp_path: Path, number: int, said: str) -> None:
    record = sound_record()
    set_policy(record, replace(PLAN, number=number))

    assert f"{said} of the policy of triage, not 2" in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        ({"second": "person-a"}, "is not a second person's confirmation"),
        ({"second": "operator"}, "is not a second person's confirmation"),
        ({"role": "owner"}, "one of the two has to be somebody else"),
        ({"role": "delegate of owner"}, "one of the two has to be somebody else"),
        ({"version": 7}, "was agreed on about another version"),
        ({"plan": replace(WEAKER, limit_bp=600)}, "is not the policy that two people agreed on"),
    ],
)
def test_i4_two_people_agree_on_exactly_the_policy_that_follows(
    tmp_path: Path, agreed: dict[str, Any], said: str
) -> None:
    record = sound_record()
    prior = agree_on(record, **({"plan": WEAKER} | agreed))
    set_policy(record, WEAKER, ("limit_bp",), prior=prior)

    assert said in findings_in(record, tmp_path)


def test_i4_two_peoples_word_is_good_for_one_version(tmp_path: Path) -> None:
    record = sound_record()
    prior = agree_on(record, WEAKER)
    set_policy(record, WEAKER, ("limit_bp",), prior=prior)
    set_policy(record, replace(WEAKER, number=3, limit_bp=950), ("limit_bp",), prior=prior)

    assert "weaker in limit_bp without two people's word" in findings_in(record, tmp_path)


# --- Subsets --------------------------------------------------------------------------------------


def about_triage(entry: Entry) -> bool:
    return entry.facts.get("workflow") == "triage"


def test_a_subset_is_verified_entry_by_entry(tmp_path: Path) -> None:
    verdict = audit(subset(RECORD, about_triage), tmp_path, KEY)

    assert found(verdict) == ""
    assert verdict.is_good
    assert verdict.is_subset
    assert (verdict.entries, verdict.size) == (17, SIZE)


@pytest.mark.parametrize("kind", [Kind.OPENING_ERASED, Kind.ROUND_DRAWN, Kind.ROUND_CLOSED])
def test_a_subset_may_lack_what_an_entry_is_about(tmp_path: Path, kind: Kind) -> None:
    files = subset(RECORD, lambda entry: entry.kind == kind)

    assert audit(files, tmp_path, KEY).is_good


def test_an_edited_entry_of_a_subset_is_found(tmp_path: Path) -> None:
    files = spoil(subset(RECORD, about_triage), "entries.jsonl", b'"sample":6', b'"sample":5')

    assert "does not lead to the checkpoint's root" in found(audit(files, tmp_path, KEY))


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (b"index 3\n", b"index 4\n", "not of this entry under the final checkpoint"),
        (b"tlog-proof@v1", b"tlog-proof@v2", "not of this entry under the final checkpoint"),
        (LOG.encode(), b"answerable/T2", "not of this entry under the final checkpoint"),
        (b"=\n\n", b"=\n" + b64encode(bytes(32)) + b"\n\n", "does not lead"),
        (b"=\n", b"\n", "not base64"),
    ],
)
def test_a_proof_of_something_else_is_found(
    tmp_path: Path, old: bytes, new: bytes, finding: str
) -> None:
    files = spoil(subset(RECORD, about_triage), "proofs/3.tlog-proof", old, new)

    assert finding in found(audit(files, tmp_path, KEY))


def test_a_missing_or_shortened_proof_is_found(tmp_path: Path) -> None:
    files = subset(RECORD, about_triage)
    head, _, note = files["proofs/3.tlog-proof"].decode().partition("\n\n")
    short = files | {"proofs/3.tlog-proof": f"{head.rpartition(chr(10))[0]}\n\n{note}".encode()}
    del files["proofs/3.tlog-proof"]

    assert "does not lead" in found(audit(short, tmp_path / "short", KEY))
    assert "no proofs/3.tlog-proof" in found(audit(files, tmp_path / "none", KEY))


def test_an_entry_that_stands_twice_in_a_subset_is_found(tmp_path: Path) -> None:
    files = subset(RECORD, about_triage)
    first = files["entries.jsonl"].partition(b"\n")[0] + b"\n"

    verdict = audit(files | {"entries.jsonl": first + files["entries.jsonl"]}, tmp_path, KEY)

    assert "stands where entry 4 has to" in found(verdict)


def test_a_subset_compares_only_with_a_checkpoint_of_its_size(tmp_path: Path) -> None:
    files = subset(RECORD, about_triage)

    assert audit(files, tmp_path / "same", saved=(saved(SIZE),)).is_good
    assert "cannot be compared with a subset" in found(
        audit(files, tmp_path / "earlier", saved=(saved(8),))
    )


def test_a_whole_record_that_calls_itself_a_subset_lacks_proofs(tmp_path: Path) -> None:
    files = export(RECORD, early=()) | {"manifest.json": manifest(LOG, SIZE, is_filtered=True)}

    assert "the export has no proofs/0.tlog-proof" in found(audit(files, tmp_path, KEY))


@settings(max_examples=60)
@given(st.data())
def test_the_verifiers_proofs_agree_with_the_products(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    leaves = [tree.leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion_proof(leaves, index), tree.root_of(leaves)

    assert verify.root_from(leaves[index], index, size, path) == root
    assert verify.root_from(leaves[index], index, size, (*path, root)) is None
    assert verify.root_from(leaves[index], index + size, size, path) != root
    if path:
        assert verify.root_from(leaves[index], index, size, path[:-1]) is None


# --- The command ----------------------------------------------------------------------------------

SCRIPT = Path(verify.__file__)
NO_PACKAGES = ("-I", "-S")


def run(path: Path, *arguments: object, isolated: tuple[str, ...] = ("-I",)) -> tuple[int, str]:
    """Run the script alone, as an auditor does, in a folder that holds nothing of ours."""
    folder = path.parent / "empty"
    folder.mkdir(exist_ok=True)
    script = folder / "verify.py"
    script.write_bytes(SCRIPT.read_bytes())
    command = [sys.executable, *isolated, script.name, path, *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def key_file(folder: Path, key: str = KEY) -> Path:
    path = folder / "log.vkey"
    path.write_text(key + "\n")
    return path


@pytest.mark.parametrize("isolated", [("-I",), NO_PACKAGES])
def test_the_script_verifies_alone_with_the_package_or_with_openssl(
    tmp_path: Path, isolated: tuple[str, ...]
) -> None:
    path = write_zip(export(RECORD), tmp_path / "record.zip")
    wrong = spoil(export(RECORD), FINAL, f"— {LOG} ".encode(), f"— {LOG}x ".encode())
    forged = write_zip(export(RECORD, FORGED), tmp_path / "forged.zip")
    renamed = write_zip(wrong, tmp_path / "renamed.zip")
    key = key_file(tmp_path)

    code, output = run(path, "--key", key, isolated=isolated)
    assert (code, output.startswith(f"verified: {SIZE} entries of {LOG}, root")) == (0, True)
    assert output.endswith(", by the key you gave\n")
    assert run(forged, "--key", key, isolated=isolated)[0] == 1
    assert run(renamed, "--key", key, isolated=isolated)[0] == 1


def test_openssl_refuses_a_signature_that_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "HAS_CRYPTOGRAPHY", False)
    key, note = verify.parse_key(KEY), saved(5)
    good = verify.parse_checkpoint(note)
    bad = replace(good, text=good.text.replace("\n5\n", "\n6\n"))

    assert verify.is_signed(good, key)
    assert not verify.is_signed(bad, key)


def test_without_a_way_to_check_signatures_nothing_is_said_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "HAS_CRYPTOGRAPHY", False)
    monkeypatch.setenv("PATH", "")
    path = write_zip(export(RECORD), tmp_path / "record.zip")

    assert verify.main([str(path), "--key", str(key_file(tmp_path))]) == 2


def test_the_script_prints_findings_one_a_line(tmp_path: Path) -> None:
    record = sound_record()
    set_gate(record, "ajar\x1b[2J\n", "paused")
    path = write_zip(export(record), tmp_path / "record.zip")

    code, output = run(path, "--key", key_file(tmp_path))

    assert code == 1
    first, last = output.splitlines()
    assert first.startswith(
        f"entry {SIZE}: cannot be checked: moves a gate from ajar\\x1b[2J\\n to"
    )
    assert last.startswith(f"NOT VERIFIED, 1 finding: {SIZE + 1} entries")


def test_the_script_says_what_it_cannot_vouch_for(tmp_path: Path) -> None:
    path = write_zip(
        subset(sound_record("sandbox"), lambda entry: not entry.seq), tmp_path / "a.zip"
    )

    code, output = run(path)

    assert code == 1
    assert output.splitlines()[:2] == [
        "demo record: its clock was moved by hand",
        f"subset of 1 of {SIZE} entries; completeness not shown",
    ]
    assert output.splitlines()[2].startswith("unanchored: ")


@pytest.mark.parametrize("name", ["manifest.json", "log.vkey", f"checkpoints/{SIZE}.note"])
@pytest.mark.parametrize("content", [None, b"flipped"])
def test_the_script_names_the_file_without_which_nothing_can_be_looked_at(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    files = {each: held for each, held in export(RECORD).items() if each != name}
    path = write_zip(files | ({name: content} if content else {}), tmp_path / "record.zip")

    code, output = run(path, "--key", key_file(tmp_path))

    assert code == 1
    named = f"{name} is broken: " if content else f"{name} is missing"
    if name.startswith("checkpoints") and not content:
        named = f"there is none of {SIZE} entries, as the manifest says"
    first, last = output.splitlines()
    assert first.startswith(f"the export has no checkpoint of its own: {named}")
    assert last == "NOT VERIFIED, 1 finding: no entry was looked at"


def test_the_script_names_what_is_for_reading_and_vouches_for_none_of_it(tmp_path: Path) -> None:
    rewritten = {"report.html": b"<p>All is well.</p>", "view.csv": b"all,is,well\n"}
    path = write_zip(export(RECORD) | rewritten, tmp_path / "record.zip")

    code, output = run(path, "--key", key_file(tmp_path))
    first, last = output.splitlines()
    assert code == 0
    assert first == (
        "not checked: report.html, view.csv "
        "(these help to read the record; the evidence is in the others)"
    )
    assert last.startswith("verified: ")

    _, output = run(path, "--key", key_file(tmp_path), "--json")
    assert json.loads(output)["not_checked"] == ["report.html", "view.csv"]


def test_the_script_speaks_json(tmp_path: Path) -> None:
    path = write_folder(export(RECORD), tmp_path / "record")
    note = tmp_path / "saved.note"
    note.write_text(saved(8))

    code, output = run(path, "--checkpoint", note, "--json")
    verdict = json.loads(output)

    assert code == 0
    assert verdict["verified"] is True
    assert verdict["findings"] == []
    assert verdict["anchors"] == ["your checkpoint of its first 8 entries"]
    assert (verdict["entries"], verdict["size"]) == (SIZE, SIZE)


def test_what_cannot_be_read_is_no_verdict(tmp_path: Path) -> None:
    path = write_zip(export(RECORD), tmp_path / "record.zip")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(path.read_bytes()[:-40])
    no_key = key_file(tmp_path, "no key")

    assert verify.main([str(broken)]) == 2
    assert verify.main([str(tmp_path / "nowhere.zip")]) == 2
    assert verify.main([str(path), "--key", str(no_key)]) == 2
    assert verify.main([str(path), "--checkpoint", str(no_key)]) == 2
    with pytest.raises(SystemExit) as stopped:
        verify.main([])
    assert stopped.value.code == 2


CHECKED = ("{zip}", "--key", "{key}", "--checkpoint", "{note}")


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (0, "nowhere", "nowhere cannot be checked: there is no such file or folder"),
        (0, "letter", "letter cannot be checked: it is no zip file, or not all of one"),
        (0, "cut", "cut cannot be checked: it is no zip file, or not all of one"),
        (0, "rotten", "rotten cannot be checked: it is no zip file, or not all of one, or damaged"),
        (0, "empty", "empty cannot be checked: it is no export of a record"),
        (0, "foreign", "foreign cannot be checked: it is no export of a record"),
        (
            2,
            "nowhere",
            "nowhere, which is not there; it has to hold the log's public key: one line",
        ),
        (2, "letter", "letter, which does not hold the log's public key: one line"),
        (2, "bytes", "bytes, which does not hold the log's public key: one line"),
        (2, "empty", "empty, which cannot be read: Is a directory"),
        (4, "nowhere", "nowhere, which is not there; it has to hold a checkpoint with its"),
        (4, "letter", "letter, which does not hold a checkpoint with its signature"),
        (4, "bytes", "bytes, which does not hold a checkpoint with its signature"),
    ],
)
def test_what_cannot_be_read_is_named_and_what_it_has_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: int, name: str, words: str
) -> None:
    spoiled_places(tmp_path)
    places = {name: tmp_path / f"good.{name}" for name in ("zip", "key", "note")}
    asked = [each.format(**places) for each in CHECKED]
    assert verify.main(asked) == 0
    capsys.readouterr()
    asked[place] = str(tmp_path / name)

    assert verify.main(asked) == 2
    out, errors = capsys.readouterr()
    assert (out, errors.count("\n")) == ("", 1)
    assert words in errors
    assert not re.search(r"Errno|codec|Error|\bNone\b|Traceback|\(0x|b'", errors)


def spoiled_places(folder: Path) -> None:
    """Write what verifies, and what cannot even be read, by its name."""
    good = write_zip(export(RECORD), folder / "good.zip").read_bytes()
    (folder / "good.key").write_text(KEY)
    (folder / "good.note").write_text(saved(8))
    (folder / "letter").write_text("Dear Sir or Madam,")
    (folder / "bytes").write_bytes(b"\xff\xfe\x00")
    (folder / "cut").write_bytes(good[: len(good) // 2])
    (folder / "rotten").write_bytes(good[:60] + b"\xff" * 40 + good[100:])
    (folder / "empty").mkdir()
    with zipfile.ZipFile(folder / "foreign", "w") as foreign:
        foreign.writestr("letter.txt", "Dear Sir or Madam,")


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (
            "manifest.json",
            b"{",
            "own: manifest.json is broken: it is not JSON",
        ),
        (
            "manifest.json",
            b"\xff",
            "own: manifest.json is broken: it is not UTF-8",
        ),
        (
            "manifest.json",
            b'{"origin":"o"}',
            "own: manifest.json is broken: it has no filtered",
        ),
        (
            "manifest.json",
            b"[]",
            "own: manifest.json is broken: a value in it is not of the kind",
        ),
        (
            "manifest.json",
            b"[" * 100_000,
            "own: manifest.json is broken: it is nested without end",
        ),
        ("openings.jsonl", b"{\n", "a line cannot be read: it is not JSON: {"),
        ("openings.jsonl", b"\xff\n", "a line cannot be read: it is not UTF-8: \\xff"),
        ("entries.jsonl", b"1" * 5_000 + b"\n", "is no entry: a value in it is not of the kind"),
    ],
)
def test_a_finding_is_said_in_words(tmp_path: Path, file: str, content: bytes, words: str) -> None:
    findings = found(audit(export(RECORD) | {file: content}, tmp_path, KEY))

    assert words in findings
    assert not re.search(r"Errno|codec|char \d|b'|Exceeds|column|list indices", findings)


def test_a_flipped_bit_in_the_zip_itself_is_seen(tmp_path: Path) -> None:
    path = write_zip(export(RECORD), tmp_path / "record.zip")
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)

    assert verify.main([str(path), "--key", str(key_file(tmp_path))]) in {1, 2}


def test_the_products_notes_are_the_verifiers_notes() -> None:
    key = notes.parse_vkey(KEY)

    assert verify.parse_key(KEY) == verify.Key(key.name, key.public_key)
    head = notes.parse_checkpoint(notes.parse_note(saved(5)).text)
    read = verify.parse_checkpoint(saved(5))
    assert (read.origin, read.size, read.root) == (head.origin, head.size, head.root)


def test_the_page_on_the_format_tells_every_kind() -> None:
    page = (SCRIPT.parents[1] / "docs" / "log-format.md").read_text()
    table = page.partition("### Kinds")[2].partition("\n## ")[0]
    first_cells = " ".join(line.split("|")[1] for line in table.splitlines() if line[:1] == "|")

    assert set(re.findall(r"`([a-z_.]+)`", first_cells)) == set(Kind)
