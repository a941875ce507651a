"""The witness: what was seen outside, and a record that has to fit it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import reduce
from pathlib import Path

import pytest
from tampering import drop_guards
from worlds import ADMIN, BACKUP, OWNER, STEWARD, World, a_live_world, a_world, findings, person

from bot import verify
from bot.domain.messages import MessageKind, Shown
from bot.domain.notes import TreeHead
from bot.domain.people import OPERATOR
from bot.domain.record import Kind
from bot.domain.refusals import Busy, Refused
from bot.domain.tree import Frontier
from bot.domain.witness import Shortened
from bot.rendering.render import message
from bot.usecases import delivery, record, requests, showing, witness
from bot.usecases.record import Wanted
from store.memory import KeyMemory, NoMemory
from tests.engines import on_sqlite

pytestmark = on_sqlite  # backups are made and put back here as those of a file are


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[World]:
    """A live workflow in a log that remembers beside its key what was seen of it."""
    made = a_live_world(tmp_path)
    made.deps.store.memory = memory_of(made)
    yield made
    made.deps.store.engine.dispose()


def memory_of(world: World) -> KeyMemory:
    return KeyMemory(world.path.with_name("signing.key"))


def is_seen(world: World) -> int:
    """Have the newest checkpoint seen outside; give its size."""
    taken = witness.take_for_witness(world.deps)
    assert taken
    witness.record_witnessed(world.deps, taken)
    return taken.size


def backed_up(world: World) -> Path:
    """Back the database up as the page for operators says."""
    copy = world.path.with_suffix(".backup")
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(world.path)) as database:
        database.execute("VACUUM INTO ?", (str(copy),))
    return copy


def put_back(world: World, copy: Path) -> None:
    """Put the backup in the database's place."""
    world.deps.store.engine.dispose()
    for extra in ("-wal", "-shm"):
        world.path.with_name(world.path.name + extra).unlink(missing_ok=True)
    shutil.copy(copy, world.path)


def restored(world: World, copy: Path, *, is_watched: bool = True) -> World:
    """Put the backup in the database's place and start again, with the same key."""
    put_back(world, copy)
    again = a_world(world.path.parent, at=world.clock.now())
    again.deps.store.memory = memory_of(world) if is_watched else NoMemory()
    return again


def test_what_nobody_has_seen_is_taken_once(watched: World) -> None:
    first = is_seen(watched)
    assert first == len(watched.entries())
    assert witness.take_for_witness(watched.deps) is None
    assert len(watched.entries()) == first, "that it was seen is no entry: it would not end"

    watched.pauses()
    assert is_seen(watched) > first


@pytest.mark.parametrize(
    ("size", "advice"), [(0, "name other key files in ANSWERABLE_SIGNING_KEY_FILE"), (1, "recover")]
)
def test_what_to_do_about_a_record_that_is_too_short_can_be_done(size: int, advice: str) -> None:
    """`recover` needs a record that somebody began: an empty database has none."""
    said = str(Shortened(TreeHead("answerable/T0WORK", 7, Frontier().root()), size))
    assert "its first 7 entries were given to a witness" in said
    assert advice in said
    assert ("answerable recover" in said) is (size > 0)


