"""Who answers for a workflow when its owner cannot, and when its people change."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Final

from bot.domain.absences import principals
from bot.domain.escalation import next_rung, people_asked
from bot.domain.gate import GateState
from bot.domain.handovers import changed_roles
from bot.domain.messages import MessageKind
from bot.domain.obligations import (
    NOT_CLIMBED,
    Obligation,
    ObligationKind,
    ObligationState,
)
from bot.domain.people import Actor, Circle, Role
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Roles, Workflow, WorkflowState
from bot.domain.requests import confirmers, second_person
from bot.domain.working_time import business
from bot.rendering import views
from bot.usecases.steps.absences import show_absences_anew
from bot.usecases.steps.gate import tighten_gate
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.new_holders import ask_new_holders
from bot.usecases.steps.obligations import (
    ask_in_place_of,
    end,
    end_if_open,
    owe,
    pass_on,
    policy_of,
)
from bot.usecases.steps.requests import supersede_without_asker
from bot.usecases.steps.rhythm import next_number
from bot.usecases.steps.rounds import show_open_round
from bot.usecases.steps.stand_ins import presence_for
from bot.usecases.steps.vacancies import show_vacancies_anew
from store.reading import Reading
from store.unit_of_work import Work

ATTEST_EVERY: Final = timedelta(days=90)
NOBODY_LEFT: Final = business(days=1)  # until the gate is paused


def require_no_auditor(workflow: Workflow, actor: Actor, circle: Circle) -> None:
    """Refuse that whoever reads the record as an auditor answers for what is in it."""
    if actor.user_id in circle.auditors:
        raise Refused(
            "auditor may not own",
            f"You read the record as an auditor: nobody audits what they answer for. Ask whoever "
            f"named you to name another owner of {workflow.key}.",
            on=workflow.name,
        )


def is_owner_there(reading: Reading, workflow: Workflow, absent: frozenset[str]) -> bool:
    owner = workflow.roles.owner
    return owner not in reading.people.gone() and owner not in absent


def instead_of_owner(reading: Reading, workflow: Workflow, naming: Obligation) -> views.Meanwhile:
    """Give who is asked for what an owner owes who has left, by the ladder of what they owe."""
    owner, kind = workflow.roles.owner, ObligationKind.ACKNOWLEDGE  # of which nobody is barred
    owed = replace(naming, kind=kind, owed_by=owner, rung=NOT_CLIMBED)
    presence = presence_for(reading, workflow, owed)
    role = next_rung(owed, workflow.roles, presence).role
    holder = asdict(workflow.roles).get(role, "")
    return views.Meanwhile(role, is_lent=holder in presence.absent)


def is_nobody_left(reading: Reading, workflow: Workflow) -> bool:
    """Tell whether owner, backup and steward have all left: then nobody named can answer."""
    roles = workflow.roles
    return {roles.owner, roles.backup, roles.steward} <= reading.people.gone().keys()


def brings_stop(reading: Reading, workflow: Workflow, owed: Obligation) -> bool:
    """Tell whether silence about this pauses the workflow: nobody is left to name an owner."""
    return owed.kind is ObligationKind.HAND_OVER and is_nobody_left(reading, workflow)


def see_to_owner(work: Work, workflow: Workflow) -> None:
    """Have a new owner named if a live workflow's has left; if nobody is left, close its gate."""
    is_live = workflow.state is WorkflowState.LIVE
    if not is_live or workflow.roles.owner not in work.people.gone():
        return
    owed = naming_of(work, workflow) or _ask_for_owner(work, workflow)
    if is_nobody_left(work, workflow):
        _close(work, workflow, owed)
    # Who is to name one, by when and what follows if nobody does may be other than it was said.
    work.outbox.refresh(owed.id, work.last_number)


def stop_naming(work: Work, workflow: Workflow, because: int) -> None:
    """End the search for another owner: the one there is can answer again."""
    if owed := naming_of(work, workflow):
        end(work, owed, ObligationState.SUPERSEDED, because=because)


def _ask_for_owner(work: Work, workflow: Workflow) -> Obligation:
    kind, steward = ObligationKind.HAND_OVER, workflow.roles.steward
    number = next_number(work, workflow, kind)
    due_at = None
    if is_nobody_left(work, workflow):
        due_at = NOBODY_LEFT.after(work.now, policy_of(work, workflow).working)
    owed = owe(work, workflow, kind, number, steward, due_at=due_at)
    shown = MessageKind.OWNER_NEEDED
    tell_channel(work, shown, workflow, number, work.last_number, owed.id)
    tell_person(work, shown, steward, workflow, number, work.last_number, owed.id)
    return owed


