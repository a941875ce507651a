"""I12: a person is forgotten, the record verifies as before, and says that it was done."""

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CRITICAL,
    KEY,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot import verify
from bot.domain.breaches import Decision
from bot.domain.forgetting import is_theirs
from bot.domain.messages import Shown
from bot.domain.people import OPERATOR
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.views import Notice
from bot.usecases import Deps, delivery, forgetting, gate, home, questions, showing
from bot.usecases.forgetting import Forgotten, _shows
from store.forgetting import DELETED, OVERWRITTEN

WHY: Final = "asked for by letter"
CORRECTION: Final = "Erna meant the other form"
CORRECTED: Final = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, CORRECTION)
LEAVE: Final = "three weeks by the sea"
OTHERS: Final = "the pilot has ended"  # words of somebody who is not forgotten
TYPED: Final = (
    *("Sorts the mail", "it misbehaves", "it behaves again", "a new desk"),
    *(LEAVE, CORRECTION),
)

HAND_OVER = "hand that role over with `/answerable handover triage`"


@pytest.fixture
def over(tmp_path: Path) -> World:
    """A workflow whose owner did all there is to do, until it was retired; all was shown."""
    return a_world_after(tmp_path, _over)


def _over(folder: Path) -> World:
    live = a_live_world(folder)
    home.note_opened(live.deps, OWNER)
    live.is_away(OWNER, BACKUP, days=1, reason=LEAVE)
    live.comes_back(OWNER)
    live.is_away(BACKUP, OWNER, start=1)
    live.comes_back(BACKUP, 2)
    live.hands_over(replace(ROLES, backup=OWNER, owner=BACKUP))
    live.hands_over(replace(ROLES, technical_owner="U0OTHER"))
    live.hands_over(ROLES)
    live.pauses()
    live.asks_to_resume()
    live.confirms(1)
    sends(live)
    with pytest.raises(Refused):
        gate.pause_workflow(live.deps, person(MEMBER, url="https://hooks.slack.com/x"), KEY, "no")
    live.hands_out(1, "U0BUILDER")
    live.takes_back(1)
    live.answers_page(1, CORRECTED)
    live.answers_round(1, CORRECTED, CRITICAL)
    live.looks_again(1)
    live.settles(1)
    live.raises(by=OWNER)
    live.acknowledges(1)
    live.live_through(2)
    sends(live)
    live.decides(1, Decision.RETIRE, by=STEWARD, why=OTHERS)
    sends(live)
    with live.deps.store.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO settlement VALUES (:workspace, :key, 1, 'o1', 'first', :by, 0)"),
            {"workspace": live.deps.workspace, "key": KEY, "by": OWNER},
        )
        connection.execute(
            text("INSERT INTO skip VALUES (:workspace, :key, 1, 'first', 'o1', :by, 0)"),
            {"workspace": live.deps.workspace, "key": KEY, "by": OWNER},
        )
    return live


def sends(world: World) -> None:
    """Send all that waits; each message stands where it was sent to."""
    while posting := delivery.claim_message(world.deps):
        place = posting.message.to.replace("U", "D", 1)
        shown = posting.shown or Shown(place, f"17000.{posting.id}")
        delivery.record_shown(world.deps, posting, shown, "")


def forget(world: World, user_id: str = OWNER) -> Forgotten:
    return forgetting.forget_person(world.deps, OPERATOR, user_id, WHY)


def places_of(world: World, value: str) -> set[str]:
    """Give every column of every table in which a text stands, bytes included."""
    found = set()
    with world.deps.store.engine.connect() as connection:
        for table in world.contents():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608
                found |= {f"{table}.{name}" for name, cell in row.items() if value in _text(cell)}
    return found


def _text(cell: object) -> str:
    return cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)


def pseudonym_of(world: World, user_id: str) -> str:
    with world.deps.store.read(world.deps.workspace) as reading:
        return reading.people.pseudonym_or_none(user_id) or ""


def test_i12_nobody_is_in_a_column_that_is_not_known_to_hold_people(over: World) -> None:
    known = {f"{column.table.name}.{column.name}" for column in (*OVERWRITTEN, *DELETED)}
    held = set().union(*(places_of(over, each) for each in (OWNER, BACKUP, STEWARD, "U0BUILDER")))
    # A case is named by whom it is told to, and goes with the row.
    assert held == known | {"opening.value", "message.case", "outbox.case"}


def test_nobody_is_forgotten_who_is_away_or_stands_in_for_now(over: World) -> None:
    over.is_away(MEMBER, OWNER)
    for each in (OWNER, MEMBER):
        with pytest.raises(Refused, match="stands in for somebody"):
            forget(over, each)
    over.comes_back(MEMBER, 3)
    forget(over)


