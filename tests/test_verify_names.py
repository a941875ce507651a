"""The verifier on what an entry is about: its facts say so, and `on` says nothing else (I5, I6)."""

from dataclasses import replace
from pathlib import Path

import pytest
from bundles import Record, Signer, audit, export, sound_record, subset

from bot import verify
from bot.domain.record import Entry, Kind

# These are about the whole workspace, or about somebody or something that their facts may not name.
ABOUT_ELSE = {"log", "person", "token", "digest", "message", "opening", "export", "refused"}


def findings_in(record: Record, folder: Path) -> list[str]:
    return [sentence for _, sentence in audit(export(record), folder, Signer().vkey()).findings]


def test_the_verifier_knows_what_every_kind_of_entry_is_about() -> None:
    nouns = {kind.partition(".")[0] for kind in Kind}
    named = {each.partition(".")[0] for each in verify.NAME_OF}
    assert named | ABOUT_ELSE == nouns
    assert not named & ABOUT_ELSE
    assert {each for each in verify.NAME_OF if "." in each} <= {str(kind) for kind in Kind}


@pytest.mark.parametrize(
    "kind",
    [
        Kind.ROUND_OPENED,
        Kind.ROUND_DRAWN,
        Kind.VERDICT_RECORDED,
        Kind.ROUND_CLOSED,
        Kind.OBLIGATION_CLIMBED,
        Kind.OBLIGATION_ANSWERED,
        Kind.POLICY_CHANGED,
        Kind.GATE_CHANGED,
        Kind.RESUME_CONFIRMED,
    ],
)
@pytest.mark.parametrize("is_whole", [True, False])
def test_i6_an_entry_that_is_shown_as_anothers_is_found(
    tmp_path: Path, kind: Kind, *, is_whole: bool
) -> None:
    record = sound_record()
    seq = next(entry.seq for entry in record.entries if entry.kind == kind)
    told = record.entries[seq].on
    record.entries[seq] = replace(record.entries[seq], on=f"{told}0")

    def is_wanted(entry: Entry) -> bool:
        return entry.kind in {kind, Kind.OPENING_ERASED}

    files = export(record) if is_whole else subset(record, is_wanted)
    verdict = audit(files, tmp_path, Signer().vkey())
    assert (seq, f"is said to be about {told}0, but is about {told}") in verdict.findings


def test_i6_an_entry_that_says_not_what_it_is_about_is_found(tmp_path: Path) -> None:
    record = sound_record()
    record.add(Kind.REPORT_MADE, "workflow/triage", {"round": 1})
    assert "cannot be checked: it has no workflow" in findings_in(record, tmp_path)
