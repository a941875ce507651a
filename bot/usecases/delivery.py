"""What becomes of a message: claimed, sent, failed, or unknown. Nothing is dropped in silence."""

from collections.abc import Collection
from typing import Final

from bot.domain.messages import Message, MessageKind, Place, Posting, Sending, Shown, doubled
from bot.domain.people import SYSTEM, Circle
from bot.domain.record import Kind
from bot.usecases import Deps
from bot.usecases.steps.breaches import tell_again
from bot.usecases.steps.detours import instead_of, say_shown_there, unheard_or_none
from bot.usecases.steps.obligations import grant_grace, hasten_undelivered
from bot.usecases.steps.shares import tell_unasked
from bot.usecases.watching import say_if_moved
from store.outbox import Claim
from store.unit_of_work import Work, timestamp

# Seconds until what reached nobody is tried again: whoever can mend that, the operator, needs
# minutes; whoever is to hear of it has not much more.
_SOONEST, _LATEST = 60, 3600
# What comes as a message of its own each time, to who may have been asked for the same before.
_ASKING_ANEW: Final = (
    MessageKind.DUTY_REQUEST,
    MessageKind.REMINDER,
    MessageKind.REVIEWER_NOTICE,
)
_ON_ITS_WAY: Final = (Sending.SENDING, Sending.READY)  # put back, it may have been posted before


def claim_message(
    deps: Deps,
    *,
    only: Place | None = None,
    sparing: Collection[str] = frozenset(),
    resting: Collection[str] = frozenset(),
    most: int = 1,
) -> Posting | None:
    """Take the most urgent message that may go out now, under a lease; None if there is none.

    `only` leaves waiting all that goes to any other place, `sparing` what is for these people and
    not critical, `resting` all that is for these channels or people. Up to `most` reminders to one
    person are taken together.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.outbox.forget_expired_leases()
        posting = work.outbox.claim(only, sparing, resting, most)
    return posting


def record_shown(deps: Deps, posting: Posting, shown: Shown | None, digest: str) -> None:
    """Record that a message was shown, where it stands and the digest of what people saw."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        for each in posting.all:
            if work.outbox.sent(_claim(each)):
                _note_shown(work, each.message, each.id, shown, digest)


def record_posted_after_all(deps: Deps, row_id: int, shown: Shown) -> bool:
    """Settle a message whose answer was lost: Slack's event shows that it was posted.

    Tell whether there was such a message. Of one that is on its way still, maybe from another
    process, it is kept where it stands: who sends it records what people saw, or finds that here.
    """
    with deps.store.read(deps.workspace) as reading:
        is_settled = reading.outbox.find(row_id, Sending.UNKNOWN, *_ON_ITS_WAY) is None
    if is_settled:  # nearly always: then nobody's seat is taken for it
        return False
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        unsettled = work.outbox.find(row_id, Sending.UNKNOWN)
        on_its_way = work.outbox.find(row_id, *_ON_ITS_WAY)
        if unsettled:
            message, claim = unsettled
            work.outbox.sent(claim)
            _note_shown(work, message, row_id, shown, "")
        elif on_its_way:
            work.outbox.note_posted(on_its_way[0], shown)
    return unsettled is not None


def record_unknown(deps: Deps, posting: Posting, error: str) -> bool:
    """Note that Slack's answer was lost: the message waits before it is sent again.

    If another process has heard of it meanwhile that it was posted, it is settled: tell whether.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        settled = [_settle_unknown(work, each, error) for each in posting.all]
    return all(settled)


def record_postponed(
    deps: Deps, posting: Posting, wait: int, error: str, *, was_tried: bool = True
) -> None:
    """Put back a message that was surely not sent, for `wait` seconds.

    `was_tried` is False where Slack takes nothing at all just now, whatever it is.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        for each in posting.all:
            work.outbox.again(_claim(each), wait, error, was_tried=was_tried)


