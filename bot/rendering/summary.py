"""What a record comes to: its workflows, their rounds, breaches and gates, in a few lines each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Final

from bot.domain.plans import Plan
from bot.domain.record import Kind
from bot.domain.rounds import Look
from bot.rendering.opened import Opened

FIGURES: Final = {
    Kind.ROUND_DRAWN: ("round drawn", "rounds drawn"),
    Kind.VERDICT_RECORDED: ("verdict", "verdicts"),
    Kind.SECOND_VERDICT_RECORDED: ("verdict of a second look", "verdicts of second looks"),
    Kind.OBLIGATION_CLIMBED: ("rung climbed by silence", "rungs climbed by silence"),
    Kind.BREACH_OPENED: ("breach", "breaches"),
    Kind.DECISION_RECORDED: ("decision", "decisions"),
    Kind.REFUSED: ("refusal", "refusals"),
    Kind.OPENING_ERASED: ("erasure", "erasures"),
}


@dataclass(slots=True)
class Moment:
    """When something was done and by whom, as the record names them."""

    at: str = ""
    by: str = ""


@dataclass(slots=True)
class WorkflowSummary:
    key: str
    purpose: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    accepted: Moment = field(default_factory=Moment)
    plan: str = ""
    limit_bp: object = None
    gate: str = ""
    gate_since: str = ""


@dataclass(slots=True)
class RoundSummary:
    workflow: str
    number: int
    drawn_at: str = ""
    closed_at: str = ""
    population: object = None
    figures: dict[str, object] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)


@dataclass(slots=True)
class DecisionSummary:
    moment: Moment
    what: str
    reason: str
    is_done: bool = False


@dataclass(slots=True)
class BreachSummary:
    workflow: str
    number: int
    opened_at: str = ""
    cause: str = ""
    detail: str = ""
    concern: str = ""
    is_critical: bool = False
    acknowledged: Moment = field(default_factory=Moment)
    decisions: list[DecisionSummary] = field(default_factory=list)
    closed_at: str = ""


@dataclass(slots=True)
class GateMove:
    moment: Moment
    workflow: str
    before: str
    after: str
    cause: str
    reason: str
    asked_by: str = ""


class Summary:
    """Grows with each entry it sees; of a part of a record it tells what that part tells."""

    def __init__(self) -> None:
        self.workflows: dict[str, WorkflowSummary] = {}
        self.rounds: dict[tuple[str, int], RoundSummary] = {}
        self.breaches: dict[tuple[str, int], BreachSummary] = {}
        self.moves: list[GateMove] = []
        self.people: dict[str, str] = {}
        self.kinds: Counter[str] = Counter()
        self.first_at = self.last_at = ""
        self.is_demo = False
        self._asked: dict[str, str] = {}
        self._agreed: dict[int, str] = {}

    @property
    def figures(self) -> Iterable[tuple[int, str]]:
        """Give how often what happened, each with its words; leave out what never did."""
        counts = ((self.kinds[kind], words) for kind, words in FIGURES.items())
        return [(count, one if count == 1 else many) for count, (one, many) in counts if count]

    def see(self, opened: Opened) -> None:
        entry = opened.entry
        self.kinds[entry.kind] += 1
        self.first_at = self.first_at or entry.ts
        self.last_at = entry.ts
        match entry.kind.partition(".")[0]:
            case "log":
                self.is_demo |= opened.facts.get("clock") == "sandbox"
            case "person":
                self._see_person(opened)
            case "workflow" | "ownership" | "handover" | "roles" | "policy":
                self._see_workflow(opened)
            case "round":
                self._see_round(opened)
            case "output" | "verdict":
                self._see_output(opened)
            case "breach" | "decision" | "concern":
                self._see_breach(opened)
            case "resume":
                self._see_resume(opened)
            case "gate":
                self._see_gate(opened)

    def _see_person(self, opened: Opened) -> None:
        if opened.entry.kind is Kind.PERSON_INTRODUCED:
            self.people[_text(opened, "person")] = opened.words.get("person", "")

    def _see_workflow(self, opened: Opened) -> None:
        workflow = self._workflow(opened)
        match opened.entry.kind:
            case Kind.WORKFLOW_REGISTERED:
                workflow.roles = {**opened.words}
                workflow.purpose = workflow.roles.pop("purpose", "")
            case Kind.ROLES_CHANGED:
                workflow.roles = {**opened.words}
                workflow.roles.pop("reason", "")
            case Kind.OWNERSHIP_ACCEPTED | Kind.HANDOVER_ACCEPTED:
                workflow.accepted = _moment(opened)
            case Kind.POLICY_CHANGED:
                workflow.plan = _plan(opened).in_words
                workflow.limit_bp = opened.facts.get("limit_bp")

    def _see_round(self, opened: Opened) -> None:
        name = _text(opened, "workflow"), _whole(opened, "round")
        round_ = self.rounds.setdefault(name, RoundSummary(*name))
        match opened.entry.kind:
            case Kind.ROUND_DRAWN:
                round_.drawn_at = opened.entry.ts
                round_.population = opened.facts.get("population")
            case Kind.ROUND_CLOSED:
                round_.closed_at = opened.entry.ts
                round_.figures = {**opened.facts}

    def _see_output(self, opened: Opened) -> None:
        """Keep what cannot be judged: of the first look, and until somebody has judged it."""
        name = _text(opened, "workflow"), _whole(opened, "round")
        round_ = self.rounds.setdefault(name, RoundSummary(*name))
        output = _text(opened, "output")
        if opened.entry.kind is not Kind.OUTPUT_SKIPPED:
            round_.skipped.discard(output)
        elif opened.facts.get("look") == Look.FIRST:
            round_.skipped.add(output)

    def _see_breach(self, opened: Opened) -> None:
        name = _text(opened, "workflow"), _whole(opened, "breach")
        breach = self.breaches.setdefault(name, BreachSummary(*name))
        match opened.entry.kind:
            case Kind.CONCERN_RAISED:
                breach.concern = opened.words.get("words", "")
            case Kind.BREACH_OPENED:
                breach.opened_at = opened.entry.ts
                breach.cause, breach.detail = _text(opened, "cause"), _text(opened, "detail")
                breach.is_critical = opened.facts.get("critical") is True
            case Kind.BREACH_ACKNOWLEDGED:
                breach.acknowledged = _moment(opened)
            case Kind.DECISION_RECORDED:
                breach.decisions.append(
                    DecisionSummary(
                        _moment(opened), _text(opened, "decision"), opened.words.get("reason", "")
                    )
                )
            case Kind.DECISION_CARRIED_OUT:
                for decision in breach.decisions[-1:]:
                    decision.is_done = True
            case Kind.BREACH_CLOSED:
                breach.closed_at = opened.entry.ts

    def _see_resume(self, opened: Opened) -> None:
        """Keep who asked for what a second person has confirmed, until the gate moves."""
        entry = opened.entry
        if entry.kind is Kind.RESUME_REQUESTED:
            self._asked[entry.on] = entry.actor
        elif entry.kind is Kind.RESUME_CONFIRMED:
            self._agreed[entry.seq] = self._asked.get(entry.on, "")

    def _see_gate(self, opened: Opened) -> None:
        workflow = self._workflow(opened)
        workflow.gate, workflow.gate_since = _text(opened, "to"), opened.entry.ts
        self.moves.append(
            GateMove(
                _moment(opened),
                workflow.key,
                _text(opened, "from"),
                workflow.gate,
                _text(opened, "cause"),
                opened.words.get("reason", ""),
                "" if opened.entry.prior is None else self._agreed.pop(opened.entry.prior, ""),
            )
        )

    def _workflow(self, opened: Opened) -> WorkflowSummary:
        key = _text(opened, "workflow")
        return self.workflows.setdefault(key, WorkflowSummary(key))


def _moment(opened: Opened) -> Moment:
    return Moment(opened.entry.ts, opened.entry.actor)


def _text(opened: Opened, name: str) -> str:
    value = opened.facts.get(name)
    return "" if value is None else str(value)


def _plan(opened: Opened) -> Plan:
    return Plan(**{each.name: _whole(opened, each.name) for each in fields(Plan)})


def _whole(opened: Opened, name: str) -> int:
    value = opened.facts.get(name)
    return value if isinstance(value, int) else 0
