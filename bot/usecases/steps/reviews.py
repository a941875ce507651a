"""Reviews: a round under one look, or a reviewer's share of it, of somebody who may answer it."""

from dataclasses import dataclass
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.obligations import Obligation, ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor, Circle, Role
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow
from bot.domain.rounds import Look, Round
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


def review_for(
    work: Work, circle: Circle, actor: Actor, look: Look, key: str, number: int
) -> Review:
    """Give a round to somebody who may answer this look at it; refuse anybody else."""
    workflow, round_, owed = _found(work, actor, look, key, number)
    role = authorise(
        _ASKED[look].act,
        actor,
        roles_for(work, circle, actor, workflow, owed),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
    )
    require_independent(work, actor, workflow, owed, round_.name)
    return Review(workflow, round_, owed, role, look)


def owned_review(work: Work, circle: Circle, actor: Actor, key: str, number: int) -> Review:
    """Give the review of a round to its owner, who may hand some of it out; refuse anybody else."""
    workflow, round_, owed = _found(work, actor, Look.FIRST, key, number)
    held = roles_for(work, circle, actor, workflow, owed)
    role = authorise(Act.HAND_ITEMS, actor, held, on=round_.name)
    require_independent(work, actor, workflow, owed, round_.name)
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
    role = authorise(Act.ANSWER_SHARE, actor, held, on=share.name)
    require_independent(work, actor, workflow, owed, round_.name)
    return Review(workflow, round_, owed, role, Look.FIRST, share)


def require_open(review: Review) -> None:
    """Refuse what was handed in, taken back, or is not owed any more."""
    if review.share and not review.share.is_open:
        is_answered = review.share.state is ShareState.ANSWERED
        end = "you have handed it in" if is_answered else "it was taken back"
        raise Refused(
            "share already ended",
            f"This is not yours to answer any more: {end}.",
            on=review.round.name,
        )
    if review.obligation.is_open:
        return
    rule, look = _ASKED[review.look].ended
    is_answered = review.obligation.state is ObligationState.ANSWERED
    end = "was handed in already" if is_answered else "is not owed any more"
    named = look.format(key=review.workflow.key, number=review.round.number)
    raise Refused(rule, f"{named} {end}.", on=review.round.name)


def share_of(review: Review) -> Share:
    """Give the share that this is the review of."""
    if review.share is None:
        raise LookupError(f"{review.obligation.id} is no reviewer's share here")
    return review.share
