"""What becomes of a message: claimed, sent, failed, or unknown. Nothing is dropped in silence."""

from bot.domain.messages import Message, Place, Posting, Shown
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.usecases import Deps
from bot.usecases.steps.obligations import grant_grace, hasten_undelivered
from store.outbox import Claim
from store.unit_of_work import Work, timestamp


def claim_message(deps: Deps) -> Posting | None:
    """Take the most urgent message that may go out now, under a lease; None if there is none."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.outbox.forget_expired_leases()
        posting = work.outbox.claim()
    return posting


def record_shown(deps: Deps, posting: Posting, shown: Shown | None, digest: str) -> None:
    """Record that a message was shown, where it stands and the digest of what people saw."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if work.outbox.sent(_claim(posting)):
            _note_shown(work, posting.message, posting.id, shown, digest)


def record_posted_after_all(deps: Deps, row_id: int, shown: Shown) -> None:
    """Settle a message whose answer was lost: Slack's event shows that it was posted."""
    with deps.store.read(deps.workspace) as reading:
        is_unsettled = reading.outbox.find_unsettled(row_id) is not None
    if not is_unsettled:  # nearly always: then nobody's seat is taken for it
        return
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        found = work.outbox.find_unsettled(row_id)
        if found:
            message, claim = found
            work.outbox.sent(claim)
            _note_shown(work, message, row_id, shown, "")


def record_unknown(deps: Deps, posting: Posting, error: str) -> None:
    """Note that Slack's answer was lost: the message waits before it is sent again."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.outbox.unknown(_claim(posting), error)


def record_postponed(deps: Deps, posting: Posting, wait: int, error: str) -> None:
    """Put back a message that was surely not sent, for `wait` seconds."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.outbox.again(_claim(posting), wait, error)


def record_undeliverable(deps: Deps, posting: Posting, error: str) -> None:
    """Record that a message can never arrive; what it asked that person for climbs at once."""
    message = posting.message
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if work.outbox.failed(_claim(posting), error):
            work.record(
                Kind.MESSAGE_FAILED,
                f"message/{posting.id}",
                {
                    "kind": message.kind,
                    "place": message.place,
                    "obligation": message.obligation or None,
                    "error": error,
                },
                prior=message.entry,
            )
            if message.obligation and message.place is Place.PERSON:
                hasten_undelivered(work, message)


def record_vanished(deps: Deps, posting: Posting) -> None:
    """Forget where a message stood, since it is there no more, and have it posted anew."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.outbox.forget_shown(posting.message.case)
        work.outbox.again(_claim(posting), 0, "the message was deleted in Slack")


def _note_shown(
    work: Work, message: Message, row_id: int, shown: Shown | None, digest: str
) -> None:
    due_at = grant_grace(work, message)
    if shown and message.place is not Place.ANSWER:
        work.outbox.note_shown(message, shown)
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
            "due_at": timestamp(due_at) if due_at else None,
        },
        prior=message.entry,
    )


def _claim(posting: Posting) -> Claim:
    return Claim(posting.id, posting.lease)
