"""What a scrape is told: of the process, of the gates, and of the database while it answers."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.durations import Durations, with_one_more
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind
from bot.usecases import Deps
from bot.usecases.metrics import Figures, read_figures
from handlers.http import build
from handlers.http.exposition import MEDIA_TYPE, exposed, gauge, histograms
from handlers.http.health import Probes
from handlers.http.metrics import KEPT, Census, Signs
from tests.exposition import Exposed, parse
from tests.handlers.http.http_bench import OWNER, Client, World

ANSWERED = with_one_more(with_one_more(Durations(), 0.05), 2.0)


@dataclass
class Watched:
    """A bot that is scraped, and what its parts say of themselves."""

    world: World
    client: Client
    says: dict[str, Any]

    def scrape(self) -> Exposed:
        answer = self.client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == MEDIA_TYPE
        return parse(answer.text)

    def later(self) -> Exposed:
        """Scrape when what was read before is too old to be given again."""
        self.world.clock.seconds += KEPT
        self.world.board.refresh()
        return self.scrape()


@pytest.fixture(params=[True])
def watched(world: World, request: pytest.FixtureRequest) -> Iterator[Watched]:
    has_socket = bool(request.param)
    says: dict[str, Any] = {
        "leads": True,
        "since_tick": 0.5,
        "is_let_in": True,
        "socket": True,
        "messages": {"sent": 3, "given_up": 1},
        "answers": {"acknowledged": ANSWERED, "failed": Durations()},
    }
    signs = Signs("1.2.3", "sqlite", has_witness=has_socket, **_asked(says))
    signs = signs if has_socket else replace(signs, socket=None)
    probes = Probes(database=lambda: True, ticker=lambda: True, token=lambda: True)
    app = build(world.deps, world.board, probes, world.clock, executor=world.executor, signs=signs)
    with asyncio.Runner() as runner:
        yield Watched(world, Client(app, runner), says)


def _asked(says: dict[str, Any]) -> dict[str, Any]:
    return {name: (lambda name=name: says[name]) for name in says}


without_socket = pytest.mark.parametrize("watched", [False], indirect=True)


def test_a_scrape_is_the_text_format_letter_by_letter(watched: Watched) -> None:
    found = watched.scrape()
    assert len(found.families) > 15
    assert found.value("answerable_build_info", version="1.2.3", engine="sqlite") == 1


def test_what_the_process_knows_of_itself_is_told(watched: Watched) -> None:
    found = watched.scrape()
    told = {
        name: found.value(f"answerable_{name}")
        for name in ("leading", "tick_age_seconds", "slack_let_in", "socket_open")
    }
    assert told == {"leading": 1, "tick_age_seconds": 0.5, "slack_let_in": 1, "socket_open": 1}
    assert found.value("answerable_messages_total", result="sent") == 3
    assert found.value("answerable_messages_total", result="given_up") == 1
    assert datetime.fromtimestamp(found.value("answerable_start_time_seconds"), UTC)

    watched.says |= {"leads": False, "is_let_in": False, "socket": False, "since_tick": 90.0}
    found = watched.scrape()
    assert found.value("answerable_tick_age_seconds") == 90
    assert not any(
        found.value(f"answerable_{name}") for name in ("leading", "slack_let_in", "socket_open")
    )


def test_a_bot_that_never_ticked_grows_stale_from_its_start(watched: Watched) -> None:
    watched.says["since_tick"] = None
    watched.world.clock.seconds += 75
    assert watched.scrape().value("answerable_tick_age_seconds") == 75


@without_socket
def test_what_is_not_set_up_is_not_told(watched: Watched) -> None:
    found = watched.scrape()
    assert "answerable_socket_open" not in found
    assert not any("witness" in name for name in found.families)


def test_answers_are_counted_by_how_long_they_took(watched: Watched) -> None:
    name, found = "answerable_slack_answer_seconds", watched.scrape()
    buckets = {
        le: found.value(name, suffix="_bucket", result="acknowledged", le=le)
        for le in ("0.1", "0.3", "1", "3", "+Inf")
    }
    assert buckets == {"0.1": 1, "0.3": 1, "1": 1, "3": 2, "+Inf": 2}
    assert found.value(name, suffix="_sum", result="acknowledged") == pytest.approx(2.05)
    assert found.value(name, suffix="_count", result="failed") == 0


def test_gates_are_counted_by_state_and_no_workflow_is_named(watched: Watched) -> None:
    watched.world.register("contracts", live=False)
    watched.world.register("claims")
    watched.world.pause("claims")
    answer = watched.client.get("/metrics").text
    found = parse(answer)
    counted = {each: found.value("answerable_gates", state=each) for each in GateState}
    assert {each: number for each, number in counted.items() if number} == {
        "run": 1,
        "paused": 1,
        "not_ready": 1,
    }
    for named in ("invoices", "contracts", "claims", OWNER.user_id, "T0TEST", "C0FINANCE"):
        assert named not in answer


def test_i10_gates_that_cannot_be_seen_are_not_told(watched: Watched) -> None:
    assert watched.scrape().value("answerable_gates_seen") == 1
    watched.world.clock.seconds += 2
    assert watched.scrape().value("answerable_gates_seen") == 0


def test_figures_of_the_database_move(watched: Watched) -> None:
    before = watched.scrape()
    assert before.value("answerable_database_up") == 1
    watched.world.register("contracts", live=False)
    after = watched.later()
    assert _open(after, "accept") == _open(before, "accept") + 1
    assert after.value("answerable_log_entries") > before.value("answerable_log_entries")
    assert after.value("answerable_outbox_messages", state="ready") > 0


def test_each_kind_is_told_though_there_is_none_of_it(watched: Watched) -> None:
    found = watched.scrape()
    for name in ("open", "overdue"):
        family = found.families[f"answerable_obligations_{name}"]
        assert family.values_of("kind") == {kind.value for kind in ObligationKind}
    assert found.value("answerable_breaches", state="open", critical="true") == 0
    assert len(found.families["answerable_breaches"].samples) == 6


def test_nobody_has_the_database_read_more_often_than_every_five_seconds(
    watched: Watched,
) -> None:
    before = _open(watched.scrape(), "accept")
    watched.world.register("contracts", live=False)
    watched.world.clock.seconds += KEPT - 0.1
    assert _open(watched.scrape(), "accept") == before
    watched.world.clock.seconds += 0.1
    assert _open(watched.scrape(), "accept") == before + 1


def test_a_database_that_is_away_takes_only_its_own_figures_with_it(
    watched: Watched, logged: list[Any]
) -> None:
    _rename(watched.world, "obligation", "aside")
    for found in (watched.scrape(), watched.later(), watched.later()):
        assert found.value("answerable_database_up") == 0
        assert found.value("answerable_database_ready") == 0
        assert found.value("answerable_leading") == 1
        assert found.value("answerable_gates_seen") == 1
        assert "answerable_gates" not in found
        assert "answerable_obligations_open" not in found
    said = [each for each in logged if each["event"] == "figures cannot be read"]
    assert len(said) == 1, "said once, not with every scrape"
    assert said[0]["error"] == "Unwritable"

    _rename(watched.world, "aside", "obligation")
    assert watched.later().value("answerable_database_up") == 1


def test_a_reading_that_hangs_holds_up_one_scrape_and_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.http.metrics.PATIENCE", 0.01)
    census = Census(world.deps, world.clock, lambda: True)
    hanging, answered = threading.Event(), threading.Event()

    def hang(deps: Deps) -> Figures:
        hanging.set()
        answered.wait(2)
        return read_figures(deps)

    monkeypatch.setattr("handlers.http.metrics.read_figures", hang)
    first = threading.Thread(target=census.figures_or_none)
    first.start()
    assert hanging.wait(10)
    assert census.figures_or_none() is None
    answered.set()
    first.join()
    assert census.figures_or_none() is not None


def test_nothing_is_told_that_was_not_asked_for(world: World) -> None:
    assert world.client.get("/metrics").status_code == 404


def test_the_apis_page_has_it(watched: Watched) -> None:
    page = watched.client.get("/openapi.json").json()
    told = page["paths"]["/metrics"]["get"]
    assert list(told["responses"]["200"]["content"]) == ["text/plain"]
    assert "security" not in told, "as open as the probes"


def test_whatever_a_label_holds_it_breaks_no_line() -> None:
    hostile = 'a"b\\c\nd{},=\u202e#'
    text = exposed([gauge("answerable_x", "One\nline \\ only.", 0.1 + 0.2, {"version": hostile})])
    assert len(text.splitlines()) == 3
    assert parse(text).value("answerable_x", version=hostile) == 0.1 + 0.2


def test_durations_at_a_limit_are_within_it() -> None:
    taken = Durations()
    for seconds in (0.1, 0.30001, 3.0, 3.1):
        taken = with_one_more(taken, seconds)
    assert taken.within == (1, 1, 2, 3)
    assert taken.count == 4
    parse(exposed([histograms("answerable_x_seconds", "How long.", "result", {"a": taken})]))


def _open(found: Exposed, kind: str) -> float:
    return found.value("answerable_obligations_open", kind=kind)


def _rename(world: World, table: str, to: str) -> None:
    with world.deps.store.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")
