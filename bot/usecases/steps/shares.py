"""Shares of a round's review: handed to reviewers, taken back, and shown to whom they concern."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.people import Circle, Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.shares import Share, ShareState
from bot.usecases.steps.independence import second_hands, who_saw
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.stand_ins import is_asked, presence_for
from store.reading import Reading
from store.unit_of_work import Work


def items_of(reading: Reading, share: Share) -> tuple[DrawnItem, ...]:
    """Give what is in a share now, in the order it is asked, with what was planted in it."""
    items = reading.rounds.asked(share.workflow, share.round)
    return tuple(item for item in items if item.share == share.number)


def hand(
    work: Work,
    workflow: Workflow,
    round_: Round,
    reviewer: str,
    items: Iterable[DrawnItem],
    role: Role,
) -> Share:
    """Put these outputs into a reviewer's hands, on record, and ask them in a direct message."""
    given = tuple(items)
    number = work.shares.next_number(workflow.key)
    share = Share(workflow.key, number, round_.number, reviewer)
    seq = work.record(
        Kind.ITEMS_HANDED,
        share.name,
        {
            "workflow": workflow.key,
            "round": round_.number,
            "share": number,
            "reviewer": work.pseudonym_of(reviewer),
            "positions": [item.position for item in given],
        },
        words={"reviewer": reviewer},
        role=role,
        policy=round_.policy,
    )
    share = replace(share, entry=seq)
    work.shares.add(share)
    for item in given:
        work.rounds.save_item(workflow.key, round_.number, replace(item, share=number))
    tell_reviewer(work, workflow, share, seq)
    return share


def take_back(
    work: Work, workflow: Workflow, share: Share, items: Iterable[DrawnItem], role: str = ""
) -> int:
    """Take outputs out of a share, on record; when nothing is left in it, it has ended."""
    taken = tuple(items)
    seq = work.record(
        Kind.ITEMS_TAKEN_BACK,
        share.name,
        {
            "workflow": workflow.key,
            "round": share.round,
            "share": share.number,
            "positions": [item.position for item in taken],
        },
        role=role,
        policy=work.rounds.get(share.workflow, share.round).policy,
        prior=share.entry,
    )
    for item in taken:
        work.rounds.save_item(workflow.key, share.round, replace(item, share=0))
    if not items_of(work, share):
        work.shares.save(replace(share, state=ShareState.TAKEN_BACK))
    tell_reviewer(work, workflow, share, seq)
    tell_owner(work, workflow, share.round, seq)
    show_notices(work, share)
    return seq


def take_all_back(work: Work, owed: Obligation, role: str = "") -> None:
    """Take back what reviewers have of a round of which nothing is owed any more."""
    workflow = work.workflows.get(owed.workflow)
    for share in work.shares.of_round(owed.workflow, owed.subject):
        if share.is_open:
            take_back(work, workflow, share, items_of(work, share), role)


def tell_reviewer(work: Work, workflow: Workflow, share: Share, entry: int) -> None:
    """Send, or bring up to date, what asks a reviewer for their share."""
    if share.reviewer not in work.people.gone():
        kind, owed = MessageKind.SHARE_REQUEST, review_of(share.workflow, share.round)
        tell_person(work, kind, share.reviewer, workflow, share.number, entry, owed)


def tell_owner(work: Work, workflow: Workflow, number: int, entry: int) -> None:
    """Send, or bring up to date, what tells the owner how far the reviewers of a round are."""
    _tell_owner(work, workflow, MessageKind.SHARES_NOTICE, number, number, entry)


def tell_if_all_in(work: Work, workflow: Workflow, number: int, entry: int) -> None:
    """Tell the owner in a message of its own once no reviewer of a round has anything of it.

    An update of the message that says how far they are is a sound to nobody.
    """
    if not any(each.is_open for each in work.shares.of_round(workflow.key, number)):
        _tell_owner(work, workflow, MessageKind.SHARES_IN, number, number, entry)


