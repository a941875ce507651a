"""Where a workflow is watched: the channel can be gone, closed, or the wrong one."""

import re
from dataclasses import replace
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.usecases import Deps
from bot.usecases.steps.breaches import tell_breaches
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work

_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,30}")


def watch_here(deps: Deps, actor: Actor, key: str, channel: str) -> Proof:
    """Make this channel the workflow's own, on record; what is open is shown there at once."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow = workflow_for(work, actor, key)
        held = roles_of(actor, deps.circle, workflow)
        role = authorise(Act.WATCH, actor, held, on=workflow.name)
        _check(workflow, channel)
        work.record(
            Kind.CHANNEL_CHANGED,
            workflow.name,
            {"workflow": key, "from": workflow.channel, "to": channel},
            role=role,
            policy=workflow.policy,
        )
        moved = replace(workflow, channel=channel)
        work.workflows.save(moved)
        _show_what_is_open(work, moved)
    return work.receipt


def _check(workflow: Workflow, channel: str) -> None:
    if workflow.state is WorkflowState.RETIRED:
        raise Refused("workflow retired", f"{workflow.key} is retired.", on=workflow.name)
    if not _CHANNEL.fullmatch(channel):
        raise Refused(
            "no channel",
            f"Type `/answerable watch {workflow.key}` in the channel where it is to be watched.",
            on=workflow.name,
        )
    if channel == workflow.channel:
        raise Refused(
            "watched here already",
            f"{workflow.key} is watched in this channel already.",
            on=workflow.name,
        )


def _show_what_is_open(work: Work, workflow: Workflow) -> None:
    """Post it in the channel of now; if that takes nothing either, people are told so."""
    if workflow.state is WorkflowState.DRAFT:
        owed = obligation_id(ObligationKind.ACCEPT, workflow.key, 0)
        tell_channel(work, MessageKind.ACCEPT_REQUEST, workflow, 0, workflow.entry, owed)
    for round_ in work.rounds.not_closed(workflow.key):
        owed = obligation_id(ObligationKind.REVIEW, workflow.key, round_.number)
        is_owed = work.obligations.find(owed) is not None
        entry = work.last_number
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, workflow, round_.number, entry, owed if is_owed else "")
    tell_breaches(work, workflow, work.breaches.not_closed(workflow.key))
