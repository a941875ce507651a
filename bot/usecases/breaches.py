"""A breach is acknowledged, decided, carried out and closed; each step by a person, on record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain import breaches
from bot.domain.authority import Act, authorise
from bot.domain.breaches import GATE_OF, WORK, Breach, BreachState, Decision
from bot.domain.gate import GateState, decision_on, is_stricter
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Invalid
from bot.domain.registry import Workflow
from bot.domain.requests import RequestKind
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.retiring import retire
from bot.usecases.showing_breaches import raised_concern
from bot.usecases.steps.breaches import breach_for, record_closed, tell_breach
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.gate import tighten_gate
from bot.usecases.steps.independence import require_independent
from bot.usecases.steps.messages import Outcome, answer
from bot.usecases.steps.obligations import end_if_open, owe
from bot.usecases.steps.requests import supersede_requests
from bot.usecases.steps.stand_ins import roles_for
from store.unit_of_work import Work, timestamp

WORK_TIME: Final = timedelta(days=7)
LONGEST_WORK: Final = timedelta(days=366)
_SINCE_TAKEN: Final = {
    BreachState.ACKNOWLEDGED: "Now it has to be decided: its message says who decides, and by "
    "when.",
    BreachState.DECIDED: "It is decided since: its message says who carries it out, and by when.",
    BreachState.CLOSED: "It is closed since: nothing more has to be decided.",
}


@dataclass(frozen=True, slots=True)
class DecideBreach:
    """A person's decision on a breach. `due_at` is when the work it asks for is to be done."""

    workflow: str
    number: int
    decision: Decision
    reason: str
    due_at: datetime | None = None


def acknowledge_breach(deps: Deps, actor: Actor, key: str, number: int) -> Outcome:
    """Record that the owner or backup has taken the breach on; a decision is owed from now."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, key, number)
        roles = _roles(deps, work, actor, workflow, ObligationKind.ACKNOWLEDGE, number)
        over = breaches.over(breach, BreachState.ACKNOWLEDGED)
        role = authorise(Act.ACKNOWLEDGE, actor, roles, on=breach.name, over=over)
        if not _is_mine_already(breach, actor):
            breach = _acknowledge(work, workflow, breach, actor, role)
        work.point_at(Kind.BREACH_ACKNOWLEDGED, breach.name)
        sentence = acknowledged_sentence(breach)
        answer(work, sentence, work.receipt.number)
    return Outcome(sentence, work.receipt)


def acknowledged_sentence(breach: Breach) -> str:
    """Give what whoever took a breach on is told, with what became of it since."""
    taken = f"You took on breach {breach.number} of {breach.workflow}."
    return f"{taken} {_SINCE_TAKEN[breach.state]}"


def open_decision(deps: Deps, actor: Actor, key: str, number: int) -> views.DecideForm:
    """Give the form to somebody who may decide the breach now; refuse anybody else."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, key, number)
        _authorise_decision(deps, work, actor, workflow, breach)
        breaches.decided(breach, Decision.CONTINUE, actor.user_id)
        concern = raised_concern(work, breach)
        gate = gate_in_earnest(work, workflow)
    owner = workflow.roles.owner
    return views.DecideForm(
        workflow=key,
        number=number,
        cause=breach.cause,
        detail=breach.detail,
        earliest=work.now,
        gate=gate,
        concern=concern,
        has_outputs=breach.is_of_outputs,
        owner="" if actor.user_id == owner else owner,
    )


