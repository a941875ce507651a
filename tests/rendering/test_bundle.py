"""The views in an export: what people wrote, readable and harmless, until it is erased."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest
from worlds import BACKUP, CRITICAL, KEY, MEMBER, MONDAY, OWNER, ROLES, STEWARD, World, person

from bot.domain.breaches import Decision
from bot.domain.people import OPERATOR
from bot.domain.record import Entry, Kind
from bot.rendering.bundle import write_bundle
from bot.rendering.opened import ERASED, opened
from bot.rendering.views import OpeningLine, RecordView
from bot.usecases import forgetting, gate, record, requests
from bot.usecases.record import Wanted

COMMITMENT = re.compile(r"[A-Za-z0-9+/]{43}=")
PSEUDONYM = re.compile(r"person-[a-z2-7]{16}")
ALLOWED = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "code", "ul", "li"),
        *("table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "time", "span", "small"),
        *("a", "b", "br", "div", "i", "pre", "q"),
    )
)


def views(
    world: World, wanted: Wanted | None = None, called: dict[str, str] | None = None
) -> tuple[str, list[dict[str, str]]]:
    """Give the page and the rows of the table in an export."""
    with record.read_record(world.deps, wanted or Wanted()) as view:
        return taken_apart(view, called)


def taken_apart(
    view: RecordView, called: dict[str, str] | None = None
) -> tuple[str, list[dict[str, str]]]:
    target = io.BytesIO()
    write_bundle(view, "the key", target, called)
    with ZipFile(target) as bundle:
        page = bundle.read("report.html").decode()
        table = io.StringIO(bundle.read("view.csv").decode(), newline="")
    return page, list(csv.DictReader(table))


def rows_of(rows: list[dict[str, str]], kind: Kind) -> list[dict[str, str]]:
    return [row for row in rows if row["kind"] == kind]


class Reader(HTMLParser):
    """Takes a page apart: what is read in it, which tags and which addresses it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self._texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._texts.append(" " if tag in {"td", "th", "br", "li"} else "")
        for name, value in attrs:
            assert not name.startswith("on")
            if name in {"href", "src", "action"}:
                self.links.add(str(value))

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts).split())


def decided(live: World, decision: Decision = Decision.PAUSE) -> World:
    """Have a round answered, found critical, and its breach decided."""
    live.answers_round(1, CRITICAL)
    live.acknowledges(1)
    live.decides(1, decision, by=STEWARD, why="it hurt a customer")
    return live


def test_the_table_says_who_did_what_and_in_which_words(live: World) -> None:
    _, rows = views(decided(live))

    [registered] = rows_of(rows, Kind.WORKFLOW_REGISTERED)
    assert (registered["person"], registered["on"]) == (OWNER, f"workflow/{KEY}")
    assert f"owner: {OWNER}" in registered["words"]
    assert "purpose: Sorts the mail" in registered["words"]
    [decision] = rows_of(rows, Kind.DECISION_RECORDED)
    assert (decision["person"], decision["words"]) == (STEWARD, "reason: it hurt a customer")
    assert PSEUDONYM.fullmatch(decision["actor"]), "as the evidence names them"
    assert not [row for row in rows if COMMITMENT.search(row["facts"])]


def test_the_page_names_people_and_what_they_said(live: World) -> None:
    page, _ = views(decided(live))
    read = Reader(page).text

    assert "The evidence is entries.jsonl" in read
    for told in (OWNER, STEWARD, "Sorts the mail", "“it hurt a customer”", "it hurt a customer"):
        assert told.strip("“”") in read
    assert not PSEUDONYM.search(read)
    body = read.partition("Every entry")[2]
    assert not COMMITMENT.search(body)


CALLED = {OWNER: "Ada <b>Okafor</b>", STEWARD: "=Cleo()"}


def test_people_are_named_beside_their_ids_where_their_names_are_known(live: World) -> None:
    page, rows = views(decided(live), called=CALLED)
    summary, _, entries = Reader(page).text.partition("Every entry")

    assert f"Ada <b>Okafor</b> ({OWNER})" in summary, "as owner: letter by letter, no markup"
    assert f"{BACKUP} =Cleo() ({STEWARD})" in summary, "of whom no name is known there is the id"
    assert f"pause by =Cleo() ({STEWARD})" in summary
    assert f"owner Ada <b>Okafor</b> ({OWNER})" in entries
    assert "of whom no name was known then, there is the id alone" in summary
    [decision] = rows_of(rows, Kind.DECISION_RECORDED)
    assert decision["person"] == f"'=Cleo() ({STEWARD})", "no formula"
    [registered] = rows_of(rows, Kind.WORKFLOW_REGISTERED)
    assert f"owner: Ada <b>Okafor</b> ({OWNER})" in registered["words"]


def test_i12_names_are_in_nothing_that_is_evidence_and_of_nobody_who_was_forgotten(
    live: World,
) -> None:
    live.hands_over(replace(ROLES, backup=MEMBER))
    called = {**CALLED, BACKUP: "Ben Ito"}
    target = io.BytesIO()
    with record.read_record(live.deps, Wanted()) as view:
        write_bundle(view, "the key", target, called)
    with ZipFile(target) as bundle:
        told = {name for name in bundle.namelist() if b"Ben Ito" in bundle.read(name)}
    assert told == {"report.html", "view.csv"}

    forgetting.forget_person(live.deps, OPERATOR, BACKUP, "asked to")
    page, rows = views(live, called=called)
    assert "Ben Ito" not in page + str(rows)


