"""Reviews: a round under one look, or a reviewer's share of it, of somebody who may answer it."""

from dataclasses import dataclass
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.obligations import Obligation, ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor, Circle, Role
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Workflow
from bot.domain.rounds import Look, Round, round_name
from bot.domain.shares import Share, ShareState
from bot.usecases.steps.independence import require_independent
from bot.usecases.steps.shares import review_of
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Review:
    """A round, or a reviewer's share of it, under one look of somebody who may answer it."""

    workflow: Workflow
    round: Round
    obligation: Obligation
    role: Role
    look: Look
    share: Share | None = None

    @property
    def is_open(self) -> bool:
        return self.obligation.is_open and (self.share is None or self.share.is_open)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How one look is asked for, and what is said where it cannot be answered."""

    owed: ObligationKind
    act: Act
    unknown: tuple[str, str]
    ended: tuple[str, str]


_ASKED: Final = {
    Look.FIRST: _Asked(
        ObligationKind.REVIEW,
        Act.REVIEW,
        ("nothing to review", "There is no round {number} of {key} to review."),
        ("round already answered", "Round {number} of {key}"),
    ),
    Look.SECOND: _Asked(
        ObligationKind.SECOND_REVIEW,
        Act.SECOND_REVIEW,
        ("no second look", "Nobody is asked for a second look at round {number} of {key}."),
        ("second look already ended", "The second look at round {number} of {key}"),
    ),
}

# By whether it was handed in, and whether it is its reviewer who reads it.
_SHARE_ENDED: Final = {
    (True, True): "This is not yours to answer any more: you have handed it in.",
    (False, True): "This is not yours to answer any more: it was taken back.",
    (True, False): "The reviewer has handed these verdicts in: they stand.",
    (False, False): "These outputs were taken back from the reviewer.",
}


def review_for(
    work: Work, circle: Circle, actor: Actor, look: Look, key: str, number: int
) -> Review:
    """Give a round to somebody who may answer this look at it; refuse anybody else."""
    workflow, round_, owed = _found(work, actor, look, key, number)
    over = _answered(look, owed, round_)
    role = authorise(
        _ASKED[look].act,
        actor,
        roles_for(work, circle, actor, workflow, owed),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
        over=over,
    )
    require_independent(work, actor, workflow, owed, round_.name, over)
    return Review(workflow, round_, owed, role, look)


def owned_review(
    work: Work, circle: Circle, actor: Actor, key: str, number: int, share: Share | None = None
) -> Review:
    """Give the review of a round to its owner, who may hand some of it out; refuse anybody else.

    If it is about a `share` that has ended, they are told how.
    """
    workflow, round_, owed = _found(work, actor, Look.FIRST, key, number)
    held = roles_for(work, circle, actor, workflow, owed)
    over = (share and share_over(share, actor.user_id)) or _answered(Look.FIRST, owed, round_)
    role = authorise(Act.HAND_ITEMS, actor, held, on=round_.name, over=over)
    require_independent(work, actor, workflow, owed, round_.name, over)
    return Review(workflow, round_, owed, role, Look.FIRST)


def _found(
    work: Work, actor: Actor, look: Look, key: str, number: int
) -> tuple[Workflow, Round, Obligation]:
    asked = _ASKED[look]
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(asked.owed, key, number))
    if round_ is None or owed is None:
        rule, sentence = asked.unknown
        raise Refused(rule, sentence.format(key=key, number=number))
    return workflow, round_, owed


def share_for(work: Work, circle: Circle, actor: Actor, key: str, number: int) -> Review:
    """Give a share to the reviewer it was handed to; refuse anybody else."""
    workflow = workflow_for(work, actor, key)
    share = work.shares.find(key, number)
    if share is None:
        sentence = f"Nothing of {key} was handed out as share {number}."
        raise Refused("nothing handed out", sentence, on=workflow.name)
    round_ = work.rounds.get(key, share.round)
    owed = work.obligations.get(review_of(key, share.round))
    held = roles_for(work, circle, actor, workflow, None)
    held |= {Role.REVIEWER} if actor.user_id == share.reviewer else frozenset()
    over = share_over(share, actor.user_id)
    role = authorise(Act.ANSWER_SHARE, actor, held, on=share.name, over=over)
    require_independent(work, actor, workflow, owed, round_.name, over)
    return Review(workflow, round_, owed, role, Look.FIRST, share)


def require_open(review: Review) -> None:
    """Refuse what was handed in, taken back, or is not owed any more."""
    if review.share:
        require_not_over(share_over(review.share, review.share.reviewer))
    require_not_over(_answered(review.look, review.obligation, review.round))


def share_over(share: Share, by: str) -> Refused | None:
    """Give what is said to somebody of a share that has ended, and how; None while it is open."""
    if share.is_open:
        return None
    is_answered = share.state is ShareState.ANSWERED
    sentence = _SHARE_ENDED[is_answered, by == share.reviewer]
    return Refused("share already ended", sentence, on=round_name(share.workflow, share.round))


def _answered(look: Look, owed: Obligation, round_: Round) -> Refused | None:
    """Give what is said of a look that has ended, and how; None while it is open."""
    if owed.is_open:
        return None
    rule, asked = _ASKED[look].ended
    is_answered = owed.state is ObligationState.ANSWERED
    end = "was handed in already" if is_answered else "is not owed any more"
    named = asked.format(key=round_.workflow, number=round_.number)
    return Refused(rule, f"{named} {end}.", on=round_.name)


def share_of(review: Review) -> Share:
    """Give the share that this is the review of."""
    if review.share is None:
        raise LookupError(f"{review.obligation.id} is no reviewer's share here")
    return review.share
