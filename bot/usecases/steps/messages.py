"""What people are told: put in the outbox, sent after the commit."""

from dataclasses import dataclass

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a word has brought, now or long ago, in a sentence, and where it is recorded."""

    sentence: str
    receipt: Proof


def tell_channel(
    work: Work,
    kind: MessageKind,
    workflow: Workflow,
    subject: int,
    entry: int,
    obligation: str = "",
    thread: str = "",
) -> None:
    """Post, or bring up to date, the workflow's message of this kind in its channel."""
    work.outbox.put(
        Message(
            kind,
            Place.CHANNEL,
            workflow.channel,
            entry,
            workflow=workflow.key,
            subject=subject,
            obligation=obligation,
            thread=thread,
        )
    )


def tell_person(
    work: Work,
    kind: MessageKind,
    user_id: str,
    workflow: Workflow,
    subject: int,
    entry: int,
    obligation: str = "",
) -> None:
    """Send, or bring up to date, one person's message of this kind in their DM.

    Whoever is no full member any more can answer for nothing: they are sent nothing new.
    """
    message = Message(
        kind,
        Place.PERSON,
        user_id,
        entry,
        workflow=workflow.key,
        subject=subject,
        obligation=obligation,
    )
    if user_id not in work.people.gone() or work.outbox.shown(message.case):
        work.outbox.put(message)


def ask(work: Work, workflow: Workflow, owed: Obligation, user_id: str, entry: int) -> None:
    """Ask somebody for what is owed in a DM, in the place of what asked them before."""
    work.outbox.put_in_place(
        Message(
            asking(owed),
            Place.PERSON,
            user_id,
            entry,
            workflow=workflow.key,
            subject=owed.subject,
            obligation=owed.id,
        )
    )


def asking(owed: Obligation) -> MessageKind:
    """Give the message that asks somebody else: nobody confirms what they are not shown."""
    is_request = owed.kind is ObligationKind.CONFIRM
    return MessageKind.REQUEST if is_request else MessageKind.DUTY_REQUEST


def told_of_next(work: Work, obligation: str) -> frozenset[int]:
    """Give the entries by which people were told who is asked next.

    That is the last step, and since then to whoever took a role that it reached.
    """
    on = f"obligation/{obligation}"
    climbed = work.log.last_of(Kind.OBLIGATION_CLIMBED, on)
    if climbed is None:
        return frozenset()
    asked = work.log.entries_of(Kind.OBLIGATION_ASKED, on)
    return frozenset({climbed.seq, *(each.seq for each in asked if each.seq > climbed.seq)})


def answer(work: Work, sentence: str, entry: int) -> None:
    """Tell the person who acts, where they are looking, what was recorded: once a delivery."""
    if work.actor.answer_url and not _is_answered(work):
        work.outbox.put(
            Message(
                MessageKind.NOTICE, Place.ANSWER, work.actor.answer_url, entry, sentence=sentence
            )
        )


def _is_answered(work: Work) -> bool:
    """Tell whether this very delivery was answered before; from now on it was."""
    if not work.actor.delivery:
        return False
    key = f"answer/{work.actor.delivery}"
    if work.log.delivered_before(key) is not None:
        return True
    work.log.note_delivery(key, work.last_number)
    return False


def card_case(kind: MessageKind, workflow: Workflow, subject: int) -> str:
    """Name a case by its message in the workflow's channel: its thread is the case file."""
    return Message(
        kind, Place.CHANNEL, workflow.channel, -1, workflow=workflow.key, subject=subject
    ).case
