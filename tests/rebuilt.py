"""I5: the state of a workspace, rebuilt from its entries alone and read from its tables."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Row, text
from worlds import World

from bot.domain.record import Entry, Kind

Name = tuple[str, int]
_Apply = Callable[["State", Entry], None]


@dataclass
class State:
    """What must be the same, whichever of the two it is taken from."""

    workflows: dict[str, str] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)
    gate_entries: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)  # open obligations: the rung they are on
    breaches: dict[Name, str] = field(default_factory=dict)
    rounds: dict[Name, str] = field(default_factory=dict)
    verdicts: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    settled: Counter[Name] = field(default_factory=Counter)
    requests: dict[str, str] = field(default_factory=dict)
    policies: dict[str, int] = field(default_factory=dict)
    drills: dict[Name, str] = field(default_factory=dict)


def rebuilt(entries: Iterable[Entry]) -> State:
    state = State()
    for entry in entries:
        if apply := _APPLY.get(entry.kind):
            apply(state, entry)
    return state


def as_stored(world: World) -> State:
    """Give the state as the tables hold it, asked in SQL of our own."""

    def rows(query: str) -> list[Row[tuple[object, ...]]]:
        with world.deps.store.engine.connect() as connection:
            where = {"workspace": world.deps.workspace}
            return list(connection.execute(text(f"{query} AND workspace = :workspace"), where))

    workflows = rows("SELECT key, state, gate, gate_entry, policy FROM workflow WHERE true")
    owed = rows("SELECT id, rung FROM obligation WHERE state = 'open'")
    breaches = rows("SELECT workflow, number, state FROM breach WHERE true")
    rounds = rows("SELECT workflow, number, state FROM round WHERE true")
    verdicts = rows("SELECT workflow, round, look FROM drawn WHERE is_verdict")
    settled = rows("SELECT workflow, round FROM settlement WHERE true")
    requests = rows("SELECT workflow, number, state FROM request WHERE true")
    drills = rows("SELECT workflow, number, state FROM drill WHERE true")
    return State(
        workflows={row.key: row.state for row in workflows},
        gates={row.key: row.gate for row in workflows},
        gate_entries={row.key: row.gate_entry for row in workflows},
        owed={row.id: row.rung for row in owed},
        breaches={(row.workflow, row.number): row.state for row in breaches},
        rounds={(row.workflow, row.number): row.state for row in rounds},
        verdicts=Counter((row.workflow, row.round, row.look) for row in verdicts),
        settled=Counter((row.workflow, row.round) for row in settled),
        requests={f"{row.workflow}/{row.number}": row.state for row in requests},
        policies={row.key: row.policy for row in workflows},
        drills={(row.workflow, row.number): row.state for row in drills},
    )


def _key(entry: Entry) -> str:
    return str(entry.facts["workflow"])


def _name(entry: Entry, noun: str) -> Name:
    return _key(entry), int(str(entry.facts[noun]))


def _registered(state: State, entry: Entry) -> None:
    state.workflows[_key(entry)] = "draft"
    state.gates[_key(entry)], state.gate_entries[_key(entry)] = "not_ready", -1


def _accepted(state: State, entry: Entry) -> None:
    state.workflows[_key(entry)] = "live"


def _moved(state: State, entry: Entry) -> None:
    assert state.gates[_key(entry)] == entry.facts["from"]
    state.gates[_key(entry)] = str(entry.facts["to"])
    state.gate_entries[_key(entry)] = entry.seq
    if entry.facts["to"] == "retired":
        state.workflows[_key(entry)] = "retired"


def _owed(state: State, entry: Entry) -> None:
    state.owed[str(entry.facts["obligation"])] = -1


def _climbed(state: State, entry: Entry) -> None:
    assert entry.facts["obligation"] in state.owed, "only what is owed climbs"
    state.owed[str(entry.facts["obligation"])] = int(str(entry.facts["rung"]))


def _ended(state: State, entry: Entry) -> None:
    owed = str(entry.facts["obligation"])
    del state.owed[owed]
    kind, _, request = owed.partition("/")
    if kind == "confirm":
        state.requests[request] = _REQUEST_ENDS[entry.kind]


_REQUEST_ENDS: Final = {
    Kind.OBLIGATION_ANSWERED: "confirmed",
    Kind.OBLIGATION_LAPSED: "lapsed",
    Kind.OBLIGATION_SUPERSEDED: "superseded",
}


def _policy(state: State, entry: Entry) -> None:
    version = int(str(entry.facts["number"]))
    assert version == state.policies.get(_key(entry), 0) + 1
    state.policies[_key(entry)] = version


def _request(state: State, entry: Entry) -> None:
    state.requests[f"{_key(entry)}/{entry.facts['request']}"] = "open"


def _drill_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.drills[_name(entry, "drill")] = str(entry.facts.get("why", step))

    return apply


def _verdict_of(look: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.verdicts[(*_name(entry, "round"), look)] += 1

    return apply


def _settled(state: State, entry: Entry) -> None:
    state.settled[_name(entry, "round")] += 1


def _breach_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.breaches[_name(entry, "breach")] = step

    return apply


def _round_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.rounds[_name(entry, "round")] = step

    return apply


_APPLY: Final[dict[Kind, _Apply]] = {
    Kind.WORKFLOW_REGISTERED: _registered,
    Kind.OWNERSHIP_ACCEPTED: _accepted,
    Kind.GATE_CHANGED: _moved,
    Kind.OBLIGATION_OPENED: _owed,
    Kind.OBLIGATION_CLIMBED: _climbed,
    Kind.OBLIGATION_ANSWERED: _ended,
    Kind.OBLIGATION_SUPERSEDED: _ended,
    Kind.OBLIGATION_LAPSED: _ended,
    Kind.RESUME_REQUESTED: _request,
    Kind.CHANGE_REQUESTED: _request,
    Kind.POLICY_CHANGED: _policy,
    Kind.DRILL_STARTED: _drill_is("running"),
    Kind.DRILL_MEASURED: _drill_is("measured"),
    Kind.DRILL_ENDED: _drill_is("overtaken"),
    Kind.VERDICT_RECORDED: _verdict_of("first"),
    Kind.SECOND_VERDICT_RECORDED: _verdict_of("second"),
    Kind.DISAGREEMENT_SETTLED: _settled,
    Kind.BREACH_OPENED: _breach_is("open"),
    Kind.BREACH_ACKNOWLEDGED: _breach_is("acknowledged"),
    Kind.DECISION_RECORDED: _breach_is("decided"),
    Kind.BREACH_CLOSED: _breach_is("closed"),
    Kind.ROUND_OPENED: _round_is("open"),
    Kind.ROUND_DRAWN: _round_is("drawn"),
    Kind.ROUND_CLOSED: _round_is("closed"),
}
