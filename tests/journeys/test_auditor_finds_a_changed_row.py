"""An auditor with an export and an earlier checkpoint needs neither our word nor our database."""

import contextlib
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from bot.domain.notes import checkpoint_text
from bot.domain.record import canonical
from bot.domain.tree import Frontier, leaf_hash
from bot.keys import signing_key
from tests.journeys import story
from tests.stage import Stage
from tests.tampering import drop_guards
from tests.workspace import AUDITOR, MEMBER, OWNER, STEWARD, Json


@pytest.fixture(scope="module")
def told(stage: Stage) -> Stage:
    """A stage on which a round was judged, and found partly wrong."""
    story.live(stage, "claims", sample="4")
    story.sampled(stage, "claims", 8)
    story.review(stage.slack, "claims", story.first_is(story.CRITICAL))
    stage.slack.press(OWNER, "acknowledge", "claims")
    story.decide(stage.slack, "claims", "pause", STEWARD)
    stage.until_sent()
    return stage


@pytest.fixture(scope="module")
def saved(told: Stage) -> Path:
    """The checkpoint an auditor saved while everything was still as it happened."""
    with zipfile.ZipFile(told.exported("earlier.zip")) as bundle:
        [name] = [each for each in bundle.namelist() if each.startswith("checkpoints/")]
        target = told.folder / "saved.note"
        target.write_bytes(bundle.read(name))
    return target


def test_the_record_arrives_in_the_auditors_own_conversation(told: Stage) -> None:
    slack = told.slack
    assert "on its way" in story.told(slack, AUDITOR, "export")
    [file] = slack.until(lambda: [each for each in slack.get("files") if each["complete"]])
    assert file["channels"] == [f"D{AUDITOR[1:]}"]
    target = told.folder / "from-slack.zip"
    target.write_bytes(slack.http.get(f"/sandbox/files/{file['id']}").content)

    checked = told.verify(target, "--key", str(told.vkey()))
    assert checked.returncode == 0, checked.stdout
    assert "demo record" in checked.stdout
    assert told.verify(target).returncode == 1, "unanchored: the key inside proves nothing"
    assert "unanchored" in told.verify(target).stdout
    taken = told.entries("export.made")
    assert [each["role"] for each in taken] == ["auditor"]


def test_who_may_not_read_the_record_is_refused_on_record(told: Stage) -> None:
    assert "You cannot read the record" in story.told(told.slack, MEMBER, "export")
    rules = [each["facts"]["rule"] for each in told.entries("refused")]
    assert "may not read the record" in rules


def test_a_checkpoint_saved_earlier_fits_what_grew_since(told: Stage, saved: Path) -> None:
    story.told(told.slack, AUDITOR, "export")
    later = told.exported("later.zip")
    checked = told.verify(later, "--checkpoint", str(saved))
    assert checked.returncode == 0, checked.stdout
    console = told.console("verify", str(later), "--checkpoint", str(saved))
    assert (console.returncode, console.stdout) == (0, checked.stdout), "the same verdict"


@pytest.mark.parametrize("name", ["entries.jsonl", "openings.jsonl", "populations.jsonl"])
def test_an_edited_bundle_is_found(told: Stage, saved: Path, name: str) -> None:
    whole, edited = told.folder / "earlier.zip", told.folder / f"edited-{name}.zip"
    assert saved.exists()
    swaps = {
        "entries.jsonl": (b'"severity":"critical"', b'"severity":"minor"'),
        "openings.jsonl": (b"Because of pause.", b"Because of claims"),
        "populations.jsonl": (b'["claims-1",', b'["claims-9",'),
    }
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(edited, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            if each == name:
                assert swaps[name][0] in content
                content = content.replace(*swaps[name])
            target.writestr(each, content)
    checked = told.verify(edited, "--key", str(told.vkey()))
    assert checked.returncode == 1
    assert checked.stdout.strip()


def test_a_row_edited_in_the_database_is_found_although_all_was_hashed_and_signed_again(
    told: Stage, saved: Path
) -> None:
    assert told.bot
    told.bot.stop()
    changed = _soften_the_breach(told)
    _hash_again(told, changed)
    told.serve()

    forged = told.folder / "forged.zip"
    taken = told.console("export", "--out", str(forged))
    assert taken.returncode == 0, taken.stderr
    by_key = told.verify(forged, "--key", str(told.vkey()))
    by_checkpoint = told.verify(forged, "--checkpoint", str(saved))
    assert by_key.returncode == 0, "whoever holds the key can make it look whole again"
    assert by_checkpoint.returncode == 1, "but not whole to whoever remembers"
    assert by_checkpoint.stdout.strip()


def _soften_the_breach(stage: Stage) -> dict[int, bytes]:
    """Give all entries by number, a critical breach told in milder words.

    Nothing else in the record speaks against these. A softer verdict the key alone would show.
    """
    bodies = dict(stage.rows("select seq, body from entry order by seq"))
    for seq, body in bodies.items():
        entry: Json = json.loads(body)
        if entry["kind"] == "breach.opened" and entry["facts"]["critical"]:
            entry["facts"]["detail"] = "Somebody was not quite content."
            bodies[seq] = canonical(entry)
            return bodies
    raise AssertionError("there is no critical breach to soften")


def _hash_again(stage: Stage, bodies: dict[int, bytes]) -> None:
    """Do everything an attacker with the database and the signing key can do."""
    key = signing_key(stage.folder / "signing.key")
    frontier = Frontier()
    with contextlib.closing(sqlite3.connect(stage.database)) as database, database:
        drop_guards(database)
        [(log,)] = database.execute("select log from head").fetchall()
        signed = {size for (size,) in database.execute("select size from checkpoint").fetchall()}
        for seq, body in bodies.items():
            leaf = leaf_hash(body)
            frontier = frontier.append(leaf)
            database.execute("update entry set body = ?, leaf = ? where seq = ?", (body, leaf, seq))
            if seq + 1 in signed:
                root = frontier.root()
                note = key.sign_checkpoint(log, checkpoint_text(log, seq + 1, root))
                database.execute(
                    "update checkpoint set root = ?, note = ? where size = ?",
                    (root.hex(), note, seq + 1),
                )
        database.execute("update head set frontier = ?", (frontier.to_bytes(),))
