"""Handing a workflow over: a successor is proposed, and accepts; other roles change at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from bot.domain import handovers
from bot.domain.absences import stand_ins
from bot.domain.authority import Act, authorise
from bot.domain.handovers import (
    Handover,
    HandoverState,
    changed_roles,
    handover_faults,
    require_may_change,
)
from bot.domain.messages import MessageKind
from bot.domain.moments import utc_text
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor, Circle, Role, Standing
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, require_not_over
from bot.domain.registry import Roles, Workflow, WorkflowState, auditor_faults
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.messages import Outcome, answer, tell_person
from bot.usecases.steps.obligations import end_if_open
from bot.usecases.steps.owners import (
    ATTEST_EVERY,
    change_roles,
    end_asking,
    is_owner_there,
    naming_of,
    require_no_auditor,
    see_to_owner,
)
from bot.usecases.steps.proposals import (
    newest_naming,
    propose,
    settled_handover,
    supersede_handover,
    told_of_waiting,
)
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.vacancies import tell_of_vacancies_beside
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work

_GONE: Final = "This person's account is deactivated: name somebody who can answer."
_OUTSIDE: Final = "Only a full member of this workspace can answer: no guest, no bot."


@dataclass(frozen=True, slots=True)
class Change:
    """The four people as somebody wants them. `outsiders` among them are no full members.

    `shown` is the entry that the form carries in which they were changed.
    """

    workflow: str
    roles: Roles
    reason: str
    shown: int
    outsiders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """What handing in has brought: a proposal to the new owner, or other people at once.

    The sentence says which, and what it waits for.
    """

    is_proposal: bool
    sentence: str
    receipt: Proof


def open_handover(deps: Deps, actor: Actor, key: str) -> views.HandoverForm:
    """Give the four people of a workflow to somebody who may change some of them."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, _ = _workflow(deps, work, actor, key)
        is_draft = workflow.state is WorkflowState.DRAFT
        is_there = _is_owner_there(work, workflow)
        entry, waiting = newest_naming(work, workflow), told_of_waiting(work, workflow)
    return views.HandoverForm(key, entry, workflow.roles, is_there, is_draft, waiting)


def change_people(deps: Deps, actor: Actor, asked: Change) -> Changed:
    """Propose a new owner, or put other people into the other roles at once.

    For a draft nobody answers yet: an admin names another owner at once, who is asked to accept.
    An earlier proposal that nobody has answered gives way. Raises Invalid with a sentence for each
    field that cannot be.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, role = _workflow(deps, work, actor, asked.workflow)
        handovers.require_current(workflow, asked.shown, newest_naming(work, workflow))
        _check(deps, work, actor, workflow, asked)
        reason = asked.reason.strip()
        is_live = workflow.state is WorkflowState.LIVE
        is_proposal = is_live and asked.roles.owner != workflow.roles.owner
        ended = supersede_handover(work, workflow, None)
        if is_proposal:
            propose(work, workflow, asked.roles, role, reason)
        else:
            change_roles(work, deps.circle, workflow, asked.roles, role, reason, None)
        changed = f"{workflow.key} has other people now."
        sentence = _proposed(work, asked.roles.owner) if is_proposal else changed
    return Changed(is_proposal, f"{sentence}{_in_place_of(ended, actor)}", work.receipt)


def _proposed(work: Work, successor: str) -> str:
    """Say who is asked now, and if they are away that nobody else can answer."""
    stays = "Until they accept, everything stays as it is."
    away = [each for each in work.absences.in_force(work.now) if each.person == successor]
    if not away:
        return f"The successor is asked. {stays}"
    return (
        f"The successor is asked, but is away until {utc_text(away[0].ends_at)}, and nobody can "
        f"accept in their place. {stays}"
    )


def _in_place_of(ended: Handover | None, actor: Actor) -> str:
    """Say that a proposal which waited has ended by this; "" if none did."""
    if ended is None:
        return ""
    whose = "you" if ended.proposed_by == actor.user_id else "somebody else"
    return f" This takes the place of what {whose} had proposed."


def take_over(deps: Deps, actor: Actor, key: str, number: int) -> Outcome:
    """Make the successor the owner, by their own word: what the old one owes is theirs from now."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, handover, _ = _proposal(deps, work, actor, (key, number), Act.TAKE_OVER)
        if handover.state is not HandoverState.ACCEPTED:
            require_not_over(handovers.over(handover, settled_handover(work, handover)))
            require_no_auditor(workflow, actor, deps.circle)
            _take_over(work, deps.circle, workflow, handover, actor)
        work.point_at(Kind.HANDOVER_ACCEPTED, handover.name)
        sentence = _taken_over(work, actor, key)
        answer(work, sentence, work.receipt.number)
    return Outcome(sentence, work.receipt)


