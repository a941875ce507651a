"""Read-only: what messages about shares of a round show, as of now."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, TypedDict

from bot.domain.messages import Message, MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Circle
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look
from bot.domain.shares import Share, ShareState
from bot.rendering import views
from bot.usecases.showing_people import in_place_of
from bot.usecases.steps.proofs import proof_of
from bot.usecases.steps.shares import is_barred, items_of, review_of
from bot.usecases.steps.skips import skips_by
from bot.usecases.steps.stand_ins import away_until
from bot.usecases.steps.waiting import waiting_for
from store.reading import Reading


def shares_with(reading: Reading, user_id: str, now: datetime) -> tuple[views.HeldShare, ...]:
    """Give what somebody was handed to review, has not handed in, and may answer still."""
    held = reading.shares.with_reviewer(user_id)
    return tuple(_held(reading, each, now) for each in held if not is_barred(reading, each))


def all_waiting(
    reading: Reading, circle: Circle, user_id: str, workflows: Iterable[Workflow], now: datetime
) -> tuple[views.Due, ...]:
    """Give what somebody owes and what they were handed to review, the earliest due first.

    `workflows` are all there are.
    """
    handed = (
        views.Due(
            ObligationKind.REVIEW,
            each.workflow,
            each.round,
            each.due_at,
            each.is_overdue,
            share=each,
        )
        for each in shares_with(reading, user_id, now)
    )
    owed = waiting_for(reading, circle, user_id, workflows, now)
    return tuple(sorted((*owed, *handed), key=lambda due: due.due_at))


def _held(reading: Reading, share: Share, now: datetime) -> views.HeldShare:
    items = items_of(reading, share)
    owed = reading.obligations.get(review_of(share.workflow, share.round))
    return views.HeldShare(
        workflow=share.workflow,
        number=share.number,
        round=share.round,
        items=len(items),
        left=len(items) - _done(items, share),
        due_at=owed.due_at,
        is_overdue=owed.is_overdue(now),
        **_handing(reading, share),
    )


class _Handing(TypedDict):
    owner: str
    handed_by: str
    has_passed_on: bool
    is_own: bool


def _handing(reading: Reading, share: Share) -> _Handing:
    """Give who handed a share to its reviewer, and who answers for the round by now."""
    owner = reading.workflows.get(share.workflow).roles.owner
    handed = reading.log.entry(share.entry)
    by = reading.people.user_of(handed.actor)
    was_owner = in_place_of(reading, share.workflow, handed) or by  # nobody else hands them out
    return _Handing(
        owner=owner,
        handed_by=by,
        has_passed_on=was_owner != owner,
        is_own=share.reviewer == owner,
    )


def _share_request(reading: Reading, message: Message) -> views.ShareRequest:
    share = reading.shares.get(message.workflow, message.subject)
    owed = reading.obligations.get(review_of(share.workflow, share.round))
    items = items_of(reading, share)
    return views.ShareRequest(
        workflow=share.workflow,
        number=share.number,
        round=share.round,
        items=len(items),
        done=_done(items, share),
        due_at=owed.due_at,
        state=share.state,
        is_owed=owed.is_open,
        is_barred=is_barred(reading, share),
        proof=proof_of(reading, message.entry),
        skipped=_skips(reading, share),
        tightened_by=reading.rounds.get(share.workflow, share.round).tightened_by,
        is_overdue=owed.is_overdue(reading.now),
        **_handing(reading, share),
    )


def _skips(reading: Reading, share: Share) -> int:
    return skips_by(reading, share.workflow, share.round, Look.FIRST, share.reviewer)


def _shares_notice(reading: Reading, message: Message) -> views.SharesNotice:
    key, number = message.workflow, message.subject
    owed = reading.obligations.get(review_of(key, number))
    items = reading.rounds.asked(key, number)
    free = [item for item in items if item.verdict is None and not item.share]
    shares = reading.shares.of_round(key, number)
    away = away_until(reading)
    drafted = [item.draft_by for item in free if item.draft_by not in {"", message.to}]
    return views.SharesNotice(
        workflow=key,
        number=number,
        parts=tuple(
            _part(reading, each, away) for each in shares if each.state is not ShareState.TAKEN_BACK
        ),
        items=len(items),
        judged=sum(item.verdict is not None for item in items),
        free=len(free),
        due_at=owed.due_at,
        state=owed.state,
        can_hand_out=any(item.draft_by != message.to for item in free),
        proof=proof_of(reading, message.entry),
        drafted=len(drafted),
        drafted_by=tuple(sorted(set(drafted))),
        is_overdue=owed.is_overdue(reading.now),
    )


def _shares_in(reading: Reading, message: Message) -> views.SharesIn:
    owed = reading.obligations.get(review_of(message.workflow, message.subject))
    items = reading.rounds.asked(message.workflow, message.subject)
    waiting = [item for item in items if item.verdict is None]
    return views.SharesIn(
        workflow=message.workflow,
        number=message.subject,
        items=len(items),
        left=sum(not item.share and item.draft_by != message.to for item in waiting),
        held=sum(item.share != 0 for item in waiting),
        due_at=owed.due_at,
        state=owed.state,
        proof=proof_of(reading, message.entry),
        is_overdue=owed.is_overdue(reading.now),
    )


def _part(reading: Reading, share: Share, away: Mapping[str, datetime]) -> views.SharePart:
    items = items_of(reading, share)
    return views.SharePart(
        number=share.number,
        reviewer=share.reviewer,
        items=len(items),
        done=_done(items, share),
        state=share.state,
        is_gone=share.reviewer in reading.people.gone(),
        away_until=away.get(share.reviewer),
        is_barred=is_barred(reading, share),
        skipped=_skips(reading, share),
    )


def _reviewer_notice(reading: Reading, message: Message) -> views.ReviewerNotice:
    share = reading.shares.get(message.workflow, message.subject)
    return views.ReviewerNotice(
        workflow=share.workflow,
        number=share.number,
        round=share.round,
        reviewer=share.reviewer,
        items=len(items_of(reading, share)),
        is_gone=share.reviewer in reading.people.gone(),
        away_until=away_until(reading).get(share.reviewer),
        is_with=share.is_open,
        is_barred=is_barred(reading, share),
        is_told_anew=reading.outbox.is_asked_anew(message),
        is_unasked=reading.log.entry(message.entry).kind is Kind.MESSAGE_FAILED,
        proof=proof_of(reading, message.entry),
    )


def _done(items: tuple[DrawnItem, ...], share: Share) -> int:
    return sum(share.reviewer in {item.draft_by, item.judged_by} for item in items)


VIEWS: Final[Mapping[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.SHARE_REQUEST: _share_request,
    MessageKind.SHARES_NOTICE: _shares_notice,
    MessageKind.SHARES_IN: _shares_in,
    MessageKind.REVIEWER_NOTICE: _reviewer_notice,
}