def _close(work: Work, workflow: Workflow, owed: Obligation) -> None:
    """Have every output reviewed at once, and the pipeline stopped a business day later."""
    cause = "owner, backup and steward have all left"
    tighten_gate(work, workflow, GateState.REVIEW_ALL, cause)
    latest = NOBODY_LEFT.after(work.now, policy_of(work, workflow).working)
    due_at = min(owed.due_at, latest)
    climbs_at = min(owed.climbs_at, due_at)
    work.obligations.save(replace(owed, due_at=due_at, climbs_at=climbs_at))


def naming_of(work: Work, workflow: Workflow) -> Obligation | None:
    """Give what is owed of naming an owner. A proposal does not end it: only acceptance does."""
    found = work.obligations.open_of_workflow(workflow.key)
    return next((each for each in found if each.kind is ObligationKind.HAND_OVER), None)


def change_roles(
    work: Work,
    circle: Circle,
    workflow: Workflow,
    roles: Roles,
    role: Role,
    reason: str,
    because: int | None,
) -> Workflow:
    """Put other people into the roles of a workflow, on record; what was owed goes with the role.

    What somebody asked for who may not any more ends. Everybody who had or has one of the roles is
    told, but for who has left.
    """
    changed = changed_roles(workflow.roles, roles)
    seq = work.record(
        Kind.ROLES_CHANGED,
        workflow.name,
        {
            "workflow": workflow.key,
            "changed": list(changed),
            "technical_owner": work.pseudonym_of(roles.technical_owner),
        },
        words={**asdict(roles), "reason": reason},
        role=role,
        policy=workflow.policy,
        prior=because,
    )
    moved = replace(workflow, roles=roles)
    work.workflows.save(moved)
    work.put_on_board(moved.key)
    supersede_without_asker(work, moved, circle, seq)
    _pass_all_on(work, workflow.roles, moved, seq)
    ask_new_holders(work, workflow.roles, moved, seq)
    _ask_other_stand_ins(work, workflow.roles, moved)
    if "owner" in changed:
        show_open_round(work, moved, seq)
    before, after = asdict(workflow.roles), asdict(roles)
    concerned = {each[name] for each in (before, after) for name in changed}
    kind = MessageKind.ROLES_NOTICE
    tell_channel(work, kind, moved, seq, seq)
    for user_id in sorted(concerned - work.people.gone().keys()):
        tell_person(work, kind, user_id, moved, seq, seq)
    # Another steward is who is asked after an owner whose backup has left.
    told_of = concerned | {roles.backup}
    show_vacancies_anew(work, told_of & work.people.gone().keys())
    see_to_owner(work, moved)
    return moved


def _pass_all_on(work: Work, was: Roles, moved: Workflow, because: int) -> None:
    # The technical owner is on no ladder: what they owe, they owe in another role of theirs.
    names = ("owner", "backup", "steward")
    before, after = asdict(was), asdict(moved.roles)
    following = {before[name]: after[name] for name in names if before[name] != after[name]}
    for owed in work.obligations.open_of_workflow(moved.key):
        to = following.get(owed.owed_by, owed.owed_by)
        if owed.kind is ObligationKind.CONFIRM:
            to = _who_confirms(work, moved, owed, to)
        if to != owed.owed_by and owed.kind is not ObligationKind.TAKE_OVER:
            pass_on(work, moved, owed, to, because)
        elif following:  # it may have climbed to them, or others are next
            work.outbox.show_anew(owed.id)


def _who_confirms(work: Work, moved: Workflow, owed: Obligation, to: str) -> str:
    """Give who owes their word on a request now: `to`, or whoever may give it if they may not."""
    request = work.requests.get(moved.key, owed.subject)
    may = confirmers(request, moved.roles)
    return to if to in may else second_person(request, moved.roles)


def _ask_other_stand_ins(work: Work, was: Roles, moved: Workflow) -> None:
    """Ask others for what was with somebody who stood in and is the technical owner now."""
    builder = moved.roles.technical_owner
    if builder == was.technical_owner:
        return
    show_absences_anew(work, {builder, was.technical_owner})
    away = principals(builder, work.absences.in_force(work.now))
    for owed in work.obligations.open_of_workflow(moved.key):
        # No admin is among them: what has reached those waits for its repeat.
        for each in sorted(away.intersection(people_asked(owed, moved.roles, Circle()))):
            ask_in_place_of(work, moved, owed, each)
            work.outbox.refresh_for({builder}, owed.id)


def end_asking(work: Work, workflow: Workflow, role: Role, because: int) -> None:
    """End what a new owner settles by being there: that one is named, that all is right still."""
    for owed in _settled_by_owner(work, workflow):
        is_named = owed.kind is ObligationKind.HAND_OVER
        state = ObligationState.ANSWERED if is_named else ObligationState.SUPERSEDED
        end_if_open(work, owed.id, state, role=role, because=because)


def _settled_by_owner(work: Work, workflow: Workflow) -> Iterator[Obligation]:
    kinds = {ObligationKind.HAND_OVER, ObligationKind.ATTEST}
    for owed in work.obligations.open_of_workflow(workflow.key):
        if owed.kind in kinds:
            yield owed