def test_i6_a_restored_backup_is_not_appended_to(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    seen = is_seen(watched)
    old = restored(watched, copy)
    before = old.contents()

    with pytest.raises(Shortened, match=f"first {seen} entries were given to a witness"):
        old.pauses(by=BACKUP)
    with pytest.raises(Busy):
        record.start_log(old.deps)
    with pytest.raises(Shortened):
        requests.confirm_request(old.deps, person(OWNER), "triage", 1)
    with pytest.raises(Shortened):
        witness.take_for_witness(old.deps)
    assert not witness.is_whole(old.deps)
    assert old.contents() == before, "refusals neither"
    assert "Nothing was recorded" in Shortened.sentence


def test_i6_a_backup_is_refused_in_a_process_that_was_running_all_the_time(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    is_seen(watched)
    watched.reports(1)
    put_back(watched, copy)
    with pytest.raises(Shortened):
        watched.reports(1)


def test_i6_a_log_with_another_root_at_that_size_is_not_appended_to(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    seen = is_seen(watched)
    forked = restored(watched, copy, is_watched=False)
    while len(forked.entries()) <= seen:
        forked.reports(1)
    again = restored(forked, backed_up(forked))

    with pytest.raises(Shortened, match="another root"):
        again.reports(1)
    assert not witness.is_whole(again.deps)


def test_i6_a_log_without_its_end_is_not_appended_to(watched: World) -> None:
    watched.pauses()
    is_seen(watched)
    with closing(sqlite3.connect(watched.path)) as database, database:
        drop_guards(database)
        database.execute("DELETE FROM opening WHERE seq = (SELECT size - 1 FROM head)")
        database.execute("DELETE FROM entry WHERE seq = (SELECT size - 1 FROM head)")
        database.execute("DELETE FROM checkpoint WHERE size = (SELECT size FROM head)")
        leaves = database.execute("SELECT leaf FROM entry ORDER BY seq")
        tree = reduce(Frontier.append, (leaf for (leaf,) in leaves), Frontier())
        database.execute("UPDATE head SET size = ?, frontier = ?", (tree.size, tree.to_bytes()))
    with pytest.raises(Shortened):
        watched.reports(1)


def test_what_grew_since_it_was_seen_is_appended_to(watched: World) -> None:
    is_seen(watched)
    copy = backed_up(watched)
    watched.pauses()
    whole = restored(watched, copy)

    whole.pauses()
    assert witness.is_whole(whole.deps)
    assert findings(whole) == []


def test_a_crash_after_it_was_posted_and_before_that_was_noted_posts_it_again(
    watched: World,
) -> None:
    copy = backed_up(watched)
    taken = witness.take_for_witness(watched.deps)
    watched.deps.store.engine.dispose()  # posted; then the process died

    assert witness.take_for_witness(watched.deps) == taken
    watched.pauses()
    newer = witness.take_for_witness(watched.deps)
    assert newer != taken
    with pytest.raises(Shortened):  # what may have been seen counts as seen
        restored(watched, copy).reports(1)


def test_a_crash_before_it_is_remembered_posts_nothing(
    watched: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("store.memory._write", full)
        with pytest.raises(OSError, match="No space"):
            witness.take_for_witness(watched.deps)
    assert is_seen(watched) == len(watched.entries())


def test_i6_recovery_is_on_record_with_both_sizes_and_roots(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    seen = is_seen(watched)
    with watched.deps.store.read("T0WORK") as reading:
        lost = reading.log.last_checkpoint()
    old = restored(watched, copy)
    kept = len(old.entries())
    receipt = witness.recover_log(old.deps, OPERATOR, "the disk died")

    (entry,) = old.entries(Kind.LOG_RECOVERED)
    assert (receipt.number, entry.seq, entry.role) == (kept, kept, "operator")
    assert (entry.facts["witnessed_size"], entry.facts["witnessed_root"]) == (seen, lost.root)
    with old.deps.store.read("T0WORK") as reading:
        assert entry.facts["kept_size"] == kept
        assert entry.facts["kept_root"] == reading.log.root_at(kept)
        assert reading.log.words(entry.seq, "reason") == "the disk died"
    old.pauses()
    assert is_seen(old) == len(old.entries())
    assert findings(old) == []


def told_of_loss(world: World) -> dict[str, str]:
    """Work the outbox off and give what each person was told of a loss."""
    told = {}
    while posting := delivery.claim_message(world.deps):
        if posting.message.kind is MessageKind.LOSS_NOTICE:
            assert posting.message.to not in told
            told[posting.message.to] = message(showing.view_of(world.deps, posting.message)).text
        delivery.record_shown(world.deps, posting, Shown("D1", f"{posting.id}.0"), "")
    return told


def test_stewards_and_admins_are_told_of_the_loss_once(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    watched.asks_to_resume()
    seen = is_seen(watched)
    old = restored(watched, copy)
    lost = seen - len(old.entries())
    witness.recover_log(old.deps, OPERATOR, "the disk died")

    told = told_of_loss(old)
    assert set(told) == {STEWARD, ADMIN}
    for text in told.values():
        assert f"at least its last {lost} entries are lost" in text
        assert "a gate that was closed may stand open" in text
        assert "`/answerable due` shows everybody what they owe now" in text
    old.pauses()
    assert told_of_loss(old) == {}
    assert findings(old) == []


def test_who_kept_what_was_lost_finds_it_and_reads_why(watched: World) -> None:
    copy = backed_up(watched)
    watched.pauses()
    is_seen(watched)
    saved = verify.parse_checkpoint(memory_of(watched).path("T0WORK").read_text())
    old = restored(watched, copy)
    witness.recover_log(old.deps, OPERATOR, "the disk died")

    findings(old)
    verdict = verify.audit(verify.Bundle(old.path.with_suffix(".zip")), None, [saved])
    assert not verdict.is_good
    kept = verdict.entries - 1
    (said,) = verdict.recoveries
    assert said.startswith(f"recovered: entry {kept} goes on from the first {kept} entries")
    assert said.endswith(f"{saved.size} had been witnessed with the root {saved.root.hex()}")
    with record.read_record(old.deps, Wanted(workflow="triage")) as view:
        assert Kind.LOG_RECOVERED in {entry.kind for entry, _ in view.entries}


def test_there_is_nothing_to_recover_from_in_a_record_that_fits(watched: World) -> None:
    with pytest.raises(Refused, match="was ever shown to a witness, so there is nothing to hold"):
        witness.recover_log(watched.deps, OPERATOR, "because")
    is_seen(watched)
    with pytest.raises(Refused, match="fits what was witnessed"):
        witness.recover_log(watched.deps, OPERATOR, "because")
    assert watched.entries(Kind.LOG_RECOVERED) == []


def test_a_recovery_that_crashes_before_it_is_remembered_is_asked_for_again(
    watched: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backed_up(watched)
    watched.pauses()
    is_seen(watched)
    old = restored(watched, copy)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("store.memory._write", full)
        with pytest.raises(OSError, match="No space"):
            witness.recover_log(old.deps, OPERATOR, "the disk died")
    with pytest.raises(Shortened):
        old.reports(1)
    witness.recover_log(old.deps, OPERATOR, "the disk died")

    old.reports(1)
    assert len(old.entries(Kind.LOG_RECOVERED)) == 2
    assert findings(old) == []
