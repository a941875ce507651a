"""An owner hands outputs of a round to reviewers; each answers their own, the owner hands in all.

The owner stays answerable: what is owed, its time and its ladder are as if nothing was handed out.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.people import Actor, Standing
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, require_not_over
from bot.domain.rounds import DrawnItem, Look, RoundState
from bot.domain.shares import Share, ShareState, dealt, hand_faults
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.answers import PageAnswer, keep_page
from bot.usecases.steps.giving import give_verdicts, open_critical
from bot.usecases.steps.messages import answer
from bot.usecases.steps.pages import Page, first_page
from bot.usecases.steps.reviews import (
    Review,
    owned_review,
    require_open,
    share_for,
    share_of,
    share_over,
)
from bot.usecases.steps.shares import (
    hand,
    has_second_look,
    items_of,
    review_of,
    show_notices,
    take_back,
    tell_if_all_in,
    tell_owner,
    tell_reviewer,
)
from bot.usecases.steps.skips import skips_by, who_skipped
from bot.usecases.steps.stand_ins import is_asked
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Handing:
    """Who is to review what nobody has answered yet: the owner as well if they keep some.

    `outsiders` among the reviewers are no full members.
    """

    workflow: str
    number: int
    reviewers: tuple[str, ...]
    owner_keeps: bool
    outsiders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Handed:
    """How many outputs each reviewer was handed, and how many the owner keeps."""

    given: tuple[tuple[str, int], ...]
    kept: int
    receipt: Proof


@dataclass(frozen=True, slots=True)
class ShareReady:
    """A share of which every output is answered: handing it in is left."""

    share: Share
    outputs: int
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SharedIn:
    """A share that is handed in. The round itself is the owner's to hand in.

    `skipped` of the round's outputs the reviewer could not judge: these are the owner's again.
    """

    share: Share
    outputs: int
    breach: int | None
    receipt: Proof
    skipped: int = 0


def open_handing(deps: Deps, actor: Actor, key: str, number: int) -> views.HandItemsForm:
    """Give how many outputs of a round can be handed out, to its owner alone."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = _owned(deps, work, actor, key, number)
        free = _free(work, actor, review)
        if not free:
            raise Refused(
                "nothing to hand out",
                "Every output of this round is answered, or with a reviewer already: take some "
                "back first.",
                on=review.round.name,
            )
        owed = review.obligation
        late = owed.is_overdue(work.now)
    return views.HandItemsForm(key, number, len(free), owed.due_at, late)


def hand_items(deps: Deps, actor: Actor, asked: Handing) -> Handed:
    """Deal what nobody has answered yet out to reviewers, evenly, in the order of the draw.

    Raises Invalid with a sentence for each field that cannot be.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        review = _owned(deps, work, actor, asked.workflow, asked.number)
        free = {item.position: item for item in _free(work, actor, review)}
        _check(deps, work, review, asked, tuple(free.values()))
        parts = dealt(tuple(free), asked.reviewers, owner_keeps=asked.owner_keeps)
        for reviewer, positions in parts.items():
            items = [free[position] for position in positions]
            hand(work, review.workflow, review.round, reviewer, items, review.role)
        tell_owner(work, review.workflow, asked.number, work.last_number)
    given = tuple((reviewer, len(positions)) for reviewer, positions in parts.items())
    return Handed(given, len(free) - sum(count for _, count in given), work.receipt)


def take_share_back(deps: Deps, actor: Actor, key: str, number: int) -> Proof:
    """Take back what a reviewer has not handed in: it is the owner's to answer again."""
    with deps.store.begin(deps.workspace, actor) as work:
        share = work.shares.find(key, number)
        if share is None:
            workflow = workflow_for(work, actor, key)
            sentence = f"Nothing of {key} was handed out as share {number}."
            raise Refused("nothing handed out", sentence, on=workflow.name)
        review = _owned(deps, work, actor, key, share.round, share)
        if share.state is ShareState.ANSWERED:
            require_not_over(share_over(share, actor.user_id))
        if share.is_open:
            take_back(work, review.workflow, share, items_of(work, share), review.role)
        work.point_at(Kind.ITEMS_TAKEN_BACK, share.name)
        answer(work, "Taken back: these outputs are yours to answer.", work.receipt.number)
    return work.receipt


def share_instead(deps: Deps, user_id: str, key: str, number: int) -> int | None:
    """Give the share that somebody has of a round, if the round as a whole is not theirs to review.

    None for everybody else: what they may is looked into where they are shown it.
    """
    with deps.store.read(deps.workspace) as reading:
        shares = reading.shares.of_round(key, number)
        theirs = [each.number for each in shares if each.is_open and each.reviewer == user_id]
        if not theirs:
            return None
        workflow = reading.workflows.get(key)
        owed = reading.obligations.get(review_of(key, number))
        now = deps.store.clock.now()
        is_theirs = is_asked(reading, deps.circle, user_id, workflow, owed, now)
    return None if is_theirs else theirs[0]


