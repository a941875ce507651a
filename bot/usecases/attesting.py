"""Every 90 days an owner says that they still are, and that what is registered is right still."""

from dataclasses import replace
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.cadences import in_words
from bot.domain.messages import MessageKind
from bot.domain.moments import utc_text
from bot.domain.obligations import (
    Obligation,
    ObligationKind,
    obligation_id,
    over,
)
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import optional_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.rendering import views
from bot.usecases import DUE_AT_ONCE, Deps
from bot.usecases.steps.endings import over_as
from bot.usecases.steps.obligations import end
from bot.usecases.steps.owners import ATTEST_EVERY
from bot.usecases.steps.proofs import word_of_owner
from bot.usecases.steps.rhythm import ask_owner_again
from bot.usecases.steps.workflows import workflow_for
from store.reading import Reading
from store.unit_of_work import Work


def attestations_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the keys of live workflows whose owner is to be asked whether all is right still."""
    return reading.workflows.due_to_attest(now, DUE_AT_ONCE)


def ask_to_attest(deps: Deps, key: str) -> bool:
    """Have the owner owe an attestation if one is due; tell whether it was.

    Whoever has not given the last one owes that one still, and no second.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if not work.workflows.is_due_to_attest(key, work.now):
            return False
        workflow = replace(work.workflows.get(key), attest_at=work.now + ATTEST_EVERY)
        work.workflows.save(workflow)
        ask_owner_again(work, workflow, ObligationKind.ATTEST, MessageKind.ATTEST_REQUEST)
    return True


def open_attestation(deps: Deps, actor: Actor, key: str, number: int) -> views.AttestForm:
    """Give the owner what they are to look at; refuse anybody else, and what has ended."""
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, owed, _ = _asked(deps, work, actor, key, number)
        require_not_over(_over(work, actor, workflow, owed))
        policy = work.workflows.policy(key, workflow.policy)
        waiting = tuple(breach.number for breach in work.breaches.not_closed(key))
        return views.AttestForm(
            workflow=key,
            number=number,
            purpose=work.log.words(workflow.entry, "purpose"),
            roles=workflow.roles,
            plan=policy.plan.in_words,
            cadence=in_words(policy.cadence),
            zone=policy.zone,
            limit_bp=policy.limit_bp,
            open_breaches=waiting,
        )


def attest(deps: Deps, actor: Actor, key: str, number: int, remark: str = "") -> Proof:
    """Record the owner's word that they still answer for it and that all is right still.

    Whoever has given it has the same receipt again; it is nobody's else, be they the owner by now.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, owed, role = _asked(deps, work, actor, key, number)
        name = f"attestation/{key}/{number}"
        given = word_of_owner(work, owed)
        if given is None or work.people.user_of(given.actor) != actor.user_id:
            require_not_over(_over(work, actor, workflow, owed))
            work.record(
                Kind.OWNERSHIP_ATTESTED,
                name,
                {"workflow": key, "attestation": number},
                words={"remark": said} if (said := optional_words(remark, "remark")) else None,
                role=role,
                policy=workflow.policy,
            )
            end(work, owed, role=role)
        work.point_at(Kind.OWNERSHIP_ATTESTED, name)
    return work.receipt


def _asked(
    deps: Deps, work: Work, actor: Actor, key: str, number: int
) -> tuple[Workflow, Obligation, Role]:
    workflow = workflow_for(work, actor, key)
    owed = work.obligations.find(obligation_id(ObligationKind.ATTEST, key, number))
    ended = _over(work, actor, workflow, owed) if owed else None
    roles = roles_of(actor, deps.circle, workflow)
    role = authorise(Act.ATTEST, actor, roles, on=workflow.name, over=ended)
    if owed is None:
        raise Refused("nothing to attest", f"Nothing is asked of {key} here.", on=workflow.name)
    return workflow, owed, role


def _over(work: Work, actor: Actor, workflow: Workflow, owed: Obligation) -> Refused | None:
    """Give what is said of an attestation that has ended; None while it is open.

    Who gave it may be the owner no more, and whoever presses may not know them: its card names
    them.
    """
    given = word_of_owner(work, owed)
    if given is None:
        return over_as(work, owed)
    by = work.people.user_of(given.actor)
    is_owner = by == workflow.roles.owner
    who = "You" if by == actor.user_id else "The owner" if is_owner else "Whoever was the owner"
    at = utc_text(datetime.fromisoformat(given.ts))
    said = f"{who} said {at} that all is right still with {workflow.key}, record #{given.seq}"
    return over(owed, f"{said}: nothing more is owed here. {_next(work, workflow)}".rstrip())


def _next(work: Work, workflow: Workflow) -> str:
    """Say when it is asked again; "" if it never is."""
    if workflow.state is not WorkflowState.LIVE or workflow.attest_at is None:
        return ""
    asked = (
        each.subject
        for each in work.obligations.open_of_workflow(workflow.key)
        if each.kind is ObligationKind.ATTEST
    )
    if number := next(asked, 0):
        return f"It is asked again since: attestation {number} has a message of its own."
    return f"The owner is asked again {utc_text(workflow.attest_at)}."
