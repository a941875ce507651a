"""The page on metrics and the alerts say what is so: every name in them is one that is told."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from worlds import World

from bot.usecases import witness
from handlers.http import build
from handlers.http.board import GateBoard
from handlers.http.health import Probes
from handlers.http.metrics import KEPT, Signs
from handlers.slack.timed import Answered
from tests.exposition import Exposed, parse
from tests.handlers.http.http_bench import Client

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGE: Final = (DOCS / "metrics.md").read_text()
ROW: Final = re.compile(r"\| `(answerable_\w+)` \| (\w+) \| ([^|]*)\|")
RULES: Final[list[dict[str, Any]]] = [
    rule
    for group in yaml.safe_load((DOCS / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
SELECTED: Final = re.compile(r"(answerable_\w+)(?:\{([^}]*)\})?")
MATCHER: Final = re.compile(r'(\w+)="([^"]*)"')
GROUPED: Final = re.compile(r"by \(([^)]*)\)")
# What the rest of an expression may be, once metrics, matchers and labels are taken out.
REST: Final = re.compile(
    r"sum|max|min|by|or|absent|increase|offset|\[\d+[mhd]\]|\d+[mhd]?|==|[<>*()\s]"
)
OF_PROMETHEUS: Final = frozenset({"job", "instance"})  # it puts them on every series by itself

rules = pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])


@pytest.fixture
def told(live: World) -> Iterator[Exposed]:
    """All that a bot can tell: it has a socket, and a witness that has seen something."""
    checkpoint = witness.take_for_witness(live.deps)
    assert checkpoint
    witness.record_witnessed(live.deps, checkpoint)
    board = GateBoard(live.deps, live.clock)
    board.refresh()
    signs = Signs(
        version="1.2.3",
        engine="sqlite",
        has_witness=True,
        leads=lambda: True,
        since_tick=lambda: 0.5,
        is_let_in=lambda: True,
        messages=lambda: {"sent": 0, "given_up": 0},
        answers=Answered(live.clock).so_far,
        socket=lambda: True,
    )
    probes = Probes(database=lambda: True, ticker=lambda: True, token=lambda: True)
    with ThreadPoolExecutor(1) as executor, asyncio.Runner() as runner:
        app = build(live.deps, board, probes, live.clock, executor=executor, signs=signs)
        yield parse(Client(app, runner).get("/metrics").text)


def test_the_page_has_a_row_for_each_metric_and_none_besides(told: Exposed) -> None:
    rows = {
        name: (kind, frozenset(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in ROW.findall(PAGE)
    }
    assert rows == {
        name: (family.kind, family.labels - {"le"}) for name, family in told.families.items()
    }


def test_the_pages_numbers_are_so(told: Exposed) -> None:
    series = sum(len(family.samples) for family in told.families.values())
    assert abs(series - int(re.findall(r"about (\d+) series", PAGE)[0])) <= 10
    assert f"at most once in {KEPT:g} seconds" in PAGE


@rules
def test_an_alert_goes_by_metrics_and_labels_that_are_told(
    told: Exposed, rule: dict[str, Any]
) -> None:
    selected = SELECTED.findall(rule["expr"])
    assert selected
    labels = set(OF_PROMETHEUS)
    for name, matchers in selected:
        assert name in told
        labels |= told.families[name].labels
        for label, value in MATCHER.findall(matchers):
            assert value in told.families[name].values_of(label)
    for grouped in GROUPED.findall(rule["expr"]):
        assert set(grouped.split(", ")) <= labels


@rules
def test_an_alert_is_an_expression_that_prometheus_reads(rule: dict[str, Any]) -> None:
    expression = rule["expr"]
    depth = 0
    for character in expression:
        depth += {"(": 1, ")": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    rest = SELECTED.sub("", GROUPED.sub("", expression))
    assert REST.sub("", rest) == ""
    assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))


@rules
def test_an_alert_says_what_happened_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "action"}
    assert all(said.endswith(".") for said in rule["annotations"].values())


def test_alerts_watch_what_an_operator_has_to_mend() -> None:
    watched = {name for rule in RULES for name, _ in SELECTED.findall(rule["expr"])}
    assert watched >= {
        f"answerable_{name}"
        for name in (
            *("leading", "tick_age_seconds", "obligations_overdue", "outbox_wait_seconds"),
            *("breaches", "slack_let_in", "database_up", "witness_lag_seconds", "gates_seen"),
        )
    }
