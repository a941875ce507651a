"""Where a workflow is watched: the channel can be gone, closed, or the wrong one."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.messages import OF_ONE_ENTRY, Message, MessageKind, Place, Shown
from bot.domain.moments import utc_text
from bot.domain.obligations import ObligationKind
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, require_not_retired, roles_of
from bot.usecases import Deps
from bot.usecases.escalation import CASE_OF
from bot.usecases.steps.detours import to_channel_of_now, when_it_came
from bot.usecases.steps.messages import card_case, tell_channel
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work

_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,30}")
# A round's card asks for its review alone: whoever owes one of these has a request of their own.
_NOT_ASKED_BY_CARD: Final = frozenset(
    {ObligationKind.SECOND_REVIEW, ObligationKind.SETTLE, ObligationKind.JUDGE}
)

_Cards = dict[tuple[MessageKind, int], str]  # of what each is, with the obligation it asks for


def watch_here(deps: Deps, actor: Actor, key: str, channel: str) -> Proof:
    """Make this channel the workflow's own, on record; what is open is shown there at once.

    Where it is that already, what is open and could not be shown is tried again.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow = workflow_for(work, actor, key)
        held = roles_of(actor, deps.circle, workflow)
        role = authorise(Act.WATCH, actor, held, on=workflow.name)
        _check(work, workflow, channel)
        seq = work.record(
            Kind.CHANNEL_CHANGED,
            workflow.name,
            {"workflow": key, "from": workflow.channel, "to": channel},
            role=role,
            policy=workflow.policy,
        )
        moved = replace(workflow, channel=channel)
        work.workflows.save(moved)
        if channel != workflow.channel:
            _say_in_channel_of_before(work, workflow, moved, seq)
        _show_what_is_open(work, moved, seq, is_moved=channel != workflow.channel)
    return work.receipt


def _check(work: Work, workflow: Workflow, channel: str) -> None:
    require_not_retired(workflow)
    if not _CHANNEL.fullmatch(channel):
        raise Refused(
            "no channel",
            f"Type `/answerable watch {workflow.key}` in the channel where it is to be watched.",
            on=workflow.name,
        )
    if channel == workflow.channel and not _is_wanting(work, workflow):
        raise Refused(
            "watched here already",
            f"{workflow.key} is watched in this channel already, and all for it has arrived.",
            on=workflow.name,
        )


def _is_wanting(work: Work, workflow: Workflow) -> bool:
    """Tell whether anything for the workflow's channel is not there, whatever has arrived since."""
    cases = [card_case(kind, workflow, at) for kind, at in _open_cards(work, workflow)]
    return (
        workflow.key in work.overview.failing_channels()
        or bool(_missed(work, workflow, is_moved=False))
        or work.outbox.has_nowhere(cases)
    )


def _missed(work: Work, workflow: Workflow, *, is_moved: bool) -> tuple[Message, ...]:
    """Give what did not arrive and is tried again; a reminder only of what is owed still.

    After a move that is what speaks of its own entry: what is open is posted anew there, and what
    stood in the channel of before is kept up no more.
    """
    owed = {each.id for each in work.obligations.open_of_workflow(workflow.key)}
    return tuple(
        each
        for each in work.outbox.not_arrived(workflow.key, workflow.channel)
        if each.kind is not MessageKind.REMINDER or each.obligation in owed
        if not is_moved or each.kind in OF_ONE_ENTRY
    )


def _say_in_channel_of_before(
    work: Work, workflow: Workflow, moved: Workflow, because: int
) -> None:
    """Have the posts of what is open say, for the last time, that it was moved, and whereto.

    Nothing keeps them up after that: they would say for good what was so then. A reminder that was
    still to be posted there is posted in the channel of now.
    """
    reminders = work.outbox.reminders_in(workflow.key, workflow.channel)
    waiting = {each.case: each for each in reminders}
    for place, case in enumerate(_open_cases(work, workflow)):
        notice = _notice_of_move(workflow.key, workflow.channel, because, work.now, place)
        work.outbox.withdraw(case=case)
        if work.outbox.stand_instead(case, notice):
            work.outbox.put(notice)
        elif case in waiting:
            work.outbox.put(to_channel_of_now(work, waiting[case], moved))


