"""What is asked of every owner again and again: one at a time, numbered from 1."""

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.registry import Workflow
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.obligations import owe
from store.unit_of_work import Work


def ask_owner_again(
    work: Work, workflow: Workflow, kind: ObligationKind, shown: MessageKind
) -> None:
    """Have the owner owe the next of a kind, and be told; whoever owes the last one owes that."""
    open_now = work.obligations.open_of_workflow(workflow.key)
    if any(each.kind is kind for each in open_now):
        return
    owner, number = workflow.roles.owner, next_number(work, workflow, kind)
    owed = owe(work, workflow, kind, number, owner)
    tell_channel(work, shown, workflow, number, work.last_number, owed.id)
    tell_person(work, shown, owner, workflow, number, work.last_number, owed.id)


def next_number(work: Work, workflow: Workflow, kind: ObligationKind) -> int:
    """Give the number of the next obligation of a kind, which none has yet."""
    number = 1
    while work.obligations.find(obligation_id(kind, workflow.key, number)):
        number += 1
    return number