def tell_of_missing(work: Work, reviewer: str, entry: int) -> None:
    """Tell each owner whose reviewer is away or has left by now: they may take outputs back."""
    for share in work.shares.with_reviewer(reviewer):
        workflow = work.workflows.get(share.workflow)
        tell_owner(work, workflow, share.round, entry)
        _notify(work, workflow, share, entry)


def show_who_reviews(work: Work, reviewer: str, entry: int) -> None:
    """Bring up to date what told owners of their reviewer: one who is back is a sound to nobody."""
    for share in work.shares.with_reviewer(reviewer):
        tell_owner(work, work.workflows.get(share.workflow), share.round, entry)
        show_notices(work, share)


def show_notices(work: Work, share: Share) -> None:
    """Bring up to date what told of a share's reviewer: who is back, or has nothing of it now."""
    owed = review_of(share.workflow, share.round)
    work.outbox.show_told(MessageKind.REVIEWER_NOTICE, owed, share.number)


def tell_of_second_look(work: Work, workflow: Workflow, number: int, entry: int) -> None:
    """Tell a round's owner if who has just taken its second look has outputs of it: barred now."""
    for share in work.shares.of_round(workflow.key, number):
        if share.is_open and share.reviewer == work.actor.user_id:
            tell_reviewer(work, workflow, share, entry)
            tell_owner(work, workflow, number, entry)
            _notify(work, workflow, share, entry)


def tell_unasked(work: Work, message: Message, entry: int) -> None:
    """Tell the owner if what could not be delivered asked a reviewer for outputs they have."""
    if message.kind is not MessageKind.SHARE_REQUEST:
        return
    share = work.shares.get(message.workflow, message.subject)
    if share.is_open:
        _notify(work, work.workflows.get(share.workflow), share, entry)


def _notify(work: Work, workflow: Workflow, share: Share, entry: int) -> None:
    """Tell the owner in a message of its own that a reviewer cannot answer what they have.

    It takes the place of what told of the same before, which leads to it.
    """
    kind, owed = MessageKind.REVIEWER_NOTICE, review_of(workflow.key, share.round)
    for user_id in _who_answers_for(work, workflow, share.round):
        work.outbox.put_in_place(
            Message(kind, Place.PERSON, user_id, entry, workflow.key, share.number, obligation=owed)
        )
    show_notices(work, share)


def _tell_owner(
    work: Work, workflow: Workflow, kind: MessageKind, number: int, subject: int, entry: int
) -> None:
    owed = review_of(workflow.key, number)
    for user_id in _who_answers_for(work, workflow, number):
        tell_person(work, kind, user_id, workflow, subject, entry, owed)


def _who_answers_for(work: Work, workflow: Workflow, number: int) -> tuple[str, ...]:
    """Give whoever answers for a workflow, and who stands in for them, if they are there."""
    owed = work.obligations.get(review_of(workflow.key, number))
    owner, gone = workflow.roles.owner, work.people.gone()
    told = {owner, *presence_for(work, workflow, owed).there([owner])}
    return tuple(sorted(told - gone.keys()))


def is_barred(reading: Reading, share: Share) -> bool:
    """Tell whether a reviewer has taken or seen the second look: two looks are two people's."""
    of_round = share.workflow, share.round
    knows = second_hands(reading, *of_round) | who_saw(reading, *of_round, Look.SECOND)
    return share.reviewer in knows


def review_of(workflow: str, number: int) -> str:
    return obligation_id(ObligationKind.REVIEW, workflow, number)


def has_second_look(
    work: Work, circle: Circle, workflow: Workflow, round_: Round, user_id: str
) -> bool:
    """Tell whether the second look is this person's, asked of them, begun or given, or seen."""
    number = round_.number
    drafters = work.log.actors_of(Kind.SECOND_DRAFT_SAVED, round_.name)
    begun = {work.people.user_of(drafter) for drafter in drafters}
    of_round = round_.workflow, number
    if user_id in begun | second_hands(work, *of_round) | who_saw(work, *of_round, Look.SECOND):
        return True
    owed = work.obligations.find(obligation_id(ObligationKind.SECOND_REVIEW, workflow.key, number))
    if owed is None or not owed.is_open:
        return False
    return is_asked(work, circle, user_id, workflow, owed, work.now)
