"""The record as a bundle that an auditor can check without this product."""

import csv
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from bot.domain.notes import proof_text
from bot.domain.record import canonical
from bot.domain.tree import Tree
from bot.rendering.opened import Opened, called_so, naming, opened
from bot.rendering.report import report
from bot.rendering.summary import Summary
from bot.rendering.views import OpeningLine, PopulationLine, RecordView

COLUMNS: Final = (
    *("seq", "ts", "kind", "actor", "person", "role", "on", "policy", "prior", "facts", "words"),
)
IN_MEMORY: Final = 2**24  # bytes of openings; what is more waits on the disk
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def write_bundle(
    record: RecordView, vkey: str, target: IO[bytes], called: Mapping[str, str] | None = None
) -> None:
    """Write the record as a zip whose layout `docs/log-format.md` describes.

    `called` has the names of people by their Slack ids: for what people read, never the evidence.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as bundle, SpooledTemporaryFile(IN_MEMORY) as kept:
        _write_lines(bundle, "entries.jsonl", (body for _, body in record.entries))
        _write_lines(bundle, "openings.jsonl", _keeping(map(_opening, record.openings), kept))
        _write_lines(bundle, "populations.jsonl", map(_population, record.populations))
        bundle.writestr(f"checkpoints/{record.size}.note", record.note)
        if record.is_filtered:
            _write_proofs(bundle, record)
        _write_rest(bundle, record, vkey)
        _write_views(bundle, record, kept, called or {})


def _opening(opening: OpeningLine) -> bytes:
    return canonical(
        {
            "seq": opening.seq,
            "field": opening.field,
            "salt": b64encode(opening.salt).decode(),
            "value": opening.value,
        }
    )


def _population(line: PopulationLine) -> bytes:
    outputs = [list(each) for each in line.outputs]
    return canonical({"workflow": line.workflow, "round": line.round, "outputs": outputs})


def _keeping(lines: Iterable[bytes], kept: IO[bytes]) -> Iterator[bytes]:
    """Pass lines on and keep them: openings can be read once, and three readers need them."""
    for line in lines:
        kept.write(line + b"\n")
        yield line


def _read_again(kept: IO[bytes]) -> Iterator[OpeningLine]:
    kept.seek(0)
    for line in kept:
        found = json.loads(line)
        salt = b64decode(found["salt"])
        yield OpeningLine(found["seq"], found["field"], salt, found["value"])


def _write_lines(bundle: ZipFile, name: str, lines: Iterable[bytes]) -> None:
    with bundle.open(name, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line + b"\n")


def _write_proofs(bundle: ZipFile, record: RecordView) -> None:
    tree = Tree(record.leaves)
    for entry, _ in record.entries:
        proof = proof_text(entry.seq, tree.inclusion(entry.seq), record.note)
        bundle.writestr(f"proofs/{entry.seq}.tlog-proof", proof)


def _write_rest(bundle: ZipFile, record: RecordView, vkey: str) -> None:
    manifest = {"origin": record.origin, "size": record.size, "filtered": record.is_filtered}
    bundle.writestr("manifest.json", canonical(manifest) + b"\n")
    bundle.writestr("log.vkey", vkey + "\n")
    bundle.writestr("verify.py", files("bot").joinpath("verify.py").read_bytes())
    bundle.writestr("README.txt", files("bot.rendering").joinpath("bundle.txt").read_bytes())


def _write_views(
    bundle: ZipFile, record: RecordView, kept: IO[bytes], called: Mapping[str, str]
) -> None:
    """Write what people read: entries beside their openings, which are read along with them."""

    def entries() -> Iterator[Opened]:
        return opened((entry for entry, _ in record.entries), _read_again(kept))

    summary = Summary()
    for each in entries():
        summary.see(each)
    with (
        bundle.open("view.csv", "w", force_zip64=True) as file,
        io.TextIOWrapper(file, "utf-8", newline="", write_through=True) as text,
    ):
        _write_csv(text, entries(), naming(summary.people, called), called)
    with bundle.open("report.html", "w", force_zip64=True) as file:
        for piece in report(record, summary, entries(), called):
            file.write(piece.encode())


def _write_csv(
    file: IO[str],
    entries: Iterable[Opened],
    name: Callable[[object], str],
    called: Mapping[str, str],
) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in entries:
        entry = each.entry
        who, on = name(entry.actor), name(entry.on)
        about = (entry.seq, entry.ts, entry.kind, entry.actor, who, entry.role, on)
        said = (_facts(each, name), _words(each, called))
        writer.writerow(map(_cell, (*about, entry.policy, entry.prior, *said)))


def _facts(opened: Opened, name: Callable[[object], str]) -> str:
    named = {
        fact: name(value) if isinstance(value, str) else value
        for fact, value in opened.facts.items()
    }
    return json.dumps(named, ensure_ascii=False, sort_keys=True)


def _words(opened: Opened, called: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {called_so(words, called)}" for name, words in opened.words.items())


def _cell(value: object) -> str:
    """Give a cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