def test_a_page_made_without_a_running_bot_says_where_names_are(live: World) -> None:
    page, _ = views(live)
    assert "only a running bot knows their names" in Reader(page).text


def test_the_page_begins_with_what_the_record_comes_to(live: World) -> None:
    page, _ = views(decided(live))
    summary = Reader(page).text.partition("Every entry")[0]

    assert f"{KEY} Sorts the mail" in summary
    assert "paused since 2026-06-01 09:00" in summary
    assert "4 of 4" in summary
    assert "critical critical verdict" in summary
    assert f"pause by {STEWARD}" in summary
    assert "1 breach " in summary
    assert "A demo record" in summary


def test_the_page_names_both_who_have_resumed_a_workflow(live: World) -> None:
    live.pauses()
    live.asks_to_resume(by=STEWARD)
    live.confirms(1, by=BACKUP)
    page, _ = views(live)
    summary = Reader(page).text.partition("Every entry")[0]

    assert f"asked by {STEWARD}, confirmed by {BACKUP}" in summary


def test_a_part_says_that_it_is_one(live: World) -> None:
    whole, _ = views(live)
    part, rows = views(live, Wanted(since=MONDAY))

    assert "A part of the record" not in whole
    assert "A part of the record" in part
    assert "not yet" not in Reader(part).text.partition("Rounds")[0]
    assert rows[1]["kind"] == Kind.ROUND_DRAWN


def test_i12_what_was_erased_is_said_to_be_erased(live: World) -> None:
    decided(live, Decision.RETIRE)
    forgetting.forget_person(live.deps, OPERATOR, STEWARD, "asked to")
    page, rows = views(live)

    assert STEWARD not in page
    assert STEWARD not in str(rows)
    [decision] = rows_of(rows, Kind.DECISION_RECORDED)
    assert (decision["person"], decision["words"]) == ("[erased]", "reason: [erased]")
    assert f"retire by {ERASED}" in Reader(page).text
    assert "it hurt a customer" not in page
    assert OWNER in page, "the others stay"


HOSTILE = (
    "=HYPERLINK(1)",
    "</td><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 191 }}",
    "abc\u202edcba\u200b",
    "@SUM(A1)\r\n=2+3",
)


def test_i11_no_word_becomes_a_formula_or_markup(live: World) -> None:
    for place, words in enumerate(HOSTILE):
        gate.pause_workflow(live.deps, person(OWNER), KEY, words)
        gate.request_resume(live.deps, person(OWNER), KEY, words)
        requests.confirm_request(live.deps, person(BACKUP), KEY, place + 1)
    page, rows = views(live)
    read = Reader(page)

    assert read.tags <= ALLOWED
    assert all(link.startswith("#e") for link in read.links)
    assert "</td><script>alert(1)</script>" in read.text, "shown as the text it is"
    assert "1337" not in page
    assert "\u202e" not in page
    assert "\\u202e" in page
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_a_page_reaches_for_nothing_outside_itself(live: World) -> None:
    page, _ = views(live)

    assert "default-src 'none'" in page
    # Two slashes reach for something where a link begins, not within a commitment in base64.
    assert not re.search(r"https?://|[\"'(=]\s*//|@import|url\(", page)


def test_what_is_long_is_cut_and_whole_in_its_title(live: World) -> None:
    page, rows = views(live)
    [drawn] = rows_of(rows, Kind.ROUND_DRAWN)
    [root] = re.findall(r'"population_root": "([0-9a-f]{64})"', drawn["facts"])

    assert f'<span title="{root}">{root[:10]}…</span>' in page


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_i11_a_cell_that_begins_like_a_formula_begins_with_an_apostrophe(name: str) -> None:
    entry = an_entry(0, on=name)
    rows = ((entry, b""),)
    view = RecordView(
        origin="log",
        size=1,
        is_filtered=False,
        entries=rows,
        leaves=(),
        openings=iter(()),
        populations=iter(()),
        note="a note",
    )
    _, [row] = taken_apart(view)

    assert row["on"] == f"'{name}"


def test_openings_are_read_along_with_the_entries_and_not_before() -> None:
    entries = [an_entry(seq) for seq in (1, 4, 5)]
    read: list[int] = []

    def openings() -> Iterator[OpeningLine]:
        for seq in (0, 1, 2, 5):
            read.append(seq)
            yield OpeningLine(seq, "facts.reason_c", b"", f"words {seq}")

    merged = opened(entries, openings())
    assert next(merged).words == {"reason": "words 1"}
    assert 5 not in read
    assert [each.words["reason"] for each in merged] == [ERASED, "words 5"]


def an_entry(seq: int, on: str = "workflow/triage") -> Entry:
    facts = {"reason_c": "a commitment", "workflow": KEY}
    return Entry(
        v=1,
        seq=seq,
        log="answerable/T0",
        id=f"id-{seq}",
        ts="2026-06-01T09:00:00.000000Z",
        kind=Kind.GATE_CHANGED,
        actor="system",
        role="clock",
        on=on,
        prior=None,
        policy=None,
        app="1",
        facts=facts,
    )
