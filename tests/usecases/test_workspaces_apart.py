"""I13: two workspaces in one database, with the same keys in both, know nothing of each other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import (
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    PIPELINE,
    STEWARD,
    World,
    a_world,
    findings,
    outputs,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.usecases import delivery, gate, questions, sampling, tokens


@pytest.fixture
def neighbour(live: World) -> World:
    """Another workspace in the same database, with a workflow of the same key."""
    other = a_world(live.path.parent, "T0OTHER", at=MONDAY)
    other.deps = replace(other.deps, draw_key=b"o" * 32)
    other.registers()
    other.accepts()
    return other


def test_i13_nothing_done_in_one_workspace_is_seen_in_another(
    live: World, neighbour: World
) -> None:
    def of_live() -> dict[str, list[object]]:
        return {
            name: [row for row in rows if live.deps.workspace in tuple(row)]  # type: ignore[arg-type]
            for name, rows in live.contents().items()
        }

    before = of_live()
    sampling.receive_outputs(neighbour.deps, PIPELINE, KEY, outputs(9, MONDAY, "o1-"))
    neighbour.forward(to=MONDAY + timedelta(days=7))
    neighbour.answers_round(1, CRITICAL)
    neighbour.acknowledges(1)
    neighbour.decides(1, Decision.PAUSE, by=STEWARD)
    neighbour.asks_to_resume()
    neighbour.confirms(1)
    with pytest.raises(Refused):
        neighbour.pauses(by=MEMBER)
    while posting := delivery.claim_message(neighbour.deps):
        delivery.record_shown(neighbour.deps, posting, None, "")
    neighbour.forward(40 * 24)
    neighbour.acknowledges(2)
    neighbour.decides(2, Decision.RETIRE)

    assert of_live() == before
    assert findings(neighbour) == []
    assert findings(live) == []


def test_i13_no_query_of_one_workspace_gives_what_is_anothers(
    live: World, neighbour: World
) -> None:
    neighbour.registers("only-there")
    new = tokens.NewToken("answ_other", "tok-there", "only-there", frozenset())
    tokens.create_token(neighbour.deps, new)

    board = gate.read_board(live.deps, -1)
    assert board
    assert ([row.key for row in board.gates], board.tokens) == ([KEY], ())
    assert len(questions.list_workflows(live.deps, person(OWNER)).workflows) == 1
    assert {entry.log for entry in live.entries()} == {"answerable/T0WORK"}
    assert {entry.log for entry in neighbour.entries()} == {"answerable/T0OTHER"}
    with pytest.raises(Refused, match="no workflow"):
        live.accepts("only-there")
    with pytest.raises(Refused, match="no token"):
        tokens.revoke_token(live.deps, "tok-there")
    pseudonyms = {entry.actor for entry in live.entries() if entry.actor.startswith("person-")}
    assert not pseudonyms & {entry.actor for entry in neighbour.entries()}


def test_i13_each_workspace_climbs_and_speaks_for_itself(live: World, neighbour: World) -> None:
    live.clock.move(MONDAY + timedelta(days=6))
    neighbour.clock.move(MONDAY + timedelta(days=6))
    neighbour.tick()
    assert live.entries(Kind.OBLIGATION_CLIMBED) == []

    posting = delivery.claim_message(neighbour.deps)
    assert posting
    delivery.record_shown(live.deps, posting, None, "")
    assert live.entries(Kind.MESSAGE_SHOWN) == []


def test_i13_what_is_handed_in_counts_in_its_own_workspace(live: World, neighbour: World) -> None:
    sampling.receive_outputs(neighbour.deps, PIPELINE, KEY, outputs(9, MONDAY, "o1-"))
    neighbour.forward(to=MONDAY + timedelta(days=7))
    neighbour.answers_round(1)
    never = MONDAY - timedelta(days=99)
    with neighbour.deps.store.read(neighbour.deps.workspace) as reading:
        assert reading.handed_in.rounds_of(OWNER, never, 9)
        assert reading.handed_in.most([KEY], never, 1)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.handed_in.rounds_of(OWNER, never, 9) == {}
        assert reading.handed_in.most([KEY], never, 1) == ()
        assert reading.handed_in.said_in(KEY, [1]) == {}