def record_resting(deps: Deps, posting: Posting) -> None:
    """Put back a message whose person is not to be disturbed now. What it asks for climbs on."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        for each in posting.all:
            work.outbox.again(_claim(each), 0, "do not disturb", was_tried=False)


def record_undeliverable(deps: Deps, posting: Posting, error: str, why: str = "") -> bool:
    """Record that a message did not arrive and will not there, and whom it is sent to instead.

    What it asked a person for climbs at once. `why` says in words what is wrong with the place.
    Tell whether it is given up: a critical card that nobody was shown and that can go nowhere else
    is kept, and tried again by every way after a wait that grows.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        kept = [_turn_back(work, deps.circle, each, error, why) for each in posting.all]
    return not any(kept)


def record_vanished(deps: Deps, posting: Posting, *, is_thread: bool = False) -> None:
    """Forget where a message stood, since it is there no more, and have it posted anew.

    A notice is not: it was only to take the place of what stood there.
    `is_thread`: what is gone is not the message but the one at the head of its thread.
    """
    message = posting.message
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if message.kind is MessageKind.NOTICE:
            work.outbox.forget_shown(message.case)
            _turn_back(work, deps.circle, posting, "message_not_found", "")
            return
        work.outbox.forget_shown(message.thread if is_thread else message.case)
        work.outbox.again(_claim(posting), 0, "the message was deleted in Slack")


def _settle_unknown(work: Work, posting: Posting, error: str) -> bool:
    heard = None if posting.shown else work.outbox.shown(posting.message.case)
    is_settled = heard is not None and work.outbox.sent(_claim(posting))
    if is_settled:
        _note_shown(work, posting.message, posting.id, heard, "")
    else:
        work.outbox.unknown(_claim(posting), error)
    return is_settled


def _turn_back(work: Work, circle: Circle, posting: Posting, error: str, why: str) -> bool:
    """Send what Slack refused elsewhere; tell whether it waits, as there is nowhere else."""
    claim, wait = _claim(posting), doubled(_SOONEST, posting.attempt, _LATEST)
    if not work.outbox.again(claim, wait, error):
        return False  # somebody else has claimed it since
    is_sent_on = _send_elsewhere(work, circle, posting, error, why)
    breach = None if is_sent_on else unheard_or_none(work, posting)
    if breach is None:
        work.outbox.failed(claim, error)
    elif posting.attempt > 1:  # before the first time all ways were tried just now
        tell_again(work, breach)
    return breach is not None


def _send_elsewhere(work: Work, circle: Circle, posting: Posting, error: str, why: str) -> bool:
    message = posting.message
    others = instead_of(work, circle, message, error, why)
    people = [each.to for each in others if each.place is Place.PERSON]
    work.record(
        Kind.MESSAGE_FAILED,
        f"message/{posting.id}",
        {
            "kind": message.kind,
            "place": message.place,
            "obligation": message.obligation or None,
            "error": error,
        },
        words={"asked": " ".join(people)} if people else None,
        prior=message.entry,
    )
    tell_unasked(work, message, work.last_number)
    for other in others:
        work.outbox.put(other)
    if message.obligation and message.place is Place.PERSON:
        hasten_undelivered(work, message)
    return bool(others)


def _note_shown(
    work: Work, message: Message, row_id: int, shown: Shown | None, digest: str
) -> None:
    moved = grant_grace(work, message, row_id)
    if shown and message.place is not Place.ANSWER:
        asks_anew = message.kind in _ASKING_ANEW and not work.outbox.asks(message)
        work.outbox.note_shown(message, shown)
        if asks_anew:
            work.outbox.spend_former(message)
        say_if_moved(work, message, row_id, shown)
        say_shown_there(work, message)
    work.record(
        Kind.MESSAGE_SHOWN,
        f"message/{row_id}",
        {
            "kind": message.kind,
            "place": message.place,
            "workflow": message.workflow or None,
            "subject": message.subject,
            "obligation": message.obligation or None,
            "ts": shown.ts if shown else None,
            "sha256": digest or None,
            "due_at": timestamp(moved.due_at) if moved else None,
        },
        prior=message.entry,
    )
    if moved and moved.reads_otherwise:  # what people saw just now names the time of before
        work.outbox.show_anew(message.obligation)


def _claim(posting: Posting) -> Claim:
    return Claim(posting.id, posting.lease)