def open_share(deps: Deps, actor: Actor, key: str, number: int) -> Page | ShareReady:
    """Give the first output of a share that its reviewer has not answered yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = share_for(work, deps.circle, actor, key, number)
        page = first_page(work, actor, review) or _ready(work, review)
    return page


def answer_share_page(deps: Deps, actor: Actor, number: int, said: PageAnswer) -> Page | SharedIn:
    """Keep one page as a draft; the answer to the last one hands the share in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that does
    not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = share_for(work, deps.circle, actor, said.workflow, number)
        page = keep_page(work, actor, review, said).page
        outcome = page or _hand_in(work, actor, review)
        if page:
            tell_owner(work, review.workflow, review.round.number, work.last_number)
    return outcome if isinstance(outcome, Page) else replace(outcome, receipt=work.receipt)


def hand_in_share(deps: Deps, actor: Actor, key: str, number: int) -> SharedIn:
    """Hand in a share of which every output is answered; again, it changes nothing."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = share_for(work, deps.circle, actor, key, number)
        if review.share and review.share.state is not ShareState.ANSWERED:
            page = first_page(work, actor, review)
            if page:
                raise Refused(
                    "share not answered in full",
                    f"{page.total - page.done} of your outputs wait for an answer still.",
                    on=review.round.name,
                )
        handed = _hand_in(work, actor, review)
    return replace(handed, receipt=work.receipt)


def _owned(
    deps: Deps, work: Work, actor: Actor, key: str, number: int, share: Share | None = None
) -> Review:
    review = owned_review(work, deps.circle, actor, key, number, share)
    require_open(review)
    return review


def _free(work: Work, actor: Actor, review: Review) -> tuple[DrawnItem, ...]:
    items = work.rounds.asked(review.workflow.key, review.round.number)
    return tuple(
        item
        for item in items
        if item.verdict is None and not item.share and item.draft_by != actor.user_id
    )


def _check(
    deps: Deps, work: Work, review: Review, asked: Handing, free: tuple[DrawnItem, ...]
) -> None:
    workflow, reviewers = review.workflow, asked.reviewers
    owner = workflow.roles.owner
    faults = dict(hand_faults(owner, reviewers, len(free), owner_keeps=asked.owner_keeps))
    if not faults and (sentence := _stranger(deps, work, asked, free)):
        faults["reviewers"] = sentence
    if faults:
        raise Invalid(faults)
    for reviewer in reviewers:
        if has_second_look(work, deps.circle, workflow, review.round, reviewer):
            raise Refused(
                "second look is this person's",
                "One of these people is asked for the blind second look at this round, or has seen "
                "what it says: each of the two looks takes its own person. Choose somebody else.",
                on=review.round.name,
                field="reviewers",
            )


def _stranger(deps: Deps, work: Work, asked: Handing, free: tuple[DrawnItem, ...]) -> str:
    """Say why somebody chosen cannot review; an empty string if all of them can."""
    gone, away = work.people.gone(), {each.person for each in work.absences.in_force(work.now)}
    could_not = who_skipped(work, asked.workflow, asked.number, free)
    for reviewer in asked.reviewers:
        if gone.get(reviewer) is Standing.DEACTIVATED:
            return "One of these accounts is deactivated: choose somebody who can answer."
        if reviewer in gone or reviewer in asked.outsiders:
            return "Only full members of this workspace can review: no guest, no bot."
        if reviewer in deps.circle.auditors:
            return (
                "One of these people reads the record as an auditor, and nobody audits what they "
                "answer: choose somebody else."
            )
        if reviewer in away:
            return "One of these people is away now: choose somebody who is there."
        if reviewer in could_not:
            return (
                "One of these people has said that they cannot judge one of these outputs: answer "
                "that one first, or choose somebody else."
            )
    return ""


def _ready(work: Work, review: Review) -> ShareReady:
    share = share_of(review)
    owed = review.obligation
    return ShareReady(share, len(items_of(work, share)), owed.due_at, owed.is_overdue(work.now))


def _hand_in(work: Work, actor: Actor, review: Review) -> SharedIn:
    share = share_of(review)
    if not share.is_open:
        return _shared_in(work, share)
    is_late = review.round.state is RoundState.CLOSED
    judged = give_verdicts(work, actor, review, is_late=is_late)
    share = replace(share, state=ShareState.ANSWERED)
    work.shares.save(share)
    seq = work.record(
        Kind.ITEMS_ANSWERED,
        share.name,
        {
            "workflow": share.workflow,
            "round": share.round,
            "share": share.number,
            "outputs": sum(not each.is_copy for each in judged),
        },
        role=review.role,
        policy=review.round.policy,
        prior=share.entry,
    )
    breach = open_critical(work, review, judged)
    tell_reviewer(work, review.workflow, share, seq)
    tell_owner(work, review.workflow, share.round, seq)
    show_notices(work, share)
    tell_if_all_in(work, review.workflow, share.round, seq)
    opened = breach.number if breach else None
    return _shared_in(work, share, opened)


def _shared_in(work: Work, share: Share, breach: int | None = None) -> SharedIn:
    """Give what a reviewer has handed in; that some of it was planted does not show by it."""
    verdicts = [item.verdict for item in items_of(work, share) if item.verdict]
    planted_skips = sum(verdict.is_skip for verdict in verdicts)
    skipped = skips_by(work, share.workflow, share.round, Look.FIRST, share.reviewer)
    outputs = len(verdicts) - planted_skips
    return SharedIn(share, outputs, breach, work.receipt, skipped + planted_skips)
