"""A report on one workflow, for whoever asks: sent to them with its charts."""

from bot.domain.authority import Act, authorise
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import roles_of
from bot.usecases import Deps
from bot.usecases.steps.workflows import workflow_for


def request_report(deps: Deps, actor: Actor, key: str) -> Proof:
    """Have a report sent to a member's DM; that they asked for it is on record."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow = workflow_for(work, actor, key)
        held = roles_of(actor, deps.circle, workflow)
        role = authorise(Act.REPORT, actor, held, on=workflow.name)
        closed = work.rounds.closed(key, 1)
        if not closed:
            raise Refused(
                "no round closed",
                f"No round of {key} has closed yet, so there is nothing to report. "
                f"`/answerable show {key}` says when its samples are drawn.",
                on=workflow.name,
            )
        last = closed[-1].number
        facts = {"workflow": key, "round": last}
        seq = work.record(Kind.REPORT_MADE, workflow.name, facts, role=role, policy=workflow.policy)
        report = Message(
            MessageKind.REPORT, Place.PERSON, actor.user_id, seq, workflow=key, subject=last
        )
        work.outbox.put(report)
    return work.receipt