def decide_breach(deps: Deps, actor: Actor, asked: DecideBreach) -> Outcome:
    """Record a decision with its reason and carry it out, or make that an obligation."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, asked.workflow, asked.number)
        role = _authorise_decision(deps, work, actor, workflow, breach)
        if not _is_decided_so(work, breach, actor, asked):
            made = breaches.decided(breach, asked.decision, actor.user_id)
            due_at = _check(asked, work.now)
            _decide(deps, work, workflow, made, asked, role, due_at)
        work.point_at(Kind.DECISION_RECORDED, breach.name)
        is_owner = actor.user_id == workflow.roles.owner
        stands = work.workflows.get(asked.workflow).gate.state
    return Outcome(_decided_sentence(asked, stands, is_owner=is_owner), work.receipt)


def _decided_sentence(asked: DecideBreach, stands: GateState, *, is_owner: bool) -> str:
    sentence = (
        f"Your decision on breach {asked.number} of {asked.workflow} and its reason are recorded: "
        f"{asked.decision.replace('_', ' ')}."
    )
    wanted = GATE_OF.get(asked.decision)
    if wanted and is_stricter(stands, wanted):
        at = stands.replace("_", " ")
        sentence += f" The gate is at {at}, which is stricter: it stays there."
    if asked.decision in WORK:
        who = "You are" if is_owner else "The workflow's owner is"
        sentence += f" {who} asked to carry it out and to report that on the card."
    if asked.decision is Decision.TIGHTEN:
        whose = "yours" if is_owner else "theirs"
        change = f"`/answerable register {asked.workflow}`"
        sentence += f" The policy is {whose} or an admin's to change, with {change}."
    return sentence


def open_carrying_out(deps: Deps, actor: Actor, key: str, number: int) -> Breach:
    """Give the decided breach to somebody who may report it as carried out; refuse anybody else."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, key, number)
        _authorise_report(deps, work, actor, workflow, breach)
        breaches.closed(breach)
    return breach


