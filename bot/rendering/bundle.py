"""The record as a bundle that an auditor can check without this product."""

import csv
import io
import json
from base64 import b64encode
from collections.abc import Iterable
from importlib.resources import files
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.notes import proof_text
from bot.domain.record import Entry, canonical
from bot.domain.tree import Tree
from bot.rendering.views import RecordView

COLUMNS: Final = ("seq", "ts", "kind", "actor", "role", "on", "policy", "prior", "facts")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def write_bundle(record: RecordView, vkey: str, target: IO[bytes]) -> None:
    """Write the record as a zip whose layout `docs/log-format.md` describes."""
    with ZipFile(target, "w", ZIP_DEFLATED) as bundle:
        _write_lines(bundle, "entries.jsonl", (body for _, body in record.entries))
        _write_lines(
            bundle,
            "openings.jsonl",
            (
                canonical(
                    {
                        "seq": opening.seq,
                        "field": opening.field,
                        "salt": b64encode(opening.salt).decode(),
                        "value": opening.value,
                    }
                )
                for opening in record.openings
            ),
        )
        _write_lines(
            bundle,
            "populations.jsonl",
            (
                canonical(
                    {
                        "workflow": line.workflow,
                        "round": line.round,
                        "outputs": [list(each) for each in line.outputs],
                    }
                )
                for line in record.populations
            ),
        )
        bundle.writestr(f"checkpoints/{record.size}.note", record.note)
        if record.is_filtered:
            _write_proofs(bundle, record)
        _write_rest(bundle, record, vkey)


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
    bundle.writestr("view.csv", _csv(entry for entry, _ in record.entries))
    page = _templates().get_template("report.html.j2")
    bundle.writestr("report.html", page.render(record=record, columns=COLUMNS, facts=_facts))
    bundle.writestr("README.txt", files("bot.rendering").joinpath("bundle.txt").read_bytes())


def _csv(entries: Iterable[Entry]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = (getattr(entry, name) for name in COLUMNS[:-1])
        writer.writerow([*map(_cell, cells), _cell(_facts(entry))])
    return text.getvalue()


def _facts(entry: Entry) -> str:
    return json.dumps(dict(entry.facts), ensure_ascii=False, sort_keys=True)


def _cell(value: object) -> str:
    """Give a cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.rendering"), autoescape=True, undefined=StrictUndefined
    )