def test_i12_after_it_no_table_has_the_person_or_their_words(over: World) -> None:
    assert findings(over) == []
    pseudonym = pseudonym_of(over, OWNER)
    forget(over)

    for trace in (OWNER, *TYPED):
        assert places_of(over, trace) == set(), trace
    assert places_of(over, OTHERS) == {"opening.value"}
    assert places_of(over, STEWARD) != set()
    assert "entry.body" in places_of(over, pseudonym), "the pseudonym stays, and is nobody"
    assert findings(over) == []


def test_i12_it_is_on_record_once_with_the_reason_and_opening_by_opening(over: World) -> None:
    before = over.entries()
    gone = forget(over)

    (forgotten,) = over.entries(Kind.PERSON_FORGOTTEN)
    erased = over.entries(Kind.OPENING_ERASED)
    assert (forgotten.seq, forgotten.actor) == (gone.number, "operator")
    assert forgotten.facts["openings"] == gone.openings == len(erased) > len(TYPED)
    assert {entry.prior for entry in erased} == {forgotten.seq}
    with over.deps.store.read(over.deps.workspace) as reading:
        assert reading.log.words(forgotten.seq, "reason") == WHY
    assert over.entries()[: len(before)] == before, "not one entry is another"


def test_i12_an_export_after_it_holds_nothing_of_the_person(over: World) -> None:
    findings(over)
    export = over.path.with_suffix(".zip")
    earlier = export.with_name("earlier.zip")
    shutil.copy(export, earlier)
    forget(over)
    assert findings(over) == []

    with zipfile.ZipFile(export) as bundle:
        for name in bundle.namelist():
            content = bundle.read(name).decode()
            assert not [trace for trace in (OWNER, *TYPED) if trace in content], name
    key = verify.parse_key(zipfile.ZipFile(earlier).read("log.vkey").decode())
    (note,) = [
        zipfile.ZipFile(earlier).read(name).decode()
        for name in zipfile.ZipFile(earlier).namelist()
        if name.startswith("checkpoints/")
    ]
    saved = verify.parse_checkpoint(note)
    assert verify.audit(verify.Bundle(earlier), key, ()).is_good, "with its own openings"
    assert verify.audit(verify.Bundle(export), key, [saved]).is_good, "it grew out of that"


def test_i12_the_files_of_the_database_hold_nothing_of_the_person(over: World) -> None:
    forget(over)
    for path in over.path.parent.glob("answerable.db*"):
        content = path.read_bytes()
        for trace in (OWNER, *TYPED):
            assert trace.encode() not in content, (path, trace)


def test_i12_what_showed_them_is_updated_in_place_and_the_rest_is_counted(over: World) -> None:
    with over.deps.store.read(over.deps.workspace) as reading:
        shown = reading.forgetting.shown()
    before = {each.case: showing.view_of(over.deps, each) for each in shown if each.to != OWNER}
    gone = forget(over)

    updated = []
    while posting := delivery.claim_message(over.deps):
        updated.append(posting)
        delivery.record_shown(over.deps, posting, posting.shown, "")
    after = {each.case: showing.view_of(over.deps, each) for each in shown if each.to != OWNER}
    changed = {case for case in before if before[case] != after[case]}
    assert {posting.message.case for posting in updated} == changed
    assert all(posting.shown for posting in updated), "none is posted anew"
    assert gone.updated == len(changed) > 2
    assert gone.unreached == len(shown) - len(before) > 2
    assert "[erased]" in str(after)
    assert not [trace for trace in (OWNER, *TYPED) if trace in str(after)]


def test_i12_a_message_shows_somebody_by_their_id_or_their_words_alone() -> None:
    notice = Notice("U0DANA said so", Proof(1, "ff"))
    assert _shows(notice, "U0DANA", set())
    assert _shows((1, {"deep": [notice]}), "U0BEN", {"U0DANA said so"})
    assert not _shows(notice, "U0DAN", {"said"})


def test_i12_what_is_being_sent_right_now_is_updated_as_well(over: World) -> None:
    over.registers("replies", by=ADMIN)
    posting = delivery.claim_message(over.deps)
    assert posting
    gone = forget(over, MEMBER)
    assert gone.updated == 1
    delivery.record_shown(over.deps, posting, Shown("C0", "1.0"), "")
    waiting = []
    while again := delivery.claim_message(over.deps):
        waiting.append(again.message.case)
    assert posting.message.case in waiting


def test_i12_answers_that_were_given_go_and_one_that_waits_stays(over: World) -> None:
    answers = "SELECT state FROM outbox WHERE place = 'answer'"
    with over.deps.store.engine.connect() as connection:
        assert connection.execute(text(answers)).all() == [("sent",)]
    waiting = person(BACKUP, url="https://hooks.slack.com/y")
    with pytest.raises(Refused):
        gate.request_resume(over.deps, waiting, KEY, "it is retired")
    forget(over)
    with over.deps.store.engine.connect() as connection:
        assert connection.execute(text(answers)).all() == [("ready",)]