def carry_out(deps: Deps, actor: Actor, key: str, number: int, evidence: str) -> Proof:
    """Record the evidence that a decision was carried out, and close its breach."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, key, number)
        role = _authorise_report(deps, work, actor, workflow, breach)
        if not _is_carried_out_so(work, breach, actor, evidence):
            breaches.closed(breach)
            require_words(evidence, "evidence")
            owed = work.obligations.get(obligation_id(ObligationKind.CARRY_OUT, key, number))
            end_if_open(work, owed.id, role=role)
            _close(work, workflow, breach, role, evidence)
        work.point_at(Kind.DECISION_CARRIED_OUT, breach.name)
    return work.receipt


def _is_mine_already(breach: Breach, actor: Actor) -> bool:
    return breach.acknowledged_by == actor.user_id


def _acknowledge(
    work: Work, workflow: Workflow, breach: Breach, actor: Actor, role: Role
) -> Breach:
    taken = breaches.acknowledged(breach, actor.user_id)
    seq = work.record(
        Kind.BREACH_ACKNOWLEDGED,
        breach.name,
        {"workflow": breach.workflow, "breach": breach.number},
        role=role,
        policy=workflow.policy,
    )
    taken = replace(taken, entry=seq)
    work.breaches.save(taken)
    owed_id = obligation_id(ObligationKind.ACKNOWLEDGE, breach.workflow, breach.number)
    end_if_open(work, owed_id, role=role)
    decider = workflow.roles.steward if breach.is_critical else workflow.roles.owner
    kind = ObligationKind.DECIDE
    owed = owe(work, workflow, kind, breach.number, decider, is_critical=breach.is_critical)
    tell_breach(work, workflow, taken, owed.id)
    return taken


def _authorise_decision(
    deps: Deps, work: Work, actor: Actor, workflow: Workflow, breach: Breach
) -> Role:
    act = Act.DECIDE_CRITICAL if breach.is_critical else Act.DECIDE
    owed = work.obligations.find(
        obligation_id(ObligationKind.DECIDE, breach.workflow, breach.number)
    )
    over = breaches.over(breach, BreachState.DECIDED)
    roles = roles_for(work, deps.circle, actor, workflow, owed)
    role = authorise(act, actor, roles, on=breach.name, over=over)
    if owed:
        require_independent(work, actor, workflow, owed, breach.name, over)
    return role


def _authorise_report(
    deps: Deps, work: Work, actor: Actor, workflow: Workflow, breach: Breach
) -> Role:
    roles = _roles(deps, work, actor, workflow, ObligationKind.CARRY_OUT, breach.number)
    over = breaches.over(breach, BreachState.CLOSED)
    return authorise(Act.CARRY_OUT, actor, roles, on=breach.name, over=over)


def _roles(
    deps: Deps, work: Work, actor: Actor, workflow: Workflow, kind: ObligationKind, number: int
) -> frozenset[Role]:
    owed = work.obligations.find(obligation_id(kind, workflow.key, number))
    return roles_for(work, deps.circle, actor, workflow, owed)


def _is_decided_so(work: Work, breach: Breach, actor: Actor, asked: DecideBreach) -> bool:
    """Tell whether this very decision, by this person in these words, is on record already."""
    if (breach.decided_by, breach.decision) != (actor.user_id, asked.decision):
        return False
    decision = work.log.last_of(Kind.DECISION_RECORDED, breach.name)
    return decision is not None and work.log.words(decision.seq, "reason") == asked.reason.strip()


def _is_carried_out_so(work: Work, breach: Breach, actor: Actor, evidence: str) -> bool:
    """Tell whether this very evidence, from this person, is on record already."""
    done = work.log.last_of(Kind.DECISION_CARRIED_OUT, breach.name)
    if done is None or "evidence_c" not in done.facts:
        return False
    given = work.log.words(done.seq, "evidence")
    return (work.people.user_of(done.actor), given) == (actor.user_id, evidence.strip())


def _check(asked: DecideBreach, now: datetime) -> datetime | None:
    require_words(asked.reason)
    if asked.decision not in WORK:
        if asked.due_at:
            raise Invalid({"due_on": "Leave it empty: this decision is carried out at once."})
        return None
    due_at = asked.due_at or now + WORK_TIME
    if due_at <= now:
        raise Invalid({"due_on": "Choose a day that is still to come."})
    if due_at > now + LONGEST_WORK:
        raise Invalid({"due_on": "Choose a day within a year: what is later is owed by nobody."})
    return due_at


def _decide(
    deps: Deps,
    work: Work,
    workflow: Workflow,
    made: Breach,
    asked: DecideBreach,
    role: Role,
    due_at: datetime | None,
) -> None:
    seq = work.record(
        Kind.DECISION_RECORDED,
        made.name,
        {
            "workflow": made.workflow,
            "breach": made.number,
            "decision": asked.decision,
            "due_at": timestamp(due_at) if due_at else None,
        },
        words={"reason": asked.reason.strip()},
        role=role,
        policy=workflow.policy,
    )
    made = replace(made, entry=seq)
    work.breaches.save(made)
    owed_id = obligation_id(ObligationKind.DECIDE, made.workflow, made.number)
    end_if_open(work, owed_id, role=role)
    if due_at:
        owed = owe(
            work,
            workflow,
            ObligationKind.CARRY_OUT,
            made.number,
            workflow.roles.owner,
            due_at=due_at,
            is_critical=made.is_critical,
        )
        tell_breach(work, workflow, made, owed.id)
    else:
        workflow = _carry_out_at_once(deps, work, workflow, made, role, asked.reason)
        _close(work, workflow, made, role)


def _carry_out_at_once(
    deps: Deps, work: Work, workflow: Workflow, breach: Breach, role: Role, reason: str
) -> Workflow:
    if breach.decision is Decision.RETIRE:
        return retire(deps, work, workflow, breach, role, reason)
    wanted = GATE_OF.get(breach.decision) if breach.decision else None
    if wanted is None:
        return workflow
    supersede_requests(work, workflow, RequestKind.RESUME, because=breach.entry)
    return tighten_gate(work, workflow, wanted, decision_on(breach.number), role, reason.strip())


def _close(work: Work, workflow: Workflow, breach: Breach, role: Role, evidence: str = "") -> None:
    work.record(
        Kind.DECISION_CARRIED_OUT,
        breach.name,
        {
            "workflow": breach.workflow,
            "breach": breach.number,
            "decision": breach.decision,
            "by_bot": not evidence,
        },
        words={"evidence": evidence.strip()} if evidence else None,
        role=role,
        policy=workflow.policy,
        prior=breach.entry,
    )
    record_closed(work, workflow, breaches.closed(breach), role, None)
