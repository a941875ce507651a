"""What waits for a role, asked of whoever takes it: it had reached the one before them."""

from bot.domain.escalation import newly_reached
from bot.domain.messages import MessageKind
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.record import Kind
from bot.domain.registry import Roles, Workflow
from bot.usecases.steps.breaches import owed_next
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.obligations import ask_in_place_of
from bot.usecases.steps.stand_ins import presence_for
from store.unit_of_work import Work


def ask_new_holders(work: Work, was: Roles, workflow: Workflow, because: int) -> None:
    """Ask whoever takes a role for what has climbed to it already, on record.

    If they are away or barred from it, whoever stands in is asked, or it climbs at once. A steward
    is shown what the one before was told of.
    """
    if workflow.roles.steward != was.steward:
        _show_critical(work, workflow)
    for owed in work.obligations.open_of_workflow(workflow.key):
        if owed.kind is ObligationKind.TAKE_OVER:
            continue
        for rung, user_id in newly_reached(owed, was, workflow.roles):
            if user_id in presence_for(work, workflow, owed).there([user_id]):
                _ask(work, workflow, owed, rung, user_id, because)
            else:
                ask_in_place_of(work, workflow, owed, user_id)


def _show_critical(work: Work, workflow: Workflow) -> None:
    """Show a new steward the card of each critical breach, but for what is passed on to them."""
    kind, steward = MessageKind.BREACH_CARD, workflow.roles.steward
    for breach in work.breaches.not_closed(workflow.key):
        owed = owed_next(work, breach) if breach.is_critical else None
        if owed and owed.owed_by != steward:
            tell_person(work, kind, steward, workflow, breach.number, breach.entry, owed.id)


def _ask(
    work: Work, workflow: Workflow, owed: Obligation, rung: int, user_id: str, because: int
) -> None:
    seq = work.record(
        Kind.OBLIGATION_ASKED,
        f"obligation/{owed.id}",
        {
            "obligation": owed.id,
            "workflow": workflow.key,
            "rung": rung,
            "repeats": owed.repeats,
        },
        words={"asked": user_id},
        policy=workflow.policy,
        prior=because,
    )
    tell_person(work, MessageKind.REMINDER, user_id, workflow, owed.subject, seq, owed.id)
    work.outbox.refresh_cards(owed.id, seq)