def say_if_moved(work: Work, message: Message, row_id: int, shown: Shown) -> None:
    """Have a post say so, if it was on its way to a channel where its workflow is watched no more.

    It was made up before the move, and would stand there with what is open, and with buttons.
    """
    workflow = work.workflows.get(message.workflow) if message.workflow else None
    if message.place is not Place.CHANNEL or workflow is None or workflow.channel == message.to:
        return
    moved = work.log.last_of(Kind.CHANNEL_CHANGED, workflow.name)
    before = replace(workflow, channel=message.to)
    if moved is None or message.case not in _open_cases(work, before):
        return
    at = datetime.fromisoformat(moved.ts)
    # Those that were there at the move are counted from 0.
    notice = _notice_of_move(workflow.key, message.to, moved.seq, at, -row_id)
    said = [each for each in work.outbox.beside(shown, message) if each.kind is MessageKind.NOTICE]
    work.outbox.withdraw(case=message.case)
    if said:  # what stood there was brought up to date just then
        work.outbox.forget_shown(message.case)
    else:
        work.outbox.stand_instead(message.case, notice)
    work.outbox.put(said[0] if said else notice)


def _notice_of_move(key: str, channel: str, because: int, at: datetime, place: int) -> Message:
    """Give what is to stand there; of no workflow, and each post is told apart by its place."""
    return Message(
        *(MessageKind.NOTICE, Place.CHANNEL, channel, because),
        subject=place,
        sentence=f"On {utc_text(at)} {key} was moved to another channel, with all that was open:",
    )


def _open_cases(work: Work, workflow: Workflow) -> tuple[str, ...]:
    """Give the cards of what is open in the workflow's channel, and the reminders below them."""
    cards = [card_case(kind, workflow, at) for kind, at in _open_cards(work, workflow)]
    owed = {each.id for each in work.obligations.open_of_workflow(workflow.key)}
    reminders = work.outbox.reminders_in(workflow.key, workflow.channel)
    return (*cards, *(each.case for each in reminders if each.obligation in owed))


def _show_what_is_open(work: Work, workflow: Workflow, because: int, *, is_moved: bool) -> None:
    """Post it in the channel of now; if that takes nothing either, people are told so.

    After a move it is posted anew even where it stands from an earlier time: nobody would look for
    it up there. What did not arrive is tried again, be it open or not: nothing else would say there
    that the gate was closed.
    """
    missed = _missed(work, workflow, is_moved=is_moved)
    for message in missed:
        is_here = message.to == workflow.channel
        work.outbox.put(message if is_here else to_channel_of_now(work, message, workflow))
    cards = _open_cards(work, workflow)
    shown_anew = {*cards, *((each.kind, each.subject) for each in missed)}
    _say_on_copies(work, workflow, shown_anew, {*cards.values()} - {""}, is_moved=is_moved)
    for (kind, subject), asking in cards.items():
        case = card_case(kind, workflow, subject)
        if is_moved:
            work.outbox.forget_shown(case)
        if work.outbox.shown(case) is None:
            tell_channel(work, kind, workflow, subject, because, asking)


def _say_on_copies(
    work: Work,
    workflow: Workflow,
    shown_anew: AbstractSet[tuple[MessageKind, int]],
    asking: AbstractSet[str],
    *,
    is_moved: bool,
) -> None:
    """Have copies of what is shown in the channel now say no more that it is to be mended.

    If it takes nothing still, what could not be shown there says so on them again.
    """
    since = (
        f"{workflow.key} is watched in another channel by now."
        if is_moved
        else f"On {utc_text(work.now)} that channel was tried again."
    )
    sentence = when_it_came(workflow.key, since)
    for copy in work.outbox.copies(workflow.key):
        if (copy.kind, copy.subject) in shown_anew or copy.obligation in asking:
            work.outbox.put(replace(copy, sentence=sentence))


def _open_cards(work: Work, workflow: Workflow) -> _Cards:
    """Give the card of everything open, with the obligation it asks for, if that is one."""
    rounds = work.rounds.not_closed(workflow.key)
    breaches = work.breaches.not_closed(workflow.key)
    cards = {(MessageKind.ROUND_CARD, each.number): "" for each in rounds}
    cards |= {(MessageKind.BREACH_CARD, each.number): "" for each in breaches}
    for owed in work.obligations.open_of_workflow(workflow.key):
        card = CASE_OF[owed.kind], owed.subject
        asking = "" if owed.kind in _NOT_ASKED_BY_CARD else owed.id
        cards[card] = asking or cards.get(card, "")
    return cards
