"""Registering a workflow, and its owner's acceptance of the duties."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.cadences import next_strikes
from bot.domain.drills import EVERY as DRILL_EVERY
from bot.domain.gate import Gate, GateState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.outlook import Outlook
from bot.domain.people import Actor, Role, Standing
from bot.domain.policy import Policy
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import (
    KEY,
    Roles,
    Workflow,
    WorkflowState,
    accepted_before,
    auditor_faults,
    registration_faults,
    require_not_retired,
    roles_of,
)
from bot.domain.rounds import RoundState
from bot.usecases import Deps
from bot.usecases.steps.gate import move_gate
from bot.usecases.steps.messages import Outcome, answer, tell_channel, tell_person
from bot.usecases.steps.obligations import end, owe
from bot.usecases.steps.owners import ATTEST_EVERY, require_no_auditor
from bot.usecases.steps.policies import faults_of, record_policy, with_holidays
from bot.usecases.steps.rounds import open_round
from bot.usecases.steps.time_taken import outlook_for
from bot.usecases.steps.vacancies import tell_of_vacancies_beside
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work

_FIRST: Final = (
    " Its first round is open. Outputs come from its pipeline, with a token that the operator of "
    "this bot makes."
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody who registers a workflow has filled in.

    `outsiders` are those among the named who are no full members of the workspace, as Slack says;
    `faults` says of the fields that could not be understood what is wrong with them.
    """

    key: str
    purpose: str
    roles: Roles
    channel: str
    policy: Policy
    outsiders: frozenset[str] = frozenset()
    faults: Mapping[str, str] = field(default_factory=dict)


def register_workflow(deps: Deps, actor: Actor, asked: Registration) -> Proof:
    """Register a workflow as a draft and ask its owner to accept.

    Raises Invalid with a sentence for each field that cannot be; a refusal has them as well.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        role = _may_register(deps, work, asked)
        if faults := _faults(deps, work, asked):
            raise Invalid(faults)
        asked = replace(asked, policy=with_holidays(asked.policy, work))
        workflow = _add(work, asked, role)
        owed = owe(work, workflow, ObligationKind.ACCEPT, 0, asked.roles.owner)
        kind = MessageKind.ACCEPT_REQUEST
        tell_channel(work, kind, workflow, 0, workflow.entry, owed.id)
        tell_person(work, kind, asked.roles.owner, workflow, 0, workflow.entry, owed.id)
    return work.receipt


def open_registration(deps: Deps, actor: Actor) -> str:
    """Give whom a form names as the owner at first, an empty string if that is nobody.

    Refuses whoever could register no workflow, before they fill in a form in vain.
    """
    with deps.store.read(deps.workspace, actor):
        _require_may_own(deps, actor)
    return "" if actor.user_id in deps.circle.auditors else actor.user_id


def next_draws(deps: Deps, policy: Policy) -> tuple[datetime, ...]:
    """Give when the next samples would be drawn under this policy, in its zone."""
    return next_strikes(policy.cadence, policy.zone, deps.store.clock.now())


def outlook(deps: Deps, key: str, policy: Policy) -> Outlook:
    """Give what a workflow's policy costs and can see, by what its answers took so far."""
    with deps.store.read(deps.workspace) as reading:
        return outlook_for(reading, key, policy)