def _taken_over(reading: Reading, actor: Actor, key: str) -> str:
    """Say what holds now."""
    workflow = reading.workflows.get(key)
    if workflow.state is WorkflowState.RETIRED:
        return f"You took {key} over then. It is retired now."
    if workflow.roles.owner != actor.user_id:
        who = f"`/answerable show {key}` says who"
        return f"You took {key} over then. Somebody else answers for it now: {who}."
    return f"You answer for {key} now."


def open_decline(deps: Deps, actor: Actor, key: str, number: int) -> views.DeclineForm:
    """Give the form in which the successor says why they decline."""
    with deps.store.begin(deps.workspace, actor) as work:
        _, handover, _ = _proposal(deps, work, actor, (key, number), Act.DECLINE)
        handovers.declined(handover, actor.user_id, settled_handover(work, handover))
    return views.DeclineForm(key, number, handover.was_owner)


def decline_handover(deps: Deps, actor: Actor, key: str, number: int, reason: str) -> Proof:
    """End a proposal by its successor's word: everything stays as it is, and who asked is told."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow, handover, role = _proposal(deps, work, actor, (key, number), Act.DECLINE)
        said = reason.strip()
        ended = handovers.declined(handover, actor.user_id, settled_handover(work, handover))
        require_words(said)
        seq = _end_proposal(work, workflow, ended, Kind.HANDOVER_DECLINED, role, said)
        if work.people.is_member(handover.proposed_by):
            asked = MessageKind.HANDOVER_REQUEST
            tell_person(work, asked, handover.proposed_by, workflow, number, seq)
    return work.receipt


def withdraw_handover(deps: Deps, actor: Actor, key: str, number: int) -> Proof:
    """End a proposal by the word of who made it: everything stays as it is."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, handover, role = _proposal(deps, work, actor, (key, number), Act.WITHDRAW)
        if handover.state is not HandoverState.WITHDRAWN or actor.user_id != handover.proposed_by:
            ended = handovers.withdrawn(handover, actor.user_id, settled_handover(work, handover))
            _end_proposal(work, workflow, ended, Kind.HANDOVER_WITHDRAWN, role)
        work.point_at(Kind.HANDOVER_WITHDRAWN, handover.name)
        answer(work, "The proposal is withdrawn: nothing changes.", work.receipt.number)
    return work.receipt


def _proposal(
    deps: Deps, work: Work, actor: Actor, place: tuple[str, int], act: Act
) -> tuple[Workflow, Handover, Role]:
    """Give a proposal and in which role somebody may do this with it; refuse if in none."""
    key, number = place
    workflow = workflow_for(work, actor, key)
    handover = work.handovers.find(key, number)
    if handover is None:
        raise Refused("unknown handover", f"{key} has no proposal {number}.", on=workflow.name)
    held = _held(deps, work, actor, workflow)
    if actor.user_id == handover.roles.owner:
        held |= {Role.SUCCESSOR}
    over = handovers.over(handover, settled_handover(work, handover))
    return workflow, handover, authorise(act, actor, held, on=handover.name, over=over)


