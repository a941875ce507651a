"""I5: the state of a workspace, rebuilt from its entries alone and read from its tables."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Row, text
from worlds import World

from bot.domain.record import Entry, Kind

Name = tuple[str, int]
Roles = tuple[str, ...]  # owner, backup, steward, technical owner
Stay = tuple[str, str, str, str, str]  # its state, who is away, who stands in, from and to when
Words = Mapping[tuple[int, str], str]  # what the commitment of an entry stands for
_Apply = Callable[["State", Entry], None]


@dataclass
class State:
    """What must be the same, whichever of the two it is taken from."""

    workflows: dict[str, str] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)
    gate_entries: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)  # open obligations: the rung they are on
    breaches: dict[Name, str] = field(default_factory=dict)
    concerns: dict[Name, tuple[str, bool, str]] = field(default_factory=dict)  # how bad, named, who
    rounds: dict[Name, str] = field(default_factory=dict)
    sizes: dict[Name, int] = field(default_factory=dict)  # how many outputs are to be drawn
    verdicts: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    settled: Counter[Name] = field(default_factory=Counter)
    skips: set[tuple[Name, str, str, str]] = field(default_factory=set)  # look, output and by whom
    requests: dict[str, str] = field(default_factory=dict)
    policies: dict[str, int] = field(default_factory=dict)
    drills: dict[Name, str] = field(default_factory=dict)
    plants: dict[Name, int] = field(default_factory=dict)  # in which round, 0 while they wait
    shares: dict[Name, str] = field(default_factory=dict)
    held: dict[tuple[str, int, int], int] = field(default_factory=dict)  # by place in the draw
    roles: dict[str, Roles] = field(default_factory=dict)
    handovers: dict[str, tuple[str, Roles]] = field(default_factory=dict)
    absences: dict[int, Stay] = field(default_factory=dict)
    drawn: dict[Name, list[str]] = field(default_factory=dict, compare=False)


def rebuilt(entries: Iterable[Entry], words: Words) -> State:
    state, people = State(), dict[str, str]()
    for entry in entries:
        if apply := _APPLY.get(entry.kind):
            apply(state, entry)
        if entry.kind is Kind.PERSON_INTRODUCED:
            people[str(entry.facts["person"])] = words[entry.seq, "person"]
        if named := _NAMED.get(entry.kind):
            named(state, entry, words, people)
    return state


def words_of(world: World) -> Words:
    """Give the openings of the record."""
    with world.deps.store.engine.connect() as connection:
        found = connection.execute(
            text("SELECT seq, field, value FROM opening WHERE workspace = :workspace"),
            {"workspace": world.deps.workspace},
        )
        return {
            (row.seq, row.field.removeprefix("facts.").removesuffix("_c")): row.value
            for row in found
        }


def as_stored(world: World) -> State:
    """Give the state as the tables hold it, asked in SQL of our own."""

    def rows(query: str) -> list[Row[tuple[object, ...]]]:
        with world.deps.store.engine.connect() as connection:
            where = {"workspace": world.deps.workspace}
            return list(connection.execute(text(f"{query} AND workspace = :workspace"), where))

    workflows = rows("SELECT * FROM workflow WHERE true")
    handovers = rows("SELECT * FROM handover WHERE true")
    absences = rows("SELECT * FROM absence WHERE true")
    owed = rows("SELECT id, rung FROM obligation WHERE state = 'open'")
    breaches = rows("SELECT workflow, number, state FROM breach WHERE true")
    concerns = rows("SELECT * FROM concern WHERE true")
    rounds = rows("SELECT workflow, number, state, sample FROM round WHERE true")
    verdicts = rows("SELECT workflow, round, look FROM drawn WHERE is_verdict AND NOT planted")
    skips = rows("SELECT workflow, round, look, output_id, skipped_by FROM skip WHERE true")
    settled = rows("SELECT workflow, round FROM settlement WHERE true")
    requests = rows("SELECT workflow, number, state FROM request WHERE true")
    drills = rows("SELECT workflow, number, state FROM drill WHERE true")
    plants = rows("SELECT workflow, number, round FROM plant WHERE true")
    shares = rows("SELECT workflow, number, state FROM share WHERE true")
    held = rows("SELECT workflow, round, position, share FROM drawn WHERE share > 0")
    return State(
        workflows={row.key: row.state for row in workflows},
        gates={row.key: row.gate for row in workflows},
        gate_entries={row.key: row.gate_entry for row in workflows},
        owed={row.id: row.rung for row in owed},
        breaches={(row.workflow, row.number): row.state for row in breaches},
        concerns={
            (row.workflow, row.breach): (row.severity, bool(row.is_named), row.raised_by)
            for row in concerns
        },
        rounds={(row.workflow, row.number): row.state for row in rounds},
        sizes={(row.workflow, row.number): row.sample for row in rounds},
        verdicts=Counter((row.workflow, row.round, row.look) for row in verdicts),
        settled=Counter((row.workflow, row.round) for row in settled),
        skips={
            ((row.workflow, row.round), row.look, row.output_id, row.skipped_by) for row in skips
        },
        requests={f"{row.workflow}/{row.number}": row.state for row in requests},
        policies={row.key: row.policy for row in workflows},
        drills={(row.workflow, row.number): row.state for row in drills},
        plants={(row.workflow, row.number): row.round for row in plants},
        shares={(row.workflow, row.number): row.state for row in shares},
        held={(row.workflow, row.round, row.position): row.share for row in held},
        roles={row.key: _roles_in(row) for row in workflows},
        handovers={
            f"{row.workflow}/{row.number}": (row.state, _roles_in(row)) for row in handovers
        },
        absences={
            row.number: (
                row.state,
                row.person,
                row.delegate,
                _time(row.begins_at),
                _time(row.ends_at),
            )
            for row in absences
        },
    )


def _roles_in(row: Row[tuple[object, ...]]) -> Roles:
    return row.owner, row.backup, row.steward, row.technical_owner


def _time(microseconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
    kind, _, about = owed.partition("/")
    if kind == "confirm" and state.requests[about] == "open":
        state.requests[about] = _REQUEST_ENDS[entry.kind]
    if kind == "take-over" and state.handovers[about][0] == "open":
        state.handovers[about] = (_HANDOVER_ENDS[entry.kind], state.handovers[about][1])


_REQUEST_ENDS: Final = {
    Kind.OBLIGATION_ANSWERED: "confirmed",
    Kind.OBLIGATION_LAPSED: "lapsed",
    Kind.OBLIGATION_SUPERSEDED: "superseded",
}


_HANDOVER_ENDS: Final = {
    Kind.OBLIGATION_LAPSED: "lapsed",
    Kind.OBLIGATION_SUPERSEDED: "superseded",
}


def _handover_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        name = entry.on.removeprefix("handover/")
        was, roles = state.handovers[name]
        assert was == "open", "a proposal is settled once"
        state.handovers[name] = (step, roles)

    return apply


def _absence_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        number = int(str(entry.facts["absence"]))
        _, person, delegate, begins, ends = state.absences[number]
        ends = str(entry.facts.get("ends_at", ends))
        state.absences[number] = (step, person, delegate, begins, ends)

    return apply


def _policy(state: State, entry: Entry) -> None:
    version = int(str(entry.facts["number"]))
    assert version == state.policies.get(_key(entry), 0) + 1
    state.policies[_key(entry)] = version


def _request(state: State, entry: Entry) -> None:
    state.requests[f"{_key(entry)}/{entry.facts['request']}"] = "open"


def _declined(state: State, entry: Entry) -> None:
    about = f"{_key(entry)}/{entry.facts['request']}"
    assert state.requests[about] == "open", "a request is answered once"
    state.requests[about] = "declined"


def _withdrawn(state: State, entry: Entry) -> None:
    _declined(state, entry)
    state.requests[f"{_key(entry)}/{entry.facts['request']}"] = "withdrawn"


def _drill_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.drills[_name(entry, "drill")] = str(entry.facts.get("why", step))

    return apply


def _handed(state: State, entry: Entry) -> None:
    state.shares[_name(entry, "share")] = "open"
    for place in _places(entry):
        assert place not in state.held, "nobody has it already"
        state.held[place] = int(str(entry.facts["share"]))


def _share_answered(state: State, entry: Entry) -> None:
    state.shares[_name(entry, "share")] = "answered"


def _taken_back(state: State, entry: Entry) -> None:
    for place in _places(entry):
        del state.held[place]
    if entry.facts["share"] not in [state.held[each] for each in state.held
                                    if each[0] == _key(entry)]:  # fmt: skip
        state.shares[_name(entry, "share")] = "taken_back"


def _places(entry: Entry) -> list[tuple[str, int, int]]:
    positions = entry.facts["positions"]
    assert isinstance(positions, list)
    return [(*_name(entry, "round"), position) for position in positions]


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


def _opened_round(state: State, entry: Entry) -> None:
    state.rounds[_name(entry, "round")] = "open"
    _sized(state, entry)


def _sized(state: State, entry: Entry) -> None:
    state.sizes[_name(entry, "round")] = int(str(entry.facts["sample"]))


def _round_is(step: str) -> _Apply:
    def apply(state: State, entry: Entry) -> None:
        state.rounds[_name(entry, "round")] = step

    return apply


def _drawn(state: State, entry: Entry) -> None:
    outputs = entry.facts["drawn"]
    assert isinstance(outputs, list)
    triggered = entry.facts["triggered"]
    assert isinstance(triggered, list)
    state.drawn[_name(entry, "round")] = [*outputs, *(output for output, _, _ in triggered)]
    _round_is("drawn")(state, entry)


def _planted(state: State, entry: Entry) -> None:
    state.plants[_name(entry, "plant")] = 0


def _mixed_in(state: State, entry: Entry) -> None:
    for number in _plants_in(entry):
        assert state.plants[_key(entry), number] == 0, "a plant is in one round"
        state.plants[_key(entry), number] = int(str(entry.facts["round"]))


def _revealed(state: State, entry: Entry) -> None:
    name = _name(entry, "round")
    plants = entry.facts["plants"]
    assert isinstance(plants, list)
    for position, plant in enumerate(plants, start=len(state.drawn[name])):
        if plant["draft"] is None:  # it is asked of nobody any more
            state.held.pop((*name, position), None)


def _plants_in(entry: Entry) -> list[int]:
    plants = entry.facts["plants"]
    assert isinstance(plants, list)
    return plants


def _roles_said(entry: Entry, words: Words) -> Roles:
    named = ("owner", "backup", "steward", "technical_owner")
    return tuple(words[entry.seq, name] for name in named)


def _put_in_roles(state: State, entry: Entry, words: Words, _people: Mapping[str, str]) -> None:
    state.roles[_key(entry)] = _roles_said(entry, words)


def _proposed(state: State, entry: Entry, words: Words, people: Mapping[str, str]) -> None:
    roles = _roles_said(entry, words)
    assert people[str(entry.facts["successor"])] == roles[0]
    state.handovers[entry.on.removeprefix("handover/")] = ("open", roles)


def _announced(state: State, entry: Entry, words: Words, people: Mapping[str, str]) -> None:
    delegate = words.get((entry.seq, "delegate"), "")
    assert people.get(str(entry.facts["delegate"]), "") == delegate
    times = str(entry.facts["begins_at"]), str(entry.facts["ends_at"])
    number = int(str(entry.facts["absence"]))
    state.absences[number] = ("planned", people[entry.actor], delegate, *times)


def _raised(state: State, entry: Entry, words: Words, people: Mapping[str, str]) -> None:
    assert words[entry.seq, "words"]
    how = str(entry.facts["severity"]), bool(entry.facts["named"])
    state.concerns[_name(entry, "breach")] = (*how, people[entry.actor])


def _skipped(state: State, entry: Entry, words: Words, people: Mapping[str, str]) -> None:
    assert words[entry.seq, "reason"]
    name, output = _name(entry, "round"), str(entry.facts["output"])
    state.skips.add((name, str(entry.facts["look"]), output, people[entry.actor]))
    if entry.role == "reviewer" and "copy_of" not in entry.facts:
        # It is with whoever owes the round again; a copy never was with anybody.
        del state.held[(*name, state.drawn[name].index(output))]


# What takes the words of an entry beside its facts: people are openings.
_NAMED: Final = {
    Kind.WORKFLOW_REGISTERED: _put_in_roles,
    Kind.ROLES_CHANGED: _put_in_roles,
    Kind.HANDOVER_PROPOSED: _proposed,
    Kind.CONCERN_RAISED: _raised,
    Kind.OUTPUT_SKIPPED: _skipped,
    Kind.ABSENCE_ANNOUNCED: _announced,
}

_APPLY: Final[dict[Kind, _Apply]] = {
    Kind.WORKFLOW_REGISTERED: _registered,
    Kind.OWNERSHIP_ACCEPTED: _accepted,
    Kind.GATE_CHANGED: _moved,
    Kind.HANDOVER_ACCEPTED: _handover_is("accepted"),
    Kind.HANDOVER_DECLINED: _handover_is("declined"),
    Kind.HANDOVER_WITHDRAWN: _handover_is("withdrawn"),
    Kind.ABSENCE_BEGUN: _absence_is("begun"),
    Kind.ABSENCE_ENDED: _absence_is("over"),
    Kind.OBLIGATION_OPENED: _owed,
    Kind.OBLIGATION_CLIMBED: _climbed,
    Kind.OBLIGATION_ANSWERED: _ended,
    Kind.OBLIGATION_SUPERSEDED: _ended,
    Kind.OBLIGATION_LAPSED: _ended,
    Kind.RESUME_REQUESTED: _request,
    Kind.CHANGE_REQUESTED: _request,
    Kind.RESUME_DECLINED: _declined,
    Kind.CHANGE_DECLINED: _declined,
    Kind.RESUME_WITHDRAWN: _withdrawn,
    Kind.CHANGE_WITHDRAWN: _withdrawn,
    Kind.POLICY_CHANGED: _policy,
    Kind.DRILL_STARTED: _drill_is("running"),
    Kind.DRILL_MEASURED: _drill_is("measured"),
    Kind.DRILL_ENDED: _drill_is("overtaken"),
    Kind.VERDICT_RECORDED: _verdict_of("first"),
    Kind.ITEMS_HANDED: _handed,
    Kind.ITEMS_ANSWERED: _share_answered,
    Kind.ITEMS_TAKEN_BACK: _taken_back,
    Kind.SECOND_VERDICT_RECORDED: _verdict_of("second"),
    Kind.DISAGREEMENT_SETTLED: _settled,
    Kind.OUTPUT_JUDGED: _verdict_of("first"),
    Kind.TRIGGERED_JUDGED: _verdict_of("first"),
    Kind.OUTPUT_PLANTED: _planted,
    Kind.PLANTS_MIXED_IN: _mixed_in,
    Kind.PLANTS_REVEALED: _revealed,
    Kind.BREACH_OPENED: _breach_is("open"),
    Kind.BREACH_ACKNOWLEDGED: _breach_is("acknowledged"),
    Kind.DECISION_RECORDED: _breach_is("decided"),
    Kind.BREACH_CLOSED: _breach_is("closed"),
    Kind.ROUND_OPENED: _opened_round,
    Kind.ROUND_TIGHTENED: _sized,
    Kind.ROUND_DRAWN: _drawn,
    Kind.ROUND_CLOSED: _round_is("closed"),
}