def test_i12_who_acted_is_shown_as_erased_and_what_is_no_person_as_nobody(over: World) -> None:
    actor = pseudonym_of(over, OWNER)
    forget(over)
    with over.deps.store.read(over.deps.workspace) as reading:
        shown = [reading.people.user_of(each) for each in (actor, "system", "operator")]
    assert shown == ["[erased]", "", ""]


def test_i12_a_sheet_shows_that_words_are_gone(over: World) -> None:
    forget(over)
    sheet = questions.show_workflow(over.deps, person(MEMBER), KEY)
    assert sheet.purpose == "[erased]"
    assert "[erased]" in str(sheet.roles)


@pytest.mark.parametrize(
    ("user_id", "held", "first"),
    [
        (OWNER, "owner of triage", HAND_OVER),
        (STEWARD, "steward of triage", HAND_OVER),
        (ADMIN, "named in ANSWERABLE_ADMINS", "take them out of ANSWERABLE_ADMINS and start"),
        (AUDITOR, "named in ANSWERABLE_AUDITORS", "take them out of ANSWERABLE_AUDITORS and start"),
    ],
)
def test_i12_who_holds_a_role_is_not_forgotten_and_what_ends_that_is_said(
    live: World, user_id: str, held: str, first: str
) -> None:
    with pytest.raises(Refused, match=rf"{held}\. First {first}.*Nothing was erased"):
        forget(live, user_id)
    assert live.entries(Kind.PERSON_FORGOTTEN, Kind.OPENING_ERASED) == []
    assert live.refusals() == ["holds a role"]


def test_i12_who_owes_something_is_not_forgotten(live: World) -> None:
    with live.deps.store.engine.begin() as connection:
        connection.execute(text("UPDATE obligation SET owed_by = 'U0LEFT' WHERE state = 'open'"))
    with pytest.raises(Refused, match="still owes review/triage/1"):
        forget(live, "U0LEFT")


def test_i12_who_is_to_have_a_role_is_not_forgotten(live: World) -> None:
    live.is_away("U0NEXT", MEMBER)
    live.comes_back("U0NEXT")
    live.hands_over(replace(ROLES, owner=MEMBER, backup="U0NEXT"))
    with pytest.raises(Refused, match="to be backup of triage"):
        forget(live, "U0NEXT")
    live.hands_over(replace(ROLES, technical_owner=MEMBER))
    forget(live, "U0NEXT")
    assert places_of(live, "U0NEXT") == set()
    assert findings(live) == []


@pytest.mark.parametrize("user_id", ["U0NOBODY", "U0OWNE", "W1"])
def test_i12_who_is_not_known_is_not_forgotten(live: World, user_id: str) -> None:
    with pytest.raises(Refused, match="Nothing in the record is of"):
        forget(live, user_id)


@pytest.mark.parametrize("text", ["", "[erased]", "dana", "U", "U0OWNER ", "%"])
def test_i12_what_is_no_id_takes_nothing_away(over: World, text: str) -> None:
    before = over.contents()
    with pytest.raises(Invalid, match="Slack user id"):
        forget(over, text)
    assert over.contents() == before


def test_i12_who_was_forgotten_is_unknown_and_comes_back_as_somebody_else(over: World) -> None:
    before = pseudonym_of(over, OWNER)
    forget(over)
    with pytest.raises(Refused, match="Nothing in the record"):
        forget(over)
    questions.list_workflows(over.deps, person(OWNER))
    over.registers("replies")

    assert pseudonym_of(over, OWNER) not in {"", before}
    assert findings(over) == []


def test_i12_words_of_others_go_only_if_they_name_the_person() -> None:
    reason = "facts.reason_c"
    assert is_theirs(reason, "ask U0DANA.", "U0DANA", is_by_them=False)
    assert not is_theirs(reason, "ask U0DANAE", "U0DANA", is_by_them=False)
    assert is_theirs(reason, "anything", "U0DANA", is_by_them=True)
    assert is_theirs("facts.asked_c", "U0BEN U0DANA", "U0DANA", is_by_them=False)
    assert not is_theirs("facts.owner_c", "U0BEN", "U0DANA", is_by_them=True)


def test_i12_a_crash_in_the_middle_forgets_nobody(
    over: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = over.contents()

    def die(*_: object) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as dying:
        dying.setattr("store.record.Log.erase", die)
        with pytest.raises(RuntimeError):
            forget(over)
    assert over.contents() == before
    forget(over)
    assert findings(over) == []


def test_i12_what_was_recorded_while_it_was_looked_for_is_forgotten_too(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = forgetting._look  # noqa: SLF001 -- somebody acts right after this

    def look_too_early(deps: Deps, user_id: str) -> object:
        found = look(deps, user_id)
        with pytest.raises(Refused):
            live.pauses(by=MEMBER)
        return found

    monkeypatch.setattr(forgetting, "_look", look_too_early)
    assert forget(live, MEMBER).openings == 1
    assert places_of(live, MEMBER) == set()
    assert findings(live) == []