def _end_proposal(
    work: Work, workflow: Workflow, ended: Handover, kind: Kind, role: Role, reason: str = ""
) -> int:
    """End a proposal that nobody accepts. If the owner has left, another is named as before."""
    seq = work.record(
        kind,
        ended.name,
        {"workflow": workflow.key, "handover": ended.number},
        words={"reason": reason} if reason else None,
        role=role,
        policy=workflow.policy,
        prior=ended.entry,
    )
    work.handovers.save(ended)
    owed = obligation_id(ObligationKind.TAKE_OVER, workflow.key, ended.number)
    end_if_open(work, owed, ObligationState.SUPERSEDED, because=seq)
    see_to_owner(work, workflow)
    return seq


def _workflow(deps: Deps, work: Work, actor: Actor, key: str) -> tuple[Workflow, Role]:
    workflow = workflow_for(work, actor, key)
    held = _held(deps, work, actor, workflow)
    is_draft = workflow.state is WorkflowState.DRAFT
    if is_draft and Role.ADMIN not in held:  # whatever their role: who may of a live one may not
        has_left = workflow.roles.owner in work.people.gone()
        handovers.require_live(workflow, has_left=has_left)
    role = authorise(Act.HAND_OVER, actor, held, on=workflow.name)
    if not is_draft:
        handovers.require_live(workflow)
    return workflow, role


def _held(deps: Deps, work: Work, actor: Actor, workflow: Workflow) -> frozenset[Role]:
    """Give the actor's roles, and those in which they are to name an owner in another's place."""
    return roles_for(work, deps.circle, actor, workflow, naming_of(work, workflow))


def _is_owner_there(work: Work, workflow: Workflow) -> bool:
    absent = stand_ins(work.absences.in_force(work.now), work.people.gone())
    return is_owner_there(work, workflow, frozenset(absent))


def _check(deps: Deps, work: Work, actor: Actor, workflow: Workflow, asked: Change) -> None:
    held = _held(deps, work, actor, workflow)
    is_draft = workflow.state is WorkflowState.DRAFT
    is_there = not is_draft and _is_owner_there(work, workflow)
    require_may_change(workflow, asked.roles, actor.user_id, held, is_owner_there=is_there)
    faults = dict(handover_faults(workflow.roles, asked.roles))
    faults |= _strangers(work, workflow, asked)
    audited = auditor_faults(asked.roles, deps.circle)
    changed = changed_roles(workflow.roles, asked.roles)
    faults |= {name: fault for name, fault in audited.items() if name in changed}
    if faults:
        raise Invalid(faults)
    require_words(asked.reason)


def _strangers(work: Work, workflow: Workflow, asked: Change) -> Mapping[str, str]:
    """Give a sentence for each newly named person who cannot answer for anything."""
    named, gone = asdict(asked.roles), work.people.gone()
    faults = {}
    for name in changed_roles(workflow.roles, asked.roles):
        if gone.get(named[name]) is Standing.DEACTIVATED:
            faults[name] = _GONE
        elif named[name] in gone or named[name] in asked.outsiders:
            faults[name] = _OUTSIDE
    return faults


def _take_over(
    work: Work, circle: Circle, workflow: Workflow, handover: Handover, actor: Actor
) -> None:
    handovers.require_live(workflow)
    settled = settled_handover(work, handover)
    taken = handovers.accepted(handover, actor.user_id, workflow.roles, settled)
    seq = work.record(
        Kind.HANDOVER_ACCEPTED,
        handover.name,
        {"workflow": workflow.key, "handover": handover.number},
        role=Role.SUCCESSOR,
        policy=workflow.policy,
        prior=handover.entry,
    )
    work.handovers.save(taken)
    owed = obligation_id(ObligationKind.TAKE_OVER, workflow.key, handover.number)
    end_if_open(work, owed, ObligationState.ANSWERED, role=Role.SUCCESSOR)
    end_asking(work, workflow, Role.SUCCESSOR, seq)
    renewed = replace(workflow, attest_at=work.now + ATTEST_EVERY)
    reason = work.words_of(handover.entry, "reason")
    change_roles(work, circle, renewed, handover.roles, Role.SUCCESSOR, reason, seq)
    tell_of_vacancies_beside(work, circle, actor.user_id)