def accept_ownership(deps: Deps, actor: Actor, key: str) -> Outcome:
    """Make the workflow live: its owner answers for it from now on, and its first round opens."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, key)
        roles = roles_of(actor, deps.circle, workflow)
        role = authorise(Act.ACCEPT, actor, roles, on=workflow.name, over=accepted_before(workflow))
        require_not_retired(workflow)
        if workflow.state is WorkflowState.DRAFT:
            require_no_auditor(workflow, actor, deps.circle)
            _accept(deps, work, workflow, role)
            tell_of_vacancies_beside(work, deps.circle, workflow.roles.owner)
        work.point_at(Kind.OWNERSHIP_ACCEPTED, workflow.name)
        sentence = _accepted(work, actor, key)
        answer(work, sentence, work.receipt.number)
    return Outcome(sentence, work.receipt)


def _accepted(reading: Reading, actor: Actor, key: str) -> str:
    """Say what holds now."""
    said = reading.log.last_of(Kind.OWNERSHIP_ACCEPTED, f"workflow/{key}")
    if said and reading.people.user_of(said.actor) != actor.user_id:  # None: it is said only now
        return (
            f"Somebody else accepted the duties of {key}, as its owner then. You took it over "
            "since, and answer for it now."
        )
    rounds = [(each.number, each.state) for each in reading.rounds.not_closed(key)]
    first = _FIRST if (1, RoundState.OPEN) in rounds else ""
    return f"You answer for {key} now.{first}"


def _may_register(deps: Deps, work: Work, asked: Registration) -> Role:
    actor, roles = work.actor, roles_of(work.actor, deps.circle)
    # What was typed goes on record as a name only if it can be one.
    on = f"workflow/{asked.key}" if KEY.fullmatch(asked.key) else ""
    authorise(Act.REGISTER, actor, roles, on=on)
    if Role.ADMIN in roles:
        return Role.ADMIN
    _require_may_own(deps, actor, on)
    if actor.user_id == asked.roles.owner:
        return Role.OWNER
    raise Refused(
        "may not register for another",
        "Register a workflow you will own yourself, or ask an admin to register it for its owner.",
        on=on,
        field="owner",
        besides=_faults(deps, work, asked),
        takes={Role.ADMIN},
    )


def _require_may_own(deps: Deps, actor: Actor, on: str = "") -> None:
    """Refuse an auditor who is no admin: they register for themselves alone, and own nothing."""
    if actor.user_id in deps.circle.auditors - deps.circle.admins:
        raise Refused(
            "auditor may not register",
            "You read the record as an auditor, and nobody audits what they answer for: ask an "
            "admin to register the workflow for its owner.",
            on=on,
            takes={Role.ADMIN},
        )


def _faults(deps: Deps, work: Work, asked: Registration) -> dict[str, str]:
    faults = dict(registration_faults(asked.key, asked.purpose, asked.roles))
    faults |= faults_of(asked.policy, work.now)
    if not asked.channel:
        faults["channel"] = "Choose the channel where this workflow is watched."
    if "key" not in faults and work.workflows.find(asked.key):
        faults["key"] = f"“{asked.key}” is registered already: choose another key."
    faults |= auditor_faults(asked.roles, deps.circle)
    gone = work.people.gone()
    for name, user_id in asdict(asked.roles).items():
        if gone.get(user_id) is Standing.DEACTIVATED:
            faults[name] = "This person's account is deactivated: name somebody who can answer."
        elif user_id in asked.outsiders:
            faults[name] = "Only a full member of this workspace can answer: no guest, no bot."
    return {**faults, **asked.faults}


def _add(work: Work, asked: Registration, role: Role) -> Workflow:
    gate = Gate(GateState.NOT_READY, work.now)
    workflow = Workflow(
        key=asked.key,
        roles=asked.roles,
        channel=asked.channel,
        state=WorkflowState.DRAFT,
        policy=asked.policy.number,
        gate=gate,
        registered_at=work.now,
    )
    seq = work.record(
        Kind.WORKFLOW_REGISTERED,
        workflow.name,
        {
            "workflow": workflow.key,
            "channel": workflow.channel,
            "technical_owner": work.pseudonym_of(asked.roles.technical_owner),
        },
        words={"purpose": asked.purpose.strip(), **asdict(asked.roles)},
        role=role,
        policy=asked.policy.number,
    )
    workflow = replace(workflow, entry=seq)
    work.workflows.add(workflow)
    record_policy(work, workflow, asked.policy, role)
    work.put_on_board(workflow.key)
    return workflow


def _accept(deps: Deps, work: Work, workflow: Workflow, role: Role) -> None:
    work.record(
        Kind.OWNERSHIP_ACCEPTED,
        workflow.name,
        {"workflow": workflow.key},
        role=role,
        policy=workflow.policy,
    )
    owed = work.obligations.get(obligation_id(ObligationKind.ACCEPT, workflow.key, 0))
    end(work, owed, ObligationState.ANSWERED, role=role)
    live = replace(
        workflow,
        state=WorkflowState.LIVE,
        attest_at=work.now + ATTEST_EVERY,
        drill_at=work.now + DRILL_EVERY,
    )
    live = move_gate(work, live, GateState.RUN, "ownership accepted", role)
    policy = work.workflows.policy(live.key, live.policy)
    open_round(work, live, policy, 1, deps.draw_key)
